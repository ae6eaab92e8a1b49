"""A reviewer sees return, inspections, last month and flags together, and how long what waits has waited."""

from dataclasses import replace
from typing import Any

from services.intake.domain.review import Review, Waiting, inbox, review_of
from shared.core.events import TimeReached
from tests.support.builders import (
    YI,
    a_calendar,
    a_correction,
    a_regime,
    a_reporting,
    a_return,
    a_stage,
    an_adoption,
    local,
)
from tests.support.facts import a_finding, a_review, a_signature, an_inspection
from tests.support.intake import LEAD, NOW, OFFICE, OTHER, Intake
from tests.support.staffed import ASSESSOR, BOSS, FEBRUARY, HEAD, IN, REVIEWER, SECOND_HEAD, returned, staffed

BOTH: Any = {"review": ("supervision_office", "assessment_office")}
SIGNED: Any = {"sign_off": ("unit_head",), **BOTH}


def seen(intake: Intake, period: str = FEBRUARY) -> Review:
    found = review_of(intake.ledger, "p1", period)
    assert found is not None
    return found


def waits(intake: Intake, who: str, *, at: str = "") -> list[Waiting]:
    return list(inbox(intake.ledger, who, IN.get(who, "office"), local(at) if at else intake.ledger.clock))


def review(step: str, **changes: Any) -> Any:
    return a_review(period=FEBRUARY, step=step, **changes)


def test_a_return_is_seen_beside_the_last_one_what_was_found_on_the_spot_and_its_flags() -> None:
    intake = staffed(**BOTH)
    intake.accept(a_return(period="2026-01", yi="3", narrative="The pit."), LEAD)
    intake.accept(an_inspection(on="2026-02-20", yi="1", found_stage="started", findings=(a_finding(),)))
    intake.accept(an_inspection(on="2026-02-10"))
    intake.accept(a_return(period=FEBRUARY, yi="2", narrative="The pit grows."), LEAD)
    found = seen(intake)
    assert (found.made.said.narrative, found.made.by, found.made.unit) == ("The pit grows.", (LEAD,), "bureau-a")
    assert found.last is not None
    assert (found.last.said.period, found.last.said.narrative) == ("2026-01", "The pit.")
    assert [(one.on.day, one.investment_ytd_yuan, one.stage) for one in found.found] == [
        (10, None, ""), (20, YI, "started"),
    ]  # fmt: skip
    assert len(found.found[1].findings) == 1
    assert found.flags == ("cumulative_falls",)
    assert (found.due, found.is_late) == (local("2026-03-06 00:00"), False)
    assert review_of(intake.ledger, "p1", "2025-12") is None


def test_a_late_return_is_seen_to_be_late_and_one_without_a_day_is_never() -> None:
    intake = returned()
    intake.accept(TimeReached(at=local("2026-03-06 00:00")))
    intake.accept(a_return("p2", FEBRUARY), OTHER)
    late = review_of(intake.ledger, "p2", FEBRUARY)
    assert late is not None
    assert late.is_late
    intake.accept(an_adoption(a_regime(version=3, reporting=(a_reporting(due=None),)), "2026-03-06"))
    intake.accept(a_return(period="2026-03"), LEAD)
    assert (seen(intake, "2026-03").due, seen(intake, "2026-03").is_late) == (None, None)


def test_whose_turn_it_is_follows_signature_and_review() -> None:
    intake = returned(**SIGNED)
    assert seen(intake).turn == ("unit_head",)
    intake.accept(a_signature(period=FEBRUARY), HEAD, unit="bureau-a")
    assert seen(intake).turn == ("supervision_office",)
    intake.accept(review("supervision_office"), REVIEWER, unit="office")
    assert seen(intake).turn == ("assessment_office",)
    intake.accept(review("assessment_office"), ASSESSOR, unit="assessors")
    assert seen(intake).turn == ()
    assert [(one.step, one.verdict, one.by) for one in seen(intake).made.reviews] == [
        ("supervision_office", "approved", REVIEWER), ("assessment_office", "approved", ASSESSOR),
    ]  # fmt: skip
    intake.accept(a_correction(seen(intake).made.event, yi="1"), LEAD)
    assert seen(intake).turn == ("unit_head",)


def test_what_is_sent_back_is_nobodys_turn_but_the_units() -> None:
    intake = returned(**BOTH)
    intake.accept(review("supervision_office", verdict="returned", reason="which works?"), REVIEWER, unit="office")
    assert (seen(intake).turn, waits(intake, ASSESSOR), seen(intake).made.is_sent_back) == ((), [], True)


def test_what_waits_for_somebody_is_what_they_may_do_next() -> None:
    intake = returned(**SIGNED)

    def inboxes() -> dict[str, tuple[str, ...]]:
        every = {who: waits(intake, who) for who in (HEAD, SECOND_HEAD, REVIEWER, BOSS, ASSESSOR, LEAD)}
        return {who: found[0].steps for who, found in every.items() if found}

    assert inboxes() == {HEAD: ("unit_head",)}
    intake.accept(a_signature(period=FEBRUARY), HEAD, unit="bureau-a")
    assert inboxes() == {REVIEWER: ("supervision_office",), BOSS: ("supervision_office",)}
    intake.accept(review("supervision_office"), REVIEWER, unit="office")
    assert inboxes() == {ASSESSOR: ("assessment_office",)}
    intake.accept(review("assessment_office", verdict="returned", reason="which works?"), ASSESSOR, unit="assessors")
    assert inboxes() == {}


def test_nothing_that_somebody_entered_waits_for_their_review() -> None:
    intake = staffed(**BOTH)
    told = replace(a_return(period=FEBRUARY), channel="phone")
    intake.accept(told, OFFICE, on_behalf_of="bureau-a")
    assert not waits(intake, OFFICE)
    assert [one.project for one in waits(intake, REVIEWER)] == ["p1"]


def test_how_long_something_waits_is_counted_in_working_days_since_the_last_step() -> None:
    intake = staffed(**BOTH)
    intake.accept(a_calendar("2026-03-04"))
    intake.accept(a_return(period=FEBRUARY), LEAD)
    assert [one.working_days for one in waits(intake, REVIEWER)] == [0]
    assert [one.working_days for one in waits(intake, REVIEWER, at="2026-03-09 08:00")] == [4]
    intake.accept(TimeReached(at=local("2026-03-06 09:00")))
    intake.accept(review("supervision_office"), REVIEWER, unit="office")
    (one,) = waits(intake, ASSESSOR, at="2026-03-09 08:00")
    assert (one.since, one.working_days) == (local("2026-03-06 09:00"), 1)


def test_what_has_waited_longest_comes_first() -> None:
    intake = staffed(**BOTH)
    intake.accept(a_return("p2", FEBRUARY), OTHER)
    intake.accept(TimeReached(at=local("2026-03-03 09:00")))
    intake.accept(a_return("p1", FEBRUARY), LEAD)
    assert [(one.project, one.since) for one in waits(intake, REVIEWER)] == [
        ("p2", NOW), ("p1", local("2026-03-03 09:00")),
    ]  # fmt: skip


def test_flags_stand_beside_what_waits() -> None:
    intake = staffed(**BOTH)
    intake.accept(a_stage(stage="signed"), LEAD)
    intake.accept(a_return(period=FEBRUARY), LEAD)
    assert [one.flags for one in waits(intake, REVIEWER)] == [("before_start",)]
