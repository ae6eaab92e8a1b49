"""Exports over HTTP: a list as CSV or workbook, as it is shown to who asks; its projects by a published standard."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query, Request
from starlette.responses import JSONResponse, Response

from services.scoring.exports import Table, as_csv, as_xlsx, table
from services.scoring.listed import Listed, Wanted, listed, published_now, wanted
from services.scoring.oc4ids import project_package
from services.scoring.reading import Asked, Reading, When, when_asked
from shared.core.register import zone_of
from shared.infra.auth import Bearer, Tokens, Unauthenticated, bearer_from, who_asks
from shared.infra.tagged import Tagged
from shared.infra.texts import Locale, Texts, locale_from
from shared.infra.web import Problem

Code = Annotated[str, Path(max_length=64)]
Lang = Annotated[Locale | None, Query(description="the language of titles and words; else as Accept-Language says")]

_PATH = "/v1/jurisdictions/{jurisdiction}/lists/{list_code}"
_CSV = "text/csv; charset=utf-8"
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True, slots=True)
class Exported:
    """What is shown to who asks, to be written as a file."""

    shown: Listed
    asked: Asked
    locale: Locale

    def answer(self, suffix: str, media_type: str, write: Callable[[Table], bytes]) -> Response:
        """The whole table as a file, named by place, list and day."""
        told = table(self.shown, self.asked.then, Texts.load(self.locale))
        day = self.shown.at.astimezone(zone_of(self.asked.then)).date()
        name = f"{self.asked.then.jurisdiction}-{self.shown.published.list}-{day}.{suffix}"
        headers = {"content-disposition": f'attachment; filename="{name}"', "content-language": self.locale}
        return Response(write(told), media_type=media_type, headers=headers)


def export_routes(reading: Reading, tokens: Tokens, *, now: Callable[[], datetime]) -> APIRouter:
    router = APIRouter(tags=["scoring"], route_class=Tagged)
    who = Annotated[Bearer, Depends(who_asks(tokens, now))]

    async def exported(
        request: Request, jurisdiction: Code, list_code: Code, by: who, when: Annotated[When, Depends(when_asked)],
        only: Annotated[Wanted, Depends(wanted)],
        period: Annotated[str | None, Query(max_length=16, description="the last draw of this period")] = None,
        lang: Lang = None,
    ) -> Exported:  # fmt: skip
        asked = await reading.asked(jurisdiction, by, when)
        shown = await listed(reading, asked, list_code, period, only)
        return Exported(shown, asked, lang or locale_from(request.headers.get("accept-language")))

    whole = Annotated[Exported, Depends(exported)]

    @router.get(f"{_PATH}/standings.csv", response_class=Response, responses={200: {"content": {"text/csv": {}}}})
    async def standings_csv(export: whole) -> Response:
        """The standings as CSV, whole: what the standings show to who asks, titled in words. UTF-8 with a mark."""
        return export.answer("csv", _CSV, as_csv)

    @router.get(f"{_PATH}/standings.xlsx", response_class=Response, responses={200: {"content": {_XLSX: {}}}})
    async def standings_xlsx(export: whole) -> Response:
        """The standings as a workbook, whole: to be read on a screen and printed on A4."""
        return export.answer("xlsx", _XLSX, as_xlsx)

    router.add_api_route(f"{_PATH}/oc4ids", _oc4ids(reading, tokens, now), methods=["GET"], summary="As OC4IDS")
    return router


def _oc4ids(reading: Reading, tokens: Tokens, now: Callable[[], datetime]) -> Callable[..., object]:
    async def perhaps(request: Request) -> Bearer | None:
        """Whom a token names, if one is sent."""
        return await tokens.verified(bearer_from(request), now()) if "authorization" in request.headers else None

    async def oc4ids(
        request: Request, jurisdiction: Code, list_code: Code, by: Annotated[Bearer | None, Depends(perhaps)],
        when: Annotated[When, Depends(when_asked)],
        prefix: Annotated[
            str,
            Query(pattern=r"^oc4ids-[a-z0-9]{6}$", description="the publisher's registered prefix of project ids"),
        ] = "oc4ids-000000",
    ) -> JSONResponse:  # fmt: skip
        """The list's projects by the Open Contracting for Infrastructure Data Standard, version 0.9.

        What is public of each project: never a place, a point or a light. A list published for everybody is read
        without a token, as it is now; any other list, and any other time, by those who hold a post there.
        """
        if by is None:
            ledger = await reading.ledger(jurisdiction)
            published = published_now(ledger, list_code)
            if published is None or published.classification != "public" or when != When():
                raise Unauthenticated("missing")
        else:
            ledger = (await reading.asked(jurisdiction, by, when)).then
            if published_now(ledger, list_code) is None:
                raise Problem(404, "unknown_list", "There is no such list here.")
        package = project_package(ledger, list_code, uri=str(request.url.replace(query="")), prefix=prefix)
        if not package["projects"]:
            raise Problem(404, "no_projects", "The list has no projects: the standard knows no empty package.")
        return JSONResponse(package)

    return oc4ids
