"""A suspicious value is taken with a flag, each for its own reason; what is usual, or unknown, is not flagged."""

from dataclasses import replace
from decimal import Decimal
from typing import Any, get_args

import pytest

from shared.core.events import PostAssigned, ProgressReported, QualityFlag, StageChanged, TimeReached
from tests.support.builders import (
    YI,
    a_correction,
    a_jurisdiction,
    a_list,
    a_plan,
    a_project,
    a_regime,
    a_reporting,
    a_return,
    a_stage,
    a_unit,
    an_adoption,
    local,
)
from tests.support.facts import a_milestone, a_milestone_reached, a_reset, a_review, a_withdrawal
from tests.support.intake import LEAD, OPERATOR, Intake
from tests.support.staffed import REVIEWER, staffed, under

PHOTO, OTHER_PHOTO, THIRD_PHOTO = (f"sha256:{64 * digit}" for digit in "fab")
WORDS = {"narrative": "The roof is on."}


def in_autumn(**listing: Any) -> Intake:
    """October has ended; p1, carried over from the year before unless told otherwise, has a plan of 12."""
    intake = Intake(now=local("2026-11-02 09:00"))
    intake.accept(a_jurisdiction(mode="simulated"), OPERATOR, time=intake.now)
    intake.accept(a_unit())
    intake.accept(PostAssigned(person=LEAD, post="reporter", unit="bureau-a"))
    for one in (a_list(), an_adoption(), a_project(**{"continuing": True, **listing}), a_project("p2")):
        intake.accept(one)
    return intake


def flags(intake: Intake, data: Any) -> set[QualityFlag]:
    return set(intake.accept(data, LEAD).data.flags)


def month(number: int, yi: str | None, **changes: Any) -> ProgressReported:
    return a_return(period=f"2026-{number:02}", yi=yi, **changes)


def after(*told: tuple[int, str]) -> Intake:
    intake = in_autumn()
    for number, yi in told:
        intake.accept(month(number, yi), LEAD)
    return intake


def test_an_even_year_is_never_flagged() -> None:
    intake = in_autumn()
    assert [flags(intake, month(number, str(number), narrative=f"Month {number}.")) for number in range(1, 11)] == (
        [set()] * 10
    )


@pytest.mark.parametrize(
    ("told", "last", "found"),
    [
        (((1, "2"),), (2, "1.9"), {"cumulative_falls"}),
        (((1, "2"),), (2, "2"), set()),
        (((2, "2"),), (1, "3"), set()),  # told late: nothing came before it
        (((1, "2"), (4, "5")), (3, "1"), {"cumulative_falls"}),
        (((1, "1"), (3, "3"), (2, "2")), (4, "2.5"), {"cumulative_falls"}),
        (((1, "1"), (2, "2")), (3, "5.1"), {"jump"}),  # more than 3 times the usual 1, more than 2.4
        (((1, "1"), (2, "2")), (3, "5"), set()),
        (((1, "0.1"), (2, "0.2")), (3, "2.6"), set()),  # many times the usual, and no fifth of the plan
        (((1, "0.1"), (2, "0.2")), (3, "2.7"), {"jump"}),
        (((1, "1"),), (4, "10"), set()),  # three months' worth of steps, of the usual size
        (((1, "1"),), (4, "10.1"), {"jump"}),
        (((9, "0"),), (10, "3"), {"jump"}),
        ((), (1, "9"), set()),  # nothing yet that would be usual
        ((), (1, "12"), set()),
        ((), (1, "12.1"), {"over_plan"}),
        (((1, "11"),), (2, "12.1"), {"over_plan"}),
    ],
)  # fmt: skip
def test_amounts_are_held_against_the_year_so_far(
    told: tuple[tuple[int, str], ...], last: tuple[int, str], found: set[QualityFlag]
) -> None:
    assert flags(after(*told), month(*last)) == found


def test_a_new_year_starts_from_nothing() -> None:
    intake = after((10, "10"))
    intake.accept(a_list(2025))
    intake.accept(a_project(year=2025))
    assert flags(intake, a_return(period="2025-12", yi="11")) == set()


def test_what_counts_is_the_amount_as_corrected_adjusted_or_withdrawn() -> None:
    intake = staffed()
    january = intake.accept(a_return(period="2026-01", yi="3"), LEAD)
    intake.accept(a_correction(january.id, yi="1"), LEAD)
    assert flags(intake, a_return(period="2026-02", yi="2")) == set()
    intake = staffed()
    intake.accept(a_return(period="2026-01", yi="1"), LEAD)
    adjusted = a_review(verdict="adjusted", yi="3", step="supervision_office", reason="a slip")
    intake.accept(adjusted, REVIEWER, unit="office")
    assert flags(intake, a_return(period="2026-02", yi="2")) == {"cumulative_falls"}
    intake = staffed()
    january = intake.accept(a_return(period="2026-01", yi="3"), LEAD)
    intake.accept(a_withdrawal(january.id), LEAD)
    assert flags(intake, a_return(period="2026-02", yi="2")) == set()


def test_the_plan_is_the_one_in_force_and_the_highest_of_several_lists() -> None:
    intake = in_autumn()
    intake.accept(a_plan(yi="1"))
    assert flags(intake, month(1, "2")) == {"over_plan"}
    intake.accept(a_reset(yi="3"))
    assert flags(intake, month(2, "2.5")) == set()
    intake.accept(a_list(list="other"))
    intake.accept(a_project(list="other", plan_yi="4"))
    assert flags(intake, month(3, "3.5")) == set()
    assert flags(intake, month(4, "4.5")) == {"over_plan"}


def test_without_a_plan_nothing_is_above_it_and_no_step_is_a_jump() -> None:
    intake = in_autumn(annual_planned_investment_yuan=None)
    intake.accept(month(1, "1"), LEAD)
    assert flags(intake, month(2, "90")) == set()


def test_what_copies_the_words_and_all_amounts_of_the_last_return_is_flagged() -> None:
    def after_that(**changes: Any) -> set[QualityFlag]:
        intake = in_autumn()
        intake.accept(month(1, "2", **WORDS), LEAD)
        return flags(intake, month(2, "2", **changes))

    assert after_that(**WORDS) == {"copy_of_last"}
    assert after_that(narrative=" The roof is on.\n") == {"copy_of_last"}
    assert after_that(narrative="The roof leaks.") == set()
    assert after_that(**WORDS, funds_paid_yuan=YI) == set()
    assert after_that() == set()


def test_where_nothing_is_told_in_words_the_same_amount_only_says_that_nothing_moved() -> None:
    assert flags(after((1, "2")), month(2, "2")) == set()


def test_a_quarter_that_says_what_its_last_month_says_copies_nothing() -> None:
    both = a_regime(version=2, reporting=(a_reporting(), a_reporting(cadence="quarterly")))
    intake = under(both, Intake())
    intake.accept(TimeReached(at=local("2026-04-02 09:00")))
    intake.accept(a_return(period="2026-03", yi="2", **WORDS), LEAD)
    assert flags(intake, a_return(period="2026-Q1", yi="2", **WORDS)) == set()
    assert flags(intake, a_return(period="2026-02", yi="2", **WORDS)) == set()


@pytest.mark.parametrize(
    ("listing", "stage", "found"),
    [
        ({"continuing": True}, None, set()),
        ({"continuing": None}, None, set()),  # nobody said a word about it
        ({"continuing": False}, None, {"before_start"}),
        ({"continuing": None}, a_stage(stage="signed"), {"before_start"}),
        ({"continuing": False}, a_stage(on="2026-02-28"), set()),
        ({"continuing": False}, a_stage(on="2026-03-01"), {"before_start"}),
        ({"continuing": False}, a_stage(stage="completed"), set()),
    ],
)
def test_works_before_the_start_are_flagged(
    listing: dict[str, Any], stage: StageChanged | None, found: set[QualityFlag]
) -> None:
    for said in (
        {"investment_ytd_yuan": YI},
        {"physical_progress_ratio": Decimal("0.1"), "investment_ytd_yuan": 0 * YI},
    ):
        intake = in_autumn(**listing)
        if stage:
            intake.accept(stage, LEAD)
        assert flags(intake, replace(month(2, "0"), **said)) == found  # type: ignore[arg-type]
    assert flags(in_autumn(**listing), month(2, "0")) == set()
    assert flags(in_autumn(**listing), month(2, None)) == set()


def test_what_is_built_without_a_start_is_flagged() -> None:
    assert flags(in_autumn(continuing=False), a_stage(stage="completed")) == {"before_start"}
    assert flags(in_autumn(continuing=False), a_stage(stage="approved")) == set()


def test_a_second_start_is_flagged() -> None:
    intake = in_autumn()
    assert flags(intake, a_stage(on="2026-03-01")) == set()
    assert flags(intake, a_stage(stage="suspended", on="2026-04-01")) == set()
    assert flags(intake, a_stage(on="2026-05-01")) == {"duplicate_start"}
    assert flags(intake, a_stage(on="2026-01-01")) == {"duplicate_start"}


def test_a_file_that_was_shown_for_something_else_is_flagged() -> None:
    intake = in_autumn()
    intake.accept(a_plan(yi="12", milestones=(a_milestone(),)))
    assert flags(intake, month(1, "1", evidence=(PHOTO,))) == set()
    assert flags(intake, month(2, "2", evidence=(OTHER_PHOTO, PHOTO))) == {"same_evidence"}
    assert flags(intake, month(3, "3", evidence=(THIRD_PHOTO,))) == set()
    assert flags(intake, replace(a_stage(), evidence=(PHOTO,))) == {"same_evidence"}
    assert flags(intake, replace(a_milestone_reached(), evidence=(PHOTO,))) == {"same_evidence"}


def test_a_return_that_is_made_again_may_show_its_own_files_again() -> None:
    intake = in_autumn()
    first = intake.accept(month(1, "1", evidence=(PHOTO,)), LEAD)
    intake.accept(a_withdrawal(first.id), LEAD)
    assert flags(intake, month(1, "1", evidence=(PHOTO,))) == set()


def test_every_flag_of_the_vocabulary_is_found_somewhere() -> None:
    found: set[QualityFlag] = set()
    intake = in_autumn(continuing=False)
    found |= flags(intake, month(1, "1", evidence=(PHOTO,), **WORDS))
    found |= flags(intake, month(2, "1", evidence=(PHOTO,), **WORDS))
    found |= flags(intake, month(3, "13"))
    found |= flags(intake, month(4, "1"))
    found |= flags(intake, a_stage()) | flags(intake, a_stage())
    assert found == {*get_args(QualityFlag)}
