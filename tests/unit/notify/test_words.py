"""A draft that is worded otherwise, or declined: facts stay, older signatures are void, nothing leaves meanwhile."""

from dataclasses import replace
from typing import Any

import pytest

from services.notify import reads
from services.notify.domain.ledger import NoticeFile
from services.notify.domain.letter import letter
from shared.core.errors import CannotApply
from shared.core.events import BulletinDrafted, BulletinSealed, NoticeDrafted, NoticeServed, NoticeTextSet
from shared.core.regime.model import Step, WorkingDays
from shared.core.regime.terms import Role
from tests.support.builders import a_bulletin, a_project, a_regime, a_return, a_year, approval, approval_of, on, until
from tests.support.facts import a_declining, a_section_text, a_wording
from tests.support.spec import Noticed, given

APRIL = until("2026-04-20 00:00")


def noticed(*acts: object, mode: str = "live", **step: Any) -> Noticed:
    """A notice with two signatures, drafted at the close of February; acts follow a day after another."""
    rung = Step(step="supervision_letter", sign_off=("checker", "signer"), **{"serve": ("lead_unit",), **step})
    regime = a_regime(ladders={"project": (rung,)}, bulletins=(a_bulletin(sign_off=("signer",)),))
    head = a_year(a_project(), regime=regime)
    head[0] = replace(head[0], mode=mode)  # type: ignore[type-var]
    told = [on(f"2026-04-2{place} 10:00", one, actor="wang") for place, one in enumerate(acts)]
    return given(*head, on("2026-02-03 10:00", a_return(yi="0")), APRIL, *told).noticed()


def the_draft(**about: Any) -> NoticeDrafted:
    return noticed(**about).of(NoticeDrafted)[0]


def worded(draft: NoticeDrafted, words: str = "Please hurry.\nThe mayor asks.", **about: Any) -> NoticeDrafted:
    return noticed(wording(draft, words), **about).of(NoticeDrafted)[-1]


def wording(draft: NoticeDrafted, words: str = "Please hurry.\nThe mayor asks.") -> NoticeTextSet:
    return a_wording(draft.notice, words, draft_digest=draft.digest)


BOTH_NAMED: tuple[Role, ...] = ("lead_unit", "unit_head")


@pytest.mark.parametrize("about", [{}, {"mode": "simulated"}, {"competent": "police"}, {"serve": BOTH_NAMED}])
def test_words_take_the_place_of_what_is_asked_and_nothing_else(about: dict[str, Any]) -> None:
    draft = the_draft(**about)
    old, new = letter(draft.text), letter(worded(draft, **about).text)
    kept = 2 if "competent" in about else 1
    named = 1 if "serve" in about else 0
    assert new.body[: 1 + kept] == old.body[: 1 + kept]
    assert new.body[1 + kept : len(new.body) - named] == ("Please hurry.", "The mayor asks.")
    assert new.body[len(new.body) - named :] == old.body[len(old.body) - named :]
    assert replace(new, body=()) == replace(old, body=())


def test_a_draft_with_other_words_has_another_digest_and_the_same_facts() -> None:
    draft = the_draft(rectify_within=WorkingDays(working_days=5))
    again = worded(draft, rectify_within=WorkingDays(working_days=5))
    assert again.digest not in {"", draft.digest}
    assert replace(again, text="", digest="", worded_by="") == replace(draft, text="", digest="")


def test_signatures_on_the_older_draft_are_void() -> None:
    draft, again = the_draft(), worded(the_draft())
    first = (
        approval(draft, "checker"),
        a_wording(draft.notice, "Please hurry.\nThe mayor asks.", draft_digest=draft.digest),
    )
    found = noticed(*first, approval(again, "checker"), approval(again, "signer"))
    assert found.the(NoticeServed).text == again.text
    with pytest.raises(CannotApply, match="another draft"):
        noticed(*first, approval(draft, "signer"))
    with pytest.raises(CannotApply, match="turn of the checker"):
        noticed(*first, approval(again, "signer"))


def test_a_draft_declined_for_good_is_never_served_nor_shown_to_signers() -> None:
    draft = the_draft()
    declined = a_declining(draft.notice, draft_digest=draft.digest)
    found = noticed(declined)
    assert reads.drafts(found.ledger)[0] == []
    for late in (approval(draft, "checker"), a_wording(draft.notice, draft_digest=draft.digest), declined):
        with pytest.raises(CannotApply, match="declined for good"):
            noticed(declined, late)


def test_a_draft_held_back_until_a_day_is_served_from_that_day_on_whatever_its_words() -> None:
    draft, again = the_draft(), worded(the_draft())
    held, still = (a_declining(one.notice, "2026-04-23", draft_digest=one.digest) for one in (draft, again))
    text = wording(draft)
    assert len(reads.drafts(noticed(held).ledger)[0]) == 1
    with pytest.raises(CannotApply, match="held back until 2026-04-23"):
        noticed(held, text, approval(again, "checker"))
    found = noticed(held, text, still, approval(again, "checker"), approval(again, "signer"))
    assert found.the(NoticeServed).digest == again.digest


def test_a_section_of_a_bulletin_is_worded_otherwise_and_its_figures_stay() -> None:
    draft = noticed().the(BulletinDrafted)
    text = a_section_text(draft.bulletin, "ranking", draft_digest=draft.digest, text="All did well.")
    _, again = noticed(text).of(BulletinDrafted)
    assert again.paragraphs == (*draft.paragraphs[:2], "All did well.", *draft.paragraphs[3:])
    assert (again.facts, again.sign_off, again.parked_count) == (draft.facts, draft.sign_off, draft.parked_count)
    assert noticed(text, approval_of(again)).the(BulletinSealed).paragraphs == again.paragraphs
    with pytest.raises(CannotApply, match="another draft"):
        noticed(text, approval_of(draft))


def _of_no_draft(draft: NoticeDrafted, bulletin: BulletinDrafted) -> list[object]:
    return [
        a_wording("n-none"), a_declining("n-none"), a_section_text("b-none"),
        a_wording(draft.notice, draft_digest="d0"), a_declining(draft.notice, draft_digest="d0"),
        a_section_text(bulletin.bulletin, draft_digest="d0"),
        a_section_text(bulletin.bulletin, "problems", draft_digest=bulletin.digest),
    ]  # fmt: skip


@pytest.mark.parametrize("place", range(7))
def test_an_act_on_no_such_draft_changes_nothing(place: int) -> None:
    act = _of_no_draft(the_draft(), noticed().the(BulletinDrafted))[place]
    with pytest.raises(CannotApply):
        noticed(act)


def test_a_sealed_bulletin_keeps_its_words() -> None:
    draft = noticed().the(BulletinDrafted)
    with pytest.raises(CannotApply, match="sealed"):
        noticed(approval_of(draft), a_section_text(draft.bulletin, draft_digest=draft.digest))


def test_a_replay_states_the_same() -> None:
    draft = the_draft()
    acts = (a_declining(draft.notice, "2026-04-22", draft_digest=draft.digest),
            a_wording(draft.notice, draft_digest=draft.digest))  # fmt: skip
    one, other = noticed(*acts), noticed(*acts)
    assert (one.ledger.digest(), one.stated) == (other.ledger.digest(), other.stated)
    kept = one.ledger.get(NoticeFile, draft.notice)
    assert kept is not None
    assert (kept.draft, kept.signed) == (one.of(NoticeDrafted)[-1], ())


def test_the_same_words_again_are_another_statement() -> None:
    """What is stated is known by its content: the same draft stated twice would be taken for one."""
    draft = the_draft()
    first = worded(draft)
    again = noticed(wording(draft), wording(first)).of(NoticeDrafted)[-1]
    assert (again.text, again.digest) == (first.text, first.digest)
    assert again.worded_by != first.worded_by
