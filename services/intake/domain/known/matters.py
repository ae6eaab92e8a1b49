"""Where a supervised matter stands in its life, whose it is to handle, and what is contested about it."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal, TypeVar

from services.intake.domain.known.asked import Formalities, Formality, Node, Nodes
from shared.core.events import (
    AnyRecorded,
    AppealDecided,
    AppealRequested,
    ExtensionGranted,
    InspectionRecorded,
    MatterAssigned,
    MatterOpened,
    MatterProposed,
    MatterReceived,
    MatterReminded,
    MatterReopened,
    MatterReported,
    MatterReturned,
    MatterStruckOff,
    MatterVerified,
    MinutesIssued,
    ObjectionDecided,
    ObjectionFiled,
    Paused,
    Recorded,
    StepOrdered,
)
from shared.core.ledger import Ledger
from shared.core.matters import is_proposed

Planned = TypeVar("Planned", Node, Formality)

State = Literal["proposed", "open", "assigned", "received", "returned", "reported", "verified", "struck_off"]


@dataclass(frozen=True, slots=True)
class MatterLife:
    """Kept under the matter. `units`: the handling unit, then those that support it; empty where nobody has it yet.

    `last_on`: the day of the last step of its life. `given_on`: the day on which it was last opened, assigned or
    served, from which the time for an objection runs. `took_part`: who opened it, signed for its opening, verified it.
    `pause`: from when until when steps wait; without an end, until the next act of the office.
    """

    state: State
    units: tuple[str, ...] = ()
    due_on: date | None = None
    list: str = ""
    source: str = ""
    project: str = ""
    approver: str = ""
    last_on: date | None = None
    given_on: date | None = None
    took_part: tuple[str, ...] = ()
    pause: tuple[date, date | None] | None = None

    def is_paused(self, day: date) -> bool:
        return self.pause is not None and self.pause[0] <= day and (self.pause[1] is None or day <= self.pause[1])


@dataclass(frozen=True, slots=True)
class Opened:
    """The matter that a finding or a problem opened. Kept under `source/basis`."""

    matter: str


@dataclass(frozen=True, slots=True)
class FindingKnown:
    """Kept under the finding."""

    project: str


@dataclass(frozen=True, slots=True)
class Contest:
    """How far the objection to a matter, or to a notice, has come. Kept under what is contested.

    `on`: the day of its last step; `by`: the body that decided it; `decided`: the persons who did.
    """

    state: Literal["filed", "rejected", "appealed", "closed", "given_anew"]
    unit: str
    on: date
    by: str = ""
    decided: tuple[str, ...] = ()

    @property
    def is_open(self) -> bool:
        return self.state in {"filed", "appealed"}


@dataclass(frozen=True, slots=True)
class Turn:
    """A step of a matter's life: from which states it may be taken, and where it leads ("": nowhere else)."""

    to: State | Literal[""]
    after: frozenset[State]


def _turn(to: State | Literal[""], *after: State) -> Turn:
    return Turn(to, frozenset(after))


TURNS: Mapping[type, Turn] = {
    MatterAssigned: _turn("assigned", "open", "assigned", "received", "returned"),
    MatterReceived: _turn("received", "assigned"),
    MatterReturned: _turn("returned", "assigned", "received"),
    MatterReminded: _turn("", "assigned", "received"),
    # A unit may report more than once before anybody verifies; and may be looked at again after that (回头看).
    MatterReported: _turn("reported", "assigned", "received", "reported"),
    MatterVerified: _turn("verified", "assigned", "received", "reported", "verified"),
    # Told again, it says to whom else the result was told.
    MatterStruckOff: _turn("struck_off", "verified", "struck_off"),
    MatterReopened: _turn("assigned", "struck_off"),
}
"""The life of a matter: 立项, 交办, 签收 or 退办, 催办, 反馈, 核验, 销号, 反弹."""

_OFFICES = (MatterAssigned, MatterReminded, MatterVerified, MatterStruckOff, MatterReopened)
"""The acts of the office, which end a pause that has no end; what a unit tells does not."""


# --- how matters begin --------------------------------------------------------------------------------------------


def propose(ledger: Ledger, proposed: MatterProposed) -> None:
    """Enter what a rule proposed; what was told of it before stands."""
    kept = ledger.get(MatterLife, proposed.matter) or MatterLife("proposed")
    units = kept.units or ((proposed.unit,) if proposed.unit else ())
    project = proposed.subject if proposed.subject_kind == "project" else ""
    ledger.put(proposed.matter, replace(kept, units=units, list=proposed.list, source="rule", project=project))


def serve(ledger: Ledger, matters: Iterable[str], on: date, due_on: date | None = None) -> None:
    """Its unit was told of it, and has until that day: an extension that was granted reaches further."""
    for matter in matters:
        kept = ledger.get(MatterLife, matter) or MatterLife("proposed")
        due = max(filter(None, (due_on, kept.due_on)), default=None)
        ledger.put(matter, replace(kept, given_on=on, due_on=due))


def open_signed(ledger: Ledger, matters: Iterable[str], signer: str, on: date | None) -> None:
    """A signature on a notice opens its matters (立项), and hands each to its unit."""
    for matter in matters:
        kept = ledger.get(MatterLife, matter) or MatterLife("proposed")
        state: State = "assigned" if kept.state == "proposed" else kept.state
        ledger.put(matter, replace(_with(kept, signer), state=state, last_on=kept.last_on or on))


def _open(ledger: Ledger, recorded: Recorded[MatterOpened]) -> None:
    """Told again it says what was not said before, or who else has approved it: it stands where it stood."""
    data = recorded.data
    kept = _with(ledger.get(MatterLife, data.matter) or MatterLife("proposed"), recorded.actor)
    units = (data.unit,) if data.unit else kept.units
    begins: State = "assigned" if units else "open"
    ledger.put(data.matter, replace(
        kept, state=begins if kept.state in {"proposed", "open"} else kept.state, units=units,
        due_on=data.due_on or kept.due_on, list=data.list, source=data.source, project=data.project or kept.project,
        approver=data.approver or kept.approver, last_on=max(filter(None, (kept.last_on, data.on))),
        given_on=kept.given_on or data.on,
    ))  # fmt: skip
    if data.basis:
        ledger.put(f"{data.source}/{data.basis}", Opened(data.matter))


def _decide_in_meeting(ledger: Ledger, recorded: Recorded[MinutesIssued]) -> None:
    """What a meeting decided is a matter from then on, unless it is one already."""
    for one in recorded.data.decisions:
        if ledger.get(MatterLife, one.id) is None:
            on = recorded.data.on
            ledger.put(one.id, MatterLife(
                "assigned" if one.unit else "open", (one.unit,) if one.unit else (), one.due_on, source="minutes",
                project=one.project, last_on=on, given_on=on, took_part=(recorded.actor,),
            ))  # fmt: skip


def _find(ledger: Ledger, recorded: Recorded[InspectionRecorded]) -> None:
    for one in recorded.data.findings:
        ledger.put(one.id, FindingKnown(recorded.data.project))


# --- what befalls them --------------------------------------------------------------------------------------------


def _move(ledger: Ledger, recorded: AnyRecorded) -> None:
    data, kept = recorded.data, _life(ledger, recorded.data.matter)
    if kept is None:
        return
    moved = replace(kept, state=TURNS[type(data)].to or kept.state, last_on=data.on)
    match data:
        case MatterAssigned():
            moved = replace(moved, units=(data.unit,), due_on=data.due_on or kept.due_on, given_on=data.on)
        case MatterReturned():
            moved = replace(moved, units=())
        case MatterVerified():
            moved = replace(_with(moved, recorded.actor), state="verified" if data.is_done else "received")
        case MatterReopened():
            moved = replace(moved, state="assigned" if kept.units else "open", given_on=data.on)
    ledger.put(data.matter, _resumed(moved) if isinstance(data, _OFFICES) else moved)
    contest = ledger.get(Contest, data.matter)
    if contest and not contest.is_open and isinstance(data, MatterAssigned | MatterReopened):
        ledger.put(data.matter, replace(contest, state="given_anew"))


def end(ledger: Ledger, matter: str, *, is_upheld: bool) -> None:
    """An objection to it is decided: upheld, it ends the matter."""
    if kept := ledger.get(MatterLife, matter):
        ledger.put(matter, replace(_resumed(kept), state="struck_off" if is_upheld else kept.state))


def _life(ledger: Ledger, matter: str) -> MatterLife | None:
    """Of one that a rule proposed the record may tell before its proposal is read."""
    return ledger.get(MatterLife, matter) or (MatterLife("proposed") if is_proposed(matter) else None)


def _with(kept: MatterLife, person: str) -> MatterLife:
    return replace(kept, took_part=tuple(dict.fromkeys((*kept.took_part, person))))


def _resumed(kept: MatterLife) -> MatterLife:
    return replace(kept, pause=None) if kept.pause and kept.pause[1] is None else kept


def _hold_up(ledger: Ledger, recorded: Recorded[Paused | StepOrdered]) -> None:
    data = recorded.data
    if kept := _life(ledger, data.matter):
        held = replace(kept, pause=(data.on, data.until_on)) if isinstance(data, Paused) else _resumed(kept)
        ledger.put(data.matter, held)


def _extend(ledger: Ledger, recorded: Recorded[ExtensionGranted]) -> None:
    """What nobody has approved moves no day."""
    data = recorded.data
    if data.approver and data.project:
        _extend_item(ledger, data)
    elif data.approver and (kept := _life(ledger, data.matter)):
        ledger.put(data.matter, replace(_resumed(kept), due_on=data.new_due_on))


def _extend_item(ledger: Ledger, data: ExtensionGranted) -> None:
    if nodes := ledger.get(Nodes, data.project):
        ledger.put(data.project, replace(nodes, nodes=_due(nodes.nodes, data)))
    if permits := ledger.get(Formalities, data.project):
        ledger.put(data.project, replace(permits, permits=_due(permits.permits, data)))


def _due(items: tuple[Planned, ...], data: ExtensionGranted) -> tuple[Planned, ...]:
    return tuple(replace(one, due_on=data.new_due_on) if one.id == data.item else one for one in items)


# --- objections ---------------------------------------------------------------------------------------------------


def _contest(ledger: Ledger, recorded: Recorded[ObjectionFiled | AppealRequested]) -> None:
    data = recorded.data
    if isinstance(data, ObjectionFiled):
        ledger.put(data.matter, Contest("filed", data.unit, data.on))
    elif kept := ledger.get(Contest, data.matter):
        ledger.put(data.matter, replace(kept, state="appealed", on=data.on))


def _decide(ledger: Ledger, recorded: Recorded[ObjectionDecided | AppealDecided]) -> None:
    """Upheld, it ends what was contested."""
    data = recorded.data
    is_last = data.upheld or isinstance(data, AppealDecided)
    if kept := ledger.get(Contest, data.matter):
        decided = (*kept.decided, recorded.actor)
        state: Literal["closed", "rejected"] = "closed" if is_last else "rejected"
        ledger.put(data.matter, replace(kept, state=state, on=data.on, by=data.by, decided=decided))
    end(ledger, data.matter, is_upheld=data.upheld)


CHANGES: Mapping[type, Callable[[Ledger, AnyRecorded], None]] = {
    MatterOpened: _open,
    MinutesIssued: _decide_in_meeting,
    InspectionRecorded: _find,
    **dict.fromkeys(TURNS, _move),
    ExtensionGranted: _extend,
    Paused: _hold_up,
    StepOrdered: _hold_up,
    ObjectionFiled: _contest,
    AppealRequested: _contest,
    ObjectionDecided: _decide,
    AppealDecided: _decide,
}
