"""The `duban person` commands: who is behind a person code. Names and phones never enter the record."""

import asyncio
from collections.abc import Callable, Coroutine
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any

import typer

person_app = typer.Typer(help="Who is behind a person code: beside the record, and erasable.", no_args_is_help=True)

CodeArgument = Annotated[str, typer.Argument(metavar="CODE", help="the person's code, as in events and tokens")]
JurisdictionOption = Annotated[str, typer.Option("--jurisdiction", help="the jurisdiction's code")]
DataOption = Annotated[Path, typer.Option("--data", help="the folder of the installation")]
UrlOption = Annotated[
    str | None, typer.Option("--url", help="an installation elsewhere; else the one that runs in --data")
]
TokenOption = Annotated[
    str | None, typer.Option("--token", envvar="DUBAN_TOKEN", help="a token; else the operator's, from --data/keys")
]
_DATA = Path("data")
_LIFETIME = timedelta(hours=1)


@person_app.command("set")
def person_set(
    code: CodeArgument, jurisdiction: JurisdictionOption,
    name: Annotated[str, typer.Option(help="as people write it")],
    phone: Annotated[str, typer.Option(help="where the person is reached")] = "",
    note: Annotated[str, typer.Option(help="anything else, seen by the unit and the supervision office")] = "",
    data: DataOption = _DATA, url: UrlOption = None, token: TokenOption = None,
) -> None:  # fmt: skip
    """Enter a person, or replace what is known of one."""
    path = f"/intake/v1/jurisdictions/{jurisdiction}/people/{code}"
    body = {"name": name, "phone": phone, "note": note}
    _tell(_asked(data, url, token, lambda client, by: client.put(path, body, by)))


@person_app.command("show")
def person_show(
    jurisdiction: JurisdictionOption,
    code: Annotated[str | None, typer.Argument(metavar="[CODE]", help="one person; else everybody")] = None,
    data: DataOption = _DATA, url: UrlOption = None, token: TokenOption = None,
) -> None:  # fmt: skip
    """Show one person, or everybody, with the posts that they hold now."""
    path = f"/intake/v1/jurisdictions/{jurisdiction}/people"
    if code is not None:
        _tell(_asked(data, url, token, lambda client, by: client.get(f"{path}/{code}", by)))
        return
    after: str | None = ""
    while after is not None:
        page = _asked(data, url, token, lambda client, by, at=after: client.get(path, by, after=at))
        for person in page["people"]:
            _tell(person)
        after = page.get("next")


@person_app.command("erase")
def person_erase(
    code: CodeArgument, jurisdiction: JurisdictionOption,
    yes: Annotated[bool, typer.Option("--yes", help="do not ask")] = False,
    data: DataOption = _DATA, url: UrlOption = None, token: TokenOption = None,
) -> None:  # fmt: skip
    """Erase what is known of a person, for good. No event, number or digest changes; the receipt is printed."""
    if not yes:
        typer.confirm(f"Erase name, phone and note of {code} in {jurisdiction}, for good?", abort=True)
    path = f"/intake/v1/jurisdictions/{jurisdiction}/people/{code}"
    erased = _asked(data, url, token, lambda client, by: client.delete(path, by))
    print(f"{erased['person']} of {erased['jurisdiction']} was erased at {erased['erased_at']}.")


def _asked(
    data: Path, url: str | None, token: str | None, ask: Callable[..., Coroutine[Any, Any, Any]]
) -> dict[str, Any]:
    from deploy.local.client import Client
    from deploy.local.installation import make_token, running_in

    running = running_in(data) or {}
    if url is None and "url" not in running:
        raise ConnectionError(f"nothing runs in {data}: start it with `duban up --data {data}`, or give --url")

    async def asked() -> dict[str, Any]:
        client = Client.of(url or running["url"])
        try:
            found: dict[str, Any] = await ask(client, token or make_token(data / "keys", None, lifetime=_LIFETIME))
        finally:
            await client.close()
        return found

    return asyncio.run(asked())


def _tell(person: dict[str, Any]) -> None:
    posts = ", ".join(" ".join(filter(None, (one["post"], one["unit"], one["project"]))) for one in person["posts"])
    name = person.get("name") or f"({person['status']})"
    print("  ".join(filter(None, (person["person"], name, person.get("phone"), person.get("note"), posts))))
