"""Section B: teams, supervision groups, liaison officers: what they must be, and what they answer for."""

from typing import Any

from shared.core.regime.model import Regime
from tests.catalogue.case import judged, outcome, regime
from tests.support.builders import a_project, a_return, a_unit, a_year, on
from tests.support.facts import (
    a_failed_contact,
    a_post,
    a_report_up,
    a_responsibility,
    an_incident,
    an_inspection,
    the_end_of_a_post,
)

LETTER = "{ step: supervision_letter, serve: [%s], sign_off: [signer] }"


@judged("B05")
def test_a_service_team_must_have_its_people_by_role_and_number() -> None:
    """002: 「1名科级干部和2名后备干部」; 004 names four roles instead."""
    of_002 = regime(
        "measures: { helpers: { holders: help_team } }",
        "requirements: [ { id: team, about: project, must: { helpers: 3 } } ]",
    )
    of_004 = regime(
        "measures: { team: { slots: [unit_head, legal_representative, permit_agent, legal_service_officer] } }",
        "requirements: [ { id: team, about: project, must: { team: 1 } } ]",
    )
    helpers = [a_responsibility(role="help_team", person=person) for person in ("zhao", "qian", "sun", "li")]
    roles = ("unit_head", "legal_representative", "permit_agent", "legal_service_officer")
    four = [a_responsibility(role=role, person=f"the-{role}") for role in roles]

    def lacking(rules: Regime, *told: object) -> list[str]:
        found = outcome(*a_year(regime=rules), *told, at="2026-03-10")
        return [", ".join(one.facts.values()) for one in found.of("requirements/team")]

    assert lacking(of_002, *helpers[:2]) == ["2"]
    assert lacking(of_002, *helpers[:3]) == []
    assert lacking(of_002, *helpers) == ["4"]
    assert lacking(of_004, *helpers) == ["0.00%"]
    assert lacking(of_004, *four[:3]) == ["75.00%"]
    assert lacking(of_004, *four) == []


@judged("B08")
def test_another_liaison_officer_needs_the_consent_of_the_supervision_office() -> None:
    """000-4b: 「必须报督查办同意」; and each unit must have one."""
    rules = regime("""
measures: { liaisons: { holders: liaison } }
chains:
  consent: [ { by: supervision_office, act: consent, when: { where: { role: liaison } } } ]
list_changes: { assignment_chain: consent }
requirements: [ { id: liaison_named, about: unit, must: { liaisons: 1 } } ]
""")
    first = on("2026-01-05 09:00", a_post("liaison-1", "liaison"))
    gone = on("2026-03-02 09:00", the_end_of_a_post("liaison-1", "liaison"))
    second = on("2026-03-02 09:00", a_post("liaison-2", "liaison"))
    other = [a_responsibility(), on("2026-03-02 09:00", a_responsibility(person="leader-2"))]

    def asked(rules: Regime, *told: object) -> list[tuple[str, str, str]]:
        found = outcome(*a_year(regime=rules), *told, at="2026-03-10")
        return [(one.by, one.act, one.facts.get("holder", "")) for one in found.decisions]

    assert asked(rules, first, gone, second) == [("supervision_office", "consent", "liaison-2")]
    assert asked(rules, first, *other) == []
    assert asked(rules, first, gone) == [("lead_unit", "fulfil", "")]
    without_office = regime(
        "chains: { consent: [ { by: drc, act: file } ] }", "list_changes: { assignment_chain: consent }"
    )
    assert asked(without_office, first, gone, second) == [("drc", "file", "liaison-2")]
    assert asked(regime(), first, gone, second) == []


@judged("B08")
def test_a_liaison_officer_must_be_within_reach() -> None:
    """000-4b: 24-hour duty. Each time that nobody answers is one time against the officer, whatever the unit."""
    rules = regime(
        "measures: { not_reached: { count: contact_failure, window: period } }",
        "requirements: [ { id: within_reach, about: liaison, must: { not_reached: 0 } } ]",
    )
    head = [*a_year(regime=rules), a_post("liaison-a", "liaison")]
    assert outcome(*head, at="2026-03-10").decisions == []
    missed = outcome(*head, a_failed_contact(), a_failed_contact(person="another"), at="2026-03-10")
    assert [(one.subject, one.facts["not_reached"]) for one in missed.decisions] == [("liaison-a", "1")]


@judged("B09")
def test_each_supervision_group_has_its_own_objects_and_a_member_may_be_in_several_groups() -> None:
    """000-16: 「抽调18人组成六个督查组」, each with a fixed list; 000-1b: the same people in groups 4, 5 and 6."""
    rules = regime("""
measures: { portfolio: { objects: all } }
duties: [ { id: weekly, who: supervision_team, do: inspection, per: weekly, about: project } ]
requirements: [ { id: portfolio, about: team, must: { portfolio: 2 } } ]
""")
    groups = [
        a_responsibility("p1", "supervision_team", unit="group-4"),
        a_responsibility("p2", "supervision_team", unit="group-4"),
        a_responsibility("p3", "supervision_team", unit="group-5"),
    ]
    head = [*a_year(a_project("p1"), a_project("p2"), a_project("p3"), regime=rules), *groups]
    by_their_own = [
        an_inspection("p1", "2026-03-03", team="group-4", person="jiao"),
        an_inspection("p3", "2026-03-03", team="group-5", person="jiao"),
    ]
    by_another = an_inspection("p2", "2026-03-03", team="group-5", person="jiao")
    found = outcome(*head, *by_their_own, by_another, at="2026-03-05 09:00")
    assert [one.subject for one in found.of("duties/weekly") if one.facts["period"] == "2026-W10"] == ["p2"]
    assert [(one.subject, one.facts["portfolio"]) for one in found.of("requirements/portfolio")] == [("group-5", "1")]


@judged("B10")
def test_each_level_supervises_the_objects_that_are_its_own() -> None:
    """000-9: 「省、市、县三级滚动推进」; 000-7: city-run and county-run lists (「分级负责」)."""
    listed = [a_project("p1", approving_level="city"), a_project("p2", approving_level="county"), a_project("p3")]

    def owed(among: str) -> list[str]:
        duty = f"{{ id: visit, who: supervision_office, do: inspection, per: monthly, about: project {among} }}"
        found = outcome(*a_year(*listed, regime=regime(f"duties: [ {duty} ]")), at="2026-03-10")
        return [one.subject for one in found.of("duties/visit") if one.kind == "owed"]

    assert owed(", among: { level: city }") == ["p1"]
    assert owed(", among: { level: [city, county] }") == ["p1", "p2"]
    assert owed("") == ["p1", "p2", "p3"]


@judged("B11")
def test_who_manages_and_assesses_the_same_projects_is_shown() -> None:
    """004: the DRC is manager and 「督导考核单位」 at once."""
    rules = regime(
        "measures: { both: { overlap: [manager, assessor] } }",
        "requirements: [ { id: apart, about: list, must: { both: 0 } } ]",
    )
    manager = a_responsibility(role="manager", unit="drc", person="")

    def shown(assessor: str) -> list[str]:
        told = [manager, a_responsibility(role="assessor", unit=assessor, person="")]
        return [one.facts["both"] for one in outcome(*a_year(regime=rules), *told, at="2026-03-10").decisions]

    assert shown("drc") == ["1"]
    assert shown("supervision") == []


@judged("B12")
def test_supervision_groups_are_scored_and_served_like_those_they_supervise() -> None:
    """003: 「也包括了重点工程项目建设督查组成员」."""
    ranking = "ranking: { by: total, legal_basis: x, plan_item: y, at_most: quarterly }"
    component = "components: [ { id: done, proportional: { of: investment_ratio, points: 100 } } ]"
    slow = """
supervision_rules:
  - { id: slow, about: project, when: { deviation_pp: { below: 0 } }, held: { of: monthly }, ladder: project }
"""

    def scored(subjects: str, serve: str) -> tuple[dict[str, str], list[tuple[str, ...]]]:
        rules = regime(
            slow, f"scoring: {{ subjects: {subjects}, {ranking}, {component} }}",
            f"ladders: {{ project: [ {LETTER % serve} ] }}",
        )  # fmt: skip
        head = [*a_year(regime=rules), a_responsibility(role="supervision_team", person="group-1")]
        found = outcome(*head, on("2026-02-03 10:00", a_return(yi="0.6")), at="2026-02-06 09:00")
        totals = {one.subject: str(one.points["total"]) for one in found.scored.lines("2026-01") if one.points}
        return totals, [one.addressees for one in found.notices]

    assert scored("[unit]", "lead_unit") == ({"bureau-a": "5.00"}, [()])
    both = ("lead_unit:bureau-a", "supervision_team:group-1")
    assert scored("[unit, team]", "lead_unit, supervision_team") == ({"bureau-a": "5.00", "group-1": "5.00"}, [both])


@judged("B13")
def test_a_supervisor_who_takes_gifts_leaks_or_interferes_is_referred() -> None:
    """000-13: 「不得干预、参与重点项目」. Only the conduct of people is meant; the body that decides is another."""
    rules = regime("""
supervision_rules:
  - { id: conduct, about: incident, when: { where: { kind: conduct } }, held: { of: monthly }, ladder: conduct }
ladders:
  conduct:
    - { step: referral, serve: [named_person], sign_off: [signer], competent: discipline_body }
""")
    teams = [
        a_responsibility("p1", "supervision_team", person="wang"),
        a_responsibility("p2", "supervision_team", person="li"),
    ]

    who = a_responsibility("p1", "supervision_team", person="zhao")  # of the same team, and innocent

    def referred(kind: str, **named: Any) -> list[tuple[str, str, tuple[str, ...]]]:
        incident = on("2026-01-12 09:00", an_incident(on="2026-01-12", kind=kind, **named))
        listed = a_year(a_project("p1"), a_project("p2"), regime=rules)
        found = outcome(*listed, *teams, who, incident, at="2026-02-06 09:00")
        return [(one.form, one.competent, one.addressees) for one in found.notices]

    def to(*persons: str) -> list[tuple[str, str, tuple[str, ...]]]:
        return [("refers", "discipline_body", tuple(f"named_person:{one}" for one in persons))]

    assert referred("conduct", projects=("p1",), persons=("wang",)) == to("wang")
    assert referred("conduct", persons=("wang",)) == to("wang")
    assert referred("conduct", projects=("p1", "p2"), persons=("wang", "li")) == to("wang", "li")
    assert referred("conduct", projects=("p1",)) == to("")  # whom it names: nobody
    assert referred("safety", projects=("p1",), persons=("wang",)) == []


@judged("B15")
def test_the_supervision_body_reports_to_the_heads_themselves() -> None:
    """003: 「督查组直接对区委、区府负责」. A report to another body is not the one that is owed."""
    rules = regime(
        "duties: [ { id: upward, who: supervision_office, do: report_sent, per: monthly, to: principal_leaders } ]"
    )

    def owed(to: str) -> list[tuple[str, str]]:
        sent = on("2026-03-05 09:00", a_report_up(to, period="2026-03", on="2026-03-05"))
        found = outcome(*a_year(regime=rules), sent, at="2026-03-10")
        return [(one.kind, one.facts["to"]) for one in found.of("duties/upward") if one.facts["period"] == "2026-03"]

    assert owed("government") == [("owed", "principal_leaders")]
    assert owed("principal_leaders") == []


@judged("B16")
def test_each_area_is_maintained_by_the_unit_that_it_was_given_to() -> None:
    """002: 「南区由城管局负责」."""
    rules = regime("""
duties: [ { id: upkeep, who: maintenance_unit, do: duty_visit, per: monthly, about: project, among: { tag: area } } ]
""")
    areas = [a_project("south", tags=("area",)), a_project("north", tags=("area",)), a_project("p1")]
    given = [
        a_responsibility("south", "maintenance_unit", unit="urban-management"),
        a_responsibility("north", "maintenance_unit", unit="parks-bureau"),
    ]
    head = a_year(*areas, regime=rules)
    found = outcome(*head[:1], a_unit("urban-management"), *head[1:], *given, at="2026-03-10")
    owed = [(one.subject, one.to[0].code) for one in found.of("duties/upkeep") if one.kind == "owed"]
    assert owed == [("north", "parks-bureau"), ("south", "urban-management")]
