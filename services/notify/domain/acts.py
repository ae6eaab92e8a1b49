"""What the record tells of a matter: does it wait, until when, and is it over?

An objection to a notice is one to its matters. No step is taken for a matter that waits, and none by a rule about it;
but clocks of notices that are out run on, and a draft that waits for its signer is the signer's to hold back.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from services.notify.domain.ledger import Matter, NoticeFile, Pursuit, ReminderFile, Wait
from shared.core.events import (
    AnyRecorded,
    AppealDecided,
    AppealRequested,
    ExemptionGranted,
    ExtensionGranted,
    MatterReceived,
    MatterReported,
    MatterReturned,
    MatterStruckOff,
    ObjectionDecided,
    ObjectionFiled,
    Paused,
)
from shared.core.events.matters import MatterEvent
from shared.core.ledger import Ledger
from shared.core.regime.model import AppealRight
from shared.core.regime.terms import COLUMNS


def befall(ledger: Ledger, recorded: AnyRecorded) -> None:
    """Note one act. An objection that is upheld ends the matter, as striking it off does."""
    data = recorded.data
    if not isinstance(data, MatterEvent):
        return
    is_objection = isinstance(data, ObjectionFiled | ObjectionDecided | AppealRequested | AppealDecided)
    for matter in _objected_to(ledger, data.matter) if is_objection else (data.matter,):
        before = ledger.get(Wait, matter) or Wait()
        if (after := _waiting(before, data)) != before:
            ledger.put(matter, after)
        if isinstance(data, MatterStruckOff) or (isinstance(data, ObjectionDecided | AppealDecided) and data.upheld):
            _end(ledger, matter)


def is_held_up(ledger: Ledger, matter: str, day: date, right: AppealRight | None) -> bool:
    """Whether a matter is paused on a day, or contested under a right that holds up the steps."""
    wait = ledger.get(Wait, matter)
    if wait is None:
        return False
    if wait.is_contested and right is not None and right.pauses == "steps":
        return True
    pause = wait.pause
    return pause is not None and pause.on <= day and (pause.until_on is None or day <= pause.until_on)


def extended_to(ledger: Ledger, matter: str) -> date | None:
    wait = ledger.get(Wait, matter)
    return wait.due_on if wait else None


def _objected_to(ledger: Ledger, named: str) -> Sequence[str]:
    notice, reminder = ledger.get(NoticeFile, named), ledger.get(ReminderFile, named)
    stated = notice.draft if notice else reminder.sent if reminder else None
    return [item.matter for item in stated.items] if stated else [named]


def _waiting(before: Wait, data: MatterEvent) -> Wait:
    """A pause without a day lasts until the next act of the office: what a unit tells, or objects, does not end it."""
    resumed = replace(before, pause=None) if before.pause and before.pause.until_on is None else before
    match data:
        case Paused():
            return replace(before, pause=data)
        case ObjectionFiled() | AppealRequested():
            return replace(before, is_contested=True)
        case ObjectionDecided() | AppealDecided():
            return replace(resumed, is_contested=False)
        case ExtensionGranted(project="") if data.approver:
            return replace(resumed, due_on=data.new_due_on)
        case ExtensionGranted() | ExemptionGranted():  # about something else, or only asked for
            return before
        case MatterReported() | MatterReceived() | MatterReturned():  # a unit's acts
            return before
    return resumed


def _end(ledger: Ledger, matter: str) -> None:
    """End a matter (销号). Of one that no rule proposed nothing is kept.

    A project that meets the rule again is another matter (反弹); an incident does not happen again by staying true.
    """
    kept = ledger.get(Matter, matter)
    if kept is None:
        return
    ledger.put(matter, replace(kept, state="struck_off"))
    if kept.proposed.subject_kind in COLUMNS:
        return
    proposed = kept.proposed
    key = f"{proposed.list}/{proposed.rule}/{proposed.subject}"
    pursuit = ledger.get(Pursuit, key)
    if pursuit is not None and pursuit.matter == matter:
        ledger.put(key, Pursuit("", 0))
