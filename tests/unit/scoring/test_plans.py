"""Is what nobody can have planned, or stopped, told with its reason and otherwise without effect?"""

from decimal import Decimal

import pytest

from shared.core.events import BaselineReset
from tests.support.asking import refusal
from tests.support.builders import LIST, YI, a_plan, a_project
from tests.support.facts import a_credit, day


def a_reset(yi: str) -> BaselineReset:
    return BaselineReset(
        list=LIST, year=2026, project="p1", annual_planned_investment_yuan=Decimal(yi) * YI,
        approver="government", document_number="1", reason="moved",
    )  # fmt: skip


@pytest.mark.parametrize(
    "event",
    [a_plan(yi="-1"), a_plan(yi="1", by_month_yuan=((3, -YI),)), a_project(plan_yi="-1"), a_reset("-1")],
    ids=["plan", "month", "listing", "reset"],
)
def test_a_planned_amount_is_not_negative(event: object) -> None:
    assert "a planned amount is not negative" in refusal(event)


@pytest.mark.parametrize("month", [0, 13])
def test_a_plan_is_by_months_that_a_year_has(month: int) -> None:
    assert refusal(a_plan(yi="1", by_month_yuan=((month, YI),))) == f"a year has no month {month}"


def test_a_suspension_does_not_end_before_it_begins() -> None:
    reason = "the suspension ends on 2026-01-01, before it begins on 2026-03-01"
    assert refusal(a_credit(from_on="2026-03-01", until_on="2026-01-01")) == reason
    assert day("2026-03-01") == a_credit(from_on="2026-03-01", until_on="2026-03-01").until_on
