"""What must be true of acts on drafts, notices and bulletins."""

from collections.abc import Callable, Iterable, Iterator, Mapping

from services.intake.domain.known import Drafted, MatterLife
from services.intake.domain.known.projects import handles
from services.intake.domain.rules.references import Faults, Rules
from services.intake.domain.rules.sense import known_already, not_before, not_empty, out_of_turn, regime_of, says
from services.intake.domain.submission import Case
from shared.core.errors import Fault, Term
from shared.core.events import (
    SHAPES,
    BulletinApproved,
    BulletinTextSet,
    LineContested,
    MatterOpened,
    NoticeApproved,
    NoticeDeclined,
    NoticeSignedFor,
    NoticeTextSet,
    RecordEvent,
    ReferralAnswered,
    TalkRecorded,
)

TALKS = frozenset({"talk", "admonition_talk"})


# --- drafts -------------------------------------------------------------------------------------------------------


def _draft_as_seen(case: Case) -> Faults:
    """It is the draft that was seen, not signed to the end, given up, or just being drawn again."""
    drafted, pointer = case.drafted, f"/data/{SHAPES[type(case.data)].entity}"
    if drafted is None or not (drafted.sign_off or drafted.is_done):
        yield Fault("unknown_draft", pointer, "No such draft has arrived yet.")
    elif drafted.is_done or drafted.turn is None:
        yield Fault("already_signed", pointer, "It is signed already.")
    elif drafted.is_declined and drafted.declined_until is None:
        yield Fault("draft_declined", pointer, "It was declined for good.")
    elif drafted.digest != case.data.draft_digest:
        yield Fault("draft_superseded", "/data/draft_digest", "The draft has changed since you saw it.")
    elif drafted.is_redrawn:
        yield Fault("draft_being_redrawn", pointer, "The draft is being drawn again: look at the new one first.")


def _in_turn(case: Case) -> Faults:
    drafted = case.drafted
    if drafted and drafted.turn and not drafted.is_done:
        yield from out_of_turn((drafted.turn,), case.data.step)


def _may_be_let_go(case: Case) -> Faults:
    """Nothing is signed that is held back, or whose list or matters stand still."""
    drafted, pointer = case.drafted, f"/data/{SHAPES[type(case.data)].entity}"
    if drafted is None or drafted.is_done:
        return
    if drafted.parked_count:
        yield Fault("list_has_parked_events", pointer, "Nothing is sealed while events of its list are parked.")
    if drafted.declined_until is not None and case.today < drafted.declined_until:
        message = "It is held back until {day}."
        yield Fault("draft_held_back", pointer, message, {"day": drafted.declined_until.isoformat()})
    for matter in _paused(case, drafted):
        message = "The matter {matter} is paused: nothing about it is signed until then."
        yield Fault("matter_paused", pointer, message, {"matter": matter})


def _paused(case: Case, drafted: Drafted) -> Iterator[str]:
    for code in drafted.matters:
        life = case.ledger.get(MatterLife, code)
        if life and life.is_paused(case.today):
            yield code


def _held_back_until_later(case: Case) -> Faults:
    until_on = case.data.until_on
    if until_on is not None and until_on <= case.today:
        yield Fault("not_ahead", "/data/until_on", "Name a day that lies ahead.")


def _section_known(case: Case) -> Faults:
    drafted = case.drafted
    if drafted and drafted.sign_off and case.data.section not in drafted.sections:
        named = {"sections": Term(" / ".join(drafted.sections))}
        yield Fault("unknown_section", "/data/section", "The bulletin has the sections: {sections}.", named)


def _own_line(case: Case) -> Faults:
    """A unit checks its own figures: those of itself, and of its projects."""
    data: LineContested = case.data
    if data.subject != data.unit and not handles(case.ledger, data.subject, data.unit):
        message = "This is neither {unit} nor a project of it."
        yield Fault("not_your_line", "/data/subject", message, {"unit": data.unit})


# --- notices that are out -----------------------------------------------------------------------------------------


def _served(case: Case) -> Faults:
    if case.drafted is None or not case.drafted.is_done:
        yield Fault("unknown_draft", "/data/notice", "No such notice was served yet.")


def _after_service(case: Case) -> Faults:
    drafted = case.drafted
    yield from not_before("/data/on", case.data.on, drafted.served_on if drafted else None)


def _talk_as_asked(case: Case) -> Faults:
    """A record of the talk that a notice called for: once, with who was there, signed by all sides if so ruled."""
    data, drafted = case.data, case.drafted
    if drafted is None or not drafted.is_done:
        return
    if drafted.step not in TALKS:
        yield Fault("no_talk", "/data/notice", "This notice calls for no talk.")
    if drafted.is_talk_recorded:
        yield Fault("talk_recorded", "/data/notice", "The talk is recorded already.")
    if missing := [one for one in data.persons if one not in data.signed_by and _is_signed_record(case, drafted)]:
        named = {"persons": ", ".join(missing)}
        yield Fault("not_signed_by_all", "/data/signed_by", "The record is signed by all sides: {persons}.", named)
    for place, one in enumerate(data.commitments):
        yield from not_empty(f"/data/commitments/{place}", one)
        if case.ledger.get(MatterLife, code := _commitment(data, place)) is not None:
            yield known_already(f"/data/commitments/{place}", code)


def _commitment(data: TalkRecorded, place: int) -> str:
    """The code of the matter that a commitment opens."""
    return f"{data.notice}-{place + 1}"


def _is_signed_record(case: Case, drafted: Drafted) -> bool:
    regime = regime_of(case, drafted.list)
    steps = [step for ladder in ((regime.ladders or {}) if regime else {}).values() for step in ladder]
    return any(step.record == "signed" for step in steps if step.step == drafted.step)


def _answered_by_whom_it_was_left_to(case: Case) -> Faults:
    data, drafted = case.data, case.drafted
    if drafted is None or not drafted.is_done:
        return
    if drafted.form == "acts":
        yield Fault("not_referred", "/data/notice", "This notice was neither proposed nor referred to another body.")
    elif data.by != drafted.competent:
        named = {"body": Term(drafted.competent)}
        yield Fault("answered_by_another", "/data/by", "It was left to: {body}.", named)


def _commitments(case: Case) -> Iterator[MatterOpened]:
    """What was promised in a talk is followed like what a meeting decides, each as `<notice>-<number>`."""
    data, drafted = case.data, case.drafted
    for place, text in enumerate(data.commitments):
        yield MatterOpened(
            matter=_commitment(data, place), list=drafted.list if drafted else "", source="minutes", text=text,
            on=data.on, unit=drafted.unit if drafted else "", person=data.persons[0], basis=data.notice,
        )  # fmt: skip


_WORDS = (_draft_as_seen, says("text"))

RULES: Rules = {
    NoticeTextSet: _WORDS,
    NoticeDeclined: (_draft_as_seen, _in_turn, _held_back_until_later, says("reason")),
    NoticeApproved: (_draft_as_seen, _in_turn, _may_be_let_go),
    NoticeSignedFor: (_served,),
    TalkRecorded: (_served, _after_service, _talk_as_asked, says("persons")),
    ReferralAnswered: (_served, _after_service, _answered_by_whom_it_was_left_to, says("result")),
    LineContested: (_draft_as_seen, _own_line, says("reason")),
    BulletinTextSet: (*_WORDS, _section_known),
    BulletinApproved: (_draft_as_seen, _in_turn, _may_be_let_go),
}

FOLLOWS: Mapping[type, Callable[[Case], Iterable[RecordEvent]]] = {TalkRecorded: _commitments}
