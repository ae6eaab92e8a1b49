"""Reports that events call for: what befell that the office, or a leader, has not been told in time.

An incident and a problem that only leaders can solve are in the record as such, so their report can be missed. Good
practice and important progress are known by their report alone: nobody can tell that one is missing.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime, time

from services.scoring.domain.calls import address, call, is_late, row_facts, within
from services.scoring.domain.row_subject import RowSubject
from services.scoring.domain.view import View
from shared.core.calendar import instant, last_day_before
from shared.core.decisions import Decision
from shared.core.regime.language import Where
from shared.core.regime.management import OnEvent
from shared.core.regime.terms import Table
from shared.core.register import opening

_BEFALLS: Mapping[str, tuple[Table, Where]] = {
    "incident": ("incident", {}),
    "emergency": ("incident", {"severity": ("serious", "grave")}),
    "leaders_needed": ("problem", {}),
}


def event_reports(view: View) -> Iterator[Decision]:
    for rule in view.regime.on_event:
        table, where = _BEFALLS.get(rule.event, (None, {}))
        for one in view.row_subjects(table) if table else ():
            is_meant = one.cells(where) and (rule.event != "leaders_needed" or bool(one.row.cells.get("needs")))
            if is_meant and one.row.on <= view.day:
                yield from _report(view, rule, one)


def _report(view: View, rule: OnEvent, one: RowSubject) -> Iterator[Decision]:
    """Owed until its time is over, then missed: said once, in the period in which it fell due."""
    due = within(view, one.row.on, rule.within)
    if due is None or due <= instant(view.period.first_day, time(0), view.zone) or _is_told(view, rule, one, due):
        return
    yield call(
        "missed" if is_late(view, due) else "owed", f"on_event/{rule.event}", one, "report", of=rule, by="lead_unit",
        form="owes", to=(address("lead_unit", one.unit),), due_at=due,
        facts=row_facts(one.row, "kind", "severity", "obstacle", "needs") | {"on": str(one.row.on), "to": rule.to},
    )  # fmt: skip


def _is_told(view: View, rule: OnEvent, one: RowSubject, due: datetime) -> bool:
    """Whether the unit itself, or the office, sent a report to whom it is due."""
    last_day, by = last_day_before(due, view.zone), {one.unit, opening(view.ledger).office}
    return any(
        row.cells.get("to") == rule.to and one.row.on <= row.on <= last_day and row.unit in by
        for row in view.rows("report_sent")
    )
