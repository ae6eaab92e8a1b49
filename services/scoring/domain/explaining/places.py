"""Why is a light shown, and why does a subject stand where it stands, among whom, by what?"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

from services.scoring.domain.explaining.asking import Asking
from services.scoring.domain.explaining.conditions import condition
from services.scoring.domain.explaining.tree import Explained
from services.scoring.domain.measure import Measuring
from services.scoring.domain.memory import Lights, lights_of
from services.scoring.domain.rank import Contender
from shared.core.period import Period
from shared.core.ranking import bands, compared_by
from shared.core.regime.model import Regime

# --- lights -----------------------------------------------------------------------------------------------------------


def light(asking: Asking, subject: Measuring) -> Explained:
    """The lights in their order up to the one whose condition holds, and the closes before that harden it."""
    view = asking.view
    own, shown, _ = view.lit(subject)
    memory = view.regime.light_memory
    inputs = [*_conditions(asking, subject)]
    place = len(inputs) - 1
    return Explained(
        about="light", kind=subject.kind, subject=subject.code, name=subject.name, value=shown, how="light",
        rule=f"/lights/{place}" if own is not None and own == shown else "/light_memory" if shown else "/lights",
        inputs=(*inputs, *_before(asking, subject, own)),
        given={"repeated": memory.repeated if memory else None},
        why="What is known does not decide which light it is." if inputs else "The rules show no lights.",
    )  # fmt: skip


def _conditions(asking: Asking, subject: Measuring) -> Iterator[Explained]:
    for place, lights in enumerate(asking.view.regime.lights):
        for name, when in lights.items():
            if when == "otherwise":
                held = Explained(
                    about="condition", kind=subject.kind, subject=subject.code, value=True, how="said", part="light",
                )  # fmt: skip
            else:
                held = condition(asking, subject, when, "light")
            yield replace(held, about=f"light:{name}", rule=f"/lights/{place}", given={"light": name})
            if held.value is not False:
                return


def _before(asking: Asking, subject: Measuring, own: str | None) -> Iterator[Explained]:
    """The closes in a row before this one at which it had the same light."""
    view = asking.view
    memory = view.regime.light_memory
    if own is None or memory is None or memory.repeated is None or memory.repeated.light != own:
        return
    kept = view.ledger.get(Lights, lights_of(view.code, view.period.cadence, subject.kind, subject.code))
    lit = {one.period: one.own for one in kept.lit} if kept else {}
    period = _before_that(view.period)
    while lit.get(str(period)) == own:
        yield Explained(
            about="light", kind=subject.kind, subject=subject.code, value=own, how="said", part="before",
            when=str(period), rule="/light_memory",
        )  # fmt: skip
        period = _before_that(period)


def _before_that(period: Period) -> Period:
    return Period.holding(period.first_day - timedelta(days=1), period.cadence)


# --- places -----------------------------------------------------------------------------------------------------------


def terms_of_places(regime: Regime) -> Mapping[str, Any]:
    ranking = regime.scoring.ranking if regime.scoring else None
    if ranking is None:
        return {"order": "high_first", "ties": "dense", "minimum_group": 1, "publish": "none"}
    names = ("order", "ties", "minimum_group", "publish")
    return {name: getattr(ranking, name) for name in names}


def rank(asking: Asking, subject: Measuring) -> Explained:
    """The place among those of its kind and lane; the band where bands are published."""
    view = asking.view
    regime, found = view.regime, Explained(
        about="rank", kind=subject.kind, subject=subject.code, name=subject.name, value=None, how="rank",
        rule="/scoring/ranking", given=terms_of_places(view.regime), why="Those of this kind are not compared.",
    )  # fmt: skip
    if regime.scoring is None or subject.kind not in regime.scoring.subjects:
        return replace(found, given={**found.given, "publish": "none"})
    inputs, publish = contenders(asking, subject), regime.scoring.ranking.publish
    places = view.places_of(subject)
    if publish == "bands":
        band = bands(regime, view.contenders(subject.kind)).get(subject.code)
        given = {**found.given, "bands": tuple((one.id, one.at_least) for one in regime.scoring.ranking.bands)}
        return replace(found, value=band, how="band", inputs=inputs, given=given, why=_unplaced(publish, inputs))
    lane = view.lane(subject.code) if subject.kind == "unit" else ""
    return replace(
        found, value=None if places is None else Decimal(places[0]), displayed="" if places is None else f"{places[0]}",
        inputs=inputs, given={**found.given, "lane": lane}, why=_unplaced(publish, inputs),
    )  # fmt: skip


def _unplaced(publish: str, inputs: tuple[Explained, ...]) -> str:
    if publish == "none":
        return "No places are published."
    own = [one for one in inputs if one.part == "own"]
    if own and own[0].value is None:
        return own[0].why
    return "Too few are compared."


def contenders(asking: Asking, subject: Measuring) -> tuple[Explained, ...]:
    """The subject and those with whom it is compared, each with what it is compared by."""
    view = asking.view
    scoring = view.regime.scoring
    if scoring is None or subject.kind not in scoring.subjects:
        return ()
    lane = view.lane(subject.code) if subject.kind == "unit" else ""
    found = [one for one in view.contenders(subject.kind) if one.lane == lane]
    others = [_contender(asking, one, "other") for one in found if one.subject != subject.code]
    own = [_contender(asking, one, "own") for one in found if one.subject == subject.code]
    return (*(replace(one, inputs=(*_of_own(asking, subject),)) for one in own), *others)


def _contender(asking: Asking, one: Contender, part: str) -> Explained:
    key = compared_by(asking.view.regime, one)
    why = (
        ""
        if key is not None
        else "It is not ranked."
        if one.is_rankable is False
        else "What it is ranked by is not known."
    )
    return Explained(
        about="compared", kind=one.subject_kind, subject=one.subject, value=key, how="said", part=part, why=why,
        counts=key is not None,
    )  # fmt: skip


def _of_own(asking: Asking, subject: Measuring) -> Iterator[Explained]:
    """What the subject itself is compared by, and what decides whether it may have a place."""
    scoring = asking.view.regime.scoring
    if scoring is None:
        return
    by = scoring.ranking.by
    yield asking.about(subject, "points:total" if by == "total" else f"measure:{by}").as_part("of")
    if scoring.ranking.rankable is not None:
        yield replace(condition(asking, subject, scoring.ranking.rankable, "rankable"), rule="/scoring/ranking")
    for place, veto in enumerate(scoring.vetoes):
        if veto.result == "not_ranked":
            barred = condition(asking, subject, veto.when, "veto")
            yield replace(barred, about=f"veto:{veto.id}", rule=f"/scoring/vetoes/{place}")
