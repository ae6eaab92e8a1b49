"""Who owes what, period by period: visits, meetings in turn, selections, reports upward and on events."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from services.scoring.domain.duties import duty_rows
from shared.core.regime.due import Days, Due, EveryDays, Hours, Months, Season
from shared.core.regime.language import Has
from shared.core.regime.management import Duty, OnEvent, Rotation, Selection
from shared.core.regime.model import Validity
from tests.support.builders import a_project, a_unit, local, on
from tests.support.decided import a_view, decided, only, rules, told
from tests.support.facts import (
    a_meeting,
    a_problem,
    a_report_up,
    a_responsibility,
    a_round,
    a_round_report,
    a_solution,
    a_visit,
    an_escalation,
    an_incident,
    an_inspection,
    minutes,
)

VISIT = Duty(id="visit", who="sponsor_leader", do="duty_visit", per="weekly", about="project", source="002")
"""002: 「每周最少现场办公一次」."""
SPONSORED = a_responsibility()


def under(duty: Duty, *events: object, **view: Any) -> Any:
    return decided(rules(duties=(duty,)), *events, **view)


def with_(duty: Duty, **changes: Any) -> Duty:
    return replace(duty, **changes)


# --- once a period ----------------------------------------------------------------------------------------------


def test_a_visit_that_is_not_made_yet_is_owed_until_the_week_is_over() -> None:
    found = only(under(VISIT, SPONSORED, day="2026-03-04", period="2026-W10"))
    assert (found.kind, found.subject, found.act, found.by, found.form) == (
        "owed", "p1", "duty_visit", "sponsor_leader", "owes",
    )  # fmt: skip
    assert found.due_at == local("2026-03-09 00:00")
    assert [(to.role, to.code) for to in found.to] == [("sponsor_leader", "leader-1")]
    assert (found.rule, found.source) == ("duties/visit", "002")


def test_a_week_without_a_visit_is_missed_once_it_is_over() -> None:
    found = only(under(VISIT, SPONSORED, day="2026-03-08", period="2026-W10"))
    assert (found.kind, found.facts["period"], found.facts["done"]) == ("missed", "2026-W10", "0")


def test_a_visit_in_the_week_discharges_it() -> None:
    assert under(VISIT, SPONSORED, a_visit(on="2026-03-08"), day="2026-03-08", period="2026-W10") == []


def test_a_visit_of_somebody_else_discharges_nobody() -> None:
    events = (SPONSORED, a_visit(person="leader-2", on="2026-03-04"))
    assert told(under(VISIT, *events, day="2026-03-08", period="2026-W10")) == [("missed", "p1", "duty_visit")]


def test_what_a_body_owes_anyone_may_do() -> None:
    duty = with_(VISIT, who="supervision_office", do="inspection")
    assert under(duty, an_inspection(on="2026-03-04"), day="2026-03-08", period="2026-W10") == []


def test_a_duty_that_nobody_holds_is_owed_by_nobody_in_particular() -> None:
    found = only(under(VISIT, day="2026-03-04", period="2026-W10"))
    assert [(to.role, to.code) for to in found.to] == [("sponsor_leader", "")]


def test_each_subject_owes_by_itself() -> None:
    projects = (a_project("p1"), a_project("p2"))
    events = (SPONSORED, a_responsibility("p2"), a_visit("p2", on="2026-03-04"))
    assert told(under(VISIT, *events, projects=projects, day="2026-03-08", period="2026-W10")) == [
        ("missed", "p1", "duty_visit")
    ]


def test_a_month_tells_of_every_week_that_fell_due_in_it() -> None:
    found = under(VISIT, SPONSORED, a_visit(on="2026-03-04"), day="2026-03-31")
    assert [(one.kind, one.facts["period"]) for one in found] == [
        ("missed", "2026-W09"), ("missed", "2026-W11"), ("missed", "2026-W12"), ("missed", "2026-W13"),
        ("owed", "2026-W14"),
    ]  # fmt: skip


def test_more_is_asked_in_special_periods_by_a_second_duty() -> None:
    """000-13: 「增加调度次数、加大调度力度」."""
    special = with_(VISIT, id="special", at_least=3, among=Has(tag="flood"), season=Season(months=(3,)))
    regime = rules(duties=(VISIT, special))
    events = (SPONSORED, a_visit(on="2026-03-03"), a_visit(on="2026-03-04"))
    view = {"day": "2026-03-08", "period": "2026-W10"}
    assert decided(regime, *events, **view) == []
    found = only(decided(regime, *events, projects=(a_project(tags=("flood",)),), **view))
    assert (found.rule, found.facts["done"], found.facts["at_least"]) == ("duties/special", "2", "3")


def test_out_of_season_nothing_is_owed() -> None:
    duty = with_(VISIT, season=Season(months=(5,)))
    assert under(duty, SPONSORED, day="2026-03-08", period="2026-W10") == []


def test_a_duty_without_a_cadence_is_owed_once_by_the_end_of_its_season() -> None:
    """000-5: one concentrated supervision in June and July."""
    duty = Duty(id="check", who="supervision_office", do="round", season=Season(months=(6, 7)))
    found = only(under(duty, day="2026-06-30", period="2026-06"))
    assert (found.kind, found.due_at) == ("owed", local("2026-08-01 00:00"))
    round_in_july = a_round(from_on="2026-07-10", until_on="2026-07-12")
    assert under(duty, round_in_july, day="2026-07-31", period="2026-07") == []


def test_a_round_too_many_exceeds_a_limit_at_once() -> None:
    """000-15a: 「严格控制各类检查的次数和规模」."""
    duty = Duty(id="limit", who="supervision_office", do="inspection", per="monthly", about="project", at_least=None,
                at_most=1)  # fmt: skip
    events = (an_inspection(on="2026-03-02"), an_inspection(on="2026-03-03"))
    found = only(under(duty, *events, day="2026-03-10"))
    assert (found.kind, found.facts["done"], found.facts["at_most"]) == ("exceeded", "2", "1")
    assert under(duty, events[0], day="2026-03-10") == []


def test_only_what_has_the_cells_counts() -> None:
    duty = Duty(id="covert", who="supervision_office", do="inspection", per="monthly", where={"is_announced": False})
    assert told(under(duty, an_inspection())) == [("missed", "city", "inspection")]
    assert under(duty, an_inspection(is_announced=False)) == []


def test_a_round_is_joined_by_all_who_must_be_there() -> None:
    """000-13: 「邀请市人大、市政协派员参加」."""
    duty = Duty(id="joint", who="supervision_office", do="round", per="yearly",
                joined_by=("peoples_congress_standing_committee", "media"))  # fmt: skip
    some = a_round(joined_by=("media",))
    every = a_round(joined_by=("media", "peoples_congress_standing_committee"))
    found = only(under(duty, some))
    assert found.kind == "owed"
    assert [to.role for to in found.to] == ["supervision_office", "peoples_congress_standing_committee", "media"]
    assert under(duty, every) == []


def test_a_meeting_without_all_who_must_be_there_is_not_the_one_that_is_owed() -> None:
    """004: 「每半月召集县发改委、规划办」."""
    duty = Duty(id="permits", who="drc", do="meeting", per="yearly", joined_by=("permit_offices", "land_office"))
    assert only(under(duty, a_meeting(attended=("permit_offices",)))).kind == "owed"
    assert under(duty, a_meeting(attended=("land_office", "permit_offices", "media"))) == []
    assert under(replace(duty, joined_by=()), a_meeting()) == []


def test_a_report_upward_is_due_when_the_rule_says_and_names_its_period() -> None:
    """000-3: 「于每月25日前将项目建设推进情况报市政府」."""
    duty = Duty(id="up", who="supervision_office", do="report_sent", per="monthly", to="city_government",
                due=Due(day=25, of="next_month"))  # fmt: skip
    found = under(duty, day="2026-04-24", period="2026-04")
    assert [(one.kind, one.facts["period"], one.due_at) for one in found] == [
        ("owed", "2026-03", local("2026-04-26 00:00")), ("owed", "2026-04", local("2026-05-26 00:00")),
    ]  # fmt: skip
    in_time = [a_report_up(period=month, on=f"{after}-25") for month, after in (
        ("2026-01", "2026-02"), ("2026-02", "2026-03"), ("2026-03", "2026-04"),
    )]  # fmt: skip
    assert [one.facts["period"] for one in under(duty, *in_time, day="2026-04-25", period="2026-04")] == ["2026-04"]
    late = a_report_up(period="2026-03", on="2026-04-26")
    found = [one for one in under(duty, *in_time[:2], late, day="2026-04-30", period="2026-04") if one.kind == "missed"]
    assert [(one.facts["period"], one.facts["to"]) for one in found] == [("2026-03", "city_government")]


def test_a_report_to_whomever_will_do_where_nobody_is_named() -> None:
    duty = Duty(id="up", who="supervision_office", do="report_sent", per="monthly")
    assert under(duty, a_report_up(period="2026-03", on="2026-03-31")) == []


def test_what_hangs_on_a_day_that_nobody_knows_is_owed_without_a_day() -> None:
    """One visit within ten days of the planned start."""
    duty = with_(VISIT, per="yearly", due=Due(after=Days(days=10), anchor="planned_start_on"))
    assert only(under(duty, SPONSORED)).due_at is None
    planned = (a_project(planned_start_on=date(2026, 3, 1)),)
    assert only(under(duty, SPONSORED, projects=planned)).due_at == local("2026-03-12 00:00")


def test_a_report_to_somebody_else_is_not_the_one_that_is_due() -> None:
    duty = Duty(id="up", who="supervision_office", do="report_sent", per="monthly", to="leading_group")
    assert only(under(duty, a_report_up(period="2026-03"), day="2026-03-31")).kind == "missed"


def test_nothing_is_owed_before_the_regime_applies_and_after_its_validity() -> None:
    """000-4a: 「督查时间。暂定为一年」."""
    regime = rules(duties=(with_(VISIT, per="monthly"),), validity=Validity(within=Months(months=2), source="000-4a"))
    assert told(decided(regime, SPONSORED, day="2026-02-28", period="2026-02")) == [("missed", "p1", "duty_visit")]
    assert told(decided(regime, SPONSORED, day="2026-03-10")) == [
        ("expiry", "city", "renew"),
    ]  # fmt: skip


# --- turns and selections ---------------------------------------------------------------------------------------

ORDER = ("innovation", "industry", "market")
ROTATING = Duty(
    id="weekly", who="key_project_office", do="meeting", per="weekly", where={"forum": "system"},
    rotate=Rotation(over="category", order=ORDER, conveners=("li", "wang", "zhang")), source="004",
)  # fmt: skip
OF_MARKET = a_project(category="market")


def test_they_take_turns_from_the_week_in_which_the_list_was_published() -> None:
    """004: 「每周依次召开」, from 「目标任务分解下达之日起」."""
    turns = [
        only(under(ROTATING, projects=(OF_MARKET,), day=day, period=period), "turn")
        for day, period in (("2026-01-02", "2026-W01"), ("2026-01-06", "2026-W02"), ("2026-01-21", "2026-W04"))
    ]
    assert [one.subject for one in turns] == ["innovation", "industry", "innovation"]
    assert [(to.role, to.code) for to in turns[1].to] == [("convener", "wang")]


def test_the_meeting_of_another_class_is_not_the_one_whose_turn_it_is() -> None:
    view: dict[str, Any] = {"projects": (OF_MARKET,), "day": "2026-01-18", "period": "2026-W03"}
    of_others = a_meeting(on="2026-01-14", forum="system", category="industry")
    its_own = a_meeting(on="2026-01-14", forum="system", category="market")
    assert told(under(ROTATING, of_others, **view), "missed") == [("missed", "market", "meeting")]
    assert told(under(ROTATING, its_own, **view), "missed") == []


def test_a_rotation_that_has_not_begun_is_nobodys_turn() -> None:
    rotate = replace(ROTATING.rotate, from_anchor="planned_start_on") if ROTATING.rotate else None
    assert under(replace(ROTATING, rotate=rotate), day="2026-01-06", period="2026-W02") == []


SELECTING = Duty(
    id="daily", who="supervision_office", do="inspection", per="daily", at_least=None,
    select=Selection(count=2, of="unit"), source="000-4b",
)  # fmt: skip
UNITS = tuple(a_project(f"p{unit}", lead=f"bureau-{unit}") for unit in "abcd")


def test_who_was_never_inspected_is_selected_first_then_who_was_longest_ago() -> None:
    """000-4b: 「每天选择部分单位进行现场督查」."""
    seen = (an_inspection("pa", on="2026-03-02"), an_inspection("pb", on="2026-03-01"), an_inspection("pd"))
    found = under(SELECTING, *seen, projects=UNITS, day="2026-03-05", period="2026-03-05")
    assert sorted((one.facts["place"], one.subject) for one in found) == [("1", "bureau-c"), ("2", "bureau-b")]


def test_of_equals_the_protocol_order_decides() -> None:
    ordered = [a_unit(f"bureau-{unit}", protocol_order=order) for order, unit in enumerate("dcba")]
    found = under(SELECTING, *ordered, projects=UNITS, day="2026-03-05", period="2026-03-05")
    assert sorted((one.facts["place"], one.subject) for one in found) == [("1", "bureau-d"), ("2", "bureau-c")]


def test_a_selection_stands_for_its_whole_day() -> None:
    of_today = an_inspection("pa", on="2026-03-05")
    found = under(SELECTING, of_today, projects=UNITS, day="2026-03-05", period="2026-03-05")
    assert {one.subject for one in found} == {"bureau-a", "bureau-b"}


# --- meetings: agenda, what goes up, papers ---------------------------------------------------------------------

MEETING = Duty(
    id="dispatch", who="key_project_office", do="meeting", per="weekly", where={"forum": "system"},
    agenda="open_problems",
)  # fmt: skip


def agenda(duty: Duty, *events: object, **view: Any) -> list[tuple[str, ...]]:
    return told(under(duty, *events, **{"day": "2026-03-04", "period": "2026-W10", **view}), "agenda")


def test_the_agenda_is_what_is_open_and_nothing_else() -> None:
    """004: 「推进顺利暂无问题的项目不再上会研究」."""
    problems = (a_problem("q1"), a_problem("q2"), a_solution("q2", on="2026-03-03"))
    assert agenda(MEETING, *problems) == [("agenda", "q1", "take_up")]
    assert agenda(replace(MEETING, agenda="all"), *problems) == []


def test_only_the_class_whose_turn_it_is_brings_its_problems() -> None:
    duty = replace(ROTATING, agenda="open_problems")
    problem = a_problem(on="2026-01-05")
    for day, period, expected in (("2026-01-14", "2026-W03", 1), ("2026-01-07", "2026-W02", 0)):
        assert len(agenda(duty, problem, projects=(OF_MARKET,), day=day, period=period)) == expected


def test_what_a_meeting_did_not_solve_goes_up() -> None:
    """004: 「不能解决的问题提交县委、县政府」."""
    duty = replace(MEETING, then_forum="county")
    before = a_meeting(on="2026-03-01", forum="system")
    after = a_meeting("g2", on="2026-03-03", forum="system")
    assert agenda(duty, a_problem(), before) == [("agenda", "q1", "take_up")]
    assert agenda(duty, a_problem(), after) == [("agenda", "q1", "escalation")]
    assert agenda(duty, a_problem(), an_escalation()) == [("agenda", "q1", "escalation")]
    [up] = [one for one in under(duty, a_problem(), after, day="2026-03-04", period="2026-W10") if one.kind == "agenda"]
    assert (up.by, up.form, up.facts["forum"]) == (duty.who, "acts", "county"), "who holds the meeting takes it there"
    assert agenda(duty, a_problem(), after, a_solution(on="2026-03-04")) == []


def test_the_meeting_of_another_class_could_not_have_solved_it() -> None:
    duty = replace(MEETING, then_forum="county")
    other = a_meeting("g2", on="2026-03-03", forum="system", category="industry")
    assert agenda(duty, a_problem(), other, projects=(OF_MARKET,)) == [("agenda", "q1", "take_up")]


def test_minutes_are_owed_to_those_to_whom_they_are_circulated() -> None:
    """004: 「会议纪要议定事项进行跟踪督查」."""
    duty = replace(MEETING, circulate_to=("government",))
    view: dict[str, Any] = {"day": "2026-03-04", "period": "2026-W10"}
    found = only(under(duty, a_meeting(forum="system"), **view))
    assert (found.subject, found.act, [to.role for to in found.to]) == ("g1", "minutes", ["government"])
    assert under(duty, a_meeting(forum="system"), minutes(forum="system", on="2026-03-04"), **view) == []


def test_a_round_is_followed_by_its_report() -> None:
    """000-4a: 「形成督查报告」."""
    duty = Duty(id="rounds", who="supervision_office", do="round", per="monthly", circulate_to=("principal_leaders",))
    assert told(under(duty, a_round())) == [("owed", "r1", "report")]
    assert under(duty, a_round(), a_round_report()) == []


# --- reports that events call for -------------------------------------------------------------------------------

INCIDENT = OnEvent(event="incident", within=Days(days=1), source="003")


def reported(rule: OnEvent, *events: object, **view: Any) -> list[tuple[str, ...]]:
    return told(decided(rules(on_event=(rule,)), *events, **view))


def test_an_incident_without_a_report_in_time_is_missed() -> None:
    assert reported(INCIDENT, an_incident(), day="2026-03-02") == [("owed", "i1", "report")]
    assert reported(INCIDENT, an_incident(), day="2026-03-03") == [("missed", "i1", "report")]


def test_a_report_in_time_is_all_that_an_incident_calls_for() -> None:
    told_late = a_report_up("supervision_office", on="2026-03-04")
    in_time = a_report_up("supervision_office", on="2026-03-03")
    elsewhere = a_report_up("city_government", on="2026-03-03")
    assert reported(INCIDENT, an_incident(), in_time) == []
    assert reported(INCIDENT, an_incident(), told_late) == [("missed", "i1", "report")]
    assert reported(INCIDENT, an_incident(), elsewhere) == [("missed", "i1", "report")]


@pytest.mark.parametrize(("hours", "last_day"), [(0, 2), (2, 3), (24, 3), (25, 4)])
def test_the_day_in_which_the_hours_end_counts_whole(hours: int, last_day: int) -> None:
    """The record knows days only: what was told on that day was told in time, and is not missed before its end."""
    rule = replace(INCIDENT, within=Hours(hours=hours))
    assert reported(rule, an_incident(), day=f"2026-03-0{last_day}") == [("missed", "i1", "report")]
    before = [("owed", "i1", "report")] if hours else []
    assert reported(rule, an_incident(), day=f"2026-03-0{last_day - 1}") == before
    assert reported(rule, an_incident(), a_report_up("supervision_office", on=f"2026-03-0{last_day}")) == []
    late = a_report_up("supervision_office", on=f"2026-03-0{last_day + 1}")
    assert reported(rule, an_incident(), late) == [("missed", "i1", "report")]


def test_what_was_missed_last_month_is_not_said_again() -> None:
    """Due at 24:00 of 31 March, which is March's and not April's."""
    incident = an_incident(on="2026-03-30")
    assert reported(INCIDENT, incident, day="2026-03-31") == [("missed", "i1", "report")]
    assert reported(INCIDENT, incident, day="2026-04-30", period="2026-04") == []


def test_a_report_of_the_day_itself_is_in_time() -> None:
    assert reported(INCIDENT, an_incident(), a_report_up("supervision_office", on="2026-03-02")) == []


def test_a_report_of_the_day_before_is_of_something_else() -> None:
    before = a_report_up("supervision_office", on="2026-03-01")
    assert reported(INCIDENT, an_incident(), before) == [("missed", "i1", "report")]


def test_an_emergency_is_reported_at_once_and_a_trifle_is_none() -> None:
    """000-10: 「第一时间首先将信息报送」."""
    rule = OnEvent(event="emergency", within=Hours(hours=0))
    assert reported(rule, an_incident(severity="minor")) == []
    found = only(decided(rules(on_event=(rule,)), an_incident(severity="grave")))
    assert (found.kind, found.due_at) == ("missed", local("2026-03-03 00:00"))


def test_only_a_problem_that_needs_leaders_is_reported_to_them() -> None:
    """000-4b: 「需区委、区政府领导出面协调」."""
    rule = OnEvent(event="leaders_needed", within=Days(days=2), to="principal_leaders")
    assert reported(rule, a_problem()) == []
    assert reported(rule, a_problem(needs="mayor")) == [("missed", "q1", "report")]


def test_what_is_known_only_by_its_report_cannot_be_missed() -> None:
    assert reported(OnEvent(event="good_practice", within=Days(days=1)), an_incident(), a_problem()) == []


# --- the table of duties ----------------------------------------------------------------------------------------


def test_every_duty_of_the_year_is_a_row() -> None:
    view = a_view(rules(duties=(VISIT,)), SPONSORED, a_visit(on="2026-03-04"), day="2026-03-12", period="2026-03")
    rows = {str(row.cells["period"]): row for row in duty_rows(view)}
    assert len(rows) == 11  # W01 to W11
    assert [rows[week].cells["state"] for week in ("2026-W09", "2026-W10", "2026-W11")] == ["missed", "done", "owed"]
    assert (rows["2026-W09"].on, rows["2026-W09"].project, rows["2026-W09"].person) == (
        date(2026, 3, 1), "p1", "leader-1",
    )  # fmt: skip


def test_a_leader_may_owe_a_duty_for_all_their_objects_together() -> None:
    duty = replace(VISIT, about="leader")
    projects = (a_project("p1"), a_project("p2"))
    events = (SPONSORED, a_responsibility("p2"), a_visit("p2", on="2026-03-04"))
    assert under(duty, *events, projects=projects, day="2026-03-08", period="2026-W10") == []


@pytest.mark.parametrize("per", ["daily", "ten_days", "half_month", "monthly", EveryDays(every=Days(days=15))])
def test_any_cadence_has_a_period_that_runs(per: Any) -> None:
    found = under(replace(VISIT, per=per), SPONSORED, day="2026-03-03", period="2026-03")
    assert {one.kind for one in found} <= {"owed", "missed"}
    assert found


def test_the_order_of_events_of_a_day_changes_nothing() -> None:
    events = [
        on("2026-03-05 09:00", one, id=f"x{place}")
        for place, one in enumerate((a_problem("q1"), a_problem("q2"), an_incident("i1"), an_incident("i2"), SPONSORED))
    ]
    regime = rules(duties=(VISIT, MEETING), on_event=(INCIDENT,))
    assert decided(regime, *events) == decided(regime, *reversed(events))


def test_a_duty_towards_units_and_leaders_is_a_row_of_theirs() -> None:
    of_unit = Duty(id="unit", who="supervision_office", do="inspection", per="yearly", about="unit")
    of_leader = replace(VISIT, id="leader", per="yearly", about="leader")
    rows = duty_rows(a_view(rules(duties=(of_unit, of_leader)), SPONSORED))
    assert [(row.project, row.unit, row.person) for row in rows] == [("", "bureau-a", ""), ("", "", "leader-1")]
