"""A year of an office under the default regime, from the opening of the list to the award: nobody meets a dead end."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from services.intake.domain.known import MatterLife, PermitLife, ProblemLife
from services.intake.domain.known.returns import made
from services.intake.domain.review import review_of
from shared.core.events import ReturnReviewed, TimeReached
from tests.support import facts
from tests.support.builders import a_correction, a_list, a_plan, a_project, a_return, a_unit, local
from tests.support.intake import LEAD, OFFICE, Everywhere
from tests.support.staffed import APPROVER, HEAD
from tests.unit.intake.test_bundled_regimes import OTHER_REVIEWER, SCORER, place, review

Told = tuple[Any, str, dict[str, Any]]
"""What is told, by whom, and how."""

OTHER_APPROVER = "approver-2"
MARCH = "2026-03"


def by(who: str, data: Any, **more: Any) -> Told:
    units = {HEAD: "bureau-a", **dict.fromkeys((APPROVER, OTHER_APPROVER, SCORER, OTHER_REVIEWER), "government")}
    return data, who, {"unit": units[who], **more} if who in units else more


def office(data: Any, **more: Any) -> Told:
    return by(OFFICE, data, **more)


def lead(data: Any) -> Told:
    return by(LEAD, data)


def phoned(data: Any, unit: str = "bureau-a") -> Told:
    return by(OFFICE, data, on_behalf_of=unit)


def tell(intake: Everywhere, *told: Told) -> None:
    for data, who, more in told:
        intake.accept(data, who, **more)


def ready() -> Everywhere:
    intake = place("default")
    tell(intake, office(facts.a_post(OTHER_APPROVER, "approver", "government")), office(facts.a_responsibility("p1")))
    return intake


# --- the list of a new year -----------------------------------------------------------------------------------------


def test_a_new_year_s_list_is_opened_planned_sealed_and_reported_on() -> None:
    intake = ready()
    tell(
        intake,
        office(TimeReached(at=local("2027-01-04 09:00"))),
        office(a_list(2027)),
        office(a_project("p1", year=2027)),
        office(a_project("p7", lead="bureau-b", year=2027)),
        office(a_plan("p1", yi="3", year=2027)),
        office(facts.a_sealing(2027)),
        # the old year ends in the new one
        lead(a_return(period="2026-12", yi="5")),
        lead(a_return(period="2027-01", yi="1")),
        # what was left out is put in order with a reason
        office(facts.a_reset("p1", yi="4", year=2027)),
        office(a_plan("p1", yi="4", year=2027)),
    )


# --- a month's return -----------------------------------------------------------------------------------------------


def test_a_return_told_by_phone_is_confirmed_reviewed_sent_back_corrected_adjusted_and_withdrawn() -> None:
    intake = ready()
    said = a_return(period=MARCH, yi="2")
    tell(intake, phoned(replace(said, channel="phone")), lead(facts.a_confirmed_return(period=MARCH)))
    review(intake, said, "returned")
    again = intake.accept(replace(said, narrative="More."), LEAD)
    review(intake, said)
    tell(intake, lead(a_correction(again.id, yi="3")))
    found = review_of(intake.ledger, "p1", MARCH)
    assert found is not None
    assert found.turn == ("key_project_office",)
    adjusted = ReturnReviewed(
        project="p1", period=MARCH, step="key_project_office", verdict="adjusted", reason="Seen on the spot.",
        investment_ytd_yuan=facts.yuan("1"),
    )  # fmt: skip
    tell(intake, by(OTHER_REVIEWER, adjusted), lead(facts.a_withdrawal(again.id)), lead(said))
    kept = made(intake.ledger, "p1", MARCH)
    assert kept is not None
    assert kept.reviews == ()


def test_a_nil_return_is_enough_and_another_month_may_be_late() -> None:
    intake = ready()
    nil = replace(a_return(period=MARCH), is_nil=True, investment_ytd_yuan=None)
    tell(intake, lead(nil), lead(a_return(period="2026-02", yi="1")))


# --- permits, problems, meetings ------------------------------------------------------------------------------------


def test_a_permit_goes_to_and_fro_until_it_is_issued() -> None:
    intake = ready()
    tell(
        intake,
        office(a_unit("land-office", kind="permit_office")),
        office(a_plan("p1", yi="3", permits=(facts.a_permit("land"),))),
    )
    gaps = facts.an_acceptance(gaps=("a map",), gaps_due_on=facts.day("2026-03-20"))

    def land(data: Any) -> Told:
        return phoned(data, "land-office")

    tell(
        intake, office(facts.an_agent()), lead(facts.a_filing()), land(facts.a_giving_back()), lead(facts.a_filing()),
        land(gaps), lead(facts.a_filing()), land(facts.an_acceptance()), land(facts.a_refusal()),
        lead(facts.a_filing()), land(facts.an_issue()),
    )  # fmt: skip
    life = intake.ledger.get(PermitLife, "p1/land")
    assert life is not None
    assert life.state == "issued"


def test_a_problem_goes_up_is_put_off_decided_and_followed_to_the_end() -> None:
    intake = ready()
    decision = facts.a_decision("d1", due_on=facts.day("2026-03-20"), project="p1")
    tell(
        intake, lead(facts.a_problem()), lead(facts.an_escalation()), office(facts.a_call("g1")),
        office(facts.a_call("g2", on="2026-03-09")), office(facts.an_item("g1", problem="q1")),
        office(facts.a_deferral("g1", to_meeting="g2")), office(facts.a_meeting("g1")),
        office(facts.an_absence("g1")), office(facts.minutes("g1")),
        office(TimeReached(at=local("2026-03-09 18:00"))),
        office(facts.a_meeting("g2", "2026-03-09", problems=("q1",))),
        office(facts.minutes("g2", "2026-03-09", decisions=(decision,))),
        office(facts.a_matter("d1", "2026-03-09", source="minutes", project="p1")),
        *life_of("d1", "2026-03-09"), lead(facts.a_solution("q1", "2026-03-09")),
    )  # fmt: skip
    problem, matter = intake.ledger.get(ProblemLife, "q1"), intake.ledger.get(MatterLife, "d1")
    assert problem is not None
    assert matter is not None
    assert (problem.is_solved, matter.state) == (True, "assigned")


def life_of(matter: str, on: str) -> Sequence[Told]:
    """Received, handed back, given anew, reported, seen not to be done, done, struck off, and open once more."""
    return (
        lead(facts.a_receipt(matter, on=on)), lead(facts.a_handing_back(matter, on=on)),
        office(facts.an_assignment(matter, on=on)), phoned(facts.a_receipt(matter, on=on)),
        office(facts.a_reminder(matter, on)), lead(facts.a_report(matter, on)),
        office(facts.a_verification(matter, on, is_done=False, cause="subjective")), lead(facts.a_report(matter, on)),
        office(facts.a_verification(matter, on)), office(facts.a_striking_off(matter, on)),
        office(facts.a_reopening(matter, on)),
    )  # fmt: skip


# --- supervision, results -------------------------------------------------------------------------------------------


def test_what_an_inspection_finds_becomes_a_matter_and_an_objection_goes_to_the_end() -> None:
    intake = ready()
    tell(
        intake, office(facts.a_round(approver="the mayor")),
        office(facts.an_inspection(round="r1", findings=(facts.a_finding("f1"),))),
        office(facts.a_matter("m1", source="finding", basis="f1", unit="bureau-a", approver="government")),
        by(HEAD, facts.an_objection()),
        by(APPROVER, facts.a_decided_objection(recused=(OFFICE,))),
        phoned(facts.an_appeal()),
        by(OTHER_APPROVER, facts.a_decided_appeal(by="city_government", recused=(OFFICE, APPROVER))),
        *life_of("m1", "2026-03-02"),
    )  # fmt: skip


def test_a_scored_visit_recuses_whoever_answers_for_the_project() -> None:
    intake = ready()
    tell(intake, office(facts.a_tour(projects=("p1", "p2"))), by(SCORER, facts.a_mark(project="p2")))
    assert intake.refuse(facts.a_mark(project="p1"), HEAD, unit="bureau-a").code == "recused"
    tell(intake, by(HEAD, facts.a_mark(project="p2")))


def test_a_year_s_results_are_proposed_sent_back_confirmed_and_rewarded() -> None:
    intake, on = ready(), "2027-01-10"
    confirmed = facts.a_confirmation(step="government", on=on)
    tell(
        intake, office(TimeReached(at=local("2027-01-10 09:00"))), office(facts.a_proposal(on=on)),
        by(APPROVER, replace(confirmed, approved=False)), office(facts.a_proposal(on=on)), by(APPROVER, confirmed),
        office(facts.a_loss("bureau-b", on, award="praise")), office(facts.an_award("bureau-a", on=on)),
    )  # fmt: skip
    assert intake.refuse(facts.an_award("bureau-b", on=on)).code == "not_eligible"
