"""What scoring keeps of plans, stages and returns, what it cannot apply, and that all of it can be written down."""

from dataclasses import replace
from decimal import Decimal
from typing import Any, TypeVar

import pytest

from services.scoring.domain import ledger as entries
from services.scoring.domain.entries import PAGE_SIZE
from services.scoring.domain.ledger import (
    Appraisal,
    Exemptions,
    KeptExit,
    Page,
    Plan,
    Return,
    Returns,
    Sealed,
    Stages,
    Suspensions,
    evolve,
)
from services.scoring.domain.pages import enter, ids_of
from shared.core import register
from shared.core.events import BulletinApproved
from shared.core.fold import advance
from shared.core.ledger import Ledger
from shared.infra.wire import EntryCodec
from tests.support.asking import after, folded, refusal
from tests.support.builders import (
    JURISDICTION,
    LIST,
    a_correction,
    a_plan,
    a_project,
    a_return,
    a_stage,
    a_year,
    local,
    on,
    record,
)
from tests.support.facts import (
    a_confirmation,
    a_credit,
    a_decision,
    a_filing,
    a_finding,
    a_loss,
    a_mark,
    a_matter,
    a_meeting,
    a_milestone,
    a_pause,
    a_permit,
    a_post,
    a_problem,
    a_proposal,
    a_reminder,
    a_report,
    a_reset,
    a_responsibility,
    a_review,
    a_round,
    a_round_report,
    a_signature,
    a_solution,
    a_tour,
    a_verification,
    a_visit,
    a_withdrawal,
    an_assignment,
    an_escalation,
    an_exemption,
    an_exit,
    an_exit_request,
    an_exit_step,
    an_extension,
    an_external_result,
    an_incident,
    an_inspection,
    an_objection,
    day,
    minutes,
    yuan,
)

KEY = f"{LIST}/2026/p1"


def _plan(*events: object, plan_yi: str | None = "12") -> Plan:
    kept = folded(*a_year(a_project(plan_yi=plan_yi)), *events).get(Plan, KEY)
    assert kept is not None
    return kept


def _returns(ledger: Ledger, key: str = "p1/2026") -> tuple[Return, ...]:
    kept = ledger.get(Returns, key)
    return kept.returns if kept else ()


# --- plans --------------------------------------------------------------------------------------------------------


def test_the_first_plan_of_the_year_stays_the_original_whatever_takes_its_place() -> None:
    for later in (a_plan(yi="20"), a_reset(yi="20"), a_project(plan_yi="20")):
        plan = _plan(later)
        assert plan.annual_planned_investment_yuan == yuan("20")
        assert plan.original_annual_planned_investment_yuan == yuan("12")


def test_a_project_listed_without_a_plan_has_the_first_that_is_set_as_its_original() -> None:
    assert _plan(plan_yi=None).annual_planned_investment_yuan is None
    plan = _plan(a_plan(yi="20"), a_plan(yi="30"), plan_yi=None)
    assert (plan.original_annual_planned_investment_yuan, plan.annual_planned_investment_yuan) == (
        yuan("20"),
        yuan("30"),
    )


def test_a_listing_that_names_no_amount_leaves_the_plan_as_it_was() -> None:
    assert _plan(a_project(plan_yi=None)).annual_planned_investment_yuan == yuan("12")


def test_a_plan_by_month_says_what_is_to_be_done_by_then() -> None:
    """By quarters: in May it is still what March was to bring."""
    plan = _plan(a_plan(yi="12", by_month_yuan=((6, yuan("5")), (3, yuan("2"))), approvals=("government",)))
    assert [plan.to_date_yuan(month) for month in (2, 3, 5, 6, 12)] == [
        None, yuan("2"), yuan("2"), yuan("5"), yuan("5")
    ]  # fmt: skip
    assert plan.approvals == ("government",)


def test_a_reset_baseline_leaves_nothing_of_the_plan_by_month() -> None:
    assert _plan(a_plan(yi="12", by_month_yuan=((3, yuan("2")),)), a_reset(yi="6")).by_month_yuan == ()


def test_a_stage_is_kept_with_its_basis() -> None:
    kept = after(replace(a_stage(on="2026-02-01"), basis="construction_permit")).get(Stages, "p1")
    assert kept is not None
    assert [(one.stage, one.on, one.basis) for one in kept.reached] == [
        ("started", day("2026-02-01"), "construction_permit")
    ]  # fmt: skip


# --- returns ------------------------------------------------------------------------------------------------------


def test_a_return_keeps_what_rules_need_and_of_its_words_only_whether_they_are_the_same() -> None:
    said = a_return(
        investment_in_period_yuan=yuan("1"), investment_since_start_yuan=yuan("5"), funds_in_place_yuan=yuan("2"),
        funds_paid_yuan=yuan("1"), physical_progress_ratio=Decimal("0.3"), channel="email", narrative="Works go on.",
        is_malformed=True,
    )  # fmt: skip
    (one,) = _returns(after(on("2026-02-03 23:30", said)))
    assert (one.investment_in_period_yuan, one.investment_since_start_yuan) == (yuan("1"), yuan("5"))
    assert (one.funds_in_place_yuan, one.funds_paid_yuan) == (yuan("2"), yuan("1"))
    assert (one.physical_progress_ratio, one.channel, one.is_malformed) == (Decimal("0.3"), "email", True)
    assert (one.recorded_at, one.recorded_on) == (local("2026-02-03 23:30"), day("2026-02-03"))
    assert one.narrative not in {"", "Works go on."}


def test_a_later_return_of_the_same_period_keeps_nothing_of_the_one_before() -> None:
    ledger = after(a_return(yi="1"), a_signature(), a_review(), a_return(yi="2"))
    (one,) = _returns(ledger)
    assert (one.investment_ytd_yuan, one.signed_by, one.reviews) == (yuan("2"), "", ())


def test_returns_stand_in_the_order_of_their_periods_however_they_come() -> None:
    ledger = after(
        a_return(period="2026-03"), a_return(period="2026-01"), a_return(period="2026-Q1"), a_return(period="2026-02")
    )
    assert [one.period for one in _returns(ledger)] == ["2026-01", "2026-02", "2026-03", "2026-Q1"]


def test_a_correction_finds_its_return_by_the_project_and_the_event_in_any_year() -> None:
    events = [on("2026-01-05 10:00", a_return(period="2025-12", yi="9"), id="old"), a_return(yi="1")]
    ledger = after(*events, a_correction("old", yi="8"))
    (one,) = _returns(ledger, "p1/2025")
    assert (one.investment_ytd_yuan, one.self_reported_ytd_yuan, one.corrected_by) == (yuan("8"), yuan("8"), "e8")


def test_a_review_that_adjusts_leaves_what_the_unit_had_said() -> None:
    (one,) = _returns(
        after(a_return(yi="3"), a_review(verdict="adjusted", yi="2", fault="misreport"), a_review(step="drc"))
    )
    assert (one.investment_ytd_yuan, one.self_reported_ytd_yuan, one.fault) == (yuan("2"), yuan("3"), "misreport")
    assert one.reviews == (("assessment_office", "adjusted"), ("drc", "approved"))


def test_a_corrected_return_is_neither_signed_nor_reviewed() -> None:
    told = [on("2026-02-03 10:00", a_return(yi="3"), id="first"), a_signature(), a_review()]
    (before,) = _returns(after(*told))
    (one,) = _returns(after(*told, a_correction("first", yi="2")))
    assert (before.signed_by, len(before.reviews)) == ("head-a", 1)
    assert (one.signed_by, one.reviews) == ("", ())


def test_a_withdrawn_return_is_gone() -> None:
    assert _returns(after(on("2026-02-03 10:00", a_return(), id="wrong"), a_withdrawal("wrong"))) == ()


def test_the_latest_amount_is_that_of_the_last_period_that_had_one() -> None:
    kept = after(a_return(yi="1"), a_return(period="2026-02", yi=None)).get(Returns, "p1/2026")
    assert kept is not None
    latest = kept.by(day("2026-02-28"))
    assert latest is not None
    assert latest.period == "2026-01"
    assert kept.by(day("2026-01-30")) is None


# --- the rest -----------------------------------------------------------------------------------------------------


def test_what_frees_of_a_rule_is_kept_under_whom_it_frees() -> None:
    ledger = after(a_matter(), an_exemption(until_on="2026-06-30"), a_credit(until_on="2026-05-31"), a_credit())
    assert ledger.get(Exemptions, "p1") == Exemptions((("slow", day("2026-06-30")),))
    assert ledger.get(Suspensions, "p1") == Suspensions(
        ((day("2026-03-02"), day("2026-05-31"), "force_majeure"), (day("2026-03-02"), None, "force_majeure"))
    )


def test_an_exit_may_be_all_that_is_told_of_a_leaving() -> None:
    kept = after(an_exit()).get(KeptExit, KEY)
    assert kept is not None
    assert (kept.requested_on, kept.exited_on) == (day("2026-03-02"), day("2026-03-02"))


def test_results_become_final_step_by_step() -> None:
    ledger = after(a_proposal(), a_confirmation(), a_confirmation(step="standing_committee", approved=False))
    kept = ledger.get(Appraisal, f"{LIST}/2026/annual")
    assert kept is not None
    assert [(step, approved) for step, approved, _ in kept.steps] == [
        ("government", True), ("standing_committee", False)
    ]  # fmt: skip


def test_a_bulletin_is_sealed_by_its_signer_alone() -> None:
    seal = BulletinApproved(bulletin="b", draft_digest="d", step="checker")
    assert after(seal).get(Sealed, "b") is None
    assert after(seal, replace(seal, step="signer")).get(Sealed, "b") is not None


def test_a_decision_that_is_told_again_as_a_matter_keeps_what_befell_it() -> None:
    decided = minutes(decisions=(a_decision("d1"),))
    told = a_matter("d1", source="minutes", unit="bureau-a")
    kept = after(decided, a_reminder("d1"), told).get(entries.KeptMatter, "d1")
    assert kept is not None
    assert (kept.list, [move.step for move in kept.moves]) == (LIST, ["opened", "reminded"])


def test_a_fact_more_never_copies_more_than_a_page() -> None:
    ledger = after(*(an_incident(f"i{number}") for number in range(1_000)))
    assert max(len(page.ids) for page in ledger.all(Page).values()) <= 128


E = TypeVar("E")


class Counting(Ledger):
    """Counts how often it is asked for an entry."""

    asked = 0

    def get(self, of: type[E], key: str) -> E | None:
        self.asked += 1
        return super().get(of, key)


def test_the_page_that_is_not_full_is_found_without_reading_all_that_are() -> None:
    ledger = Counting(JURISDICTION)
    for number in range(64 * PAGE_SIZE):
        enter(ledger, "incident", f"i{number}", ("p1",))
    ledger.asked = 0
    enter(ledger, "incident", "one more", ("p1",))
    assert ledger.asked < 20
    assert list(ids_of(ledger, "incident", "p1")) == [*(f"i{number}" for number in range(64 * PAGE_SIZE)), "one more"]


def test_what_is_kept_does_not_grow_with_returns_that_are_replaced() -> None:
    few, many = (after(*[a_return()] * count) for count in (1, 50))
    assert [len(few.all(kind)) for kind in (Returns, Page)] == [len(many.all(kind)) for kind in (Returns, Page)]
    assert len(_returns(many)) == 1


# --- what cannot be meant -----------------------------------------------------------------------------------------

_ABOUT_A_PROJECT: list[Any] = [
    a_plan("p9", yi="1"), a_reset("p9", yi="1"), a_stage("p9"), a_return("p9"), a_withdrawal("e1", "p9"),
    a_correction("e1", yi="1", project="p9"), a_signature("p9"), a_review("p9"), a_filing("p9"),
    a_problem(project="p9"), a_matter(project="p9"), a_visit("p9"), an_inspection("p9"), a_round(projects=("p9",)),
    a_tour(projects=("p9",)), an_incident(projects=("p9",)), a_credit("p9"), an_exit_request("p9"),
    an_exit_step("p9"), an_extension(project="p9", item="roof"), minutes(decisions=(a_decision(project="p9"),)),
]  # fmt: skip


@pytest.mark.parametrize("event", _ABOUT_A_PROJECT, ids=lambda one: type(one).__name__)
def test_nothing_can_be_told_of_a_project_that_is_not_listed(event: object) -> None:
    assert "p9" in refusal(event)


_ABOUT_A_MATTER: list[Any] = [
    an_assignment(), a_reminder(), a_report(), a_verification(), an_extension(), a_pause(),
]  # fmt: skip


@pytest.mark.parametrize("event", _ABOUT_A_MATTER, ids=lambda one: type(one).__name__)
def test_nothing_can_be_told_of_a_matter_that_was_not_opened(event: object) -> None:
    assert refusal(event) == "no matter m1 was opened"


def test_an_objection_may_be_to_a_notice_of_which_scoring_knows_nothing() -> None:
    known = after().digest()
    assert after(an_objection("n1")).digest() == known


@pytest.mark.parametrize(
    ("events", "reason"),
    [
        ([a_return(), a_correction("e1", yi="1")], "no return of p1 has the event e1"),
        ([on("2026-02-03 10:00", a_return(), id="r"), a_return(), a_correction("r", yi="1")], "replaced or withdrawn"),
        ([on("2026-02-03 10:00", a_return(), id="r"), a_withdrawal("r"), a_correction("r", yi="1")], "withdrawn"),
        ([a_signature()], "p1 has no return for 2026-01"),
        ([a_review(period="2026-02")], "p1 has no return for 2026-02"),
        ([a_return(), a_review(verdict="adjusted")], "adjusted to no amount"),
        ([replace(a_return(), period="soon")], "not a period"),
        ([a_return(yi="1e20")], "too large"),
        ([replace(a_plan(yi="1"), year=2027)], "not on list city of 2027"),
        ([an_exit_step()], "nobody asked that p1 leave"),
        ([a_problem(), a_problem()], "raised already"),
        ([a_solution()], "no problem q1 was raised"),
        ([an_escalation()], "no problem q1 was raised"),
        ([a_matter(), a_matter()], "open already"),
        ([a_round_report()], "no round r1 was planned"),
        ([a_mark()], "no visit v1 was held"),
        ([a_project("p2"), a_tour(), a_mark(project="p2")], "was not to project p2"),
        ([an_incident(), an_incident()], "recorded already"),
        ([a_confirmation()], "no results of annual were proposed"),
    ],
)
def test_what_the_record_cannot_mean_is_refused(events: list[object], reason: str) -> None:
    assert reason in refusal(*events)


# --- written down -------------------------------------------------------------------------------------------------


def test_every_entry_can_be_written_and_read() -> None:
    ledger = after(
        a_plan(yi="10", by_month_yuan=((3, yuan("2.5")),), milestones=(a_milestone(),), permits=(a_permit(),)),
        a_reset(yi="9"), a_stage(), a_return(physical_progress_ratio=Decimal("0.30"), narrative="x"), a_review(),
        a_filing(), a_problem(), an_escalation(), a_matter(), an_assignment(), a_verification(is_done=False),
        an_exemption(), a_credit(), an_extension(project="p1", item="roof"), a_visit(),
        an_inspection(yi="1.10", findings=(a_finding(),)), a_round(), a_meeting(), minutes(), an_incident(), a_tour(),
        a_mark(), an_exit_request(), an_exit_step(), an_external_result(value="0.5"), a_loss(until_on="2027-01-01"),
        a_proposal(), a_confirmation(), a_responsibility(), a_post(),
        BulletinApproved(bulletin="b", draft_digest="d", step="signer"),
    )  # fmt: skip
    codec = EntryCodec.of(register, entries)
    again = Ledger(JURISDICTION, position=ledger.position, clock=ledger.clock)
    again.load((key, codec.decode(*codec.encode(entry))) for key, entry in ledger.take_changes())
    assert again.digest() == ledger.digest()
    kept = {kind for kind in vars(entries).values() if isinstance(kind, type) and ledger.all(kind)}
    missing = {kind.__name__ for kind in vars(entries).values() if _is_entry(kind)} - {kind.__name__ for kind in kept}
    # what draws found, and what corrections need: no close was drawn here
    assert missing == {"Streak", "Lights", "Closed", "Before"}


def _is_entry(kind: object) -> bool:
    inside = {"Reached", "Return"}  # they stand in others
    return isinstance(kind, type) and kind.__module__.startswith("services.scoring") and kind.__name__ not in inside


def test_an_event_that_is_undone_leaves_nothing_behind() -> None:
    ledger = after(a_plan(yi="12"))
    known = ledger.digest()
    last = record(*a_year(), a_plan(yi="12"), an_inspection(findings=(a_finding(),)))[-1]

    def apply_and_fail(ledger: Ledger, recorded: Any) -> None:
        evolve(ledger, recorded)
        raise RuntimeError("something else broke")

    with pytest.raises(Exception, match="something else broke"):
        advance(ledger, last, play=lambda *_: None, apply=apply_and_fail)
    assert ledger.digest() == known
