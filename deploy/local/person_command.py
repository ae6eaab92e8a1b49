"""The `duban person` commands: who is behind a person code. Names and phones never enter the record."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Annotated, Any

import typer

from deploy.local.options import DEFAULT_DATA, DataOption, PersonOption, TokenOption, UrlOption
from deploy.local.reached import reached

person_app = typer.Typer(help="Who is behind a person code: beside the record, and erasable.", no_args_is_help=True)

CodeArgument = Annotated[str, typer.Argument(metavar="CODE", help="the person's code, as in events and tokens")]
JurisdictionOption = Annotated[str, typer.Option("--jurisdiction", "-j", help="the jurisdiction's code")]


@person_app.command("set")
def person_set(
    code: CodeArgument, jurisdiction: JurisdictionOption,
    name: Annotated[str, typer.Option(help="as people write it")],
    phone: Annotated[str, typer.Option(help="where the person is reached")] = "",
    note: Annotated[str, typer.Option(help="anything else, seen by the unit and the supervision office")] = "",
    by: PersonOption = None, data: DataOption = DEFAULT_DATA, url: UrlOption = None, token: TokenOption = None,
) -> None:  # fmt: skip
    """Enter a person, or replace what is known of one."""
    path = f"/intake/v1/jurisdictions/{jurisdiction}/people/{code}"
    where = reached(data, url, token, by)
    body = {"name": name, "phone": phone, "note": note}
    _tell(_asked(where, lambda client, held: client.put(path, body, held)))


@person_app.command("show")
def person_show(
    jurisdiction: JurisdictionOption,
    code: Annotated[str | None, typer.Argument(metavar="[CODE]", help="one person; else everybody")] = None,
    by: PersonOption = None, data: DataOption = DEFAULT_DATA, url: UrlOption = None, token: TokenOption = None,
) -> None:  # fmt: skip
    """Show one person, or everybody, with the posts that they hold now."""
    path = f"/intake/v1/jurisdictions/{jurisdiction}/people"
    where = reached(data, url, token, by)
    if code is not None:
        _tell(_asked(where, lambda client, held: client.get(f"{path}/{code}", held)))
        return
    after: str | None = ""
    while after is not None:
        page = _asked(where, lambda client, held, at=after: client.get(path, held, after=at))
        for person in page["people"]:
            _tell(person)
        after = page.get("next")


@person_app.command("erase")
def person_erase(
    code: CodeArgument, jurisdiction: JurisdictionOption,
    yes: Annotated[bool, typer.Option("--yes", help="do not ask")] = False,
    by: PersonOption = None, data: DataOption = DEFAULT_DATA, url: UrlOption = None, token: TokenOption = None,
) -> None:  # fmt: skip
    """Erase what is known of a person, for good. No event, number or digest changes; the receipt is printed."""
    if not yes:
        typer.confirm(f"Erase name, phone and note of {code} in {jurisdiction}, for good?", abort=True)
    path = f"/intake/v1/jurisdictions/{jurisdiction}/people/{code}"
    where = reached(data, url, token, by)
    erased = _asked(where, lambda client, held: client.delete(path, held))
    print(f"{erased['person']} of {erased['jurisdiction']} was erased at {erased['erased_at']}.")


def _asked(where: tuple[str, str], ask: Callable[..., Coroutine[Any, Any, Any]]) -> dict[str, Any]:
    from deploy.local.client import Client

    url, token = where

    async def asked() -> dict[str, Any]:
        client = Client.of(url)
        try:
            found: dict[str, Any] = await ask(client, token)
        finally:
            await client.close()
        return found

    return asyncio.run(asked())


def _tell(person: dict[str, Any]) -> None:
    posts = ", ".join(" ".join(filter(None, (one["post"], one["unit"], one["project"]))) for one in person["posts"])
    name = person.get("name") or f"({person['status']})"
    print("  ".join(filter(None, (person["person"], name, person.get("phone"), person.get("note"), posts))))
