"""What says something new of a period that is closed, and which of its numbers are others now.

A closed period is judged again at the very moment at which it was drawn last: by the plan, the members and the rules
of then. What differs is said once, at the list's next moment. Streaks and hits are what was found at their closes, and
stay; lights do not, since later ones harden by them.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import replace
from datetime import date
from decimal import Decimal

from services.scoring.domain.entries import KeptExit, Milestones, Returns, Sealed, Stages
from services.scoring.domain.judge import drawn_kinds, lines_of
from services.scoring.domain.measure import Measuring
from services.scoring.domain.memory import Before, Closed, ClosedPeriod, Lights, Lit, ToldLate, lights_of
from services.scoring.domain.returns import ends_on, return_of
from services.scoring.domain.view import View
from services.scoring.domain.views import view_at
from shared.core.bulletins import bulletin_id
from shared.core.calendar import Moment
from shared.core.events import (
    AnyRecorded,
    CorrectionDrawn,
    LineDrawn,
    MilestoneReached,
    ProgressCorrected,
    ProgressReported,
    ProjectExited,
    ReportWithdrawn,
    ReturnReviewed,
    StageChanged,
)
from shared.core.ledger import Ledger
from shared.core.period import Period
from shared.core.regime.model import Regime
from shared.core.register import Project, regime_for

_CAUSES_MAX = 100

Number = tuple[Decimal | int | str | None, str]
"""Unrounded, and as it prints."""


# --- noticing ---------------------------------------------------------------------------------------------------------


def note(ledger: Ledger, recorded: AnyRecorded) -> None:
    """Called before an event is applied: keep what closed periods were drawn by, if it says something new of them."""
    told_of = _TOLD_OF.get(type(recorded.data))
    if told_of is None:
        return
    project = ledger.get(Project, recorded.data.project)
    day = told_of(ledger, recorded.data)
    if project is None or day is None:
        return
    for code in dict.fromkeys([code for code, _ in project.listed_on]):
        closed = ledger.get(Closed, code)
        if closed is None or closed.periods[-1].last_day < day:
            continue  # nearly always: what is told is of a period that is still open
        years = {one.year for one in closed.periods if one.last_day >= day and (code, one.year) in project.listed_on}
        if years:
            told = ToldLate(recorded.position, day, recorded.id)
            _keep(ledger, f"{code}/{project.listing.project}", project.listing.project, told, {day.year, *years})


def _keep(ledger: Ledger, key: str, project: str, told: ToldLate, years: set[int]) -> None:
    """Beside the event, what stood before the first of them: of what years were not concerned yet, what stands now."""
    kept = ledger.get(Before, key)
    if kept is None or not kept.by:
        kept = Before(stages=ledger.get(Stages, project), milestones=ledger.get(Milestones, project))
    new, code = sorted(years - kept.returns.keys()), key.removesuffix(f"/{project}")
    returns = {year: ledger.get(Returns, f"{project}/{year}") or Returns(()) for year in new}
    exits = {year: left for year in new if (left := ledger.get(KeptExit, f"{code}/{year}/{project}"))}
    ledger.put(
        key, replace(kept, by=(*kept.by, told), returns={**kept.returns, **returns}, exits={**kept.exits, **exits})
    )


def _of_return(ledger: Ledger, data: ProgressCorrected | ReportWithdrawn) -> date | None:
    event = data.corrected_event if isinstance(data, ProgressCorrected) else data.withdrawn_event
    found = return_of(ledger, data.project, event)
    return found.ends_on if found else None


_TOLD_OF: Mapping[type, Callable[[Ledger, object], date | None]] = {
    ProgressReported: lambda _, data: ends_on(data.period),  # type: ignore[attr-defined]
    ProgressCorrected: _of_return,  # type: ignore[dict-item]
    ReportWithdrawn: _of_return,  # type: ignore[dict-item]
    ReturnReviewed: lambda _, data: ends_on(data.period),  # type: ignore[attr-defined]
    StageChanged: lambda _, data: data.on,  # type: ignore[attr-defined]
    MilestoneReached: lambda _, data: data.on,  # type: ignore[attr-defined]
    ProjectExited: lambda _, data: data.on,  # type: ignore[attr-defined]
}
"""The first day of which an event about a project tells. A later plan or listing tells nothing of an earlier period."""


# --- drawing again ----------------------------------------------------------------------------------------------------


def close(ledger: Ledger, moment: Moment) -> None:
    """Remember at which moment a period was drawn last."""
    period = Period.parse(moment.period)
    closed = ClosedPeriod(moment.period, period.last_day, period.year, moment.kind, moment.at)
    kept = ledger.get(Closed, moment.list) or Closed(())
    others = [one for one in kept.periods if one.period != moment.period]
    ledger.put(moment.list, Closed(tuple(sorted([*others, closed], key=lambda one: (one.last_day, one.period)))))


def corrections(ledger: Ledger, moment: Moment) -> list[CorrectionDrawn]:
    """Every number of the list's closed periods that is another now, and from now on counts as drawn so."""
    told = _told(ledger, moment.list)
    if not told:
        return []
    before = _as_drawn(ledger, moment.list, told)
    found: list[CorrectionDrawn] = []
    for one, regime, by in _touched(ledger, moment.list, told):
        drawn = one.drawn(moment.list)
        with closing(view_at(before, drawn, regime)) as old, closing(view_at(ledger, drawn, regime)) as new:
            found += _differences(old, new, moment, drawn, by)
            remember_lights(new)
    _take_as_drawn(ledger, moment.list, told)
    return found


def settle(ledger: Ledger, moment: Moment) -> None:
    """What `corrections` leaves in the ledger, without saying what differs."""
    told = _told(ledger, moment.list)
    for one, regime, _ in _touched(ledger, moment.list, told):
        if regime.light_memory is not None:
            with closing(view_at(ledger, one.drawn(moment.list), regime)) as view:
                remember_lights(view)
    _take_as_drawn(ledger, moment.list, told)


def _told(ledger: Ledger, code: str) -> dict[str, Before]:
    """The projects of a list of which something new is said, with what they were drawn by."""
    of_list = f"{code}/"
    kept = ledger.all(Before).items()
    return {key.removeprefix(of_list): one for key, one in kept if one.by and key.startswith(of_list)}


def _touched(
    ledger: Ledger, code: str, told: Mapping[str, Before]
) -> Iterator[tuple[ClosedPeriod, Regime, Mapping[str, Sequence[ToldLate]]]]:
    """The closed periods of which something new is said, in order; by which events, of each project."""
    closed = ledger.get(Closed, code) if told else None
    listed = {project: kept.listed_on for project in told if (kept := ledger.get(Project, project))}
    for one in closed.periods if closed else ():
        of_year = [project for project, on in listed.items() if (code, one.year) in on]
        late = {project: [each for each in told[project].by if each.from_day <= one.last_day] for project in of_year}
        by = {project: events for project, events in late.items() if events}
        regime = regime_for(ledger, code, Period.parse(one.period)) if by else None
        if regime is not None:
            yield one, regime, by


def _take_as_drawn(ledger: Ledger, code: str, projects: Iterable[str]) -> None:
    for project in projects:
        ledger.put(f"{code}/{project}", Before())


def remember_lights(view: View) -> None:
    """Of whoever has a line, and only where the regime's lights have a memory."""
    for kind in drawn_kinds(view.regime) if view.regime.light_memory is not None else ():
        for subject in view.subjects(kind):
            own, shown, _ = view.lit(subject)
            if own is not None and shown is not None:
                key = lights_of(view.code, view.period.cadence, kind, subject.code)
                kept = view.ledger.get(Lights, key) or Lights(())
                others = tuple(one for one in kept.lit if one.period != str(view.period))
                view.ledger.put(key, Lights((*others, Lit(str(view.period), own, shown))))


def _as_drawn(ledger: Ledger, code: str, told: Mapping[str, Before]) -> Ledger:
    """The ledger with what the closed periods of a list were drawn by."""
    before = ledger.copy()
    for project, kept in told.items():
        before.put(project, kept.stages or Stages(()))
        before.put(project, kept.milestones or Milestones(()))
        for year, returns in kept.returns.items():
            before.put(f"{project}/{year}", returns)
            left = ledger.get(KeptExit, key := f"{code}/{year}/{project}")
            if left is not None:
                before.put(key, kept.exits.get(year) or replace(left, exited_on=None))
    return before


def _differences(
    old: View, new: View, moment: Moment, drawn: Moment, by: Mapping[str, Sequence[ToldLate]]
) -> Iterator[CorrectionDrawn]:
    sealed = _sealed(new)

    def is_touched(subject: Measuring) -> bool:
        return any(one.code in by for one in subject.objects)

    was = {(line.subject_kind, line.subject): line for line in lines_of(old, drawn.id, only=is_touched)}
    now = {(line.subject_kind, line.subject): line for line in lines_of(new, drawn.id, only=is_touched)}
    for key in dict.fromkeys([*was, *now]):
        before, after = was.get(key), now.get(key)
        if changed := _changed(before, after):
            one = was.get(key) or now[key]
            own = {facts.code for view in (old, new) for facts in view.subject(*key).objects}
            for about, (was_so, printed), (is_so, prints) in changed:
                yield CorrectionDrawn(
                    moment=moment.id, list=moment.list, period=drawn.period, drawn_moment=drawn.id,
                    subject_kind=one.subject_kind, subject=one.subject, unit=one.unit, about=about,
                    old=_text(was_so), new=_text(is_so), old_displayed=printed, new_displayed=prints,
                    causes=_causes(own, by), bulletins=sealed,
                )  # fmt: skip


def _causes(own: Iterable[str], by: Mapping[str, Sequence[ToldLate]]) -> tuple[str, ...]:
    """The latest events about a subject's own projects; where only others moved, those that moved them."""
    about = [project for project in own if project in by] or by
    events = sorted(one for project in about for one in by[project])
    return tuple([one.event for one in events[-_CAUSES_MAX:]])


def _changed(before: LineDrawn | None, after: LineDrawn | None) -> list[tuple[str, Number, Number]]:
    """Each number that is another: what it is about, what it was, what it is. A line that is missing says nothing."""
    was, now = (_numbers(before) if before else {}), (_numbers(after) if after else {})
    both = ((about, was.get(about, _NOT_SAID), now.get(about, _NOT_SAID)) for about in dict.fromkeys([*was, *now]))
    return [one for one in both if one[1][0] != one[2][0]]


_NOT_SAID: Number = (None, "-")


def _numbers(line: LineDrawn) -> dict[str, Number]:
    found: dict[str, Number] = {}
    for name, value in line.measures.items():
        found[f"measure:{name}"] = (value, line.displayed.get(name, "-"))
    for name, points in line.points.items():
        found[f"points:{name}"] = (points, "-" if points is None else f"{points:f}")
    for name, text in (("rank", line.rank), ("band", line.band), ("light", line.light)):
        found[name] = (text, str(text)) if text else _NOT_SAID
    return found


def _text(value: Decimal | int | str | None) -> str | None:
    return f"{value:f}" if isinstance(value, Decimal) else None if value is None else str(value)


def _sealed(view: View) -> tuple[str, ...]:
    """The bulletins of the period that are out with what was drawn."""
    of_period = [one for one in view.regime.bulletins if one.cadence == view.period.cadence]
    named = [bulletin_id(view.code, str(view.period), one) for one in of_period]
    return tuple(one for one in named if view.ledger.get(Sealed, one) is not None)
