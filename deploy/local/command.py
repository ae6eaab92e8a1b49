"""The `duban` command."""

import asyncio
import errno
import json
import os
import sys
from collections.abc import Coroutine
from datetime import datetime, timedelta
from pathlib import Path
from typing import Annotated, Any, Literal, NoReturn

import httpx
import typer

from deploy.local.language import LangOption, locale_of
from deploy.local.regime_command import calendar_app, regime_app

app = typer.Typer(
    help="督办: supervision of key projects, from the record of what happened.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
record_app = typer.Typer(help="The record as a file of events.", no_args_is_help=True)
token_app = typer.Typer(help="Tokens that prove a person.", no_args_is_help=True)
app.add_typer(record_app, name="record")
app.add_typer(token_app, name="token")
app.add_typer(regime_app, name="regime")
app.add_typer(calendar_app, name="calendar")

DataOption = Annotated[Path, typer.Option("--data", help="the folder of the installation")]
UrlOption = Annotated[
    str | None, typer.Option("--url", help="an installation elsewhere; else the one that runs in --data")
]
TokenOption = Annotated[
    str | None, typer.Option("--token", envvar="DUBAN_TOKEN", help="a token; else one is made from --data/keys")
]
DEFAULT_DATA = Path("data")


def main() -> None:
    """Run the command; what people can mend is told in a sentence, without a traceback."""
    try:
        app()
    except KeyboardInterrupt:
        sys.exit(130)
    except httpx.HTTPError as error:
        _fail(_unanswered(error))
    except OSError as error:
        in_use = "the port is in use; give another with --port, where 0 takes a free one"
        told = f"{error.filename}: {error.strerror}" if error.filename and error.strerror else str(error)
        _fail(in_use if error.errno == errno.EADDRINUSE else told or "it took too long")
    except Exception as error:
        if not isinstance(error, _mendable()):
            raise
        _fail(str(error))


def _mendable() -> tuple[type[Exception], ...]:
    # Asked for only when something is wrong: what needs no services does not wait for theirs to be loaded.
    from deploy.local.broker import BrokerFailed
    from deploy.local.client import Refusal
    from deploy.local.evaluate import NothingFound
    from deploy.local.event_file import BadFile
    from deploy.local.installation import InUse
    from deploy.local.regime_file import BadRegime
    from shared.infra.holidays import BadCalendar

    return BadCalendar, BadFile, BadRegime, BrokerFailed, InUse, NothingFound, Refusal, httpx.InvalidURL


def _fail(sentence: str) -> NoReturn:
    print(f"duban: {sentence}", file=sys.stderr)
    sys.exit(1)


def _unanswered(error: httpx.HTTPError) -> str:
    url = error.request.url
    where = f"{url.scheme}://{url.netloc.decode()}"
    match error:
        case httpx.UnsupportedProtocol():
            return f"{url} is no address: it begins with http:// or https://"
        case httpx.ConnectError() | httpx.ConnectTimeout():
            return f"nothing answers at {where}; start it with `duban up`, or give --url"
        case httpx.TimeoutException():
            return f"{where} took too long to answer {error.request.method} {url.path}"
    return f"{where} broke off {error.request.method} {url.path}: {error}"


def _run(work: Coroutine[Any, Any, None]) -> None:
    asyncio.run(work)


@app.command()
def demo(
    exit_: Annotated[bool, typer.Option("--exit", help="end after the story instead of staying up")] = False,
    port: Annotated[int, typer.Option(help="the port; 0 takes a free one")] = 0,
    lang: LangOption = None,
) -> None:
    """Play a district's first quarter on real services: submissions, ratios, notices, bulletin. Invented figures."""
    from deploy.local.demo import play

    _run(play(stay=not exit_, port=port, locale=locale_of(lang)))


@app.command()
def up(
    data: DataOption = DEFAULT_DATA,
    port: Annotated[int, typer.Option(help="the port; 0 takes a free one")] = 8100,
    host: Annotated[str, typer.Option(help="the address to listen on")] = "127.0.0.1",
) -> None:
    """Run everything here, empty at first and lasting, until Ctrl-C."""
    from deploy.local.up import stay_up

    _run(stay_up(data, host=host, port=port))


@app.command()
def run(service: Literal["intake", "scoring", "notify"]) -> None:
    """Run one service alone, with its settings from DUBAN_<SERVICE>_… in the environment."""
    from importlib import import_module

    _run(import_module(f"services.{service}.app").main())


@app.command()
def provision(replicas: Annotated[int, typer.Option(help="copies of each stream in a cluster")] = 1) -> None:
    """Make the three streams, or bring their settings up to date. Reads DUBAN_PROVISION_NATS_URL, _USER, _PASSWORD."""
    from deploy.local.installation import provision_streams

    user, password = (os.environ.get("DUBAN_PROVISION_NATS_USER"), os.environ.get("DUBAN_PROVISION_NATS_PASSWORD"))
    _run(provision_streams(os.environ["DUBAN_PROVISION_NATS_URL"], replicas=replicas, user=user, password=password))


@app.command()
def evaluate(
    events: Annotated[Path, typer.Option("--events", help="a file of events, one CloudEvent a line")],
    regime: Annotated[
        Path | None, typer.Option(help="a regime that takes the place of the one the file adopts")
    ] = None,
    list_: Annotated[str | None, typer.Option("--list", help="one list only")] = None,
    period: Annotated[str | None, typer.Option(help="the draws of one period only")] = None,
    at: Annotated[
        datetime | None, typer.Option(help="what was known at this time", formats=["%Y-%m-%dT%H:%M:%S%z", "%Y-%m-%d"])
    ] = None,
    position: Annotated[int | None, typer.Option(min=0, help="what was known at this position")] = None,
    published: Annotated[Path | None, typer.Option(help="published figures (CSV) to hold against the record")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="the whole evaluation as JSON")] = False,
) -> None:
    """Fold a file of events with no server, by the same code as the services, and print what follows from it."""
    from deploy.local import evaluate as evaluating

    evaluating.run(
        events, regime, list_=list_, period=period, at=at, position=position, published=published, as_json=as_json
    )


@app.command()
def verify(data: DataOption = DEFAULT_DATA, url: UrlOption = None, token: TokenOption = None) -> None:
    """Replay the record of each jurisdiction and compare it with the live ledgers and with what was stated."""
    from deploy.local.verify import verify_all

    raise typer.Exit(0 if asyncio.run(verify_all(*_reached(data, url, token))) else 1)


@app.command()
def schema(
    name: Annotated[str | None, typer.Argument(help="an event type, `event_file`, `regime` or `evaluation`")] = None,
    out: Annotated[Path | None, typer.Option(help="write all schemas into this folder")] = None,
) -> None:
    """Print a JSON Schema of what goes in and comes out; without a name, list them."""
    from deploy.local.schemas import all_schemas, write_schemas

    if out is not None:
        write_schemas(out)
        return
    schemas = all_schemas()
    if name is None:
        print("\n".join(schemas))
    elif name in schemas:
        print(json.dumps(schemas[name], ensure_ascii=False, indent=2))
    else:
        raise typer.BadParameter(f"no schema is named {name}; `duban schema` lists them")


@app.command()
def doctor(data: DataOption = DEFAULT_DATA) -> None:
    """Say whether this machine has what is needed, and how the installation in --data fares."""
    from deploy.local.doctor import examine

    raise typer.Exit(0 if asyncio.run(examine(data)) else 1)


@record_app.command("export")
def record_export(
    jurisdiction: str,
    out: Annotated[Path | None, typer.Option(help="the file to write; else standard output")] = None,
    data: DataOption = DEFAULT_DATA, url: UrlOption = None, token: TokenOption = None,
) -> None:  # fmt: skip
    """Write a jurisdiction's record as a file of events."""
    from deploy.local.records import export_record

    _run(export_record(*_reached(data, url, token), jurisdiction, out))


@record_app.command("import")
def record_import(
    file: Path, data: DataOption = DEFAULT_DATA, url: UrlOption = None, token: TokenOption = None
) -> None:
    """Enter a file of events as it is, ids and times kept; repeating it changes nothing."""
    from deploy.local.records import import_record

    _run(import_record(*_reached(data, url, token), file))


@token_app.command("issue")
def token_issue(
    person: Annotated[str | None, typer.Option(help="the person's code")] = None,
    operator: Annotated[
        bool, typer.Option("--operator", help="the operator's token: opens jurisdictions, imports, verifies")
    ] = False,
    days: Annotated[int, typer.Option(min=1, max=30)] = 30,
    data: DataOption = DEFAULT_DATA,
) -> None:
    """Print a signed token. What its person may do is in the record, not in the token."""
    from deploy.local.installation import make_token

    if (person is None) != operator:
        raise typer.BadParameter("give --person CODE or --operator")
    print(make_token(data / "keys", person, lifetime=timedelta(days=days)))


def _reached(data: Path, url: str | None, token: str | None) -> tuple[str, str]:
    """The address to talk to and the token to talk with."""
    from deploy.local.installation import make_token, running_in

    running = running_in(data)
    if url is None and running is None:
        raise ConnectionError(f"nothing runs in {data}: start it with `duban up --data {data}`, or give --url")
    return url or str((running or {})["url"]), token or make_token(data / "keys", None, lifetime=timedelta(hours=1))
