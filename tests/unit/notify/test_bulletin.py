"""From a draw to a bulletin, and from the last signature to its seal."""

from dataclasses import replace
from typing import Any

import pytest

from services.notify.proceed import proceed
from shared.core.digest import digest
from shared.core.errors import CannotApply
from shared.core.events import BulletinApproved, BulletinDrafted, BulletinSealed, NoticeDrafted, NoticeServed
from shared.core.ledger import Ledger
from shared.core.regime.model import Issue, Issuer, Regime, Step
from tests.support.builders import (
    JURISDICTION,
    a_bulletin,
    a_project,
    a_regime,
    a_return,
    a_stage,
    a_year,
    an_adoption,
    approval,
    approval_of,
    local,
    on,
    until,
)
from tests.support.spec import Noticed, given, plainly

APRIL = until("2026-04-20 00:00")


def _head(regime: Regime | None = None) -> list[object]:
    projects = a_project("p1"), a_project("p2", lead="bureau-b")
    returns = (on("2026-04-03 10:00", a_return("p1", "2026-03", yi="7.34")), a_return("p2", "2026-03", yi="1"))
    return [*a_year(*projects, regime=regime), a_stage("p1"), *returns]


def _draft(head: list[object] | None = None) -> BulletinDrafted:
    return given(*(head or _head()), APRIL).noticed().the(BulletinDrafted)


def _sealed(*between: object, regime: Regime | None = None) -> Noticed:
    head = _head(regime)
    signatures = [
        on("2026-04-21 10:00", approval_of(_draft(head), step), actor="wang") for step in ("checker", "signer")
    ]
    return given(*head, APRIL, *between, *signatures).noticed()


def test_a_bulletin_is_drafted_at_its_issue_from_the_draw_of_that_moment() -> None:
    draft = _draft()
    facts = draft.facts
    assert (draft.bulletin, facts.as_of, facts.period) == (
        "b-city-2026-Q1-quarterly",
        local("2026-04-08 09:00"),
        "2026-Q1",
    )
    assert [(unit.name, unit.rank, unit.displayed["investment_ratio"]) for unit in facts.units] == [
        ("Bureau-A", 1, "61.16%"), ("Bureau-B", 2, "8.33%"),
    ]  # fmt: skip
    assert (facts.amounts["investment_completed"], facts.totals["investment_ratio"]) == ("8.34", "34.75%")
    assert [line.subject for line in facts.not_started] == ["p2"]
    assert [line.subject for line in facts.behind] == ["p2"]
    assert draft.digest == digest([facts, draft.paragraphs])


def test_points_print_with_two_places_at_most() -> None:
    head = [
        *_head(),
        a_stage("p2"),
        *(on("2027-01-03 10:00", a_return(code, "2026-12", yi="12.31")) for code in ("p1", "p2")),
    ]
    draft = given(*head, until("2027-01-20 00:00")).noticed().of(BulletinDrafted)[-1]
    assert draft.facts.units[0].points == {"base": "60", "weight": "20", "bonus": "1.29", "total": "81.29"}


def test_what_is_not_judged_yet_has_no_points() -> None:
    assert _draft().facts.units[0].points == {"base": None, "weight": "20", "bonus": None, "total": None}


def test_only_the_last_signature_seals_and_gives_the_number() -> None:
    draft = _draft()
    checked = given(*_head(), APRIL, on("2026-04-21 10:00", approval_of(draft, "checker"))).noticed()
    assert checked.of(BulletinSealed) == []
    sealed = _sealed().the(BulletinSealed)
    assert (sealed.number, sealed.signed_by, sealed.digest) == ("试政督〔2026〕1号", "wang", draft.digest)
    assert (sealed.facts, sealed.paragraphs) == (draft.facts, draft.paragraphs)


def test_notices_and_bulletins_share_one_run_of_numbers() -> None:
    head = [*_head(), on("2026-05-10 00:00", a_return("p2", "2026-04", yi="1"))]
    noticed = given(*head, until("2026-06-10 00:00")).noticed()
    draft, notice = noticed.the(BulletinDrafted), noticed.of(NoticeDrafted)[0]
    signatures = [
        on("2026-06-11 10:00", approval_of(draft, "checker")), approval_of(draft), approval(notice),
    ]  # fmt: skip
    signed = given(*head, until("2026-06-10 00:00"), *signatures).noticed()
    numbers = [one.number for one in signed.stated if isinstance(one, BulletinSealed | NoticeServed)]
    assert numbers == ["试政督〔2026〕1号", "试政督〔2026〕2号"]


def test_the_number_follows_the_template_of_its_own_bulletin() -> None:
    """One id may end like another."""
    regime = a_regime(bulletins=(a_bulletin(id="a", number="A{year}-{n}"), a_bulletin(id="x-a", number="XA{year}-{n}")))
    head = _head(regime)
    drafts = given(*head, APRIL).noticed().of(BulletinDrafted)
    signatures = [
        on("2026-04-21 10:00", approval_of(draft, step)) for draft in drafts for step in ("checker", "signer")
    ]
    sealed = given(*head, APRIL, *signatures).noticed().of(BulletinSealed)
    assert [(one.bulletin, one.number) for one in sealed] == [
        ("b-city-2026-Q1-a", "试政督A2026-1"), ("b-city-2026-Q1-x-a", "试政督XA2026-2"),
    ]  # fmt: skip


def test_a_bulletin_is_not_drafted_again_at_the_issue_of_another() -> None:
    late = a_bulletin(id="late", issue=Issue(working_days_after_close=6))
    noticed = given(*_head(a_regime(bulletins=(a_bulletin(), late))), APRIL).noticed()
    assert [(one.bulletin, one.facts.as_of) for one in noticed.of(BulletinDrafted)] == [
        ("b-city-2026-Q1-quarterly", local("2026-04-08 09:00")),
        ("b-city-2026-Q1-late", local("2026-04-13 09:00")),
    ]  # fmt: skip


def test_a_served_criticism_is_named_in_the_next_bulletin() -> None:
    criticism = Step(step="criticism", serve=("lead_unit",), sign_off=("signer",), circulate="next_bulletin")
    regime = a_regime(ladders={"project": (criticism,)}, bulletins=(a_bulletin(sections=("criticised",)),))
    head = [*a_year(regime=regime), on("2026-02-03 10:00", a_return(yi="0"))]
    draft = given(*head, until("2026-03-10 00:00")).noticed().the(NoticeDrafted)
    assert _draft(head).paragraphs == ("Nobody is criticised.",), "a draft that nobody has signed is no criticism"
    assert _draft([*head, on("2026-03-10 10:00", approval(draft))]).paragraphs == ("Criticised by notice: Project p1.",)


def test_a_bulletin_keeps_the_rules_of_its_period_when_new_ones_come_before_the_seal() -> None:
    new = a_regime(version=2, bulletins=(), issuer=Issuer(body="Another Body", writes_as="他政督"))
    change = on("2026-04-20 12:00", an_adoption(new, "2026-04-20"))
    sealed = _sealed(change).the(BulletinSealed)
    assert (sealed.number, sealed.facts.regime_version) == ("试政督〔2026〕1号", 1)


@pytest.mark.parametrize(
    ("approve", "reason"),
    [
        ({"draft_digest": "stale"}, "another draft"),
        ({"bulletin": "b-none"}, "never drafted"),
        ({"step": "signer"}, "turn of the checker"),
    ],
)
def test_a_wrong_signature_changes_nothing(approve: dict[str, Any], reason: str) -> None:
    _refused(replace(approval_of(_draft(), "checker"), **approve), reason)


def test_a_bulletin_is_sealed_once() -> None:
    draft = _draft()
    signatures = [on("2026-04-21 10:00", approval_of(draft, step)) for step in ("checker", "signer")]
    _refused(approval_of(draft), "is sealed", *signatures)


def _refused(event: BulletinApproved, reason: str, *between: object) -> None:
    story = given(*_head(), APRIL, *between, on("2026-04-22 10:00", event))
    draws, ledger = story.scored().draws, Ledger(JURISDICTION)
    for one in story.record[:-1]:
        proceed(ledger, one, draws, say=plainly)
    as_it_was = (ledger.digest(), ledger.position, ledger.clock)
    with pytest.raises(CannotApply, match=reason):
        proceed(ledger, story.record[-1], draws, say=plainly)
    assert (ledger.digest(), ledger.position, ledger.clock) == as_it_was
