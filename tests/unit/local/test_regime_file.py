"""Is every fault of a regime file found at once, and in its own place?"""

from decimal import Decimal
from pathlib import Path

import pytest

from deploy.local.regime_file import BadRegime, bundled, checked_regime, parse_regime, read_regime, regime_path
from shared.core.regime.model import Bound
from shared.infra.texts import catalogue

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
        ("a: &x 1\nb: *x\n", "alias", "1:4"),
        ("a: &x 1\n", "alias", "1:4"),
        ("version: !!int 1\n", "tag", "1:10"),
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
    with pytest.raises(BadRegime, match="not written in UTF-8"):
        parse_regime(b"\xff\xfe")


def test_a_fault_reads_as_a_sentence_with_its_place() -> None:
    with pytest.raises(BadRegime, match=r"12:14: /lights/0/green/rati: No measure is named rati; ratio is\."):
        parse_regime(SOUND.replace("green: { ratio:", "green: { rati:"))


RULED = (
    SOUND
    + """\
supervision_rules:
  - id: slow
    about: project
    when: { all: [ { stage: started }, { ratio: { below: 0.2 } } ] }
    held: { of: monthly }
    ladder: l
  - { id: row, about: matter, when: { where: { state: assigned } }, held: { of: monthly }, ladder: l }
ladders:
  l:
    - { step: supervision_letter, serve: [lead_unit], sign_off: [signer], reply_within: { working_days: 3 } }
scoring:
  components:
    - { id: base, all_or_nothing: { when: { ratio: 1 }, points: 60 } }
  ranking: { by: ratio, legal_basis: a, plan_item: b, at_most: quarterly }
"""
)
"""A regime with a place for each kind of slip."""

MISREAD = [
    # old, new, pointer, sentence
    ("at_least: 0.1", 'at_least: "0.1"', "/lights/0/green/ratio/at_least", "Write the number without quotation marks."),
    ("step: month", "step: month, months: { 01: 0.1 }", "/measures/passed/months/01",
     "01 is no way to write a number here: write 1 for it, not 01."),
    ("step: month", "step: month, months: { jan: 0.1 }", "/measures/passed/months/jan",
     "jan cannot stand here; it looks like 1."),
    ("cadence: monthly", "cadence: { every: { days: 7 }, anchor: monday }", "/reporting/0/cadence/anchor",
     "monday cannot stand here; it looks like 2026-01-31."),
    ("step: month", "step:", "/measures/passed/step", "Nothing stands here; it looks like month, day."),
    ("{ all: [ { stage: started }, { ratio: { below: 0.2 } } ] }",
     "{ all: [ { stage: started } ], any: [ { ratio: { below: 0.2 } } ] }", "/supervision_rules/0/when/any",
     "Tests of different kinds stand apart: join them under all: [ … ]."),
    ("{ all: [ { stage: started }, { ratio: { below: 0.2 } } ] }", "{ not: { ratio: { below: 0.2 } } }",
     "/supervision_rules/0/when/not", "What must not be so stands under none: [ … ]."),
    ("all_or_nothing: { when: { ratio: 1 }, points: 60 }", "tiers: { of: ratio, table: [[0, 1, 2]] }",
     "/scoring/components/0/tiers/table/0", "There are 3 values here, and there must be 2."),
]  # fmt: skip
"""What was told in a misleading way, or in the words of a library, or not at all."""


@pytest.mark.parametrize(("old", "new", "pointer", "sentence"), MISREAD, ids=[new for _, new, _, _ in MISREAD])
def test_what_was_meant_is_told_in_words_of_the_file(old: str, new: str, pointer: str, sentence: str) -> None:
    assert old in RULED
    with pytest.raises(BadRegime) as bad:
        parse_regime(RULED.replace(old, new, 1))
    assert [(one.pointer, one.message.format(**one.values)) for one in bad.value.faults] == [(pointer, sentence)]
    assert {one.message for one in bad.value.faults} <= {*catalogue("zh")}


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("a:\n\tb: 1\n", "Indent with spaces, not with tabs."),
        ("a: [1, 2\nb: 1\n", "A bracket is not closed, or a comma is missing."),
        ("a: b: c\n", "A colon stands where none can: a text with a colon stands in quotes."),
        ("a: 'x\n", "A quotation mark is not closed."),
        ("a: @x\n", "A text that begins with %, @ or ` stands in quotes."),
        ("a: 1\n---\nb: 1\n", "A file holds a single document: nothing may stand after ---."),
        ("a: \x00\n", "The file holds a character that no text has."),
        ("a: " + "9" * 5000 + "\n", "The number has too many digits."),
        ("a: 0x" + "9" * 5000 + "\n", "The number has too many digits."),
        ("a: 1e99999999999999999999\n", "The number has too many digits."),
    ],
)
def test_what_is_no_yaml_for_us_is_told_in_our_own_words(text: str, sentence: str) -> None:
    with pytest.raises(BadRegime) as bad:
        parse_regime(text)
    assert [one.message for one in bad.value.faults] == [sentence]
    assert sentence in catalogue("zh")


def test_a_file_that_is_no_regime_is_named_with_its_faults(tmp_path: Path) -> None:
    path = tmp_path / "x.yaml"
    path.write_text(SOUND.replace("version: 1", "version: 0"), encoding="utf-8")
    with pytest.raises(BadRegime, match=rf"{path}:2:1: /version: The number must lie between 1 and"):
        read_regime(path)


SLIPS: list[tuple[str, str, str, str]] = [
    # old, new, pointer, sentence
    ("over: annual", "ovre: annual", "/measures/ratio/ovre", "There is no ovre here; over was probably meant."),
    ("over: annual_planned_investment", "over: annual_plan", "/measures/ratio/over",
     "annual_plan is not known here; annual_planned_investment was probably meant."),
    ("over: annual_planned_investment }", "over: annual_planned_investment, per: x }", "/measures/ratio/per",
     "There is no per here; there may be: ratio, over, among, source, chosen_by_operator."),
    ("ratio: { ratio: investment_completed", "ratio: { ratoi: investment_completed", "/measures/ratio/ratoi",
     "There is no ratoi here; ratio was probably meant."),
    ("linear: year, step: month", "cuont: return", "/measures/passed/cuont",
     "There is no cuont here; count was probably meant."),
    ("linear: year, step: month", "take: sum, column: amount, of: funds", "/measures/passed/column",
     "The table funds has no column amount; it has project, programme, kind, year, amount_yuan, on."),
    ("linear: year, step: month", "weighted: [ { of: ratio, wieght: 1 } ]", "/measures/passed/weighted/0/wieght",
     "There is no wieght here; weight was probably meant."),
    ("linear: year, step: month", "count: return, where: { is_nil: yes }", "/measures/passed/where/is_nil",
     "The column is_nil of return is of kind flag: true."),
    ("linear: year, step: month", "count: return, where: { days_late: 1 }", "/measures/passed/where/days_late",
     "The column days_late of return is of kind number: { at_least: 1 }."),
    ("at_least: 0.1", "at_least: 10%", "/lights/0/green/ratio/at_least", "10% cannot stand here; it looks like 0.5."),
    ("- green:", "- gren:", "/lights/0/gren", "There is no gren here; green was probably meant."),
    ("{ stage: started }", "{ stge: started }", "/supervision_rules/0/when/all/0/stge",
     "There is no stge here; stage was probably meant."),
    ("{ stage: started }", "{ stage: start }", "/supervision_rules/0/when/all/0/stage",
     "start is not known here; started was probably meant."),
    ("{ all: [ { stage: started }, { ratio: { below: 0.2 } } ] }", "{ stage: started, ratio: { below: 0.2 } }",
     "/supervision_rules/0/when/ratio",
     "What stands in objects and what is measured are tested apart: join the two under all."),
    ("all: [ { stage: started }, { ratio: { below: 0.2 } } ]", "all: { stage: started }",
     "/supervision_rules/0/when/all", "{ … } cannot stand here; it looks like [ … ]."),
    ("all: [", "al: [", "/supervision_rules/0/when/al", "There is no al here; all was probably meant."),
    ("{ below: 0.2 }", "{ blow: 0.2 }", "/supervision_rules/0/when/all/1/ratio/blow",
     "There is no blow here; below was probably meant."),
    ("about: matter", "about: matters", "/supervision_rules/1/about",
     "matters is not known here; matter was probably meant."),
    ("{ where: {", "{ wher: {", "/supervision_rules/1/when/wher", "There is no wher here; where was probably meant."),
    ("of: monthly }\n", "of: month }\n", "/supervision_rules/0/held/of",
     "month is not known here; monthly was probably meant."),
    ("step: supervision_letter", "step: supervison_letter", "/ladders/l/0/step",
     "supervison_letter is not known here; supervision_letter was probably meant."),
    ("serve: [lead_unit]", "serve: lead_unit", "/ladders/l/0/serve",
     "lead_unit cannot stand here; it looks like [ … ]."),
    ("working_days: 3", "workingdays: 3", "/ladders/l/0/reply_within/workingdays",
     "There is no workingdays here; working_days was probably meant."),
    ("reply_within: { working_days: 3 }", "reply_within: 3", "/ladders/l/0/reply_within",
     "3 cannot stand here; it looks like { days: … }, { working_days: … }, { hours: … }, { months: … }."),
    ("all_or_nothing:", "all_or_none:", "/scoring/components/0/all_or_none",
     "There is no all_or_none here; all_or_nothing was probably meant."),
    ("points: 60", "points: sixty", "/scoring/components/0/all_or_nothing/points",
     "sixty cannot stand here; it looks like 0.5."),
    ("id: base, ", "", "/scoring/components/0/id", "id is missing here."),
    ("cadence: monthly", "cadence: month", "/reporting/0/cadence",
     "month is not known here; monthly was probably meant."),
    ("due: { day: 5 }", "due: 5", "/reporting/0/due", "5 cannot stand here; it looks like { day: … }."),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "pointer", "sentence"), SLIPS, ids=[new for _, new, _, _ in SLIPS])
def test_a_slip_is_told_once_in_its_own_place_with_what_was_meant(
    old: str, new: str, pointer: str, sentence: str
) -> None:
    assert old in RULED
    with pytest.raises(BadRegime) as bad:
        parse_regime(RULED.replace(old, new, 1))
    assert [(one.pointer, one.message.format(**one.values)) for one in bad.value.faults] == [(pointer, sentence)]


def test_the_regime_with_a_place_for_each_slip_is_sound() -> None:
    assert parse_regime(RULED).regime == "small"


def test_braces_in_what_is_wrong_are_left_alone() -> None:
    with pytest.raises(BadRegime, match=r"\{x\} stands here a second time"):
        parse_regime("'{x}': 1\n'{x}': 2\n")


def test_remarks_come_with_the_lines_of_their_rules(tmp_path: Path) -> None:
    path = tmp_path / "small.yaml"
    path.write_text(SOUND, encoding="utf-8")
    regime, found = checked_regime(path)
    assert regime.regime == "small"
    assert ("no_source", "/reporting/0", "7") in [(one.code, one.pointer, one.values["line"]) for one in found]


def test_a_bundled_regime_is_found_by_its_name_and_any_by_its_path() -> None:
    assert regime_path("district-003") == bundled()["district-003"]
    assert regime_path(str(BUNDLED[0])) == BUNDLED[0]
    with pytest.raises(FileNotFoundError, match="duban regime list"):
        regime_path("nowhere")
