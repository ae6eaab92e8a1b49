"""Tables become events, and all that is odd in them is counted; the same table says the same, for ever."""

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import UTC
from io import StringIO
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.console import Console

from deploy.local.mapping.findings import Finding
from deploy.local.mapping.mapping_file import parse_mapping, with_constants
from deploy.local.mapping.report import as_json, print_report
from deploy.local.mapping.translate import Translation, translate
from services.intake.domain.submission import CODE
from shared.infra.tables import Table, read_tables
from shared.infra.texts import Texts

MAPPING = """\
mapping: works
time_zone: UTC
constants: {list: a}
tables:
  - name: works
    columns:
      on: {reads: [报告日期], type: date}
      year: {reads: [报告日期], type: year}
      code: {reads: [编号], type: code}
      name: {reads: [名称, 项目名称]}
      unit: {reads: [单位]}
      unit_code: {reads: [单位], type: code, prefix: u-}
      stage: {reads: [进度], codes: {在建: started, 完工: completed, 停工: suspended, 无: null}}
      total: {reads: [总投资/计划], type: money, unit: 万元}
      change: {reads: [总投资/变化], type: number}
      open_until: {reads: [计划完工], type: last_day, optional: true}
    header_lines: 2
    key: [code]
    time: on
    moves_clock: true
    checks:
      - {id: totals, says: {zh: 合计, en: totals}, rows: [{column: name, one_of: [合计]}], then: ignore}
      - {id: negative, says: {zh: 负, en: negative}, rows: [{column: total, below: 0}], then: blank}
      - {id: difference, says: {zh: 差, en: difference}, difference: {column: change, of: total, within: 1}}
      - {id: back, says: {zh: 退, en: back}, backwards: {column: stage, order: [started, completed]}}
      - {id: missed, says: {zh: 漏, en: missed}, gaps: true}
      - {id: gone, says: {zh: 无, en: gone}, absent: true}
      - {id: nameless, says: {zh: 空, en: nameless}, rows: [{column: name, empty: true}], then: skip}
      - {id: large, says: {zh: 大, en: large}, rows: [{column: total, above: 9990000}], batch: last}
    events:
      - {type: unit.unit_registered, once: [unit_code], data: {code: $unit_code, name: $unit, kind: department}}
      - {type: list.list_published, once: [year], data: {list: $list, name: 重点, level: city, year: $year}}
      - type: project.project_listed
        data: {list: $list, year: $year, project: $code, name: $name, lead_unit: $unit_code, tags: [$unit],
          total_investment_yuan: $total, planned_completion_on: $open_until}
      - type: project.stage_changed
        news: [stage]
        on_behalf_of: $unit_code
        data: {project: $code, stage: $stage, on: $on}
"""
HEADER = "重点项目进展表,,,,,,,\n报告日期,编号,项目名称,单位,进度,总投资,,备注\n,,,,,计划,变化,\n"
ROWS = [
    "2026-01-31,p1,一号,甲局,在建,100,,x",
    "2026-01-31,p2,二号,乙局,在建,200,,",
    "2026-01-31,p3,三号,甲局,完工,1000,,",
    ",,合计,,,1300,,",
    "2026-02-28,p1,一号,甲局,停工,150,500000,",
    "2026-02-28,p3,三号,甲局,在建,-5,7,",
    "2026-03-31,p1,一号,甲局,在建,150,,",
    "2026-03-31,p2,二号,乙局,完工,200,0,",
    "2026-03-31,p4,,乙局,,5,,",
]


def _told(rows: Iterable[str] = ROWS, mapping: str = MAPPING, header: str = HEADER) -> Translation:
    parsed = parse_mapping(mapping)
    content = (header + "\n".join(rows)).encode()
    return translate(parsed, [("a.csv", read_tables(content, "a.csv"))], with_constants(parsed, {}))


def _findings(found: Translation) -> Mapping[str, Finding]:
    return {one.id: one for one in found.findings}


def _events(found: Translation) -> list[tuple[str, Any]]:
    return [(draft.type.split(".")[2], draft.data) for draft in found.drafts]


def test_rows_become_events_in_the_order_of_their_time() -> None:
    found = _told()
    assert found.is_sound
    kinds = [draft.type.split(".")[2] for draft in found.drafts]
    assert kinds == [
        "time_reached", "unit_registered", "list_published", "project_listed", "stage_changed",  # p1
        "unit_registered", "project_listed", "stage_changed",  # p2
        "project_listed", "stage_changed",  # p3
        "time_reached", "project_listed", "stage_changed", "project_listed", "stage_changed",
        "time_reached", "project_listed", "stage_changed", "project_listed", "stage_changed",
    ]  # fmt: skip
    listed = found.drafts[3]
    assert (listed.table, listed.row) == ("works", 4)
    assert listed.data == {
        "list": "a", "year": 2026, "project": "p1", "name": "一号", "lead_unit": found.drafts[1].data["code"],
        "tags": ["甲局"], "total_investment_yuan": "1000000",
    }  # fmt: skip
    assert found.drafts[4].on_behalf_of == found.drafts[1].data["code"]
    assert found.drafts[10].data == {"at": "2026-02-28T00:00:00+00:00"}


def test_everything_odd_is_counted_and_named() -> None:
    found = _findings(_told())
    assert {name: (one.count, one.of) for name, one in found.items()} == {
        "unread": (1, 8), "totals": (1, 9), "negative": (1, 8), "difference": (1, 3), "back": (1, 3),
        "missed": (1, 9), "gone": (1, 4), "nameless": (1, 8), "large": (0, 3),
    }  # fmt: skip
    assert found["unread"].places[0].key == "备注"
    assert [(one.key, one.at[:10]) for one in found["missed"].places] == [("p2", "2026-02-28")]
    assert [(one.row, one.key, one.told) for one in found["difference"].places] == [(9, "p3", "7 ≠ -10050000")]
    assert [one.told for one in found["back"].places] == ["completed → started"]
    assert [one.key for one in found["gone"].places] == ["p3"]


def test_an_impossible_value_is_left_out_and_the_rest_of_its_row_is_told() -> None:
    listed = [data for kind, data in _events(_told()) if kind == "project_listed" and data["project"] == "p3"]
    assert [one.get("total_investment_yuan") for one in listed] == ["10000000", None]


def test_what_is_absent_is_not_withdrawn() -> None:
    assert not [kind for kind, _ in _events(_told()) if "exit" in kind or "terminated" in kind]


def test_a_column_that_is_missing_is_named_and_one_that_may_be_missing_is_not() -> None:
    found = _told(header=HEADER.replace("编号", "序号"))
    assert [fault.code for fault in found.faults] == ["no_header"]
    assert found.faults[0].values["lacking"] == "works: 编号"


def test_synonyms_widths_and_spaces_of_a_header_do_not_matter() -> None:
    assert _told(header=HEADER.replace("项目名称", " 名　称").replace("变化", "变 化")).is_sound


def test_the_same_row_twice_is_read_once_and_of_two_that_differ_the_last() -> None:
    found = _told([*ROWS[:3], ROWS[0], ROWS[1].replace("200", "250")])
    assert {name: one.count for name, one in _findings(found).items() if one.count} == {
        "unread": 1, "duplicates": 1, "superseded": 1, "large": 1,
    }  # fmt: skip
    totals = {data["project"]: data["total_investment_yuan"] for kind, data in _events(found) if "listed" in kind}
    assert totals == {"p1": "1000000", "p2": "2500000", "p3": "10000000"}


def test_of_two_rows_the_one_with_the_greater_value_may_be_kept() -> None:
    mapping = MAPPING.replace("    time: on\n", "    time: on\n    latest_by: total\n")
    found = _told([ROWS[0], ROWS[0].replace("100", "90")], mapping)
    assert [data["total_investment_yuan"] for kind, data in _events(found) if "listed" in kind] == ["1000000"]


@pytest.mark.parametrize("rows", [[], [ROWS[3]]])
def test_an_empty_delivery_is_refused(rows: list[str]) -> None:
    found = _told(rows)
    assert [fault.code for fault in found.faults] == ["broken_delivery"]
    assert found.drafts == []


def test_a_table_without_any_row_is_refused() -> None:
    parsed = parse_mapping(MAPPING)
    found = translate(parsed, [("a.json", read_tables(b"[]", "a.json"))], {"list": "a"})
    assert [fault.code for fault in found.faults] == ["empty_delivery"]


def test_a_delivery_of_too_few_rows_is_refused_with_its_time() -> None:
    found = _told(mapping=MAPPING.replace("    time: on\n", "    time: on\n    fewest_rows: 3\n"))
    assert [(one.code, one.values["at"], one.values["count"]) for one in found.faults] == [
        ("broken_delivery", " (2026-02-28T00:00:00+00:00)", "2")
    ]
    assert found.drafts == []


def test_a_check_may_refuse_the_whole_table() -> None:
    mapping = MAPPING.replace(
        "rows: [{column: name, empty: true}], then: skip", "rows: [{column: name, empty: true}], then: refuse"
    )
    found = _told(mapping=mapping)
    assert [fault.code for fault in found.faults] == ["refused_by_check"]
    assert found.drafts == []


def test_every_cell_that_cannot_be_read_is_named_at_once() -> None:
    found = _told([ROWS[0].replace("在建", "缓建").replace("100", "约百万"), "不详,p2,二号,乙局,在建,200,,"])
    assert not found.is_sound
    assert {(one.row, one.column, one.fault.code) for one in found.bad} >= {
        (4, "进度", "unknown_value"), (4, "总投资/计划", "not_a_number"), (5, "报告日期", "not_a_date"),
    }  # fmt: skip


def test_a_field_that_an_event_needs_and_a_row_does_not_say_is_named() -> None:
    found = _told([ROWS[0].replace("甲局", "")])
    assert {(one.row, one.column, one.fault.code) for one in found.bad} >= {(4, "unit_code", "missing")}


def test_keys_are_those_of_what_is_told_wherever_its_row_stands() -> None:
    keys = {draft.key: draft.data for draft in _told().drafts}
    assert len(keys) == 20
    shuffled = _told([ROWS[8], *reversed(ROWS[:8])])
    assert {draft.key: draft.data for draft in shuffled.drafts} == keys
    changed = _told([*ROWS[:7], ROWS[7].replace("200", "210"), ROWS[8]])
    assert Counter(draft.key in keys for draft in changed.drafts) == {True: 19, False: 1}


@given(st.permutations(ROWS), st.lists(st.sampled_from(ROWS), max_size=5))
@settings(max_examples=50, deadline=None)
def test_the_order_of_rows_and_second_copies_change_no_event(rows: list[str], copies: list[str]) -> None:
    assert {draft.key for draft in _told([*rows, *copies]).drafts} == {draft.key for draft in _told().drafts}


def test_tables_of_one_mapping_are_told_together_in_time() -> None:
    second = MAPPING.partition("tables:\n")[2].replace("name: works", "name: later").replace("报告日期", "日期")
    mapping = parse_mapping(MAPPING + second)
    files = [("b.csv", HEADER.replace("报告日期", "日期") + ROWS[4]), ("a.csv", HEADER + ROWS[0] + "\n" + ROWS[6])]
    found = translate(mapping, [(name, read_tables(text.encode(), name)) for name, text in files], {"list": "a"})
    times = [draft.data["at"][:10] for draft in found.drafts if "time_reached" in draft.type]
    assert times == ["2026-01-31", "2026-02-28", "2026-03-31"]
    assert [draft.table for draft in found.drafts if "listed" in draft.type] == ["works", "later", "works"]
    assert Counter(kind for kind, _ in _events(found))["unit_registered"] == 1


_CELLS = (
    st.none() | st.booleans() | st.decimals(allow_nan=False, allow_infinity=False) | st.dates() | st.text(max_size=6)
    | st.datetimes(timezones=st.none() | st.just(UTC))
    | st.sampled_from(["2026-01-31", "p1", "甲局", "在建", "合计", "100", "-5", "1,000", "0001-01-01T00:00:00+00:00"])
)  # fmt: skip


@given(st.lists(st.lists(_CELLS, max_size=9).map(tuple), max_size=12))
@settings(max_examples=100, deadline=None)
def test_any_cells_become_events_or_faults_in_their_place(rows: list[tuple[Any, ...]]) -> None:
    parsed = parse_mapping(MAPPING)
    (header,) = read_tables(HEADER.encode(), "a.csv")
    found = translate(parsed, [("a", [Table("a", (*header.rows, *rows))])], with_constants(parsed, {}))
    assert found.drafts or found.faults or found.bad or any(one.count for one in found.findings)
    for draft in found.drafts:
        assert CODE.fullmatch(draft.key)
    json.dumps(as_json(found))
    print_report(found, Texts.load("zh"), Console(file=StringIO()))
