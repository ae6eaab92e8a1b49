"""What must be true of acts on drafts, notices and bulletins."""

from services.intake.domain.rules.references import Faults, Rules
from services.intake.domain.submission import Case
from shared.core.errors import Fault
from shared.core.events import (
    SHAPES,
    BulletinApproved,
    BulletinTextSet,
    LineContested,
    NoticeApproved,
    NoticeDeclined,
    NoticeSignedFor,
    NoticeTextSet,
    ReferralAnswered,
    TalkRecorded,
)


def _draft_as_seen(case: Case) -> Faults:
    drafted, pointer = case.drafted, f"/data/{SHAPES[type(case.data)].entity}"
    if drafted is None or not (drafted.sign_off or drafted.is_done):
        yield Fault("unknown_draft", pointer, "No such draft has arrived yet.")
    elif drafted.is_done or len(drafted.signed) >= len(drafted.sign_off):
        yield Fault("already_signed", pointer, "It is signed already.")
    elif drafted.digest != case.data.draft_digest:
        yield Fault("draft_superseded", "/data/draft_digest", "The draft has changed since you saw it.")
    elif (turn := drafted.sign_off[len(drafted.signed)]) != case.data.step:
        yield Fault("out_of_turn", "/data/step", "It is the turn of the {step}.", {"step": turn})
    elif drafted.parked_count:
        yield Fault("list_has_parked_events", pointer, "Nothing is sealed while events of its list are parked.")


def _notice_known(case: Case) -> Faults:
    if case.drafted is None or not case.drafted.is_done:
        yield Fault("unknown_draft", "/data/notice", "No such notice was served yet.")


RULES: Rules = {
    NoticeTextSet: (),
    NoticeDeclined: (),
    NoticeApproved: (_draft_as_seen,),
    NoticeSignedFor: (_notice_known,),
    TalkRecorded: (),
    ReferralAnswered: (),
    LineContested: (),
    BulletinTextSet: (),
    BulletinApproved: (_draft_as_seen,),
}
