"""Which mapping follows from what was recognised in a ledger? Written as a file that people can read and change."""

import re
from typing import Any

import yaml

from deploy.local.mapping.recognise import Found, Ledger, is_money, level_of, money_unit_of, unit_kind, words

_TEXTS = ("category", "location", "narrative", "problems")
_DIGITS = re.compile(r"\d+([-~至到]\d+)?")

Document = dict[str, Any]


class _WithoutAnchors(yaml.SafeDumper):
    """What stands twice is written twice: a mapping has no anchors."""

    def ignore_aliases(self, _data: Any) -> bool:
        return True


def mapping_of(ledger: Ledger, *, jurisdiction: str, list_code: str, time_zone: str, level: str = "") -> str:
    """The mapping as YAML. Its period must be given at each import: it is what changes from month to month."""
    constants = {
        "list": list_code,
        "list_name": _list_name(ledger.title),
        "level": level or level_of(ledger.title),
        "year": ledger.year or None,
    }
    document = {
        "mapping": "ledger",
        "title": ledger.title,
        "jurisdiction": jurisdiction,
        "time_zone": time_zone,
        "constants": constants | ({"period": None} if ledger.column("ytd") else {}),
        "tables": [_table(ledger)],
    }
    return yaml.dump(document, Dumper=_WithoutAnchors, allow_unicode=True, sort_keys=False, width=120,
                     default_flow_style=None)  # fmt: skip


def _list_name(title: str) -> str:
    return re.sub(r"[(（].*", "", title).strip() or title


def _table(ledger: Ledger) -> Document:
    return {
        "name": "ledger",
        "header_lines": ledger.header_lines,
        "columns": dict(_columns(ledger)),
        "key": ["project"],
        "ignored": [_left_out(one) for one in ledger.columns if one.role in words()["left_out"]],
        "checks": _checks(ledger),
        "events": _events(ledger),
    }


def _columns(ledger: Ledger) -> list[tuple[str, Document]]:
    name, code = ledger.column("name"), ledger.column("code")
    assert name is not None
    found: list[tuple[str, Document]] = [
        ("project", {"reads": _reads(code or name), "type": "code", "prefix": "" if code else "p-", "joined": True}),
        ("name", {"reads": _reads(name), "joined": True}),
    ]
    if serial := ledger.column("serial"):
        found.append(("serial", {"reads": _reads(serial)}))
    if unit := _unit(ledger):
        reads = {
            "reads": _reads(unit),
            "joined": True,
            **({"fills_down": True} if unit.role in ledger.fills_down else {}),
        }
        found += [
            ("unit_name", reads),
            ("unit", {**reads, "codes": dict(ledger.units)}),
            ("unit_kind", {**reads, "codes": {text: unit_kind(text) for text in ledger.units}}),
        ]
    if leader := ledger.column("leader"):
        found.append(("leader", {"reads": _reads(leader), "joined": True, "codes": dict(ledger.leaders), **_empty()}))
    return found + [(one.role, _plain(ledger, one)) for one in ledger.columns if _plain(ledger, one)]


def _plain(ledger: Ledger, column: Found) -> Document:
    """How a column is read that says one thing of a project."""
    reads: Document = {"reads": _reads(column)}
    if is_money(column.role):
        return {**reads, "type": "money", "unit": money_unit_of(ledger, column), **_empty()}
    match column.role:
        case "planned_start":
            return {**reads, "type": "date", **_empty()}
        case "planned_completion":
            return {**reads, "type": "last_day", **_empty()}
        case "continuing":
            return {**reads, "codes": dict(words()["continuing"]), **_empty()}
    return {**reads, **_empty()} if column.role in _TEXTS else {}


def _empty() -> Document:
    return {"empty_as": list(words()["empty"])}


def _reads(column: Found) -> list[str]:
    """The column's name; what changes from month to month may be anything."""
    return [_DIGITS.sub("*", column.name)]


def _unit(ledger: Ledger) -> Found | None:
    return ledger.column("unit") or ledger.column("owner")


def _left_out(column: Found) -> Document:
    return {"column": _reads(column)[0], "ignore": "unneeded", "reason": words()["left_out"][column.role]}


def _checks(ledger: Ledger) -> list[Document]:
    totals = [*words()["totals"], *words()["subtotals"]]
    said = {"zh": "合计行，不是项目", "en": "rows of totals, which are no projects"}
    found = [{"id": "totals", "says": said, "rows": [{"column": "name", "like": totals}], "then": "ignore"}]
    if ledger.column("serial"):
        rows: list[Document] = [{"column": "serial", "like": totals}]
        found.append({"id": "totals_by_serial", "says": said, "rows": rows, "then": "ignore"})
    said = {"zh": "没有项目名称的行", "en": "rows that name no project"}
    found.append({"id": "nameless", "says": said, "rows": [{"column": "name", "empty": True}], "then": "ignore"})
    empty = [one for one in ("total", "plan") if ledger.column(one)] + ([] if ledger.fills_down else ["unit_name"])
    if _unit(ledger) and ledger.column("plan"):
        rows = [{"column": one, "empty": True} for one in empty]
        said = {"zh": "只有标题的行", "en": "rows that are headings"}
        found.append({"id": "headings", "says": said, "rows": rows, "then": "ignore"})
    if ledger.column("ytd") and ledger.column("plan"):
        said = {"zh": "累计完成超过年度计划", "en": "projects have done more than the year's plan"}
        found.append({"id": "over_plan", "says": said, "rows": [{"column": "ytd", "above": "$plan"}]})
    return found


def _events(ledger: Ledger) -> list[Document]:
    found: list[Document] = []
    if _unit(ledger):
        unit = {"code": "$unit", "name": "$unit_name", "kind": "$unit_kind"}
        found.append({"type": "unit.unit_registered", "once": ["unit"], "data": unit})
    listed = {"list": "$list", "name": "$list_name", "level": "$level", "year": "$year"}
    found.append({"type": "list.list_published", "once": ["list", "year"], "data": listed})
    project = {
        "list": "$list", "year": "$year", "project": "$project", "name": "$name",
        "lead_unit": "$unit" if _unit(ledger) else "office",
    }  # fmt: skip
    fields = {
        "category": "category", "location": "location", "total_investment_yuan": "total",
        "annual_planned_investment_yuan": "plan", "planned_start_on": "planned_start",
        "planned_completion_on": "planned_completion", "continuing": "continuing",
    }  # fmt: skip
    project |= {field: f"${role}" for field, role in fields.items() if ledger.column(role)}
    found.append({"type": "project.project_listed", "data": project})
    if ledger.column("leader"):
        assigned = {"project": "$project", "role": "sponsor_leader", "person": "$leader"}
        has_one = [{"column": "leader", "empty": False}]
        found.append({"type": "project.responsibility_assigned", "when": has_one, "data": assigned})
    if ledger.column("ytd"):
        found.append(_return(ledger))
    return found


def _return(ledger: Ledger) -> Document:
    told = {"project": "$project", "cadence": "monthly", "period": "$period", "investment_ytd_yuan": "$ytd",
            "channel": "paper"}  # fmt: skip
    told |= {role: f"${role}" for role in ("narrative", "problems") if ledger.column(role)}
    return {
        "type": "project.progress_reported", "when": [{"column": "ytd", "empty": False}],
        "on_behalf_of": "$unit" if _unit(ledger) else "office", "data": told,
    }  # fmt: skip
