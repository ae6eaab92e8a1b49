"""Do the bundled regimes read without fault, and does each say all that its source says, and nothing in its name?

What the sources say stands in catalogue.md and sources.md, in DUBAN_SHARED or in the folder `shared` beside the
project: where they are not, only the files themselves are looked at.
"""

import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from functools import cache
from pathlib import Path

import pytest

from deploy.local.regime_file import read_regime
from shared.core.regime.check import remarks
from shared.core.regime.explain import explain
from shared.core.regime.language import Sourced
from shared.core.regime.model import Regime
from shared.infra.texts import Texts, catalogue

_ROOT = Path(__file__).resolve().parents[3]
_DESIGN = Path(os.environ.get("DUBAN_SHARED", _ROOT.parent / "shared")) / "design"
_BUNDLED = sorted((_ROOT / "shared" / "regimes").glob("*.yaml"))
_OF_A_SOURCE = [
    *(path for path in _BUNDLED if path.stem not in {"default", "district-003"}),
    *sorted((_ROOT / "tests" / "regimes").glob("*.yaml")),
]
_IDS = [path.stem for path in _OF_A_SOURCE]
_SYSTEM = re.compile(r"\d{3}(?:-\d+[ab]?)?")
_SOURCE = re.compile(r"(?P<system>\S+)(?P<ids>(?: [A-N]\d\d)*)(?: .+)?")
_CODE = re.compile(r"[A-Za-z0-9]*_[A-Za-z0-9_]*")
_QUOTE = re.compile(r"「([^」]*)」")

NOT_A_RULE: Mapping[tuple[str, str], str] = {}
"""System and row of the catalogue to the reason why there is nothing to state: the row asks nothing of that place."""

needs_design = pytest.mark.skipif(not (_DESIGN / "catalogue.md").is_file(), reason="the folder of the design is absent")


@cache
def regime_in(path: Path) -> Regime:
    return read_regime(path)


@cache
def rows_of_catalogue() -> Mapping[str, frozenset[str]]:
    """Each rule kind to the systems that have it; a kind that all systems share names none."""
    text = (_DESIGN / "catalogue.md").read_text(encoding="utf-8")
    lines = re.findall(r"^\| ([A-N]\d\d) \|[^|]*\|(.*)\|([^|]*)\|[^|]*\|$", text, re.MULTILINE)
    return {name: frozenset(_SYSTEM.findall(systems)) for name, _, systems in lines}


@cache
def words_of_design() -> str:
    return "".join((_DESIGN / name).read_text(encoding="utf-8") for name in ("catalogue.md", "sources.md"))


def rules_in(value: object, pointer: str = "") -> Iterator[tuple[str, Sourced]]:
    if isinstance(value, Sourced):
        yield pointer, value
    if is_dataclass(value):
        for one in fields(value):
            yield from rules_in(getattr(value, one.name), f"{pointer}/{one.name}")
    elif isinstance(value, Mapping):
        for name, part in value.items():
            yield from rules_in(part, f"{pointer}/{name}")
    elif isinstance(value, tuple):
        for place, part in enumerate(value):
            yield from rules_in(part, f"{pointer}/{place}")


def sources_in(path: Path) -> Mapping[str, re.Match[str]]:
    """Each rule that says where it stands, by its pointer, and that saying taken apart."""
    found = {pointer: _SOURCE.fullmatch(rule.source) for pointer, rule in rules_in(regime_in(path)) if rule.source}
    assert all(found.values()), [pointer for pointer, match in found.items() if match is None]
    return {pointer: match for pointer, match in found.items() if match}


def systems_of(path: Path) -> frozenset[str]:
    """What a file is made after: its own system, or the two documents of it that share the file."""
    return frozenset({path.stem, f"{path.stem}a", f"{path.stem}b"})


def ids_in(match: re.Match[str]) -> set[str]:
    return set(match["ids"].split())


@pytest.mark.parametrize("path", [*_BUNDLED, *_OF_A_SOURCE], ids=lambda path: path.stem)
def test_a_file_bears_the_name_of_its_regime(path: Path) -> None:
    assert regime_in(path).regime == path.stem


@pytest.mark.parametrize("path", [*_BUNDLED, *_OF_A_SOURCE], ids=lambda path: path.stem)
def test_all_that_a_file_names_reads_in_words(path: Path) -> None:
    said = [line.text for part in explain(regime_in(path), Texts.load("zh")) for line in part.lines]
    assert {code for text in said for code in _CODE.findall(text)} == set()
    assert [one.values for one in remarks(regime_in(path), catalogue=catalogue("zh")) if one.code == "no_name"] == []


@pytest.mark.parametrize("path", [*_BUNDLED, *_OF_A_SOURCE], ids=lambda path: path.stem)
def test_the_names_that_a_file_gives_are_not_the_catalogues(path: Path) -> None:
    """What the catalogue says as well need not be said again."""
    names = regime_in(path).names or {}
    assert {name for name, title in names.items() if catalogue("zh").get(name) == title.zh} == set()


@pytest.mark.parametrize("path", _OF_A_SOURCE, ids=_IDS)
def test_every_rule_is_of_the_files_own_source(path: Path) -> None:
    of = {pointer: match["system"] for pointer, match in sources_in(path).items()}
    assert {pointer: system for pointer, system in of.items() if system not in systems_of(path)} == {}


@pytest.mark.parametrize("path", _OF_A_SOURCE, ids=_IDS)
def test_what_has_no_source_was_chosen(path: Path) -> None:
    """A step of a ladder or a chain stands in the document of the rules that lead to it."""
    unsaid = [
        pointer
        for pointer, rule in rules_in(regime_in(path))
        if not rule.source and rule.chosen_by_operator is False and not pointer.startswith(("/ladders/", "/chains/"))
    ]
    assert unsaid == []


@needs_design
@pytest.mark.parametrize("path", _OF_A_SOURCE, ids=_IDS)
def test_every_rule_named_stands_in_the_catalogue(path: Path) -> None:
    unknown = {pointer: ids_in(match) - rows_of_catalogue().keys() for pointer, match in sources_in(path).items()}
    assert {pointer: names for pointer, names in unknown.items() if names} == {}


@needs_design
@pytest.mark.parametrize("path", _OF_A_SOURCE, ids=_IDS)
def test_every_rule_of_the_catalogue_for_a_place_stands_in_its_file(path: Path) -> None:
    wanted = {name for name, systems in rows_of_catalogue().items() if systems & systems_of(path)}
    excused = {name for system, name in NOT_A_RULE if system == path.stem}
    stated = {name for match in sources_in(path).values() for name in ids_in(match)}
    assert wanted, "the catalogue has no row for this place"
    assert sorted(wanted - excused - stated) == []
    assert sorted(excused & stated) == []


@needs_design
@pytest.mark.parametrize("path", _OF_A_SOURCE, ids=_IDS)
def test_every_quotation_is_in_the_words_of_the_source(path: Path) -> None:
    quoted = {quote for match in sources_in(path).values() for quote in _QUOTE.findall(match[0])}
    assert [quote for quote in sorted(quoted) if quote not in words_of_design()] == []
