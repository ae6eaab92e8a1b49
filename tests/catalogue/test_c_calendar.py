"""Section C: by when which return is due, who files it, and what an event calls for between the dates."""

from typing import Any

import pytest

from shared.core.regime.model import Regime
from tests.catalogue.case import judged, outcome, regime
from tests.support.builders import a_return, a_year, on
from tests.support.facts import a_problem, a_report_up, a_responsibility, an_incident, yuan

LATE = """
measures:
  late: { count: return, where: { state: late }, window: since_start }
  on_time: { count: return, where: { state: on_time }, window: since_start }
"""


def state_of(reporting: str, period: str, recorded: str) -> str:
    """Whether a return of a period that comes at a local time is late under a rule of reporting."""
    rules = regime(f"reporting: [ {reporting} ]", LATE)
    line = outcome(*a_year(regime=rules), on(recorded, a_return(period=period)), at="2026-03-20").now("p1")
    (state,) = [name for name in ("late", "on_time") if line.displayed[name] == "1"]
    return state


@judged("C01")
def test_a_daily_return_is_due_at_a_time_of_the_day_that_it_is_about() -> None:
    """000-4b: 「每天上午11:30前报送当天」. At that very minute it is too late."""
    to_the_minute, to_the_day = '{ cadence: daily, due: { time: "11:30" } }', "{ cadence: daily, due: {} }"
    assert state_of(to_the_minute, "2026-03-05", "2026-03-05 11:29") == "on_time"
    assert state_of(to_the_minute, "2026-03-05", "2026-03-05 11:30") == "late"
    assert state_of(to_the_day, "2026-03-05", "2026-03-05 23:59") == "on_time"
    assert state_of(to_the_day, "2026-03-05", "2026-03-06 00:00") == "late"


@judged("C02")
def test_a_weekly_return_is_due_on_a_weekday_at_a_time() -> None:
    """000-4b: 「每周六上午11:30前报送本周」."""
    saturday = '{ cadence: weekly, due: { weekday: sat, time: "11:30" } }'
    friday = "{ cadence: weekly, due: { weekday: fri } }"
    assert state_of(saturday, "2026-W10", "2026-03-07 11:29") == "on_time"
    assert state_of(saturday, "2026-W10", "2026-03-07 11:30") == "late"
    assert state_of(friday, "2026-W10", "2026-03-07 00:00") == "late"


@judged("C03")
@pytest.mark.parametrize(
    ("due", "in_time", "late"),
    [
        ('{ day: 28, of: same_month, time: "11:30" }', "2026-02-28 11:29", "2026-02-28 11:30"),  # 000-4b
        ("{ day: 25, of: same_month, inclusive: false }", "2026-02-24 23:59", "2026-02-25 00:00"),  # 000-3: 25日前
        ("{ day: 22, of: same_month }", "2026-02-22 23:59", "2026-02-23 00:00"),  # 004
    ],
)
def test_a_monthly_return_is_due_before_its_month_is_over(due: str, in_time: str, late: str) -> None:
    """004: 「每月22日前要按时上报」."""
    rule = f"{{ cadence: monthly, due: {due} }}"
    assert [state_of(rule, "2026-02", at) for at in (in_time, late)] == ["on_time", "late"]


@judged("C04")
def test_a_monthly_return_is_due_on_the_first_day_of_the_next_month() -> None:
    """000-6: 「每个月的首日」 for the month before."""
    first_day = "{ cadence: monthly, due: { day: 1, of: next_month } }"
    assert state_of(first_day, "2026-02", "2026-03-01 23:59") == "on_time"
    assert state_of(first_day, "2026-02", "2026-03-02 00:00") == "late"
    assert state_of("{ cadence: monthly, due: { day: 1, of: same_month } }", "2026-02", "2026-03-01 23:59") == "late"


@judged("C05")
def test_where_no_day_is_named_no_return_is_ever_late() -> None:
    """003: 「每月一报表」, and no day."""
    assert state_of("{ cadence: monthly }", "2026-02", "2026-03-19 10:00") == "on_time"
    assert state_of("{ cadence: monthly, due: { day: 5 } }", "2026-02", "2026-03-19 10:00") == "late"


@judged("C06")
def test_what_a_return_must_say_differs_by_cadence() -> None:
    """000-4b: daily figures; weekly the plan of the next week too (「下周的工作安排」)."""
    rules = regime("""
reporting:
  - { cadence: daily, due: {}, fields: [investment_in_period] }
  - { cadence: weekly, due: {}, fields: [investment_in_period, narrative, next_plan] }
requirements:
  - { id: complete, about: return, among: { where: { state: on_time } }, must: { where: { is_complete: true } } }
""")

    def incomplete(period: str, **said: Any) -> list[str]:
        told = on("2026-03-05 09:00", a_return(period=period, yi=None, is_nil=False, **said))
        found = outcome(*a_year(regime=rules), told, at="2026-03-05 10:00")
        return [one.subject for one in found.of("requirements/complete")]

    figure = yuan("1")
    assert incomplete("2026-03-05", investment_in_period_yuan=figure) == []
    assert incomplete("2026-03-05", narrative="Works go on.") == ["p1/2026-03-05"]
    assert incomplete("2026-W10", investment_in_period_yuan=figure, narrative="Works go on.") == ["p1/2026-W10"]
    everything: dict[str, Any] = {"narrative": "Works go on.", "next_plan": "The roof."}
    assert incomplete("2026-W10", investment_in_period_yuan=figure, **everything) == []
    assert incomplete("2026-W10", **everything) == ["p1/2026-W10"]
    assert incomplete("2026-W10", investment_in_period_yuan=figure, next_plan="The roof.") == ["p1/2026-W10"]


@judged("C07")
def test_the_lead_unit_of_a_group_files_for_its_members_where_the_topic_is_the_groups() -> None:
    """000-4b: 「由协作组牵头单位上报」 what is common; other work each unit itself."""
    rules = regime("""
reporting:
  - { cadence: weekly, due: {}, filed_by: reporting_lead }
  - { cadence: monthly, due: { day: 5 } }
supervision_rules:
  - { id: unfiled, about: return, when: { where: { state: missing } }, held: { of: monthly }, ladder: late }
ladders: { late: [ { step: due_reminder, serve: [lead_unit], unsigned: true } ] }
""")
    group = a_responsibility(role="reporting_lead", unit="group-lead")

    def asked(*told: object) -> set[tuple[str, str]]:
        found = outcome(*a_year(regime=rules), *told, at="2026-02-06 09:00")
        return {(one.subject.partition("/")[2], one.unit) for one in found.hits}

    assert {("2026-W03", "group-lead"), ("2026-01", "bureau-a")} <= asked(group)
    assert {("2026-W03", "bureau-a"), ("2026-01", "bureau-a")} <= asked()


@judged("C16")
def test_what_only_leaders_can_settle_is_reported_when_it_arises() -> None:
    """000-4b: 「需区委、区政府领导出面协调」 is told by the unit itself; 000-13: major matters too."""
    rules = regime("on_event: [ { event: leaders_needed, within: { days: 1 }, to: supervision_office } ]")
    raised = on("2026-03-02 09:00", a_problem(needs="leaders"))
    settled_below = on("2026-03-02 09:00", a_problem())
    told = on("2026-03-03 09:00", a_report_up("supervision_office", period="2026-03-03", on="2026-03-03"))
    to_another = on("2026-03-03 09:00", a_report_up("city_government", period="2026-03-03", on="2026-03-03"))
    patient = regime("on_event: [ { event: leaders_needed, within: { days: 10 }, to: supervision_office } ]")

    def called(rules: Regime, *events: object) -> list[tuple[str, str]]:
        found = outcome(*a_year(regime=rules), *events, at="2026-03-10")
        return [(one.kind, one.subject) for one in found.of("on_event/leaders_needed")]

    assert called(rules, raised) == [("missed", "q1")]
    assert called(rules, raised, told) == []
    assert called(rules, raised, to_another) == [("missed", "q1")]
    assert called(patient, raised) == [("owed", "q1")]
    assert called(rules, settled_below) == []
    assert called(regime(), raised) == []


@judged("C17")
def test_an_emergency_is_reported_at_once_while_it_is_handled() -> None:
    """000-10: 「第一时间首先将信息报送」; anything less may take longer."""
    rules = regime("""
on_event:
  - { event: emergency, within: { hours: 0 }, to: principal_leaders }
  - { event: incident, within: { days: 10 }, to: supervision_office }
""")
    grave = on("2026-03-09 09:00", an_incident("i1", "2026-03-09", severity="grave"))
    minor = on("2026-03-09 09:00", an_incident("i2", "2026-03-09", severity="minor"))
    told = on("2026-03-09 09:30", a_report_up("principal_leaders", period="2026-03-09", on="2026-03-09"))

    def called(*events: object, at: str = "2026-03-10 08:00") -> list[tuple[str, str, str]]:
        found = outcome(*a_year(regime=rules), *events, at=at)
        return [(one.rule, one.kind, one.subject) for one in found.decisions]

    later = ("on_event/incident", "owed", "i1")
    assert called(grave) == [("on_event/emergency", "missed", "i1"), later]
    assert called(grave, told) == [later]
    assert called(minor) == [("on_event/incident", "owed", "i2")]
    assert called(grave, at="2026-03-09 23:59")[0] == ("on_event/emergency", "owed", "i1")
    assert called(grave, at="2026-03-10 00:00")[0] == ("on_event/emergency", "missed", "i1")
    assert called(minor, at="2026-03-20 01:00") == [("on_event/incident", "missed", "i2")]


@judged("C19")
def test_the_office_itself_reports_to_the_level_above_by_a_day() -> None:
    """000-3: 「于每月25日前将项目建设推进情况报市政府」; 000-9: quarterly and yearly to the leading group."""

    def state(duty: str, at: str, *told: object) -> list[tuple[str, str]]:
        rules = regime(f"duties: [ {{ id: up, who: supervision_office, do: report_sent, {duty} }} ]")
        found = outcome(*a_year(regime=rules), *told, at=at)
        return [(one.kind, one.facts["period"]) for one in found.of("duties/up") if one.facts["period"] != "2026-01"]

    monthly = "per: monthly, to: city_government, due: { day: 25, of: same_month, inclusive: false }"
    quarterly = "per: quarterly, to: leading_group"
    assert state(monthly, "2026-02-24 23:00") == [("owed", "2026-02")]
    assert state(monthly, "2026-02-25 01:00") == [("missed", "2026-02")]
    assert state(quarterly, "2026-02-25 01:00") == [("owed", "2026-Q1")]
    sent = on("2026-02-20 09:00", a_report_up("city_government", period="2026-02", on="2026-02-20"))
    elsewhere = on("2026-02-20 09:00", a_report_up("leading_group", period="2026-02", on="2026-02-20"))
    assert state(monthly, "2026-02-25 01:00", sent) == []
    assert state(monthly, "2026-02-25 01:00", elsewhere) == [("missed", "2026-02")]
    assert state(quarterly, "2026-02-25 01:00", sent) == [("owed", "2026-Q1")]
