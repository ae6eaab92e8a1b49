"""The returns of a project as rows: which were owed, which came in time, what is wrong with them, who reviewed them."""

from collections import Counter
from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import partial

from services.scoring.domain.asked import Asked, Owed
from services.scoring.domain.courses import NOTHING, days
from services.scoring.domain.entries import Return, Returns
from services.scoring.domain.plan_history import Plan
from services.scoring.domain.row import Row
from shared.core.calendar import last_day_before
from shared.core.events import ProjectExited, ProjectListed
from shared.core.ledger import Ledger
from shared.core.period import Period
from shared.core.regime.holds import is_passed_over
from shared.core.regime.model import Reporting
from shared.core.register import zone_of
from shared.core.returns import SAID_IN, filing_unit, is_owed


def return_rows(ledger: Ledger, asked: Asked, project: str) -> Iterator[Row]:
    """A row for every period that is asked of the project, and for every return it has filed beside.

    A row counts in the window in which its period ends.
    """
    listing = asked.listing(ledger, project)
    if listing is None:
        return
    filed = Filed.of(ledger, asked.year, project)
    owed = {one.text: one for one in asked.owed()}
    for one in owed.values():
        if one.text in filed.by_period or _is_owed(ledger, listing, one):
            yield _row(ledger, asked, listing, one.reporting, one.text, one.due, filed)
    for period in filed.by_period:
        if period not in owed:
            yield _row(ledger, asked, listing, None, period, None, filed)


def is_malformed(one: Return, reporting: Reporting | None) -> bool:
    """Whether it does not keep to the form: so told, or found; by another channel; nil where no nil return is taken."""
    if one.is_malformed or one.fault == "malformed":
        return True
    if reporting is None:
        return False
    return bool(one.channel and one.channel not in reporting.channel) or (
        one.is_nil and reporting.nil_return == "refused"
    )


@dataclass(frozen=True, slots=True)
class Filed:
    """The returns of a year, those of the year before, and how many came on each day for each cadence."""

    by_period: Mapping[str, Return]
    before: Returns
    on_day: Mapping[tuple[str, date], int]

    @classmethod
    def of(cls, ledger: Ledger, year: int, project: str) -> "Filed":
        years = (ledger.get(Returns, f"{project}/{one}") or Returns(()) for one in (year - 1, year, year + 1))
        before, kept, after = years
        every = (*before.returns, *kept.returns, *after.returns)
        days = Counter((_cadence(one), one.recorded_on) for one in every)
        return cls({one.period: one for one in kept.returns}, before, days)

    def is_worthless(self, one: Return) -> bool:
        """Whether it copies the words of the one before, or came on a day with others (000-10), or was found so."""
        return one.fault in {"copied", "bundled"} or self.is_copied(one) or self.is_bundled(one)

    def is_copied(self, one: Return) -> bool:
        period = Period.parse(one.period)
        last = str(Period.holding(period.first_day - timedelta(days=1), period.cadence, anchor=period.first_day))
        former = self.by_period.get(last) or self.before.of(last)
        return former is not None and bool(one.narrative) and one.narrative == former.narrative

    def is_bundled(self, one: Return) -> bool:
        return self.on_day[_cadence(one), one.recorded_on] > 1


def _cadence(one: Return) -> str:
    return str(Period.parse(one.period).cadence)


def _is_owed(ledger: Ledger, listing: ProjectListed, one: Owed) -> bool:
    key = f"{listing.list}/{listing.year}/{listing.project}"
    plan, exited = ledger.get(Plan, key), ledger.get(ProjectExited, key)
    listed_at, exited_on = plan.listed_at if plan else None, exited.on if exited else None
    return is_owed(one.period, one.due, listed_at=listed_at, exited_on=exited_on)


def _row(
    ledger: Ledger, asked: Asked, listing: ProjectListed, reporting: Reporting | None, text: str,
    due: datetime | None, filed: Filed,
) -> Row:  # fmt: skip
    period, one = Period.parse(text), filed.by_period.get(text)
    row = Row("return", f"{listing.project}/{text}", period.last_day, listing.project,
               _filer(ledger, asked, listing, reporting, period), "", {
        "cadence": str(period.cadence), "period": text, "state": _state(asked, one, due),
        "fault": _fault(one, reporting, filed) if one else "",
        "review": "unreviewed",
        "channel": one.channel if one else "", "is_nil": one.is_nil if one else None,
        "is_signed": bool(one.signed_by) if one else None,
        "is_complete": _is_complete(one, reporting) if one and reporting else None,
        "days_late": _days_late(ledger, asked, one, due),
        "flags": " ".join(one.flags) if one else "",
        "physical_progress_ratio": one.physical_progress_ratio if one else None,
    })  # fmt: skip
    if one is None or not one.reviews:
        return row
    return replace(row, cells={**row.cells, "review": _review(one, _reviewers(asked, reporting, row))})


def _filer(ledger: Ledger, asked: Asked, listing: ProjectListed, reporting: Reporting | None, period: Period) -> str:
    if reporting is None:
        return listing.lead_unit
    return filing_unit(ledger, listing, reporting, on=min(period.last_day, asked.day))


def _state(asked: Asked, one: Return | None, due: datetime | None) -> str:
    if one is None:
        return "missing" if due is not None and due <= asked.at else "not_due"
    return "late" if due is not None and one.recorded_at >= due else "on_time"


def _days_late(ledger: Ledger, asked: Asked, one: Return | None, due: datetime | None) -> Decimal:
    """The days from the last day that still counted to the day on which it came, or to now."""
    if due is None:
        return NOTHING
    zone = zone_of(ledger)
    return days(last_day_before(due, zone), one.recorded_on if one else asked.at.astimezone(zone).date())


def _is_complete(one: Return, reporting: Reporting) -> bool:
    """Whether it says all that is asked of it; a nil return says that there is nothing."""
    return one.is_nil or {*reporting.fields} & {*SAID_IN} <= {*one.told}


def _fault(one: Return, reporting: Reporting | None, filed: Filed) -> str:
    """What the reviewer found; else what can be seen: its form, its words, that several came at once."""
    if one.fault or is_malformed(one, reporting):
        return one.fault or "malformed"
    return "copied" if filed.is_copied(one) else "bundled" if filed.is_bundled(one) else ""


def _review(one: Return, reviewers: AbstractSet[str]) -> str:
    """How far its review has come: it is approved once all who must review it have spoken."""
    (step, verdict), done = one.reviews[-1], {step for step, _ in one.reviews}
    if verdict == "returned":
        return "returned"
    if step in reviewers and not reviewers <= done:
        return "unreviewed"
    return "adjusted" if "adjusted" in {verdict for _, verdict in one.reviews} else verdict


def _reviewers(asked: Asked, reporting: Reporting | None, row: Row) -> AbstractSet[str]:
    """Whom the rule names: those in its chain whom nothing passes over, or else the plain list."""
    if reporting is None:
        return frozenset()
    chain = (asked.regime.chains or {}).get(reporting.review_chain)
    if chain is None:
        return frozenset(reporting.review)
    return frozenset(step.by for step in chain if not is_passed_over(step, partial(asked.row_meets, row)))
