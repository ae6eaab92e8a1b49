"""What is planned of a project for a year, and what was planned before each change?"""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Literal, NamedTuple

PlanSetBy = Literal["listing", "plan", "reset"]


class PlanChange(NamedTuple):
    """What was planned for the year from then on, in yuan, and which event said so; a reset names who let it be.

    `by_month_yuan`: month to what is to be completed from January to its end. `is_after_sealing`: the list was sealed
    before it came.
    """

    recorded_at: datetime
    by: PlanSetBy
    event: str
    annual_planned_investment_yuan: Decimal | None
    by_month_yuan: tuple[tuple[int, Decimal], ...] = ()
    approvals: tuple[str, ...] = ()
    approver: str = ""
    document: str = ""
    reason: str = ""
    is_after_sealing: bool = False


@dataclass(frozen=True, slots=True)
class Plan:
    """The plan of a project on a list for a year, and each that was before it, the listing's first.

    Kept under `list/year/project` from its listing on. A listing again without an amount changes nothing.
    """

    listed_at: datetime
    changes: tuple[PlanChange, ...]

    def at(self, instant: datetime) -> "Plan":
        """The plan as it was known at an instant: no later change of it; the listing at least."""
        if self.changes[-1].recorded_at <= instant:
            return self
        known = tuple([one for one in self.changes if one.recorded_at <= instant])
        return Plan(self.listed_at, known or self.changes[:1])

    @property
    def annual_planned_investment_yuan(self) -> Decimal | None:
        return self.changes[-1].annual_planned_investment_yuan

    @property
    def original_annual_planned_investment_yuan(self) -> Decimal | None:
        """The first amount that was set."""
        amounts = (one.annual_planned_investment_yuan for one in self.changes)
        return next((one for one in amounts if one is not None), None)

    @property
    def by_month_yuan(self) -> tuple[tuple[int, Decimal], ...]:
        return self.changes[-1].by_month_yuan

    @property
    def approvals(self) -> tuple[str, ...]:
        """Who let the newest plan be that names anybody: a reset's approver is not of its chain."""
        return next((one.approvals for one in reversed(self.changes) if one.by == "plan"), ())

    @property
    def is_after_sealing(self) -> bool:
        """Whether it was listed after the list was sealed."""
        return self.changes[0].is_after_sealing

    @property
    def event(self) -> str:
        """The event that said the amount in force."""
        return self.changes[-1].event

    def to_date_yuan(self, month: int) -> Decimal | None:
        """What is to be completed by the end of a month; a plan by quarters says so for its last month so far."""
        known = [amount for planned, amount in sorted(self.by_month_yuan) if planned <= month]
        return known[-1] if known else None
