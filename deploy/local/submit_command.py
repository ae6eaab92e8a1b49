"""`duban submit`: one submission, or a file of them, from the command line."""

import asyncio
import json
import sys
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from deploy.local.language import LangOption, locale_of
from deploy.local.options import DEFAULT_DATA, DataOption, TokenOption, UrlOption
from deploy.local.reached import reached
from shared.core.digest import digest

if TYPE_CHECKING:
    from deploy.local.client import Client
    from shared.infra.texts import Locale

Line = tuple[str, dict[str, Any]]
"""A submission, and where in a file it stands; nowhere where it was written on the command line."""

_TOGETHER_MAX = 1000
_KEY_CHARACTERS = 32


def submit(
    what: Annotated[str, typer.Argument(help="an event, such as project.progress_reported; or @FILE, one a line")],
    fields: Annotated[list[str] | None, typer.Argument(help="the fields of the event: name=value")] = None,
    jurisdiction: Annotated[str, typer.Option("--jurisdiction", "-j")] = "",
    by: Annotated[
        str | None, typer.Option("--as", "--person", help="the person; a token is made from --data/keys")
    ] = None,
    unit: Annotated[str, typer.Option(help="in whose name, where the person has posts in several")] = "",
    on_behalf_of: Annotated[str, typer.Option(help="the unit that told it to the office")] = "",
    key: Annotated[str, typer.Option(help="the sender's key; else one that follows from the content")] = "",
    time: Annotated[str | None, typer.Option(help="when it happened, with offset")] = None,
    data: DataOption = DEFAULT_DATA,
    url: UrlOption = None,
    token: TokenOption = None,
    lang: LangOption = None,
) -> None:
    """Hand in what happened, and print the receipt. Doing it again changes nothing and prints the first one."""
    shared = {
        "jurisdiction": jurisdiction, "unit": unit, "on_behalf_of": on_behalf_of, **({"time": time} if time else {}),
    }  # fmt: skip
    if what.startswith("@"):
        file = Path(what[1:])
        lines = [(f"{file}, line {number}", _of_line({**shared, **line}, key="")) for number, line in _lines(file)]
    else:
        lines = [("", _of_line({**shared, "type": what, "data": read_fields(fields or ())}, key=key))]
    address, with_token = reached(data, url, token, by)
    asyncio.run(_hand_in(address, with_token, lines, lang))


def read_fields(pairs: Sequence[str]) -> dict[str, Any]:
    """name=value pairs. A value that begins with [ or {, or is true, false or null, is JSON; all others are text."""
    found: dict[str, Any] = {}
    for pair in pairs:
        name, equals, value = pair.partition("=")
        if not equals or not name or name in found:
            raise typer.BadParameter(f"{pair!r}: write each field once, as name=value")
        try:
            found[name] = _json(value) if value[:1] in "[{" or value in {"true", "false", "null"} else value
        except ValueError as error:
            raise typer.BadParameter(f"{name}: not JSON: {error}") from error
    return found


def _json(text: str) -> Any:
    from shared.infra.wire import load  # slow to load, and seldom needed

    return load(text)


def _of_line(submission: dict[str, Any], *, key: str) -> dict[str, Any]:
    kept = {name: value for name, value in submission.items() if value != ""}
    kind = kept.get("type")
    if isinstance(kind, str) and not kind.startswith("duban."):
        kept["type"] = f"duban.{kind}.v1"
    return {"key": key or digest(kept)[:_KEY_CHARACTERS], **kept}


def _lines(file: Path) -> list[tuple[int, dict[str, Any]]]:
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
            found.append((number, one))
    return found


async def _hand_in(url: str, token: str, lines: Sequence[Line], lang: "Locale | None") -> None:
    from deploy.local.client import Client, Refusal
    from deploy.local.receipts import is_old

    client, began = Client.of(url), datetime.now(UTC)
    client.http.headers["accept-language"] = locale_of(lang)
    try:
        for start in range(0, len(lines), _TOGETHER_MAX):
            some = lines[start : start + _TOGETHER_MAX]
            try:
                receipts = await _receipts(client, token, [one for _, one in some])
            except Refusal as refusal:
                raise Refusal(by_line(refusal.problem, [place for place, _ in some])) from refusal
            for (place, _), receipt in zip(some, receipts, strict=True):
                _print(receipt)
                if is_old(receipt, began):
                    print(_known(place, receipt, lang), file=sys.stderr)
    finally:
        await client.close()


async def _receipts(client: "Client", token: str, submissions: list[dict[str, Any]]) -> list[dict[str, Any]]:
    if len(submissions) == 1:
        return [await client.submit(submissions[0], token)]
    receipts: list[dict[str, Any]] = await client.post(
        "/intake/v1/submissions:batch", {"submissions": submissions}, token
    )
    return receipts


def by_line(problem: Mapping[str, Any], places: Sequence[str]) -> dict[str, Any]:
    """The problem with the line of the file in which each fault lies."""
    told = []
    for fault in problem.get("faults", ()):
        _, *parts = fault["pointer"].split("/")
        is_of_batch = len(parts) > 1 and parts[0] == "submissions" and parts[1].isdecimal()
        number, rest = (int(parts[1]), parts[2:]) if is_of_batch else (0, parts)
        is_of_line = (is_of_batch or len(places) == 1) and number < len(places) and places[number]
        pointer = " ".join(filter(None, [places[number], "/" + "/".join(rest)])) if is_of_line else fault["pointer"]
        told.append({**fault, "pointer": pointer})
    return {**problem, **({"faults": told} if told else {})}


def _known(place: str, receipt: Mapping[str, Any], lang: "Locale | None") -> str:
    from shared.infra.texts import Texts

    sentence = "already recorded at {at} under key {key}; give --key to record it again"
    said = Texts.load(locale_of(lang))(sentence, at=receipt["recorded_at"], key=receipt["key"])
    return f"duban: {place}: {said}" if place else f"duban: {said}"


def _print(receipt: dict[str, Any]) -> None:
    json.dump(receipt, sys.stdout, ensure_ascii=False)
    sys.stdout.write("\n")
