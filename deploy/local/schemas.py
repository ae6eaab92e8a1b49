"""The published JSON Schemas: of every event's data, of a file of events, of a regime, a mapping, an evaluation."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from deploy.local.evaluation import evaluation_schema
from deploy.local.event_file import RECORD_TYPES
from deploy.local.mapping.mapping_file import mapping_schema
from deploy.local.regime_file import regime_schema
from deploy.local.trial import trial_schema
from shared.infra.wire import Envelope, schema_name, schemas

Schema = Mapping[str, Any]

_DRAFT = "https://json-schema.org/draft/2020-12/schema"


def all_schemas() -> dict[str, Schema]:
    """Every schema by name: of files and of `evaluation`, then of the event types. Each stands by itself."""
    of_events = {name: {"$schema": _DRAFT, **schema} for name, schema in schemas().items()}
    return {
        "event_file": event_file_schema(),
        "regime": regime_schema(),
        "mapping": mapping_schema(),
        "evaluation": evaluation_schema(),
        "trial": trial_schema(),
        **of_events,
    }


def event_file_schema() -> Schema:
    """The schema of one line: the envelope, and the data as its type wants them. It carries the data's schemas."""
    envelope = Envelope.model_json_schema()
    of_data = {name: schema for name, schema in schemas().items() if name in RECORD_TYPES}
    return {
        "$schema": _DRAFT,
        "$id": "urn:duban:schema:event_file",
        **envelope,
        "title": "EventFileLine",
        "description": "One line of a file of events: a CloudEvent in structured JSON.",
        "allOf": [_when(name) for name in of_data],
        "$defs": {**envelope.get("$defs", {}), **of_data},
    }


def write_schemas(folder: Path) -> list[Path]:
    """Write every schema as `<name>.schema.json` into a folder, which is made if need be."""
    folder.mkdir(parents=True, exist_ok=True)
    return [_write(folder / f"{name}.schema.json", schema) for name, schema in all_schemas().items()]


def _when(name: str) -> Schema:
    return {
        "if": {"properties": {"type": {"const": name}}, "required": ["type"]},
        "then": {"properties": {"data": {"$ref": schema_name(name)}}},
    }


def _write(path: Path, schema: Schema) -> Path:
    path.write_text(json.dumps(schema, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    return path
