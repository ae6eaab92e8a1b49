"""May a text be read and checked in one pass? A stricter twin of a schema, so strict that it can only agree.

Reading JSON exactly and then checking it takes twice as long as doing both at once, but at once a number is binary,
some forms are read otherwise, and a member that stands twice is not looked at twice. The twin takes each leaf in the
one form in which both ways give the same value (a decimal as text, a whole number as a whole number, an instant as
text), and the members are counted. What is refused here is no fault yet: the exact way decides, and words the faults.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic_core import SchemaValidator

_LEAVES = frozenset({"str", "int", "bool", "date", "datetime"})
_BRANCHES = frozenset({
    "dataclass", "dataclass-args", "dataclass-field", "default", "dict", "literal", "model", "model-field",
    "model-fields", "nullable", "tuple", "union",
})  # fmt: skip
_AN_OBJECT_OR_A_TEXT = (["dataclass", "literal"], ["dataclass", "str"])
_CONDITIONS: Mapping[str, Callable[[Any], bool]] = {
    "literal": lambda literal: all(isinstance(one, str) for one in literal["expected"]),
    # An object or a text: no value is both. Where two choices take one form, which of them is meant may differ.
    "union": lambda union: sorted(one["type"] for one in union["choices"]) in _AN_OBJECT_OR_A_TEXT,
}
_SPACE_BEFORE_COLON = re.compile(rb":(?<=[ \t\n\r]:)")


class NoTwin(Exception):
    """The schema holds something of which nobody has shown that both ways agree."""


@dataclass(frozen=True, slots=True)
class OnePass:
    """Reads the texts of envelopes of one type that say everything once: each member of the data, and none twice."""

    twin: SchemaValidator
    member_count: int

    @classmethod
    def of(cls, envelope: Any, event_type: str, data: Any, *, into: type) -> "OnePass | None":
        """For the schemas of an envelope and of its data; None if they have no twin.

        `into` is no model of pydantic: it would have a validator of its own, and pydantic-core would take that.
        """
        if data["type"] != "dataclass":
            return None
        members = {
            **envelope["schema"]["fields"],
            "type": {"type": "model-field", "schema": {"type": "literal", "expected": [event_type]}},
            "data": {"type": "model-field", "schema": _without_defaults(data)},
        }
        try:
            twin = stricter({**envelope, "cls": into, "schema": {**envelope["schema"], "fields": members}})
        except NoTwin:
            return None
        return cls(SchemaValidator(twin), len(data["fields"]))

    def read(self, body: bytes) -> Any | None:
        """What a text says, or None if it must be read the exact way."""
        try:
            found = self.twin.validate_json(body)
        except ValueError:
            return None
        # So many members are there at least. If there are no more, none of them hides another, whatever that held.
        known = len(found.__pydantic_fields_set__) + self.member_count
        return found if body.count(b'":') == known and not _SPACE_BEFORE_COLON.search(body) else None


def stricter(schema: Any) -> Any:
    """The twin of a pydantic-core schema. NoTwin if there is none."""
    if isinstance(schema, list):
        return [stricter(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    kind = schema.get("type")
    if not isinstance(kind, str):  # no node: the members of one, by name
        return {name: stricter(one) for name, one in schema.items()}
    if kind in _LEAVES:
        return {**schema, "strict": True}
    if kind == "decimal":
        return {"type": "chain", "steps": [{"type": "str", "strict": True}, schema]}
    if kind not in _BRANCHES or (kind in _CONDITIONS and not _CONDITIONS[kind](schema)):
        raise NoTwin(kind)
    return {name: one if name in {"config", "metadata"} else stricter(one) for name, one in schema.items()}


def _without_defaults(data: Any) -> Any:
    """The schema of a dataclass of which every member must be there."""
    fields = [
        {**field, "schema": field["schema"]["schema"] if field["schema"]["type"] == "default" else field["schema"]}
        for field in data["schema"]["fields"]
    ]
    return {**data, "schema": {**data["schema"], "fields": fields}}
