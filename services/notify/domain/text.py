"""The words of reminders, notices and bulletins, from the facts and the catalogue."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from zoneinfo import ZoneInfo

from shared.core.calendar import Moment, Period
from shared.core.events import Facts, Item, ListPublished, Mode, UnitRegistered
from shared.core.ledger import Ledger
from shared.core.regime.model import Regime, Step
from shared.core.register import opening, zone_of

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
MONEY = {"元": "yuan", "万元": "ten thousand yuan", "亿元": "hundred million yuan"}


class Say(Protocol):
    """The catalogue in the language of the document: a sentence with its blanks filled."""

    def __call__(self, sentence: str, /, **blanks: object) -> str: ...


@dataclass(frozen=True, slots=True)
class Letter:
    """The text of a notice by its parts; `note` says that figures are invented, where they are."""

    addressee: str
    body: tuple[str, ...]
    issuer: str
    date: str
    note: str


def period_name(period: str, say: Say) -> str:
    """A period as people write it; raises ValueError for what is not a period."""
    parsed = Period.parse(period)
    names = {"monthly": MONTHS, "quarterly": QUARTERS, "half_year": HALVES}.get(parsed.cadence, ("{year}",))
    return say(names[parsed.number - 1], year=parsed.year)


def measure_name(name: str, say: Say) -> str:
    """The catalogue's name of a measure or of a component of points; one that it lacks is read as words."""
    said = say(name)
    return said if said != name else name.replace("_pp", "_(pp)").replace("_", " ")


def measure_value(name: str, displayed: str, say: Say) -> str:
    """A measure as it prints, except that a yes or no is a word."""
    if not name.endswith("_met"):
        return displayed
    return {"1": say("yes"), "0": say("no")}.get(displayed, say("not yet judged"))


def mode_note(mode: Mode, say: Say) -> str:
    match mode:
        case "simulated":
            return say("(Simulated jurisdiction: figures are invented.)")
        case "imported":
            return say("(Imported jurisdiction: single figures are invented to add up to published totals.)")
        case "live":
            return ""


def date_of(at: datetime, zone: ZoneInfo, say: Say) -> str:
    local = at.astimezone(zone)
    return say("{year}-{month:02}-{day:02}", year=local.year, month=local.month, day=local.day)


def notice_title(step: Step, say: Say) -> str:
    match step.step:
        case "due_reminder":
            return say("Supervision reminder")
        case "supervision_letter":
            return say("Supervision letter")
        case "rectification_notice":
            return say("Rectification notice")


def notice_text(  # what a notice is about, in the order in which it says so
    ledger: Ledger, moment: Moment, regime: Regime, step: Step, unit: str, items: Sequence[Item], say: Say
) -> str:
    """Addressee, facts one project a line, and what is asked by when."""
    addressee = ledger.get(UnitRegistered, unit)
    lines = [
        say("To {unit}:", unit=_one_line(addressee.name if addressee else unit)),
        say(
            "At the end of {period}, the following of {list} met the rule for supervision:",
            period=period_name(moment.period, say), list=_one_line(_list_name(ledger, moment)),
        ),
        *(_fact(place, item, say) for place, item in enumerate(items, start=1)),
        _request(step, say),
        _one_line(regime.issuer.body),
        date_of(moment.at, zone_of(ledger), say),
    ]  # fmt: skip
    return "\n".join([*lines, mode_note(opening(ledger).mode, say)]).rstrip("\n")


def letter(text: str) -> Letter:
    """Take the text of a notice apart again, line by line as `notice_text` puts it together."""
    addressee, *lines = text.split("\n")
    note = lines.pop() if lines and lines[-1].startswith(("(", "（")) else ""
    date, issuer = (lines.pop() if lines else "" for _ in range(2))
    return Letter(addressee, tuple(lines), issuer, date, note)


def overview(facts: Facts, say: Say) -> str:
    sentence = say(
        "By the end of {period}, the {count} projects had completed {done} {unit} of investment, "
        "{ratio} of the annual plan of {plan} {unit}.",
        period=period_name(facts.period, say),
        count=facts.project_count,
        done=_amount(facts, "investment_completed"),
        plan=_amount(facts, "annual_planned_investment"),
        unit=say(MONEY.get(facts.money_unit, facts.money_unit)),
        ratio=facts.totals.get("investment_ratio", "-"),
    )
    count = facts.not_judged_count
    return sentence + (say(" {count} of them are not judged.", count=count) if count else "")


def shares(facts: Facts, say: Say) -> str:
    counted = {name: value for name, value in facts.totals.items() if name.endswith(("_share", "_rate"))}
    named = [say("{name} {value}", name=measure_name(name, say), value=value) for name, value in counted.items()]
    return say("By count: {shares}.", shares=say("; ").join(named)) if named else ""


def ranking(facts: Facts, say: Say) -> str:
    first = [unit.name for unit in facts.units if unit.rank == 1]
    return say("Ranked first: {units}.", units=say(", ").join(first)) if first else ""


def not_started(facts: Facts, say: Say) -> str:
    names = [line.name for line in facts.not_started]
    return say("Not started, {count}: {names}.", count=len(names), names=say(", ").join(names)) if names else ""


def behind(facts: Facts, say: Say) -> str:
    names = [line.name for line in facts.behind]
    return (
        say("Behind time progress, {count}: {names}.", count=len(names), names=say(", ").join(names)) if names else ""
    )


def _fact(place: int, item: Item, say: Say) -> str:
    known = {name: value for name, value in item.displayed.items() if value != "-"}
    figures = say("; ").join(
        say("{name} {value}", name=measure_name(name, say), value=measure_value(name, value, say))
        for name, value in known.items()
    )
    return say("{place}. {name}: {figures}.", place=place, name=_one_line(item.name), figures=figures)


def _request(step: Step, say: Say) -> str:
    if step.rectify_within:
        return say(
            "Please rectify within {days} working days of service and report the result with evidence.",
            days=step.rectify_within.working_days,
        )
    if step.unsigned:
        return say("Please speed up and report on time. This reminder is sent by the calendar, without a signature.")
    return say("Please find the causes, speed up, and report in writing what was done.")


def _amount(facts: Facts, name: str) -> str:
    """Prose leaves the zeros out that a table keeps: 39.8, not 39.80."""
    printed = facts.amounts.get(name, "-")
    return printed.rstrip("0").rstrip(".") if "." in printed else printed


def _list_name(ledger: Ledger, moment: Moment) -> str:
    published = ledger.get(ListPublished, f"{moment.list}/{moment.period[:4]}")
    return published.name if published else moment.list


def _one_line(name: str) -> str:
    # The text is read back by its lines: a name with a line break in it could pass for another line.
    return " ".join(name.split())
