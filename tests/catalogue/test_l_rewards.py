"""Section L: what good results bring, to whom, when, and what takes it away."""

from tests.catalogue.case import Outcome, judged, outcome, regime
from tests.support.builders import a_project, a_return, a_year, on
from tests.support.facts import a_confirmation, a_post, a_proposal, a_responsibility, an_award, an_exit

RANKED = "scoring: { ranking: { by: investment_ratio, legal_basis: a law, plan_item: an item, at_most: monthly } }"
DONE = "{ investment_ratio: { at_least: 1 } }"


def reward(more: str, when: str = DONE) -> str:
    return f"rewards: [ {{ id: one, when: {when}, {more} }} ]"


def at_the_year_end(*rules: str, yi: str = "12", events: tuple[object, ...] = (), at: str = "2027-01-10") -> Outcome:
    """p1 stands in the east; bureau-a leads it and firm-1 owns it. By its last return so much of 12 is completed."""
    people = [a_post(), a_responsibility(role="responsible_person", person="clerk-1")]
    told = on("2027-01-03 10:00", a_return(period="2026-12", yi=yi))
    head = a_year(a_project(owner="firm-1", territory="east"), regime=regime(*rules))
    return outcome(*head, *people, told, *events, at=f"{at} 12:00")


@judged("L01")
def test_on_target_is_praised_over_target_commended_and_the_outstanding_heavily_awarded() -> None:
    """000-14: 「对如期完成目标任务的,要表扬」, 「对超额完成目标任务的,要嘉奖」."""
    three = """
rewards:
  - { id: praise, about: unit, when: { investment_ratio: { at_least: 1, at_most: 1 } }, award: praise }
  - { id: more, about: unit, when: { investment_ratio: { above: 1, below: 1.2 } }, award: commendation }
  - { id: most, about: unit, when: { investment_ratio: { at_least: 1.2 } }, award: heavy_award }
"""

    def earned(yi: str) -> list[str]:
        return [one.act for one in at_the_year_end(three, yi=yi).decisions if one.kind == "reward"]

    assert [earned(yi) for yi in ("11.99", "12", "13", "14.4")] == [[], ["praise"], ["commendation"], ["heavy_award"]]


@judged("L02")
def test_a_prize_of_its_own_is_given_for_a_kind_of_work_at_the_years_end() -> None:
    """000-6: 「单列奖项进行表彰,给予重奖」."""

    def prize(category: str, judged_at: str = "year_end", period: str = "2026-12") -> list[str]:
        more = f"about: project, among: {{ category: {category} }}, award: separate_award, judged: {judged_at}"
        head = a_year(a_project(category="tree_planting"), regime=regime(reward(more)))
        told = on("2026-12-03 10:00" if period == "2026-11" else "2027-01-03 10:00", a_return(period=period, yi="12"))
        found = outcome(*head, told, at="2026-12-10 12:00" if period == "2026-11" else "2027-01-10 12:00")
        return [one.act for one in found.of("rewards/one")]

    assert prize("tree_planting") == ["separate_award"]
    assert prize("investment_promotion") == []
    assert prize("tree_planting", period="2026-11") == []
    assert prize("tree_planting", "any_time", period="2026-11") == ["separate_award"]


@judged("L03")
def test_who_ranks_first_is_praised_and_its_head_speaks_as_a_model() -> None:
    """004: 「主要负责人作典型发言」."""
    bulletin = """
bulletins:
  - id: visit
    kind: 通报
    cadence: monthly
    issue: { working_days_after_close: 1 }
    sections: [commended]
    commended: { top: 1%s }
"""

    def named(more: str, done: str) -> list[tuple[str, str, str, str]]:
        projects = [a_project(code, lead=f"bureau-{code}") for code in "ab"]
        said = [a_return(code, yi=yi) for code, yi in zip("ab", done, strict=True)]
        heads = [a_post("head-a"), a_post("head-b", unit="bureau-b")]
        head = [*a_year(*projects, regime=regime(RANKED, bulletin % more)), *heads]
        found = outcome(*head, on("2026-02-03 10:00", said[0]), *said[1:], at="2026-02-20 12:00")
        return [
            (one.act, one.form, one.to[0].code, one.facts.get("forum", ""))
            for one in found.of("bulletins/visit/commended")
        ]

    speaks = ", must: best_practice_statement, forum: summary"
    assert named(speaks, "93") == [("best_practice_statement", "owes", "head-a", "summary")]
    assert named(speaks, "39") == [("best_practice_statement", "owes", "head-b", "summary")]
    assert named("", "93") == [("praise", "acts", "head-a", "")]


@judged("L04")
def test_a_region_a_unit_or_a_person_may_be_rewarded() -> None:
    """000-9: 「给予重点奖励」 to regions, departments, units, persons."""

    def rewarded(about: str, to: str = "lead_unit") -> list[tuple[str, str, list[str]]]:
        found = at_the_year_end(reward(f"about: {about}, award: heavy_award, to: [{to}]")).of("rewards/one")
        return [(one.about, one.subject, [who.code for who in one.to]) for one in found]

    assert rewarded("territory") == [("territory", "east", ["bureau-a"])]
    assert rewarded("unit") == [("unit", "bureau-a", ["bureau-a"])]
    assert rewarded("person", "responsible_person") == [("person", "clerk-1", ["clerk-1"])]
    assert rewarded("unit", "unit_head, responsible_person") == [("unit", "bureau-a", ["head-a", "clerk-1"])]


@judged("L05")
def test_advanced_units_are_chosen_after_the_appraisal_by_those_who_approve() -> None:
    """000-5: 「评选重点项目建设工作先进单位」; nobody is proposed again who has the award."""
    chain = "chains: { town: [ { by: party_committee, act: approve } ] }"

    def proposed(more: str, *events: object, yi: str = "12") -> list[tuple[str, str]]:
        rules = (chain, reward(f"about: unit, award: advanced_unit{more}"))
        return [(one.act, one.by) for one in at_the_year_end(*rules, yi=yi, events=events).of("rewards/one")]

    assert proposed(", approval: town") == [("advanced_unit", "party_committee")]
    assert proposed("") == [("advanced_unit", "government")]
    assert proposed(", approval: town", yi="11") == []
    rules = regime(chain, reward("about: unit, award: advanced_unit, approval: town"))
    done_early = on("2026-12-03 10:00", a_return(period="2026-11", yi="12"))
    assert outcome(*a_year(regime=rules), done_early, at="2026-12-20 12:00").of("rewards/one") == []
    granted = on("2027-01-08 10:00", an_award(award="advanced_unit", on="2027-01-08"))
    assert proposed(", approval: town", granted) == []
    of_reward = [a_proposal("one", "2027-01-04"), a_confirmation("one", "party_committee", "2027-01-05")]
    assert proposed(", approval: town", *of_reward) == [("advanced_unit", "government")]

    def after_appraisal(*events: object) -> list[str]:
        rules = (chain, "assessment: { approval: town }", reward("about: unit, award: advanced_unit"))
        return [one.rule for one in at_the_year_end(*rules, events=events).decisions]

    result = [a_proposal(on="2027-01-04"), a_confirmation(step="party_committee", on="2027-01-05")]
    assert after_appraisal() == after_appraisal(*of_reward) == ["assessment/approval"]
    assert after_appraisal(*result) == ["rewards/one"]


@judged("L06")
def test_the_owners_of_projects_that_invested_well_are_rewarded() -> None:
    """004: 「完成投资较好的项目业主」."""

    def rewarded(to: str, yi: str = "12") -> list[tuple[str, str]]:
        found = at_the_year_end(reward(f"about: project, award: commendation{to}"), yi=yi).of("rewards/one")
        return [(who.role, who.code) for one in found for who in one.to]

    assert rewarded(", to: [owner]") == [("owner", "firm-1")]
    assert rewarded("") == [("lead_unit", "bureau-a")]
    assert rewarded(", to: [owner]", yi="11") == []


@judged("L07")
def test_what_is_listed_is_preferred_and_what_leaves_the_list_is_no_longer() -> None:
    """004: 「不再享受重点项目各项优惠政策」."""
    listed = "measures: { listed: { objects: all } }"
    preferred = reward("about: project, award: priority_support, to: [owner], judged: any_time", "{ listed: 1 }")

    def benefits(loses: str, *events: object, at: str = "2026-03-10") -> tuple[list[str], list[str]]:
        head = a_year(a_project(owner="firm-1"), a_project("p2"), regime=regime(listed, preferred, loses))
        found = outcome(*head, *events, at=f"{at} 12:00")
        withdrawn = [f"{one.subject}: {one.facts['loses']}" for one in found.of("list_changes/loses")]
        return [one.subject for one in found.of("rewards/one")], withdrawn

    loses = "list_changes: { loses: [land, loans] }"
    left = on("2026-03-05 10:00", an_exit(on="2026-03-05"))
    assert benefits(loses) == (["p1", "p2"], [])
    assert benefits(loses, left)[1] == ["p1: land, loans"]
    assert benefits("list_changes: { urged_at_least: 1 }", left)[1] == []
    assert benefits(loses, left, at="2026-04-10") == (["p2"], [])
