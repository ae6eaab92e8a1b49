"""Which stage counts as reached, what must follow it, and what stands in the way."""

from dataclasses import replace

from tests.catalogue.case import judged, outcome, regime
from tests.support.builders import a_project, a_return, a_stage, a_year, on
from tests.support.facts import a_payment, a_problem, a_solution, an_allocation

REMIND = "ladders: { project: [ { step: due_reminder, serve: [lead_unit], unsigned: true } ] }"


@judged("F01")
def test_a_stage_counts_only_on_its_basis_and_after_the_stages_before_it() -> None:
    """000-3: 「前期筹建、开工建设、竣工投产」, each on its papers."""
    gates = """
stages:
  - { stage: started, basis: [construction_permit], after: [early_work] }
  - { stage: commissioned, after: [started, accepted] }
"""
    early, permitted = a_stage(stage="early_work"), replace(a_stage(), basis="construction_permit")

    def reached(rules: str, *stages: object) -> tuple[str, ...]:
        return outcome(*a_year(regime=regime(rules)), *stages, at="2026-02-06").now("p1").stages

    assert reached(gates, early, permitted) == ("early_work", "started")
    assert reached(gates, early, replace(permitted, basis="ceremony")) == ("early_work",)
    assert reached(gates, permitted) == ()
    assert reached(gates, early, permitted, a_stage(stage="commissioned")) == ("early_work", "started")
    assert reached(gates, early, a_stage(stage="accepted"), a_stage(stage="commissioned")) == ("accepted", "early_work")
    assert reached("stages: []", permitted, a_stage(stage="commissioned")) == ("commissioned", "started")


@judged("F11")
def test_what_was_funded_this_year_must_start_this_year() -> None:
    """001: 「当年下达投资项目必须当年开工建设」."""
    rules = regime(
        REMIND,
        """
measures: { funded: { count: funds, where: { kind: allocated }, window: year_to_date } }
supervision_rules:
  - id: unstarted
    about: project
    when: { all: [ { funded: { at_least: 1 } }, { none: [ { stage: started } ] } ] }
    held: { of: monthly }
    ladder: project
    season: { first: 12-31, last: 12-31 }
""",
    )

    def hit(*events: object, at: str = "2027-01-06 12:00") -> list[str]:
        return outcome(*a_year(regime=rules), *events, at=at).hit("unstarted")

    funded = on("2026-05-04 09:00", an_allocation(on="2026-05-04"))
    assert hit(funded) == ["p1"]
    assert hit(funded, at="2026-12-10 12:00") == []
    assert hit(funded, a_stage(on="2026-05-01")) == []
    assert hit() == hit(on("2026-01-04 09:00", an_allocation(on="2025-12-30"))) == []
    assert hit(on("2026-05-04 09:00", a_payment(on="2026-05-04"))) == []


@judged("F12")
def test_what_is_old_and_unstarted_must_start_in_the_last_quarter() -> None:
    """001: 「四季度内必须全部开工建设」."""
    rules = regime(
        REMIND,
        """
reporting: [ { cadence: monthly, due: { day: 5 } }, { cadence: quarterly, due: { day: 5 } } ]
supervision_rules:
  - id: old_unstarted
    about: project
    among: { continuing: true }
    when: { none: [ { stage: started } ] }
    held: { of: quarterly }
    ladder: project
    season: { months: [10, 11, 12] }
""",
    )
    listed = [a_project("p1", continuing=True), a_project("p2", continuing=True), a_project("p3", continuing=False)]

    def hit(at: str, started_on: str = "2026-12-20") -> list[str]:
        started = on(f"{started_on} 09:00", a_stage("p2", on=started_on))
        return outcome(*a_year(*listed, regime=rules), started, at=at).hit("old_unstarted")

    assert hit("2026-12-31 12:00") == []  # the third quarter is not yet the time
    assert hit("2027-01-06 12:00") == ["p1"]
    assert hit("2027-01-06 12:00", "2027-01-02") == ["p1", "p2"]


@judged("F13")
def test_land_is_supplied_by_progress_and_held_back_where_there_is_none() -> None:
    """000-16: 「项目供地与推进速度挂钩制度」."""
    rules = regime("""
rewards:
  - id: land
    about: project
    when: { investment_ratio: { at_least: 0.1 } }
    award: land_supply
    judged: any_time
    competent: land_office
    suspended_when: { deviation_pp: { below: -5 } }
""")

    def supplied(period: str, yi: str, at: str) -> list[tuple[str, str, str]]:
        told = on(f"{at} 10:00", a_return(period=period, yi=yi))
        found = outcome(*a_year(regime=rules), told, at=f"{at} 12:00").decisions
        return [(one.kind, one.act, one.by) for one in found]

    assert supplied("2026-01", "2", "2026-02-03") == [("reward", "land_supply", "land_office")]
    assert supplied("2026-03", "2", "2026-04-03") == [("reward_suspended", "land_supply", "land_office")]
    assert supplied("2026-01", "1", "2026-02-03") == []


@judged("F16")
def test_what_is_completed_must_be_entered_into_the_statistics() -> None:
    """001: 「及时入统」."""
    rules = regime("""
requirements:
  - { id: enter, about: project, among: { stage: completed }, must: { stage: in_statistics } }
""")

    def unmet(*stages: str) -> list[str]:
        told = [a_stage(stage=one) for one in stages]  # type: ignore[arg-type]
        return [one.subject for one in outcome(*a_year(regime=rules), *told, at="2026-02-06").of("requirements/enter")]

    assert unmet("started") == []
    assert unmet("started", "completed") == ["p1"]
    assert unmet("started", "completed", "in_statistics") == []


@judged("F17")
def test_a_problem_is_counted_and_led_to_its_office_by_its_kind_of_obstacle() -> None:
    """001: 「是手续问题、用地问题、资金问题」; 000-16: 「征地、拆迁、土地报批、企业用工」."""
    rules = regime("""
measures:
  of_land: { portion_of: problem, where: { obstacle: [land, demolition] }, among: { state: [open, escalated] } }
supervision_rules:
  - id: land
    about: problem
    when: { where: { obstacle: [land, demolition], state: open } }
    held: { of: monthly }
    ladder: land
  - { id: money, about: problem, when: { where: { obstacle: funds } }, held: { of: monthly }, ladder: money }
ladders:
  land: [ { step: supervision_letter, serve: [lead_unit], sign_off: [signer] } ]
  money: [ { step: joint_meeting, serve: [lead_unit], sign_off: [signer] } ]
""")
    told = [
        on("2026-01-12 09:00", a_problem("q1", on="2026-01-12", obstacle="demolition")),
        a_problem("q2", on="2026-01-12", obstacle="labour"),
        a_problem("q3", on="2026-01-12", obstacle="land"),
    ]
    found = outcome(*a_year(regime=rules), *told, a_solution("q3", on="2026-01-12"), at="2026-02-06 12:00")
    assert (found.hit("land"), found.hit("money"), found.steps) == (["q1"], [], ["supervision_letter"])
    assert found.now("p1").displayed["of_land"] == "50.00%"
    funds = on("2026-01-12 09:00", a_problem("q1", on="2026-01-12", obstacle="funds"))
    assert outcome(*a_year(regime=rules), funds, at="2026-02-06 12:00").steps == ["joint_meeting"]
