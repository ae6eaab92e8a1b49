"""The `duban burden` command: what was asked of each unit, how often, beside what the rules would ask."""

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, Any

import typer

from deploy.local.language import LangOption, locale_of
from deploy.local.options import DEFAULT_DATA, DataOption, PersonOption, TokenOption, UrlOption
from deploy.local.reached import reached

if TYPE_CHECKING:
    from shared.infra.texts import Texts

_COUNTED = ("projects", "returns", "fields", "workbooks", "visits", "meetings", "notices", "matters")
_OF_PROJECTS = ("returns", "fields", "visits")
"""What the rules ask for each project; the rest they ask of a unit once."""


def burden(
    place: Annotated[str | None, typer.Argument(metavar="[JURISDICTION]", help="or --jurisdiction")] = None,
    jurisdiction: Annotated[str, typer.Option("--jurisdiction", "-j", help="its code")] = "",
    by: PersonOption = None,
    first: Annotated[str, typer.Option("--from", help="the first month, 2026-01; else January of the last one")] = "",
    until: Annotated[str, typer.Option(help="the last month; else that in which the record stands")] = "",
    data: DataOption = DEFAULT_DATA,
    url: UrlOption = None,
    token: TokenOption = None,
    lang: LangOption = None,
) -> None:
    """Count what was asked of each unit in each month, and compare it with what the rules would ask."""
    from shared.infra.texts import Texts

    if bool(place) == bool(jurisdiction):
        raise typer.BadParameter("give the jurisdiction once: burden CODE, or --jurisdiction CODE")
    address, with_token = reached(data, url, token, by)
    rows, by_regime = asyncio.run(_asked(address, with_token, place or jurisdiction, first, until))
    print_asked(rows, by_regime, Texts.load(locale_of(lang)))


async def _asked(
    url: str, token: str, jurisdiction: str, first: str, until: str
) -> tuple[list[Mapping[str, Any]], list[Mapping[str, Any]]]:
    """All pages of rows, and what the regimes would ask."""
    from deploy.local.client import Client

    client, rows, after = Client.of(url), list[Mapping[str, Any]](), ""
    try:
        where = f"/intake/v1/jurisdictions/{jurisdiction}"
        until = until or str((await client.get(f"{where}/clock", token))["clock"])[:7]
        query = {"from": first or f"{until[:4]}-01", "until": until}
        while True:
            page = await client.get(f"{where}/burden", token, after=after, **query)
            rows += page["rows"]
            if page["next"] is None:
                return rows, page["by_regime"]
            after = rows[-1]["id"]
    finally:
        await client.close()


def print_asked(rows: Sequence[Mapping[str, Any]], by_regime: Sequence[Mapping[str, Any]], say: "Texts") -> None:
    """Print the table, in brackets what the rules would ask, and a sentence for each excess over what they allow."""
    from rich.console import Console
    from rich.table import Table

    if not rows:
        print(say("Nothing was asked of anybody in these months."))
        return
    table = Table(title=say("Asked of each unit in each month; in brackets, what the rules would ask on the average"))
    for name in ("unit", "month", *_COUNTED):
        table.add_column(say(name), justify="left" if name in {"unit", "month"} else "right")
    for row in rows:
        table.add_row(row["unit"], row["month"], *(_counted(row, name, by_regime) for name in _COUNTED))
    Console().print(table)
    for sentence in _excesses(rows, by_regime, say):
        print(sentence)


def _counted(row: Mapping[str, Any], name: str, by_regime: Sequence[Mapping[str, Any]]) -> str:
    from deploy.local.burden_text import printed

    by_rules = [Decimal(one["per_month"][name]) for one in by_regime if name in one["per_month"]]
    if not by_rules:
        return str(row[name])
    # A project on several lists is asked about once: by the list that asks for most.
    times = row["projects"] if name in _OF_PROJECTS else 1
    return f"{row[name]} ({printed(max(by_rules) * times)})"


def _excesses(rows: Sequence[Mapping[str, Any]], by_regime: Sequence[Mapping[str, Any]], say: "Texts") -> Iterator[str]:
    for row in rows:
        for name in ("returns", "fields", "visits", "meetings"):
            limits = [one["allowed"][name] for one in by_regime if one["allowed"].get(name) is not None]
            times = max(row["projects"], 1) if name in _OF_PROJECTS else 1
            if limits and row[name] > min(limits) * times:
                yield say(
                    "{unit}, {month}: {count} {kind}, more than the {limit} that the rules allow.",
                    unit=row["unit"], month=row["month"], count=row[name], kind=say(name), limit=min(limits) * times,
                )  # fmt: skip
