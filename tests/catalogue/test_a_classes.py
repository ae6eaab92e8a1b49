"""Section A: how the objects of a list are classed: by size, by category, by batch."""

import pytest

from shared.core.regime.model import Stage
from tests.catalogue.case import judged, outcome, regime
from tests.support.builders import a_project, a_stage, a_year
from tests.support.facts import yuan

MONTHLY = """
bulletins:
  - id: monthly
    kind: 通报
    cadence: monthly
    issue: { working_days_after_close: 3 }
    sections: [overview]
    by: [category]
"""


@judged("A05")
def test_a_size_tier_takes_in_the_amount_on_its_bound_or_leaves_it_below_as_the_regime_says() -> None:
    """003: 「10亿元以上的项目有6项」; by total investment or by that of the year."""

    def large(of: str, includes: str) -> str:
        rules = regime(
            f"classes: {{ size: {{ of: size_yi, table: [[0, small], [10, large]], includes: {includes} }} }}",
            f"measures: {{ size_yi: {{ amount: {of}, unit: 亿元 }} }}",
            "measures: { large: { objects: { classes: { size: large } } } }",
        )
        listed = [
            a_project("p1", plan_yi="9.99", total_investment_yuan=yuan("10")),
            a_project("p2", plan_yi="10", total_investment_yuan=yuan("40")),
            a_project("p3", plan_yi="10.01", total_investment_yuan=yuan("50")),
        ]
        return outcome(*a_year(*listed, regime=rules), at="2026-02-06").now("city").displayed["large"]

    assert large("annual_planned_investment", "lower") == "2"
    assert large("annual_planned_investment", "upper") == "1"
    assert large("total_investment", "lower") == "3"


@judged("A06")
def test_a_category_scheme_gives_the_categories_their_order_and_their_number_of_objects() -> None:
    """000-1b: 「6个方面55个重点项目」; 004 lists nine systems in an order of its own."""
    listed = [a_project("p1", category="tourism"), a_project("p2", category="industry"), a_project("p3", category="x")]

    def seen(scheme: str) -> tuple[list[str], list[dict[str, str]]]:
        rules = regime(MONTHLY, scheme)
        found = outcome(*a_year(*listed, regime=rules), at="2026-03-10")
        drawn = [one for one in found.scored.lines("2026-02") if one.subject_kind == "category"]
        return [one.subject for one in drawn], [dict(one.facts) for one in found.of("classes/systems/counts")]

    counted = "counts: { industry: 11, tourism: 1 }"
    order, wrong = seen(f"classes: {{ systems: {{ of: category, names: [tourism, industry], {counted} }} }}")
    assert order == ["tourism", "industry", "x"]
    assert wrong == [{"class": "industry", "count": "1", "must_be": "11"}]
    _, wrong = seen("classes: { systems: { of: category, names: [tourism, industry], counts: { tourism: 0 } } }")
    assert wrong == [{"class": "tourism", "count": "1", "must_be": "0"}]
    order, wrong = seen("classes: { systems: { of: category, names: [industry, tourism] } }")
    assert (order, wrong) == (["industry", "tourism", "x"], [])


@pytest.mark.parametrize(
    ("of", "name"),
    [("level", "county"), ("unit", "bureau-a"), ("unit_kind", "department"), ("kind", "key_task"), ("tag", "poverty")],
)
def test_whatever_a_condition_can_ask_of_an_object_can_class_it(of: str, name: str) -> None:
    rules = regime(
        f"classes: {{ own: {{ of: {of}, names: [{name}, other] }} }}",
        f"measures: {{ of_it: {{ objects: {{ classes: {{ own: {name} }} }} }} }}",
    )
    project = a_project(approving_level="county", object_kind="key_task", tags=("poverty",))
    assert outcome(*a_year(project, regime=rules), at="2026-02-06").now("city").displayed["of_it"] == "1"


@judged("A07")
def test_each_annual_batch_is_held_to_its_own_expectation() -> None:
    """000-7: 「竣工投产一批,开工建设一批」, 「申报立项一批,包装储备一批」."""
    held = "about: project, held: { of: monthly }, ladder: project"
    rules = regime(f"""
supervision_rules:
  - {{ id: not_completed, among: {{ batch: to_complete }}, when: {{ none: [ {{ stage: completed }} ] }}, {held} }}
  - {{ id: not_started, among: {{ batch: to_start }}, when: {{ none: [ {{ stage: started }} ] }}, {held} }}
  - {{ id: not_approved, among: {{ batch: to_approve }}, when: {{ none: [ {{ stage: approved }} ] }}, {held} }}
ladders: {{ project: [ {{ step: due_reminder, serve: [lead_unit], unsigned: true }} ] }}
""")

    def hit(batch: str, *stages: Stage) -> list[str]:
        told = [a_stage(stage=stage) for stage in stages]
        found = outcome(*a_year(a_project(batch=batch), regime=rules), *told, at="2026-02-06 09:00")
        return [one.rule for one in found.hits]

    assert hit("to_complete", "approved", "started") == ["not_completed"]
    assert hit("to_start", "approved", "started") == []
    assert hit("to_start", "approved") == ["not_started"]
    assert hit("to_approve") == ["not_approved"]
    assert hit("to_approve", "approved") == []
    assert hit("to_reserve") == []
