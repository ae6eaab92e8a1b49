"""What a letter says at each step: to whom, what is asked by when, who else is named, and whose decision it is."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, get_args

import pytest

from services.notify.domain import acts, pursue, sign
from services.notify.domain.ledger import Circulation, Matter, NoticeFile, Pursuit
from services.notify.domain.letter import letter
from services.notify.domain.steps import REQUESTS, TITLES, demands, notice_title
from services.notify.domain.text import Say, term
from shared.core.calendar import Moment
from shared.core.events import (
    AnyRecorded,
    MatterProposed,
    MatterStruckOff,
    NoticeDrafted,
    NoticeServed,
    NoticesEvent,
    Recorded,
    ReminderSent,
    RuleHit,
)
from shared.core.ledger import Ledger
from shared.core.regime.model import Days, Hours, Months, Regime, Step, Title, WorkingDays
from shared.core.regime.pursuit import MatterRules
from shared.core.regime.terms import Body, Role, StepName, SubjectKind
from shared.core.register import enter
from shared.infra.texts import Texts, catalogue
from tests.support.builders import JURISDICTION, LIST, a_regime, a_rule, a_unit, a_year, approval, local, record
from tests.unit.notify.test_rungs import a_hit, a_step

ZH, EN = Texts.load("zh"), Texts.load("en")
RECTIFY = "请自送达之日起{}内完成整改，并书面反馈整改结果，附佐证材料。"
NAMES: tuple[StepName, ...] = get_args(StepName)
CLOSES = ("2026-03-06 00:00", "2026-04-08 00:00", "2026-05-08 00:00", "2026-06-06 00:00", "2026-07-10 00:00")


class Pursued:
    """A ledger under one ladder, with what hits at the closes of months make of it."""

    def __init__(self, *ladder: Step, **rules: Any) -> None:
        self.regime: Regime = a_regime(ladders={"project": ladder}, supervision_rules=(a_rule(),), **rules)
        self.ledger = Ledger(JURISDICTION)
        for one in record(*a_year(regime=self.regime), a_unit("firm", name="The Firm")):
            enter(self.ledger, one)
        self.month = 1
        self.stated: list[NoticesEvent] = []

    def close(self, *hits: RuleHit, say: Say = EN) -> list[Any]:
        """The next month is closed; what is said of its hits, matters proposed left out."""
        self.month += 1
        moment = Moment(LIST, "close", f"2026-{self.month:02}", local(CLOSES[self.month - 2]))
        found = [*pursue.pursue(self.ledger, moment, [_of(moment, hit) for hit in hits], say=say)]
        self.stated += found
        return [one for one in found if not isinstance(one, MatterProposed)]

    def sign(self, draft: NoticeDrafted, when: str = "2026-04-08 10:00") -> NoticeServed:
        (served,) = sign.approve_notice(self.ledger, _recorded(approval(draft), local(when)))
        assert isinstance(served, NoticeServed)
        return served


def _of(moment: Moment, hit: RuleHit) -> RuleHit:
    return replace(hit, moment=moment.id, list=moment.list, period=moment.period, unit="bureau-a")


def _recorded(data: Any, at: datetime) -> AnyRecorded:
    return Recorded(position=99, id="e99", jurisdiction=JURISDICTION, data=data, time=at, recorded_at=at, actor="wang")


def signed(name: StepName = "rectification_notice", **changes: Any) -> Step:
    return a_step(name, **{"sign_off": ("signer",), **changes})


def the_draft(*ladder: Step, hit: RuleHit | None = None, say: Say = EN) -> NoticeDrafted:
    (draft,) = Pursued(*ladder).close(hit or a_hit(), say=say)
    assert isinstance(draft, NoticeDrafted)
    return draft


def body_of(draft: NoticeDrafted | ReminderSent) -> Sequence[str]:
    return letter(draft.text).body[2:]


# --- climbing -------------------------------------------------------------------------------------------------


def test_rungs_that_go_together_are_drafted_at_the_same_close() -> None:
    pursued = Pursued(signed("warning", count=1), signed("explanation", count=1), signed("criticism", count=2))
    assert [one.step for one in pursued.close(a_hit())] == ["warning", "explanation"]
    assert [one.step for one in pursued.close(a_hit())] == ["criticism"]
    assert pursued.close(a_hit()) == []


def test_hits_that_scoring_counts_are_taken_as_it_counts_them() -> None:
    pursued = Pursued(signed("talk", count=1), signed("criticism", count=2), signed("liaison_withdrawn", count=3))
    assert [one.step for one in pursued.close(a_hit(hits=1))] == ["talk"]
    assert pursued.close(a_hit(hits=1)) == [], "the rule still holds, and nothing happened since"
    assert [one.step for one in pursued.close(a_hit(hits=3))] == ["liaison_withdrawn"]


def test_the_last_rung_is_taken_again_once_its_time_is_over() -> None:
    pursued = Pursued(signed("supervision_reminder", repeat=Months(months=2)))
    said = [[one.step for one in pursued.close(a_hit())] for _ in CLOSES]
    assert said == [["supervision_reminder"], [], ["supervision_reminder"], [], ["supervision_reminder"]]
    drafts = [one for one in pursued.stated if isinstance(one, NoticeDrafted)]
    assert len({one.notice for one in drafts}) == 3, "each chasing is a notice of its own"
    assert {item.matter for one in drafts for item in one.items} == {drafts[0].items[0].matter}


def test_a_rung_above_goes_before_a_repetition() -> None:
    pursued = Pursued(signed("supervision_reminder", repeat=Days(days=1)), signed("criticism", count=3))
    assert [[one.step for one in pursued.close(a_hit())] for _ in range(4)] == [
        ["supervision_reminder"], ["supervision_reminder"], ["criticism"], [],
    ]  # fmt: skip


def test_a_matter_that_is_struck_off_is_not_chased_and_its_rule_hit_again_is_another() -> None:
    pursued = Pursued(signed("supervision_reminder", repeat=Days(days=1)))
    (first,) = pursued.close(a_hit())
    matter = first.items[0].matter
    struck = MatterStruckOff(matter=matter, on=local("2026-03-20 00:00").date())
    acts.befall(pursued.ledger, _recorded(struck, local("2026-03-20 00:00")))
    kept = pursued.ledger.get(Matter, matter)
    assert kept is not None
    assert kept.state == "struck_off"
    assert pursued.ledger.all(Pursuit) == {f"{LIST}/slow/p1": Pursuit("", 0)}
    (second,) = pursued.close(a_hit())
    assert second.items[0].matter != matter


def test_striking_off_a_matter_that_no_rule_proposed_changes_nothing_here() -> None:
    pursued = Pursued(signed())
    before = pursued.ledger.digest()
    struck = MatterStruckOff(matter="d-1", on=local("2026-03-20 00:00").date())
    acts.befall(pursued.ledger, _recorded(struck, local("2026-03-20 00:00")))
    assert pursued.ledger.digest() == before


@pytest.mark.parametrize(
    ("rules", "matters"), [(MatterRules(), 1), (MatterRules(until_struck_off=False), 2), (None, 2)]
)
def test_an_opened_matter_is_followed_until_struck_off_where_the_regime_says_so(
    rules: MatterRules | None, matters: int
) -> None:
    pursued = Pursued(signed(), signed("criticism"), matters=rules)
    (draft,) = pursued.close(a_hit())
    pursued.sign(draft, "2026-03-09 10:00")
    pursued.close()
    pursued.close(a_hit())
    assert len([one for one in pursued.stated if isinstance(one, MatterProposed)]) == matters


def test_a_matter_that_was_never_opened_is_let_go_all_the_same() -> None:
    pursued = Pursued(signed(), matters=MatterRules())
    pursued.close(a_hit())
    pursued.close()
    assert pursued.ledger.all(Pursuit) == {f"{LIST}/slow/p1": Pursuit("", 0)}


# --- whose it is ----------------------------------------------------------------------------------------------


def test_a_proposal_goes_to_the_body_that_may_and_the_unit_does_not_hear_of_it() -> None:
    draft = the_draft(signed("talk", competent="principal_leaders"))
    assert (draft.form, draft.competent, draft.unit) == ("proposes", "principal_leaders", "office")
    assert draft.title == "Proposal: talk"
    assert letter(draft.text).addressee == "To principal leaders:"
    assert body_of(draft) == (
        "Responsible unit: Bureau-A.",
        "It is proposed that principal leaders decide within its power on: talk.",
    )


def test_what_a_proposal_would_ask_is_proposed_too_and_no_clock_runs() -> None:
    within = WorkingDays(working_days=15)
    step = signed("talk", competent="leading_group", serve=("sponsor_leader",), rectify_within=within, record="signed")
    pursued = Pursued(step)
    (draft,) = pursued.close(a_hit(holders={"sponsor_leader": ("zhao",)}))
    assert body_of(draft)[2:] == (
        "Of those concerned, it is proposed to ask:",
        "Please rectify within 15 working days of service and report the result with evidence.",
        "A record is made, and signed by all sides.",
        "Concerned: sponsor leader zhao.",
    )
    assert pursued.sign(draft).rectify_by is None


def test_a_referral_hands_over_and_decides_nothing() -> None:
    draft = the_draft(signed("accountability"), say=ZH)
    assert (draft.form, draft.competent, draft.title) == ("refers", "discipline_body", "问责移送函")
    assert letter(draft.text).addressee == "纪检监察机关："
    assert body_of(draft)[1:] == ("现将上述事项移送纪检监察机关，请依职权处理。", "本函不作处理决定。")
    assert the_draft(signed("referral", competent="judiciary"), say=ZH).title == "移送函"


def test_what_is_only_proposed_does_not_move_where_a_matter_stands() -> None:
    pursued = Pursued(signed("organisational_adjustment"))
    pursued.close(a_hit())
    assert [one.step for one in pursued.ledger.all(Matter).values()] == [""]


def test_what_the_office_takes_itself_goes_to_the_responsible_unit() -> None:
    draft = the_draft(signed())
    assert (draft.form, draft.competent, draft.unit) == ("acts", "supervision_office", "bureau-a")
    assert letter(draft.text).addressee == "To Bureau-A:"


# --- who is named ---------------------------------------------------------------------------------------------


def test_a_notice_names_whom_it_is_served_to_besides_the_unit() -> None:
    hit = a_hit(holders={"sponsor_leader": ("zhao",), "owner": ("firm",), "liaison": ()})
    draft = the_draft(signed(serve=("lead_unit", "sponsor_leader", "owner", "liaison", "manager")), hit=hit)
    assert draft.addressees == ("lead_unit:bureau-a", "sponsor_leader:zhao", "owner:firm", "liaison:")
    named = "lead unit Bureau-A, sponsor leader zhao, owner The Firm, liaison (nobody holds this role), manager"
    assert body_of(draft)[-1] == f"Addressees: {named}."


def test_the_unit_alone_is_not_named_twice() -> None:
    draft = the_draft(signed())
    assert draft.addressees == ()
    assert "Addressees" not in draft.text


def test_one_letter_of_several_projects_names_each_addressee_once() -> None:
    pursued = Pursued(signed(serve=("sponsor_leader",)))
    hits = [
        a_hit(subject=code, holders={"sponsor_leader": leaders})
        for code, leaders in (("p1", ("zhao", "qian")), ("p2", ("qian",)))
    ]
    (draft,) = pursued.close(*hits)
    assert [item.subject for item in draft.items] == ["p1", "p2"]
    assert draft.addressees == ("sponsor_leader:zhao", "sponsor_leader:qian")


def test_an_owner_outside_government_is_reminded_through_the_lead_unit() -> None:
    step = a_step("written_reminder", serve=("lead_unit", "owner"), sign_off=("signer",))
    hit = a_hit(holders={"owner": ("firm",)}, investment_nature="non_government")
    draft = the_draft(step, hit=hit)
    assert draft.unit == "bureau-a"
    assert "Please pass this on to the owner in writing." in body_of(draft)
    assert "pass this on" not in the_draft(step, hit=a_hit(holders={"owner": ("firm",)})).text


def test_what_may_not_reach_an_owner_outside_government_is_passed_over() -> None:
    ladder = (signed("media_exposure"), signed("supervision_letter"))
    hit = a_hit(investment_nature="non_government")
    assert the_draft(*ladder, hit=hit).step == "supervision_letter"
    assert the_draft(*ladder).step == "media_exposure"


# --- what is asked --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        ({"rectify_within": WorkingDays(working_days=15)}, RECTIFY.format("15个工作日")),
        ({"rectify_within": Days(days=30)}, RECTIFY.format("30日")),
        ({"rectify_within": Days(days=0)}, "请立即整改，并书面反馈整改结果，附佐证材料。"),
        ({"reply_within": Hours(hours=24)}, "请自送达之日起24小时内书面回复。"),
        ({"reply_within": Hours(hours=0)}, "请立即书面回复。"),
        ({"handler": "required"}, "请在回复中明确承办单位和承办人。"),
        ({"explain_by": ("sponsor_leader", "responsible_person")}, "须作出书面说明的责任人：分包领导、责任人。"),
        ({"verify_by": "supervision_team"}, "办理结果由督查组核验。"),
        ({"report_to": "party_committee"}, "办理结果报党委。"),
        ({"record": "signed"}, "作出记录，由各方签字确认。"),
        ({"record": "written"}, "作出书面记录。"),
        ({"circulate": "at_once"}, "本件即行通报。"),
        ({"circulate": "next_bulletin"}, "本事项列入下期通报。"),
        ({"circulate": "media"}, "本事项通过媒体公布。"),
        ({"lifelong": True}, "由当时任职人员负责，不因岗位变动免除。"),
        ({"repeat": Days(days=7)}, "销号前每7日催办一次。"),
        ({"legal_basis": "某办法第三条", "plan_item": "年度计划第二项"}, "依据：某办法第三条；年度计划第二项。"),
    ],
)  # fmt: skip
def test_each_thing_that_a_step_asks_is_a_sentence(asked: dict[str, Any], sentence: str) -> None:
    assert sentence in body_of(the_draft(signed("supervision_order", **asked), say=ZH))


def test_a_rectification_notice_says_its_deadline_and_nothing_besides() -> None:
    body = body_of(the_draft(signed(rectify_within=WorkingDays(working_days=5)), say=ZH))
    assert body == (RECTIFY.format("5个工作日"),)


@pytest.mark.parametrize(
    ("within", "by"),
    [
        (WorkingDays(working_days=5), "2026-04-16 00:00"),
        (Days(days=5), "2026-04-14 00:00"),
        (Hours(hours=48), "2026-04-10 10:00"),
        (Days(days=0), "2026-04-08 10:00"),
        (Months(months=1), "2026-05-09 00:00"),
    ],
)
def test_deadlines_of_any_length_run_from_the_service(within: Any, by: str) -> None:
    pursued = Pursued(signed(rectify_within=within, reply_within=within))
    (draft,) = pursued.close(a_hit())
    served = pursued.sign(draft)
    assert (served.rectify_by, served.reply_by) == (local(by), local(by))


def test_a_draft_of_earlier_days_still_counts_its_working_days() -> None:
    pursued = Pursued(signed(rectify_within=WorkingDays(working_days=5)))
    (draft,) = pursued.close(a_hit())
    kept = pursued.ledger.get(NoticeFile, draft.notice)
    assert kept is not None
    pursued.ledger.put(draft.notice, replace(kept, draft=replace(draft, rectify_within=None)))
    assert pursued.sign(draft).rectify_by == local("2026-04-16 00:00")


def test_what_a_served_notice_circulates_waits_for_the_next_bulletin() -> None:
    pursued = Pursued(signed("criticism", circulate="next_bulletin"))
    (draft,) = pursued.close(a_hit())
    assert pursued.ledger.all(Circulation) == {}, "nothing is circulated that nobody has signed"
    pursued.sign(draft)
    assert pursued.ledger.all(Circulation) == {draft.notice: Circulation(LIST, draft.items)}


def test_what_is_only_proposed_is_not_circulated() -> None:
    pursued = Pursued(signed("criticism", circulate="next_bulletin", competent="leading_group"))
    (draft,) = pursued.close(a_hit())
    pursued.sign(draft)
    assert pursued.ledger.all(Circulation) == {}


def test_a_row_prints_its_columns_and_a_yes_or_no_is_a_word() -> None:
    hit = a_hit(name="Road", displayed={"project": "p1", "unit": "u", "days_late": "12", "is_signed": "False"})
    assert letter(the_draft(signed(), hit=hit, say=ZH).text).body[1] == "1.Road：迟报天数12；已审签否。"
    assert letter(the_draft(signed(), say=ZH).text).body[1] == "1.P1。"


def test_a_letter_says_measures_by_the_regimes_own_names() -> None:
    hit = a_hit(name="Road", displayed={"posts_filled": "50%"})
    own = {"posts_filled": Title(zh="到岗率", en="share of posts filled")}
    for say, body in ((ZH, "1.Road：到岗率50%。"), (EN, "1. Road: share of posts filled 50%.")):
        (draft,) = Pursued(signed(), names=own).close(hit, say=say)
        assert letter(draft.text).body[1] == body


def test_a_code_in_a_row_is_a_word() -> None:
    hit = a_hit(name="Road", displayed={"state": "overdue", "level": "state", "topic": "{x} 号", "person": "liaison"})
    assert letter(the_draft(signed(), hit=hit, say=ZH).text).body[1].removeprefix("1.Road：") == (
        "状态逾期；层级国家级；专题{x} 号；责任人liaison。"
    )


# --- every step in both languages -----------------------------------------------------------------------------


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("competent", ["supervision_office", "leading_group", "discipline_body"])
def test_every_step_has_its_title_and_its_words_in_chinese(name: StepName, competent: Body) -> None:
    step = signed(name, competent=competent)
    said = [notice_title(step, ZH), *demands(step, ZH, is_for_owners=False)]
    assert len(said) > 1
    assert not any(letter.isascii() and letter.isalpha() for sentence in said for letter in sentence), said


@pytest.mark.parametrize("name", NAMES)
def test_every_step_is_read_as_words_in_english(name: StepName) -> None:
    assert "_" not in notice_title(signed(name), EN) + "".join(demands(signed(name), EN, is_for_owners=False))


def test_the_catalogue_names_every_step_body_role_and_kind() -> None:
    names = {*NAMES, *get_args(Body), *get_args(Role), *get_args(SubjectKind), "best_practice_statement"}
    assert names - {*catalogue("zh")} == set()
    assert {*TITLES.values(), *REQUESTS.values()} - {*catalogue("zh")} == set()
    assert term("own_measure", EN) == "own measure"
