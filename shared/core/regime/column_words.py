"""Which texts may stand in a column that has a closed set of them? All other text columns hold names and codes."""

from collections.abc import Mapping
from typing import Any, get_args, get_type_hints

from shared.core.events.matters import MatterOpened, MatterVerified
from shared.core.events.permits import ProblemRaised
from shared.core.events.projects import QualityFlag, ReturnReviewed
from shared.core.events.supervision import Finding, IncidentRecorded, InspectionRecorded, RoundPlanned
from shared.core.regime.due import NamedCadence
from shared.core.regime.terms import Level, Liability, Role, Table


def _of(event: type, field: str) -> frozenset[str]:
    return frozenset(get_args(get_type_hints(event)[field]))


def _any_of(words: Any, *more: str) -> frozenset[str]:
    return frozenset({*get_args(words), *more})


COLUMN_WORDS: Mapping[tuple[Table, str], frozenset[str]] = {
    ("return", "cadence"): _any_of(NamedCadence),
    ("return", "state"): frozenset({"not_due", "missing", "on_time", "late"}),
    ("return", "fault"): _of(ReturnReviewed, "fault"),
    ("return", "flags"): _any_of(QualityFlag, ""),
    ("return", "review"): _of(ReturnReviewed, "verdict") | {"unreviewed"},
    ("milestone", "state"): frozenset({"pending", "overdue", "reached", "reached_late"}),
    ("permit", "state"): frozenset({
        "not_filed", "filed", "accepted", "accepted_with_gaps", "returned", "issued", "refused",
    }),
    ("permit", "holder"): frozenset({"", "office", "owner"}),
    ("permit", "level"): _any_of(Level, ""),
    ("problem", "obstacle"): _of(ProblemRaised, "obstacle"),
    ("problem", "state"): frozenset({"open", "escalated", "solved"}),
    ("matter", "source"): _of(MatterOpened, "source"),
    ("matter", "state"): frozenset({"open", "assigned", "reported", "verified", "struck_off", "reopened"}),
    ("matter", "cause"): _of(MatterVerified, "cause"),
    ("duty_visit", "role"): _any_of(Role),
    ("inspection", "method"): _of(InspectionRecorded, "method"),
    ("finding", "kind"): _of(Finding, "kind"),
    ("finding", "severity"): _of(Finding, "severity"),
    ("round", "kind"): _of(RoundPlanned, "kind"),
    ("incident", "kind"): _of(IncidentRecorded, "kind"),
    ("incident", "severity"): _of(IncidentRecorded, "severity"),
    ("incident", "influence"): _of(IncidentRecorded, "influence"),
    ("funds", "kind"): frozenset({"allocated", "arrived", "paid"}),
    ("exit", "state"): frozenset({"requested", "refused", "exited"}),
    ("assignment", "role"): _any_of(Role),
    ("assignment", "liability"): _any_of(Liability),
    ("duty", "state"): frozenset({"done", "owed", "missed", "exceeded"}),
}  # fmt: skip
"""By table and column. Those of the record's events are theirs; states follow from what befell, and stand here."""
