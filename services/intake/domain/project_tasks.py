"""What do projects ask of a person: returns, milestones, permits, problems, visits?"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from services.intake.domain import review
from services.intake.domain.asked import asked_of
from services.intake.domain.authority import Scope
from services.intake.domain.known import (
    AgendaItem,
    Formalities,
    MeetingLife,
    Nodes,
    PermitLife,
    ProblemLife,
    ReturnMade,
)
from services.intake.domain.known.asked import Formality
from services.intake.domain.known.borne import visits
from services.intake.domain.post import Post, Task
from services.intake.domain.reviewing import SIGNS, askings, lists_of, of_cadence
from shared.core import deadlines
from shared.core.calendar import Period
from shared.core.events import (
    AgendaItemAdded,
    DutyVisitRecorded,
    MilestoneReached,
    PermitAccepted,
    PermitFiled,
    PermitIssued,
    ProblemSolved,
    ProgressReported,
    ReturnConfirmed,
    ReturnReviewed,
    ReturnSigned,
)
from shared.core.moments import close_at, due_at
from shared.core.regime.management import Duty, Reporting
from shared.core.register import Project, holders, regime_at

AHEAD = timedelta(days=31)
"""How far ahead milestones and permits are tasks: whole plans are not."""
BACK = timedelta(days=366)
"""How far back returns that were made still ask for something."""
_OWN: tuple[Scope, ...] = ("project",)
_PERMIT: tuple[Scope, ...] = ("permit",)
_ANY: tuple[Scope, ...] = ("any",)
_SELF: tuple[Scope, ...] = ("self",)


# --- returns ------------------------------------------------------------------------------------------------------


def returns(post: Post) -> Iterator[Task]:
    """Those that are owed, and those that the office entered for the unit and the unit has not confirmed."""
    if not post.capacity(ProgressReported, _OWN):
        return
    for one in asked_of(post.ledger, post.unit, at=post.at):
        yield from post.task(
            "return_sent_back" if one.made else "return", ProgressReported, _OWN, one.project, name=one.name,
            period=one.period, due=one.due,
            known={"project": one.project, "cadence": one.cadence, "period": one.period},
        )  # fmt: skip
    for made in post.ledger.all(ReturnMade).values():
        if made.is_unconfirmed and made.event and "project" in post.projects.get(made.said.project, ()):
            project, period = made.said.project, made.said.period
            yield from post.task(
                "return_to_confirm", ReturnConfirmed, _OWN, project, name=post.name(project), period=period,
                known={"project": project, "period": period},
            )  # fmt: skip


def inbox(post: Post) -> Iterator[Task]:
    """What waits for this person's signature or review; for a review there is time once it can begin."""
    for one in review.inbox(post.ledger, post.person, post.unit, post.at):
        period = Period.parse(one.period)
        if period.last_day < post.today - BACK:
            continue
        name, known = post.name(one.project), {"project": one.project, "period": one.period}
        rules = _rules(post, one.project, period)
        if one.steps == (SIGNS,):
            due = min((at for rule in rules if (at := due_at(post.ledger, period, rule))), default=None)
            yield from post.task(
                "return_to_sign", ReturnSigned, _OWN, one.project, name=name, period=one.period, due=due,
                known={**known, "signer": post.person},
            )  # fmt: skip
        else:
            due = min(_reviewed_by(post, period, rules, one.since), default=None)
            yield from post.task(
                "return_to_review", ReturnReviewed, _ANY, one.project, name=name, period=one.period, due=due,
                known={**known, "step": one.steps[0]},
            )  # fmt: skip


def _reviewed_by(post: Post, period: Period, rules: Sequence[Reporting], since: datetime) -> Iterator[datetime]:
    """The close of the period, or as much time after the return came: nobody reviews what is not there."""
    for rule in rules:
        if rule.review_within:
            yield max(
                close_at(post.ledger, period, rule),
                deadlines.after(since, rule.review_within, post.calendar, post.zone),
            )


def _rules(post: Post, project: str, period: Period) -> Sequence[Reporting]:
    asked = askings(post.ledger, lists_of(post.ledger, project, period.year), period)
    return [one.rule for one in of_cadence(asked, period.cadence)]


# --- milestones and permits ---------------------------------------------------------------------------------------


def milestones(post: Post) -> Iterator[Task]:
    for project, scopes in post.projects.items():
        nodes = post.ledger.get(Nodes, project)
        for node in nodes.nodes if nodes else ():
            if node.reached_on is None and node.due_on and node.due_on <= post.today + AHEAD:
                yield from post.task(
                    "milestone", MilestoneReached, scopes, project, name=node.name, period=node.id, due_on=node.due_on,
                    known={"project": project, "milestone": node.id},
                )  # fmt: skip


def permits(post: Post) -> Iterator[Task]:
    """To file, for whoever wants one; to accept and to issue, for the office that has the file."""
    files, planned = post.ledger.all(PermitLife), set[str]()
    for project, formalities in post.ledger.all(Formalities).items():
        for one in formalities.permits:
            planned.add(key := f"{project}/{one.id}")
            life = files.get(key)
            yield from _permit(post, project, replace(one, office=life.office) if life else one, life)
    for key, life in files.items():
        if key not in planned:
            project, _, permit = key.partition("/")
            yield from _permit(post, project, Formality(id=permit, name=permit, office=life.office, due_on=None), life)


def _permit(post: Post, project: str, one: Formality, life: PermitLife | None) -> Iterator[Task]:
    state = life.state if life else ""
    known = {"project": project, "permit": one.id, "office": one.office}
    is_near = one.due_on is not None and one.due_on <= post.today + AHEAD
    of = {"name": one.name, "period": one.id, "due_on": one.due_on, "known": known,
          "told": (f"permit/{project}/{one.id}",)}  # fmt: skip
    if state == "returned" or (state == "" and is_near):
        scopes = post.projects.get(project, frozenset())
        yield from post.task("permit_to_file", PermitFiled, scopes, project, **of)  # type: ignore[arg-type]
    elif one.office == post.unit and state in {"filed", "accepted_with_gaps"}:
        yield from post.task("permit_to_accept", PermitAccepted, _PERMIT, project, **of)  # type: ignore[arg-type]
    elif one.office == post.unit and state == "accepted":
        yield from post.task("permit_to_issue", PermitIssued, _PERMIT, project, **of)  # type: ignore[arg-type]


# --- problems -----------------------------------------------------------------------------------------------------


def problems(post: Post) -> Iterator[Task]:
    """To solve, for whoever has to do with the project; to be taken up, for conveners, where they were brought up."""
    items, meetings = post.ledger.all(AgendaItem), post.ledger.all(MeetingLife)
    held = {code for code, one in meetings.items() if one.is_held}
    taken_up = {one.problem for key, one in items.items() if key.partition("/")[0] not in held and not one.is_deferred}
    for problem, life in post.ledger.all(ProblemLife).items():
        if life.is_solved:
            continue
        name, scopes = post.name(life.project), post.projects.get(life.project, frozenset())
        known, told = {"problem": problem}, (f"problem/{problem}",)
        yield from post.task("problem_to_solve", ProblemSolved, scopes, problem, name=name, known=known, told=told)
        if life.before and problem not in taken_up:
            yield from post.task(
                "problem_for_agenda", AgendaItemAdded, _ANY, problem, name=name, known=known, told=told
            )


# --- visits -------------------------------------------------------------------------------------------------------


def duty_visits(post: Post) -> Iterator[Task]:
    """Visits that a regime asks of this person for each project, and that are not made yet in the running period.

    Whether a condition, a season, a turn or a draw spares somebody, scoring judges: such duties are not told here.
    """
    for project in post.projects:
        for duty in _duties(post, project):
            assert duty.per is not None
            period = Period.holding(post.today, duty.per)
            mine = [
                one.on for one in visits(post.ledger, project, post.today.year) if one[1:] == (duty.who, post.person)
            ]
            if sum(period.first_day <= on <= period.last_day for on in mine) < (duty.at_least or 0):
                known = {"project": project, "person": post.person, "role": str(duty.who)}
                yield from post.task(
                    "visit", DutyVisitRecorded, _SELF, project, name=post.name(project), period=str(period),
                    due_on=period.last_day, known=known,
                )  # fmt: skip


def _duties(post: Post, project: str) -> Iterator[Duty]:
    kept = post.ledger.get(Project, project)
    lists = sorted({code for code, year in kept.listed_on if year == post.today.year}) if kept else []
    for regime in filter(None, (regime_at(post.ledger, code, post.at) for code in lists)):
        for duty in regime.duties:
            is_plain = not (duty.among or duty.where or duty.season or duty.rotate or duty.select)
            is_visit = duty.do == "duty_visit" and duty.about == "project" and duty.per is not None
            if is_plain and is_visit and post.person in holders(post.ledger, project, duty.who):  # type: ignore[arg-type]
                yield duty
