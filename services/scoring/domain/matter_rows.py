"""The matters of somebody as rows: how far is each handled, who has it now, since when is it overdue?"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal

from services.scoring.domain.asked import Asked
from services.scoring.domain.courses import NOTHING, day_text, days
from services.scoring.domain.entries import KeptMatter, MatterMove, MatterStep
from services.scoring.domain.pages import ids_of
from services.scoring.domain.row import Row
from shared.core.ledger import Ledger

Moves = Sequence[MatterMove]

_STATES: Mapping[MatterStep, str] = {
    "opened": "open", "assigned": "assigned", "reported": "reported", "done": "verified", "struck_off": "struck_off",
    "reopened": "reopened",
}  # fmt: skip


def matter_rows(ledger: Ledger, asked: Asked, owner: str) -> Iterator[Row]:
    """The matters about a project, and those of whoever handles them now; of nobody, those about no project."""
    for code in ids_of(ledger, "matter", owner):
        one = ledger.get(KeptMatter, code)
        if one is None or one.list not in {"", asked.list} or (one.project and not asked.listing(ledger, one.project)):
            continue
        if moves := moves_by(one, asked.day):
            row = _row(ledger, asked, code, one, moves)
            if owner in {row.project, row.unit, row.person}:
                yield row


def moves_by(one: KeptMatter, day: date) -> Moves:
    """What had befallen a matter by a day; nothing if it was not open yet."""
    return [move for move in one.moves if move.on <= day] if one.moves[0].on <= day else ()


def times_reminded(ledger: Ledger, asked: Asked, project: str) -> Decimal:
    """How often somebody was reminded of a project's matters."""
    kept = (ledger.get(KeptMatter, code) for code in ids_of(ledger, "matter", project))
    return _count(
        [move for one in kept if one and one.project == project for move in moves_by(one, asked.day)], "reminded"
    )


def _row(ledger: Ledger, asked: Asked, code: str, one: KeptMatter, moves: Moves) -> Row:
    opened, finished = moves[0].on, _finished(moves)
    due = next((move.due_on for move in reversed(moves) if move.due_on), None)
    state, verified = _state(moves), [move for move in moves if move.step in {"done", "not_done"}]
    struck = [move for move in moves if move.step == "struck_off"] if state == "struck_off" else []
    answered = struck[-1].answered if struck else ()
    unit, person = _handlers(moves)
    return Row("matter", code, opened, one.project, unit or asked.lead_unit(ledger, one.project), person, {
        "matter": code, "source": one.source, "state": state, "cause": verified[-1].cause if verified else "",
        "is_reason_accepted": verified[-1].is_reason_accepted if verified else None,
        "is_answered": bool(answered), "answered": " ".join(answered), "is_paused": _is_paused(asked, moves),
        "times_reminded": _count(moves, "reminded"), "times_reopened": _count(moves, "reopened"),
        "days_overdue": days(due, finished or asked.day) if due else NOTHING,
        "days_open": days(opened, struck[-1].on if struck else asked.day), "due_on": day_text(due),
    })  # fmt: skip


def _handlers(moves: Moves) -> tuple[str, str]:
    """The unit and the person that it was given to last."""
    named = [(move.unit, move.person) for move in moves if move.unit or move.person]
    return named[-1] if named else ("", "")


def _count(moves: Moves, step: MatterStep) -> Decimal:
    return Decimal(sum(move.step == step for move in moves))


def _state(moves: Moves) -> str:
    """By the last move that is a step of its life; what was verified as not done is back with whoever handles it."""
    if (last := [move.step for move in moves if move.step in _STATES or move.step == "not_done"][-1]) != "not_done":
        return _STATES[last]
    return "assigned" if any(move.step == "assigned" for move in moves) else "open"


def _finished(moves: Moves) -> date | None:
    """The day on which it was reported as done, where nobody has denied that, or struck off: then the clock stops."""
    finished: date | None = None
    for move in moves:
        if move.step in {"reported", "struck_off"}:
            finished = finished or move.on
        elif move.step in {"not_done", "reopened"}:
            finished = None
    return finished


def _is_paused(asked: Asked, moves: Moves) -> bool:
    """Paused until a day, or until the office's next act; an objection pauses by itself where the regime says so."""
    contested, paused = False, None
    for move in moves:
        if move.step == "paused":
            paused = move
        elif move.step == "contested":
            contested = True
        elif move.step != "reported":
            contested = contested and move.step != "decided"
            paused = paused if paused and paused.until_on else None
    right = asked.regime.appeal_right
    by_objection = contested and right is not None and right.pauses == "steps"
    return by_objection or (paused is not None and (paused.until_on is None or asked.day <= paused.until_on))
