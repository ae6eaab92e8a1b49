"""The writers of all jurisdictions, and the one way in which a submission reaches them, from whichever edge."""

import asyncio
from collections.abc import Callable, Iterator, Sequence
from contextlib import aclosing, contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from nats.aio.client import Client

from services.intake import form
from services.intake.answer import ReceiptOut, form_problem, receipts_or_problem
from services.intake.domain.submission import CODE, Submission
from services.intake.gathering import Overloaded
from services.intake.submit import submit
from services.intake.writer import Writer
from shared.core.events import AnyRecorded, JurisdictionOpened
from shared.core.ledger import Ledger
from shared.infra.auth import Bearer
from shared.infra.bus import Unanswered, last_message
from shared.infra.durable import Durability
from shared.infra.ledgers import SqlLedgers
from shared.infra.reader import AnotherHistory, read_to_end
from shared.infra.runtime import stopped
from shared.infra.streams import RECORD, SubjectParts
from shared.infra.texts import Locale
from shared.infra.unrevoked import unrevoked
from shared.infra.web import Problem

_RETRY_AFTER_S = 1


@dataclass(slots=True)
class Desk:
    """Where submissions are handed in."""

    client: Client
    ledgers: SqlLedgers
    source: str
    now: Callable[[], datetime]
    new_id: Callable[[], str]
    durability: Durability
    trouble: str = ""
    _writers: dict[str, Writer] = field(default_factory=dict)
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)

    async def hand_in(
        self, body: Any, bearer: Bearer, locale: Locale, *, batch: bool, header_key: str = ""
    ) -> list[ReceiptOut]:
        """Read, decide, record, answer. Problem, with every reason, where anything is wrong."""
        try:
            submissions = form.read_batch(body, bearer) if batch else form.read_one(body, bearer, header_key=header_key)
        except form.FormFaults as error:
            raise form_problem(error, locale) from error
        answers = await self._submit(submissions)
        return receipts_or_problem(submissions, answers, durability=self.durability, locale=locale, batch=batch)

    async def rehearse(self, body: Any, bearer: Bearer, locale: Locale) -> list[AnyRecorded]:
        """What a batch would put on record now. Problem, with every reason, where it would be refused."""
        try:
            submissions = form.read_batch(body, bearer)
        except form.FormFaults as error:
            raise form_problem(error, locale) from error
        with self.troubles():
            writer = await self._open(submissions[0].jurisdiction)
            answers, events = await writer.rehearse(submissions)
        receipts_or_problem(submissions, answers, durability=self.durability, locale=locale, batch=True)
        return events

    async def _submit(self, submissions: Sequence[Submission]) -> list[Any]:
        opens = submissions[0].is_operator and isinstance(submissions[0].data, JurisdictionOpened)
        with self.troubles():
            return list(await submit(submissions, self, opens=opens))

    @contextmanager
    def troubles(self) -> Iterator[None]:
        """What is wrong with us and not with what was sent, as a Problem."""
        try:
            yield
        except Overloaded as error:
            raise Problem(503, "overloaded", "Too much is waiting.", retry_after_s=_RETRY_AFTER_S) from error
        except AnotherHistory as error:
            self.trouble = str(error)
            raise Problem(503, "another_history", "The broker does not hold the record that is known here.") from error
        except Unanswered as error:
            # It may be recorded or not: the same key sent again finds out, and changes nothing.
            raise Problem(
                503, "unanswered", "The record gave no clear answer; send the same again.", retry_after_s=_RETRY_AFTER_S
            ) from error

    async def of(self, jurisdiction: str, *, opens: bool) -> Writer | None:
        """The writer of a jurisdiction that is open, or is being opened."""
        if jurisdiction in self._writers:
            return self._writers[jurisdiction]
        if not CODE.fullmatch(jurisdiction):
            return None
        if not opens and await last_message(self.client, RECORD, f"record.*.{jurisdiction}.>") is None:
            return None
        return self._writers.setdefault(jurisdiction, self._started(jurisdiction))

    async def ledger(self, jurisdiction: str, by: Bearer) -> Ledger:
        """What is known of a jurisdiction, to read only. Problem where none is open, or the token was revoked there."""
        with self.troubles():
            return unrevoked(await (await self._open(jurisdiction)).ledger(), by)

    async def current(self, jurisdiction: str, by: Bearer) -> Ledger:
        """As `ledger`, read forward to the end of the record and the docket: another intake may have written, too."""
        with self.troubles():
            return unrevoked(await (await self._open(jurisdiction)).caught_up(), by)

    async def _open(self, jurisdiction: str) -> Writer:
        writer = await self.of(jurisdiction, opens=False)
        if writer is None:
            raise Problem(404, "not_open", "No such jurisdiction is open.")
        return writer

    def known(self) -> list[Writer]:
        return list(self._writers.values())

    async def find_all(self) -> None:
        """A writer for every jurisdiction of the record: the clock must not wait for somebody to submit."""
        subject = "record.*.*.jurisdiction.*.jurisdiction_opened"
        async with aclosing(read_to_end(self.client, stream=RECORD, filter_subject=subject, after=0)) as batches:
            async for batch in batches:
                for message in batch:
                    await self.of(SubjectParts.parse(message.subject).jurisdiction, opens=True)

    async def close(self) -> None:
        await stopped(self._tasks)

    def _started(self, jurisdiction: str) -> Writer:
        if jurisdiction in self._writers:
            return self._writers[jurisdiction]
        writer = Writer(jurisdiction, self.client, self.ledgers, self.source, self.now, self.new_id)
        self._tasks.add(asyncio.create_task(writer.run(), name=f"writer {jurisdiction}"))
        return writer
