"""What says something new of a period that is closed, and which of its numbers are others now.

A closed period is judged again at the very moment at which it was drawn last: by the plan, the members and the rules
of then. What differs is said once, at the list's next moment. Streaks and hits are what was found at their closes, and
stay; lights do not, since later ones harden by them.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date

from services.scoring.domain.entries import KeptExit, Milestones, Returns, Sealed, Stages
from services.scoring.domain.judge import drawn_kinds, lines_of, view_at
from services.scoring.domain.measure import Measuring
from services.scoring.domain.memory import Before, Closed, ClosedPeriod, Lights, Lit, Touched, lights_of
from services.scoring.domain.returns import ends_on, return_of
from services.scoring.domain.view import View
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
from shared.core.regime.terms import SubjectKind
from shared.core.register import Project, regime_for

_CAUSES_MAX = 100

Number = tuple[str | None, str]
"""Unrounded, as text, and as it prints."""


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
        concerned = [one for one in closed.periods if one.last_day >= day and (code, one.year) in project.listed_on]
        if concerned:
            _keep(ledger, code, project.listing.project, {day.year, *(one.year for one in concerned)})
        for one in concerned:
            kept = ledger.get(Touched, key := f"{code}/{one.period}") or Touched(())
            ledger.put(key, Touched((*kept.by, (project.listing.project, recorded.id))))


def _keep(ledger: Ledger, code: str, project: str, years: set[int]) -> None:
    key = f"{code}/{project}"
    kept = ledger.get(Before, key)
    if kept is None or not kept.is_told:
        kept = Before(is_told=True, stages=ledger.get(Stages, project), milestones=ledger.get(Milestones, project))
    new = sorted(years - kept.returns.keys())
    if not new and kept.returns:
        return
    returns = {year: ledger.get(Returns, f"{project}/{year}") or Returns(()) for year in new}
    exits = {year: left for year in new if (left := ledger.get(KeptExit, f"{code}/{year}/{project}"))}
    ledger.put(key, replace(kept, returns={**kept.returns, **returns}, exits={**kept.exits, **exits}))


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
    closed = ledger.get(Closed, moment.list)
    touched = {
        one: kept.by
        for one in (closed.periods if closed else ())
        if (kept := ledger.get(Touched, f"{moment.list}/{one.period}")) and kept.by
    }
    if not touched:
        return []
    before = _as_drawn(ledger, moment.list, {project for by in touched.values() for project, _ in by})
    found: list[CorrectionDrawn] = []
    for one, by in touched.items():
        drawn = one.drawn(moment.list)
        regime = regime_for(ledger, moment.list, Period.parse(one.period))
        if regime is not None:
            old, new = view_at(before, drawn, regime), view_at(ledger, drawn, regime)
            found += _differences(old, new, moment, drawn, by)
            remember_lights(new)
        ledger.put(f"{moment.list}/{one.period}", Touched(()))
    for project in dict.fromkeys(project for by in touched.values() for project, _ in by):
        ledger.put(f"{moment.list}/{project}", Before())
    return found


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


def _as_drawn(ledger: Ledger, code: str, projects: set[str]) -> Ledger:
    """The ledger with what the closed periods of a list were drawn by."""
    before = ledger.copy()
    for project in projects:
        kept = ledger.get(Before, f"{code}/{project}")
        if kept is None or not kept.is_told:
            continue
        before.put(project, kept.stages or Stages(()))
        before.put(project, kept.milestones or Milestones(()))
        for year, returns in kept.returns.items():
            before.put(f"{project}/{year}", returns)
            left = ledger.get(KeptExit, key := f"{code}/{year}/{project}")
            if left is not None:
                before.put(key, kept.exits.get(year) or replace(left, exited_on=None))
    return before


def _differences(
    old: View, new: View, moment: Moment, drawn: Moment, by: Sequence[tuple[str, str]]
) -> Iterator[CorrectionDrawn]:
    touched = {project for project, _ in by}
    sealed = _sealed(new)

    def is_touched(subject: Measuring) -> bool:
        return any(one.code in touched for one in subject.objects)

    was = {(line.subject_kind, line.subject): line for line in lines_of(old, drawn.id, only=is_touched)}
    now = {(line.subject_kind, line.subject): line for line in lines_of(new, drawn.id, only=is_touched)}
    for key in dict.fromkeys([*was, *now]):
        before, after = was.get(key), now.get(key)
        causes = _causes(old, new, *key, by)
        one = before or after
        assert one is not None  # it is a key of one of them
        numbers = (_numbers(before) if before else {}), (_numbers(after) if after else {})
        for about in dict.fromkeys([*numbers[0], *numbers[1]]):
            (was_so, printed), (is_so, prints) = (said.get(about, _NOT_SAID) for said in numbers)
            if was_so != is_so:
                yield CorrectionDrawn(
                    moment=moment.id, list=moment.list, period=drawn.period, drawn_moment=drawn.id,
                    subject_kind=one.subject_kind, subject=one.subject, unit=one.unit, about=about, old=was_so,
                    new=is_so, old_displayed=printed, new_displayed=prints, causes=causes, bulletins=sealed,
                )  # fmt: skip


_NOT_SAID: Number = (None, "-")


def _causes(
    old: View, new: View, kind: SubjectKind, code: str, by: Sequence[tuple[str, str]]
) -> tuple[str, ...]:  # fmt: skip
    """The events about its own objects; of a subject that only others moved, those that moved them."""
    own = {one.code for view in (old, new) for one in view.subject(kind, code).objects}
    events = [event for project, event in by if project in own] or [event for _, event in by]
    return tuple(events[-_CAUSES_MAX:])


def _numbers(line: LineDrawn) -> dict[str, Number]:
    found: dict[str, Number] = {}
    for name, value in line.measures.items():
        found[f"measure:{name}"] = (None if value is None else f"{value:f}", line.displayed.get(name, "-"))
    for name, points in line.points.items():
        found[f"points:{name}"] = (None, "-") if points is None else (f"{points:f}", f"{points:f}")
    for name, text in (("rank", line.rank), ("band", line.band), ("light", line.light)):
        found[name] = (str(text), str(text)) if text else _NOT_SAID
    return found


def _sealed(view: View) -> tuple[str, ...]:
    """The bulletins of the period that are out with what was drawn."""
    of_period = [one for one in view.regime.bulletins if one.cadence == view.period.cadence]
    named = [bulletin_id(view.code, str(view.period), one) for one in of_period]
    return tuple(one for one in named if view.ledger.get(Sealed, one) is not None)
