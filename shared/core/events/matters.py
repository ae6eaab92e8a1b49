"""The life of a supervised matter (督查事项), from its opening to its being struck off, and what holds it up."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from shared.core.events.vocabulary import event
from shared.core.regime.terms import Body, StepName

MatterSource = Literal["directive", "minutes", "finding", "problem", "public_report", "higher_document", "rule"]


@event("matter", "matter")
@dataclass(frozen=True, slots=True, kw_only=True)
class MatterOpened:
    """立项. `basis` names the directive, the decision, the finding or the report it stands on.

    `approver` is the body that let it be opened; told again with the next one once that has approved it too.
    """

    matter: str
    list: str
    source: MatterSource
    text: str
    on: date
    project: str = ""
    unit: str = ""
    person: str = ""
    basis: str = ""
    approver: str = ""
    due_on: date | None = None


@event("matter", "matter")
@dataclass(frozen=True, slots=True, kw_only=True)
class MatterAssigned:
    """交办, to a handling unit and a handling person (承办单位和承办人)."""

    matter: str
    unit: str
    on: date
    person: str = ""
    due_on: date | None = None


@event("matter", "matter")
@dataclass(frozen=True, slots=True, kw_only=True)
class MatterReceived:
    """签收: the handling unit has it."""

    matter: str
    unit: str
    on: date
    person: str = ""


@event("matter", "matter")
@dataclass(frozen=True, slots=True, kw_only=True)
class MatterReturned:
    """退办: the unit says that it is not its to handle, and why; the office assigns it anew."""

    matter: str
    unit: str
    on: date
    reason: str


@event("matter", "matter")
@dataclass(frozen=True, slots=True, kw_only=True)
class MatterReminded:
    """催办."""

    matter: str
    on: date


@event("matter", "matter")
@dataclass(frozen=True, slots=True, kw_only=True)
class MatterReported:
    """反馈."""

    matter: str
    on: date
    text: str
    evidence: tuple[str, ...] = ()


@event("matter", "matter")
@dataclass(frozen=True, slots=True, kw_only=True)
class MatterVerified:
    """核验: is it done, whose cause was it, and is the reason accepted?"""

    matter: str
    on: date
    is_done: bool
    cause: Literal["", "objective", "subjective"] = ""
    is_reason_accepted: bool | None = None


@event("matter", "matter")
@dataclass(frozen=True, slots=True, kw_only=True)
class MatterStruckOff:
    """销号; `answered` to whom the result was told: source, public."""

    matter: str
    on: date
    answered: tuple[str, ...] = ()


@event("matter", "matter")
@dataclass(frozen=True, slots=True, kw_only=True)
class MatterReopened:
    """问题反弹."""

    matter: str
    on: date
    reason: str


@event("matter", "matter")
@dataclass(frozen=True, slots=True, kw_only=True)
class ExtensionGranted:
    """Another day by which a matter, or a project's milestone or permit, is due; the old one stays in the record.

    Without an approver it is only asked for, and moves nothing.
    """

    matter: str
    approver: str
    old_due_on: date
    new_due_on: date
    reason: str
    project: str = ""
    item: str = ""


@event("matter", "matter")
@dataclass(frozen=True, slots=True, kw_only=True)
class ExemptionGranted:
    """A subject is free of a rule until a day, by whose decision and why."""

    matter: str
    rule: str
    subject: str
    approver: str
    reason: str
    until_on: date | None = None


@event("matter", "matter")
@dataclass(frozen=True, slots=True, kw_only=True)
class Paused:
    """暂缓: steps wait until a day; without one, until the next act of the office. Clocks that run already run on."""

    matter: str
    on: date
    reason: str
    until_on: date | None = None


@event("matter", "matter")
@dataclass(frozen=True, slots=True, kw_only=True)
class ObjectionFiled:
    """A unit contests a matter or a notice, with its reasons: steps wait as the regime says."""

    matter: str
    unit: str
    on: date
    reason: str


@event("matter", "matter")
@dataclass(frozen=True, slots=True, kw_only=True)
class ObjectionDecided:
    """One that is upheld ends the matter, or those of the notice; otherwise the steps go on."""

    matter: str
    on: date
    upheld: bool
    by: str
    recused: tuple[str, ...] = ()
    document_number: str = ""


@event("matter", "matter")
@dataclass(frozen=True, slots=True, kw_only=True)
class AppealRequested:
    """复核: a unit asks another body to look again at how its objection was decided."""

    matter: str
    unit: str
    on: date
    reason: str


@event("matter", "matter")
@dataclass(frozen=True, slots=True, kw_only=True)
class AppealDecided:
    """The end of an appeal: upheld, it ends the matter as an objection that is upheld does."""

    matter: str
    on: date
    upheld: bool
    by: str
    recused: tuple[str, ...] = ()
    document_number: str = ""


@event("matter", "matter")
@dataclass(frozen=True, slots=True, kw_only=True)
class StepOrdered:
    """A measure is ordered for a matter out of the ladder's turn, by whom and on which document."""

    matter: str
    step: StepName
    on: date
    by: Body
    reason: str
    document_number: str = ""


MatterEvent = (
    MatterOpened | MatterAssigned | MatterReceived | MatterReturned | MatterReminded | MatterReported | MatterVerified
    | MatterStruckOff | MatterReopened | ExtensionGranted | ExemptionGranted | Paused | ObjectionFiled
    | ObjectionDecided | AppealRequested | AppealDecided | StepOrdered
)  # fmt: skip
