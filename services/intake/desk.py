"""The writers of all jurisdictions, and the one way in which a submission reaches them, from whichever edge."""

import asyncio
from collections.abc import Callable, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from nats.aio.client import Client

from services.intake import form
from services.intake.answer import Durability, ReceiptOut, form_problem, receipts_or_problem
from services.intake.domain.submission import CODE, Submission
from services.intake.gathering import Overloaded
from services.intake.submit import submit
from services.intake.writer import Writer
from shared.core.events import JurisdictionOpened
from shared.infra.auth import Bearer
from shared.infra.bus import Unanswered, last_message
from shared.infra.ledgers import SqlLedgers
from shared.infra.reader import AnotherHistory, read_to_end
from shared.infra.runtime import stopped
from shared.infra.streams import RECORD, SubjectParts
from shared.infra.texts import Locale
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

    async def hand_in(self, body: Any, bearer: Bearer, locale: Locale, *, batch: bool) -> list[ReceiptOut]:
        """Read, decide, record, answer. Problem, with every reason, where anything is wrong."""
        try:
            submissions = form.read_batch(body, bearer) if batch else form.read_one(body, bearer)
        except form.FormFaults as error:
            raise form_problem(error, locale) from error
        answers = await self._submit(submissions)
        return receipts_or_problem(submissions, answers, durability=self.durability, locale=locale, batch=batch)

    async def _submit(self, submissions: Sequence[Submission]) -> list[Any]:
        opens = submissions[0].is_operator and isinstance(submissions[0].data, JurisdictionOpened)
        try:
            return list(await submit(submissions, self, opens=opens))
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
