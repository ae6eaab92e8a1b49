"""How is an application described? Every answer that it can give, each problem with its codes, and how one signs on."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from http import HTTPStatus
from typing import Any, Final, get_args

from fastapi import FastAPI

from shared.infra.auth import COOKIE, Reason
from shared.infra.refusals import Refusal
from shared.infra.texts import Texts
from shared.infra.web import MEDIA_TYPE, PROBLEM_SCHEMA

Answers = dict[int | str, dict[str, Any]]
OPEN: Final[dict[str, Any]] = {"security": []}
"""For the `openapi_extra` of a route that asks for no token."""

_PROBLEM: Final = {"$ref": "#/components/schemas/Problem"}
_TOKENS: Final = tuple(f"token_{reason}" for reason in get_args(Reason))
_EXAMPLES_MAX: Final = 5
_VERBS: Final = ("get", "put", "post", "delete", "head", "patch")
_RATE_HEADERS: Final = {
    name: {"description": text, "schema": {"type": "integer"}}
    for name, text in (
        ("RateLimit-Limit", "requests a minute that are answered"),
        ("RateLimit-Remaining", "how many of them are left"),
        ("RateLimit-Reset", "in so many seconds there are more"),
    )
}
_LANGUAGE: Final = {
    "name": "Accept-Language", "in": "header", "required": False, "schema": {"type": "string"}, "example": "zh",
    "description": "zh or en: the language of problems and other sentences",
}  # fmt: skip


def refused(codes: Mapping[int, Sequence[str]]) -> Answers:
    """For the `responses` of a route: which problems it answers with, by status."""
    return {status: _answer(status, named) for status, named in codes.items()}


def describe(
    app: FastAPI,
    *,
    refusals: Callable[[], Sequence[Refusal]],
    examples: Mapping[str, Any],
    schemas: Callable[[], Mapping[str, Any]],
    late: Callable[[], Mapping[str, Mapping[int, Sequence[str]]]],
    issuer: str | None,
) -> None:
    """Complete the application's OpenAPI document.

    `examples` are of parameters, by name; `schemas` those of bodies that are read by hand. `late`: problems of paths
    (of POST), which are too many for a route to name. `issuer`: whoever besides us issues tokens.
    """
    plain = app.openapi

    def described() -> dict[str, Any]:
        if app.openapi_schema is None:
            document = plain()
            components = document.setdefault("components", {})
            components["schemas"] = {**components.get("schemas", {}), **schemas(), "Problem": PROBLEM_SCHEMA}
            components["securitySchemes"] = dict(_schemes(issuer))
            document["security"] = [{name: []} for name in components["securitySchemes"]]
            titles = {one.code: one.sentences for one in refusals()}
            for path, operation in _operations(document):
                _complete(path, operation, examples)
                _add(operation, late().get(path, {}) if operation is document["paths"][path].get("post") else {})
                _finish(operation, titles)
        return app.openapi_schema or {}

    app.openapi = described  # type: ignore[method-assign]


def _operations(document: Mapping[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for path, item in document["paths"].items():
        yield from ((path, item[verb]) for verb in _VERBS if verb in item)


def _complete(path: str, operation: dict[str, Any], examples: Mapping[str, Any]) -> None:
    _name_parameters(operation, examples)
    operation["responses"].pop("4XX", None)
    _add(operation, dict(_of_every_operation(path, operation)))


def _add(operation: dict[str, Any], codes: Mapping[int, Sequence[str]]) -> None:
    """Add problems to those that the route names itself."""
    answers = operation["responses"]
    for status, named in codes.items():
        before = answers.get(str(status), {})
        answer = _answer(status, (*named, *_codes(before)))
        answers[str(status)] = {**before, **answer, "content": {**before.get("content", {}), **answer["content"]}}


def _finish(operation: dict[str, Any], titles: Mapping[str, Sequence[str]]) -> None:
    """Examples and headers, once all answers are known."""
    operation["responses"] = dict(sorted(operation["responses"].items()))
    for status, answer in operation["responses"].items():
        if not status.startswith(("4", "5")):
            answer["headers"] = {**answer.get("headers", {}), **_RATE_HEADERS}
        elif problem := answer.get("content", {}).get(MEDIA_TYPE):
            shown = _codes(answer)[:_EXAMPLES_MAX]
            problem["examples"] = {code: {"value": _example(int(status), code, titles)} for code in shown}


def _name_parameters(operation: dict[str, Any], examples: Mapping[str, Any]) -> None:
    """One header for the language, whether a route declares it or not; and an example of each that is known by name."""
    own = [one for one in operation.get("parameters", ()) if one["name"].lower() != "accept-language"]
    for one in own:
        if one["name"] in examples and not {"example", "examples"} & {*one, *one["schema"]}:
            one["example"] = examples[one["name"]]
    operation["parameters"] = [*own, _LANGUAGE]


def _of_every_operation(path: str, operation: Mapping[str, Any]) -> Iterator[tuple[int, Sequence[str]]]:
    """What is answered in front of every route, and where all has failed."""
    if operation.get("security") != []:
        yield HTTPStatus.UNAUTHORIZED, _TOKENS
    if "{" in path:
        yield HTTPStatus.NOT_FOUND, ("not_found",)
    if "requestBody" in operation:
        yield HTTPStatus.REQUEST_ENTITY_TOO_LARGE, ("content_too_large",)
    if len(operation["parameters"]) > 1 or "requestBody" in operation:
        yield HTTPStatus.UNPROCESSABLE_ENTITY, ("invalid_request",)
    yield HTTPStatus.TOO_MANY_REQUESTS, ("rate_limited",)
    yield HTTPStatus.INTERNAL_SERVER_ERROR, ("internal_error",)


def _answer(status: int, codes: Sequence[str]) -> dict[str, Any]:
    named = list(dict.fromkeys(codes))
    exact = {"properties": {"status": {"const": int(status)}, "code": {"enum": named}}}
    return {"description": ", ".join(named), "content": {MEDIA_TYPE: {"schema": {"allOf": [_PROBLEM, exact]}}}}


def _codes(answer: Mapping[str, Any]) -> list[str]:
    """The codes that an answer of ours names."""
    schema = answer.get("content", {}).get(MEDIA_TYPE, {}).get("schema", {})
    found: list[str] = schema["allOf"][1]["properties"]["code"]["enum"] if "allOf" in schema else []
    return found


def _example(status: int, code: str, titles: Mapping[str, Sequence[str]]) -> dict[str, Any]:
    title = next(iter(titles.get(code, ())), HTTPStatus(status).phrase)
    told = Texts.load("zh").sentence(title)
    return {"type": f"urn:duban:problem:{code}", "title": told, "status": status, "code": code}


def _schemes(issuer: str | None) -> Iterator[tuple[str, dict[str, Any]]]:
    about = "A token of `duban token issue`, or of the issuer with which one signs on. It names a person and no more."
    yield "bearer", {"type": "http", "scheme": "bearer", "bearerFormat": "JWT", "description": about}
    yield "cookie", {"type": "apiKey", "in": "cookie", "name": COOKIE, "description": "What signing on leaves behind."}
    if issuer:
        address = f"{issuer.rstrip('/')}/.well-known/openid-configuration"
        yield "openid", {"type": "openIdConnect", "openIdConnectUrl": address}
