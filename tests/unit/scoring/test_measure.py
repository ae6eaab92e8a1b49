"""What a measure is of a set of objects, and how it prints."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import pytest

from services.scoring.domain.display import display
from services.scoring.domain.facts import ProjectFacts
from shared.core.regime.check import faults
from shared.core.regime.holds import every, holds, some, within
from shared.core.regime.measures import Deviation, Fixed, Part, Weighted
from shared.core.regime.model import Amount, Bound, Cells, Condition, Every, Has, Not, Numbers, Some
from tests.support.builders import a_regime, with_measures
from tests.support.decided import a_view
from tests.support.facts import a_problem
from tests.support.standpoint import facts, measuring

RATIO = "investment_ratio"


def printed(name: str, *projects: ProjectFacts, regime: Any = None) -> str:
    one = measuring(*projects, regime=regime)
    return display(one.view.regime, name, one.value(name))


def test_a_ratio_is_the_sum_over_the_sum_not_the_mean_of_ratios() -> None:
    assert measuring(facts("1", "10"), facts("9", "30")).value(RATIO) == Decimal("0.25")


def test_a_project_without_a_return_or_a_plan_stays_out_of_both_sums() -> None:
    assert measuring(facts("1", "10"), facts(None, "30"), facts("9", None)).value(RATIO) == Decimal("0.1")


def test_a_ratio_of_nothing_is_unknown_not_zero() -> None:
    assert measuring(facts(None, "10")).value(RATIO) is None
    assert measuring().value(RATIO) is None


def test_a_plan_of_zero_gives_no_ratio_of_its_own() -> None:
    assert measuring(facts("1", "0")).value(RATIO) is None


def test_what_is_done_on_a_plan_of_zero_counts_in_a_unit() -> None:
    """A plan of zero is not a missing plan: the unit did invest that much, on what it planned in all."""
    assert measuring(facts("1", "0"), facts("1", "10")).value(RATIO) == Decimal("0.2")


def test_a_ratio_may_exceed_one_and_a_report_of_zero_is_zero() -> None:
    assert measuring(facts("15", "10")).value(RATIO) == Decimal("1.5")
    assert measuring(facts("0", "10")).value(RATIO) == 0


def test_nineteen_of_twenty_eight_truncated_to_one_place() -> None:
    projects = [facts(category="tertiary")] * 19 + [facts()] * 9
    assert printed("tertiary_share", *projects) == "67.8%"


def test_seven_point_three_four_of_thirty_nine_point_eight_truncated_to_two_places() -> None:
    assert printed(RATIO, facts("7.34", "39.8")) == "18.44%"


@pytest.mark.parametrize(
    ("done", "truncated", "half_up"),
    [("7.34", "-6.55", "-6.56"), ("9.9495", "-0.00", "-0.00"), ("9.95", "+0.00", "+0.00"), ("15", "+12.68", "+12.69")],
)
def test_a_deviation_prints_with_its_sign(done: str, truncated: str, half_up: str) -> None:
    for rounding, text in (("truncate", truncated), ("half_up", half_up)):
        regime = a_regime(numbers=Numbers(rounding=rounding, decimals={}))  # type: ignore[arg-type]
        assert printed("deviation", facts(done, "39.8"), regime=regime) == text.replace("-0.00", "+0.00")


def test_an_unknown_measure_prints_as_a_dash() -> None:
    assert printed(RATIO, facts()) == printed("deviation", facts()) == "-"


def test_an_amount_prints_in_its_unit_and_a_share_counts_projects() -> None:
    assert printed("planned_yi", facts(plan="12.3456"), facts(plan="0.01"), facts()) == "12.35"
    assert printed("start_rate", facts("1", "1", "started"), facts(None, None, "launched")) == "50.00%"
    wan = with_measures(planned_wan=Amount(amount="annual_planned_investment", unit="万元"))
    assert printed("planned_wan", facts(plan="0.5"), regime=wan) == "5000.00"


def test_launched_is_not_started() -> None:
    assert measuring(facts("1", "1", "launched")).value("start_rate") == 0


def test_time_progress_counts_whole_months() -> None:
    parts = [measuring(period=text).value("time_progress") for text in ("2026-03", "2026-Q2", "2026-H2", "2026")]
    assert parts == [Decimal("0.25"), Decimal("0.5"), 1, 1]


def test_exactly_on_the_bound_is_not_below_it() -> None:
    """6.5 of 75 at the end of February: exactly 8 points behind, though neither quotient ends."""
    behind = measuring(facts("6.5", "75"), period="2026-02")
    assert behind.value("deviation") == -8
    assert behind.holds({"deviation": Bound(below=Decimal(-8))}) is False
    assert display(behind.view.regime, "deviation", behind.value("deviation")) == "-8.00"


def test_annual_targets_are_not_judged_before_the_year_has_ended() -> None:
    done = facts("10", "10", "started")
    assert measuring(done).value("annual_targets_met") is None
    assert measuring(done, year_ended=True).value("annual_targets_met") == 1
    assert measuring(facts("9", "10", "started"), year_ended=True).value("annual_targets_met") == 0
    assert measuring(facts(None, "10", "started"), year_ended=True).value("annual_targets_met") is None


T, F, U = True, False, None


@pytest.mark.parametrize(
    ("parts", "all_of", "any_of"),
    [((T, T), T, T), ((T, F), F, T), ((T, U), U, T), ((F, U), F, U), ((U, U), U, U), ((F, F), F, F), ((), T, F)],
)
def test_unknown_is_neither_true_nor_false(
    parts: tuple[bool | None, ...], all_of: bool | None, any_of: bool | None
) -> None:
    assert every(parts) is all_of
    assert some(parts) is any_of


@pytest.mark.parametrize(
    ("bound", "below", "at", "above"),
    [
        (Bound(at_least=Decimal(1)), F, T, T),
        (Bound(above=Decimal(1)), F, F, T),
        (Bound(at_most=Decimal(1)), T, T, F),
        (Bound(below=Decimal(1)), T, F, F),
        (Bound(at_least=Decimal(1), below=Decimal(2)), F, T, F),
        (Decimal(1), F, T, F),
    ],
)
def test_bounds(bound: Bound | Decimal, below: bool, at: bool, above: bool) -> None:
    assert [within(Decimal(value), bound) for value in (0, 1, 2)] == [below, at, above]
    assert within(None, bound) is None


class Simple:
    """A subject that has started, with one known value and one column."""

    def value(self, name: str) -> Decimal | None:
        return {"known": Decimal(1)}.get(name)

    def lacks(self, name: str) -> bool:
        return name == "lacking"

    def has(self, wanted: Has) -> bool | None:
        return wanted.stage == "started"

    def cells(self, where: Mapping[str, Any]) -> bool | None:
        return where == {"state": "open"}


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ({"known": Decimal(1), "unknown": Decimal(1)}, U),
        ({"known": Decimal(2), "unknown": Decimal(1)}, F),
        (Some(({"known": Decimal(1)}, {"unknown": Decimal(1)})), T),
        (Every((Has(stage="started"), {"known": Decimal(1)})), T),
        (Every((Has(stage="accepted"), {"unknown": Decimal(1)})), F),
        (Not(({"known": Decimal(1)}, {"unknown": Decimal(1)})), F),
        (Not(({"known": Decimal(2)}, {"unknown": Decimal(1)})), U),
        (Not(({"known": Decimal(2)}, Has(stage="accepted"))), T),
        (Cells({"state": "open"}), T),
    ],
)
def test_a_condition_is_decided_by_what_is_known(condition: Condition, expected: bool | None) -> None:
    assert holds(condition, Simple()) is expected


def test_a_stage_is_reached_by_a_unit_when_every_project_has_reached_it() -> None:
    started, not_yet = facts("1", "1", "started"), facts("1", "1")
    assert measuring(started, started).holds(Has(stage="started")) is True
    assert measuring(started, not_yet).holds(Has(stage="started")) is False
    assert measuring().holds(Has(stage="started")) is False


def test_a_measure_that_the_regime_does_not_have_is_unknown() -> None:
    assert measuring(facts()).value("days_open") is None
    assert measuring(facts()).holds({"days_open": Bound(above=Decimal(5))}) is None


def test_what_a_row_neither_has_nor_its_project_is_measured_by_is_unknown() -> None:
    view = a_view(a_regime(), a_problem(on="2026-02-01"))
    [problem] = view.row_subjects("problem")
    assert problem.value("days_open") == 58
    assert problem.value("days_overdue") is None


def test_the_greatest_figures_that_a_regime_may_have_print_and_differ_exactly() -> None:
    figures = {f"m{n}": Weighted(weighted=(Part(of=f"m{n - 1}", weight=Decimal("9e15")),)) for n in range(1, 12)}
    regime = with_measures(
        m0=Fixed(value=Decimal("9999999999999999.999999999999999999999999999999")), **figures,
        apart=Deviation(deviation_pp="m11", against="m0"),
    )  # fmt: skip
    assert faults(regime) == []
    subject = measuring(facts(), regime=regime)
    assert all(
        Decimal(display(regime, f"m{n}", subject.value(f"m{n}"))) == subject.value(f"m{n}") for n in range(1, 12)
    )
    assert Decimal(display(regime, "apart", subject.value("apart"))) == subject.value("apart")
    assert display(regime, "m0", subject.value("m0")) == "1000000000000000000.00%"
