"""How are the fields of an event written on the command line?"""

import json
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import typer

from deploy.local.receipts import is_old
from deploy.local.submit_command import _known, _lines, _of_line, by_line, read_fields


def test_values_are_text_but_lists_objects_and_the_three_words_of_json() -> None:
    pairs = ["project=p1", "investment_ytd_yuan=1200000", "is_nil=false", 'evidence=["sha256:1"]', "narrative=a=b"]
    assert read_fields(pairs) == {
        "project": "p1", "investment_ytd_yuan": "1200000", "is_nil": False, "evidence": ["sha256:1"],
        "narrative": "a=b",
    }  # fmt: skip


@pytest.mark.parametrize("pairs", [["project"], ["=p1"], ["a=1", "a=2"], ["a=[1"]])
def test_what_is_no_field_is_told(pairs: list[str]) -> None:
    with pytest.raises(typer.BadParameter):
        read_fields(pairs)


def test_the_key_follows_from_the_content_unless_it_is_given() -> None:
    one: dict[str, Any] = {"type": "t", "data": {"a": "1"}, "unit": ""}
    made = _of_line(one, key="")
    assert made == _of_line(dict(one), key="")
    assert made["key"] != _of_line({**one, "data": {"a": "2"}}, key="")["key"]
    assert "unit" not in made
    assert _of_line(one, key="k")["key"] == "k"


def test_a_line_that_is_no_object_is_told_with_its_number(tmp_path: Path) -> None:
    file = tmp_path / "many.ndjson"
    file.write_text('{"type": "a"}\n\n[1]\n')
    with pytest.raises(typer.BadParameter, match="line 3"):
        _lines(file)


def test_a_line_may_give_the_short_type_as_the_command_line_does(tmp_path: Path) -> None:
    file = tmp_path / "many.ndjson"
    file.write_text('\n{"type": "project.progress_reported"}\n{"type": "duban.project.progress_reported.v1"}\n')
    assert [(number, _of_line(one, key="")["type"]) for number, one in _lines(file)] == [
        (2, "duban.project.progress_reported.v1"), (3, "duban.project.progress_reported.v1"),
    ]  # fmt: skip


def test_faults_of_a_file_are_told_with_their_line() -> None:
    faults = [{"pointer": one} for one in ("/submissions/1/data/project", "/submissions/0", "/jurisdiction", "")]
    problem = by_line({"code": "refused", "faults": faults}, ["f, line 2", "f, line 5"])
    assert [one["pointer"] for one in problem["faults"]] == [
        "f, line 5 /data/project", "f, line 2 /", "/jurisdiction", "",
    ]  # fmt: skip
    assert by_line({"faults": [{"pointer": "/key"}]}, ["f, line 2"])["faults"] == [{"pointer": "f, line 2 /key"}]
    assert by_line({"faults": [{"pointer": "/key"}]}, [""])["faults"] == [{"pointer": "/key"}]
    assert by_line({"code": "not_open"}, [""]) == {"code": "not_open"}


NOW = datetime(2026, 4, 3, tzinfo=UTC)


def _event(at: datetime) -> str:
    stamp = f"{int(at.timestamp() * 1000):012x}"
    return f"{stamp[:8]}-{stamp[8:]}-7000-8000-000000000000"


def test_a_receipt_from_before_the_call_is_old_whatever_the_clock_of_the_place_says() -> None:
    moved = "2020-01-01T00:00:00Z"
    assert is_old({"event": _event(NOW - timedelta(minutes=1)), "recorded_at": moved}, NOW)
    assert not is_old({"event": _event(NOW), "recorded_at": moved}, NOW)
    assert is_old({"event": "imported", "recorded_at": moved}, NOW)
    assert not is_old({}, NOW)


def test_what_was_recorded_already_is_said_in_both_languages() -> None:
    receipt = {"recorded_at": "2026-04-02T00:00:00Z", "key": "k"}
    said = "already recorded at 2026-04-02T00:00:00Z under key k; give --key to record it again"
    assert _known("", receipt, "en") == f"duban: {said}"
    assert _known("f, line 2", receipt, "zh").startswith("duban: f, line 2: 已于 2026-04-02T00:00:00Z 以键 k 录入过")


def test_neither_the_services_nor_their_frameworks_are_loaded_to_hand_something_in() -> None:
    script = (
        "import deploy.local.command, deploy.local.client, deploy.local.receipts, json, sys\n"
        "print(json.dumps([*sys.modules]))"
    )
    loaded = json.loads(subprocess.run([sys.executable, "-c", script], capture_output=True, check=True).stdout)
    assert not [one for one in loaded if one.startswith("services.") or one in {"fastapi", "faststream", "nats"}]
