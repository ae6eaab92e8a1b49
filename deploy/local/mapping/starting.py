"""`duban start`: an old ledger is read, everything that it says is shown, then recorded; its mapping is kept.

The names of persons go to intake's directory and to the mapping beside the file, never into the record.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any, get_args

import httpx
from rich.console import Console
from rich.table import Table as Grid

from deploy.local.client import Client, Refusal, refusal_of
from deploy.local.mapping.cells import YUAN_PER
from deploy.local.mapping.importing import Entry, NotImported, mapping_in, tables_in
from deploy.local.mapping.mapping_file import parse_mapping
from deploy.local.mapping.model import ImportMapping
from deploy.local.mapping.proposal import mapping_of
from deploy.local.mapping.recognise import Ledger, NotALedger, level_of, money_unit_of, recognise, unit_kind
from deploy.local.mapping.translate import Translation, translate
from shared.core.regime.terms import Level
from shared.infra.texts import Texts

LIST = "key-projects"
TIME_ZONE = "Asia/Shanghai"
_WIDTH = 140
_NOT_THERE = {404, 405}


@dataclass(frozen=True, slots=True)
class Start:
    """A ledger with the mapping that is proposed for it, and what would be recorded by that."""

    ledger: Ledger
    text: str
    mapping: ImportMapping
    found: Translation
    period: str

    @property
    def leaders(self) -> Mapping[str, str]:
        """The codes of leaders by their names, as the mapping has them."""
        column = self.mapping.tables[0].columns.get("leader")
        return {name: code for name, code in (column.codes or {}).items() if code} if column else {}


def begin(file: Path, jurisdiction: str, say: Texts, *, period: str | None, level: str = "") -> Start:
    """Recognise a ledger. NotImported where it is none, or its year or period is not said anywhere.

    Where a mapping of it is kept beside it, which people may have changed, it is read by that.
    """
    tables, beside = tables_in(file, say), mapping_beside(file)
    try:
        ledger = recognise(tables)
    except NotALedger as error:
        raise NotImported(str(error)) from error
    if not ledger.year and period:
        ledger.year = period[:4]
    told = period or (f"{ledger.year}-{ledger.month}" if ledger.year and ledger.month else "")
    if not ledger.year or (ledger.column("ytd") and not told):
        raise NotImported("neither title nor header says of which month this is: give --period, such as 2026-03")
    if beside.exists():
        text, mapping = beside.read_text(encoding="utf-8"), mapping_in(beside, say)
    else:
        text = mapping_of(ledger, jurisdiction=jurisdiction, list_code=LIST, time_zone=TIME_ZONE, level=level)
        mapping = parse_mapping(text)
    said = {"year": ledger.year, "period": told}
    constants = {name: value or said.get(name, "") for name, value in mapping.constants.items()}
    return Start(ledger, text, mapping, translate(mapping, [(file.name, tables)], constants), told)


def mapping_beside(file: Path) -> Path:
    """Where the mapping of a ledger is kept."""
    return file.with_name(f"{file.stem}.mapping.yaml")


def keep(start: Start, beside: Path) -> None:
    """Keep how the ledger was read; what is there is never written over."""
    if not beside.exists():
        beside.write_text(start.text, encoding="utf-8")


def mending(start: Start, file: Path, say: Texts) -> str:
    """What is to be done about a file of which nothing was recorded."""
    places = dict.fromkeys(say("{column} of row {row}", column=one.column, row=one.row) for one in start.found.bad)
    sentence = (
        "Nothing was recorded. Mend {cells} in {file}, or say in {mapping} what they mean, and start again; "
        "without {mapping} it is proposed anew."
    )
    cells = "; ".join(places) or say("what is named above")
    return say(sentence, cells=cells, file=file.name, mapping=mapping_beside(file).name)


def show(start: Start, say: Texts) -> None:
    """What was recognised: columns, those that were not, units and leaders with their codes, sums."""
    ledger, out = start.ledger, Console(width=_WIDTH, highlight=False)
    named = {"title": ledger.title, "row": ledger.header_row, "period": start.period or ledger.year}
    out.print(say("{title}: header in row {row}, period {period}", **named), markup=False, soft_wrap=True)
    grid = Grid()
    for heading in (say("Column of the file"), say("Recognised as")):
        grid.add_column(heading)
    for column in ledger.columns:
        grid.add_row(column.name, say(_ROLES[column.role]))
    for name in ledger.unrecognised:
        grid.add_row(name, say("not recognised: not read"))
    out.print(grid)
    for heading, rows in (
        (say("Units"), [(code, name, say(unit_kind(name))) for name, code in ledger.units.items()]),
        (say("Leaders"), [(code, name, "") for name, code in start.leaders.items()]),
        (say("Sums"), list(_sums(start, say))),
    ):
        grid = Grid(title=heading, show_header=False)
        for row in rows:
            grid.add_row(*row)
        if rows:
            out.print(grid)


_ROLES: Mapping[str, str] = {
    "serial": "serial number", "code": "project code", "ratio": "completion ratio: computed, not read",
    "since_start": "investment since start: not read", "total": "total investment", "plan": "annual plan",
    "ytd": "investment of the year to date", "name": "project name", "unit": "lead unit", "owner": "owner",
    "leader": "sponsor leader", "contact": "contact: personal, not read", "planned_start": "planned start",
    "planned_completion": "planned completion", "continuing": "continuing or new", "category": "category of project",
    "location": "location", "narrative": "progress in words", "problems": "problems", "years": "years: not read",
    "scale": "what is built: not read", "remark": "remark: not read",
}  # fmt: skip


def _sums(start: Start, say: Texts) -> Iterator[tuple[str, str, str]]:
    """What the projects come to, next to what the ledger's own line of totals says."""
    listed = [one.data for one in start.found.drafts if one.type.endswith("project_listed.v1")]
    returned = [one.data for one in start.found.drafts if one.type.endswith("progress_reported.v1")]
    sums = {
        "total": _sum(listed, "total_investment_yuan"), "plan": _sum(listed, "annual_planned_investment_yuan"),
        "ytd": _sum(returned, "investment_ytd_yuan"),
    }  # fmt: skip
    yield say("Projects"), str(len(listed)), ""
    for role, yuan in sums.items():
        column, stated = start.ledger.column(role), start.ledger.stated.get(role)
        if column is not None:
            unit: Any = money_unit_of(start.ledger, column)
            amount = yuan / YUAN_PER[unit]
            agrees = (
                say("as its line of totals says")
                if stated == amount
                else say("its line of totals says {stated}", stated=stated)
            )
            yield say(_ROLES[role]), f"{amount:f} {unit}", agrees if stated is not None else ""
    if sums["plan"] and start.ledger.column("ytd"):
        yield say("Completion ratio"), f"{sums['ytd'] / sums['plan']:.2%}", ""


def _sum(events: Sequence[Mapping[str, Any]], field: str) -> Decimal:
    return sum((Decimal(one.get(field, 0)) for one in events), Decimal(0))


def opening_of(jurisdiction: str, name: str, person: str, level: str) -> dict[str, Any]:
    """The submission that opens a place, live, with its first person. NotImported where there is no such level."""
    levels = get_args(Level)
    if level and level not in levels:
        raise NotImported(f"{level} is no level: {', '.join(levels)}")
    data = {
        "name": name, "level": level or level_of(name), "time_zone": TIME_ZONE, "mode": "live", "office": "office",
        "office_name": "督查室", "first_person": person,
    }  # fmt: skip
    kind = "duban.jurisdiction.jurisdiction_opened.v1"
    return {"key": "open", "jurisdiction": jurisdiction, "type": kind, "data": data}


async def open_jurisdiction(opening: Mapping[str, Any], url: str, operator: str) -> None:
    """Open the jurisdiction, unless it is open."""
    client = Client.of(url)
    try:
        await client.submit(dict(opening), operator)
    except Refusal as refusal:
        if refusal.problem.get("code") not in {"already_open", "key_reused"}:
            raise
    finally:
        await client.close()


async def enter_people(entry: Entry, leaders: Mapping[str, str]) -> int:
    """Put the names of leaders into intake's directory; how many. None where it has no directory."""
    async with httpx.AsyncClient(base_url=entry.url, headers={"authorization": f"Bearer {entry.token}"}) as http:
        for count, (name, code) in enumerate(leaders.items()):
            answer = await http.put(f"/intake/v1/jurisdictions/{entry.jurisdiction}/people/{code}", json={"name": name})
            if answer.status_code in _NOT_THERE:
                return count
            if answer.is_error:
                raise refusal_of(answer)
    return len(leaders)
