"""Every event ever stored still decodes, and loses nothing on the way back. Golden files are added, never edited."""

import json
from pathlib import Path
from typing import Any

import pytest

from shared.core.events import CLASSES, SHAPES
from shared.infra.wire import decode, encode, schemas
from tests.contract.golden import EXAMPLES, FOLDER, SOURCE, golden_file

FILES = sorted(FOLDER.glob("*.json"))


@pytest.mark.parametrize("event_class", CLASSES.values(), ids=lambda one: one.__name__)
def test_every_class_has_a_golden_file(event_class: type) -> None:
    assert golden_file(event_class).is_file(), "add an example to tests/contract/golden.py and run it"


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_a_golden_file_decodes_and_nothing_of_it_is_lost_on_the_way_back(file: Path) -> None:
    """A field that came later adds its default; what was stored stays, in its order and to the letter."""
    stored = file.read_bytes().removesuffix(b"\n")
    recorded = decode(stored)
    assert SHAPES[type(recorded.data)].type == file.stem
    written = encode(recorded, source=SOURCE)
    assert encode(decode(written), source=SOURCE) == written
    before, after = json.loads(stored), json.loads(written)
    assert json.dumps(_what_was(after, before)) == json.dumps(before)


def _what_was(after: Any, before: Any) -> Any:
    """What is written now, without the fields that came later, at any depth; in the order in which it is written."""
    if isinstance(after, dict) and isinstance(before, dict):
        return {name: _what_was(value, before[name]) for name, value in after.items() if name in before}
    if isinstance(after, list) and isinstance(before, list) and len(after) == len(before):
        return [_what_was(one, other) for one, other in zip(after, before, strict=True)]
    return after


@pytest.mark.parametrize("data", EXAMPLES, ids=lambda data: type(data).__name__)
def test_nothing_of_an_example_is_lost_on_the_wire(data: object) -> None:
    """New fields have defaults, so an example with more fields may differ from the file, never from itself."""
    stored = decode(golden_file(type(data)).read_bytes()).data
    assert stored == data


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_a_golden_file_fits_the_published_schema(file: Path) -> None:
    jsonschema = pytest.importorskip("jsonschema")
    jsonschema.validate(json.loads(file.read_bytes())["data"], schemas()[file.stem])
