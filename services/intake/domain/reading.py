"""Which events of the record may a person read? Its own and its units'; the office and the operator read all.

Asked of the ledger as it stands now: whoever loses a post loses the sight of what it gave.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from services.intake.domain.known import Drafted, MatterLife, ProblemLife
from services.intake.domain.known.projects import handled_by
from services.intake.domain.secrecy import is_secret
from shared.core.events import AnyRecorded, MinutesIssued
from shared.core.ledger import Ledger
from shared.core.register import holders, is_of_the_office, posts_of

_UNITS = ("unit", "units", "office", "code", "to")
_PERSONS = ("person", "persons", "agent", "to")
_PROJECTS = ("project", "projects")


@dataclass(frozen=True, slots=True)
class Standpoint:
    """Who reads: a person with the units in which it holds posts, or whoever reads all; the operator even secrets."""

    person: str
    units: frozenset[str]
    reads_all: bool
    is_operator: bool = False


def standpoint(ledger: Ledger, person: str | None, *, is_operator: bool) -> Standpoint | None:
    """From where a person looks at the record; None for a stranger."""
    units = frozenset(unit for _, unit, _ in posts_of(ledger, person or ""))
    if not units and not is_operator:
        return None
    return Standpoint(person or "", units, is_operator or is_of_the_office(ledger, person), is_operator)


def reads(ledger: Ledger, by: Standpoint, recorded: AnyRecorded) -> bool:
    """Whether an event is shown: submitted by or for one of the reader's units, or about them or what is theirs."""
    if by.is_operator or recorded.actor == by.person:
        return True
    if is_secret(type(recorded.data)):
        return False
    if by.reads_all or by.units & {recorded.unit, recorded.on_behalf_of}:
        return True
    data = recorded.data
    if by.units & {*_named(data, _UNITS)} or by.person in _named(data, _PERSONS):
        return True
    return any(is_theirs(ledger, by, project) for project in _projects(ledger, data)) or _is_their_paper(
        ledger, by, data
    )


def is_theirs(ledger: Ledger, by: Standpoint, project: str) -> bool:
    """Whether a project is one of the reader's: of a unit of its own, or one that it sponsors."""
    if by.units & {*handled_by(ledger, project), *holders(ledger, project, "owner")}:
        return True
    return by.person in holders(ledger, project, "sponsor_leader")


def _is_their_paper(ledger: Ledger, by: Standpoint, data: object) -> bool:
    """Whether it is about a matter given to them, or a notice that was served on them: a draft is nobody's yet.

    What a meeting decided is read by those whose decisions they are.
    """
    decisions = data.decisions if isinstance(data, MinutesIssued) else ()
    if by.units & {one.unit for one in decisions}:
        return True
    for code in (str(getattr(data, "matter", "")), *(one.id for one in decisions)):
        matter = ledger.get(MatterLife, code)
        if matter is not None and matter.given_on is not None and by.units & {*matter.units}:
            return True
    notice = ledger.get(Drafted, f"notice/{getattr(data, 'notice', '')}")
    return notice is not None and notice.is_done and notice.unit in by.units


def _projects(ledger: Ledger, data: object) -> Iterator[str]:
    yield from _named(data, _PROJECTS)
    problem = ledger.get(ProblemLife, str(getattr(data, "problem", "")))
    if problem is not None:
        yield problem.project


def _named(data: object, fields: tuple[str, ...]) -> Iterator[str]:
    for name in fields:
        value = getattr(data, name, "")
        yield from (value,) if isinstance(value, str) else value if isinstance(value, tuple) else ()
