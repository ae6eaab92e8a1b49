"""Every kind of measure beyond amounts: shares of a class, rows of tables, people, days, other measures."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from services.scoring.domain.display import display
from services.scoring.domain.row import Row
from shared.core.calendar import WorkingCalendar
from shared.core.numbers import divide
from shared.core.period import Period
from shared.core.regime.holds import CellValue
from shared.core.regime.model import (
    Amount,
    Bound,
    Count,
    DayCount,
    Fixed,
    Growth,
    Has,
    Holders,
    Last,
    Measure,
    Objects,
    Overlap,
    Panel,
    Part,
    Place,
    Portion,
    Ratio,
    Share,
    Shortfall,
    Slots,
    Taken,
    TimeProgress,
    Weighted,
    Where,
)
from shared.core.regime.terms import Table
from tests.support.builders import with_measures
from tests.support.standpoint import Standpoint, facts, measuring


def value_of(measure: Measure, *projects: Any, period: str = "2026-03", **view: Any) -> Decimal | None:
    return measuring(*projects, regime=with_measures(it=measure), period=period, **view).value("it")


def shown(measure: Measure, *projects: Any, **view: Any) -> str:
    one = measuring(*projects, regime=with_measures(it=measure), **view)
    return display(one.view.regime, "it", one.value("it"))


def a_row(table: Table, on: str = "2026-02-10", **cells: CellValue) -> Row:
    return Row(table, f"{on}/{sorted(cells.items())}", date.fromisoformat(on), "p0", "u", "", cells)


# --- shares and counts of objects --------------------------------------------------------------------------------


def test_a_class_is_measured_against_the_whole_list_by_count_and_by_investment() -> None:
    """000-9: 160 of 300 projects and 1150 of 4337 hundred million."""
    industry, other = facts(total="1150", category="industry"), facts(total="3187", category="other")
    of_list = Share(share_of=Has(category="industry"), out_of="list")
    assert value_of(of_list, industry, other) == Decimal("0.5")
    weighed = replace(of_list, weigh_by="total_investment")
    assert shown(weighed, industry, other) == "26.51%"  # this regime cuts off


def test_a_share_may_look_at_some_objects_only() -> None:
    new, old = facts(None, None, "started", continuing=False), facts(None, None, continuing=True)
    assert value_of(Share(share_of=Has(stage="started"), among=Has(continuing=False)), new, old) == 1
    assert value_of(Share(share_of=Has(stage="started")), new, old) == Decimal("0.5")
    assert value_of(Ratio(ratio="investment_completed", over="annual_planned_investment", among=Has(continuing=True)),
                    facts("1", "2", continuing=True), facts("2", "2", continuing=False)) == Decimal("0.5")  # fmt: skip


def test_what_is_not_known_to_meet_a_condition_counts_as_not_meeting_it() -> None:
    reached = Share(share_of={"investment_ratio": Decimal(1)})
    assert value_of(reached, facts("1", "1"), facts(None, "1")) == Decimal("0.5")


def test_objects_are_counted() -> None:
    assert value_of(Objects(objects="all"), facts(), facts()) == 2
    assert shown(Objects(objects=Has(batch="completion")), facts(batch="completion"), facts()) == "1"


def test_what_a_regime_leaves_out_is_not_judged_but_its_amount_is_known() -> None:
    suspended = replace(facts("1", "10"), treatment="not_judged")
    ratio = Ratio(ratio="investment_completed", over="annual_planned_investment")
    assert value_of(ratio, suspended) is None
    assert value_of(ratio, suspended, facts("2", "10")) == Decimal("0.2")
    assert value_of(Amount(amount="investment_completed", unit="亿元"), suspended, facts("2", "10")) == 3


# --- time and other measures --------------------------------------------------------------------------------------


def test_time_progress_by_days_by_a_table_and_scaled() -> None:
    by_day = TimeProgress(linear="year", step="day")
    assert value_of(by_day, period="2026-06") == divide(Decimal(181), Decimal(365))
    table = TimeProgress(linear="year", months={4: Decimal("0.25")})
    assert (value_of(table, period="2026-04"), value_of(table, period="2026-05")) == (Decimal("0.25"), None)
    assert value_of(TimeProgress(linear="year", scaled=Decimal("1.2")), period="2026-06") == Decimal("0.6")


def test_a_shortfall_is_relative_to_what_should_be() -> None:
    assert shown(Shortfall(shortfall="investment_ratio", against="time_progress"), facts("1", "5")) == "20.00%"


def test_growth_against_last_year_and_in_points() -> None:
    now = facts("3", "10")
    before = Standpoint(with_measures(), Period.parse("2025-03"), objects=[facts("2", "10")])
    growth = Growth(growth_of="investment_ratio")
    before.regime = with_measures(it=growth)
    assert value_of(growth, now, before=before) == Decimal("0.5")
    assert shown(replace(growth, unit="pp"), now, before=before) == "+10.00"
    unknown = Standpoint(before.regime, before.period, objects=[facts()])
    assert value_of(growth, now, before=unknown) is None


def test_weights_need_every_part() -> None:
    parts = Weighted(weighted=(
        Part(of="investment_ratio", weight=Decimal("0.4")), Part(of="time_progress", weight=Decimal("0.6")),
    ))  # fmt: skip
    assert value_of(parts, facts("5", "10")) == Decimal("0.35")
    assert value_of(parts, facts()) is None


def test_three_thirds_are_one() -> None:
    """A quotient has noise in its 40th digit, and three of them three times as much."""
    thirds = Weighted(weighted=(Part(of="investment_ratio", weight=Decimal(1)),) * 3)
    assert value_of(thirds, facts("1", "3")) == 1


def test_a_fixed_value_is_the_same_for_all_and_a_place_is_unknown_until_there_is_one() -> None:
    assert value_of(Fixed(value=Decimal(5_000))) == 5_000
    assert value_of(Place(place="bottom")) is None
    assert value_of(Place(place="bottom"), places=(4, 1)) == 1
    assert value_of(Place(place="top"), places=(4, 1)) == 4


# --- rows ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("window", "count"),
    [("period", 1), ("year_to_date", 2), ("since_start", 3), (Last(days=30), 1), (Last(months=2), 2)],
)
def test_rows_count_in_their_window(window: Any, count: int) -> None:
    rows = [a_row("incident", on, kind="safety") for on in ("2025-11-30", "2026-02-28", "2026-03-02")]
    assert value_of(Count(count="incident", window=window), facts(), kept=rows) == count


def test_rows_are_counted_by_what_stands_in_them_and_none_is_zero() -> None:
    rows = [a_row("incident", kind="safety", severity="grave"), a_row("incident", kind="conduct", severity="minor")]
    assert value_of(Count(count="incident", where={"kind": "safety"}), kept=rows) == 1
    assert value_of(Count(count="incident", where={"severity": ("grave", "minor")}), kept=rows) == 2
    assert value_of(Count(count="incident", where={"kind": "management"}), kept=rows) == 0


def test_a_portion_of_no_rows_is_unknown() -> None:
    rows = [a_row("permit", level="county", state="issued"), a_row("permit", level="city", state="filed")]
    issued = Portion(portion_of="permit", where={"state": "issued"})
    assert value_of(issued, kept=rows) == Decimal("0.5")
    assert value_of(replace(issued, among={"level": "county"}), kept=rows) == 1
    assert value_of(replace(issued, among={"level": "state"}), kept=rows) is None


def test_a_portion_may_go_by_whatever_a_row_names() -> None:
    rows = [a_row("permit", state="issued"), replace(a_row("permit", state="filed"), unit="v", person="li")]
    wheres: list[Where] = [{"unit": "v"}, {"person": "li"}, {"unit": ("v", "w"), "project": "p0"}]
    for where in wheres:
        assert value_of(Portion(portion_of="permit", where=where), kept=rows) == Decimal("0.5")
    assert value_of(Portion(portion_of="permit", where={"state": "filed"}, among={"unit": "v"}), kept=rows) == 1


def test_a_sum_of_weighed_thirds_keeps_no_noise() -> None:
    third = Ratio(ratio="investment_completed", over="annual_planned_investment")
    regime = with_measures(
        third=third, tenth=Weighted(weighted=(Part(of="third", weight=Decimal("0.3")),)),
    )  # fmt: skip
    subject = measuring(facts("1", "3"), regime=regime)
    assert subject.holds({"tenth": Bound(at_least=Decimal("0.1"))}) is True
    assert subject.holds({"tenth": Bound(below=Decimal("0.1"))}) is False


@pytest.mark.parametrize(("take", "value"), [("sum", 9), ("max", 6), ("min", 1), ("mean", 3), ("latest", 2)])
def test_a_column_gives_one_number(take: Any, value: int) -> None:
    rows = [
        a_row("problem", on, days_open=Decimal(days))
        for on, days in (("2026-01-01", 6), ("2026-03-01", 2), ("2026-02-01", 1))
    ]
    taken = Taken(take=take, column="days_open", of="problem")
    assert value_of(taken, kept=rows) == value
    assert value_of(taken, kept=[a_row("problem", days_open=None)]) is None


def test_of_two_rows_of_one_day_the_latest_is_the_one_recorded_last() -> None:
    rows = [a_row("problem", "2026-03-01", days_open=Decimal(days)) for days in (6, 2, 4)]
    assert value_of(Taken(take="latest", column="days_open", of="problem"), kept=rows) == 4


def test_a_panel_drops_extremes_weighs_groups_and_never_hears_the_owner() -> None:
    """004: leaders, towns and departments score; their own project is not theirs to score."""

    def score(group: str, points: int, *, own: bool = False) -> Row:
        return a_row("visit_score", "2026-03-01", scorer_group=group, score=Decimal(points), is_own=own)

    rows = [
        score("leaders", 90), score("leaders", 80), score("leaders", 10), score("towns", 60),
        score("towns", 100, own=True),
    ]  # fmt: skip
    all_alike = Panel(panel="visit_score")
    assert value_of(all_alike, kept=rows) == 60
    assert value_of(replace(all_alike, drop_highest=1, drop_lowest=1), kept=rows) == 70
    weights: Mapping[str, Decimal] = {"leaders": Decimal("0.6"), "towns": Decimal("0.4")}
    assert value_of(replace(all_alike, weights=weights), kept=rows) == 60
    assert value_of(replace(all_alike, weights={**weights, "departments": Decimal(1)}), kept=rows) is None


# --- people and days ----------------------------------------------------------------------------------------------


def test_roles_are_counted_filled_and_overlap() -> None:
    held = {"sponsor_leader": ("li", "wang"), "manager": ("drc",), "assessor": ("drc", "office")}
    assert value_of(Holders(holders="sponsor_leader"), facts(), held=held) == 2
    assert value_of(Slots(slots=("sponsor_leader", "responsible_person")), facts(), held=held) == Decimal("0.5")
    assert value_of(Overlap(overlap=("manager", "assessor")), facts(), held=held) == 1


def test_days_until_and_since_in_calendar_and_working_days() -> None:
    off = WorkingCalendar(days_off=frozenset({date(2026, 4, 6)}))
    planned = replace(facts(), days={"planned_completion_on": date(2026, 4, 10), "last_progress": date(2026, 3, 20)})
    later = replace(facts(), days={"planned_completion_on": date(2026, 5, 10)})
    until = DayCount(days="until", anchor="planned_completion_on")
    assert value_of(until, planned, later) == 10
    assert value_of(replace(until, working=True), planned, calendar=off) == 7
    assert value_of(DayCount(days="since", anchor="last_progress"), planned, later) == 11
    assert value_of(DayCount(days="until", anchor="year_end"), planned) == 275
    assert value_of(DayCount(days="since", anchor="started_on"), planned) is None


def test_a_day_that_has_passed_is_a_negative_number_of_days_away() -> None:
    overdue = replace(facts(), days={"next_milestone": date(2026, 3, 27)})
    assert value_of(DayCount(days="until", anchor="next_milestone"), overdue) == -4
    assert value_of(DayCount(days="until", anchor="next_milestone", working=True), overdue) == -2
