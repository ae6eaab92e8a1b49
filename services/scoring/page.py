"""The live page: how far each unit and project is now; never a place or points, which are not out yet."""

import asyncio
from base64 import b64encode
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

from fastapi import APIRouter, Request
from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template
from markupsafe import Markup
from starlette.responses import HTMLResponse, Response, StreamingResponse

from shared.core.events import LineDrawn
from shared.core.regime.model import Title
from shared.core.time_names import period_name
from shared.infra.texts import Locale, Texts, locale_from
from shared.infra.web import Problem

_TEMPLATES: Final = Path(__file__).parent / "templates"
_HEARTBEAT_S: Final = 15
_TURNS_MAX: Final = 240  # an hour of silence; then the browser connects anew and goes on where it was
_FULL: Final = Decimal(1)
_TOTALS: Final = frozenset({"investment_ratio", "time_progress"})
_POSITION_DIGITS_MAX: Final = 18


@dataclass(frozen=True, slots=True)
class LiveView:
    """A list at a position. Lines are shown in their order: protocol order, never that of places.

    `as_of` is in the jurisdiction's time zone; `position` is its place in the record; `names` are the regime's own.
    """

    jurisdiction: str
    jurisdiction_name: str
    mode: str
    list: str
    list_name: str
    period: str
    as_of: datetime
    position: int
    lines: tuple[LineDrawn, ...]
    names: Mapping[str, Title] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Row:
    """What of a line may be seen before the bulletin is sealed. `bar_percent` is cut at 100."""

    name: str
    ratio: str
    bar_percent: str
    deviation: str
    light: str


Read = Callable[[str, str], Awaitable[LiveView | None]]
Changed = Callable[[str, int], Awaitable[int]]


def live_routes(read: Read, changed: Changed) -> APIRouter:
    """The page of a list and its stream of changes.

    `changed(jurisdiction, after)` gives the new position once it is greater than `after`, or `after` when it
    has waited long enough.
    """
    router = APIRouter(prefix="/live", include_in_schema=False)

    async def view_of(jurisdiction: str, code: str) -> LiveView:
        view = await read(jurisdiction, code)
        if view is None:
            raise Problem(404, "list_unknown", "There is no such list here.")
        return view

    @router.get("/{jurisdiction}/{code}")
    async def page(request: Request, jurisdiction: str, code: str, lang: str = "") -> Response:
        locale = _locale(request, lang)
        contents = render_page(await view_of(jurisdiction, code), locale)
        return HTMLResponse(contents, headers=_page_headers(locale))

    @router.get("/{jurisdiction}/{code}/events")
    async def events(request: Request, jurisdiction: str, code: str, lang: str = "", after: str = "") -> Response:
        view = await view_of(jurisdiction, code)
        seen = _position(request.headers.get("last-event-id", after))
        stream = _stream(request, view, seen, _locale(request, lang), read, changed)
        return StreamingResponse(stream, media_type="text/event-stream", headers=_STREAM_HEADERS)

    return router


async def _stream(
    request: Request, view: LiveView, seen: int, locale: Locale, read: Read, changed: Changed
) -> AsyncIterator[str]:
    # A reader who is ahead of us, after a rebuild, is told what is true here as well.
    yield "retry: 5000\n\n" if view.position == seen else event_of(view, locale)
    after = view.position
    for _ in range(_TURNS_MAX):
        position = await _next(changed, view.jurisdiction, after)
        if await request.is_disconnected():
            return
        if position <= after:
            yield ": still here\n\n"
            continue
        newer = await read(view.jurisdiction, view.list)
        if newer is None:
            return
        after = max(position, newer.position)
        yield event_of(newer, locale)


async def _next(changed: Changed, jurisdiction: str, after: int) -> int:
    try:
        return await asyncio.wait_for(changed(jurisdiction, after), _HEARTBEAT_S)
    except TimeoutError:
        return after


def event_of(view: LiveView, locale: Locale) -> str:
    """A server-sent event `changed`: its id is the position, its data the part of the page that changes."""
    template = _template()
    fragment = "".join(template.blocks["live"](template.new_context(_context(view, locale))))
    lines = "".join(f"data: {line}\n" for line in fragment.splitlines() if line.strip())
    return f"event: changed\nid: {view.position}\n{lines}\n"


def render_page(view: LiveView, locale: Locale) -> str:
    return _template().render(_context(view, locale))


def _context(view: LiveView, locale: Locale) -> dict[str, Any]:
    texts = Texts.load(locale)
    names = {name: getattr(title, locale) for name, title in view.names.items()}
    whole = next((line for line in view.lines if line.subject_kind == "list"), None)
    return {
        "view": view,
        "texts": texts,
        "locale": locale,
        "other": {"zh": ("en", "English"), "en": ("zh", "中文")}[locale],
        "script": _script(),
        "period": period_name(view.period, texts),
        "mode_note": _mode_note(view.mode, texts),
        "whole": whole,
        "totals": _totals(whole, names, texts) if whole else {},
        "units": [_row(line) for line in view.lines if line.subject_kind == "unit"],
        "projects": _by_unit(view.lines),
        "ratio_name": measure_name("investment_ratio", names, texts),
        "deviation_name": measure_name("deviation_pp", names, texts),
        "lights": {"green": texts("green"), "yellow": texts("yellow"), "red": texts("red")},
    }


def _totals(whole: LineDrawn, names: Mapping[str, str], texts: Texts) -> dict[str, str]:
    shown = (name for name in whole.displayed if name in _TOTALS or name.endswith(("_rate", "_share")))
    return {measure_name(name, names, texts): whole.displayed[name] for name in shown}


def _by_unit(lines: Sequence[LineDrawn]) -> list[tuple[str, list[Row]]]:
    """The projects of each unit, in the units' order; one without a line comes last, by code."""
    names = {line.subject: line.name for line in lines if line.subject_kind == "unit"}
    rows: dict[str, list[Row]] = {code: [] for code in names}
    for line in lines:
        if line.subject_kind == "project":
            rows.setdefault(line.unit, []).append(_row(line))
    return [(names.get(code, code), found) for code, found in rows.items() if found]


def _row(line: LineDrawn) -> Row:
    return Row(
        name=line.name,
        ratio=line.displayed.get("investment_ratio", "-"),
        bar_percent=percent(line.measures.get("investment_ratio")),
        deviation=line.displayed.get("deviation_pp", "-"),
        light=line.light or "",
    )


def measure_name(name: str, names: Mapping[str, str], texts: Texts) -> str:
    """What a measure is called: by its regime, else in the catalogue, else by its code."""
    said = names.get(name) or texts(name)
    return said if said != name else name.replace("_pp", "_(pp)").replace("_", " ")


def percent(ratio: Decimal | None) -> str:
    """A ratio as a length between 0 and 100; unknown has none."""
    return f"{min(max(ratio or Decimal(0), Decimal(0)), _FULL) * 100:.2f}"


def _mode_note(mode: str, texts: Texts) -> str:
    match mode:
        case "simulated":
            return texts("(Simulated jurisdiction: figures are invented.)")
        case "imported":
            return texts("(Imported jurisdiction: single figures are invented to add up to published totals.)")
        case _:
            return ""


def _locale(request: Request, lang: str) -> Locale:
    return locale_from(lang if lang in {"zh", "en"} else request.headers.get("accept-language"))


def _position(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= _POSITION_DIGITS_MAX else 0


@cache
def _template() -> Template:
    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template("live.html")


@cache
def _script() -> Markup:
    return Markup((_TEMPLATES / "live.js").read_text(encoding="utf-8").strip())  # noqa: S704  # our own file


@cache
def _policy() -> str:
    """Our script alone may run, and it may speak to us alone."""
    digest = b64encode(sha256(_script().encode()).digest()).decode()
    return (
        f"default-src 'none'; script-src 'sha256-{digest}'; style-src 'unsafe-inline'; connect-src 'self'; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'self'"
    )


def _page_headers(locale: Locale) -> dict[str, str]:
    return {
        "content-security-policy": _policy(), "cache-control": "no-store", "content-language": locale,
        "vary": "accept-language",
    }  # fmt: skip


_STREAM_HEADERS: Final = {"cache-control": "no-store", "x-accel-buffering": "no"}
