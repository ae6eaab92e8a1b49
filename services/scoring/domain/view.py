"""A list under its regime, as of a day and with what is known at a moment: its objects, its subjects, its rows.

Everything that judges or decides asks here, and each answer is worked out once. Nothing here outlives a draw.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property
from zoneinfo import ZoneInfo

from services.scoring.domain import tables
from services.scoring.domain.display import Printing
from services.scoring.domain.facts import ProjectFacts, having
from services.scoring.domain.lights import own_light, past_light, shown_light
from services.scoring.domain.measure import COMMON, Measuring
from services.scoring.domain.memory import Lights, Lit, lights_of
from services.scoring.domain.pages import ids_of
from services.scoring.domain.points import points_of
from services.scoring.domain.rank import Contender, is_rankable, places
from services.scoring.domain.row import Row, Rows
from services.scoring.domain.row_subject import RowSubject
from services.scoring.domain.standing import Standing
from shared.core.calendar import WorkingCalendar
from shared.core.events import UnitRegistered
from shared.core.ledger import Ledger
from shared.core.period import Period
from shared.core.regime.holds import holds
from shared.core.regime.language import Condition, Has
from shared.core.regime.model import Regime
from shared.core.regime.terms import COLUMNS, GROUPED_BY_ROLE, PERSONS, LightName, Role, SubjectKind, Table
from shared.core.register import Project, Staff, holders, members, published_list, working_calendar, zone_of

_ATTRIBUTES: Mapping[SubjectKind, str] = {
    "category": "category", "batch": "batch", "territory": "territory", "level": "approving_level",
}  # fmt: skip

Computed = Callable[["View"], Sequence[Row]]


@dataclass(eq=False)
class View:
    """`day`: as of when the record is asked; `at`: up to when it is known.

    `computed` makes the rows of tables that follow from rules themselves.
    """

    ledger: Ledger
    code: str
    regime: Regime
    period: Period
    at: datetime
    day: date
    computed: Mapping[Table, Computed]

    _by_kind: dict[SubjectKind, dict[str, Measuring]] = field(default_factory=dict, init=False)
    _met: dict[int, tuple[Condition, frozenset[ProjectFacts]]] = field(default_factory=dict, init=False)
    _kept_rows: dict[tuple[Table, str], Sequence[Row]] = field(default_factory=dict, init=False)
    _kept_indexed: dict[Table, Rows] = field(default_factory=dict, init=False)
    _kept_views: dict[Period, "View"] = field(default_factory=dict, init=False)
    _places: dict[SubjectKind, Mapping[str, tuple[int, int]]] = field(default_factory=dict, init=False)

    @cached_property
    def zone(self) -> ZoneInfo:
        return zone_of(self.ledger)

    @cached_property
    def calendar(self) -> WorkingCalendar:
        return working_calendar(self.ledger, known_at=self.at)

    @cached_property
    def today(self) -> date:
        return self.at.astimezone(self.zone).date()

    @cached_property
    def year_ended(self) -> bool:
        """Figures of November are not the year's, even where they are judged in January."""
        end = date(self.period.year, 12, 31)
        return self.period.last_day == end < self.today

    @cached_property
    def half_year_ended(self) -> bool:
        return self.period.last_day >= date(self.period.year, 6, 30) < self.today

    @cached_property
    def since(self) -> "View":
        """The same period with what happened since it ended: what was done about its results."""
        return View(self.ledger, self.code, self.regime, self.period, self.at, self.today, computed=self.computed)

    def close(self) -> None:
        """Let go of all that was worked out: its parts refer to each other, which the collector finds late."""
        parts = dict(vars(self))
        vars(self).clear()
        if "standing" in parts:
            vars(parts["standing"]).clear()
        for one in [*parts["_kept_views"].values(), *filter(None, [parts.get("since")])]:
            one.close()

    # --- subjects -----------------------------------------------------------------------------------------------------

    @cached_property
    def standing(self) -> Standing:
        return Standing(
            self.ledger, self.code, self.regime, self.period, at=self.at, day=self.day, calendar=self.calendar,
            meets=self._meets, row_meets=self._row_meets,
        )  # fmt: skip

    def _meets(self, project: str, condition: Condition) -> bool | None:
        found = self.project(project)
        return found.holds(condition) if found else None

    def _row_meets(self, row: Row, condition: Condition) -> bool | None:
        return holds(condition, RowSubject(self, row))

    @cached_property
    def objects(self) -> Sequence[ProjectFacts]:
        """The objects of the list and year, in the order of listing; who has left it by the day is not there."""
        return self.standing.objects()

    @cached_property
    def _included(self) -> Sequence[ProjectFacts]:
        return [one for one in self.objects if not one.is_excluded]

    def meeting(self, condition: Condition) -> frozenset[ProjectFacts]:
        """The objects for which a condition surely holds: asked of each once, whoever asks."""
        if id(condition) not in self._met:
            found: Sequence[bool | None]
            if isinstance(condition, Has) and condition.light is None:
                found = having(self.objects, condition, self.day)
            else:
                found = [one.holds(condition) for one in self.subjects("project")]
            met = frozenset(one for one, holding in zip(self.objects, found, strict=True) if holding)
            # By identity, for a condition has no hash; it is kept with them, so that no other takes its id.
            self._met[id(condition)] = (condition, met)
        return self._met[id(condition)][1]

    @cached_property
    def _common(self) -> Mapping[str, Decimal | None]:
        """The measures that are the same of every subject."""
        anyone = Measuring(self, "list", self.code, "", "", ())
        return {name: anyone.value(name) for name, one in self.regime.measures.items() if isinstance(one, COMMON)}

    @cached_property
    def printing(self) -> Printing:
        return Printing(self.regime)

    def subjects(self, kind: SubjectKind) -> Sequence[Measuring]:
        """Every subject of a kind: projects as listed, units in protocol order, classes as the regime names them."""
        return list(self._subjects(kind).values())

    def governed(self, kind: SubjectKind) -> Sequence[Measuring]:
        """Those of whom rules ask something: an object that its status excludes owes nothing but to leave."""
        return [one for one in self.subjects(kind) if kind != "project" or not one.objects[0].is_excluded]

    def subject(self, kind: SubjectKind, code: str) -> Measuring:
        """One subject; without objects where the list has none of that code. The list itself has the code ``."""
        found = self._subjects(kind).get(self.code if kind == "list" else code)
        return found or self._subject(kind, code, code, "", ())

    def project(self, code: str) -> Measuring | None:
        return self._subjects("project").get(code)

    def _subjects(self, kind: SubjectKind) -> Mapping[str, Measuring]:
        if kind not in self._by_kind:
            self._by_kind[kind] = {one.code: one for one in self._made(kind)}
        return self._by_kind[kind]

    def _subject(self, kind: SubjectKind, code: str, name: str, unit: str, of: Sequence[ProjectFacts]) -> Measuring:
        return Measuring(self, kind, code, name, unit, of, dict(self._common))

    def _made(self, kind: SubjectKind) -> Iterator[Measuring]:
        if kind == "project":
            for one in self.objects:
                yield self._subject(kind, one.code, one.listing.name, one.listing.lead_unit, (one,))
            return
        if kind == "list":
            published = published_list(self.ledger, self.code, self.period.year)
            yield self._subject(kind, self.code, published.name if published else "", "", self._included)
            return
        groups: dict[str, list[ProjectFacts]] = {}
        for one in self.objects:
            for code in self._groups_of(kind, one):
                groups.setdefault(code, []).append(one)
        groups |= {code: [] for code in self._idle(kind) if code not in groups}
        for code in sorted(groups, key=lambda code: self._order(kind, code)):
            of = [one for one in groups[code] if not one.is_excluded]
            yield self._subject(kind, code, self._name(kind, code), self._unit(kind, code, of), of)

    def _groups_of(self, kind: SubjectKind, one: ProjectFacts) -> Sequence[str]:
        if kind == "unit":
            return (one.listing.lead_unit,)
        if kind in GROUPED_BY_ROLE:
            return self.holders(one.code, GROUPED_BY_ROLE[kind])
        if kind == "lane":
            lane = self.lane(one.listing.lead_unit)
            return (lane,) if lane else ()
        code = getattr(one.listing, _ATTRIBUTES[kind])
        return (code,) if code else ()

    def _idle(self, kind: SubjectKind) -> Iterator[str]:
        """Those appointed to a role in a unit who hold it for no object of any list (003: 「挂钩联系一个以上」)."""
        for staff in self.ledger.all(Staff).values():
            for one in staff.holdings:
                if one.role == GROUPED_BY_ROLE.get(kind) and one.is_held(self.day):
                    places = ids_of(self.ledger, "assignment", one.holder)
                    if not any(self.ledger.get(Project, place) for place in places):
                        yield one.holder

    def _order(self, kind: SubjectKind, code: str) -> tuple[int, str]:
        """Units in protocol order, classes in that of the scheme that names them; others by their code."""
        unit = self.ledger.get(UnitRegistered, code) if kind == "unit" else None
        names = [name for one in (self.regime.classes or {}).values() if one.of == kind for name in one.names]
        return (unit.protocol_order if unit else names.index(code) if code in names else len(names), code)

    def _name(self, kind: SubjectKind, code: str) -> str:
        unit = self.ledger.get(UnitRegistered, code) if kind == "unit" else None
        return unit.name if unit else code

    @staticmethod
    def _unit(kind: SubjectKind, code: str, objects: Sequence[ProjectFacts]) -> str:
        """A notice about a person goes through the lead unit of the first of their objects."""
        if kind == "unit":
            return code
        return objects[0].listing.lead_unit if objects and kind in PERSONS else ""

    def lane(self, unit: str) -> str:
        registered = self.ledger.get(UnitRegistered, unit)
        lanes = self.regime.scoring.lanes if self.regime.scoring else ()
        if registered is None:
            return ""
        return next((lane.id for lane in lanes if registered.kind in lane.kinds), registered.lane)

    # --- rows ---------------------------------------------------------------------------------------------------------

    def row_subjects(self, table: Table) -> Sequence[RowSubject]:
        return [RowSubject(self, row) for row in self.rows(table)]

    def rows(self, table: Table) -> Sequence[Row]:
        """Every row of a table that is the list's, one of its objects', or one of their units' and people's."""
        return self.rows_of(self.subject("list", ""), table)

    def rows_of(self, subject: Measuring, table: Table) -> Sequence[Row]:
        """A subject's rows, each once. Of a table that names persons, a person has only the rows that name them.

        Of objects that no group has any more there are no rows but those about their leaving.
        """
        if table in self.computed or table == "exit":
            rows, whose = self._indexed(table), (one.code for one in subject.objects)
            return rows.every if subject.kind == "list" else rows.of(subject.code, whose)
        found: dict[str, Row] = {}
        for owner in self._owners(subject, table):
            for row in self._rows(table, owner):
                found.setdefault(row.id, row)
        return list(found.values())

    def _owners(self, subject: Measuring, table: Table) -> Iterator[str]:
        if subject.kind in PERSONS:
            yield subject.code
            if "person" in COLUMNS[table]:
                return
        if subject.kind == "unit":
            yield subject.code
        yield from (one.code for one in subject.objects)
        if subject.kind == "list":
            yield ""
            yield from dict.fromkeys(one.listing.lead_unit for one in self.objects)
            yield from self.standing.people()

    def _rows(self, table: Table, owner: str) -> Sequence[Row]:
        key = (table, owner)
        if key not in self._kept_rows:
            self._kept_rows[key] = tables.rows(self.ledger, table, owner=owner, asked=self.standing.asked)
        return self._kept_rows[key]

    def _indexed(self, table: Table) -> Rows:
        if table not in self._kept_indexed:
            self._kept_indexed[table] = Rows()  # what a rule says of its own table is not known while it is worked out
            computed = self.computed.get(table)
            self._kept_indexed[table] = Rows(computed(self) if computed else self._of_all_listed(table))
        return self._kept_indexed[table]

    def _of_all_listed(self, table: Table) -> Sequence[Row]:
        return [row for code in members(self.ledger, self.code, self.period.year) for row in self._rows(table, code)]

    # --- people, lights, points, places -------------------------------------------------------------------------------

    def holders(self, project: str, role: Role) -> tuple[str, ...]:
        """Who holds a role for a project on the day."""
        return holders(self.ledger, project, role, on=self.day)

    def light_of(self, subject: Measuring) -> LightName | None:
        """The light as shown: by its own condition, hardened by the closes before."""
        return shown_light(self._own_light(subject), self.regime.light_memory, self._lit_before(subject), self.period)

    def lit(self, subject: Measuring) -> tuple[LightName | None, LightName | None, LightName | None]:
        """By its own condition, as shown, and what the close before is shown as now."""
        own, memory = self._own_light(subject), self.regime.light_memory
        if memory is None:
            return own, own, None
        before = self._lit_before(subject)
        return own, shown_light(own, memory, before, self.period), past_light(own, memory, before)

    def _own_light(self, subject: Measuring) -> LightName | None:
        return own_light(self.regime, subject)

    def _lit_before(self, subject: Measuring) -> Sequence[Lit]:
        if self.regime.light_memory is None:
            return ()
        kept = self.ledger.get(Lights, lights_of(self.code, self.period.cadence, subject.kind, subject.code))
        return [one for one in kept.lit if Period.parse(one.period) < self.period] if kept else ()

    def points_of(self, subject: Measuring) -> Mapping[str, Decimal | None]:
        return points_of(self.regime, subject)

    def places_of(self, subject: Measuring) -> tuple[int, int] | None:
        return self._placed(subject.kind).get(subject.code)

    def has_places(self, kind: SubjectKind) -> bool:
        return bool(self._placed(kind))

    def _placed(self, kind: SubjectKind) -> Mapping[str, tuple[int, int]]:
        """By subject; worked out when somebody asks, and so after what the places follow from."""
        if kind not in self._places:
            self._places[kind] = {}  # what a place says of itself is not known while it is worked out
            if self.regime.scoring and kind in self.regime.scoring.subjects:
                self._places[kind] = places(self.regime, self.contenders(kind))
        return self._places[kind]

    def contenders(self, kind: SubjectKind, *, by: str = "") -> Sequence[Contender]:
        """All of a kind as they are compared: by what the regime ranks by, or by another measure."""
        by = by or (self.regime.scoring.ranking.by if self.regime.scoring else "")
        return [self._contender(one, by) for one in self.subjects(kind)]

    def _contender(self, one: Measuring, by: str) -> Contender:
        measures = {by: one.value(by)} if by in self.regime.measures else {}
        return Contender(
            subject_kind=one.kind, subject=one.code, lane=self.lane(one.code) if one.kind == "unit" else "",
            is_rankable=is_rankable(self.regime, one), points={} if measures else self.points_of(one),
            measures=measures, displayed=self.printing.all(measures),
        )  # fmt: skip

    def earlier(self, period: Period) -> "View":
        """As of an earlier period, with what is known now."""
        if period not in self._kept_views:
            day = min(period.last_day, self.day)
            self._kept_views[period] = View(
                self.ledger, self.code, self.regime, period, self.at, day, computed=self.computed
            )
        return self._kept_views[period]
