"""Scoring over HTTP: standings of a draw, of now or of the past, a project's history, what is parked."""

import base64
import binascii
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends, HTTPException, Query, Request

from services.scoring import reads
from services.scoring.domain.judge import current, current_period, standing_on
from services.scoring.page import LiveView
from services.scoring.reading import Asked, Reading, When, insist, when_asked
from shared.core.events import SHAPES, LineDrawn, ListPublished, StandingsDrawn
from shared.core.ledger import Ledger
from shared.core.register import Project, is_of_the_office, opening, published_list, regime_at, zone_of
from shared.infra import wire
from shared.infra.auth import Bearer, Tokens, Unauthenticated, bearer_from, who_asks
from shared.infra.ledgers import Proof
from shared.infra.unrevoked import unrevoked
from shared.infra.web import Problem


async def live_view(reading: Reading, jurisdiction: str, list_code: str) -> LiveView | None:
    """What the live page shows: measures and lights of now, never a place or a point."""
    ledger = await reading.ledger(jurisdiction)
    published = published_now(ledger, list_code)
    lines = current(ledger, list_code, ledger.clock)
    if published is None or not lines:
        return None
    opened, regime = opening(ledger), regime_at(ledger, list_code, ledger.clock)
    seen = tuple(reads.as_seen(ledger, lines, with_places=False))
    return LiveView(
        jurisdiction, opened.name, opened.mode, list_code, published.name, lines[0].period,
        ledger.clock.astimezone(zone_of(ledger)), ledger.position, seen, (regime.names if regime else None) or {},
    )  # fmt: skip


def published_now(ledger: Ledger, list_code: str) -> ListPublished | None:
    """The list as it was published for the year that is shown now."""
    regime = regime_at(ledger, list_code, ledger.clock)
    return (
        published_list(ledger, list_code, current_period(ledger, list_code, ledger.clock, regime).year)
        if regime
        else None
    )


def standings_routes(reading: Reading, tokens: Tokens, *, now: Callable[[], datetime]) -> APIRouter:
    """What departments and the office read."""
    router = APIRouter(tags=["scoring"])
    who = Annotated[Bearer, Depends(who_asks(tokens, now))]

    @router.get("/v1/jurisdictions/{jurisdiction}/lists/{list_code}/standings")
    async def standings(
        jurisdiction: str, list_code: str, by: who, when: Annotated[When, Depends(when_asked)],
        period: Annotated[str | None, Query(max_length=16)] = None,
    ) -> dict[str, Any]:  # fmt: skip
        """The last draw of a period, or without a period the lines of now, or of the time that is asked for.

        Places and points by role or once sealed.
        """
        asked = await reading.asked(jurisdiction, by, when)
        drawn, lines = await _lines(reading, asked, list_code, period)
        shown = drawn.period if drawn else None
        with_places = asked.sees_places(list_code, shown)
        seen = reads.as_seen(asked.then, lines, with_places=with_places, with_persons=asked.sees_unsealed)
        return {
            "jurisdiction": jurisdiction, "list": list_code, "position": asked.then.position,
            "as_of": (drawn.at if drawn else asked.then.clock).isoformat(),
            "true_on": when.true_on.isoformat() if when.true_on else None,
            "draw": _as_seen(drawn, with_places=with_places) if drawn else None,
            "lines": [wire.data_of(line) for line in seen],
        }  # fmt: skip

    @router.get("/v1/jurisdictions/{jurisdiction}/projects/{project}/history")
    async def history(
        jurisdiction: str, project: str, by: who, when: Annotated[When, Depends(when_asked)]
    ) -> dict[str, Any]:
        """All that was said of a project, each value with its event."""
        ledger = (await reading.asked(jurisdiction, by, when)).then
        kept = ledger.get(Project, project)
        if kept is None:
            raise Problem(404, "unknown_project", "No project has this code.")
        return {
            "jurisdiction": jurisdiction,
            "position": ledger.position,
            "project": wire.data_of(kept.listing),
            **reads.history(ledger, project),
        }

    return router


def proof_routes(reading: Reading, tokens: Tokens, *, now: Callable[[], datetime]) -> APIRouter:
    """What operators read: how far the record is taken, what is parked, what the ledger comes to."""
    router = APIRouter(tags=["scoring"])
    who = Annotated[Bearer, Depends(who_asks(tokens, now))]

    @router.get("/v1/jurisdictions/{jurisdiction}/parked")
    async def parked(jurisdiction: str, by: who) -> dict[str, Any]:
        """Events that could not be applied, each with its reason. For the operator and the supervision office."""
        ledger = unrevoked(await reading.ledger(jurisdiction), by)
        insist(by.operator or is_of_the_office(ledger, by.person))
        rows = await reading.ledgers.parked(jurisdiction=jurisdiction)
        return {"parked": [{"position": row.position, "subject": row.subject, "reason": row.reason} for row in rows]}

    @router.get("/v1/jurisdictions/{jurisdiction}/digest")
    async def digest(jurisdiction: str, by: who) -> Proof:
        """Live ledger and statements as digests, to be held against a replay. For the operator and the office."""
        ledger = unrevoked(await reading.ledger(jurisdiction), by)
        insist(by.operator or is_of_the_office(ledger, by.person))
        return await reading.ledgers.proof(jurisdiction)

    @router.get("/v1/jurisdictions/{jurisdiction}/position")
    async def position(jurisdiction: str, _by: who) -> dict[str, int]:
        """How far the record is taken: for those who wait for what they sent."""
        found = await reading.ledgers.position(jurisdiction)
        if not found:
            raise Problem(404, "not_open", "No such jurisdiction is open.")
        return {"position": found}

    return router


def _as_seen(drawn: StandingsDrawn, *, with_places: bool) -> dict[str, Any]:
    """The draw without what guesses at places could be held against."""
    told = wire.data_of(drawn)
    return told if with_places else {name: told[name] for name in ("moment", "list", "kind", "period", "at")}


def live_guard(reading: Reading, tokens: Tokens, *, now: Callable[[], datetime]) -> Callable[[Request], Any]:
    """Who may open a live page: anyone for a public list or an invented jurisdiction, else who holds a post there."""

    async def guard(request: Request) -> None:
        ledger = await reading.ledger(request.path_params["jurisdiction"])
        published = published_now(ledger, request.path_params["code"])
        if opening(ledger).mode == "simulated" or (published and published.classification == "public"):
            return
        try:
            by = await tokens.verified(_token_of_browser(request), now())
        except Unauthenticated as error:
            # A browser asks for a name and a password then; the token is the password.
            raise HTTPException(401, error.reason, {"www-authenticate": 'Basic realm="Duban"'}) from error
        insist(by.operator or reads.belongs(unrevoked(ledger, by), by.person))

    return guard


def _token_of_browser(request: Request) -> str:
    """A bearer token, or the password that a browser asks for; the name beside it does not matter."""
    scheme, _, value = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "basic":
        return bearer_from(request)
    try:
        return base64.b64decode(value, validate=True).decode().partition(":")[2]
    except (binascii.Error, UnicodeDecodeError) as error:
        raise Unauthenticated("malformed") from error


async def _lines(
    reading: Reading, asked: Asked, list_code: str, period: str | None
) -> tuple[StandingsDrawn | None, list[LineDrawn]]:
    ledger = asked.then
    if published_now(ledger, list_code) is None:
        raise Problem(404, "unknown_list", "There is no such list here.")
    if period is None:
        if asked.when.true_on is not None:
            return None, standing_on(ledger, list_code, asked.when.true_on)
        return None, current(ledger, list_code, ledger.clock)
    drawn = await _draw(reading, asked, list_code, period)
    lines = await reading.ledgers.statements(ledger.jurisdiction, topic=drawn.moment)
    return drawn, [one.data for one in lines if isinstance(one.data, LineDrawn)]


async def _draw(reading: Reading, asked: Asked, list_code: str, period: str) -> StandingsDrawn:
    """The last draw of a period that had been stated by then."""
    stated = await reading.ledgers.statements(asked.then.jurisdiction, event_type=SHAPES[StandingsDrawn].type)
    draws: Sequence[StandingsDrawn] = [
        one.data
        for one in stated
        if one.data.list == list_code and one.data.period == period and one.data.at <= asked.then.clock
    ]
    if not draws:
        raise Problem(404, "not_drawn", "Nothing was drawn for this list and period.")
    return draws[-1]
