"""The rows of every table: which there are, whose they are, and what their derived columns say as of a day."""

from decimal import Decimal
from typing import Any, cast, get_args

import pytest

from services.scoring.domain.row import Row
from shared.core.errors import CannotApply
from shared.core.events import Decision
from shared.core.ledger import Ledger
from shared.core.matters import proposed_id
from shared.core.regime.due import Due
from shared.core.regime.language import Has
from shared.core.regime.model import AppealRight, Days, Regime, Task
from shared.core.regime.terms import COLUMNS, Table
from tests.support.asking import after, folded, row_on, rows_on
from tests.support.builders import a_list, a_plan, a_project, a_regime, a_reporting, a_return, a_unit, a_year, on
from tests.support.facts import (
    a_decided_objection,
    a_decision,
    a_failed_contact,
    a_filing,
    a_finding,
    a_giving_back,
    a_loss,
    a_mark,
    a_matter,
    a_meeting,
    a_milestone,
    a_milestone_reached,
    a_pause,
    a_payment,
    a_permit,
    a_post,
    a_problem,
    a_refusal,
    a_reminder,
    a_reopening,
    a_report,
    a_report_up,
    a_responsibility,
    a_review,
    a_round,
    a_round_report,
    a_signature,
    a_solution,
    a_striking_off,
    a_tour,
    a_verification,
    a_visit,
    an_absence,
    an_acceptance,
    an_allocation,
    an_arrival,
    an_assignment,
    an_award,
    an_escalation,
    an_exit,
    an_exit_request,
    an_exit_step,
    an_extension,
    an_external_result,
    an_incident,
    an_inspection,
    an_issue,
    an_objection,
    an_override,
    day,
    minutes,
    yuan,
)

OWN = {"project", "unit", "person", "on"}

# --- all tables ---------------------------------------------------------------------------------------------------


def _everything() -> Ledger:
    """A record with at least one row in each table that is made of the record."""
    return after(
        a_plan(yi="10", milestones=(a_milestone(),), permits=(a_permit(),)), a_return(), a_problem(), a_matter(),
        a_visit(), an_inspection(findings=(a_finding(),)), a_round(), a_meeting(), an_absence(), an_incident(),
        a_failed_contact(), an_allocation(), a_tour(), a_mark(), an_exit_request(), an_external_result("p1"),
        an_award("p1"), a_loss("p1"), a_report_up(), minutes(decisions=(a_decision(project="p1"),)), an_override(),
        a_responsibility(),
    )  # fmt: skip


@pytest.mark.parametrize("table", [one for one in get_args(Table) if one not in {"duty", "requirement"}])
def test_the_cells_of_a_row_are_exactly_the_columns_of_its_table(table: Table) -> None:
    ledger = _everything()
    found = [row for owner in ("p1", "bureau-a", "") for row in rows_on(ledger, table, "2026-12-31", owner)]
    assert found
    for row in found:
        assert set(row.cells) == set(COLUMNS[table]) - OWN
        for name, cell in row.cells.items():
            kinds = {"text": str, "number": Decimal, "flag": bool, "date": str}
            assert cell is None or isinstance(cell, kinds[COLUMNS[table][name]]), (name, cell)


@pytest.mark.parametrize("table", get_args(Table))
def test_who_has_nothing_has_no_rows(table: Table) -> None:
    assert not rows_on(_everything(), table, "2026-12-31", "nobody")


@pytest.mark.parametrize("table", ["duty", "requirement"])
def test_what_is_made_from_rules_is_made_elsewhere(table: Table) -> None:
    assert not rows_on(_everything(), table, "2026-12-31")


@pytest.mark.parametrize("table", ["incident", "duty_visit", "funds", "problem", "matter", "round", "inspection"])
def test_what_happens_after_the_day_is_not_there_yet(table: Table) -> None:
    ledger = _everything()
    assert not rows_on(ledger, table, "2026-03-01")
    assert rows_on(ledger, table, "2026-03-02")


def test_a_row_about_a_project_without_a_unit_of_its_own_is_its_lead_units() -> None:
    assert row_on(after(a_visit()), "duty_visit", "2026-12-31").unit == "bureau-a"


def test_what_is_about_a_project_of_another_list_is_not_a_row_of_this_one() -> None:
    other = a_list(list="other", name="Others")
    ledger = folded(*a_year(), other, a_project("q9", list="other"), an_incident(projects=("q9",), units=("bureau-a",)))
    assert not rows_on(ledger, "incident", "2026-12-31", "bureau-a")
    assert rows_on(ledger, "incident", "2026-12-31", "bureau-a", list="other")


def test_more_rows_than_a_page_holds_are_all_found_in_the_order_of_the_record() -> None:
    ledger = after(*(an_incident(f"i{number}") for number in range(300)))
    assert [row.id for row in rows_on(ledger, "incident", "2026-12-31")] == [f"i{number}" for number in range(300)]


# --- returns ------------------------------------------------------------------------------------------------------


def _return(ledger: Ledger, on_day: str, period: str = "2026-01", **changes: Any) -> Row:
    (one,) = (row for row in rows_on(ledger, "return", on_day, **changes) if row.cells["period"] == period)
    return one


def test_every_period_that_has_begun_has_a_row() -> None:
    found = rows_on(after(), "return", "2026-03-02")
    assert [row.cells["period"] for row in found] == ["2026-01", "2026-02", "2026-03"]
    assert {row.cells["cadence"] for row in found} == {"monthly"}


def test_a_return_counts_in_the_window_in_which_its_period_ends() -> None:
    assert _return(after(on("2026-02-03 10:00", a_return())), "2026-03-02").on == day("2026-01-31")


@pytest.mark.parametrize(
    ("recorded", "asked_on", "state", "days_late"),
    [
        (None, "2026-01-20", "not_due", 0),
        (None, "2026-02-04", "not_due", 0),
        (None, "2026-02-05", "missing", 1),
        (None, "2026-02-08", "missing", 4),
        ("2026-02-05 23:59", "2026-02-28", "on_time", 0),
        ("2026-02-06 00:00", "2026-02-28", "late", 1),
        ("2026-02-09 09:00", "2026-02-28", "late", 4),
    ],
)
def test_a_return_is_missing_only_once_it_is_due_and_late_from_then_on(
    recorded: str | None, asked_on: str, state: str, days_late: int
) -> None:
    """Due on the 5th. At the end of a day it is 00:00 of the next, so the 5th is over."""
    row = _return(after(*([on(recorded, a_return())] if recorded else [])), asked_on)
    assert (row.cells["state"], row.cells["days_late"]) == (state, Decimal(days_late))


def test_without_a_day_by_which_it_is_due_nothing_is_late_or_missing() -> None:
    ledger = after(on("2026-03-20 10:00", a_return()), regime=a_regime(reporting=(a_reporting(due=None),)))
    assert _return(ledger, "2026-12-31").cells["state"] == "on_time"
    assert _return(ledger, "2026-12-31", "2026-02").cells["state"] == "not_due"


def test_a_return_that_nobody_asked_for_has_a_row_too() -> None:
    row = _return(after(on("2026-03-20 10:00", a_return(period="2026-W03"))), "2026-03-31", "2026-W03")
    assert (row.cells["state"], row.cells["cadence"]) == ("on_time", "weekly")


def test_nothing_is_owed_that_was_due_before_the_project_was_listed_or_after_it_left() -> None:
    ledger = after(on("2026-03-02 10:00", a_project("p2")), an_exit("p2", "2026-06-15"))
    owed = [row.cells["period"] for row in rows_on(ledger, "return", "2026-12-31", "p2")]
    assert owed == ["2026-02", "2026-03", "2026-04", "2026-05"]


def test_a_return_is_of_the_unit_that_reports_for_the_project() -> None:
    regime = a_regime(reporting=(a_reporting(filed_by="reporting_lead"),))
    ledger = after(a_unit("group"), a_responsibility(role="reporting_lead", unit="group"), regime=regime)
    assert _return(ledger, "2026-03-31").unit == "group"
    assert _return(after(regime=regime), "2026-03-31").unit == "bureau-a"


def test_a_return_says_what_it_says() -> None:
    said = a_return(yi=None, channel="email", physical_progress_ratio=Decimal("0.4"))
    cells = _return(after(said, a_signature()), "2026-03-31").cells
    assert (cells["is_nil"], cells["is_signed"], cells["channel"]) == (True, True, "email")
    assert cells["physical_progress_ratio"] == Decimal("0.4")
    assert _return(after(a_return()), "2026-03-31").cells["is_signed"] is False


def test_of_a_missing_return_it_is_not_known_whether_it_is_nil_or_signed() -> None:
    cells = _return(after(), "2026-03-31").cells
    assert (cells["is_nil"], cells["is_signed"], cells["fault"], cells["review"]) == (None, None, "", "unreviewed")


@pytest.mark.parametrize(
    ("first", "second", "fault"),
    [
        ({}, {}, ""),
        ({}, {"is_malformed": True}, "malformed"),
        ({"narrative": "Works go on."}, {"narrative": " Works go on. "}, "copied"),
        ({"narrative": "Works go on."}, {"narrative": "The roof is on."}, ""),
        ({"narrative": ""}, {"narrative": ""}, ""),
    ],
)
def test_a_fault_of_a_return_can_be_seen_by_its_form_and_its_words(
    first: dict[str, Any], second: dict[str, Any], fault: str
) -> None:
    ledger = after(
        on("2026-02-03 10:00", a_return(**first)), on("2026-03-03 10:00", a_return(period="2026-02", **second))
    )
    assert _return(ledger, "2026-03-31", "2026-02").cells["fault"] == fault


def test_words_are_compared_over_the_turn_of_the_year() -> None:
    ledger = after(
        a_return(period="2025-12", narrative="Works go on."), on("2026-02-03 10:00", a_return(narrative="Works go on."))
    )
    assert _return(ledger, "2026-03-31").cells["fault"] == "copied"


def test_returns_of_several_periods_that_come_on_one_day_are_bundled() -> None:
    both = [on("2026-03-03 10:00", a_return()), on("2026-03-03 17:00", a_return(period="2026-02"))]
    assert {_return(after(*both), "2026-03-31", one).cells["fault"] for one in ("2026-01", "2026-02")} == {"bundled"}
    by_quarter = on("2026-03-03 10:00", a_return(period="2026-Q1"))
    assert _return(after(by_quarter, both[0]), "2026-03-31").cells["fault"] == ""


def test_what_the_reviewer_found_wrong_goes_before_what_can_be_seen() -> None:
    ledger = after(a_return(is_malformed=True), a_review(fault="falsification"))
    assert _return(ledger, "2026-03-31").cells["fault"] == "falsification"


@pytest.mark.parametrize(
    ("reviews", "review"),
    [
        ((), "unreviewed"),
        ((a_review(),), "unreviewed"),
        ((a_review(), a_review(step="drc")), "approved"),
        ((a_review(), a_review(verdict="returned", step="drc")), "returned"),
        ((a_review(verdict="adjusted", yi="2"), a_review(step="drc")), "adjusted"),
        ((a_review(step="somebody"),), "approved"),
    ],
)
def test_a_return_is_reviewed_once_all_reviewers_have_spoken(reviews: tuple[Any, ...], review: str) -> None:
    regime = a_regime(reporting=(a_reporting(review=("assessment_office", "drc")),))
    assert _return(after(a_return(), *reviews, regime=regime), "2026-03-31").cells["review"] == review


# --- milestones ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("reached", "asked_on", "state", "overdue", "left"),
    [
        (None, "2026-06-20", "pending", 0, 10),
        (None, "2026-06-30", "pending", 0, 0),
        (None, "2026-07-03", "overdue", 3, 0),
        ("2026-06-30", "2026-07-03", "reached", 0, None),
        ("2026-07-02", "2026-07-03", "reached_late", 2, None),
        ("2026-07-02", "2026-07-01", "overdue", 1, 0),
    ],
)
def test_a_milestone_is_asked_as_of_a_day(
    reached: str | None, asked_on: str, state: str, overdue: int, left: int | None
) -> None:
    events = [a_plan(yi="12", milestones=(a_milestone(),)), *([a_milestone_reached(on=reached)] if reached else [])]
    row = row_on(after(*events), "milestone", asked_on)
    assert (row.cells["state"], row.cells["days_overdue"]) == (state, Decimal(overdue))
    assert row.cells["days_left"] == (None if left is None else Decimal(left))


def test_a_milestone_counts_on_the_day_on_which_it_was_reached_else_is_due() -> None:
    planned = a_plan(yi="12", milestones=(a_milestone(),))
    assert row_on(after(planned), "milestone", "2026-03-31").on == day("2026-06-30")
    assert row_on(after(planned, a_milestone_reached(on="2026-05-02")), "milestone", "2026-05-31").on == day(
        "2026-05-02"
    )


def test_an_extension_moves_the_day_on_which_a_milestone_is_due() -> None:
    extended = an_extension(project="p1", item="roof", old="2026-06-30", new="2026-09-30")
    row = row_on(after(a_plan(yi="12", milestones=(a_milestone(),)), extended), "milestone", "2026-07-31")
    assert (row.cells["state"], row.cells["is_extended"], row.cells["due_on"]) == ("pending", True, "2026-09-30")


def test_a_later_plan_that_names_an_extended_milestone_takes_the_place_of_the_extension() -> None:
    extended = an_extension(project="p1", item="roof", old="2026-06-30", new="2026-09-30")
    plans = [a_plan(yi="12", milestones=(a_milestone(due_on=due),)) for due in ("2026-06-30", "2026-07-15")]
    row = row_on(after(plans[0], extended, plans[1]), "milestone", "2026-07-31")
    assert (row.cells["state"], row.cells["is_extended"]) == ("overdue", False)


def test_a_milestone_is_found_by_its_project_and_by_whom_it_names() -> None:
    named = a_milestone(unit="bureau-b", person="builder")
    ledger = after(a_unit("bureau-b"), a_plan(yi="12", milestones=(named, a_milestone("cellar"))))
    assert [row.id for row in rows_on(ledger, "milestone", "2026-03-31")] == ["p1/roof", "p1/cellar"]
    for owner in ("bureau-b", "builder"):
        row = row_on(ledger, "milestone", "2026-03-31", owner)
        assert (row.id, row.unit, row.person) == ("p1/roof", "bureau-b", "builder")


def test_a_milestone_that_no_plan_names_was_reached_all_the_same() -> None:
    row = row_on(after(a_milestone_reached(milestone="fence")), "milestone", "2026-03-31")
    assert (row.cells["state"], row.cells["due_on"]) == ("reached", None)


def _scheduled(*tasks: Task) -> Regime:
    return a_regime(schedule=tasks)


def test_the_schedule_of_the_rules_gives_every_object_milestones_counted_from_its_own_dates() -> None:
    task = Task(id="permits_in", of="milestone", due=Due(before=Days(days=30), anchor="planned_start_on"))
    year = a_year(a_project(planned_start_on=day("2026-05-31")), a_project("p2"), regime=_scheduled(task))
    row = row_on(folded(*year), "milestone", "2026-05-03")
    assert (row.cells["milestone"], row.cells["state"], row.cells["due_on"]) == ("permits_in", "overdue", "2026-05-01")
    unknown = row_on(folded(*year), "milestone", "2026-05-03", "p2")
    assert (unknown.cells["state"], unknown.cells["due_on"], unknown.cells["days_left"]) == ("pending", None, None)


def test_a_plan_says_better_than_the_schedule_when_a_milestone_is_due() -> None:
    task = Task(id="roof", of="milestone", due=Due(on="05-31", anchor="period_end", of="same_period"))
    ledger = after(regime=_scheduled(task))
    assert row_on(ledger, "milestone", "2026-03-31").cells["due_on"] == "2026-05-31"
    planned = after(a_plan(yi="12", milestones=(a_milestone(),)), regime=_scheduled(task))
    assert row_on(planned, "milestone", "2026-03-31").cells["due_on"] == "2026-06-30"


def test_the_schedule_covers_only_whom_it_is_about() -> None:
    task = Task(id="roof", of="milestone", due=Due(on="05-31", of="same_period"), among=Has(tag="poverty"))
    ledger = after(regime=_scheduled(task))
    assert not rows_on(ledger, "milestone", "2026-03-31", meets=lambda project, condition: False)
    assert rows_on(ledger, "milestone", "2026-03-31", meets=lambda project, condition: project == "p1")


# --- permits ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("moves", "state", "holder", "held"),
    [
        ((), "not_filed", "", None),
        ((a_filing(),), "filed", "office", 5),
        ((a_filing(), an_acceptance(on="2026-03-04")), "accepted", "office", 3),
        ((an_acceptance(on="2026-03-04", gaps=("a map",)),), "accepted_with_gaps", "office", 3),
        ((a_filing(), a_giving_back(on="2026-03-06")), "returned", "owner", 1),
        ((a_filing(), an_issue(on="2026-03-06")), "issued", "", None),
        ((a_filing(), a_refusal(on="2026-03-06")), "refused", "", None),
        ((a_filing(), an_issue(on="2026-03-10")), "filed", "office", 5),
    ],
)
def test_the_clock_of_a_permit_runs_on_whoever_holds_the_file(
    moves: tuple[Any, ...], state: str, holder: str, held: int | None
) -> None:
    """Filed on Monday the 2nd; asked on Monday the 9th, five working days later."""
    row = row_on(after(a_plan(yi="12", permits=(a_permit(),)), *moves), "permit", "2026-03-09")
    assert (row.cells["state"], row.cells["holder"]) == (state, holder)
    assert row.cells["days_held"] == (None if held is None else Decimal(held))
    assert row.cells["has_gaps"] is (state == "accepted_with_gaps")


def test_a_permit_may_need_several_offices_and_be_given_back_more_than_once() -> None:
    moves = [a_giving_back(), a_giving_back(), an_issue(office="land-office"), an_issue(office="fire-office")]
    cells = row_on(after(*moves, an_issue(office="fire-office")), "permit", "2026-03-31").cells
    assert (cells["times_returned"], cells["offices"], cells["office"]) == (Decimal(2), Decimal(2), "fire-office")


GAPS = an_acceptance(on="2026-03-04", gaps=("a map",), gaps_due_on=day("2026-03-20"))


@pytest.mark.parametrize(
    ("moves", "asked_on", "is_overdue"),
    [
        ((), "2026-05-31", False),
        ((), "2026-06-01", True),
        ((a_filing(),), "2026-06-01", True),
        ((a_refusal(),), "2026-06-01", True),
        ((an_issue(),), "2026-06-01", False),
        ((an_extension(project="p1", item="land", old="2026-05-31", new="2026-06-30"),), "2026-06-01", False),
        (
            (an_extension(project="p1", item="land", old="2026-05-31", new="2026-06-30", approver=""),),
            "2026-06-01",
            True,
        ),
        ((GAPS,), "2026-03-20", False),
        ((GAPS,), "2026-03-21", True),
        ((GAPS, an_acceptance(on="2026-03-19")), "2026-03-21", False),
        ((GAPS, an_issue(on="2026-03-23")), "2026-03-22", True),
        ((GAPS, an_issue(on="2026-03-23")), "2026-03-23", False),
        ((an_acceptance(on="2026-03-04", gaps=("a map",)),), "2026-03-21", False),
    ],
)
def test_a_permit_is_overdue_after_its_day_until_it_is_issued(
    moves: tuple[Any, ...], asked_on: str, *, is_overdue: bool
) -> None:
    row = row_on(after(a_plan(yi="12", permits=(a_permit(),)), *moves), "permit", asked_on)
    assert row.cells["is_overdue"] is is_overdue


def test_a_permit_counts_on_the_day_of_its_last_move_else_on_that_on_which_it_is_due() -> None:
    planned = a_plan(yi="12", permits=(a_permit(level="county"),))
    row = row_on(after(planned), "permit", "2026-03-31")
    assert (row.on, row.cells["level"], row.cells["due_on"]) == (day("2026-05-31"), "county", "2026-05-31")
    assert row_on(after(planned, a_filing()), "permit", "2026-03-31").on == day("2026-03-02")
    undated = on("2026-01-20 10:00", a_plan(yi="12", permits=(a_permit(due_on=None),)))
    assert row_on(after(undated), "permit", "2026-03-31").on == day("2026-01-20")


def test_the_schedule_of_the_rules_asks_permits_of_every_object() -> None:
    task = Task(id="bulk", of="permit", due=Due(on="06-30", of="same_period"), office="land_office")
    row = row_on(after(regime=_scheduled(task)), "permit", "2026-07-01")
    assert (row.cells["office"], row.cells["state"], row.cells["is_overdue"]) == ("land_office", "not_filed", True)
    assert (
        row_on(after(a_filing(permit="bulk"), regime=_scheduled(task)), "permit", "2026-07-01").cells["state"]
        == "filed"
    )


# --- problems -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("events", "state", "needs", "days_open"),
    [
        ((), "open", "drc", 8),
        ((an_escalation(on="2026-03-05"),), "escalated", "county_meeting", 8),
        ((an_escalation(on="2026-03-05"), a_solution(on="2026-03-08")), "solved", "county_meeting", 6),
        ((an_escalation(on="2026-03-11"), a_solution(on="2026-03-20")), "open", "drc", 8),
    ],
)
def test_a_problem_is_open_until_it_is_solved(events: tuple[Any, ...], state: str, needs: str, days_open: int) -> None:
    row = row_on(after(a_problem(needs="drc", owner="bureau-a"), *events), "problem", "2026-03-10")
    assert (row.cells["state"], row.cells["needs"], row.cells["days_open"]) == (state, needs, Decimal(days_open))
    assert (row.cells["owner"], row.cells["obstacle"], row.on) == ("bureau-a", "land", day("2026-03-02"))


@pytest.mark.parametrize(
    ("events", "has_solution"),
    [
        ((a_problem(),), False),
        ((a_problem(solution="Other land."),), True),
        ((a_problem(), an_escalation(proposal="Other land.")), True),
        ((a_problem(), a_solution()), True),
    ],
)
def test_each_problem_has_its_own_solution(events: tuple[Any, ...], *, has_solution: bool) -> None:
    assert row_on(after(*events), "problem", "2026-03-10").cells["has_solution"] is has_solution


# --- matters ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("events", "state", "overdue"),
    [
        ((), "open", 4),
        ((an_assignment(),), "assigned", 4),
        ((an_assignment(due_on=day("2026-03-18")),), "assigned", 2),
        ((an_assignment(), a_reminder()), "assigned", 4),
        ((an_extension(new="2026-03-19"),), "open", 1),
        ((a_report(on="2026-03-16"),), "reported", 0),
        ((a_report(on="2026-03-17"),), "reported", 1),
        ((a_report(on="2026-03-16"), a_report(on="2026-03-18")), "reported", 0),
        ((a_report(on="2026-03-16"), a_verification(on="2026-03-19")), "verified", 0),
        ((an_assignment(), a_report(), a_verification(is_done=False)), "assigned", 4),
        ((a_report(), a_verification(is_done=False)), "open", 4),
        ((a_striking_off(on="2026-03-18"),), "struck_off", 2),
        ((a_striking_off(), a_reopening(on="2026-03-10")), "reopened", 4),
        ((a_striking_off(on="2026-03-25"),), "open", 4),
    ],
)
def test_a_matter_is_followed_until_it_is_struck_off(events: tuple[Any, ...], state: str, overdue: int) -> None:
    """Due on the 16th, asked on the 20th: what was reported as done stops the clock, unless that is denied."""
    row = row_on(after(a_matter(), *events), "matter", "2026-03-20")
    assert (row.cells["state"], row.cells["days_overdue"]) == (state, Decimal(overdue))


def test_a_matter_without_a_day_is_never_overdue() -> None:
    cells = row_on(after(a_matter(due_on=None)), "matter", "2026-12-31").cells
    assert (cells["days_overdue"], cells["due_on"]) == (Decimal(0), None)


def test_a_matter_counts_its_reminders_and_how_often_it_came_back() -> None:
    events = [
        a_reminder(),
        a_reminder(on="2026-03-09"),
        a_striking_off(),
        a_reopening(),
        a_striking_off(),
        a_reopening(),
    ]
    cells = row_on(after(a_matter(), *events), "matter", "2026-03-05").cells
    assert (cells["times_reminded"], cells["times_reopened"]) == (Decimal(1), Decimal(2))


def test_a_matter_is_open_from_its_opening_to_its_being_struck_off() -> None:
    ledger = after(a_matter(), a_striking_off(on="2026-03-12"))
    assert row_on(ledger, "matter", "2026-03-10").cells["days_open"] == Decimal(8)
    assert row_on(ledger, "matter", "2026-12-31").cells["days_open"] == Decimal(10)


def test_a_matter_is_answered_if_somebody_was_told_its_result() -> None:
    told, not_told = a_striking_off(answered=("public",)), a_striking_off()
    assert row_on(after(a_matter(), told), "matter", "2026-03-10").cells["is_answered"] is True
    assert row_on(after(a_matter(), not_told), "matter", "2026-03-10").cells["is_answered"] is False


def test_whom_a_matter_has_answered_is_known_until_it_comes_back() -> None:
    events = (a_matter(), a_striking_off(on="2026-03-05", answered=("source", "public")), a_reopening(on="2026-03-08"))
    answered = [row_on(after(*events), "matter", f"2026-03-0{day}").cells["answered"] for day in (4, 5, 8)]
    assert answered == ["", "source public", ""]


def test_whose_cause_it_was_and_whether_the_reason_is_accepted_is_what_the_last_verification_said() -> None:
    ledger = after(a_matter(), a_verification(is_done=False, cause="subjective", is_reason_accepted=False))
    cells = row_on(ledger, "matter", "2026-03-10").cells
    assert (cells["cause"], cells["is_reason_accepted"], cells["source"]) == ("subjective", False, "directive")
    assert row_on(after(a_matter()), "matter", "2026-03-10").cells["is_reason_accepted"] is None


@pytest.mark.parametrize(
    ("events", "is_paused"),
    [
        ((), False),
        ((a_pause(until_on="2026-03-10"),), True),
        ((a_pause(until_on="2026-03-09"),), False),
        ((a_pause(),), True),
        ((a_pause(), an_objection(), a_decided_objection()), False),
        ((a_pause(), a_reminder()), False),
        ((a_pause(), a_report()), True),
        ((a_pause(until_on="2026-03-10"), a_reminder()), True),
        ((an_objection(),), True),
        ((an_objection(), a_decided_objection()), False),
    ],
)
def test_a_matter_waits_until_a_day_or_until_the_office_acts_again_or_an_objection_is_decided(
    events: tuple[Any, ...], *, is_paused: bool
) -> None:
    right = AppealRight(file_within=Days(days=30), decide_within=Days(days=30))
    ledger = after(a_matter(), *events, regime=a_regime(appeal_right=right))
    assert row_on(ledger, "matter", "2026-03-10").cells["is_paused"] is is_paused


def test_an_objection_pauses_nothing_where_the_regime_does_not_say_so() -> None:
    right = AppealRight(file_within=Days(days=30), decide_within=Days(days=30), pauses="nothing")
    for regime in (a_regime(), a_regime(appeal_right=right)):
        row = row_on(after(a_matter(), an_objection(), regime=regime), "matter", "2026-03-10")
        assert row.cells["is_paused"] is False


def test_an_objection_that_is_upheld_ends_the_matter() -> None:
    right = AppealRight(file_within=Days(days=30), decide_within=Days(days=30))
    ended, goes_on = (
        row_on(
            after(a_matter(), an_objection(), a_decided_objection(upheld=upheld), regime=a_regime(appeal_right=right)),
            "matter", "2026-03-10",
        ).cells
        for upheld in (True, False)
    )  # fmt: skip
    assert (ended["state"], ended["is_paused"], goes_on["state"]) == ("struck_off", False, "open")


def test_of_a_matter_that_a_rule_proposed_nothing_is_kept_until_somebody_opens_it() -> None:
    proposed = proposed_id("a hit")
    acts = a_pause(proposed), a_reminder(proposed), a_striking_off(proposed)
    assert after(*acts).digest() == after().digest()
    opened = row_on(after(a_matter(proposed, source="rule"), *acts), "matter", "2026-03-10")
    assert (opened.cells["state"], opened.cells["times_reminded"]) == ("struck_off", Decimal(1))
    with pytest.raises(CannotApply, match="no matter m-1 was opened"):
        after(a_pause("m-1"))


def test_a_matter_is_found_by_its_project_and_by_who_handles_it_now() -> None:
    ledger = after(a_unit("bureau-b"), a_matter(unit="bureau-a"), an_assignment(unit="bureau-b", person="clerk"))
    for owner in ("p1", "bureau-b", "clerk"):
        row = row_on(ledger, "matter", "2026-03-10", owner)
        assert (row.id, row.project, row.unit, row.person) == ("m1", "p1", "bureau-b", "clerk")
    assert not rows_on(ledger, "matter", "2026-03-10", "bureau-a")


def test_a_matter_about_no_project_is_the_lists() -> None:
    ledger = after(a_matter(project="", unit="bureau-a"))
    assert row_on(ledger, "matter", "2026-03-10", "").id == row_on(ledger, "matter", "2026-03-10", "bureau-a").id
    assert not rows_on(ledger, "matter", "2026-03-10", "", list="other")


def test_a_decision_of_a_meeting_opens_a_matter() -> None:
    decided = Decision(id="d1", what="Clear the site.", unit="bureau-a", project="p1", due_on=day("2026-03-16"))
    row = row_on(after(minutes(decisions=(decided,)), a_report("d1", on="2026-03-18")), "matter", "2026-03-20")
    assert (row.id, row.cells["source"], row.cells["state"], row.cells["days_overdue"]) == (
        "d1", "minutes", "reported", Decimal(2)
    )  # fmt: skip


# --- supervision --------------------------------------------------------------------------------------------------


def test_a_visit_is_found_by_its_project_and_by_who_paid_it() -> None:
    ledger = after(a_visit(person="leader-1", role="sponsor_leader"))
    for owner in ("p1", "leader-1"):
        row = row_on(ledger, "duty_visit", "2026-03-31", owner)
        assert (row.project, row.person, row.cells["role"], row.on) == (
            "p1", "leader-1", "sponsor_leader", day("2026-03-02")
        )  # fmt: skip


@pytest.mark.parametrize(
    ("found", "reported", "plan", "ratio", "points"),
    [
        ("3", "6", "12", "0.25", "25"),
        ("6", "6", "12", "0.5", "0"),
        ("6", "3", "12", "0.5", "-25"),
        ("3", None, "12", "0.25", None),
        (None, "6", "12", None, None),
        ("3", "6", None, None, None),
        ("3", "6", "0", None, None),
    ],
)
def test_an_inspection_stands_beside_the_self_report(
    found: str | None, reported: str | None, plan: str | None, ratio: str | None, points: str | None
) -> None:
    said = [on("2026-03-01 10:00", a_return(period="2026-02", yi=reported))] if reported else []
    ledger = folded(*a_year(a_project(plan_yi=plan)), *said, an_inspection(yi=found))
    cells = row_on(ledger, "inspection", "2026-03-31").cells
    assert cells["found_ratio"] == (None if ratio is None else Decimal(ratio))
    assert cells["discrepancy_pp"] == (None if points is None else Decimal(points))


def test_an_inspection_is_held_against_what_the_unit_had_said_by_then_and_not_what_a_review_made_of_it() -> None:
    ledger = after(
        on("2026-03-01 10:00", a_return(period="2026-02", yi="6")),
        a_review(period="2026-02", verdict="adjusted", yi="3"), an_inspection(yi="3"),
        on("2026-04-02 10:00", a_return(period="2026-03", yi="9")),
    )  # fmt: skip
    assert row_on(ledger, "inspection", "2026-04-30").cells["discrepancy_pp"] == Decimal(25)


def test_an_inspection_says_how_it_was_made() -> None:
    made = an_inspection(is_announced=False, is_registered=True, method="covert", round="r1", person="inspector-1")
    row = row_on(after(made), "inspection", "2026-03-31", "inspector-1")
    cells = row.cells
    assert (cells["method"], cells["team"], cells["round"], row.unit) == ("covert", "team-1", "r1", "bureau-a")
    assert (cells["is_announced"], cells["is_registered"]) == (False, True)


def test_each_finding_of_an_inspection_is_a_row() -> None:
    findings = (a_finding("f1"), a_finding("f2", kind="safety", severity="grave"))
    found = rows_on(after(an_inspection(findings=findings, round="r1")), "finding", "2026-03-31")
    assert [(row.cells["finding"], row.cells["kind"], row.cells["severity"], row.cells["round"]) for row in found] == [
        ("f1", "quality", "ordinary", "r1"), ("f2", "safety", "grave", "r1")
    ]  # fmt: skip


def test_a_round_is_one_row_that_each_of_its_objects_has() -> None:
    planned = a_round(projects=("p1", "p2"), units=("bureau-a",), topic="safety", joined_by=("congress", "media"))
    ledger = folded(*a_year(a_project(), a_project("p2")), planned)
    found = [row_on(ledger, "round", "2026-03-31", owner) for owner in ("p1", "p2", "bureau-a")]
    assert {row.id for row in found} == {"r1"}
    assert [row.project for row in found] == ["p1", "p2", ""]
    assert {row.cells["objects"] for row in found} == {Decimal(3)}
    assert {(row.cells["topic"], row.cells["joined_by"]) for row in found} == {("safety", "congress media")}
    assert not rows_on(ledger, "round", "2026-03-31", "")


def test_a_round_without_objects_is_the_lists() -> None:
    assert row_on(after(a_round(projects=())), "round", "2026-03-31", "").cells["objects"] == Decimal(0)


def test_a_round_is_reported_from_the_day_of_its_report() -> None:
    ledger = after(a_round(), a_round_report(is_archived=True))
    reported = [row_on(ledger, "round", on_day).cells["is_reported"] for on_day in ("2026-03-05", "2026-03-06")]
    assert reported == [False, True]
    assert [row_on(ledger, "round", on_day).cells["is_archived"] for on_day in ("2026-03-05", "2026-03-06")] == [
        False, True
    ]  # fmt: skip


def test_an_incident_is_one_row_that_everybody_has_whom_it_names() -> None:
    incident = an_incident(projects=("p1",), units=("bureau-a",), persons=("head-a",), influence="bad")
    ledger = after(incident)
    found = [row_on(ledger, "incident", "2026-03-31", owner) for owner in ("p1", "bureau-a", "head-a")]
    assert {(row.id, row.project, row.unit, row.person) for row in found} == {("i1", "p1", "bureau-a", "head-a")}
    assert (found[0].cells["kind"], found[0].cells["severity"], found[0].cells["influence"]) == (
        "safety", "serious", "bad"
    )  # fmt: skip


def test_of_several_whom_an_incident_names_a_row_shows_the_one_that_is_asked() -> None:
    ledger = folded(*a_year(a_project(), a_project("p2")), an_incident(projects=("p1", "p2"), persons=("a", "b")))
    assert [row_on(ledger, "incident", "2026-03-31", owner).project for owner in ("p1", "p2", "a")] == ["p1", "p2", ""]
    assert [row_on(ledger, "incident", "2026-03-31", owner).person for owner in ("p1", "a", "b")] == ["", "a", "b"]


def test_a_failed_contact_is_the_officers_the_units_and_the_lists() -> None:
    ledger = after(a_failed_contact())
    for owner in ("liaison-a", "bureau-a", ""):
        row = row_on(ledger, "contact_failure", "2026-03-31", owner)
        assert (row.person, row.unit) == ("liaison-a", "bureau-a")


def test_money_is_told_by_what_became_of_it() -> None:
    ledger = after(an_allocation(yi="3"), an_arrival(yi="2"), a_payment(yi="1", programme="bonds", year=2025))
    found = rows_on(ledger, "funds", "2026-03-31")
    assert [(row.cells["kind"], row.cells["amount_yuan"]) for row in found] == [
        ("allocated", yuan("3")), ("arrived", yuan("2")), ("paid", yuan("1"))
    ]  # fmt: skip
    assert (found[2].cells["programme"], found[2].cells["year"]) == ("bonds", Decimal(2025))


@pytest.mark.parametrize(("scorer", "is_own"), [("bureau-a", True), ("bureau-b", False), ("", False)])
def test_a_mark_is_ones_own_if_ones_unit_leads_the_project(scorer: str, *, is_own: bool) -> None:
    row = row_on(after(a_tour(), a_mark(score="87.5", scorer_unit=scorer)), "visit_score", "2026-03-31")
    assert (row.cells["is_own"], row.cells["score"], row.cells["round"]) == (is_own, Decimal("87.5"), "v1")
    assert (row.cells["criterion"], row.cells["scorer_group"], row.on) == ("progress", "leaders", day("2026-03-02"))


def test_a_report_upward_is_of_its_list_and_of_the_office() -> None:
    ledger = after(a_report_up())
    row = row_on(ledger, "report_sent", "2026-03-31", "")
    assert (row.unit, row.cells["to"], row.cells["period"]) == ("office", "city_government", "2026-02")
    assert row_on(ledger, "report_sent", "2026-03-31", "office").id == row.id
    assert not rows_on(ledger, "report_sent", "2026-03-31", "", list="other")


# --- meetings -----------------------------------------------------------------------------------------------------


def test_a_meeting_is_minuted_from_the_day_of_its_minutes() -> None:
    decisions = (a_decision("d1"), a_decision("d2"))
    ledger = after(a_meeting(category="culture"), minutes(on="2026-03-05", decisions=decisions))
    before, then = (row_on(ledger, "meeting", on_day, "").cells for on_day in ("2026-03-04", "2026-03-05"))
    assert (before["is_minuted"], before["decisions"]) == (False, Decimal(0))
    assert (then["is_minuted"], then["decisions"]) == (True, Decimal(2))
    assert (then["forum"], then["category"], then["meeting"]) == ("dispatch", "culture", "g1")


def test_a_meeting_says_who_was_there() -> None:
    held = a_meeting(attended=("permit_offices", "drc"))
    assert row_on(after(held, minutes()), "meeting", "2026-03-31", "").cells["attended"] == "permit_offices drc"
    assert row_on(after(minutes()), "meeting", "2026-03-31", "").cells["attended"] == ""


def test_minutes_may_be_all_that_is_told_of_a_meeting() -> None:
    assert row_on(after(minutes()), "meeting", "2026-03-31", "").cells["is_minuted"] is True
    assert len(rows_on(after(minutes(), a_meeting()), "meeting", "2026-03-31", "")) == 1


def test_each_decision_of_a_meeting_is_a_row_of_its_unit_and_project() -> None:
    ledger = after(minutes(decisions=(a_decision(project="p1"), a_decision("d2"))))
    assert [row.cells["decision"] for row in rows_on(ledger, "meeting_decision", "2026-03-31", "bureau-a")] == [
        "d1",
        "d2",
    ]
    row = row_on(ledger, "meeting_decision", "2026-03-31", "p1")
    assert (row.cells["meeting"], row.cells["forum"], row.unit) == ("g1", "dispatch", "bureau-a")


@pytest.mark.parametrize("is_excused", [True, False])
def test_an_absence_is_excused_or_not(*, is_excused: bool) -> None:
    ledger = after(an_absence(person="head-a", is_excused=is_excused))
    for owner in ("bureau-a", "head-a", ""):
        row = row_on(ledger, "absence", "2026-03-31", owner)
        assert (row.cells["is_excused"], row.cells["meeting"], row.unit) == (is_excused, "g1", "bureau-a")


# --- leaving, results, roles --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("events", "state", "step"),
    [
        ((), "requested", ""),
        ((an_exit_step(),), "requested", "government"),
        ((an_exit_step(approved=False),), "refused", "government"),
        ((an_exit_step(), an_exit(on="2026-03-20")), "exited", "government"),
        ((an_exit_step(), an_exit(on="2026-04-20")), "requested", "government"),
        ((an_exit_step(on="2026-04-20"),), "requested", ""),
    ],
)
def test_an_exit_is_as_far_as_its_last_step(events: tuple[Any, ...], state: str, step: str) -> None:
    row = row_on(after(an_exit_request(), *events), "exit", "2026-03-31")
    assert (row.cells["state"], row.cells["step"], row.cells["reason"]) == (state, step, "no land")
    assert row.unit == "bureau-a"


def test_how_often_a_project_was_urged_is_how_often_somebody_was_reminded_of_its_matters() -> None:
    matters = [a_matter(), a_reminder(), a_reminder(), a_matter("m2"), a_reminder("m2", on="2026-06-01")]
    other = [a_project("p2"), a_matter("m3", project="p2"), a_reminder("m3")]
    row = row_on(after(*matters, *other, an_exit_request()), "exit", "2026-03-31")
    assert row.cells["times_urged"] == Decimal(2)


@pytest.mark.parametrize(
    ("subject", "shown"),
    [("p1", ("p1", "bureau-a", "")), ("bureau-a", ("", "bureau-a", "")), ("head-a", ("", "", "head-a"))],
)
def test_a_result_from_outside_is_of_a_project_a_unit_or_a_person(subject: str, shown: tuple[str, str, str]) -> None:
    row = row_on(after(an_external_result(subject, "0.9")), "external_result", "2026-03-31", subject)
    assert (row.project, row.unit, row.person) == shown
    assert (row.cells["scheme"], row.cells["result"], row.cells["value"]) == ("efficiency", "good", Decimal("0.9"))


@pytest.mark.parametrize("subject", ["city", "testcity"])
def test_a_statistic_of_the_list_or_of_the_whole_place_is_the_lists(subject: str) -> None:
    row = row_on(after(an_external_result(subject, "0.18")), "external_result", "2026-03-31", "")
    assert (row.project, row.unit, row.person, row.cells["value"]) == ("", "", "", Decimal("0.18"))


def test_an_award_is_whose_it_is() -> None:
    assert row_on(after(an_award()), "award", "2026-03-31", "bureau-a").cells["award"] == "praise"
    assert row_on(after(an_award("head-a")), "award", "2026-03-31", "head-a").person == "head-a"


def test_a_lost_eligibility_is_lost_until_its_day() -> None:
    ledger = after(a_loss(until_on="2026-12-31"))
    assert row_on(ledger, "eligibility_loss", "2026-12-31", "bureau-a").cells["award"] == "advanced_unit"
    assert not rows_on(ledger, "eligibility_loss", "2027-01-01", "bureau-a")


def test_a_rule_that_was_set_aside_says_by_whom() -> None:
    ledger = after(on("2026-03-02 10:00", an_override()))
    row = row_on(ledger, "override", "2026-03-31", "")
    assert (row.person, row.cells["rule"], row.on) == ("supervisor-1", "late_acceptance", day("2026-03-02"))


def _roles(ledger: Ledger, on_day: str, owner: str) -> list[tuple[str, str, str, str]]:
    return [
        (cast("str", row.cells["role"]), row.project, row.unit, row.person)
        for row in rows_on(ledger, "assignment", on_day, owner)
    ]


def test_the_roles_of_a_project_are_rows_from_their_first_day_to_their_last() -> None:
    assigned = on("2026-03-02 10:00", a_responsibility(liability="leadership"))
    ended = on("2026-06-01 10:00", a_responsibility(ends=True))
    ledger = after(assigned, ended)
    leads, sponsors = ("lead_unit", "p1", "bureau-a", ""), ("sponsor_leader", "p1", "bureau-a", "leader-1")
    assert _roles(ledger, "2026-03-01", "p1") == [leads]
    assert _roles(ledger, "2026-05-31", "p1") == [leads, sponsors]
    assert _roles(ledger, "2026-06-01", "p1") == [leads]
    row = row_on(ledger, "assignment", "2026-03-31", "leader-1")
    assert (row.cells["liability"], row.on) == ("leadership", day("2026-03-02"))


def test_the_posts_of_a_unit_are_rows_of_the_unit_and_of_who_holds_them() -> None:
    ledger = after(a_post("head-a"), a_post("liaison-a", "liaison"))
    assert _roles(ledger, "2026-03-31", "liaison-a") == [("liaison", "", "bureau-a", "liaison-a")]
    assert ("unit_head", "", "bureau-a", "head-a") in _roles(ledger, "2026-03-31", "bureau-a")
    assert ("lead_unit", "p1", "bureau-a", "") in _roles(ledger, "2026-03-31", "bureau-a")
