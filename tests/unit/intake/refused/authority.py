"""Reasons against who acts, in whose name, with which token, past which rule."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from services.intake.domain.known import MatterLife
from services.intake.domain.submission import Override
from shared.core.events import PostAssigned
from tests.support.builders import a_return, a_unit
from tests.support.facts import a_report, a_revocation, a_visit, an_issue
from tests.support.intake import LEAD, NOW, OFFICE, SIGNER, Intake, opened
from tests.support.refused import Case


def revoked() -> Intake:
    intake = opened()
    intake.accept(a_revocation(person=LEAD))
    return intake


def of_another_key() -> Intake:
    intake = opened()
    intake.accept(a_revocation(token="t-lost"))
    return intake


def with_others() -> Intake:
    """A leader, a bureau's head and a permit office beside the usual people; a matter that is bureau-b's."""
    intake = opened()
    intake.accept(a_unit("land", kind="permit_office"))
    for person, post, unit in (("leader", "sponsor_leader", "government"), ("head-a", "unit_head", "bureau-a"),
                               ("clerk", "reporter", "land")):  # fmt: skip
        intake.accept(PostAssigned(person=person, post=post, unit=unit))  # type: ignore[arg-type]
    intake.ledger.put("m9", MatterLife("assigned", ("bureau-b",), told_on=date(2026, 3, 2)))
    return intake


def past(rule: str, reason: str = "a flood") -> Mapping[str, Any]:
    return {"override": Override(rule=rule, reason=reason)}


FEBRUARY = a_return(period="2026-02")
POST = PostAssigned(person="x", post="reporter", unit="bureau-b")

CASES: list[Case] = [
    Case("not_yourself", "/data/person", a_visit(person="another"), "leader", with_others, unit="government"),
    Case("not_your_unit", "/data/unit", POST, "head-a", with_others, unit="bureau-a"),
    Case("not_your_permit", "/data/office", an_issue(office="bureau-a"), "clerk", with_others, unit="land"),
    Case("not_your_matter", "/data/matter", a_report("m9"), LEAD, with_others),
    Case("not_your_role", "/unit", FEBRUARY, SIGNER),
    Case("not_on_behalf", "/on_behalf_of", a_unit("new"), OFFICE, more={"on_behalf_of": "bureau-a"}),
    Case("behalf_needed", "/on_behalf_of", FEBRUARY, OFFICE),
    Case("behalf_needed", "/on_behalf_of", FEBRUARY, OFFICE, more={"on_behalf_of": "bureau-b"}),
    Case("token_revoked", "", FEBRUARY, LEAD, revoked, more={"token_id": "t1", "token_issued_at": NOW}),
    Case("token_revoked", "", FEBRUARY, LEAD, of_another_key, more={"token_id": "t-lost", "token_issued_at": NOW}),
    Case("not_overridable", "/override/rule", a_unit("new"), more=past("x")),
    Case("override_not_needed", "/override", a_unit("new"), more=past("list_sealed")),
    Case("reason_needed", "/override/reason", a_unit("new"), more=past("list_sealed", " ")),
]
