"""What must be true when a project leaves its list, and of what takes its place."""

from decimal import Decimal

from services.intake.domain.chain import is_through, turns
from services.intake.domain.known import Leaving
from services.intake.domain.known.projects import has_left, is_sealed, roll
from services.intake.domain.rules.references import Faults, Rules, project_on_list
from services.intake.domain.rules.sense import out_of_turn, says
from services.intake.domain.submission import Case
from shared.core.errors import Fault, Term
from shared.core.events import ExitRequested, ExitStepDecided, ProjectExited, ProjectListed, ProjectReplaced
from shared.core.numbers import EXACT
from shared.core.regime.language import Chain
from shared.core.regime.model import ListChanges, Replacement
from shared.core.register import regime_at


def still_there(case: Case) -> Faults:
    data = case.data
    if has_left(case.ledger, data.list, data.year, data.project):
        yield Fault("has_left", "/data/project", "The project has left the list of this year.")


def may_leave(case: Case, project: str) -> bool:
    """Whether all have approved that a project leaves; where the regime names nobody, nobody need."""
    asked, (_, chain) = _asked(case, project), _rules(case)
    if asked is None:
        return not chain
    return asked.has_left or (not asked.is_refused and is_through(chain, asked.spoken))


def _rules(case: Case) -> tuple[ListChanges, Chain]:
    """What the regime of the list says of changes to it, and its chain of those who decide on exits."""
    regime = regime_at(case.ledger, case.data.list, case.at)
    rules = regime.list_changes if regime and regime.list_changes else ListChanges()
    return rules, regime.chain(rules.exit_chain) if regime else ()


def _asked(case: Case, project: str) -> Leaving | None:
    return case.ledger.get(Leaving, f"{case.data.list}/{case.data.year}/{project}")


# --- asking and deciding --------------------------------------------------------------------------------------------


def _not_asked_yet(case: Case) -> Faults:
    asked = _asked(case, case.data.project)
    if asked and not asked.is_refused and not asked.has_left:
        yield Fault("exit_pending", "/data/project", "This exit is requested already, and not refused.")


def _in_turn(case: Case) -> Faults:
    """One decision for each step, in the order of the chain, and none after a refusal."""
    data: ExitStepDecided = case.data
    asked, chain = _asked(case, data.project), _rules(case)[1]
    if asked is None:
        yield Fault("exit_not_requested", "/data/project", "Nobody has requested this exit.")
        return
    if asked.is_refused:
        yield Fault("exit_refused", "/data/step", "The exit was refused: it may be requested again.")
    elif chain:
        yield from out_of_turn(turns(chain, asked.spoken), data.step)
    elif data.step in asked.spoken:
        yield Fault("already_decided", "/data/step", "This step is decided already.")
    if asked.requested_by == case.submission.actor:
        yield Fault("own_request", "/data/project", "Who requested an exit does not decide on it.")


# --- leaving, and what comes instead --------------------------------------------------------------------------------


def _approved(case: Case) -> Faults:
    if not may_leave(case, case.data.project):
        message = "Not all have approved that the project leaves: record their decisions, or override this."
        yield Fault("exit_not_approved", "/data/project", message)


def _not_left_so(case: Case) -> Faults:
    """An exit and what replaced it may both be recorded, each once."""
    data: ProjectExited | ProjectReplaced = case.data
    if case.ledger.get(type(data), f"{data.list}/{data.year}/{data.project}") is not None:
        yield Fault("has_left", "/data/project", "The project has left the list of this year.")


def _count_kept(case: Case) -> Faults:
    data: ProjectExited | ProjectReplaced = case.data
    if has_left(case.ledger, data.list, data.year, data.project):
        return
    kept = roll(case.ledger, data.list, data.year)
    # Before the sealing what takes a place was counted as one more; afterwards it is one more than were sealed.
    is_swap = isinstance(data, ProjectReplaced) and not is_sealed(case.ledger, data.list, data.year)
    if _rules(case)[0].count_must_not_fall and kept.active - 1 < kept.least - is_swap:
        message = "The number of projects of the list must not fall: list first what takes its place, or override this."
        yield Fault("count_would_fall", "/data/project", message)


def _replaced_by_another(case: Case) -> Faults:
    data: ProjectReplaced = case.data
    new = _listing(case, data, data.replacement)
    if data.replacement == data.project:
        yield Fault("replaces_itself", "/data/replacement", "A project cannot take its own place.")
    elif new is None or has_left(case.ledger, data.list, data.year, data.replacement):
        message = "What takes its place must stand on the same list of the same year: list it first."
        yield Fault("replacement_not_listed", "/data/replacement", message)
    elif data.replacement in roll(case.ledger, data.list, data.year).came:
        yield Fault("replacement_used", "/data/replacement", "This project has taken another's place already.")


def _like_it(case: Case) -> Faults:
    """What is known to be unlike is refused; what nobody said is for the office to confirm, and scoring says so."""
    data: ProjectReplaced = case.data
    rule: Replacement | None = _rules(case)[0].replacement
    old, new = _listing(case, data, data.project), _listing(case, data, data.replacement)
    if rule is None or old is None or new is None:
        return
    unlike: list[str] = [name for name in rule.same if getattr(old, name) != getattr(new, name)]
    unlike += [
        term
        for term, name in _AMOUNTS.items()
        if _is_far(getattr(old, name), getattr(new, name), rule.investment_within)
    ]
    for name in unlike:
        message = "What takes its place is not like it, as the regime demands: {what}."
        yield Fault("replacement_unlike", "/data/replacement", message, {"what": Term(name)})


_AMOUNTS = {"total_investment": "total_investment_yuan", "annual_plan": "annual_planned_investment_yuan"}


def _listing(case: Case, of: ProjectReplaced, project: str) -> ProjectListed | None:
    return case.ledger.get(ProjectListed, f"{of.list}/{of.year}/{project}")


def _is_far(old: Decimal | None, new: Decimal | None, share: Decimal) -> bool:
    if old is None or new is None:
        return False
    return abs(EXACT.subtract(new, old)) > EXACT.multiply(old, share)


RULES: Rules = {
    ExitRequested: (project_on_list, still_there, _not_asked_yet, says("reason")),
    ExitStepDecided: (project_on_list, still_there, _in_turn, says("step")),
    ProjectExited: (project_on_list, _not_left_so, _approved, _count_kept),
    ProjectReplaced: (project_on_list, _not_left_so, _approved, _replaced_by_another, _like_it, _count_kept),
}
