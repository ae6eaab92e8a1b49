"""The `duban standings` command: how does a list stand, now, at the end of a period, or as of any time?"""

import asyncio
import json
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Annotated, Any
from urllib.parse import parse_qsl

import typer

from deploy.local.language import LangOption, locale_of
from deploy.local.options import DEFAULT_DATA, DataOption, PersonOption, TokenOption, UrlOption
from deploy.local.reached import reached

if TYPE_CHECKING:
    from shared.infra.texts import Texts

Told = Mapping[str, Any]


def standings(
    place: Annotated[str, typer.Argument(metavar="JURISDICTION", help="its code")],
    list_: Annotated[str, typer.Option("--list", help="the list")],
    period: Annotated[str, typer.Option(help="the last draw of this period; else as it stands")] = "",
    known_at: Annotated[str, typer.Option("--known-at", help="what was known at a position or an instant")] = "",
    true_on: Annotated[str, typer.Option("--true-on", help="the figures of this day")] = "",
    kind: Annotated[str, typer.Option(help="lines of these only: project, unit, category, lane, list …")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="the whole answer as JSON")] = False,
    by: PersonOption = None,
    data: DataOption = DEFAULT_DATA,
    url: UrlOption = None,
    token: TokenOption = None,
    lang: LangOption = None,
) -> None:
    """Show how a list stands: figures and lights, and places and points to whom they are out."""
    from shared.infra.texts import Texts

    asked = {"period": period, "known_at": known_at, "true_on": true_on, "kind": kind}
    found = asyncio.run(_asked(*reached(data, url, token, by), f"{place}/lists/{list_}/standings", asked))
    if as_json:
        print(json.dumps(found, ensure_ascii=False, indent=1))
    else:
        print_standings(found, Texts.load(locale_of(lang)))


async def _asked(url: str, token: str, path: str, asked: Mapping[str, str]) -> Told:
    from deploy.local.client import Client

    client = Client.of(url)
    try:
        given = {name: value for name, value in asked.items() if value}
        return await whole(client, f"/scoring/v1/jurisdictions/{path}", token, given)
    finally:
        await client.close()


async def whole(client: Any, path: str, token: str, query: Mapping[str, str]) -> Told:
    """The answer with the lines of all its pages, which are as of one position."""
    first = page = await client.get(path, token, **query)
    lines = [*first["lines"]]
    while page["next"]:
        page = await client.get(path, token, **dict(parse_qsl(page["next"].removeprefix("?"))))
        lines += page["lines"]
    return {**first, "next": None, "lines": lines}


def print_standings(found: Told, say: "Texts") -> None:
    """Print a line for each subject; a column in which nobody has anything is left out."""
    from rich.console import Console
    from rich.table import Table

    lines = found["lines"]
    period = lines[0]["period"] if lines else ""
    table = Table(title=say("{list} {period}, as of {at}, record position {position}", list=found["list"],
                            period=period, at=found["true_on"] or found["as_of"][:16].replace("T", " "),
                            position=found["position"]))  # fmt: skip
    columns = [(head, cells) for head, cells in _columns(lines, say) if any(cells)]
    for head, _ in columns:
        table.add_column(head)
    for row in zip(*(cells for _, cells in columns), strict=True):
        table.add_row(*row)
    Console().print(table, highlight=False)


def _columns(lines: Sequence[Told], say: "Texts") -> Iterator[tuple[str, list[str]]]:
    from services.scoring.page import measure_name

    yield say("who"), [f"{one['subject']} {one['name']}".strip() for one in lines]
    yield say("lane"), [one["lane"] for one in lines]
    yield say("number of projects"), [str(one["project_count"]) for one in lines]
    for measure in dict.fromkeys(name for one in lines for name in one["displayed"]):
        yield measure_name(measure, {}, say), [one["displayed"].get(measure, "-") for one in lines]
    yield say("light"), [say.sentence(one["light"]) if one["light"] else "" for one in lines]
    yield say("place"), ["" if one["rank"] is None else str(one["rank"]) for one in lines]
    yield say("band"), [one["band"] for one in lines]
    yield say("points"), [one["points"].get("total") or "" for one in lines]
