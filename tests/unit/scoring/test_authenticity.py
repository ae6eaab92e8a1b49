"""Do a unit's returns stand beside what inspections found, with every count, and is what is odd in them named?"""

from decimal import Decimal

from services.scoring.domain.authenticity import UnitReturns, authenticity
from services.scoring.domain.views import current_view
from tests.catalogue.case import regime
from tests.support.builders import LIST, YI, Timed, a_project, a_return, a_stage, a_year, on, until
from tests.support.facts import an_inspection
from tests.support.spec import given

CAME = ("2026-02-03 10:00", "2026-03-03 10:00", "2026-04-03 10:00", "2026-05-03 10:00")
MONTHS = ("2026-01", "2026-02", "2026-03", "2026-04")


def returns(*amounts: str | None, project: str = "p1", **changes: object) -> list[Timed]:
    said = zip(CAME, MONTHS, amounts, strict=False)
    return [on(at, a_return(project, month, yi=yi, **changes)) for at, month, yi in said]


def found(*events: Timed) -> dict[str, UnitReturns]:
    listed = (a_project("p1", total_investment_yuan=40 * YI), a_project("p2", lead="bureau-b"))
    head = a_year(*listed, regime=regime())
    ledger = (
        given(*head, a_stage("p1"), *sorted(events, key=lambda one: one.at), until("2026-05-20 00:00")).scored().ledger
    )
    view = current_view(ledger, LIST, ledger.clock)
    assert view is not None
    return {one.unit: one for one in authenticity(view)}


def kinds(*events: Timed) -> list[str]:
    return [one.kind for one in found(*events)["bureau-a"].signals]


def inspections(*yi: str) -> list[Timed]:
    days = ("2026-02-10", "2026-03-10", "2026-04-10")
    return [on(f"{day} 12:00", an_inspection(on=day, yi=amount)) for day, amount in zip(days, yi, strict=False)]


def test_the_index_is_the_mean_of_how_far_returns_lie_from_what_was_found() -> None:
    unit = found(*returns("1.1", "1.8", "4"), *inspections("1", "2", "4"))["bureau-a"]
    assert (unit.inspected, unit.compared, unit.within) == (3, 3, 1)
    assert unit.index is not None
    assert unit.mean_signed is not None
    assert f"{unit.index:.10f}" == "0.0666666667"
    assert unit.mean_signed == 0


def test_of_two_comparisons_there_is_no_index_but_their_count() -> None:
    unit = found(*returns("1.1", "1.8"), *inspections("1", "2"))["bureau-a"]
    assert (unit.compared, unit.index, unit.mean_signed) == (2, None, None)
    assert [one.relative for one in unit.comparisons] == [Decimal("0.1"), Decimal("-0.1")]


def test_each_comparison_names_the_return_and_the_inspection() -> None:
    (one,) = found(*returns("1.1", "2"), *inspections("1"))["bureau-a"].comparisons
    assert (one.period, one.reported_yuan, one.found_yuan, one.is_within) == ("2026-01", Decimal("1.1") * YI, YI, False)
    assert one.inspection
    assert one.event


def test_what_an_inspection_did_not_measure_is_compared_with_nothing() -> None:
    looked = on("2026-02-10 12:00", an_inspection(on="2026-02-10"))
    assert found(*returns("1"), looked)["bureau-a"].inspected == 0


def test_an_amount_where_nothing_was_found_is_counted_by_itself() -> None:
    unit = found(*returns("1"), *inspections("0"))["bureau-a"]
    assert (unit.inspected, unit.compared, unit.of_nothing, unit.within) == (1, 0, 1, 0)


def test_the_same_amount_three_times_on_a_site_under_way_is_a_flat_line() -> None:
    (signal,) = found(*returns("1", "2", "2", "2"))["bureau-a"].signals
    assert (signal.kind, signal.periods, signal.value) == ("flat", ("2026-02", "2026-03", "2026-04"), 2 * YI)
    assert len(signal.events) == 3
    assert kinds(*returns("1", "2", "2")) == []


def test_a_nil_return_says_openly_that_nothing_moved() -> None:
    assert kinds(*returns("2", "2", None, "2")) == []


def test_a_flat_line_of_a_project_that_has_not_started_is_none() -> None:
    unit = found(*returns("0", "0", "0", project="p2"))["bureau-b"]
    assert unit.signals == ()


def test_most_of_the_plan_in_one_period_is_a_jump_and_less_than_before_a_step_back() -> None:
    assert kinds(*returns("1", "6")) == ["jump"]
    assert kinds(*returns("2", "1")) == ["backwards"]
    assert kinds(*returns("1", "5")) == []


def test_what_came_over_a_gap_is_no_jump() -> None:
    first, _, third = returns("1", "1", "9")
    assert kinds(first, third) == []


def test_money_ahead_of_the_site_and_payments_beyond_what_is_done_are_named() -> None:
    ahead = returns("1", investment_since_start_yuan=20 * YI, physical_progress_ratio=Decimal("0.1"))
    assert kinds(*ahead) == ["ahead_of_site"]
    assert kinds(*returns("1", investment_since_start_yuan=YI, funds_paid_yuan=2 * YI)) == ["paid_beyond_completed"]
    assert kinds(*returns("1", physical_progress_ratio=Decimal("0.9"))) == []


def test_returns_of_the_last_hours_are_counted_against_those_of_the_other_units() -> None:
    last = on("2026-02-05 20:00", a_return("p1", "2026-01"))
    early = on("2026-02-02 09:00", a_return("p2", "2026-01"))
    unit = found(last, early)["bureau-a"]
    assert (unit.at_deadline.count, unit.at_deadline.of) == (1, 1)
    assert (unit.others_at_deadline.count, unit.others_at_deadline.of) == (0, 1)


def test_round_amounts_and_texts_said_again_are_counted() -> None:
    unit = found(*returns("1", "1.234567", narrative="主体施工"))["bureau-a"]
    assert (unit.round.count, unit.round.of) == (1, 2)
    assert (unit.same_narrative.count, unit.same_narrative.of) == (1, 1)
    assert found()["bureau-a"].round.share is None
