"""From the ledger to lines: what each project, unit, class and the list as a whole has reached at a moment."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import get_args

from services.scoring.domain.decide import COMPUTED, decisions
from services.scoring.domain.display import balance
from services.scoring.domain.facts import IN_TIME, ProjectFacts
from services.scoring.domain.measure import Measuring
from services.scoring.domain.noted import noted
from services.scoring.domain.points import points_of, vetoes_of
from services.scoring.domain.rank import is_rankable, ranked
from services.scoring.domain.standing import SHOWN
from services.scoring.domain.view import View
from shared.core.calendar import Moment, end_of
from shared.core.decisions import Decision
from shared.core.events import LineDrawn, ListPublished
from shared.core.ledger import Ledger
from shared.core.period import Period
from shared.core.regime.measures import AmountName
from shared.core.regime.model import Cadence, Regime
from shared.core.regime.terms import Stage, SubjectKind
from shared.core.register import regime_at, regime_for, zone_of

_WAYS = ("missing", "late", "made_up", "corrected", "adjusted", "unreviewed")
_NONE = dict.fromkeys(_WAYS, 0)


def view_at(ledger: Ledger, moment: Moment, regime: Regime) -> View:
    """A list at a moment: its figures are those of the end of the period, as far as they are known."""
    period = Period.parse(moment.period)
    today = moment.at.astimezone(zone_of(ledger)).date()
    return View(ledger, moment.list, regime, period, moment.at, min(period.last_day, today), COMPUTED)


def judge(ledger: Ledger, moment: Moment, regime: Regime) -> list[LineDrawn]:
    """Every line of a list at a moment: projects as listed, units with their places, other subjects, then the list."""
    return lines_of(view_at(ledger, moment, regime), moment.id)


def current(ledger: Ledger, code: str, at: datetime) -> list[LineDrawn]:
    """The lines of a list as they stand now, in its current period. They belong to no moment."""
    view = current_view(ledger, code, at)
    return lines_of(view, "") if view else []


def current_view(ledger: Ledger, code: str, at: datetime) -> View | None:
    """A list as it stands now; None where no regime is in force."""
    regime = regime_at(ledger, code, at)
    if regime is None:
        return None
    return _view_of(ledger, code, at, regime, current_period(ledger, code, at, regime))


def _view_of(ledger: Ledger, code: str, at: datetime, regime: Regime, period: Period) -> View:
    moment = Moment(code, "close", str(period), at)
    return view_at(ledger, moment, regime_for(ledger, code, period) or regime)


def standing_on(ledger: Ledger, code: str, day: date) -> list[LineDrawn]:
    """The lines of a list as of a day, by what the ledger knows; the period is the one that had ended last by then."""
    view = view_on(ledger, code, day)
    return lines_of(view, "") if view else []


def view_on(ledger: Ledger, code: str, day: date) -> View | None:
    """A list as of a day, by what the ledger knows; None where no regime was in force on it."""
    at = end_of(day, zone_of(ledger)) - timedelta(microseconds=1)
    regime = regime_at(ledger, code, at)
    if regime is None:
        return None
    period = current_period(ledger, code, end_of(day, zone_of(ledger)), regime)
    known = min(ledger.clock, at)  # the plan and the members of that day; what was said of it later counts
    return View(ledger, code, regime_for(ledger, code, period) or regime, period, known, day, COMPUTED)


def decided(ledger: Ledger, code: str, at: datetime) -> list[Decision]:
    """What the rules of a list call for at a moment: duties of the period that runs, results of the last that ended."""
    regime = regime_at(ledger, code, at)
    if regime is None:
        return []
    today = at.astimezone(zone_of(ledger)).date()
    first = regime.reporting[0].cadence if regime.reporting else "monthly"
    cadences = dict.fromkeys([first, *(one.cadence for one in regime.bulletins if one.cadence is not None)])
    running = View(ledger, code, regime, Period.holding(today, first), at, today, COMPUTED)
    ended = [_view_of(ledger, code, at, regime, _shown_period(ledger, code, today, one)) for one in cadences]
    return decisions(running, ended)


def current_period(ledger: Ledger, code: str, at: datetime, regime: Regime) -> Period:
    """The period that a live page shows: the last that ended before today; in a list's first weeks, the one that runs.

    By the cadence of the regime's first return, in local time. A list published for neither shows its last year.
    """
    today = at.astimezone(zone_of(ledger)).date()
    return _shown_period(ledger, code, today, regime.reporting[0].cadence if regime.reporting else "monthly")


def _shown_period(ledger: Ledger, code: str, today: date, cadence: Cadence) -> Period:
    running = Period.holding(today, cadence)
    ended = Period.holding(running.first_day - timedelta(days=1), cadence)
    years = {one.year for one in ledger.all(ListPublished).values() if one.list == code and one.year <= today.year}
    if ended.year in years:
        return ended
    return running if running.year in years or not years else Period.holding(date(max(years), 12, 31), cadence)


def lines_of(view: View, moment: str, *, only: Callable[[Measuring], bool] | None = None) -> list[LineDrawn]:
    """The lines of a view, kind by kind, those who are compared as they are ranked.

    `only`: of those who stand by themselves, whose lines are wanted; who is compared is compared with all.
    """
    found: list[LineDrawn] = []
    compared = view.regime.scoring.subjects if view.regime.scoring else ()
    for kind in drawn_kinds(view.regime):
        is_whole = kind in compared or view.regime.numbers.rounding == "balance_to_100"
        lines = _lines(view, moment, kind, None if is_whole else only)
        found += ranked(view.regime, lines) if kind in compared else balance(view.regime, lines)
    return found


def drawn_kinds(regime: Regime) -> list[SubjectKind]:
    """Projects, units and the list always; other kinds where something is about them."""
    wanted: set[str] = {"project", "unit", "list"}
    wanted |= {one.about for one in regime.supervision_rules} | {one.about for one in regime.rewards}
    wanted |= {kind for one in regime.bulletins for kind in one.by}
    wanted |= {pick.about for one in regime.bulletins for pick in (one.commended, one.criticised) if pick}
    wanted |= set(regime.scoring.subjects) if regime.scoring else set()
    return [kind for kind in get_args(SubjectKind) if kind in wanted]


def _lines(
    view: View, moment: str, kind: SubjectKind, only: Callable[[Measuring], bool] | None = None
) -> list[LineDrawn]:
    """The lines of all subjects of a kind, or of those that are wanted."""
    period, shown = str(view.period), _shown(view.regime)
    is_scored = view.regime.scoring is not None and kind in view.regime.scoring.subjects

    def line(subject: Measuring) -> LineDrawn:
        measures = {name: subject.value(name) for name in view.regime.measures}
        _, light, past = view.lit(subject)
        came = _came(subject.objects)
        return LineDrawn(
            moment=moment, list=view.code, period=period, subject_kind=kind, subject=subject.code,
            name=subject.name, unit=subject.unit, lane=view.lane(subject.code) if kind == "unit" else "",
            project_count=len(subject.objects),
            not_judged_count=len([one for one in subject.objects if _is_not_judged(one)]),
            missing_count=came["missing"], late_count=came["late"], made_up_count=came["made_up"],
            corrected_count=came["corrected"], adjusted_count=came["adjusted"], unreviewed_count=came["unreviewed"],
            measures=measures, displayed=view.printing.all(measures),
            amounts_yuan={name: amount for name in shown if (amount := subject.sum(name)) is not None},
            stages=_stages(subject.objects), light=light, past_light=past,
            noted=noted(view) if kind == "list" else {}, rank=None,
            points=points_of(view.regime, subject) if is_scored else {},
            vetoed=_vetoed(view, subject) if is_scored else (),
            is_rankable=is_rankable(view.regime, subject) if is_scored else True,
        )  # fmt: skip

    return [line(subject) for subject in view.subjects(kind) if only is None or only(subject)]


def _shown(regime: Regime) -> tuple[AmountName, ...]:
    """The amounts that every line shows; those of the period alone where a bulletin tells of it alone."""
    of_the_period = any(one.window == "period" for one in regime.bulletins)
    return (*SHOWN, "investment_in_period") if of_the_period else SHOWN


def _vetoed(view: View, subject: Measuring) -> tuple[str, ...]:
    return tuple(name for name, strikes in vetoes_of(view.regime, subject).items() if strikes)


def _is_not_judged(facts: ProjectFacts) -> bool:
    amounts = facts.amounts
    return not facts.is_judged or amounts["investment_completed"] is None or not amounts["annual_planned_investment"]


def _came(objects: Sequence[ProjectFacts]) -> Mapping[str, int]:
    """Of how many objects the return that is judged now is missing, late, made up, corrected, adjusted, unreviewed."""
    odd = [one.came for one in objects if one.came is not IN_TIME]
    return {name: sum(getattr(one, f"is_{name}") for one in odd) for name in _WAYS} if odd else _NONE


def _stages(objects: Sequence[ProjectFacts]) -> tuple[Stage, ...]:
    """The stages that every one of the objects has reached; none where there are no objects."""
    return tuple(sorted(frozenset.intersection(*map(frozenset, {one.stages for one in objects})))) if objects else ()
