"""What follows from results: rewards and their loss, vetoes, the year's approval, and what it feeds."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from shared.core.regime.language import Bound, ChainStep, Has
from shared.core.regime.management import Assessment, Feed, Reward
from shared.core.regime.measures import Count
from shared.core.regime.scoring import Veto
from tests.support.builders import a_project, a_return, a_scoring, a_stage, with_measures
from tests.support.decided import decided, only, rules, told
from tests.support.facts import a_confirmation, a_loss, a_proposal, a_responsibility, an_award, an_incident

YEAR: dict[str, Any] = {"day": "2026-12-31", "period": "2026", "at": "2027-01-31 09:00"}
DONE = a_return(period="2026-12", yi="12")
ON_TARGET = Reward(
    id="on_target", about="unit", when={"investment_ratio": Bound(at_least=Decimal(1))}, award="praise", source="000-14"
)


def under(*rewards: Reward, events: tuple[object, ...] = (), **changes: Any) -> Any:
    view: dict[str, Any] = {name: changes.pop(name) for name in ("day", "period", "at", "projects") if name in changes}
    return decided(rules(rewards=rewards, **changes), *events, **{**YEAR, **view})


# --- rewards ----------------------------------------------------------------------------------------------------


def test_three_levels_of_reward_for_three_levels_of_work() -> None:
    """000-14: on target praise, over target commendation, outstanding a heavy award."""
    bounds: dict[Any, Bound] = {
        "praise": Bound(at_least=Decimal(1), below=Decimal("1.1")),
        "commendation": Bound(at_least=Decimal("1.1"), below=Decimal("1.3")),
        "heavy_award": Bound(at_least=Decimal("1.3")),
    }
    levels = [
        replace(ON_TARGET, id=award, award=award, when={"investment_ratio": bound}) for award, bound in bounds.items()
    ]
    earned = [only(under(*levels, events=(a_return(period="2026-12", yi=yi),))).act for yi in ("12", "14", "16")]
    assert earned == ["praise", "commendation", "heavy_award"]
    assert under(*levels, events=(a_return(period="2026-12", yi="11"),)) == []


def test_a_reward_is_proposed_to_who_may_give_it_with_its_inputs() -> None:
    found = only(under(ON_TARGET, events=(DONE,)))
    assert (found.kind, found.by, found.form, found.source) == ("reward", "government", "proposes", "000-14")
    assert found.facts == {"investment_ratio": "100.00%"}
    assert [(to.role, to.code) for to in found.to] == [("lead_unit", "bureau-a")]


def test_an_advanced_unit_is_approved_by_the_chain() -> None:
    """000-5: approved by the party committee and government."""
    rule = replace(ON_TARGET, award="advanced_unit", approval="award")
    chain = (ChainStep(by="assessment_office", act="propose"), ChainStep(by="party_committee_and_government"))
    assert only(under(rule, events=(DONE,), chains={"award": chain})).by == "assessment_office"

    def next_of(*steps: Any) -> list[tuple[str, str, str]]:
        proposed = a_proposal(scheme="on_target")
        found = under(rule, events=(DONE, proposed, *steps), chains={"award": chain})
        return [(one.kind, one.act, one.by) for one in found]

    steps = [a_confirmation(scheme="on_target", step=step.by) for step in chain]
    assert next_of(steps[0]) == [("reward", "advanced_unit", "party_committee_and_government")]
    assert next_of(*steps) == [("reward", "advanced_unit", "government")]
    assert next_of(steps[0], replace(steps[1], approved=False)) == []


def test_the_steps_of_a_reward_are_no_steps_of_the_years_result() -> None:
    rule = replace(ON_TARGET, judged="any_time", approval="result")
    steps = [a_confirmation(scheme="on_target", step=step.by) for step in CHAIN]
    of_reward = (DONE, a_proposal(scheme="on_target"), *steps)
    found = under(rule, events=of_reward, chains={"result": CHAIN}, assessment=replace(RULES, feeds=()))
    assert [(one.rule, one.by) for one in found] == [
        ("rewards/on_target", "government"), ("assessment/approval", "assessment_office"),
    ]  # fmt: skip


def test_the_rewards_of_a_year_wait_for_its_result() -> None:
    """000-5: chosen 「after the appraisal」; what is judged at any time waits for nothing."""
    result = replace(RULES, feeds=(), consequences=())

    def of(*steps: Any, **changed: Any) -> list[str]:
        events = (DONE, a_proposal(), *steps)
        found = under(replace(ON_TARGET, **changed), events=events, chains={"result": CHAIN}, assessment=result)
        return [one.rule for one in found]

    steps = [a_confirmation(step=step.by) for step in CHAIN]
    assert of(*steps[:2]) == ["assessment/approval"]
    assert of(*steps) == ["rewards/on_target"]
    assert of(judged="any_time") == ["rewards/on_target", "assessment/approval"]


def test_the_year_is_not_rewarded_before_it_has_ended() -> None:
    november: dict[str, Any] = {"day": "2026-11-30", "period": "2026-11", "at": "2026-12-05 09:00"}
    early = a_return(period="2026-11", yi="12")
    assert under(ON_TARGET, events=(early,), **november) == []
    assert len(under(replace(ON_TARGET, judged="any_time"), events=(early,), **november)) == 1


def test_what_is_not_known_is_listed_as_such() -> None:
    assert told(under(ON_TARGET)) == [("unknown", "bureau-a", "praise")]


def test_what_is_granted_is_not_proposed_again() -> None:
    assert under(ON_TARGET, events=(DONE, an_award())) == []
    assert under(ON_TARGET, events=(DONE, an_award(on="2027-01-20"))) == [], "the year's awards are granted after it"
    last_year = an_award(on="2025-03-02")
    assert len(under(ON_TARGET, events=(DONE, last_year))) == 1
    assert len(under(ON_TARGET, events=(DONE, an_award(award="commendation")))) == 1


def test_an_owner_who_invested_well_is_rewarded() -> None:
    """004: 「完成投资较好的项目业主」."""
    rule = replace(ON_TARGET, about="project", to=("owner",))
    found = only(under(rule, events=(DONE,), projects=(a_project(owner="firm-1"),)))
    assert [(to.role, to.code) for to in found.to] == [("owner", "firm-1")]


@pytest.mark.parametrize("loss", [a_loss(award="praise"), a_loss(award="all")])
def test_who_lost_the_right_to_awards_gets_none(loss: Any) -> None:
    """001: 「取消其评优受奖资格」."""
    found = only(under(ON_TARGET, events=(DONE, loss)))
    assert (found.kind, found.act, found.facts["lost_by"]) == ("reward_suspended", "praise", "eligibility_loss")


@pytest.mark.parametrize("loss", [a_loss(award="heavy_award"), a_loss("somebody", award="all")])
def test_the_loss_of_another_award_or_of_another_costs_nothing(loss: Any) -> None:
    assert only(under(ON_TARGET, events=(DONE, loss))).kind == "reward"


def test_a_firm_that_lost_the_right_gets_none_for_its_project() -> None:
    """000-14: a heavy-injury accident cancels a contractor's award."""
    rule = replace(ON_TARGET, about="project", to=("owner",))
    owned = {"projects": (a_project(owner="firm-1"),)}
    assert only(under(rule, events=(DONE, a_loss("firm-1", award="all")), **owned)).kind == "reward_suspended"


def test_land_is_supplied_by_progress_and_stops_where_it_lies_idle() -> None:
    """000-16: 「项目供地与推进速度挂钩制度」."""
    rule = Reward(
        id="land", about="project", when=Has(stage="approved"), award="land_supply", judged="any_time",
        suspended_when={"deviation": Bound(below=Decimal(-10))}, competent="land_office",
    )  # fmt: skip
    march: dict[str, Any] = {"day": "2026-03-31", "period": "2026-03", "at": "2026-04-09 09:00"}
    approved = a_stage(stage="approved")
    kinds = [
        [one.kind for one in under(rule, events=events, **march)]
        for events in (
            (),
            (approved, a_return(period="2026-03", yi="6")),
            (approved, a_return(period="2026-03", yi="1")),
        )
    ]
    assert kinds == [[], ["reward"], ["reward_suspended"]]


# --- vetoes -----------------------------------------------------------------------------------------------------

INCIDENTS = {"incidents": Count(count="incident")}
VETO = Veto(
    id="safety", when={"incidents": Bound(at_least=Decimal(1))}, result="no_award", legal_basis="a law",
    plan_item="a plan", source="000-14",
)  # fmt: skip


def test_a_veto_strikes_and_takes_the_award_away() -> None:
    measures = with_measures(**INCIDENTS).measures
    changes: dict[str, Any] = {"measures": measures, "scoring": a_scoring(vetoes=(VETO,))}
    found = under(ON_TARGET, events=(DONE, an_incident()), **changes)
    assert told(found) == [("veto", "bureau-a", "no_award"), ("reward_suspended", "bureau-a", "praise")]
    assert found[0].facts == {"incidents": "1", "legal_basis": "a law", "plan_item": "a plan"}
    assert told(under(ON_TARGET, events=(DONE,), **changes)) == [("reward", "bureau-a", "praise")]


# --- the result of the year -------------------------------------------------------------------------------------

CHAIN = (
    ChainStep(by="assessment_office", act="propose"), ChainStep(by="leading_group", act="review"),
    ChainStep(by="standing_committee", act="approve"),
)  # fmt: skip
RULES = Assessment(
    approval="result", feeds=(Feed(scheme="efficiency", of="investment_ratio", weight=Decimal("0.3")),),
    consequences=("cadre_use",), source="000-6",
)  # fmt: skip


def assessed(*steps: Any, **changes: Any) -> Any:
    proposed = (a_proposal(),) if steps else ()
    return under(events=(DONE, *proposed, *steps), chains={"result": CHAIN}, assessment=RULES, **changes)


def test_the_result_of_the_year_goes_through_its_chain() -> None:
    """000-6: office, leading group, standing committee."""
    steps = [a_confirmation(step=step.by) for step in CHAIN]
    turns = [only(assessed(*steps[:done])) for done in range(3)]
    assert [(one.kind, one.act, one.by) for one in turns] == [("approval", step.act, step.by) for step in CHAIN]


def test_a_final_result_feeds_another_scheme_and_has_its_consequences() -> None:
    """000-4a: 「年度机关效能建设考评的重要依据」; 000-5: 「使用和评价干部的重要参考」."""
    found = assessed(*(a_confirmation(step=step.by) for step in CHAIN))
    assert told(found) == [("result", "bureau-a", "feed"), ("result", "city", "cadre_use")]
    assert found[0].facts == {"scheme": "efficiency", "investment_ratio": "100.00%", "weight": "0.3"}
    assert (found[1].by, found[1].form) == ("organisation_department", "refers")


def test_points_may_feed_another_scheme() -> None:
    feeds = (Feed(scheme="efficiency", of="total"),)
    steps = [a_confirmation(step=step.by) for step in CHAIN]
    found = under(
        events=(DONE, a_stage(), a_proposal(), *steps), chains={"result": CHAIN}, scoring=a_scoring(),
        assessment=replace(RULES, feeds=feeds, consequences=()),
    )  # fmt: skip
    assert only(found).facts == {"scheme": "efficiency", "total": "80.00", "weight": "-"}


def test_a_step_that_is_decided_on_the_day_itself_counts() -> None:
    """The office decides on 20 January and is asked in the evening of that day."""
    decided_today = a_confirmation(step="assessment_office", on="2027-01-20")
    assert only(assessed(decided_today, at="2027-01-20 18:00")).by == "leading_group"
    assert only(assessed(decided_today, at="2027-01-19 18:00")).by == "assessment_office"


def test_a_result_that_was_refused_feeds_nothing() -> None:
    assert assessed(a_confirmation(step="assessment_office", approved=False)) == []


def test_nothing_is_final_while_the_year_runs() -> None:
    assert assessed(day="2026-11-30", period="2026-11", at="2026-12-05 09:00") == []


def test_half_a_year_is_appraised_first() -> None:
    """004: 「半年对重点项目建设进行小结、初评」."""
    rule = replace(RULES, first_appraisal="half_year")
    june: dict[str, Any] = {"day": "2026-06-30", "period": "2026-H1", "at": "2026-07-09 09:00"}
    found = only(under(events=(DONE,), chains={"result": CHAIN}, assessment=rule, **june))
    assert (found.act, found.by) == ("first_appraisal", "assessment_office")
    march: dict[str, Any] = {"day": "2026-03-31", "period": "2026-03", "at": "2026-04-09 09:00"}
    assert under(assessment=rule, **march) == []


def test_supervisors_are_assessed_too() -> None:
    """003: 「也包括了重点工程项目建设督查组成员」."""
    rule = replace(RULES, assessed=("unit", "team"))
    of_team = a_responsibility(role="supervision_team", person="member-1")
    steps = (a_confirmation(step=step.by) for step in CHAIN)
    found = under(events=(DONE, of_team, a_proposal(), *steps), chains={"result": CHAIN}, assessment=rule)
    assert [one.subject for one in found if one.act == "feed"] == ["member-1", "bureau-a"]
