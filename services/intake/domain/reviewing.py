"""What do the lists of a project ask of its return, who reviews it, and whose turn is it?"""

from collections.abc import Sequence
from typing import NamedTuple

from services.intake.domain.chain import plain, turns
from services.intake.domain.known import ReturnMade
from shared.core.calendar import Cadence, Period
from shared.core.events import UnitRegistered
from shared.core.ledger import Ledger
from shared.core.regime.language import Chain
from shared.core.regime.model import Reporting
from shared.core.register import Project, holders, regime_for

SIGNS = "unit_head"
"""Whose turn it is where the unit's head must sign before anybody reviews."""
_UNITS = frozenset({"supervision_office", "assessment_office"})
"""Bodies that are kinds of unit: only such a unit speaks for them."""
_ROLES = frozenset({"lead_unit", "owner"})
"""Bodies that are roles for a project: only who holds it speaks for them."""


class Asking(NamedTuple):
    """A return that a list asks for, and its reviewers in order; empty where nobody is named."""

    rule: Reporting
    reviewers: Chain


def lists_of(ledger: Ledger, project: str, year: int) -> Sequence[str]:
    known = ledger.get(Project, project)
    return sorted([code for code, of_year in known.listed_on if of_year == year]) if known else ()


def askings(ledger: Ledger, lists: Sequence[str], period: Period) -> Sequence[Asking]:
    """The returns of all cadences that lists ask for, by the regimes of a period; none where no regime is adopted."""
    regimes = [regime for code in lists if (regime := regime_for(ledger, code, period))]
    return [
        Asking(rule, regime.chain(rule.review_chain) or plain(rule.review))
        for regime in regimes
        for rule in regime.reporting
    ]


def of_cadence(asked: Sequence[Asking], cadence: Cadence) -> Sequence[Asking]:
    return [one for one in asked if one.rule.cadence == cadence]


def turn(made: ReturnMade, asked: Sequence[Asking]) -> tuple[str, ...]:
    """Whose turn it is: the head's who must sign, then the bodies' that may review next; nobody's where all is done.

    Of one that was sent back it is the unit's own to report again, which is nobody's turn here.
    """
    if made.is_sent_back:
        return ()
    if not made.signed_by and any(one.rule.sign_off for one in asked):
        return (SIGNS,)
    return tuple(dict.fromkeys(by for one in asked for by in turns(one.reviewers, made.spoken)))


def speaks_for(ledger: Ledger, unit: str, step: str, project: str) -> bool:
    """Whether a reviewer of a unit may speak for a body; of most bodies the record does not say who they are."""
    if step in _UNITS:
        registered = ledger.get(UnitRegistered, unit)
        return registered is not None and registered.kind == step
    return unit in holders(ledger, project, step) if step in _ROLES else True  # type: ignore[arg-type]
