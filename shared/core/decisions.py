"""What the rules say should be done: by whom, to whom, until when, and why. A decision proposes; people act."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from shared.core.regime.terms import SubjectKind, Table

DecisionKind = Literal[
    "owed", "missed", "exceeded", "requirement_unmet", "step", "matter", "approval", "agenda", "turn", "selection",
    "bulletin", "named", "reward", "reward_suspended", "exit", "replacement", "consultation", "list_change",
    "publication", "result", "veto", "due", "report", "expiry", "answer", "unknown",
]  # fmt: skip
Form = Literal["acts", "proposes", "refers", "owes"]
"""How it is done: within the office's power; proposed to the body that may; handed over to it; owed by somebody."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Addressee:
    """Whom it reaches: the role by which, and the code of the unit or person who holds it (empty: nobody does)."""

    role: str
    code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """One thing that the rules call for at a moment.

    `rule` is the place in the regime's document, `act` what is to be done in a word of the regime, `by` who is
    competent or owes it. `due_at` is the first instant that is too late; unknown where the rule names no time.
    `facts` are the inputs as they print: with the rule they decide.
    """

    kind: DecisionKind
    rule: str
    about: SubjectKind | Table
    subject: str
    act: str
    by: str
    form: Form = "acts"
    to: tuple[Addressee, ...] = ()
    due_at: datetime | None = None
    facts: Mapping[str, str]
    source: str = ""
