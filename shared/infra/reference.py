"""An OpenAPI or AsyncAPI document as one plain page: operations, parameters, schemas, examples."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final
from urllib.parse import unquote

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template

Document = Mapping[str, Any]
_VERBS: Final = ("get", "put", "post", "delete", "options", "head", "patch", "trace")
_REFERENCE_HOPS_MAX: Final = 8
_NESTING_MAX: Final = 12


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a type's text; with a schema name it is a link to that schema."""

    text: str
    schema: str = ""


@dataclass(frozen=True, slots=True)
class Field:
    """A parameter of an operation or a field of a schema."""

    name: str
    kind: tuple[Part, ...]
    is_required: bool
    description: str
    example: str
    place: str = ""


@dataclass(frozen=True, slots=True)
class Content:
    """What is sent or answered: a status or media type, and the type of the body."""

    label: str
    description: str
    kind: tuple[Part, ...]
    examples: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Operation:
    """Something one can call, send or receive."""

    verb: str
    address: str
    summary: str
    description: str
    parameters: tuple[Field, ...]
    contents: tuple[Content, ...]


@dataclass(frozen=True, slots=True)
class Schema:
    """A named type."""

    name: str
    description: str
    kind: tuple[Part, ...]
    fields: tuple[Field, ...]
    examples: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Reference:
    """Everything on one page; `source` is the address of the document itself."""

    title: str
    version: str
    description: str
    source: str
    operations: tuple[Operation, ...]
    schemas: tuple[Schema, ...]


def page(contents: Reference) -> str:
    """Render the page; it loads nothing."""
    return _template().render(reference=contents)


@cache
def _template() -> Template:
    folder = FileSystemLoader(Path(__file__).parent / "templates")
    environment = Environment(loader=folder, autoescape=True, undefined=StrictUndefined, trim_blocks=True)
    return environment.get_template("reference.html")


def from_openapi(document: Document, title: str) -> Reference:
    """Read an OpenAPI 3.1 document."""
    operations = (
        _http_operation(document, verb, path, item)
        for path, item in document.get("paths", {}).items()
        for verb in _VERBS
        if verb in item
    )
    return _reference(document, title, "openapi.json", operations)


def from_asyncapi(document: Document, title: str) -> Reference:
    """Read an AsyncAPI 3.0 document."""
    operations = (_message_operation(document, each) for each in document.get("operations", {}).values())
    return _reference(document, title, "asyncapi.json", operations)


def _reference(document: Document, title: str, source: str, operations: Iterable[Operation]) -> Reference:
    about = document.get("info", {})
    named = document.get("components", {}).get("schemas", {})
    schemas = tuple(_schema(name, schema) for name, schema in sorted(named.items()))
    version, description = about.get("version", ""), about.get("description", "")
    return Reference(title, version, description, source, tuple(operations), schemas)


def _http_operation(document: Document, verb: str, path: str, item: Document) -> Operation:
    operation = item[verb]
    given = [*item.get("parameters", ()), *operation.get("parameters", ())]
    body = _resolved(document, operation.get("requestBody", {}))
    replies = operation.get("responses", {}).items()
    contents = [*_contents("", body)]
    for status, reply in replies:
        contents += _contents(status, _resolved(document, reply)) or [_empty_reply(status, reply)]
    return Operation(
        verb=verb.upper(),
        address=path,
        summary=operation.get("summary", ""),
        description=operation.get("description", ""),
        parameters=tuple(_parameter(_resolved(document, each)) for each in given),
        contents=tuple(contents),
    )


def _parameter(parameter: Document) -> Field:
    schema = parameter.get("schema", {})
    own = {name: parameter[name] for name in ("description", "example") if name in parameter}
    described = {**schema, **own}
    return _field(parameter["name"], described, parameter.get("required", False), place=parameter["in"])


def _contents(label: str, holder: Document) -> list[Content]:
    return [
        Content(
            label=f"{label} {media_type}".strip(),
            description=holder.get("description", ""),
            kind=_kind(content.get("schema", {})),
            examples=_examples(content),
        )
        for media_type, content in holder.get("content", {}).items()
    ]


def _empty_reply(status: str, reply: Document) -> Content:
    return Content(label=status, description=reply.get("description", ""), kind=(), examples=())


def _message_operation(document: Document, operation: Document) -> Operation:
    channel = _resolved(document, operation["channel"])
    messages = [_resolved(document, each) for each in operation.get("messages", ())]
    return Operation(
        verb=operation["action"].upper(),
        address=channel.get("address", ""),
        summary=operation.get("summary", channel.get("title", "")),
        description=operation.get("description", channel.get("description", "")),
        parameters=tuple(_field(name, each, True) for name, each in channel.get("parameters", {}).items()),
        contents=tuple(_message(each) for each in messages),
    )


def _message(message: Document) -> Content:
    examples = tuple(_json(example.get("payload", example)) for example in message.get("examples", ()))
    description = message.get("description", "")
    return Content(message.get("title", ""), description, _kind(message.get("payload", {})), examples)


def _schema(name: str, schema: Document) -> Schema:
    required = set(schema.get("required", ()))
    fields = (_field(each, inner, each in required) for each, inner in schema.get("properties", {}).items())
    return Schema(name, schema.get("description", ""), _kind(schema), tuple(fields), _examples(schema))


def _field(name: str, schema: Document, is_required: bool, place: str = "") -> Field:
    example = next(iter(_examples(schema)), "")
    return Field(name, _kind(schema), is_required, schema.get("description", ""), example, place)


def _examples(holder: Document) -> tuple[str, ...]:
    examples = holder.get("examples", ())
    if isinstance(examples, Mapping):
        examples = [each.get("value") for each in examples.values()]
    given = [holder["example"]] if "example" in holder else list(examples)
    return tuple(_json(each) for each in given)


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2, default=str)


def _kind(schema: Document, depth: int = 0) -> tuple[Part, ...]:
    if depth > _NESTING_MAX:
        return (Part("…"),)
    if "$ref" in schema:
        name = unquote(schema["$ref"].rpartition("/")[2])
        return (Part(name, schema=name),)
    for alternatives in ("anyOf", "oneOf", "allOf"):
        if alternatives in schema:
            return _joined([_kind(each, depth + 1) for each in schema[alternatives]])
    if "const" in schema or "enum" in schema:
        return (Part(" | ".join(json.dumps(each, ensure_ascii=False) for each in _constants(schema))),)
    if schema.get("type") == "array":
        return (*_kind(schema.get("items", {}), depth + 1), Part("[]"))
    return (Part(_plain_kind(schema)),)


def _constants(schema: Document) -> Sequence[object]:
    return [schema["const"]] if "const" in schema else schema["enum"]


def _plain_kind(schema: Document) -> str:
    kind = schema.get("type", "any")
    name = " | ".join(kind) if isinstance(kind, list) else str(kind)
    detail = schema.get("format") or schema.get("pattern")
    return f"{name} ({detail})" if detail else name


def _joined(kinds: Sequence[tuple[Part, ...]]) -> tuple[Part, ...]:
    parts: list[Part] = []
    for kind in kinds:
        parts += [Part(" | "), *kind] if parts else kind
    return tuple(parts)


def _resolved(document: Document, holder: Document) -> Document:
    for _ in range(_REFERENCE_HOPS_MAX):
        if "$ref" not in holder:
            return holder
        holder = _at(document, holder["$ref"])
    raise ValueError(f"more than {_REFERENCE_HOPS_MAX} references in a row")


def _at(document: Document, pointer: str) -> Document:
    found = document
    for step in pointer.removeprefix("#/").split("/"):
        found = found[unquote(step).replace("~1", "/").replace("~0", "~")]
    return found
