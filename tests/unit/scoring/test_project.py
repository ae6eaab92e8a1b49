"""From a record to draws: what stands in the lines, what is hit, what is parked."""

from dataclasses import replace
from decimal import Decimal

import pytest

from services.scoring.domain.draw import ENGINE
from services.scoring.project import pass_time_to, project
from shared.core.digest import digest_of_all
from shared.core.errors import CannotApply
from shared.core.events import LineDrawn, StandingsDrawn
from shared.core.ledger import Ledger
from shared.core.parking import Parked
from shared.core.regime.model import Bound, Has, Held, WorkingDays
from tests.support.builders import (
    JURISDICTION,
    LIST,
    YI,
    a_bulletin,
    a_correction,
    a_list,
    a_plan,
    a_project,
    a_regime,
    a_reporting,
    a_return,
    a_rule,
    a_stage,
    a_unit,
    a_year,
    an_adoption,
    local,
    on,
    record,
    until,
)
from tests.support.spec import given

FEBRUARY = until("2026-02-10 00:00")
RATIO = "investment_ratio"


def _ratio(*events: object, period: str = "2026-01", subject: str = "p1") -> Decimal | None:
    return given(*events).scored().line(subject, period).measures[RATIO]


# --- what counts ----------------------------------------------------------------------------------------------


def test_a_return_counts_at_the_close_of_its_period() -> None:
    assert _ratio(*a_year(), on("2026-02-03 10:00", a_return(yi="3")), FEBRUARY) == Decimal("0.25")


def test_a_return_for_a_later_period_does_not_count_yet() -> None:
    events = [*a_year(), on("2026-02-03 10:00", a_return(yi="3")), a_return(period="2026-02", yi="6"), FEBRUARY]
    assert _ratio(*events) == Decimal("0.25")


def test_missing_is_not_zero() -> None:
    line = given(*a_year(), FEBRUARY).scored().line("p1")
    assert (line.measures[RATIO], line.displayed[RATIO], line.missing_count, line.not_judged_count) == (None, "-", 1, 1)


def test_missing_counts_as_no_progress_where_the_regime_says_so() -> None:
    regime = a_regime(reporting=(a_reporting(missing="no_progress"),))
    line = given(*a_year(regime=regime), FEBRUARY).scored().line("p1")
    assert (line.measures[RATIO], line.missing_count, line.not_judged_count) == (Decimal(0), 1, 0)


def test_what_was_reported_before_stands_until_something_newer_is() -> None:
    events = [*a_year(), on("2026-02-03 10:00", a_return(yi="3")), until("2026-03-10 00:00")]
    line = given(*events).scored().line("p1", "2026-02")
    assert (line.measures[RATIO], line.missing_count) == (Decimal("0.25"), 1)


def test_a_nil_return_is_neither_missing_nor_zero() -> None:
    events = [
        *a_year(), on("2026-02-03 10:00", a_return(yi="3")),
        on("2026-03-03 10:00", a_return(period="2026-02", yi=None)), until("2026-03-10 00:00"),
    ]  # fmt: skip
    line = given(*events).scored().line("p1", "2026-02")
    assert (line.measures[RATIO], line.missing_count, line.late_count) == (Decimal("0.25"), 0, 0)


def test_the_new_year_starts_from_nothing() -> None:
    events = [
        *a_year(), on("2026-12-20 00:00", a_list(2027)), a_project(year=2027), a_return(period="2026-12", yi="12"),
        until("2027-02-10 00:00"),
    ]  # fmt: skip
    scored = given(*events).scored()
    assert scored.line("p1", "2026-12").measures[RATIO] == 1
    assert scored.line("p1", "2027-01").measures[RATIO] is None


@pytest.mark.parametrize(("when", "late"), [("2026-02-05 23:59:59.999999", 0), ("2026-02-06 00:00", 1)])
def test_a_return_at_the_due_instant_is_late_and_late_is_not_missing(when: str, late: int) -> None:
    regime = a_regime(reporting=(a_reporting(review_within=WorkingDays(working_days=3)),))
    scored = given(*a_year(regime=regime), on(when, a_return()), until("2026-02-20 00:00")).scored()
    closing = scored.line("p1")
    assert (closing.late_count, closing.missing_count) == (late, 0)
    assert scored.line("p1", kind="due").missing_count == late


# --- plans, stages, corrections -------------------------------------------------------------------------------


def test_a_later_plan_takes_the_place_of_the_listed_one_from_then_on() -> None:
    events = [*a_year(), on("2026-02-03 10:00", a_return(yi="3")), FEBRUARY, a_plan(yi="6"), until("2026-03-10 00:00")]
    assert (_ratio(*events), _ratio(*events, period="2026-02")) == (Decimal("0.25"), Decimal("0.5"))


def test_a_plan_of_zero_is_not_judged() -> None:
    events = [*a_year(a_project(plan_yi="0")), on("2026-02-03 10:00", a_return(yi="3")), FEBRUARY]
    line = given(*events).scored().line("p1")
    assert (line.measures[RATIO], line.not_judged_count) == (None, 1)


def test_a_project_has_a_plan_for_each_list() -> None:
    events = [
        *a_year(), an_adoption(list="province"), a_list(list="province"), a_project(list="province", plan_yi="24"),
        on("2026-02-03 10:00", a_return(yi="3")), FEBRUARY,
    ]  # fmt: skip
    drawn = [one for one in given(*events).scored().drawn if isinstance(one, LineDrawn) and one.subject == "p1"]
    assert {one.list: one.measures[RATIO] for one in drawn} == {
        "city": Decimal("0.25"), "province": Decimal("0.125"),
    }  # fmt: skip


def test_who_leads_a_project_next_year_does_not_answer_for_this_year() -> None:
    events = [
        *a_year(), a_unit("bureau-b"), on("2026-12-20 00:00", a_list(2027)),
        a_project(year=2027, lead="bureau-b", category="tertiary"), until("2027-02-10 00:00"),
    ]  # fmt: skip
    scored = given(*events).scored()
    assert (scored.line("p1", "2026-12").unit, scored.line("p1", "2027-01").unit) == ("bureau-a", "bureau-b")
    assert scored.line("p1", "2026-12").measures["tertiary_share"] == 0


def test_a_stage_counts_from_the_day_on_which_it_was_reached() -> None:
    events = [*a_year(), on("2026-02-03 10:00", a_stage(on="2026-02-02")), until("2026-03-10 00:00")]
    scored = given(*events).scored()
    assert (scored.line("p1").stages, scored.line("p1", "2026-02").stages) == ((), ("started",))


def test_the_stages_of_a_unit_are_those_that_all_its_projects_reached() -> None:
    events = [
        *a_year(a_project("p1"), a_project("p2")),
        a_stage("p1"),
        a_stage("p2"),
        a_stage("p1", "accepted"),
        FEBRUARY,
    ]
    assert given(*events).scored().line("bureau-a").stages == ("started",)


def test_a_correction_changes_later_draws_and_no_earlier_one() -> None:
    events = [
        *a_year(), on("2026-02-03 10:00", a_return(yi="3"), id="r1"), FEBRUARY,
        on("2026-02-20 10:00", a_correction("r1", yi="6")), until("2026-03-10 00:00"),
    ]  # fmt: skip
    assert (_ratio(*events), _ratio(*events, period="2026-02")) == (Decimal("0.25"), Decimal("0.5"))


def test_a_correction_does_not_make_a_return_late() -> None:
    events = [
        *a_year(regime=a_regime(reporting=(a_reporting(review_within=WorkingDays(working_days=9)),))),
        on("2026-02-03 10:00", a_return(yi="3"), id="r1"), on("2026-02-07 10:00", a_correction("r1", yi="6")),
        until("2026-02-28 00:00"),
    ]  # fmt: skip
    line = given(*events).scored().line("p1")
    assert (line.late_count, line.measures[RATIO]) == (0, Decimal("0.5"))


# --- draws ----------------------------------------------------------------------------------------------------


def test_a_draw_is_closed_by_a_statement_that_counts_and_digests_it() -> None:
    scored = given(*a_year(), FEBRUARY).scored()
    *lines, drawn = scored.draws["city:close:2026-01:2026-02-05T16:00:00Z"]
    assert isinstance(drawn, StandingsDrawn)
    assert (drawn.count, drawn.digest) == (len(lines), digest_of_all(lines))
    assert (drawn.kind, drawn.period, drawn.regime_version, drawn.engine) == ("close", "2026-01", 1, ENGINE)
    assert drawn.position == len(a_year()), "the record before the event that let the moment pass"


def test_lines_are_projects_then_units_then_the_list() -> None:
    scored = given(*a_year(a_project("p1"), a_project("p2", lead="bureau-b")), FEBRUARY).scored()
    subjects = [(one.subject_kind, one.subject) for one in scored.lines("2026-01")]
    assert subjects == [
        ("project", "p1"),
        ("project", "p2"),
        ("unit", "bureau-a"),
        ("unit", "bureau-b"),
        ("list", "city"),
    ]


def test_a_moment_is_drawn_even_if_nothing_changed() -> None:
    assert given(*a_year(), until("2026-04-10 00:00")).scored().moments == [
        "close 2026-01", "close 2026-02", "close 2026-03", "issue 2026-Q1",
    ]  # fmt: skip


def test_an_empty_list_is_drawn_too() -> None:
    events = [one for one in a_year() if one != a_project()]
    (line,) = given(*events, FEBRUARY).scored().lines("2026-01")
    assert (line.subject_kind, line.project_count, line.stages, line.light) == ("list", 0, (), None)


def test_figures_of_november_are_not_the_years_even_when_judged_in_january() -> None:
    reporting = a_reporting(review_within=WorkingDays(working_days=23))
    events = [*a_year(regime=a_regime(reporting=(reporting,))), a_stage(), a_return(period="2026-11", yi="12"),
              until("2027-03-01 00:00")]  # fmt: skip
    scored = given(*events).scored()
    november, december = scored.line("bureau-a", "2026-11"), scored.line("bureau-a", "2026-12")
    assert november.moment > "city:close:2026-11:2027"
    assert (november.points["base"], december.points["base"]) == (None, Decimal(60))


def test_amounts_are_summed_over_what_is_known() -> None:
    events = [
        *a_year(a_project("p1"), a_project("p2", plan_yi=None)),
        on("2026-02-03 10:00", a_return("p2", yi="3")),
        FEBRUARY,
    ]
    line = given(*events).scored().line("bureau-a")
    assert line.amounts_yuan == {"investment_completed": 3 * YI, "annual_planned_investment": 12 * YI}


@pytest.mark.parametrize(
    ("done", "light"), [("1", "green"), ("1.5", "green"), ("0.99", "yellow"), ("0", "yellow"), (None, None)]
)
def test_the_first_light_whose_condition_holds_is_shown(done: str | None, light: str | None) -> None:
    events = [*a_year(), on("2026-02-03 10:00", a_return(yi=done)), FEBRUARY]
    assert given(*events).scored().line("p1").light == light


def test_a_project_far_behind_is_red() -> None:
    events = [*a_year(), a_return(yi="0"), until("2026-06-10 00:00")]
    assert given(*events).scored().line("p1", "2026-05").light == "red"


# --- streaks --------------------------------------------------------------------------------------------------


def _months(*done: str) -> list[object]:
    """Report each month's amount in time."""
    return [
        on(f"2026-{month + 1:02d}-03 10:00", a_return(period=f"2026-{month:02d}", yi=yi))
        for month, yi in enumerate(done, start=1)
    ]


def _hits(consecutive: int, *done: str) -> list[tuple[str, str, int]]:
    regime = a_regime(supervision_rules=(a_rule(held=Held(consecutive=consecutive, of="monthly")),))
    end = until(f"2026-{len(done) + 1:02d}-28 00:00")
    return given(*a_year(regime=regime), *_months(*done), end).scored().hits


def test_a_rule_is_hit_at_each_close_at_which_it_holds() -> None:
    assert _hits(1, "0", "0", "0") == [("2026-02", "p1", 1), ("2026-03", "p1", 2)]


def test_a_rule_must_hold_as_often_in_a_row_as_it_says() -> None:
    assert _hits(2, "0", "0", "0", "0") == [("2026-03", "p1", 2), ("2026-04", "p1", 3)]


def test_a_gap_starts_the_count_again() -> None:
    assert _hits(2, "0", "0", "3", "3", "3", "3") == [("2026-06", "p1", 2)]


def test_exactly_ten_points_behind_is_not_more_than_ten() -> None:
    assert _hits(1, "0", "0.8") == []
    assert _hits(1, "0", "0.79") == [("2026-02", "p1", 1)]


def test_a_streak_goes_on_over_the_years_end() -> None:
    regime = a_regime(
        supervision_rules=(a_rule(when={"start_rate": Decimal(0)}, held=Held(consecutive=2, of="monthly")),)
    )
    events = [
        *a_year(regime=regime), on("2026-12-20 00:00", a_list(2027)), a_project(year=2027), until("2027-02-10 00:00"),
    ]  # fmt: skip
    assert given(*events).scored().hits[-2:] == [("2026-12", "p1", 12), ("2027-01", "p1", 13)]


def test_a_rule_about_units_sees_the_stages_of_all_their_projects() -> None:
    rule = a_rule(about="unit", when=Has(stage="started"))
    events = [*a_year(a_project("p1"), a_project("p2"), regime=a_regime(supervision_rules=(rule,))), a_stage("p1")]
    assert given(*events, FEBRUARY).scored().hits == []
    assert given(*events, a_stage("p2"), FEBRUARY).scored().hits == [("2026-01", "bureau-a", 1)]


def test_what_is_unknown_hits_no_rule() -> None:
    rule = a_rule(when={"investment_ratio": Bound(below=Decimal(1))})
    assert given(*a_year(regime=a_regime(supervision_rules=(rule,))), FEBRUARY).scored().hits == []


# --- what cannot be applied -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("event", "reason"),
    [
        (a_return("nobody"), "not listed"),
        (a_stage("nobody"), "not listed"),
        (a_plan("nobody", yi="1"), "not listed"),
        (a_plan(yi="1", year=2027), "not on list"),
        (replace(a_return(), period="2026-13"), "not a period"),
        (a_correction("e1", yi="1"), "no return of p1 has the event e1"),
        (a_correction("r1", yi="1", project="p2"), "no return of p2 has the event r1"),
        (a_correction("r0", yi="1"), "or it was replaced"),
        (a_return(yi="1E+100"), "too large"),
        (a_plan(yi="1E-30"), "too fine"),
        (a_project(total_investment_yuan=Decimal("1E+999999")), "too large"),
    ],
)
def test_what_cannot_be_applied_leaves_the_ledger_exactly_as_it_was(event: object, reason: str) -> None:
    head = [*a_year(a_project("p1"), a_project("p2")), on("2026-01-20 10:00", a_return(), id="r0"),
            on("2026-01-21 10:00", a_return(), id="r1")]  # fmt: skip
    *before, last = record(*head, on("2026-03-20 10:00", event))
    ledger = Ledger(JURISDICTION)
    for one in before:
        project(ledger, one)
    as_it_was = (ledger.digest(), ledger.position, ledger.clock)
    with pytest.raises(CannotApply, match=reason):
        project(ledger, last)
    assert (ledger.digest(), ledger.position, ledger.clock) == as_it_was


def test_a_refused_event_loses_none_of_the_moments_before_it() -> None:
    *before, bad, good = record(*a_year(), on("2026-02-20 10:00", a_return("nobody")), until("2026-02-21 00:00"))
    ledger, drawn = Ledger(JURISDICTION), []
    for one in [*before, good]:
        drawn.extend(project(ledger, one))
    again = Ledger(JURISDICTION)
    for one in before:
        project(again, one)
    with pytest.raises(CannotApply):
        project(again, bad)
    assert project(again, good) == drawn


def test_a_second_bulletin_of_a_cadence_has_a_draw_of_its_own() -> None:
    regime = a_regime(bulletins=(a_bulletin(), a_bulletin(id="twin")))
    moments = given(*a_year(regime=regime), until("2026-04-30 00:00")).scored().moments
    assert moments.count("issue 2026-Q1") == 1, "issued at one instant: one moment, one draw"


@pytest.mark.parametrize(
    ("kind", "entity", "counts"),
    [
        ("permit", "p1", 1), ("listing", "p1", 1), ("project", "p9", 0), ("permit", "p9", 0), ("project", "pnew", 1),
        ("person", "head-a", 1), ("matter", "m1", 1), ("incident", "i1", 1), ("unit", "u1", 1),
        ("notice", "n1", 0), ("bulletin", "b1", 0),
    ],
)  # fmt: skip
def test_what_may_change_a_lists_figures_counts_against_it_while_it_is_parked(
    kind: str, entity: str, counts: int
) -> None:
    other = [a_list(list="town"), a_project("p9", list="town")]
    ledger = given(*a_year(), *other, on("2026-02-03 10:00", a_return())).scored().ledger
    drawn = pass_time_to(ledger, local("2026-02-10 00:00"), parked=[Parked(kind, entity, 99, "a reason")])
    assert {one.parked_count for one in drawn if isinstance(one, StandingsDrawn) and one.list == LIST} == {counts}
