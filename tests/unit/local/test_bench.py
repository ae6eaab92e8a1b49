"""Does the record that `make bench` measures still say what it is meant to?"""

from deploy.local.evaluate import evaluate
from shared.core.events import ProgressCorrected, ProgressReported
from tests.bench.evaluate import busy_year


def test_the_busy_year_has_the_events_asked_for_and_every_fold_takes_them_all() -> None:
    year = [*busy_year(1_000, projects=10)]
    assert [one.position for one in year] == list(range(1, 1_001))
    (found,) = evaluate(year).jurisdictions
    (of_list,) = found.lists
    assert found.parked == ()
    assert [one.drawn.period for one in of_list.draws if one.drawn.kind == "close"] == [
        f"2026-{month:02d}" for month in range(1, 13)
    ]
    assert len(of_list.bulletins.drafted) == 4


def test_most_of_the_busy_year_are_returns_and_one_event_in_ten_corrects_one() -> None:
    kinds = [type(one.data) for one in busy_year(1_000, projects=10)]
    assert kinds.count(ProgressReported) > 800
    assert kinds.count(ProgressCorrected) > 90
