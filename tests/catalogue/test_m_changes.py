"""Section M: how a list changes: who leaves it and by whose consent, what comes instead, what must stay."""

from typing import Any

from tests.catalogue.case import Outcome, judged, local, outcome, regime
from tests.support.builders import a_list, a_plan, a_project, a_year, on
from tests.support.facts import (
    a_matter,
    a_reminder,
    a_replacement,
    a_reset,
    a_responsibility,
    a_round,
    an_exit,
    an_exit_request,
    an_exit_step,
    yuan,
)

CHAINS = """
chains:
  exit:
    - { by: sponsor_leader, act: report }
    - { by: drc, act: file }
    - { by: party_committee_and_government, act: consent }
    - { by: peoples_congress_standing_committee, act: decide }
  change: [ { by: government, act: decide } ]
  leaders: [ { by: drc, act: review } ]
"""


def on_march(*events: object, projects: tuple[Any, ...] = (), rules: tuple[str, ...] = (), year: Any = None) -> Outcome:
    """What the rules call for on 10 March; events are recorded on the fifth."""
    head = a_year(*projects, regime=regime(CHAINS, *rules))
    if year is not None:
        head[head.index(a_list())] = year
    return outcome(*head, *(on("2026-03-05 10:00", one) for one in events), at="2026-03-10 12:00")


def changes(rules: str, *events: object, **more: Any) -> list[tuple[str, str, str]]:
    """Subject, act, and by whom, of all that the rules of changes call for."""
    found = on_march(*events, rules=(f"list_changes: {{ {rules} }}",), **more)
    return [(one.subject, one.act, one.by) for one in found.decisions if one.rule.startswith("list_changes/")]


URGED = (a_matter(on="2026-03-02"), a_reminder(on="2026-03-03"), a_reminder(on="2026-03-04"))


@judged("M01")
def test_an_object_leaves_for_a_special_reason_when_urging_has_not_helped_by_four_bodies_in_turn() -> None:
    """004: 「报请县人大常委会审议通过后」."""
    rules = "exit_chain: exit, urged_at_least: 2, special_reason: required"
    asked = an_exit_request(is_special=True)
    bodies = ("sponsor_leader", "drc", "party_committee_and_government", "peoples_congress_standing_committee")

    def turn(*approved: str, rules: str = rules, events: tuple[object, ...] = (*URGED, asked)) -> list[tuple[str, str]]:
        steps = [an_exit_step(step=body, on="2026-03-05") for body in approved]
        return [(act, by) for subject, act, by in changes(rules, *events, *steps) if subject.endswith("p1")]

    assert [turn(*bodies[:count]) for count in range(5)] == [
        [("report", "sponsor_leader")],
        [("file", "drc")],
        [("consent", "party_committee_and_government")],
        [("decide", "peoples_congress_standing_committee")],
        [("record", "supervision_office")],
    ]
    refused = [("refuse", "supervision_office")]
    assert turn(events=(*URGED, an_exit_request(is_special=False))) == refused
    no_reason = rules.replace("special_reason: required", "special_reason: no")
    assert turn(rules=no_reason, events=(*URGED, an_exit_request(is_special=False))) == [("report", "sponsor_leader")]
    assert turn(events=(*URGED[:2], asked)) == refused
    assert turn(events=(asked,), rules="exit_chain: exit") == [("report", "sponsor_leader")]
    assert turn(events=()) == []
    denied = an_exit_step(step="drc", approved=False, on="2026-03-05")
    assert turn("sponsor_leader", events=(*URGED, asked, denied)) == []
    left = an_exit(on="2026-03-05")
    assert turn(*bodies, events=(*URGED, asked, left)) == []
    irregular = [("irregular", "supervision_office")]
    assert turn(*bodies[:3], events=(*URGED, asked, left)) == turn(events=(left,)) == irregular
    assert turn(events=(left,), rules="urged_at_least: 2") == []


@judged("M02")
def test_what_comes_instead_is_as_large_and_agrees_with_policy() -> None:
    """004: 「投资额和建设规模与调出项目相当」."""
    rule = "replacement: { investment_within: 0.2, same: [category], policy_compliant: true }"
    old = a_project(category="industry", total_investment_yuan=yuan("100"), plan_yi="10")
    left = an_exit(on="2026-03-05")

    def judged_of(rule: str = rule, **changed: Any) -> list[tuple[str, str]]:
        listed = {"category": "industry", "tags": ("policy_compliant",), "total_investment_yuan": yuan("80"), **changed}
        new = a_project("p9", plan_yi="12", **listed)
        found = changes(rule, left, a_replacement(on="2026-03-05"), projects=(old, new))
        return [(subject, act) for subject, act, _ in found]

    assert judged_of() == []
    assert judged_of(total_investment_yuan=yuan("79")) == [("p9", "refuse")]
    assert judged_of(rule.replace("0.2", "0.3"), total_investment_yuan=yuan("79")) == []
    assert judged_of(category="farming") == [("p9", "refuse")]
    assert judged_of(tags=()) == [("p9", "confirm")]
    assert judged_of(rule.replace("compliant: true", "compliant: false"), tags=()) == []
    assert changes(rule, left, projects=(old,)) == [("p1", "find", "lead_unit")]
    assert changes("urged_at_least: 1", left, projects=(old,)) == []


@judged("M03")
def test_the_list_must_not_get_shorter_or_poorer() -> None:
    """004: 「总量不减少、质量不降低」."""
    both = "count_must_not_fall: true, investment_must_not_fall: true"
    old, new = (a_project(code, total_investment_yuan=yuan("100")) for code in ("p1", "p9"))
    small = a_project("p9", total_investment_yuan=yuan("99"))
    left, came = an_exit(on="2026-03-05"), a_replacement(on="2026-03-05")

    def wanted(rules: str, *events: object, listed: tuple[Any, ...], declared: int | None = None) -> list[str]:
        year = a_list(declared_count=declared)
        found = on_march(*events, projects=listed, rules=(f"list_changes: {{ {rules} }}",), year=year)
        return [one.rule.partition("/")[2] for one in found.decisions if one.kind == "list_change"]

    assert wanted(both, listed=(old,)) == []
    assert wanted(both, left, listed=(old,)) == ["count_must_not_fall", "investment_must_not_fall"]
    assert wanted(both, left, came, listed=(old, new)) == []
    assert wanted(both, left, came, listed=(old, small)) == ["investment_must_not_fall"]
    assert wanted(both, listed=(old,), declared=2) == ["count_must_not_fall"]
    assert wanted("urged_at_least: 1", left, listed=(old,)) == []


@judged("M04")
def test_the_list_is_supplemented_every_half_year_and_its_structure_every_second_year() -> None:
    """000-9: 「每半年做一次补充调整,以两年为周期做结构调整」."""

    def revised(cadences: str) -> list[tuple[str, object]]:
        found = on_march(rules=(f"list_changes: {{ revise: [{cadences}] }}",)).of("list_changes/revise")
        return [(one.facts["cadence"], one.due_at) for one in found]

    half_year = ("half_year", local("2026-07-01 00:00"))
    every_second_year = "{ every: { days: 730 }, anchor: 2026-01-01 }"
    assert revised("half_year") == [half_year]
    assert revised(f"half_year, {every_second_year}") == [half_year, ("every 730 days", local("2028-01-01 00:00"))]
    assert revised("quarterly") == [("quarterly", local("2026-04-01 00:00"))]
    assert revised("") == []


@judged("M05")
def test_what_has_a_property_that_is_forbidden_is_removed() -> None:
    """000-15a: 「涉及占用基本农田的,必须剔除」."""
    listed = (a_project("p1", tags=("farmland",)), a_project("p2"))
    assert changes("remove_when: { tag: farmland }", projects=listed) == [("p1", "remove", "supervision_office")]
    assert changes("remove_when: { tag: wetland }", projects=listed) == []


@judged("M06")
def test_what_was_fixed_is_changed_by_those_who_decide_only() -> None:
    """000-15b: 「不能轻易改动,必须抓紧实施」."""
    rules = "change_chain: change"
    assert changes(rules) == []
    assert changes(rules, a_reset(yi="6")) == [("p1", "decide", "government")]
    assert changes(rules, a_plan(yi="6")) == [("p1", "decide", "government")]
    assert changes(rules, a_plan(yi="6", approvals=("government",))) == []
    assert changes("urged_at_least: 1", a_reset(yi="6")) == []


@judged("M07")
def test_land_and_environment_step_in_early_where_a_project_touches_them() -> None:
    """000-15a: 「国土、环保部门必须提前介入」."""
    rule = "consult: [ { when: { tag: %s }, bodies: [land_office, environment_office] } ]"
    listed = (a_project("p1", tags=("land",)), a_project("p2"))
    assert changes(rule % "land", projects=listed) == [
        ("p1", "step_in", "environment_office"), ("p1", "step_in", "land_office"),
    ]  # fmt: skip
    assert changes(rule % "coast", projects=listed) == []


@judged("M08")
def test_the_assignment_of_leaders_may_be_revised_and_is_reviewed() -> None:
    """002: 「对县级领导分包项目进行调整完善」."""
    first = on("2026-02-05 10:00", a_responsibility())

    def reviewed(rules: str, *later: object) -> list[tuple[str, str, str]]:
        head = a_year(regime=regime(CHAINS, f"list_changes: {{ {rules} }}"))
        found = outcome(*head, first, *(on("2026-03-05 10:00", one) for one in later), at="2026-03-10 12:00")
        return [(one.act, one.by, one.facts["holder"]) for one in found.of("list_changes/assignment_chain")]

    other = (a_responsibility(ends=True), a_responsibility(person="leader-2"))
    assert reviewed("assignment_chain: leaders") == []
    assert reviewed("assignment_chain: leaders", *other) == [("review", "drc", "leader-2")]
    assert reviewed("urged_at_least: 1", *other) == []


@judged("M09")
def test_at_the_years_end_the_reserve_of_the_next_year_is_inspected_too() -> None:
    """000-15b: 「还要看明年的项目准备情况」."""
    duty = """
duties:
  - id: reserve
    who: supervision_office
    do: round
    where: { topic: next_year }
    per: yearly
    season: { months: [%s] }
"""

    def owed(month: str, *rounds: object, at: str = "2026-12-20") -> list[tuple[str, str]]:
        told = [on("2026-12-10 10:00", one) for one in rounds]
        found = outcome(*a_year(regime=regime(duty % month)), *told, at=f"{at} 12:00").of("duties/reserve")
        return [(one.kind, one.act) for one in found]

    looked_at = a_round(topic="next_year", from_on="2026-12-10", until_on="2026-12-12", projects=())
    assert owed("12") == [("owed", "round")]
    assert owed("12", looked_at) == []
    assert owed("12", a_round(from_on="2026-12-10", until_on="2026-12-12")) == [("owed", "round")]
    assert owed("12", at="2027-01-10") == [("missed", "round")]
    assert owed("6", at="2026-12-20") == []
