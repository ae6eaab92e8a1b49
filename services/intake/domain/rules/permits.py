"""What must be true of permits, and of problems and their solutions."""

from collections.abc import Mapping

from services.intake.domain.known import Formalities, PermitLife, ProblemLife
from services.intake.domain.known.asked import Formality
from services.intake.domain.rules.references import Faults, Rules
from services.intake.domain.rules.sense import forums_of, is_new, not_before, not_empty, regimes_of, says
from services.intake.domain.submission import Case
from shared.core.errors import Fault
from shared.core.events import (
    AgentAssigned,
    PermitAccepted,
    PermitFiled,
    PermitIssued,
    PermitRefused,
    PermitReturned,
    ProblemEscalated,
    ProblemRaised,
    ProblemSolved,
)

# --- permits: a file goes to and fro between owner and office -----------------------------------------------------

_MAY_FOLLOW: Mapping[type, frozenset[str]] = {
    # A file that was taken with gaps is filed again with what was missing.
    PermitFiled: frozenset({"", "returned", "refused", "accepted_with_gaps"}),
    PermitAccepted: frozenset({"filed", "accepted_with_gaps"}),
    PermitReturned: frozenset({"filed", "accepted_with_gaps"}),
    PermitIssued: frozenset({"filed", "accepted"}),
    PermitRefused: frozenset({"filed", "accepted", "accepted_with_gaps"}),
}
"""What a file must be for each move; an empty text is that of one that nobody has filed."""

_OFFICE_HAS_IT = Fault("office_has_file", "/data/permit", "The office has the file: it is to issue or to refuse.")
_OWNER_HAS_IT = Fault("owner_has_file", "/data/permit", "The owner has the file: it must be filed again first.")
_DECIDED = Fault("permit_decided", "/data/permit", "The permit is issued or refused already.")
_AGAINST: Mapping[tuple[type, str], Fault] = {
    (PermitReturned, "returned"): Fault(
        "returned_already", "/data/permit",
        "The file was returned already, and all that is to be added is said at once: it must be filed again first.",
    ),
    (PermitIssued, "accepted_with_gaps"): Fault(
        "gaps_open", "/data/permit", "The file has gaps: accept it without any once they are filled, then issue.",
    ),
}  # fmt: skip
_BY_STATE: Mapping[str, Fault] = {
    "": Fault("not_filed", "/data/permit", "Nobody has filed for this permit."),
    "filed": _OFFICE_HAS_IT, "accepted": _OFFICE_HAS_IT, "accepted_with_gaps": _OFFICE_HAS_IT,
    "returned": _OWNER_HAS_IT, "issued": _DECIDED, "refused": _DECIDED,
}  # fmt: skip


def _file_is_there(case: Case) -> Faults:
    life = _life(case)
    state, move = life.state if life else "", type(case.data)
    if state not in _MAY_FOLLOW[move]:
        yield _AGAINST.get((move, state)) or _BY_STATE[state]
    elif life:
        yield from not_before("/data/on", case.data.on, life.on)


def _office_is_the_planned(case: Case) -> Faults:
    """The plan says whose permit it is; where it says nothing, whoever it was filed with first."""
    life, planned = _life(case), _planned(case)
    office = (planned.office if planned else "") or (life.office if life else "")
    if office not in {"", case.data.office}:
        yield Fault("another_office", "/data/office", "This permit is issued by {office}.", {"office": office})


def _life(case: Case) -> PermitLife | None:
    return case.ledger.get(PermitLife, f"{case.data.project}/{case.data.permit}")


def _planned(case: Case) -> Formality | None:
    known = case.ledger.get(Formalities, case.data.project)
    return next((one for one in (known.permits if known else ()) if one.id == case.data.permit), None)


def _gaps_have_a_day(case: Case) -> Faults:
    data: PermitAccepted = case.data
    for place, one in enumerate(data.gaps):
        yield from not_empty(f"/data/gaps/{place}", one)
    if bool(data.gaps) != (data.gaps_due_on is not None):
        message = "Say by which day the gaps are to be filled; without gaps, say none."
        yield Fault("gaps_and_day", "/data/gaps_due_on", message)
    yield from not_before("/data/gaps_due_on", data.gaps_due_on, data.on)


def _permit_known(case: Case) -> Faults:
    code = case.data.permit
    if code and not (_planned(case) or _life(case)):
        yield Fault("unknown_permit", "/data/permit", "The project has no permit with the code {code}.", {"code": code})


# --- problems: they go up until they are solved -------------------------------------------------------------------


def _still_open(case: Case) -> Faults:
    problem = case.known_problem
    if problem and problem.is_solved:
        message = "The problem is solved already. What comes back is raised as another one."
        yield Fault("problem_solved", "/data/problem", message)
    elif problem:
        yield from not_before("/data/on", case.data.on, problem.on)


def _goes_up(case: Case) -> Faults:
    """A problem is brought before no forum twice, nor before one that a regime ranks below where it is."""
    problem, forum = case.known_problem, case.data.needs
    if problem and (forum in problem.before or _is_lower(case, problem, forum)):
        message = "A problem goes up: it was before {forum}, or before a higher one, already."
        yield Fault("not_higher", "/data/needs", message, {"forum": forum})


def _is_lower(case: Case, problem: ProblemLife, forum: str) -> bool:
    duties = [duty for regime in regimes_of(case, problem.project) for duty in regime.duties if duty.then_forum]
    above, seen = {one: duty.then_forum for duty in duties for one in forums_of(duty)}, set[str]()
    while forum in above and forum not in seen:
        seen.add(forum)
        forum = above[forum]
        if problem.before and forum == problem.before[-1]:
            return True
    return False


_FILE = (_file_is_there, _office_is_the_planned)

RULES: Rules = {
    AgentAssigned: (says("agent"), _permit_known),
    PermitFiled: (*_FILE, says("permit")),
    PermitAccepted: (*_FILE, _gaps_have_a_day),
    PermitReturned: (*_FILE, says("to_add")),
    PermitIssued: _FILE,
    PermitRefused: (*_FILE, says("reason")),
    ProblemRaised: (is_new(ProblemLife, "problem"), says("text")),
    ProblemEscalated: (_still_open, _goes_up, says("needs")),
    ProblemSolved: (_still_open, says("solution")),
}
