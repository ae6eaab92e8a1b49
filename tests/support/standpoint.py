"""Subjects without a record: facts of objects, and the least that measures ask of a list and a moment."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from services.scoring.domain.facts import ProjectFacts
from services.scoring.domain.measure import Measuring
from services.scoring.domain.row import Row
from shared.core.calendar import WorkingCalendar
from shared.core.period import Period
from shared.core.regime.language import Condition
from shared.core.regime.model import Regime
from shared.core.regime.terms import LightName, Role, Stage, SubjectKind, Table
from tests.support.builders import YI, a_project, a_regime

_EVERY_WEEKDAY = WorkingCalendar()


def facts(
    done: str | None = None, plan: str | None = None, *stages: Stage, category: str = "", total: str | None = None,
    **listing: Any,
) -> ProjectFacts:  # fmt: skip
    def yuan(yi: str | None) -> Decimal | None:
        return None if yi is None else Decimal(yi) * YI

    return ProjectFacts(
        replace(a_project(), category=category, **listing),
        "department",
        {"investment_completed": yuan(done), "annual_planned_investment": yuan(plan), "total_investment": yuan(total)},
        stages,
        "judged",
        {},
        {},
    )


@dataclass
class Standpoint:
    """The least that measures ask for: a regime and a period, objects without rows, places or memory."""

    regime: Regime
    period: Period
    year_ended: bool = False
    half_year_ended: bool = False
    light: LightName | None = None
    objects: Sequence[ProjectFacts] = ()
    held: Mapping[str, tuple[str, ...]] | None = None
    kept: Sequence[Row] = ()
    places: tuple[int, int] | None = None
    calendar: WorkingCalendar = _EVERY_WEEKDAY
    before: "Standpoint | None" = None

    @property
    def day(self) -> date:
        return self.period.last_day

    def subject(self, kind: SubjectKind, code: str) -> Measuring:
        found = [one for one in self.objects if code in {"", one.code} or kind != "project"]
        return Measuring(self, kind, code, code, "", found if kind != "project" else found[:1])

    def meeting(self, condition: Condition) -> frozenset[ProjectFacts]:
        return frozenset(one for one in self.objects if self.subject("project", one.code).holds(condition))

    def rows_of(self, subject: Measuring, table: Table) -> Sequence[Row]:
        return [row for row in self.kept if row.table == table]

    def holders(self, project: str, role: Role) -> tuple[str, ...]:
        return (self.held or {}).get(role, ())

    def light_of(self, subject: Measuring) -> LightName | None:
        return self.light

    def places_of(self, subject: Measuring) -> tuple[int, int] | None:
        return self.places

    def has_places(self, kind: SubjectKind) -> bool:
        return self.places is not None

    def earlier(self, period: Period) -> "Standpoint":
        assert self.before is not None
        return replace(self.before, period=period)


def measuring(
    *projects: ProjectFacts, period: str = "2026-03", year_ended: bool = False, regime: Any = None, **view: Any
) -> Measuring:
    coded = [replace(one, listing=replace(one.listing, project=f"p{place}")) for place, one in enumerate(projects)]
    view_of = Standpoint(regime or a_regime(), Period.parse(period), year_ended, objects=coded, **view)
    return Measuring(view_of, "unit", "u", "u", "u", coded)
