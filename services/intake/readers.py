"""Who may read what: asked by every edge, of what the jurisdiction's record says of the person who asks."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from services.intake.domain.reading import Standpoint, standpoint
from shared.core.events import JurisdictionOpened
from shared.core.ledger import Ledger
from shared.core.register import is_of_the_office
from shared.infra.auth import Bearer
from shared.infra.openapi import Answers, refused
from shared.infra.web import Problem

TROUBLES: Mapping[int, Sequence[str]] = {503: ("overloaded", "another_history", "unanswered")}
"""What is answered where something is wrong with us, whatever was asked (services/intake/desk.py)."""
_OF_A_JURISDICTION: Mapping[int, Sequence[str]] = {403: ("token_revoked",), 404: ("not_open",), **TROUBLES}


def answers(more: Mapping[int, Sequence[str]]) -> Answers:
    """For the `responses` of a route that reads a jurisdiction's ledger: those problems, and its own."""
    return refused({
        status: (*_OF_A_JURISDICTION.get(status, ()), *more.get(status, ()))
        for status in sorted({*_OF_A_JURISDICTION, *more})
    })  # fmt: skip


def insist_on_operator(by: Bearer) -> None:
    """Problem unless the operator asks."""
    if not by.operator:
        raise Problem(403, "operator_only", "Only the operator may do this.")


def insist_on_office(ledger: Ledger, by: Bearer) -> None:
    """Problem unless the operator or the supervision office asks."""
    if not by.operator and not is_of_the_office(ledger, by.person):
        raise Problem(403, "not_the_office", "Only the operator and the supervision office may read this.")


def standpoint_of(ledger: Ledger, by: Bearer) -> Standpoint:
    """From where somebody reads. Problem for a stranger."""
    found = standpoint(ledger, by.person, is_operator=by.operator)
    if found is None:
        raise Problem(403, "no_post", "You hold no post that may read this.")
    return found


def clock_of(ledger: Ledger, now: datetime) -> datetime:
    """The time by which is counted: a simulated or imported jurisdiction has a clock of its own."""
    opened = ledger.get(JurisdictionOpened, "")
    return now if opened is None or opened.mode == "live" else ledger.clock
