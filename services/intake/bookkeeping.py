"""How a writer comes to know the record and the docket: what was saved, then everything after it in the streams."""

import asyncio
import time
from collections.abc import Sequence
from contextlib import aclosing
from dataclasses import dataclass, field, replace

from nats.aio.client import Client

from services.intake.domain.known import DocketAt, Receipt, Unreadable, evolve, note
from shared.core.errors import CannotApply
from shared.core.events import AnyRecorded, JurisdictionOpened
from shared.core.fold import advance
from shared.core.ledger import Ledger
from shared.core.parking import scope_of
from shared.infra import wire
from shared.infra.bus import Message, Outgoing
from shared.infra.ledgers import Checkpoint, Saving, Snapshot, SqlLedgers
from shared.infra.reader import insist_on_history, read_to_end
from shared.infra.streams import NOTICES, RECORD, SubjectParts, jurisdiction_filter, partition_of, record_subject

SAVE_EVERY_S = 10.0
QUIET_S = 1.0


@dataclass(slots=True)
class Book:
    """What a writer knows of its jurisdiction, and how much of that is saved.

    In SQL it is a cache of the record. It is saved when nothing comes in for a moment, else every so often, and beside
    the decisions: a transaction for each batch would cost more than they do, and nobody waits for it.
    """

    jurisdiction: str
    client: Client
    ledgers: SqlLedgers
    ledger: Ledger | None = None
    _saved: Checkpoint = field(default_factory=Checkpoint)
    _reached: Checkpoint = field(default_factory=Checkpoint)
    _saved_at_s: float = 0.0
    _saving: asyncio.Task[None] | None = None

    async def load(self) -> Ledger:
        """The ledger as it was saved, read forward to the end of the stream."""
        self.ledger = None
        if self._saving:
            await self._saving
        self._saved, self.ledger = await load(self.client, self.ledgers, self.jurisdiction)
        self._reached = self._saved
        return self.ledger

    def file(self, ledger: Ledger, decided: Sequence[AnyRecorded], positions: Sequence[int]) -> None:
        """Enter the positions at which the stream has what was decided, and applied to the ledger."""
        for recorded, position in zip(decided, positions, strict=True):
            ledger.position = position
            key = f"{recorded.unit}/{recorded.submission}"
            receipt = ledger.get(Receipt, key) if recorded.submission else None
            if receipt:
                ledger.put(key, replace(receipt, position=position))
        if decided:
            self._reached = Checkpoint(positions[-1], decided[-1].id, self._reached.applied_count + len(decided))

    @property
    def is_unsaved(self) -> bool:
        return self.ledger is not None and self._reached != self._saved

    def save(self, beside: asyncio.TaskGroup, *, at_once: bool) -> None:
        """Begin to save what is not saved yet, unless that was done a moment ago or is being done."""
        is_due = at_once or time.monotonic() - self._saved_at_s >= SAVE_EVERY_S
        if self._saving is None and self.ledger is not None and is_due and self.is_unsaved:
            saving = Saving(RECORD, self.jurisdiction, self._saved, self._reached, [Snapshot.of(self.ledger)])
            self._saving = beside.create_task(self._save(saving))

    async def _save(self, saving: Saving) -> None:
        try:
            await self.ledgers.save(saving)
            self._saved, self._saved_at_s = saving.after, time.monotonic()
        except Exception:  # what is known is read again: another intake saved further on, or the database failed
            self.ledger = None
        finally:
            self._saving = None


async def load(client: Client, ledgers: SqlLedgers, jurisdiction: str) -> tuple[Checkpoint, Ledger]:
    """Where the ledger was saved, and the ledger read forward from there to the end of the stream."""
    checkpoint = await ledgers.checkpoint(RECORD, jurisdiction)
    ledger = await ledgers.ledger(jurisdiction)
    await insist_on_history(client, RECORD, checkpoint.position, checkpoint.event)
    subject = f"record.*.{jurisdiction}.>"  # its partition stands in its first event
    async with aclosing(read_to_end(client, stream=RECORD, filter_subject=subject, after=ledger.position)) as batches:
        async for batch in batches:
            for message in batch:
                take(ledger, message)
    return checkpoint, ledger


async def read_docket(client: Client, ledger: Ledger) -> None:
    """Enter what notify has drafted, served and sealed since the docket was last read."""
    if ledger.get(JurisdictionOpened, "") is None:
        return
    after = (ledger.get(DocketAt, "") or DocketAt(0)).position
    subject = jurisdiction_filter(NOTICES, partition(ledger), ledger.jurisdiction)
    async with aclosing(read_to_end(client, stream=NOTICES, filter_subject=subject, after=after)) as batches:
        async for batch in batches:
            for message in batch:
                note(ledger, wire.decode(message.body))
            ledger.put("", DocketAt(batch[-1].position))


def take(ledger: Ledger, message: Message) -> None:
    """Apply what the stream holds. What cannot be applied closes its entity, or for a common kind the jurisdiction."""
    parts = SubjectParts.leniently(message.subject)
    if ledger.get(Unreadable, f"{parts.kind}/{parts.entity}") or ledger.get(Unreadable, ""):
        ledger.position = message.position
        return
    try:
        if not parts.kind:
            raise CannotApply("the subject is none of ours")
        apply(ledger, wire.decode_of(parts.jurisdiction, message.body, position=message.position))
    except CannotApply as reason:
        common = scope_of(parts.kind) == "jurisdiction"
        key = "" if common else f"{parts.kind}/{parts.entity}"
        ledger.put(key, Unreadable(parts.kind, parts.entity, message.position, str(reason)))
        ledger.position = message.position


def apply(ledger: Ledger, recorded: AnyRecorded) -> None:
    """Apply one event; moments matter to intake's clock only."""
    advance(ledger, recorded, play=lambda _ledger, _moment: None, apply=evolve)


def outgoing(recorded: AnyRecorded, *, partition: int, source: str) -> Outgoing:
    """An event of the record as the message that is to be stored. ValueError if a code cannot stand in a subject."""
    _, kind, event, _ = recorded.shape.type.split(".")
    subject = record_subject(partition, recorded.jurisdiction, kind, recorded.entity, event)
    return Outgoing(subject, recorded.id, wire.encode(recorded, source=source))


def partition(ledger: Ledger) -> int:
    """The partition of a jurisdiction: its opening says; before that, its code."""
    opened = ledger.get(JurisdictionOpened, "")
    return opened.partition if opened else partition_of(ledger.jurisdiction)
