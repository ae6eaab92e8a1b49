"""Does `duban explain` say from a file of events why a number is what it is, and what it cannot say?"""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from deploy.local.command import app
from deploy.local.evaluate import NothingFound
from deploy.local.event_file import write_events
from tests.support.builders import LIST, a_project, a_return, a_year, on, record, until


@pytest.fixture
def file(tmp_path: Path) -> Path:
    returned = on("2026-02-03 10:00", a_return(yi="3"), id="the-return")
    events = record(*a_year(a_project("p1", plan_yi="12")), returned, until("2026-02-20 00:00"))
    with (path := tmp_path / "events.jsonl").open("wb") as stream:
        write_events(events, stream)
    return path


def said(file: Path, *options: str, about: str = "measure:investment_ratio") -> str:
    asked = ["explain", "--events", str(file), "--list", LIST, "--subject", "bureau-a", "--about", about, *options]
    result = CliRunner().invoke(app, asked, env={"COLUMNS": "200"})
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result.output


def test_the_tree_reads_from_the_number_down_to_the_event(file: Path) -> None:
    told = said(file, "--lang", "en").splitlines()
    assert told[0].endswith("investment_ratio: 25.00%")
    assert told[-1].strip().startswith("events: ")
    assert any(line.strip() == "events: the-return" for line in told)
    assert "报表" in said(file, "--lang", "zh")


def test_as_json_the_value_is_exact_and_the_past_is_another(file: Path) -> None:
    assert json.loads(said(file, "--json"))["explained"]["value"] == "0.25"
    before = json.loads(said(file, "--json", "--period", "2026-01", "--known-at", "2026-02-02"))
    assert before["explained"]["value"] is None


def test_what_is_not_in_the_file_is_refused_in_a_sentence(file: Path) -> None:
    for options in (("--period", "2026-99"), ("--kind", "nothing"), ("--subject", "nobody")):
        with pytest.raises(NothingFound):
            said(file, *options)
    assert "is no day" in said(file, "--true-on", "tomorrow")
