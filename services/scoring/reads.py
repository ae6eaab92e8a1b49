"""What may be read of standings, and by whom: before a bulletin is sealed, places and points are for few."""

from collections.abc import Sequence
from dataclasses import fields, replace
from datetime import date
from decimal import Decimal

from services.scoring.domain.ledger import Plan, Return, Returns, Sealed, Stages
from services.scoring.domain.rank import without_telling
from shared.core.bulletins import bulletin_id, may_read
from shared.core.calendar import Period
from shared.core.events import LineDrawn, UnitRegistered
from shared.core.ledger import Ledger
from shared.core.regime.check.names import Node, telling_places
from shared.core.regime.model import Bulletin
from shared.core.regime.terms import PERSONS
from shared.core.register import posts_of, regime_at, regime_for, sees_unsealed


def belongs(ledger: Ledger, person: str | None) -> bool:
    """Whether the person holds any post in the jurisdiction."""
    return bool(person and posts_of(ledger, person))


def sees_places(ledger: Ledger, person: str | None, *, list_code: str, period: str | None) -> bool:
    """The supervision office and the approvers see ranks and points at once; all others when they are out."""
    return sees_unsealed(ledger, person) or _is_out_for(ledger, person, list_code, period)


def as_seen(
    ledger: Ledger, lines: Sequence[LineDrawn], *, with_places: bool, with_persons: bool = False
) -> list[LineDrawn]:
    """The lines as one reader may see them: those of persons are for few even when all is out.

    The order must not give the places away: units stand in protocol order.
    """
    lines = [line for line in lines if with_persons or line.subject_kind not in PERSONS]
    if with_places or not lines:
        return lines
    units = ledger.all(UnitRegistered)
    telling = _telling(ledger, lines[0])
    hidden = [_without_places(line, telling) for line in lines]
    in_protocol_order = sorted(
        (line for line in hidden if line.subject_kind == "unit"),
        key=lambda line: (units[line.subject].protocol_order, line.subject),
    )
    projects = [line for line in hidden if line.subject_kind == "project"]
    return [*projects, *in_protocol_order, *(line for line in hidden if line.subject_kind == "list")]


def _telling(ledger: Ledger, line: LineDrawn) -> frozenset[Node]:
    regime = regime_for(ledger, line.list, Period.parse(line.period)) or regime_at(ledger, line.list, ledger.clock)
    return telling_places(regime) if regime else frozenset()


def _without_places(line: LineDrawn, telling: frozenset[Node]) -> LineDrawn:
    """The line without places, points, what tells them, and what the bulletin will name."""
    seen = replace(without_telling(line, telling), rank=None, band="", points={}, vetoed=(), is_rankable=True, noted={})
    return replace(seen, light=None, past_light=None) if ("lights", "") in telling else seen


def history(ledger: Ledger, project: str) -> dict[str, list[dict[str, object]]]:
    """All that is known of a project, each value with the event that said it."""
    stages = ledger.get(Stages, project) or Stages(())
    plans = {key: plan for key, plan in ledger.all(Plan).items() if key.endswith(f"/{project}")}
    returns = {key: kept for key, kept in ledger.all(Returns).items() if key.startswith(f"{project}/")}
    return {
        "plans": [{"list_and_year": key.rpartition("/")[0], **_planned(plan)} for key, plan in sorted(plans.items())],
        "stages": [{"stage": stage, "on": on.isoformat(), "event": event} for stage, on, event, _ in stages.reached],
        "returns": [_said(one) for _, kept in sorted(returns.items()) for one in kept.returns],
    }


def _planned(plan: Plan) -> dict[str, object]:
    """What is planned now, and every change on the way there."""
    names = ("annual_planned_investment_yuan", "original_annual_planned_investment_yuan", "event", "listed_at",
             "by_month_yuan", "approvals", "is_after_sealing")  # fmt: skip
    changes = [{name: _plain(value) for name, value in one._asdict().items()} for one in plan.changes]
    return {**{name: _plain(getattr(plan, name)) for name in names}, "changes": changes}


def _said(entry: Return) -> dict[str, object]:
    return {field.name: _plain(getattr(entry, field.name)) for field in fields(entry)}


def _plain(value: object) -> object:
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, tuple):
        return [_plain(one) for one in value]
    return value.isoformat() if isinstance(value, date) else value


def _is_out_for(ledger: Ledger, person: str | None, list_code: str, period: str | None) -> bool:
    """Whether a bulletin of exactly this list and period has reached the person, or need not be secret."""
    of = Period.parse(period) if period else None
    regime = regime_for(ledger, list_code, of) if of else None
    found = [one for one in regime.bulletins if one.cadence == of.cadence] if regime and of else []
    return any(_has_reached(ledger, person, one, bulletin_id(list_code, str(of), one)) for one in found)


def _has_reached(ledger: Ledger, person: str | None, bulletin: Bulletin, code: str) -> bool:
    sealed = ledger.get(Sealed, code)
    return may_read(ledger, person, bulletin, sealed_at=sealed.at if sealed else None)
