"""The `duban checks` commands: the register of baselines, and returns held against what inspections found."""

import asyncio
import json
from collections.abc import Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, Any

import typer

from deploy.local.language import LangOption, locale_of
from deploy.local.options import DEFAULT_DATA, DataOption, KnownOption, PersonOption, TokenOption, TrueOption, UrlOption
from deploy.local.reached import reached

if TYPE_CHECKING:
    from shared.infra.texts import Texts

checks_app = typer.Typer(help="What an inspector looks at first.", no_args_is_help=True)

_HUNDREDTH = Decimal("0.01")
_YUAN_PER_WAN = 10_000

PlaceArgument = Annotated[str, typer.Argument(metavar="JURISDICTION", help="its code")]
ListOption = Annotated[str, typer.Option("--list", help="the list")]
JsonOption = Annotated[bool, typer.Option("--json", help="the whole answer as JSON")]


@checks_app.command("baselines")
def baselines(
    place: PlaceArgument, list_: ListOption, by: PersonOption = None, known_at: KnownOption = None,
    true_on: TrueOption = None, as_json: JsonOption = False, data: DataOption = DEFAULT_DATA, url: UrlOption = None,
    token: TokenOption = None, lang: LangOption = None,
) -> None:  # fmt: skip
    """Show every change of a yearly plan, and what the ratios are by the first plan and by the one in force."""
    found = _asked(*reached(data, url, token, by), f"{place}/lists/{list_}/baselines", known_at, true_on)
    _show(found, print_baselines, as_json=as_json, lang=lang)


@checks_app.command("authenticity")
def authenticity(
    place: PlaceArgument, list_: ListOption, by: PersonOption = None, known_at: KnownOption = None,
    true_on: TrueOption = None, as_json: JsonOption = False, data: DataOption = DEFAULT_DATA, url: UrlOption = None,
    token: TokenOption = None, lang: LangOption = None,
) -> None:  # fmt: skip
    """Show how far each unit's returns lie from what inspections found, and what in them is worth a look."""
    found = _asked(*reached(data, url, token, by), f"{place}/lists/{list_}/authenticity", known_at, true_on)
    _show(found, print_authenticity, as_json=as_json, lang=lang)


def _asked(url: str, token: str, path: str, known_at: str | None, true_on: str | None) -> Mapping[str, Any]:
    from deploy.local.client import Client

    async def ask() -> Mapping[str, Any]:
        client = Client.of(url)
        try:
            when = {"known_at": known_at, "true_on": true_on}
            given = {name: value for name, value in when.items() if value is not None}
            answer: Mapping[str, Any] = await client.get(f"/scoring/v1/jurisdictions/{path}", token, **given)
            return answer
        finally:
            await client.close()

    return asyncio.run(ask())


def _show(found: Mapping[str, Any], printing: Any, *, as_json: bool, lang: Any) -> None:
    from shared.infra.texts import Texts

    if as_json:
        print(json.dumps(found, ensure_ascii=False, indent=1))
    else:
        printing(found, Texts.load(locale_of(lang)))


def print_baselines(found: Mapping[str, Any], say: "Texts") -> None:
    """Print the changes, their sum, and each subject by both plans; amounts in 万元."""
    from rich.console import Console
    from rich.table import Table

    resets, by = (
        Table(title=say("Changes of yearly plans, 万元")),
        Table(title=say("By the first plan and the present one")),
    )
    for head in (say("project"), say("recorded at"), say("old"), say("new"), say("difference"), say("approver"),
                 say("document"), say("reason"), say("spared")):  # fmt: skip
        resets.add_column(head)
    for one in found["resets"]:
        sealed = say("after sealing") if one["is_after_sealing"] else ""
        resets.add_row(
            f"{one['project']} {one['name']}", one["recorded_at"][:16], _wan(one["old_yuan"]), _wan(one["new_yuan"]),
            _wan(one["difference_yuan"]), one["approver"], one["document"], _joined(one["reason"], sealed),
            _spared(one),
        )  # fmt: skip
    for head in (
        say("who"),
        say("completed"),
        say("first plan"),
        say("present plan"),
        say("by the first"),
        say("by the present"),
    ):
        by.add_column(head)
    for one in found["compared"]:
        amounts = [_wan(one[name]) for name in ("completed_yuan", "original_planned_yuan", "planned_yuan")]
        by.add_row(
            f"{one['subject']} {one['name']}", *amounts, _percent(one["by_original"]), _percent(one["by_current"])
        )
    console = Console()
    if found["resets"]:
        console.print(resets)
    print(say(
        "{count} changes of {projects} projects, {sealed} of them after the list was sealed; together {sum} 万元.",
        count=len(found["resets"]), projects=found["projects_reset"], sealed=found["after_sealing"],
        sum=_wan(found["difference_yuan"]),
    ))  # fmt: skip
    for project, count in found["repeated"].items():
        print(say("{project}: the plan was changed {count} times.", project=project, count=count))
    console.print(by)


def print_authenticity(found: Mapping[str, Any], say: "Texts") -> None:
    """Print a row for each unit, with every count, then the signals with their events."""
    from rich.console import Console
    from rich.table import Table

    table = Table(title=say("Returns against inspections, {period}", period=found["period"]))
    for head in (say("unit"), say("inspected"), say("within tolerance"), say("index"), say("mean"),
                 say("at the deadline"), say("round amounts"), say("same text"), say("signals")):  # fmt: skip
        table.add_column(head)
    for one in found["units"]:
        table.add_row(
            f"{one['unit']} {one['name']}", str(one["inspected"]), str(one["within"]), _index(one, say),
            _percent(one["mean_signed"]), _part(one["at_deadline"]), _part(one["round"]), _part(one["same_narrative"]),
            str(len(one["signals"])),
        )  # fmt: skip
    console = Console()
    console.print(table)
    for signal in (signal for one in found["units"] for signal in one["signals"]):
        periods, events = ", ".join(signal["periods"]), " ".join(signal["events"])
        print(f"{signal['project']}: {_kind(signal['kind'], say)}, {periods} [{events}]")
    chosen = ", ".join(f"{name} {value}" for name, value in found["chosen"].items())
    print(
        say("Signals for inspectors, never points. The thresholds are chosen, by no document: {chosen}.", chosen=chosen)
    )


def _kind(kind: str, say: "Texts") -> str:
    return {
        "flat": say("the same amount again and again"), "jump": say("much of the plan in one period"),
        "backwards": say("less than before"), "ahead_of_site": say("the money is ahead of the site"),
        "behind_site": say("the site is ahead of the money"),
        "paid_beyond_completed": say("more paid than completed"),
    }[kind]  # fmt: skip


def _index(one: Mapping[str, Any], say: "Texts") -> str:
    few = say("too few: {count}", count=one["compared"])
    return few if one["index"] is None else f"{_percent(one['index'])} ({one['compared']})"


def _spared(one: Mapping[str, Any]) -> str:
    before, after = one.get("light_before"), one.get("light_after")
    return _joined(*one.get("freed", ()), f"{before} → {after}" if before != after else "")


def _joined(*parts: str) -> str:
    return ", ".join(part for part in parts if part)


def _part(part: Mapping[str, Any]) -> str:
    return f"{part['count']}/{part['of']}"


def _wan(yuan: str | None) -> str:
    return "-" if yuan is None else f"{(Decimal(yuan) / _YUAN_PER_WAN).quantize(_HUNDREDTH):f}"


def _percent(ratio: str | None) -> str:
    return "-" if ratio is None else f"{(Decimal(ratio) * 100).quantize(_HUNDREDTH):f} %"
