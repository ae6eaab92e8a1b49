"""Do the register of baselines and the signals read as they were found, in either language?"""

from typing import Any

import pytest

from deploy.local.checks_command import print_authenticity, print_baselines
from shared.infra.texts import Locale, Texts


@pytest.fixture(autouse=True)
def _wide(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "250")


RESET: dict[str, Any] = {
    "project": "p1", "name": "Roads", "unit": "a", "by": "reset", "recorded_at": "2026-02-10T01:00:00Z", "event": "e9",
    "old_yuan": "1200000000", "new_yuan": "600000000", "difference_yuan": "-600000000", "approver": "mayor",
    "document": "7", "reason": "floods", "is_after_sealing": True, "freed": ["slow"], "light_before": "red",
    "light_after": "green",
}  # fmt: skip
COMPARED = {
    "subject_kind": "project", "subject": "p1", "name": "Roads", "completed_yuan": "300000000",
    "original_planned_yuan": "1200000000", "planned_yuan": "600000000", "by_original": "0.25", "by_current": "0.5",
}  # fmt: skip
REGISTER = {
    "resets": [RESET], "repeated": {"p1": 2}, "projects_reset": 1, "after_sealing": 1,
    "difference_yuan": "-600000000", "compared": [COMPARED],
}  # fmt: skip
UNIT = {
    "unit": "a", "name": "Bureau", "inspected": 2, "within": 1, "compared": 2, "index": None, "mean_signed": None,
    "at_deadline": {"count": 3, "of": 4}, "round": {"count": 0, "of": 4}, "same_narrative": {"count": 1, "of": 3},
    "signals": [{"kind": "flat", "project": "p1", "periods": ["2026-01", "2026-02"], "events": ["e1", "e2"]}],
}  # fmt: skip
FOUND = {"period": "2026-02", "units": [UNIT], "chosen": {"tolerance": "0.05"}}


def cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.split("│")[1:-1]]


def test_a_reset_is_printed_with_its_amounts_its_approver_and_what_it_spared(
    capsys: pytest.CaptureFixture[str],
) -> None:
    print_baselines(REGISTER, Texts.load("en"))
    out = capsys.readouterr().out
    first, second = (cells(line) for line in out.splitlines() if "p1 Roads" in line)
    assert first[2:] == [
        "120000.00", "60000.00", "-60000.00", "mayor", "7", "floods, after sealing", "slow, red → green"
    ]  # fmt: skip
    assert second[-2:] == ["25.00 %", "50.00 %"]
    assert "p1: the plan was changed 2 times." in out


def test_who_may_not_know_what_was_spared_reads_the_rest(capsys: pytest.CaptureFixture[str]) -> None:
    seen = {name: value for name, value in RESET.items() if name not in {"freed", "light_before", "light_after"}}
    print_baselines({**REGISTER, "resets": [seen]}, Texts.load("en"))
    assert next(cells(line) for line in capsys.readouterr().out.splitlines() if "mayor" in line)[-1] == ""


def test_of_few_comparisons_the_count_is_printed_in_the_place_of_an_index(capsys: pytest.CaptureFixture[str]) -> None:
    print_authenticity(FOUND, Texts.load("en"))
    out = capsys.readouterr().out
    row = next(cells(line) for line in out.splitlines() if "a Bureau" in line)
    assert row == ["a Bureau", "2", "1", "too few: 2", "-", "3/4", "0/4", "1/3", "1"]
    assert "p1: the same amount again and again, 2026-01, 2026-02 [e1 e2]" in out


@pytest.mark.parametrize(("locale", "said"), [("zh", "不计分"), ("en", "never points")])
def test_the_thresholds_are_said_to_be_chosen(locale: Locale, said: str, capsys: pytest.CaptureFixture[str]) -> None:
    print_authenticity(FOUND, Texts.load(locale))
    out = capsys.readouterr().out
    assert said in out
    assert "tolerance 0.05" in out
