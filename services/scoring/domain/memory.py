"""What scoring remembers from draw to draw: streaks, lights, and what closed periods were drawn by."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import NamedTuple

from services.scoring.domain.entries import KeptExit, Milestones, Returns, Stages
from shared.core.calendar import Moment, MomentKind
from shared.core.regime.due import Cadence
from shared.core.regime.terms import LightName, SubjectKind


@dataclass(frozen=True, slots=True)
class Streak:
    """At how many closes in a row a rule has held for a subject, at which the last time, and at which it held lately.

    Kept under `list/rule/subject`.
    """

    count: int
    last_period: str
    recent: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Lit:
    """A light at a close: by its own condition, and as shown."""

    period: str
    own: LightName
    shown: LightName


@dataclass(frozen=True, slots=True)
class Lights:
    """The lights of a subject at the closes of one cadence, oldest first. Kept under `list/cadence/kind/subject`."""

    lit: tuple[Lit, ...]


def lights_of(code: str, cadence: Cadence, kind: SubjectKind, subject: str) -> str:
    """The key of a subject's lights: what a light was at the month's end says nothing of the light of a quarter."""
    return f"{code}/{cadence}/{kind}/{subject}"


class ClosedPeriod(NamedTuple):
    """A period that is closed, its last day and its year, and the moment at which it was drawn last."""

    period: str
    last_day: date
    year: int
    kind: MomentKind
    at: datetime

    def drawn(self, code: str) -> Moment:
        return Moment(code, self.kind, self.period, self.at)


@dataclass(frozen=True, slots=True)
class Closed:
    """The closed periods of a list, by their last day. Kept under the list."""

    periods: tuple[ClosedPeriod, ...]


class ToldLate(NamedTuple):
    """An event that says something new of closed periods: where it stands, from which day on it tells, its id."""

    position: int
    from_day: date
    event: str


@dataclass(frozen=True, slots=True)
class Before:
    """What says something new of a project in a list's closed periods, and what they were drawn by: returns by year.

    Kept under `list/project` until the list's next moment; empty from then on.
    """

    by: tuple[ToldLate, ...] = ()
    returns: Mapping[int, Returns] = field(default_factory=dict)
    stages: Stages | None = None
    milestones: Milestones | None = None
    exits: Mapping[int, KeptExit] = field(default_factory=dict)
