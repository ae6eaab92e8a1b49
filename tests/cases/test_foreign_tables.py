"""What is known to be wrong in two real data sets is found in them by their mappings: every count, exactly."""

import csv
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from io import StringIO
from pathlib import Path

import pytest

from deploy.local.mapping.cells import code_of
from deploy.local.mapping.findings import Finding
from deploy.local.mapping.importing import read
from deploy.local.mapping.mapping_file import read_mapping
from deploy.local.mapping.translate import Translation, translate
from shared.infra.tables import Table, read_tables
from shared.infra.texts import Texts
from tests.support.foreign import BRASILIA, BRASILIA_FILES, NEW_YORK, NEW_YORK_FILES, real

SAY = Texts.load("en")


def _by_id(found: Translation) -> Mapping[str, Finding]:
    return {f"{one.table}/{one.id}": one for one in found.findings}


def _text(file: Path) -> StringIO:
    return StringIO(file.read_text(encoding="utf-8"), newline="")


@pytest.fixture(scope="module")
def new_york() -> Translation:
    return read(read_mapping(NEW_YORK), real(*NEW_YORK_FILES), {}, SAY)


@pytest.fixture(scope="module")
def brasilia() -> Translation:
    return read(read_mapping(BRASILIA), real(*BRASILIA_FILES), {}, SAY)


@pytest.mark.parametrize(
    ("check", "count", "keys", "of"),
    [
        ("budget_difference", 1_779 - 1_775, 4, 1_779),
        ("schedule_difference", 1_766 - 1_762, 4, 1_766),
        ("phase_backwards", 9, 8, None),
        ("missed", 15, 12, None),
        ("hollow_last", 94, 94, 378),
        ("budget_not_positive", 9, 6, 2_259),
        ("completion_far_off", 1, 1, 2_259),
        ("hollow", 105, 104, 2_259),
        ("future", 2, 2, 16),
    ],
)
def test_every_known_flaw_of_the_new_york_panel_is_counted(
    new_york: Translation, check: str, count: int, keys: int, of: int | None
) -> None:
    found = _by_id(new_york)[f"panel/{check}"]
    assert (found.count, found.keys, found.of) == (count, keys, of or found.of)


def test_the_flaws_of_the_new_york_panel_are_those_that_reading_it_otherwise_finds(new_york: Translation) -> None:
    (file,) = real(*NEW_YORK_FILES)
    rows = list(csv.DictReader(_text(file)))
    found = _by_id(new_york)
    budgets = [
        (f"p{row['PID']}", n)
        for n, row in enumerate(rows, 2)
        if row["Budget Forecast"].strip() and float(row["Budget Forecast"]) <= 0
    ]
    assert sorted((one.key, one.row) for one in found["panel/budget_not_positive"].places) == sorted(budgets)
    (far,) = found["panel/completion_far_off"].places
    assert rows[far.row - 2]["Forecast Completion"] == "10/21/2108"
    assert {one.key for one in found["panel/budget_difference"].places} == {"p314", "p366", "p449", "p570"}
    assert {one.key for one in found["panel/schedule_difference"].places} == {"p267", "p314", "p366", "p449"}


def test_the_new_york_panel_becomes_units_lists_projects_and_stages(new_york: Translation) -> None:
    assert new_york.is_sound
    assert new_york.rows == {"panel": 2_259}
    kinds = Counter(draft.type.split(".")[2] for draft in new_york.drafts)
    assert (kinds["unit_registered"], kinds["list_published"], kinds["time_reached"]) == (12, 7, 15)
    listed = {draft.data["project"] for draft in new_york.drafts if draft.type.endswith("project_listed.v1")}
    assert len(listed) == 378
    of = ("project", "year", "total_investment_yuan", "planned_completion_on")
    told = [tuple(draft.data.get(name) for name in of) for draft in new_york.drafts if "listed" in draft.type]
    assert len(told) == len(set(told)) == 2_066  # hollow rows tell nothing anew
    assert not any("future" in str(draft.data) or "Total" in str(draft.data) for draft in new_york.drafts)


@pytest.mark.parametrize(
    ("check", "count", "of"),
    [
        ("panel/past_planned_end", 289, 524),
        ("panel/not_updated", 365, 524),
        ("log/empty_delivery", 4, 268),
        ("log/broken_delivery", 118, 268),
        ("log/duplicate_rows", 150, 268),
        ("log/fewer_duplicates", 0, 268),
        ("log/more_duplicates", 0, 268),
        ("changes/reopened", 1, 988),
    ],
)
def test_every_known_flaw_of_the_brasilia_feed_is_counted(
    brasilia: Translation, check: str, count: int, of: int
) -> None:
    found = _by_id(brasilia)[check]
    assert (found.count, found.of) == (count, of)


def test_the_brasilia_project_that_was_reopened_is_named(brasilia: Translation) -> None:
    (place,) = _by_id(brasilia)["changes/reopened"].places
    assert place.key == code_of("1984.52-30")
    stages = [
        draft.data["stage"]
        for draft in brasilia.drafts
        if "stage_changed" in draft.type and draft.data["project"] == place.key
    ]
    assert stages == ["completed", "started"]


def test_all_projects_of_the_brasilia_feed_are_listed_and_absence_withdraws_none(brasilia: Translation) -> None:
    assert brasilia.is_sound
    assert brasilia.rows == {"panel": 3_017, "changes": 988, "log": 268}
    listed = {draft.data["project"] for draft in brasilia.drafts if draft.type.endswith("project_listed.v1")}
    assert len(listed) == 594
    assert _by_id(brasilia)["panel/absent"].count == 581 - 524
    assert {draft.type.split(".")[1] for draft in brasilia.drafts} == {"unit", "list", "project", "time"}
    gone = {draft.data["project"] for draft in brasilia.drafts if draft.data.get("stage") == "terminated"}
    panel = list(csv.DictReader(_text(*real(BRASILIA_FILES[0]))))
    changes = list(csv.DictReader(_text(*real(BRASILIA_FILES[1]))))
    said = {row["idUnico"] for row in panel if row["situacao"] in {"Inativada", "Cancelada"}}
    said |= {
        row["idUnico"] for row in changes if row["new"] in {"Inativada", "Cancelada"} or '"Inativada"' in row["new"]
    }
    assert gone <= {code_of(one) for one in said}


def _last_snapshot() -> tuple[list[str], list[list[str]]]:
    (file,) = real(BRASILIA_FILES[0])
    header, *rows = csv.reader(_text(file))
    return header, [row for row in rows if row[0] == "2025-07"]


def _read(tables: tuple[Table, ...]) -> Translation:
    return translate(read_mapping(BRASILIA), [("feed", tables)], {"list": "obras"})


def _table(rows: list[list[str]]) -> Table:
    return Table("feed", tuple(tuple(one or None for one in row) for row in rows))


def test_a_delivery_with_duplicates_as_the_feed_had_them_is_read_once_each() -> None:
    """The log counts 134 duplicate rows in the delivery of this snapshot; the panel has them merged."""
    header, rows = _last_snapshot()
    found = _read((_table([header, *rows, *rows[:134]]),))
    assert _by_id(found)["panel/duplicates"].count == 134
    assert [draft.key for draft in found.drafts] == [draft.key for draft in _read((_table([header, *rows]),)).drafts]


@pytest.mark.parametrize("count", [1, 10, 68])
def test_a_broken_delivery_of_the_feed_is_refused(count: int) -> None:
    header, rows = _last_snapshot()
    found = _read((_table([header, *rows[:count]]),))
    assert [fault.code for fault in found.faults] == ["broken_delivery"]
    assert found.drafts == []


def test_an_empty_delivery_of_the_feed_is_refused() -> None:
    header, _ = _last_snapshot()
    for tables in ((_table([header]),), read_tables(b"[]", "obras.json")):
        found = _read(tables)
        assert found.faults
        assert found.drafts == []


def test_a_mapping_reads_the_same_whether_the_table_is_csv_or_json(tmp_path: Path) -> None:
    header, rows = _last_snapshot()
    again = replace(_table([header, *rows]), name="another")
    assert [one.key for one in _read((again,)).drafts] == [one.key for one in _read((_table([header, *rows]),)).drafts]
    assert date(2025, 7, 14).isoformat() in _by_id(_read((again,)))["panel/not_updated"].places[0].at
