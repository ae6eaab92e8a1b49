"""Files of events: one CloudEvent a line, in record order; what `record export` writes and `evaluate` folds.

Read as a stream, so that a file may be longer than memory; all its faults come at once, at its end.
"""

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import IO, Any, get_args

from pydantic import ValidationError

from deploy.local.seen import Seen
from shared.core.errors import Fault
from shared.core.events import CLASSES, SHAPES, AnyRecorded, RecordEvent, RegimeAdopted
from shared.core.ledger import BEFORE_ALL_TIME
from shared.core.regime.check import faults as faults_of_regime
from shared.infra.own_words import in_own_words
from shared.infra.wire import Envelope, faults_of, from_envelope, load_from_outside, plain, read

SOURCE = "/duban/file"
UNREADABLE_SOURCE = "/duban/unreadable"
"""Of a line that an export wrote in the place of what is no event."""
UNKNOWN_KIND = "unknown"
LINE_BYTES_MAX = 8_000_000
FAULTS_MAX = 1_000

RECORD_TYPES = frozenset(SHAPES[cls].type for cls in get_args(RecordEvent))

Members = dict[str, Any]

_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_NAMES = re.compile(rb'"([^"\\]*)"\s*:')
_TYPE = re.compile(r"duban\.(?P<kind>[a-z_]+)\.[a-z_]+\.v[0-9]+")


@dataclass(frozen=True, slots=True)
class Unreadable:
    """What a record holds and nobody can read, or a type that this version does not know. It parks, as in the services.

    It is no fault of the file.
    """

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
        return f"line {self.line}: {self.fault.pointer or '/'}: {said(self.fault)}"


def said(fault: Fault) -> str:
    """A fault as an English sentence. Only one with values is a key of the catalogue, with blanks to fill."""
    return fault.message.format_map(fault.values) if fault.values else fault.message


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
    A line with a position comes from a record: what cannot be read there is Unreadable instead of a fault.
    """
    with Seen() as seen:
        reading = _Reading(seen)
        for number, line in enumerate(lines, start=1):
            text = line.removeprefix(_BYTE_ORDER_MARK) if number == 1 else line
            recorded = None if text.isspace() or not text else reading.take(number, text)
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
    seen: Seen
    position: int = 0
    clocks: dict[str, datetime] = field(default_factory=dict)
    faults: list[LineFault] = field(default_factory=list)

    def take(self, number: int, line: bytes) -> AnyRecorded | Unreadable | None:
        found: list[Fault] = []
        recorded = self._event(line, found)
        self.faults += [LineFault(number, fault) for fault in found]
        return None if found else recorded

    def _event(self, line: bytes, found: list[Fault]) -> AnyRecorded | Unreadable | None:
        wrong: list[Fault] = []
        envelope = _envelope(line, wrong)
        if envelope is None:
            return self._without_envelope(line, wrong, found)
        if self.seen.has_copy(envelope.id, envelope.position):
            return None
        self._place(envelope.position, found)
        if envelope.position is not None:
            return self._of_record(envelope, found)
        if twice := _stands_twice(line):
            found.append(Fault("duplicate_key", "", f"{twice}: which one is meant cannot be known."))
            return None
        recorded = _recorded(envelope, self.position, found)
        if recorded is not None:
            self._keep_time(recorded, found)
        return recorded

    def _of_record(self, envelope: Envelope, found: list[Fault]) -> AnyRecorded | Unreadable | None:
        """A line that was exported: what the services take is taken, and what they park parks."""
        try:
            if envelope.source == UNREADABLE_SOURCE:
                raise ValueError("it was no event when it was exported")
            recorded = from_envelope(envelope, position=self.position)
        except (ValueError, ArithmeticError) as error:
            return self._unreadable(_members(envelope), str(error), found)
        self._pass(recorded.jurisdiction, recorded.recorded_at)
        return recorded

    def _without_envelope(self, line: bytes, wrong: Sequence[Fault], found: list[Fault]) -> Unreadable | None:
        exported = _exported(line)
        if exported is None:
            found += wrong
            return None
        if self.seen.has_copy(_text(exported, "id"), exported["position"]):
            return None
        self._place(exported["position"], found)
        return self._unreadable(exported, "; ".join(f"{one.pointer or '/'}: {said(one)}" for one in wrong), found)

    def _unreadable(self, exported: Members, reason: str, found: list[Fault]) -> Unreadable | None:
        jurisdiction, _, entity = _text(exported, "subject").partition("/")
        if not jurisdiction:
            found.append(Fault("no_jurisdiction", "/subject", f"{reason}; and the subject names no jurisdiction."))
            return None
        typed = _TYPE.fullmatch(_text(exported, "type"))
        at = _instant(exported) or self.clocks.get(jurisdiction, BEFORE_ALL_TIME)
        kind = typed["kind"] if typed else UNKNOWN_KIND
        return Unreadable(self.position, _text(exported, "id"), jurisdiction, kind, entity, at, reason)

    def _place(self, given: int | None, found: list[Fault]) -> None:
        position = self.position + 1 if given is None else given
        if position <= self.position:
            found.append(Fault("position", "/position", f"The position {position} comes after {self.position}."))
        self.position = max(self.position, position)

    def _keep_time(self, recorded: AnyRecorded | Unreadable, found: list[Fault]) -> None:
        last = self.clocks.get(recorded.jurisdiction, recorded.recorded_at)
        if recorded.recorded_at < last:
            message = f"It is recorded before the event that precedes it, at {last.isoformat()}."
            found.append(Fault("recordedat_falls", "/recordedat", message))
        self._pass(recorded.jurisdiction, recorded.recorded_at)

    def _pass(self, jurisdiction: str, at: datetime) -> None:
        self.clocks[jurisdiction] = max(self.clocks.get(jurisdiction, at), at)


def _stands_twice(line: bytes) -> str:
    """Which name stands twice in one object; nothing where none does. Parsed again only where a name recurs at all."""
    names = _NAMES.findall(line)
    if len(set(names)) == len(names) and b"\\u" not in line:
        return ""
    try:
        load_from_outside(line)
    except ValueError as error:
        return str(error)
    return ""


def _exported(line: bytes) -> Members | None:
    """The members of a line with a position, however wrong the rest of it is."""
    try:
        members = json.loads(line)
    except (ValueError, RecursionError):
        return None
    is_exported = isinstance(members, dict) and type(members.get("position")) is int
    return members if is_exported else None


def _members(envelope: Envelope) -> Members:
    recorded_at = envelope.recordedat or envelope.time
    return {
        "id": envelope.id, "type": envelope.type, "subject": envelope.subject, "recordedat": recorded_at.isoformat(),
    }  # fmt: skip


def _text(members: Members, name: str) -> str:
    value = members.get(name)
    return value if isinstance(value, str) else ""


def _instant(members: Members) -> datetime | None:
    try:
        at = datetime.fromisoformat(_text(members, "recordedat") or _text(members, "time"))
    except ValueError:
        return None
    return at if at.tzinfo else None


def _envelope(line: bytes, found: list[Fault]) -> Envelope | None:
    if len(line) > LINE_BYTES_MAX:
        found.append(Fault("line_too_long", "", f"More than {LINE_BYTES_MAX} bytes."))
        return None
    try:
        return read(line)
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
        own = in_own_words(faults_of(error), envelope.data, CLASSES[envelope.type])
        found += [replace(one, pointer=f"/data{one.pointer}") for one in own]
    except OverflowError:
        found.append(Fault("out_of_time", "/time", "A time lies so far off that it cannot be told in UTC."))
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
            yield replace(one, pointer=f"/data/regime{one.pointer}")
