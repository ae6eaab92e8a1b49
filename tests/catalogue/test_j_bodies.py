"""Who answers, and to whom it is handed over: other bodies, owners outside government, those who held the post then."""

from typing import Any

import pytest

from tests.catalogue.case import Outcome, judged, outcome, regime
from tests.catalogue.following import SLOW, after, draft, drafts, ladder, reached, step
from tests.support.builders import a_project, a_return, a_year, on
from tests.support.facts import (
    a_matter,
    a_post,
    a_reminder,
    a_responsibility,
    a_verification,
    an_incident,
    an_inspection,
)


def befallen(rules: str, **incident: Any) -> Outcome:
    return after(rules, events=[an_incident(**{"on": "2026-02-19", **incident})])


def about(*kinds: str) -> str:
    return f"about: incident, when: {{ where: {{ kind: [{', '.join(kinds)}] }} }}"


@judged("J14")
def test_a_suspected_crime_is_handed_over_to_the_judiciary() -> None:
    rules = ladder(step("referral", "responsible_person", "competent: judiciary"), rule=about("crime"))
    assert reached(befallen(rules, kind="crime")) == [("referral", "refers", "judiciary")]
    assert reached(befallen(rules, kind="discipline")) == []


@judged("J15")
def test_a_case_is_transferred_to_the_bodies_for_personnel_and_discipline() -> None:
    to_both = [
        step("referral", "responsible_person", f"competent: {body}, count: 1")
        for body in ("organisation_department", "discipline_body")
    ]
    found = befallen(ladder(*to_both, rule=about("inaction", "discipline")), kind="inaction")
    assert reached(found) == [
        ("referral", "refers", "organisation_department"), ("referral", "refers", "discipline_body"),
    ]  # fmt: skip
    assert {one.unit for one in drafts(found)} == {"office"}
    assert len(drafts(befallen(ladder(*to_both, rule=about("inaction", "discipline")), kind="discipline"))) == 2
    assert drafts(befallen(ladder(*to_both, rule=about("inaction", "discipline")), kind="safety")) == []
    assert reached(befallen(ladder(to_both[0], rule=about("inaction")), kind="inaction")) == [
        ("referral", "refers", "organisation_department")
    ]


@judged("J16")
def test_owners_outside_government_have_a_ladder_of_their_own() -> None:
    rules = f"""
supervision_rules:
  - {{ id: inside, {SLOW}, held: {{ of: monthly }}, ladder: inside, among: {{ investment_nature: government }} }}
  - {{ id: outside, {SLOW}, held: {{ of: monthly }}, ladder: outside, among: {{ investment_nature: non_government }} }}
ladders:
  inside: [ {step("criticism")} ]
  outside:
    - {step("written_reminder", "owner")}
    - {step("media_exposure", "owner", "legal_basis: a law")}
    - {step("access_restriction", "owner", "legal_basis: a law, competent: industry_regulator")}
"""
    still = [on(f"2026-{month:02}-03 10:00", a_return(period=f"2026-{month - 1:02}", yi="0")) for month in (4, 5)]

    def climbed(nature: str) -> list[tuple[str, str, str]]:
        return reached(after(rules, events=still, nature=nature, at="2026-05-07 12:00"))

    assert climbed("non_government") == [
        ("written_reminder", "acts", "supervision_office"), ("media_exposure", "acts", "supervision_office"),
        ("access_restriction", "proposes", "industry_regulator"),
    ]  # fmt: skip
    assert climbed("government") == [("criticism", "acts", "supervision_office")]


@judged("J17")
def test_for_an_accident_leader_person_and_supervisors_answer() -> None:
    who = "sponsor_leader, responsible_person, supervision_team, named_unit, named_person"
    rules = ladder(
        step("accountability", who, "competent: discipline_body"), rule=about("safety", "management", "discipline")
    )
    for kind in ("safety", "management", "discipline"):
        (found,) = drafts(befallen(rules, kind=kind, projects=("p1",), units=("bureau-b",), persons=("foreman",)))
        assert found.addressees == (
            "sponsor_leader:leader-1", "responsible_person:clerk-1", "supervision_team:inspector-1",
            "named_unit:bureau-b", "named_person:foreman",
        )  # fmt: skip
        assert (found.form, found.competent) == ("refers", "discipline_body")
    assert drafts(befallen(rules, kind="attendance")) == []


@judged("J18")
def test_a_matter_still_open_after_several_reminders_is_investigated_directly() -> None:
    def steps(reminders: int, at_least: int, *more: object) -> list[str]:
        open_still = "{ where: { state: [open, assigned] } }"
        rule = f"about: matter, when: {{ all: [ {open_still}, {{ times_reminded: {{ at_least: {at_least} }} }} ] }}"
        told = [a_reminder(on=f"2026-02-1{day}") for day in range(reminders)]
        return after(
            ladder(step("direct_investigation"), rule=rule), events=[a_matter(on="2026-02-09"), *told, *more]
        ).steps

    assert steps(3, 3) == ["direct_investigation"]
    assert steps(2, 3) == steps(3, 3, a_verification(on="2026-02-19")) == []
    assert steps(2, 2) == ["direct_investigation"]


@pytest.mark.parametrize(
    "kind", ["inaction", "slow_action", "wrongful_action", "falsification", "perfunctory", "buck_passing"]
)
@judged("J19")
def test_failures_of_duty_that_documents_list_in_words_lead_to_accountability(kind: str) -> None:
    accountable = step("accountability", "named_person", "competent: discipline_body")
    listed = about("inaction", "slow_action", "wrongful_action", "falsification", "perfunctory", "buck_passing")
    (found,) = drafts(befallen(ladder(accountable, rule=listed), kind=kind, persons=("clerk-2",)))
    assert (found.step, found.addressees) == ("accountability", ("named_person:clerk-2",))
    assert befallen(ladder(accountable, rule=about("safety")), kind=kind, persons=("clerk-2",)).steps == []


@pytest.mark.parametrize("kind", ["policy_blocked", "low_efficiency", "poor_quality", "slow_progress"])
@judged("J20")
def test_four_outcomes_of_not_doing_ones_duty_lead_to_accountability_of_unit_and_town(kind: str) -> None:
    accountable = step("accountability", "lead_unit", "competent: discipline_body")
    outcomes = about("policy_blocked", "low_efficiency", "poor_quality", "slow_progress")
    found = befallen(ladder(accountable, rule=outcomes), kind=kind)
    assert (found.hit("one"), reached(found)) == (["i1"], [("accountability", "refers", "discipline_body")])
    assert befallen(ladder(accountable, rule=about("safety")), kind=kind).steps == []


LIGHTS = "lights: [ { green: { deviation_pp: { at_least: 0 } } }, { red: otherwise } ]\n"


@judged("J21")
def test_who_misses_a_month_finds_the_causes_and_may_make_it_good_later() -> None:
    missed = draft(ladder(step("reschedule")))
    assert (
        "Please find the causes, plan backwards from the deadline, and make good later what is missing." in missed.text
    )

    def past(memory: str, march: str) -> list[str | None]:
        said = on("2026-04-03 10:00", a_return(period="2026-03", yi=march))
        line = after(LIGHTS + memory, events=[said], at="2026-04-10 12:00").now("p1")
        return [line.light, line.past_light]

    made_up = "light_memory: { made_up: { red: yellow } }"
    assert past(made_up, "3") == ["green", "yellow"]
    assert past(made_up, "1") == ["red", "red"]
    assert past("", "3") == ["green", None]


@judged("J22")
def test_obstruction_of_works_is_reported_to_the_police() -> None:
    rules = ladder(step("police_report", "lead_unit", "competent: police"), rule=about("works_obstruction"))
    assert reached(befallen(rules, kind="works_obstruction")) == [("police_report", "refers", "police")]
    assert reached(befallen(rules, kind="obstruction")) == []


@judged("J23")
def test_the_head_of_the_unit_that_stands_last_speaks_at_the_next_meeting_of_the_forum() -> None:
    def speaks(must: str) -> list[tuple[str, str, str, list[str]]]:
        rules = regime(
            "scoring: { ranking: { by: investment_ratio, legal_basis: a law, plan_item: an item, at_most: monthly } }",
            "bulletins: [ { id: one, kind: 通报, cadence: monthly, issue: { working_days_after_close: 1 },"
            f" sections: [criticised], criticised: {{ bottom: 1{must} }} }} ]",
        )
        projects = [a_project("p1"), a_project("p2", lead="bureau-b")]
        head = [*a_year(*projects, regime=rules), a_post(), a_post("head-b", unit="bureau-b")]
        said = [a_return(yi="9"), a_return("p2", yi="3")]
        found = outcome(*head, on("2026-02-03 10:00", said[0]), said[1], at="2026-02-20 12:00")
        return [
            (one.subject, one.act, one.facts["forum"] if must else "", [to.code for to in one.to])
            for one in found.of("bulletins/one/criticised")
        ]

    assert speaks(", must: pledge_statement, forum: visit") == [("bureau-b", "pledge_statement", "visit", ["head-b"])]
    assert speaks("") == [("bureau-b", "criticism", "", ["head-b"])]


@judged("J24")
def test_typical_cases_are_exposed_in_the_media() -> None:
    exposed = step("media_exposure", "lead_unit", "legal_basis: a law, circulate: media")
    rules = ladder(exposed, rule="about: incident, when: { where: { severity: [serious, grave] } }")
    for severity in ("serious", "grave"):
        (found,) = drafts(befallen(rules, severity=severity))
        assert (found.step, found.circulate) == ("media_exposure", "media")
    assert drafts(befallen(rules, severity="ordinary")) == []


@judged("J25")
def test_who_held_the_post_then_answers_for_life_even_after_another_has_taken_over() -> None:
    def named(more: str) -> tuple[str, ...]:
        handed_over = [
            a_responsibility(role="responsible_person", person="clerk-1", ends=True),
            a_responsibility(role="responsible_person", person="clerk-2"),
        ]
        asked = step("accountability", "responsible_person", f"competent: discipline_body{more}")
        return draft(ladder(asked), events=handed_over).addressees

    assert named(", lifelong: true") == ("responsible_person:clerk-1", "responsible_person:clerk-2")
    assert named("") == ("responsible_person:clerk-2",)


@judged("J26")
def test_a_contractor_leaves_the_market_after_what_the_rules_name_and_by_who_may_decide_it() -> None:
    leaves = step("market_exit", "owner", "competent: industry_regulator, legal_basis: a law")
    rules = ladder(leaves, rule=about("heavy_injury"))
    (found,) = drafts(befallen(rules, kind="heavy_injury"))
    assert (found.step, found.form, found.competent) == ("market_exit", "proposes", "industry_regulator")
    assert found.addressees == ("owner:firm-1",)
    assert drafts(befallen(rules, kind="safety")) == []


@judged("J27")
def test_the_discipline_body_owes_its_checks_period_by_period() -> None:
    def owed(per: str, *events: object) -> list[str]:
        check = f"{{ id: check, who: discipline_body, do: inspection, where: {{ team: discipline }}, per: {per} }}"
        rules = f"duties: [ {check} ]"
        return [f"{one.kind} {one.facts['period']}" for one in after(rules, events=events).of("duties/check")]

    checked = an_inspection(on="2026-02-19", team="discipline")
    assert owed("quarterly") == ["owed 2026-Q1"]
    assert owed("quarterly", checked) == []
    assert owed("quarterly", an_inspection(on="2026-02-19")) == ["owed 2026-Q1"]
    assert owed("monthly", checked) == ["owed 2026-03"]


@judged("J28")
def test_unit_and_unit_head_bear_the_consequence_together() -> None:
    assert draft(ladder(step("criticism", "lead_unit, unit_head"))).addressees == (
        "lead_unit:bureau-a", "unit_head:head-a",
    )  # fmt: skip
    assert draft(ladder(step("criticism"))).addressees == ()
