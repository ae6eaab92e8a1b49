"""What an explanation is made of: a value, how it comes about, and what it comes from, down to events."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from shared.core.regime.language import Condition
from shared.core.regime.terms import Table

Value = Decimal | bool | str | None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Explained:
    """One value of one subject; None is unknown, and `why` says why it is so, or why it does not count.

    `about`: `measure:<name>`, `points:<component>`, `light`, `rank`, or what it is made of: `amount:<name>`,
    `return:<period>`, `row:<table>`, `condition`, `cell:<column>` … `how` is the kind of rule by which it follows from
    `inputs` and the constants of the rule in `given`; `part` is what it is in what it explains. `rule` is the pointer
    of its rule in the regime; `when` the period or day of which it is said. `status`: how it came (late, corrected …).
    """

    about: str
    kind: str
    subject: str
    value: Value
    how: str
    name: str = ""
    displayed: str = ""
    rule: str = ""
    part: str = ""
    when: str = ""
    why: str = ""
    given: Mapping[str, Any] = field(default_factory=dict)
    inputs: tuple["Explained", ...] = ()
    events: tuple[str, ...] = ()
    status: tuple[str, ...] = ()
    counts: bool = True
    condition: Condition | None = None
    table: Table | None = None

    def as_part(self, part: str) -> "Explained":
        return replace(self, part=part)

    def parts(self, part: str) -> list["Explained"]:
        return [one for one in self.inputs if one.part == part]


def walk(explained: Explained) -> Iterator[Explained]:
    """The value and all that it comes from, each once."""
    seen: set[int] = set()
    waiting = [explained]
    while waiting:
        one = waiting.pop()
        if id(one) not in seen:
            seen.add(id(one))
            yield one
            waiting += reversed(one.inputs)


def events_of(explained: Explained) -> tuple[str, ...]:
    """The events behind a value, each once."""
    return tuple(dict.fromkeys(event for one in walk(explained) for event in one.events))


def without_others(explained: Explained) -> Explained:
    """The explanation without those with whom its subject is compared: they are for few."""
    kept = [without_others(one) for one in explained.inputs if one.part != "other"]
    return replace(explained, inputs=tuple(kept))
