"""From the ledger to lines: what each project, unit, class and the list as a whole has reached at a moment."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from datetime import date, datetime
from typing import get_args

from services.scoring.domain.display import balance
from services.scoring.domain.facts import IN_TIME, ProjectFacts
from services.scoring.domain.measure import Measuring
from services.scoring.domain.noted import noted
from services.scoring.domain.points import points_of, vetoes_of
from services.scoring.domain.rank import is_rankable, ranked
from services.scoring.domain.standing import SHOWN
from services.scoring.domain.view import View
from services.scoring.domain.views import current_view, view_at, view_on
from shared.core.calendar import Moment
from shared.core.events import LineDrawn
from shared.core.ledger import Ledger
from shared.core.regime.measures import AmountName
from shared.core.regime.model import Regime
from shared.core.regime.terms import Stage, SubjectKind

_WAYS = ("missing", "late", "made_up", "corrected", "adjusted", "unreviewed")
_NONE = dict.fromkeys(_WAYS, 0)


def judge(ledger: Ledger, moment: Moment, regime: Regime) -> list[LineDrawn]:
    """Every line of a list at a moment: projects as listed, units with their places, other subjects, then the list."""
    return _closed(view_at(ledger, moment, regime), moment.id)


def current(ledger: Ledger, code: str, at: datetime) -> list[LineDrawn]:
    """The lines of a list as they stand now, in its current period. They belong to no moment."""
    return _closed(current_view(ledger, code, at))


def standing_on(ledger: Ledger, code: str, day: date) -> list[LineDrawn]:
    """The lines of a list as of a day, by what the ledger knows; the period is the one that had ended last by then."""
    return _closed(view_on(ledger, code, day))


def _closed(view: View | None, moment: str = "") -> list[LineDrawn]:
    """The lines of a view of which nothing else is wanted."""
    if view is None:
        return []
    with closing(view):
        return lines_of(view, moment)


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
