"""The `duban` command."""

import asyncio
import errno
import json
import os
import sys
from collections.abc import Coroutine
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated, Any, Literal, NoReturn

import httpx
import typer

from deploy.local.access_command import access
from deploy.local.burden_command import burden
from deploy.local.checks_command import checks_app
from deploy.local.explain_command import explain
from deploy.local.language import LangOption, locale_of
from deploy.local.options import DEFAULT_DATA, DataOption, PersonOption, TokenOption, UrlOption
from deploy.local.person_command import person_app
from deploy.local.reached import make_token, reached
from deploy.local.rebuild_command import rebuild
from deploy.local.regime_command import calendar_app, regime_app
from deploy.local.standings_command import standings
from deploy.local.submit_command import submit
from deploy.local.try_command import try_regime
from deploy.local.workbook_command import workbook_app

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
app.add_typer(person_app, name="person")
app.add_typer(regime_app, name="regime")
app.add_typer(calendar_app, name="calendar")
app.command()(access)
app.command()(burden)
app.command()(explain)
app.add_typer(workbook_app, name="workbook")
app.command()(submit)
app.command()(rebuild)
app.command()(standings)
app.command("try")(try_regime)
app.add_typer(checks_app, name="checks")

UnitOption = Annotated[
    str, typer.Option("--unit", help="in whose name; may be left out where the person has posts in one unit only")
]


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
    from deploy.local.mapping.importing import NotImported
    from deploy.local.regime_file import BadRegime
    from shared.infra.durable import NotDurable
    from shared.infra.holidays import BadCalendar

    return (
        BadCalendar, BadFile, BadRegime, BrokerFailed, InUse, NotDurable, NothingFound, NotImported, Refusal,
        httpx.InvalidURL,
    )  # fmt: skip


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
    durable: Annotated[bool, typer.Option("--durable", help="sync to disk before each acknowledgement")] = False,
) -> None:
    """Run everything here, empty at first and lasting, until Ctrl-C."""
    from deploy.local.up import stay_up

    _run(stay_up(data, host=host, port=port, durable=durable))


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

    raise typer.Exit(0 if asyncio.run(verify_all(*reached(data, url, token))) else 1)


@app.command()
def schema(
    name: Annotated[
        str | None, typer.Argument(help="an event type, `event_file`, `regime`, `mapping`, `evaluation`")
    ] = None,
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


@app.command("import")
def import_(
    files: Annotated[list[Path], typer.Argument(help="tables: .csv, .xlsx, .xls, .et or .json")],
    mapping: Annotated[Path, typer.Option(help="how they are read: a mapping file; `duban schema mapping`")],
    jurisdiction: Annotated[
        str | None, typer.Option("--jurisdiction", "-j", help="into which; else the one that the mapping names")
    ] = None,
    set_: Annotated[list[str] | None, typer.Option("--set", metavar="NAME=VALUE", help="a constant's value")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="record nothing, show everything")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="what was found as JSON")] = False,
    events: Annotated[Path | None, typer.Option(help="write what is told as a file of events")] = None,
    person: PersonOption = None, unit: UnitOption = "", lang: LangOption = None,
    data: DataOption = DEFAULT_DATA, url: UrlOption = None, token: TokenOption = None,
) -> None:  # fmt: skip
    """Record what tables tell, by a mapping; count and name what is odd in them. Repeating it changes nothing."""
    from deploy.local.mapping import importing
    from shared.infra.texts import Texts

    say = Texts.load(locale_of(lang))
    how = importing.mapping_in(mapping, say)
    into = jurisdiction or how.jurisdiction
    found = importing.read(how, files, dict(one.partition("=")[::2] for one in set_ or ()), say)
    importing.show(found, say, as_json_=as_json)
    if events is not None and found.is_sound:
        importing.write_file(found, how, into or how.mapping, events, now=datetime.now(UTC))
    if dry_run or not found.is_sound:
        raise typer.Exit(0 if found.is_sound else 1)
    entry, began = importing.Entry(*reached(data, url, token, person), into, unit), datetime.now(UTC)
    receipts = asyncio.run(importing.record(found, entry, say))
    print(importing.tally(receipts, began, say), file=sys.stderr)


@app.command()
def start(
    file: Annotated[Path, typer.Argument(help="an old ledger or annex: .xls, .xlsx, .et or .csv")],
    jurisdiction: Annotated[str, typer.Option("--jurisdiction", "-j", help="the code of the place")],
    period: Annotated[str | None, typer.Option(help="the month that it tells of; else as its title says")] = None,
    open_: Annotated[str | None, typer.Option("--open", metavar="NAME", help="open the place under this name")] = None,
    level: Annotated[str, typer.Option(help="province, city, county …; else as the name ends")] = "",
    yes: Annotated[bool, typer.Option("--yes", help="record it without asking")] = False,
    person: PersonOption = None, unit: UnitOption = "", lang: LangOption = None,
    data: DataOption = DEFAULT_DATA, url: UrlOption = None, token: TokenOption = None,
) -> None:  # fmt: skip
    """Begin with what the office has: show what an old ledger says, record it, and keep how it was read beside it."""
    from deploy.local.mapping import importing, report, starting
    from deploy.local.mapping.recognise import level_of
    from deploy.local.mapping.rehearsal import refusals
    from shared.infra.texts import Texts

    if open_ and not person:
        raise typer.BadParameter("--open needs --as: the first person of the supervision office")
    say, beside = Texts.load(locale_of(lang)), starting.mapping_beside(file)
    begun = starting.begin(file, jurisdiction, say, period=period, level=level or (level_of(open_) if open_ else ""))
    starting.show(begun, say)
    report.print_report(begun.found, say)
    if not begun.found.is_sound:
        starting.keep(begun, beside)
        print(starting.mending(begun, file, say), file=sys.stderr)
        raise typer.Exit(1)
    if not (yes or typer.confirm(say("Record all this?"))):
        raise typer.Exit(1)
    entry, began = importing.Entry(*reached(data, url, token, person), jurisdiction, unit), datetime.now(UTC)
    starting.keep(begun, beside)
    if open_ and person:
        opening = starting.opening_of(jurisdiction, open_, person, level)
        if told := refusals(opening, begun.found.drafts, entry, person, say, now=began):
            raise importing.NotImported("\n".join([*told, starting.mending(begun, file, say)]))
        asyncio.run(starting.open_jurisdiction(opening, *reached(data, url, None)))
    receipts = asyncio.run(importing.record(begun.found, entry, say))
    people = asyncio.run(starting.enter_people(entry, begun.leaders))
    print(importing.tally(receipts, began, say), say("{people} names are in the directory.", people=people))
    print(say("Next month: duban import --mapping {mapping} FILE --set period=…", mapping=beside))


@record_app.command("export")
def record_export(
    jurisdiction: str,
    out: Annotated[Path | None, typer.Option(help="the file to write; else standard output")] = None,
    data: DataOption = DEFAULT_DATA, url: UrlOption = None, token: TokenOption = None,
) -> None:  # fmt: skip
    """Write a jurisdiction's record as a file of events."""
    from deploy.local.records import export_record

    _run(export_record(*reached(data, url, token), jurisdiction, out))


@record_app.command("import")
def record_import(
    file: Path, data: DataOption = DEFAULT_DATA, url: UrlOption = None, token: TokenOption = None
) -> None:
    """Enter a file of events as it is, ids and times kept; repeating it changes nothing."""
    from deploy.local.records import import_record

    _run(import_record(*reached(data, url, token), file))


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
    if (person is None) != operator:
        raise typer.BadParameter("give --person CODE or --operator")
    print(make_token(data / "keys", person, lifetime=timedelta(days=days)))


@token_app.command("rotate")
def token_rotate(data: DataOption = DEFAULT_DATA) -> None:
    """Make a new signing key. Tokens in use stay good until they expire; running services notice within a second."""
    from shared.infra.keys import rotate
    from shared.infra.runtime import utc_now

    print(f"signing with a new key from now on: {rotate(data / 'keys', utc_now()).private}")
