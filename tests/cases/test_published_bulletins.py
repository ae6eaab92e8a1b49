"""Is every statement of the published bulletins, of whatever place, consistent but for the one that cannot be?"""

import csv
from pathlib import Path

import pytest

from deploy.local.evaluate import evaluate
from deploy.local.evaluation import Reconciled
from deploy.local.reconcile import reconcile
from tests.support import kaiping

FILE = kaiping.bulletins_file()

pytestmark = pytest.mark.skipif(
    FILE is None, reason="the published statements are not here: set DUBAN_SHARED to the folder that holds cases/"
)


def places() -> list[str]:
    with (FILE or Path()).open(encoding="utf-8", newline="") as stream:
        return list(dict.fromkeys(row["place"] for row in csv.DictReader(stream)))


def reconciled(place: str) -> list[Reconciled]:
    rows = kaiping.rows(FILE or Path(), place)
    return reconcile([figure for row in rows for figure in row.statement.figures()], evaluate([]))


def test_of_all_places_only_one_figure_is_inconsistent_and_it_is_named() -> None:
    found = [(place, one) for place in places() for one in reconciled(place)]
    assert len(found) == 38 + 23
    assert [(place, one.list, one.published) for place, one in found if one.verdict != "consistent"] == [
        ("连南县", "全县", "24.25")
    ]


def test_the_rates_and_leads_of_kaiping_are_all_consistent() -> None:
    found = reconciled("开平市")
    assert [one.measure for one in found].count("investment_ratio") == 18
    assert [one.measure for one in found].count("deviation_pp") == 12
    assert {one.verdict for one in found} == {"consistent"}


def test_a_place_that_counts_a_quarter_at_month_four_is_read_by_its_own_time_progress() -> None:
    bases = {row.statement.time_progress for row in kaiping.rows(FILE or Path(), "封丘县")}
    assert bases == {"0.25"}
