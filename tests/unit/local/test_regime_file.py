"""Is every fault of a regime file found at once, and in its own place?"""

from decimal import Decimal
from pathlib import Path

import pytest

from deploy.local.regime_file import BadRegime, parse_regime, read_regime
from shared.core.regime.model import Bound

BUNDLED = sorted((Path(__file__).resolve().parents[3] / "shared" / "regimes").glob("*.yaml"))

SOUND = """\
regime: small
version: 1
title: { zh: 小, en: small }
issuer: { body: a, writes_as: b }
numbers: { decimals: {} }
reporting:
  - { cadence: monthly, due: { day: 5 } }
measures:
  ratio: { ratio: investment_completed, over: annual_planned_investment }
  passed: { linear: year, step: month }
lights:
  - green: { ratio: { at_least: 0.1 } }
  - red: otherwise
"""


def faults_of(text: str) -> list[tuple[str, str, str]]:
    with pytest.raises(BadRegime) as bad:
        parse_regime(text)
    return [(one.pointer, one.code, f"{one.values['line']}:{one.values['column']}") for one in bad.value.faults]


@pytest.mark.parametrize("path", BUNDLED, ids=lambda path: path.stem)
def test_every_bundled_regime_is_sound(path: Path) -> None:
    assert read_regime(path).regime == path.stem


def test_a_number_is_exact() -> None:
    assert parse_regime(SOUND).lights[0] == {"green": {"ratio": Bound(at_least=Decimal("0.1"))}}
    long = parse_regime(SOUND.replace("0.1", "0.1000000000000000000000000001"))
    assert long.lights[0] == {"green": {"ratio": Bound(at_least=Decimal("0.1000000000000000000000000001"))}}


def test_words_of_yaml_1_1_are_words() -> None:
    found = parse_regime(SOUND.replace("zh: 小, en: small", "zh: no, en: 11:30"))
    assert (found.title.zh, found.title.en) == ("no", "11:30")


@pytest.mark.parametrize("word", ["yes", "on", "no", "off", "'true'", "1"])
def test_only_true_and_false_are_true_or_false(word: str) -> None:
    faults = faults_of(SOUND.replace("day: 5", f"day: 5, inclusive: {word}"))
    assert faults == [("/reporting/0/due/inclusive", "bool_type", "7:40")]


def test_every_fault_comes_at_once_with_its_own_line() -> None:
    text = (
        SOUND.replace("investment_completed", "investment_complete")
        .replace("linear: year", "liner: year")
        .replace("at_least", "atleast")
        .replace("version: 1\n", "")
    )
    assert faults_of(text + "nonsense: 1\n") == [
        ("/version", "missing", "1:1"),
        ("/measures/ratio/ratio", "literal_error", "8:12"),
        ("/measures/passed/linear", "missing", "9:3"),
        ("/measures/passed/liner", "unexpected_keyword_argument", "9:13"),
        ("/lights/0/green/ratio/atleast", "unexpected_keyword_argument", "11:23"),
        ("/nonsense", "unexpected_keyword_argument", "13:1"),
    ]


def test_what_leads_nowhere_is_found_in_the_document() -> None:
    text = SOUND.replace("green: { ratio:", "green: { rati:")
    assert faults_of(text) == [("/lights/0/green/rati", "unknown_measure", "12:14")]


@pytest.mark.parametrize(
    ("text", "code", "place"),
    [
        ("a: 1\nb: { c: 1, c: 2 }\n", "duplicate_key", "2:12"),
        ("a: &x 1\nb: *x\n", "alias", "2:4"),
        ("a: !!python/name:os.system x\n", "tag", "1:4"),
        ("a: [\n", "not_yaml", "2:1"),
        ("a: 1\n---\nb: 1\n", "not_yaml", "2:1"),
        ("? [a]\n: 1\n", "key", "1:3"),
        ("- " * 60 + "1\n", "too_deep", "1:83"),
    ],
)
def test_what_a_regime_does_not_need_of_yaml_is_refused(text: str, code: str, place: str) -> None:
    assert [(one[1], one[2]) for one in faults_of(text)] == [(code, place)]


def test_bytes_that_are_no_text_are_refused_without_a_traceback() -> None:
    with pytest.raises(BadRegime, match="not YAML"):
        parse_regime(b"\xff\xfe")


def test_a_fault_reads_as_a_sentence_with_its_place() -> None:
    with pytest.raises(BadRegime, match=r"12:14: /lights/0/green/rati: No measure is named rati\."):
        parse_regime(SOUND.replace("green: { ratio:", "green: { rati:"))
