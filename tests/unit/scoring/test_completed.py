"""Which returns count as completed: late ones, those that are worth nothing, those that nobody has reviewed."""

from decimal import Decimal
from typing import Any

import pytest

from shared.core.regime.language import ChainStep, Has
from shared.core.regime.management import Fault
from tests.support.builders import a_project, a_reporting, a_return, on
from tests.support.decided import a_view, rules
from tests.support.facts import a_review

WORTHLESS: dict[str, Any] = {"worthless": Fault(counts_as="no_progress")}


def completed(*events: object, projects: tuple[Any, ...] = (a_project(),), **reporting: Any) -> Decimal | None:
    """What p1 has completed by March, in 亿元."""
    chains = {"chain": reporting.pop("chain")} if "chain" in reporting else {}
    regime = rules(reporting=(a_reporting(**reporting),), chains=chains)
    amount = a_view(regime, *events, projects=projects).subject("project", "p1").sum("investment_completed")
    return None if amount is None else amount / 100_000_000


# --- reviews --------------------------------------------------------------------------------------------------

TWO: dict[str, Any] = {"review": ("assessment_office", "drc"), "unreviewed": "no_progress"}
REPORTED = (on("2026-02-03 10:00", a_return(yi="2")), on("2026-03-03 10:00", a_return(period="2026-02", yi="3")))


@pytest.mark.parametrize(
    ("reviews", "done"),
    [
        ((), 0),
        ((a_review(),), 0),
        ((a_review(), a_review(step="drc")), 2),
        ((a_review(), a_review(step="drc", verdict="returned")), 0),
        ((a_review(verdict="adjusted", yi="1"), a_review(step="drc")), 1),
    ],
)
def test_a_return_counts_once_all_reviewers_have_approved_it_and_none_has_sent_it_back(
    reviews: tuple[Any, ...], done: int
) -> None:
    assert completed(REPORTED[0], *reviews, **TWO) == done


def test_a_return_that_was_sent_back_leaves_the_one_before_standing() -> None:
    january = (a_review(), a_review(step="drc"))
    february = (a_review(period="2026-02"), a_review(period="2026-02", step="drc", verdict="returned"))
    assert completed(*REPORTED, *january, *february, **TWO) == 2


def test_a_chain_of_reviewers_is_asked_as_far_as_nothing_passes_them_over() -> None:
    """000-10: only what is important goes to the main leader."""
    chain = (ChainStep(by="drc", act="review"), ChainStep(by="principal_leaders", when=Has(tag="important")))
    rule: dict[str, Any] = {"review_chain": "chain", "chain": chain, "unreviewed": "no_progress"}
    reviewed = (REPORTED[0], a_review(step="drc"))
    important = (a_project(tags=("important",)),)
    assert completed(*reviewed, **rule) == 2
    assert completed(*reviewed, projects=important, **rule) == 0
    assert completed(*reviewed, a_review(step="principal_leaders"), projects=important, **rule) == 2


def test_what_a_chain_asks_of_measures_is_not_known_before_it_is_known_what_counts() -> None:
    chain = (ChainStep(by="drc", unless={"investment_ratio": Decimal(0)}),)
    rule: dict[str, Any] = {"review_chain": "chain", "chain": chain, "unreviewed": "not_judged"}
    assert completed(REPORTED[0], **rule) is None
    assert completed(REPORTED[0], a_review(step="drc"), **rule) == 2


# --- worthless ------------------------------------------------------------------------------------------------


def test_of_two_returns_that_came_on_one_day_neither_counts() -> None:
    bundled = (on("2026-03-03 10:00", a_return(yi="2")), on("2026-03-03 17:00", a_return(period="2026-02", yi="3")))
    assert completed(*bundled, **WORTHLESS) == 0
    assert completed(*REPORTED, **WORTHLESS) == 3


def test_returns_of_two_cadences_may_come_on_one_day() -> None:
    quarter = on("2026-02-03 11:00", a_return(period="2026-Q1", yi="9"))
    assert completed(REPORTED[0], quarter, **WORTHLESS) == 9


def test_words_copied_over_the_turn_of_the_year_are_worth_nothing() -> None:
    last = on("2026-01-03 10:00", a_return(period="2025-12", narrative="Works go on."))
    same = on("2026-02-03 10:00", a_return(yi="2", narrative="Works go on."))
    assert completed(last, same, **WORTHLESS) == 0
    assert completed(same, **WORTHLESS) == 2


def test_december_and_january_that_came_on_one_day_are_bundled() -> None:
    late = on("2026-02-03 09:00", a_return(period="2025-12"))
    assert completed(late, REPORTED[0], **WORTHLESS) == 0
