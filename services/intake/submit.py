"""Intake's use case: what a person sends, in whose name, to the writer of its jurisdiction."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Protocol

from services.intake.domain.decide import Refused
from services.intake.domain.known import Receipt
from services.intake.domain.submission import Submission
from shared.core.errors import Fault
from shared.core.ledger import Ledger
from shared.core.register import posts_of


class Writer(Protocol):
    """Decides in order for one jurisdiction, and answers when the record has it."""

    async def submit(self, submissions: Sequence[Submission]) -> list[Receipt | Refused]: ...


class Writers(Protocol):
    async def of(self, jurisdiction: str, *, opens: bool) -> Writer | None:
        """The writer of a jurisdiction; None where it was never opened and is not being opened now."""
        ...


async def submit(submissions: Sequence[Submission], writers: Writers, *, opens: bool) -> list[Receipt | Refused]:
    """Record all of them, which share a jurisdiction, or none; each gets its receipt or its reasons."""
    writer = await writers.of(submissions[0].jurisdiction, opens=opens)
    if writer is None:
        refused = Refused("not_open", (Fault("not_open", "/jurisdiction", "No such jurisdiction is open."),))
        return [refused for _ in submissions]
    return await writer.submit(submissions)


def in_the_name_of(submission: Submission, ledger: Ledger) -> Submission:
    """A person with posts in one unit only need not name it."""
    units = {unit for _, unit, _ in posts_of(ledger, submission.actor)}
    return submission if submission.unit or len(units) != 1 else replace(submission, unit=units.pop())
