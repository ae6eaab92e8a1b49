"""The `duban try` command: the past under a draft regime. It reads, and changes nothing."""

import asyncio
from collections.abc import Iterable
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from deploy.local.language import LangOption, locale_of
from deploy.local.options import DEFAULT_DATA, DataOption, TokenOption, UrlOption
from deploy.local.reached import reached

if TYPE_CHECKING:
    from deploy.local.event_file import Unreadable
    from shared.core.events import AnyRecorded

_DAY = ["%Y-%m-%d"]


def try_regime(
    regime: Annotated[str, typer.Argument(help="the draft: a file, or a regime that comes along")],
    list_: Annotated[str, typer.Option("--list", help="the list whose rules it would take the place of")],
    from_: Annotated[
        datetime | None,
        typer.Option("--from", formats=_DAY, help="its first day in force; else as if it had always been"),
    ] = None,
    to: Annotated[datetime | None, typer.Option("--to", formats=_DAY, help="the last day that is compared")] = None,
    jurisdiction: Annotated[str, typer.Option("--jurisdiction", "-j", help="the code of the place")] = "",
    events: Annotated[Path | None, typer.Option("--events", help="a file of events; else the live record")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="the whole trial as JSON; `duban schema trial`")] = False,
    data: DataOption = DEFAULT_DATA,
    url: UrlOption = None,
    token: TokenOption = None,
    lang: LangOption = None,
) -> None:
    """Fold the past under a draft regime and under the rules that were in force, and print what differs."""
    from deploy.local import trial
    from deploy.local.regime_file import read_regime, regime_path
    from deploy.local.trial_text import print_trial
    from deploy.local.trying import trial as tried
    from shared.infra.texts import Texts

    draft, say = read_regime(regime_path(regime)), Texts.load(locale_of(lang))
    if from_ and to and to < from_:
        raise typer.BadParameter("--to lies before --from")
    if events is None and not jurisdiction:
        raise typer.BadParameter("give --jurisdiction, or a file with --events")
    record = _of(events, jurisdiction) if events else _live(*reached(data, url, token), jurisdiction)
    found = tried(
        record, draft, list_=list_, say=say, from_on=from_.date() if from_ else None, to_on=to.date() if to else None
    )
    if as_json:
        print(trial.as_json(found))
    else:
        print_trial(found, say)


def _of(file: Path, jurisdiction: str) -> "Iterable[AnyRecorded | Unreadable]":
    from deploy.local.event_file import read_events

    return (one for one in read_events(file) if jurisdiction in {"", one.jurisdiction})


def _live(url: str, token: str, jurisdiction: str) -> "Iterable[AnyRecorded | Unreadable]":
    from deploy.local.event_file import read_lines

    return read_lines(BytesIO(asyncio.run(_exported(url, token, jurisdiction))))


async def _exported(url: str, token: str, jurisdiction: str) -> bytes:
    from deploy.local.client import Client

    client = Client.of(url)
    try:
        return await client.get_bytes(f"/intake/v1/jurisdictions/{jurisdiction}/record", token)
    finally:
        await client.close()
