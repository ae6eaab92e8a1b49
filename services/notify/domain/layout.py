"""What a document shows, in order, from a statement alone: the same for Word and for a page."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from zoneinfo import ZoneInfo

from services.notify.domain.letter import Letter, letter
from services.notify.domain.sections import NOTED
from services.notify.domain.text import Say, date_of, measure_value, mode_note, term
from shared.core.events import (
    BulletinDrafted,
    BulletinLine,
    BulletinSealed,
    Facts,
    Named,
    NoticeDrafted,
    NoticeServed,
    ReminderSent,
    Split,
)
from shared.core.regime.names import naming

BulletinStatement = BulletinDrafted | BulletinSealed
NoticeStatement = NoticeDrafted | NoticeServed | ReminderSent

# The same for every line of a bulletin: they stand in its text.
_OF_ALL = frozenset({"time_progress"})
_OF_PROJECTS = ("investment_ratio", "deviation_pp")

NUMERALS = (
    "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII", "XIII", "XIV", "XV", "XVI", "XVII",
    "XVIII", "XIX", "XX", "XXI", "XXII", "XXIII", "XXIV", "XXV", "XXVI", "XXVII", "XXVIII",
)  # fmt: skip
"""Fifteen sections, the units, and every kind of subject by which a bulletin may be split."""

HEADS: Mapping[str, str] = {
    "overview": "Overview", "shares": "Starts and structure", "start_rates": "Start rates",
    "ranking": "Places of units", "commended": "Commended", "criticised": "Criticised", "problems": "Problems",
    "not_started": "Projects not started", "behind": "Projects behind schedule",
    "decisions": "Decisions of meetings", "rectifications": "Handling of rectification notices",
    "matters": "Supervised matters", "late_returns": "Late and faulty returns", "unranked": "Work without a place",
    "next_steps": "Next steps",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of cells as they print. The names of things stand in the columns `wide`."""

    caption: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    wide: tuple[int, ...]
    note: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """A numbered head with what stands under it."""

    head: str
    paragraph: str
    tables: tuple[Table, ...] = ()


@dataclass(frozen=True, slots=True)
class BulletinLayout:
    """A bulletin from its head to its date. `marks` stand on every page."""

    marks: tuple[str, ...]
    red_head: str
    number: str
    title: str
    parts: tuple[Part, ...]
    issuer: str
    date: str
    trace: str
    at: datetime


@dataclass(frozen=True, slots=True)
class NoticeLayout:
    marks: tuple[str, ...]
    number: str
    title: str
    letter: Letter


def bulletin_layout(statement: BulletinStatement, say: Say) -> BulletinLayout:
    """Lay a bulletin out; a draft has no number yet and the date of its figures."""
    facts = statement.facts
    say = naming(say, facts.names)
    at = statement.sealed_at if isinstance(statement, BulletinSealed) else facts.as_of
    zone = ZoneInfo(facts.time_zone)
    return BulletinLayout(
        marks=_marks(isinstance(statement, BulletinDrafted), mode_note(facts.mode, say), say),
        red_head=say("{issuer} Document", issuer=facts.issuer),
        number=statement.number if isinstance(statement, BulletinSealed) else _open_number(facts, zone),
        title=facts.title, parts=tuple(_parts(facts, statement.paragraphs, say)), issuer=facts.issuer,
        date=date_of(at, zone, say), trace=_trace(statement, zone, say), at=at,
    )  # fmt: skip


def notice_layout(statement: NoticeStatement, say: Say) -> NoticeLayout:
    parts = letter(statement.text)
    return NoticeLayout(
        marks=_marks(isinstance(statement, NoticeDrafted), parts.note, say),
        number=statement.number if isinstance(statement, NoticeServed) else "",
        title=statement.title,
        letter=parts,
    )


def _marks(is_draft: bool, note: str, say: Say) -> tuple[str, ...]:
    return tuple(mark for mark in (say("Draft for approval") if is_draft else "", note) if mark)


def _open_number(facts: Facts, zone: ZoneInfo) -> str:
    return f"{facts.writes_as}〔{facts.as_of.astimezone(zone).year}〕　号"


def _trace(statement: BulletinStatement, zone: ZoneInfo, say: Say) -> str:
    facts = statement.facts
    return say(
        "(Figures as of {at}, record position {position}, rules {regime} version {version}, digest {digest})",
        at=f"{facts.as_of.astimezone(zone):%Y-%m-%d %H:%M}", position=facts.position, regime=facts.regime,
        version=facts.regime_version, digest=statement.digest,
    )  # fmt: skip


def _parts(facts: Facts, paragraphs: Sequence[str], say: Say) -> Iterator[Part]:
    """The sections that have something to say, numbered; units stand in the ranking, or after it, and then classes."""
    found = [
        (say(HEADS[section]), paragraph, tuple(_tables(section, facts, say)))
        for section, paragraph in zip(facts.sections, paragraphs, strict=True)
    ]
    if "ranking" not in facts.sections and "unit" in facts.by:
        found.append((say("Progress by unit"), "", tuple(_unit_tables(facts.units, facts, say, has_places=False))))
    for split in facts.split:
        head = say("Progress by class: {kind}", kind=term(split.kind, say))
        found.append((head, "", (_split_table(split, say),)))
    shown = [one for one in found if one[1] or one[2]]
    for place, (head, paragraph, tables) in enumerate(shown):
        yield Part(say(f"{NUMERALS[place]}. {{head}}", head=head), paragraph, tables)


def _tables(section: str, facts: Facts, say: Say) -> Iterator[Table]:
    lines = {"not_started": facts.not_started, "behind": facts.behind}.get(section)
    named = {"commended": facts.commended, "criticised": facts.criticised}.get(section)
    if section == "ranking":
        shown = [unit for unit in facts.units if "unranked" not in facts.sections or unit not in facts.unranked]
        yield from _unit_tables(shown, facts, say, has_places=facts.publish != "none")
    elif section == "unranked":
        yield from _unit_tables(facts.unranked, facts, say, has_places=False)
    elif section in NOTED:
        yield from _items_table(facts.noted.get(section, ()), say)
    elif lines:
        yield _project_table(lines, say)
    elif named:
        yield from _named_tables(named, facts, say)


def _named_tables(named: Named, facts: Facts, say: Say) -> Iterator[Table]:
    if named.lines and named.about == "unit":
        yield from _unit_tables(named.lines, facts, say, has_places=facts.publish != "none")
    elif named.lines and named.about == "project":
        yield _project_table(named.lines, say)
    elif named.lines:
        yield _split_table(Split(kind=named.about, lines=named.lines), say)


def _items_table(items: Sequence[str], say: Say) -> Iterator[Table]:
    if items:
        rows = tuple((str(place), item) for place, item in enumerate(items, start=1))
        yield Table("", (say("Place in list"), say("What")), rows, wide=(1,))


def _split_table(split: Split, say: Say) -> Table:
    """One row for each class; of projects, leaders and the like as well."""
    lines = split.lines
    measures = [name for name in lines[0].displayed if name not in _OF_ALL]
    rows = [
        (line.name, "-" if line.project_count is None else str(line.project_count), *_values(line, measures, say))
        for line in lines
    ]
    return Table("", (term(split.kind, say), say("Projects"), *_names(measures, say)), tuple(rows), wide=(0,))


def _project_table(lines: Sequence[BulletinLine], say: Say) -> Table:
    measures = [name for name in _OF_PROJECTS if any(name in line.displayed for line in lines)]
    columns = (say("Place in list"), say("Project"), say("Unit"), *_names(measures, say), say("Light"))
    rows = [
        (str(place), line.name, line.unit_name, *_values(line, measures, say), _light(line, say))
        for place, line in enumerate(lines, start=1)
    ]
    return Table("", columns, tuple(rows), wide=(1, 2))


def _unit_tables(units: Sequence[BulletinLine], facts: Facts, say: Say, *, has_places: bool) -> Iterator[Table]:
    lanes = [(lane, list(lines)) for lane, lines in groupby(units, key=lambda line: line.lane)]
    for lane, lines in lanes:
        caption = say("Lane: {lane}", lane=term(lane, say)) if len(lanes) > 1 else ""
        yield _unit_table(caption, lines, facts, say, has_places=has_places)


def _unit_table(caption: str, lines: Sequence[BulletinLine], facts: Facts, say: Say, *, has_places: bool) -> Table:
    measures = [name for name in lines[0].displayed if name not in _OF_ALL]
    points = list(lines[0].points)
    is_banded = facts.publish == "bands"
    ranks = [(_rank(line, say, is_banded=is_banded),) if has_places else () for line in lines]
    rows = [
        (*rank, line.name, *_values(line, measures, say), _light(line, say), *_points(line, points, say))
        for rank, line in zip(ranks, lines, strict=True)
    ]
    place = (say("Band") if is_banded else say("Place"),) if has_places else ()
    columns = (*place, say("Unit"), *_names(measures, say), say("Light"), *_names(points, say))
    return Table(caption, columns, tuple(rows), wide=(len(place),), note=_tie_note(lines, say) if has_places else "")


def _tie_note(lines: Sequence[BulletinLine], say: Say) -> str:
    shared = [rank for rank, count in Counter(line.rank for line in lines).items() if rank is not None and count > 1]
    return say("Units of equal place stand in no order of merit.") if shared else ""


def _names(names: Sequence[str], say: Say) -> tuple[str, ...]:
    return tuple(term(name, say) for name in names)


def _values(line: BulletinLine, names: Sequence[str], say: Say) -> tuple[str, ...]:
    return tuple(measure_value(name, line.displayed.get(name, "-"), say) for name in names)


def _points(line: BulletinLine, names: Sequence[str], say: Say) -> tuple[str, ...]:
    return tuple(say("not yet judged") if (points := line.points.get(name)) is None else points for name in names)


def _rank(line: BulletinLine, say: Say, *, is_banded: bool) -> str:
    if is_banded:
        return term(line.band, say) if line.band else say("not placed")
    return say("not placed") if line.rank is None else str(line.rank)


def _light(line: BulletinLine, say: Say) -> str:
    words = {"green": say("green"), "yellow": say("yellow"), "red": say("red")}
    return words[line.light] if line.light else say("not yet judged")
