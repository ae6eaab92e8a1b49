"""Does the burden read as it was counted, with what the rules would ask beside it and every excess named?"""

from typing import Any

import pytest

from deploy.local.burden_command import print_asked
from shared.infra.texts import Texts


@pytest.fixture(autouse=True)
def _wide(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "200")


def a_row(**changes: Any) -> dict[str, Any]:
    counted = {
        "projects": 12,
        "returns": 12,
        "fields": 60,
        "workbooks": 1,
        "visits": 2,
        "meetings": 3,
        "notices": 0,
        "matters": 1,
    }
    return {"id": "town-a~2026-03", "unit": "town-a", "month": "2026-03", **counted, **changes}


def ruled(returns: str, *, meetings_at_most: int | None = None) -> dict[str, Any]:
    per_month = {"returns": returns, "fields": "5", "visits": "0", "meetings": "1", "documents": "0.5"}
    allowed = {**dict.fromkeys(per_month), "meetings": meetings_at_most}
    return {"list": "city", "per_month": per_month, "allowed": allowed}


def test_what_the_rules_would_ask_of_all_projects_stands_in_brackets(capsys: pytest.CaptureFixture[str]) -> None:
    print_asked([a_row()], [ruled("1")], Texts.load("en"))
    line = next(line for line in capsys.readouterr().out.splitlines() if "town-a" in line)
    assert [cell.strip() for cell in line.split("│")[1:-1]] == [
        "town-a", "2026-03", "12", "12 (12)", "60 (60)", "1", "2 (0)", "3 (1)", "0", "1"
    ]  # fmt: skip


def test_of_several_lists_the_one_that_asks_for_most_counts(capsys: pytest.CaptureFixture[str]) -> None:
    print_asked([a_row()], [ruled("1"), ruled("2")], Texts.load("en"))
    assert "12 (24)" in capsys.readouterr().out


def test_more_than_the_rules_allow_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    print_asked([a_row(), a_row(unit="town-b", meetings=2)], [ruled("1", meetings_at_most=2)], Texts.load("en"))
    told = capsys.readouterr().out
    assert "town-a, 2026-03: 3 meetings, more than the 2 that the rules allow." in told
    assert "town-b, 2026-03" not in told


def test_where_nothing_was_asked_that_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    print_asked([], [ruled("1")], Texts.load("zh"))
    assert capsys.readouterr().out == "这几个月没有向任何单位提出要求。\n"
