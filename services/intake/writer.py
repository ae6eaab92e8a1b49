"""One writer per jurisdiction: decides what arrived, in order, and publishes it as one atomic batch.

The batch expects the position at which the decisions were made, on the jurisdiction's one filter. If the stream
moved on, or no answer came, the writer reads forward, finds its own submissions by their keys, and decides the rest
again; so several intakes may run, and a submission that was stored is never stored twice.
"""

import asyncio
from collections.abc import Callable, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field, replace
from datetime import datetime

from nats.aio.client import Client

from services.intake.domain.decide import Refused, decide
from services.intake.domain.ledger import DocketAt, Receipt, Unreadable, evolve, note
from services.intake.domain.submission import Submission
from shared.core.errors import CannotApply, Fault
from shared.core.events import (
    AnyRecorded,
    BulletinApproved,
    JurisdictionOpened,
    NoticeApproved,
    NoticeSignedFor,
)
from shared.core.fold import advance
from shared.core.ledger import Ledger
from shared.core.parking import scope_of
from shared.infra import wire
from shared.infra.bus import (
    Message,
    Outgoing,
    Unanswered,
    WrongSequence,
    message_at,
    publish_batch,
    read_to_end,
)
from shared.infra.faults import crash_point
from shared.infra.ledgers import Checkpoint, CheckpointLost, Saving, SqlLedgers
from shared.infra.streams import (
    NOTICES,
    RECORD,
    SubjectParts,
    jurisdiction_filter,
    partition_of,
    record_subject,
)

GATHER_S = 0.005
GATHER_MAX = 1000
QUEUE_MAX = 10_000
ATTEMPTS_MAX = 8

Answer = Receipt | Refused


class Overloaded(Exception):
    """More is waiting than the writer will hold; try again later."""


class AnotherHistory(Exception):
    """The stream holds another event at the place where this ledger ends: the broker is not the one it was."""


@dataclass(slots=True)
class _Waiting:
    """Submissions that stand or fall together, and where their answers go."""

    submissions: Sequence[Submission]
    answers: asyncio.Future[list[Answer]]


@dataclass(slots=True)
class Writer:
    """The writer of one jurisdiction. `now` and `new_id` are intake's clock and its source of ids."""

    jurisdiction: str
    client: Client
    ledgers: SqlLedgers
    source: str
    now: Callable[[], datetime]
    new_id: Callable[[], str]
    _queue: asyncio.Queue[_Waiting] = field(default_factory=lambda: asyncio.Queue(QUEUE_MAX))
    _left_over: _Waiting | None = None
    _ledger: Ledger | None = None
    _checkpoint: Checkpoint = field(default_factory=Checkpoint)

    async def submit(self, submissions: Sequence[Submission]) -> list[Answer]:
        """Answer each, in order, once the stream has them; if one of several is refused, none is recorded."""
        waiting = _Waiting(submissions, asyncio.get_running_loop().create_future())
        try:
            self._queue.put_nowait(waiting)
        except asyncio.QueueFull as full:
            raise Overloaded(self.jurisdiction) from full
        return await waiting.answers

    async def ledger(self) -> Ledger:
        """What the writer knows; read-only to others."""
        return self._ledger or await self._load()

    def forget(self) -> None:
        """Read the record again before the next decision: something else than this writer wrote to it."""
        self._ledger = None

    async def run(self) -> None:
        while True:
            gathered = await self._gather()
            try:
                await self._settle(gathered)
            except Exception as error:  # whoever waits must hear of it; the next batch starts from the store
                self._ledger = None
                for waiting in gathered:
                    if not waiting.answers.done():
                        waiting.answers.set_exception(error)

    async def _gather(self) -> list[_Waiting]:
        """What arrived within a moment, at most GATHER_MAX submissions; a larger group is taken alone."""
        gathered = [self._left_over or await self._queue.get()]
        self._left_over = None
        if self._queue.empty():
            await asyncio.sleep(GATHER_S)
        count = len(gathered[0].submissions)
        while not self._queue.empty():
            following = self._queue.get_nowait()
            count += len(following.submissions)
            if count > GATHER_MAX:
                self._left_over = following
                break
            gathered.append(following)
        return gathered

    async def _settle(self, gathered: Sequence[_Waiting]) -> None:
        ledger = await self.ledger()
        for _ in range(ATTEMPTS_MAX):
            try:
                await self._read_docket(ledger, gathered)
                answers, decided = self._decide_all(ledger, gathered)
                positions = await self._publish(ledger, decided)
            except (WrongSequence, Unanswered):
                ledger = await self._load()
                continue
            self._file(ledger, decided, positions)
            _answer(ledger, gathered, answers)
            await self._save(ledger, decided, positions)
            return
        raise Unanswered(f"{self.jurisdiction}: no clear answer after {ATTEMPTS_MAX} attempts")

    # --- deciding ---

    def _decide_all(
        self, ledger: Ledger, gathered: Sequence[_Waiting]
    ) -> tuple[list[list[Answer]], list[AnyRecorded]]:
        answers, decided = [], []
        for waiting in gathered:
            answer, events = self._decide_together(ledger, waiting.submissions)
            answers.append(answer)
            decided.extend(events)
        return answers, decided

    def _decide_together(
        self, ledger: Ledger, submissions: Sequence[Submission]
    ) -> tuple[list[Answer], list[AnyRecorded]]:
        answers: list[Answer] = []
        events: list[AnyRecorded] = []
        try:
            with ledger.all_or_nothing():
                for submission in submissions:
                    answer, event = self._decide(ledger, submission)
                    answers.append(answer)
                    events += [event] if event else []
                if any(isinstance(answer, Refused) for answer in answers):
                    raise _OneRefused
        except _OneRefused:
            return answers, []
        return answers, events

    def _decide(self, ledger: Ledger, submission: Submission) -> tuple[Answer, AnyRecorded | None]:
        decision = decide(submission, ledger, now=self.now(), event_id=self.new_id())
        if isinstance(decision, Receipt | Refused):
            return decision, None
        try:
            _apply(ledger, decision)
        except CannotApply as reason:
            # What no fold could take must not enter the record, even where no rule of ours foresaw it.
            return Refused(
                "cannot_apply", (Fault("cannot_apply", "/data", "{reason}", {"reason": str(reason)}),)
            ), None
        return Receipt(submission.digest, decision.id, 0, decision.recorded_at), decision

    # --- the stream ---

    async def _publish(self, ledger: Ledger, decided: Sequence[AnyRecorded]) -> list[int]:
        if not decided:
            return []
        partition = _partition(ledger)
        crash_point("intake.before_publish")
        positions = await publish_batch(
            self.client, RECORD, [self._outgoing(partition, one) for one in decided], expect_last=ledger.position,
            filter_subject=jurisdiction_filter(RECORD, partition, self.jurisdiction),
        )  # fmt: skip
        crash_point("intake.after_publish")
        return positions

    def _outgoing(self, partition: int, recorded: AnyRecorded) -> Outgoing:
        _, kind, event, _ = recorded.shape.type.split(".")
        subject = record_subject(partition, self.jurisdiction, kind, recorded.entity, event)
        return Outgoing(subject, recorded.id, wire.encode(recorded, source=self.source))

    async def _load(self) -> Ledger:
        """The ledger as it was saved, read forward to the end of the stream."""
        self._ledger = None
        self._checkpoint = await self.ledgers.checkpoint(RECORD, self.jurisdiction)
        ledger = await self.ledgers.ledger(self.jurisdiction)
        await self._insist_on_history()
        subject = f"record.*.{self.jurisdiction}.>"  # its partition stands in its first event
        async with aclosing(
            read_to_end(self.client, stream=RECORD, filter_subject=subject, after=ledger.position)
        ) as batches:
            async for batch in batches:
                for message in batch:
                    take(ledger, message)
        self._ledger = ledger
        return ledger

    async def _insist_on_history(self) -> None:
        held = await message_at(self.client, RECORD, self._checkpoint.position)
        if self._checkpoint.position and (held is None or held.id != self._checkpoint.event):
            raise AnotherHistory(f"RECORD holds another event at {self._checkpoint.position}")

    async def _read_docket(self, ledger: Ledger, gathered: Sequence[_Waiting]) -> None:
        acts = (NoticeApproved, BulletinApproved, NoticeSignedFor)
        if not any(isinstance(one.data, acts) for waiting in gathered for one in waiting.submissions):
            return
        if ledger.get(JurisdictionOpened, "") is None:
            return
        at = ledger.get(DocketAt, "") or DocketAt(0)
        subject = jurisdiction_filter(NOTICES, _partition(ledger), self.jurisdiction)
        async with aclosing(
            read_to_end(self.client, stream=NOTICES, filter_subject=subject, after=at.position)
        ) as batches:
            async for batch in batches:
                for message in batch:
                    note(ledger, wire.decode(message.body))
                ledger.put("", DocketAt(batch[-1].position))

    # --- afterwards ---

    def _file(self, ledger: Ledger, decided: Sequence[AnyRecorded], positions: Sequence[int]) -> None:
        for recorded, position in zip(decided, positions, strict=True):
            ledger.position = position
            key = f"{recorded.unit}/{recorded.submission}"
            receipt = ledger.get(Receipt, key)
            if receipt:
                ledger.put(key, replace(receipt, position=position))

    async def _save(self, ledger: Ledger, decided: Sequence[AnyRecorded], positions: Sequence[int]) -> None:
        if not decided:
            return
        count = self._checkpoint.applied_count + len(decided)
        after = Checkpoint(positions[-1], decided[-1].id, count)
        try:
            await self.ledgers.save(Saving(RECORD, self.jurisdiction, self._checkpoint, after, [ledger]))
            self._checkpoint = after
        except CheckpointLost:
            # Another intake saved further on. The record has everything; this ledger is only a cache of it.
            self._ledger = None


class _OneRefused(Exception):
    """One of several submissions that stand together is refused."""


def take(ledger: Ledger, message: Message) -> None:
    """Apply what the stream holds. What cannot be applied closes its entity, or for a common kind the jurisdiction."""
    parts = SubjectParts.parse(message.subject)
    if ledger.get(Unreadable, f"{parts.kind}/{parts.entity}") or ledger.get(Unreadable, ""):
        ledger.position = message.position
        return
    try:
        _apply(ledger, wire.decode(message.body, position=message.position))
    except CannotApply as reason:
        common = scope_of(parts.kind) == "jurisdiction"
        key = "" if common else f"{parts.kind}/{parts.entity}"
        ledger.put(key, Unreadable(parts.kind, parts.entity, message.position, str(reason)))
        ledger.position = message.position


def _apply(ledger: Ledger, recorded: AnyRecorded) -> None:
    advance(ledger, recorded, play=lambda _ledger, _moment: None, apply=evolve)


def _partition(ledger: Ledger) -> int:
    opened = ledger.get(JurisdictionOpened, "")
    return opened.partition if opened else partition_of(ledger.jurisdiction)


def _answer(ledger: Ledger, gathered: Sequence[_Waiting], answers: Sequence[list[Answer]]) -> None:
    for waiting, given in zip(gathered, answers, strict=True):
        filed = [
            _filed(ledger, submission, answer)
            for submission, answer in zip(waiting.submissions, given, strict=True)
        ]
        if not waiting.answers.done():
            waiting.answers.set_result(filed)


def _filed(ledger: Ledger, submission: Submission, answer: Answer) -> Answer:
    """The receipt with its position; one decided in this batch had none yet."""
    if isinstance(answer, Refused) or answer.position:
        return answer
    return ledger.get(Receipt, f"{submission.unit}/{submission.key}") or answer
