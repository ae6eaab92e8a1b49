"""Between two points of one record, what moved each number of each subject: how much of it did which cause?

The move is split by telescoping. From the earlier ledger on, the causes are let in one after another, in a fixed order,
and after each everything is judged anew; what a number moved by then is that cause's part. The last stage is the later
ledger itself, so that the parts are the whole move and nothing is left over. Another order would split otherwise: this
one goes from what nobody did to what was done, said late, said otherwise, and ruled otherwise.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Context, Decimal
from typing import Literal, get_args

from services.scoring.domain.judge import lines_of
from services.scoring.domain.ledger import evolve
from services.scoring.domain.memory import Lights, Streak
from services.scoring.domain.view import View
from services.scoring.domain.views import view_at
from shared.core.calendar import Moment
from shared.core.errors import NotAtHand, NotYet
from shared.core.events import (
    AgentAssigned,
    AnyRecorded,
    BaselineReset,
    CalendarPublished,
    ExitRequested,
    ExitStepDecided,
    JurisdictionOpened,
    LineDrawn,
    ListPublished,
    ListSealed,
    PlanSet,
    PostAssigned,
    PostEnded,
    ProgressCorrected,
    ProgressReported,
    ProjectExited,
    ProjectListed,
    ProjectReplaced,
    RegimeAdopted,
    ReportWithdrawn,
    ResponsibilityAssigned,
    ReturnReviewed,
    TimeReached,
    UnitClosed,
    UnitRegistered,
    UnitRenamed,
)
from shared.core.ledger import Ledger
from shared.core.moments import due_at
from shared.core.period import Period
from shared.core.ranking import compared_by, ranked
from shared.core.regime.model import Regime
from shared.core.regime.terms import SubjectKind
from shared.core.register import enter

Cause = Literal["time", "membership", "baseline", "progress", "lateness", "correction", "rule_change", "others_moved"]
"""In the order in which they are let in.

- time: the calendar moved on, or was published; what was found at the closes in between.
- membership: lists and who is on them, units, posts, who holds what for a project.
- baseline: plans set and reset, the amount of one who is listed again.
- progress: all else that is told, late returns as if they had come just before they were due.
- lateness: those returns when they came.
- correction: returns corrected, withdrawn, adjusted in review.
- rule_change: the later rules; until here all is judged by the earlier ones.
- others_moved: of ranks and bands only. Until here each stands among the others as they were at the earlier point.
"""
Number = Decimal | str | None
Key = tuple[SubjectKind, str]
Lines = Mapping[Key, LineDrawn]

CAUSES: tuple[Cause, ...] = get_args(Cause)
NAMED_MAX = 20
_EXACT = Context(prec=300)
_TICK = timedelta(microseconds=1)

_OF: Mapping[Cause, tuple[type, ...]] = {
    "time": (CalendarPublished, TimeReached),
    "membership": (
        JurisdictionOpened, ListPublished, ListSealed, ProjectListed, ExitRequested, ExitStepDecided, ProjectExited,
        ProjectReplaced, UnitRegistered, UnitRenamed, UnitClosed, PostAssigned, PostEnded, ResponsibilityAssigned,
        AgentAssigned,
    ),
    "baseline": (PlanSet, BaselineReset),
    "correction": (ProgressCorrected, ReportWithdrawn),
    "rule_change": (RegimeAdopted,),
}  # fmt: skip
_CAUSE_OF: Mapping[type, Cause] = {of: cause for cause, every in _OF.items() for of in every}


@dataclass(frozen=True, slots=True)
class Point:
    """A ledger, and the moment at which it is judged by a regime."""

    ledger: Ledger
    moment: Moment
    regime: Regime


@dataclass(frozen=True, slots=True)
class Step:
    """What one cause did to a number. `difference` is None where one of both is no number.

    `events`: the first of those between the points that stand behind it, of `count` altogether.
    """

    cause: Cause
    before: Number
    after: Number
    difference: Decimal | None
    events: tuple[str, ...]
    count: int


@dataclass(frozen=True, slots=True)
class Moved:
    """One number of a subject that moved. `about`: `measure:<name>`, `points:<component>`, `light`, `rank` or `band`.

    The steps go from `before` to `after`, each from where the one before ended; causes that did nothing are left out.
    """

    subject_kind: SubjectKind
    subject: str
    about: str
    before: Number
    after: Number
    difference: Decimal | None
    steps: tuple[Step, ...]


def attribute(a: Point, b: Point, events: Iterable[AnyRecorded]) -> list[Moved]:
    """Every number that moved from one point of a list to a later one of the same list, with what moved it.

    `events`: the record's, at least those after the position of the earlier point up to that of the later.
    """
    between = [one for one in events if a.ledger.position < one.position <= b.ledger.position]
    with ExitStack() as stack:

        def seen(ledger: Ledger, moment: Moment, regime: Regime) -> View:
            return stack.enter_context(closing(view_at(ledger, moment, regime)))

        first, last = seen(a.ledger, a.moment, a.regime), seen(b.ledger, b.moment, b.regime)
        stages = [_lines(first, a.moment)]
        late = _in_time(b.ledger, a.regime, between)
        behind = _Behind(a.moment.list, between, late, (first, last))
        for ledger in _stages(a, b, behind):
            if ledger is None:
                stages.append(stages[-1])
                continue
            with closing(view_at(ledger, b.moment, a.regime)) as view:
                stages.append(_lines(view, b.moment))
        stages.append(_lines(last, b.moment))
        others = _lines(seen(a.ledger, a.moment, b.regime), a.moment) if a.regime != b.regime else stages[0]
        return list(_moves(stages, _Places(a.regime, stages[0]), _Places(b.regime, others), behind))


# --- stages -------------------------------------------------------------------------------------------------------


def _stages(a: Point, b: Point, behind: "_Behind") -> Iterator[Ledger | None]:
    """The earlier ledger with the events of one cause more each time; None where there are none, and nothing moves.

    The later rules are no stage, but the truth.
    """
    for place, cause in enumerate(CAUSES[: CAUSES.index("rule_change")]):
        if cause != "time" and cause not in behind.by:
            yield None
            continue
        ledger = _begun(a, b)
        for one in behind.events:
            if (taken := _taken(ledger, one, behind.late, CAUSES[: place + 1])) is not None:
                _take(ledger, taken)
        yield ledger


def _begun(a: Point, b: Point) -> Ledger:
    """The earlier ledger once time has passed. What closes found in between is remembered: it is not found again."""
    ledger, period = a.ledger.copy(), Period.parse(b.moment.period)
    ledger.clock, ledger.position = b.ledger.clock, b.ledger.position
    for key, lights in b.ledger.all(Lights).items():
        ledger.put(key, Lights(tuple(one for one in lights.lit if Period.parse(one.period).last_day < period.last_day)))
    for key, streak in b.ledger.all(Streak).items():
        ledger.put(key, streak)
    return ledger


def _take(ledger: Ledger, recorded: AnyRecorded) -> None:
    """Apply one event; one that cannot be applied yet, or never can, counts at a later stage, or not at all."""
    try:
        with ledger.all_or_nothing():
            enter(ledger, recorded)
            evolve(ledger, recorded)
    except (NotAtHand, NotYet):
        raise
    except Exception:  # noqa: S110 -- the fold parks whatever fails so; it may only lack what a later cause tells
        pass


def _taken(
    ledger: Ledger, one: AnyRecorded, in_time: Mapping[str, AnyRecorded], causes: Sequence[Cause]
) -> AnyRecorded | None:
    """An event as it counts where only these causes are let in; None where it does not."""
    if _cause_of(one) not in causes:
        return None
    if isinstance(data := one.data, ProjectListed) and "baseline" not in causes:
        is_again = ledger.get(ProjectListed, f"{data.list}/{data.year}/{data.project}") is not None
        return replace(one, data=replace(data, annual_planned_investment_yuan=None)) if is_again else one
    return one if "lateness" in causes else in_time.get(one.id, one)


def _cause_of(one: AnyRecorded) -> Cause:
    if isinstance(one.data, ReturnReviewed) and one.data.verdict == "adjusted":
        return "correction"
    return _CAUSE_OF.get(type(one.data), "progress")


def _in_time(ledger: Ledger, regime: Regime, between: Sequence[AnyRecorded]) -> dict[str, AnyRecorded]:
    """The late returns by their ids, as if each had come just before it was due."""
    found: dict[str, AnyRecorded] = {}
    for one in between:
        due = _due_at(ledger, regime, one.data) if isinstance(one.data, ProgressReported) else None
        if due is not None and one.recorded_at >= due:
            found[one.id] = replace(one, recorded_at=due - _TICK)
    return found


def _due_at(ledger: Ledger, regime: Regime, data: ProgressReported) -> datetime | None:
    try:
        period = Period.parse(data.period)
    except ValueError:  # such a return is parked
        return None
    rule = next((rule for rule in regime.reporting if rule.cadence == period.cadence), None)
    return due_at(ledger, period, rule) if rule else None


# --- numbers ------------------------------------------------------------------------------------------------------


def _lines(view: View, moment: Moment) -> Lines:
    return {(line.subject_kind, line.subject): line for line in lines_of(view, moment.id)}


def _numbers(line: LineDrawn | None) -> dict[str, Number]:
    """What a line says by itself; a line that is missing says nothing."""
    if line is None:
        return {}
    measures: dict[str, Number] = {f"measure:{name}": value for name, value in line.measures.items()}
    return measures | {f"points:{name}": value for name, value in line.points.items()} | {"light": line.light}


@dataclass(frozen=True, slots=True)
class _Places:
    """Ranks and bands: of a line among others as they were at the earlier point, whatever became of those."""

    regime: Regime
    others: Lines

    def of(self, key: Key, line: LineDrawn | None) -> dict[str, Number]:
        if line is None:
            return {}
        scoring = self.regime.scoring
        if scoring is None or line.subject_kind not in scoring.subjects:
            return _place(line)
        was = self.others.get(key)
        if was is not None and was.lane == line.lane and self._counts(was) == self._counts(line):
            return _place(was)
        beside = [
            one for other, one in self.others.items()
            if other != key and one.subject_kind == line.subject_kind and one.lane == line.lane
        ]  # fmt: skip
        return next(_place(one) for one in ranked(self.regime, [*beside, line]) if one.subject == line.subject)

    def _counts(self, line: LineDrawn) -> tuple[Decimal | None, bool | None, Mapping[str, Decimal | None]]:
        return compared_by(self.regime, line), line.is_rankable, {**line.measures, **line.points}


def _place(line: LineDrawn) -> dict[str, Number]:
    return {"rank": None if line.rank is None else Decimal(line.rank), "band": line.band or None}


def _difference(before: Number, after: Number) -> Decimal | None:
    both = isinstance(before, Decimal) and isinstance(after, Decimal)
    return _EXACT.subtract(after, before) if both else None  # type: ignore[arg-type]


# --- steps --------------------------------------------------------------------------------------------------------


class _Behind:
    """The events that stand behind a cause: those about the subject's objects, or where there are none, all of it."""

    def __init__(
        self, code: str, events: Sequence[AnyRecorded], late: Mapping[str, AnyRecorded], views: tuple[View, View]
    ) -> None:
        self.events, self.late, self._views = events, late, views
        self.by: dict[Cause, dict[str, list[tuple[int, str]]]] = {}
        """Of each cause that there is: by project, the places and ids of what is about this list."""
        for place, one in enumerate(events):
            for cause in self._causes(one):
                about = self.by.setdefault(cause, {})
                if getattr(one.data, "list", code) == code:
                    about.setdefault(getattr(one.data, "project", "") or "", []).append((place, one.id))

    def of(self, key: Key, cause: Cause) -> list[str]:
        own = {facts.code for view in self._views for facts in view.subject(*key).objects}
        about = self.by.get(cause, {})
        if cause == "others_moved":
            return _in_order(found for project, found in about.items() if project not in own | {""})
        return _in_order(about[project] for project in own & about.keys()) or _in_order(about.values())

    def _causes(self, one: AnyRecorded) -> Iterator[Cause]:
        yield _cause_of(one)
        yield "others_moved"
        if one.id in self.late:
            yield "lateness"
        if isinstance(one.data, ProjectListed) and one.data.annual_planned_investment_yuan is not None:
            yield "baseline"


def _in_order(found: Iterable[Sequence[tuple[int, str]]]) -> list[str]:
    return [event for _, event in sorted(one for every in found for one in every)]


def _moves(stages: Sequence[Lines], earlier: _Places, later: _Places, behind: _Behind) -> Iterator[Moved]:
    for key in dict.fromkeys([*stages[0], *stages[-1]]):
        path = _path(key, stages, earlier, later)
        for about in dict.fromkeys(about for numbers in path for about in numbers):
            values = [numbers.get(about) for numbers in path]
            steps = tuple(
                _step(cause, before, after, behind.of(key, cause))
                for cause, before, after in zip(CAUSES, values, values[1:], strict=False)
                if before != after
            )
            if steps:
                yield Moved(*key, about, values[0], values[-1], _difference(values[0], values[-1]), steps)


def _path(key: Key, stages: Sequence[Lines], earlier: _Places, later: _Places) -> list[dict[str, Number]]:
    """What is said of a subject at the earlier point, and after each cause; others move last of all."""
    *before, last = [lines.get(key) for lines in stages]
    ruled = _numbers(last)
    found = [_numbers(line) | earlier.of(key, line) for line in before]
    return [*found, ruled | later.of(key, last), ruled | (_place(last) if last else {})]


def _step(cause: Cause, before: Number, after: Number, events: Sequence[str]) -> Step:
    return Step(cause, before, after, _difference(before, after), tuple(events[:NAMED_MAX]), len(events))
