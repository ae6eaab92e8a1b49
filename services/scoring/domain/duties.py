"""Who owes what of a regime's duties, period by period: done, still owed, missed, or done too often.

A row on a day of the period discharges a duty, or one that names the period (a report upward), if whoever holds the
role did it: for a body, anyone. Before the duty falls due it is owed, from then on missed. Periods are those of the
view's year, as long as the regime is in force and valid (000-4a: 「督查时间。暂定为一年」); turns are taken from an
event on (004: 「目标任务分解下达之日起」).
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Literal

from services.scoring.domain.calls import (
    OFFICE,
    ROLES,
    address,
    addressees,
    anchors,
    calendar_on,
    call,
    covered,
    end_of_validity,
    holders_of,
    in_force_from,
    is_late,
    projects_of,
)
from services.scoring.domain.measure import Measuring
from services.scoring.domain.row import Row
from services.scoring.domain.row_subject import RowSubject
from services.scoring.domain.view import View
from shared.core.calendar import end_of, instant, last_day_before
from shared.core.deadlines import Anchors, due_at
from shared.core.decisions import Addressee, Decision, DecisionKind
from shared.core.period import Period, rotation
from shared.core.regime.due import Season
from shared.core.regime.language import Where
from shared.core.regime.management import Duty
from shared.core.regime.terms import COLUMNS, PERSON_ROLES, PERSONS, SubjectKind, Table
from shared.core.register import opening

_PRESENT: Mapping[Table, str] = {"round": "joined_by", "meeting": "attended"}
"""The column that says which bodies were there."""

State = Literal["done", "owed", "missed", "exceeded"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Owing:
    """One duty towards one subject in one period, done so many times in time and by those who owe it.

    `last_day`: the last of the period that is in season. `due_at` is None where its anchor is not known.
    """

    duty: Duty
    period: Period
    one: Measuring
    last_day: date
    done: int
    due_at: datetime | None
    state: State


def duties(view: View) -> Iterator[Decision]:
    """What is owed on the day, what fell due undone in the view's period or was too much in it; turns; selections."""
    yield from _expiry(view)
    for duty in view.regime.duties:
        for owing in owings(view, duty):
            if owing.state != "done" and _is_of_now(view, owing):
                yield _decided(view, owing, owing.state)
        running = running_period(view, duty)
        if running is not None:
            yield from _turn(view, duty, running)
            yield from _selection(view, duty, running)


def duty_rows(view: View) -> Sequence[Row]:
    """Every duty of the year so far as a row: towards whom, of which period, how often done, how it stands."""
    return [_row(view, owing) for duty in view.regime.duties for owing in owings(view, duty)]


def owings(view: View, duty: Duty) -> Iterator[Owing]:
    """A duty in each of its periods that has begun, towards each subject that it is about."""
    kept: dict[tuple[SubjectKind, str], tuple[Mapping[str, Sequence[Row]], Anchors]] = {}
    for period, last_day in _periods(view, duty):
        for one in subjects_of(view, duty, period):
            key = (one.kind, one.code)
            if key not in kept:
                kept[key] = _by_period(duty, discharging(view, duty, one)), anchors(view, one)
            rows, days = kept[key]
            due = _due_at(view, duty, period, last_day, days)
            done = sum(due is None or instant(row.on, time(0), view.zone) < due for row in rows.get(str(period), ()))
            yield Owing(
                duty=duty, period=period, one=one, last_day=last_day, done=done, due_at=due,
                state=_state(view, duty, done, due),
            )  # fmt: skip


def subjects_of(view: View, duty: Duty, period: Period) -> Sequence[Measuring]:
    """Whose turn it is, where they take turns; else all subjects for which `among` surely holds.

    Nobody has a turn before the event from which they are taken, or where it is not known.
    """
    if duty.rotate is not None:
        turn = rotation(duty.rotate.order, period, anchors(view).get(duty.rotate.from_anchor))
        return () if turn is None else (view.subject(duty.rotate.over, turn),)
    return [one for one in covered(view, duty.about, duty.among) if isinstance(one, Measuring)]


def discharging(view: View, duty: Duty, one: Measuring) -> list[Row]:
    """The rows that count for a duty towards a subject, of any period: what was done, by those who owe it."""
    where: Where = {**(duty.where or {}), **_told(duty, one)}
    rows = view.rows(duty.do) if duty.rotate is not None else view.rows_of(one, duty.do)
    return [row for row in rows if RowSubject(view, row).cells(where) and _is_by(view, duty, row, one)]


def running_period(view: View, duty: Duty) -> Period | None:
    """The period of a duty in which the day lies, if the duty is asked in it."""
    return next((period for period, _ in _periods(view, duty) if period.first_day <= view.day <= period.last_day), None)


def _periods(view: View, duty: Duty) -> Iterator[tuple[Period, date]]:
    """The periods that have begun by the day, without a cadence the year, each with its last day in season."""
    start, end = in_force_from(view), end_of_validity(view) or date.max
    period = Period.holding(date(view.period.year, 1, 1), duty.per or "yearly")
    while period.year == view.period.year:
        days = _days(period, duty.season)
        if days and days[0] <= min(view.day, end) and start <= days[-1]:
            yield period, days[-1]
        period = period.next()


def _days(period: Period, season: Season | None) -> Sequence[date]:
    """The first and the last day of a period in season; none where it is out of season."""
    if season is None:
        return (period.first_day, period.last_day)
    count = (period.last_day - period.first_day).days + 1
    return [day for place in range(count) if season.holds(day := period.first_day + timedelta(days=place))]


def _told(duty: Duty, one: Measuring) -> Where:
    """What the row must say beyond `where`: to whom a report goes, whose turn the meeting was, who had to be there."""
    told: dict[str, str] = {}
    if duty.to is not None and "to" in COLUMNS[duty.do]:
        told["to"] = duty.to
    if duty.rotate is not None and duty.rotate.over in COLUMNS[duty.do]:
        told[duty.rotate.over] = one.code
    return told


def _is_by(view: View, duty: Duty, row: Row, one: Measuring) -> bool:
    present = _PRESENT.get(duty.do)
    if present is not None and not {*duty.joined_by} <= {*str(row.cells.get(present)).split()}:
        return False
    if duty.who not in ROLES:
        return True
    holders = holders_of(view, duty.who, (row.project,) if row.project else projects_of(one))
    return not holders.isdisjoint({row.person, row.unit, row.cells.get("team")})


def _by_period(duty: Duty, rows: Sequence[Row]) -> Mapping[str, Sequence[Row]]:
    found: dict[str, list[Row]] = {}
    for row in rows:
        if duty.season is None or duty.season.holds(row.on):
            found.setdefault(_period_of(duty, row), []).append(row)
    return found


def _period_of(duty: Duty, row: Row) -> str:
    told = row.cells.get("period")
    return told if isinstance(told, str) and told else str(Period.holding(row.on, duty.per or "yearly"))


def _due_at(view: View, duty: Duty, period: Period, last_day: date, days: Anchors) -> datetime | None:
    if duty.due is None:
        return end_of(last_day, view.zone)
    return due_at(period, duty.due, calendar_on(view, period.first_day), view.zone, days)


def _state(view: View, duty: Duty, done: int, due: datetime | None) -> State:
    if duty.at_most is not None and done > duty.at_most:
        return "exceeded"
    if duty.at_least is None or done >= duty.at_least:
        return "done"
    return "missed" if is_late(view, due) else "owed"


def _expiry(view: View) -> Iterator[Decision]:
    end, validity = end_of_validity(view), view.regime.validity
    if validity is not None and end is not None and end < view.day:
        facts = {"last_day": end, "is_provisional": validity.is_provisional}
        yield call("expiry", "validity", view.subject("list", ""), "renew", of=validity, facts=facts)


def _is_of_now(view: View, owing: Owing) -> bool:
    """What was missed is said once, in the period in which it fell due; the table of duties keeps it."""
    begins = instant(view.period.first_day, time(0), view.zone)
    if owing.state == "missed":
        return owing.due_at is not None and owing.due_at > begins
    return owing.state == "owed" or owing.last_day >= view.period.first_day


def _decided(view: View, owing: Owing, kind: DecisionKind) -> Decision:
    duty, one = owing.duty, owing.one
    facts: dict[str, object] = {"period": owing.period, "done": owing.done}
    facts |= {
        name: value
        for name in ("at_least", "at_most", "to", "joined_by")
        if (value := getattr(duty, name)) not in {None, (), ""}
    }
    who = _convener(duty, one.code) or addressees(view, duty.who, one)
    return call(
        kind, f"duties/{duty.id}", one, duty.do, of=duty, by=duty.who, form="owes",
        to=(*who, *map(address, duty.joined_by)), due_at=owing.due_at, facts=facts,
    )  # fmt: skip


def _row(view: View, owing: Owing) -> Row:
    one, duty = owing.one, owing.duty
    who = addressees(view, duty.who, one)[0].code if duty.who in PERSON_ROLES else ""
    # What the office owes is the office's, whatever unit leads the project.
    unit = one.code if one.kind == "unit" else opening(view.ledger).office if duty.who == OFFICE else ""
    late = owing.due_at if owing.state == "missed" else None
    return Row(
        table="duty", id=f"{duty.id}/{owing.period}/{one.code}",
        on=last_day_before(late, view.zone) if late else owing.last_day,
        project=one.code if one.kind == "project" else "", unit=unit,
        person=one.code if one.kind in PERSONS else who,
        cells={"duty": duty.id, "period": str(owing.period), "state": owing.state, "done": Decimal(owing.done)},
    )  # fmt: skip


# --- turns and selections -------------------------------------------------------------------------------------


def _convener(duty: Duty, turn: str) -> tuple[Addressee, ...]:
    conveners = dict(zip(duty.rotate.order, duty.rotate.conveners, strict=False)) if duty.rotate else {}
    return (address("convener", conveners[turn]),) if turn in conveners else ()


def _turn(view: View, duty: Duty, period: Period) -> Iterator[Decision]:
    for one in subjects_of(view, duty, period) if duty.rotate else ():
        yield call(
            "turn", f"duties/{duty.id}", one, duty.do, of=duty, by=duty.who, form="owes",
            to=_convener(duty, one.code), due_at=end_of(period.last_day, view.zone), facts={"period": period},
        )  # fmt: skip


def _selection(view: View, duty: Duty, period: Period) -> Iterator[Decision]:
    """The subjects whose last turn before the period lies longest ago, who never had one first (000-4b)."""
    if duty.select is None:
        return
    found: list[tuple[date, Measuring]] = []
    for one in view.governed(duty.select.of):
        days = [row.on for row in discharging(view, duty, one) if row.on < period.first_day]
        found.append((max(days, default=date.min), one))
    found.sort(key=lambda last_and_one: last_and_one[0])  # stable: of equals, by the order of the list, or protocol
    for place, (last, one) in enumerate(found[: duty.select.count], start=1):
        yield call(
            "selection", f"duties/{duty.id}", one, duty.do, of=duty, by=duty.who, form="owes",
            due_at=end_of(period.last_day, view.zone),
            facts={"period": period, "place": place, "last_on": None if last == date.min else last},
        )  # fmt: skip
