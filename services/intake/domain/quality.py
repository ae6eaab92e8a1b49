"""What is suspicious about a value that keeps to the form: taken all the same, with a flag that reviewers see.

A flag says what can be seen from the record, never that something is wrong: whether it is, people find out, and what
follows from it the regime says. What is unknown is never flagged.
"""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from services.intake.domain.known import Course, Place, ReturnMade, Shown
from services.intake.domain.known.returns import before, shown_as
from shared.core.calendar import Period
from shared.core.events import MilestoneReached, ProgressReported, QualityFlag, StageChanged
from shared.core.ledger import Ledger
from shared.core.numbers import EXACT
from shared.core.regime.terms import Stage
from shared.core.register import Project
from shared.core.returns import AMOUNTS

JUMP_TIMES = Decimal(3)
JUMP_SHARE = Decimal("0.2")
"""A jump is more than so many times the mean monthly step of the year so far, and more than this share of its plan.

Chosen by us, no document names them: an even year has steps of a twelfth, so a fifth of the plan at once that is also
three times what was usual is what a reviewer asks about, and what a wrong unit (万元 for 元) brings about always is.
"""

_BUILT: frozenset[Stage] = frozenset({
    "substantially_complete", "completed", "accepted", "commissioned", "in_use", "benefit_reached",
})  # fmt: skip
_STARTED: frozenset[Stage] = _BUILT | {"started", "suspended", "resumed", "in_statistics"}
"""Who has reached one of these has been started, whether that was told or not."""


def of_return(ledger: Ledger, data: ProgressReported) -> tuple[QualityFlag, ...]:
    """All flags of a return whose period can be read, in the order of their names in the vocabulary."""
    period = Period.parse(data.period)
    return (*_of_amount(ledger, data, period), *_of_work(ledger, data, period), *_of_evidence(ledger, data))


def of_stage(ledger: Ledger, data: StageChanged) -> tuple[QualityFlag, ...]:
    found: list[QualityFlag] = []
    course = ledger.get(Course, data.project)
    if data.stage in _BUILT and is_started(ledger, data.project, data.on) is False:
        found.append("before_start")
    if data.stage == "started" and course and any(one.stage == "started" for one in course.stages):
        found.append("duplicate_start")
    return (*found, *_of_evidence(ledger, data))


def of_milestone(ledger: Ledger, data: MilestoneReached) -> tuple[QualityFlag, ...]:
    return (*_of_evidence(ledger, data),)


def is_started(ledger: Ledger, project: str, day: date) -> bool | None:
    """Whether works had begun by a day; None where nobody ever said a word about it."""
    course, known = ledger.get(Course, project), ledger.get(Project, project)
    continuing = known.listing.continuing if known else None
    if continuing or (course and not _STARTED.isdisjoint(course.by(day))):
        return True
    return None if course is None and continuing is None else False


def _of_amount(ledger: Ledger, data: ProgressReported, period: Period) -> Iterator[QualityFlag]:
    done = data.investment_ytd_yuan
    if done is None:
        return
    plan, last = _plan(ledger, data.project, period.year), before(ledger, data.project, period, alike=False)
    if last and last.investment_ytd_yuan is not None:
        if done < last.investment_ytd_yuan:
            yield "cumulative_falls"
        if plan and _is_jump(done, last, period, plan):
            yield "jump"
    if plan is not None and done > plan:
        yield "over_plan"


def _is_jump(done: Decimal, last: ReturnMade, period: Period, plan: Decimal) -> bool:
    so_far = last.investment_ytd_yuan or Decimal(0)
    was, now = Period.parse(last.said.period).last_day.month, period.last_day.month
    step = EXACT.subtract(done, so_far)
    # Multiplied out, so that nothing is rounded: step / months > times * so far / months so far.
    usual = EXACT.multiply(JUMP_TIMES, EXACT.multiply(so_far, Decimal(max(now - was, 1))))
    return EXACT.multiply(step, Decimal(was)) > usual and step > EXACT.multiply(JUMP_SHARE, plan)


def _of_work(ledger: Ledger, data: ProgressReported, period: Period) -> Iterator[QualityFlag]:
    works = data.investment_ytd_yuan or data.physical_progress_ratio
    if works and is_started(ledger, data.project, period.last_day) is False:
        yield "before_start"
    last = before(ledger, data.project, period, alike=True)
    if last and _is_copy(data, last.said):
        yield "copy_of_last"


def _is_copy(data: ProgressReported, last: ProgressReported) -> bool:
    """The same words and amounts; where nothing is told in words, the same amounts only say that nothing moved."""
    told = data.narrative.strip()
    is_same = bool(told) and told == last.narrative.strip()
    return is_same and all(getattr(data, name) == getattr(last, name) for name in AMOUNTS)


def _of_evidence(ledger: Ledger, data: ProgressReported | StageChanged | MilestoneReached) -> Iterator[QualityFlag]:
    shown = (ledger.get(Shown, digest) for digest in data.evidence)
    if any(one and one.of != shown_as(data) for one in shown):
        yield "same_evidence"


def _plan(ledger: Ledger, project: str, year: int) -> Decimal | None:
    """The plan of a year; the highest of several lists, since one that is within any plan is not above the plan."""
    known = ledger.get(Project, project)
    lists = (code for code, of_year in known.listed_on if of_year == year) if known else ()
    places = (ledger.get(Place, f"{code}/{year}/{project}") for code in lists)
    return max((one.annual_plan_yuan for one in places if one and one.annual_plan_yuan is not None), default=None)
