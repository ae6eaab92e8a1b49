"""How do a list's projects read by the Open Contracting for Infrastructure Data Standard (OC4IDS), version 0.9?

Facts of projects only: what they are, what they cost, how far they are. Never what rules make of them.
"""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any

from services.scoring.domain.facts import ProjectFacts
from services.scoring.domain.ledger import Returns
from services.scoring.domain.views import current_view
from shared.core.calendar import instant
from shared.core.events import UnitRegistered
from shared.core.ledger import Ledger
from shared.core.regime.terms import Stage
from shared.core.register import opening, zone_of

VERSION = "0.9"

_STATUS: Mapping[Stage, str] = {
    "reserve": "identification", "information": "identification", "intention": "identification",
    "negotiation": "identification", "signed": "preparation", "approved": "preparation", "early_work": "preparation",
    "launched": "implementation", "started": "implementation", "suspended": "implementation",
    "resumed": "implementation", "substantially_complete": "completion", "completed": "completion",
    "accepted": "completed", "commissioned": "completed", "in_use": "completed", "benefit_reached": "completed",
    "in_statistics": "implementation", "terminated": "cancelled",
}  # fmt: skip
"""To the codes of its projectStatus codelist."""


def project_package(ledger: Ledger, list_code: str, *, uri: str, prefix: str) -> dict[str, Any]:
    """The package of the projects of a list as they stand now; `prefix` is the publisher's, of project ids."""
    view = current_view(ledger, list_code, ledger.clock)
    units = ledger.all(UnitRegistered)
    projects = [one for one in view.objects if one.listing.object_kind == "project"] if view else []
    return {
        "uri": uri,
        "version": VERSION,
        "publishedDate": _text(ledger.clock),
        "publisher": {"name": opening(ledger).office_name},
        "projects": [_project(ledger, one, units, prefix) for one in projects],
    }


def _project(
    ledger: Ledger, facts: ProjectFacts, units: Mapping[str, UnitRegistered], prefix: str
) -> dict[str, Any]:  # fmt: skip
    listing = facts.listing
    lead = _organization(listing.lead_unit, units)
    place = " ".join(filter(None, (listing.territory, listing.location)))
    kept = ledger.get(Returns, f"{listing.project}/{listing.year}")
    last = kept.returns[-1] if kept and kept.returns else None
    told = {
        "id": f"{prefix}-{listing.project}", "title": listing.name,
        "updated": _text(last.recorded_at) if last else "",
        "status": _STATUS[facts.stages[-1]] if facts.stages else "",
        "period": _filled({
            "startDate": _day(ledger, listing.planned_start_on), "endDate": _day(ledger, listing.planned_completion_on)
        }),
        "additionalClassifications": _classifications(listing.category),
        "locations": [{"id": "1", "description": place}] if place else [],
        "budget": _budget(ledger, facts),
        "publicAuthority": lead,
        "parties": [{**lead, "roles": ["publicAuthority"]}] if lead else [],
        "metrics": _metrics(ledger, facts, last.physical_progress_ratio if last else None),
    }  # fmt: skip
    return _filled(told)


def _classifications(category: str) -> list[dict[str, str]]:
    """The list's own classes: its words are no codes of the projectSector codelist."""
    return [{"scheme": "local", "id": category, "description": category}] if category else []


def _organization(code: str, units: Mapping[str, UnitRegistered]) -> dict[str, str]:
    return {"id": code, "name": units[code].name} if code in units else {}


def _budget(ledger: Ledger, facts: ProjectFacts) -> dict[str, Any]:
    total, year = facts.amounts["total_investment"], facts.listing.year
    planned = facts.amounts["annual_planned_investment"]
    first, last = date(year, 1, 1), date(year, 12, 31)
    within = {"startDate": _day(ledger, first), "endDate": _day(ledger, last)}
    parts = [] if planned is None else [{"id": str(year), "amount": _value(ledger, planned), "period": within}]
    return _filled({"amount": {} if total is None else _value(ledger, total), "budgetBreakdown": parts})


def _metrics(ledger: Ledger, facts: ProjectFacts, physical: Decimal | None) -> list[dict[str, Any]]:
    """Money completed in the year, and how much of the work is done, as it was reported last."""
    done, found = facts.amounts["investment_completed"], []
    if done is not None:
        observation = {"id": "1", "value": _value(ledger, done)}
        found.append({"id": "financialProgress", "title": "Investment completed", "observations": [observation]})
    if physical is not None:
        measure = {"id": "1", "measure": str(physical), "unit": {"name": "ratio of the whole"}}
        found.append({"id": "physicalProgress", "title": "Physical progress", "observations": [measure]})
    return found


def _value(ledger: Ledger, amount: Decimal) -> dict[str, Any]:
    # JSON has one kind of number; below 10^13 yuan a double gives every fen back.
    number = int(amount) if amount == amount.to_integral_value() else float(amount)
    return {"amount": number, "currency": opening(ledger).currency}


def _filled(told: Mapping[str, Any]) -> dict[str, Any]:
    """The standard forbids empty texts, lists and objects."""
    return {name: value for name, value in told.items() if value not in ("", [], {}, None)}


def _day(ledger: Ledger, day: date | None) -> str:
    return _text(instant(day, time(0), zone_of(ledger))) if day else ""


def _text(at: datetime) -> str:
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")
