"""From rules hit to reminders and notices, one step at a time, and from signatures to service."""

from dataclasses import replace
from typing import Any

import pytest

from services.notify.domain.ledger import Matter, NoticeFile, Pursuit, ReminderFile
from services.notify.proceed import AwaitingDraw, pass_time_to, proceed
from shared.core.errors import CannotApply
from shared.core.events import MatterProposed, NoticeDrafted, NoticeServed, NoticeSignedFor, ReminderSent
from shared.core.ledger import Ledger
from shared.core.regime.model import Held, Issuer, Regime, WorkingDays
from tests.support.builders import (
    JURISDICTION,
    LIST,
    a_calendar,
    a_ladder,
    a_project,
    a_regime,
    a_return,
    a_rule,
    a_year,
    an_adoption,
    approval,
    local,
    on,
    record,
    until,
)
from tests.support.spec import Noticed, given, plainly

# At the close of February nothing done is more than 10 points behind: the first hit. March brings the second.
SLOW = [*a_year(), on("2026-02-03 10:00", a_return(yi="0"))]
FIRST, SECOND, THIRD = (until(f"2026-0{month}-08 00:00") for month in (3, 4, 5))


def _draft(*events: object) -> NoticeDrafted:
    return given(*events, SECOND).noticed().of(NoticeDrafted)[-1]


def _signed(when: str, *events: object, actor: str = "wang") -> Noticed:
    before = events or tuple(SLOW)
    return given(*before, SECOND, on(when, approval(_draft(*before)), actor=actor)).noticed()


def _items(statement: Any) -> list[str]:
    return [item.subject for item in statement.items]


def test_the_first_hit_proposes_a_matter_and_sends_an_unsigned_reminder() -> None:
    proposed, reminder = given(*SLOW, FIRST).noticed().stated
    assert isinstance(proposed, MatterProposed)
    assert isinstance(reminder, ReminderSent)
    assert (proposed.subject, proposed.rule, proposed.unit) == ("p1", "slow", "bureau-a")
    assert (reminder.step, reminder.unit, _items(reminder)) == ("due_reminder", "bureau-a", ["p1"])
    assert reminder.at == local("2026-03-06 00:00"), "its clock runs from the moment that called for it"
    assert reminder.items[0].matter == proposed.matter


def test_the_second_hit_drafts_a_notice_that_waits_for_its_signer() -> None:
    noticed = given(*SLOW, SECOND).noticed()
    draft = noticed.the(NoticeDrafted)
    assert (draft.step, draft.sign_off, draft.rectify_within_working_days) == ("rectification_notice", ("signer",), 5)
    assert [one.matter for one in noticed.of(MatterProposed)] == [draft.items[0].matter]
    assert noticed.of(NoticeServed) == []


def test_at_the_top_of_the_ladder_nothing_more_is_said() -> None:
    second, third = given(*SLOW, SECOND).noticed(), given(*SLOW, THIRD).noticed()
    assert third.of(NoticeDrafted) == second.of(NoticeDrafted)
    assert third.of(ReminderSent) == second.of(ReminderSent)


def test_one_letter_tells_a_unit_of_all_its_projects() -> None:
    projects = [a_project("p1"), a_project("p2"), a_project("p3", lead="bureau-b")]
    nothing_done = [on("2026-02-03 10:00", a_return(code, yi="0")) for code in ("p1", "p2", "p3")]
    noticed = given(*a_year(*projects), *nothing_done, SECOND).noticed()
    assert [(one.unit, _items(one)) for one in noticed.of(ReminderSent)] == [
        ("bureau-a", ["p1", "p2"]), ("bureau-b", ["p3"]),
    ]  # fmt: skip
    assert [(one.unit, _items(one)) for one in noticed.of(NoticeDrafted)] == [
        ("bureau-a", ["p1", "p2"]), ("bureau-b", ["p3"]),
    ]  # fmt: skip
    text = noticed.of(NoticeDrafted)[0].text
    assert "Project p1" in text
    assert "Project p2" in text


def test_projects_at_different_steps_are_told_of_in_different_letters() -> None:
    projects = [a_project("p1"), a_project("p2")]
    events = [
        *a_year(*projects), on("2026-02-03 10:00", a_return("p1", yi="0")), a_return("p2", yi="1"), SECOND,
    ]  # fmt: skip
    noticed = given(*events).noticed()
    assert [_items(one) for one in noticed.of(ReminderSent)] == [["p1"], ["p2"]]
    assert _items(noticed.the(NoticeDrafted)) == ["p1"]


# --- signatures -----------------------------------------------------------------------------------------------


def test_a_signature_serves_the_notice_with_number_time_and_deadline() -> None:
    served = _signed("2026-04-08 18:30").the(NoticeServed)
    assert (served.number, served.issuer, served.signed_by) == ("试政督〔2026〕1号", "Test City Government", "wang")
    assert served.signed_at == local("2026-04-08 18:30")
    assert served.served_at == local("2026-04-09 09:00"), "the first office-hour moment after the signature"
    assert served.rectify_by == local("2026-04-17 00:00"), "24:00 of the fifth working day after service"


def test_a_deadline_knows_the_calendar_known_at_the_signature() -> None:
    calendar = on("2026-04-01 00:00", a_calendar("2026-04-10", "2026-04-13", make_up=["2026-04-11"]))
    later = on("2026-04-20 00:00", a_calendar("2026-04-14"))
    served = given(
        *SLOW, calendar, SECOND, on("2026-04-08 10:00", approval(_draft(*SLOW, calendar))), later
    ).noticed().the(NoticeServed)  # fmt: skip
    assert served.served_at == local("2026-04-08 10:00")
    assert served.rectify_by == local("2026-04-17 00:00")


def test_a_step_without_a_deadline_has_none() -> None:
    reminder, notice = a_ladder()
    regime = a_regime(ladders={"project": (reminder, replace(notice, rectify_within=None))})
    served = _signed("2026-04-08 10:00", *a_year(regime=regime), on("2026-02-03 10:00", a_return(yi="0")))
    assert served.the(NoticeServed).rectify_by is None


def test_the_first_signature_opens_the_matter_under_the_regime_then_in_force() -> None:
    noticed = _signed("2026-04-08 10:00")
    (matter,) = noticed.ledger.all(Matter).values()
    assert (matter.state, matter.opened_at, matter.regime_version) == ("open", local("2026-04-08 10:00"), 1)
    (proposed,) = given(*SLOW, SECOND).noticed().ledger.all(Matter).values()
    assert (proposed.state, proposed.regime_version) == ("proposed", None)


def _laddered(version: int, *steps: Any, body: str = "Another Body") -> Regime:
    return a_regime(version=version, ladders={"project": steps}, issuer=Issuer(body=body, writes_as="他政督"))


def test_an_opened_matter_climbs_the_ladder_under_which_it_was_opened() -> None:
    reminder, notice = a_ladder()
    letter = replace(notice, step="supervision_letter", rectify_within=None)
    old, new = _laddered(1, letter, notice), _laddered(2, letter, reminder)
    head = [*a_year(regime=old), on("2026-02-03 10:00", a_return(yi="0")), FIRST]
    draft = given(*head).noticed().the(NoticeDrafted)
    change = on("2026-03-10 10:00", an_adoption(new, "2026-03-10"))
    opened = given(*head, on("2026-03-09 10:00", approval(draft)), change, SECOND).noticed()
    assert opened.of(NoticeDrafted)[-1].step == "rectification_notice"
    proposed = given(*head, change, SECOND).noticed()
    assert [one.step for one in proposed.of(ReminderSent)] == ["due_reminder"], "not opened: by the new ladder"


def test_a_signature_on_a_stale_digest_changes_nothing() -> None:
    _refused(on("2026-04-08 10:00", replace(approval(_draft(*SLOW)), draft_digest="stale")), "another draft")


def test_a_notice_is_served_once() -> None:
    draft = _draft(*SLOW)
    _refused(on("2026-04-09 10:00", approval(draft)), "is served", on("2026-04-08 10:00", approval(draft)))


def test_what_was_never_drafted_cannot_be_signed() -> None:
    _refused(on("2026-04-08 10:00", replace(approval(_draft(*SLOW)), notice="n-none")), "never drafted")
    _refused(on("2026-04-08 10:00", NoticeSignedFor(notice="n-none")), "never drafted")


def _chained(*sign_off: Any) -> list[object]:
    reminder, notice = a_ladder()
    regime = a_regime(ladders={"project": (reminder, replace(notice, sign_off=sign_off))})
    return [*a_year(regime=regime), on("2026-02-03 10:00", a_return(yi="0"))]


def test_only_the_last_of_a_chain_serves_the_notice() -> None:
    chained = _chained("drafter", "checker", "signer")
    steps = [on("2026-04-08 10:00", approval(_draft(*chained), step)) for step in ("drafter", "checker", "signer")]
    assert given(*chained, SECOND, *steps[:2]).noticed().of(NoticeServed) == []
    (matter,) = given(*chained, SECOND, *steps[:1]).noticed().ledger.all(Matter).values()
    assert matter.state == "open", "the first signature opens it"
    assert len(given(*chained, SECOND, *steps).noticed().of(NoticeServed)) == 1


def test_no_signer_stands_in_for_a_checker() -> None:
    chained = _chained("checker", "signer")
    _refused(on("2026-04-08 10:00", approval(_draft(*chained))), "turn of the checker", head=chained)


def test_an_addressee_signs_for_a_served_notice_and_the_first_time_stays() -> None:
    draft = _draft(*SLOW)
    signed_for = [on(f"2026-04-{day} 10:00", NoticeSignedFor(notice=draft.notice)) for day in ("10", "11")]
    noticed = given(*SLOW, SECOND, on("2026-04-08 10:00", approval(draft)), *signed_for).noticed()
    assert noticed.ledger.all(NoticeFile)[draft.notice].signed_for_at == local("2026-04-10 10:00")


def test_an_addressee_may_sign_for_a_reminder() -> None:
    reminder = given(*SLOW, FIRST).noticed().the(ReminderSent)
    signed = given(*SLOW, FIRST, on("2026-03-10 10:00", NoticeSignedFor(notice=reminder.notice))).noticed()
    assert signed.ledger.all(ReminderFile)[reminder.notice].signed_for_at == local("2026-03-10 10:00")


def test_nobody_signs_for_a_draft() -> None:
    _refused(on("2026-04-08 10:00", NoticeSignedFor(notice=_draft(*SLOW).notice)), "not served")


def _refused(event: object, reason: str, *between: object, head: list[object] | None = None) -> None:
    story = given(*(head or SLOW), SECOND, *between, event)
    draws, ledger = story.scored().draws, Ledger(JURISDICTION)
    for one in story.record[:-1]:
        proceed(ledger, one, draws, say=plainly)
    as_it_was = (ledger.digest(), ledger.position, ledger.clock)
    with pytest.raises(CannotApply, match=reason):
        proceed(ledger, story.record[-1], draws, say=plainly)
    assert (ledger.digest(), ledger.position, ledger.clock) == as_it_was


# --- gaps and repetitions -------------------------------------------------------------------------------------


def _in_and_out() -> list[object]:
    """Slow in February, well ahead in March, slow again from August."""
    return [*SLOW, on("2026-04-03 10:00", a_return(period="2026-03", yi="6")), until("2026-10-30 00:00")]


def test_a_gap_starts_again_at_the_foot_with_another_matter() -> None:
    noticed = given(*_in_and_out()).noticed()
    first, second = noticed.of(MatterProposed)
    assert first.matter != second.matter
    assert [one.step for one in noticed.of(ReminderSent)] == ["due_reminder", "due_reminder"]
    assert [one.items[0].matter for one in noticed.of(NoticeDrafted)] == [second.matter]


def test_no_matter_is_live_while_the_rule_does_not_hold() -> None:
    events = [*SLOW, on("2026-04-03 10:00", a_return(period="2026-03", yi="6")), SECOND]
    assert given(*events).noticed().ledger.all(Pursuit) == {f"{LIST}/slow/p1": Pursuit("", 0)}


def test_no_recipient_hears_of_a_step_of_a_matter_twice() -> None:
    noticed = given(*_in_and_out()).noticed()
    said = [
        (item.matter, one.step, one.unit)
        for one in noticed.stated
        if isinstance(one, ReminderSent | NoticeDrafted)
        for item in one.items
    ]
    assert len(said) == len(set(said)) == 3


def test_a_rule_without_steps_proposes_a_matter_once() -> None:
    """Checked regimes have no empty ladder; a record from elsewhere may."""
    regime = a_regime(ladders={})
    noticed = given(*a_year(regime=regime), on("2026-02-03 10:00", a_return(yi="0")), THIRD).noticed()
    assert [type(one) for one in noticed.stated if not hasattr(one, "bulletin")] == [MatterProposed]


def test_two_rules_on_one_ladder_share_a_letter_and_keep_two_matters() -> None:
    rules = (a_rule(), a_rule(id="slower", held=Held(consecutive=1, of="monthly")))
    events = [*a_year(regime=a_regime(supervision_rules=rules)), on("2026-02-03 10:00", a_return(yi="0")), FIRST]
    reminder = given(*events).noticed().the(ReminderSent)
    assert [item.rule for item in reminder.items] == ["slow", "slower"]
    assert len({item.matter for item in reminder.items}) == 2


def test_numbers_run_through_a_year_and_start_again_in_the_next() -> None:
    projects = [a_project("p1"), a_project("p2", lead="bureau-b"), a_project("p3", lead="bureau-c")]
    head = [*a_year(*projects), *(on("2026-02-03 10:00", a_return(code, yi="0")) for code in ("p1", "p2", "p3"))]
    drafts = given(*head, SECOND).noticed().of(NoticeDrafted)
    times = ["2026-04-08 10:00", "2026-04-09 10:00", "2026-12-31 20:00"]
    signed = [on(when, approval(draft)) for when, draft in zip(times, drafts, strict=True)]
    numbers = [one.number for one in given(*head, SECOND, *signed).noticed().of(NoticeServed)]
    assert numbers == ["试政督〔2026〕1号", "试政督〔2026〕2号", "试政督〔2027〕1号"]


# --- waiting --------------------------------------------------------------------------------------------------


def test_awaiting_a_draw_leaves_the_ledger_as_it_was() -> None:
    *before, last = record(*SLOW, until("2026-04-08 12:00"))
    draws, ledger = given(*SLOW, until("2026-04-08 12:00")).scored().draws, Ledger(JURISDICTION)
    for one in before:
        proceed(ledger, one, draws, say=plainly)
    as_it_was = (ledger.digest(), ledger.position, ledger.clock)
    for known in range(len(draws)):
        some = dict(list(draws.items())[:known])
        with pytest.raises(AwaitingDraw) as awaiting:
            proceed(ledger, last, some, say=plainly)
        assert awaiting.value.moment.id == list(draws)[known]
        assert (ledger.digest(), ledger.position, ledger.clock) == as_it_was
    assert proceed(ledger, last, draws, say=plainly)


def test_time_passed_in_pieces_says_the_same() -> None:
    story = given(*SLOW, THIRD)
    draws, ledger = story.scored().draws, Ledger(JURISDICTION)
    stated = []
    for one in record(*SLOW):
        stated.extend(proceed(ledger, one, draws, say=plainly))
    for day in ("2026-03-06", "2026-03-07", "2026-05-08"):
        stated.extend(pass_time_to(ledger, local(f"{day} 00:00"), draws, say=plainly))
    assert stated == story.noticed().stated


def test_a_deadline_may_be_long() -> None:
    reminder, notice = a_ladder()
    long = replace(notice, rectify_within=WorkingDays(working_days=366))
    regime = a_regime(ladders={"project": (reminder, long)})
    served = _signed("2026-04-08 10:00", *a_year(regime=regime), on("2026-02-03 10:00", a_return(yi="0")))
    assert served.the(NoticeServed).rectify_by == local("2027-09-03 00:00")
