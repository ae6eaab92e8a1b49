"""STANDINGS: what scoring found at a moment; written by scoring only."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from shared.core.events.vocabulary import event
from shared.core.regime.model import LightName, Stage, SubjectKind


@event("list", "list")
@dataclass(frozen=True, slots=True, kw_only=True)
class LineDrawn:
    """One subject's results at a moment: measures unrounded (null is not judged), and as they print."""

    moment: str
    list: str
    period: str
    subject_kind: SubjectKind
    subject: str
    name: str
    unit: str
    lane: str
    project_count: int
    not_judged_count: int
    missing_count: int
    late_count: int
    measures: Mapping[str, Decimal | None]
    displayed: Mapping[str, str]
    amounts_yuan: Mapping[str, Decimal]
    stages: tuple[Stage, ...]
    light: LightName | None
    points: Mapping[str, Decimal | None]
    rank: int | None


@event("list", "list")
@dataclass(frozen=True, slots=True, kw_only=True)
class RuleHit:
    """A supervision rule holds for a subject at a moment. It proposes; it decides nothing."""

    moment: str
    list: str
    period: str
    rule: str
    ladder: str
    subject_kind: SubjectKind
    subject: str
    name: str
    unit: str
    consecutive: int
    measures: Mapping[str, Decimal | None]
    displayed: Mapping[str, str]


@event("list", "list")
@dataclass(frozen=True, slots=True, kw_only=True)
class StandingsDrawn:
    """The draw of a moment is complete: this many lines and hits, of the record up to this position."""

    moment: str
    list: str
    kind: str
    period: str
    at: datetime
    position: int
    count: int
    digest: str
    regime: str
    regime_version: int
    engine: str
    parked_count: int
    undecided: tuple[str, ...] = ()


StandingsEvent = LineDrawn | RuleHit | StandingsDrawn
