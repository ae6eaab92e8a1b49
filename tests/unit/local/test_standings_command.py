"""Does a list read as it stands, in either language, and is it whole where it comes on pages?"""

import asyncio
from typing import Any

import pytest
from rich.cells import cell_len

from deploy.local.standings_command import print_standings, whole
from shared.infra.texts import Locale, Texts

LINE: dict[str, Any] = {
    "period": "2026-Q1", "subject": "a", "name": "发展改革局", "lane": "", "project_count": 2,
    "displayed": {"investment_ratio": "25.00%"}, "light": "red", "rank": 1, "band": "", "points": {"total": "77.5"},
}  # fmt: skip
FOUND: dict[str, Any] = {
    "list": "key", "as_of": "2026-04-01T00:00:00+00:00", "true_on": None, "position": 42, "count": 2, "next": None,
    "lines": [LINE, {**LINE, "subject": "b", "name": "Town", "light": None, "rank": 2, "points": {"total": None}}],
}  # fmt: skip


@pytest.fixture(autouse=True)
def _wide(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "200")


def cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.split("│")[1:-1]]


@pytest.mark.parametrize(("locale", "place", "light"), [("zh", "名次", "红"), ("en", "place", "ed")])
def test_each_subject_has_its_row_in_columns_that_stand_below_each_other(
    locale: Locale, place: str, light: str, capsys: pytest.CaptureFixture[str]
) -> None:
    print_standings(FOUND, Texts.load(locale))
    out = capsys.readouterr().out.splitlines()
    assert any("key" in line and "2026-Q1" in line and "42" in line for line in out)
    assert any(place in line for line in out)
    first, second = (line for line in out if line.startswith("│"))
    assert cells(first)[0] == "a 发展改革局"
    assert light in cells(first)[-3]
    assert [cells(first)[-2:], cells(second)[-2:]] == [["1", "77.5"], ["2", ""]]
    assert cell_len(first) == cell_len(second)


def test_who_is_not_told_places_sees_no_column_of_them(capsys: pytest.CaptureFixture[str]) -> None:
    hidden = [{**line, "rank": None, "points": {}} for line in FOUND["lines"]]
    print_standings({**FOUND, "lines": hidden}, Texts.load("en"))
    out = capsys.readouterr().out
    assert "25.00%" in out
    assert "place" not in out
    assert "points" not in out


def test_a_list_on_pages_is_read_to_its_end() -> None:
    class Pages:
        async def get(self, _path: str, _token: str, **query: str) -> dict[str, Any]:
            number = int(query.get("after", 0))
            assert number == 0 or (query["kind"], query["known_at"]) == ("unit", "42")
            following = "?kind=unit&known_at=42&after=1&limit=1" if number == 0 else None
            return {**FOUND, "lines": [FOUND["lines"][number]], "next": following}

    assert asyncio.run(whole(Pages(), "", "", {"kind": "unit"})) == FOUND
