"""By which day a milestone or a permit is due, what moves it, and what follows where it has passed."""

from tests.catalogue.case import Outcome, judged, outcome, regime
from tests.support.builders import a_plan, a_project, a_return, a_stage, a_year, on
from tests.support.facts import (
    a_filing,
    a_giving_back,
    a_milestone,
    a_milestone_reached,
    a_permit,
    an_acceptance,
    an_extension,
    an_issue,
    day,
    yuan,
)

OVERDUE = "measures: { overdue: { count: milestone, where: { state: overdue } } }"
START = "2026-01-02 09:00"


def overdue(found: Outcome, subject: str = "p1") -> str:
    return found.now(subject).displayed["overdue"]


# --- permits ------------------------------------------------------------------------------------------------------


@judged("F02")
def test_every_project_has_the_permits_of_the_rules_each_with_its_office_and_state() -> None:
    """000-3: 13 work items; 004: nine offices, 「联审联批工作例会」."""
    schedule = """
schedule:
  - { id: land, of: permit, office: land_office, due: { on: 05-31 } }
  - { id: environment, of: permit, office: environment_office, due: { on: 05-31 } }
"""
    share = "measures: { permits_had: { portion_of: permit, where: { state: issued } } }"
    told = [on("2026-01-12 09:00", a_filing(on="2026-01-12")), an_issue(on="2026-01-20")]

    must = "requirements: [ { id: got, about: permit, must: { where: { state: issued } } } ]"

    def had(*rules: str) -> tuple[str, list[tuple[str, str]]]:
        found = outcome(*a_year(regime=regime(share, must, *rules)), *told, at="2026-02-06")
        unmet = [(one.subject, one.facts["state"]) for one in found.of("requirements/got")]
        return found.now("p1").displayed["permits_had"], unmet

    assert had(schedule) == ("50.00%", [("p1/environment", "not_filed")])
    assert had() == ("100.00%", [])
    of_an_office = (
        "requirements: [ { id: got, about: permit, among: { where: { office: %s } }, must: { days_held: 0 } } ]"
    )
    late = "measures: { overdue: { count: permit, where: { is_overdue: true } } }"

    def unmet(office: str) -> list[str]:
        found = outcome(*a_year(regime=regime(schedule, of_an_office % office)), at="2026-02-06")
        return [one.subject for one in found.of("requirements/got")]

    def overdue_permits(at: str) -> str:
        return overdue(outcome(*a_year(regime=regime(schedule, late)), *told, at=at))

    assert (unmet("land_office"), unmet("environment_office")) == (["p1/land"], ["p1/environment"])
    assert (overdue_permits("2026-06-06"), overdue_permits("2026-07-06")) == ("0", "1")


@judged("F03")
def test_county_permits_are_due_before_the_bulk_of_all_permits() -> None:
    """004: 「5月底前县内手续办理完毕」, 「全部手续6月底前大头落地」."""
    rules = regime("""
measures:
  county_had: { portion_of: permit, where: { state: issued }, among: { level: county } }
  all_had: { portion_of: permit, where: { state: issued } }
supervision_rules:
  - id: county
    about: project
    when: { county_had: { below: 1 } }
    held: { of: monthly }
    ladder: project
    season: { first: 05-31, last: 12-31 }
  - id: bulk
    about: project
    when: { all_had: { below: 0.6 } }
    held: { of: monthly }
    ladder: project
    season: { first: 06-30, last: 12-31 }
    chosen_by_operator: [when]
ladders: { project: [ { step: due_reminder, serve: [lead_unit], unsigned: true } ] }
""")
    levels = (("land", "county"), ("fire", "county"), ("environment", "city"))
    permits = tuple(a_permit(name, None, level=level) for name, level in levels)

    def hit(at: str, *issued: str) -> list[tuple[str, str]]:
        told = [on("2026-05-20 09:00", an_issue(permit=one, on="2026-05-20")) for one in issued]
        planned = on(START, a_plan(yi="12", permits=permits))
        found = outcome(*a_year(regime=rules), planned, *told, at=at).hits
        return [(one.rule, one.period) for one in found]

    assert hit("2026-05-10 12:00") == []
    assert hit("2026-06-06 12:00", "environment") == [("county", "2026-05")]
    assert hit("2026-07-06 12:00", "environment", "land") == [("county", "2026-05"), ("county", "2026-06")]
    assert hit("2026-07-06 12:00", "environment") == [("county", "2026-05"), ("county", "2026-06"), ("bulk", "2026-06")]
    assert hit("2026-07-06 12:00", "land", "fire") == []


@judged("F14")
def test_an_office_takes_a_file_with_gaps_gives_it_back_once_and_has_a_limit_of_time() -> None:
    """000-3: 「要件把关,容缺受理」; 001, 004: one-time notice, a limit of time that runs on who holds the file."""
    rules = regime("""
requirements:
  - { id: told_once, about: permit, must: { times_returned: { at_most: 1 } } }
  - id: in_time
    about: permit
    among: { where: { holder: office } }
    must: { days_held: { at_most: 5 } }
  - { id: no_gaps, about: permit, must: { where: { has_gaps: false } } }
""")

    def unmet(*moves: object, at: str = "2026-03-06 12:00") -> list[str]:
        told = [on(f"{one.on} 09:00", one) for one in moves]  # type: ignore[attr-defined]
        found = outcome(*a_year(regime=rules), *told, at=at).decisions
        return [one.rule.removeprefix("requirements/") for one in found]

    filed, back = a_filing(on="2026-03-02"), a_giving_back(on="2026-03-03")
    assert unmet(filed) == unmet(filed, back, at="2026-03-20 12:00") == []
    assert unmet(filed, at="2026-03-10 12:00") == ["in_time"]
    assert unmet(filed, back, a_filing(on="2026-03-04"), a_giving_back(on="2026-03-05")) == ["told_once"]
    assert unmet(filed, an_acceptance(on="2026-03-03", gaps=("a map",))) == ["no_gaps"]
    assert unmet(filed, an_acceptance(on="2026-03-03")) == []


@judged("F15")
def test_an_acceptance_is_joint_only_if_all_departments_have_given_theirs() -> None:
    """000-3: 「采取联合验收的方式」, nine departments."""
    rule = """
requirements:
  - id: joint
    about: permit
    among: { where: { permit: acceptance, state: issued } }
    must: { offices: { at_least: %s } }
"""

    def unmet(needed: int, *offices: str) -> list[dict[str, str]]:
        told = [on("2026-03-02 09:00", an_issue(permit="acceptance", office=one)) for one in offices]
        found = outcome(*a_year(regime=regime(rule % needed)), *told, at="2026-03-10").of("requirements/joint")
        return [dict(one.facts) for one in found]

    assert unmet(3, "fire", "planning", "fire") == [{"offices": "2"}]
    assert unmet(3, "fire", "planning", "environment") == []
    assert unmet(2, "fire", "planning") == unmet(3) == []
    other = on("2026-03-02 09:00", an_issue(permit="land", office="land_office"))
    not_yet = on("2026-03-02 09:00", a_filing(permit="acceptance", office="fire", on="2026-03-02"))
    assert outcome(*a_year(regime=regime(rule % 3)), other, not_yet, at="2026-03-10").decisions == []


# --- days of projects and milestones ------------------------------------------------------------------------------


@judged("F04")
def test_a_marked_subset_has_an_earlier_last_day() -> None:
    """004: poverty projects 「在6月底前全部完工」."""
    earlier = "{ id: done, of: milestone, due: { on: 06-30 }, among: { tag: poverty } }"
    all_others = "{ id: rest, of: milestone, due: { on: 12-31 }, among: { none: [ { tag: poverty } ] } }"
    listed = [a_project("p1", tags=("poverty",)), a_project("p2")]

    def late(schedule: str, at: str) -> tuple[str, str]:
        found = outcome(*a_year(*listed, regime=regime(OVERDUE, f"schedule: [ {schedule} ]")), at=at)
        return overdue(found, "p1"), overdue(found, "p2")

    both = f"{earlier}, {all_others}"
    assert late(both, "2026-07-06") == ("0", "0")  # the figures are those of the end of June
    assert late(both, "2026-08-06") == ("1", "0")
    assert late(both, "2027-01-06") == ("1", "0")
    assert late(both.replace("12-31", "11-30"), "2027-01-06") == ("1", "1")
    assert late("{ id: done, of: milestone, due: { on: 12-31 } }", "2026-08-06") == ("0", "0")


@judged("F05")
def test_a_project_has_a_hard_day_of_completion_of_its_own() -> None:
    """000-3: 「于2014年12月31日前竣工投产」."""
    rules = regime("""
measures: { days_left: { days: until, anchor: planned_completion_on } }
supervision_rules:
  - id: overdue
    about: project
    when: { all: [ { days_left: { below: 0 } }, { none: [ { stage: completed } ] } ] }
    held: { of: monthly }
    ladder: project
ladders: { project: [ { step: reschedule, serve: [lead_unit], sign_off: [signer] } ] }
""")
    days = {"p1": "2026-03-20", "p2": "2026-04-10", "p3": None, "p4": "2026-03-20"}
    listed = [a_project(code, planned_completion_on=due and day(due)) for code, due in days.items()]
    completed = a_stage("p4", "completed", on="2026-03-19")
    found = outcome(*a_year(*listed, regime=rules), on("2026-03-19 09:00", completed), at="2026-04-06 12:00")
    assert found.hit("overdue") == ["p1"]
    assert [found.now(code).displayed["days_left"] for code in days] == ["-11", "10", "-", "-11"]


@judged("F06")
def test_several_objects_have_milestones_due_on_the_same_day() -> None:
    """000-14: 「11月底前要完成长春东路」 and others by the same month's end."""
    rules = regime(OVERDUE)
    plans = [
        on(START, a_plan(code, yi="12", milestones=(a_milestone("road", "2026-02-28"), a_milestone("end", due_on))))
        for code, due_on in (("p1", "2026-02-28"), ("p2", "2026-12-31"))
    ]
    head = a_year(a_project("p1"), a_project("p2"), regime=rules)
    late = outcome(*head, *plans, at="2026-04-06")
    assert [overdue(late, code) for code in ("p1", "p2", "city")] == ["2", "1", "3"]
    reached = on("2026-03-02 09:00", a_milestone_reached("p2", "road"))
    assert overdue(outcome(*head, *plans, reached, at="2026-04-06"), "city") == "2"
    assert overdue(outcome(*head, *plans, at="2026-03-06"), "city") == "0"


@judged("F07")
def test_progress_is_measured_against_the_plan_of_the_month_or_the_quarter() -> None:
    """000-9: 「按月度排出投资完成工作进度」, and a quarter's construction plan."""
    rules = regime("""
measures:
  by_plan: { ratio: investment_completed, over: planned_to_date }
  plan_share: { ratio: planned_to_date, over: annual_planned_investment }
  against_plan_pp: { deviation_pp: investment_ratio, against: plan_share }
""")
    told = on("2026-03-03 10:00", a_return(period="2026-02", yi="2"))

    def said(*by_month: tuple[int, str]) -> tuple[str, str, str]:
        plan = a_plan(yi="12", by_month_yuan=tuple((month, yuan(yi)) for month, yi in by_month))
        line = outcome(*a_year(regime=rules), on(START, plan), told).now("p1")
        return line.displayed["by_plan"], line.displayed["against_plan_pp"], line.displayed["deviation_pp"]

    assert said((1, "1"), (2, "4")) == ("50.00%", "-16.67", "+0.00")
    assert said((1, "0.5"), (2, "1")) == ("200.00%", "+8.33", "+0.00")
    assert said((3, "6")) == ("-", "-", "+0.00")  # a plan by quarters says nothing of February


@judged("F08")
def test_days_are_counted_back_from_the_day_of_completion() -> None:
    """000-7: 「排出工作进度表来,实行倒计时安排」."""
    task = "schedule: [ { id: roof, of: milestone, due: { before: { days: %s }, anchor: planned_completion_on } } ]"
    left = "measures: { countdown: { take: min, column: days_left, of: milestone, window: since_start } }"

    def countdown(days: int, completion: str | None) -> tuple[str, str]:
        head = a_year(
            a_project(planned_completion_on=completion and day(completion)), regime=regime(OVERDUE, left, task % days)
        )
        line = outcome(*head, at="2026-04-06").now("p1")
        return line.displayed["countdown"], line.displayed["overdue"]

    assert countdown(30, "2026-12-31") == ("245.00", "0")
    assert countdown(10, "2026-04-20") == ("10.00", "0")  # due on 10 April, counted from the end of March
    assert countdown(30, "2026-04-20") == ("0.00", "1")  # due on 21 March
    assert countdown(30, None) == ("-", "0")


@judged("F09")
def test_an_extension_that_was_approved_moves_the_day_and_stays_visible() -> None:
    """000-2: 「延期至今年3月31日完成」, with the vice-governor's consent."""
    rules = regime(OVERDUE, "measures: { extended: { count: milestone, where: { is_extended: true } } }")
    plan = on(START, a_plan(yi="12", milestones=(a_milestone("treated", "2026-01-15"),)))
    moved = on(
        "2026-01-10 09:00",
        an_extension(old="2026-01-15", new="2026-03-31", project="p1", item="treated", approver="vice_governor"),
    )

    def said(*events: object, at: str) -> tuple[str, str]:
        line = outcome(*a_year(regime=rules), plan, *events, at=at).now("p1")
        return line.displayed["overdue"], line.displayed["extended"]

    assert said(at="2026-03-06") == ("1", "0")
    assert said(moved, at="2026-03-06")[0] == "0"
    assert said(moved, at="2026-05-06") == ("1", "1")
    asked = an_extension(old="2026-01-15", new="2026-03-31", project="p1", item="treated", approver="")
    assert said(on("2026-01-10 09:00", asked), at="2026-03-06") == ("1", "0")  # nobody consented
    reached = on("2026-03-30 09:00", a_milestone_reached(milestone="treated", on="2026-03-30"))
    assert said(moved, reached, at="2026-05-06")[0] == "0"


@judged("F10")
def test_what_is_overdue_is_proposed_for_closing_to_whoever_may_close_it() -> None:
    """000-2: 「依法予以关闭,或停产治理」: the supervision office proposes, the regulator decides."""
    rules = regime("""
supervision_rules:
  - id: untreated
    about: milestone
    when: { where: { milestone: treated, state: overdue } }
    held: { of: monthly }
    ladder: closure
ladders:
  closure:
    - step: closure_or_stop
      serve: [lead_unit]
      sign_off: [signer]
      competent: industry_regulator
      legal_basis: "Environmental Protection Law, article 60"
""")
    due = (a_milestone("treated", "2026-01-15"), a_milestone("painted", "2026-01-15"))
    plan = on(START, a_plan(yi="12", milestones=due))

    def drafts(*events: object) -> list[tuple[str, str, str]]:
        found = outcome(*a_year(regime=rules), plan, *events, at="2026-03-06 12:00").notices
        assert all("Environmental Protection Law, article 60" in one.text for one in found)
        return [(one.step, one.competent, one.form) for one in found]

    assert drafts() == [("closure_or_stop", "industry_regulator", "proposes")]
    assert drafts(on("2026-01-14 09:00", a_milestone_reached(milestone="treated", on="2026-01-14"))) == []
