"""What follows step by step: talks, orders, explanations, criticism, and what waits until they have not helped."""

from datetime import date
from typing import Any

import pytest

from tests.catalogue.case import judged, local
from tests.catalogue.following import after, draft, drafts, ladder, reached, served, step
from tests.support.builders import a_return, a_stage, approval, on
from tests.support.facts import (
    a_failed_contact,
    a_finding,
    a_matter,
    a_post,
    a_problem,
    a_report,
    a_responsibility,
    a_verification,
    an_absence,
    an_incident,
    an_inspection,
)

TALK = step("talk", "sponsor_leader, lead_unit", "competent: principal_leaders")


@pytest.mark.parametrize(
    ("rule", "event", "otherwise"),
    [
        (
            "about: project, among: { stage: started }, when: { idle_days: { above: 30 } }",
            a_stage(),
            a_stage(stage="approved"),
        ),
        ("about: project, among: { stage: started }, when: { deviation_pp: { below: -10 } }", a_stage(), None),
        ("about: problem, when: { days_open: { above: 20 } }", a_problem(on="2026-01-20"), a_problem(on="2026-02-19")),
    ],
    ids=["does not move after its start", "moves slowly", "is long unsolved"],
)
@judged("J01")
def test_the_leader_and_the_unit_are_talked_to_about_what_does_not_move(
    rule: str, event: object, otherwise: object
) -> None:
    idle = "measures: { idle_days: { days: since, anchor: last_progress } }"
    talked = draft(idle, ladder(TALK, rule=rule), events=[event])
    assert (talked.step, talked.form, talked.competent) == ("talk", "proposes", "principal_leaders")
    assert talked.addressees == ("sponsor_leader:leader-1", "lead_unit:bureau-a")
    assert after(idle, ladder(TALK, rule=rule), events=[otherwise] if otherwise else []).steps == []


@judged("J02")
def test_after_the_talk_there_is_a_deadline_for_rectification() -> None:
    def until(within: int) -> tuple[list[str], date | None]:
        rules = ladder(step("talk", more=f"rectify_within: {{ working_days: {within} }}"))
        notice = served(rules)
        return [notice.step], notice.rectify_by and notice.rectify_by.date()

    assert until(5) == (["talk"], date(2026, 3, 17))
    assert until(10) == (["talk"], date(2026, 3, 24))


@judged("J03")
def test_five_kinds_of_findings_bring_a_supervision_order_to_unit_and_person() -> None:
    rule = "about: finding, when: { where: { kind: [quality, efficiency, organisation, environment, progress] } }"
    rules = ladder(step("supervision_order", "lead_unit, responsible_person"), rule=rule)

    def found(kind: str) -> list[tuple[str, ...]]:
        visit = an_inspection(on="2026-02-19", findings=(a_finding(kind=kind),))
        return [one.addressees for one in drafts(after(rules, events=[visit]))]

    ordered = ("lead_unit:bureau-a", "responsible_person:clerk-1")
    assert [found(kind) for kind in ("quality", "efficiency", "organisation", "environment", "progress")] == [
        [ordered]
    ] * 5
    assert found("safety") == []


@judged("J04")
def test_who_is_behind_explains_and_catches_up_by_a_deadline() -> None:
    asked = "reply_within: { working_days: 3 }, rectify_within: { days: 30 }"
    notice = served(ladder(step("explanation", more=asked)))
    assert (notice.reply_by, notice.rectify_by) == (local("2026-03-14 00:00"), local("2026-04-10 00:00"))
    assert "Please explain the causes in writing" in notice.text
    plain = served(ladder(step("explanation")))
    assert (plain.reply_by, plain.rectify_by) == (None, None)


@judged("J05")
def test_a_reason_that_is_not_accepted_leads_to_accountability() -> None:
    insufficient = "{ where: { is_reason_accepted: false, cause: subjective } }"
    rules = ladder(
        step("explanation"),
        step("accountability", "responsible_person", f"competent: discipline_body, when: {insufficient}"),
        rule="about: matter, when: { where: { state: [open, assigned, reported] } }",
    )

    def climbed(**verified: Any) -> list[str]:
        told = [
            on("2026-03-12 10:00", a_report(on="2026-03-12")),
            on("2026-03-13 10:00", a_verification(on="2026-03-13", is_done=False, **verified)),
        ]
        return after(rules, events=[a_matter(on="2026-02-19"), *told], at="2026-04-07 12:00").steps

    assert climbed(cause="subjective", is_reason_accepted=False) == ["explanation", "accountability"]
    assert climbed(cause="subjective", is_reason_accepted=True) == ["explanation"]
    assert climbed(cause="objective", is_reason_accepted=False) == ["explanation"]
    assert climbed() == ["explanation"]


@judged("J06")
def test_criticism_in_the_bulletin_asks_leader_and_person_to_explain_and_to_propose_measures() -> None:
    def text(more: str) -> str:
        return draft(ladder(step("criticism", "lead_unit", f"circulate: next_bulletin{more}"))).text

    both = text(", explain_by: [sponsor_leader, responsible_person]")
    assert "An explanation is due from: sponsor leader, responsible person." in both
    assert "This is named in the next bulletin." in both
    assert "An explanation is due" not in text("")
    bulletin = """
bulletins:
  - id: one
    kind: 通报
    cadence: monthly
    issue: { working_days_after_close: 1 }
    sections: [criticised]
    criticised: { when: { deviation_pp: { below: -100 } } }
"""

    def named(circulate: str) -> str:
        rules = (ladder(step("criticism", "lead_unit", circulate)), bulletin)
        signed = on("2026-03-10 10:00", approval(draft(*rules)), actor="signer-1")
        return after(*rules, events=[signed], at="2026-04-10 12:00").bulletins[-1].paragraphs[0]

    assert named("circulate: next_bulletin") == "Criticised by notice: Project p1."
    assert named("") == "Nobody is criticised."


@judged("J07")
def test_a_written_explanation_goes_to_the_committee() -> None:
    def text(more: str) -> str:
        return draft(ladder(step("explanation", "sponsor_leader", more))).text

    assert "The result is reported to party committee." in text("report_to: party_committee")
    assert "is reported to" not in text("")


@judged("J08")
def test_a_unit_head_who_was_absent_without_excuse_writes_a_self_criticism() -> None:
    rules = ladder(
        step("written_self_criticism", "unit_head", "report_to: party_committee"),
        rule="about: absence, when: { where: { is_excused: false } }",
    )

    def called(*, is_excused: bool) -> list[tuple[str, tuple[str, ...], bool]]:
        absent = an_absence(on="2026-02-19", person="head-a", is_excused=is_excused)
        found = drafts(after(rules, events=[absent]))
        return [(one.step, one.addressees, "reported to party committee" in one.text) for one in found]

    assert called(is_excused=False) == [("written_self_criticism", ("unit_head:head-a",), True)]
    assert called(is_excused=True) == []


@judged("J09")
def test_the_direct_person_is_warned_while_the_head_explains() -> None:
    def together(first: str, second: str) -> list[tuple[str, str, tuple[str, ...]]]:
        warning = step("warning", "responsible_person", f"competent: discipline_body, count: {first}")
        found = after(ladder(warning, step("explanation", "unit_head", f"count: {second}")))
        return [(one.step, one.form, one.addressees) for one in drafts(found)]

    warned = ("warning", "refers", ("responsible_person:clerk-1",))
    assert together("1", "1") == [warned, ("explanation", "acts", ("unit_head:head-a",))]
    assert together("1", "2") == [warned]


@judged("J10")
def test_an_admonitory_talk_is_held_with_the_main_head_by_those_who_may() -> None:
    def talked(who: str, body: str) -> tuple[str, str, tuple[str, ...]]:
        found = draft(ladder(step("admonition_talk", who, f"competent: {body}")))
        return found.form, found.competent, found.addressees

    assert talked("unit_head", "party_committee") == ("proposes", "party_committee", ("unit_head:head-a",))
    assert talked("responsible_person", "organisation_department") == (
        "refers", "organisation_department", ("responsible_person:clerk-1",),
    )  # fmt: skip


@judged("J11")
def test_an_adjustment_of_posts_is_the_last_step_and_only_proposed_to_who_decides_it() -> None:
    adjusted = step("organisational_adjustment", "unit_head", "competent: organisation_department")
    rules = ladder(step("criticism"), step("admonition_talk", "unit_head", "competent: government"), adjusted)
    months = [on(f"2026-{month:02}-03 10:00", a_return(period=f"2026-{month - 1:02}", yi="0")) for month in (4, 5)]
    assert reached(after(rules, at="2026-04-07 12:00", events=months[:1]))[-1][0] == "admonition_talk"
    last = reached(after(rules, at="2026-05-07 12:00", events=months))
    assert last[-1] == ("organisational_adjustment", "refers", "organisation_department")
    caught_up = on("2026-05-03 10:00", a_return(period="2026-04", yi="12"))
    assert after(rules, at="2026-05-07 12:00", events=[months[0], caught_up]).steps == ["criticism", "admonition_talk"]


@judged("J12")
def test_the_first_second_and_third_time_bring_a_talk_criticism_and_removal() -> None:
    rules = (
        "measures: { contact_failures: { count: contact_failure } }",
        ladder(
            step("admonition_talk", "liaison", "competent: unit_head, count: 1"),
            step("criticism", "liaison", "count: 2"),
            step("liaison_withdrawn", "liaison", "count: 3"),
            rule="about: liaison, when: { contact_failures: { at_least: 1 } }",
        ),
    )

    def times(count: int) -> list[str]:
        failures = [a_failed_contact(on=f"2026-02-1{day}") for day in range(count)]
        return after(*rules, events=[a_post("liaison-a", "liaison"), *failures]).steps

    assert [times(count) for count in (0, 1, 2, 3)] == [[], ["admonition_talk"], ["criticism"], ["liaison_withdrawn"]]


@judged("J13")
def test_bad_influence_reaches_the_leaders() -> None:
    led = step(
        "leadership_accountability",
        "line_leader, unit_head",
        "competent: discipline_body, when: { where: { influence: bad } }",
    )
    rules = ladder(step("criticism"), led, rule="about: incident, when: { where: { kind: inaction } }")

    def climbed(influence: str) -> list[tuple[str, tuple[str, ...]]]:
        befell = an_incident(kind="inaction", on="2026-02-19", influence=influence)
        deputy = a_responsibility(role="line_leader", person="deputy-1")
        found = after(rules, events=[deputy, befell], at="2026-04-07 12:00")
        return [(one.step, one.addressees) for one in drafts(found)]

    leaders = ("leadership_accountability", ("line_leader:deputy-1", "unit_head:head-a"))
    assert climbed("bad") == [("criticism", ()), leaders]
    assert climbed("ordinary") == [("criticism", ())]
