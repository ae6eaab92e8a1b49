"""One place with everybody in it: of each role two persons, whose own the usual things are and whose they are not."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from shared.core.events import BulletinDrafted, PlanSet, PostAssigned, Recorded
from shared.core.regime.terms import SignStep
from tests.contract.golden import EXAMPLES
from tests.support.builders import JURISDICTION, LIST, YI, a_jurisdiction, a_list, a_project, a_unit, an_adoption
from tests.support.facts import a_milestone, a_permit, a_responsibility
from tests.support.intake import NOW, OPERATOR, Intake
from tests.support.matters import a_notice, proposal, service

NOBODY = "stranger"


@dataclass(frozen=True)
class Sender:
    person: str
    unit: str


STEPS: tuple[SignStep, ...] = ("drafter", "checker", "signer")
_IN_TWO_UNITS: Mapping[str, tuple[str, str, str]] = {
    # role: post, own unit, another
    "reporter": ("reporter", "bureau-a", "bureau-b"),
    "unit_head": ("unit_head", "bureau-a", "bureau-b"),
    "project_owner": ("reporter", "firm-a", "firm-b"),
    "permit_office": ("reporter", "land-office", "fire-office"),
    "supervision_office": ("supervisor", "office", "county-office"),
    "assessment_office": ("supervisor", "assessors", "county-assessors"),
    **{
        role: (role, "government", "county")
        for role in (
            "reviewer", "inspector", *STEPS, "approver", "sponsor_leader", "convener", "principal_leader",
            "rule_keeper",
        )
    },
}  # fmt: skip
_KINDS: Mapping[str, Any] = {
    "firm-a": "owner", "firm-b": "state_firm", "land-office": "permit_office", "fire-office": "permit_office",
    "county-office": "supervision_office", "assessors": "assessment_office", "county-assessors": "assessment_office",
}  # fmt: skip

ROLES: Mapping[str, tuple[Sender, Sender]] = {
    **{role: (Sender(f"{role}-1", own), Sender(f"{role}-2", other)) for role, (_, own, other) in _IN_TWO_UNITS.items()},
    "operator": (Sender(OPERATOR, ""), Sender(OPERATOR, "")),
    "downstream": (Sender(NOBODY, ""), Sender(NOBODY, "bureau-a")),
    "public": (Sender(NOBODY, ""), Sender(NOBODY, "bureau-b")),
}
"""Whose own the usual things are, and a colleague whose they are not."""


def everybody() -> Intake:
    """p1 is led by bureau-a, owned by firm-a, sponsored by sponsor_leader-1, with a permit of the land office.

    p2 is bureau-b's, and p3 nobody's here. Of notices and bulletins, one waits for each step (n-drafter, b-drafter…).
    """
    intake = Intake()
    intake.accept(a_jurisdiction(mode="simulated"), OPERATOR, time=NOW)
    units = sorted({unit for _, own, other in _IN_TWO_UNITS.values() for unit in (own, other)} | {"bureau-c"})
    for unit in units:
        if unit != "office":
            enter(intake, a_unit(unit, kind=_KINDS.get(unit, "department")))
    for role, (post, *_) in _IN_TWO_UNITS.items():
        for one in ROLES[role]:
            enter(intake, PostAssigned(person=one.person, post=post, unit=one.unit))  # type: ignore[arg-type]
    enter(intake, PostAssigned(person="liaison-a", post="liaison", unit="bureau-a"))
    enter(intake, an_adoption(), a_list(), a_project(owner="firm-a"), a_project("p2", lead="bureau-b"))
    enter(intake, a_project("p3", lead="bureau-c"), a_responsibility(person="sponsor_leader-1"))
    permit = a_permit(office="land-office")
    enter(intake, PlanSet(list=LIST, year=2026, project="p1", annual_planned_investment_yuan=YI,
                          milestones=(a_milestone(),), permits=(permit,)))  # fmt: skip
    _state(intake)
    return intake


def enter(intake: Intake, *events: Any, event: str = "", **about: Any) -> None:
    """Let it stand in the record, whoever told it."""
    for one in events:
        intake.count += 1
        of: dict[str, Any] = {"unit": "office", "actor": "somebody", **about}
        intake.enter(Recorded(position=0, id=event or f"e{intake.count}", jurisdiction=JURISDICTION, data=one, time=NOW,
                              recorded_at=NOW, **of))  # fmt: skip


def _state(intake: Intake) -> None:
    example = next(one for one in EXAMPLES if isinstance(one, BulletinDrafted))
    intake.hear(proposal())
    for step in STEPS:
        bulletin = replace(example, bulletin=f"b-{step}", digest="d1", sign_off=(step,))
        intake.hear(a_notice(f"n-{step}", sign_off=(step,)), bulletin)
    for letter in (
        a_notice("n-served"), a_notice("n-talk", step="talk"),
        a_notice("n-referred", form="refers", competent="discipline_body", unit="office"),
    ):  # fmt: skip
        intake.hear(letter, service(letter))
