"""Files of events: one CloudEvent a line, in record order; what `record export` writes and `evaluate` folds.

Read as a stream, so that a file may be longer than memory; all its faults come at once, at its end.
"""

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import IO, Any, get_args

from pydantic import ValidationError

from shared.core.errors import Fault
from shared.core.events import CLASSES, SHAPES, AnyRecorded, RecordEvent, RegimeAdopted
from shared.core.regime.check import faults as faults_of_regime
from shared.infra.wire import Envelope, faults_of, from_envelope, load, plain

SOURCE = "/duban/file"
LINE_BYTES_MAX = 8_000_000
FAULTS_MAX = 1_000

RECORD_TYPES = frozenset(SHAPES[cls].type for cls in get_args(RecordEvent))

_TYPE = re.compile(r"duban\.(?P<kind>[a-z_]+)\.[a-z_]+\.v[0-9]+")


@dataclass(frozen=True, slots=True)
class Unreadable:
    """An event of a type that this version does not know. It parks, as in the services; it is no fault of the file."""

    position: int
    id: str
    jurisdiction: str
    kind: str
    entity: str
    recorded_at: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class LineFault:
    """One thing wrong with a line, counted from 1."""

    line: int
    fault: Fault

    def __str__(self) -> str:
        return f"line {self.line}: {self.fault.pointer or '/'}: {self.fault.message}"


class BadFile(Exception):
    """A file that cannot be folded, with its faults; of more than a thousand the first thousand."""

    def __init__(self, faults: Sequence[LineFault]) -> None:
        super().__init__("\n".join(map(str, faults)))
        self.faults = list(faults)


def read_events(path: Path) -> Iterator[AnyRecorded | Unreadable]:
    """Read a file of events. OSError if it cannot be read; otherwise as `read_lines`."""
    with path.open("rb") as stream:
        yield from read_lines(stream)


def read_lines(lines: Iterable[bytes]) -> Iterator[AnyRecorded | Unreadable]:
    """Read lines of events; a second copy of an id is passed over. BadFile at the end if any line has a fault.

    After the first fault nothing more is given, only looked through. Where a line gives no position it is the next.
    """
    reading = _Reading()
    for number, line in enumerate(lines, start=1):
        text = line.removeprefix(b"\xef\xbb\xbf") if number == 1 else line
        recorded = reading.take(number, text) if text.strip() else None
        if recorded is not None and not reading.faults:
            yield recorded
        if len(reading.faults) >= FAULTS_MAX:
            break
    if reading.faults:
        raise BadFile(reading.faults)


def write_events(recorded: Iterable[AnyRecorded], stream: IO[bytes], *, source: str = SOURCE) -> int:
    """Write events as a file, each with its position, and tell how many."""
    count = 0
    for one in recorded:
        value = {**plain(one, source=source), "position": one.position}
        stream.write(json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode() + b"\n")
        count += 1
    return count


@dataclass(slots=True)
class _Reading:
    position: int = 0
    seen: set[str] = field(default_factory=set)
    clocks: dict[str, datetime] = field(default_factory=dict)
    faults: list[LineFault] = field(default_factory=list)

    def take(self, number: int, line: bytes) -> AnyRecorded | Unreadable | None:
        found: list[Fault] = []
        recorded = self._event(line, found)
        self.faults += [LineFault(number, fault) for fault in found]
        return None if found else recorded

    def _event(self, line: bytes, found: list[Fault]) -> AnyRecorded | Unreadable | None:
        envelope = _envelope(line, found)
        if envelope is None or envelope.id in self.seen:
            return None
        self.seen.add(envelope.id)
        self._place(envelope, found)
        recorded = _recorded(envelope, self.position, found)
        if recorded is not None:
            self._keep_time(recorded, found)
        return recorded

    def _place(self, envelope: Envelope, found: list[Fault]) -> None:
        position = self.position + 1 if envelope.position is None else envelope.position
        if position <= self.position:
            found.append(Fault("position", "/position", f"The position {position} comes after {self.position}."))
        self.position = max(self.position, position)

    def _keep_time(self, recorded: AnyRecorded | Unreadable, found: list[Fault]) -> None:
        last = self.clocks.get(recorded.jurisdiction, recorded.recorded_at)
        if recorded.recorded_at < last:
            message = f"It is recorded before the event that precedes it, at {last.isoformat()}."
            found.append(Fault("recordedat_falls", "/recordedat", message))
        self.clocks[recorded.jurisdiction] = max(last, recorded.recorded_at)


def _envelope(line: bytes, found: list[Fault]) -> Envelope | None:
    if len(line) > LINE_BYTES_MAX:
        found.append(Fault("line_too_long", "", f"More than {LINE_BYTES_MAX} bytes."))
        return None
    try:
        return Envelope.model_validate(load(line))
    except ValidationError as error:
        found += faults_of(error)
    except (ValueError, RecursionError) as error:
        found.append(Fault("not_json", "", f"This is not JSON: {error}"))
    return None


def _recorded(envelope: Envelope, position: int, found: list[Fault]) -> AnyRecorded | Unreadable | None:
    known = _TYPE.fullmatch(envelope.type)
    if known and envelope.type not in CLASSES:
        return _unreadable(envelope, position, known["kind"], found)
    if known and envelope.type not in RECORD_TYPES:
        found.append(Fault("not_of_the_record", "/type", f"{envelope.type} does not stand in the record."))
        return None
    try:
        recorded = from_envelope(envelope, position=position)
    except ValidationError as error:
        found += faults_of(error, under="/data")
    except ValueError as error:
        found.append(Fault("not_an_event", "", f"{error}"))
    else:
        found += _regime_faults(recorded.data)
        return recorded
    return None


def _unreadable(envelope: Envelope, position: int, kind: str, found: list[Fault]) -> Unreadable | None:
    at = envelope.recordedat or envelope.time
    if at.tzinfo is None:
        found.append(Fault("no_offset", "/time", f"The time {at.isoformat()} has no offset."))
        return None
    jurisdiction, _, entity = envelope.subject.partition("/")
    reason = f"unknown type {envelope.type}"
    return Unreadable(position, envelope.id, jurisdiction, kind, entity, at, reason)


def _regime_faults(event: Any) -> Iterator[Fault]:
    """A regime that names what it lacks would stop the fold; intake refuses it, so no record holds one."""
    if isinstance(event, RegimeAdopted):
        for one in faults_of_regime(event.regime):
            message = one.message.format_map(one.values)
            yield Fault(one.code, f"/data/regime{one.pointer}", message, one.values)
