"""One writer per jurisdiction: decides what arrived, in order, and publishes it as one atomic batch.

The batch expects the position at which the decisions were made, on the jurisdiction's one filter. If the stream
moved on, or no answer came, the writer reads forward, finds its own submissions by their keys, and decides the rest
again; so several intakes may run, and a submission that was stored is never stored twice.
"""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from nats.aio.client import Client

from services.intake.bookkeeping import QUIET_S, Book, apply, outgoing, partition, read_docket
from services.intake.domain.decide import Accepted, Refused, decide
from services.intake.domain.known import Receipt
from services.intake.domain.submission import Submission
from services.intake.gathering import Answer, Gathering, Waiting, answer, in_names
from services.intake.submit import in_the_name_of
from shared.core.errors import CannotApply, Fault
from shared.core.events import SHAPES, AnyRecorded
from shared.core.ledger import Ledger
from shared.infra.bus import Unanswered, WrongSequence, last_message, publish_batch
from shared.infra.faults import crash_point
from shared.infra.ledgers import SqlLedgers
from shared.infra.streams import RECORD, jurisdiction_filter

ATTEMPTS_MAX = 8
_ON_DRAFTS = frozenset({"notice", "bulletin", "matter"})
"""Kinds of acts that are decided with what notify has stated: drafts, notices, proposed matters."""


@dataclass(slots=True)
class Writer:
    """The writer of one jurisdiction. `now` and `new_id` are intake's clock and its source of ids."""

    jurisdiction: str
    client: Client
    ledgers: SqlLedgers
    source: str
    now: Callable[[], datetime]
    new_id: Callable[[], str]
    _waiting: Gathering = field(default_factory=Gathering)
    _loading: asyncio.Lock = field(default_factory=asyncio.Lock)
    _book: Book = field(init=False)

    def __post_init__(self) -> None:
        self._book = Book(self.jurisdiction, self.client, self.ledgers)

    async def submit(self, submissions: Sequence[Submission]) -> list[Answer]:
        """Answer each, in order, once the stream has them; if one of several is refused, none is recorded."""
        return await self._waiting.put(submissions)

    async def rehearse(self, submissions: Sequence[Submission]) -> tuple[list[Answer], list[AnyRecorded]]:
        """What would be answered, and what would be recorded, if they were handed in now. Nothing is changed."""
        ledger = await self.ledger()
        began = ledger.begin()
        try:
            return self._decide_together(ledger, [in_the_name_of(one, ledger) for one in submissions])
        finally:
            ledger.end(began, is_kept=False)

    async def ledger(self) -> Ledger:
        """What the writer knows; read-only to others."""
        async with self._loading:
            return self._book.ledger or await self._book.load()

    async def caught_up(self) -> Ledger:
        """What stands at the end of the streams now, whoever wrote it; read-only to others."""
        await self._waiting.put([])
        return await self.ledger()

    def forget(self) -> None:
        """Read the record again before the next decision: something else than this writer wrote to it."""
        self._book.ledger = None

    async def run(self) -> None:
        async with asyncio.TaskGroup() as beside:
            while True:
                gathered = await self._waiting.take(within_s=QUIET_S if self._book.is_unsaved else None)
                try:
                    if gathered:
                        await self._settle(gathered)
                    self._book.save(beside, at_once=not gathered)
                except Exception as error:  # whoever waits must hear of it; the next batch starts from the store
                    self._book.ledger = None
                    for waiting in gathered:
                        if not waiting.answers.done():
                            waiting.answers.set_exception(error)

    async def _settle(self, gathered: Sequence[Waiting]) -> None:
        ledger = await self.ledger()
        for attempt in range(ATTEMPTS_MAX):
            try:
                named = in_names(gathered, ledger)
                await self._look_at_drafts(ledger, named)
                answers, decided = self._decide_all(ledger, named)
                if not (decided or attempt):
                    await self._insist_on_end(ledger, answers)
                positions = await self._publish(ledger, decided)
            except (WrongSequence, Unanswered):
                async with self._loading:  # whoever reads meanwhile must come to know the same ledger
                    ledger = await self._book.load()
                continue
            self._book.file(ledger, decided, positions)
            answer(ledger, named, answers)
            return
        raise Unanswered(f"{self.jurisdiction}: no clear answer after {ATTEMPTS_MAX} attempts")

    async def _insist_on_end(self, ledger: Ledger, answers: Sequence[list[Answer]]) -> None:
        """WrongSequence if what is refused, or read by whoever submits nothing, may have changed in another intake."""
        if any(not together or any(isinstance(answer, Refused) for answer in together) for together in answers):
            last = await last_message(self.client, RECORD, f"record.*.{self.jurisdiction}.>")
            if last and last.position != ledger.position:
                raise WrongSequence(f"{self.jurisdiction} has moved on to {last.position}")

    # --- deciding ---

    def _decide_all(self, ledger: Ledger, gathered: Sequence[Waiting]) -> tuple[list[list[Answer]], list[AnyRecorded]]:
        answers, decided = [], []
        for waiting in gathered:
            answer, events = self._decide_together(ledger, waiting.submissions)
            answers.append(answer)
            decided.extend(events)
        return answers, decided

    def _decide_together(
        self, ledger: Ledger, submissions: Sequence[Submission]
    ) -> tuple[list[Answer], list[AnyRecorded]]:
        answers, events = list[Answer](), list[AnyRecorded]()
        try:
            with ledger.all_or_nothing():
                for submission in submissions:
                    answer, following = self._decide(ledger, submission)
                    answers.append(answer)
                    events += following
                if any(isinstance(answer, Refused) for answer in answers):
                    raise _OneRefused
        except _OneRefused:
            return answers, []
        return answers, events

    def _decide(self, ledger: Ledger, submission: Submission) -> tuple[Answer, Sequence[AnyRecorded]]:
        decision = decide(submission, ledger, now=self.now(), new_id=self.new_id)
        if not isinstance(decision, Accepted):
            return decision, ()
        try:
            with ledger.all_or_nothing():
                for one in decision.events:
                    apply(ledger, one)
        except CannotApply as reason:
            # What no fold could take must not enter the record, even where no rule of ours foresaw it.
            return Refused("cannot_apply", (Fault("cannot_apply", "/data", "{reason}", {"reason": str(reason)}),)), ()
        main = decision.events[0]
        return Receipt(submission.digest, main.id, 0, main.recorded_at), decision.events

    # --- the stream ---

    async def _publish(self, ledger: Ledger, decided: Sequence[AnyRecorded]) -> list[int]:
        if not decided:
            return []
        number = partition(ledger)
        messages = [outgoing(one, partition=number, source=self.source) for one in decided]
        crash_point("intake.before_publish")
        positions = await publish_batch(
            self.client, RECORD, messages, expect_last=ledger.position,
            filter_subject=jurisdiction_filter(RECORD, number, self.jurisdiction),
        )  # fmt: skip
        crash_point("intake.after_publish")
        return positions

    async def _look_at_drafts(self, ledger: Ledger, gathered: Sequence[Waiting]) -> None:
        kinds = {SHAPES[type(one.data)].kind for waiting in gathered for one in waiting.submissions}
        if kinds & _ON_DRAFTS or any(not waiting.submissions for waiting in gathered):
            await read_docket(self.client, ledger)


class _OneRefused(Exception):
    """One of several submissions that stand together is refused."""
