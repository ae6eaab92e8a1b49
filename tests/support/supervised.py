"""A jurisdiction whose permits, problems, rounds, visits, meetings and results are told of: who tells what."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, TypeVar

from shared.core.events import (
    AssessmentConfirmed,
    PermitAccepted,
    PermitFiled,
    PermitIssued,
    PermitRefused,
    PermitReturned,
    PlanSet,
    PostAssigned,
    ProblemEscalated,
    ProblemRaised,
    ProblemSolved,
    Recorded,
    VisitScored,
)
from shared.core.regime.management import Assessment, Reward
from shared.core.regime.model import Bound, Chain, ChainStep, Duty, Panel, Regime
from tests.support.builders import LIST, YI, a_calendar, a_project, a_regime, a_unit, an_adoption, with_measures
from tests.support.facts import a_permit, a_responsibility
from tests.support.intake import LEAD, OFFICE, Intake, fill_head

SCORER, APPROVER = "mayor", "leader-2"

I = TypeVar("I", bound=Intake)  # noqa: E741 - it is an Intake

_BY: Mapping[type, Mapping[str, Any]] = {
    **{one: {"by": LEAD} for one in (PermitFiled, ProblemRaised, ProblemEscalated, ProblemSolved)},
    **{
        one: {"by": OFFICE, "on_behalf_of": "land-office"}
        for one in (PermitAccepted, PermitReturned, PermitIssued, PermitRefused)
    },
    VisitScored: {"by": SCORER, "unit": "government"},
    AssessmentConfirmed: {"by": APPROVER, "unit": "government"},
}


def sender(data: Any) -> Mapping[str, Any]:
    """Who tells it: the bureau, the permit office by the supervision office, a leader; the office tells the rest."""
    return _BY.get(type(data), {"by": OFFICE})


def tell(intake: Intake, *events: Any) -> Recorded[Any]:
    """Have each accepted, in order, from whoever tells it. The last is returned."""
    return [intake.accept(one, **sender(one)) for one in events][-1]


def told(intake: I, *events: Any) -> I:
    """The same after these."""
    for one in events:
        tell(intake, one)
    return intake


def supervised(intake: Intake | None = None) -> Intake:
    """p1 of bureau-a, which leader-1 sponsors, with a permit of the land office; p2 of bureau-b."""
    return fill(intake or Intake())


def fill(intake: I) -> I:
    intake = fill_head(intake)
    plan = PlanSet(
        list=LIST, year=2026, project="p1", annual_planned_investment_yuan=YI, permits=(a_permit("land", None),)
    )
    tell(intake, a_unit("land-office", kind="permit_office"), a_unit("fire-office", kind="permit_office"))
    for person, post, unit in ((SCORER, "principal_leader", "government"), (APPROVER, "approver", "government"),
                               ("liaison-a", "liaison", "bureau-a"), ("team-1", "inspector", "office"),
                               ("head-b", "unit_head", "bureau-b")):  # fmt: skip
        tell(intake, PostAssigned(person=person, post=post, unit=unit))  # type: ignore[arg-type]
    tell(intake, a_project("p2", lead="bureau-b"), plan, a_responsibility(), a_calendar("2026-05-01"))
    return intake


def under(*, intake: Intake | None = None, **rules: Any) -> Intake:
    """The same under another regime: its rules by name."""
    ruled = intake or supervised()
    ruled.accept(an_adoption(a_regime(version=2, **rules), "2026-03-02"))
    return ruled


def a_forum(forum: str, **changes: Any) -> Duty:
    """The duty to meet in a forum."""
    return Duty(**{"id": forum, "who": "supervision_office", "do": "meeting", "where": {"forum": forum}, **changes})


FEW_INSPECTIONS = (Duty(id="few", who="supervision_office", do="inspection", at_least=None, at_most=1),)
OPEN_PROBLEMS = (a_forum("dispatch", agenda="open_problems"),)
UPWARD = (a_forum("system", then_forum="county"), a_forum("county", then_forum="city"))
CHAIN: Chain = (
    ChainStep(by="assessment_office", act="review"),
    ChainStep(by="drc", act="review", when={"investment_ratio": Bound(below=Decimal(1))}),
    ChainStep(by="government", act="decide"),
)
WEIGHED: Regime = with_measures(marks=Panel(panel="visit_score", weights={"leaders": Decimal(1), "towns": Decimal(1)}))


def chained(**changes: Any) -> Mapping[str, Any]:
    """A year's result that three bodies approve, one of them under a condition; a reward that one approves."""
    reward = Reward(
        id="praised", about="unit", when={"investment_ratio": Decimal(1)}, award="praise", approval="of_rewards"
    )
    return {
        "chains": {"of_results": CHAIN, "of_rewards": (ChainStep(by="government"),)},
        "assessment": Assessment(approval="of_results"), "rewards": (reward,), **changes,
    }  # fmt: skip
