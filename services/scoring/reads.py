"""What may be read of standings, and by whom: before a bulletin is sealed, places and points are for few."""

from collections.abc import Sequence
from dataclasses import fields, replace
from datetime import date
from decimal import Decimal

from services.scoring.domain.ledger import Plan, Return, Returns, Sealed, Stages
from shared.core.calendar import Period
from shared.core.events import LineDrawn, UnitRegistered
from shared.core.ledger import Ledger
from shared.core.register import posts_of, regime_for, sees_unsealed


def belongs(ledger: Ledger, person: str | None) -> bool:
    """Whether the person holds any post in the jurisdiction."""
    return bool(person and posts_of(ledger, person))


def sees_places(ledger: Ledger, person: str | None, *, list_code: str, period: str | None) -> bool:
    """The supervision office and the approvers see ranks and points at once; all others when they are sealed."""
    return sees_unsealed(ledger, person) or _is_sealed(ledger, list_code, period)


def as_seen(ledger: Ledger, lines: Sequence[LineDrawn], *, with_places: bool) -> list[LineDrawn]:
    """The lines as one reader may see them. The order must not give the places away: units stand in protocol order."""
    if with_places:
        return list(lines)
    units = ledger.all(UnitRegistered)
    hidden = [replace(line, rank=None, points={}) for line in lines]
    in_protocol_order = sorted(
        (line for line in hidden if line.subject_kind == "unit"),
        key=lambda line: (units[line.subject].protocol_order, line.subject),
    )
    projects = [line for line in hidden if line.subject_kind == "project"]
    return [*projects, *in_protocol_order, *(line for line in hidden if line.subject_kind == "list")]


def history(ledger: Ledger, project: str) -> dict[str, object]:
    """All that is known of a project, each value with the event that said it."""
    stages = ledger.get(Stages, project) or Stages(())
    plans = {key: plan for key, plan in ledger.all(Plan).items() if key.endswith(f"/{project}")}
    returns = {key: kept for key, kept in ledger.all(Returns).items() if key.startswith(f"{project}/")}
    return {
        "plans": [{"list_and_year": key.rpartition("/")[0], **_said(plan)} for key, plan in sorted(plans.items())],
        "stages": [{"stage": stage, "on": on.isoformat(), "event": event} for stage, on, event in stages.reached],
        "returns": [_said(one) for _, kept in sorted(returns.items()) for one in kept.returns],
    }


def _said(entry: Plan | Return) -> dict[str, object]:
    values = {field.name: getattr(entry, field.name) for field in fields(entry)}
    return {name: _plain(value) for name, value in values.items()}


def _plain(value: object) -> object:
    if isinstance(value, Decimal):
        return f"{value:f}"
    return value.isoformat() if isinstance(value, date) else value


def _is_sealed(ledger: Ledger, list_code: str, period: str | None) -> bool:
    """Whether a bulletin of exactly this list and period is sealed."""
    regime = regime_for(ledger, list_code, Period.parse(period)) if period else None
    names = [f"b-{list_code}-{period}-{bulletin.id}" for bulletin in regime.bulletins] if regime else []
    return any(name in ledger.all(Sealed) for name in names)
