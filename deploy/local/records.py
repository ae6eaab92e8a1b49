"""The record as a file: out of an installation, and into one."""

import sys
from pathlib import Path
from typing import Any

from deploy.local.client import Client
from deploy.local.event_file import BadFile, LineFault
from shared.core.errors import Fault
from shared.infra import wire


async def export_record(url: str, token: str, jurisdiction: str, out: Path | None) -> None:
    """Write a jurisdiction's record, to a file or to standard output."""
    client = Client.of(url)
    try:
        content = await client.get_bytes(f"/intake/v1/jurisdictions/{jurisdiction}/record", token)
    finally:
        await client.close()
    if out is None:
        sys.stdout.buffer.write(content)
        return
    out.write_bytes(content)
    print(f"{out}: {len(content.splitlines())} events")


async def import_record(url: str, token: str, file: Path) -> None:
    """Enter each jurisdiction of a file whole. Refusal, with every reason, where its events do not follow."""
    client = Client.of(url)
    try:
        for jurisdiction, lines in _by_jurisdiction(file).items():
            done = await client.post_bytes(f"/intake/v1/jurisdictions/{jurisdiction}/record", b"\n".join(lines), token)
            print(f"{jurisdiction}: {done['events']} events, {done['entered']} of them new")
    finally:
        await client.close()


def _by_jurisdiction(file: Path) -> dict[str, list[bytes]]:
    """The lines of a file, a second copy of an event left out. What is wrong with a line, intake says."""
    found: dict[str, dict[str, bytes]] = {}
    for number, line in enumerate(file.read_bytes().splitlines()):
        if line.strip():
            event = _event(line, number)
            jurisdiction = str(event.get("subject", "")).partition("/")[0]
            found.setdefault(jurisdiction, {}).setdefault(str(event.get("id", number)), line)
    return {jurisdiction: list(lines.values()) for jurisdiction, lines in found.items()}


def _event(line: bytes, number: int) -> dict[str, Any]:
    try:
        event = wire.load(line)
    except ValueError as error:
        raise BadFile([LineFault(number + 1, Fault("not_json", "", f"not JSON: {error}"))]) from error
    return event if isinstance(event, dict) else {}
