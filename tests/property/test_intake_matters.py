"""Whatever is told of matters, objections, notices and bulletins: what intake accepts, every fold can apply."""

from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from typing import Any

from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from services.intake.domain.decide import Accepted
from services.intake.domain.known import Drafted, MatterLife
from services.notify.domain.ledger import BulletinFile, Matter, NoticeFile
from shared.core.events import (
    BulletinApproved,
    BulletinDrafted,
    MatterProposed,
    NoticeApproved,
    NoticeDrafted,
    NoticeSignedFor,
    TalkRecorded,
    TimeReached,
)
from shared.core.regime.due import Days, WorkingDays
from shared.core.regime.model import Step
from shared.core.regime.pursuit import AppealRight, MatterRules
from tests.support import facts
from tests.support.builders import ZONE, a_bulletin, a_ladder, a_regime, a_return, an_adoption
from tests.support.intake import CHECKER, LEAD, OFFICE, SIGNER, Everywhere, fill_head
from tests.support.matters import BOSS, HEAD, with_people

FEW = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
WHERE = {HEAD: "bureau-a", BOSS: "government"}
LADDER = (
    *a_ladder(),
    Step(step="talk", serve=("lead_unit",), sign_off=("checker", "signer"), rectify_within=WorkingDays(working_days=3)),
    Step(step="referral", serve=("lead_unit",), sign_off=("signer",), competent="discipline_body"),
)
REGIME = a_regime(
    version=2, matters=MatterRules(opened_directly_by=("principal_leaders",)), ladders={"project": LADDER},
    appeal_right=AppealRight(file_within=Days(days=30), decide_within=Days(days=30)),
    bulletins=(a_bulletin(sign_off=("checker", "signer")),),
)  # fmt: skip

Move = Callable[[Everywhere, str, str], tuple[Any, str]]
"""What is told in which way, of the matter, notice or bulletin that is meant, on a day; and by whom."""

TOOK_PART: tuple[str, ...] = (OFFICE, SIGNER, CHECKER)
ACTS: Mapping[str, Move] = {
    "open": lambda _, m, on: (facts.a_matter(m, on, None, unit="bureau-a", approver="principal_leaders"), OFFICE),
    "open what a rule proposed": lambda _, m, on: (facts.a_matter(m, on, None, source="rule"), OFFICE),
    "assign": lambda _, m, on: (facts.an_assignment(m, on=on), OFFICE),
    "receive": lambda _, m, on: (facts.a_receipt(m, on=on), LEAD),
    "return": lambda _, m, on: (facts.a_handing_back(m, on=on), LEAD),
    "remind": lambda _, m, on: (facts.a_reminder(m, on), OFFICE),
    "report": lambda _, m, on: (facts.a_report(m, on), LEAD),
    "done": lambda _, m, on: (facts.a_verification(m, on), OFFICE),
    "not done": lambda _, m, on: (facts.a_verification(m, on, is_done=False, cause="objective"), OFFICE),
    "strike off": lambda _, m, on: (facts.a_striking_off(m, on), OFFICE),
    "reopen": lambda _, m, on: (facts.a_reopening(m, on), OFFICE),
    "extend": lambda intake, m, on: (facts.an_extension(m, due(intake, m) or on, "2027-12-31"), OFFICE),
    "exempt": lambda _, m, on: (facts.an_exemption(matter=m), OFFICE),
    "pause": lambda _, m, on: (facts.a_pause(m, on), OFFICE),
    "order": lambda _, m, on: (facts.an_order(m, on), OFFICE),
    "object": lambda _, m, on: (facts.an_objection(m, on=on), HEAD),
    "decide": lambda _, m, on: (facts.a_decided_objection(m, on, upheld=on > "2026-04", recused=TOOK_PART), BOSS),
    "appeal": lambda _, m, on: (facts.an_appeal(m, on=on), HEAD),
    "decide an appeal": lambda _, m, on: (
        facts.a_decided_appeal(m, on, by="city", recused=(*TOOK_PART, BOSS)), "boss-2"),
    "word": lambda intake, n, on: (facts.a_wording(n, f"Hurry: {on}.", draft_digest=seen(intake, n)), CHECKER),
    "hold back": lambda intake, n, on: (
        facts.a_declining(n, later(intake), draft_digest=seen(intake, n), step=turn(intake, n)), signer(intake, n)),
    "decline": lambda intake, n, _: (
        facts.a_declining(n, draft_digest=seen(intake, n), step=turn(intake, n)), signer(intake, n)),
    "sign": lambda intake, n, _: (
        NoticeApproved(notice=n, draft_digest=seen(intake, n), step=turn(intake, n)), signer(intake, n)),
    "sign for": lambda _, n, __: (NoticeSignedFor(notice=n), LEAD),
    "talk": lambda _, n, on: (
        TalkRecorded(notice=n, on=facts.day(on), persons=("chief",), commitments=("Do it.",)), OFFICE),
    "answer": lambda _, n, on: (facts.an_answer(n, on), OFFICE),
    "word a section": lambda intake, b, on: (
        facts.a_section_text(b, draft_digest=seen(intake, b), text=f"Well: {on}."), CHECKER),
    "contest": lambda intake, b, _: (facts.a_contest(b, draft_digest=seen(intake, b)), LEAD),
    "seal": lambda intake, b, _: (
        BulletinApproved(bulletin=b, draft_digest=seen(intake, b), step=turn(intake, b)), signer(intake, b)),
}  # fmt: skip


def due(intake: Everywhere, matter: str) -> str:
    life = intake.ledger.get(MatterLife, matter)
    return life.due_on.isoformat() if life and life.due_on else ""


def _drafted(intake: Everywhere, name: str) -> Drafted | None:
    return intake.ledger.get(Drafted, f"notice/{name}") or intake.ledger.get(Drafted, f"bulletin/{name}")


def seen(intake: Everywhere, name: str) -> str:
    drafted = _drafted(intake, name)
    return drafted.digest if drafted else ""


def turn(intake: Everywhere, name: str) -> Any:
    drafted = _drafted(intake, name)
    left = drafted.sign_off[len(drafted.signed) :] if drafted else ()
    return left[0] if left else "signer"


def signer(intake: Everywhere, name: str) -> str:
    return CHECKER if turn(intake, name) == "checker" else SIGNER


def later(intake: Everywhere) -> str:
    return (intake.ledger.clock.astimezone(ZONE).date() + timedelta(days=5)).isoformat()


ON_NOTICES = frozenset({"word", "hold back", "decline", "sign", "sign for", "talk", "answer"})
ON_BULLETINS = frozenset({"word a section", "contest", "seal"})


def names(intake: Everywhere, act: str) -> Sequence[str]:
    """What an act may be about: notices, bulletins, or what is a matter, whoever made it one, and a notice."""
    notices = [one.notice for one in intake.stated if isinstance(one, NoticeDrafted)]
    if act in ON_NOTICES:
        return list(dict.fromkeys(notices))[-3:]
    if act in ON_BULLETINS:
        return list(dict.fromkeys(one.bulletin for one in intake.stated if isinstance(one, BulletinDrafted)))[-2:]
    proposed = [one.matter for one in intake.stated if isinstance(one, MatterProposed)]
    others = [one for one in intake.ledger.all(MatterLife) if one not in {*proposed, "m1"}]
    return ["m1", *proposed[:1], *others[:1], *notices[:1]]


def place() -> Everywhere:
    intake = fill_head(Everywhere())
    with_people(intake)
    intake.accept(facts.a_post("boss-2", "approver", "government"))
    intake.accept(an_adoption(REGIME, "2026-03-02"))
    intake.accept(a_return(yi="0"), LEAD)
    return intake


LIFE = ("open", "open what a rule proposed", "assign", "receive", "report", "report", "done", "done", "strike off")
CONTEST = ("object", "object", "decide", "decide", "appeal", "decide an appeal", "reopen")
PAPERS = ("sign", "sign", "sign", "sign for", "talk", "talk", "answer", "seal", "word", "tick", "tick", "tick")
kinds = st.sampled_from([*ACTS, *3 * LIFE, *3 * CONTEST, *4 * PAPERS])
steps = st.lists(st.tuples(kinds, st.integers(0, 20)), min_size=40, max_size=90)


@FEW
@given(steps)
def test_what_intake_accepts_every_fold_can_apply_and_what_it_knows_is_what_notify_does(
    told: Sequence[tuple[str, int]],
) -> None:
    intake = place()
    intake.accept(TimeReached(at=intake.ledger.clock + timedelta(days=40)))
    for name, number in told:
        on = intake.ledger.clock.astimezone(ZONE).date().isoformat()
        if name == "tick":
            intake.accept(TimeReached(at=intake.ledger.clock + timedelta(days=1 + number)))
            continue
        known = names(intake, name) or ("none",)
        data, by = ACTS[name](intake, known[number % len(known)], on)
        decided = intake.decide(data, by, unit=WHERE.get(by, "government" if by == "boss-2" else None))
        if isinstance(decided, Accepted):
            event(f"accepted: {name}")
            for one in decided.events:
                intake.enter(one)
    _alike(intake)
    for record_first in (False, True):
        assert intake.read_anew(record_first=record_first).digest() == intake.ledger.digest()


def _alike(intake: Everywhere) -> None:
    """Signatures, drafts and what is over stand in intake's docket as in notify's files."""
    for code, kept in intake.notify.all(NoticeFile).items():
        drafted = intake.ledger.get(Drafted, f"notice/{code}")
        assert drafted is not None
        assert (drafted.digest, drafted.signed) == (kept.draft.digest, tuple(one.step for one in kept.signed))
        assert (drafted.is_done, drafted.is_declined) == (kept.served, kept.declined is not None)
    for code, bulletin in intake.notify.all(BulletinFile).items():
        drafted = intake.ledger.get(Drafted, f"bulletin/{code}")
        assert drafted is not None
        assert (drafted.digest, drafted.is_done) == (bulletin.draft.digest, bulletin.sealed)
    for code, matter in intake.notify.all(Matter).items():
        life = intake.ledger.get(MatterLife, code)
        assert life is not None
        if matter.state == "struck_off" and life.state != "struck_off":
            assert life.state != "proposed"  # reopened by the office: a rule that is hit again proposes another
