"""What each matter calls for, from its opening to its end, and the clocks of an objection."""

from dataclasses import replace
from typing import Any

import pytest

from shared.core.regime.due import Days, WorkingDays
from shared.core.regime.language import ChainStep
from shared.core.regime.pursuit import AppealRight, MatterRules
from tests.support.builders import local
from tests.support.decided import decided, only, rules, told
from tests.support.facts import (
    a_decided_objection,
    a_finding,
    a_matter,
    a_pause,
    a_problem,
    a_reminder,
    a_reopening,
    a_report,
    a_round,
    a_round_report,
    a_solution,
    a_striking_off,
    a_verification,
    an_assignment,
    an_extension,
    an_inspection,
    an_objection,
)

PLAIN = MatterRules(answer="nobody", source="000-4b")
MATTER = a_matter()
ASSIGNED = an_assignment(person="li")


def under(rule: MatterRules, *events: object, right: AppealRight | None = None, **view: Any) -> Any:
    chains = {"open": (ChainStep(by="liaison", act="propose"), ChainStep(by="supervision_office", act="approve"))}
    return decided(rules(matters=rule, appeal_right=right, chains=chains), *events, **{"day": "2026-03-10", **view})


# --- opening ----------------------------------------------------------------------------------------------------


def test_an_opening_that_nobody_approved_waits_for_its_approver() -> None:
    """000-4b: 「报主任批准后立项督查」."""
    rule = replace(PLAIN, open_chain="open")
    found = only(under(rule, MATTER))
    assert (found.kind, found.rule, found.act, found.by, found.form) == (
        "approval", "matters/open_chain", "approve", "supervision_office", "acts",
    )  # fmt: skip
    assert under(rule, a_matter(approver="liaison")) == [replace(found, facts={**found.facts, "approver": "liaison"})]
    assert only(under(rule, a_matter(approver="director"))).act == "approve"
    assert told(under(rule, a_matter(approver="supervision_office"), ASSIGNED)) == [("owed", "m1", "handle")]


def test_after_one_body_of_its_chain_an_opening_waits_for_the_next() -> None:
    bodies = ("liaison", "line_leader", "unit_head")
    chain = (ChainStep(by="liaison", act="propose"), ChainStep(by="line_leader"), ChainStep(by="unit_head"))
    rule = replace(PLAIN, open_chain="open", opened_directly_by=("government",))

    def waits_for(*approvers: str) -> list[str]:
        opened = [a_matter(unit="bureau-a", approver=one) for one in approvers]
        return [one.by for one in decided(rules(matters=rule, chains={"open": chain}), *opened, day="2026-03-10")]

    assert [waits_for(one) for one in ("", *bodies)] == [
        ["line_leader"], ["line_leader"], ["unit_head"], ["handling_unit"],
    ]  # fmt: skip
    assert waits_for("government") == ["handling_unit"]
    assert waits_for("", "line_leader") == ["unit_head"]
    assert waits_for("", "line_leader", "unit_head") == ["handling_unit"]


def test_where_only_some_may_open_a_matter_others_ask_them() -> None:
    rule = replace(PLAIN, opened_directly_by=("government", "unit_head"))
    assert [one.by for one in under(rule, a_matter(approver="liaison"))] == ["government"]
    assert told(under(rule, a_matter(approver="unit_head", unit="bureau-a"))) == [("owed", "m1", "handle")]


def test_where_nobody_is_named_any_opening_stands() -> None:
    assert told(under(PLAIN, a_matter(unit="bureau-a", approver="director"))) == [("owed", "m1", "handle")]


def test_a_matter_from_a_source_that_opens_none_is_not_followed() -> None:
    rule = replace(PLAIN, opens_on=("minutes",), remind_every=Days(days=3))
    assert under(rule, MATTER, ASSIGNED) == under(rule, MATTER, ASSIGNED, a_report()) == []
    assert told(under(replace(rule, opens_on=("minutes", "directive")), MATTER, ASSIGNED)) == [
        ("owed", "m1", "handle"), ("due", "m1", "remind"),
    ]  # fmt: skip
    assert told(under(rule, a_matter(source="minutes"), ASSIGNED, a_report())) == [("matter", "m1", "verify")]


def test_a_finding_is_handed_over_at_once_while_supervision_runs() -> None:
    """000-17: 「边督查、边移交、边整改、边督办」."""
    rule = replace(PLAIN, opens_on=("finding",))
    found = only(under(rule, an_inspection(findings=(a_finding(),))))
    assert (found.kind, found.act, found.about, found.due_at) == (
        "matter",
        "open",
        "finding",
        local("2026-03-03 00:00"),
    )
    assert [(to.role, to.code) for to in found.to] == [("handling_unit", "bureau-a")]


def test_a_finding_may_wait_for_the_end_of_its_round() -> None:
    rule = replace(PLAIN, opens_on=("finding",), hand_over="after_round")
    seen = (a_round(), an_inspection(round="r1", findings=(a_finding(),)))
    assert under(rule, *seen) == []
    assert [one.act for one in under(rule, *seen, a_round_report(on="2026-03-09"))] == ["open"]
    assert [one.act for one in under(rule, an_inspection(findings=(a_finding(),)))] == ["open"]


def test_what_is_a_matter_already_is_not_opened_again() -> None:
    rule = replace(PLAIN, opens_on=("finding", "problem"))
    opened = a_matter(source="finding", basis="f1", project="p1")
    found = under(rule, an_inspection(findings=(a_finding(),)), a_problem("q1"), a_problem("q2"), opened,
                  a_solution("q2", on="2026-03-03"))  # fmt: skip
    assert told(found, "matter") == [("matter", "q1", "open")]


# --- handling ---------------------------------------------------------------------------------------------------


def test_a_matter_is_owed_by_its_unit_and_person_until_it_is_due() -> None:
    """000-13: 「承办单位和承办人」."""
    found = only(under(PLAIN, MATTER, ASSIGNED))
    assert (found.kind, found.form, found.due_at) == ("owed", "owes", local("2026-03-17 00:00"))
    assert [(to.role, to.code) for to in found.to] == [("handling_unit", "bureau-a"), ("handling_person", "li")]
    late = only(under(PLAIN, MATTER, ASSIGNED, day="2026-03-16"))
    assert (late.kind, late.facts["due_on"]) == ("missed", "2026-03-16")


def test_an_extension_moves_it() -> None:
    """000-2: 「延期至今年3月31日完成」."""
    assert only(under(PLAIN, MATTER, ASSIGNED, an_extension(), day="2026-03-16")).due_at == local("2026-04-01 00:00")
    asked = an_extension(approver="")
    assert only(under(PLAIN, MATTER, ASSIGNED, asked, day="2026-03-16")).due_at == local("2026-03-17 00:00")


def test_a_matter_of_nobody_is_given_to_somebody() -> None:
    assert told(under(PLAIN, a_matter(project=""))) == [("matter", "m1", "assign")]


def test_reminders_go_out_until_it_is_struck_off() -> None:
    """000-8: 「一直跟踪至问题解决」."""
    rule = replace(PLAIN, remind_every=WorkingDays(working_days=3))
    first = only(under(rule, MATTER, ASSIGNED), "due")
    assert (first.act, first.due_at) == ("remind", local("2026-03-06 00:00"))
    second = only(under(rule, MATTER, ASSIGNED, a_reminder(on="2026-03-06")), "due")
    assert (second.due_at, second.facts["times_reminded"]) == (local("2026-03-12 00:00"), "1")
    assert told(under(rule, MATTER, ASSIGNED, day="2026-03-20"), "due") == [("due", "m1", "remind")]
    only_until_due = replace(rule, until_struck_off=False)
    assert told(under(only_until_due, MATTER, ASSIGNED, day="2026-03-20"), "due") == []


@pytest.mark.parametrize(
    ("events", "expected"),
    [
        ((a_report(),), ("matter", "m1", "verify")),
        ((a_report(), a_verification()), ("matter", "m1", "strike_off")),
        ((a_report(), a_verification(is_done=False)), ("owed", "m1", "handle")),
        ((a_report(), a_verification(), a_striking_off(), a_reopening()), ("owed", "m1", "handle")),
    ],
)
def test_each_thing_that_befalls_it_says_what_is_next(events: tuple[object, ...], expected: tuple[str, ...]) -> None:
    assert told(under(PLAIN, MATTER, ASSIGNED, *events)) == [expected]


def test_what_befell_on_the_day_itself_counts() -> None:
    today = a_report(on="2026-03-10")
    assert told(under(PLAIN, MATTER, ASSIGNED, today)) == [("matter", "m1", "verify")]
    assert told(under(PLAIN, MATTER, ASSIGNED, today, day="2026-03-09")) == [("owed", "m1", "handle")]


def test_another_than_the_office_may_verify() -> None:
    found = only(under(replace(PLAIN, verify_by="supervision_team"), MATTER, ASSIGNED, a_report()))
    assert (found.by, found.form) == ("supervision_team", "proposes")


def test_every_matter_has_an_answer_and_a_file() -> None:
    """001: 「必须桩桩有结果、件件有回音」; 000-4b: 「做到及时立卷归档」."""
    rule = replace(PLAIN, answer="public", archive=True)
    ended = (MATTER, ASSIGNED, a_report(), a_verification())
    found = under(rule, *ended, a_striking_off())
    assert told(found) == [("answer", "m1", "answer"), ("matter", "m1", "archive")]
    assert [to.role for to in found[0].to] == ["public"]
    answered = a_striking_off(answered=("public", "leaders"))
    assert told(under(rule, *ended, answered)) == [("matter", "m1", "archive")]
    elsewhere = a_striking_off(answered=("source",))
    assert told(under(rule, *ended, elsewhere), "answer") == [("answer", "m1", "answer")]
    assert told(under(replace(rule, answer="source"), *ended, elsewhere), "answer") == []


@pytest.mark.parametrize(
    "checked", [(), (a_verification(is_done=False),), (a_verification(), a_reopening()), (a_report(),)]
)
def test_who_strikes_off_what_nobody_has_verified_does_so_irregularly(checked: tuple[object, ...]) -> None:
    rule = replace(PLAIN, verify_by="supervision_team")
    ended = (MATTER, ASSIGNED, *checked, a_striking_off(on="2026-03-05"))
    found = only(under(rule, *ended))
    assert (found.kind, found.rule, found.act) == ("matter", "matters/verify_by", "irregular")
    assert found.facts == {"source": "directive", "verify_by": "supervision_team", "struck_off_on": "2026-03-05"}
    assert under(PLAIN, *ended) == under(rule, *ended, day="2026-04-10", period="2026-04") == []
    assert under(rule, MATTER, ASSIGNED, a_verification(), a_striking_off(on="2026-03-05")) == []


def test_a_place_may_ask_for_no_answer_and_no_file() -> None:
    assert under(PLAIN, MATTER, ASSIGNED, a_report(), a_verification(), a_striking_off()) == []


def test_a_paused_matter_calls_for_nothing_until_its_day() -> None:
    paused = a_pause(until_on="2026-03-12")
    assert under(PLAIN, MATTER, ASSIGNED, paused) == []
    assert told(under(PLAIN, MATTER, ASSIGNED, paused, day="2026-03-13")) == [("owed", "m1", "handle")]


# --- objections -------------------------------------------------------------------------------------------------

RIGHT = AppealRight(file_within=Days(days=10), decide_within=Days(days=30))


def test_a_unit_may_object_for_so_long() -> None:
    found = only(under(PLAIN, MATTER, ASSIGNED, right=RIGHT), "due")
    assert (found.act, found.rule, found.due_at) == ("object", "appeal_right/file_within", local("2026-03-13 00:00"))
    assert told(under(PLAIN, MATTER, ASSIGNED, right=RIGHT, day="2026-03-12"), "due") == []


def test_an_objection_is_decided_in_time_by_others_and_steps_wait() -> None:
    found = only(under(PLAIN, MATTER, ASSIGNED, an_objection(on="2026-03-05"), right=RIGHT))
    assert (found.act, found.by, found.due_at) == ("decide_objection", "government", local("2026-04-05 00:00"))
    assert found.facts == {"filed_on": "2026-03-05", "recuse": "participants", "pauses": "steps"}


def test_where_an_objection_pauses_nothing_the_steps_go_on() -> None:
    right = replace(RIGHT, pauses="nothing", recuse="none")
    found = under(PLAIN, MATTER, ASSIGNED, an_objection(), right=right)
    assert sorted((one.act, one.by) for one in found) == [
        ("decide_objection", "supervision_office"), ("handle", "handling_unit"),
    ]  # fmt: skip


def test_a_decided_objection_lets_the_steps_go_on() -> None:
    events = (MATTER, ASSIGNED, an_objection(), a_decided_objection(on="2026-03-05"))
    assert told(under(PLAIN, *events, right=RIGHT)) == [("owed", "m1", "handle")]


def test_a_place_without_rules_for_matters_follows_none_up() -> None:
    assert decided(rules(), MATTER, ASSIGNED, a_problem()) == []
