"""What a document shows, in order, from a statement alone: the same for Word and for a page."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from zoneinfo import ZoneInfo

from services.notify.domain.text import Letter, Say, date_of, letter, measure_name, measure_value, mode_note
from shared.core.events import (
    BulletinDrafted,
    BulletinLine,
    BulletinSealed,
    Facts,
    NoticeDrafted,
    NoticeServed,
    ReminderSent,
)

BulletinStatement = BulletinDrafted | BulletinSealed
NoticeStatement = NoticeDrafted | NoticeServed | ReminderSent

# The same for every line of a bulletin: they stand in its text.
_OF_ALL = frozenset({"time_progress"})
_OF_PROJECTS = ("investment_ratio", "deviation_pp")


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
    """The sections that have something to say, numbered; units stand in the ranking, or last."""
    found = [
        (_head(section, say), paragraph, tuple(_tables(section, facts, say)))
        for section, paragraph in zip(facts.sections, paragraphs, strict=True)
    ]
    if "ranking" not in facts.sections:
        found.append((say("Progress by unit"), "", tuple(_unit_tables(facts, say))))
    shown = [one for one in found if one[1] or one[2]]
    for place, (head, paragraph, tables) in enumerate(shown):
        yield Part(_numbered(place, head, say), paragraph, tables)


def _numbered(place: int, head: str, say: Say) -> str:
    return (
        say("I. {head}", head=head), say("II. {head}", head=head), say("III. {head}", head=head),
        say("IV. {head}", head=head), say("V. {head}", head=head), say("VI. {head}", head=head),
    )[place]  # fmt: skip


def _head(section: str, say: Say) -> str:
    return {
        "overview": say("Overview"), "shares": say("Starts and structure"), "ranking": say("Places of units"),
        "not_started": say("Projects not started"), "behind": say("Projects behind schedule"),
    }[section]  # fmt: skip


def _tables(section: str, facts: Facts, say: Say) -> Iterator[Table]:
    if section == "ranking":
        yield from _unit_tables(facts, say)
    elif section in {"not_started", "behind"}:
        lines = facts.not_started if section == "not_started" else facts.behind
        if lines:
            yield _project_table(lines, say)


def _project_table(lines: Sequence[BulletinLine], say: Say) -> Table:
    measures = [name for name in _OF_PROJECTS if any(name in line.displayed for line in lines)]
    columns = (say("Place in list"), say("Project"), say("Unit"), *_names(measures, say), say("Light"))
    rows = [
        (str(place), line.name, line.unit_name, *_values(line, measures, say), _light(line, say))
        for place, line in enumerate(lines, start=1)
    ]
    return Table("", columns, tuple(rows), wide=(1, 2))


def _unit_tables(facts: Facts, say: Say) -> Iterator[Table]:
    lanes = [(lane, list(lines)) for lane, lines in groupby(facts.units, key=lambda line: line.lane)]
    for lane, lines in lanes:
        caption = say("Lane: {lane}", lane=say(lane)) if len(lanes) > 1 else ""
        yield _unit_table(caption, lines, "ranking" in facts.sections, say)


def _unit_table(caption: str, lines: Sequence[BulletinLine], is_ranked: bool, say: Say) -> Table:
    measures = [name for name in lines[0].displayed if name not in _OF_ALL]
    points = list(lines[0].points)
    ranks = [(_rank(line, say),) if is_ranked else () for line in lines]
    rows = [
        (*rank, line.name, *_values(line, measures, say), _light(line, say), *_points(line, points, say))
        for rank, line in zip(ranks, lines, strict=True)
    ]
    place = (say("Place"),) if is_ranked else ()
    columns = (*place, say("Unit"), *_names(measures, say), say("Light"), *_names(points, say))
    return Table(caption, columns, tuple(rows), wide=(len(place),), note=_tie_note(lines, say) if is_ranked else "")


def _tie_note(lines: Sequence[BulletinLine], say: Say) -> str:
    shared = [rank for rank, count in Counter(line.rank for line in lines).items() if rank is not None and count > 1]
    return say("Units of equal place stand in no order of merit.") if shared else ""


def _names(names: Sequence[str], say: Say) -> tuple[str, ...]:
    return tuple(measure_name(name, say) for name in names)


def _values(line: BulletinLine, names: Sequence[str], say: Say) -> tuple[str, ...]:
    return tuple(measure_value(name, line.displayed.get(name, "-"), say) for name in names)


def _points(line: BulletinLine, names: Sequence[str], say: Say) -> tuple[str, ...]:
    return tuple(say("not yet judged") if (points := line.points.get(name)) is None else points for name in names)


def _rank(line: BulletinLine, say: Say) -> str:
    return say("not placed") if line.rank is None else str(line.rank)


def _light(line: BulletinLine, say: Say) -> str:
    words = {"green": say("green"), "yellow": say("yellow"), "red": say("red")}
    return words[line.light] if line.light else say("not yet judged")
