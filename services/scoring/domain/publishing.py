"""What hangs for all to see and must be renewed, and what the public is owed an answer to."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime

from services.scoring.domain.boards import board_row, filed, is_approved
from services.scoring.domain.calls import (
    Covered,
    address,
    anchors,
    calendar_on,
    call,
    covered,
    is_late,
    is_told,
    within,
)
from services.scoring.domain.entries import KeptMatter, MatterMove
from services.scoring.domain.measure import Measuring
from services.scoring.domain.row_subject import RowSubject
from services.scoring.domain.view import View
from shared.core.calendar import end_of
from shared.core.deadlines import due_at
from shared.core.decisions import Decision
from shared.core.period import Period
from shared.core.regime.publishing import ANSWERED, Board, Publication, PublicChannel
from shared.core.regime.terms import Table

_TOLD_BY: Mapping[str, Table] = {
    "progress": "return", "investment": "return", "light": "return", "milestones": "milestone",
}  # fmt: skip
"""The table that has something new for a column; the others change only when what they say does."""


def publishing(view: View) -> Iterator[Decision]:
    publication = view.regime.publication
    if publication is not None:
        for board in publication.boards:
            yield from _board(view, publication, board)
        yield from _answers(view, publication)


def _board(view: View, publication: Publication, board: Board) -> Iterator[Decision]:
    """One that is renewed is due as long as an object has nothing new in it (002: 「每月都要进行更换」).

    Where only what is approved may be shown, only a return that was approved is something new. With what is to be done
    goes what is to stand there, object by object.
    """
    whole, name = view.subject("list", ""), f"publication/boards/{board.id}"
    objects = [one for one in covered(view, "project", board.among) if isinstance(one, Measuring)]
    facts: dict[str, object] = {"place": board.place, "secrecy_review": publication.secrecy_review}
    facts |= {f"row {one.code}": board_row(view, board, one) for one in objects}
    if board.renewed is None:
        facts["columns"] = board.columns
        due = _due(view, board, Period.holding(view.day, "yearly"), whole)
        yield call("publication", name, whole, "put_up", of=board, due_at=due, facts=facts)
        return
    period = Period.holding(view.day, board.renewed)
    columns = board.renewed_columns or board.columns
    tables = {_TOLD_BY[column] for column in columns if column in _TOLD_BY}
    if old := tuple(one.code for one in objects if not _is_renewed(view, board, one, tables, period)):
        due = _due(view, board, period, whole) or end_of(period.last_day, view.zone)
        # Where nothing on record tells of a change, the board is due in each period, and whether it is late is unknown.
        facts |= {"period": period, "columns": columns, "not_renewed": old}
        facts |= {"is_late": is_late(view, due) if tables else None}
        yield call("publication", name, whole, "renew", of=board, due_at=due, facts=facts)


def _due(view: View, board: Board, period: Period, whole: Covered) -> datetime | None:
    if board.due is None:
        return None
    return due_at(period, board.due, calendar_on(view, period.first_day), view.zone, anchors(view, whole))


def _is_renewed(view: View, board: Board, one: Measuring, tables: set[Table], period: Period) -> bool:
    """Whether each of the tables has had something new in the period: a return that came, a milestone that is reached.

    A return is new in the month in which it came, whatever month it is about. Of columns that no table tells of (name,
    owner, leader) nobody can tell that they were renewed.
    """
    came = [each.recorded_on for each in filed(view, one) if not board.approved_only or is_approved(view, one, each)]
    reached = [
        row.on for row in view.rows_of(one, "milestone") if row.cells.get("state") in {"reached", "reached_late"}
    ]
    days: Mapping[str, list[date]] = {"return": came, "milestone": reached}
    return bool(tables) and all(any(period.first_day <= day for day in days[table]) for table in tables)


def _answers(view: View, publication: Publication) -> Iterator[Decision]:
    """What came by a channel names it as its basis; what names none is answered by the first of the channels."""
    channels = [one for one in publication.channels if one.opens_matter and one.kind in ANSWERED]
    for one in view.row_subjects("matter") if channels else ():
        if one.row.cells.get("source") == "public_report":
            kept = view.ledger.get(KeptMatter, one.row.id)
            named = (channel for channel in channels if kept and channel.id == kept.basis)
            yield from _answer(view, next(named, channels[0]), one, kept.moves if kept else ())


def _answer(view: View, channel: PublicChannel, one: RowSubject, moves: Sequence[MatterMove]) -> Iterator[Decision]:
    """Each report is answered in time, and rewarded in the period in which it ends, if it proved true.

    000-2: 「有奖举报制度」.
    """
    rule, to = f"publication/channels/{channel.id}", (address("public"),)
    if not is_told(one.row, "public"):
        due = within(view, one.row.on, channel.answer_within)
        yield call("answer", rule, one, "answer", of=channel, by=channel.received_by, form="owes", to=to, due_at=due)
    if channel.rewarded and one.row.cells.get("state") == "struck_off" and _is_founded(view, moves):
        yield call("reward", rule, one, "reward_reporter", of=channel, by=channel.received_by, to=to)


def _is_founded(view: View, moves: Sequence[MatterMove]) -> bool:
    """Whether what was reported was verified to be so, and struck off in the view's period."""
    known = [move for move in moves if move.on <= view.day]
    verified = [move.step for move in known if move.step in {"done", "not_done"}]
    ended = [move.on for move in known if move.step == "struck_off"]
    return verified[-1:] == ["done"] and ended[-1] >= view.period.first_day
