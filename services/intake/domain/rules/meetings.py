"""What must be true of meetings: called, their agenda, their minutes, who was absent."""

from collections.abc import Callable, Iterable, Mapping

from services.intake.domain.known import Absent, AgendaItem, MatterLife, MeetingLife, MinutesNumbered
from services.intake.domain.rules.references import Faults, Rules
from services.intake.domain.rules.sense import (
    forums_of,
    is_new,
    known_already,
    new_ids,
    no_notice_s,
    not_before,
    not_empty,
    regimes_of,
    says,
)
from services.intake.domain.submission import Case
from shared.core.errors import Fault
from shared.core.events import (
    AbsenceRecorded,
    AgendaItemAdded,
    ItemDeferred,
    MeetingCalled,
    MeetingHeld,
    MinutesIssued,
    RecordEvent,
)
from shared.core.matters import is_proposed


def _meeting(case: Case) -> MeetingLife | None:
    return case.ledger.get(MeetingLife, case.data.meeting)


def _of_the_same_forum(case: Case) -> Faults:
    meeting = _meeting(case)
    if meeting and meeting.forum != case.data.forum:
        message = "The meeting is one of the forum {forum}."
        yield Fault("another_forum", "/data/forum", message, {"forum": meeting.forum})


def _still_ahead(pointer: str, meeting: MeetingLife | None) -> Faults:
    if meeting and meeting.is_held:
        yield Fault("meeting_held", pointer, "The meeting is held already.")


def _not_yet_held(case: Case) -> Faults:
    yield from _still_ahead("/data/meeting", _meeting(case))


# --- the agenda ---------------------------------------------------------------------------------------------------


def _item_new(case: Case) -> Faults:
    data: AgendaItemAdded = case.data
    if case.ledger.get(AgendaItem, f"{data.meeting}/{data.item}") is not None:
        yield known_already("/data/item", data.item)
    if not any(one.strip() for one in (data.problem, data.matter, data.text)):
        yield Fault("item_empty", "/data/text", "Name a problem or a matter, or say what it is about.")
    if data.matter and not is_proposed(data.matter) and case.ledger.get(MatterLife, data.matter) is None:
        yield Fault("unknown_matter", "/data/matter", "No matter has the code {code}.", {"code": data.matter})


def _open_problems_only(case: Case) -> Faults:
    """What goes well is not taken up, where the regime says so (004: 推进顺利暂无问题的项目不再上会)."""
    meeting, problem = _meeting(case), case.known_problem
    is_open = problem is not None and not problem.is_solved
    if meeting and not is_open and _takes_open_problems_only(case, meeting.forum):
        yield Fault("open_problems_only", "/data/problem", "This forum takes up open problems only.")


def _takes_open_problems_only(case: Case, forum: str) -> bool:
    duties = (duty for regime in regimes_of(case) for duty in regime.duties if duty.do == "meeting")
    agendas = {duty.agenda for duty in duties if forum in forums_of(duty)}
    return agendas == {"open_problems"}


def _on_the_agenda(case: Case) -> Faults:
    data: ItemDeferred = case.data
    item = case.ledger.get(AgendaItem, f"{data.meeting}/{data.item}")
    if item is None:
        yield Fault("not_on_agenda", "/data/item", "This item is not on the agenda.")
    elif item.is_deferred:
        yield Fault("deferred_already", "/data/item", "The item was put off already.")
    if data.to_meeting:
        yield from _still_ahead("/data/to_meeting", case.ledger.get(MeetingLife, data.to_meeting))
        if case.ledger.get(AgendaItem, f"{data.to_meeting}/{data.item}") is not None:
            yield known_already("/data/item", data.item)


def _moves_to_its_meeting(case: Case) -> Iterable[RecordEvent]:
    """An item that is put off to another meeting stands on the agenda there."""
    data: ItemDeferred = case.data
    item = case.ledger.get(AgendaItem, f"{data.meeting}/{data.item}")
    if item and data.to_meeting:
        yield AgendaItemAdded(
            meeting=data.to_meeting, item=data.item, problem=item.problem, matter=item.matter, text=item.text
        )


# --- minutes and absences -----------------------------------------------------------------------------------------


def _minuted_once(case: Case) -> Faults:
    data, meeting = case.data, _meeting(case)
    if meeting and meeting.is_minuted:
        yield Fault("minutes_issued", "/data/meeting", "The minutes of the meeting are issued already.")
    if data.number and case.ledger.get(MinutesNumbered, f"{data.forum}/{data.number}") is not None:
        yield known_already("/data/number", data.number)
    if meeting and meeting.is_held:
        yield from not_before("/data/on", data.on, meeting.on)


def _decisions_can_be_followed(case: Case) -> Faults:
    """Each decision opens a matter: it has a code of its own, says what is to be done, and by when at the earliest."""
    data: MinutesIssued = case.data
    meeting = _meeting(case)
    held_on = meeting.on if meeting and meeting.is_held else data.on
    yield from new_ids(case, [one.id for one in data.decisions], "/data/decisions", MatterLife)
    for place, one in enumerate(data.decisions):
        at = f"/data/decisions/{place}"
        if is_proposed(one.id):
            yield Fault("reserved_code", f"{at}/id", "Codes of this form are those of matters that rules propose.")
        yield from no_notice_s(f"{at}/id", one.id)
        yield from not_empty(f"{at}/what", one.what)
        yield from not_empty(f"{at}/unit", one.unit)
        yield from not_before(f"{at}/due_on", one.due_on, held_on)


def _was_asked_to_come(case: Case) -> Faults:
    data, meeting = case.data, _meeting(case)
    if meeting and meeting.to and not {data.unit, data.person} & meeting.to:
        yield Fault("not_asked", "/data/unit", "Nobody of {unit} was asked to come.", {"unit": data.unit})
    if case.ledger.get(Absent, f"{data.meeting}/{data.unit}/{data.person}") is not None:
        yield Fault("absent_already", "/data/unit", "This absence is recorded already.")


RULES: Rules = {
    MeetingCalled: (is_new(MeetingLife, "meeting"), says("forum")),
    AgendaItemAdded: (_not_yet_held, _item_new, _open_problems_only, says("item")),
    ItemDeferred: (_on_the_agenda, says("reason")),
    MeetingHeld: (_not_yet_held, _of_the_same_forum, says("forum")),
    MinutesIssued: (_minuted_once, _of_the_same_forum, _decisions_can_be_followed, says("forum")),
    AbsenceRecorded: (_was_asked_to_come, _of_the_same_forum),
}
FOLLOWS: Mapping[type, Callable[[Case], Iterable[RecordEvent]]] = {ItemDeferred: _moves_to_its_meeting}
