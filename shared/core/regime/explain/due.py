"""How is it said how often, by which moment, for how long, in which part of the year, and over which days?"""

from shared.core.regime.due import (
    Anchor,
    Cadence,
    Days,
    Due,
    EveryDays,
    Issue,
    Months,
    Season,
    Shift,
    Span,
    WorkingDays,
)
from shared.core.regime.explain.words import Voice
from shared.core.regime.language import Last, Window
from shared.core.time_names import is_at_once, span_name

_WEEKDAYS = {
    "mon": "Monday", "tue": "Tuesday", "wed": "Wednesday", "thu": "Thursday", "fri": "Friday", "sat": "Saturday",
    "sun": "Sunday",
}  # fmt: skip
_CADENCES = {
    "daily": "every day", "weekly": "every week", "ten_days": "every ten days", "half_month": "every half month",
    "monthly": "every month", "quarterly": "every quarter", "half_year": "every half year", "yearly": "every year",
}  # fmt: skip
_MONTHS = {
    "01": "January", "02": "February", "03": "March", "04": "April", "05": "May", "06": "June", "07": "July",
    "08": "August", "09": "September", "10": "October", "11": "November", "12": "December",
}  # fmt: skip
_SAME = {
    "daily": "the same day", "weekly": "the same week", "ten_days": "the same ten days",
    "half_month": "the same half month", "monthly": "the same month", "quarterly": "the same quarter",
    "half_year": "the same half year", "yearly": "the same year",
}  # fmt: skip
_NEXT = {
    "daily": "the next day", "weekly": "the next week", "ten_days": "the next ten days",
    "half_month": "the next half month", "monthly": "the next month", "quarterly": "the next quarter",
    "half_year": "the next half year", "yearly": "the next year",
}  # fmt: skip
_ANCHORS = {
    "period_start": "the first day of the period", "period_end": "the last day of the period",
    "year_start": "the first day of the year", "year_end": "the last day of the year",
    "planned_start_on": "the planned start", "planned_completion_on": "the planned completion",
    "list_published": "the publication of the list", "served": "the service of the notice", "opened": "the opening",
}  # fmt: skip


def cadence(voice: Voice, often: Cadence) -> str:
    if isinstance(often, EveryDays):
        days = span(voice, often.every)
        return voice.say("every {days}, counted from {day}", days=days, day=often.anchor.isoformat())
    return voice.say(_CADENCES[often])


def span(voice: Voice, length: Span) -> str:
    return voice.say("at once") if is_at_once(length) else span_name(length, voice.say)


def within(voice: Voice, length: Span) -> str:
    told = span(voice, length)
    return told if is_at_once(length) else voice.say("within {span}", span=told)


def due(voice: Voice, moment: Due, often: Cadence) -> str:
    """The last moment that still counts, of what is due so often."""
    say = voice.say
    day = _day(voice, moment, often)
    parts = [day if moment.time == "24:00" else say("{day}, before {time}", day=day, time=moment.time)]
    if not moment.inclusive:
        parts.append(say("that day itself no longer counts"))
    if moment.holiday is not None:
        parts.append(_shift(voice, moment.holiday))
    return voice.phrases(*parts)


def _day(voice: Voice, moment: Due, often: Cadence) -> str:
    say = voice.say
    from_ = anchor(voice, moment.anchor)
    match moment:
        case Due(after=length) if length is not None:
            return say("{span} after {anchor}", span=span(voice, length), anchor=from_)
        case Due(before=length) if length is not None:
            return say("{span} before {anchor}", span=span(voice, length), anchor=from_)
        case Due(anchor=named) if named != "period_end":
            return from_
    unit = _unit(voice, moment, often)
    if moment.month is not None:
        unit = say("month {month} of {unit}", month=moment.month, unit=unit)
    match moment:
        case Due(day=int() as day):
            return say("day {day} of {unit}", day=day, unit=unit)
        case Due(working_day=int() as day):
            return say("working day {day} of {unit}", day=day, unit=unit)
        case Due(weekday=str() as weekday):
            return say("the {weekday} of {unit}", weekday=say(_WEEKDAYS[weekday]), unit=unit)
        case Due(on=str() as text):
            return _date_in(voice, text, moment, often)
    return unit if often == "daily" and moment.month is None else say("the last day of {unit}", unit=unit)


def _unit(voice: Voice, moment: Due, often: Cadence) -> str:
    match moment.of or "same_period":
        case "same_month":
            return voice.say("the same month")
        case "next_month":
            return voice.say("the next month")
        case "same_period":
            return voice.say("the period itself" if isinstance(often, EveryDays) else _SAME[often])
        case "next_period":
            return voice.say("the next period" if isinstance(often, EveryDays) else _NEXT[often])


def _date_in(voice: Voice, text: str, moment: Due, often: Cadence) -> str:
    """A month and day: of every year where it is due every year, else of the year of the unit."""
    say, day = voice.say, date(voice, text)
    if often != "yearly":
        return say("{date} of the year of {unit}", date=day, unit=_unit(voice, moment, often))
    if moment.of != "same_period":
        return say("{date} of {unit}", date=day, unit=_unit(voice, moment, often))
    return say("by {date}" if moment.time == "24:00" else "{date} of each year", date=day)


def date(voice: Voice, text: str) -> str:
    """A day of any year, given as month and day: 05-31."""
    month, _, day = text.partition("-")
    named = voice.say(_MONTHS[month]) if month in _MONTHS else month
    return voice.say("{day} {month}", day=day.lstrip("0"), month=named)


def _shift(voice: Voice, shift: Shift) -> str:
    is_later = shift.shift == "next_working_day"
    moved = "moved to the next working day if it is not worked" if is_later else _EARLIER
    if not shift.plus:
        return voice.say(moved)
    more = span(voice, WorkingDays(working_days=shift.plus))
    return voice.say("{moved}, and {days} more", moved=voice.say(moved), days=more)


_EARLIER = "moved to the working day before if it is not worked"


def anchor(voice: Voice, day: Anchor) -> str:
    return voice.say(_ANCHORS[day])


def issue(voice: Voice, said: Issue) -> str:
    return voice.say(
        "on working day {count} after the close, at {time}",
        count=said.working_days_after_close,
        time=said.time.strftime("%H:%M"),
    )


def season(voice: Voice, part: Season) -> str:
    if part.months:
        return voice.say("in these months only: {months}", months=voice.listed(map(str, part.months)))
    return voice.say(
        "from {first} to {last} of each year only", first=date(voice, part.first), last=date(voice, part.last)
    )


def window(voice: Voice, days: Window) -> str:
    say = voice.say
    match days:
        case "period":
            return say("in the period")
        case "year_to_date":
            return say("in the year so far")
        case "since_start":
            return say("since the record begins")
        case Last(days=count) if count is not None:
            return say("in the last {span}", span=span(voice, Days(days=count)))
        case Last(months=months):
            return say("in the last {span}", span=span(voice, Months(months=months or 0)))
