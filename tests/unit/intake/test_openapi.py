"""Does the OpenAPI document say all of every route: what is sent, what is answered, every refusal, each by example?"""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator, FormatChecker

from services.intake.app import build
from services.intake.reference_routes import _problems
from services.intake.settings import IntakeSettings
from services.intake.task_routes import SENTENCES
from shared.infra.keys import make_key_pair
from shared.infra.refusals import refusals_in
from shared.infra.texts import catalogue

OPEN = {"/v1/problems"}
PROBLEM = "application/problem+json"
ISSUER = "https://sso.example"


@pytest.fixture(scope="module")
def document(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    folder: Path = tmp_path_factory.mktemp("openapi")
    settings = IntakeSettings(
        nats_url="nats://127.0.0.1:1", database_url="sqlite+aiosqlite:///:memory:", port=0,
        public_key_file=make_key_pair(folder / "keys").public, evidence_url=folder.as_uri(), oidc_issuer=ISSUER,
        oidc_client_id="duban",
    )  # fmt: skip
    return build(settings).openapi()


def operations(document: Mapping[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for path, item in document["paths"].items():
        yield from ((f"{verb.upper()} {path}", operation) for verb, operation in item.items())


def validator(document: Mapping[str, Any], schema: Any) -> Draft202012Validator:
    whole = {**schema, "components": document["components"]}
    return Draft202012Validator(whole, format_checker=FormatChecker())


def resolved(document: Mapping[str, Any], schema: Mapping[str, Any]) -> Mapping[str, Any]:
    name = schema.get("$ref", "").rpartition("/")[2]
    return document["components"]["schemas"][name] if name else schema


def examples(document: Mapping[str, Any], content: Mapping[str, Any]) -> list[Any]:
    """The examples of a body: its own, or those of its schema, or of what it lists."""
    schema = resolved(document, content.get("schema", {}))
    own = (
        [content["example"]] if "example" in content else [one["value"] for one in content.get("examples", {}).values()]
    )
    found = own or [*schema.get("examples", ()), *([schema["example"]] if "example" in schema else [])]
    if not found and schema.get("type") == "array":
        return [[one] for one in examples(document, {"schema": schema["items"]})]
    return found


def bodies(operation: Mapping[str, Any]) -> Iterator[tuple[str, str, Mapping[str, Any]]]:
    """Everything that is sent or answered: where, as what, how it looks."""
    yield from (("request", name, one) for name, one in operation.get("requestBody", {}).get("content", {}).items())
    for status, answer in operation["responses"].items():
        yield from ((status, name, one) for name, one in answer.get("content", {}).items())


def codes_of(answer: Mapping[str, Any]) -> list[str]:
    """The codes that a problem may have."""
    if PROBLEM not in answer.get("content", {}):
        return []
    problem, exact = answer["content"][PROBLEM]["schema"]["allOf"]
    assert problem == {"$ref": "#/components/schemas/Problem"}
    found: list[str] = exact["properties"]["code"]["enum"]
    return found


def test_every_operation_says_what_it_is_for_and_answers_in_a_known_form(document: dict[str, Any]) -> None:
    for name, operation in operations(document):
        assert operation["summary"], name
        assert operation["description"], name
        assert operation["tags"], name
        answers = [answer for status, answer in operation["responses"].items() if status.startswith("2")]
        assert answers, name
        assert name.startswith("HEAD") or all(
            one["schema"] for answer in answers for one in answer["content"].values()
        ), name


def test_every_body_in_json_has_an_example_and_every_example_fits_its_schema(document: dict[str, Any]) -> None:
    for name, operation in operations(document):
        for where, media_type, content in bodies(operation):
            found = examples(document, content)
            assert found or not media_type.endswith("json"), (name, where, media_type)
            for one in found:
                faults = [error.message for error in validator(document, content["schema"]).iter_errors(one)]
                assert faults == [], (name, where, one)


def test_every_parameter_has_an_example_that_fits(document: dict[str, Any]) -> None:
    for name, operation in operations(document):
        for parameter in operation["parameters"]:
            schema = parameter["schema"]
            found = [parameter["example"]] if "example" in parameter else schema.get("examples", [])
            assert found, (name, parameter["name"])
            assert all(validator(document, schema).is_valid(one) for one in found), (name, parameter)


def test_every_problem_is_named_by_codes_of_the_one_table(document: dict[str, Any]) -> None:
    known = {one.code: one for one in _problems()}
    for name, operation in operations(document):
        statuses = {*operation["responses"]}
        assert "4XX" not in statuses, name
        assert {"429", "500"} <= statuses, name
        for status in statuses:
            if not status.startswith(("4", "5")):
                continue
            codes = codes_of(operation["responses"][status])
            assert codes, (name, status)
            assert {*codes} <= {*known}, (name, status)
            for code in codes:
                assert int(status) in known[code].statuses, (name, status, code)


def test_every_operation_needs_a_token_but_the_open_ones(document: dict[str, Any]) -> None:
    assert document["security"] == [{"bearer": []}, {"cookie": []}, {"openid": []}]
    for name, operation in operations(document):
        is_open = operation.get("security") == []
        assert is_open == (name.partition(" ")[2] in OPEN), name
        assert is_open != ("401" in operation["responses"]), name
    address = document["components"]["securitySchemes"]["openid"]["openIdConnectUrl"]
    assert address == f"{ISSUER}/.well-known/openid-configuration"


def test_the_framework_s_own_form_of_faults_is_nowhere(document: dict[str, Any]) -> None:
    assert not {"HTTPValidationError", "ValidationError"} & {*document["components"]["schemas"]}


def test_submissions_name_every_refusal_of_the_domain_with_its_status(document: dict[str, Any]) -> None:
    answers = document["paths"]["/v1/submissions"]["post"]["responses"]
    named = {code: status for status, answer in answers.items() for code in codes_of(answer)}
    assert {one.code for one in refusals_in("services.intake.domain")} <= {*named}
    assert (named["list_sealed"], named["not_your_project"], named["not_open"]) == ("409", "403", "404")


def test_every_problem_is_told_in_chinese_and_in_english() -> None:
    untold = {one.code: each.en for one in _problems() for each in one.sentences if each.zh == each.en}
    assert untold == {}
    assert {one.code for one in _problems()} >= {"not_open", "token_expired", "rate_limited", "key_reused", "not_found"}


def test_every_task_is_told_in_chinese() -> None:
    assert {*SENTENCES.values()} <= {*catalogue("zh")}
