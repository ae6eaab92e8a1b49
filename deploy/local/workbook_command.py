"""`duban workbook`: fetch a unit's return as a workbook, and send it back filled in."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from deploy.local.language import LangOption, locale_of
from deploy.local.options import DEFAULT_DATA, DataOption, PersonOption, TokenOption, UrlOption
from deploy.local.reached import reached
from shared.infra.texts import Locale

if TYPE_CHECKING:
    from shared.infra.texts import Texts

workbook_app = typer.Typer(help="A unit's return as a workbook (月报表).", no_args_is_help=True)

_TIMEOUT_S = 120


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
    by: PersonOption = None, lang: LangOption = None, data: DataOption = DEFAULT_DATA, url: UrlOption = None,
    token: TokenOption = None,
) -> None:  # fmt: skip
    """Fetch what is asked of a unit for a period, with all that is known."""
    from deploy.local.client import refusal_of

    file = out or Path(f"{unit}-{period}.xlsx")
    path, query = f"/intake/v1/workbooks/{unit}/{period}", {"jurisdiction": jurisdiction}
    answer = _reached(by, data, url, token, lang).ask("GET", path, query)
    if answer.is_error:
        raise refusal_of(answer)
    file.write_bytes(answer.content)
    print(file)


@workbook_app.command("put")
def put(
    file: Annotated[Path, typer.Argument(help="the workbook, filled in")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="say what it says, and record nothing")] = False,
    channel: Annotated[str, typer.Option(help="how the unit told the office, which enters it on its behalf")] = "",
    by: PersonOption = None, lang: LangOption = None, data: DataOption = DEFAULT_DATA, url: UrlOption = None,
    token: TokenOption = None,
) -> None:  # fmt: skip
    """Record what was filled in, all of it or nothing. Doing it again changes nothing.

    Where something is wrong, the workbook is written again beside the file with each bad cell marked.
    """
    from deploy.local.client import refusal_of
    from services.intake.workbook_routes import XLSX
    from shared.infra.texts import Texts

    content, installation = file.read_bytes(), _reached(by, data, url, token, lang)
    path, jurisdiction = _place(content)
    query = {"jurisdiction": jurisdiction, "dry_run": str(dry_run).lower(), "channel": channel}
    answer = installation.ask("POST", path, query, content)
    if answer.is_success:
        show(answer.json(), Texts.load(locale_of(lang)))
        return
    marked = installation.ask("POST", path, {**query, "dry_run": "true"}, content, accept=XLSX)
    if marked.headers.get("content-type") == XLSX:
        beside = file.with_name(f"{file.stem}-marked.xlsx")
        beside.write_bytes(marked.content)
        print(beside)
    raise refusal_of(answer)


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


def show(summary: Mapping[str, Any], say: "Texts") -> None:
    """Print what a workbook says: counts, totals in the money unit of its rules, what reviewers will look at."""
    from services.intake.workbook.form import in_unit, plain

    told = ("rows", "changed", "submissions", "nil", "corrected")
    print(
        say(
            "Rows: {rows}, filled in: {changed}; events: {submissions}, nil returns: {nil}, corrections: {corrected}.",
            **{name: summary[name] for name in told},
        )
    )
    unit = summary["money_unit"]
    for name, title in _totals(say, say(unit)).items():
        if name in summary["totals"]:
            amount = plain(in_unit(Decimal(summary["totals"][name]), unit))
            print(say("{title}: {text}", title=" ".join(title.split()), text=amount))
    for one in summary["flagged"]:
        print(say("{title}: {text}", title=one["pointer"], text=one["text"]))


def _totals(say: "Texts", unit: str) -> Mapping[str, str]:
    return {
        "investment_ytd_yuan": say("Completed in the year to date ({unit})", unit=unit),
        "investment_in_period_yuan": say("Completed in the period ({unit})", unit=unit),
        "funds_in_place_yuan": say("Funds in place ({unit})", unit=unit),
        "funds_paid_yuan": say("Funds paid ({unit})", unit=unit),
    }


def _reached(by: str | None, data: Path, url: str | None, token: str | None, lang: Locale | None) -> _Reached:
    address, with_token = reached(data, url, token, by)
    return _Reached(address, {"authorization": f"Bearer {with_token}", "accept-language": locale_of(lang)})
