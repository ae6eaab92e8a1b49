"""What was found in tables, for people in their language and for programs as JSON."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from typing import Any

from rich.console import Console
from rich.table import Table as Grid

from deploy.local.mapping.findings import Finding
from deploy.local.mapping.model import Consequence, Said
from deploy.local.mapping.rows import BadRow
from deploy.local.mapping.translate import Translation
from shared.core.errors import Fault
from shared.infra.texts import Texts

_SHOWN_MAX = 20
_WIDTH = 140
_THEN: Mapping[Consequence, str] = {
    "flag": "recorded all the same", "blank": "the cells count as empty", "skip": "not recorded",
    "ignore": "no rows of the table", "refuse": "refuses the table",
}  # fmt: skip


def as_json(found: Translation) -> dict[str, Any]:
    """Everything found, every place of it, and how many events of each type follow."""
    findings = [
        {
            "table": one.table, "id": one.id, "says": asdict(one.says), "then": one.then, "count": one.count,
            "keys": one.keys, "of": one.of, "places": [asdict(place) for place in one.places],
        }
        for one in found.findings
    ]  # fmt: skip
    return {
        "tables": found.rows,
        "events": dict(Counter(draft.type for draft in found.drafts)),
        "findings": findings,
        "bad_rows": [
            {"table": one.table, "row": one.row, "column": one.column, "code": one.fault.code, "says": _said(one.fault)}
            for one in found.bad
        ],
        "faults": [{"code": one.code, "says": _said(one)} for one in found.faults],
    }


def print_report(found: Translation, say: Texts, console: Console | None = None) -> None:
    """Print the tables, what was found in them with the first places, and what would be recorded."""
    out = console or Console(width=_WIDTH, highlight=False)
    for table, count in found.rows.items():
        out.print(f"{table}: {say('{count} rows', count=count)}", markup=False)
    if found.findings:
        out.print(_findings(found.findings, say))
        for finding in found.findings:
            for line in _places(finding, say):
                out.print(line, markup=False, soft_wrap=True)
    for line in faults_told(found, say):
        out.print(line, markup=False, soft_wrap=True)
    grid = Grid(title=say("What would be recorded"))
    grid.add_column(say("Event"))
    grid.add_column(say("How many"), justify="right")
    for kind, count in Counter(draft.type for draft in found.drafts).items():
        grid.add_row(kind, str(count))
    out.print(grid)


def faults_told(found: Translation, say: Texts) -> Iterator[str]:
    """Every reason why nothing can be recorded, as a line."""
    for fault in found.faults:
        yield _said(fault, say)
    for one in found.bad:
        yield _bad(one, say)


def _bad(one: BadRow, say: Texts) -> str:
    where = say("{table}, row {row}, column {column}", table=one.table, row=one.row, column=one.column)
    return f"{where}: {_said(one.fault, say)}"


def _said(fault: Fault, say: Texts | None = None) -> str:
    try:
        return (say or Texts.load("en"))(fault.message, **fault.values)
    except (KeyError, IndexError, ValueError):
        return fault.message  # a library's own words, braces and all


def _findings(findings: list[Finding], say: Texts) -> Grid:
    grid = Grid(title=say("What was found"))
    for name in (say("Table"), say("Check"), say("Times"), say("Of so many things"), say("Looked at"),
                 say("What it means"), say("What follows")):  # fmt: skip
        grid.add_column(name, overflow="fold")
    for one in findings:
        grid.add_row(
            one.table, one.id, str(one.count), str(one.keys), str(one.of), in_language(one.says, say),
            say(_THEN[one.then]),
        )  # fmt: skip
    return grid


def in_language(says: Said, say: Texts) -> str:
    return says.zh if say.locale == "zh" else says.en


def _places(finding: Finding, say: Texts) -> Iterator[str]:
    if finding.count:
        yield f"{finding.table} {finding.id}: {in_language(finding.says, say)}"
    for place in finding.places[:_SHOWN_MAX]:
        row = say("row {row}", row=place.row) if place.row else ""
        yield "  " + "  ".join(filter(None, [row, place.key, place.at, place.told]))
    if finding.count > _SHOWN_MAX:
        yield "  " + say("and {count} more; --json has them all", count=finding.count - _SHOWN_MAX)
