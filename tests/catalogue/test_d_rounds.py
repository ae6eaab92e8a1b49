"""How rounds are made: their methods, who joins, what limits them, their reports, files and topics; case opening."""

from typing import Any

from shared.core.regime.model import Regime
from tests.catalogue.case import judged, outcome, regime
from tests.support.builders import a_plan, a_project, a_return, a_year, on
from tests.support.facts import (
    a_finding,
    a_matter,
    a_milestone,
    a_milestone_reached,
    a_report,
    a_round,
    a_round_report,
    a_striking_off,
    a_verification,
    an_inspection,
    day,
)

LATER = "2026-03-10 12:00"


@judged("D08")
def test_some_of_the_visits_are_unannounced_or_the_requirement_is_not_met() -> None:
    """000-2: 「随时以暗访形式进行检查」."""
    rules = regime("""
measures: { covert_share: { portion_of: inspection, where: { is_announced: false }, window: year_to_date } }
requirements: [ { id: covert, about: project, must: { covert_share: { at_least: 0.5 } } } ]
""")
    announced, covert = an_inspection(), an_inspection(method="covert", is_announced=False)

    def found(*inspections: object) -> list[tuple[str, str, str]]:
        told = [on("2026-03-03 10:00", one) for one in inspections]
        return outcome(*a_year(regime=rules), *told, at=LATER).acts("requirements/covert")

    assert found(announced, announced, covert) == [("requirement_unmet", "p1", "fulfil")]
    assert found(announced, covert) == []
    assert found() == [("unknown", "p1", "find_out")]  # no visit is not an announced one


@judged("D09")
def test_every_method_that_is_listed_must_have_been_used_in_the_period() -> None:
    """000-16: at the unit 「了解情况」, on the site 「核实进度」."""
    rules = regime("""
measures:
  at_the_unit: { count: inspection, where: { method: [documents, hearing, interview] }, window: period }
  on_the_site: { count: inspection, where: { method: on_site }, window: period }
requirements:
  - { id: two_sources, about: project, must: { at_the_unit: { at_least: 1 }, on_the_site: { at_least: 1 } } }
""")

    def facts(*methods: str) -> list[dict[str, str]]:
        told = [on("2026-03-03 10:00", an_inspection(method=one)) for one in methods]
        return [dict(one.facts) for one in outcome(*a_year(regime=rules), *told, at=LATER).decisions]

    assert facts("documents", "hearing") == [{"at_the_unit": "2", "on_the_site": "0"}]
    assert facts("on_site") == [{"at_the_unit": "0", "on_the_site": "1"}]
    assert facts("interview", "on_site") == []
    in_february = [on("2026-02-10 10:00", an_inspection(on="2026-02-10", method=one)) for one in ("hearing", "on_site")]
    (before,) = outcome(*a_year(regime=rules), *in_february, at=LATER).decisions
    assert before.facts == {"at_the_unit": "0", "on_the_site": "0"}


@judged("D11")
def test_a_case_is_opened_once_it_is_approved_or_by_whoever_may_open_it_directly() -> None:
    """000-4b: 「报主任批准后立项督查」; the director may open directly."""
    rules = regime("""
chains:
  open: [ { by: supervision_office, act: propose }, { by: line_leader, act: review }, { by: unit_head, act: approve } ]
matters: { opens_on: [directive], open_chain: open, opened_directly_by: [government] }
""")
    free = regime("matters: { opens_on: [directive] }")
    by_some = regime("matters: { opens_on: [directive], opened_directly_by: [government] }")

    def next_of(rule: Regime, **changes: Any) -> list[tuple[str, str]]:
        head = a_year(regime=rule)
        found = outcome(*head, on("2026-03-02 09:00", a_matter(unit="bureau-a", **changes)), at=LATER).decisions
        return [(one.act, one.by) for one in found]

    handled = [("handle", "handling_unit")]
    assert next_of(rules) == next_of(rules, approver="liaison") == [("review", "line_leader")]
    assert next_of(rules, approver="line_leader") == [("approve", "unit_head")]
    assert next_of(rules, approver="unit_head") == next_of(rules, approver="government") == handled
    assert next_of(by_some, approver="liaison") == [("approve", "government")]
    assert next_of(free) == next_of(free, approver="liaison") == next_of(by_some, approver="government") == handled
    assert next_of(rules, source="problem") == next_of(free, source="problem") == []  # nothing is opened on it here


@judged("D12")
def test_what_a_leader_assigns_is_looked_into_by_itself_at_the_next_close() -> None:
    """000-4b: 「急事急查、特事特查」 for matters that leaders assign; other matters wait their turn."""
    rules = regime("""
supervision_rules:
  - id: assigned
    about: matter
    when: { where: { source: directive, state: [open, assigned] } }
    held: { of: weekly }
    ladder: at_once
reporting: [ { cadence: weekly, due: { weekday: fri } } ]
ladders: { at_once: [ { step: direct_investigation, serve: [lead_unit], sign_off: [signer] } ] }
""")

    def steps(*more: object, **changes: Any) -> list[str]:
        told = on("2026-03-02 09:00", a_matter(unit="bureau-a", **changes))
        return outcome(*a_year(regime=rules), told, *more, at="2026-03-07 12:00").steps

    assert steps() == ["direct_investigation"]
    assert steps(source="higher_document") == []
    assert steps(on="2026-03-09") == []
    assert steps(a_verification()) == []


@judged("D13")
def test_a_joint_round_counts_only_if_all_who_are_invited_joined_it() -> None:
    """000-13: 「邀请市人大、市政协派员参加」."""
    duty = "{ id: joint, who: supervision_office, do: round, per: monthly, where: { kind: joint }, joined_by: [%s] }"
    congress, conference = "peoples_congress_standing_committee", "political_consultative_conference"

    def state(invited: str, *joined: str, kind: Any = "joint") -> list[str]:
        held = on("2026-03-02 09:00", a_round(kind=kind, joined_by=joined))
        found = outcome(*a_year(regime=regime(f"duties: [ {duty % invited} ]")), held, at=LATER).of("duties/joint")
        return [one.kind for one in found if one.facts["period"] == "2026-03"]

    assert state(f"{congress}, {conference}", congress, conference, "media") == []
    assert state(f"{congress}, {conference}", congress) == ["owed"]
    assert state(f"{congress}, {conference}", conference) == ["owed"]
    assert state(congress, congress, kind="regular") == ["owed"]
    assert state(congress, congress) == []


@judged("D14")
def test_a_major_project_has_a_team_that_stays_on_the_site() -> None:
    """000-13: 「可派驻现场督查组」."""
    rules = regime("""
measures: { resident: { count: round, where: { kind: resident }, window: year_to_date } }
requirements: [ { id: resident, about: project, among: { tag: major }, must: { resident: { at_least: 1 } } } ]
""")
    listed = [a_project("p1", tags=("major",)), a_project("p2", tags=("major",)), a_project("p3")]
    stays = on("2026-03-02 09:00", a_round(kind="resident", projects=("p1",), until_on="2026-12-31"))
    passes = on("2026-03-02 09:00", a_round("r2", projects=("p2",)))
    found = outcome(*a_year(*listed, regime=rules), stays, passes, at=LATER)
    assert [one.subject for one in found.of("requirements/resident")] == ["p2"]


@judged("D15")
def test_inspections_are_limited_bundled_and_registered() -> None:
    """000-15a: 「严格控制各类检查的次数和规模」, 「尽可能打捆进行」; 002: 「进区检查报备制度」."""
    limit = """
duties: [ { id: few, who: supervision_office, do: inspection, per: monthly, at_least: ~, at_most: %s, about: unit } ]
requirements:
  - { id: bundled, about: round, must: { objects: { at_least: 2 } } }
  - { id: registered, about: inspection, must: { where: { is_registered: true } } }
"""
    told = [
        on("2026-03-02 09:00", an_inspection(is_registered=True)),
        on("2026-03-03 09:00", an_inspection(is_registered=False), id="unregistered"),
        on("2026-03-04 09:00", a_round("alone")), a_round("bundled", projects=("p1", "p2")),
    ]  # fmt: skip

    def found(at_most: int) -> list[tuple[str, str]]:
        head = a_year(a_project("p1"), a_project("p2"), regime=regime(limit % at_most))
        return [(one.kind, one.subject) for one in outcome(*head, *told, at=LATER).decisions]

    others = [("requirement_unmet", "alone"), ("requirement_unmet", "unregistered")]
    assert found(1) == [("exceeded", "bureau-a"), *others]
    assert found(2) == others


@judged("D17")
def test_the_process_is_supervised_as_well_as_the_result() -> None:
    """001: 「不光要督结果,而且要督过程」: who has the amount but missed a node is hit all the same."""
    rules = regime("""
measures: { overdue_nodes: { count: milestone, where: { state: overdue } } }
supervision_rules:
  - { id: result, about: project, when: { deviation_pp: { below: 0 } }, held: { of: monthly }, ladder: project }
  - { id: process, about: project, when: { overdue_nodes: { above: 0 } }, held: { of: monthly }, ladder: project }
ladders: { project: [ { step: due_reminder, serve: [lead_unit], unsigned: true } ] }
""")

    def hit(yi: str, due_on: str, *more: object) -> list[str]:
        plan = a_plan(yi="12", milestones=(a_milestone(due_on=due_on),))
        told = (on("2026-01-02 09:00", plan), *more, on("2026-02-03 09:00", a_return(yi=yi)))
        return [one.rule for one in outcome(*a_year(regime=rules), *told, at="2026-02-06 12:00").hits]

    assert hit("2", "2026-06-30") == []
    assert hit("0.5", "2026-06-30") == ["result"]
    assert hit("2", "2026-01-20") == ["process"]
    assert hit("2", "2026-01-20", on("2026-01-19 09:00", a_milestone_reached(on="2026-01-19"))) == []


@judged("D18")
def test_a_round_is_followed_by_its_report_then_its_bulletin_and_what_it_found_has_a_deadline() -> None:
    """000-4a: 「形成督查报告」, a brief to the whole city, 「提出整改意见,限期整改」."""
    rules = regime("""
duties:
  - { id: rounds, who: supervision_office, do: round, per: monthly, circulate_to: [principal_leaders] }
bulletins:
  - { id: brief, kind: 督查通报, trigger: round_ended, issue: { working_days_after_close: 2 }, sections: [overview] }
matters: { opens_on: [finding], hand_over: after_round }
""")
    held = [on("2026-03-02 09:00", a_round()), an_inspection(round="r1", findings=(a_finding(),))]
    told = on("2026-03-06 17:00", a_round_report(correct_by=day("2026-04-10")))

    def called(*events: object) -> list[tuple[str, str, str]]:
        found = outcome(*a_year(regime=rules), *held, *events, at=LATER).decisions
        return [
            (one.rule, one.act, one.facts.get("correct_by", ""))
            for one in found
            if one.facts.get("period") != "2026-02"
        ]

    assert called() == [("duties/rounds/circulate_to", "report", "")]
    assert called(told) == [("matters/opens_on/finding", "open", "2026-04-10"), ("bulletins/brief", "issue", "")]


@judged("D19")
def test_every_case_ends_with_its_papers_in_a_file() -> None:
    """000-4b: 「做到及时立卷归档」."""
    requirement = "requirements: [ { id: filed, about: round, must: { where: { is_archived: true } } } ]"
    ended = [
        on("2026-03-02 09:00", a_matter(unit="bureau-a")), a_report(), a_verification(),
        a_striking_off(answered=("source",)), a_round(),
    ]  # fmt: skip

    def acts(archive: str, *, is_archived: bool) -> list[tuple[str, str]]:
        rules = regime(requirement, f"matters: {{ archive: {archive} }}")
        told = on("2026-03-06 17:00", a_round_report(is_archived=is_archived))
        return [(one.act, one.subject) for one in outcome(*a_year(regime=rules), *ended, told, at=LATER).decisions]

    assert acts("true", is_archived=False) == [("fulfil", "r1"), ("archive", "m1")]
    assert acts("true", is_archived=True) == [("archive", "m1")]
    assert acts("false", is_archived=True) == []


@judged("D20")
def test_earlier_work_that_was_not_looked_back_at_is_named() -> None:
    """000-16: 「认真进行一次回头看」: what was carried over, since it has stood on the list."""
    rules = regime("""
measures: { look_backs: { count: round, where: { kind: look_back }, window: since_start } }
requirements: [ { id: look_back, about: project, among: { continuing: true }, must: { look_backs: { at_least: 1 } } } ]
""")
    listed = [a_project(one, continuing=True) for one in ("p1", "p2")] + [a_project("p3", continuing=False)]
    look = on("2026-03-02 09:00", a_round(kind="look_back", projects=("p2",)))
    again = on("2026-03-03 09:00", a_round("r2", kind="regular"))
    found = outcome(*a_year(*listed, regime=rules), look, again, at=LATER)
    assert [one.subject for one in found.of("requirements/look_back")] == ["p1"]


@judged("D21")
def test_a_scheme_of_a_year_asks_for_nothing_after_it_and_says_that_it_has_ended() -> None:
    """000-4a: 「督查时间。暂定为一年」."""
    duty = "duties: [ { id: weekly, who: supervision_office, do: inspection, per: weekly } ]"
    provisional = "validity: { within: { months: 3 }, is_provisional: true }"

    def asked(at: str, *more: str) -> list[str]:
        return [one.kind for one in outcome(*a_year(regime=regime(duty, *more)), at=f"{at} 12:00").decisions]

    assert asked("2026-03-31", provisional)[-1] == "owed"
    ended = outcome(*a_year(regime=regime(duty, provisional)), at="2026-04-20 12:00")
    assert [one.kind for one in ended.decisions if one.kind == "owed"] == []
    (expired,) = ended.of("validity")
    assert (expired.act, expired.facts) == ("renew", {"last_day": "2026-03-31", "is_provisional": "yes"})
    assert asked("2026-04-20")[-1] == "owed"
    assert "expiry" not in asked("2026-04-20")
    idle = """
supervision_rules:
  - { id: idle, about: project, when: { none: [ { stage: started } ] }, held: { of: monthly }, ladder: one }
ladders: { one: [ { step: due_reminder, serve: [lead_unit], unsigned: true, repeat: { days: 1 } } ] }
bulletins:
  - { id: monthly, kind: 通报, cadence: monthly, issue: { working_days_after_close: 1 }, sections: [overview] }
"""

    def said(*more: str) -> tuple[list[str], list[str], list[str]]:
        found = outcome(*a_year(regime=regime(idle, *more)), at="2026-06-10 12:00")
        told = [one.facts.period for one in found.bulletins]
        return [one.period for one in found.hits], [one.moment.split(":")[2] for one in found.notices], told

    months = [f"2026-0{month}" for month in range(1, 6)]
    assert said() == (months, months, months)
    assert said(provisional) == (months[:3], months[:3], months[:3])


@judged("D22")
def test_projects_of_a_programme_have_an_inspection_of_its_own_topic() -> None:
    """001: 「中央预算内投资项目专项督查」."""
    rules = regime("""
measures: { special: { count: round, where: { kind: special, topic: central_budget }, window: year_to_date } }
requirements: [ { id: special, about: project, among: { tag: central_budget }, must: { special: { at_least: 1 } } } ]
""")
    head = a_year(a_project("p1", tags=("central_budget",)), a_project("p2"), regime=rules)

    def unmet(**changes: str) -> list[str]:
        held = on("2026-03-02 09:00", a_round(projects=("p1", "p2"), **changes))
        return [one.subject for one in outcome(*head, held, at=LATER).decisions]

    assert unmet(kind="special", topic="central_budget") == []
    assert unmet(kind="special", topic="environment") == ["p1"]
    assert unmet(kind="regular") == unmet(kind="regular", topic="central_budget") == ["p1"]
