"""Section A: what must stand written of each object before its work begins, how finely, and approved by whom."""

from collections.abc import Mapping

from tests.catalogue.case import judged, outcome, regime
from tests.support.builders import a_plan, a_project, a_unit, a_year, on
from tests.support.facts import a_milestone, a_responsibility

LATE_MILESTONES = "measures: { overdue: { count: milestone, where: { state: overdue }, window: since_start } }"


@judged("A11")
def test_the_decomposition_of_tasks_goes_up_its_chain_and_a_work_of_one_unit_alone_skips_a_step() -> None:
    """000-6: 「经重点工作责任领导审定后」. Where lead and responsible unit are one, a step falls away."""
    rules = regime("""
measures: { supporting: { holders: supporting_unit } }
chains:
  decomposition:
    - { by: lead_unit, act: propose, unless: { supporting: 0 } }
    - { by: responsible_leader, act: review }
    - { by: standing_committee, act: approve }
plan_approval: decomposition
""")
    shared_work = a_project(supporting_units=("bureau-b",))

    def turn(project: object, *approvals: str) -> list[tuple[str, str]]:
        told = a_plan(yi="12", approvals=approvals)
        found = outcome(*a_year(regime=rules)[:-1], a_unit("bureau-b"), project, told, at="2026-03-10")
        return [(one.by, one.act) for one in found.of("plan_approval")]

    assert turn(shared_work) == [("lead_unit", "propose")]
    assert turn(a_project()) == [("responsible_leader", "review")]
    assert turn(shared_work, "lead_unit", "responsible_leader") == [("standing_committee", "approve")]
    assert turn(shared_work, "lead_unit", "responsible_leader", "standing_committee") == []
    assert outcome(*a_year(), at="2026-03-10").of("plan_approval") == []  # no chain in the rules


@judged("A12")
def test_a_deadline_is_kept_to_the_quarter_the_month_or_the_day() -> None:
    """000-6: 「时限具体到日」; 000-9 plans by quarters, 000-4a by months."""

    def overdue(due: str, at: str) -> str:
        task = f"schedule: [ {{ id: roof, of: milestone, due: {due} }} ]"
        found = outcome(*a_year(regime=regime(task, LATE_MILESTONES, "reporting: [ { cadence: daily } ]")), at=at)
        return found.now("p1").displayed["overdue"]

    to_the_day, to_the_month, to_the_quarter = '{ on: "02-10" }', '{ on: "02-28" }', '{ on: "03-31" }'
    assert [overdue(due, "2026-02-11 09:00") for due in (to_the_day, to_the_month, to_the_quarter)] == ["0", "0", "0"]
    assert [overdue(due, "2026-02-12 09:00") for due in (to_the_day, to_the_month, to_the_quarter)] == ["1", "0", "0"]
    assert [overdue(due, "2026-03-02 09:00") for due in (to_the_day, to_the_month, to_the_quarter)] == ["1", "1", "0"]
    assert [overdue(due, "2026-04-02 09:00") for due in (to_the_day, to_the_month, to_the_quarter)] == ["1", "1", "1"]


@judged("A12")
def test_a_deadline_is_kept_to_the_person_who_has_it() -> None:
    """004: 「落实到月、落实到天、落实到人」."""
    unmet = "requirements: [ { id: on_time, about: person, must: { overdue: 0 } } ]"
    people = [a_responsibility(role="responsible_person", person=person) for person in ("li", "wang")]

    def late(person: str) -> list[tuple[str, str, str]]:
        (other,) = {"li", "wang"} - {person}
        mine, not_yet_due = a_milestone(due_on="2026-02-10", person=person), a_milestone("walls", person=other)
        plan = a_plan(yi="12", milestones=(mine, not_yet_due))
        found = outcome(*a_year(regime=regime(LATE_MILESTONES, unmet)), *people, plan, at="2026-03-10")
        return found.acts("requirements/on_time")

    assert late("li") == [("requirement_unmet", "li", "fulfil")]
    assert late("wang") == [("requirement_unmet", "wang", "fulfil")]


@judged("A13")
def test_each_object_must_have_its_list_of_responsibilities_and_its_list_of_progress() -> None:
    """002: 「责任清单和进度清单」: who, by when, to what degree; 004 adds a ledger and a roadmap with a timetable."""
    rules = regime("""
measures:
  responsibilities: { slots: [responsible_leader, responsible_person] }
  progress_list: { count: milestone, window: since_start }
requirements:
  - { id: responsibility_list, about: project, must: { responsibilities: 1 } }
  - { id: progress_list, about: project, must: { progress_list: { at_least: 1 } } }
""")

    def lacking(*told: object) -> list[str]:
        return [one.rule for one in outcome(*a_year(regime=rules), *told, at="2026-03-10").decisions]

    responsible = [
        on("2026-01-05 09:00", a_responsibility(role="responsible_leader")),
        on("2026-01-05 09:00", a_responsibility(role="responsible_person", person="li")),
    ]
    dated = on("2026-01-06 09:00", a_plan(yi="12", milestones=(a_milestone(due_on="2026-03-01"),)))
    assert lacking() == ["requirements/responsibility_list", "requirements/progress_list"]
    assert lacking(responsible[0], dated) == lacking(responsible[1], dated) == ["requirements/responsibility_list"]
    assert lacking(*responsible) == ["requirements/progress_list"]
    assert lacking(*responsible, dated) == []


FIVE_OF_002 = """
measures:
  leaders: { holders: sponsor_leader }
  team: { holders: help_team }
  scheme: { count: milestone, window: since_start }
requirements:
  - { id: five_ones, about: project, must: { leaders: 1, team: { at_least: 1 }, scheme: { at_least: 1 } } }
"""
THREE_OF_000_5 = """
measures: { leaders: { holders: sponsor_leader }, team: { holders: help_team }, units: { holders: lead_unit } }
requirements: [ { id: three_ones, about: project, must: { leaders: 1, team: { at_least: 1 }, units: 1 } } ]
"""


@judged("A14")
def test_the_ones_that_each_project_must_have_are_those_of_the_place() -> None:
    """004: 「编制一套推进方案、建立一本台账」; 002: one leader, one team, one scheme; 000-5 has three."""
    team = [a_responsibility(), a_responsibility(role="help_team", person="zhao")]
    scheme = a_plan(yi="12", milestones=(a_milestone(due_on="2026-03-01"),))

    def unmet(rules: str, *told: object) -> list[Mapping[str, str]]:
        return [one.facts for one in outcome(*a_year(regime=regime(rules)), *told, at="2026-03-10").decisions]

    assert unmet(FIVE_OF_002, *team) == [{"leaders": "1", "team": "1", "scheme": "0"}]
    assert unmet(FIVE_OF_002, *team, scheme) == []
    assert unmet(THREE_OF_000_5, *team) == []
    assert unmet(THREE_OF_000_5, team[0]) == [{"leaders": "1", "team": "0", "units": "1"}]


@judged("A15")
def test_responsibility_must_reach_a_unit_a_leader_a_post_and_a_person() -> None:
    """000-15a: 「落实到领导、到岗位、到人头」. An object with an empty slot is named, with how much is filled."""
    rules = regime("""
measures: { filled: { slots: [lead_unit, responsible_leader, responsible_post, responsible_person] } }
requirements: [ { id: complete, about: project, must: { filled: 1 } } ]
""")
    leader = a_responsibility(role="responsible_leader")
    person = a_responsibility(role="responsible_person", person="li")
    post = a_responsibility(role="responsible_post", person="section-chief")

    def unmet(*told: object) -> list[Mapping[str, str]]:
        return [one.facts for one in outcome(*a_year(regime=rules), *told, at="2026-03-10").decisions]

    assert unmet(leader, person) == [{"filled": "75.00%"}]
    assert unmet(leader, person, post) == []
    assert unmet(leader, person, on("2026-02-01 09:00", post), on("2026-03-01 09:00", a_responsibility(
        role="responsible_post", person="section-chief", ends=True
    ))) == [{"filled": "75.00%"}]  # fmt: skip
