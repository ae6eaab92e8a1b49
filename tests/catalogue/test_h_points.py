"""How points are given: base, weight and bonus, by share, by count, by half-years, by the marks of a visit."""

from decimal import Decimal

from tests.catalogue.case import Outcome, judged, outcome, regime
from tests.support.builders import a_project, a_return, a_stage, a_year, on
from tests.support.facts import a_mark, a_matter, a_tour, an_absence, an_external_result

YEAR_END = "2027-01-10 12:00"
TARGETS = """
measures:
  plan_yi: { amount: annual_planned_investment, unit: 亿元 }
  annual_targets_met:
    met: { all: [ { investment_ratio: { at_least: 1 } }, { stage: started } ] }
    judged: year_end
"""
BASE = "{ id: base, all_or_nothing: { when: { annual_targets_met: 1 }, points: 60 }, judged: year_end }"
WEIGHT = "{ id: weight, tiers: { of: plan_yi, table: [[0, 5], [5, 10], [10, 20]] } }"
BONUS = """{ id: bonus, when: { annual_targets_met: 1, investment_ratio: { above: 1 } },
             per: { of: investment_ratio, above: 1, pp: 1, points: 0.5, at_most: 10 }, judged: year_end }"""


def scoring(*components: str, by: str = "total") -> str:
    return f"scoring: {{ ranking: {{ by: {by}, publish: none }}, components: [ {', '.join(components)} ] }}"


def of_the_year(*components: str, yi: str, plan_yi: str = "12", started: bool = True) -> Outcome:
    """A year of one project, at whose end so much is completed."""
    rules = regime(TARGETS, scoring(*components))
    stages = [a_stage()] if started else []
    head = a_year(a_project(plan_yi=plan_yi), regime=rules)
    return outcome(*head, *stages, on("2027-01-03 10:00", a_return(period="2026-12", yi=yi)), at=YEAR_END)


def points(found: Outcome, name: str = "total", unit: str = "bureau-a") -> Decimal | None:
    return found.now(unit).points[name]


@judged("H01")
def test_the_total_is_made_of_base_weight_and_bonus_and_of_no_part_that_is_not_a_rule() -> None:
    assert points(of_the_year(BASE, WEIGHT, BONUS, yi="12.6")) == Decimal("82.5")
    assert points(of_the_year(BASE, WEIGHT, yi="12.6")) == Decimal(80)
    assert points(of_the_year(BASE, yi="12.6")) == Decimal(60)


@judged("H02")
def test_the_base_is_had_whole_at_a_hundred_percent_and_not_at_all_below() -> None:
    assert points(of_the_year(BASE, yi="12"), "base") == 60
    assert points(of_the_year(BASE, yi="11.9"), "base") == 0
    assert points(of_the_year(BASE, yi="12", started=False), "base") == 0
    early = on("2026-12-03 10:00", a_return(period="2026-11", yi="12"))
    in_time = outcome(*a_year(regime=regime(TARGETS, scoring(BASE))), a_stage(), early, at="2026-12-10 12:00")
    assert points(in_time, "base") is None, "whether the year's indicators are met is known at its end"
    half = "{ id: base, all_or_nothing: { when: { annual_targets_met: 1 }, points: 60, otherwise: 30 } }"
    assert points(of_the_year(half, yi="11.9"), "base") == 30


@judged("H03")
def test_the_weight_rises_with_the_tier_of_the_annual_planned_investment() -> None:
    assert [points(of_the_year(WEIGHT, yi="0", plan_yi=plan)) for plan in ("4.9", "5", "10")] == [5, 10, 20]
    above = WEIGHT.replace("table:", "includes: upper, table:")
    assert points(of_the_year(above, yi="0", plan_yi="5")) == 5


@judged("H04")
def test_a_bonus_needs_all_indicators_done_and_the_plan_exceeded() -> None:
    assert points(of_the_year(BONUS, yi="12.6")) == Decimal("2.5")
    assert points(of_the_year(BONUS, yi="12")) == 0
    assert points(of_the_year(BONUS, yi="12.6", started=False)) == 0


@judged("H05")
def test_work_that_all_units_carry_adds_points_by_the_share_that_is_completed() -> None:
    share = "{ id: share, proportional: { of: investment_ratio, points: 20 } }"
    assert points(of_the_year(share, yi="3")) == 5
    assert points(of_the_year(share, yi="9")) == 15
    assert points(of_the_year(share.replace("20", "40"), yi="3")) == 10


@judged("H06")
def test_work_that_some_units_carry_adds_and_takes_points_of_those_units_only() -> None:
    special = """{ id: planting, among: { tag: planting }, judged: year_end,
                   all_or_nothing: { when: { investment_ratio: { at_least: 1 } }, points: 2, otherwise: -3 } }"""
    head = a_year(
        a_project("p1", tags=("planting",)),
        a_project("p2", lead="bureau-b", tags=("planting",)),
        a_project("p3", lead="bureau-c"),
        regime=regime(scoring(special)),
    )
    said = [a_return(one, "2026-12", yi=yi) for one, yi in (("p1", "12"), ("p2", "6"), ("p3", "6"))]
    found = outcome(*head, on("2027-01-03 10:00", said[0]), *said[1:], at=YEAR_END)
    assert [points(found, unit=unit) for unit in ("bureau-a", "bureau-b", "bureau-c")] == [2, -3, 0]
    early = outcome(*head, on("2026-12-03 10:00", a_return("p1", "2026-11", yi="12")), at="2026-12-10 12:00")
    assert points(early, "planting") is None


@judged("H09")
def test_a_quarterly_visit_is_scored_by_groups_of_peers_but_not_by_those_whose_project_it_is() -> None:
    def visited(panel: str) -> tuple[Decimal | None, Decimal | None]:
        rules = regime(
            f"measures: {{ visit: {{ panel: visit_score, {panel} }} }}",
            scoring("{ id: visit, tiers: { of: visit, table: [[0, 0], [80, 8], [88, 9]] } }"),
        )
        marks = [
            a_mark(score="80", scorer_group="leaders"),
            a_mark(score="96", scorer_group="towns", scorer_unit="town-b"),
            a_mark(score="100", scorer_group="towns", scorer_unit="bureau-a"),
        ]
        head = a_year(regime=rules)
        found = outcome(*head, on("2026-03-02 10:00", a_tour()), *marks, at="2026-04-10 12:00")
        return found.now("p1").measures["visit"], points(found, "visit")

    assert visited("window: year_to_date, weights: { leaders: 0.5, towns: 0.5 }") == (Decimal(88), Decimal(9))
    assert visited("window: year_to_date, weights: { leaders: 0.75, towns: 0.25 }") == (Decimal(84), Decimal(8))


@judged("H13")
def test_a_plan_not_met_and_a_matter_handled_late_take_points_at_the_end_of_the_year() -> None:
    unmet = """{ id: unmet, judged: year_end,
                 all_or_nothing: { when: { investment_ratio: { at_least: 1 } }, points: 0, otherwise: -5 } }"""
    handled = "{ id: handled, deduct: { per: matter, where: { days_overdue: { above: 0 } }, points: 2 } }"

    def left(yi: str, *matters: object) -> Decimal | None:
        head = a_year(regime=regime(scoring(unmet, handled)))
        said = [on("2026-03-02 10:00", one) for one in matters]
        return points(outcome(*head, *said, on("2027-01-03 10:00", a_return(period="2026-12", yi=yi)), at=YEAR_END))

    assert left("12") == 0
    assert left("11") == -5
    assert left("11", a_matter(), a_matter("m2", due_on="2027-03-01")) == -7


@judged("H14")
def test_an_absence_from_a_meeting_takes_points_unless_it_is_excused() -> None:
    rule = "{ id: absent, deduct: { per: absence, where: { is_excused: false, forum: work }, points: 0.5 } }"

    def left(*absences: object) -> Decimal | None:
        said = [on("2026-07-02 10:00", one) for one in absences]
        return points(outcome(*a_year(regime=regime(scoring(rule))), *said, at=YEAR_END))

    assert left(an_absence(on="2026-07-01", forum="work")) == Decimal("-0.5")
    assert left(an_absence(on="2026-07-01", forum="work", is_excused=True)) == 0
    assert left(an_absence(on="2026-07-01", forum="dispatch")) == 0


@judged("H15")
def test_the_first_appraisal_of_the_half_year_counts_in_the_years_result_with_its_weight() -> None:
    def total(half: str, whole: str) -> Decimal | None:
        rules = regime(
            "measures: { first: { points: progress, at: half_year }, last: { points: progress },"
            f" year: {{ weighted: [ {{ of: first, weight: {half} }}, {{ of: last, weight: {whole} }} ] }} }}",
            scoring("{ id: progress, proportional: { of: investment_ratio, points: 100 } }", by="year"),
        )
        june, december = a_return(period="2026-06", yi="6"), a_return(period="2026-12", yi="12")
        head = a_year(regime=rules)
        found = outcome(*head, on("2026-07-03 10:00", june), on("2027-01-03 10:00", december), at=YEAR_END)
        return found.now("bureau-a").measures["year"]

    assert total("0.4", "0.6") == 80
    assert total("0", "1") == 100


@judged("H15")
def test_a_first_appraisal_is_called_for_when_the_half_year_has_ended_if_there_is_to_be_one() -> None:
    def called(first: str, at: str) -> list[tuple[str, str, str]]:
        chain = "chains: { result: [ { by: leading_group, act: decide } ] }"
        rules = regime(chain, f"assessment: {{ approval: result, first_appraisal: {first} }}")
        return outcome(*a_year(regime=rules), at=at).acts("assessment/first_appraisal")

    assert called("half_year", "2026-06-30 23:00") == []
    assert called("half_year", "2026-07-01 00:00") == [("result", "city", "first_appraisal")]
    assert called("none", "2026-07-01 00:00") == []


@judged("H19")
def test_the_annual_appraisal_weighs_completed_investment_beside_other_results() -> None:
    def appraised(weights: tuple[str, str]) -> Decimal | None:
        rules = regime(
            "measures: { governance: { take: latest, column: value, of: external_result, where: { scheme: audit } },"
            f" appraisal: {{ weighted: [ {{ of: investment_ratio, weight: {weights[0]} }},"
            f" {{ of: governance, weight: {weights[1]} }} ] }} }}",
            scoring(by="appraisal"),
        )
        audit = on("2026-12-01 10:00", an_external_result(value="0.5", on="2026-12-01", scheme="audit"))
        other = on("2026-12-02 10:00", an_external_result(value="0.1", on="2026-12-02", scheme="party_building"))
        done = on("2027-01-03 10:00", a_return(period="2026-12", yi="12"))
        found = outcome(*a_year(regime=rules), audit, other, done, at=YEAR_END)
        return found.now("bureau-a").measures["appraisal"]

    assert appraised(("80", "20")) == 90
    assert appraised(("20", "80")) == 60
