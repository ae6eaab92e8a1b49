"""What is kept of problems and of supervised matters: all that befell them, in the order in which it was told."""

from dataclasses import replace
from datetime import date

from services.scoring.domain.entries import Exemptions, KeptMatter, KeptProblem, MatterMove, MatterStep
from services.scoring.domain.pages import enter
from services.scoring.domain.plans import extend_item
from services.scoring.domain.returns import need_listed
from shared.core.errors import CannotApply
from shared.core.events import (
    Decision,
    ExemptionGranted,
    ExtensionGranted,
    MatterAssigned,
    MatterOpened,
    MatterReminded,
    MatterReopened,
    MatterReported,
    MatterStruckOff,
    MatterVerified,
    ObjectionDecided,
    ObjectionFiled,
    Paused,
    ProblemEscalated,
    ProblemRaised,
    ProblemSolved,
    Recorded,
)
from shared.core.ledger import Ledger
from shared.core.matters import is_proposed
from shared.core.register import need
from shared.core.responsibilities import day_of

# --- problems -----------------------------------------------------------------------------------------------------


def raise_problem(ledger: Ledger, recorded: Recorded[ProblemRaised]) -> None:
    data = recorded.data
    need_listed(ledger, data.project)
    if ledger.get(KeptProblem, data.problem):
        raise CannotApply(f"the problem {data.problem} is raised already")
    has_solution = bool(data.solution)
    kept = KeptProblem(data.project, data.obstacle, data.needs, data.owner, has_solution, data.on)
    ledger.put(data.problem, kept)
    enter(ledger, "problem", data.problem, (data.project,))


def escalate(ledger: Ledger, recorded: Recorded[ProblemEscalated]) -> None:
    data = recorded.data
    kept = _problem(ledger, data.problem)
    ledger.put(data.problem, replace(kept, escalated=(*kept.escalated, (data.on, data.needs, bool(data.proposal)))))


def solve(ledger: Ledger, recorded: Recorded[ProblemSolved]) -> None:
    kept = _problem(ledger, recorded.data.problem)
    ledger.put(recorded.data.problem, replace(kept, solved_on=recorded.data.on))


def _problem(ledger: Ledger, problem: str) -> KeptProblem:
    return need(ledger.get(KeptProblem, problem), f"no problem {problem} was raised")


# --- matters ------------------------------------------------------------------------------------------------------


def open_matter(ledger: Ledger, recorded: Recorded[MatterOpened]) -> None:
    """A matter; it is told again with what the minutes did not say, and with whoever else has approved its opening."""
    data = recorded.data
    if data.project:
        need_listed(ledger, data.project)
    kept = ledger.get(KeptMatter, data.matter)
    if kept and (kept.list or data.source != "minutes") and data.approver in {"", kept.approver}:
        raise CannotApply(f"the matter {data.matter} is open already")
    opened = MatterMove(step="opened", on=data.on, unit=data.unit, person=data.person, due_on=data.due_on)
    since = kept.moves[1:] if kept else ()
    kept = KeptMatter(data.list, data.source, data.project, (opened, *since), data.basis, data.approver)
    _put(ledger, data.matter, kept, opened)


def open_decided(ledger: Ledger, decision: Decision, on: date) -> None:
    """What a meeting decided is a matter from then on, unless it is one already."""
    if ledger.get(KeptMatter, decision.id) is None:
        opened = MatterMove(step="opened", on=on, unit=decision.unit, due_on=decision.due_on)
        _put(ledger, decision.id, KeptMatter("", "minutes", decision.project, (opened,)), opened)


def assign(ledger: Ledger, recorded: Recorded[MatterAssigned]) -> None:
    data = recorded.data
    move = MatterMove(step="assigned", on=data.on, unit=data.unit, person=data.person, due_on=data.due_on)
    _move(ledger, data.matter, move)


def remind(ledger: Ledger, recorded: Recorded[MatterReminded]) -> None:
    _move(ledger, recorded.data.matter, MatterMove(step="reminded", on=recorded.data.on))


def answer(ledger: Ledger, recorded: Recorded[MatterReported]) -> None:
    _move(ledger, recorded.data.matter, MatterMove(step="reported", on=recorded.data.on))


def verify(ledger: Ledger, recorded: Recorded[MatterVerified]) -> None:
    data = recorded.data
    step: MatterStep = "done" if data.is_done else "not_done"
    move = MatterMove(step=step, on=data.on, cause=data.cause, is_reason_accepted=data.is_reason_accepted)
    _move(ledger, data.matter, move)


def strike_off(ledger: Ledger, recorded: Recorded[MatterStruckOff]) -> None:
    data = recorded.data
    _move(ledger, data.matter, MatterMove(step="struck_off", on=data.on, answered=data.answered))


def reopen(ledger: Ledger, recorded: Recorded[MatterReopened]) -> None:
    _move(ledger, recorded.data.matter, MatterMove(step="reopened", on=recorded.data.on))


def extend(ledger: Ledger, recorded: Recorded[ExtensionGranted]) -> None:
    """Another day for a matter, or for the milestone or permit of a project that is named.

    What nobody has approved moves no day.
    """
    data = recorded.data
    if data.project:
        extend_item(ledger, recorded)
    else:
        due_on = data.new_due_on if data.approver else None
        _move(ledger, data.matter, MatterMove(step="extended", on=day_of(ledger, recorded), due_on=due_on))


def pause(ledger: Ledger, recorded: Recorded[Paused]) -> None:
    data = recorded.data
    _move(ledger, data.matter, MatterMove(step="paused", on=data.on, until_on=data.until_on))


def object_to(ledger: Ledger, recorded: Recorded[ObjectionFiled | ObjectionDecided]) -> None:
    """An objection to a matter, or its end: one that is upheld ends the matter. One to a notice is notify's to know."""
    data = recorded.data
    if ledger.get(KeptMatter, data.matter):
        step: MatterStep = "contested" if isinstance(data, ObjectionFiled) else "decided"
        _move(ledger, data.matter, MatterMove(step=step, on=data.on))
        if isinstance(data, ObjectionDecided) and data.upheld:
            _move(ledger, data.matter, MatterMove(step="struck_off", on=data.on))


def exempt(ledger: Ledger, recorded: Recorded[ExemptionGranted]) -> None:
    data = recorded.data
    kept = ledger.get(Exemptions, data.subject) or Exemptions(())
    ledger.put(data.subject, Exemptions((*kept.granted, (data.rule, data.until_on))))


def _move(ledger: Ledger, matter: str, move: MatterMove) -> None:
    """What befalls a matter. One that a rule proposed is notify's to follow, unless somebody opened it here as well."""
    kept = ledger.get(KeptMatter, matter)
    if kept is None and is_proposed(matter):
        return
    kept = need(kept, f"no matter {matter} was opened")
    _put(ledger, matter, replace(kept, moves=(*kept.moves, move)), move)


def _put(ledger: Ledger, matter: str, kept: KeptMatter, move: MatterMove) -> None:
    ledger.put(matter, kept)
    first = (kept.project,) if move.step == "opened" else ()
    enter(ledger, "matter", matter, [*first, *(who for who in (move.unit, move.person) if who)])
