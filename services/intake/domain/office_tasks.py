"""What do papers ask of a person: matters, objections, drafts and notices, meetings, exits from a list?"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from services.intake.domain.authority import Scope
from services.intake.domain.chain import is_through
from services.intake.domain.known import Contest, Drafted, Leaving, MatterLife, MeetingLife, SignedFor
from services.intake.domain.known.matters import State
from services.intake.domain.post import Kind, Post, Task
from shared.core.deadlines import day_after
from shared.core.events import (
    AppealDecided,
    BulletinApproved,
    ExitStepDecided,
    MatterAssigned,
    MatterReceived,
    MatterReported,
    MatterStruckOff,
    MatterVerified,
    MeetingHeld,
    MinutesIssued,
    NoticeApproved,
    NoticeSignedFor,
    ObjectionDecided,
    ProjectExited,
)
from shared.core.register import regime_at

_OFFICE: tuple[Scope, ...] = ("any",)
_MATTER: tuple[Scope, ...] = ("matter",)
_ADDRESSEE: tuple[Scope, ...] = ("addressee",)
_STEP: tuple[Scope, ...] = ("step",)
_OF_A_MATTER: dict[State, tuple[Kind, type, tuple[Scope, ...]]] = {
    "open": ("matter_to_assign", MatterAssigned, _OFFICE),
    "returned": ("matter_to_assign", MatterAssigned, _OFFICE),
    "assigned": ("matter_to_receive", MatterReceived, _MATTER),
    "received": ("matter_to_report", MatterReported, _MATTER),
    "reported": ("matter_to_verify", MatterVerified, _OFFICE),
    "verified": ("matter_to_strike_off", MatterStruckOff, _OFFICE),
}
"""What a matter waits for in each state of its life."""


def matters(post: Post) -> Iterator[Task]:
    """Those of the unit, to receive and to report; for the office, whatever waits for its next act."""
    for matter, life in post.ledger.all(MatterLife).items():
        if life.state not in _OF_A_MATTER or life.is_paused(post.today):
            continue
        kind, event, scopes = _OF_A_MATTER[life.state]
        if scopes == _OFFICE and "supervision_office" not in post.held:
            continue
        if scopes != _OFFICE and not post.is_told(life):
            continue
        known = {"matter": matter, **({"unit": post.unit} if event is MatterReceived else {})}
        yield from post.task(
            kind, event, scopes, matter, name=post.name(life.project), due_on=life.due_on, known=known,
            told=_of_matter(matter),
        )  # fmt: skip


def contests(post: Post) -> Iterator[Task]:
    for contested, life in post.ledger.all(Contest).items():
        known, told = {"matter": contested}, (f"objection/{contested}", *_of_matter(contested))
        if life.state == "filed":
            yield from post.task(
                "objection_to_decide", ObjectionDecided, _OFFICE, contested, known=known, told=told,
                due_on=_decided_by(post, contested, life),
            )  # fmt: skip
        elif life.state == "appealed":
            yield from post.task("appeal_to_decide", AppealDecided, _OFFICE, contested, known=known, told=told)


def drafts(post: Post) -> Iterator[Task]:
    """Drafts whose next signature is this person's, and notices that its unit has not signed for."""
    for key, drafted in post.ledger.all(Drafted).items():
        of, _, code = key.partition("/")
        if drafted.is_done:
            if of == "notice" and drafted.digest and drafted.unit == post.unit and not _is_signed_for(post, code):
                known = {"notice": code}
                yield from post.task("notice_to_sign_for", NoticeSignedFor, _ADDRESSEE, code, known=known, told=(key,))
        elif _waits(post, drafted) and (step := drafted.turn) and step in post.held:
            kind: Kind = "notice_to_sign" if of == "notice" else "bulletin_to_sign"
            event = NoticeApproved if of == "notice" else BulletinApproved
            known = {of: code, "draft_digest": drafted.digest, "step": step}
            found = post.task(kind, event, _STEP, code, known=known, told=(key,))
            yield from (replace(one, capacity=step) for one in found)


def meetings(post: Post) -> Iterator[Task]:
    """To come to, to hold and to write down."""
    for meeting, life in post.ledger.all(MeetingLife).items():
        known, told = {"meeting": meeting, "forum": life.forum}, (f"meeting/{meeting}",)
        if life.is_held and not life.is_minuted:
            yield from post.task(
                "minutes_to_issue", MinutesIssued, _OFFICE, meeting, name=life.forum, known=known, told=told
            )
        elif not life.is_held and life.on <= post.today:
            yield from post.task(
                "meeting_to_hold", MeetingHeld, _OFFICE, meeting, name=life.forum, due_on=life.on, known=known,
                told=told,
            )  # fmt: skip
        if not life.is_held and life.on >= post.today and {post.unit, post.person} & life.to:
            yield post.to_attend(meeting, life.forum, life.on)


def exits(post: Post) -> Iterator[Task]:
    """Requests to leave a list that somebody must decide on, or that all have approved."""
    for key, leaving in post.ledger.all(Leaving).items():
        if leaving.has_left or leaving.is_refused:
            continue
        code, year, project = key.split("/")
        regime = regime_at(post.ledger, code, post.at)
        chain = regime.chain(regime.list_changes.exit_chain) if regime and regime.list_changes else ()
        known: dict[str, object] = {"list": code, "year": int(year), "project": project}
        is_decided = is_through(chain, leaving.spoken)
        kind: Kind = "exit_to_carry_out" if is_decided else "exit_to_decide"
        event = ProjectExited if is_decided else ExitStepDecided
        yield from post.task(
            kind, event, _OFFICE, project, name=post.name(project), period=year, known=known, told=(f"exit/{key}",)
        )


def _of_matter(matter: str) -> tuple[str, ...]:
    """Where the words of a matter, or of a contested notice, are kept."""
    return f"matter/{matter}", f"proposal/{matter}", f"notice/{matter}"


def _decided_by(post: Post, contested: str, life: Contest) -> date | None:
    """The last day for a decision on an objection, as the regime of what is contested says."""
    notice = post.ledger.get(Drafted, f"notice/{contested}")
    matters = [post.ledger.get(MatterLife, code) for code in (contested, *(notice.matters if notice else ()))]
    lists = [one.list for one in (notice, *matters) if one and one.list]
    rights = (one.appeal_right for code in lists if (one := regime_at(post.ledger, code, post.at)))
    within = next((one.decide_within for one in rights if one), None)
    return day_after(life.on, within, post.calendar) if within is not None else None


def _waits(post: Post, drafted: Drafted) -> bool:
    """Whether it waits for a signature: it is not signed to the end, being redrawn, held back or given up."""
    if drafted.is_redrawn or drafted.turn is None:
        return False
    return not drafted.is_declined or (drafted.declined_until is not None and drafted.declined_until <= post.today)


def _is_signed_for(post: Post, notice: str) -> bool:
    return post.ledger.get(SignedFor, notice) is not None
