"""The rows of every table that rules may ask, of one owner and as of a day. Each is made when it is asked for.

An owner is a project, a unit or a person; of `` are the list's own, and those that name no project. What happened
after the day is not there. Made from rules, and so elsewhere: `duty` and `requirement`.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal

from services.scoring.domain.asked import Asked
from services.scoring.domain.courses import milestone_rows, permit_rows, problem_rows
from services.scoring.domain.entries import Fact, KeptExit, KeptMeeting, KeptRound, Returns
from services.scoring.domain.matter_rows import matter_rows, times_reminded
from services.scoring.domain.pages import ids_of
from services.scoring.domain.plan_history import Plan
from services.scoring.domain.return_rows import return_rows
from services.scoring.domain.row import Row
from shared.core.ledger import Ledger
from shared.core.numbers import EXACT, difference, divide
from shared.core.regime.holds import CellValue
from shared.core.regime.terms import COLUMNS, ColumnKind, Table
from shared.core.responsibilities import Responsibilities, Staff

__all__ = ["Asked", "rows"]

_OWN = frozenset({"project", "unit", "person", "on"})
_CELLS: Mapping[Table, Mapping[str, ColumnKind]] = {
    table: {name: kind for name, kind in columns.items() if name not in _OWN} for table, columns in COLUMNS.items()
}
_POINTS = Decimal(100)


def rows(ledger: Ledger, table: Table, *, owner: str, asked: Asked) -> Sequence[Row]:
    """The rows of an owner, each once, in the order of the record. Their cells are the columns of the table."""
    made = _MADE.get(table)
    if made is not None:
        return list({row.id: row for row in made(ledger, asked, owner)}.values())
    owners = (owner,) if owner else ("", asked.list)
    return [row for one in owners for row in _facts(ledger, table, asked, one)]


# --- what is said once --------------------------------------------------------------------------------------------


def _facts(ledger: Ledger, table: Table, asked: Asked, owner: str) -> Iterator[Row]:
    for code in ids_of(ledger, table, owner):
        fact = ledger.get(Fact, code)
        if fact is not None and _is_known(ledger, asked, fact):
            yield _fact(ledger, asked, owner, code, fact)


def _is_known(ledger: Ledger, asked: Asked, fact: Fact) -> bool:
    """Whether it had happened by the day, is not over, and is about a project of the list, if it is about any."""
    if fact.on > asked.day or (fact.until_on is not None and fact.until_on < asked.day):
        return False
    return not fact.projects or any(asked.listing(ledger, project) for project in fact.projects)


def _fact(ledger: Ledger, asked: Asked, owner: str, code: str, fact: Fact) -> Row:
    project = _one(owner, fact.projects)
    unit = _one(owner, fact.units) or asked.lead_unit(ledger, project)
    cells: dict[str, CellValue] = {}
    for name, kind in _CELLS[fact.table].items():
        kept: Mapping[str, CellValue] = (
            fact.texts if kind == "text" else fact.numbers if kind == "number" else fact.flags
        )
        cells[name] = kept.get(name)
    if derive := _DERIVED.get(fact.table):
        cells.update(derive(ledger, asked, project, fact))
    return Row(fact.table, code, fact.on, project, unit, _one(owner, fact.persons), cells)


def _one(owner: str, named: Sequence[str]) -> str:
    """The owner where it is named, else the only one that is."""
    if owner in named:
        return owner
    return named[0] if len(named) == 1 else ""


def _found(ledger: Ledger, asked: Asked, project: str, fact: Fact) -> Mapping[str, CellValue]:
    """What was found over the year's plan, and by how many points the self-report of the time says more."""
    plan, found = ledger.get(Plan, f"{asked.list}/{fact.on.year}/{project}"), fact.numbers.get("found_ytd_yuan")
    planned = plan.at(asked.at).annual_planned_investment_yuan if plan else None
    returns = ledger.get(Returns, f"{project}/{fact.on.year}")
    latest = returns.by(fact.on) if returns else None
    ratio, reported = _over(found, planned), _over(latest.self_reported_ytd_yuan if latest else None, planned)
    discrepancy = None
    if ratio is not None and reported is not None:
        discrepancy = EXACT.multiply(difference(reported, ratio), _POINTS)
    return {"found_ratio": ratio, "discrepancy_pp": discrepancy}


def _over(amount: Decimal | None, planned: Decimal | None) -> Decimal | None:
    return None if amount is None or planned is None else divide(amount, planned)


def _own(ledger: Ledger, asked: Asked, project: str, fact: Fact) -> Mapping[str, CellValue]:
    """Whether the scorer's unit leads the project: such marks do not count (004)."""
    return {"is_own": fact.texts["scorer_unit"] == asked.lead_unit(ledger, project)}


_DERIVED: Mapping[Table, Callable[[Ledger, Asked, str, Fact], Mapping[str, CellValue]]] = {
    "inspection": _found, "visit_score": _own,
}  # fmt: skip


# --- rounds, meetings, exits, assignments -------------------------------------------------------------------------


def _rounds(ledger: Ledger, asked: Asked, owner: str) -> Iterator[Row]:
    for code in ids_of(ledger, "round", owner):
        one = ledger.get(KeptRound, code)
        is_known = one is not None and one.from_on <= asked.day
        if one is None or not is_known or (owner in one.projects and not asked.listing(ledger, owner)):
            continue
        project, is_reported = _one(owner, one.projects), _is_by(one.reported_on, asked)
        yield Row("round", code, one.from_on, project, _one(owner, one.units) or asked.lead_unit(ledger, project), "", {
            "round": code, "kind": one.kind, "approver": one.approver, "topic": one.topic,
            "is_reported": is_reported, "is_archived": is_reported and one.is_archived,
            "objects": Decimal(len(one.projects) + len(one.units)), "joined_by": " ".join(one.joined_by),
        })  # fmt: skip


def _meetings(ledger: Ledger, asked: Asked, owner: str) -> Iterator[Row]:
    for code in ids_of(ledger, "meeting", owner):
        one = ledger.get(KeptMeeting, code)
        if one is not None and one.on <= asked.day:
            is_minuted = _is_by(one.minuted_on, asked)
            yield Row("meeting", code, one.on, "", one.unit, "", {
                "meeting": code, "forum": one.forum, "category": one.category, "is_minuted": is_minuted,
                "decisions": Decimal(one.decisions if is_minuted else 0), "attended": " ".join(one.attended),
            })  # fmt: skip


def _is_by(on: date | None, asked: Asked) -> bool:
    return on is not None and on <= asked.day


def _exits(ledger: Ledger, asked: Asked, owner: str) -> Iterator[Row]:
    """The exit of a project from the list of the year: requested, refused by the last who decided, or done."""
    one = ledger.get(KeptExit, key := f"{asked.list}/{asked.year}/{owner}")
    if one is None or one.requested_on > asked.day:
        return
    steps = [(step, approved) for step, approved, on in one.steps if on <= asked.day]
    refused = bool(steps) and not steps[-1][1]
    state = "exited" if _is_by(one.exited_on, asked) else "refused" if refused else "requested"
    yield Row("exit", key, one.requested_on, owner, asked.lead_unit(ledger, owner), "", {
        "reason": one.reason, "state": state, "step": steps[-1][0] if steps else "",
        "times_urged": times_reminded(ledger, asked, owner),
    })  # fmt: skip


def _assignments(ledger: Ledger, asked: Asked, owner: str) -> Iterator[Row]:
    """The roles held on the day: all those for a project or in a unit, and those of whom the owner is."""
    for place in dict.fromkeys((owner, *ids_of(ledger, "assignment", owner))):
        of_project, of_unit = ledger.get(Responsibilities, place), ledger.get(Staff, place)
        project = place if of_project and asked.listing(ledger, place) else ""
        for one in (*(of_project.holdings if project and of_project else ()), *(of_unit.holdings if of_unit else ())):
            if one.is_held(asked.day) and owner in {place, one.unit, one.person}:
                code, unit = f"{one.event}/{one.role}/{one.holder}", one.unit or asked.lead_unit(ledger, project)
                cells = {"role": one.role, "liability": one.liability}
                yield Row("assignment", code, one.from_on, project, unit, one.person, cells)


def _made_elsewhere(_ledger: Ledger, _asked: Asked, _owner: str) -> Iterable[Row]:
    return ()


_MADE: Mapping[Table, Callable[[Ledger, Asked, str], Iterable[Row]]] = {
    "return": return_rows, "milestone": milestone_rows, "permit": permit_rows, "problem": problem_rows,
    "matter": matter_rows, "round": _rounds, "meeting": _meetings, "exit": _exits, "assignment": _assignments,
    "duty": _made_elsewhere, "requirement": _made_elsewhere,
}  # fmt: skip
