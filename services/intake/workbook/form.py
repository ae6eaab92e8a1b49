"""Which sheets, columns and lines has the workbook of a unit's return for a period?

Everything is text here, in one canonical form for each kind of cell, so that what comes back can be compared with what
was given out: an amount in the form's money unit and a share with 1 = 100 % as plain decimals, a date in ISO form, a
stage by its code, `yes`.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Literal

from services.intake.domain.asked import Asked
from shared.core.calendar import Cadence, Period
from shared.core.numbers import EXACT, YUAN_PER, MoneyUnit
from shared.core.regime.management import Field
from shared.core.time_names import period_name
from shared.infra.texts import Locale, Texts

VERSION = 1
"""Of the form's own shape: an older workbook is refused, not misread."""

Kind = Literal["text", "amount", "share", "date", "stage", "yes", "basis"]
Key = Literal[
    "code", "name", "plan", "last", "stage_now", "investment_ytd_yuan", "investment_in_period_yuan",
    "funds_in_place_yuan", "funds_paid_yuan", "physical_progress_ratio", "stage", "stage_on", "basis", "narrative",
    "next_plan", "problems", "experience", "suggestions", "is_nil", "reason", "item", "item_name", "due_on",
    "reached_on", "office", "state", "filed_on",
]  # fmt: skip
What = Literal["return", "milestones", "permits"]
_NAME_MAX, _TEXT_MAX = 255, 3000
"""A line of the form fits into one cell of the sheet that nobody sees."""
_TO_FILE = frozenset({"", "returned"})


@dataclass(frozen=True, slots=True)
class Column:
    """`key` says what stands in it; `title` is its heading, with the unit of its numbers."""

    key: Key
    title: str
    kind: Kind
    width: int


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a sheet: the project's, or that of its milestone or permit `item`.

    `cells` are as they were given out; `open` are the places of those that people fill. `event` is the return that
    was made already, `since` when something befell it last: a correction is one of what it was then.
    `office` is the code of the permit's.
    """

    project: str
    item: str
    cells: tuple[str, ...]
    open: tuple[int, ...]
    event: str = ""
    since: str = ""
    office: str = ""


@dataclass(frozen=True, slots=True)
class Sheet:
    what: What
    name: str
    columns: tuple[Column, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """All of a form but its lines. `foot` are the places for names, phone, seal and date, which are never read.

    `bases` are those on which a stage counts, each by its code and in words.
    """

    version: int = VERSION
    jurisdiction: str
    unit: str
    period: str
    cadence: Cadence
    locale: Locale
    money_unit: MoneyUnit
    title: str
    about: tuple[str, ...]
    foot: tuple[str, ...]
    bases: tuple[tuple[str, str], ...] = ()
    sheets: tuple[Sheet, ...]


@dataclass(frozen=True, slots=True)
class Form:
    """`lines` are those of each sheet, in its order."""

    heading: Heading
    lines: tuple[tuple[Line, ...], ...]


def form_of(
    asked: Sequence[Asked], *, jurisdiction: str, unit: str, period: Period, locale: Locale,
    name_of: Callable[[str], str], local: Callable[[datetime], datetime],
) -> Form:  # fmt: skip
    """The form of what is asked of a unit for a period; of nothing, an empty one.

    `name_of` is that of a unit by its code, `local` an instant in the place's own time.
    """
    say, units = Texts.load(locale), {one.money_unit for one in asked}
    money: MoneyUnit = next((unit for unit in YUAN_PER if unit in units), "万元")
    drawn = [
        (sheet, lines) for sheet, lines in (
            _returns(asked, say, money), _milestones(asked, say), _permits(asked, say, name_of)
        ) if lines or sheet.what == "return"
    ]  # fmt: skip
    heading = Heading(
        jurisdiction=jurisdiction, unit=unit, period=str(period), cadence=period.cadence, locale=locale,
        money_unit=money, title=_title(period, say),
        about=tuple(_about(asked, say, name_of(unit), money, local)), foot=_foot(say),
        bases=tuple(_bases(asked, say)),
        sheets=tuple(sheet for sheet, _ in drawn),
    )  # fmt: skip
    return Form(heading, tuple(lines for _, lines in drawn))


def word(code: str, say: Texts) -> str:
    """A word of the vocabulary; English has no entry of its own for what its code says."""
    said = say(code)
    return said if said != code else code.replace("_", " ")


def _bases(asked: Sequence[Asked], say: Texts) -> Iterator[tuple[str, str]]:
    titles = {code: title for one in asked for code, title in one.titles.items()}
    for code in dict.fromkeys(code for one in asked for code in one.bases):
        title = titles.get(code)
        yield code, word(code, say) if title is None else title.en if say.locale == "en" else title.zh


def in_unit(yuan: Decimal, unit: MoneyUnit) -> Decimal:
    return EXACT.divide(yuan, YUAN_PER[unit])


def plain(value: Decimal) -> str:
    """A number without exponent and needless zeros: 12000000, 0.5."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _title(period: Period, say: Texts) -> str:
    names = {
        "daily": say("daily return"), "weekly": say("weekly return"), "ten_days": say("ten-day return"),
        "half_month": say("half-month return"), "monthly": say("monthly return"),
        "quarterly": say("quarterly return"), "half_year": say("half-year return"), "yearly": say("yearly return"),
    }  # fmt: skip
    name = names.get(str(period.cadence), say("return"))
    return say("Key projects: {name}, {period}", name=name, period=period_name(str(period), say))


def _about(
    asked: Sequence[Asked], say: Texts, unit_name: str, money: MoneyUnit, local: Callable[[datetime], datetime]
) -> Iterator[str]:
    yield say("Filed by: {unit}", unit=unit_name)
    due = min((one.due for one in asked if one.due), default=None)
    yield say("Due by: {at}", at=_clock(local(due))) if due else say("No day is named for it.")
    yield say("Amounts in {unit}", unit=say(money))


def _clock(at: datetime) -> str:
    """What ends with a day is due at its 24:00, not at 00:00 of the next."""
    if at.time() == time(0):
        return f"{at - timedelta(days=1):%Y-%m-%d} 24:00"
    return f"{at:%Y-%m-%d %H:%M}"


def _foot(say: Texts) -> tuple[str, ...]:
    return (
        say("Prepared by:"), say("Checked by:"), say("Head of the unit (signature):"), say("Telephone:"),
        say("Seal of the unit:"), say("Date:"),
    )  # fmt: skip


# --- the return ---------------------------------------------------------------------------------------------------


def _returns(asked: Sequence[Asked], say: Texts, money: MoneyUnit) -> tuple[Sheet, tuple[Line, ...]]:
    columns = tuple(_columns(asked, say, money))
    return Sheet("return", say("Return"), columns), tuple(_line(one, columns, say, money) for one in asked)


def _columns(asked: Sequence[Asked], say: Texts, money: MoneyUnit) -> Iterator[Column]:
    fields = {field for one in asked for field in one.fields}
    in_money = say(money)
    yield Column("code", say("Code"), "text", 10)
    yield Column("name", say("Project"), "text", 22)
    if any(one.annual_plan_yuan is not None for one in asked):
        yield Column("plan", say("Plan of the year ({unit})", unit=in_money), "amount", 11)
    if "investment" in fields:
        yield Column("last", say("Completed by the last return ({unit})", unit=in_money), "amount", 12)
    if "stage" in fields:
        yield Column("stage_now", say("Present stage"), "text", 9)
    for field, columns in _asked_columns(say, in_money, has_bases=any(one.bases for one in asked)).items():
        if field in fields:
            yield from columns
    if any(one.takes_nil for one in asked):
        yield Column("is_nil", say("Nil return (nothing happened)"), "yes", 8)
    if any(one.is_made for one in asked):
        yield Column("reason", say("Reason of the correction"), "text", 14)


def _asked_columns(say: Texts, money: str, *, has_bases: bool) -> Mapping[Field, Sequence[Column]]:
    basis = [Column("basis", say("Basis of the new stage"), "basis", 11)] if has_bases else []
    ytd = say("Completed in the year to date ({unit})", unit=money)
    return {
        "investment": [Column("investment_ytd_yuan", ytd, "amount", 12)],
        "investment_in_period": [
            Column("investment_in_period_yuan", say("Completed in the period ({unit})", unit=money), "amount", 13)
        ],
        "funds": [
            Column("funds_in_place_yuan", say("Funds in place ({unit})", unit=money), "amount", 12),
            Column("funds_paid_yuan", say("Funds paid ({unit})", unit=money), "amount", 12),
        ],
        "physical_progress": [Column("physical_progress_ratio", say("Physical progress (%)"), "share", 9)],
        "stage": [
            Column("stage", say("New stage, if it has changed"), "stage", 13),
            Column("stage_on", say("Day of the new stage"), "date", 11),
            *basis,
        ],
        "narrative": [Column("narrative", say("Progress"), "text", 26)],
        "next_plan": [Column("next_plan", say("Plan for the next period"), "text", 20)],
        "problems": [Column("problems", say("Problems"), "text", 20)],
        "experience": [Column("experience", say("Experience"), "text", 20)],
        "suggestions": [Column("suggestions", say("Suggestions"), "text", 20)],
    }


_OF_FIELD: Mapping[Key, Field] = {
    "investment_ytd_yuan": "investment", "investment_in_period_yuan": "investment_in_period",
    "funds_in_place_yuan": "funds", "funds_paid_yuan": "funds", "physical_progress_ratio": "physical_progress",
    "stage": "stage", "stage_on": "stage", "basis": "stage", "narrative": "narrative", "next_plan": "next_plan",
    "problems": "problems", "experience": "experience", "suggestions": "suggestions",
}  # fmt: skip
_OF_MADE = frozenset({"investment_ytd_yuan", "reason", "stage", "stage_on", "basis"})
"""What is open of a return that was made: its amount can be corrected, the rest of it withdrawn and reported anew."""


def _line(one: Asked, columns: Sequence[Column], say: Texts, money: MoneyUnit) -> Line:
    open_ = tuple(place for place, column in enumerate(columns) if _is_open(one, column.key))
    cells = tuple(_given(one, column.key, say, money) for column in columns)
    event, since = (one.made.event, one.made.since.isoformat()) if one.made else ("", "")
    return Line(one.project, "", cells, open_, event if one.is_made else "", since)


def _is_open(one: Asked, key: Key) -> bool:
    if key == "is_nil":
        return one.takes_nil and not one.is_made
    if key == "reason":
        return one.is_made
    return _OF_FIELD.get(key) in one.fields and (not one.is_made or key in _OF_MADE)


def _given(one: Asked, key: Key, say: Texts, money: MoneyUnit) -> str:
    """What is known of a project before anybody fills in anything."""
    match key:
        case "code":
            return one.project
        case "name":
            return one.name[:_NAME_MAX]
        case "plan":
            return _amount(one.annual_plan_yuan, money)
        case "last":
            is_of_year = one.last is not None and Period.parse(one.last.said.period).year == one.year
            return _amount(one.last.investment_ytd_yuan, money) if one.last and is_of_year else ""
        case "stage_now":
            return word(one.stage, say) if one.stage else ""
        case "is_nil":
            return "yes" if one.made and one.made.said.is_nil else ""
        case "investment_ytd_yuan":
            return _amount(one.made.investment_ytd_yuan, money) if one.made else ""
    return _said(one, key, money) if _OF_FIELD.get(key) in one.fields else ""


_LASTING = frozenset({"funds_in_place_yuan", "funds_paid_yuan", "physical_progress_ratio"})
"""Sums so far, which stay true while nothing happens: they are prefilled with what the last return said."""


def _said(one: Asked, key: Key, money: MoneyUnit) -> str:
    """What the return of the period said; of sums so far, else what the last one did."""
    told = one.made or (one.last if key in _LASTING else None)
    value = getattr(told.said, key, None) if told else None
    if isinstance(value, Decimal):
        return _amount(value, money) if key.endswith("_yuan") else plain(value)
    return value if isinstance(value, str) and len(value) <= _TEXT_MAX else ""


def _amount(yuan: Decimal | None, money: MoneyUnit) -> str:
    return "" if yuan is None else plain(in_unit(yuan, money))


# --- milestones and permits ---------------------------------------------------------------------------------------


def _milestones(asked: Sequence[Asked], say: Texts) -> tuple[Sheet, tuple[Line, ...]]:
    columns = (
        Column("code", say("Code"), "text", 10), Column("name", say("Project"), "text", 22),
        Column("item", say("Code of the milestone"), "text", 14),
        Column("item_name", say("Milestone"), "text", 28), Column("due_on", say("Due on"), "date", 12),
        Column("reached_on", say("Reached on"), "date", 12),
    )  # fmt: skip
    lines = (
        Line(one.project, node.id, (*_whose(one), node.id, node.name[:_NAME_MAX], _day(node.due_on), ""), (5,))
        for one in asked if "milestones" in one.fields for node in one.milestones
    )  # fmt: skip
    return Sheet("milestones", say("milestones"), columns), tuple(lines)


def _permits(asked: Sequence[Asked], say: Texts, name_of: Callable[[str], str]) -> tuple[Sheet, tuple[Line, ...]]:
    columns = (
        Column("code", say("Code"), "text", 10), Column("name", say("Project"), "text", 22),
        Column("item", say("Code of the permit"), "text", 14), Column("item_name", say("Permit"), "text", 28),
        Column("office", say("Permit office"), "text", 16), Column("due_on", say("Due on"), "date", 12),
        Column("state", say("How it stands"), "text", 12), Column("filed_on", say("Filed on"), "date", 12),
    )  # fmt: skip
    lines = (
        Line(
            one.project, permit.id,
            (*_whose(one), permit.id, permit.name[:_NAME_MAX], name_of(permit.office)[:_NAME_MAX], _day(permit.due_on),
             word(permit.state, say) if permit.state else "", ""),
            (7,) if permit.state in _TO_FILE else (), office=permit.office,
        )
        for one in asked if "permits" in one.fields for permit in one.permits
    )  # fmt: skip
    return Sheet("permits", say("permits"), columns), tuple(lines)


def _whose(one: Asked) -> tuple[str, str]:
    return one.project, one.name[:_NAME_MAX]


def _day(day: date | None) -> str:
    return day.isoformat() if day else ""
