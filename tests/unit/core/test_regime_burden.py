"""Is what a regime asks of a unit counted as it is asked?"""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from shared.core.numbers import EXACT
from shared.core.regime.burden import KINDS, burden, limits, times_a_month, totals
from shared.core.regime.due import Days, EveryDays, Season, WorkingDays
from shared.core.regime.management import Burden, Duty, Reporting, Rotation, Selection
from shared.core.regime.model import Regime
from tests.support.builders import a_bulletin, a_regime, a_reporting

VISIT = Duty(id="visit", who="sponsor_leader", do="duty_visit", per="monthly")


def asked(regime: Regime, *, units: int = 1) -> dict[str, Decimal]:
    """What is asked of a unit in a month, to three decimals, without what is not."""
    found = totals(burden(regime, units=units))
    return {kind: found[kind].quantize(Decimal("0.001")).normalize() for kind in KINDS if found[kind]}


def duties(*found: Duty) -> Regime:
    return a_regime(reporting=(), bulletins=(), duties=found)


@pytest.mark.parametrize(
    ("cadence", "a_year"),
    [("yearly", 1), ("half_year", 2), ("quarterly", 4), ("monthly", 12), ("half_month", 24), ("ten_days", 36),
     ("daily", 365), (EveryDays(every=Days(days=5)), 73)],
)  # fmt: skip
def test_a_cadence_comes_so_often_in_a_year(cadence: Any, a_year: int) -> None:
    assert EXACT.multiply(times_a_month(cadence), Decimal(12)).quantize(Decimal("1E-20")) == a_year


def test_returns_and_their_fields_are_counted() -> None:
    daily = Reporting(cadence="daily", fields=("investment", "stage"))
    regime = a_regime(bulletins=(), reporting=(a_reporting(fields=("investment", "stage", "problems")), daily))
    assert asked(regime) == {"returns": Decimal("31.417"), "fields": Decimal("63.833")}


@pytest.mark.parametrize(
    ("changed", "visits"),
    [
        ({}, "1"),
        ({"at_least": 3}, "3"),
        ({"per": "quarterly"}, "0.333"),
        ({"season": Season(months=(3, 4, 5))}, "0.25"),
        ({"rotate": Rotation(over="category", order=("a", "b"))}, "0.5"),
        ({"select": Selection(count=2, of="unit")}, "0.2"),
        ({"do": "inspection"}, "1"),
    ],
)
def test_visits_are_counted_for_the_one_who_is_visited(changed: dict[str, Any], visits: str) -> None:
    assert asked(duties(replace(VISIT, **changed)), units=10) == {"visits": Decimal(visits)}


@pytest.mark.parametrize("changed", [{"per": None}, {"at_least": None, "at_most": 4}, {"do": "problem"}])
def test_what_no_period_bounds_or_nobody_is_visited_for_is_not_counted(changed: dict[str, Any]) -> None:
    assert asked(duties(replace(VISIT, **changed))) == {}


def test_a_report_upward_burdens_units_only_where_they_send_it() -> None:
    office = Duty(id="up", who="supervision_office", do="report_sent", per="monthly")
    assert asked(duties(office)) == {}
    assert asked(duties(replace(office, who="lead_unit"))) == {"documents": Decimal(1)}


def test_a_bulletin_is_a_document_and_its_preview_another() -> None:
    quarterly = a_regime(reporting=(), bulletins=(a_bulletin(),))
    assert asked(quarterly) == {"documents": Decimal("0.333")}
    preview = a_regime(reporting=(), bulletins=(a_bulletin(preview=WorkingDays(working_days=2)),))
    assert asked(preview) == {"documents": Decimal("0.667")}
    assert asked(a_regime(reporting=(), bulletins=(a_bulletin(audience=("leaders",)),))) == {}


def test_each_item_names_the_rule_that_asks_for_it() -> None:
    assert {one.pointer for one in burden(a_regime(duties=(VISIT,)))} == {"/reporting/0", "/duties/0", "/bulletins/0"}


def test_the_limits_are_those_of_the_regime() -> None:
    allowed = limits(Burden(returns_at_most=2))
    assert (allowed["returns"], allowed["visits"]) == (2, None)
    assert set(limits(None).values()) == {None}
