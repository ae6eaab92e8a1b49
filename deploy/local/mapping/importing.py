"""`duban import`: tables are read by a mapping, shown with all that is odd in them, and recorded through intake.

What is submitted goes in atomic batches under keys that follow from what is told: an import that was broken off goes on
where it stood when it is repeated, and repeating it changes nothing.
"""

import asyncio
import json
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from deploy.local.client import Client, Refusal
from deploy.local.event_file import write_events
from deploy.local.mapping.mapping_file import read_mapping, with_constants
from deploy.local.mapping.model import ImportMapping
from deploy.local.mapping.report import as_json, faults_told, print_report
from deploy.local.mapping.translate import TIME_REACHED, Draft, Translation, translate
from deploy.local.receipts import is_old
from deploy.local.yaml_document import BadDocument, spoken
from shared.core.digest import digest
from shared.core.events import CLASSES, AnyRecorded, JurisdictionOpened, Recorded
from shared.infra import wire
from shared.infra.faults import crash_point
from shared.infra.streams import partition_of
from shared.infra.tables import Table, UnreadableTable, read_tables
from shared.infra.texts import Texts

Receipts = list[dict[str, Any]]

BATCH_MAX = 1000
_ATTEMPTS_MAX = 60
_LEFT_OUT = "{code} stands in the record already, and is left as it stands there."
_TOO_LARGE = "content_too_large"
STANDS_ALREADY = {"already_registered", "clock_goes_back"}
"""Refusals that say that the record has it: a unit that was registered otherwise, a clock that has moved on."""


class NotImported(Exception):
    """Nothing was recorded, and why."""


@dataclass(frozen=True, slots=True)
class Entry:
    """Where and in whose name drafts are submitted. `unit` may be empty for a person with posts in one unit only."""

    url: str
    token: str
    jurisdiction: str
    unit: str = ""


def mapping_in(file: Path, say: Texts) -> ImportMapping:
    """Read a mapping file. NotImported, with every fault by line and column, if it is none."""
    try:
        return read_mapping(file)
    except BadDocument as bad:
        raise NotImported("\n".join(f"{file}:{spoken(fault, say)}" for fault in bad.faults)) from bad


def read(mapping: ImportMapping, files: Sequence[Path], given: Mapping[str, str], say: Texts) -> Translation:
    """Read files by a mapping. NotImported for one that is no table, or constants that do not fit."""
    try:
        return translate(mapping, [(file.name, tables_in(file, say)) for file in files], with_constants(mapping, given))
    except ValueError as error:
        raise NotImported(str(error)) from error


def tables_in(file: Path, say: Texts) -> tuple[Table, ...]:
    """Read the tables of a file. NotImported if there are none that can be read."""
    try:
        return read_tables(file.read_bytes(), file.name)
    except UnreadableTable as error:
        told = "; ".join(say(one.message, **one.values) for one in error.faults)
        raise NotImported(f"{file}: {told}") from error


def show(found: Translation, say: Texts, *, as_json_: bool) -> None:
    """Print what was found, and what would be recorded."""
    if as_json_:
        print(json.dumps(as_json(found), ensure_ascii=False, indent=2))
    else:
        print_report(found, say)


async def record(found: Translation, entry: Entry, say: Texts) -> Receipts:
    """Submit everything that was told; a receipt for each, new or not. NotImported, or Refusal with rows named."""
    if not found.is_sound:
        raise NotImported("\n".join(faults_told(found, say)))
    client = Client.of(entry.url)
    client.http.headers["accept-language"] = say.locale
    try:
        return await _submit(client, found.drafts, entry, say)
    finally:
        await client.close()


def tally(receipts: Receipts, began: datetime, say: Texts) -> str:
    """How many events are in the record, and how many of them came into it now."""
    new = sum(not is_old(one, began) for one in receipts)
    return say("{count} events are in the record, {new} of them new.", count=len(receipts), new=new)


async def _submit(client: Client, drafts: Sequence[Draft], entry: Entry, say: Texts) -> Receipts:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    recorded: Receipts = []
    with Progress(*columns, console=Console(file=sys.stderr), transient=not sys.stderr.isatty()) as progress:
        task = progress.add_task(say("recording"), total=len(drafts))
        for start in range(0, len(drafts), BATCH_MAX):
            batch = drafts[start : start + BATCH_MAX]
            recorded += await _hand_in(client, batch, entry, say)
            progress.advance(task, len(batch))
            crash_point("import.after_batch")
    return recorded


async def _hand_in(client: Client, batch: Sequence[Draft], entry: Entry, say: Texts) -> Receipts:
    """Record a batch whole, without what the record has otherwise."""
    for _ in range(_ATTEMPTS_MAX):
        if not batch:
            return []
        try:
            body = {"submissions": [submission_of(draft, entry) for draft in batch]}
            receipts: Receipts = await client.post("/intake/v1/submissions:batch", body, entry.token)
            return receipts
        except Refusal as refusal:
            faults = refusal.problem.get("faults", ())
            stands = {_place(one["pointer"]) or 0 for one in faults if one["code"] in STANDS_ALREADY}
            others = [one for one in faults if one["code"] not in STANDS_ALREADY]
            if stands and not others:
                print("\n".join(say(_LEFT_OUT, code=_code(batch[place])) for place in sorted(stands)), file=sys.stderr)
                batch = [draft for place, draft in enumerate(batch) if place not in stands]
            elif refusal.problem.get("code") == _TOO_LARGE and len(batch) > 1:
                half = len(batch) // 2
                first = await _hand_in(client, batch[:half], entry, say)
                return first + await _hand_in(client, batch[half:], entry, say)
            elif "retry_after_s" in refusal.problem:
                await asyncio.sleep(refusal.problem["retry_after_s"])
            else:
                raise _by_row(refusal, others, batch) from refusal
    raise NotImported("intake did not answer; repeat the import: it goes on where it stands")


def submission_of(draft: Draft, entry: Entry) -> dict[str, Any]:
    """A draft as it is handed in."""
    told = {"key": draft.key, "jurisdiction": entry.jurisdiction, "type": draft.type, "data": draft.data}
    time = draft.time.isoformat() if draft.time else None
    return {**told, "unit": entry.unit, "on_behalf_of": draft.on_behalf_of, **({"time": time} if time else {})}


def _code(draft: Draft) -> str:
    return str(draft.data.get("code") or draft.data.get("at"))


def _place(pointer: str) -> int | None:
    parts = pointer.split("/")
    return int(parts[2]) if parts[1:2] == ["submissions"] and len(parts) > 2 and parts[2].isdecimal() else None


def _by_row(refusal: Refusal, faults: Sequence[Mapping[str, Any]], batch: Sequence[Draft]) -> Refusal:
    """The refusal with rows of the tables in the place of places in the batch."""
    told = []
    for fault in faults:
        place = _place(fault["pointer"])
        if place is not None and place < len(batch):
            of = batch[place]
            rest = "/".join(fault["pointer"].split("/")[3:])
            told.append({**fault, "pointer": f"{of.table} row {of.row}, {of.type} {rest}".strip()})
        else:
            told.append(dict(fault))
    return Refusal({**refusal.problem, "faults": told or list(refusal.problem.get("faults", ()))})


# --- as a file of events ----------------------------------------------------------------------------------------------


def write_file(found: Translation, mapping: ImportMapping, jurisdiction: str, out: Path, *, now: datetime) -> int:
    """Write what would be recorded as a file of events, opening included, as an imported record would have it."""
    with out.open("wb") as stream:
        return write_events(_recorded(found.drafts, mapping, jurisdiction, now), stream)


def _recorded(
    drafts: Iterable[Draft], mapping: ImportMapping, jurisdiction: str, now: datetime
) -> Iterator[AnyRecorded]:
    listed = list(drafts)
    clock = min((one.time for one in listed if one.time), default=now)
    opening = JurisdictionOpened(
        name=mapping.title or mapping.mapping, level="city", time_zone=mapping.time_zone, mode="imported",
        partition=partition_of(jurisdiction), office="office", office_name="office", first_person="office-1",
    )  # fmt: skip
    yield _event(1, "opening", jurisdiction, opening, clock, clock, "")
    for position, draft in enumerate(listed, start=2):
        clock = max(clock, draft.time) if draft.time and draft.type == TIME_REACHED else clock
        of: Any = CLASSES[draft.type]
        data = wire.adapter(of).validate_python(draft.data)
        yield _event(position, draft.key, jurisdiction, data, draft.time or clock, clock, draft.on_behalf_of)


def _event(
    position: int, key: str, jurisdiction: str, data: Any, time: datetime, at: datetime, behalf: str
) -> AnyRecorded:
    return Recorded(
        position=position, id=digest([jurisdiction, key])[:32], jurisdiction=jurisdiction, data=data, time=time,
        recorded_at=at, unit="office", actor="office-1", submission=key, on_behalf_of=behalf,
    )  # fmt: skip
