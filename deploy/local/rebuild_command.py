"""The `duban rebuild` command: scoring's projection made anew beside the one in use, compared, and put in its place."""

import asyncio
from datetime import UTC, datetime
from typing import Annotated, Any

import typer
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from deploy.local.client import Client
from deploy.local.options import DEFAULT_DATA, DataOption, TokenOption, UrlOption
from deploy.local.reached import reached

_POLL_S = 0.3
_GOES_ON = frozenset({"folding", "comparing"})


def rebuild(
    accept: Annotated[str | None, typer.Option("--accept", help="the reason to put to use what differs")] = None,
    person: Annotated[str | None, typer.Option("--as", "--person", help="who of the office accepts")] = None,
    rollback: Annotated[bool, typer.Option("--rollback", help="go back to the generation before")] = False,
    data: DataOption = DEFAULT_DATA,
    url: UrlOption = None,
    token: TokenOption = None,
) -> None:
    """Make the standings' projection anew from the record, beside the one in use; switch if nothing differs.

    What was parked is taken, as far as this version can. What differs is shown, published, and put to use only with
    --accept REASON --as PERSON, which records the override.
    """
    if (accept is None) != (person is None):
        raise typer.BadParameter("--accept REASON and --as PERSON go together")
    where = reached(data, url, token)
    by = reached(data, url, None, person)[1] if person else ""
    raise typer.Exit(0 if asyncio.run(_rebuild(*where, accept=accept, person=person, by=by, rollback=rollback)) else 1)


async def _rebuild(url: str, token: str, *, accept: str | None, person: str | None, by: str, rollback: bool) -> bool:
    client = Client.of(url)
    try:
        found = await _run(client, token, "/rollback" if rollback else "")
        if found["state"] == "differs" and accept and person:
            for one in found["differences"]:
                await _override(client, one, reason=accept, person=person, token=by)
            found = await _run(client, token, "/switch")
    finally:
        await client.close()
    return _tell(found)


async def _override(client: Client, differs: dict[str, Any], *, reason: str, person: str, token: str) -> None:
    code, rule = differs["jurisdiction"], differs["rule"]
    submission = {
        "key": f"{rule}-{datetime.now(UTC):%Y%m%d%H%M%S}", "jurisdiction": code,
        "type": "duban.override.override_used.v1", "data": {"rule": rule, "by": person, "reason": reason},
    }  # fmt: skip
    receipt = await client.submit(submission, token)
    print(f"{code}: {rule} is accepted by {person} at position {receipt['position']}")


async def _run(client: Client, token: str, path: str) -> dict[str, Any]:
    found: dict[str, Any] = await client.post(f"/scoring/v1/rebuild{path}", {}, token)
    percentage = TextColumn("{task.percentage:>3.0f} %")
    with Progress(TextColumn("{task.description}"), BarColumn(), percentage, TimeElapsedColumn()) as progress:
        bars = {}
        while found["state"] in _GOES_ON:
            for one in found["partitions"]:
                number = one["partition"]
                if number not in bars:
                    bars[number] = progress.add_task(f"partition {number}", total=one["of"])
                progress.update(bars[number], completed=one["position"], total=one["of"])
            await asyncio.sleep(_POLL_S)
            found = await client.get("/scoring/v1/rebuild", token)
        for bar in bars.values():
            progress.update(bar, completed=progress.tasks[bar].total)
    return found


def _tell(found: dict[str, Any]) -> bool:
    for one in found["differences"]:
        print(f"{one['jurisdiction']}: {one['count']} differences, {one['rule']}")
        for each in one["found"][:10]:
            print(f"  {each['about']} {each['subject']} {each['moment']}: {each['old']} is now {each['new']}")
    is_in_use = bool(found["state"] == "switched")
    if is_in_use:
        print(f"generation {found['generation']} is in use after {found['elapsed_s']} s; before it {found['before']}")
    elif found["state"] == "differs":
        print("not put to use: --accept REASON --as PERSON of the supervision office does that")
    else:
        print(f"not put to use: {found['state']}")
    return is_in_use
