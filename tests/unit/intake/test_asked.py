"""What is asked of a unit follows from its lists, their regimes and the record, and nothing is asked twice."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from services.intake.bookkeeping import apply
from services.intake.domain.asked import Asked, asked_in, asked_of
from shared.core.events import (
    Milestone,
    MilestoneReached,
    Permit,
    PermitIssued,
    PlanSet,
    ProgressCorrected,
    ProjectExited,
    ReportWithdrawn,
    ResponsibilityAssigned,
    ReturnReviewed,
    StageChanged,
)
from shared.core.ledger import Ledger
from shared.core.period import Period
from shared.core.regime.management import RECORDED_FIELDS
from shared.core.regime.model import Due, Numbers, Shift
from tests.support.builders import (
    JURISDICTION,
    LIST,
    YI,
    a_calendar,
    a_jurisdiction,
    a_list,
    a_plan,
    a_project,
    a_regime,
    a_reporting,
    a_return,
    a_stage,
    a_unit,
    a_year,
    an_adoption,
    local,
    on,
    record,
    until,
)

MARCH = Period.parse("2026-03")
FULL = a_regime(reporting=(a_reporting(fields=("investment", "stage", "milestones", "permits", "name")),))


def folded(*events: object) -> Ledger:
    ledger = Ledger(JURISDICTION)
    for one in record(*events):
        apply(ledger, one)
    return ledger


def in_march(*events: object, unit: str = "bureau-a", **rules: Any) -> list[Asked]:
    return list(asked_in(folded(*a_year(**rules), *events), unit, MARCH))


def only(*events: object, **rules: Any) -> Asked:
    (found,) = in_march(*events, **rules)
    return found


def test_every_period_that_has_begun_is_owed_until_it_is_made() -> None:
    ledger = folded(*a_year(), a_return("p1", "2026-01"))

    owed = asked_of(ledger, "bureau-a", at=local("2026-03-10 09:00"))

    assert [(one.project, one.period, one.due) for one in owed] == [
        ("p1", "2026-02", local("2026-03-06 00:00")), ("p1", "2026-03", local("2026-04-06 00:00")),
    ]  # fmt: skip


def test_nothing_is_owed_of_a_period_that_has_not_begun() -> None:
    assert not asked_of(folded(*a_year()), "bureau-a", at=local("2025-12-31 23:00"))
    assert len(asked_of(folded(*a_year()), "bureau-a", at=local("2026-01-01 00:00"))) == 1


def test_a_return_that_was_withdrawn_is_owed_again() -> None:
    made = on("2026-02-01 00:00", a_return("p1", "2026-01"), id="january")
    withdrawn = ReportWithdrawn(project="p1", withdrawn_event="january", reason="the wrong project")
    ledger = folded(*a_year(), made, withdrawn)

    assert [one.period for one in asked_of(ledger, "bureau-a", at=local("2026-01-31 09:00"))] == ["2026-01"]


def test_one_unit_is_not_asked_for_the_projects_of_another() -> None:
    listed = (a_project("p1"), a_project("p2", lead="bureau-b"))
    assert [one.project for one in asked_in(folded(*a_year(*listed)), "bureau-b", MARCH)] == ["p2"]


def test_whoever_holds_the_role_files_and_the_lead_unit_where_nobody_does() -> None:
    regime = a_regime(reporting=(a_reporting(filed_by="reporting_lead"),))
    events = (a_unit("group"), ResponsibilityAssigned(project="p1", role="reporting_lead", unit="group"))

    assert [one.unit for one in in_march(*events, unit="group", regime=regime)] == ["group"]
    assert not in_march(*events, regime=regime)
    assert [one.unit for one in in_march(regime=regime)] == ["bureau-a"]


def test_a_project_on_two_lists_is_asked_about_once_for_all_that_both_want() -> None:
    second = a_regime(
        reporting=(a_reporting(fields=("narrative", "investment"), due=Due(day=3)),),
        numbers=Numbers(money_unit="万元", decimals={}),
    )
    events = (
        a_list(list="province"), an_adoption(second, list="province"),
        replace(a_project(), list="province", year=2026),
    )  # fmt: skip

    asked = only(*events)

    assert (asked.list, {*asked.lists}) == ("province", {"city", "province"})
    assert (asked.fields, asked.money_unit) == (("narrative", "investment"), "万元")
    assert asked.due == local("2026-04-04 00:00")


def test_what_the_record_holds_is_never_asked() -> None:
    regime = a_regime(reporting=(a_reporting(fields=("investment", *sorted(RECORDED_FIELDS))),))

    assert only(regime=regime).fields == ("investment",)


@pytest.mark.parametrize(
    ("events", "fields"),
    [
        ((), ("investment", "stage")),
        ((a_stage(stage="in_use"),), ("investment", "stage")),
        ((a_stage(stage="terminated"),), ("investment",)),
        ((a_stage(stage="benefit_reached"),), ("investment",)),
    ],
)
def test_the_stage_is_not_asked_of_what_moves_no_more(events: Any, fields: Any) -> None:
    assert only(*events, regime=FULL).fields == fields


def _planned() -> PlanSet:
    return a_plan(
        yi="10",
        milestones=(Milestone(id="m1", name="Roof", due_on=date(2026, 5, 1)),
                    Milestone(id="m2", name="Gate", due_on=date(2026, 6, 1))),
        permits=(Permit(id="k1", name="Building permit", office="bureau-b"),),
    )  # fmt: skip


def test_only_milestones_ahead_and_permits_not_issued_are_asked_for() -> None:
    asked = only(_planned(), MilestoneReached(project="p1", milestone="m1", on=date(2026, 1, 1)), regime=FULL)

    assert [(one.id, one.name, one.due_on) for one in asked.milestones] == [("m2", "Gate", date(2026, 6, 1))]
    assert [one.id for one in asked.permits] == ["k1"]
    assert asked.fields == ("investment", "stage", "milestones", "permits")


def test_nothing_is_asked_of_milestones_and_permits_that_are_done() -> None:
    done = (
        MilestoneReached(project="p1", milestone="m1", on=date(2026, 1, 1)),
        MilestoneReached(project="p1", milestone="m2", on=date(2026, 1, 1)),
        PermitIssued(project="p1", permit="k1", office="bureau-b", on=date(2026, 1, 1)),
    )
    assert only(_planned(), *done, regime=FULL).fields == ("investment", "stage")


def test_the_form_knows_plan_stage_and_the_return_before() -> None:
    asked = only(
        a_plan(yi="9"), a_return("p1", "2026-01", yi="2"), a_stage(stage="started"),
        StageChanged(project="p1", stage="launched", on=date(2025, 12, 1)),
    )  # fmt: skip

    assert (asked.annual_plan_yuan, asked.stage) == (9 * YI, "started")
    assert asked.last
    assert (asked.last.said.period, asked.last.investment_ytd_yuan) == ("2026-01", 2 * YI)
    assert not asked.is_made


def test_a_return_made_stands_as_it_was_corrected_and_the_one_before_is_still_known() -> None:
    events = (
        a_return("p1", "2026-02", yi="2"), on("2026-04-01 00:00", a_return("p1", "2026-03", yi="3"), id="march"),
        ProgressCorrected(project="p1", corrected_event="march", investment_ytd_yuan=Decimal(5), reason="a slip"),
    )  # fmt: skip
    asked = only(*events)

    assert asked.made
    assert (asked.made.event, asked.made.investment_ytd_yuan) == ("march", Decimal(5))
    assert asked.last
    assert asked.last.said.period == "2026-02"


def test_a_return_that_a_reviewer_has_sent_back_is_owed_again() -> None:
    returned = ReturnReviewed(project="p1", period="2026-01", verdict="returned", step="drc", reason="no figures")
    ledger = folded(*a_year(), a_return("p1", "2026-01"), returned)

    assert [one.period for one in asked_of(ledger, "bureau-a", at=local("2026-01-31 09:00"))] == ["2026-01"]


def test_what_has_left_the_list_is_asked_no_more() -> None:
    left = ProjectExited(list=LIST, year=2026, project="p1", on=date(2026, 3, 15))

    assert not in_march(left)
    assert len(list(asked_in(folded(*a_year(), left), "bureau-a", Period.parse("2026-02")))) == 1


def test_nothing_is_owed_that_was_due_before_the_project_was_listed() -> None:
    head = [a_jurisdiction(), a_unit(), an_adoption(), a_list()]
    ledger = folded(*head, on("2026-03-20 09:00", a_project()))

    assert [one.period for one in asked_of(ledger, "bureau-a", at=local("2026-03-21 09:00"))] == ["2026-03"]


def test_a_day_that_no_document_names_is_no_day() -> None:
    assert only(regime=a_regime(reporting=(a_reporting(due=None),))).due is None


def test_a_calendar_known_after_the_period_opened_never_moves_its_due_day() -> None:
    due = Due(day=5, holiday=Shift(shift="next_working_day"))
    regime = a_regime(reporting=(a_reporting(due=due),))
    late = (until("2026-03-20 00:00"), a_calendar("2026-04-05"))

    assert only(*late, regime=regime).due == only(regime=regime).due


def test_a_period_is_asked_for_by_the_regime_in_force_at_its_end() -> None:
    later = an_adoption(a_regime(version=2, reporting=(a_reporting(fields=("narrative",)),)), "2026-03-15")
    ledger = folded(*a_year(), later)

    owed = asked_of(ledger, "bureau-a", at=local("2026-03-20 09:00"))

    assert [(one.period, one.fields) for one in owed] == [
        ("2026-01", ("investment",)), ("2026-02", ("investment",)), ("2026-03", ("narrative",)),
    ]  # fmt: skip


def test_a_nil_return_is_offered_only_where_every_list_takes_it() -> None:
    assert only().takes_nil
    assert not only(regime=a_regime(reporting=(a_reporting(nil_return="refused"),))).takes_nil
