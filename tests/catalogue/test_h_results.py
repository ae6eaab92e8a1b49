"""Who is compared with whom, who may not be, and what a year's result leads to."""

from collections.abc import Sequence

import pytest

from tests.catalogue.case import Outcome, judged, outcome, regime
from tests.support.builders import a_jurisdiction, a_list, a_project, a_return, a_stage, a_unit, a_year, an_adoption, on
from tests.support.facts import a_confirmation, a_loss, a_proposal, a_responsibility, an_absence, an_incident

YEAR_END = "2027-01-10 12:00"
RANKED = "ranking: { by: investment_ratio, legal_basis: a law, plan_item: an item, at_most: monthly }"
CHAIN = "chains: { result: [ { by: assessment_office, act: propose }, { by: standing_committee, act: decide } ] }"


def compared(*rules: str, done: str = "963", events: Sequence[object] = ()) -> Outcome:
    """Three bureaux with a project each, of which so much is completed, as of some days after the close."""
    projects = [a_project(code, lead=f"bureau-{code}") for code in "abc"]
    said = [a_return(code, yi=yi) for code, yi in zip("abc", done, strict=True)]
    head = a_year(*projects, regime=regime(*rules))
    return outcome(*head, *events, on("2026-02-03 10:00", said[0]), *said[1:], at="2026-02-20 12:00")


def ranks(found: Outcome) -> list[int | None]:
    return [found.now(f"bureau-{code}").rank for code in "abc"]


@judged("H07")
def test_who_cannot_be_ranked_is_bulletined_without_a_place() -> None:
    bulletin = """
bulletins:
  - { id: monthly, kind: 通报, cadence: monthly, sections: [ranking, unranked], issue: { working_days_after_close: 1 } }
"""
    rankable = f"scoring: {{ {RANKED[:-2]}, rankable: {{ stage: started }} }} }}"
    started = [a_stage("b"), a_stage("c")]
    found = compared(rankable, bulletin, events=started)
    assert ranks(found) == [None, 1, 2]
    assert [line.subject for line in found.bulletins[0].facts.unranked] == ["bureau-a"]
    assert ["Bureau-A" in said for said in found.bulletins[0].paragraphs] == [False, True]
    everybody = compared(f"scoring: {{ {RANKED} }}", bulletin, events=started)
    assert ranks(everybody) == [1, 2, 3]
    assert everybody.bulletins[0].facts.unranked == ()


@judged("H08")
def test_units_are_ranked_each_month_by_their_progress() -> None:
    assert ranks(compared(f"scoring: {{ {RANKED} }}", done="963")) == [1, 2, 3]
    assert ranks(compared(f"scoring: {{ {RANKED} }}", done="696")) == [2, 1, 2]
    low_first = f"scoring: {{ {RANKED[:-2]}, order: low_first }} }}"
    assert ranks(compared(low_first, done="963")) == [3, 2, 1]
    assert ranks(compared()) == [None, None, None]


@judged("H10")
def test_units_are_assessed_within_their_class_only() -> None:
    def placed(lanes: str) -> list[int | None]:
        projects = [a_project(f"{one}-1", lead=one) for one in ("bureau", "town", "park")]
        units = [a_unit("bureau"), a_unit("town", kind="town"), a_unit("park", kind="park")]
        rules = regime(f"scoring: {{ {RANKED}, lanes: [{lanes}] }}")
        said = [a_return(f"{one}-1", yi=yi) for one, yi in (("bureau", "9"), ("town", "6"), ("park", "3"))]
        head = [a_jurisdiction(), *units, an_adoption(rules), a_list(), *projects]
        found = outcome(*head, on("2026-02-03 10:00", said[0]), *said[1:])
        return [found.now(one.code).rank for one in units]

    assert placed("{ id: departments, kinds: [department] }, { id: places, kinds: [town, park] }") == [1, 1, 2]
    assert placed("{ id: all, kinds: [department, town, park] }") == [1, 2, 3]


# --- the result of the year ------------------------------------------------------------------------------------


def after_the_year(*events: object, rules: Sequence[str]) -> Outcome:
    done = on("2027-01-03 10:00", a_return(period="2026-12", yi="12"))
    return outcome(*a_year(regime=regime(*rules)), *events, done, at=YEAR_END)


@judged("H11")
def test_the_result_of_the_year_goes_from_office_to_committee_and_is_final_after_the_last() -> None:
    def turn(*steps: str) -> list[str]:
        said = [a_proposal(on="2027-01-04"), *(a_confirmation(step=step, on="2027-01-05") for step in steps)]
        head = a_year(regime=regime(CHAIN, "assessment: { approval: result }"))
        found = outcome(*head, on("2027-01-05 10:00", said[0]), *said[1:], at=YEAR_END)
        return [one.by for one in found.of("assessment/approval")]

    assert turn() == ["assessment_office"]
    assert turn("assessment_office") == ["standing_committee"]
    assert turn("assessment_office", "standing_committee") == []


def confirmed(*rules: str, steps: Sequence[str] = ("assessment_office", "standing_committee")) -> Outcome:
    said = [a_proposal(on="2027-01-04"), *(a_confirmation(step=step, on="2027-01-05") for step in steps)]
    first = on("2027-01-05 10:00", a_return(period="2026-12", yi="6"))
    return outcome(*a_year(regime=regime(CHAIN, *rules)), first, *said, at=YEAR_END)


@judged("H12")
def test_the_result_feeds_another_assessment_with_its_weight_once_it_is_final() -> None:
    fed = "assessment: { approval: result, feeds: [ { scheme: efficiency, of: investment_ratio, weight: 0.2 } ] }"
    (found,) = confirmed(fed).of("assessment/feeds/efficiency")
    assert (found.act, found.by, found.subject) == ("feed", "assessment_office", "bureau-a")
    assert found.facts == {"scheme": "efficiency", "investment_ratio": "50.00%", "weight": "0.2"}
    assert confirmed("assessment: { approval: result }").of("assessment/feeds/efficiency") == []
    assert confirmed(fed, steps=("assessment_office",)).of("assessment/feeds/efficiency") == []


@judged("H20")
def test_a_final_result_is_handed_to_those_who_decide_on_posts_and_pay_if_the_rules_link_it() -> None:
    def linked(consequences: str, *steps: str) -> list[tuple[str, str, str]]:
        rules = f"assessment: {{ approval: result, consequences: [{consequences}] }}"
        found = (confirmed(rules, steps=steps) if steps else confirmed(rules)).decisions
        return [(one.act, one.by, one.form) for one in found if one.rule.startswith("assessment/consequences/")]

    assert linked("cadre_use, pay", "assessment_office") == []
    assert linked("cadre_use, pay") == [
        ("cadre_use", "organisation_department", "refers"), ("pay", "personnel_department", "refers"),
    ]  # fmt: skip
    assert linked("") == []


@judged("H16")
def test_a_veto_item_makes_the_total_nothing_whatever_was_earned() -> None:
    scoring = "scoring: { ranking: { by: total, publish: none }, components: [ %s ]%s }"
    progress = "{ id: progress, proportional: { of: investment_ratio, points: 100 } }"
    veto = """, vetoes: [ { id: integrity, when: { breaches: { at_least: 1 } }, result: zero,
                          legal_basis: a law, plan_item: an item } ]"""
    breaches = "measures: { breaches: { count: incident, where: { kind: integrity } } }"
    befell = on("2026-05-05 10:00", an_incident(kind="integrity", units=("bureau-a",), on="2026-05-05"))

    def line(vetoes: str, *events: object) -> tuple[object, ...]:
        found = after_the_year(*events, rules=(breaches, scoring % (progress, vetoes))).now("bureau-a")
        return found.points["total"], found.vetoed

    assert line(veto, befell) == (0, ("integrity",))
    other = on("2026-05-05 10:00", an_incident(kind="management", units=("bureau-a",), on="2026-05-05"))
    assert line(veto) == line(veto, other) == (100, ())
    assert line("", befell) == (100, ())


REWARD = """
rewards:
  - { id: best, about: unit, when: { investment_ratio: { at_least: 1 } }, award: advanced_unit%s }
"""


@judged("H17")
@pytest.mark.parametrize(
    ("trigger", "event", "harmless"),
    [
        (
            "{ count: incident, where: { kind: heavy_injury } }",
            an_incident(kind="heavy_injury", on="2026-05-05"),
            an_incident(kind="safety", on="2026-05-05"),
        ),
        (
            "{ count: absence, where: { is_excused: false } }",
            an_absence(on="2026-05-05"),
            an_absence(on="2026-05-05", is_excused=True),
        ),
    ],
)
def test_an_accident_or_an_absence_costs_the_right_to_an_award(trigger: str, event: object, harmless: object) -> None:
    def awarded(lost: str, *events: object) -> list[str]:
        rules = (f"measures: {{ blows: {trigger} }}", REWARD % lost)
        said = [on("2026-05-05 10:00", one) for one in events]
        return [one.kind for one in after_the_year(*said, rules=rules).of("rewards/best")]

    lost = ", suspended_when: { blows: { at_least: 1 } }"
    assert awarded(lost, event) == ["reward_suspended"]
    assert awarded(lost) == awarded(lost, harmless) == ["reward"]
    assert awarded("", event) == ["reward"]


@judged("H17")
def test_who_was_held_to_account_and_lost_the_right_to_an_award_does_not_get_that_one() -> None:
    """001: 「取消其评优受奖资格」."""

    def awarded(*events: object) -> list[str]:
        said = [on("2026-05-05 10:00", one) for one in events]
        return [one.kind for one in after_the_year(*said, rules=(REWARD % "",)).of("rewards/best")]

    assert awarded(a_loss(on="2026-05-05", reason="held to account")) == ["reward_suspended"]
    assert awarded(a_loss(on="2026-05-05", award="heavy_award")) == awarded() == ["reward"]


@judged("H18")
def test_those_who_supervise_and_those_who_lead_are_assessed_too_if_the_scope_says_so() -> None:
    components = "[ { id: progress, proportional: { of: investment_ratio, points: 100 } } ]"
    roles = [a_responsibility(), a_responsibility(role="supervision_team", person="supervisor-7")]

    def assessed(subjects: str) -> dict[str, object]:
        rules = (
            f"scoring: {{ subjects: [{subjects}], ranking: {{ by: total, publish: none }}, components: {components} }}"
        )
        said = on("2026-02-03 10:00", a_return(yi="6"))
        found = outcome(*a_year(regime=regime(rules)), *roles, said, at="2026-02-20 12:00")
        return {one.subject: one.points.get("total") for one in found.scored.lines("2026-01") if one.points}

    assert assessed("unit") == {"bureau-a": 50}
    assert assessed("unit, leader, team") == {"bureau-a": 50, "leader-1": 50, "supervisor-7": 50}
