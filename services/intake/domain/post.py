"""What is asked of a person in one unit: a task, in which capacity it is, and how much time is left for it."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from functools import cached_property
from typing import Literal
from zoneinfo import ZoneInfo

from services.intake.domain.authority import AUTHORITY, Scope
from services.intake.domain.capacity import Capacity, capacities
from services.intake.domain.known import MatterLife
from services.intake.domain.known.projects import handles, has_left
from services.intake.domain.known.told import position, words
from shared.core.calendar import WorkingCalendar, end_of, instant, last_day_before
from shared.core.events import SHAPES
from shared.core.ledger import Ledger
from shared.core.register import Project, holders, working_calendar, zone_of

Kind = Literal[
    "return", "return_sent_back", "return_to_confirm", "return_to_sign", "return_to_review",
    "milestone", "permit_to_file", "permit_to_accept", "permit_to_issue", "problem_to_solve", "problem_for_agenda",
    "visit", "matter_to_assign", "matter_to_receive", "matter_to_report", "matter_to_verify", "matter_to_strike_off",
    "objection_to_decide", "appeal_to_decide", "notice_to_sign", "bulletin_to_sign", "notice_to_sign_for",
    "meeting_to_attend", "meeting_to_hold", "minutes_to_issue", "exit_to_decide", "exit_to_carry_out",
]  # fmt: skip
_NO_DAY = "9999-12-31T00:00:00Z"


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """One thing that is asked of a person: `event` is the type that does it, `known` what is known of its fields.

    `due` is the first instant that is too late; None where no day is named. `working_days_left`: after today, to the
    last day that counts; below 0 where it is late. `about` says in the words of the record what it is about, `told_at`
    is the position at which the record says so; 0 where it does not by itself.
    """

    kind: Kind
    capacity: Capacity
    unit: str
    subject: str
    name: str = ""
    event: str = ""
    period: str = ""
    due: datetime | None = None
    working_days_left: int | None = None
    known: Mapping[str, object] = field(default_factory=dict)
    about: str = ""
    told_at: int = 0

    @property
    def id(self) -> str:
        """Names it among a person's tasks, which stand in the order of their ids: first what is due first."""
        at = f"{self.due.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}" if self.due else _NO_DAY
        return f"{at}~{self.kind}~{self.unit}~{self.subject}~{self.period}"


@dataclass(frozen=True)
class Post:
    """A person in one unit, at an instant."""

    ledger: Ledger
    person: str
    unit: str
    at: datetime

    @cached_property
    def held(self) -> frozenset[Capacity]:
        return capacities(self.ledger, self.person, self.unit)

    @cached_property
    def zone(self) -> ZoneInfo:
        return zone_of(self.ledger)

    @cached_property
    def today(self) -> date:
        return self.at.astimezone(self.zone).date()

    @cached_property
    def calendar(self) -> WorkingCalendar:
        return working_calendar(self.ledger, known_at=self.at)

    @cached_property
    def projects(self) -> Mapping[str, frozenset[Scope]]:
        """Whatever is still on a list and has to do with this person here, and as what."""
        found = ((code, self._scopes(code)) for code, one in self.ledger.all(Project).items() if self._is_on(one))
        return {code: scopes for code, scopes in found if scopes}

    def name(self, project: str) -> str:
        kept = self.ledger.get(Project, project)
        return kept.listing.name if kept else ""

    def is_told(self, matter: MatterLife) -> bool:
        """Whether a matter is this unit's, and the unit knows of it."""
        return self.unit in matter.units and matter.given_on is not None

    def capacity(self, event: type, scopes: Collection[Scope]) -> Capacity | None:
        """In which capacity, and within one of these scopes, the person may record an event; None where in none."""
        grants = (one for one in AUTHORITY[event] if one.scope in scopes and one.capacity in self.held)
        return next((one.capacity for one in grants), None)

    def task(
        self, kind: Kind, event: type, scopes: Collection[Scope], subject: str, *, known: Mapping[str, object],
        name: str = "", period: str = "", due: datetime | None = None, due_on: date | None = None,
        told: Sequence[str] = (),
    ) -> Iterator[Task]:  # fmt: skip
        """The task, if it is this person's to do. `known`: what the event will say that is known already.

        `told`: under which keys its words are kept, the best first (`known.told`).
        """
        if capacity := self.capacity(event, scopes):
            due = end_of(due_on, self.zone) if due_on else due
            yield Task(
                kind=kind, capacity=capacity, unit=self.unit, subject=subject, name=name, event=SHAPES[event].type,
                period=period, due=due, working_days_left=self._left(due), known=known,
                about=words(self.ledger, *told), told_at=position(self.ledger, *told),
            )  # fmt: skip

    def to_attend(self, meeting: str, forum: str, on: date) -> Task:
        """A meeting to come to: nothing is to be recorded by whoever comes."""
        due = instant(on, time(0), self.zone)
        return Task(
            kind="meeting_to_attend", capacity=min(self.held), unit=self.unit, subject=meeting, name=forum, due=due,
            working_days_left=self.calendar.working_days_between(self.today, on),
            about=words(self.ledger, told := f"meeting/{meeting}"), told_at=position(self.ledger, told),
        )  # fmt: skip

    def _left(self, due: datetime | None) -> int | None:
        if due is None:
            return None
        day = last_day_before(due, self.zone)
        if self.at < due:
            return self.calendar.working_days_between(self.today, day)
        return -max(1, self.calendar.working_days_between(day, self.today))

    def _is_on(self, project: Project) -> bool:
        return not all(has_left(self.ledger, code, year, project.listing.project) for code, year in project.listed_on)

    def _scopes(self, project: str) -> frozenset[Scope]:
        found: set[Scope] = set()
        if handles(self.ledger, project, self.unit):
            found.add("project")
        if self.unit in holders(self.ledger, project, "owner"):
            found.add("owner")
        if self.person in holders(self.ledger, project, "sponsor_leader"):
            found.add("sponsor")
        return frozenset(found)
