"""The `duban explain` command: why is a number, a light, a point or a place what it is?"""

import asyncio
import json
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated, Any, TypeVar

import typer

from deploy.local.language import LangOption, locale_of
from deploy.local.options import DEFAULT_DATA, DataOption, PersonOption, TokenOption, UrlOption
from deploy.local.reached import reached

Told = Mapping[str, Any]
T = TypeVar("T")


def explain(
    place: Annotated[str | None, typer.Argument(metavar="[JURISDICTION]", help="its code; not of a file")] = None,
    list_: Annotated[str, typer.Option("--list", help="the list")] = "",
    subject: Annotated[str, typer.Option(help="the code of whom it is about; of the list nothing")] = "",
    kind: Annotated[str, typer.Option(help="project, unit, list, category, leader …")] = "unit",
    about: Annotated[str, typer.Option(help="measure:NAME, points:COMPONENT, points:total, light or rank")] = "rank",
    period: Annotated[str, typer.Option(help="as of the end of this period; else as it stands")] = "",
    known_at: Annotated[str, typer.Option("--known-at", help="what was known at a position or an instant")] = "",
    true_on: Annotated[str, typer.Option("--true-on", help="the figures of this day")] = "",
    events: Annotated[Path | None, typer.Option(help="a file of events, in place of an installation")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="the explanation as JSON")] = False,
    by: PersonOption = None,
    data: DataOption = DEFAULT_DATA,
    url: UrlOption = None,
    token: TokenOption = None,
    lang: LangOption = None,
) -> None:
    """Say why a number, a light, a point or a place is what it is: the rule, the inputs, the events behind them."""
    from shared.infra.texts import Texts

    if not list_ or (place is None) == (events is None):
        raise typer.BadParameter("give --list, and either a jurisdiction or --events FILE")
    locale = locale_of(lang)
    asked = {"kind": kind, "subject": subject, "about": about, "period": period, "known_at": known_at,
             "true_on": true_on, "lang": locale}  # fmt: skip
    if events is not None:
        found = of_file(events, list_, asked)
    else:
        found = asyncio.run(_asked(*reached(data, url, token, by), place or "", list_, asked))
    if as_json:
        print(json.dumps(found, ensure_ascii=False, indent=1))
        return
    print("\n".join(lines(found["explained"], Texts.load(locale))))


async def _asked(url: str, token: str, jurisdiction: str, list_: str, asked: Mapping[str, str]) -> Told:
    from deploy.local.client import Client

    client = Client.of(url)
    try:
        where = f"/scoring/v1/jurisdictions/{jurisdiction}/lists/{list_}/explain"
        found: Told = await client.get(where, token, **{name: value for name, value in asked.items() if value})
        return found
    finally:
        await client.close()


def of_file(events: Path, list_: str, asked: Mapping[str, str]) -> Told:
    """The explanation of a value in a file of events, with no server. NothingFound says what is not there."""
    from deploy.local.evaluate import NothingFound
    from deploy.local.event_file import read_events
    from deploy.local.folds import Folds
    from services.scoring.domain.explaining import UnknownQuestion
    from services.scoring.domain.explaining import explain as explained
    from services.scoring.domain.explaining.words import told
    from services.scoring.explain_routes import view_of
    from shared.infra.texts import Texts
    from shared.infra.web import Problem

    say, known_at = Texts.load("en" if asked["lang"] == "en" else "zh"), _until(asked["known_at"])
    folds: Folds | None = None
    for one in read_events(events):
        if not _is_within(known_at, one.position, one.recorded_at):
            break
        folds = folds or Folds(one.jurisdiction, say, lambda _: False)
        if one.jurisdiction == folds.code:
            folds.take(one)
    if folds is None:
        raise NothingFound(f"{events}: there is no event")
    day = _read(date.fromisoformat, asked["true_on"], "--true-on") if asked["true_on"] else None
    try:
        view = view_of(folds.scoring.ledger, list_, day, asked["period"] or None)
    except Problem as problem:
        raise NothingFound(say(problem.title)) from None
    if view is None:
        raise NothingFound(f"{events}: no list is called {list_}, or no rules are in force for it")
    try:
        found = explained(view, asked["kind"], asked["subject"], asked["about"])  # type: ignore[arg-type]
    except (UnknownQuestion, KeyError):
        raise NothingFound(f"{events}: nothing is known of this kind, subject and number") from None
    return {"list": list_, "position": folds.position, "period": str(view.period), "true_on": view.day.isoformat(),
            "explained": told(found, view.regime, say)}  # fmt: skip


def _until(text: str) -> int | datetime | None:
    if not text or text.isdigit():
        return int(text) if text else None
    at = _read(datetime.fromisoformat, text, "--known-at")
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def _read(read: Callable[[str], T], text: str, option: str) -> T:
    try:
        return read(text)
    except ValueError:
        raise typer.BadParameter(f"{text} is no day and no instant", param_hint=option) from None


def _is_within(until: int | datetime | None, position: int, at: datetime) -> bool:
    if until is None:
        return True
    return position <= until if isinstance(until, int) else at <= until


def lines(told: Told, say: Any) -> Iterator[str]:
    """The tree as it is read: what a value comes from stands below it, further in; each thing is said once."""
    said: set[str] = set()

    def below(one: Told, depth: int) -> Iterator[str]:
        indent, rule = "  " * depth, one["rule"]
        again = json.dumps([one[name] for name in ("about", "subject_kind", "subject", "when", "value", "inputs")])
        if one["inputs"] and again in said:
            yield f"{indent}{say('{text}, as above', text=one['text'])}"
            return
        said.add(again)
        yield f"{indent}{one['text']}"
        if rule is not None and rule["text"] and rule["pointer"] not in said:
            said.add(rule["pointer"])
            yield f"{indent}  {say('rule {pointer}: {text}', pointer=rule['pointer'], text=rule['text'])}"
        if one["events"]:
            yield f"{indent}  {say('events: {events}', events=say(', ').join(one['events']))}"
        for each in one["inputs"]:
            yield from below(each, depth + 1)

    yield from below(told, 0)
