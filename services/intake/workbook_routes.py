"""The workbook of a unit's return over HTTP: fetched, filled in, sent back; a summary first for whoever wants one."""

import asyncio
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any
from urllib.parse import quote

from fastapi import APIRouter, Depends, Header, Query, Request
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, Field

from services.intake import readers
from services.intake.answer import ReceiptOut
from services.intake.desk import Desk
from services.intake.domain.asked import asked_in
from services.intake.domain.capacity import capacities
from services.intake.workbook import claims as claiming
from services.intake.workbook.claims import Claim
from services.intake.workbook.form import Form, form_of, word
from services.intake.workbook.marking import faults, marked, sentence
from services.intake.workbook.reading import Came, NotTheForm, Wrong, read
from services.intake.workbook.spoiled import spoiled
from services.intake.workbook.writing import as_given, write
from shared.core import errors
from shared.core.calendar import Period
from shared.core.events import AnyRecorded, UnitRegistered
from shared.core.ledger import Ledger
from shared.core.numbers import MoneyUnit, total
from shared.core.register import is_of_the_office, posts_of, zone_of
from shared.infra.auth import Bearer, Tokens, who_asks
from shared.infra.bus import BATCH_MAX
from shared.infra.openapi import Answers
from shared.infra.tables import UnreadableTable, read_tables
from shared.infra.texts import Locale, Texts, locale_from
from shared.infra.web import Fault, Problem

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_FAULTS_MAX = 1000
_OURS = 500
_AT_ONCE_MAX = 4
"""So many workbooks are opened or written at a time: each may need as much memory as the limits of a table allow."""
_BINARY = {"content": {XLSX: {"schema": {"type": "string", "format": "binary"}}}}
_ASKED = {403: ("no_post",), 404: ("unknown_unit", "nothing_asked"), 422: ("bad_period",)}
_SENT = {
    **_ASKED, 409: (), 413: ("too_many_submissions",), 422: ("bad_period", "channel_needed", "another_workbook"),
}  # fmt: skip


class FlagOut(BaseModel):
    """Something that is taken, and that reviewers will look at."""

    pointer: str = Field(description="the cell of the value")
    flag: str
    text: str = Field(description="the flag in words, in the language that was asked for")


class WorkbookSummary(BaseModel):
    """What a workbook says: how many rows it has, how many were filled in, what would be, or was, recorded of them."""

    model_config = ConfigDict(json_schema_extra={"examples": [{
        "unit": "town-a", "period": "2026-03", "dry_run": True, "rows": 12, "changed": 10, "submissions": 11, "nil": 1,
        "corrected": 0, "flagged": [{"pointer": "/月报表/G7", "flag": "jump", "text": "数值突增"}],
        "totals": {"investment_ytd_yuan": "26000000"}, "money_unit": "万元", "receipts": [],
    }]})  # fmt: skip

    unit: str
    period: str
    dry_run: bool
    rows: int = Field(description="rows of the form")
    changed: int = Field(description="rows that somebody filled in; the others say nothing")
    submissions: int = Field(description="events that they claim: returns, corrections, stages, milestones, permits")
    nil: int
    corrected: int
    flagged: list[FlagOut]
    totals: dict[str, Decimal] = Field(description="sums of what is reported, in yuan")
    money_unit: MoneyUnit = Field(description="the one that the regime writes amounts in")
    receipts: list[ReceiptOut] = Field(description="one for each submission; empty in a dry run")


def workbook_routes(desk: Callable[[], Desk], tokens: Tokens, *, now: Callable[[], datetime]) -> APIRouter:
    router = APIRouter(tags=["workbooks"])
    who = Annotated[Bearer, Depends(who_asks(tokens, now))]
    language = Annotated[str | None, Header(alias="accept-language")]
    code = Annotated[str, Query(description="the jurisdiction of the unit")]
    told_by = Annotated[str, Query(max_length=64, description="how a unit told the office what this enters for it")]
    turn = asyncio.Semaphore(_AT_ONCE_MAX)
    rehearsal = Annotated[bool, Query(description="say what it says, and record nothing")]

    @router.get(
        "/v1/workbooks/{unit}/{period}", response_class=Response, responses={200: _BINARY, **readers.answers(_ASKED)}
    )
    async def fetch(unit: str, period: str, jurisdiction: code, by: who, accept_language: language = None) -> Response:
        """This unit's return for a period as a workbook: with all that is known, to fill in, print and send back."""
        locale = locale_from(accept_language)
        ledger = await desk().current(jurisdiction, by)
        _may_see(ledger, unit, by, locale)
        form = _form(ledger, unit, _period(period, locale), locale)  # here: a ledger is read by one thread only
        async with turn:
            content = await asyncio.to_thread(write, form, as_given(form))
        return _workbook(content, f"{unit}-{period}.xlsx", 200)

    @router.post(
        "/v1/workbooks/{unit}/{period}", status_code=202, response_model=WorkbookSummary,
        responses={
            200: {"model": WorkbookSummary, "description": "What it says; nothing is recorded"},
            **_also_marked(readers.answers(_SENT)),
        },
        openapi_extra={"requestBody": {"required": True, **_BINARY}},
    )  # fmt: skip
    async def send_back(
        request: Request, response: Response, unit: str, period: str, jurisdiction: code, by: who, *,
        dry_run: rehearsal = False, channel: told_by = "", accept_language: language = None,
    ) -> Any:  # fmt: skip
        """Record all that was filled in, or nothing; the same workbook again gets the same receipts."""
        locale = locale_from(accept_language)
        ledger = await desk().current(jurisdiction, by)
        name = _in_whose_name(ledger, unit, by, channel, locale)
        content = await request.body()
        async with turn:
            came = await asyncio.to_thread(_read, content, (jurisdiction, unit, period), locale)
        try:
            summary = await _Taking(desk(), by, locale, came, name, channel).take(dry_run=dry_run)
        except _Marked as returned:
            if XLSX not in request.headers.get("accept", ""):
                raise returned.problem from returned
            async with turn:
                content = await asyncio.to_thread(marked, came, returned.wrong, Texts.load(locale))
            return _workbook(content, f"{unit}-{period}-marked.xlsx", returned.problem.status)
        response.status_code = 200 if dry_run else 202
        return summary

    return router


def _also_marked(answers: Answers) -> Answers:
    """Where this is accepted, what is refused comes back as the workbook with each fault marked."""
    marked: Answers = {status: {**answers[status], "content": {**answers[status]["content"], **_BINARY["content"]}}
              for status in (403, 409, 422)}  # fmt: skip
    return {**answers, **marked}


def _workbook(content: bytes, name: str, status: int) -> Response:
    headers = {"content-disposition": f"attachment; filename*=UTF-8''{quote(name)}", "cache-control": "no-store"}
    return Response(content, status, headers, XLSX)


# --- who, and what for ----------------------------------------------------------------------------------------------


def _may_see(ledger: Ledger, unit: str, by: Bearer, locale: Locale) -> None:
    if not is_of_the_office(ledger, by.person) and all(of != unit for _, of, _ in posts_of(ledger, by.person or "")):
        raise _refused(403, errors.Fault("no_post", "", "You hold no post in {unit}.", {"unit": unit}), locale)
    if ledger.get(UnitRegistered, unit) is None:
        raise _refused(404, errors.Fault("unknown_unit", "", "No unit has the code {code}.", {"code": unit}), locale)


def _in_whose_name(ledger: Ledger, unit: str, by: Bearer, channel: str, locale: Locale) -> Mapping[str, str]:
    """The unit's own people send its return; what it has told the office, the office enters on its behalf."""
    _may_see(ledger, unit, by, locale)
    units = sorted({of for _, of, _ in posts_of(ledger, by.person or "")})
    if unit in units:
        return {"unit": unit}
    if not channel.strip():
        message = "Say how the unit told it: phone, paper, email."
        raise _refused(422, errors.Fault("channel_needed", "/query/channel", message), locale)
    offices = [of for of in units if "supervision_office" in capacities(ledger, by.person or "", of)]
    return {"unit": (offices or units)[0], "on_behalf_of": unit}


def _period(text: str, locale: Locale) -> Period:
    try:
        return Period.parse(text)
    except ValueError as error:
        message = "A period reads 2026-03-05, 2026-W10, 2026-03-T1, 2026-03-M1, 2026-03, 2026-Q1, 2026-H1 or 2026."
        raise _refused(422, errors.Fault("bad_period", "/path/period", message), locale) from error


def _form(ledger: Ledger, unit: str, period: Period, locale: Locale) -> Form:
    asked, zone = asked_in(ledger, unit, period), zone_of(ledger)
    if not asked:
        message = "Nothing is asked of {unit} for {period}."
        raise _refused(404, errors.Fault("nothing_asked", "", message, {"unit": unit, "period": str(period)}), locale)

    def name_of(code: str) -> str:
        registered = ledger.get(UnitRegistered, code)
        return registered.name if registered else code

    return form_of(
        asked, jurisdiction=ledger.jurisdiction, unit=unit, period=period, locale=locale, name_of=name_of,
        local=lambda at: at.astimezone(zone),
    )  # fmt: skip


def _read(content: bytes, place: tuple[str, str, str], locale: Locale) -> Came:
    """The workbook against its form. Problem where it is no workbook, or that of another unit or period."""
    try:
        came = read(read_tables(content, "workbook.xlsx"), spoiled(content))
    except UnreadableTable as error:
        raise _refused(422, error.faults[0], locale) from error
    except NotTheForm as error:
        raise _refused(422, error.fault, locale) from error
    heading = came.form.heading
    if (heading.jurisdiction, heading.unit, heading.period) != place:
        message = "This is the workbook of {unit} for {period}."
        named = {"unit": f"{heading.jurisdiction}/{heading.unit}", "period": heading.period}
        raise _refused(422, errors.Fault("another_workbook", "", message, named), locale)
    return came


def _refused(status: int, fault: errors.Fault, locale: Locale) -> Problem:
    said = sentence(fault, Texts.load(locale))
    return Problem(status, fault.code, said, faults=[Fault(fault.pointer, fault.code, said)])


# --- taking it in ---------------------------------------------------------------------------------------------------


class _Marked(Exception):
    """Something is wrong in the workbook's cells: the problem to answer with, and what to mark."""

    def __init__(self, problem: Problem, wrong: Sequence[Wrong]) -> None:
        super().__init__(problem.code)
        self.problem, self.wrong = problem, wrong


class _Taking:
    """One workbook on its way into the record, all of it or nothing."""

    def __init__(
        self, desk: Desk, by: Bearer, locale: Locale, came: Came, name: Mapping[str, str], channel: str
    ) -> None:
        self.desk, self.by, self.locale, self.came, self.name = desk, by, locale, came, name
        found = claiming.claims(came)
        self.claims = claiming.through(channel, found) if "on_behalf_of" in name else found
        spoilt = {(one.sheet, one.row) for one in came.wrong}
        self.sound = [one for one in self.claims if (one.filled.sheet, one.filled.row) not in spoilt]

    async def take(self, *, dry_run: bool) -> WorkbookSummary:
        self._insist_on_size(len(self.claims))
        body = {"submissions": [claiming.body(one, self.came.form, **self.name) for one in self.sound]}
        events: list[AnyRecorded] = []
        wrong, problem = list(self.came.wrong), None
        if self.sound:
            # First as a rehearsal: so what is wrong in cells and what intake has against the rest is told at once.
            try:
                events = await self.desk.rehearse(body, self.by, self.locale)
            except Problem as refused:
                problem, wrong = refused, [*wrong, *self._placed(refused)]
        if wrong:
            raise self._marked(wrong, problem)
        self._insist_on_size(len(events))
        receipts: list[ReceiptOut] = []
        if self.sound and not dry_run:
            receipts = await self._record(body)
        return self._summary(events, receipts, dry_run=dry_run)

    async def _record(self, body: Mapping[str, Any]) -> list[ReceiptOut]:
        try:
            return await self.desk.hand_in(body, self.by, self.locale, batch=True)
        except Problem as refused:  # somebody else was faster
            raise self._marked(self._placed(refused), refused) from refused

    def _insist_on_size(self, count: int) -> None:
        if count > BATCH_MAX:
            message = "The workbook claims {count} events; at most {most} are recorded at once. Send it in parts."
            named = {"count": str(count), "most": str(BATCH_MAX)}
            raise _refused(413, errors.Fault("too_many_submissions", "", message, named), self.locale)

    def _placed(self, refused: Problem) -> list[Wrong]:
        """The faults of a refused batch at the cells that they are about. The problem itself where it has none."""
        if refused.status >= _OURS or not refused.faults:
            raise refused
        found = []
        for one in refused.faults:
            _, _, number, *pointer = one.pointer.split("/", 3)
            said = errors.Fault(one.code, "", "{said}", {"said": one.message})
            found.append(self.sound[int(number)].wrong(f"/{pointer[0]}" if pointer else "", said))
        return found

    def _marked(self, wrong: Sequence[Wrong], refused: Problem | None) -> _Marked:
        say = Texts.load(self.locale)
        found = faults(self.came, wrong, say)
        status, code = (refused.status, refused.code) if refused else (422, found[0].code)
        title = say("The workbook is not recorded; faults: {count}.", count=len(found))
        return _Marked(Problem(status, code, title, found[0].message, faults=found[:_FAULTS_MAX]), wrong)

    def _summary(self, events: Sequence[AnyRecorded], receipts: list[ReceiptOut], *, dry_run: bool) -> WorkbookSummary:
        heading, lines = self.came.form.heading, sum(len(found) for found in self.came.form.lines)
        kinds = Counter(one.type.split(".")[2] for one in self.claims)
        return WorkbookSummary(
            unit=heading.unit, period=heading.period, dry_run=dry_run, rows=lines,
            changed=len({(one.filled.sheet, one.filled.row) for one in self.claims}), submissions=len(self.claims),
            nil=sum(bool(one.data.get("is_nil")) for one in self.claims), corrected=kinds["progress_corrected"],
            flagged=list(self._flagged(events)), totals=_totals(self.claims),
            money_unit=heading.money_unit, receipts=receipts,
        )  # fmt: skip

    def _flagged(self, events: Sequence[AnyRecorded]) -> Iterator[FlagOut]:
        say = Texts.load(self.locale)
        by_key = {claiming.key(one, self.came.form): one for one in self.sound}
        for recorded in events:
            claim = by_key.get(recorded.submission)
            if claim is not None:
                for flag in getattr(recorded.data, "flags", ()):
                    (said,) = faults(self.came, [claim.flagged(flag)], say)
                    yield FlagOut(pointer=said.pointer, flag=flag, text=word(flag, say))


def _totals(claims: Sequence[Claim]) -> dict[str, Decimal]:
    found = {name: [one.amount(name) for one in claims] for name in claiming.AMOUNTS}
    return {name: total(one for one in amounts if one is not None) for name, amounts in found.items() if any(amounts)}
