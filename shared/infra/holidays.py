"""On which days of a year is there no work, and on which weekend days is there? The State Council's notice, as data.

Known years come from the package `chinesecalendar`; a file of one's own adds local days, and years that it lacks. A
year that neither knows has weekends only, is provisional, and says so.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from itertools import groupby
from pathlib import Path
from typing import Final

import yaml
from chinese_calendar import is_workday
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from shared.core.calendar import WorkingCalendar
from shared.core.events import CalendarPublished
from shared.infra.texts import Texts

EXAMPLE: Final = Path(__file__).parents[1] / "calendars" / "example.yaml"
_REGION: Final = "CN"
_PACKAGE: Final = "chinesecalendar (Python package), after the State Council's yearly notice"
_WEEKENDS: Final = "weekends only"
_SATURDAY: Final = 5


class Exceptions(BaseModel):
    """The days of a year that are worked otherwise than Monday to Friday, and who says so.

    `provisional`: whether the last word is still to come; where nothing is said, it is unless the year is known.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    source: str = Field(min_length=1)
    provisional: bool | None = None
    days_off: frozenset[date] = frozenset()
    make_up_days: frozenset[date] = frozenset()


Holidays = Callable[[int], Exceptions | None]
"""The port: what is known of a year, or None."""


class BadCalendar(Exception):
    """A file of exceptions that cannot be read as one; the text says where and why."""


class _OwnFile(BaseModel):
    model_config = ConfigDict(extra="forbid")

    region: str = Field(min_length=1)
    years: Mapping[int, Exceptions]


def by_the_state_council(year: int) -> Exceptions | None:
    """What the package knows of mainland China; None for a year that it does not know."""
    try:
        worked = {day: is_workday(day) for day in _days_of(year)}
    except NotImplementedError:
        return None
    return Exceptions(
        days_off=frozenset(day for day, is_worked in worked.items() if not _is_weekend(day) and not is_worked),
        make_up_days=frozenset(day for day, is_worked in worked.items() if _is_weekend(day) and is_worked),
        source=_PACKAGE,
    )


def of_file(path: Path) -> tuple[str, Holidays]:
    """Read a file of one's own: its region, and what it says of a year. BadCalendar, or OSError, if it cannot be."""
    try:
        own = _OwnFile.model_validate(yaml.safe_load(path.read_bytes()))
    except (yaml.YAMLError, ValidationError) as error:
        raise BadCalendar(f"{path.name}: {error}") from error
    for year, said in own.years.items():
        wrong = (said.days_off & said.make_up_days) | {
            day for day in said.days_off | said.make_up_days if day.year != year
        }
        if wrong:
            raise BadCalendar(f"{path.name}: {min(wrong)} under {year} is of another year, or both off and worked")
    return own.region, own.years.get


def statutory(
    region: str, year: int, *, overrides: Path | None = None, known: Holidays = by_the_state_council
) -> CalendarPublished:
    """The calendar of a region and year, ready to be published; a file of one's own has the last word on each day.

    The package speaks for CN and what lies in it (CN-41). A year that nobody knows has weekends only, provisionally.
    """
    base = known(year) if region.partition("-")[0] == _REGION else None
    own = _own(region, year, overrides) if overrides else None
    off: frozenset[date] = frozenset()
    worked: frozenset[date] = frozenset()
    for one in (base, own):
        if one is not None:
            off, worked = (off - one.make_up_days) | one.days_off, (worked - one.days_off) | one.make_up_days
    return CalendarPublished(
        region=region,
        year=year,
        days_off=tuple(sorted(day for day in off if not _is_weekend(day))),
        make_up_days=tuple(sorted(day for day in worked if _is_weekend(day))),
        calendar_source="; ".join(one.source for one in (base, own) if one is not None) or _WEEKENDS,
        provisional=own.provisional if own is not None and own.provisional is not None else base is None,
    )


def _own(region: str, year: int, overrides: Path) -> Exceptions | None:
    of_region, own = of_file(overrides)
    if of_region != region:
        raise BadCalendar(f"{overrides.name}: is about {of_region}, not about {region}")
    return own(year)


def spoken(calendar: CalendarPublished, say: Texts) -> Iterator[str]:
    """A calendar in sentences, for people: what holds, on whose word, and that it is provisional where it is."""
    days = _days_of(calendar.year)
    working = WorkingCalendar(frozenset(calendar.days_off), frozenset(calendar.make_up_days))
    count = sum(map(working.is_working, days))
    yield say("{region}, {year}: {count} working days.", region=calendar.region, year=calendar.year, count=count)
    if calendar.provisional:
        yield say(
            "The holidays of {year} are not known yet: this calendar is provisional, and deadlines to come may move.",
            year=calendar.year,
        )
    if calendar.days_off:
        yield say("Off besides weekends: {days}.", days=_ranges(calendar.days_off))
    if calendar.make_up_days:
        yield say("Worked at weekends: {days}.", days=_ranges(calendar.make_up_days))
    yield say("Source: {source}.", source=calendar.calendar_source)


def _ranges(days: Sequence[date]) -> str:
    runs = groupby(enumerate(sorted(days)), key=lambda placed: placed[1].toordinal() - placed[0])
    ends = [(run[0], run[-1]) for run in ([day for _, day in placed] for _, placed in runs)]
    return ", ".join(f"{first}" if first == last else f"{first} – {last}" for first, last in ends)


def _days_of(year: int) -> list[date]:
    first = date(year, 1, 1)
    return [day for day in (first + timedelta(days=place) for place in range(366)) if day.year == year]


def _is_weekend(day: date) -> bool:
    return day.weekday() >= _SATURDAY
