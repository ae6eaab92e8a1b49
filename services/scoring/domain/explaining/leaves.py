"""What was said, and by which events: the amounts of an object, its attributes, the rows of a subject."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from services.scoring.domain import tables
from services.scoring.domain.entries import Milestones, Return, Returns, Stages
from services.scoring.domain.explaining.asking import Asking
from services.scoring.domain.explaining.tree import Explained, Value
from services.scoring.domain.facts import ProjectFacts
from services.scoring.domain.plan_history import Plan
from services.scoring.domain.return_rows import Filed, is_malformed
from services.scoring.domain.row import Row
from shared.core.period import Period
from shared.core.regime.holds import CellValue, Words
from shared.core.regime.measures import AmountName
from shared.core.regime.terms import Table

_OF_RETURNS: Sequence[AmountName] = (
    "investment_completed", "investment_since_start", "funds_in_place", "funds_paid", "investment_in_period",
)  # fmt: skip
_OWN_CODES: frozenset[Table] = frozenset({"incident", "meeting_decision"})
"""Facts that go by their own code, and so do not tell which event said them."""
_HAVE_A_COURSE: frozenset[Table] = frozenset({
    "matter", "problem", "round", "meeting", "exit", "permit", "duty", "requirement",
})  # fmt: skip
"""Rows that come of several events, or of rules: what is kept of them does not tell which."""


# --- amounts --------------------------------------------------------------------------------------------------------


def amount(asking: Asking, one: ProjectFacts, name: AmountName, part: str) -> Explained:
    """One amount of an object, in yuan, with what said it."""
    value = one.amounts.get(name)
    if name in _OF_RETURNS:
        found = _of_returns(asking, one, name, value)
    elif name == "funds_allocated":
        found = _allocated(asking, one, value)
    else:
        found = _planned(asking, one, name, value)
    return found.as_part(part)


def _leaf(one: ProjectFacts, name: str, value: Value, **more: Any) -> Explained:
    given = {"about": f"amount:{name}", "how": "said", **more}
    return Explained(kind="project", subject=one.code, name=one.listing.name, value=value, **given)


def _planned(asking: Asking, one: ProjectFacts, name: AmountName, value: Value) -> Explained:
    view = asking.view
    kept = view.ledger.get(Plan, f"{view.code}/{view.period.year}/{one.code}")
    plan = kept.at(view.at) if kept else None
    changes = plan.changes if plan else ()
    why = "" if value is not None else "No plan says it." if name != "total_investment" else "The listing does not say."
    if name == "total_investment":
        events = tuple(change.event for change in changes if change.by == "listing")
    elif name == "original_annual_planned_investment":
        events = tuple(change.event for change in changes if change.annual_planned_investment_yuan is not None)[:1]
    else:
        events = (plan.event,) if plan else ()
    is_changed = len({change.annual_planned_investment_yuan for change in changes}) > 1
    status = ("plan_changed",) if is_changed and name == "annual_planned_investment" else ()
    return _leaf(one, name, value, events=events, why=why, status=status)


def _of_returns(asking: Asking, one: ProjectFacts, name: AmountName, value: Value) -> Explained:
    if name == "investment_completed" and one.treatment == "zero":
        why = "Its status counts as nothing done."
        return _leaf(one, name, value, why=why, rule="/status", status=(one.treatment,), events=_staged(asking, one))
    standing = asking.view.standing
    returns = asking.view.ledger.get(Returns, f"{one.code}/{asking.view.period.year}") or Returns(())
    _, said_by = standing.completed.of(one.code, returns, lambda: one)
    inputs = tuple(_return(asking, one, name, each, said_by) for each in _within(asking, name, returns, said_by))
    said = [each for each in inputs if each.part == "said"]
    if name == "investment_in_period":
        why = "" if value is not None else "Not every part of the period has a return that says it."
        return _leaf(one, name, value, inputs=inputs, why=why)
    if not said:
        why = "No return that counts says it." if inputs else "No return came."
        if value is not None:
            why += " What is missing counts as no progress."
        return _leaf(one, name, value, inputs=inputs, why=why, status=("missing",) if not inputs else ())
    is_same = said[-1].value == value
    return _leaf(one, name, value, inputs=inputs, how="said_by" if is_same else "said", rule="/reporting/0")


def _within(asking: Asking, name: AmountName, returns: Returns, said_by: Return | None) -> Iterator[Return]:
    """The returns that may say it, the newest first: those of the period, or all down to the one that does say it."""
    in_period = name == "investment_in_period"
    for one in reversed(returns.returns):
        is_within = one.ends_on <= asking.view.standing.last_day
        if is_within and (not in_period or one.ends_on >= asking.view.period.first_day):
            yield one
        if one is said_by and not in_period:
            return


_FIELDS: Mapping[str, str] = {
    "investment_completed": "investment_ytd_yuan", "investment_since_start": "investment_since_start_yuan",
    "funds_in_place": "funds_in_place_yuan", "funds_paid": "funds_paid_yuan",
    "investment_in_period": "investment_in_period_yuan",
}  # fmt: skip


def _return(asking: Asking, one: ProjectFacts, name: AmountName, said: Return, said_by: Return | None) -> Explained:
    is_it = said is said_by or name == "investment_in_period"
    status, why = tuple(_came(asking, one.code, said)), ""
    if not is_it and (said_by is None or said.ends_on > said_by.ends_on):
        why = (
            "It says no amount." if said.investment_ytd_yuan is None else "By the rules for returns it does not count."
        )
    return _leaf(
        one, name, getattr(said, _FIELDS[name]), about=f"return:{said.period}", when=said.period, status=status,
        part="said" if is_it else "", counts=is_it, why=why,
        events=tuple(event for event in (said.event, said.corrected_by) if event),
    )  # fmt: skip


def _came(asking: Asking, project: str, said: Return) -> Iterator[str]:
    """How a return came, in the words of the rules."""
    standing = asking.view.standing
    reporting = standing.by_cadence.get(Period.parse(said.period).cadence)
    if reporting is not None:
        filed = Filed.of(standing.ledger, standing.year, project)
        yield "late" if standing.completed.is_late(said, reporting) else "on_time"
        if is_malformed(said, reporting):
            yield "malformed"
        if filed.is_worthless(said):
            yield "copied" if filed.is_copied(said) else "bundled" if filed.is_bundled(said) else said.fault
        if (reporting.review or reporting.review_chain) and not said.reviews:
            yield "unreviewed"
    if said.is_nil:
        yield "is_nil"
    if said.corrected_by:
        yield "corrected"
    yield from dict.fromkeys(verdict for _, verdict in said.reviews)


def _allocated(asking: Asking, one: ProjectFacts, value: Value) -> Explained:
    found = tables.rows(asking.view.ledger, "funds", owner=one.code, asked=asking.view.standing.asked)
    rows = [row for row in found if row.cells["kind"] == "allocated" and row.on.year == asking.view.standing.year]
    inputs = tuple(row_leaf(asking, each, value=told(each.cells["amount_yuan"])) for each in rows)
    why = "" if value is not None else "Nothing was allocated."
    return _leaf(one, "funds_allocated", value, how="sum" if rows else "said", inputs=inputs, why=why)


# --- attributes, rows -----------------------------------------------------------------------------------------------


def _staged(asking: Asking, one: ProjectFacts) -> tuple[str, ...]:
    kept = asking.view.ledger.get(Stages, one.code)
    return tuple(each.event for each in kept.reached if each.on <= asking.view.day) if kept else ()


def attribute(asking: Asking, one: ProjectFacts, name: str, wanted: object) -> Explained:
    """Whether an attribute of an object is what a condition wants."""
    value = one.stands(name, wanted, asking.view.day)
    is_stage = name in {"stage", "stage_now"}
    kept = asking.view.ledger.get(Plan, f"{asking.view.code}/{asking.view.period.year}/{one.code}")
    listed = tuple(change.event for change in kept.changes if change.by == "listing") if kept else ()
    return Explained(
        about=f"attribute:{name}", kind="project", subject=one.code, name=one.listing.name, value=value, how="said",
        part="condition", given={"is": _standing(one, name)}, events=_staged(asking, one) if is_stage else listed,
        why="" if value is not None else "Nobody said it.",
    )  # fmt: skip


def _standing(one: ProjectFacts, name: str) -> str:
    match name:
        case "stage":
            return " ".join(one.stages)
        case "stage_now":
            return one.stages[-1] if one.stages else ""
        case "classes":
            return " ".join(str(each) for each in one.classes.values() if each)
        case "unit_kind":
            return one.unit_kind or ""
        case _:
            field = {"kind": "object_kind", "level": "approving_level", "unit": "lead_unit", "tag": "tags",
                     "planned_start_due": "planned_start_on"}.get(name, name)  # fmt: skip
            said = getattr(one.listing, field, "")
            return " ".join(said) if isinstance(said, tuple) else "" if said is None else str(said)


def row_leaf(asking: Asking, row: Row, *, value: Value, part: str = "row", columns: Sequence[str] = ()) -> Explained:
    """A row that counts, with the columns that the rule asks of it."""
    cells = {name: said for name in columns if (said := row.told(name)) is not None}
    kind, subject = ("project", row.project) if row.project else ("unit", row.unit or row.person)
    return Explained(
        about=f"row:{row.table}", kind=kind, subject=subject, value=value, how="said", part=part,
        when=row.on.isoformat(), given={"id": row.id, "cells": cells}, events=tuple(_events_of_row(asking, row)),
        table=row.table, why="Nobody said it." if value is None else "",
    )  # fmt: skip


def _events_of_row(asking: Asking, row: Row) -> Iterator[str]:
    if row.table == "return":
        returns = asking.view.ledger.get(Returns, f"{row.project}/{asking.view.period.year}")
        one = returns.of(str(row.cells["period"])) if returns else None
        yield from (event for event in ((one.event, one.corrected_by) if one else ()) if event)
    elif row.table == "milestone":
        kept = asking.view.ledger.get(Milestones, row.project)
        plan = asking.view.ledger.get(Plan, f"{asking.view.code}/{asking.view.period.year}/{row.project}")
        if kept and plan:
            yield from dict.fromkeys(change.event for change in plan.changes if change.by == "plan")
    elif row.table not in _HAVE_A_COURSE | _OWN_CODES:
        yield row.id.partition("/")[0] if row.table in {"finding", "assignment"} else row.id


def told(cell: CellValue | Words) -> Value:
    """A cell as a value."""
    return " ".join(cell) if isinstance(cell, tuple) else cell
