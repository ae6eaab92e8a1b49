"""What is known of one object as of a day: its amounts, stages, classes and dates, as the regime lets them count."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from shared.core.events import ProjectListed
from shared.core.regime.holds import every
from shared.core.regime.language import Has, Text
from shared.core.regime.measures import AmountName, DayOf
from shared.core.regime.terms import Stage, Treatment, UnitKind


@dataclass(frozen=True, slots=True)
class Came:
    """How a return came: never; late; made up (补报), after it was counted as missing; and what became of it since."""

    is_missing: bool = False
    is_late: bool = False
    is_made_up: bool = False
    is_corrected: bool = False
    is_adjusted: bool = False
    is_unreviewed: bool = False


IN_TIME = Came()
"""As it should; the one object for all of them, where nothing is odd or none is asked for."""


@dataclass(frozen=True, slots=True, eq=False)
class ProjectFacts:
    """Amounts in yuan, None where nobody said. `treatment` is what the status policy makes of the object's ratios.

    `stages` are those that count as reached, in order of time; `classes` the object's class in each scheme of the
    regime, None where it has none. `came`: how the return that is judged now came.
    """

    listing: ProjectListed
    unit_kind: UnitKind | None
    amounts: Mapping[AmountName, Decimal | None]
    stages: tuple[Stage, ...]
    treatment: Treatment
    classes: Mapping[str, str | None]
    days: Mapping[DayOf, date]
    came: Came = IN_TIME

    @property
    def code(self) -> str:
        return self.listing.project

    @property
    def is_judged(self) -> bool:
        return self.treatment in {"judged", "zero"}

    @property
    def is_excluded(self) -> bool:
        """Out of every group, and so of its sums, its counts and its denominators."""
        return self.treatment == "excluded"

    def stands(self, attribute: str, wanted: Any, day: date) -> bool | None:
        """Whether one attribute, as conditions name it, is what is wanted."""
        return _TESTS[attribute](self, wanted, day)


def having(objects: Sequence[ProjectFacts], wanted: Has, day: date) -> list[bool | None]:
    """Of each object whether everything that is given stands so; None where nobody said.

    A light is not an object's to know.
    """
    given = [(test, value) for name, test in _TESTS.items() if (value := getattr(wanted, name)) is not None]
    return [every([test(one, value, day) for test, value in given]) for one in objects]


Test = Callable[[ProjectFacts, Any, date], bool | None]


def _listed(name: str) -> Test:
    """A text of the listing; an empty one was not given."""

    def test(facts: ProjectFacts, wanted: Text, _day: date) -> bool | None:
        return _is(getattr(facts.listing, name), wanted)

    return test


def _is(value: str | None, wanted: Text) -> bool | None:
    if not value:
        return None
    return value == wanted if isinstance(wanted, str) else value in wanted


def _stage_now(facts: ProjectFacts, wanted: Text, _day: date) -> bool:
    return bool(facts.stages) and _is(facts.stages[-1], wanted) is True


def _in_classes(facts: ProjectFacts, wanted: Mapping[str, Text], _day: date) -> bool | None:
    return every([_is(facts.classes.get(scheme), name) for scheme, name in wanted.items()])


def _tagged(facts: ProjectFacts, wanted: Text, _day: date) -> bool:
    names = (wanted,) if isinstance(wanted, str) else wanted
    return any(name in facts.listing.tags for name in names)


def _continuing(facts: ProjectFacts, wanted: bool, _day: date) -> bool | None:
    return None if facts.listing.continuing is None else facts.listing.continuing is wanted


def _start_due(facts: ProjectFacts, wanted: bool, day: date) -> bool | None:
    planned = facts.listing.planned_start_on
    return None if planned is None else (planned <= day) is wanted


_TESTS: Mapping[str, Test] = {
    "stage": lambda facts, wanted, _: wanted in facts.stages,
    "stage_now": _stage_now,
    "kind": _listed("object_kind"),
    "investment_nature": _listed("investment_nature"),
    "category": _listed("category"),
    "batch": _listed("batch"),
    "territory": _listed("territory"),
    "level": _listed("approving_level"),
    "unit": _listed("lead_unit"),
    "unit_kind": lambda facts, wanted, _: _is(facts.unit_kind, wanted),
    "tag": _tagged,
    "continuing": _continuing,
    "planned_start_due": _start_due,
    "classes": _in_classes,
}
