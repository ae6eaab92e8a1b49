"""Section B: which leader answers for what, with how many, in which tier, with which liability."""

from collections.abc import Mapping

from shared.core.regime.model import Regime
from tests.catalogue.case import Outcome, judged, outcome, regime
from tests.support.builders import a_project, a_return, a_unit, a_year, on
from tests.support.facts import a_post, a_responsibility, the_end_of_a_post

BEHIND = """
supervision_rules:
  - { id: slow, about: project, when: { deviation_pp: { below: 0 } }, held: { of: monthly }, ladder: project }
"""
RETURNS = [on("2026-02-03 10:00", a_return(yi="0.1")), on("2026-03-03 10:00", a_return(period="2026-02", yi="0.2"))]


def unmet(found: Outcome, rule: str) -> list[tuple[str, Mapping[str, str]]]:
    return [(one.subject, one.facts) for one in found.of(f"requirements/{rule}") if one.kind == "requirement_unmet"]


@judged("B01")
def test_every_project_must_have_one_leader() -> None:
    """000-5: 「一个项目由一位镇领导牵头」."""
    rules = regime(
        "measures: { leaders: { holders: sponsor_leader } }",
        "requirements: [ { id: one_leader, about: project, must: { leaders: 1 } } ]",
    )
    head = [*a_year(a_project("p1"), a_project("p2"), a_project("p3"), regime=rules), a_responsibility("p1")]
    second = [a_responsibility("p2"), a_responsibility("p2", person="leader-2")]
    found = unmet(outcome(*head, *second, at="2026-03-10"), "one_leader")
    assert found == [("p2", {"leaders": "2"}), ("p3", {"leaders": "0"})]
    passed_on = on("2026-02-01 09:00", a_responsibility("p2", ends=True))
    assert unmet(outcome(*head, *second, passed_on, at="2026-03-10"), "one_leader") == [("p3", {"leaders": "0"})]


@judged("B02")
def test_a_leader_has_no_fewer_and_no_more_projects_than_the_place_allows() -> None:
    """002: 「每人分包1—2个重点项目」; 003: one at least; 000-7: one."""

    def out_of_bounds(bounds: str) -> list[tuple[str, Mapping[str, str]]]:
        rules = regime(
            "measures: { portfolio: { objects: all } }",
            f"requirements: [ {{ id: portfolio, about: leader, must: {{ portfolio: {bounds} }} }} ]",
        )
        given = [a_responsibility(code) for code in ("p1", "p2", "p3")] + [a_responsibility("p1", person="leader-2")]
        idle = a_post("leader-3", "sponsor_leader", "office")
        head = a_year(a_project("p1"), a_project("p2"), a_project("p3"), regime=rules)
        return unmet(outcome(*head, *given, idle, at="2026-03-10"), "portfolio")

    too_many, none = ("leader-1", {"portfolio": "3"}), ("leader-3", {"portfolio": "0"})
    assert out_of_bounds("{ at_least: 1, at_most: 2 }") == [too_many, none]
    assert out_of_bounds("{ at_least: 1 }") == [none]
    assert out_of_bounds("1") == [too_many, none]
    assert out_of_bounds("{ at_most: 3 }") == []


@judged("B03")
def test_what_the_leader_of_the_point_does_not_move_goes_to_the_line_and_then_to_the_general() -> None:
    """000-7: 「“一把手”抓总、分管领导抓线、联系领导抓点」."""
    tiers = [
        a_responsibility(role="general_leader", person="secretary"),
        a_responsibility(role="line_leader", person="deputy"),
        a_responsibility(role="sponsor_leader", person="member"),
    ]

    def served(*roles: str) -> list[tuple[str, ...]]:
        names = zip(("supervision_reminder", "supervision_letter"), roles, strict=True)
        steps = ", ".join(f"{{ step: {name}, serve: [{role}], sign_off: [signer] }}" for name, role in names)
        rules = regime(BEHIND, f"ladders: {{ project: [ {steps} ] }}")
        found = outcome(*a_year(regime=rules), *tiers, *RETURNS, at="2026-03-06 09:00")
        return [one.addressees for one in found.notices]

    assert served("sponsor_leader", "line_leader") == [("sponsor_leader:member",), ("line_leader:deputy",)]
    assert served("line_leader", "general_leader") == [("line_leader:deputy",), ("general_leader:secretary",)]


@judged("B04")
def test_each_role_carries_its_own_liability() -> None:
    """004: the leader's is leadership responsibility, the unit head's the main one, the owner's the concrete one."""
    rules = regime("""
requirements:
  - id: leadership
    about: assignment
    among: { where: { role: sponsor_leader } }
    must: { where: { liability: leadership } }
  - { id: main, about: assignment, among: { where: { role: unit_head } }, must: { where: { liability: main } } }
""")

    def wrong(leader: str | None, head: str | None) -> list[tuple[str, str]]:
        told = [a_responsibility(liability=leader), a_responsibility(role="unit_head", person="head-a", liability=head)]
        return [(one.kind, one.rule) for one in outcome(*a_year(regime=rules), *told, at="2026-03-10").decisions]

    assert wrong("leadership", "main") == []
    assert wrong("main", "main") == [("requirement_unmet", "requirements/leadership")]
    assert wrong("leadership", None) == [("unknown", "requirements/main")]


@judged("B07")
def test_the_head_of_the_unit_is_the_first_who_answers_whoever_that_is_at_the_time() -> None:
    """003: 「落实项目建设一把手责任制」. A project that names nobody is its lead unit's head's."""
    step = "{ step: explanation, serve: [%s], sign_off: [signer] }"
    head_answers = regime(BEHIND, f"ladders: {{ project: [ {step % 'unit_head'} ] }}")
    unit_answers = regime(BEHIND, f"ladders: {{ project: [ {step % 'lead_unit'} ] }}")
    first, second = a_post("head-1"), on("2026-01-20 09:00", a_post("head-2"))
    gone = on("2026-01-20 09:00", the_end_of_a_post("head-1"))

    def served(*told: object) -> tuple[str, ...]:
        (draft,) = outcome(*told, RETURNS[0], at="2026-02-06 09:00").notices
        return draft.addressees

    assert served(*a_year(regime=head_answers), first) == ("unit_head:head-1",)
    assert served(*a_year(regime=head_answers), first, gone, second) == ("unit_head:head-2",)
    assert served(*a_year(regime=head_answers)) == ("unit_head:",)
    assert served(*a_year(regime=unit_answers), first) == ()


@judged("B14")
def test_a_duty_falls_on_a_person_on_a_unit_or_on_both() -> None:
    """001: 「责任单位、责任人」."""
    person = a_responsibility(role="responsible_person", person="li")

    def served(*roles: str) -> tuple[str, ...]:
        step = f"{{ step: supervision_letter, serve: [{', '.join(roles)}], sign_off: [signer] }}"
        rules = regime(BEHIND, f"ladders: {{ project: [ {step} ] }}")
        (draft,) = outcome(*a_year(regime=rules), person, RETURNS[0], at="2026-02-06 09:00").notices
        return draft.addressees

    assert served("responsible_person") == ("responsible_person:li",)
    assert served("lead_unit", "responsible_person") == ("lead_unit:bureau-a", "responsible_person:li")
    assert served("lead_unit") == ()  # the unit that the notice is addressed to, and nobody by name


@judged("B06")
def test_the_lead_unit_answers_for_the_whole_and_the_cooperating_unit_for_nothing_but_its_part() -> None:
    """000-1b: 「负总责、负全责」. The line, and what follows from it, is the lead unit's."""
    rules = regime(BEHIND, "ladders: { project: [ { step: due_reminder, serve: [lead_unit], unsigned: true } ] }")
    asks_both = regime(
        BEHIND, "ladders: { project: [ { step: due_reminder, serve: [lead_unit, supporting_unit], unsigned: true } ] }"
    )

    def told(lead: str, supporting: str, rules: Regime = rules) -> tuple[list[str], list[tuple[str, tuple[str, ...]]]]:
        head = a_year(a_project(lead=lead, supporting_units=(supporting,)), regime=rules)
        found = outcome(*head[:1], a_unit(supporting), *head[1:], RETURNS[0], at="2026-02-06 09:00")
        units = [one.subject for one in found.scored.lines("2026-01") if one.subject_kind == "unit"]
        return units, [(one.unit, one.addressees) for one in found.notices]

    assert told("bureau-a", "bureau-b") == (["bureau-a"], [("bureau-a", ())])
    assert told("bureau-b", "bureau-a") == (["bureau-b"], [("bureau-b", ())])
    both = ("lead_unit:bureau-a", "supporting_unit:bureau-b")
    assert told("bureau-a", "bureau-b", asks_both) == (["bureau-a"], [("bureau-a", both)])
