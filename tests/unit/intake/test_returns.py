"""The life of a return: made, confirmed, signed, reviewed, sent back, corrected, withdrawn, made again."""

from dataclasses import replace
from typing import Any

import pytest

from services.intake.domain.known.returns import ReturnMade, made
from services.intake.domain.rules import RULES
from shared.core.errors import CannotApply
from shared.core.events import MilestoneReached, PostAssigned, ProgressReported, Recorded, ReturnReviewed, StageChanged
from shared.core.regime.language import ChainStep
from shared.core.regime.management import Fault
from tests.support.builders import JURISDICTION, YI, a_correction, a_regime, a_reporting, a_return, local
from tests.support.facts import a_confirmed_return, a_responsibility, a_review, a_signature, a_withdrawal
from tests.support.intake import LEAD, NOW, OFFICE, OTHER, Intake, opened
from tests.support.staffed import ASSESSOR, BOSS, FEBRUARY, HEAD, IN, REVIEWER, returned, staffed, under

BOTH = ("supervision_office", "assessment_office")
STRICT = {"fields": ("investment", "narrative"), "malformed": Fault(counts_as="no_progress")}


def february(**changes: Any) -> ProgressReported:
    return replace(a_return(period=FEBRUARY, yi="2"), **changes)


def does(intake: Intake, who: str, data: Any, **more: Any) -> Recorded[Any]:
    return intake.accept(data, who, unit=IN.get(who), **more)


def review(step: str = "supervision_office", **changes: Any) -> ReturnReviewed:
    return a_review(period=FEBRUARY, step=step, **changes)


def kept(intake: Intake) -> ReturnMade:
    found = made(intake.ledger, "p1", FEBRUARY)
    assert found is not None
    return found


def why(intake: Intake, who: str, data: Any, **more: Any) -> str:
    return intake.refuse(data, who, unit=IN.get(who), **more).code


def test_a_return_goes_from_its_reporter_by_its_head_to_its_reviewers_in_order() -> None:
    intake = returned(sign_off=("unit_head",), review=BOTH)
    does(intake, HEAD, a_signature(period=FEBRUARY))
    does(intake, REVIEWER, review())
    does(intake, ASSESSOR, review("assessment_office", verdict="adjusted", yi="1", reason="not on site"))
    assert (kept(intake).signed_by, kept(intake).spoken) == (HEAD, BOTH)
    assert kept(intake).investment_ytd_yuan == YI
    assert why(intake, ASSESSOR, review("assessment_office")) == "already_decided"


def test_where_a_regime_names_no_reviewers_each_body_speaks_once() -> None:
    intake = returned()
    does(intake, REVIEWER, review())
    does(intake, ASSESSOR, review("assessment_office"))
    assert why(intake, BOSS, review()) == "already_decided"


def test_a_step_under_a_condition_may_be_passed_over_and_may_speak() -> None:
    chain = (
        ChainStep(by="supervision_office", when={"start_rate": 1}),  # type: ignore[dict-item]
        ChainStep(by="assessment_office"),
    )
    regime = a_regime(version=2, reporting=(a_reporting(review_chain="r"),), chains={"r": chain})
    for spoken in ((), ("supervision_office",)):
        intake = under(regime, Intake())
        does(intake, LEAD, february())
        for step in spoken:
            does(intake, REVIEWER, review(step))
        does(intake, ASSESSOR, review("assessment_office"))
        assert why(intake, REVIEWER, review()) == "already_decided"


def test_what_is_sent_back_is_reported_again_and_reviewed_from_the_start() -> None:
    intake = returned(review=BOTH)
    does(intake, REVIEWER, review())
    does(intake, ASSESSOR, review("assessment_office", verdict="returned", reason="which works?"))
    does(intake, LEAD, february(narrative="The pipes."))
    assert (kept(intake).said.narrative, kept(intake).reviews) == ("The pipes.", ())
    assert why(intake, LEAD, february()) == "already_reported"
    does(intake, REVIEWER, review())


def test_what_is_sent_back_may_be_corrected_instead() -> None:
    intake = returned()
    event = kept(intake).event
    does(intake, REVIEWER, review(verdict="returned", reason="too much"))
    does(intake, LEAD, a_correction(event, yi="1"))
    assert (kept(intake).investment_ytd_yuan, kept(intake).is_sent_back) == (YI, False)


def test_a_correction_voids_the_signature_and_opens_the_review_again() -> None:
    intake = returned(review=("supervision_office",))
    does(intake, HEAD, a_signature(period=FEBRUARY))
    does(intake, REVIEWER, review())
    does(intake, LEAD, a_correction(kept(intake).event, yi="1"))
    assert (kept(intake).signed_by, kept(intake).reviews) == ("", ())
    does(intake, HEAD, a_signature(period=FEBRUARY))
    does(intake, REVIEWER, review())


def test_nobody_reviews_what_they_have_corrected() -> None:
    intake = returned()
    does(intake, BOSS, a_correction(kept(intake).event, yi="1"), on_behalf_of="bureau-a")
    assert why(intake, BOSS, review()) == "own_return"
    does(intake, REVIEWER, review())


def test_nobody_reviews_what_they_have_signed() -> None:
    """A head who has a post in the office besides."""
    intake = returned()
    does(intake, HEAD, a_signature(period=FEBRUARY))
    intake.accept(PostAssigned(person=HEAD, post="reviewer", unit="office"))
    assert intake.refuse(review(), HEAD, unit="office").code == "own_return"


def test_a_withdrawn_return_is_made_again_and_its_old_event_is_dead() -> None:
    intake = returned()
    event = kept(intake).event
    does(intake, LEAD, a_withdrawal(event))
    assert why(intake, LEAD, a_correction(event, yi="1")) == "no_such_return"
    assert why(intake, HEAD, a_signature(period=FEBRUARY)) == "no_return"
    does(intake, LEAD, february(investment_ytd_yuan=YI))
    assert why(intake, LEAD, a_withdrawal(event)) == "no_such_return"
    assert kept(intake).investment_ytd_yuan == YI


# --- on a unit's behalf -------------------------------------------------------------------------------------------


def told_by_phone(intake: Intake) -> Intake:
    does(intake, OFFICE, february(channel="phone"), on_behalf_of="bureau-a")
    return intake


def test_what_the_office_entered_is_the_units_own_and_waits_for_being_confirmed() -> None:
    intake = told_by_phone(staffed())
    assert (kept(intake).unit, kept(intake).is_unconfirmed) == ("bureau-a", True)
    does(intake, LEAD, a_confirmed_return(period=FEBRUARY))
    assert not kept(intake).is_unconfirmed
    assert why(intake, LEAD, a_confirmed_return(period=FEBRUARY)) == "nothing_to_confirm"


def test_who_signs_or_corrects_it_has_confirmed_it() -> None:
    intake = told_by_phone(staffed())
    does(intake, HEAD, a_signature(period=FEBRUARY))
    assert not kept(intake).is_unconfirmed
    intake = told_by_phone(staffed())
    does(intake, LEAD, a_correction(kept(intake).event, yi="1"))
    assert not kept(intake).is_unconfirmed


def test_a_correction_by_the_office_is_to_be_confirmed_again() -> None:
    intake = returned()
    does(intake, OFFICE, a_correction(kept(intake).event, yi="1"), on_behalf_of="bureau-a")
    assert kept(intake).is_unconfirmed


def test_another_unit_of_the_project_confirms_nothing() -> None:
    intake = told_by_phone(staffed())
    intake.accept(a_responsibility(role="reporting_lead", unit="bureau-b"))
    assert why(intake, OTHER, a_confirmed_return(period=FEBRUARY)) == "nothing_to_confirm"


# --- what the regime asks -----------------------------------------------------------------------------------------


def test_a_form_that_is_not_kept_is_refused_field_by_field_where_the_regime_says_nothing() -> None:
    intake = staffed(fields=("investment", "narrative", "next_plan", "physical_progress", "problems"))
    faults = intake.refuse(february(), LEAD).faults
    assert [(one.code, one.pointer) for one in faults] == [
        ("field_needed", "/data/narrative"), ("field_needed", "/data/next_plan"),
        ("field_needed", "/data/physical_progress_ratio"),
    ]  # fmt: skip


def test_a_form_that_is_not_kept_is_taken_and_marked_where_the_regime_says_what_becomes_of_it() -> None:
    assert staffed(**STRICT).accept(february(), LEAD).data.is_malformed
    assert not staffed(**STRICT).accept(february(narrative="The roof."), LEAD).data.is_malformed
    assert staffed().accept(february(is_malformed=True), LEAD).data.is_malformed
    nil = a_return(period=FEBRUARY, yi=None)
    assert staffed(nil_return="refused", **STRICT).accept(nil, LEAD).data.is_malformed
    assert not staffed(**STRICT).accept(nil, LEAD).data.is_malformed


def test_no_amount_is_needed_where_none_is_asked_for() -> None:
    said = february(investment_ytd_yuan=None, narrative="The roof.")
    staffed(fields=("narrative",)).accept(said, LEAD)
    assert why(staffed(fields=("investment",)), LEAD, said) == "amount_needed"


def test_a_groups_lead_unit_reports_for_it_and_nobody_else() -> None:
    intake = staffed(filed_by="reporting_lead")
    intake.accept(february(), LEAD)
    intake = staffed(filed_by="reporting_lead")
    lead = a_responsibility(role="reporting_lead", unit="bureau-b")
    intake.accept(lead, time=local("2026-02-10 09:00"))
    assert why(intake, LEAD, february()) == "filed_by_another"
    intake.accept(february(), OTHER)


def test_a_return_that_is_late_or_of_a_closed_period_is_taken_and_its_time_says_so() -> None:
    intake = staffed()
    found = intake.accept(a_return(period="2026-01"), LEAD)
    assert found.recorded_at > local("2026-02-06 00:00")


# --- records that were made elsewhere -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "data",
    [
        a_return("p9", FEBRUARY), replace(a_return(), period="2026-13"), a_correction("none", yi="1"),
        a_withdrawal("none"), a_signature(period=FEBRUARY), review(),
    ],
    ids=lambda one: type(one).__name__,
)  # fmt: skip
def test_what_no_fold_can_mean_cannot_be_applied(data: Any) -> None:
    intake, before = staffed(), staffed().ledger.digest()
    with pytest.raises(CannotApply):
        intake.enter(Recorded(position=0, id="x", jurisdiction=JURISDICTION, data=data, time=NOW, recorded_at=NOW))
    assert intake.ledger.digest() == before


def test_every_event_with_flags_refuses_those_of_its_sender() -> None:
    flagged = {event for event in RULES if "flags" in event.__dataclass_fields__}  # type: ignore[attr-defined]
    assert flagged == {StageChanged, ProgressReported, MilestoneReached}


def test_a_return_tells_of_its_problems_in_words() -> None:
    opened().accept(a_return(period="2026-02", problems="征地未完成"), LEAD)
