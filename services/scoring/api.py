"""Scoring over HTTP: standings of a draw, of now or of the past, a project's history, what is parked."""

import base64
import binascii
from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends, HTTPException, Path, Query, Request

from services.scoring import reads
from services.scoring.listed import Wanted, listed, published_now, wanted
from services.scoring.page import LiveView
from services.scoring.reading import Reading, When, insist, when_asked
from shared.core.events import StandingsDrawn
from shared.core.register import Project, is_of_the_office, opening, regime_at, zone_of
from shared.infra import wire
from shared.infra.auth import Bearer, Tokens, Unauthenticated, bearer_from, who_asks
from shared.infra.ledgers import Proof
from shared.infra.paging import Paging, paging
from shared.infra.tagged import Tagged
from shared.infra.unrevoked import unrevoked
from shared.infra.web import Problem

Code = Annotated[str, Path(max_length=64)]


async def live_view(reading: Reading, jurisdiction: str, list_code: str) -> LiveView | None:
    """What the live page shows: measures and lights of now, never a place or a point."""
    ledger = await reading.ledger(jurisdiction)
    published = published_now(ledger, list_code)
    lines = reading.snapshots.lines_of_now(ledger, list_code)
    if published is None or not lines:
        return None
    opened, regime = opening(ledger), regime_at(ledger, list_code, ledger.clock)
    seen = tuple(reads.as_seen(ledger, lines, with_places=False))
    return LiveView(
        jurisdiction, opened.name, opened.mode, list_code, published.name, lines[0].period,
        ledger.clock.astimezone(zone_of(ledger)), ledger.position, seen, (regime.names if regime else None) or {},
    )  # fmt: skip


def standings_routes(reading: Reading, tokens: Tokens, *, now: Callable[[], datetime]) -> APIRouter:
    """What departments and the office read."""
    router = APIRouter(tags=["scoring"], route_class=Tagged)
    who = Annotated[Bearer, Depends(who_asks(tokens, now))]

    @router.get("/v1/jurisdictions/{jurisdiction}/lists/{list_code}/standings")
    async def standings(
        jurisdiction: Code, list_code: Code, by: who, when: Annotated[When, Depends(when_asked)],
        only: Annotated[Wanted, Depends(wanted)], page: Annotated[Paging, Depends(paging)],
        period: Annotated[str | None, Query(max_length=16, description="the last draw of this period")] = None,
    ) -> dict[str, Any]:  # fmt: skip
        """The last draw of a period, or without a period the lines of now, or of the time that is asked for.

        Places and points by role or once sealed. `count` is that of all pages; `next` goes on as of the same position.
        """
        asked = await reading.asked(jurisdiction, by, when)
        shown = await listed(reading, asked, list_code, period, only)
        lines, following = page.cut(shown.lines, known_at=asked.known_at)
        return {
            "jurisdiction": jurisdiction, "list": list_code, "position": asked.then.position,
            "as_of": shown.at.isoformat(),
            "true_on": when.true_on.isoformat() if when.true_on else None,
            "draw": _as_seen(shown.drawn, with_places=shown.with_places) if shown.drawn else None,
            "count": len(shown.lines), "next": following,
            "lines": [wire.data_of(line) for line in lines],
        }  # fmt: skip

    @router.get("/v1/jurisdictions/{jurisdiction}/projects/{project}/history")
    async def history(
        jurisdiction: Code, project: Code, by: who, when: Annotated[When, Depends(when_asked)],
        page: Annotated[Paging, Depends(paging)],
    ) -> dict[str, Any]:  # fmt: skip
        """All that was said of a project, each value with its event; its returns on pages."""
        asked = await reading.asked(jurisdiction, by, when)
        ledger = asked.then
        kept = ledger.get(Project, project)
        if kept is None:
            raise Problem(404, "unknown_project", "No project has this code.")
        told = reads.history(ledger, project)
        returns, following = page.cut(told["returns"], known_at=asked.known_at)
        return {
            "jurisdiction": jurisdiction,
            "position": ledger.position,
            "project": wire.data_of(kept.listing),
            **told,
            "returns": returns,
            "next": following,
        }

    return router


def proof_routes(reading: Reading, tokens: Tokens, *, now: Callable[[], datetime]) -> APIRouter:
    """What operators read: how far the record is taken, what is parked, what the ledger comes to."""
    router = APIRouter(tags=["scoring"], route_class=Tagged)
    who = Annotated[Bearer, Depends(who_asks(tokens, now))]

    @router.get("/v1/jurisdictions/{jurisdiction}/parked")
    async def parked(
        jurisdiction: Code, by: who, when: Annotated[When, Depends(when_asked)],
        page: Annotated[Paging, Depends(paging)],
    ) -> dict[str, Any]:  # fmt: skip
        """Events that could not be applied, each with its reason. For the operator and the supervision office."""
        asked = await reading.asked(jurisdiction, by, when)
        insist(asked.is_of_the_office)
        rows = await reading.ledgers.parked(jurisdiction=jurisdiction)
        # What is parked last lies beyond the last event that was applied.
        known = [row for row in rows if not asked.is_past or row.position <= asked.then.position]
        shown, following = page.cut(known, known_at=asked.known_at)
        return {
            "count": len(known), "next": following,
            "parked": [{"position": row.position, "subject": row.subject, "reason": row.reason} for row in shown],
        }  # fmt: skip

    @router.get("/v1/jurisdictions/{jurisdiction}/digest")
    async def digest(jurisdiction: Code, by: who) -> Proof:
        """Live ledger and statements as digests, to be held against a replay. For the operator and the office."""
        ledger = unrevoked(await reading.ledger(jurisdiction), by)
        insist(by.operator or is_of_the_office(ledger, by.person))
        return await reading.ledgers.proof(jurisdiction)

    @router.get("/v1/jurisdictions/{jurisdiction}/position")
    async def position(jurisdiction: Code, _by: who) -> dict[str, int]:
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
