"""Section N: what stands on boards and in the media for all to see, and what the public is owed."""

from datetime import datetime
from typing import Any

from shared.core.decisions import Decision
from tests.catalogue.case import judged, local, outcome, regime
from tests.support.builders import a_plan, a_project, a_return, a_stage, a_year, on
from tests.support.facts import (
    a_matter,
    a_milestone,
    a_milestone_reached,
    a_responsibility,
    a_review,
    a_striking_off,
    a_verification,
    day,
)

REPORTED = on("2026-02-03 10:00", a_return())


def board(
    rules: str, *events: object, at: str = "2026-03-10", more: str = "", project: Any = None, review: str = ""
) -> list[Decision]:
    """What is to be done to the one board on a day."""
    publication = f"publication: {{ boards: [ {{ id: one, {rules} }} ]{more} }}"
    ruled = regime(
        publication, *((f"reporting: [ {{ cadence: monthly, due: {{ day: 5 }}{review} }} ]",) if review else ())
    )
    found = outcome(*a_year(project or a_project(), regime=ruled), *events, at=f"{at} 12:00")
    return found.of("publication/boards/one")


def told(found: list[Decision]) -> list[tuple[str, datetime | None]]:
    return [(one.act, one.due_at) for one in found]


@judged("N01")
def test_leader_team_and_milestones_stand_in_the_media_in_full() -> None:
    """004: 「在新闻媒体上全文公布」."""
    people = (a_responsibility(), a_responsibility(role="service_team", person="clerk-1"))
    planned = a_plan(yi="12", milestones=(a_milestone(due_on="2026-06-30"),))

    def published(columns: str, more: str = "") -> Decision:
        full = f"columns: [{columns}], place: media, due: {{ after: {{ days: 30 }}, anchor: list_published }}"
        (found,) = board(full, *people, planned, more=more)
        return found

    found = published("name, leader, team, milestones")
    assert (found.act, found.due_at) == ("put_up", local("2026-02-01 00:00"))
    assert found.facts["row p1"] == "Project p1; leader-1; clerk-1; roof 2026-06-30 pending"
    assert (found.facts["place"], found.facts["secrecy_review"]) == ("media", "required")
    assert published("name, leader").facts["row p1"] == "Project p1; leader-1"
    assert published("name", ", secrecy_review: none").facts["secrecy_review"] == "none"
    assert outcome(*a_year(regime=regime()), at="2026-03-10 12:00").of("publication/boards/one") == []


@judged("N02")
def test_progress_stands_in_the_media_anew_every_quarter() -> None:
    """004: 「每季度将项目的进展情况」."""

    def due(renewed: str, *events: object, at: str = "2026-03-10") -> list[tuple[str, datetime | None]]:
        rules = f"columns: [name, progress], place: media, renewed: {renewed}, renewed_columns: [progress]"
        return told(board(f"{rules}, approved_only: false", *events, at=at))

    assert due("quarterly") == [("renew", local("2026-04-01 00:00"))]
    assert due("quarterly", REPORTED) == []
    assert due("quarterly", REPORTED, at="2026-04-10") == [("renew", local("2026-07-01 00:00"))]
    assert due("yearly", REPORTED, at="2026-04-10") == []


@judged("N03")
def test_a_board_on_the_wall_has_the_columns_that_the_rules_fix() -> None:
    """002: 「项目名称、分包县领导、分包单位、完成时限、具体进度」."""
    project = a_project(planned_completion_on=day("2026-10-31"))
    known = (a_responsibility(), a_stage(), on("2026-02-03 10:00", a_return(yi="3")))

    def row(columns: str, more: str = ", approved_only: false") -> str:
        (found,) = board(f"columns: [{columns}], place: wall{more}", *known, project=project)
        return found.facts["row p1"]

    assert row("name, leader, unit, due_on, progress") == "Project p1; leader-1; Bureau-A; 2026-10-31; started 25.00%"
    assert row("progress, name") == "started 25.00%; Project p1"
    assert row("name, progress", "") == "Project p1; -", "nobody has approved the return"
    assert board("columns: [name], place: wall, among: { batch: to_start }", *known)[0].facts.get("row p1") is None


@judged("N04")
def test_one_column_of_the_board_is_renewed_every_month() -> None:
    """002: the column of progress, 「每月都要进行更换」."""
    reached = on("2026-03-04 10:00", a_milestone_reached(on="2026-03-04"))
    planned = a_plan(yi="12", milestones=(a_milestone(due_on="2026-06-30"),))
    march = on("2026-03-03 10:00", a_return(period="2026-02", yi="2"))

    def due(column: str, *events: object, more: str = ", approved_only: false", **rest: Any) -> list[str]:
        rules = (
            f"columns: [name, progress, milestones], place: wall, renewed: monthly, renewed_columns: [{column}]{more}"
        )
        return [f"{one.facts['columns']}: {one.facts['not_renewed']}" for one in board(rules, planned, *events, **rest)]

    assert due("progress") == ["progress: p1"]
    assert due("progress", REPORTED) == ["progress: p1"], "that was in February"
    assert due("progress", march) == []
    assert due("milestones", march) == ["milestones: p1"]
    assert due("milestones", reached) == []
    reviewed = ", review: [assessment_office]"
    approved = on("2026-03-04 10:00", a_review(period="2026-02"))
    assert due("progress", march, more="", review=reviewed) == ["progress: p1"]
    assert due("progress", march, approved, more="", review=reviewed) == []


# --- the public ------------------------------------------------------------------------------------------------


def heard(channels: str, *events: object) -> list[tuple[str, str, str, datetime | None]]:
    """By which channel what is owed to the public, by whom, until when, on 10 March."""
    told = [on("2026-03-05 10:00", one) for one in events]
    ruled = regime(f"publication: {{ channels: [ {channels} ] }}")
    found = outcome(*a_year(regime=ruled), *told, at="2026-03-10 12:00").decisions
    return [(one.rule.rpartition("/")[2], one.act, one.by, one.due_at) for one in found if "channels" in one.rule]


@judged("N06")
def test_who_reports_what_proves_true_is_rewarded() -> None:
    """000-2: 「有奖举报制度」."""
    report = a_matter(source="public_report")
    true, untrue = (a_verification(on="2026-03-05", is_done=is_true) for is_true in (True, False))
    done = a_striking_off(on="2026-03-05", answered=("public",))

    def rewarded(rewarded: str, *events: object) -> list[str]:
        return [act for _, act, _, _ in heard(f"{{ id: one, kind: report, rewarded: {rewarded} }}", *events)]

    assert rewarded("true", report) == ["answer"]
    assert rewarded("true", report, true, done) == ["reward_reporter"]
    assert rewarded("true", report, done) == rewarded("true", report, untrue, done) == []
    assert rewarded("false", report, true, done) == []
    assert rewarded("true", a_matter(), true, done) == []
    told_the_source = a_striking_off(on="2026-03-05", answered=("source",))
    assert rewarded("true", report, true, told_the_source) == ["answer", "reward_reporter"]
    channel = "publication: { channels: [ { id: one, kind: report, rewarded: true } ] }"
    events = [on("2026-03-05 10:00", one) for one in (report, true, done)]
    assert outcome(*a_year(regime=regime(channel)), *events, at="2026-04-10 12:00").decisions == []  # said in March


@judged("N07")
def test_complaints_are_taken_and_answered_in_time_by_who_receives_them() -> None:
    """001: 「建立监督、举报和评议机制」."""
    complaint = a_matter(on="2026-03-02", source="public_report", basis="complaints")
    report = a_matter("m2", on="2026-03-02", source="public_report", basis="reports")
    channels = (
        "{ id: reports, kind: report, answer_within: { days: 30 } }, "
        "{ id: complaints, kind: complaint, answer_within: { days: 10 }, received_by: supervision_bureau }, "
        "{ id: opinions, kind: evaluation }"
    )
    by_complaint = ("complaints", "answer", "supervision_bureau", local("2026-03-13 00:00"))
    by_report = ("reports", "answer", "supervision_office", local("2026-04-02 00:00"))
    assert heard(channels, complaint) == [by_complaint]
    assert heard(channels, report) == [by_report]
    assert heard("{ id: opinions, kind: evaluation }", complaint, report) == []
    answered = a_striking_off(on="2026-03-05", answered=("public",))
    assert heard(channels, complaint, answered) == []
