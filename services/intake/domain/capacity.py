"""In which capacities does a person act for a unit? Posts and the unit's kind say so; a token says only who it is."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Literal

from shared.core.events import PostName, UnitRegistered
from shared.core.ledger import Ledger
from shared.core.regime.terms import UnitKind
from shared.core.register import posts_of

Capacity = Literal[
    "reporter", "unit_head", "reviewer", "inspector", "supervision_office", "drafter", "checker", "signer", "approver",
    "sponsor_leader", "project_owner", "permit_office", "convener", "assessment_office", "principal_leader",
    "rule_keeper", "operator", "clock", "downstream", "public",
]  # fmt: skip
"""`downstream` and `public` record nothing: what they may read is the services' own to say."""

_BY_POST: Mapping[PostName, Capacity] = {
    "reporter": "reporter", "liaison": "reporter", "unit_head": "unit_head", "deputy": "unit_head",
    "reviewer": "reviewer", "inspector": "inspector", "drafter": "drafter", "checker": "checker", "signer": "signer",
    "approver": "approver", "sponsor_leader": "sponsor_leader", "convener": "convener",
    "principal_leader": "principal_leader", "rule_keeper": "rule_keeper",
}  # fmt: skip
_CLERKS = frozenset({"reporter", "liaison", "unit_head", "deputy"})
HEADS = frozenset({"supervisor", "unit_head", "deputy"})
"""The posts of an office that act for it; a drafter, checker or signer there does no more than that."""
_OF_AN_OFFICE: Mapping[UnitKind, tuple[Capacity, frozenset[str]]] = {
    "supervision_office": ("supervision_office", HEADS), "assessment_office": ("assessment_office", HEADS),
    "permit_office": ("permit_office", _CLERKS), "owner": ("project_owner", _CLERKS),
    "state_firm": ("project_owner", _CLERKS), "park": ("project_owner", _CLERKS),
}  # fmt: skip


def capacities(ledger: Ledger, person: str, unit: str) -> frozenset[Capacity]:
    """All capacities in which a person acts in the name of a unit; none for a stranger to it."""
    registered = ledger.get(UnitRegistered, unit)
    return _capacities(posts_of(ledger, person), unit, registered.kind if registered else None)


@lru_cache(maxsize=4_096)
def _capacities(held: frozenset[tuple[str, str, str]], unit: str, kind: UnitKind | None) -> frozenset[Capacity]:
    posts = {post for post, of, _ in held if of == unit}
    found = {_BY_POST[post] for post in posts if post in _BY_POST}  # type: ignore[index]
    office = _OF_AN_OFFICE.get(kind) if kind else None
    if office and posts & office[1]:
        found.add(office[0])
    return frozenset(found)
