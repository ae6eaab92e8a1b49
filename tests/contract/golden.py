"""One example of every event class; run as a module, it writes the golden files that are missing, and no other."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

from shared.core.events import (
    SHAPES,
    BulletinApproved,
    BulletinDrafted,
    BulletinLine,
    BulletinSealed,
    Facts,
    Item,
    LineDrawn,
    MatterProposed,
    NoticeApproved,
    NoticeDrafted,
    NoticeServed,
    NoticeSignedFor,
    PostAssigned,
    PostEnded,
    Recorded,
    ReminderSent,
    RuleHit,
    StandingsDrawn,
    TimeReached,
)
from shared.infra.wire import encode
from tests.support import facts
from tests.support.builders import (
    JURISDICTION,
    LIST,
    a_calendar,
    a_correction,
    a_jurisdiction,
    a_lane,
    a_list,
    a_plan,
    a_project,
    a_regime,
    a_return,
    a_scoring,
    a_stage,
    a_unit,
    an_adoption,
    local,
)

FOLDER = Path(__file__).parent / "events"
SOURCE = "/duban/golden/intake"

_MOMENT = "city:close:2026-03:2026-04-05T16:00:00Z"
_RATIO = Decimal("0.1844221105527638190954773869346733668342")
_ITEM = Item(matter="m-1", rule="slow", subject="p1", name="滨河大道", displayed={"investment_ratio": "18.44%"})
_LINE = LineDrawn(
    moment=_MOMENT,
    list=LIST,
    period="2026-03",
    subject_kind="unit",
    subject="bureau-a",
    name="住建局",
    unit="bureau-a",
    lane="departments",
    project_count=2,
    not_judged_count=1,
    missing_count=0,
    late_count=1,
    measures={"investment_ratio": _RATIO, "annual_targets_met": None},
    displayed={"investment_ratio": "18.44%", "annual_targets_met": "-"},
    amounts_yuan={"investment_completed": Decimal("734000000.00"), "annual_planned_investment": Decimal("3.98E+9")},
    stages=("approved", "started"),
    light="yellow",
    points={"base": None, "weight": Decimal(20), "total": None},
    rank=2,
)
_FACTS = Facts(
    list=LIST,
    list_name="市重点项目",
    jurisdiction_name="测试市",
    time_zone="Asia/Shanghai",
    mode="simulated",
    kind="通报",
    title="一季度通报",
    issuer="市政府办公室",
    writes_as="政办督",
    year=2026,
    period="2026-Q1",
    as_of=local("2026-04-08 09:00"),
    position=42,
    regime="test",
    regime_version=1,
    sections=("overview", "ranking"),
    money_unit="亿元",
    project_count=2,
    not_judged_count=1,
    amounts={"investment_completed": "7.34"},
    totals={"investment_ratio": "18.44%"},
    units=(
        BulletinLine(
            subject="bureau-a",
            name="住建局",
            unit_name="住建局",
            lane="departments",
            rank=1,
            light=None,
            displayed={"investment_ratio": "18.44%"},
            points={"base": None, "weight": "20"},
        ),
    ),
    not_started=(),
    behind=(),
)
_DRAFT = NoticeDrafted(
    notice="n-1",
    list=LIST,
    step="rectification_notice",
    unit="bureau-a",
    moment=_MOMENT,
    items=(_ITEM,),
    title="整改通知",
    text="请于 5 个工作日内整改。\n市政府办公室",
    sign_off=("checker", "signer"),
    rectify_within_working_days=5,
    digest="d" * 64,
)
_BULLETIN = BulletinDrafted(
    bulletin="b-city-2026-Q1-quarterly",
    list=LIST,
    moment=_MOMENT,
    facts=_FACTS,
    paragraphs=("一、总体情况", "二、排名"),
    sign_off=("drafter", "checker", "signer"),
    parked_count=0,
    digest="d" * 64,
)

_TOLD: tuple[object, ...] = (
    facts.a_reset(yi="41.2"),
    facts.a_responsibility(person="leader-1", liability="leadership"),
    facts.a_signature(),
    facts.a_review(verdict="adjusted", investment_ytd_yuan=Decimal("7.1E+8"), reason="重复计算", fault="misreport"),
    facts.a_withdrawal("e9"),
    facts.a_milestone_reached(),
    facts.an_allocation(yi="0.5"),
    facts.an_arrival(yi="0.4"),
    facts.a_payment(yi="0.3"),
    facts.a_filing(),
    facts.an_acceptance(gaps=("用地批复",), gaps_due_on=date(2026, 4, 1)),
    facts.a_giving_back(),
    facts.an_issue(),
    facts.a_refusal(),
    facts.a_problem(needs="市自然资源局", solution="置换地块"),
    facts.an_escalation(),
    facts.a_solution(),
    facts.an_exit_request(is_special=True),
    facts.an_exit_step(),
    facts.an_exit(),
    facts.a_replacement(),
    facts.a_credit(),
    facts.a_matter(basis="d-1", approver="director"),
    facts.an_assignment(person="li"),
    facts.a_reminder(),
    facts.a_report(),
    facts.a_verification(cause="subjective", is_reason_accepted=False),
    facts.a_striking_off(answered=("source",)),
    facts.a_reopening(),
    facts.an_extension(),
    facts.an_exemption(),
    facts.a_pause(until_on="2026-04-01"),
    facts.an_objection(),
    facts.a_decided_objection(recused=("li",)),
    facts.a_round(projects=("p1",), joined_by=("peoples_congress",)),
    facts.a_round_report(is_archived=True),
    facts.a_visit(),
    facts.an_inspection(yi="6.9", findings=(facts.a_finding(),)),
    facts.a_report_up(),
    facts.an_incident(projects=("p1",), persons=("li",), influence="bad"),
    facts.a_failed_contact(),
    facts.a_tour(),
    facts.a_mark(scorer_unit="bureau-b"),
    facts.a_meeting(problems=("q1",)),
    facts.minutes(decisions=(facts.a_decision(due_on=date(2026, 4, 1)),), to=("bureau-a",)),
    facts.an_absence(person="head-a", reason="出差", is_excused=True),
    facts.a_new_name(),
    facts.a_closing(successor="bureau-b"),
    facts.a_sealing(),
    facts.a_proposal(),
    facts.a_confirmation(),
    facts.an_external_result(value="0.5"),
    facts.a_loss(until_on="2027-12-31"),
    facts.an_award(),
    facts.a_talk(commitments=("六月底前完成",)),
    facts.an_override(),
)

EXAMPLES: tuple[object, ...] = (
    a_jurisdiction(name="测试市"),
    an_adoption(
        a_regime(scoring=a_scoring(lanes=(a_lane("towns", "town", "county"),))), document_number="政办〔2026〕1号"
    ),
    a_calendar("2026-02-17", make_up=["2026-02-14"], provisional=True),
    a_unit(name="住建局", lane="departments", protocol_order=3),
    PostAssigned(person="zhang", post="signer", unit="office"),
    PostEnded(person="zhang", post="signer", unit="office", reason="moved on"),
    a_list(declared_count=2, declared_total_investment_yuan=Decimal("12345678901234567890.12")),
    a_project(supporting_units=("bureau-b",), planned_start_on=date(2026, 3, 1), continuing=False),
    a_plan(yi="39.8"),
    a_stage(),
    a_return(yi="7.34", physical_progress_ratio=Decimal("0.25"), narrative="桩基完成"),
    a_correction("e9", yi="7.3"),
    NoticeApproved(notice="n-1", draft_digest="d" * 64, step="signer"),
    NoticeSignedFor(notice="n-1"),
    BulletinApproved(bulletin="b-1", draft_digest="d" * 64, step="checker"),
    TimeReached(at=local("2026-02-06 00:00")),
    *_TOLD,
    _LINE,
    RuleHit(
        moment=_MOMENT,
        list=LIST,
        period="2026-03",
        rule="slow",
        ladder="project",
        subject_kind="project",
        subject="p1",
        name="滨河大道",
        unit="bureau-a",
        consecutive=2,
        measures={"deviation": Decimal("-12.5")},
        displayed={"deviation": "-12.50"},
    ),
    StandingsDrawn(
        moment=_MOMENT,
        list=LIST,
        kind="close",
        period="2026-03",
        at=local("2026-04-06 00:00"),
        position=42,
        count=5,
        digest="d" * 64,
        regime="test",
        regime_version=1,
        engine="1",
        parked_count=0,
    ),
    MatterProposed(
        matter="m-1",
        list=LIST,
        rule="slow",
        subject_kind="project",
        subject="p1",
        name="滨河大道",
        unit="bureau-a",
        moment=_MOMENT,
        displayed={"deviation": "-12.50"},
    ),
    ReminderSent(
        notice="n-0",
        list=LIST,
        step="due_reminder",
        unit="bureau-a",
        moment=_MOMENT,
        at=local("2026-04-06 00:00"),
        items=(_ITEM,),
        title="督办提醒",
        text="请加快进度。",
    ),
    _DRAFT,
    NoticeServed(
        notice="n-1",
        list=LIST,
        step="rectification_notice",
        unit="bureau-a",
        number="政办督〔2026〕1号",
        issuer="市政府办公室",
        signed_by="wang",
        signed_at=local("2026-04-07 18:00"),
        served_at=local("2026-04-08 09:00"),
        rectify_by=local("2026-04-16 00:00"),
        items=(_ITEM,),
        title=_DRAFT.title,
        text=_DRAFT.text,
        digest=_DRAFT.digest,
    ),
    _BULLETIN,
    BulletinSealed(
        bulletin=_BULLETIN.bulletin,
        list=LIST,
        number="政办督〔2026〕2号",
        sealed_at=local("2026-04-09 10:00"),
        signed_by="wang",
        facts=_FACTS,
        paragraphs=_BULLETIN.paragraphs,
        digest=_BULLETIN.digest,
    ),
)


def golden_file(event_class: type) -> Path:
    return FOLDER / f"{SHAPES[event_class].type}.json"


def example(data: object) -> bytes:
    recorded = Recorded(
        position=0,
        id="0198c0de-0000-7000-8000-000000000001",
        jurisdiction=JURISDICTION,
        data=data,
        time=local("2026-04-06 08:30"),
        recorded_at=local("2026-04-06 08:31"),
        unit="bureau-a",
        actor="li",
        submission="key-1",
        submission_digest="s" * 64,
    )
    return encode(replace(recorded, causation="e1"), source=SOURCE)


def write_missing() -> None:
    FOLDER.mkdir(exist_ok=True)
    for data in EXAMPLES:
        if not golden_file(type(data)).exists():
            golden_file(type(data)).write_bytes(example(data) + b"\n")


if __name__ == "__main__":
    write_missing()
