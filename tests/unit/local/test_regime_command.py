"""Do the commands about a regime say what they are asked, and end as they should?"""

from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from deploy.local.command import app

BUNDLED = "district-003"
PATH = Path(__file__).resolve().parents[3] / "shared" / "regimes" / f"{BUNDLED}.yaml"


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, list(arguments), env={"COLUMNS": "200", "LANG": "C", "LC_ALL": "C"})


def changed(tmp_path: Path, *changes: tuple[str, str]) -> str:
    text = PATH.read_text(encoding="utf-8")
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    path = tmp_path / "changed.yaml"
    path.write_text(text, encoding="utf-8")
    return str(path)


def test_a_sound_regime_ends_well_with_its_remarks() -> None:
    said = run("regime", "check", BUNDLED)
    assert said.exit_code == 0
    assert f"{PATH}:18:5: /reporting/0/due: No document gives due: it was chosen here." in said.stdout
    assert f"{BUNDLED} is sound; 22 remarks." in said.stdout


def test_every_fault_is_named_with_its_line_and_a_hint(tmp_path: Path) -> None:
    path = changed(tmp_path, ("over: annual_planned_investment", "ovre: annual_planned_investment"),
                   ("ladder: project", "ladder: projects"), ("day: 5", "day: five"))  # fmt: skip
    said = run("regime", "check", path)
    assert said.exit_code == 1
    assert said.stdout.splitlines() == [
        f"{path}:18:12: /reporting/0/due/day: five cannot stand here; it looks like 1.",
        f"{path}:27:5: /measures/investment_ratio/ovre: There is no ovre here; over was probably meant.",
        "2 faults: changed.yaml is no regime yet.",
    ]


def test_names_that_lead_nowhere_are_faults_too(tmp_path: Path) -> None:
    path = changed(tmp_path, ("ladder: project", "ladder: projects"))
    said = run("regime", "check", path, "--lang", "zh")
    assert said.exit_code == 1
    assert "/supervision_rules/0/ladder: 没有名为 projects 的督办措施；现有：project。" in said.stdout


def test_a_regime_is_explained_in_either_language() -> None:
    zh, en = (run("regime", "explain", BUNDLED, "--lang", lang).stdout for lang in ("zh", "en"))
    assert "每月报送一次，由牵头单位填报；时限：次月5日" in zh
    assert "（办法未定，由本地选定：时限、审核期限）" in zh
    assert "a return every month, filed by the lead unit; due: day 5 of the next month" in en


def test_a_path_is_taken_as_well_as_a_name() -> None:
    assert run("regime", "explain", str(PATH)).stdout == run("regime", "explain", BUNDLED).stdout


def test_what_is_neither_is_told() -> None:
    said = run("regime", "explain", "nowhere")
    assert isinstance(said.exception, FileNotFoundError)
    assert "duban regime list" in str(said.exception)


def test_two_regimes_are_compared(tmp_path: Path) -> None:
    said = run("regime", "diff", BUNDLED, changed(tmp_path, ("below: -10", "below: -15"))).stdout.splitlines()
    assert said[0] == "/supervision_rules/0"
    assert said[1].startswith("  - slow progress, about each project: if")
    assert "-15 percentage points" in said[2]
    assert run("regime", "diff", BUNDLED, BUNDLED).stdout == "The two regimes say the same.\n"


def test_the_burden_is_shown_as_a_table() -> None:
    said = run("regime", "burden", BUNDLED).stdout
    assert "/reporting/0" in said
    assert "0.333" in said


def test_a_limit_that_is_exceeded_is_told(tmp_path: Path) -> None:
    path = changed(tmp_path, ("classification: internal", "classification: internal\nburden: { fields_at_most: 3 }"))
    said = run("regime", "burden", path).stdout
    assert "fields: 4 a month, more than the 3 that the regime allows." in said


def test_the_schema_is_one_of_json_schema() -> None:
    assert '"$id": "urn:duban:schema:regime"' in run("regime", "schema").stdout


def test_the_regimes_that_come_along_are_listed() -> None:
    assert f"{BUNDLED}\tDistrict key projects after source 003\t区重点建设项目督查组\n" in run("regime", "list").stdout


@pytest.mark.parametrize(("year", "words"), [("2026", "2026: 248 working days."), ("2090", "provisional")])
def test_a_year_of_working_days_is_shown(year: str, words: str) -> None:
    assert words in run("calendar", "show", year).stdout


def test_one_fault_is_counted_as_one(tmp_path: Path) -> None:
    said = run("regime", "check", changed(tmp_path, ("ladder: project", "ladder: projects")))
    assert said.stdout.splitlines()[-1] == "1 fault: changed.yaml is no regime yet."


@pytest.mark.parametrize("command", ["check", "explain", "burden", "diff"])
def test_a_file_that_is_no_regime_is_told_alike_by_every_command_that_reads_it(command: str, tmp_path: Path) -> None:
    path = changed(tmp_path, ("ladder: project", "ladder: projects"))
    other = [BUNDLED] if command == "diff" else []
    said = run("regime", command, path, *other, "--lang", "zh")
    assert said.exit_code == 1
    assert said.stdout.startswith(f"{path}:")
    assert "/supervision_rules/0/ladder: 没有名为 projects 的督办措施；现有：project。" in said.stdout
