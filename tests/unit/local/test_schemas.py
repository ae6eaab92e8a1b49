"""Do the published schemas fit what really goes in and comes out, by a validator that is not ours?"""

import json
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator

from deploy.local.district import events_of, submissions
from deploy.local.evaluate import evaluate
from deploy.local.evaluation import as_json
from deploy.local.event_file import write_events
from deploy.local.regime_file import read_regime
from deploy.local.schemas import all_schemas, write_schemas
from shared.core.regime.model import Regime
from shared.infra.wire import adapter, data_of

ROOT = Path(__file__).resolve().parents[3]
REGIME = ROOT / "shared" / "regimes" / "district-003.yaml"
SCHEMAS = all_schemas()
RECORD = events_of(submissions(read_regime(REGIME)))


def check(name: str, value: Any) -> None:
    Draft202012Validator(SCHEMAS[name]).validate(value)


@pytest.mark.parametrize("name", sorted(SCHEMAS))
def test_every_schema_is_a_schema(name: str) -> None:
    Draft202012Validator.check_schema(SCHEMAS[name])


def test_the_demonstration_fits_the_schemas_of_its_events() -> None:
    for one in RECORD:
        check(one.shape.type, data_of(one.data))


def test_its_file_fits_the_schema_of_a_line() -> None:
    stream = BytesIO()
    write_events(RECORD, stream)
    validator = Draft202012Validator(SCHEMAS["event_file"])
    for line in stream.getvalue().splitlines():
        validator.validate(json.loads(line))


def test_the_worked_example_fits_the_schema_of_a_line() -> None:
    for line in (ROOT / "examples" / "worked.ndjson").read_text(encoding="utf-8").splitlines():
        check("event_file", json.loads(line))


def test_the_schema_of_a_line_looks_into_the_data() -> None:
    line = json.loads((ROOT / "examples" / "worked.ndjson").read_text(encoding="utf-8").splitlines()[-1])
    assert not Draft202012Validator(SCHEMAS["event_file"]).is_valid({**line, "data": {"at": 7}})


@pytest.mark.parametrize("path", [REGIME, ROOT / "examples" / "worked.yaml"], ids=lambda path: path.stem)
def test_regimes_fit_the_schema_of_a_regime(path: Path) -> None:
    check("regime", yaml.safe_load(path.read_text(encoding="utf-8")))


def test_what_evaluate_says_fits_the_schema_of_an_evaluation() -> None:
    check("evaluation", json.loads(as_json(evaluate(RECORD))))


def test_the_evaluation_of_a_file_that_says_nothing_fits_too() -> None:
    check("evaluation", json.loads(as_json(evaluate([]))))
    check("evaluation", json.loads(as_json(evaluate(RECORD[1:5]))))


def test_the_example_adopts_the_regime_that_stands_beside_it() -> None:
    lines = (ROOT / "examples" / "worked.ndjson").read_text(encoding="utf-8").splitlines()
    [adopted] = [json.loads(line) for line in lines if "regime_adopted" in line]
    regime: Regime = adapter(Regime).validate_python(adopted["data"]["regime"])
    assert regime == read_regime(ROOT / "examples" / "worked.yaml")


def test_an_evaluation_may_gain_fields_under_the_same_schema() -> None:
    value = json.loads(as_json(evaluate(RECORD)))
    check("evaluation", {**value, "new": 1, "jurisdictions": [{**value["jurisdictions"][0], "new": 1}]})
    assert "additionalProperties': False" not in str(SCHEMAS["evaluation"])


def test_schemas_are_written_one_a_file(tmp_path: Path) -> None:
    written = write_schemas(tmp_path / "schemas")
    assert [one.name for one in written] == [f"{name}.schema.json" for name in SCHEMAS]
    assert json.loads(written[0].read_text(encoding="utf-8"))["$id"] == "urn:duban:schema:event_file"
