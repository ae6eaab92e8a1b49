"""What does a reviewer see of a return, and what waits for whom, since when?"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from services.intake.domain.capacity import Capacity, capacities
from services.intake.domain.known import Inspected, ReturnMade
from services.intake.domain.known.returns import OnSite, before, made
from services.intake.domain.reviewing import SIGNS, Asking, askings, lists_of, of_cadence, speaks_for, turn
from shared.core.calendar import Period
from shared.core.events import QualityFlag
from shared.core.ledger import Ledger
from shared.core.moments import due_at
from shared.core.register import working_calendar
from shared.core.responsibilities import local_day

_REVIEWERS: frozenset[Capacity] = frozenset({"reviewer", "supervision_office", "assessment_office"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """A return beside all that it is held against.

    `made` has its amounts, words, author and time, its flags, signature and the steps of its review so far. `last` is
    the latest one before it of the same cadence, `found` what inspections of the project found, the latest last.
    `due` is the first instant that was too late, `is_late` whether it came after it; None where no day is named.
    `turn` names whose turn it is: `unit_head` to sign, bodies of the regime to review; nobody where all is done, and
    where it was sent back.
    """

    project: str
    period: str
    made: ReturnMade
    last: ReturnMade | None
    found: tuple[OnSite, ...]
    due: datetime | None
    is_late: bool | None
    turn: tuple[str, ...]

    @property
    def flags(self) -> tuple[QualityFlag, ...]:
        return self.made.said.flags


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """A return that waits for somebody since an instant, for so many working days; `steps` are those they may take."""

    project: str
    period: str
    steps: tuple[str, ...]
    since: datetime
    working_days: int
    flags: tuple[QualityFlag, ...]


def review_of(ledger: Ledger, project: str, period: str) -> Review | None:
    """The return of a project for a period as its reviewers see it; None where there is none."""
    kept = made(ledger, project, period)
    if kept is None:
        return None
    of, found = Period.parse(period), ledger.get(Inspected, project)
    asked = of_cadence(askings(ledger, lists_of(ledger, project, of.year), of), kept.said.cadence)
    due = min((at for one in asked if (at := due_at(ledger, of, one.rule))), default=None)
    return Review(
        project=project, period=period, made=kept, last=before(ledger, project, of, alike=True),
        found=found.found if found else (), due=due, is_late=None if due is None else kept.at >= due,
        turn=turn(kept, asked),
    )  # fmt: skip


def inbox(ledger: Ledger, person: str, unit: str, at: datetime) -> Sequence[Waiting]:
    """What waits for somebody in the name of a unit, to be signed or reviewed, what has waited longest first.

    Nothing that they made or signed themselves waits for their review (四眼原则).
    """
    calendar, today = working_calendar(ledger, known_at=at), local_day(ledger, at)
    found = [
        Waiting(
            project=one.said.project, period=one.said.period, steps=steps, since=one.since,
            working_days=calendar.working_days_between(local_day(ledger, one.since), today), flags=one.said.flags,
        )
        for one, steps in _waiting(ledger, person, unit)
    ]  # fmt: skip
    return sorted(found, key=lambda one: (one.since, one.project, one.period))


def _waiting(ledger: Ledger, person: str, unit: str) -> Iterator[tuple[ReturnMade, tuple[str, ...]]]:
    held = capacities(ledger, person, unit)
    reviews, heads = not held.isdisjoint(_REVIEWERS), "unit_head" in held
    rules: dict[tuple[tuple[str, ...], str], Sequence[Asking]] = {}
    for one in ledger.all(ReturnMade).values() if reviews or heads else ():
        if one.event and (steps := turn(one, _asked(ledger, one, rules))):
            if SIGNS in steps:
                mine = steps if heads and one.unit == unit else ()
            elif reviews and person not in {*one.by, one.signed_by}:
                mine = tuple(by for by in steps if speaks_for(ledger, unit, by, one.said.project))
            else:
                mine = ()
            if mine:
                yield one, mine


def _asked(
    ledger: Ledger, one: ReturnMade, rules: dict[tuple[tuple[str, ...], str], Sequence[Asking]]
) -> Sequence[Asking]:
    """What is asked of a return; found once for all of a period that stand on the same lists."""
    period = Period.parse(one.said.period)
    key = (tuple(lists_of(ledger, one.said.project, period.year)), one.said.period)
    if key not in rules:
        rules[key] = of_cadence(askings(ledger, key[0], period), one.said.cadence)
    return rules[key]
