"""Every event ever stored still decodes, and encodes back to the very bytes. Golden files are added, never edited."""

import json
from pathlib import Path

import pytest

from shared.core.events import CLASSES, SHAPES
from shared.infra.wire import decode, encode, schemas
from tests.contract.golden import EXAMPLES, FOLDER, SOURCE, golden_file

FILES = sorted(FOLDER.glob("*.json"))


@pytest.mark.parametrize("event_class", CLASSES.values(), ids=lambda one: one.__name__)
def test_every_class_has_a_golden_file(event_class: type) -> None:
    assert golden_file(event_class).is_file(), "add an example to tests/contract/golden.py and run it"


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_a_golden_file_decodes_and_encodes_back_to_the_same_bytes(file: Path) -> None:
    stored = file.read_bytes().removesuffix(b"\n")
    recorded = decode(stored)
    assert SHAPES[type(recorded.data)].type == file.stem
    assert encode(recorded, source=SOURCE) == stored


@pytest.mark.parametrize("data", EXAMPLES, ids=lambda data: type(data).__name__)
def test_nothing_of_an_example_is_lost_on_the_wire(data: object) -> None:
    """New fields have defaults, so an example with more fields may differ from the file, never from itself."""
    stored = decode(golden_file(type(data)).read_bytes()).data
    assert stored == data


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_a_golden_file_fits_the_published_schema(file: Path) -> None:
    jsonschema = pytest.importorskip("jsonschema")
    jsonschema.validate(json.loads(file.read_bytes())["data"], schemas()[file.stem])
