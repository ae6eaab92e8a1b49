"""Can an office work under each bundled regime? What each asks for can be told, by people with posts, to its end."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any

import pytest

from deploy.local.regime_file import bundled, read_regime
from services.intake.domain.known import MatterLife
from services.intake.domain.known.projects import has_left
from services.intake.domain.known.returns import made
from services.intake.domain.review import inbox, review_of
from shared.core.calendar import Period
from shared.core.events import ProgressReported, ReturnReviewed, ReturnSigned, StageChanged, TimeReached
from shared.core.regime.management import Reporting
from shared.core.regime.model import Panel, Regime
from tests.support.builders import LIST, YI, a_project, a_regime, an_adoption, local
from tests.support.facts import (
    a_call,
    a_confirmation,
    a_mark,
    a_matter,
    a_post,
    a_problem,
    a_proposal,
    a_receipt,
    a_reopening,
    a_report,
    a_responsibility,
    a_round,
    a_sealing,
    a_striking_off,
    a_tour,
    a_verification,
    an_assignment,
    an_exit,
    an_exit_request,
    an_exit_step,
    an_item,
)
from tests.support.intake import LEAD, NOW, OFFICE, Everywhere
from tests.support.staffed import APPROVER, ASSESSOR, HEAD, IN, REVIEWER, under

SCORER = "mayor"
BODIES = {"supervision_office": REVIEWER, "assessment_office": ASSESSOR}
OTHER_REVIEWER = "reviewer-2"
"""Speaks for the bodies of which no unit is a kind: the record does not say who they are."""

regimes = pytest.mark.parametrize("name", sorted(bundled()))


@cache
def regime_named(name: str) -> Regime:
    return replace(read_regime(bundled()[name]), version=3)


def place(name: str) -> Everywhere:
    """Under a bundled regime from March on: everybody holds a post, and bureau-a reports for p1 in whatever role."""
    intake = under(a_regime(version=2), Everywhere())
    intake.accept(an_adoption(regime_named(name), "2026-03-01"))
    intake.accept(a_post(OTHER_REVIEWER, "reviewer", "government"))
    intake.accept(a_post(SCORER, "principal_leader", "government"))
    intake.accept(a_responsibility("p1", "reporting_lead", unit="bureau-a", person=""))
    return intake


def a_full_return(asked: Reporting) -> ProgressReported:
    """Says whatever the list asks for."""
    return ProgressReported(
        project="p1", cadence=asked.cadence, period=str(Period.holding(NOW.date(), asked.cadence)),
        investment_ytd_yuan=YI, investment_since_start_yuan=YI, investment_in_period_yuan=YI, funds_in_place_yuan=YI,
        funds_paid_yuan=YI, physical_progress_ratio=Decimal("0.1"), narrative="Walls are up.", next_plan="The roof.",
    )  # fmt: skip


def review(intake: Everywhere, said: ProgressReported, verdict: Any = "approved") -> None:
    """Sign and review it as far as it goes, by those in whose inbox it is."""
    while turn := found.turn if (found := review_of(intake.ledger, said.project, said.period)) else ():
        by = HEAD if turn[0] == "unit_head" else BODIES.get(turn[0], OTHER_REVIEWER)
        unit = IN.get(by, "government")
        assert [one.period for one in inbox(intake.ledger, by, unit, intake.ledger.clock)] == [said.period]
        if by == HEAD:
            intake.accept(ReturnSigned(project=said.project, period=said.period, signer=HEAD), HEAD)
            continue
        reason = "" if verdict == "approved" else "Say more."
        step: Any = turn[0]
        reviewed = ReturnReviewed(project=said.project, period=said.period, step=step, verdict=verdict, reason=reason)
        intake.accept(reviewed, by, unit=unit)


@regimes
def test_every_return_that_a_regime_asks_for_is_made_signed_and_reviewed_to_the_end_and_made_again(name: str) -> None:
    for asked in regime_named(name).reporting:
        intake = place(name)
        said = a_full_return(asked)
        intake.accept(said, LEAD)
        if review_chain_of(intake, said):
            review(intake, said, "returned")
            intake.accept(replace(said, narrative="Walls and roof are up."), LEAD)
        review(intake, said)
        kept = made(intake.ledger, "p1", said.period)
        assert kept is not None
        assert not kept.said.is_malformed


def review_chain_of(intake: Everywhere, said: ProgressReported) -> bool:
    found = review_of(intake.ledger, said.project, said.period)
    return found is not None and bool(found.turn)


@regimes
def test_every_nil_return_is_taken_and_one_told_by_phone_is_confirmed(name: str) -> None:
    for asked in regime_named(name).reporting:
        said = ProgressReported(
            project="p1", cadence=asked.cadence, period=a_full_return(asked).period, is_nil=True, channel="phone"
        )
        intake = place(name)
        intake.accept(said, OFFICE, on_behalf_of="bureau-a")


@regimes
def test_a_project_leaves_once_every_body_of_the_chain_has_spoken(name: str) -> None:
    changes = regime_named(name).list_changes
    chain = (regime_named(name).chains or {}).get(changes.exit_chain, ()) if changes else ()
    intake = place(name)
    intake.accept(a_sealing())
    intake.accept(an_exit_request(), HEAD, unit="bureau-a")
    for step in chain:
        intake.accept(an_exit_step(step=step.by), APPROVER, unit="government")
    if changes and changes.count_must_not_fall:
        intake.accept(a_project("p9"))
    intake.accept(an_exit())
    assert has_left(intake.ledger, LIST, 2026, "p1")


@regimes
def test_a_matter_is_opened_by_whom_the_regime_names_and_lives_its_whole_life(name: str) -> None:
    regime = regime_named(name)
    chain = (regime.chains or {}).get(regime.matters.open_chain, ()) if regime.matters else ()
    direct = regime.matters.opened_directly_by if regime.matters else ()
    asked = [one.by for one in chain if one.act != "propose"]
    ways = [[*map(str, asked)] or [""], *([str(one)] for one in direct)]
    for approvers in ways:
        intake = place(name)
        for approver in approvers:
            intake.accept(a_matter(approver=approver))
        intake.accept(an_assignment())
        for _ in range(2):
            intake.accept(a_receipt(), LEAD)
            intake.accept(a_report(), LEAD)
            intake.accept(a_verification(is_done=False, cause="subjective"))
            intake.accept(a_report(), LEAD)
            intake.accept(a_verification())
            intake.accept(a_striking_off())
            intake.accept(a_reopening())
        life = intake.ledger.get(MatterLife, "m1")
        assert life is not None
        assert (life.state, life.units) == ("assigned", ("bureau-a",))


@regimes
def test_a_year_s_results_and_rewards_are_confirmed_step_by_step(name: str) -> None:
    regime = regime_named(name)
    intake = place(name)
    intake.accept(TimeReached(at=local("2027-01-10 09:00")))
    schemes = {"annual": regime.assessment.approval if regime.assessment else ""}
    for scheme, approval in (schemes | {one.id: one.approval for one in regime.rewards}).items():
        intake.accept(a_proposal(scheme))
        for step in (regime.chains or {}).get(approval, ()):
            intake.accept(a_confirmation(scheme, step.by, "2027-01-10"), APPROVER, unit="government")


@regimes
def test_stages_marks_rounds_and_agendas_keep_to_the_regime(name: str) -> None:
    regime, intake = regime_named(name), place(name)
    for gate in regime.stages:
        for basis in gate.basis or ("",):
            intake.accept(StageChanged(project="p1", stage=gate.stage, on=date(2026, 3, 2), basis=basis), LEAD)
    intake.accept(a_tour(projects=("p1", "p2")))
    panels = [one for one in regime.measures.values() if isinstance(one, Panel)]
    for group in dict.fromkeys(group for one in panels for group in one.weights or ()):
        intake.accept(a_mark(scorer_group=group, criterion=group), SCORER, unit="government")
    intake.accept(a_round(plan_item="1", approver="the mayor"))
    intake.accept(a_problem(on="2026-03-02"), LEAD)
    forums = {one.where["forum"] for one in regime.duties if one.do == "meeting" and one.where and "forum" in one.where}
    for number, forum in enumerate(sorted(one for one in forums if isinstance(one, str))):
        intake.accept(a_call(f"g{number}", forum=forum))
        intake.accept(an_item(f"g{number}", f"i{number}", problem="q1"))
