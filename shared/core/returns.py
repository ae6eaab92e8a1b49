"""Of whom is a return asked, and which fields of the event say what a regime asks for?"""

from collections.abc import Mapping
from datetime import date, datetime

from shared.core.events import ProjectListed
from shared.core.ledger import Ledger
from shared.core.period import Period
from shared.core.regime.management import Field, Reporting
from shared.core.responsibilities import holdings

SAID_IN: Mapping[Field, tuple[str, ...]] = {
    "investment": ("investment_ytd_yuan", "investment_since_start_yuan"),
    "investment_in_period": ("investment_in_period_yuan",), "funds": ("funds_in_place_yuan", "funds_paid_yuan"),
    "physical_progress": ("physical_progress_ratio",), "narrative": ("narrative",), "next_plan": ("next_plan",),
}  # fmt: skip
"""What a return itself must say where a regime asks for it; there may be no problems, and the rest is told apart."""


AMOUNTS = (
    "investment_ytd_yuan", "investment_since_start_yuan", "investment_in_period_yuan", "funds_in_place_yuan",
    "funds_paid_yuan", "physical_progress_ratio",
)  # fmt: skip
"""All figures of a return, by their fields."""


def filing_unit(ledger: Ledger, listing: ProjectListed, reporting: Reporting, *, on: date) -> str:
    """The unit that reports for a project on a day; the lead unit where nobody holds the role."""
    if reporting.filed_by == "lead_unit":
        return listing.lead_unit
    units = (one.unit for one in holdings(ledger, listing.project, reporting.filed_by, on=on) if one.unit)
    return next(units, listing.lead_unit)


def is_owed(period: Period, due: datetime | None, *, listed_at: datetime | None, exited_on: date | None) -> bool:
    """Nothing is owed that was due before the project was listed, or of a period that ends after it has left."""
    was_listed = listed_at is None or due is None or due > listed_at
    return was_listed and (exited_on is None or exited_on > period.last_day)
