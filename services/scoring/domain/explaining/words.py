"""How is an explanation said, in the reader's language? As a tree of plain values, each with a line that a clerk reads.

Amounts are in yuan and unrounded; numbers are given as decimal strings.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from services.scoring.domain.explaining.tree import Explained, Value
from shared.core.numbers import EXACT, YUAN_PER
from shared.core.regime.explain import condition_text, explain
from shared.core.regime.explain.words import Voice, plain
from shared.core.regime.model import Regime
from shared.core.regime.names import Translate

Told = dict[str, Any]

_PARTS = {
    "done": "numerator", "planned": "denominator", "weight": "weight", "other_measure": "against", "own": "itself",
    "other": "compared with", "among": "whom it is for", "veto": "veto", "rankable": "who is ranked",
    "before": "the closes before",
}  # fmt: skip
_ABOUTS = {"light": "light", "rank": "place", "condition": "condition", "compared": "compared by", "objects": "objects"}
_UNSAID: frozenset[str] = frozenset({"points", "below", "take", "is_due", "form", "bound", "all", "per", "repeated"})


def told(explained: Explained, regime: Regime, say: Translate) -> Told:
    """The explanation as it is read: values as text, every rule with its sentence and source."""
    sentences = {line.pointer: line.text for part in explain(regime, say) for line in part.lines}
    return _Telling(Voice.of(regime, say), say, sentences).told(explained, "")


@dataclass(frozen=True, slots=True)
class _Telling:
    voice: Voice
    say: Translate
    sentences: Mapping[str, str]

    def told(self, one: Explained, above: str) -> Told:
        rule = next((at for at in (one.rule, f"{one.rule}/0") if at and at in self.sentences), "")
        found: Told = {
            "about": one.about, "part": one.part, "subject_kind": one.kind, "subject": one.subject, "name": one.name,
            "value": _text(one.value), "displayed": one.displayed, "how": one.how, "when": one.when,
            "counts": one.counts, "status": list(one.status), "why": self.say(one.why) if one.why else "",
            "rule": {"pointer": one.rule, "text": self.sentences.get(rule, "")} if one.rule else None,
            "given": {name: _plain(value) for name, value in one.given.items() if name not in _UNSAID},
            "events": list(one.events), "text": self._line(one, above),
        }  # fmt: skip
        return {**found, "inputs": [self.told(each, one.subject) for each in one.inputs]}

    def _line(self, one: Explained, above: str) -> str:
        """What it is, of whom where that is another than above, what it comes to, and what is to be said about it."""
        what = self._named(one)
        if one.subject and one.subject != above:
            who = self.say("{name} ({code})", name=one.name, code=one.subject) if one.name else one.subject
            what = who if one.about == "object" else self.say("{who}: {what}", who=who, what=what)
        line = what if one.about == "object" else self.say("{what}: {value}", what=what, value=self._valued(one))
        notes = [*self._notes(one)]
        return self.say("{text} ({notes})", text=line, notes=self.voice.listed(notes)) if notes else line

    def _notes(self, one: Explained) -> Iterator[str]:
        if one.about.startswith(("row:", "holder:", "amount:")) and one.when:
            yield one.when
        for name, value in one.given.get("cells", {}).items():
            yield self.say("{what}: {value}", what=self.voice.term(name), value=self._cell(name, value))
        if one.about.startswith("attribute:") and one.given.get("is"):
            yield self.say("it is {value}", value=self._words(str(one.given["is"])))
        said = [self.voice.term(word) for word in one.status]
        yield from (
            [self.say("its return now: {status}", status=each) for each in said] if one.about == "object" else said
        )
        if not one.counts and not one.why:
            yield self.say("does not count")
        if one.why:
            yield self.say(one.why).rstrip(".。")

    def _named(self, one: Explained) -> str:
        what, _, name = one.about.partition(":")
        part = self.say(_PARTS[one.part]) if one.part in _PARTS else ""
        return self.say("{part}, {what}", part=part, what=self._what(one, what, name)) if part else self._what(
            one, what, name
        )  # fmt: skip

    def _what(self, one: Explained, what: str, name: str) -> str:
        if one.condition is not None and what in {"condition", "test"}:
            return condition_text(self.voice.regime, one.condition, self.say, table=None)
        match what:
            case "measure" | "veto":
                return self.voice.name(name)
            case "points":
                return self.say("points in total") if name == "total" else self.say(
                    "the points of {component}", component=self.voice.name(name))  # fmt: skip
            case "return":
                return self.say("the return of {period}", period=name)
            case "light" if name:
                return self.say("whether it is {light}", light=self.voice.term(name))
            case _:
                return self.say(_ABOUTS[what]) if what in _ABOUTS else self.voice.term(name or what)

    def _valued(self, one: Explained) -> str:
        if one.value is None:
            return self.say("not known")
        if one.value is True or one.value is False:
            return self.say("yes" if one.value else "no")
        if isinstance(one.value, str):
            return self.voice.term(one.value) if one.about.startswith("light") else one.value
        if one.about.startswith(("amount:", "return:")):
            unit = self.voice.regime.numbers.money_unit
            return self.say("{value} {unit}", value=plain(EXACT.divide(one.value, YUAN_PER[unit])), unit=unit)
        return one.displayed or plain(_short(one.value))

    def _cell(self, column: str, value: object) -> str:
        if isinstance(value, bool):
            return self.say("yes" if value else "no")
        return plain(value) if isinstance(value, Decimal) else self.voice.cell(column, str(value))

    def _words(self, text: str) -> str:
        return self.voice.listed(self.voice.name(word) for word in text.split())


def _short(value: Decimal) -> Decimal:
    """As it is read: quotients to six decimals; the whole stands in `value`."""
    return round(value, 6) if value.is_finite() else value


def _text(value: Value) -> str | bool | None:
    return f"{value:f}" if isinstance(value, Decimal) else value


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, Mapping):
        return {str(name): _plain(one) for name, one in value.items()}
    if isinstance(value, tuple | list):
        return [_plain(one) for one in value]
    return value if value is None or isinstance(value, bool | int | str) else str(value)
