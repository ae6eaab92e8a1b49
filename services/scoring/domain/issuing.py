"""Which bulletins are issued when, to whom, by which channels, and who is named in them?"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from services.scoring.domain.calls import (
    OFFICE,
    Covered,
    address,
    addressees,
    calendar_on,
    call,
    covered,
    end_of_validity,
    facts_of,
    is_late,
)
from services.scoring.domain.chains import chain_named, is_through
from services.scoring.domain.entries import KeptMatter, KeptRound, Sealed
from services.scoring.domain.measure import Measuring
from services.scoring.domain.rank import picked
from services.scoring.domain.results import confirmations
from services.scoring.domain.view import View
from shared.core.bulletins import bulletin_id, reached_at
from shared.core.calendar import instant, last_day_before
from shared.core.deadlines import day_before
from shared.core.decisions import Addressee, Decision
from shared.core.moments import agenda, issued_at
from shared.core.regime.publishing import Bulletin, Pick, Trigger
from shared.core.regime.terms import Body, Table

_TRIGGERS: Mapping[Trigger, Table] = {"round_ended": "round", "matter_struck_off": "matter", "meeting_held": "meeting"}
"""The table whose rows call for a bulletin. `any_time` calls for none: it is issued when the office sees fit."""

_ACTS: Mapping[str, str] = {"commended": "praise", "criticised": "criticism"}


@dataclass(frozen=True, slots=True)
class Occasion:
    """What a bulletin is about: the list in a period, or the row that called for it; and when it goes out."""

    one: Covered
    name: str
    at: datetime | None


def issuing(view: View) -> Iterator[Decision]:
    """Bulletins of the view's own period, and whom they name."""
    for bulletin in _standing(view):
        if bulletin.cadence is not None and bulletin.cadence == view.period.cadence:
            whole = view.subject("list", "")
            yield from _issued(view, bulletin, Occasion(whole, str(view.period), _issue(view, bulletin)))
            for section, pick in (("commended", bulletin.commended), ("criticised", bulletin.criticised)):
                if pick is not None:
                    yield from _picked(view, bulletin, section, pick)


def occasional(view: View) -> Iterator[Decision]:
    """Bulletins that something calls for which happened in the view's period."""
    for bulletin in _standing(view):
        if bulletin.cadence is None:
            for occasion in _occasions(view, bulletin):
                yield from _issued(view, bulletin, occasion)


def _standing(view: View) -> Sequence[Bulletin]:
    """The regime's bulletins; none of a period that ends after the scheme does."""
    until = end_of_validity(view)
    return view.regime.bulletins if until is None or view.period.last_day <= until else ()


# --- occasions ------------------------------------------------------------------------------------------------


def _occasions(view: View, bulletin: Bulletin) -> Iterator[Occasion]:
    if bulletin.trigger == "assessment_confirmed":
        rules, whole = view.regime.assessment, view.subject("list", "")
        if rules and confirmations(view) and is_through(chain_named(view, rules.approval), confirmations(view), whole):
            yield Occasion(whole, f"{view.period.year}", None)
    elif bulletin.trigger is not None and bulletin.trigger in _TRIGGERS:
        for one in view.row_subjects(_TRIGGERS[bulletin.trigger]):
            day = _ended_on(view, one.row.table, one.row.id, one.row.on)
            if day is not None and view.period.first_day <= day <= view.day:
                yield Occasion(one, one.row.id, _issued_after(view, bulletin, day))


def _issue(view: View, bulletin: Bulletin) -> datetime | None:
    moments = (one for one in agenda(view.ledger) if one.list == view.code and one.period == str(view.period))
    issued = (one for one in moments if bulletin in issued_at(view.ledger, one, view.regime))
    return next((one.at for one in issued), None)


def _issued_after(view: View, bulletin: Bulletin, day: date) -> datetime | None:
    if bulletin.issue is None:
        return None
    last = calendar_on(view, day).after(day, bulletin.issue.working_days_after_close)
    return instant(last, bulletin.issue.time, view.zone)


def _ended_on(view: View, table: Table, key: str, on: date) -> date | None:
    """The day on which a round was reported, or a matter struck off for the last time; that of a meeting."""
    match table:
        case "round":
            kept = view.ledger.get(KeptRound, key)
            return kept.reported_on if kept else None
        case "matter":
            matter = view.ledger.get(KeptMatter, key)
            last = [move for move in matter.moves if move.on <= view.day][-1:] if matter else []
            return next((move.on for move in last if move.step == "struck_off"), None)
        case _:
            return on


# --- what goes out --------------------------------------------------------------------------------------------


def _issued(view: View, bulletin: Bulletin, occasion: Occasion) -> Iterator[Decision]:
    yield from _audiences(view, bulletin, occasion)
    yield from _read_out(view, bulletin, occasion)


def _audiences(view: View, bulletin: Bulletin, occasion: Occasion) -> Iterator[Decision]:
    """One decision where all are reached at once, else one for each; what is sealed is out for the first."""
    groups = [(one,) for one in bulletin.audience] if bulletin.then_after else [bulletin.audience]
    is_sealed = view.ledger.get(Sealed, bulletin_id(view.code, occasion.name, bulletin)) is not None
    bodies = tuple(address(body) for body in bulletin.to)
    for group in groups[1:] if is_sealed else groups:
        at = occasion.at
        if at is not None:
            calendar = calendar_on(view, last_day_before(at, view.zone))
            at = reached_at(bulletin, group[0], at, calendar, view.zone)
        yield call(
            "bulletin", f"bulletins/{bulletin.id}", occasion.one, "issue", of=bulletin,
            to=tuple(address(audience) for audience in group) + bodies, due_at=at,
            facts=_facts(view, bulletin, occasion) | {"is_late": is_late(view, at)},
        )  # fmt: skip


def _facts(view: View, bulletin: Bulletin, occasion: Occasion) -> dict[str, object]:
    facts: dict[str, object] = {
        "occasion": occasion.name, "kind": bulletin.kind, "window": bulletin.window, "by": bulletin.by,
        "sections": bulletin.sections, "channels": bulletin.channels, "embargo": bulletin.embargo,
    }  # fmt: skip
    if bulletin.preview is not None and occasion.at is not None:
        day = last_day_before(occasion.at, view.zone)
        facts["preview_from"] = day_before(day, bulletin.preview, calendar_on(view, day))
    return facts


def _read_out(view: View, bulletin: Bulletin, occasion: Occasion) -> Iterator[Decision]:
    """It is read at a meeting of its forum, until one was held after it went out (004: 「在全县观摩总结会上」)."""
    if not bulletin.meeting:
        return
    out_on = last_day_before(occasion.at, view.zone) if occasion.at else view.period.last_day
    held = [row.on for row in view.since.rows("meeting") if row.cells.get("forum") == bulletin.meeting]
    if not any(day >= out_on for day in held):
        facts = {"forum": bulletin.meeting, "occasion": occasion.name}
        yield call("bulletin", f"bulletins/{bulletin.id}", occasion.one, "read_out", of=bulletin, facts=facts)


# --- who is named ---------------------------------------------------------------------------------------------


def _picked(view: View, bulletin: Bulletin, section: str, pick: Pick) -> Iterator[Decision]:
    """Those named, and what they must do at the next meeting of a forum (004: 「主要负责人作表态发言」)."""
    counted = "place" if pick.top else "place_from_bottom"
    for one, place in _picks(view, bulletin, pick):
        facts = facts_of(pick.when, one) | {
            name: str(value) for name, value in {counted: place, "forum": pick.forum}.items() if value
        }
        by: Body = "unit_head" if pick.must else OFFICE
        yield call(
            "named", f"bulletins/{bulletin.id}/{section}", one, pick.must or _ACTS[section],
            of=pick if pick.source else bulletin, by=by, form="owes" if pick.must else "acts", to=_heads(view, one),
            facts=facts,
        )  # fmt: skip


def _heads(view: View, one: Measuring) -> tuple[Addressee, ...]:
    if one.kind == "unit":
        return addressees(view, "unit_head", one)
    return (address(one.kind, one.code),)


def _picks(view: View, bulletin: Bulletin, pick: Pick) -> Iterator[tuple[Measuring, int | None]]:
    """Those who surely meet `when`; of them the first or last so many, by what the bulletin ranks by."""
    found = {one.code: one for one in covered(view, pick.about, pick.when) if isinstance(one, Measuring)}
    contenders, by = view.contenders(pick.about, by=bulletin.rank_by), bulletin.rank_by
    for one, place in picked(view.regime, contenders, pick, meets=lambda one: one.subject in found, by=by):
        yield found[one.subject], place
