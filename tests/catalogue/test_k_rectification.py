"""Section K: who rectifies what by when, how it is chased, and that nothing ends without a result and an answer."""

from datetime import datetime
from typing import Any

from tests.catalogue.case import judged, local
from tests.catalogue.following import after, draft, ladder, reached, served, step
from tests.support.builders import a_return, approval, on
from tests.support.facts import (
    a_finding,
    a_matter,
    a_reopening,
    a_report,
    a_round,
    a_round_report,
    a_striking_off,
    a_verification,
    an_assignment,
    an_inspection,
)

ISSUE = a_matter(on="2026-02-19", due_on="2026-02-27", source="finding")
GIVEN = an_assignment(unit="bureau-b", person="clerk-9", on="2026-02-20")


@judged("K01")
def test_a_rectification_notice_names_who_handles_it_and_by_when() -> None:
    """000-13: 「承办单位和承办人」."""

    def notice(asked: str, *events: object) -> Any:
        to = "handling_unit, handling_person"
        rule = "about: matter, when: { where: { source: finding } }"
        return served(ladder(step("rectification_notice", to, asked), rule=rule), events=events)

    named = notice("handler: required, rectify_within: { working_days: 5 }", ISSUE, GIVEN)
    assert named.addressees == ("handling_unit:bureau-b", "handling_person:clerk-9")
    assert named.rectify_by == local("2026-03-18 00:00")
    assert "Please name the handling unit and the handling person in the reply." in named.text
    plain = notice("", ISSUE)
    assert plain.addressees == ("handling_unit:bureau-a", "handling_person:")
    assert (plain.rectify_by, "Please name the handling unit" in plain.text) == (None, False)


@judged("K02")
def test_the_result_goes_back_to_the_group_that_supervises() -> None:
    """000-13: 「将办理结果及时反馈」 to the supervision group; otherwise the office itself verifies."""

    def back(rules: str, *reported: object) -> list[tuple[str, str, list[str]]]:
        found = after(rules, events=[ISSUE, GIVEN, *reported]).of("matters/verify_by")
        return [(one.act, one.by, [to.code for to in one.to]) for one in found]

    told = on("2026-03-04 10:00", a_report(on="2026-03-04"))
    assert back("matters: { verify_by: supervision_team }", told) == [("verify", "supervision_team", ["inspector-1"])]
    assert back("matters: { answer: source }", told) == [("verify", "supervision_office", [""])]
    assert back("matters: { verify_by: supervision_team }") == []
    asked = "The result is reported to supervision team."
    assert asked in draft(ladder(step("rectification_notice", more="report_to: supervision_team"))).text
    assert asked not in draft(ladder(step("rectification_notice"))).text


@judged("K03")
def test_an_issue_stands_in_the_ledger_until_it_is_struck_off() -> None:
    """000-17: 「要实行台账管理,整改销号」."""
    states = "[open, assigned, reported, verified, reopened]"
    ledger = f"measures: {{ unsettled: {{ count: matter, where: {{ state: {states} }}, window: since_start }} }}"

    def stands(*events: object, rules: tuple[str, ...] = (ledger, "matters: { answer: nobody }")) -> Any:
        found = after(*rules, events=[ISSUE, GIVEN, *events], at="2026-04-07 12:00")
        return found.now("city").displayed.get("unsettled"), [one.act for one in found.of("matters")]

    done = on("2026-03-12 10:00", a_verification(on="2026-03-12"))
    struck = on("2026-03-13 10:00", a_striking_off(on="2026-03-13"))
    back = on("2026-03-20 10:00", a_reopening(on="2026-03-20"))
    told = on("2026-03-11 10:00", a_report(on="2026-03-11"))
    assert stands() == ("1", ["handle"])
    assert stands(told) == ("1", [])
    assert stands(done) == ("1", ["strike_off"])
    assert stands(done, struck) == ("0", [])
    assert stands(done, struck, back) == ("1", ["handle"])

    def verified(rules: str, *events: object) -> list[str]:
        found = after(rules, events=[ISSUE, GIVEN, *events, struck], at="2026-03-16 12:00")
        return [one.act for one in found.of("matters/verify_by")]

    by_team = "matters: { verify_by: supervision_team, answer: nobody }"
    assert verified(by_team) == verified(by_team, told) == ["irregular"]
    assert verified(by_team, done) == verified("matters: { answer: nobody }") == []
    assert stands(done, rules=()) == (None, [])


@judged("K04")
def test_what_is_not_solved_is_chased_until_it_is() -> None:
    """000-8: 「一直跟踪至问题解决」: beyond its deadline, and when the figures are better for a month."""

    def reminded(rule: str) -> list[datetime | None]:
        rules = f"matters: {{ remind_every: {{ days: 7 }}, until_struck_off: {rule}, answer: nobody }}"
        return [one.due_at for one in after(rules, events=[ISSUE, GIVEN]).of("matters/remind_every")]

    assert reminded("true") == [local("2026-02-28 00:00")]
    assert reminded("false") == []

    def climbed(rule: str) -> list[str]:
        rules = (ladder(step("supervision_letter"), step("criticism")), f"matters: {{ until_struck_off: {rule} }}")
        signed = on("2026-03-10 10:00", approval(draft(*rules)), actor="signer-1")
        better = on("2026-04-03 10:00", a_return(period="2026-03", yi="12"))
        worse = on("2026-05-03 10:00", a_return(period="2026-04", yi="0"))
        return after(*rules, events=[signed, better, worse], at="2026-05-08 12:00").steps

    assert climbed("true") == ["supervision_letter", "criticism"]
    assert climbed("false") == ["supervision_letter", "supervision_letter"]


@judged("K05")
def test_an_immediate_order_leaves_no_day() -> None:
    """000-2: 「立即责令企业迅速整改」."""

    def ordered(within: str) -> tuple[datetime | None, bool]:
        notice = served(ladder(step("immediate_rectification", more=f"rectify_within: {{ days: {within} }}")))
        assert notice.served_at == local("2026-03-10 10:00")
        return notice.rectify_by, "within 3 days" in notice.text

    assert ordered("0") == (local("2026-03-10 10:00"), False)
    assert ordered("3") == (local("2026-03-14 00:00"), True)


@judged("K06")
def test_an_issue_is_handed_over_while_supervision_runs_or_after_the_round() -> None:
    """000-17: 「边督查、边移交、边整改、边督办」."""
    found = an_inspection(on="2026-02-19", round="r1", findings=(a_finding(),))
    running = (a_round(from_on="2026-02-16", until_on="2026-03-20"), found)
    reported = on("2026-03-06 10:00", a_round_report(on="2026-03-06"))

    def opened(hand_over: str, *events: object) -> list[str]:
        rules = f"matters: {{ opens_on: [finding], hand_over: {hand_over} }}"
        return [one.act for one in after(rules, events=[*running, *events]).of("matters/opens_on/finding")]

    assert opened("at_once") == ["open"]
    assert opened("after_round") == []
    assert opened("after_round", reported) == ["open"]


@judged("K07")
def test_a_bulletin_tells_how_many_rectifications_are_handled() -> None:
    """000-13: 「整改通知书办理情况进行定期通报」."""
    bulletin = """
bulletins:
  - { id: one, kind: 通报, cadence: monthly, issue: { working_days_after_close: 1 }, sections: [overview%s] }
"""

    def told(more: str, *events: object) -> tuple[str, ...]:
        return after(bulletin % more, events=events).bulletins[-1].paragraphs[1:]

    assert told(", rectifications", ISSUE) == ("Rectifications in hand: 1.",)
    assert told(", rectifications", a_matter(on="2026-02-19", source="directive")) == ("There is none.",)
    assert told("", ISSUE) == ()


@judged("K08")
def test_who_does_not_rectify_is_held_to_account() -> None:
    """001: 「落实不力、整改不到位」."""
    account = step(
        "accountability", "handling_unit", "competent: discipline_body, when: { days_overdue: { above: 0 } }"
    )

    def followed(
        *events: object, rungs: tuple[str, ...] = (account,), due_on: str = "2026-03-16"
    ) -> list[tuple[str, str, str]]:
        rule = "about: matter, when: { where: { state: [open, assigned] } }"
        rules = ladder(step("rectification_notice"), *rungs, rule=rule)
        issue = a_matter(on="2026-02-19", due_on=due_on, source="finding")
        return reached(after(rules, events=[issue, GIVEN, *events], at="2026-04-07 12:00"))

    notice = ("rectification_notice", "acts", "supervision_office")
    assert followed() == [notice, ("accountability", "refers", "discipline_body")]
    assert followed(on("2026-03-12 10:00", a_report(on="2026-03-12"))) == [notice]
    assert followed(rungs=()) == followed(due_on="2026-05-15") == [notice]


@judged("K09")
def test_everything_has_a_result_and_an_answer_to_the_public() -> None:
    """001: 「必须桩桩有结果、件件有回音」."""

    def owed(answer: str, *answered: str) -> list[tuple[str, list[str]]]:
        struck = a_striking_off(on="2026-03-05", answered=answered)
        told = [on("2026-03-04 10:00", a_verification(on="2026-03-04")), on("2026-03-05 10:00", struck)]
        found = after(f"matters: {{ answer: {answer} }}", events=[ISSUE, GIVEN, *told])
        return [(one.act, [to.role for to in one.to]) for one in found.of("matters/answer")]

    assert owed("public") == [("answer", ["public"])]
    assert owed("source") == [("answer", ["source"])]
    assert owed("public", "source") == [("answer", ["public"])]
    assert owed("source", "public") == [("answer", ["source"])]
    assert owed("public", "public", "source") == owed("source", "source") == owed("nobody") == []
