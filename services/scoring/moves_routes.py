"""What moved over HTTP: between two draws, or two times, each number that is another, split into what moved it."""

import asyncio
from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Query

from services.scoring.domain.attribution import Moved, Point, attribute
from services.scoring.domain.views import current_period
from services.scoring.listed import last_draw, numbers_seen, published_now
from services.scoring.project import follow_to
from services.scoring.reading import Asked, Reading, When, insist_on_past, record_at_hand, until_of, when_asked
from shared.core.calendar import Moment
from shared.core.ledger import Ledger
from shared.core.period import Period
from shared.core.register import opening, regime_at, regime_for
from shared.infra import wire
from shared.infra.auth import Bearer, Tokens, who_asks
from shared.infra.paging import Paging, paging
from shared.infra.tagged import Tagged
from shared.infra.web import Problem

Code = Annotated[str, Path(max_length=64)]
_POINT = "a period (its last draw), a position of the record, or an instant"


def moves_routes(reading: Reading, tokens: Tokens, *, now: Callable[[], datetime]) -> APIRouter:
    router = APIRouter(tags=["scoring"], route_class=Tagged)
    who = Annotated[Bearer, Depends(who_asks(tokens, now))]

    @router.get("/v1/jurisdictions/{jurisdiction}/lists/{list_code}/moves")
    async def moves(
        jurisdiction: Code, list_code: Code, by: who, when: Annotated[When, Depends(when_asked)],
        page: Annotated[Paging, Depends(paging)],
        since: Annotated[str, Query(alias="from", max_length=40, description=_POINT)],
        to: Annotated[str | None, Query(max_length=40, description=f"{_POINT}; else what is known")] = None,
        subject: Annotated[str | None, Query(max_length=64, description="of one subject only")] = None,
    ) -> dict[str, Any]:  # fmt: skip
        """Each number that moved, split exactly into its causes, each with the events behind it.

        Time, membership, baseline, progress, lateness, correction, change of rules and, for places, others. What tells
        places and points is for those who may see them at both ends.
        """
        asked = await reading.asked(jurisdiction, by, when)
        if published_now(asked.then, list_code) is None:
            raise Problem(404, "unknown_list", "There is no such list here.")
        (first, drawn), (last, redrawn) = [await _point(reading, asked, list_code, at) for at in (since, to)]
        if (last.ledger.position, last.moment.at) < (first.ledger.position, first.moment.at):
            raise Problem(422, "not_later", "The second time lies before the first: ask the other way round.")
        found = await _moved(reading, jurisdiction, first, last)
        seen = [numbers_seen(asked, list_code, period, one.regime) for one, period in ((first, drawn), (last, redrawn))]
        shown = [one for one in found if all(may(one.subject_kind, one.about) for may in seen)]
        wanted = sorted(
            (one for one in shown if subject in {None, one.subject}),
            key=lambda one: (one.subject_kind, one.subject, one.about),  # not as ranked: that would tell places
        )
        cut, following = page.cut(wanted, known_at=asked.known_at)
        return {
            "jurisdiction": jurisdiction, "list": list_code, "from": _told(first), "to": _told(last),
            "count": len(wanted), "next": following, "moves": [wire.data_of(one) for one in cut],
        }  # fmt: skip

    return router


async def _moved(reading: Reading, jurisdiction: str, first: Point, last: Point) -> list[Moved]:
    with record_at_hand():
        events = await reading.past.events(
            jurisdiction, opening(last.ledger).partition, after=first.ledger.position, until=last.ledger.position
        )
    return await asyncio.to_thread(attribute, first, last, events)


async def _point(reading: Reading, asked: Asked, list_code: str, at: str | None) -> tuple[Point, str | None]:
    """The last draw of a period, with that period, or a list as it stood at a time; without one, as it is asked for.

    How a list stands between draws is of no period, and never out.
    """
    partition, code = opening(asked.now).partition, asked.now.jurisdiction
    ledger = asked.then
    if at is not None and _is_period(at):
        drawn = await last_draw(reading, asked, list_code, at)
        with record_at_hand():
            fold = (await reading.past.fold(code, partition, drawn.position)).copy()
        await asyncio.to_thread(follow_to, fold.ledger, drawn.at)
        return _judged(fold.ledger, Moment.parse(drawn.moment)), at
    if at is not None:
        until = until_of(at)
        insist_on_past(asked.then, until)
        with record_at_hand():
            ledger = (await reading.past.fold(code, partition, until)).ledger
    regime = regime_at(ledger, list_code, ledger.clock)
    if regime is None:
        raise Problem(404, "not_drawn", "Nothing was drawn for this list and period.")
    period = current_period(ledger, list_code, ledger.clock, regime)
    return _judged(ledger, Moment(list_code, "close", str(period), ledger.clock)), None


def _judged(ledger: Ledger, moment: Moment) -> Point:
    regime = regime_for(ledger, moment.list, Period.parse(moment.period)) or regime_at(ledger, moment.list, moment.at)
    if regime is None:
        raise Problem(404, "not_drawn", "Nothing was drawn for this list and period.")
    return Point(ledger, moment, regime)


def _is_period(text: str) -> bool:
    """A year alone is a position: whoever means its last draw asks for the instant."""
    try:
        return not text.isdecimal() and bool(Period.parse(text))
    except ValueError:
        return False


def _told(point: Point) -> dict[str, Any]:
    return {
        "position": point.ledger.position, "at": point.moment.at.isoformat(), "period": point.moment.period,
        "regime_version": point.regime.version,
    }  # fmt: skip
