"""An intake in which everybody who has a part in returns and lists holds a post, under rules that a test gives."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, TypeVar

from services.intake.domain.submission import Override
from shared.core.events import PostAssigned
from shared.core.regime.language import ChainStep
from shared.core.regime.model import ListChanges, Regime, Replacement
from tests.support.builders import a_project, a_regime, a_reporting, a_return, a_unit, an_adoption
from tests.support.intake import LEAD, OTHER, Intake, fill_head

HEAD, SECOND_HEAD, REVIEWER, ASSESSOR, APPROVER, BOSS = (
    "head-a", "head-b", "reviewer-1", "assessor-1", "approver-1", "supervisor-2",
)  # fmt: skip
IN: Mapping[str, str] = {
    HEAD: "bureau-a", SECOND_HEAD: "bureau-b", REVIEWER: "office", ASSESSOR: "assessors", APPROVER: "government",
    BOSS: "office",
}  # fmt: skip
"""In which unit each holds their post."""
_POSTS = (
    (HEAD, "unit_head"), (SECOND_HEAD, "unit_head"), (REVIEWER, "reviewer"), (ASSESSOR, "reviewer"),
    (APPROVER, "approver"), (BOSS, "supervisor"),
)  # fmt: skip
FEBRUARY = "2026-02"

D = TypeVar("D", bound=Intake)


def staffed(**reporting: Any) -> Intake:
    """February's returns of p1 are asked for as `reporting` says; a second project, p2, is that of bureau-b."""
    return under(a_regime(version=2, reporting=(a_reporting(**reporting),)), Intake())


def under(regime: Regime, intake: D) -> D:
    """All posts, p1 of bureau-a and p2 of bureau-b, and a regime that holds from February on."""
    found = fill_head(intake)
    found.accept(a_unit("assessors", kind="assessment_office"))
    for person, post in _POSTS:
        found.accept(PostAssigned(person=person, post=post, unit=IN[person]))  # type: ignore[arg-type]
    found.accept(a_project("p2", lead="bureau-b"))
    found.accept(an_adoption(regime, "2026-02-07"))
    return found


def returned(**reporting: Any) -> Intake:
    """February's return of p1 is made, by the reporter of bureau-a."""
    intake = staffed(**reporting)
    intake.accept(a_return(period=FEBRUARY, yi="2"), LEAD)
    return intake


def changing(**changes: Any) -> Intake:
    """Exits go through two bodies, the number of projects must not fall, and what comes instead must be like it."""
    rules = {"exit_chain": "exit", "count_must_not_fall": True, "replacement": LIKE, **changes}
    return under(a_regime(version=2, chains={"exit": EXIT}, list_changes=ListChanges(**rules)), Intake())


EXIT = (ChainStep(by="drc"), ChainStep(by="government"))
LIKE = Replacement(investment_within=Decimal("0.2"), same=("category",))


def past(rule: str, reason: str = "a flood") -> Mapping[str, Any]:
    """What sets a rule aside."""
    return {"override": Override(rule=rule, reason=reason)}


__all__ = [
    "APPROVER", "ASSESSOR", "BOSS", "FEBRUARY", "HEAD", "IN", "LEAD", "OTHER", "REVIEWER", "SECOND_HEAD", "changing",
    "past", "returned", "staffed", "under",
]  # fmt: skip
