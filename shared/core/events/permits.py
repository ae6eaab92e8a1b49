"""What is told of the permits that a project needs, and of the problems that stand in its way."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from shared.core.events.vocabulary import event

# --- permits: the clock runs on whoever holds the file ---------------------------------------------------------


@event("permit", "project")
@dataclass(frozen=True, slots=True, kw_only=True)
class AgentAssigned:
    """A person sees to a project's permits on its owner's behalf (代办员); an empty permit means all of them."""

    project: str
    agent: str
    on: date
    unit: str = ""
    permit: str = ""


@event("permit", "project")
@dataclass(frozen=True, slots=True, kw_only=True)
class PermitFiled:
    project: str
    permit: str
    office: str
    on: date


@event("permit", "project")
@dataclass(frozen=True, slots=True, kw_only=True)
class PermitAccepted:
    """The office takes the file; `gaps` are what may still be handed in later (容缺受理), by that day."""

    project: str
    permit: str
    office: str
    on: date
    gaps: tuple[str, ...] = ()
    gaps_due_on: date | None = None


@event("permit", "project")
@dataclass(frozen=True, slots=True, kw_only=True)
class PermitReturned:
    """The office gives the file back, saying once and completely what is to be added (一次性告知)."""

    project: str
    permit: str
    office: str
    on: date
    to_add: tuple[str, ...]


@event("permit", "project")
@dataclass(frozen=True, slots=True, kw_only=True)
class PermitIssued:
    project: str
    permit: str
    office: str
    on: date


@event("permit", "project")
@dataclass(frozen=True, slots=True, kw_only=True)
class PermitRefused:
    project: str
    permit: str
    office: str
    on: date
    reason: str


# --- problems --------------------------------------------------------------------------------------------------

Obstacle = Literal[
    "procedure", "land", "site_selection", "demolition", "funds", "environment", "labour", "works_obstruction",
    "utilities", "design", "other",
]  # fmt: skip


@event("problem", "problem")
@dataclass(frozen=True, slots=True, kw_only=True)
class ProblemRaised:
    problem: str
    project: str
    obstacle: Obstacle
    text: str
    on: date
    needs: str = ""
    owner: str = ""
    solution: str = ""


@event("problem", "problem")
@dataclass(frozen=True, slots=True, kw_only=True)
class ProblemEscalated:
    """A problem goes up to the next forum, with a proposal."""

    problem: str
    on: date
    needs: str
    proposal: str = ""


@event("problem", "problem")
@dataclass(frozen=True, slots=True, kw_only=True)
class ProblemSolved:
    problem: str
    on: date
    solution: str


PermitEvent = (
    AgentAssigned | PermitFiled | PermitAccepted | PermitReturned | PermitIssued | PermitRefused | ProblemRaised
    | ProblemEscalated | ProblemSolved
)  # fmt: skip
