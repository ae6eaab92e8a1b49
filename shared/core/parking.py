"""What waits, and behind what, when an event cannot be applied.

A parked event holds its entity's later events, of a project also those about its permits, visits and listing; one that
many entities rest on holds its jurisdiction. Nothing of another jurisdiction ever waits.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

Scope = Literal["entity", "jurisdiction"]

_JURISDICTION_WIDE = frozenset({"jurisdiction", "regime", "calendar", "list", "unit", "time"})
_OF_A_PROJECT = frozenset({"permit", "listing", "duty"})
"""Kinds whose entity is a project, or may be: they rest on what is told of the project itself."""


@dataclass(frozen=True, slots=True)
class Parked:
    """An event that is not applied: for a reason of its own, or because it stands behind another (`behind` > 0)."""

    kind: str
    entity: str
    position: int
    reason: str
    behind: int = 0


def scope_of(kind: str) -> Scope:
    """How much waits behind a parked event of a kind. A person's posts, a project, a notice are entities."""
    return "jurisdiction" if kind in _JURISDICTION_WIDE else "entity"


class Parking:
    """The parked events of one jurisdiction in one fold, in the order of the record."""

    def __init__(self, parked: Iterable[Parked] = ()) -> None:
        self._parked: list[Parked] = []
        self._whole: Parked | None = None
        self._entities: dict[tuple[str, str], Parked] = {}
        for one in parked:
            self._add(one)

    @property
    def all(self) -> Sequence[Parked]:
        return self._parked

    @property
    def count(self) -> int:
        return len(self._parked)

    @property
    def holds_jurisdiction(self) -> bool:
        return self._whole is not None

    def holds(self, kind: str, entity: str) -> str | None:
        """Why an event must wait, or None if it may be applied."""
        holder = self._holder(kind, entity)
        return None if holder is None else f"behind the parked event at position {holder.position}: {holder.reason}"

    def park(self, kind: str, entity: str, position: int, reason: str) -> Parked:
        """Set an event aside; one that is held already stands behind its holder and holds nothing of its own."""
        holder = self._holder(kind, entity)
        parked = Parked(kind, entity, position, reason, holder.position if holder else 0)
        self._add(parked)
        return parked

    def _holder(self, kind: str, entity: str) -> Parked | None:
        project = self._entities.get(("project", entity)) if kind in _OF_A_PROJECT else None
        return self._whole or self._entities.get((kind, entity)) or project

    def _add(self, parked: Parked) -> None:
        self._parked.append(parked)
        if parked.behind:
            return
        if scope_of(parked.kind) == "jurisdiction":
            self._whole = self._whole or parked
        else:
            self._entities.setdefault((parked.kind, parked.entity), parked)
