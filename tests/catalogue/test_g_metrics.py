"""What is measured: rates, completion, how far behind what, shares, growth, days, money; and how it prints."""

from tests.catalogue.case import judged, outcome, regime
from tests.support.builders import a_calendar, a_list, a_project, a_return, a_stage, a_year, on
from tests.support.facts import a_payment, an_allocation, an_arrival, an_exit, an_external_result, day

TOLD = "2026-02-03 10:00"

BY_CATEGORY = """
bulletins:
  - id: shares
    kind: 通报
    cadence: monthly
    issue: { working_days_after_close: 1 }
    sections: [shares]
    by: [category]
"""


def printed(measures: str, name: str, *events: object, of: str = "city", more: str = "{}") -> str:
    """Return how a measure prints for a list of three projects of two classes."""
    rules = regime(f"measures: {measures}", more)
    listed = [
        a_project("p1", category="industry", plan_yi="10"),
        a_project("p2", category="industry", plan_yi="20"),
        a_project("p3", category="farming", plan_yi="10"),
    ]
    return outcome(*a_year(*listed, regime=rules), *events, at="2026-02-10").now(of).displayed[name]


def returns(*amounts: str) -> list[object]:
    return [on(TOLD, a_return(f"p{place}", yi=yi)) for place, yi in enumerate(amounts, start=1)]


# --- rates by count -----------------------------------------------------------------------------------------------


@judged("G01")
def test_the_start_rate_divides_those_started_by_all_that_is_listed() -> None:
    """000-16: 「开工率」, of the whole and of a class."""
    whole = "{ start_rate: { share_of: { stage: started } } }"
    of_class = "{ start_rate: { share_of: { stage: started }, among: { category: industry } } }"
    started = a_stage("p1")
    assert printed(whole, "start_rate", started) == "33.33%"
    assert printed(of_class, "start_rate", started) == "50.00%"
    assert printed(whole, "start_rate", started, a_stage("p3")) == "66.67%"
    assert printed(whole, "start_rate", started, on("2026-01-05 09:00", an_exit("p2", on="2026-01-05"))) == "50.00%"


@judged("G02")
def test_the_plan_completion_rate_counts_the_projects_that_reached_their_target() -> None:
    """000-16: 「计划完成率」, by count, whatever their amounts are."""
    rate = "{ reached: { share_of: { deviation_pp: { at_least: 0 } } } }"
    assert printed(rate, "reached", *returns("1", "0.5", "0")) == "33.33%"
    assert printed(rate, "reached", *returns("1", "2", "0")) == "66.67%"
    assert printed(rate, "reached", *returns("1")) == "33.33%"  # of whom nothing is known has not reached it
    half = rate.replace("at_least: 0", "at_least: -6")
    assert printed(half, "reached", *returns("1", "0.5", "0")) == "66.67%"


@judged("G07")
def test_a_class_has_its_share_of_the_projects_and_of_the_investment() -> None:
    """000-9: 「分别占300个重点项目及其总投资」."""
    share = "{ part: { share_of: { category: industry }, out_of: list %s } }"
    assert printed(share % "", "part") == "66.67%"
    assert printed(share % ", weigh_by: annual_planned_investment", "part") == "75.00%"
    assert printed(share % "", "part", of="p1") == "33.33%"
    assert printed((share % "").replace(", out_of: list", ""), "part", of="p1") == "100.00%"


@judged("G13")
def test_a_class_has_a_ratio_of_its_own_and_the_whole_is_no_mean_of_them() -> None:
    """000-14: 「70%、52%、74%和77%」."""
    rules = regime(BY_CATEGORY)
    listed = [a_project("p1", category="a", plan_yi="10"), a_project("p2", category="b", plan_yi="30")]
    found = outcome(*a_year(*listed, regime=rules), *returns("5", "3"), at="2026-02-10")
    shown = [found.now(code).displayed["investment_ratio"] for code in ("a", "b", "city")]
    assert shown == ["50.00%", "10.00%", "20.00%"]
    weighed = "{ mean: { weighted: [ { of: investment_ratio, weight: %s }, { of: time_progress, weight: %s } ] } }"
    assert printed(weighed % ("0.5", "0.5"), "mean", *returns("5", "10", "5")) == "0.29"
    assert printed(weighed % ("0.9", "0.1"), "mean", *returns("5", "10", "5")) == "0.46"


# --- completion, and how far behind -------------------------------------------------------------------------------


@judged("G03")
def test_completion_divides_what_is_done_by_the_annual_plan_of_what_is_judged() -> None:
    """003: 「完成年计划18.44%」, of a project, a batch, a region, the whole."""
    ratio = "{ ratio: { ratio: investment_completed, over: annual_planned_investment %s } }"
    assert printed(ratio % "", "ratio", *returns("1", "6", "0")) == "17.50%"
    assert printed(ratio % ", among: { category: industry }", "ratio", *returns("1", "6", "0")) == "23.33%"
    assert printed(ratio % "", "ratio", *returns("1", "6")) == "23.33%"  # nothing is known of p3: not judged
    assert printed(ratio % "", "ratio", *returns("1"), of="p1") == "10.00%"


@judged("G04")
def test_progress_is_behind_or_ahead_of_time_in_points_of_the_year_that_has_passed() -> None:
    """000-15a: 「落后目标进度…个百分点」; by months, by days, or as the document lays it down."""
    lag = "{ %s, lag: { deviation_pp: investment_ratio, against: passed } }"

    def behind(passed: str) -> str:
        return printed(lag % f"passed: {{ linear: year, {passed} }}", "lag", *returns("1"), of="p1")

    assert behind("step: month") == "+1.67"
    assert behind("step: day") == "+1.51"
    assert behind("months: { 1: 0.25 }") == "-15.00"
    assert behind("step: month, scaled: 1.2") == "+0.00"


@judged("G05")
def test_progress_may_be_held_against_another_indicator_than_time() -> None:
    """000-15a: 「进度落后于固定资产投资进度」."""
    lag = """{
      fixed_assets: { take: latest, column: value, of: external_result, where: { scheme: fixed_assets } },
      lag: { deviation_pp: investment_ratio, against: fixed_assets } }"""

    def behind(value: str, scheme: str = "fixed_assets") -> str:
        result = an_external_result("city", value, scheme=scheme, on="2026-01-31")
        return printed(lag, "lag", *returns("4", "4", "0"), on(TOLD, result))

    assert behind("0.25") == "-5.00"
    assert behind("0.15") == "+5.00"
    assert behind("0.25", scheme="output") == "-"


@judged("G06")
def test_who_has_done_less_than_a_share_of_the_annual_plan_is_behind() -> None:
    """001: 「完成年度投资不到×%」 (the value is redacted)."""
    threshold = "{ behind: { objects: { investment_ratio: { below: %s } } } }"
    assert printed(threshold % "0.1", "behind", *returns("1", "1", "0.5")) == "2"
    assert printed(threshold % "0.05", "behind", *returns("1", "1", "0.5")) == "0"
    assert printed(threshold % "0.1", "behind", *returns("1")) == "0"  # the unknown is not below


@judged("G08")
def test_growth_is_against_the_same_period_a_year_before_or_the_period_before() -> None:
    """000-9: 「同比增长」; in per cent, or in points."""
    measures = "measures: { done: { amount: investment_completed, unit: 亿元 }, grown: { growth_of: %s } }"

    def grown(of: str) -> str:
        head = a_year(regime=regime(measures % of))
        last_year = [a_list(2025), a_project(year=2025, plan_yi="10"), a_return(period="2025-02", yi="2")]
        told = [on(TOLD, a_return(yi="1")), on("2026-03-03 10:00", a_return(period="2026-02", yi="3"))]
        return outcome(*head, *last_year, *told, at="2026-03-10").now("p1").displayed["grown"]

    assert grown("done, unit: ratio") == "50.00%"
    assert grown("done, since: last_period") == "200.00%"
    assert grown("investment_ratio, unit: pp") == "+5.00"


@judged("G09")
def test_a_bulletin_lists_those_not_started_and_those_behind_time() -> None:
    """000-16: 「未达到序时进度要求」."""
    more = """
lights: [ { green: { deviation_pp: { at_least: %s } } }, { red: otherwise } ]
bulletins:
  - id: monthly
    kind: 通报
    cadence: monthly
    issue: { working_days_after_close: 1 }
    sections: [not_started, behind]
"""

    def lists(bound: str) -> tuple[list[str], list[str]]:
        listed = [a_project(code) for code in ("p1", "p2", "p3")]
        told = [a_stage("p1"), a_stage("p2"), *returns("1", "0.4", "2")]
        (bulletin,) = outcome(*a_year(*listed, regime=regime(more % bound)), *told, at="2026-02-10").bulletins
        facts = bulletin.facts
        said = dict(zip(facts.sections, bulletin.paragraphs, strict=True))
        assert all(one.name in said["not_started"] for one in facts.not_started)
        assert all(one.name in said["behind"] for one in facts.behind)
        return [one.name for one in facts.not_started], [one.name for one in facts.behind]

    assert lists("0") == (["Project p3"], ["Project p2"])
    assert lists("-10") == (["Project p3"], [])


@judged("G10")
def test_a_project_is_stalled_if_nothing_new_is_told_of_it_or_too_little_was_done() -> None:
    """000-15a: 「项目没有新的进展」, or less than 5 million yuan in the year."""
    rules = regime("""
measures:
  done_wan: { amount: investment_completed, unit: 万元 }
  idle_days: { days: since, anchor: last_progress }
  stalled: { objects: { any: [ { done_wan: { below: 500 } }, { idle_days: { above: 45 } } ] } }
""")
    listed = [a_project(code) for code in ("p1", "p2", "p3")]

    def stalled(**done: tuple[str, str]) -> list[str]:
        head = a_year(*listed, regime=rules)
        first = [on(TOLD, a_return(code, yi=yi)) for code, (yi, _) in done.items()]
        then = [on("2026-04-03 10:00", a_return(code, "2026-03", yi=yi)) for code, (_, yi) in done.items()]
        found = outcome(*head, *first, *then, at="2026-04-10")
        return [code for code in done if found.now(code).displayed["stalled"] == "1"]

    assert stalled(p1=("0.01", "0.04"), p2=("1", "1"), p3=("1", "1.1")) == ["p1", "p2"]
    assert stalled(p1=("0.01", "0.05"), p2=("1", "1.01"), p3=("0", "0.05")) == []


@judged("G11")
def test_numbers_are_cut_off_rounded_or_balanced_as_the_document_does() -> None:
    """003: 「占总项目的67.8%」; cases 3.4 and 3.8."""
    share = "{ part: { share_of: { category: industry } } }"
    numbers = "numbers: { rounding: %s, decimals: { part: %s } }"
    assert printed(share, "part", more=numbers % ("truncate", 1)) == "66.6%"
    assert printed(share, "part", more=numbers % ("half_up", 1)) == "66.7%"
    assert printed(share, "part", more=numbers % ("half_up", 0)) == "67%"

    def classes(rounding: str) -> list[str]:
        rules = regime(
            f"numbers: {{ rounding: {rounding}, decimals: {{ part: 1 }} }}",
            "measures: { part: { share_of: { kind: project }, out_of: list } }",
            BY_CATEGORY,
        )
        found = outcome(*a_year(*(a_project(f"p{one}", category=one) for one in "abc"), regime=rules), at="2026-02-10")
        return [found.now(one).displayed["part"] for one in "abc"]

    assert classes("half_up") == ["33.3%", "33.3%", "33.3%"]
    assert sorted(classes("balance_to_100")) == ["33.3%", "33.3%", "33.4%"]


# --- days, words, money -------------------------------------------------------------------------------------------


@judged("G12")
def test_working_days_left_leave_out_weekends_and_holidays() -> None:
    """001: so many days, less the holidays, 「再除去周末」."""
    left = "measures: { left: { days: until, anchor: planned_completion_on, working: %s } }"

    def days(working: str, *calendar: object) -> str:
        head = a_year(a_project(planned_completion_on=day("2026-02-16")), regime=regime(left % working))
        return outcome(head[0], *calendar, *head[1:], at="2026-02-10").now("p1").displayed["left"]

    assert days("false") == "16"  # from the end of January, a Saturday
    assert days("true") == "11"
    assert days("true", a_calendar("2026-02-12", "2026-02-13")) == "9"
    assert days("true", a_calendar("2026-02-12", make_up=("2026-02-14",))) == "11"


@judged("G14")
def test_launched_is_not_started_and_completed_is_not_in_use() -> None:
    """000-16: 「基本建成投入使用的项目有」; 003: launched, and of those only some have broken ground."""
    count = "{ n: { objects: { stage: %s } } }"
    told = [a_stage("p1", "launched"), a_stage("p2", "started"), a_stage("p2", "substantially_complete"),
            a_stage("p3", "started"), a_stage("p3", "completed"), a_stage("p3", "in_use")]  # fmt: skip
    numbers = {
        stage: printed(count % stage, "n", *told)
        for stage in ("launched", "started", "substantially_complete", "completed", "in_use")
    }
    assert numbers == {
        "launched": "1", "started": "2", "substantially_complete": "1", "completed": "1", "in_use": "1",
    }  # fmt: skip
    assert printed("{ n: { objects: { stage_now: started } } }", "n", *told) == "0"


@judged("G15")
def test_funds_that_are_in_place_but_not_paid_lie_idle() -> None:
    """001: 「资金沉淀」: allocated, in place, paid, of a programme and a year."""
    sums = "take: sum, column: amount_yuan, of: funds, where"
    measures = f"""{{
      in_place: {{ {sums}: {{ kind: arrived, programme: budget }} }},
      paid: {{ {sums}: {{ kind: paid, programme: budget }} }},
      allocated: {{ {sums}: {{ kind: allocated, year: {{ at_least: 2026 }} }} }},
      idle_share: {{ shortfall: paid, against: in_place }} }}"""

    def share(name: str, *events: object) -> str:
        return printed(measures, name, *[on("2026-01-20 09:00", one) for one in events])

    arrived, paid = an_arrival(yi="4", on="2026-01-20"), a_payment(yi="1", on="2026-01-20")
    assert share("idle_share", arrived, paid) == "75.00%"
    assert share("idle_share", arrived, paid, a_payment(yi="3", on="2026-01-20")) == "0.00%"
    assert share("idle_share", arrived, paid, a_payment(yi="3", on="2026-01-20", programme="bonds")) == "75.00%"
    assert share("idle_share", arrived) == "-"
    of_bonds = an_arrival(yi="4", on="2026-01-20", programme="bonds")
    assert share("idle_share", arrived, paid, of_bonds) == "75.00%"
    old = an_allocation(yi="2", on="2026-01-20", year=2025)
    assert share("allocated", an_allocation(yi="1", on="2026-01-20"), old, arrived, paid) == "100000000.00"
