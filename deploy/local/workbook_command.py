"""`duban workbook`: fetch a unit's return as a workbook, and send it back filled in."""

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any

import typer

from deploy.local.language import LangOption, locale_of
from shared.infra.texts import Locale

workbook_app = typer.Typer(help="A unit's return as a workbook (月报表).", no_args_is_help=True)

_TOKEN_LIFETIME = timedelta(minutes=10)
_TIMEOUT_S = 120

AsOption = Annotated[str | None, typer.Option("--as", help="the person; a token is made from --data/keys")]
DataOption = Annotated[Path, typer.Option("--data", help="the folder of the installation")]
UrlOption = Annotated[str | None, typer.Option("--url", help="an installation elsewhere")]
TokenOption = Annotated[str | None, typer.Option("--token", envvar="DUBAN_TOKEN")]
_DATA = Path("data")


@dataclass(frozen=True, slots=True)
class _Reached:
    """An installation, and what to say to it in every request."""

    base: str
    headers: dict[str, str]

    def ask(self, method: str, path: str, query: dict[str, str], content: bytes = b"", accept: str = "*/*") -> Any:
        import httpx

        headers = {**self.headers, "accept": accept}
        with httpx.Client(base_url=self.base, timeout=_TIMEOUT_S) as http:
            return http.request(method, path, params=query, content=content, headers=headers)


@workbook_app.command("get")
def get(
    unit: Annotated[str, typer.Argument(help="the unit's code")],
    period: Annotated[str, typer.Argument(help="such as 2026-03")],
    jurisdiction: Annotated[str, typer.Option("--jurisdiction", "-j")],
    out: Annotated[Path | None, typer.Option("--out", "-o", help="the file to write; else UNIT-PERIOD.xlsx")] = None,
    by: AsOption = None, lang: LangOption = None, data: DataOption = _DATA, url: UrlOption = None,
    token: TokenOption = None,
) -> None:  # fmt: skip
    """Fetch what is asked of a unit for a period, with all that is known."""
    from deploy.local.client import Refusal

    file = out or Path(f"{unit}-{period}.xlsx")
    path, query = f"/intake/v1/workbooks/{unit}/{period}", {"jurisdiction": jurisdiction}
    answer = _reached(by, data, url, token, lang).ask("GET", path, query)
    if answer.is_error:
        raise Refusal(answer.json())
    file.write_bytes(answer.content)
    print(file)


@workbook_app.command("put")
def put(
    file: Annotated[Path, typer.Argument(help="the workbook, filled in")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="say what it says, and record nothing")] = False,
    channel: Annotated[str, typer.Option(help="how the unit told the office, which enters it on its behalf")] = "",
    by: AsOption = None, lang: LangOption = None, data: DataOption = _DATA, url: UrlOption = None,
    token: TokenOption = None,
) -> None:  # fmt: skip
    """Record what was filled in, all of it or nothing. Doing it again changes nothing.

    Where something is wrong, the workbook is written again beside the file with each bad cell marked.
    """
    from deploy.local.client import Refusal
    from services.intake.workbook_routes import XLSX

    content, installation = file.read_bytes(), _reached(by, data, url, token, lang)
    path, jurisdiction = _place(content)
    query = {"jurisdiction": jurisdiction, "dry_run": str(dry_run).lower(), "channel": channel}
    answer = installation.ask("POST", path, query, content)
    if answer.is_success:
        _show(answer.json())
        return
    marked = installation.ask("POST", path, {**query, "dry_run": "true"}, content, accept=XLSX)
    if marked.headers.get("content-type") == XLSX:
        beside = file.with_name(f"{file.stem}-marked.xlsx")
        beside.write_bytes(marked.content)
        print(beside)
    raise Refusal(answer.json())


def _place(content: bytes) -> tuple[str, str]:
    """Whose workbook it is: the path to send it to, and the jurisdiction. It says so itself."""
    from services.intake.workbook.reading import NotTheForm, form_in
    from shared.infra.tables import UnreadableTable, read_tables

    try:
        heading = form_in(read_tables(content, "workbook.xlsx")).heading
    except UnreadableTable as error:
        raise typer.BadParameter(str(error)) from error
    except NotTheForm as error:
        raise typer.BadParameter(error.fault.message) from error
    return f"/intake/v1/workbooks/{heading.unit}/{heading.period}", heading.jurisdiction


def _show(summary: dict[str, Any]) -> None:
    counts = [f"{name} {summary[name]}" for name in ("rows", "changed", "submissions", "nil", "corrected")]
    print(", ".join(counts))
    for name, amount in summary["totals"].items():
        print(f"{name} {amount}")
    for one in summary["flagged"]:
        print(f"{one['pointer']}: {one['flag']}")


def _reached(by: str | None, data: Path, url: str | None, token: str | None, lang: Locale | None) -> _Reached:
    from deploy.local.installation import make_token, running_in

    running = running_in(data)
    if url is None and running is None:
        raise ConnectionError(f"nothing runs in {data}: start it with `duban up --data {data}`, or give --url")
    with_token = token or make_token(data / "keys", by, lifetime=_TOKEN_LIFETIME)
    headers = {"authorization": f"Bearer {with_token}", "accept-language": locale_of(lang)}
    return _Reached(url or str((running or {})["url"]), headers)
