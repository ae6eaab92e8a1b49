"""When meetings are held, whose turn it is, what is taken up, what goes up from them, and who was not there."""

from decimal import Decimal
from typing import Any

from tests.catalogue.case import judged, local, outcome, regime
from tests.support.builders import a_project, a_stage, a_year, on
from tests.support.facts import a_decision, a_meeting, a_problem, a_solution, an_absence, an_escalation, minutes

DISPATCH = "{ id: dispatch, who: government, do: meeting, per: %s, where: { forum: dispatch } }"


def asked(duty: str, *held: object, at: str) -> list[tuple[str, str]]:
    """Return what is said of a duty: the period, and whether it is owed or missed."""
    found = outcome(*a_year(regime=regime(f"duties: [ {duty} ]")), *held, at=at).decisions
    return [(one.facts["period"], one.kind) for one in found if one.kind in {"owed", "missed"}]


def held(on_day: str, forum: str = "dispatch", **changes: Any) -> object:
    return on(f"{on_day} 18:00", a_meeting(f"g-{forum}-{on_day}", on=on_day, forum=forum, **changes))


@judged("E01")
def test_a_month_without_a_dispatch_meeting_is_missed_in_the_next() -> None:
    """002: 「县政府一个月调度一次」."""
    monthly = DISPATCH % "monthly"
    assert asked(monthly, held("2026-02-27"), at="2026-03-10") == [("2026-03", "owed")]
    assert asked(monthly, held("2026-03-02"), at="2026-03-10") == [("2026-02", "missed")]
    assert asked(monthly, held("2026-02-27"), held("2026-03-02", "permits"), at="2026-03-10") == [("2026-03", "owed")]


@judged("E02")
def test_a_quarterly_meeting_is_owed_until_the_quarter_is_over() -> None:
    """000-5: 「每季度召开一次调度会」."""
    quarterly = DISPATCH % "quarterly"
    assert asked(quarterly, held("2026-01-20"), at="2026-03-31") == []
    assert asked(quarterly, held("2026-01-20", "permits"), at="2026-03-31") == [("2026-Q1", "owed")]
    assert asked(quarterly, at="2026-03-31") == [("2026-Q1", "owed")]
    assert asked(quarterly, at="2026-04-01") == [("2026-Q1", "missed"), ("2026-Q2", "owed")]
    assert asked(DISPATCH % "monthly", held("2026-01-20"), at="2026-03-31") == [
        ("2026-02", "missed"),
        ("2026-03", "owed"),
    ]


@judged("E03")
def test_the_permit_meeting_calls_all_offices_twice_a_month() -> None:
    """004: 「每半月召集县发改委、规划办」 and seven more."""
    duty = """
duties: [ { id: permits, who: drc, do: meeting, per: half_month, where: { forum: permits }, joined_by: [%s] } ]
"""

    def called(offices: str, *meetings: object) -> list[tuple[str, list[str]]]:
        found = outcome(*a_year(regime=regime(duty % offices)), *meetings, at="2026-03-20").of("duties/permits")
        return [(one.facts["period"], [to.role for to in one.to]) for one in found if "03" in one.facts["period"]]

    first, second = ("2026-03-M1", ["drc", "permit_offices"]), ("2026-03-M2", ["drc", "permit_offices"])
    assert called("permit_offices") == [first, second]
    there: dict[str, Any] = {"attended": ("permit_offices", "media")}
    assert called("permit_offices", held("2026-03-10", "permits", **there)) == [second]
    assert called("permit_offices", held("2026-03-10", "permits")) == [first, second]
    assert called("permit_offices", held("2026-03-10", "permits", attended=("media",))) == [first, second]
    assert called("permit_offices", held("2026-03-10", **there)) == [first, second]
    assert called("", held("2026-03-10", "permits")) == [("2026-03-M2", ["drc"])]


@judged("E05")
def test_a_large_meeting_is_owed_in_each_half_of_the_year() -> None:
    """000-15b: 「每半年召开一次大规模的项目督查工作会议」."""
    large = "{ id: large, who: party_committee, do: meeting, per: half_year, where: { forum: large } }"
    assert asked(large, held("2026-06-20", "large"), at="2026-07-01") == [("2026-H2", "owed")]
    assert asked(large, held("2026-06-20"), at="2026-07-01") == [("2026-H1", "missed"), ("2026-H2", "owed")]


@judged("E06")
def test_a_meeting_has_its_day_of_the_week_and_its_time_of_the_day() -> None:
    """000-4b: 「每周五下午召开一次全体人员例会」, and every day at 8:30 and at 17:00."""
    office = "{ id: office, who: supervision_office, do: meeting, per: weekly, due: { weekday: %s, time: '17:30' } }"
    daily = "{ id: start, who: supervision_office, do: meeting, per: daily, due: { time: '%s' } }"

    def due(duty: str, *meetings: object, at: str = "2026-03-06 09:00") -> tuple[str, object]:
        last = outcome(*a_year(regime=regime(f"duties: [ {duty} ]")), *meetings, at=at).decisions[-1]
        return (last.kind, last.due_at)

    assert due(office % "fri") == ("owed", local("2026-03-06 17:30"))
    assert due(office % "thu") == ("missed", local("2026-03-05 17:30"))
    assert due(office % "thu", held("2026-03-06")) == ("missed", local("2026-03-05 17:30"))  # held, but on Friday
    assert due(daily % "08:30") == ("missed", local("2026-03-06 08:30"))
    assert due(daily % "17:00") == ("owed", local("2026-03-06 17:00"))


# --- turns --------------------------------------------------------------------------------------------------------

ROTATION = """
duties:
  - id: system
    who: key_project_office
    do: meeting
    per: weekly
    where: { forum: system }
    rotate: { over: category, order: [%s], conveners: [%s] }
"""
LISTED = [a_project("p1", category="industry"), a_project("p2", category="farming")]


def turns(order: str, conveners: str, *, listed_at: str, at: str) -> list[tuple[str, str]]:
    head = a_year(regime=regime(ROTATION % (order, conveners)))[:-1]
    listed = [on(listed_at, LISTED[0]), LISTED[1]]
    found = outcome(*head, *listed, at=at).of("duties/system")
    return [(one.subject, one.to[0].code) for one in found if one.kind == "turn"]


@judged("E04")
def test_the_classes_take_turns_each_with_its_convener() -> None:
    """004: 「每周依次召开」, one system each, nine conveners."""
    told = {"listed_at": "2026-02-23 09:00"}
    assert turns("industry, farming", "mayor-1, mayor-2", at="2026-02-25", **told) == [("industry", "mayor-1")]
    assert turns("industry, farming", "mayor-1, mayor-2", at="2026-03-04", **told) == [("farming", "mayor-2")]
    assert turns("industry, farming", "mayor-1, mayor-2", at="2026-03-11", **told) == [("industry", "mayor-1")]
    assert turns("farming, industry", "mayor-2, mayor-1", at="2026-03-04", **told) == [("industry", "mayor-1")]
    rotating = regime(ROTATION % ("industry, farming", "mayor-1, mayor-2"))

    def owed(**meeting: str) -> list[tuple[str, str]]:
        listed = [on("2026-02-23 09:00", LISTED[0]), LISTED[1]]
        met = held("2026-02-24", **meeting)
        found = outcome(*a_year(regime=rotating)[:-1], *listed, met, at="2026-02-25").of("duties/system")
        return [(one.kind, one.subject) for one in found if one.kind == "owed"]

    assert owed(forum="system", category="industry") == []
    assert owed(forum="system", category="farming") == [("owed", "industry")], "it was not their turn"
    assert owed(forum="permits", category="industry") == [("owed", "industry")]


@judged("E07")
def test_the_turns_begin_in_the_week_in_which_the_targets_are_given_out() -> None:
    """004: 「目标任务分解下达之日起」."""
    order, conveners = "industry, farming", "mayor-1, mayor-2"
    assert turns(order, conveners, listed_at="2026-02-27 09:00", at="2026-03-04") == [("farming", "mayor-2")]
    assert turns(order, conveners, listed_at="2026-03-02 09:00", at="2026-03-04") == [("industry", "mayor-1")]


# --- what is taken up, and what goes up ---------------------------------------------------------------------------


@judged("E08")
def test_only_what_has_an_open_problem_is_taken_up() -> None:
    """004: 「推进顺利暂无问题的项目不再上会研究」."""
    duty = "duties: [ { id: dispatch, who: drc, do: meeting, per: weekly, agenda: %s } ]"
    told = [on("2026-03-02 09:00", a_problem("q1")), a_problem("q2", "p2"), a_solution("q2", on="2026-03-02")]
    listed = [a_project("p1"), a_project("p2"), a_project("p3")]

    def taken_up(agenda: str) -> list[str]:
        found = outcome(*a_year(*listed, regime=regime(duty % agenda)), *told, at="2026-03-04 12:00").decisions
        return [one.subject for one in found if (one.kind, one.act) == ("agenda", "take_up")]

    assert taken_up("open_problems") == ["q1"]
    assert taken_up("all") == []  # all are taken up: none is singled out


@judged("E09")
def test_what_a_meeting_did_not_solve_goes_up_to_the_next() -> None:
    """004: 「不能解决的问题提交县委、县政府」; 000-9: what exceeds one's power goes up with a proposal."""
    duty = """
duties:
  - { id: dispatch, who: drc, do: meeting, per: weekly, where: { forum: system }, agenda: open_problems %s }
"""
    onward = ", then_forum: county"
    problem = on("2026-03-02 09:00", a_problem())

    def called(more: str, *events: object) -> list[tuple[str, str]]:
        found = outcome(*a_year(regime=regime(duty % more)), problem, *events, at="2026-03-04 12:00").decisions
        return [(one.act, one.facts.get("forum", "")) for one in found if one.kind == "agenda"]

    assert called(onward) == [("take_up", "")]
    assert called(onward, held("2026-03-03", "system")) == [("escalation", "county")]
    assert called(onward, held("2026-03-03", "permits")) == [("take_up", "")]
    before = outcome(
        *a_year(regime=regime(duty % onward)), held("2026-03-01", "system"), problem, at="2026-03-04 12:00"
    )
    assert [one.act for one in before.decisions if one.kind == "agenda"] == ["take_up"]
    assert called(onward, on("2026-03-03 09:00", an_escalation(on="2026-03-03"))) == [("escalation", "county")]
    assert called("", held("2026-03-03", "system")) == [("take_up", "")]


@judged("E10")
def test_what_a_meeting_decides_is_circulated_followed_and_told_in_the_bulletin() -> None:
    """004: 「会议纪要议定事项进行跟踪督查」; 000-13: minutes, then a bulletin of 「联席会议确定事项落实情况」."""
    rules = regime(
        """
duties:
  - { id: joint, who: drc, do: meeting, per: monthly, where: { forum: joint }, circulate_to: [government, owner] }
bulletins:
  - { id: monthly, kind: 通报, cadence: monthly, issue: { working_days_after_close: 1 }, sections: [decisions] }
"""
    )
    meeting = held("2026-02-02", "joint")
    told = minutes("g-joint-2026-02-02", on="2026-02-03", forum="joint", decisions=(a_decision(project="p1"),))
    before = outcome(*a_year(regime=rules), meeting, at="2026-02-10 12:00")
    (owed,) = before.of("duties/joint/circulate_to")
    assert (owed.act, [to.role for to in owed.to]) == ("minutes", ["government", "owner"])
    assert outcome(*a_year(regime=rules), held("2026-02-02"), at="2026-02-10 12:00").of(owed.rule) == []
    after = outcome(*a_year(regime=rules), meeting, on("2026-02-03 10:00", told), at="2026-03-10 12:00")
    assert after.of("duties/joint/circulate_to") == []
    assert after.now("city").noted["decisions"] == ("d1",)
    followed = regime("matters: { opens_on: [minutes] }")
    (handled,) = outcome(*a_year(regime=followed), on("2026-02-03 10:00", told), at="2026-03-10 12:00").decisions
    assert (handled.act, handled.to[0].code) == ("handle", "bureau-a")
    assert outcome(*a_year(regime=regime()), on("2026-02-03 10:00", told), at="2026-03-10 12:00").decisions == []
    of_findings = regime("matters: { opens_on: [finding] }")
    assert outcome(*a_year(regime=of_findings), on("2026-02-03 10:00", told), at="2026-03-10 12:00").decisions == []


@judged("E11")
def test_the_list_of_what_is_open_is_read_out_at_the_meeting_face_to_face() -> None:
    """002: 「当面打开清单,当面对照收账」."""
    bulletin = """
bulletins: [ { id: list, kind: 清单, cadence: monthly, issue: { working_days_after_close: 1 }, sections: [problems],
               meeting: %s } ]
"""
    problem = on("2026-02-03 10:00", a_problem(on="2026-02-03"))

    def read_out(forum: str, *meetings: object) -> list[str]:
        found = outcome(*a_year(regime=regime(bulletin % forum)), problem, *meetings, at="2026-03-12").decisions
        return [one.facts["forum"] for one in found if one.act == "read_out"]

    assert read_out("dispatch") == ["dispatch"]
    assert read_out("dispatch", held("2026-03-11")) == []
    assert read_out("dispatch", held("2026-03-11", "other")) == ["dispatch"]
    assert read_out("''") == []


@judged("E12")
def test_who_is_absent_without_a_reason_writes_a_self_criticism_and_loses_points() -> None:
    """000-15b: 「没有正当理由的」, 「要给市委写出书面检讨」, 「在年底目标考核中扣分」."""
    rules = regime("""
supervision_rules:
  - id: absent
    about: absence
    when: { where: { forum: work, is_excused: false } }
    held: { of: monthly }
    ladder: absence
ladders:
  absence:
    - { step: written_self_criticism, serve: [unit_head], sign_off: [signer], report_to: party_committee, count: 1 }
    - { step: points_deduction, serve: [lead_unit], sign_off: [signer], count: 1 }
scoring:
  ranking: { by: total, publish: none }
  components:
    - { id: base, all_or_nothing: { when: { time_progress: { at_least: 0 } }, points: 100 } }
    - { id: absences, deduct: { per: absence, where: { is_excused: false, forum: work }, points: 3 }, judged: any_time }
""")

    def told(*, is_excused: bool, forum: str = "work") -> tuple[dict[str, str], Decimal | None]:
        absent = on("2026-01-20 09:00", an_absence(on="2026-01-20", forum=forum, is_excused=is_excused, reason="ill"))
        found = outcome(*a_year(regime=rules), absent, at="2026-02-06 12:00")
        return {one.step: one.text for one in found.notices}, found.now("bureau-a").points["total"]

    notices, points = told(is_excused=False)
    assert ({*notices}, points) == ({"points_deduction", "written_self_criticism"}, Decimal(97))
    assert "reported to party committee" in notices["written_self_criticism"]
    assert told(is_excused=True) == told(is_excused=False, forum="dispatch") == ({}, Decimal(100))


@judged("E13")
def test_a_major_problem_calls_a_joint_meeting() -> None:
    """000-13: 「及时召开联席会议」."""
    rules = regime("""
supervision_rules:
  - id: major
    about: problem
    among: { tag: major }
    when: { where: { state: [open, escalated] } }
    held: { of: weekly }
    ladder: joint
reporting: [ { cadence: weekly, due: { weekday: fri } } ]
ladders: { joint: [ { step: joint_meeting, serve: [lead_unit], sign_off: [signer] } ] }
""")

    def steps(*tags: str, more: tuple[object, ...] = ()) -> list[str]:
        told = [on("2026-03-02 09:00", a_problem()), *more]
        return outcome(*a_year(a_project(tags=tags), regime=rules), *told, at="2026-03-07 12:00").steps

    assert steps("major") == ["joint_meeting"]
    assert steps() == []
    assert steps("major", more=(a_solution(on="2026-03-02"),)) == []


@judged("E14")
def test_special_periods_and_projects_are_dispatched_more_often() -> None:
    """000-13: 「增加调度次数、加大调度力度」."""
    usual = DISPATCH % "monthly"
    special = """
  - id: special
    who: government
    do: meeting
    per: monthly
    where: { forum: dispatch }
    at_least: 3
    season: { months: [3] }
"""
    rules = regime(f"duties: [ {usual} ]", f"duties: {special}")

    def owed(at: str, *days: str) -> list[str]:
        found = outcome(*a_year(regime=rules), *[held(one) for one in days], at=at).decisions
        return [one.rule for one in found if one.kind == "owed"]

    assert owed("2026-03-20", "2026-03-02") == ["duties/special"]
    assert owed("2026-03-20") == ["duties/dispatch", "duties/special"]
    assert owed("2026-03-20", "2026-03-02", "2026-03-09") == ["duties/special"]
    assert owed("2026-03-20", "2026-03-02", "2026-03-09", "2026-03-16") == []
    assert owed("2026-04-20") == ["duties/dispatch"]
    assert owed("2026-04-20", "2026-04-02") == []


@judged("E15")
def test_each_problem_has_a_solution_and_an_owner_of_its_own() -> None:
    """001: 「一个问题一套解决方案」."""
    rules = regime("""
requirements:
  - id: package
    about: problem
    must: { all: [ { where: { has_solution: true } }, { none: [ { where: { owner: "" } } ] } ] }
""")
    told = [
        on("2026-03-02 09:00", a_problem("q1", solution="Other land.", owner="head-a")),
        a_problem("q2", owner="head-a"),
        a_problem("q3", solution="Other land."),
    ]
    found = outcome(*a_year(regime=rules), *told, at="2026-03-10")
    assert [one.subject for one in found.of("requirements/package")] == ["q2", "q3"]
    solved = outcome(*a_year(regime=rules), *told, a_solution("q2", on="2026-03-02"), at="2026-03-10")
    assert [one.subject for one in solved.of("requirements/package")] == ["q3"]


@judged("E16")
def test_the_problems_of_the_early_stage_are_coordinated_every_month() -> None:
    """000-4a: 「每月对项目前期推进过程中的主要问题进行协调解决」."""
    rules = regime("""
duties:
  - id: early
    who: leading_group
    do: meeting
    per: monthly
    where: { forum: coordination }
    about: project
    among: { stage_now: early_work }
    agenda: open_problems
""")
    listed = a_year(a_project("p1"), a_project("p2"), regime=rules)
    stages = [a_stage("p1", "early_work"), a_stage("p2", "started")]
    problems = [on("2026-03-02 09:00", a_problem("q1", "p1")), a_problem("q2", "p2")]
    taken_up = held("2026-03-05", "coordination", problems=("q1",))

    def called(*meetings: object) -> list[tuple[str, str]]:
        found = outcome(*listed, *stages, *problems, *meetings, at="2026-03-10").of("duties/early")
        return [(one.kind, one.subject) for one in found if one.facts["period"] == "2026-03"]

    assert called() == [("owed", "p1"), ("agenda", "q1")]
    assert called(taken_up) == [("agenda", "q1")]
    assert called(held("2026-03-05", "dispatch", problems=("q1",))) == [("owed", "p1"), ("agenda", "q1")]
