"""`duban submit`: one submission, or a file of them, from the command line."""

import asyncio
import json
import sys
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any

import typer

from shared.core.digest import digest

_TOGETHER_MAX = 1000
_KEY_CHARACTERS = 32
_TOKEN_LIFETIME = timedelta(minutes=10)


def submit(
    what: Annotated[str, typer.Argument(help="an event, such as project.progress_reported; or @FILE, one a line")],
    fields: Annotated[list[str] | None, typer.Argument(help="the fields of the event: name=value")] = None,
    jurisdiction: Annotated[str, typer.Option("--jurisdiction", "-j")] = "",
    by: Annotated[str | None, typer.Option("--as", help="the person; a token is made from --data/keys")] = None,
    unit: Annotated[str, typer.Option(help="in whose name, where the person has posts in several")] = "",
    on_behalf_of: Annotated[str, typer.Option(help="the unit that told it to the office")] = "",
    key: Annotated[str, typer.Option(help="the sender's key; else one that follows from the content")] = "",
    time: Annotated[str | None, typer.Option(help="when it happened, with offset")] = None,
    data: Annotated[Path, typer.Option("--data", help="the folder of the installation")] = Path("data"),
    url: Annotated[str | None, typer.Option("--url", help="an installation elsewhere")] = None,
    token: Annotated[str | None, typer.Option("--token", envvar="DUBAN_TOKEN")] = None,
) -> None:
    """Hand in what happened, and print the receipt. Doing it again changes nothing and prints the first one."""
    from deploy.local.installation import make_token, running_in

    shared = {
        "jurisdiction": jurisdiction, "unit": unit, "on_behalf_of": on_behalf_of, **({"time": time} if time else {}),
    }  # fmt: skip
    if what.startswith("@"):
        submissions = [_of_line({**shared, **line}, key="") for line in _lines(Path(what[1:]))]
    else:
        submissions = [_of_line({**shared, "type": f"duban.{what}.v1", "data": read_fields(fields or ())}, key=key)]
    running = running_in(data)
    if url is None and running is None:
        raise ConnectionError(f"nothing runs in {data}: start it with `duban up --data {data}`, or give --url")
    with_token = token or make_token(data / "keys", by, lifetime=_TOKEN_LIFETIME)
    asyncio.run(_hand_in(url or str((running or {})["url"]), with_token, submissions))


def read_fields(pairs: Sequence[str]) -> dict[str, Any]:
    """name=value pairs. A value that begins with [ or {, or is true, false or null, is JSON; all others are text."""
    from shared.infra.wire import load

    found: dict[str, Any] = {}
    for pair in pairs:
        name, equals, value = pair.partition("=")
        if not equals or not name or name in found:
            raise typer.BadParameter(f"{pair!r}: write each field once, as name=value")
        try:
            found[name] = load(value) if value[:1] in "[{" or value in {"true", "false", "null"} else value
        except ValueError as error:
            raise typer.BadParameter(f"{name}: not JSON: {error}") from error
    return found


def _of_line(submission: dict[str, Any], *, key: str) -> dict[str, Any]:
    kept = {name: value for name, value in submission.items() if value != ""}
    return {"key": key or digest(kept)[:_KEY_CHARACTERS], **kept}


def _lines(file: Path) -> list[dict[str, Any]]:
    from shared.infra.wire import load_from_outside

    found = []
    for number, line in enumerate(file.read_bytes().splitlines(), start=1):
        if line.strip():
            try:
                one = load_from_outside(line)
            except ValueError as error:
                raise typer.BadParameter(f"{file}, line {number}: not JSON: {error}") from error
            if not isinstance(one, dict):
                raise typer.BadParameter(f"{file}, line {number}: not a JSON object")
            found.append(one)
    return found


async def _hand_in(url: str, token: str, submissions: list[dict[str, Any]]) -> None:
    from deploy.local.client import Client

    client = Client.of(url)
    try:
        if len(submissions) == 1:
            _print(await client.submit(submissions[0], token))
            return
        for start in range(0, len(submissions), _TOGETHER_MAX):
            together = {"submissions": submissions[start : start + _TOGETHER_MAX]}
            for receipt in await client.post("/intake/v1/submissions:batch", together, token):
                _print(receipt)
    finally:
        await client.close()


def _print(receipt: dict[str, Any]) -> None:
    json.dump(receipt, sys.stdout, ensure_ascii=False)
    sys.stdout.write("\n")
