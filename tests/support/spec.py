"""Given these events, when they are folded, then these statements: the language of the tests of pure folds."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from services.notify.proceed import proceed
from services.scoring.project import project
from shared.core.events import AnyRecorded, LineDrawn, NoticesEvent, RuleHit, StandingsDrawn, StandingsEvent
from shared.core.ledger import Ledger
from tests.support.builders import JURISDICTION, record

N = TypeVar("N")
Draws = Mapping[str, Sequence[StandingsEvent]]


def plainly(sentence: str, /, **blanks: object) -> str:
    """Say it in the English of the code."""
    return sentence.format(**blanks)


def given(*events: object) -> "Given":
    return Given(record(*events))


@dataclass(frozen=True)
class Given:
    """A record, and what the folds make of it."""

    record: list[AnyRecorded]

    def scored(self) -> "Scored":
        ledger, drawn = Ledger(JURISDICTION), []
        for one in self.record:
            drawn.extend(project(ledger, one))
        return Scored(ledger, drawn)

    def noticed(self) -> "Noticed":
        draws, ledger = self.scored().draws, Ledger(JURISDICTION)
        stated: list[NoticesEvent] = []
        for one in self.record:
            stated.extend(proceed(ledger, one, draws, say=plainly))
        return Noticed(ledger, stated, draws)


@dataclass(frozen=True)
class Scored:
    """Scoring's ledger at the end of a record, and all it drew."""

    ledger: Ledger
    drawn: list[StandingsEvent]

    @property
    def draws(self) -> dict[str, list[StandingsEvent]]:
        found: dict[str, list[StandingsEvent]] = {}
        for one in self.drawn:
            found.setdefault(one.moment, []).append(one)
        return found

    @property
    def moments(self) -> list[str]:
        """Kind and period of each moment drawn, in order: `close 2026-01`."""
        return [f"{one.kind} {one.period}" for one in self.drawn if isinstance(one, StandingsDrawn)]

    @property
    def hits(self) -> list[tuple[str, str, int]]:
        """Period, subject and closes in a row of each rule hit."""
        return [(one.period, one.subject, one.consecutive) for one in self.drawn if isinstance(one, RuleHit)]

    def lines(self, period: str, kind: str = "close") -> list[LineDrawn]:
        drawn = [one for one in self.drawn if isinstance(one, LineDrawn) and one.period == period]
        return [one for one in drawn if one.moment.split(":")[1] == kind]

    def line(self, subject: str, period: str = "2026-01", kind: str = "close") -> LineDrawn:
        """Return the one line of a subject at a moment."""
        (found,) = [one for one in self.lines(period, kind) if one.subject == subject]
        return found


@dataclass(frozen=True)
class Noticed:
    """Notify's ledger at the end of a record, and all it stated."""

    ledger: Ledger
    stated: list[NoticesEvent]
    draws: Draws = field(repr=False)

    def of(self, kind: type[N]) -> list[N]:
        return [one for one in self.stated if isinstance(one, kind)]

    def the(self, kind: type[N]) -> N:
        """Return the only statement of a kind."""
        (found,) = self.of(kind)
        return found
