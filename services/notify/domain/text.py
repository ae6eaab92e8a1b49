"""The words that notices and bulletins share: terms of the regime, measures, dates."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol
from zoneinfo import ZoneInfo

from shared.core.events import Mode
from shared.core.regime.names import in_column

MONEY = {"元": "yuan", "万元": "ten thousand yuan", "亿元": "hundred million yuan"}


class Say(Protocol):
    """The catalogue in the language of the document: a sentence with its blanks filled."""

    def __call__(self, sentence: str, /, **blanks: object) -> str: ...


def term(name: str, say: Say) -> str:
    """The catalogue's word for an identifier of the regime; one that it lacks is read as words."""
    said = say(name)
    return said if said != name else name.replace("_pp", "_(pp)").replace("_", " ")


def terms(names: Sequence[str], say: Say) -> str:
    return listed([term(name, say) for name in names], say)


def listed(names: Sequence[str], say: Say) -> str:
    return say(", ").join(names)


def measure_value(name: str, displayed: str, say: Say) -> str:
    """A measure, or a column of a row, as it prints, except that a yes or no, and a code, is a word."""
    if name.endswith("_met"):
        return {"1": say("yes"), "0": say("no")}.get(displayed, say("not yet judged"))
    return {"True": say("yes"), "False": say("no")}.get(displayed) or in_column(name, displayed, say)


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


def one_line(name: str) -> str:
    """A name without line breaks: a text that is read back by its lines must not take it for another line."""
    return " ".join(name.split())
