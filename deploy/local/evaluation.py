"""What `evaluate` says: the contract by which anyone checks the product. Its JSON Schema is published.

Fields are added, never renamed or removed. Decimals are strings without exponents: ratios with 1 = 100 %, deviations
in percentage points, amounts in yuan; `displayed` holds them as they print. Instants are in UTC.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, Literal

from shared.core.decisions import Decision
from shared.core.declared_check import Checked
from shared.core.events import (
    BulletinDrafted,
    BulletinSealed,
    CorrectionDrawn,
    LineDrawn,
    Mode,
    NoticeDrafted,
    NoticeServed,
    ReminderSent,
    RuleHit,
    StandingsDrawn,
)
from shared.core.numbers import MoneyUnit, Rounding, Verdict
from shared.core.regime.model import Title
from shared.core.regime.terms import SubjectKind, Table
from shared.infra.wire import adapter

FORMAT: Literal["duban.evaluation.v1"] = "duban.evaluation.v1"

MeasureKind = Literal[
    "ratio", "amount", "share", "time_progress", "deviation", "met", "objects", "shortfall", "growth", "count",
    "portion", "taken", "panel", "day_count", "holders", "slots", "overlap", "weighted", "scored", "place", "fixed",
]  # fmt: skip
Reading = Literal["unrounded", "printed_rate"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Draw:
    """The draw of one moment: its lines, rules hit, what of closed periods is corrected, and the closing statement."""

    drawn: StandingsDrawn
    lines: tuple[LineDrawn, ...]
    hits: tuple[RuleHit, ...]
    corrections: tuple[CorrectionDrawn, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class MatterStands:
    """A matter and where it stands: the step taken last, and since when it is open."""

    matter: str
    rule: str
    subject_kind: SubjectKind | Table
    subject: str
    name: str
    unit: str
    moment: str
    displayed: Mapping[str, str]
    state: Literal["proposed", "open", "struck_off"]
    step: str
    opened_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Notices:
    """What units are told, in order: reminders sent, notices drafted, notices served."""

    reminders: tuple[ReminderSent, ...]
    drafted: tuple[NoticeDrafted, ...]
    served: tuple[NoticeServed, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Bulletins:
    drafted: tuple[BulletinDrafted, ...]
    sealed: tuple[BulletinSealed, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RegimeInForce:
    """The rules in force at the clock, as far as a reader of the numbers needs them."""

    regime: str
    version: int
    money_unit: MoneyUnit
    rounding: Rounding
    measures: Mapping[str, MeasureKind]
    names: Mapping[str, Title] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class ListEvaluated:
    """One list: as it stands now (`now`, in `current_period`), and everything that its moments brought about.

    `decisions` is all that the rules call for now beyond notices; `waiting` names the drafts, of notices and bulletins,
    that wait for a signature; `declared` holds what the list's
    document says of itself against what follows from it.
    """

    list: str
    name: str
    regime: RegimeInForce | None
    current_period: str | None
    now: tuple[LineDrawn, ...]
    draws: tuple[Draw, ...]
    matters: tuple[MatterStands, ...]
    notices: Notices
    bulletins: Bulletins
    waiting: tuple[str, ...]
    decisions: tuple[Decision, ...] = ()
    declared: tuple[Checked, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ParkedEvent:
    """An event that a fold could not apply, or that stands behind such a one (`behind` is its position, else 0)."""

    fold: Literal["scoring", "notify"]
    position: int
    kind: str
    entity: str
    reason: str
    behind: int


@dataclass(frozen=True, slots=True, kw_only=True)
class JurisdictionEvaluated:
    """One jurisdiction at a position of the file and a time. `awaiting` is a moment without a draw, or empty."""

    jurisdiction: str
    name: str
    mode: Mode | None
    position: int
    clock: datetime | None
    lists: tuple[ListEvaluated, ...]
    parked: tuple[ParkedEvent, ...]
    awaiting: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Reconciled:
    """A published figure, in per cent or percentage points, held against its printed inputs and the record.

    `low` and `high`: what those inputs allow; `readings`: from what it was worked out, as far as it fits; `evaluated`:
    what the record gives, unrounded, null where it gives nothing.
    """

    list: str
    period: str
    measure: str
    published: str
    low: Decimal
    high: Decimal
    verdict: Verdict
    readings: tuple[Reading, ...]
    evaluated: Decimal | None
    displayed: str
    is_evaluated_within: bool | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluation:
    """All that the file says under its rules, by jurisdiction, in the order in which they were opened."""

    format: Literal["duban.evaluation.v1"]
    jurisdictions: tuple[JurisdictionEvaluated, ...]
    published: tuple[Reconciled, ...] = ()

    def of(self, jurisdiction: str, code: str) -> ListEvaluated:
        """One list. KeyError if there is none."""
        for one in self.jurisdictions:
            for found in one.lists:
                if (one.jurisdiction, found.list) == (jurisdiction, code):
                    return found
        raise KeyError(f"{jurisdiction}/{code}")


def as_json(evaluation: Evaluation, *, indent: int | None = 1) -> str:
    """The evaluation as JSON text, always the same for the same events."""
    value = adapter(Evaluation).dump_python(evaluation)
    return json.dumps(value, default=_text, ensure_ascii=False, indent=indent)


def evaluation_schema() -> dict[str, Any]:
    """The JSON Schema of what `evaluate --json` prints."""
    draft = "https://json-schema.org/draft/2020-12/schema"
    schema = adapter(Evaluation).json_schema(mode="serialization")
    return {"$schema": draft, "$id": "urn:duban:schema:evaluation", **open_ended(schema)}


def open_ended(schema: Any) -> Any:
    """What comes out may gain fields: a checker that holds an older schema must not stumble over them."""
    if isinstance(schema, list):
        return [open_ended(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    return {name: open_ended(one) for name, one in schema.items() if (name, one) != ("additionalProperties", False)}


def _text(value: object) -> str:
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"a {type(value).__name__} has no text")
