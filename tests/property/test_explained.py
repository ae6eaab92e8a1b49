"""Does a rule say what it does? A reader who has only the English sentence decides as the rule itself decides."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from decimal import Decimal
from typing import Any, get_args

from hypothesis import given, settings
from hypothesis import strategies as st

from shared.core.events import QualityFlag
from shared.core.regime.check.pieces import pieces
from shared.core.regime.explain import condition_text, explain
from shared.core.regime.holds import CellValue, every, holds, row_has
from shared.core.regime.language import Bound, Cells, Every, Has, Not, Some, Where
from shared.core.regime.management import Field
from shared.core.regime.measures import (
    Amount,
    AmountName,
    Count,
    DayCount,
    Deviation,
    Fixed,
    Growth,
    Measure,
    Met,
    Ratio,
)
from shared.core.regime.model import Regime
from shared.core.regime.publishing import Audience, Channel, Section
from shared.core.regime.pursuit import Exemption
from shared.core.regime.terms import (
    COLUMNS,
    Body,
    Classification,
    LightName,
    ObjectKind,
    Role,
    SignStep,
    Stage,
    Status,
    StepName,
    SubjectKind,
    Table,
    Treatment,
    UnitKind,
)
from shared.infra.texts import catalogue
from tests.support.builders import a_regime
from tests.support.every_regime import changes, regime_like, section_alone

MEASURES: Mapping[str, Measure] = {
    "ratio": Ratio(ratio="investment_completed", over="annual_planned_investment"),
    "deviation": Deviation(deviation_pp="ratio", against="ratio"),
    "growth": Growth(growth_of="ratio", unit="pp"),
    "planned_yi": Amount(amount="annual_planned_investment", unit="亿元"),
    "reminders": Count(count="matter"),
    "days_to_start": DayCount(days="until", anchor="planned_start_on", working=True),
    "threshold": Fixed(value=Decimal(1)),
    "targets_met": Met(met={"ratio": Decimal(1)}),
}
REGIME = a_regime(measures=MEASURES, lights=(), scoring=None, bulletins=(), supervision_rules=(), ladders=None)
TABLE: Table = "matter"


def say(sentence: str, /, **blanks: object) -> str:
    return sentence.format(**blanks)


# --- what is the case -----------------------------------------------------------------------------------------


@dataclass
class World:
    """One subject: what its measures are, what stands in it, and the cells of the row that it is."""

    numbers: Mapping[str, Decimal | None]
    facts: Mapping[str, Any]
    row: Mapping[str, CellValue]

    def value(self, name: str) -> Decimal | None:
        found = self.row.get(name, self.numbers.get(name))
        return found if isinstance(found, Decimal) else None

    def lacks(self, name: str) -> bool:
        return False

    def has(self, wanted: Has) -> bool | None:
        asked = [(one.name, value) for one in fields(wanted) if (value := getattr(wanted, one.name)) is not None]
        return every([self._stands(name, value) for name, value in asked])

    def _stands(self, name: str, wanted: Any) -> bool | None:
        found: Any = self.facts.get(name)
        if name == "classes":
            return every([self._is(found.get(scheme), one) for scheme, one in wanted.items()])
        if found is None:
            return None
        return wanted in found if name == "stage" else self._is(found, wanted)

    @staticmethod
    def _is(found: Any, wanted: Any) -> bool | None:
        return None if found is None else found in wanted if isinstance(wanted, tuple) else found == wanted

    def cells(self, where: Where) -> bool | None:
        return row_has(self.row.get, where)


# --- the reader -----------------------------------------------------------------------------------------------

UNKNOWN = 0.5
_QUOTED = re.compile("“([^”]*)”")
_VALUE = re.compile(r"(-?[0-9.]+)(%| percentage points?| 亿元| working days?)?")
_STEPS = {
    "exactly": lambda value, limit: value == limit,
    "at least": lambda value, limit: value >= limit,
    "above": lambda value, limit: value > limit,
    "at most": lambda value, limit: value <= limit,
    "below": lambda value, limit: value < limit,
}
_CALLED = {"kind of object": "kind", "kind of unit": "unit_kind"}
_YES_OR_NO = {
    "it is carried over": ("continuing", True), "it is not carried over": ("continuing", False),
    "the planned start has passed": ("planned_start_due", True),
    "the planned start has not passed": ("planned_start_due", False),
    "the investment is the government's": ("investment_nature", "government"),
    "the investment is not the government's": ("investment_nature", "non_government"),
}  # fmt: skip


class Reader:
    """Reads one sentence from left to right and decides it: 1 true, 0 false, a half where it cannot be known."""

    def __init__(self, text: str, world: World) -> None:
        self.text, self.at, self.world = text, 0, world

    def decide(self) -> bool | None:
        found = self._joined()
        assert self.at == len(self.text), self.text[self.at :]
        return None if found == UNKNOWN else found == 1

    def _joined(self) -> float:
        parts, joint = [self._part()], ""
        while found := next((one for one in (" and ", " or ") if self._takes(one)), ""):
            assert joint in {"", found}, "what is joined in two ways stands in brackets"
            joint = found
            parts.append(self._part())
        return max(parts) if joint == " or " else min(parts)

    def _part(self) -> float:
        if self._takes("not ("):
            inner = self._joined()
            assert self._takes(")")
            return 1 - inner
        if self._takes("("):
            inner = self._joined()
            assert self._takes(")")
            return inner
        if self._takes("always"):
            return 1
        if self._takes("never"):
            return 0
        start, depth = self.at, False
        while self.at < len(self.text):
            rest = self.text[self.at :]
            if not depth and rest.startswith((" and ", " or ", ")")):
                break
            depth = rest[0] == "“" or (depth and rest[0] != "”")
            self.at += 1
        return self._atom(self.text[start : self.at])

    def _takes(self, word: str) -> bool:
        taken = self.text.startswith(word, self.at)
        self.at += len(word) * taken
        return taken

    def _atom(self, text: str) -> float:
        world = self.world
        if text in _YES_OR_NO:
            name, wanted = _YES_OR_NO[text]
            return _same(world.facts.get(name), [wanted])
        if found := re.fullmatch("the stage “(.*)” is reached", text):
            reached = world.facts.get("stage")
            return UNKNOWN if reached is None else float(found[1] in reached)
        if found := re.fullmatch("the class by “([^”]*)” is (.*)", text):
            return _same(world.facts["classes"].get(found[1]), _QUOTED.findall(found[2]))
        if found := re.fullmatch("the (.*?) is ((one of )?“.*)", text):
            name = {"present stage": "stage_now", "light": "light"}.get(found[1], _CALLED.get(found[1], found[1]))
            return _same(world.facts.get(name), _QUOTED.findall(found[2]))
        if found := re.fullmatch("(.*): (yes|no)", text):
            return _same(world.row.get(_column(found[1])), [found[2] == "yes"])
        if found := re.fullmatch("(.*?) is ((one of )?“.*)", text):
            return _same(world.row.get(_column(found[1])), _QUOTED.findall(found[2]))
        return self._number(text)

    def _number(self, text: str) -> float:
        if found := re.fullmatch("([a-z_]*) (holds|does not hold)", text):
            return _same(self.world.numbers.get(found[1]), [Decimal(found[2] == "holds")])
        name, _, bounds = text.partition(" is ")
        value = self.world.row.get(_column(name)) if _column(name) in COLUMNS[TABLE] else self.world.numbers[name]
        if value is None:
            return UNKNOWN
        return min(_within(value, one) for one in bounds.split(" but "))


def _column(name: str) -> str:
    return name.replace(" ", "_")


def _same(found: Any, wanted: Sequence[Any]) -> float:
    return UNKNOWN if found is None else float(found in wanted)


def _within(value: Any, bound: str) -> float:
    word = next(one for one in _STEPS if bound.startswith(one + " "))
    read = _VALUE.fullmatch(bound.removeprefix(word + " "))
    assert read, bound
    limit = Decimal(read[1]) / (100 if read[2] == "%" else 1)
    return float(_STEPS[word](value, limit))


# --- any condition, any case ----------------------------------------------------------------------------------

_NUMBERS = st.sampled_from([Decimal(one) for one in ("-10", "0", "0.005", "1", "12.5")])
_TEXTS = st.sampled_from(["a", "第三产业", "x and y", "x or (y", "is “not", "a: yes"])
_ONE_OR_MORE = _TEXTS | st.lists(_TEXTS, min_size=1, max_size=3).map(tuple)


def _few(of: Mapping[str, st.SearchStrategy[Any]], at_most: int) -> st.SearchStrategy[dict[str, Any]]:
    """One or some of the fields: of many, one would always fail and decide the rest."""
    names = st.lists(st.sampled_from([*of]), min_size=1, max_size=at_most, unique=True)
    return names.flatmap(lambda chosen: st.fixed_dictionaries({name: of[name] for name in chosen}))


def _words(vocabulary: Any) -> st.SearchStrategy[str]:
    """Some words only, so that what is asked is the case often enough."""
    return st.sampled_from(get_args(vocabulary)[:3])


def _some_of(vocabulary: Any) -> st.SearchStrategy[Any]:
    return _words(vocabulary) | st.lists(_words(vocabulary), min_size=1, max_size=2).map(tuple)


_BOUNDS = _few({one.name: _NUMBERS for one in fields(Bound)}, 2).map(lambda given: Bound(**given))
_HAS_FIELDS: Mapping[str, st.SearchStrategy[Any]] = {
    "stage": _words(Stage), "stage_now": _some_of(Stage), "light": _some_of(LightName),
    "kind": _some_of(ObjectKind), "investment_nature": st.sampled_from(["government", "non_government"]),
    "category": _ONE_OR_MORE, "batch": _ONE_OR_MORE, "territory": _ONE_OR_MORE, "level": _ONE_OR_MORE,
    "unit": _ONE_OR_MORE, "unit_kind": _some_of(UnitKind), "tag": _ONE_OR_MORE, "continuing": st.booleans(),
    "planned_start_due": st.booleans(), "classes": st.dictionaries(_TEXTS, _ONE_OR_MORE, min_size=1, max_size=2),
}  # fmt: skip
_OF_KIND: Mapping[str, st.SearchStrategy[Any]] = {"text": _ONE_OR_MORE, "flag": st.booleans(), "number": _BOUNDS}
_CELLS = {name: _OF_KIND[kind] for name, kind in COLUMNS[TABLE].items() if kind != "date"}
_NUMBER_COLUMNS = [name for name, kind in COLUMNS[TABLE].items() if kind == "number"]
_HAS = _few(_HAS_FIELDS, 2).map(lambda given: Has(**given))
_WHERE = _few(_CELLS, 2).map(lambda where: Cells(where=where))


def _tests(names: Sequence[str]) -> st.SearchStrategy[Any]:
    return st.dictionaries(st.sampled_from(list(names)), _BOUNDS | _NUMBERS, min_size=1, max_size=2)


def _conditions(leaves: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    def several(parts: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
        some = st.lists(parts, max_size=3).map(tuple)
        return some.map(Every) | some.map(Some) | some.map(Not)

    return st.recursive(leaves, several, max_leaves=8)


_OF_OBJECTS = _conditions(_HAS | _tests([*MEASURES]))
_OF_ROWS = _conditions(_HAS | _WHERE | _tests([*MEASURES, *_NUMBER_COLUMNS]))


def _fact(name: str, wanted: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    if name == "stage":
        return st.lists(wanted, max_size=3).map(tuple)
    if name == "classes":
        return st.dictionaries(_TEXTS, st.none() | _TEXTS)
    return st.none() | wanted.map(lambda one: one[0] if isinstance(one, tuple) else one)


_WORLDS = st.builds(
    World,
    numbers=st.fixed_dictionaries({
        name: st.none() | (st.sampled_from([Decimal(0), Decimal(1)]) if isinstance(one, Met) else _NUMBERS)
        for name, one in MEASURES.items()
    }),
    facts=st.fixed_dictionaries({name: _fact(name, wanted) for name, wanted in _HAS_FIELDS.items()}),
    row=st.fixed_dictionaries({
        name: st.none() | {"text": _TEXTS, "flag": st.booleans(), "number": _NUMBERS}[COLUMNS[TABLE][name]]
        for name in _CELLS
    }),
)  # fmt: skip


@settings(max_examples=1000)
@given(_OF_OBJECTS, _WORLDS)
def test_the_explanation_of_a_rule_decides_as_the_rule_does(condition: Any, world: World) -> None:
    world.row = {}
    assert Reader(condition_text(REGIME, condition, say), world).decide() == holds(condition, world)


@settings(max_examples=1000)
@given(_OF_ROWS, _WORLDS)
def test_the_explanation_of_a_rule_about_rows_decides_as_the_rule_does(condition: Any, world: World) -> None:
    assert Reader(condition_text(REGIME, condition, say, table=TABLE), world).decide() == holds(condition, world)


# --- all of it, and in Chinese --------------------------------------------------------------------------------

REGIMES = 60
VOCABULARY: tuple[Any, ...] = (
    AmountName, Audience, Body, Channel, Classification, Exemption, Field, LightName, ObjectKind, QualityFlag, Role,
    Section, SignStep, Stage, Status, StepName, SubjectKind, Table, Treatment, UnitKind,
)  # fmt: skip


def lines(regime: Regime) -> list[str]:
    return [line.text for part in explain(regime, say) for line in part.lines]


def test_no_field_of_any_rule_is_left_unsaid() -> None:
    """Whatever is changed in a regime, its explanation changes: what it does not say could be anything.

    Names are no rule: they change the words in which others are said, here those of the regimes by which they read as
    they stand.
    """
    met: set[tuple[str, str]] = set()
    said: set[tuple[str, str]] = set()
    for n in range(42):
        regime = regime_like(n)
        before: dict[str, list[str]] = {}
        for field, section, changed in changes(regime, said):
            met.add(field)
            before.setdefault(section, lines(section_alone(regime, section)))
            if lines(section_alone(changed, section)) != before[section]:
                said.add(field)
    assert len(met) > 500
    assert met - said == {("Regime", "names")}


def test_every_word_and_sentence_of_an_explanation_is_translated() -> None:
    asked: dict[str, None] = {}

    def listen(sentence: str, /, **blanks: object) -> str:
        asked.setdefault(sentence)
        return sentence.format(**blanks)

    for n in range(REGIMES):
        explain(regime_like(n), listen)
    words = {word for vocabulary in VOCABULARY for word in get_args(vocabulary)}
    columns = {column for of in COLUMNS.values() for column in of}
    assert len(asked) > 600
    untranslated = {one for one in {*asked, *words, *columns} if one not in catalogue("zh")}
    assert {one for one in untranslated if not re.fullmatch("某[0-9]+", one)} == set()


def test_the_names_of_values_that_may_be_chosen_here_are_translated() -> None:
    names = {at.rpartition("/")[2] for n in range(42) for at, _ in pieces(regime_like(n))}
    assert {name for name in names if re.fullmatch("[a-z_]+", name) and name not in catalogue("zh")} == set()
