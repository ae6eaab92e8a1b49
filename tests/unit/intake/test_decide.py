"""Accept or refuse: every reason, every kind of event, who may, and when it counts as recorded."""

import ast
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from services.intake.domain.decide import CLOCK
from services.intake.domain.known import Receipt, Unreadable
from services.intake.domain.rules import RETRYABLE
from shared.core.declared import Declared, Figure, SameAs
from shared.core.events import (
    BulletinApproved,
    JurisdictionOpened,
    NoticeApproved,
    NoticeSignedFor,
    PostAssigned,
    PostEnded,
    ProgressReported,
    Recorded,
    RecordEvent,
    RegimeAdopted,
    TimeReached,
)
from shared.core.regime.model import Bound, Due, WorkingDays
from tests.support.builders import (
    JURISDICTION,
    YI,
    a_bulletin,
    a_calendar,
    a_correction,
    a_jurisdiction,
    a_list,
    a_plan,
    a_project,
    a_regime,
    a_reporting,
    a_return,
    a_rule,
    a_stage,
    a_unit,
    an_adoption,
    local,
)
from tests.support.intake import (
    CHECKER,
    LEAD,
    NOBODY,
    NOW,
    OFFICE,
    OPERATOR,
    OTHER,
    POSTS,
    SIGNER,
    Intake,
    a_draft,
    opened,
)
from tests.support.refused import Case
from tests.unit.intake import refused

DOMAIN = Path(__file__).parents[3] / "services" / "intake" / "domain"
FOR_EVER = datetime(9999, 12, 31, 23, 59, tzinfo=UTC)
TOMORROW = NOW + timedelta(days=1)
JANUARY = "e12"


def foreign(data: Any, event: str) -> Recorded[Any]:
    """An event of a record that was made elsewhere: it stands there whatever intake would have said."""
    return Recorded(position=0, id=event, jurisdiction=JURISDICTION, data=data, time=NOW, recorded_at=NOW)


def parked() -> Intake:
    intake = opened()
    intake.ledger.put("project/p1", Unreadable("project", "p1", 9, "no such thing"))
    return intake


def live() -> Intake:
    return opened("live")


def signature(step: Any = "checker", notice: str = "n-draft", digest: str = "d1") -> NoticeApproved:
    return NoticeApproved(notice=notice, draft_digest=digest, step=step)


def seal(bulletin: str = "b-draft") -> BulletinApproved:
    return BulletinApproved(bulletin=bulletin, draft_digest="d1", step="signer")


def ended(person: str, post: Any, unit: str) -> PostEnded:
    return PostEnded(person=person, post=post, unit=unit)


def adopted(effective_on: str = "2026-03-02", **changes: Any) -> RegimeAdopted:
    return an_adoption(a_regime(version=2, **changes), effective_on)


def reported(**changes: Any) -> ProgressReported:
    """February's return."""
    return replace(a_return(period="2026-02"), **changes)


def opening(**changes: Any) -> JurisdictionOpened:
    return a_jurisdiction(mode="simulated", **changes)


def given_one_month_left() -> Intake:
    """February's returns are reviewed for ten working days after 5 March: it is due, and not closed."""
    intake = opened()
    slow = a_reporting(review_within=WorkingDays(working_days=10))
    intake.accept(an_adoption(a_regime(version=2, reporting=(slow,)), "2026-02-28"))
    intake.accept(TimeReached(at=local("2026-03-09 09:00")))
    return intake


BACKWARD = a_project("p9", planned_start_on=date(2026, 5, 1), planned_completion_on=date(2026, 4, 1))
QUICK = (a_reporting(due=Due(day=1)),)
EARLY = (a_reporting(due=Due(day=25, of="same_month")),)
QUARTERLY = (a_reporting(cadence="quarterly"),)
ENDLESS = (a_rule(when={"deviation": Bound(below=Decimal("-1E+99"))}),)

CASES: list[Case] = [
    Case("operator_only", "", opening(), given=Intake, time=NOW),
    Case("already_open", "/jurisdiction", opening(), OPERATOR),
    Case("not_open", "/jurisdiction", a_unit("new"), given=Intake),
    Case("parked", "", reported(), LEAD, parked),
    Case("no_post", "/unit", a_unit("new"), NOBODY),
    Case("key_reused", "/key", reported(), LEAD, key="january"),
    Case("bad_code", "/key", a_unit("new"), key="a b"),
    Case("bad_code", "/data/code", a_unit("新")),
    Case("bad_code", "/data/person", PostAssigned(person=CLOCK, post="reporter", unit="bureau-a")),
    Case("bad_code", "/data/first_person", opening(first_person=CLOCK), OPERATOR, Intake, time=NOW),
    Case("bad_code", "/data/office", opening(office="our office"), OPERATOR, Intake, time=NOW),
    Case("bad_code", "/unit", opening(), OPERATOR, Intake, unit="a/b", time=NOW),
    Case("bad_code", "/data/regime/supervision_rules/0/id", adopted(supervision_rules=(a_rule(id="slow!"),))),
    Case("bad_code", "/data/regime/bulletins/0/id", adopted(bulletins=(a_bulletin(id="q" * 50),))),
    Case("bad_text", "/data/name", a_project("p9", name="a\x00b")),
    Case("bad_text", "/data/narrative", reported(narrative="\x1f"), LEAD),
    Case("bad_year", "/time", a_unit("new"), time=datetime(1, 1, 1, tzinfo=UTC)),
    Case("bad_year", "/time", opening(), OPERATOR, Intake, time=FOR_EVER),
    Case("bad_year", "/data/at", TimeReached(at=FOR_EVER)),
    Case("bad_year", "/data/on", a_stage(on="1948-12-31"), LEAD),
    Case("bad_year", "/data/year", a_list(2200)),
    Case("bad_year", "/data/planned_start_on", a_project("p9", planned_start_on=date(1, 1, 1))),
    Case("bad_year", "/data/effective_on", adopted("0001-01-01")),
    Case("bad_year", "/data/period", a_return(period="0001-01"), LEAD),
    Case("in_the_future", "/time", a_unit("new"), time=NOW + timedelta(minutes=6)),
    Case("in_the_future", "/data/on", a_stage(on="2026-03-03"), LEAD),
    Case("time_needed", "/time", opening(), OPERATOR, Intake),
    Case("bad_amount", "/data/annual_planned_investment_yuan", a_project("p9", plan_yi="1E+8")),
    Case("bad_amount", "/data/annual_planned_investment_yuan", a_plan(yi="1E-19")),
    Case("bad_amount", "/data/investment_ytd_yuan", reported(investment_ytd_yuan=Decimal("NaN")), LEAD),
    Case("bad_amount", "/data/regime/supervision_rules/0/when/deviation/below", adopted(supervision_rules=ENDLESS)),
    Case("negative_amount", "/data/investment_ytd_yuan", reported(investment_ytd_yuan=Decimal(-1)), LEAD),
    Case("negative_amount", "/data/physical_progress_ratio", reported(physical_progress_ratio=Decimal(-1)), LEAD),
    Case("unknown_time_zone", "/data/time_zone", opening(time_zone="Asia/Nowhere"), OPERATOR, Intake, time=NOW),
    Case("unknown_time_zone", "/data/time_zone", opening(time_zone="Asia"), OPERATOR, Intake, time=NOW),
    Case("unknown_time_zone", "/data/time_zone", opening(time_zone="../zone"), OPERATOR, Intake, time=NOW),
    Case("no_such_partition", "/data/partition", opening(partition=16), OPERATOR, Intake, time=NOW),
    Case("not_the_office", "/unit", a_unit("new"), LEAD),
    Case("not_your_project", "/data/project", reported(), OTHER),
    Case("not_your_step", "/data/step", signature(), LEAD),
    Case("not_your_step", "/data/step", signature(), SIGNER),
    Case("not_the_addressee", "/data/notice", NoticeSignedFor(notice="n-served"), OTHER),
    Case("already_registered", "/data/code", a_unit("bureau-a", name="Another name")),
    Case("already_registered", "/data/code", a_unit("office")),
    Case("unknown_unit", "/data/unit", PostAssigned(person="new", post="reporter", unit="nowhere")),
    Case("unknown_unit", "/data/lead_unit", a_project("p9", lead="nowhere")),
    Case("unknown_unit", "/data/supporting_units/1", a_project("p9", supporting_units=("bureau-b", "nowhere"))),
    Case("no_such_post", "/data/post", ended(LEAD, "reporter", "bureau-b")),
    Case("nobody_left", "/data/post", ended(OFFICE, "supervisor", "office")),
    Case("unknown_list", "/data/list", a_project("p9", year=2027)),
    Case("unknown_project", "/data/project", a_return("p9", "2026-02"), LEAD),
    Case("unknown_project", "/data/project", a_plan("p9", yi="1")),
    Case("unknown_project", "/data/project", PostAssigned(person="x", post="deputy", unit="office", project="p9")),
    Case("not_on_list", "/data/project", a_plan(yi="1", year=2027)),
    Case("completes_before_start", "/data/planned_completion_on", BACKWARD),
    Case("bad_period", "/data/period", reported(period="2026-13"), LEAD),
    Case("bad_period", "/data/cadence", reported(cadence="yearly"), LEAD),
    Case("not_asked_for", "/data/cadence", reported(cadence="quarterly", period="2026-Q1"), LEAD),
    Case("period_not_begun", "/data/period", a_return(period="2026-04"), LEAD),
    Case("nil_with_amount", "/data/investment_ytd_yuan", reported(is_nil=True), LEAD),
    Case("amount_needed", "/data/investment_ytd_yuan", reported(investment_ytd_yuan=None), LEAD),
    Case("already_reported", "/data/period", a_return(), LEAD),
    Case("no_such_return", "/data/corrected_event", a_correction("e1", yi="1"), LEAD),
    Case("reason_needed", "/data/reason", replace(a_correction(JANUARY, yi="1"), reason=" "), LEAD),
    Case("version_reused", "/data/regime/version", an_adoption(a_regime(classification="public"), "2026-03-02")),
    Case("effective_too_early", "/data/effective_on", adopted("2026-02-05")),
    Case("period_lost", "/data/effective_on", adopted("2026-02-28", reporting=QUICK)),
    Case("day_twice", "/data/make_up_days", a_calendar("2026-05-01", make_up=["2026-05-01"])),
    Case("day_of_another_year", "/data/days_off/1", a_calendar("2026-05-01", "2027-01-01")),
    Case("clock_not_movable", "/data/at", TimeReached(at=TOMORROW), given=live),
    Case("clock_not_movable", "/data/at", TimeReached(at=TOMORROW), CLOCK),
    Case("clock_goes_back", "/data/at", TimeReached(at=NOW - timedelta(seconds=1))),
    Case("unknown_draft", "/data/notice", signature(notice="n-none"), CHECKER),
    Case("unknown_draft", "/data/notice", NoticeSignedFor(notice="n-none"), LEAD),
    Case("unknown_draft", "/data/notice", NoticeSignedFor(notice="n-draft"), LEAD),
    Case("unknown_draft", "/data/notice", signature("signer", "b-draft"), SIGNER),
    Case("already_signed", "/data/notice", signature(notice="n-served"), CHECKER),
    Case("already_signed", "/data/notice", signature(notice="n-reminder"), CHECKER),
    Case("draft_superseded", "/data/draft_digest", signature(digest="d0"), CHECKER),
    Case("out_of_turn", "/data/step", signature("signer"), SIGNER),
    Case("list_has_parked_events", "/data/bulletin", seal("b-parked"), SIGNER),
]  # fmt: skip
CASES += refused.CASES


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.code} {case.pointer}")
def test_a_refusal_names_its_reason_and_place_and_changes_nothing(case: Case) -> None:
    intake = case.given()
    against = intake.refuse(case.data, case.by, unit=case.unit, key=case.key, time=case.time, **case.more)
    assert against.code in {one.code for one in against.faults}
    assert (case.code, case.pointer) in {(one.code, one.pointer) for one in against.faults}
    assert against.retryable == ({one.code for one in against.faults} <= RETRYABLE)


def test_every_reason_in_the_source_has_a_case() -> None:
    assert codes_in_source() == {case.code for case in CASES}


def codes_in_source() -> set[str]:
    trees = [ast.parse(file.read_text(encoding="utf-8")) for file in DOMAIN.rglob("*.py")]
    calls = [node for tree in trees for node in ast.walk(tree) if isinstance(node, ast.Call) and node.args]
    refusals = [call for call in calls if isinstance(call.func, ast.Name) and call.func.id in {"Fault", "_refuse"}]
    return {call.args[0].value for call in refusals if isinstance(call.args[0], ast.Constant)}  # type: ignore[misc]


def test_every_reason_is_told_at_once_but_how_things_stand_to_those_only_who_may_record_it() -> None:
    data = a_project("p 9", lead="nowhere", plan_yi="-1", year=1, name="\x00", planned_start_on=date(1, 1, 1))
    by_itself = ["bad_code", "bad_text", "negative_amount", "bad_year"]
    assert [one.code for one in opened().refuse(data).faults] == [*by_itself, "unknown_unit", "unknown_list"]
    assert [one.code for one in opened().refuse(data, LEAD).faults] == [*by_itself, "not_the_office"]


def test_a_refusal_is_retryable_only_if_waiting_is_all_that_it_needs() -> None:
    assert opened().refuse(signature(notice="n-none"), CHECKER).retryable
    assert not opened().refuse(signature(notice="n-none"), LEAD).retryable


# --- who may ------------------------------------------------------------------------------------------------------

OFFICE_ONLY = (
    adopted(), a_calendar("2026-05-01"), a_unit("new"), PostAssigned(person="new", post="reporter", unit="bureau-a"),
    ended(OTHER, "reporter", "bureau-b"), a_list(2027), a_project("p9"), a_plan(yi="3"), TimeReached(at=TOMORROW),
)  # fmt: skip
BY_LEAD_UNIT = (a_stage(), reported(), a_correction(JANUARY, yi="2"), NoticeSignedFor(notice="n-served"))
MAY: list[tuple[RecordEvent, str]] = [
    (opening(), OPERATOR), *((one, OFFICE) for one in OFFICE_ONLY), *((one, LEAD) for one in BY_LEAD_UNIT),
    (signature(), CHECKER), (seal(), SIGNER),
]  # fmt: skip
EVERYONE = (OFFICE, LEAD, OTHER, SIGNER, CHECKER, OPERATOR, CLOCK, NOBODY)


@pytest.mark.parametrize(("data", "who"), MAY, ids=lambda one: type(one).__name__ if not isinstance(one, str) else one)
def test_only_whose_place_it_is_may_record_it_and_only_in_the_units_name(data: RecordEvent, who: str) -> None:
    given = Intake if isinstance(data, JurisdictionOpened) else opened
    for by in EVERYONE:
        intake = given()
        if by == who:
            recorded = intake.accept(data, by, time=NOW)
            assert (recorded.data, recorded.actor, recorded.time) == (data, by, NOW)
        else:
            intake.refuse(data, by, time=NOW)
        for unit in {POSTS.get(who, "office"), ""} - {POSTS.get(by)}:
            if by not in {OPERATOR, CLOCK}:
                assert intake.refuse(data, by, unit=unit, time=NOW).code in {"no_post", "operator_only", "already_open"}


def test_the_operator_opens_and_may_do_nothing_else() -> None:
    for data, who in MAY:
        for unit in ("", "office", "bureau-a"):
            code = "no_post" if who != OPERATOR else "already_open"
            assert opened().refuse(data, OPERATOR, unit=unit, time=NOW).code == code


def test_a_supporting_unit_reports_too() -> None:
    intake = opened()
    intake.accept(a_project(supporting_units=("bureau-b",)))
    intake.accept(reported(), OTHER)


def test_a_post_that_ended_entitles_to_nothing_but_its_old_receipts() -> None:
    intake = opened()
    intake.accept(ended(LEAD, "reporter", "bureau-a"))
    assert intake.refuse(reported(), LEAD).code == "no_post"
    assert isinstance(intake.decide(a_return(), LEAD, key="january"), Receipt)


def test_the_office_may_hand_over_but_not_leave() -> None:
    intake = opened()
    intake.accept(PostAssigned(person="next", post="supervisor", unit="office"))
    intake.accept(ended(OFFICE, "supervisor", "office"))
    assert intake.refuse(a_unit("new"), "next", unit="bureau-a").code == "no_post"
    intake.accept(a_unit("new"), "next", unit="office")


# --- keys ---------------------------------------------------------------------------------------------------------


def test_the_same_submission_again_gets_the_first_receipt_for_ever() -> None:
    intake = opened()
    first = intake.ledger.get(Receipt, "bureau-a/january")
    intake.accept(TimeReached(at=local("2026-12-31 00:00")))
    before = intake.ledger.digest()
    assert first is not None
    assert intake.decide(a_return(), LEAD, key="january") == first
    assert intake.ledger.digest() == before


def test_a_key_belongs_to_its_unit() -> None:
    opened().accept(a_unit("new"), key="january")


def test_a_stranger_does_not_learn_which_keys_are_used() -> None:
    assert opened().refuse(reported(), NOBODY, key="january").code == "no_post"


# --- when ---------------------------------------------------------------------------------------------------------


def test_a_live_jurisdiction_records_by_its_clock_which_never_moves_back() -> None:
    intake = live()
    intake.now = NOW + timedelta(minutes=1)
    assert intake.accept(a_unit("one")).recorded_at == intake.now
    intake.now = NOW
    assert intake.accept(a_unit("two")).recorded_at == NOW + timedelta(minutes=1)
    assert intake.accept(a_unit("three"), time=NOW - timedelta(days=3)).time == NOW - timedelta(days=3)


def test_a_live_jurisdictions_clock_records_a_moment_when_it_notices_it() -> None:
    intake = live()
    intake.now = TOMORROW + timedelta(seconds=1)
    recorded = intake.accept(TimeReached(at=TOMORROW), CLOCK, time=TOMORROW)
    assert (recorded.time, recorded.recorded_at) == (TOMORROW, intake.now)
    assert intake.refuse(TimeReached(at=TOMORROW), CLOCK).code == "clock_goes_back"


def test_a_simulated_jurisdiction_stands_still_until_its_office_moves_it() -> None:
    intake = opened()
    intake.now = NOW + timedelta(days=300)
    assert intake.accept(a_unit("one")).recorded_at == NOW
    assert intake.accept(TimeReached(at=TOMORROW)).recorded_at == TOMORROW
    assert intake.accept(a_unit("two")).recorded_at == TOMORROW


def test_a_simulated_jurisdiction_opens_when_it_is_told_and_a_live_one_now() -> None:
    at = NOW - timedelta(days=900)
    assert Intake().accept(opening(), OPERATOR, time=at).recorded_at == at
    assert Intake().accept(a_jurisdiction(), OPERATOR, time=at).recorded_at == NOW


def test_what_has_begun_is_asked_of_the_time_of_recording_not_of_the_last_event() -> None:
    intake = live()
    intake.now = local("2026-04-01 00:30")
    intake.accept(a_stage(on="2026-04-01"), LEAD)
    intake.accept(a_return(period="2026-04"), LEAD)
    intake = live()
    intake.now = local("2026-03-06 00:00")
    assert intake.refuse(adopted("2026-03-05")).code == "effective_too_early"


# --- units, lists, regimes ----------------------------------------------------------------------------------------


def test_a_list_is_published_again_to_correct_what_it_declared() -> None:
    opened().accept(a_list(declared_count=2, declared_annual_planned_investment_yuan=YI))


def test_a_list_whose_declared_figures_cannot_be_read_is_refused_with_a_pointer_to_each() -> None:
    figures = (
        Declared(id="a", figure=SameAs(same_as="近200")),
        Declared(id="b", figure=SameAs(same_as=Figure(figure="c"))),
    )
    assert [(one.code, one.pointer) for one in opened().refuse(a_list(declared=figures)).faults] == [
        ("not_a_figure", "/data/declared/0/figure/same_as"),
        ("unknown_figure", "/data/declared/1/figure/same_as/figure"),
    ]


RED: Any = {"red": "otherwise"}


def test_a_regime_with_faults_is_refused_with_a_pointer_to_each() -> None:
    twice = Due(day=5, working_day=3)
    faulty = adopted(reporting=(a_reporting(due=twice),), lights=({"green": {"nothing": Decimal(1)}}, RED))
    faults = opened().refuse(faulty).faults
    assert {(one.code, one.pointer) for one in faults} == {
        ("due_day_unclear", "/data/regime/reporting/0/due"), ("unknown_measure", "/data/regime/lights/0/green/nothing"),
    }  # fmt: skip


def test_the_same_version_may_be_adopted_for_another_date() -> None:
    opened().accept(an_adoption(effective_on="2026-03-02"))


def test_a_period_that_is_closed_keeps_its_regime() -> None:
    intake = opened()
    intake.accept(adopted(reporting=EARLY))
    intake.accept(TimeReached(at=local("2026-03-27 09:00")))
    later = an_adoption(a_regime(version=3), "2026-03-28")
    assert intake.refuse(later).code == "effective_too_early"
    intake.accept(replace(later, effective_on=date(2026, 4, 1)))


@pytest.mark.parametrize("reporting", [QUICK, QUARTERLY])
def test_a_period_that_is_due_and_not_closed_is_not_lost(reporting: Any) -> None:
    intake = given_one_month_left()
    later = an_adoption(a_regime(version=3, reporting=reporting, supervision_rules=()), "2026-02-28")
    (fault,) = intake.refuse(later).faults
    assert (fault.code, fault.values) == ("period_lost", {"period": "2026-02"})
    intake.accept(replace(later, effective_on=date(2026, 3, 9)))


def test_the_first_regime_of_a_list_may_begin_with_its_year() -> None:
    intake = Intake(now=local("2026-08-20 09:00"))
    intake.accept(opening(), OPERATOR, time=intake.now)
    intake.accept(a_list())
    intake.accept(an_adoption(effective_on="2026-01-01"))


# --- signatures ---------------------------------------------------------------------------------------------------


def test_signatures_come_in_turn_and_once() -> None:
    intake = opened()
    intake.accept(signature("checker"), CHECKER)
    assert intake.refuse(signature("checker"), CHECKER).code == "out_of_turn"
    intake.accept(signature("signer"), SIGNER)
    assert intake.refuse(signature("signer"), SIGNER).code == "already_signed"


def test_a_signature_read_before_its_draft_waits_for_the_draft() -> None:
    """So it is in a record that was imported, until notify has caught up."""
    intake = opened()
    for step in ("checker", "signer"):
        intake.enter(foreign(signature(step, "n-new"), step))
        assert intake.refuse(signature("signer", "n-new"), SIGNER).code == "unknown_draft"
    intake.hear(a_draft(notice="n-new"))
    assert intake.refuse(signature("signer", "n-new"), SIGNER).code == "already_signed"


def test_a_reminder_and_a_served_notice_are_signed_for_as_often_as_one_likes() -> None:
    intake = opened()
    for notice in ("n-reminder", "n-served", "n-served"):
        intake.accept(NoticeSignedFor(notice=notice), LEAD)


def test_a_return_that_another_replaced_cannot_be_corrected() -> None:
    """Only a record made elsewhere holds two returns for one period."""
    intake = opened()
    intake.enter(foreign(a_return(), "again"))
    assert intake.refuse(a_correction(JANUARY, yi="3"), LEAD).code == "no_such_return"
    intake.accept(a_correction("again", yi="3"), LEAD)
