"""Is a published figure told from one that cannot be?"""

from decimal import Decimal
from pathlib import Path

import pytest

from deploy.local.evaluate import evaluate
from deploy.local.event_file import BadFile
from deploy.local.reconcile import Statement, read_published, reconcile

NOTHING = evaluate([])


def test_a_rate_is_held_against_the_range_of_its_printed_inputs() -> None:
    [found] = reconcile(Statement(list="a", period="2020-08", plan="18.2", done="11.4", rate="62.4").figures(), NOTHING)
    assert (found.verdict, found.readings, found.evaluated) == ("consistent", ("unrounded",), None)
    assert found.low < Decimal("62.4") < found.high


@pytest.mark.parametrize(
    ("plan", "done", "rate", "lead", "readings"),
    [
        ("47.7", "38.3", "80.3", "13.6", ("unrounded", "printed_rate")),
        ("193.4", "128.5", "66.4", "-0.23", ("unrounded",)),
        ("205.5", "29.5", "14.3", "-2.4", ("printed_rate",)),
    ],
)
def test_a_lead_names_the_reading_that_fits(
    plan: str, done: str, rate: str, lead: str, readings: tuple[str, ...]
) -> None:
    period = "2024-02" if rate == "14.3" else "2023-08"
    _, found = reconcile(
        Statement(list="a", period=period, plan=plan, done=done, rate=rate, lead=lead).figures(), NOTHING
    )
    assert (found.verdict, found.readings) == ("consistent", readings)


def test_a_lead_that_no_reading_gives_is_inconsistent() -> None:
    _, found = reconcile(
        Statement(list="a", period="2023-08", plan="47.7", done="38.3", rate="80.3", lead="15.0").figures(), NOTHING
    )
    assert (found.verdict, found.readings) == ("inconsistent", ())


def test_a_place_may_count_time_progress_in_its_own_way() -> None:
    statement = Statement(
        list="a", period="2016-04", plan="60.35", done="10.14", rate="16.80", lead="-8.20", time_progress="0.25"
    )
    assert [one.verdict for one in reconcile(statement.figures(), NOTHING)] == ["consistent", "consistent"]


def test_faults_of_a_file_of_published_figures_come_at_once(tmp_path: Path) -> None:
    file = tmp_path / "published.csv"
    file.write_text(
        "list,period,measure,published,numerator,denominator,inputs\n"
        "a,2026-13,x,1,1,0,\na,2026-01,x,one,1,1,guessed\na,2026-01,x,1,1,1,counted\n"
    )
    with pytest.raises(BadFile) as bad:
        read_published(file)
    assert [(one.line, one.fault.pointer) for one in bad.value.faults] == [
        (2, "/denominator"), (2, "/period"), (3, "/published"), (3, "/inputs"),
    ]  # fmt: skip


def test_a_file_of_published_figures_needs_its_columns(tmp_path: Path) -> None:
    file = tmp_path / "published.csv"
    file.write_text("list,period,measure,published\n")
    with pytest.raises(BadFile, match="/numerator"):
        read_published(file)
