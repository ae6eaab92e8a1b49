"""CloudEvents on the wire, and back: the one place where the vocabulary meets JSON.

A field that the vocabulary does not know is a fault, not a guess.
"""

import json
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, fields, is_dataclass, replace
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from functools import cache
from types import ModuleType
from typing import Any, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError
from pydantic_core import to_json

from shared.core import declared, events, ledger, register
from shared.core.digest import digest
from shared.core.errors import CannotApply, Fault
from shared.core.events import CLASSES, SHAPES, AnyRecorded, Recorded, entity_of
from shared.core.regime import model
from shared.infra.one_pass import OnePass

T = TypeVar("T")

_EXPONENT_MAX = 100
_MAY_BE_SURROGATE = re.compile(r"\\u[dD][89a-fA-F]")
_NAMES_TYPE = re.compile(rb'"type" ?: ?"([^"]*)"')


def _forbid_unknown_fields(module: ModuleType) -> None:
    for cls in vars(module).values():
        if isinstance(cls, type) and is_dataclass(cls):
            setattr(cls, "__pydantic_config__", ConfigDict(extra="forbid"))  # noqa: B010 - the domain must not know pydantic


for _module in (declared, events, model, register, ledger):
    _forbid_unknown_fields(_module)


class Envelope(BaseModel):
    """The attributes of a CloudEvent of ours (JSON, structured mode)."""

    model_config = ConfigDict(extra="forbid")

    specversion: Literal["1.0"] = "1.0"
    id: str = Field(min_length=1)
    source: str
    type: str
    subject: str = Field(description="<jurisdiction>/<entity>")
    time: datetime = Field(description="when it happened, with offset")
    datacontenttype: str = "application/json"
    dataschema: str = ""
    recordedat: datetime | None = Field(None, description="when intake recorded it; `time` where it is missing")
    unit: str = ""
    actor: str = ""
    submission: str = ""
    submissiondigest: str = ""
    causation: str = ""
    correlation: str = ""
    onbehalfof: str = ""
    traceparent: str = ""
    position: int | None = Field(None, description="in files of events only: the place in the record")
    data: dict[str, Any]


class EventEnvelope:
    """The attributes of an envelope whose data are an event already."""

    __slots__ = ("__dict__", "__pydantic_extra__", "__pydantic_fields_set__", "__pydantic_private__")


@cache
def adapter(of: type[T]) -> TypeAdapter[T]:
    return TypeAdapter(of)


def encode(recorded: AnyRecorded, *, source: str) -> bytes:
    """One event as a CloudEvent in structured JSON; byte-stable: a fixed order, no needless white space."""
    # pydantic writes the same text as json would, in a fifth of the time.
    data = adapter(type(recorded.data)).dump_json(recorded.data)  # type: ignore[arg-type]
    return b'%b,"data":%b}' % (to_json(_attributes(recorded, source))[:-1], data)


def plain(recorded: AnyRecorded, *, source: str) -> dict[str, Any]:
    """One event as `encode` writes it, as JSON values."""
    return {**_attributes(recorded, source), "data": data_of(recorded.data)}


def _attributes(recorded: AnyRecorded, source: str) -> dict[str, Any]:
    attributes = {
        "unit": recorded.unit, "actor": recorded.actor, "submission": recorded.submission,
        "submissiondigest": recorded.submission_digest, "causation": recorded.causation,
        "correlation": recorded.correlation, "onbehalfof": recorded.on_behalf_of,
        "traceparent": recorded.traceparent,
    }  # fmt: skip
    return {
        "specversion": "1.0", "id": recorded.id, "source": source, "type": recorded.shape.type,
        "subject": f"{recorded.jurisdiction}/{recorded.entity}", "time": _instant(recorded.time),
        "datacontenttype": "application/json", "dataschema": schema_name(recorded.shape.type),
        "recordedat": _instant(recorded.recorded_at),
        **{name: value for name, value in attributes.items() if value},
    }  # fmt: skip


def data_of(event: object) -> dict[str, Any]:
    """The data of an event, or any other dataclass of ours, as JSON values; decimals and dates as text."""
    found: dict[str, Any] = adapter(type(event)).dump_python(event, mode="json")  # type: ignore[arg-type]
    return found


def schema_name(event_type: str) -> str:
    return f"urn:duban:schema:{event_type}"


def decode(body: bytes | str, *, position: int = 0) -> AnyRecorded:
    """Read one CloudEvent. CannotApply, with every fault, if it is not one of ours."""
    try:
        return from_envelope(read(body), position=position)
    except (ValueError, KeyError, ArithmeticError, RecursionError) as error:
        raise CannotApply(f"not an event of ours: {error}") from error


def decode_of(jurisdiction: str, body: bytes | str, *, position: int) -> AnyRecorded:
    """Read one CloudEvent of a stream, where the subject says whose it is. CannotApply too if the two do not agree."""
    recorded = decode(body, position=position)
    if recorded.jurisdiction != jurisdiction:
        raise CannotApply(f"the subject names {jurisdiction}, the event {recorded.jurisdiction}")
    return recorded


def read(body: bytes | str) -> Envelope:
    """Read one envelope. ValidationError with every fault, or ValueError if it is not JSON as `load` reads it.

    It is an EventEnvelope if the text could be read and checked in one pass: `from_envelope` takes either.
    """
    found = _at_once(body) if isinstance(body, bytes) else None
    return Envelope.model_validate(load(body)) if found is None else found


def _at_once(body: bytes) -> Envelope | None:
    named = _NAMES_TYPE.search(body)
    # A guess, as another "type" may stand before the envelope's own: each reader takes its own type only.
    reader = _one_pass(named[1].decode(errors="replace")) if named else None
    return reader.read(body) if reader else None


def from_envelope(envelope: Envelope, *, position: int) -> AnyRecorded:
    """ValueError if the type is unknown, the data do not fit it, or subject and data name two entities."""
    if envelope.type not in CLASSES:
        raise ValueError(f"unknown type {envelope.type}")
    cls = CLASSES[envelope.type]
    data: Any = envelope.data
    if not isinstance(envelope, EventEnvelope):
        data = adapter(cls).validate_python(data)
    if _holds_instants(cls):
        data = _settled(data)
    jurisdiction, _, entity = envelope.subject.partition("/")
    if not jurisdiction:
        raise ValueError(f"subject {envelope.subject} names no jurisdiction")
    if entity != entity_of(data, jurisdiction):
        raise ValueError(f"subject {envelope.subject} does not name the entity {entity_of(data, jurisdiction)}")
    time, at = _aware(envelope.time), envelope.recordedat
    return Recorded(
        position=position, id=envelope.id, jurisdiction=jurisdiction, data=data, time=time,
        recorded_at=time if at is None or at == envelope.time else _aware(at), unit=envelope.unit, actor=envelope.actor,
        submission=envelope.submission, submission_digest=envelope.submissiondigest, causation=envelope.causation,
        correlation=envelope.correlation, on_behalf_of=envelope.onbehalfof, traceparent=envelope.traceparent,
    )  # fmt: skip


def load(body: bytes | str) -> Any:
    """JSON with exact numbers. ValueError for NaN, infinity, lone surrogates, and numbers no one could write out."""
    return _loaded(body, _DECODER)


def load_from_outside(body: bytes) -> Any:
    """JSON as `load` reads it, and no name twice in an object: which one was meant cannot be known."""
    return _loaded(body, _DECODER_OF_EACH_ONCE)


def _loaded(body: bytes | str, decoder: json.JSONDecoder) -> Any:
    text = body.decode() if isinstance(body, bytes) else body
    value = decoder.decode(text)
    text.encode()
    if _MAY_BE_SURROGATE.search(text):  # an escape hides it from the text: look at what was read
        json.dumps(value, ensure_ascii=False, default=str).encode()
    return value


def statement(data: object, *, jurisdiction: str, at: datetime, causation: str) -> AnyRecorded:
    """An event of scoring or notify; its id follows from its content: saying it again is the same event."""
    shape = SHAPES[type(data)]
    return Recorded(
        position=0, id=digest([jurisdiction, shape.type, data])[:32], jurisdiction=jurisdiction, data=data, time=at,
        recorded_at=at, causation=causation,
    )  # fmt: skip


def faults_of(error: ValidationError, *, under: str = "") -> list[Fault]:
    """Every fault that pydantic found, with JSON pointers."""
    return [
        Fault(one["type"], under + "".join(f"/{_escaped(part)}" for part in one["loc"]), one["msg"])
        for one in error.errors(include_url=False, include_context=False, include_input=False)
    ]


def schemas() -> Mapping[str, dict[str, Any]]:
    """The JSON Schema of every event's data, by type."""
    return {name: {"$id": schema_name(name), **adapter(cls).json_schema()} for name, cls in sorted(CLASSES.items())}


@dataclass(frozen=True, slots=True)
class EntryCodec:
    """Ledger entries as text, by the name of their class."""

    classes: Mapping[str, type]

    @classmethod
    def of(cls, *modules: ModuleType) -> "EntryCodec":
        """Every dataclass that a module defines or keeps."""
        found = [
            one for module in modules for one in vars(module).values() if isinstance(one, type) and is_dataclass(one)
        ]
        return cls({one.__name__: one for one in found})

    @property
    def fingerprint(self) -> str:
        """What the classes of entries look like: with another look, what was saved before cannot be read."""
        fields_of = {name: [[one.name, str(one.type)] for one in fields(cls)] for name, cls in self.classes.items()}
        return digest(fields_of)[:32]

    def encode(self, entry: object) -> tuple[str, str]:
        return type(entry).__name__, adapter(type(entry)).dump_json(entry).decode()  # type: ignore[arg-type]

    def decode(self, name: str, text: str) -> object:
        return adapter(self.classes[name]).validate_json(text)


def _one_pass(event_type: str) -> OnePass | None:
    return _one_pass_of(event_type) if event_type in CLASSES else None


@cache
def _one_pass_of(event_type: str) -> OnePass | None:
    data = adapter(CLASSES[event_type]).core_schema
    return OnePass.of(Envelope.__pydantic_core_schema__, event_type, data, into=EventEnvelope)


def _each_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        twice = sorted(name for name, count in Counter(name for name, _ in pairs).items() if count > 1)
        raise ValueError(f"{', '.join(twice)} stands twice in one object")
    return found


def _instant(at: datetime) -> str:
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")


@cache
def _holds_instants(cls: type) -> bool:
    return '"date-time"' in json.dumps(adapter(cls).json_schema())


def _settled(value: Any) -> Any:
    """Return the value with every instant in UTC; ValueError for one without an offset."""
    if isinstance(value, datetime):
        return _aware(value)
    if isinstance(value, tuple):
        return tuple(_settled(one) for one in value)
    if is_dataclass(value) and not isinstance(value, type):
        return replace(value, **{one.name: _settled(getattr(value, one.name)) for one in fields(value)})
    return value


def _aware(at: datetime) -> datetime:
    if at.tzinfo is None:
        raise ValueError(f"time {at.isoformat()} has no offset")
    return at.astimezone(UTC)


def _number(text: str) -> Decimal:
    try:
        value = Decimal(text)
    except InvalidOperation as error:  # an exponent that no decimal has
        raise ValueError(f"{text[:40]} is out of all proportion") from error
    if abs(value.adjusted()) > _EXPONENT_MAX:  # its digits would fill the memory
        raise ValueError(f"{text[:40]} is out of all proportion")
    return value


def _no_such_number(name: str) -> Any:
    raise ValueError(f"{name} is not a number")


def _escaped(part: int | str) -> str:
    return str(part).replace("~", "~0").replace("/", "~1")


_DECODER = json.JSONDecoder(parse_float=_number, parse_constant=_no_such_number)
_DECODER_OF_EACH_ONCE = json.JSONDecoder(
    parse_float=_number, parse_constant=_no_such_number, object_pairs_hook=_each_once
)
