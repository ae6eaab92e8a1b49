"""Explanations over HTTP: why a number, a light, a point or a place is what it is, down to the events."""

import asyncio
from collections.abc import Callable
from datetime import date, datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Header, Query

from services.scoring.domain.explaining import UnknownQuestion, explain, without_others
from services.scoring.domain.explaining.words import told
from services.scoring.domain.view import View
from services.scoring.domain.views import current_view, view_at, view_on
from services.scoring.reading import Asked, Reading, When, when_asked
from shared.core.calendar import Moment
from shared.core.errors import CannotApply
from shared.core.ledger import Ledger
from shared.core.period import Period
from shared.core.regime.check.names import telling_places
from shared.core.regime.model import Regime
from shared.core.regime.terms import PERSONS, SubjectKind
from shared.core.register import published_list, regime_at, regime_for
from shared.infra.auth import Bearer, Tokens, who_asks
from shared.infra.tagged import Tagged
from shared.infra.texts import Texts, locale_from
from shared.infra.web import Problem


def explain_routes(reading: Reading, tokens: Tokens, *, now: Callable[[], datetime]) -> APIRouter:
    router = APIRouter(tags=["scoring"], route_class=Tagged)
    who = Annotated[Bearer, Depends(who_asks(tokens, now))]

    @router.get("/v1/jurisdictions/{jurisdiction}/lists/{list_code}/explain")
    async def explained(
        jurisdiction: str, list_code: str, by: who, when: Annotated[When, Depends(when_asked)],
        kind: Annotated[SubjectKind, Query(description="of what kind the subject is")],
        about: Annotated[
            str, Query(max_length=200, description="measure:NAME, points:COMPONENT, points:total, light or rank")
        ],
        subject: Annotated[str, Query(max_length=200, description="its code; of the list nothing")] = "",
        period: Annotated[str | None, Query(max_length=16, description="as of its end; else as it stands")] = None,
        lang: Annotated[str, Query(max_length=8, description="zh or en; else by Accept-Language")] = "",
        accept_language: Annotated[str | None, Header()] = None,
    ) -> dict[str, Any]:  # fmt: skip
        """The value with its rule, its inputs and the events behind each of them.

        Before they are out, places, points and what tells them are for the office and the approvers only.
        """
        asked = await reading.asked(jurisdiction, by, when)
        say = Texts.load(locale_from(lang if lang in {"zh", "en"} else accept_language))
        return {
            "jurisdiction": jurisdiction, "list": list_code, "position": asked.then.position,
            **await asyncio.to_thread(_explained, asked, list_code, (kind, subject, about), period, say),
        }  # fmt: skip

    return router


def _explained(
    asked: Asked, list_code: str, question: tuple[SubjectKind, str, str], period: str | None, say: Texts
) -> dict[str, Any]:  # fmt: skip
    view = _view(asked.then, list_code, asked.when.true_on, period)
    _insist_on_seeing(asked, view.regime, question, list_code, period)
    try:
        found = explain(view, *question)
    except UnknownQuestion as unknown:
        if unknown.args == ("subject",):
            raise Problem(404, "unknown_subject", "The list has nothing of this kind and code.") from None
        raise Problem(404, "unknown_question", "Ask about a measure, a component, the light or the rank.") from None
    seen = found if asked.sees_unsealed else without_others(found)
    return {"period": str(view.period), "true_on": view.day.isoformat(), "explained": told(seen, view.regime, say)}


def _view(ledger: Ledger, list_code: str, day: date | None, period: str | None) -> View:
    view = view_of(ledger, list_code, day, period)
    if view is None:
        raise Problem(404, "unknown_list", "There is no such list here.")
    return view


def view_of(ledger: Ledger, list_code: str, day: date | None, period: str | None) -> View | None:
    """The list as it stands now, on a day, or at the end of a period as far as that is known; None where it is none."""
    if period is None:
        return current_view(ledger, list_code, ledger.clock) if day is None else view_on(ledger, list_code, day)
    of = _period(period)
    regime = regime_for(ledger, list_code, of) or regime_at(ledger, list_code, ledger.clock)
    if regime is None or published_list(ledger, list_code, of.year) is None:
        return None
    return view_at(ledger, Moment(list_code, "close", str(of), ledger.clock), regime)


def _period(text: str) -> Period:
    try:
        return Period.parse(text)
    except (CannotApply, ValueError):
        raise Problem(422, "period_unreadable", "A period is written 2026-02, 2026-Q1, 2026-H1 or 2026.") from None


def _insist_on_seeing(
    asked: Asked, regime: Regime, question: tuple[SubjectKind, str, str], list_code: str, period: str | None
) -> None:  # fmt: skip
    """Problem 403 for persons, and for what tells places, where the one who asks may not see them."""
    kind, _, about = question
    if kind in PERSONS and not asked.sees_unsealed:
        raise Problem(403, "of_persons", "Lines of persons are for the supervision office and the approvers.")
    what, _, name = about.partition(":")
    telling = telling_places(regime)
    is_telling = (
        what in {"rank", "points"} or (what, name) in telling or (what == "light" and ("lights", "") in telling)
    )
    if is_telling and not asked.sees_places(list_code, period):
        raise Problem(403, "not_out", "Places and points are not out yet: they are sealed until the bulletin is.")
