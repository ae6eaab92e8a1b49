"""How are lights, points and places said?"""

from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from typing import Literal

from shared.core.regime.explain.condition import condition, where_
from shared.core.regime.explain.due import cadence, window
from shared.core.regime.explain.words import Voice, plain
from shared.core.regime.language import Condition
from shared.core.regime.scoring import (
    AllOrNothing,
    Bonus,
    ByCount,
    Component,
    Counted,
    Deducted,
    Light,
    LightMemory,
    Multiplied,
    Proportional,
    Ranking,
    Rate,
    Scoring,
    Steps,
    Tiers,
    Veto,
)

_JUDGED = {"any_time": "", "half_year": "judged at the half year only", "year_end": "judged at the year's end only"}
_VETOED = {
    "zero": "{veto}: the total is zero where {condition}",
    "not_ranked": "{veto}: there is no place where {condition}",
    "no_award": "{veto}: there is no award where {condition}",
}
_PUBLISHED = {
    "ranks": "places are published", "bands": "bands are published in place of ranks",
    "none": "no places are published",
}  # fmt: skip


def light(voice: Voice, said: Light) -> str:
    return voice.clauses(*(_light(voice, name, when) for name, when in said.items()))


def _light(voice: Voice, name: str, when: Condition | Literal["otherwise"]) -> str:
    if when == "otherwise":
        return voice.say("{light}: otherwise", light=voice.term(name))
    return voice.say("{light}: if {condition}", light=voice.term(name), condition=condition(voice, when))


def memory(voice: Voice, said: LightMemory) -> str:
    say, parts = voice.say, []
    if said.repeated:
        sentence = "{light} at {times} closes in a row becomes {becomes}"
        repeated = said.repeated
        parts.append(
            say(sentence, light=voice.term(repeated.light), times=repeated.times, becomes=voice.term(repeated.becomes))
        )
    for light_, becomes in (said.made_up or {}).items():
        sentence = "{light} of a past period becomes {becomes} once the present one is {green}"
        parts.append(say(sentence, light=voice.term(light_), becomes=voice.term(becomes), green=voice.term("green")))
    return voice.clauses(*parts)


# --- points -------------------------------------------------------------------------------------------------


def component(voice: Voice, said: Component) -> str:
    say = voice.say
    among = say("only for those where {condition}", condition=condition(voice, said.among)) if said.among else ""
    judged = say(_JUDGED[said.judged]) if _JUDGED[said.judged] else ""
    told = say("{component}: {rule}", component=voice.name(said.id), rule=_points(voice, said))
    return voice.clauses(told, among, judged)


def _points(voice: Voice, said: Component) -> str:
    say = voice.say
    match said:
        case AllOrNothing(all_or_nothing=award):
            sentence = "{points} if {condition}, else {otherwise}"
            told, otherwise = condition(voice, award.when), voice.points(award.otherwise)
            return say(sentence, points=voice.points(award.points), condition=told, otherwise=otherwise)
        case Tiers(tiers=tiers):
            return steps(voice, tiers, voice.points)
        case Bonus(when=when, per=rate):
            return say("if {condition}: {rate}", condition=condition(voice, when), rate=_rate(voice, rate))
        case Proportional(proportional=share):
            full = voice.measured(share.full_at, share.of)
            sentence = "{points} where {name} reaches {full}, in proportion below"
            told = say(sentence, points=voice.points(share.points), name=voice.name(share.of), full=full)
            return told + _at_most(voice, share.at_most)
        case Counted(add=by_count):
            return say("added {points}", points=_by_count(voice, by_count))
        case Deducted(deduct=by_count):
            return say("taken away {points}", points=_by_count(voice, by_count))
        case Multiplied(multiply=times):
            names = voice.listed(map(voice.name, times.components))
            return say("{components} multiplied: {table}", components=names, table=steps(voice, times.by, _factor))


def _factor(factor: Decimal) -> str:
    return f"×{plain(factor)}"


def steps(voice: Voice, table: Steps, given: Callable[[Decimal], str]) -> str:
    """The rows of a table from the lowest threshold up, and what each of them gives."""
    say = voice.say
    sentence = "from {low} on {points}" if table.includes == "lower" else "above {low} {points}"
    rows = [say(sentence, low=voice.measured(low, table.of), points=given(points)) for low, points in table.table]
    return say("by {name}: {rows}", name=voice.name(table.of), rows=voice.listed(rows))


def _rate(voice: Voice, rate: Rate) -> str:
    return voice.say(
        "{points} for each {step} of {name} above {above}, at most {limit}",
        points=voice.points(rate.points),
        step=voice.say("percentage point" if rate.pp == 1 else "{value} percentage points", value=plain(rate.pp)),
        name=voice.name(rate.of),
        above=voice.measured(rate.above, rate.of),
        limit=plain(rate.at_most),
    )


def _by_count(voice: Voice, said: ByCount) -> str:
    say = voice.say
    if isinstance(said.points, Mapping):
        each = [
            say("{value} {points}", value=voice.quoted(one), points=voice.points(said.points[one]))
            for one in said.points
        ]
        sentence = "for each row in {table} by {column}: {points}"
        told = say(sentence, table=voice.term(said.per), column=voice.term(said.by), points=voice.listed(each))
    else:
        told = say("{points} for each row in {table}", points=voice.points(said.points), table=voice.term(said.per))
    if said.where:
        told = say("{text} where {condition}", text=told, condition=where_(voice, dict(said.where)))
    return voice.phrases(told, window(voice, said.window)) + _at_most(voice, said.at_most)


def _at_most(voice: Voice, limit: object) -> str:
    return "" if limit is None else voice.say(", at most {limit}", limit=limit)


# --- places -------------------------------------------------------------------------------------------------


def scoring_lines(voice: Voice, scoring: Scoring) -> Iterator[tuple[str, object, str]]:
    """Every rule of the scoring: the end of its pointer, the rule, the sentence."""
    say = voice.say
    yield "", scoring, voice.clauses(say("scored and compared: {subjects}", subjects=voice.terms(scoring.subjects)))
    for place, lane in enumerate(scoring.lanes):
        told = say("{lane}: these are compared with one another only: {kinds}",
                   lane=voice.name(lane.id), kinds=voice.terms(lane.kinds))  # fmt: skip
        yield f"/lanes/{place}", lane, voice.clauses(told)
    for place, one in enumerate(scoring.components):
        yield f"/components/{place}", one, component(voice, one)
    for place, veto in enumerate(scoring.vetoes):
        yield f"/vetoes/{place}", veto, _veto(voice, veto)
    yield "/ranking", scoring.ranking, ranking(voice, scoring.ranking)


def _veto(voice: Voice, veto: Veto) -> str:
    told = voice.say(_VETOED[veto.result], veto=voice.name(veto.id), condition=condition(voice, veto.when))
    return voice.clauses(told, *_basis(voice, veto.legal_basis, veto.plan_item))


def _basis(voice: Voice, legal_basis: str, plan_item: str) -> Iterator[str]:
    if legal_basis:
        yield voice.say("legal basis: {text}", text=legal_basis)
    if plan_item:
        yield voice.say("item of the yearly plan of inspections: {text}", text=plan_item)


def ranking(voice: Voice, said: Ranking) -> str:
    say = voice.say
    order = (
        "ranked by {name}, the highest first" if said.order == "high_first" else "ranked by {name}, the lowest first"
    )
    parts = [
        say(order, name=voice.name(said.by)),
        say("equal values share a place, and the next place follows at once" if said.ties == "dense"
            else "equal values share a place, and as many places are left out after it"),
        say("equal are values that print the same" if said.tie_on == "displayed"
            else "equal are values exactly the same"),
    ]  # fmt: skip
    if said.minimum_group > 1:
        parts.append(say("no places where fewer than {count} are compared", count=said.minimum_group))
    if said.rankable is not None:
        sentence = "only those are ranked where {condition}; the others are bulletined without a place"
        parts.append(say(sentence, condition=condition(voice, said.rankable)))
    parts.append(say(_PUBLISHED[said.publish]))
    parts += _bands(voice, said)
    if said.at_most is not None:
        parts.append(say("at most {cadence}", cadence=cadence(voice, said.at_most)))
    return voice.clauses(*parts, *_basis(voice, said.legal_basis, said.plan_item))


def _bands(voice: Voice, said: Ranking) -> Iterator[str]:
    for band in said.bands:
        if band.at_least is None:
            yield voice.say("band {band}: the rest", band=voice.quoted(band.id))
        else:
            low = voice.measured(band.at_least, said.by)
            yield voice.say("band {band}: from {low} on", band=voice.quoted(band.id), low=low)
