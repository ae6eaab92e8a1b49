"""A plan is known with the dates on which it changed: what was planned then is what an earlier moment is judged by."""

from datetime import date
from decimal import Decimal

from services.scoring.domain.judge import standing_on
from services.scoring.domain.ledger import Plan
from tests.support.builders import LIST, YI, a_project, a_return, a_year, local, on, until
from tests.support.facts import a_reset
from tests.support.spec import given

RESET = [
    *a_year(a_project("p1", plan_yi="12")),
    on("2026-02-03 10:00", a_return("p1", "2026-01", yi="3")),
    on("2026-03-10 09:00", a_reset("p1", yi="6")),
    until("2026-03-20 00:00"),
]


def _plan() -> Plan:
    plan = given(*RESET).scored().ledger.get(Plan, f"{LIST}/2026/p1")
    assert plan is not None
    return plan


def test_a_plan_keeps_what_it_was_before_each_change_and_who_let_it_be() -> None:
    listed, reset = _plan().changes
    assert (listed.by, listed.annual_planned_investment_yuan) == ("listing", 12 * YI)
    assert (reset.by, reset.annual_planned_investment_yuan) == ("reset", 6 * YI)
    assert all([reset.approver, reset.document, reset.reason])


def test_the_plan_of_an_instant_is_the_one_that_was_known_then() -> None:
    before, after = _plan().at(local("2026-03-10 08:59")), _plan().at(local("2026-03-10 09:00"))
    assert before.annual_planned_investment_yuan == 12 * YI
    assert after.annual_planned_investment_yuan == 6 * YI
    assert after.original_annual_planned_investment_yuan == 12 * YI


def test_a_day_is_measured_by_the_plan_that_stood_on_it() -> None:
    ledger = given(*RESET).scored().ledger

    def ratio(day: date) -> Decimal | None:
        (line,) = [one for one in standing_on(ledger, LIST, day) if one.subject == "p1"]
        return line.measures["investment_ratio"]

    assert ratio(date(2026, 3, 9)) == Decimal("0.25")
    assert ratio(date(2026, 3, 10)) == Decimal("0.5")
