"""What counts as completed in the year so far, and which return says so, as far as the regime lets returns count?"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from services.scoring.domain.asked import Asked
from services.scoring.domain.entries import Return, Returns
from services.scoring.domain.facts import ProjectFacts, having
from services.scoring.domain.return_rows import Filed, is_malformed, return_rows
from services.scoring.domain.row import Row
from shared.core.ledger import Ledger
from shared.core.period import Period
from shared.core.regime.holds import every, holds
from shared.core.regime.language import Condition, Has, Where
from shared.core.regime.management import Fault, Reporting

Known = Callable[[], ProjectFacts]
"""What is known of an object before its amounts: its listing, its stages, its classes."""

_REVIEWED = frozenset({"approved", "adjusted"})


class Completed:
    """The returns of a list by the end of a period."""

    def __init__(self, ledger: Ledger, asked: Asked, *, last_day: date) -> None:
        self.ledger, self.asked, self.last_day = ledger, asked, last_day
        reporting = asked.regime.reporting
        self._by_cadence: Mapping[object, Reporting] = {one.cadence: one for one in reporting}
        # Where every return counts as reported, the last with an amount says all.
        self._counts_all = all(
            {one.late.counts_as, one.malformed.counts_as, one.worthless.counts_as} == {Fault().counts_as}
            and one.unreviewed == "reported"
            for one in reporting
        )
        self._without = Decimal(0) if any(one.missing == "no_progress" for one in reporting) else None

    def of(self, project: str, returns: Returns, known: Known) -> tuple[Decimal | None, Return | None]:
        """The amount in yuan, unknown where nothing that counts says one, and the return that says it."""
        if self._counts_all:
            last = returns.by(self.last_day)
            return (last.investment_ytd_yuan if last else self._without), last
        done: Decimal | None = self._without
        said_by: Return | None = None
        filed, reviews = Filed.of(self.ledger, self.asked.year, project), self._reviews(project, known)
        for one in returns.returns:
            if one.ends_on > self.last_day:
                break
            match self._counts_as(one, filed, reviews):
                case "reported" if one.investment_ytd_yuan is not None:
                    done, said_by = one.investment_ytd_yuan, one
                case "no_progress":  # the value stays where it was (000-4b: 视为工作无进展)
                    done = done if done is not None else Decimal(0)
                case "not_judged":
                    done, said_by = None, None
        return done, said_by

    def is_late(self, one: Return, reporting: Reporting) -> bool:
        due = self.asked.due_at(one.period, reporting)
        return due is not None and one.recorded_at >= due

    def _counts_as(self, one: Return, filed: Filed, reviews: Mapping[str, str]) -> str:
        reporting = self._by_cadence.get(Period.parse(one.period).cadence)
        if reporting is None:
            return "reported"
        found = [reporting.late.counts_as] if self.is_late(one, reporting) else []
        if is_malformed(one, reporting):
            found.append(reporting.malformed.counts_as)
        if filed.is_worthless(one):
            found.append(reporting.worthless.counts_as)
        if reporting.unreviewed != "reported" and reviews.get(one.period) not in _REVIEWED:
            found.append(reporting.unreviewed)
        return next((one for one in ("not_judged", "no_progress") if one in found), "reported")

    def _reviews(self, project: str, known: Known) -> Mapping[str, str]:
        """How far the review of each return has come, by its period, where that decides whether it counts."""
        if all(one.unreviewed == "reported" for one in self.asked.regime.reporting):
            return {}
        facts = known()

        def meets(row: Row, condition: Condition) -> bool | None:
            return holds(condition, _Unmeasured(row, facts, self.asked.day))

        rows = return_rows(self.ledger, replace(self.asked, row_meets=meets), project)
        return {str(row.cells["period"]): str(row.cells["review"]) for row in rows}


@dataclass(frozen=True, slots=True)
class _Unmeasured:
    """A return as a step of its review chain sees it: nothing is measured before it is known what counts."""

    row: Row
    facts: ProjectFacts
    day: date

    def value(self, name: str) -> Decimal | None:
        cell = self.row.cell(name)
        return cell if isinstance(cell, Decimal) else None

    def lacks(self, name: str) -> bool:  # noqa: ARG002 - nobody has a place yet
        return False

    def has(self, wanted: Has) -> bool | None:
        return every([*having([self.facts], wanted, self.day), None if wanted.light else True])

    def cells(self, where: Where) -> bool | None:
        return self.row.has(where)
