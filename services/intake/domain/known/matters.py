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

    `told_on`: the day on which the record opened or assigned it last, `served_on` that of the last notice about it;
    likewise the days by which it is to be done. `moved_on`: the day of the last step of its life, `signed_on` that of
    the first signature, which opens it. `is_handed_back`: by its unit, and given to no other. `took_part`: who opened
    it, signed for its opening, verified it. `pause`: from when until when steps wait; without an end, until the next
    act of the office.
    """

    state: State
    units: tuple[str, ...] = ()
    told_due_on: date | None = None
    list: str = ""
    source: str = ""
    project: str = ""
    approver: str = ""
    moved_on: date | None = None
    told_on: date | None = None
    took_part: frozenset[str] = frozenset()
    pause: tuple[date, date | None] | None = None
    is_handed_back: bool = False
    reopened_on: date | None = None
    signed_on: date | None = None
    served_on: date | None = None
    served_due_on: date | None = None

    @property
    def due_on(self) -> date | None:
        """A notice gives so much time, an assignment or an extension perhaps more."""
        return _latest(self.told_due_on, self.served_due_on)

    @property
    def last_on(self) -> date | None:
        return self.moved_on or self.signed_on

    @property
    def given_on(self) -> date | None:
        """The day on which it was last opened, assigned or served, from which the time for an objection runs."""
        return _latest(self.told_on, self.served_on)

    def is_paused(self, day: date) -> bool:
        return self.pause is not None and self.pause[0] <= day and (self.pause[1] is None or day <= self.pause[1])


def _latest(*days: date | None) -> date | None:
    return max((day for day in days if day is not None), default=None)


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

    state: Literal["filed", "rejected", "appealed", "upheld", "closed", "given_anew"]
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
    """Enter what a rule proposed; what was told of it before stands. What its unit handed back is nobody's."""
    kept = ledger.get(MatterLife, proposed.matter) or MatterLife("proposed")
    units = kept.units or ((proposed.unit,) if proposed.unit and not kept.is_handed_back else ())
    project = proposed.subject if proposed.subject_kind == "project" else ""
    ledger.put(proposed.matter, replace(
        kept, units=units, list=kept.list or proposed.list, source="rule", project=kept.project or project,
        state="assigned" if kept.state == "open" and units else kept.state,
    ))  # fmt: skip


def serve(ledger: Ledger, matters: Iterable[str], on: date, due_on: date | None = None) -> None:
    """Its unit was told of it, and has until that day."""
    for matter in matters:
        kept = ledger.get(MatterLife, matter) or MatterLife("proposed")
        ledger.put(matter, replace(kept, served_on=on, served_due_on=due_on or kept.served_due_on))


def open_signed(ledger: Ledger, matters: Iterable[str], signer: str, on: date) -> None:
    """A signature on a notice opens its matters (立项), and hands each to its unit."""
    for matter in matters:
        kept = ledger.get(MatterLife, matter) or MatterLife("proposed")
        state: State = "assigned" if kept.state == "proposed" else kept.state
        signed_on = min(kept.signed_on or on, on)
        ledger.put(matter, replace(_with(kept, signer), state=state, signed_on=signed_on))


def _open(ledger: Ledger, recorded: Recorded[MatterOpened]) -> None:
    """Told again it says what was not said before, or who else has approved it: it stands where it stood."""
    data = recorded.data
    kept = _with(ledger.get(MatterLife, data.matter) or MatterLife("proposed"), recorded.actor)
    units = (data.unit,) if data.unit else kept.units
    begins: State = "assigned" if units else "open"
    ledger.put(data.matter, replace(
        kept, state=begins if kept.state in {"proposed", "open"} else kept.state, units=units,
        told_due_on=data.due_on or kept.told_due_on, list=data.list, source=data.source,
        project=data.project or kept.project, approver=data.approver or kept.approver,
        moved_on=_latest(kept.moved_on, data.on), told_on=kept.told_on or data.on,
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
                project=one.project, moved_on=on, told_on=on, took_part=frozenset({recorded.actor}),
            ))  # fmt: skip


def _find(ledger: Ledger, recorded: Recorded[InspectionRecorded]) -> None:
    for one in recorded.data.findings:
        ledger.put(one.id, FindingKnown(recorded.data.project))


# --- what befalls them --------------------------------------------------------------------------------------------


def _move(ledger: Ledger, recorded: AnyRecorded) -> None:
    data, kept = recorded.data, _life(ledger, recorded.data.matter)
    if kept is None:
        return
    moved = replace(kept, state=TURNS[type(data)].to or kept.state, moved_on=data.on)
    match data:
        case MatterAssigned():
            due_on = data.due_on or kept.told_due_on
            moved = replace(
                moved, units=(data.unit,), told_due_on=due_on, told_on=data.on, is_handed_back=False
            )  # fmt: skip
        case MatterReturned():
            moved = replace(moved, units=(), is_handed_back=True)
        case MatterVerified():
            moved = replace(_with(moved, recorded.actor), state="verified" if data.is_done else "received")
        case MatterReopened():
            moved = replace(moved, state="assigned" if kept.units else "open", told_on=data.on, reopened_on=data.on)
    ledger.put(data.matter, _resumed(moved) if isinstance(data, _OFFICES) else moved)
    contest = ledger.get(Contest, data.matter)
    if contest and not contest.is_open and isinstance(data, MatterAssigned | MatterReopened):
        ledger.put(data.matter, replace(contest, state="given_anew"))


def end(ledger: Ledger, matter: str, *, is_upheld: bool) -> None:
    """An objection to it is decided: upheld, it ends the matter."""
    if kept := _life(ledger, matter):
        ledger.put(matter, replace(_resumed(kept), state="struck_off" if is_upheld else kept.state))


def end_late(ledger: Ledger, matter: str, *, of: str) -> None:
    """The same where the notice is read after the decision, unless the matter was reopened since."""
    contest, kept = ledger.get(Contest, of), ledger.get(MatterLife, matter)
    if contest and contest.state == "upheld" and not (kept and kept.reopened_on and kept.reopened_on >= contest.on):
        end(ledger, matter, is_upheld=True)


def _life(ledger: Ledger, matter: str) -> MatterLife | None:
    """Of one that a rule proposed the record may tell before its proposal is read."""
    return ledger.get(MatterLife, matter) or (MatterLife("proposed") if is_proposed(matter) else None)


def _with(kept: MatterLife, person: str) -> MatterLife:
    return replace(kept, took_part=kept.took_part | {person})


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
        ledger.put(data.matter, replace(_resumed(kept), told_due_on=data.new_due_on))


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
    if kept := ledger.get(Contest, data.matter):
        decided = (*kept.decided, recorded.actor)
        lost: Literal["closed", "rejected"] = "closed" if isinstance(data, AppealDecided) else "rejected"
        state: Literal["upheld", "closed", "rejected"] = "upheld" if data.upheld else lost
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
