"""The holidays of a year: known, added to by a file, or not known and said so."""

from datetime import date
from pathlib import Path

import pytest

from shared.core.calendar import WorkingCalendar
from shared.core.events import CalendarPublished
from shared.infra.holidays import EXAMPLE, BadCalendar, by_the_state_council, spoken, statutory
from shared.infra.texts import Texts

SAMPLE = """
region: CN
years:
  2026: {source: A county, days_off: [2026-06-12, 2026-05-09], make_up_days: [2026-06-13, 2026-10-05]}
  2031: {source: A draft, days_off: [2031-01-01]}
  2032: {source: A notice, provisional: false, days_off: [2032-01-01]}
"""


def working(*calendars: CalendarPublished) -> WorkingCalendar:
    return WorkingCalendar(
        frozenset(day for one in calendars for day in one.days_off),
        frozenset(day for one in calendars for day in one.make_up_days),
    )


def own(folder: Path, text: str = SAMPLE) -> Path:
    file = folder / "own.yaml"
    file.write_text(text, encoding="utf-8")
    return file


def test_the_days_left_of_the_speech_are_counted_with_and_without_make_up_days() -> None:
    """001, if the year were 2020: 97 days from 26 September, 63 worked, and 65 with the two make-up days."""
    first, last = date(2020, 9, 26), date(2020, 12, 31)
    calendar = working(statutory("CN", 2020))
    assert calendar.days_left(first, last, working=False) == 97
    assert WorkingCalendar(calendar.days_off).days_left(first, last) == 63
    assert calendar.days_left(first, last) == 65


@pytest.mark.parametrize("year", [2004, 2020, 2026])
def test_a_known_year_is_final(year: int) -> None:
    found = statutory("CN", year)
    assert not found.provisional
    assert found.days_off
    assert found.make_up_days
    assert {day.weekday() for day in found.days_off} <= {0, 1, 2, 3, 4}
    assert {day.weekday() for day in found.make_up_days} <= {5, 6}


def test_a_year_that_nobody_knows_has_weekends_only_and_says_that_it_is_provisional() -> None:
    found = statutory("CN", 2099)
    assert (found.days_off, found.make_up_days, found.provisional) == ((), (), True)
    assert by_the_state_council(2099) is None
    said = list(spoken(found, Texts.load("zh")))
    assert "2099年的放假安排尚未公布" in said[1]


def test_another_country_has_no_holidays_of_china_but_a_city_of_china_has() -> None:
    assert statutory("DE", 2026).provisional
    assert statutory("CN-41", 2026).days_off == statutory("CN", 2026).days_off


def test_a_file_of_ones_own_has_the_last_word_on_each_day(tmp_path: Path) -> None:
    plain, found = statutory("CN", 2026), statutory("CN", 2026, overrides=own(tmp_path))
    assert {*found.days_off} - {*plain.days_off} == {date(2026, 6, 12)}
    assert {*plain.days_off} - {*found.days_off} == {date(2026, 10, 5)}
    assert {*found.make_up_days} - {*plain.make_up_days} == {date(2026, 6, 13)}
    assert {*plain.make_up_days} - {*found.make_up_days} == {date(2026, 5, 9)}
    assert not found.provisional
    assert found.calendar_source.endswith("; A county")


def test_an_unknown_year_stays_provisional_until_its_own_entry_is_final(tmp_path: Path) -> None:
    file = own(tmp_path)
    drafted, final = statutory("CN", 2031, overrides=file), statutory("CN", 2032, overrides=file)
    assert (drafted.provisional, drafted.days_off) == (True, (date(2031, 1, 1),))
    assert (final.provisional, final.days_off) == (False, (date(2032, 1, 1),))


@pytest.mark.parametrize(
    "text",
    [
        "region: DE\nyears: {}",
        "region: CN",
        "region: CN\nyears: {2026: {days_off: []}}",
        "region: CN\nyears: {2026: {source: x, days_of: []}}",
        "region: CN\nyears: {2026: {source: x, days_off: [2025-12-31]}}",
        "region: CN\nyears: {2026: {source: x, days_off: [2026-06-12], make_up_days: [2026-06-12]}}",
        "region: CN\nyears: {2026: {source: x, days_off: [yesterday]}}",
        "region: [",
    ],
)
def test_a_file_that_is_no_calendar_is_refused_with_its_name(tmp_path: Path, text: str) -> None:
    with pytest.raises(BadCalendar, match=r"own\.yaml"):
        statutory("CN", 2026, overrides=own(tmp_path, text))


def test_the_example_can_be_read_and_says_that_its_next_year_is_provisional() -> None:
    assert date(2026, 6, 13) in statutory("CN", 2026, overrides=EXAMPLE).make_up_days
    assert statutory("CN", 2027, overrides=EXAMPLE).provisional


def test_a_calendar_says_itself_with_runs_of_days() -> None:
    said = list(spoken(statutory("CN", 2026), Texts.load("en")))
    assert said[0] == "CN, 2026: 248 working days."
    assert "2026-02-16 – 2026-02-20, 2026-02-23" in said[1]
    assert said[2].startswith("Worked at weekends: 2026-01-04, 2026-02-14")
    assert len(said) == 4
