"""A record made elsewhere enters as it is: the same ids, times and order, checked as a whole before the first event."""

from collections.abc import Iterator, Sequence
from contextlib import aclosing
from dataclasses import replace

from nats.aio.client import Client

from services.intake.bookkeeping import apply, outgoing
from services.intake.domain import plausible
from shared.core.errors import CannotApply, Fault
from shared.core.events import AnyRecorded, JurisdictionOpened, RegimeAdopted
from shared.core.ledger import Ledger
from shared.core.regime import check
from shared.infra import wire
from shared.infra.bus import Outgoing, publish_batch
from shared.infra.reader import read_to_end
from shared.infra.streams import RECORD, jurisdiction_filter

_BATCH_MAX = 1000
_IMPORTED = "/import"
_FAULTS_MAX = 100
EVENT_BYTES_MAX = 1024 * 1024


def faults_in(jurisdiction: str, events: Sequence[AnyRecorded]) -> list[Fault]:
    """Every event that does not follow from those before it, by its place in the file (from 0)."""
    ledger, faults = Ledger(jurisdiction), []
    for place, recorded in enumerate(events):
        try:
            if recorded.jurisdiction != jurisdiction:
                raise CannotApply(f"the event belongs to {recorded.jurisdiction}")
            if recorded.recorded_at < ledger.clock:
                raise CannotApply("the event was recorded before the one that stands above it")
            faults += [replace(one, pointer=f"/{place}{one.pointer}") for one in _in_itself(recorded)]
            apply(ledger, recorded)
        except CannotApply as reason:
            faults.append(Fault("cannot_apply", f"/{place}", "{reason}", {"reason": str(reason)}))
        if len(faults) >= _FAULTS_MAX:
            break
    return faults


def _in_itself(recorded: AnyRecorded) -> Iterator[Fault]:
    """What intake would refuse without looking at the record."""
    yield from plausible.values(recorded.data)
    if not plausible.is_plausible(recorded.recorded_at.year):
        yield plausible.bad_year("/recordedat")
    if isinstance(recorded.data, RegimeAdopted):
        yield from check.faults(recorded.data.regime)


async def enter(client: Client, jurisdiction: str, events: Sequence[AnyRecorded], *, source: str) -> int:
    """Publish what the stream does not hold yet, in atomic batches; return how many. Repeating it changes nothing.

    CannotApply, with nothing entered, if an event cannot be stored, or if the stream holds anything else for the
    jurisdiction than a part of an earlier import: a record that people have gone on with is not extended past them.
    WrongSequence if somebody writes meanwhile.
    """
    opened = events[0].data
    if not isinstance(opened, JurisdictionOpened):
        raise CannotApply("a record begins with the opening of its jurisdiction")
    messages = [_storable(opened.partition, one, f"{source}{_IMPORTED}") for one in events]
    held_count, last = await _held(client, jurisdiction, events)
    subject = jurisdiction_filter(RECORD, opened.partition, jurisdiction)
    for start in range(held_count, len(events), _BATCH_MAX):
        batch = messages[start : start + _BATCH_MAX]
        positions = await publish_batch(client, RECORD, batch, filter_subject=subject, expect_last=last)
        last = positions[-1]
    return len(events) - held_count


async def _held(client: Client, jurisdiction: str, events: Sequence[AnyRecorded]) -> tuple[int, int]:
    """How many of the events the stream holds, and the position of the last."""
    count = last = 0
    is_import = True
    subject = f"record.*.{jurisdiction}.>"  # whatever the partition: a jurisdiction is opened once
    async with aclosing(read_to_end(client, stream=RECORD, filter_subject=subject, after=0)) as batches:
        async for batch in batches:
            for message in batch:
                if count >= len(events) or message.id != events[count].id:
                    raise CannotApply("the stream holds another record of this jurisdiction")
                if wire.decode(message.body).data != events[count].data:
                    raise CannotApply(f"the stream holds event {message.id} with another content")
                count, last = count + 1, message.position
                is_import = is_import and str(wire.load(message.body)["source"]).endswith(_IMPORTED)
    if not is_import and count < len(events):
        raise CannotApply("people have gone on with the record of this jurisdiction: it is not extended by a file")
    return count, last


def _storable(partition: int, recorded: AnyRecorded, source: str) -> Outgoing:
    try:
        message = outgoing(recorded, partition=partition, source=source)
    except ValueError as error:
        raise CannotApply(f"event {recorded.id}: {error}") from error
    if len(message.body) > EVENT_BYTES_MAX:
        raise CannotApply(f"event {recorded.id} is larger than {EVENT_BYTES_MAX} bytes")
    return message
