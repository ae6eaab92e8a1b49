"""Which supervision rules hold at a close, for whom, and how often in a row? Unknown neither hits nor ends a streak."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import get_args

from services.scoring.domain.calls import end_of_validity
from services.scoring.domain.entries import Fact
from services.scoring.domain.facts import ProjectFacts
from services.scoring.domain.measure import Measuring
from services.scoring.domain.memory import Streak
from services.scoring.domain.rank import without_telling
from services.scoring.domain.row_subject import RowSubject
from services.scoring.domain.view import View
from shared.core.events import LineDrawn, RuleHit
from shared.core.period import Period
from shared.core.regime.check.names import telling_places
from shared.core.regime.holds import holds, tested
from shared.core.regime.measures import Count
from shared.core.regime.model import Held, Ladder, SupervisionRule
from shared.core.regime.terms import Role, SubjectKind
from shared.core.register import holders as holders_of
from shared.core.responsibilities import staff

_KINDS = frozenset(get_args(SubjectKind))


@dataclass(frozen=True, slots=True)
class Found:
    """What a close found: the rules hit, and what is undecided, as `rule/subject`."""

    hits: tuple[RuleHit, ...]
    undecided: tuple[str, ...]


def hits_of(view: View, moment: str, lines: Sequence[LineDrawn] | None) -> Found:
    """Ask every rule of the period's cadence of everybody whom it is about, and remember how often it held.

    Without lines, that is all; with them, say what was hit, by the figures that they have.

    Of a period that ends after the scheme does (000-4a: 「督查时间。暂定为一年」) nothing is asked.
    """
    until = end_of_validity(view)
    if until is not None and until < view.period.last_day:
        return Found((), ())
    # A unit is served these figures before the bulletin is sealed: none of them may tell its place.
    telling = telling_places(view.regime)
    drawn = {(line.subject_kind, line.subject): without_telling(line, telling) for line in lines or ()}
    hits: list[RuleHit] = []
    undecided: list[str] = []
    for rule in view.regime.supervision_rules:
        if rule.held.of != view.period.cadence or (rule.season and not rule.season.holds(view.day)):
            continue
        for subject in _subjects(view, rule):
            holding = _holding(view, rule, subject)
            if holding is None:
                undecided.append(f"{rule.id}/{_code(subject)}")
            count = _counted(view, rule, subject, holding=holding)
            if lines is not None and holding and count >= rule.held.consecutive:
                hits.append(_hit(view, moment, rule, subject, count, drawn))
    return Found(tuple(hits), tuple(undecided))


def _subjects(view: View, rule: SupervisionRule) -> Iterator[Measuring | RowSubject]:
    for subject in view.governed(rule.about) if rule.about in _KINDS else view.row_subjects(rule.about):  # type: ignore[arg-type]
        if rule.among is None or holds(rule.among, subject):
            yield subject


def _code(subject: Measuring | RowSubject) -> str:
    return subject.code if isinstance(subject, Measuring) else subject.row.id


def _holding(view: View, rule: SupervisionRule, subject: Measuring | RowSubject) -> bool | None:
    if rule.unless is not None and holds(rule.unless, subject):
        return False
    holding = holds(rule.when, subject)
    # An exemption does not say that all is well: the streak and the matter wait where they are.
    return None if holding and _is_exempt(view, rule, subject) else holding


def _is_exempt(view: View, rule: SupervisionRule, subject: Measuring | RowSubject) -> bool:
    """By itself, where it was let off the rule (a row: its unit or person); else where all its objects are free."""
    named = {_code(subject)}
    if isinstance(subject, RowSubject):
        projects: Sequence[str] = (subject.row.project,) if subject.row.project else ()
        named |= {subject.row.unit, subject.row.person}
    else:
        projects = [one.code for one in subject.objects]
    if "exemption_granted" in rule.exempt and any(view.standing.is_exempted(code, rule.id) for code in named):
        return True
    return bool(projects) and all(view.standing.is_exempt(code, rule.id, rule.exempt) for code in projects)


# --- how often --------------------------------------------------------------------------------------------------------


def _counted(view: View, rule: SupervisionRule, subject: Measuring | RowSubject, *, holding: bool | None) -> int:
    key = f"{view.code}/{rule.id}/{_code(subject)}"
    kept = view.ledger.get(Streak, key)
    streak = _next(kept, view.period, rule.held, holding=holding)
    if streak.count or kept:
        view.ledger.put(key, streak)
    return streak.count


def _next(kept: Streak | None, period: Period, held: Held, *, holding: bool | None) -> Streak:
    before = _before(period)
    if held.in_last is None:
        in_a_row = kept.count if kept is not None and kept.last_period == str(before) else 0
        return Streak(0 if holding is False else in_a_row + int(holding is True), str(period))
    window = {str(period)}
    for _ in range(held.in_last - 1):
        window.add(str(before))
        before = _before(before)
    lately = tuple(one for one in (kept.recent if kept else ()) if one in window)
    lately = (*lately, str(period)) if holding else lately
    return Streak(len(lately), str(period), lately)


def _before(period: Period) -> Period:
    return Period.holding(period.first_day - timedelta(days=1), period.cadence)


# --- what is said of a hit --------------------------------------------------------------------------------------------


def _hit(
    view: View, moment: str, rule: SupervisionRule, subject: Measuring | RowSubject, count: int,
    drawn: Mapping[tuple[SubjectKind, str], LineDrawn],
) -> RuleHit:  # fmt: skip
    ladder = (view.regime.ladders or {}).get(rule.ladder, ())
    projects = _projects(view, subject)
    measures, displayed = _figures(subject, drawn)
    natures = {one.listing.investment_nature for one in projects}
    holders = _holders(view, ladder, projects, subject.unit)
    return RuleHit(
        moment=moment, list=view.code, period=str(view.period), rule=rule.id, ladder=rule.ladder,
        subject_kind=rule.about, subject=_code(subject), unit=subject.unit,
        name=subject.name if isinstance(subject, Measuring) else _row_name(projects, subject), consecutive=count,
        measures=measures, displayed=displayed, holders=holders | _named(view, subject, holders),
        open_steps=_steps(ladder, subject, holding=True) if any(step.when for step in ladder) else None,
        undecided_steps=_steps(ladder, subject, holding=None), hits=_times(view, rule, subject),
        investment_nature=natures.pop() if len(natures) == 1 else "",
    )  # fmt: skip


def _projects(view: View, subject: Measuring | RowSubject) -> Sequence[ProjectFacts]:
    if isinstance(subject, Measuring):
        return subject.objects
    found = view.project(subject.row.project)
    return found.objects if found else ()


def _row_name(projects: Sequence[ProjectFacts], subject: RowSubject) -> str:
    return projects[0].listing.name if projects else subject.row.person or subject.row.unit or subject.row.id


def _figures(
    subject: Measuring | RowSubject, drawn: Mapping[tuple[SubjectKind, str], LineDrawn]
) -> tuple[Mapping[str, Decimal | None], Mapping[str, str]]:
    if isinstance(subject, RowSubject):
        cells = {name: cell for name, cell in subject.row.cells.items() if cell not in {None, ""}}
        numbers = {name: cell for name, cell in cells.items() if isinstance(cell, Decimal)}
        return numbers, {name: f"{cell:f}" if isinstance(cell, Decimal) else str(cell) for name, cell in cells.items()}
    line = drawn[subject.kind, subject.code]
    return line.measures, line.displayed


def _holders(
    view: View, ladder: Ladder, projects: Sequence[ProjectFacts], unit: str
) -> dict[str, tuple[str, ...]]:  # fmt: skip
    """Whom the ladder's steps reach: who holds the role now, or, where responsibility is for life, ever held it.

    Of what is about no project, the unit itself and those who hold a post in it.
    """
    ever: dict[Role, bool] = {}
    for step in ladder:
        for role in (*step.serve, *step.explain_by):
            ever[role] = ever.get(role, False) or step.lifelong
    if not projects:
        of_unit = {role: staff(view.ledger, unit, role, on=view.day, ever=for_life) for role, for_life in ever.items()}
        return {role: (unit,) if role == "lead_unit" and unit else codes for role, codes in of_unit.items()}
    return {
        role: tuple(dict.fromkeys(
            code for one in projects for code in holders_of(view.ledger, one.code, role, on=view.day, ever=for_life)
        ))
        for role, for_life in ever.items()
    }  # fmt: skip


def _named(view: View, subject: Measuring | RowSubject, asked: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """Those of whom a row itself says that it is they, whatever role they have for its project.

    Who caused an incident or was absent (003), and who handles a matter (000-13: 承办单位和承办人).
    """
    if not isinstance(subject, RowSubject):
        return {}
    row, fact = subject.row, view.ledger.get(Fact, subject.row.id)
    units, persons = (fact.units, fact.persons) if fact else ((), ())
    found = {"named_unit": units or (row.unit,), "named_person": persons or (row.person,)}
    if row.table == "matter":
        found |= {"handling_unit": (row.unit,), "handling_person": (row.person,)}
    return {role: tuple(filter(None, codes)) for role, codes in found.items() if role in asked}


def _steps(ladder: Ladder, subject: Measuring | RowSubject, *, holding: bool | None) -> tuple[int, ...]:
    """The steps whose own condition holds, or of which it is not known."""
    return tuple(
        place
        for place, step in enumerate(ladder)
        if (True if step.when is None else holds(step.when, subject)) is holding
    )


def _times(view: View, rule: SupervisionRule, subject: Measuring | RowSubject) -> int:
    """How often it happened, where the rule asks for a count: what a ladder by count goes by (000-4b: 三次联系不通).

    Zero where nothing is counted: then each close at which the rule is hit is one time.
    """
    counted = [name for name in tested(rule.when) if isinstance(view.regime.measures.get(name), Count)]
    times = [value for name in counted if (value := subject.value(name)) is not None]
    return int(max(times, default=0))
