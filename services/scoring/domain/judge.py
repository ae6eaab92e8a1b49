"""From the ledger to lines: what each project, each unit and the list as a whole has reached at a moment."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal

from services.scoring.domain.ledger import Plan, Return, Returns, Stages
from services.scoring.domain.measure import Measuring, ProjectFacts, display
from services.scoring.domain.rank import points_of, ranked
from shared.core.calendar import Moment, Period
from shared.core.events import LineDrawn, ListPublished, ProjectListed, UnitRegistered
from shared.core.ledger import Ledger
from shared.core.moments import due_at
from shared.core.regime.model import AmountName, LightName, Regime, Stage, SubjectKind
from shared.core.register import listing_of, members, published_list, regime_at, regime_for, zone_of


def judge(ledger: Ledger, moment: Moment, regime: Regime) -> list[LineDrawn]:
    """Every line of a list at a moment: projects as listed, units with their places, then the list."""
    period = Period.parse(moment.period)
    return _Judging(ledger, moment, regime, period).lines()


def current(ledger: Ledger, code: str, at: datetime) -> list[LineDrawn]:
    """The lines of a list as they stand now, in its current period. They belong to no moment."""
    regime = regime_at(ledger, code, at)
    if regime is None:
        return []
    period = current_period(ledger, code, at, regime)
    moment = Moment(code, "close", str(period), at)
    return [replace(line, moment="") for line in judge(ledger, moment, regime_for(ledger, code, period) or regime)]


def current_period(ledger: Ledger, code: str, at: datetime, regime: Regime) -> Period:
    """The period that a live page shows: the last that ended before today; in a list's first weeks, the one that runs.

    By the cadence of the regime's first return, in local time. A list published for neither shows its last year.
    """
    today, cadence = at.astimezone(zone_of(ledger)).date(), regime.reporting[0].cadence
    running = Period.holding(today, cadence)
    ended = Period.holding(running.first_day - timedelta(days=1), cadence)
    years = {one.year for one in ledger.all(ListPublished).values() if one.list == code and one.year <= today.year}
    if ended.year in years:
        return ended
    return running if running.year in years or not years else Period.holding(date(max(years), 12, 31), cadence)


class _Judging:
    def __init__(self, ledger: Ledger, moment: Moment, regime: Regime, period: Period) -> None:
        self.ledger, self.moment, self.regime, self.period = ledger, moment, regime, period
        # Figures of November are not the year's, even where they are judged in January.
        today, year_end = moment.at.astimezone(zone_of(ledger)).date(), date(period.year, 12, 31)
        self.year_ended = period.last_day == year_end < today
        on = (moment.list, period.year)
        self.projects = [listing_of(ledger, *on, code) for code in members(ledger, *on)]
        self.facts = {one.project: self._facts(one) for one in self.projects}
        self.due = due_at(ledger, self._reporting_period(), regime.reporting[0])
        self.missing = {code for code in self.facts if self._last_return(code) is None}
        self.late = {code for code in self.facts if self._is_late(code)}

    def lines(self) -> list[LineDrawn]:
        units = ranked(self.regime, [*self._units()])
        return [*self._projects(), *units, self._whole()]

    def _projects(self) -> Iterator[LineDrawn]:
        for listing in self.projects:
            yield self._line("project", listing.project, listing.name, listing.lead_unit, [listing.project])

    def _units(self) -> Iterator[LineDrawn]:
        led: dict[str, list[str]] = defaultdict(list)
        for project in self.projects:
            led[project.lead_unit].append(project.project)
        units = self.ledger.all(UnitRegistered)
        for code in sorted(led, key=lambda code: (units[code].protocol_order, code)):
            line = self._line("unit", code, units[code].name, code, led[code])
            yield replace(line, lane=_lane(self.regime, units[code]), points=self._points(led[code]))

    def _whole(self) -> LineDrawn:
        published = published_list(self.ledger, self.moment.list, self.period.year)
        return self._line("list", self.moment.list, published.name if published else "", "", list(self.facts))

    def _line(self, kind: SubjectKind, code: str, name: str, unit: str, projects: Sequence[str]) -> LineDrawn:
        measuring = self._measuring(projects)
        measures = measuring.all()
        return LineDrawn(
            moment=self.moment.id, list=self.moment.list, period=self.moment.period, subject_kind=kind,
            subject=code, name=name, unit=unit, lane="", project_count=len(projects),
            not_judged_count=sum(map(self._not_judged, projects)),
            missing_count=sum(one in self.missing for one in projects),
            late_count=sum(one in self.late for one in projects), measures=measures,
            displayed={key: display(self.regime, key, value) for key, value in measures.items()},
            amounts_yuan=_amounts(measuring), stages=_stages([self.facts[one] for one in projects]),
            light=_light(self.regime, measuring), points={}, rank=None,
        )  # fmt: skip

    def _measuring(self, projects: Sequence[str]) -> Measuring:
        return Measuring(self.regime, self.period, [self.facts[one] for one in projects], self.year_ended)

    def _points(self, projects: Sequence[str]) -> Mapping[str, Decimal | None]:
        return points_of(self.regime, self._measuring(projects))

    def _facts(self, listing: ProjectListed) -> ProjectFacts:
        plan = self.ledger.get(Plan, f"{listing.list}/{listing.year}/{listing.project}")
        latest = self._returns(listing.project).by(self.period.last_day)
        amounts: dict[AmountName, Decimal | None] = {
            "investment_completed": latest.investment_ytd_yuan if latest else self._without_return(),
            "annual_planned_investment": plan.annual_planned_investment_yuan if plan else None,
            "total_investment": listing.total_investment_yuan,
        }
        return ProjectFacts(listing.project, amounts, self._stages_of(listing.project), listing.category)

    def _without_return(self) -> Decimal | None:
        counts_as = {reporting.missing for reporting in self.regime.reporting}
        return Decimal(0) if "no_progress" in counts_as else None

    def _stages_of(self, project: str) -> frozenset[Stage]:
        kept = self.ledger.get(Stages, project)
        reached = kept.reached if kept else ()
        return frozenset(stage for stage, on, _ in reached if on <= self.period.last_day)

    def _returns(self, project: str) -> Returns:
        return self.ledger.get(Returns, f"{project}/{self.period.year}") or Returns(())

    def _last_return(self, project: str) -> Return | None:
        return self._returns(project).of(str(self._reporting_period()))

    def _reporting_period(self) -> Period:
        return Period.holding(self.period.last_day, self.regime.reporting[0].cadence)

    def _is_late(self, project: str) -> bool:
        found = self._last_return(project)
        return found is not None and found.recorded_at >= self.due

    def _not_judged(self, project: str) -> bool:
        amounts = self.facts[project].amounts
        return amounts["investment_completed"] is None or not amounts["annual_planned_investment"]


def _amounts(measuring: Measuring) -> dict[str, Decimal]:
    names: tuple[AmountName, ...] = ("investment_completed", "annual_planned_investment", "total_investment")
    return {name: total for name in names if (total := measuring.sum(name)) is not None}


def _stages(projects: Sequence[ProjectFacts]) -> tuple[Stage, ...]:
    """The stages that every one of the projects has reached; none where there are no projects."""
    return tuple(sorted(frozenset.intersection(*(one.stages for one in projects)))) if projects else ()


def _light(regime: Regime, measuring: Measuring) -> LightName | None:
    for light in regime.lights:
        for name, when in light.items():
            holds = True if when == "otherwise" else measuring.holds(when)
            if holds is None:
                return None
            if holds:
                return name
    return None


def _lane(regime: Regime, unit: UnitRegistered) -> str:
    lanes = regime.scoring.lanes if regime.scoring else ()
    return next((lane.id for lane in lanes if unit.kind in lane.kinds), unit.lane)
