"""What meetings and rounds call for: their agenda, what goes up from them, and the papers that must follow."""

from collections.abc import Iterator, Mapping, Sequence

from services.scoring.domain.calls import address, call, projects_of, row_facts
from services.scoring.domain.duties import running_period, subjects_of
from services.scoring.domain.row import Row
from services.scoring.domain.row_subject import RowSubject
from services.scoring.domain.view import View
from shared.core.decisions import Decision
from shared.core.regime.language import Has
from shared.core.regime.management import Duty
from shared.core.regime.terms import Table

_PAPERS: Mapping[Table, tuple[str, str]] = {"meeting": ("is_minuted", "minutes"), "round": ("is_reported", "report")}
"""What must follow what was held: the column that says that it did, and its name."""


def meetings(view: View) -> Iterator[Decision]:
    for duty in view.regime.duties:
        held = [one for one in view.row_subjects(duty.do) if one.cells(duty.where or {})]
        if duty.agenda == "open_problems" or duty.then_forum:
            yield from _agenda(view, duty, [one.row for one in held])
        if duty.do in _PAPERS and duty.circulate_to:
            yield from _papers(view, duty, held)


def _agenda(view: View, duty: Duty, held: Sequence[Row]) -> Iterator[Decision]:
    """Open problems are the agenda, of the class whose turn it is (004: 「推进顺利暂无问题的项目不再上会」).

    What was escalated, or is still open after a meeting that could have solved it, goes up to the next forum instead
    (004: 「不能解决的问题提交县委、县政府」).
    """
    period = running_period(view, duty)
    turns = subjects_of(view, duty, period) if period else ()
    for problem in view.row_subjects("problem"):
        if problem.row.cells.get("state") == "solved":
            continue
        facts = row_facts(problem.row, "obstacle", "state", "days_open", "has_solution")
        rule = f"duties/{duty.id}"
        if duty.then_forum and _goes_up(problem, held):
            facts |= {"forum": duty.then_forum}
            yield call("agenda", rule, problem, "escalation", of=duty, by=duty.who, form="acts", facts=facts)
        elif duty.agenda == "open_problems" and any(problem.row.project in projects_of(one) for one in turns):
            facts |= {"period": str(period)}
            yield call("agenda", rule, problem, "take_up", of=duty, by=duty.who, form="acts", facts=facts)


def _goes_up(problem: RowSubject, held: Sequence[Row]) -> bool:
    return problem.row.cells.get("state") == "escalated" or any(
        row.on >= problem.row.on and (not row.cells.get("category") or _is_of(problem, row)) for row in held
    )


def _is_of(problem: RowSubject, meeting: Row) -> bool:
    return problem.has(Has(category=str(meeting.cells.get("category")))) is True


def _papers(view: View, duty: Duty, held: Sequence[RowSubject]) -> Iterator[Decision]:
    """Minutes, or a report, that those who must have them do not have yet."""
    column, paper = _PAPERS[duty.do]
    for one in held:
        if one.row.cells.get(column) is False and view.period.first_day <= one.row.on <= view.day:
            yield call(
                "owed", f"duties/{duty.id}/circulate_to", one, paper, of=duty, by=duty.who, form="owes",
                to=tuple(address(body) for body in duty.circulate_to), facts={"on": one.row.on},
            )  # fmt: skip
