"""How a class becomes part of the vocabulary, and the envelope in which an event of the record comes."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from re import sub
from typing import Generic, TypeVar

C = TypeVar("C", bound=type)
D = TypeVar("D")


@dataclass(frozen=True, slots=True)
class Shape:
    """How a class of events is addressed: its kind, and the field that names its entity ("": none)."""

    kind: str
    entity: str
    type: str


SHAPES: dict[type, Shape] = {}
CLASSES: dict[str, type] = {}


def event(kind: str, entity: str = "") -> Callable[[C], C]:
    """Enter a class into the vocabulary under `duban.<kind>.<class_name>.v1`."""

    def enter(cls: C) -> C:
        name = sub(r"(?<!^)(?=[A-Z])", "_", cls.__name__).lower()
        SHAPES[cls] = Shape(kind, entity, f"duban.{kind}.{name}.v1")
        CLASSES[SHAPES[cls].type] = cls
        return cls

    return enter


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded(Generic[D]):
    """One event with its envelope. `position` is its place in its stream, 0 before it has one."""

    position: int
    id: str
    jurisdiction: str
    data: D
    time: datetime
    recorded_at: datetime
    unit: str = ""
    actor: str = ""
    submission: str = ""
    submission_digest: str = ""
    causation: str = ""
    on_behalf_of: str = ""
    correlation: str = ""
    traceparent: str = ""

    @property
    def shape(self) -> Shape:
        return SHAPES[type(self.data)]

    @property
    def entity(self) -> str:
        return entity_of(self.data, self.jurisdiction)


def entity_of(data: object, jurisdiction: str) -> str:
    field = SHAPES[type(data)].entity
    return str(getattr(data, field)) if field else jurisdiction
