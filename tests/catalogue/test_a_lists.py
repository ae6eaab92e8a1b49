"""Section A: what stands on which list, and which kind of object each rule is for."""

from services.scoring.domain.judge import current
from tests.catalogue.case import judged, outcome, regime
from tests.support.builders import a_list, a_plan, a_project, a_return, a_stage, a_year, an_adoption, on
from tests.support.facts import a_replacement, a_sealing, an_exit, day, yuan

RATIO = "measures: { done: { objects: all } }"
NOT_STARTED = """
supervision_rules:
  - { id: idle, about: project, when: { none: [ { stage: started } ] }, held: { of: monthly }, ladder: project %s }
ladders: { project: [ { step: due_reminder, serve: [lead_unit], unsigned: true } ] }
"""


@judged("A01")
def test_a_list_that_a_document_fixed_at_a_number_of_objects_asks_for_those_that_are_missing() -> None:
    """004: 「共确定重点项目99个」. What stands on the list of another year is not counted."""
    published = a_list(document_number="栾发〔2018〕8号", declared_count=2)
    head = a_year(a_project("p1"), regime=regime("list_changes: { count_must_not_fall: true }"))
    other_year = (a_list(2025, declared_count=1), a_project("p3", year=2025))
    asked = outcome(*head, published, *other_year, at="2026-03-10")
    (missing,) = asked.of("list_changes/count_must_not_fall")
    assert (missing.act, missing.facts) == ("add", {"count": "1", "at_least": "2"})
    complete = outcome(*head, published, *other_year, a_project("p2"), at="2026-03-10")
    assert complete.of("list_changes/count_must_not_fall") == []
    open_list = a_year(a_project("p1"), regime=regime(RATIO))
    assert outcome(*open_list, published, at="2026-03-10").decisions == []

    def beyond(*events: object) -> list[tuple[str, str, str]]:
        told = [on("2026-02-02 10:00", one) for one in events]
        return outcome(*head, published, a_project("p2"), *told, at="2026-03-10").acts("list_changes/sealed")

    late = a_project("p4")
    assert beyond(late) == []
    too_many = ("requirement_unmet", "city", "fulfil")
    assert beyond(late, a_sealing()) == [too_many]
    assert beyond(a_sealing(), late) == [too_many, ("list_change", "p4", "irregular")]
    assert beyond(a_sealing(), late, an_exit("p2", "2026-02-02"), a_replacement("p2", "p4", "2026-02-02")) == []


@judged("A02")
def test_one_object_on_two_lists_is_judged_on_each_by_its_plan_there_and_among_its_peers_there() -> None:
    """003: 「其中包括市的28项重点工程项目」, with totals of their own."""
    rules = regime(RATIO, "measures: { planned_yi: { amount: annual_planned_investment, unit: 亿元 } }")
    county = [
        an_adoption(rules, list="county"), a_list(list="county", level="county"),
        a_project("p1", list="county", plan_yi="4"), a_project("p2", list="county", plan_yi="6"),
    ]  # fmt: skip
    found = outcome(*a_year(a_project("p1", plan_yi="2"), regime=rules), *county, on("2026-02-03 10:00", a_return()))

    def on_list(code: str) -> tuple[str, str, str]:
        lines = current(found.scored.ledger, code, found.scored.ledger.clock)
        (project,) = [one for one in lines if one.subject == "p1"]
        (whole,) = [one for one in lines if one.subject_kind == "list"]
        return (project.displayed["investment_ratio"], whole.displayed["done"], whole.displayed["planned_yi"])

    assert on_list("city") == ("50.00%", "1", "2.00")
    assert on_list("county") == ("25.00%", "2", "10.00")


@judged("A03")
def test_a_rule_is_for_the_kinds_of_object_that_it_names_whatever_else_stands_on_the_list() -> None:
    """000-14: 「100项重点督查事项」 are followed by the rules that follow projects."""
    listed = [a_project("p1"), a_project("k1", object_kind="key_task"), a_project("s1", object_kind="livelihood_item")]

    def hit(among: str) -> list[str]:
        return outcome(*a_year(*listed, regime=regime(NOT_STARTED % among)), at="2026-02-06 09:00").hit("idle")

    assert hit(", among: { kind: [key_task, livelihood_item] }") == ["k1", "s1"]
    assert hit(", among: { kind: project }") == ["p1"]
    assert hit("") == ["p1", "k1", "s1"]


@judged("A04")
def test_the_nature_of_the_investment_decides_which_measures_are_taken() -> None:
    """000-13: 「包括政府性投资和非政府性投资项目」, and only for the latter 「书面提醒、媒体曝光、准入限制」."""
    rules = regime("""
supervision_rules:
  - id: slow_government
    about: project
    among: { investment_nature: government }
    when: { deviation_pp: { below: 0 } }
    held: { of: monthly }
    ladder: government
  - id: slow_other
    about: project
    among: { investment_nature: non_government }
    when: { deviation_pp: { below: 0 } }
    held: { of: monthly }
    ladder: non_government
ladders:
  government: [ { step: supervision_order, serve: [lead_unit], sign_off: [signer] } ]
  non_government: [ { step: written_reminder, serve: [lead_unit], sign_off: [signer] } ]
""")

    def steps(nature: str) -> list[str]:
        head = a_year(a_project(investment_nature=nature), regime=rules)
        return outcome(*head, on("2026-02-03 10:00", a_return(yi="0.1")), at="2026-02-06 09:00").steps

    assert steps("government") == ["supervision_order"]
    assert steps("non_government") == ["written_reminder"]
    assert steps("") == []  # nobody said: neither


@judged("A08")
def test_a_project_in_the_pipeline_is_signed_only_after_the_steps_before_it() -> None:
    """000-4a: 「使信息项目尽快对接、意向项目尽快洽谈」, then signed; the reserve is what has not come so far."""
    measures = "measures: { in_reserve: { objects: { stage_now: [reserve, information, intention, negotiation] } } }"
    gated = regime(measures, "stages: [ { stage: signed, after: [information, intention, negotiation] } ]")
    skipped = [a_stage(stage="information"), a_stage(stage="signed", on="2026-01-20")]
    steps = [
        a_stage(stage="information"), a_stage(stage="intention", on="2026-01-10"),
        a_stage(stage="negotiation", on="2026-01-15"), a_stage(stage="signed", on="2026-01-20"),
    ]  # fmt: skip
    before = outcome(*a_year(regime=gated), *skipped, at="2026-02-06").now("p1")
    after = outcome(*a_year(regime=gated), *steps, at="2026-02-06").now("p1")
    free = outcome(*a_year(regime=regime(measures)), *skipped, at="2026-02-06").now("p1")
    for missed in steps[:3]:
        others = [one for one in steps if one is not missed]
        assert "signed" not in outcome(*a_year(regime=gated), *others, at="2026-02-06").now("p1").stages
    for so_far in range(1, 4):
        assert outcome(*a_year(regime=gated), *steps[:so_far]).now("p1").displayed["in_reserve"] == "1"
    assert ("signed" in before.stages, before.displayed["in_reserve"]) == (False, "1")
    assert ("signed" in after.stages, after.displayed["in_reserve"]) == (True, "0")
    assert ("signed" in free.stages, free.displayed["in_reserve"]) == (True, "0")


@judged("A10")
def test_carried_over_projects_are_counted_apart_from_new_ones() -> None:
    """000-15a: 「上年结转的…项目中」."""
    rules = regime("""
measures:
  carried_started: { share_of: { stage: started }, among: { continuing: true } }
  new_started: { share_of: { stage: started }, among: { continuing: false } }
""")
    listed = [
        a_project("p1", continuing=True),
        a_project("p2", continuing=False),
        a_project("p3", continuing=False),
        a_project("p4"),  # nobody said
    ]
    found = outcome(*a_year(*listed, regime=rules), a_stage("p1"), a_stage("p2"), at="2026-02-06").now("city")
    assert (found.displayed["carried_started"], found.displayed["new_started"]) == ("100.00%", "50.00%")
    moved = [a_project("p1", continuing=False), *listed[1:]]
    found = outcome(*a_year(*moved, regime=rules), a_stage("p1"), a_stage("p2"), at="2026-02-06").now("city")
    assert (found.displayed["carried_started"], found.displayed["new_started"]) == ("-", "66.67%")


@judged("A09")
def test_what_is_built_is_held_to_its_quarter_plan_and_must_say_when_it_is_commissioned() -> None:
    """000-9: three stages with plans of their own; in construction the quarter's plan, and the day of commissioning."""
    rules = regime("""
measures:
  quarter_plan: { ratio: planned_to_date, over: annual_planned_investment }
  against_plan_pp: { deviation_pp: investment_ratio, against: quarter_plan }
  days_to_commissioning: { days: until, anchor: planned_completion_on }
supervision_rules:
  - id: behind_quarter
    about: project
    among: { stage_now: started }
    when: { against_plan_pp: { below: 0 } }
    held: { of: quarterly }
    ladder: project
reporting: [ { cadence: monthly, due: { day: 5 } }, { cadence: quarterly, due: { day: 5 } } ]
ladders: { project: [ { step: due_reminder, serve: [lead_unit], unsigned: true } ] }
requirements:
  - id: commissioning_fixed
    about: project
    among: { stage_now: started }
    must: { days_to_commissioning: { at_least: -3650 } }
""")
    stages = [a_stage("p1"), a_stage("p2", "early_work"), a_stage("p3")]
    listed = [a_project("p1"), a_project("p2"), a_project("p3", planned_completion_on=day("2026-11-30"))]
    plans = [
        on("2026-01-02 09:00", a_plan(code, yi="12", by_month_yuan=((3, yuan(first)),)))
        for code, first in (("p1", "6"), ("p2", "6"), ("p3", "3"))
    ]
    returns = [on("2026-04-02 10:00", a_return(code, "2026-03", yi="4")) for code in ("p1", "p2", "p3")]
    found = outcome(*a_year(*listed, regime=rules), *stages, *plans, *returns, at="2026-04-06 09:00")
    assert found.hit("behind_quarter") == ["p1"]  # p2 is not in construction, p3 planned less for the quarter
    assert found.acts("requirements/commissioning_fixed") == [("unknown", "p1", "find_out")]
