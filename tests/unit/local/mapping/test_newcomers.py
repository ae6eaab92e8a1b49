"""Ledgers as offices keep them: words for nothing, forms above the header, totals of every kind, wrapped names."""

from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from typer.testing import CliRunner

from deploy.local import command
from deploy.local.mapping import rehearsal, starting
from deploy.local.mapping.cells import BadCell, joined, read_cell
from deploy.local.mapping.importing import Entry, NotImported, tally
from deploy.local.mapping.model import Column
from deploy.local.mapping.recognise import level_of, recognise, words
from shared.infra.tables import read_tables
from shared.infra.texts import Texts

SAY = Texts.load("en")
RUN = CliRunner(env={"COLUMNS": "200"})
LEDGER = """\
附件1,,,,,,,,
填报单位：某某县发展和改革局重点项目建设服务中心（盖章）,,,,填报时间：2026年4月3日,,,,
某某县2026年重点项目表（1-3月）,,,,,,,,
单位：万元,,,,,,,,
序号,项目名称,责任单位,总投资,年度计划投资,累计完成投资,开工时间,竣工时间,包抓领导
合计（3个）,,,600,300,70,,,
,城建类小计（2个）,,300,200,70,,,
1,"城东
污水处理厂",县住建局,100,100,20,未开工,2026年,/
2,城北管网,县住建局,200,100,50,2024年,2026年底,甲一
,交通类小计,,300,100,,,,
3,"县道
改建",县交通局,300,100,待定,-,待定,"乙
二"
"""
NOW = datetime(2026, 4, 3, tzinfo=UTC)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "ledger.csv"
    path.write_text(LEDGER, encoding="utf-8")
    return path


def test_words_for_nothing_are_empty_and_the_names_are_whole(file: Path) -> None:
    begun = starting.begin(file, "a", SAY, period=None)
    assert begun.found.is_sound, begun.found.bad
    listed = [one.data for one in begun.found.drafts if "project_listed" in one.type]
    assert [(one["name"], one.get("planned_start_on"), one.get("planned_completion_on")) for one in listed] == [
        ("城东污水处理厂", None, "2026-12-31"), ("城北管网", "2024-01-01", "2026-12-31"), ("县道改建", None, None),
    ]  # fmt: skip
    done = [one.data["investment_ytd_yuan"] for one in begun.found.drafts if "progress_reported" in one.type]
    assert done == ["200000", "500000"]
    assert list(begun.leaders) == ["甲一", "乙二"]


@pytest.mark.parametrize("word", ["无", "-", "/", "未开工", "待定"])
@pytest.mark.parametrize("column", ["总投资", "竣工时间"])
def test_each_word_for_nothing_may_stand_in_amounts_and_dates(tmp_path: Path, word: str, column: str) -> None:
    file = tmp_path / "ledger.csv"
    place = {"总投资": ",100,100,20,", "竣工时间": ",2026年,"}[column]
    file.write_text(LEDGER.replace(place, place.replace("100", word, 1).replace("2026年", word)), encoding="utf-8")
    assert starting.begin(file, "a", SAY, period=None).found.is_sound


def test_a_field_of_a_form_above_the_header_is_no_title(file: Path) -> None:
    ledger = recognise(read_tables(LEDGER.encode(), "ledger.csv"))
    assert (ledger.title, ledger.year, ledger.month) == ("某某县2026年重点项目表（1-3月）", "2026", "03")
    begun = starting.begin(file, "a", SAY, period=None)
    (published,) = [one.data for one in begun.found.drafts if "list_published" in one.type]
    assert (published["name"], published["level"]) == ("某某县2026年重点项目表", "county")


def test_totals_of_parts_are_no_projects_and_raise_no_false_alarm(
    file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    begun = starting.begin(file, "a", SAY, period=None)
    assert begun.ledger.stated == {"total": 600, "plan": 300, "ytd": 70}
    starting.show(begun, SAY)
    said = capsys.readouterr().out
    assert said.count("as its line of totals says") == 3
    assert "its line of totals says 6" not in said


@pytest.mark.parametrize(
    "total", ["合计", "合 计", "合计(6个)", "合计：3个项目", "总计", "总计（3个）", "共计3个项目", "合计3项"]
)
def test_a_line_of_totals_is_known_with_its_count(total: str) -> None:
    ledger = recognise(read_tables(LEDGER.replace("合计（3个）", total).encode(), "ledger.csv"))
    assert ledger.stated["total"] == 600


def test_where_each_part_has_a_total_of_the_same_name_none_is_taken_for_that_of_all() -> None:
    text = (
        LEDGER.replace("合计（3个）,,,600,300,70,,,\n", "")
        .replace(",城建类小计（2个）", ",合计")
        .replace(",交通类小计", ",合计")
    )
    assert recognise(read_tables(text.encode(), "ledger.csv")).stated == {}
    ended = text + ",总计,,600,300,70,,,\n"
    assert recognise(read_tables(ended.encode(), "ledger.csv")).stated["total"] == 600


@pytest.mark.parametrize(
    ("name", "level"),
    [
        ("某某省", "province"), ("某某自治区", "province"), ("某某市", "city"), ("某某市某某区", "district"),
        ("某某县", "county"), ("某某旗", "county"), ("某某镇", "town"), ("某某乡", "town"), ("某某街道", "town"),
        ("全市重点项目一览表", "city"), ("某某县2026年城镇项目表", "county"), ("somewhere", "county"),
    ],
)  # fmt: skip
def test_the_level_of_a_place_follows_from_its_name(name: str, level: str) -> None:
    assert level_of(name) == level


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2024年", "2024-01-01", "2024-12-31"), ("2024 年度", "2024-01-01", "2024-12-31"),
        ("2024年底", "2024-12-31", "2024-12-31"), ("2024年底前", "2024-12-31", "2024-12-31"),
        ("2024年6月底", "2024-06-30", "2024-06-30"), ("2024年初", "2024-01-01", "2024-01-01"),
        ("2024年6月", "2024-06-01", "2024-06-30"), ("2024年6月5日", "2024-06-05", "2024-06-05"),
    ],
)  # fmt: skip
def test_a_year_is_its_first_day_for_a_start_and_its_last_for_a_completion(text: str, first: str, last: str) -> None:
    zone = ZoneInfo("Asia/Shanghai")
    start = read_cell(Column(reads=("a",), type="date"), text, zone)
    end = read_cell(Column(reads=("a",), type="last_day"), text, zone)
    assert (str(start), str(end)) == (first, last)


def test_before_a_year_is_no_day() -> None:
    with pytest.raises(BadCell):
        read_cell(Column(reads=("a",), type="last_day"), "2024年前", ZoneInfo("Asia/Shanghai"))


@pytest.mark.parametrize(
    ("text", "whole"), [("城东\n污水厂", "城东污水厂"), ("Foo\r\nBar", "Foo Bar"), ("A 厂 \n B", "A 厂B"), ("a", "a")]
)
def test_a_name_in_lines_is_one_name(text: str, whole: str) -> None:
    assert joined(text) == whole


def test_a_refused_start_says_what_to_mend_and_keeps_the_mapping(file: Path) -> None:
    file.write_text(LEDGER.replace(",待定,-,", ",约三成,-,"), encoding="utf-8")
    for lang, told in (
        ("zh", "什么都没有录入。请改正 ledger.csv 中的第11行“累计完成投资”列"),
        ("en", "Nothing was recorded."),
    ):
        ended = RUN.invoke(command.app, ["start", str(file), "-j", "a", "--yes", "--lang", lang])
        assert ended.exit_code == 1
        assert told in ended.output
    assert starting.mapping_beside(file).exists()
    file.write_text(LEDGER, encoding="utf-8")
    assert starting.begin(file, "a", SAY, period=None).found.is_sound


def test_what_intake_would_refuse_is_told_before_anything_is_opened(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[object] = []

    async def opens(*given: object) -> None:
        opened.append(given)

    monkeypatch.setattr(starting, "open_jurisdiction", opens)
    file.write_text(LEDGER.replace(",300,100,", ",-300,100,"), encoding="utf-8")
    where = ["--url", "http://127.0.0.1:1", "--data", str(file.parent / "data")]
    ended = RUN.invoke(
        command.app, ["start", str(file), "-j", "a", "--as", "li", "--open", "某某县", "--yes", "--lang", "en", *where]
    )
    assert isinstance(ended.exception, NotImported)
    assert "row 11, duban.project.project_listed.v1 /data/total_investment_yuan" in str(ended.exception)
    assert "progress_reported" not in str(ended.exception)  # what follows from the first fault of a row is not told
    assert opened == []


def test_a_ledger_without_faults_would_be_accepted_and_one_of_a_bad_code_not(file: Path) -> None:
    begun = starting.begin(file, "a", SAY, period=None)
    for place, is_well in (("a", True), ("a b", False)):
        opening = starting.opening_of(place, "某某县", "li", "")
        told = rehearsal.refusals(opening, begun.found.drafts, Entry("", "", place), "li", SAY, now=NOW)
        assert (told == []) is is_well, told
    assert starting.opening_of("a", "某某市", "li", "")["data"]["level"] == "city"
    assert starting.opening_of("a", "某某市", "li", "county")["data"]["level"] == "county"
    with pytest.raises(NotImported, match="no level"):
        starting.opening_of("a", "某某市", "li", "市")


def test_to_open_a_place_needs_its_first_person(file: Path) -> None:
    ended = RUN.invoke(command.app, ["start", str(file), "-j", "a", "--open", "某某县", "--yes"])
    assert ended.exit_code == 2


def test_an_import_says_how_many_events_are_new() -> None:
    receipts = [{"recorded_at": "2026-04-02T00:00:00Z"}, {"recorded_at": "2026-04-03T00:00:01Z"}, {}]
    assert tally(receipts, NOW, SAY) == "3 events are in the record, 2 of them new."


def test_what_says_nothing_is_never_a_value_of_a_code_table() -> None:
    assert not set(words()["empty"]) & set(words()["continuing"])
