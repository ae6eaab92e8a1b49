"""The pieces that every rule is made of: where it stands, conditions, windows, chains of approval.

A condition is asked of a subject: a set of objects, or one row of a table. It is three-valued: where what is known
does not decide it, it is unknown, and unknown neither holds nor fails.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from shared.core.regime.due import Span
from shared.core.regime.terms import Body, InvestmentNature, LightName, ObjectKind, Stage, UnitKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Sourced:
    """Where a rule stands, and which values the operator had to choose because no document gives them."""

    source: str = ""
    chosen_by_operator: bool | tuple[str, ...] = False


# --- conditions ---------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Bound:
    """A test of one number; every bound that is given must hold. An unknown number makes the test unknown."""

    at_least: Decimal | None = None
    above: Decimal | None = None
    at_most: Decimal | None = None
    below: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Every:
    all: tuple["Condition", ...]


@dataclass(frozen=True, slots=True)
class Some:
    any: tuple["Condition", ...]


@dataclass(frozen=True, slots=True)
class Not:
    none: tuple["Condition", ...]


Text = str | tuple[str, ...]
"""A text, or several of which one must be it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Has:
    """What stands in the objects of a subject: each field that is given must be so of every one of them.

    `stage` is reached once it was reported, `stage_now` is the one reported last. `classes` names classes of the
    regime's own schemes. `tag` is a mark given when the object was listed (farmland, poverty, special_period).
    """

    stage: Stage | None = None
    stage_now: Stage | tuple[Stage, ...] | None = None
    light: LightName | tuple[LightName, ...] | None = None
    kind: ObjectKind | tuple[ObjectKind, ...] | None = None
    investment_nature: InvestmentNature | None = None
    category: Text | None = None
    batch: Text | None = None
    territory: Text | None = None
    level: Text | None = None
    unit: Text | None = None
    unit_kind: UnitKind | tuple[UnitKind, ...] | None = None
    tag: Text | None = None
    continuing: bool | None = None
    planned_start_due: bool | None = None
    classes: Mapping[str, Text] | None = None


Cell = bool | Text | Bound
Where = Mapping[str, Cell]
"""Column of a table to what must stand in it."""


@dataclass(frozen=True, slots=True)
class Cells:
    """A test of one row's columns, where the subject is a row."""

    where: Where


Tests = Mapping[str, Bound | Decimal]
"""Measure, or numeric column of a row, to bound; a bare number means exactly this value."""

Condition = Every | Some | Not | Has | Cells | Tests


# --- windows ------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Last:
    """So many days, or months, up to the end of the period."""

    days: int | None = None
    months: int | None = None


Window = Literal["period", "year_to_date", "since_start"] | Last
"""Which days count: those of the period; of its year so far; all since the record begins, those that are only planned
among them; the last so many."""


# --- chains -------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class ChainStep(Sourced):
    """One approver in a chain: each acts in turn, and a refusal ends it. `unless` and `when` skip a step."""

    by: Body
    act: Literal["propose", "review", "file", "consent", "approve", "decide", "sign", "report"] = "approve"
    when: Condition | None = None
    unless: Condition | None = None
    within: Span | None = None


Chain = tuple[ChainStep, ...]
