"""Whom or what a rule covers, who answers for it, by when, and on which facts: what all decisions are made of."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from typing import cast, get_args

from services.scoring.domain.display import display
from services.scoring.domain.measure import Measuring
from services.scoring.domain.row import Row
from services.scoring.domain.row_subject import RowSubject
from services.scoring.domain.view import View
from shared.core.calendar import WorkingCalendar, end_of, instant
from shared.core.deadlines import Anchors, day_after
from shared.core.decisions import Addressee, Decision, DecisionKind, Form
from shared.core.moments import valid_until
from shared.core.regime.due import Span
from shared.core.regime.holds import holds
from shared.core.regime.language import Cells, Condition, Every, Not, Some, Sourced
from shared.core.regime.terms import COLUMNS, Body, Role, SubjectKind, Table
from shared.core.register import Adopted, working_calendar

Covered = Measuring | RowSubject
"""What a rule is about: a subject of the list, or a row of a table."""

ROLES: frozenset[str] = frozenset(get_args(Role))
OFFICE: Body = "supervision_office"


# --- whom a rule covers ---------------------------------------------------------------------------------------


def covered(view: View, about: SubjectKind | Table, among: Condition | None = None) -> Iterator[Covered]:
    """Every subject, or row, for which `among` surely holds."""
    found: list[Covered] = []
    if about in COLUMNS:
        found += view.row_subjects(cast("Table", about))
    else:
        found += view.governed(cast("SubjectKind", about))
    yield from (one for one in found if among is None or holds(among, one))


def named(one: Covered) -> tuple[SubjectKind | Table, str]:
    return (one.row.table, one.row.id) if isinstance(one, RowSubject) else (one.kind, one.code)


def projects_of(one: Covered) -> tuple[str, ...]:
    if isinstance(one, RowSubject):
        return (one.row.project,) if one.row.project else ()
    return tuple(facts.code for facts in one.objects)


def address(role: str, code: str = "") -> Addressee:
    """Whoever holds a role; a body is no code of the register."""
    return Addressee(role=role, code=code)


def addressees(view: View, who: str, one: Covered) -> tuple[Addressee, ...]:
    """Whoever holds a role for the objects of a subject, by code; nobody's code where nobody does, or for a body."""
    return tuple(address(who, code) for code in sorted(holders_of(view, who, projects_of(one)))) or (address(who),)


def holders_of(view: View, who: str, projects: Sequence[str]) -> frozenset[str]:
    if who not in ROLES:
        return frozenset()
    return frozenset(code for project in projects for code in view.holders(project, cast("Role", who)))


# --- by when --------------------------------------------------------------------------------------------------


def now(view: View) -> datetime:
    """The instant as of which it is decided: the end of the view's day, or its moment where the day still runs."""
    return min(view.at, end_of(view.day, view.zone))


def calendar_on(view: View, day: date) -> WorkingCalendar:
    """The calendar as known when a day began: a later one never moves an old deadline."""
    return working_calendar(view.ledger, known_at=instant(day, time(0), view.zone))


def within(view: View, day: date, span: Span | None) -> datetime | None:
    """The first instant too late for what takes a span from a day on; unknown where no span is given.

    Facts know days only: hours are counted from the end of the day, and the day in which they end counts whole.
    """
    return None if span is None else end_of(day_after(day, span, calendar_on(view, day)), view.zone)


def in_force_from(view: View) -> date:
    """The day from which the regime applies; a draft that was never adopted applies always."""
    adopted = view.ledger.get(Adopted, view.code)
    found = [start for start, regime in (adopted.regimes if adopted else ()) if regime.version == view.regime.version]
    return found[-1] if found else date.min


def end_of_validity(view: View) -> date | None:
    return valid_until(view.ledger, view.code, view.regime)


def anchors(view: View, one: Covered | None = None) -> Anchors:
    """The days from which a rule may count: of the list, and of the object where the subject is a single one."""
    of = one.objects if isinstance(one, Measuring) else ()
    listing = of[0].listing if len(of) == 1 else None
    return {
        "list_published": view.standing.first_listed_on,
        "planned_start_on": listing.planned_start_on if listing else None,
        "planned_completion_on": listing.planned_completion_on if listing else None,
    }


def is_late(view: View, due: datetime | None) -> bool:
    return due is not None and due <= now(view)


# --- on which facts -------------------------------------------------------------------------------------------


def facts_of(condition: Condition | None, one: Covered) -> dict[str, str]:
    """The inputs of a condition as they print: each measure and each column that it asks."""
    match condition:
        case None:
            return {}
        case Every(all=parts) | Some(any=parts) | Not(none=parts):
            return {name: value for part in parts for name, value in facts_of(part, one).items()}
        case Cells(where=where):
            return {name: _column(one, name) for name in where}
        case Mapping():
            return {name: _value(one, name) for name in condition}
        case _:  # what stands in the objects is on their own pages
            return {}


def row_facts(row: Row, *columns: str) -> dict[str, str]:
    return {name: printed(row.cell(name)) for name in columns}


def is_told(matter: Row, whom: str) -> bool:
    """Whether somebody was told the result of a matter when it was struck off."""
    return whom in str(matter.cells.get("answered")).split()


def printed(value: object) -> str:
    """Decimals without needless zeros, a flag as yes or no, several texts with commas, `-` where nobody said."""
    match value:
        case None | "" | ():
            return "-"
        case bool():
            return "yes" if value else "no"
        case Decimal():
            return f"{value:f}".rstrip("0").rstrip(".") if "." in f"{value:f}" else f"{value:f}"
        case tuple():
            return ", ".join(map(str, value))
        case _:
            return str(value)


def _value(one: Covered, name: str) -> str:
    value = one.value(name)
    if isinstance(one, RowSubject) and name in COLUMNS[one.row.table]:
        return printed(value)
    regime = one.view.regime
    return display(regime, name, value) if name in regime.measures else printed(value)


def _column(one: Covered, name: str) -> str:
    if not isinstance(one, RowSubject):
        return "-"
    return printed(one.row.cell(name))


# --- the decision ---------------------------------------------------------------------------------------------


def call(
    kind: DecisionKind, rule: str, one: Covered, act: str, *, of: Sourced, by: str = OFFICE, form: Form | None = None,
    to: tuple[Addressee, ...] = (), due_at: datetime | None = None, facts: Mapping[str, object] | None = None,
) -> Decision:  # fmt: skip
    """A decision about a subject or a row: `rule` points to the part of the regime that is `of`.

    What another body is competent for is proposed to it, unless a form is given.
    """
    about, code = named(one)
    return Decision(
        kind=kind, rule=rule, about=about, subject=code, act=act, by=by,
        form=form or ("acts" if by == OFFICE else "proposes"), to=to, due_at=due_at,
        facts={name: printed(value) for name, value in (facts or {}).items()}, source=of.source,
    )  # fmt: skip
