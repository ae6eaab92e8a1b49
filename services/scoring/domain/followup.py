"""What each supervised matter calls for: its opening and handing over, reminders, verification, and a proper end.

And the clocks of an objection: while it waits for its decision no step is taken, where the regime says so.
"""

from collections.abc import Container, Iterator, Mapping, Sequence
from datetime import date

from services.scoring.domain.calls import OFFICE, address, addressees, call, is_late, is_told, row_facts, within
from services.scoring.domain.chains import Act, chain_named, turn
from services.scoring.domain.entries import KeptMatter, KeptRound, MatterMove
from services.scoring.domain.row_subject import RowSubject
from services.scoring.domain.view import View
from shared.core.calendar import end_of
from shared.core.decisions import Addressee, Decision
from shared.core.regime.due import Days
from shared.core.regime.holds import CellValue
from shared.core.regime.language import ChainStep
from shared.core.regime.pursuit import AppealRight, MatterRules
from shared.core.regime.terms import Table

_FACTS = ("source", "state", "due_on", "days_overdue", "times_reminded", "times_reopened")
_OPENED_BY: Mapping[str, Table] = {"finding": "finding", "problem": "problem"}
"""What becomes a matter only by being opened. What a meeting decides is one at once, the rest is told as one."""


def followup(view: View) -> Iterator[Decision]:
    rules, right = view.regime.matters, view.regime.appeal_right
    if rules is not None:
        yield from _to_open(view, rules)
    for one in view.row_subjects("matter"):
        kept = view.ledger.get(KeptMatter, one.row.id)
        moves = [move for move in kept.moves if move.on <= view.day] if kept else []
        contested = _last(moves, "contested", "decided")
        is_contested = contested is not None and contested.step == "contested"
        if right is not None:
            yield from _objection(view, right, one, moves, contested if is_contested else None)
        if rules is not None and kept is not None and not one.row.cells.get("is_paused") and _is_of(rules, kept):
            yield from _next(view, rules, one, kept, moves)


def _is_of(rules: MatterRules, kept: KeptMatter) -> bool:
    """Whether it came from a source that opens a matter here; where none is named, every one does."""
    return not rules.opens_on or kept.source in rules.opens_on


def _last(moves: Sequence[MatterMove], *steps: str) -> MatterMove | None:
    return next((move for move in reversed(moves) if move.step in steps), None)


# --- opening --------------------------------------------------------------------------------------------------


def _to_open(view: View, rules: MatterRules) -> Iterator[Decision]:
    """What was found, or stands in the way, and is no matter yet: at once, or when the round is reported (000-17)."""
    opened = {one.basis for one in view.ledger.all(KeptMatter).values()}
    ended = {row.cells.get("round") for row in view.rows("round") if row.cells.get("is_reported")}
    for source in rules.opens_on:
        for one in view.row_subjects(_OPENED_BY[source]) if source in _OPENED_BY else ():
            is_open = opened & {one.row.id, str(one.row.cells.get(source))}
            if not is_open and one.row.cells.get("state") != "solved" and _is_handed_over(rules, one, ended):
                yield call(
                    "matter", f"matters/opens_on/{source}", one, "open", of=rules, to=_unit(one.unit),
                    due_at=within(view, one.row.on, Days(days=0)) if rules.hand_over == "at_once" else None,
                    facts=row_facts(one.row, "kind", "severity", "obstacle") | {"hand_over": rules.hand_over}
                    | _to_be_corrected(view, one),
                )  # fmt: skip


def _is_handed_over(rules: MatterRules, one: RowSubject, ended: Container[CellValue]) -> bool:
    """While supervision runs, or after the round; what was found outside of a round waits for none (K06)."""
    name = one.row.cells.get("round")
    return rules.hand_over == "at_once" or not name or name in ended


def _to_be_corrected(view: View, one: RowSubject) -> dict[str, str]:
    """By when, where the report of its round says so (000-4a: 「提出整改意见,限期整改」)."""
    kept = view.ledger.get(KeptRound, str(one.row.cells.get("round")))
    is_known = kept is not None and kept.reported_on is not None and kept.reported_on <= view.day
    return {"correct_by": str(kept.correct_by)} if kept and is_known and kept.correct_by else {}


def _unit(code: str) -> tuple[Addressee, ...]:
    return (address("handling_unit", code),)


# --- from the opening to the end ------------------------------------------------------------------------------


def _next(
    view: View, rules: MatterRules, one: RowSubject, kept: KeptMatter, moves: Sequence[MatterMove]
) -> Iterator[Decision]:
    """What is next for a matter, by the last thing that befell it."""
    last = _last(moves, "opened", "assigned", "reported", "done", "not_done", "struck_off", "reopened")
    if last is None:
        return
    match last.step:
        case "struck_off":
            yield from _after_the_end(view, rules, one, moves)
        case "done":
            yield call("matter", "matters", one, "strike_off", of=rules, facts=row_facts(one.row, *_FACTS))
        case "reported":
            by, facts = rules.verify_by or OFFICE, row_facts(one.row, *_FACTS)
            to = addressees(view, by, one)
            yield call("matter", "matters/verify_by", one, "verify", of=rules, by=by, to=to, facts=facts)
        case _:
            approvals = list(_approvals(view, rules, one, kept, moves[0].on))
            yield from approvals or _handling(view, rules, one, moves)


def _approvals(view: View, rules: MatterRules, one: RowSubject, kept: KeptMatter, on: date) -> Iterator[Decision]:
    """Who must still approve the opening after the body that approved it last; proposing it is done.

    Some may open a matter by themselves (000-4b); where a chain is not named, only the first of them.
    """
    direct = rules.opened_directly_by
    if kept.approver in direct:
        return
    chain = chain_named(view, rules.open_chain) or tuple(ChainStep(by=body) for body in direct[:1])
    reached = max((place for place, step in enumerate(chain) if step.by == kept.approver), default=-1)
    decided = [Act(step.by, on=on) for place, step in enumerate(chain) if place <= reached or step.act == "propose"]
    facts = row_facts(one.row, "source") | {"approver": kept.approver, "opened_directly_by": ", ".join(direct)}
    yield from turn(view, "matters/open_chain", chain, decided, one, of=rules, since=on, facts=facts)


def _handling(view: View, rules: MatterRules, one: RowSubject, moves: Sequence[MatterMove]) -> Iterator[Decision]:
    row, facts = one.row, row_facts(one.row, *_FACTS)
    if not row.unit:
        yield call("matter", "matters", one, "assign", of=rules, facts=facts)
        return
    due = next((move.due_on for move in reversed(moves) if move.due_on is not None), None)
    due_at = end_of(due, view.zone) if due else None
    who = (*_unit(row.unit), *((address("handling_person", row.person),) if row.person else ()))
    is_missed = is_late(view, due_at)
    yield call(
        "missed" if is_missed else "owed", "matters", one, "handle", of=rules, by="handling_unit", form="owes", to=who,
        due_at=due_at, facts=facts,
    )  # fmt: skip
    if rules.remind_every is not None and (rules.until_struck_off or not is_missed):
        last = _last(moves, "opened", "assigned", "reminded", "not_done", "reopened")
        since = last.on if last else row.on
        yield call(
            "due", "matters/remind_every", one, "remind", of=rules, to=who,
            due_at=within(view, since, rules.remind_every), facts=facts,
        )  # fmt: skip


def _after_the_end(view: View, rules: MatterRules, one: RowSubject, moves: Sequence[MatterMove]) -> Iterator[Decision]:
    """Everything was verified, has an answer, to its source or to the public, and its papers in a file (001)."""
    facts = row_facts(one.row, "source")
    ended, checked = _last(moves, "struck_off"), _last(moves, "done", "not_done", "reopened")
    is_checked = checked is not None and checked.step == "done"
    if rules.verify_by is not None and not is_checked and ended and ended.on >= view.period.first_day:
        told = facts | {"verify_by": rules.verify_by, "struck_off_on": str(ended.on)}
        to = addressees(view, rules.verify_by, one)
        yield call("matter", "matters/verify_by", one, "irregular", of=rules, to=to, facts=told)
    if rules.answer != "nobody" and not is_told(one.row, rules.answer):
        to = (address(rules.answer),)
        yield call("answer", "matters/answer", one, "answer", of=rules, form="owes", to=to, facts=facts)
    if rules.archive:
        yield call("matter", "matters/archive", one, "archive", of=rules, facts=facts)


# --- objections -----------------------------------------------------------------------------------------------


def _objection(
    view: View, right: AppealRight, one: RowSubject, moves: Sequence[MatterMove], contested: MatterMove | None
) -> Iterator[Decision]:
    """Until when a unit may object to what it was given, and until when an objection must be decided, by others."""
    if contested is not None:
        by = "government" if right.recuse == "participants" else OFFICE
        yield call(
            "due", "appeal_right/decide_within", one, "decide_objection", of=right, by=by, form="owes",
            due_at=within(view, contested.on, right.decide_within),
            facts={"filed_on": contested.on, "recuse": right.recuse, "pauses": right.pauses},
        )  # fmt: skip
        return
    given = _last(moves, "opened", "assigned")
    until = (
        within(view, given.on, right.file_within) if given and _last(moves, "struck_off", "decided") is None else None
    )
    if until is not None and one.row.unit and not is_late(view, until):
        yield call(
            "due", "appeal_right/file_within", one, "object", of=right, by="handling_unit", form="owes",
            to=_unit(one.row.unit), due_at=until, facts={},
        )  # fmt: skip
