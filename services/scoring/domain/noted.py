"""What the sections of a bulletin name that are about rows: problems, decisions, matters, returns that are late."""

from collections.abc import Callable, Iterator, Mapping

from services.scoring.domain.row import Row
from services.scoring.domain.view import View
from shared.core.period import Period
from shared.core.regime.holds import CellValue

_OPEN = frozenset({"open", "assigned", "reported", "verified", "reopened"})
_FAULTS: Mapping[CellValue, str] = {"malformed": "malformed", "copied": "worthless", "bundled": "worthless"}
"""What was found of a return, to the rule that says what follows."""


def noted(view: View) -> dict[str, tuple[str, ...]]:
    """Section to what it names, each once, for the sections that some bulletin of the regime has."""
    sections = {section for one in view.regime.bulletins for section in one.sections}
    return {name: tuple(dict.fromkeys(find(view))) for name, find in _FOUND.items() if name in sections}


def _problems(view: View) -> Iterator[str]:
    yield from (_whose(row) for row in view.rows("problem") if row.cells["state"] != "solved")


def _decisions(view: View) -> Iterator[str]:
    """What meetings decided in the period (000-13: 联席会议确定事项)."""
    for row in view.rows("meeting_decision"):
        if view.period.first_day <= row.on <= view.day:
            yield str(row.cells["decision"])


def _rectifications(view: View) -> Iterator[str]:
    """The matters that findings opened, however far they are (000-13: 整改通知书办理情况)."""
    yield from (_whose(row) for row in view.rows("matter") if row.cells["source"] in {"finding", "rule"})


def _matters(view: View) -> Iterator[str]:
    yield from (_whose(row) for row in view.rows("matter") if row.cells["state"] in _OPEN)


def _late_returns(view: View) -> Iterator[str]:
    """The units whose returns in the period came late, not at all, not in form, or worthless, if that is circulated.

    000-4b names who was late, 000-10 who copied the last return.
    """
    for row in view.rows("return"):
        reporting = view.standing.by_cadence.get(Period.parse(str(row.cells["period"])).cadence)
        if reporting is not None and view.period.first_day <= row.on <= view.day:
            found = [reporting.late] if row.cells["state"] in {"late", "missing"} else []
            if row.cells["fault"] in _FAULTS:
                found.append(getattr(reporting, _FAULTS[row.cells["fault"]]))
            if any(fault.circulate for fault in found):
                yield row.unit


def _next_steps(view: View) -> Iterator[str]:
    """The projects that have a milestone due in the next period."""
    coming = view.period.next()
    for row in view.rows("milestone"):
        if row.cells["state"] == "pending" and row.on <= coming.last_day:
            yield row.project


def _whose(row: Row) -> str:
    return row.project or row.unit or row.id


_FOUND: Mapping[str, Callable[[View], Iterator[str]]] = {
    "problems": _problems,
    "decisions": _decisions,
    "rectifications": _rectifications,
    "matters": _matters,
    "late_returns": _late_returns,
    "next_steps": _next_steps,
}
