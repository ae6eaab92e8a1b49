"""What does a regime say, in sentences? Every rule of every part, where it stands, and what was chosen here.

Pure: the language comes as a function that gives a sentence in it.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import reduce
from typing import TypeVar

from shared.core.regime.explain import management, publishing, pursuit, reporting, scoring
from shared.core.regime.explain.condition import condition
from shared.core.regime.explain.due import span
from shared.core.regime.explain.measure import measure
from shared.core.regime.explain.words import Voice
from shared.core.regime.language import Condition, Sourced
from shared.core.regime.model import Regime
from shared.core.regime.names import Translate
from shared.core.regime.terms import COLUMNS, Table

__all__ = ["Line", "Part", "Translate", "condition_text", "explain"]

T = TypeVar("T")

_NAMED_BY = ("id", "cadence", "stage", "event")
"""By what a rule is told from the others of its kind; where it has none of these, by its place."""

_ROUNDED = {"truncate": "numbers are cut off for printing", "half_up": "numbers are rounded half up for printing",
          "balance_to_100": "shares are balanced to 100 for printing"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Line:
    """One rule: where it stands in the document, and its sentence with source and mark.

    `key` stays the same when others are put before it: it goes by the rule's own name where it has one.
    """

    pointer: str
    key: str
    text: str


@dataclass(frozen=True, slots=True)
class Part:
    heading: str
    lines: tuple[Line, ...]


def explain(regime: Regime, say: Translate) -> tuple[Part, ...]:
    """The whole regime, headed by part; parts that say nothing are left out."""
    voice = Voice.of(regime, say)
    parts = (Part(say(heading), tuple(lines(voice))) for heading, lines in _PARTS)
    return tuple(part for part in parts if part.lines)


def condition_text(regime: Regime, said: Condition, say: Translate, *, table: Table | None = None) -> str:
    """One condition in words, as `explain` says it; `table` where it is asked of rows."""
    return condition(Voice.of(regime, say), said, table)


# --- lines --------------------------------------------------------------------------------------------------


def _line(voice: Voice, pointer: str, key: str, rule: object, text: str) -> Line:
    return Line(pointer, key, _marked(voice, text, rule))


def _marked(voice: Voice, text: str, rule: object, *parts: tuple[str, Sourced | None]) -> str:
    """The sentence with its sources, each once, and what was chosen here: of the rule, and of its parts by name."""
    told = [(name, one) for name, one in (("", rule), *parts) if isinstance(one, Sourced)]
    return reduce(lambda said, mark: voice.say("{text} {mark}", text=said, mark=mark), _marks(voice, told), text)


def _marks(voice: Voice, told: list[tuple[str, Sourced]]) -> Iterator[str]:
    if sources := dict.fromkeys(one.source for _, one in told if one.source):
        yield voice.say("[source: {source}]", source=voice.say("; ").join(sources))
    if any(one.chosen_by_operator is True and not name for name, one in told):
        yield voice.say("(value chosen locally)")
    if chosen := dict.fromkeys(choice for name, one in told for choice in _chosen(name, one)):
        yield voice.say("(values chosen locally: {names})", names=voice.terms(chosen))


def _chosen(part: str, rule: Sourced) -> tuple[str, ...]:
    """The values that were chosen; of a part that was chosen as a whole its name."""
    if isinstance(rule.chosen_by_operator, tuple):
        return rule.chosen_by_operator
    return (part,) if part and rule.chosen_by_operator else ()


def _each(voice: Voice, section: str, rules: tuple[T, ...], text: Callable[[Voice, T], str]) -> Iterator[Line]:
    for place, rule in enumerate(rules):
        named = next((one for name in _NAMED_BY if (one := getattr(rule, name, None))), place)
        yield _line(voice, f"/{section}/{place}", f"/{section}/{named}", rule, text(voice, rule))


def _one(voice: Voice, pointer: str, rule: T | None, text: Callable[[Voice, T], str]) -> Iterator[Line]:
    if rule is not None:
        yield _line(voice, pointer, pointer, rule, text(voice, rule))


# --- parts --------------------------------------------------------------------------------------------------


def _head(voice: Voice) -> Iterator[Line]:
    say, regime = voice.say, voice.regime
    title = say("{zh} / {en}", zh=regime.title.zh, en=regime.title.en)
    told = say("{title}: regime {name}, version {version}, issued by {body} as {writes_as}", title=title,
               name=regime.regime, version=regime.version, body=regime.issuer.body,
               writes_as=regime.issuer.writes_as)  # fmt: skip
    yield Line("/title", "/title", voice.clauses(told))
    yield Line("/classification", "/classification", voice.clauses(
        say("its classification is {classification}", classification=voice.term(regime.classification))))  # fmt: skip
    numbers = regime.numbers
    places = [say("{name} {decimals}", name=voice.name(name), decimals=_decimals(voice, count))
              for name, count in numbers.decimals.items()]  # fmt: skip
    yield Line("/numbers", "/numbers", voice.clauses(
        say("amounts are printed in {unit} with {decimals}", unit=numbers.money_unit,
            decimals=_decimals(voice, numbers.money_decimals)),
        say(_ROUNDED[numbers.rounding]), voice.listed(places),
    ))  # fmt: skip
    if regime.validity is not None:
        stands = "it stands for {span} from its adoption, provisionally" if regime.validity.is_provisional else _STANDS
        text = voice.clauses(say(stands, span=span(voice, regime.validity.within)))
        yield _line(voice, "/validity", "/validity", regime.validity, text)


def _decimals(voice: Voice, count: int) -> str:
    return voice.counted(count, "{count} decimal", "{count} decimals")


_STANDS = "it stands for {span} from its adoption"


def _objects(voice: Voice) -> Iterator[Line]:
    regime = voice.regime
    for name, scheme in (regime.classes or {}).items():
        yield _line(voice, f"/classes/{name}", f"/classes/{name}", scheme, management.scheme(voice, name, scheme))
    yield from _each(voice, "stages", regime.stages, management.gate)
    treated = [voice.say("{status}: {treatment}", status=voice.term(status), treatment=voice.term(how))
               for status, how in (regime.status or {}).items()]  # fmt: skip
    if treated:
        told = voice.say("how a status counts in sums: {treatments}", treatments=voice.listed(treated))
        yield Line("/status", "/status", voice.clauses(told))
    yield from _each(voice, "schedule", regime.schedule, management.task)


def _measures(voice: Voice) -> Iterator[Line]:
    for name, one in voice.regime.measures.items():
        text = voice.clauses(voice.say("{name}: {text}", name=voice.name(name), text=measure(voice, one)))
        yield _line(voice, f"/measures/{name}", f"/measures/{name}", one, text)


def _chains(voice: Voice) -> Iterator[Line]:
    for name, steps in (voice.regime.chains or {}).items():
        for place, one in enumerate(steps):
            told = management.chain_step(voice, one, place + 1)
            text = voice.say("chain {name}, {text}", name=voice.quoted(name), text=told)
            yield _line(voice, f"/chains/{name}/{place}", f"/chains/{name}/{place}", one, text)
    if voice.regime.plan_approval:
        text = voice.say("plans are approved by the chain {chain}", chain=voice.quoted(voice.regime.plan_approval))
        yield Line("/plan_approval", "/plan_approval", voice.clauses(text))


def _scoring(voice: Voice) -> Iterator[Line]:
    if voice.regime.scoring is not None:
        for end, rule, text in scoring.scoring_lines(voice, voice.regime.scoring):
            named = f"{end.rpartition('/')[0]}/{rule.id}" if hasattr(rule, "id") else end
            yield _line(voice, f"/scoring{end}", f"/scoring{named}", rule, text)


def _lights(voice: Voice) -> Iterator[Line]:
    yield from _each(voice, "lights", voice.regime.lights, scoring.light)
    yield from _one(voice, "/light_memory", voice.regime.light_memory, scoring.memory)


def _bulletins(voice: Voice) -> Iterator[Line]:
    for place, one in enumerate(voice.regime.bulletins):
        text = publishing.bulletin(voice, one)
        picks = (("commended", one.commended), ("criticised", one.criticised))
        yield Line(f"/bulletins/{place}", f"/bulletins/{one.id}", _marked(voice, text, one, *picks))


def _ladders(voice: Voice) -> Iterator[Line]:
    regime = voice.regime
    for name, steps in (regime.ladders or {}).items():
        abouts = {rule.about for rule in regime.supervision_rules if rule.ladder == name}
        tables = tuple(table for table in COLUMNS if table in abouts)
        for place, one in enumerate(steps):
            told = pursuit.step(voice, one, place + 1, tables)
            text = voice.say("ladder {name}, {text}", name=voice.quoted(name), text=told)
            yield _line(voice, f"/ladders/{name}/{place}", f"/ladders/{name}/{place}", one, text)


def _management(voice: Voice) -> Iterator[Line]:
    changes = voice.regime.list_changes
    yield from _one(voice, "/list_changes", changes, management.list_changes)
    if changes is not None:
        yield from _each(voice, "list_changes/consult", changes.consult, management.consultation)


def _results(voice: Voice) -> Iterator[Line]:
    yield from _each(voice, "rewards", voice.regime.rewards, management.reward)
    assessment = voice.regime.assessment
    if assessment is not None:
        told, feeds = management.assessment(voice, assessment), [("feeds", one) for one in assessment.feeds]
        yield Line("/assessment", "/assessment", _marked(voice, told, assessment, *feeds))


def _publication(voice: Voice) -> Iterator[Line]:
    said = voice.regime.publication
    yield from _one(voice, "/publication", said, publishing.publication)
    if said is not None:
        yield from _each(voice, "publication/boards", said.boards, publishing.board)
        yield from _each(voice, "publication/channels", said.channels, publishing.channel)


def _returns(voice: Voice) -> Iterator[Line]:
    yield from _each(voice, "reporting", voice.regime.reporting, reporting.return_)
    yield from _each(voice, "on_event", voice.regime.on_event, reporting.on_event)


def _pursuit(voice: Voice) -> Iterator[Line]:
    yield from _each(voice, "supervision_rules", voice.regime.supervision_rules, pursuit.rule)
    yield from _ladders(voice)
    yield from _one(voice, "/matters", voice.regime.matters, pursuit.matters)
    yield from _one(voice, "/appeal_right", voice.regime.appeal_right, pursuit.appeal)


def _duties(voice: Voice) -> Iterator[Line]:
    yield from _each(voice, "duties", voice.regime.duties, management.duty)
    yield from _each(voice, "requirements", voice.regime.requirements, management.requirement)
    yield from _one(voice, "/burden", voice.regime.burden, management.burden)


_PARTS: tuple[tuple[str, Callable[[Voice], Iterator[Line]]], ...] = (
    ("The regime", _head),
    ("Objects, classes, stages", _objects),
    ("Returns", _returns),
    ("Duties, and what must be there", _duties),
    ("Measures", _measures),
    ("Lights", _lights),
    ("Points and places", _scoring),
    ("Bulletins", _bulletins),
    ("Supervision", _pursuit),
    ("Approval", _chains),
    ("Changes of the list", _management),
    ("Rewards and results", _results),
    ("Publication", _publication),
)
