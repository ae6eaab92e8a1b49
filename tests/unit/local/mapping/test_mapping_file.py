"""A mapping file is understood, or every fault of it is named with its line."""

import json
from pathlib import Path

import jsonschema
import pytest

from deploy.local.mapping.mapping_file import mapping_schema, parse_mapping, read_mapping, with_constants
from deploy.local.yaml_document import BadDocument, Document

EXAMPLES = Path(__file__).resolve().parents[4] / "examples"
SMALL = """\
mapping: small
constants: {year: null, list: a}
tables:
  - name: works
    columns:
      code: {reads: [编号], type: code}
      total: {reads: [总投资(万元)], type: money, unit: 万元}
    key: [code]
    events:
      - type: project.project_listed
        data: {list: $list, year: $year, project: $code, name: $code, lead_unit: office}
"""


@pytest.mark.parametrize("file", sorted(EXAMPLES.glob("*-*.yaml")), ids=lambda file: file.stem)
def test_the_examples_are_mappings_and_fit_the_schema(file: Path) -> None:
    assert read_mapping(file).tables
    document = json.loads(json.dumps(Document.parse(file.read_bytes()).value, default=str))
    jsonschema.Draft202012Validator(mapping_schema()).validate(document)


@pytest.mark.parametrize(
    ("instead_of", "stands", "told"),
    [
        ("mapping: small", "mapping: 小", "1:1: /mapping: A code is"),
        ("name: works", "nmae: works", "4:5: /tables/0/nmae: There is no nmae here; name was probably meant."),
        ("type: money", "type: mony", "7:33: /tables/0/columns/total/type: mony is not known here; money was"),
        ("key: [code]", "key: [cod]", "8:5: /tables/0/key: No column and no constant is called cod."),
        ("project: $code", "project: $cod", "11:42: /tables/0/events/0/data/project: No column and no constant"),
        ("name: $code", "nome: $code", "11:58: /tables/0/events/0/data/nome: There is no nome here; there may be"),
        ("name: $code, ", "", "11:9: /tables/0/events/0/data: name is missing here."),
        ("project.project_listed", "project.listed", "10:9: /tables/0/events/0/type: A table tells no event"),
        ("project.project_listed", "time.time_reached", "A table tells no event time.time_reached"),
        ("key: [code]", "key: [code]\n    checks: [{id: a, says: {zh: a, en: a}}]", "has exactly one of rows"),
        (
            "key: [code]",
            "key: [code]\n    checks: [{id: a, says: {zh: a, en: a}, gaps: true}]",
            "9:14: /tables/0/checks/0: This needs the table's time.",
        ),
        (
            "key: [code]",
            "checks: [{id: a, says: {zh: a, en: a}, difference: {column: code, of: total}, then: blank}]",
            "This needs the table's key.",
        ),
        ("key: [code]", "checks: [{id: a, says: {zh: a, en: a}, rows: [{column: code}]}]", "Nothing is asked of"),
        (
            "key: [code]",
            "checks: [{id: a, says: {zh: a, en: a}, rows: [{column: total, above: x}]}]",
            "held against x.",
        ),
        ("key: [code]", "checks: [{id: a, says: {zh: a, en: a}, rows: [{column: code, above: 5}]}]", "held against 5."),
        ("key: [code]", "key: [code]\n    time: code", "must be one of date, instant, last_day"),
        (
            "key: [code]",
            "key: [code]\n    checks: [{id: a, says: {zh: a, en: a}, difference: {column: total, of: code}}]",
            "9:72: /tables/0/checks/0/difference/of: The column code must be one of",
        ),
        ("constants:", "time_zone: Moon/Sea\nconstants:", "2:1: /time_zone: No time zone is named Moon/Sea."),
        ("key: [code]", "key: &a [code]", "8:10: /: There are no anchors"),
    ],
)
def test_what_is_no_mapping_is_told_with_its_line(instead_of: str, stands: str, told: str) -> None:
    assert instead_of in SMALL
    with pytest.raises(BadDocument) as bad:
        parse_mapping(SMALL.replace(instead_of, stands, 1))
    assert told in str(bad.value)


def test_all_faults_come_at_once() -> None:
    with pytest.raises(BadDocument) as bad:
        parse_mapping(SMALL.replace("$code", "$cod").replace("[code]", "[cod]"))
    assert len(bad.value.faults) == 3


def test_a_constant_without_a_value_must_be_given() -> None:
    mapping = parse_mapping(SMALL)
    with pytest.raises(ValueError, match="--set year="):
        with_constants(mapping, {})
    with pytest.raises(ValueError, match="no constant yaer"):
        with_constants(mapping, {"yaer": "2026"})
    assert with_constants(mapping, {"year": "2026"}) == {"year": "2026", "list": "a"}
