"""How are periods and lengths of time written for people?"""

from shared.core.period import Period
from shared.core.regime.due import Days, Hours, Months, Span, WorkingDays
from shared.core.regime.names import Translate

MONTHS = (
    "January {year}",
    "February {year}",
    "March {year}",
    "April {year}",
    "May {year}",
    "June {year}",
    "July {year}",
    "August {year}",
    "September {year}",
    "October {year}",
    "November {year}",
    "December {year}",
)
QUARTERS = ("Q1 {year}", "Q2 {year}", "Q3 {year}", "Q4 {year}")
HALVES = ("first half of {year}", "second half of {year}")
TEN_DAYS = ("{year}-{month:02}, days 1–10", "{year}-{month:02}, days 11–20", "{year}-{month:02}, from day 21")
HALF_MONTHS = ("{year}-{month:02}, days 1–15", "{year}-{month:02}, from day 16")


def period_name(period: str, say: Translate) -> str:
    """A period as people write it; raises ValueError for what is not a period."""
    parsed = Period.parse(period)
    first, last, number = parsed.first_day, parsed.last_day, parsed.number
    names = {
        "monthly": MONTHS, "quarterly": QUARTERS, "half_year": HALVES, "ten_days": TEN_DAYS, "half_month": HALF_MONTHS,
    }.get(str(parsed.cadence))  # fmt: skip
    if names is not None:
        return say(names[number - 1], year=first.year, month=first.month)
    if parsed.cadence == "yearly":
        return say("{year}", year=first.year)
    if parsed.cadence == "weekly":
        return say("week {number} of {year}", number=number, year=first.isocalendar().year)
    if first == last:
        return say("{year}-{month:02}-{day:02}", year=first.year, month=first.month, day=first.day)
    return say("{first} to {last}", first=first.isoformat(), last=last.isoformat())


def span_name(span: Span, say: Translate) -> str:
    """A length of time as people write it."""
    match span:
        case Days(days=count):
            return say("{count} day" if count == 1 else "{count} days", count=count)
        case WorkingDays(working_days=count):
            return say("{count} working day" if count == 1 else "{count} working days", count=count)
        case Hours(hours=count):
            return say("{count} hour" if count == 1 else "{count} hours", count=count)
        case Months(months=count):
            return say("{count} month" if count == 1 else "{count} months", count=count)


def is_at_once(span: Span) -> bool:
    return span in {Days(days=0), WorkingDays(working_days=0), Hours(hours=0), Months(months=0)}
