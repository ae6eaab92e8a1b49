"""What holds for every history that is tried: the rules in force change nothing, and a draft is what evaluate finds."""

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deploy.local import trying
from deploy.local.evaluate import evaluate
from deploy.local.trial_outcome import numbers_of
from shared.core.regime.model import Due, Regime
from shared.infra.texts import Texts
from tests.property.test_histories import FEW, History, moves
from tests.support.builders import LIST, a_bulletin, a_regime, a_reporting, a_scoring

STARTS = st.none() | st.dates(date(2026, 1, 2), date(2026, 12, 31))


def in_force() -> Regime:
    return a_regime(bulletins=(a_bulletin(sign_off=("signer",)),))


def draft() -> Regime:
    """Other days on which returns are due, and so other cut-offs."""
    return a_regime(version=2, reporting=(a_reporting(due=Due(day=20, of="next_month")),), scoring=a_scoring())


@pytest.fixture(scope="module", autouse=True)
def _alone() -> Iterator[None]:
    """In one process: a fork for each of many short histories would take longer than they do."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(trying, "_beside", lambda _: None)
        yield


@FEW
@given(moves, STARTS)
def test_trying_the_rules_in_force_changes_nothing(
    steps: list[tuple[str, int, str, str]], from_on: date | None
) -> None:
    events = History([one for one in steps if one[0] != "rules"]).events
    found = trying.trial(events, in_force(), list_=LIST, say=Texts.load("en"), from_on=from_on)
    assert (found.moved, found.differs, found.bulletins) == ((), (), ())
    assert found.parked_in_force == found.parked_draft


@FEW
@given(moves)
def test_the_draft_is_what_evaluate_finds_under_it(steps: list[tuple[str, int, str, str]]) -> None:
    events = History(steps).events
    found = trying.trial(events, draft(), list_=LIST, say=Texts.load("en"))
    (whole,) = evaluate(events, regime=draft(), say=Texts.load("en")).jurisdictions
    last = {
        (line.period, str(line.subject_kind), line.subject): numbers_of(line)
        for one in whole.lists[0].draws
        if one.drawn.kind != "due"
        for line in one.lines
    }
    for moved in found.moved:
        said = last.get((moved.period, moved.subject_kind, moved.subject), {})
        for change in moved.changes:
            assert said.get(change.about, (None, "-")) == (change.draft, change.draft_displayed)
    assert {period for period, _, _ in last} <= set(found.periods)


def test_the_draft_of_these_histories_moves_somebody() -> None:
    """Or else nothing was proven above."""
    history = History([("return", 35, "p1", "1"), ("return", 9, "p2", "3"), ("tick", 35, "p1", "0")])
    found = trying.trial(history.events, draft(), list_=LIST, say=Texts.load("en"))
    assert found.moved
    assert history.clock - history.events[0].recorded_at > timedelta(days=60)
