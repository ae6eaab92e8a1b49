"""A record made elsewhere enters as it is: the same ids, times and order, checked as a whole before the first event."""

from collections.abc import Sequence
from contextlib import aclosing

from nats.aio.client import Client

from services.intake.domain.ledger import evolve
from shared.core.errors import CannotApply, Fault
from shared.core.events import AnyRecorded, JurisdictionOpened
from shared.core.fold import advance
from shared.core.ledger import Ledger
from shared.infra import wire
from shared.infra.bus import Outgoing, publish_batch
from shared.infra.reader import read_to_end
from shared.infra.streams import RECORD, jurisdiction_filter, record_subject

_BATCH_MAX = 1000
_FAULTS_MAX = 100


def faults_in(jurisdiction: str, events: Sequence[AnyRecorded]) -> list[Fault]:
    """Every event that does not follow from those before it, by its place in the file (from 0)."""
    ledger, faults = Ledger(jurisdiction), []
    for place, recorded in enumerate(events):
        try:
            if recorded.jurisdiction != jurisdiction:
                raise CannotApply(f"the event belongs to {recorded.jurisdiction}")
            if recorded.recorded_at < ledger.clock:
                raise CannotApply("the event was recorded before the one that stands above it")
            advance(ledger, recorded, play=lambda _ledger, _moment: None, apply=evolve)
        except CannotApply as reason:
            faults.append(Fault("cannot_apply", f"/{place}", "{reason}", {"reason": str(reason)}))
        if len(faults) == _FAULTS_MAX:
            break
    return faults


async def enter(client: Client, jurisdiction: str, events: Sequence[AnyRecorded], *, source: str) -> int:
    """Publish what the stream does not hold yet, in atomic batches; return how many. Repeating it changes nothing.

    CannotApply if the stream holds something else for the jurisdiction; WrongSequence if somebody writes meanwhile.
    """
    opened = events[0].data
    if not isinstance(opened, JurisdictionOpened):
        raise CannotApply("a record begins with the opening of its jurisdiction")
    subject = jurisdiction_filter(RECORD, opened.partition, jurisdiction)
    held_count, last = await _held(client, subject, [one.id for one in events])
    for start in range(held_count, len(events), _BATCH_MAX):
        batch = [_outgoing(opened.partition, one, source) for one in events[start : start + _BATCH_MAX]]
        positions = await publish_batch(client, RECORD, batch, filter_subject=subject, expect_last=last)
        last = positions[-1]
    return len(events) - held_count


async def _held(client: Client, subject: str, ids: Sequence[str]) -> tuple[int, int]:
    count = last = 0
    async with aclosing(read_to_end(client, stream=RECORD, filter_subject=subject, after=0)) as batches:
        async for batch in batches:
            for message in batch:
                if count >= len(ids) or message.id != ids[count]:
                    raise CannotApply("the stream holds another record of this jurisdiction")
                count, last = count + 1, message.position
    return count, last


def _outgoing(partition: int, recorded: AnyRecorded, source: str) -> Outgoing:
    _, kind, event, _ = recorded.shape.type.split(".")
    subject = record_subject(partition, recorded.jurisdiction, kind, recorded.entity, event)
    return Outgoing(subject, recorded.id, wire.encode(recorded, source=source))
