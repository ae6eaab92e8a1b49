"""How the record is asked: of which list and year, under which rules, as of which day, with what is known when."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from services.scoring.domain.row import Row
from shared.core.calendar import WorkingCalendar
from shared.core.events import ProjectListed
from shared.core.ledger import Ledger
from shared.core.period import Period
from shared.core.regime.language import Condition
from shared.core.regime.model import Regime, Reporting


@dataclass(frozen=True, slots=True)
class Owed:
    """A period for which the regime asks a return, with its printed form and the first instant that is too late."""

    reporting: Reporting
    period: Period
    text: str
    due: datetime | None


def _of_all(_project: str, _condition: Condition) -> bool:
    return True


def _unknown(_row: Row, _condition: Condition) -> None:
    return None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Asked:
    """`due_at` gives the first instant at which a return is late, `meets` whether a project meets a condition.

    `row_meets` says so of a row: of its own columns, and of its project.
    """

    list: str
    year: int
    day: date
    at: datetime
    regime: Regime
    calendar: WorkingCalendar
    due_at: Callable[[str, Reporting], datetime | None]
    meets: Callable[[str, Condition], bool | None] = _of_all
    row_meets: Callable[[Row, Condition], bool | None] = _unknown
    _owed: dict[str, Owed] = field(default_factory=dict)
    _worked: dict[date, int] = field(default_factory=dict)

    def listing(self, ledger: Ledger, project: str) -> ProjectListed | None:
        """What the list of the year says of a project; None where it is not on it."""
        return ledger.get(ProjectListed, f"{self.list}/{self.year}/{project}")

    def lead_unit(self, ledger: Ledger, project: str) -> str:
        listing = self.listing(ledger, project)
        return listing.lead_unit if listing else ""

    def owed(self) -> Sequence[Owed]:
        """The periods of the year that have begun by the day, each once: two returns of a cadence are filed as one."""
        if not self._owed:
            for reporting in self.regime.reporting:
                period = Period.holding(date(self.year, 1, 1), reporting.cadence)
                while period.year == self.year and period.first_day <= self.day:
                    text = str(period)
                    self._owed.setdefault(text, Owed(reporting, period, text, self.due_at(text, reporting)))
                    period = period.next()
        return tuple(self._owed.values())

    def working_days_since(self, day: date) -> int:
        """The working days after a day up to the one that is asked for: many rows ask of the same days."""
        if day not in self._worked:
            self._worked[day] = self.calendar.working_days_between(day, self.day)
        return self._worked[day]
