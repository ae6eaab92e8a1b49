"""What is asked of every submission: does what it names exist, and has what it tells happened?"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import fields, is_dataclass, replace
from functools import cache
from typing import Any

from services.intake.domain.known import MeetingLife, ProblemLife, RoundLife, VisitKnown
from services.intake.domain.submission import Case
from shared.core.errors import Fault
from shared.core.events import (
    JurisdictionOpened,
    MeetingCalled,
    MeetingHeld,
    MinutesIssued,
    ProblemRaised,
    ProjectListed,
    RoundPlanned,
    UnitRegistered,
    VisitHeld,
)
from shared.core.register import Project, published_list

Faults = Iterator[Fault]
Rule = Callable[[Case], Faults]
Rules = Mapping[type, tuple[Rule, ...]]

_Named = tuple[type, Fault]
_PROJECT: _Named = (Project, Fault("unknown_project", "", "No project has the code {code}."))
_UNIT: _Named = (UnitRegistered, Fault("unknown_unit", "", "No unit has the code {code}."))
_PROBLEM: _Named = (ProblemLife, Fault("unknown_problem", "", "No problem has the code {code}."))
_MEETING: _Named = (MeetingLife, Fault("unknown_meeting", "", "No meeting has the code {code}."))
_NAMES: Mapping[str, _Named] = {
    "project": _PROJECT, "projects": _PROJECT, "replacement": _PROJECT,
    "unit": _UNIT, "units": _UNIT, "lead_unit": _UNIT, "supporting_units": _UNIT, "office": _UNIT,
    "scorer_unit": _UNIT, "successor": _UNIT, "parent": _UNIT,
    "problem": _PROBLEM, "problems": _PROBLEM, "meeting": _MEETING, "to_meeting": _MEETING,
    "round": (RoundLife, Fault("unknown_round", "", "No round has the code {code}.")),
    "visit": (VisitKnown, Fault("unknown_visit", "", "No visit has the code {code}.")),
}  # fmt: skip
"""The fields, of events and of their parts, that name something which must be known. An empty code names nothing."""
_INTRODUCES: Mapping[type, str] = {
    ProjectListed: "project", ProblemRaised: "problem", RoundPlanned: "round", VisitHeld: "visit",
    MeetingCalled: "meeting", MeetingHeld: "meeting", MinutesIssued: "meeting",
}  # fmt: skip
"""What an event may name for the first time."""
_MAY_LIE_AHEAD = frozenset({MeetingCalled})
_DIGEST = re.compile("sha256:[0-9a-f]{64}")


def names_known(case: Case) -> Faults:
    """What a submission names must be in the record, but for what it tells of for the first time."""
    if not isinstance(case.data, JurisdictionOpened):
        yield from _unknown(case, case.data, "/data")


def has_happened(case: Case) -> Faults:
    """The day on which it happened is not ahead."""
    on = getattr(case.data, "on", None)
    if on is not None and type(case.data) not in _MAY_LIE_AHEAD and on > case.today:
        yield Fault("in_the_future", "/data/on", "What is reported must have happened.")


def evidence_named(case: Case) -> Faults:
    """A file is named by the digest of its bytes, so that nobody can put another in its place."""
    for place, one in enumerate(getattr(case.data, "evidence", ())):
        if not _DIGEST.fullmatch(one):
            message = "A file is named by its digest: sha256: and 64 hexadecimal digits."
            yield Fault("bad_digest", f"/data/evidence/{place}", message)


def list_published(case: Case) -> Faults:
    data = case.data
    if published_list(case.ledger, data.list, data.year) is None:
        named = {"list": data.list, "year": str(data.year)}
        yield Fault("unknown_list", "/data/list", "List {list} is not published for {year}.", named)


def project_on_list(case: Case) -> Faults:
    data = case.data
    project = case.ledger.get(Project, data.project)
    if project and (data.list, data.year) not in project.listed_on:
        named = {"list": data.list, "year": str(data.year)}
        yield Fault("not_on_list", "/data/project", "The project is not on list {list} of {year}.", named)


def _unknown(case: Case, value: Any, pointer: str) -> Faults:
    for field, named in _naming(value.__class__):
        found = getattr(value, field)
        many = isinstance(found, tuple)
        for place, one in enumerate(found if many else (found,)):
            at = f"{pointer}/{field}/{place}" if many else f"{pointer}/{field}"
            if named is None:
                yield from _unknown(case, one, at)
            elif one and case.ledger.get(named[0], one) is None:
                yield replace(named[1], pointer=at, values={"code": one})


@cache
def _naming(of: type) -> tuple[tuple[str, _Named | None], ...]:
    """The fields of a class that name something, and with None those that hold parts which may."""
    if not is_dataclass(of):
        return ()
    # A return tells of its problems in words: only several codes are codes.
    words = {one.name for one in fields(of) if one.name == "problems" and one.type is str}
    names = [one.name for one in fields(of) if (one.name in _NAMES or one.name in _PARTS) and one.name not in words]
    return tuple((name, _NAMES.get(name)) for name in names if name != _INTRODUCES.get(of))


_PARTS = frozenset({"milestones", "permits", "decisions"})
