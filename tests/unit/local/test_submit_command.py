"""How are the fields of an event written on the command line?"""

from pathlib import Path
from typing import Any

import pytest
import typer

from deploy.local.submit_command import _lines, _of_line, read_fields


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
