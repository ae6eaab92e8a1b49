"""Where each object of a list stands as of a day: what of its record counts, as the regime lets it count."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cached_property

from services.scoring.domain import tables
from services.scoring.domain.classes import class_of
from services.scoring.domain.completed import Completed
from services.scoring.domain.entries import (
    Exemptions,
    KeptExit,
    Milestones,
    Reached,
    Return,
    Returns,
    Stages,
    Suspensions,
)
from services.scoring.domain.facts import IN_TIME, Came, ProjectFacts
from services.scoring.domain.plan_history import Plan
from services.scoring.domain.row import Row
from shared.core.calendar import WorkingCalendar
from shared.core.events import ProjectListed, UnitRegistered
from shared.core.ledger import Ledger
from shared.core.moments import close_at, due_at
from shared.core.numbers import total
from shared.core.period import Period
from shared.core.regime.language import Condition
from shared.core.regime.management import Reporting
from shared.core.regime.measures import Amount, AmountName, DayCount, DayOf, Ratio, Share
from shared.core.regime.model import Regime
from shared.core.regime.terms import DEFAULT_TREATMENT, Stage, Status, Treatment
from shared.core.register import Posts, members, zone_of

SHOWN: tuple[AmountName, ...] = ("investment_completed", "annual_planned_investment", "total_investment")
_STRONGEST: Sequence[Treatment] = ("excluded", "not_judged", "zero", "judged")
_OF_A_RETURN: Mapping[AmountName, str] = {
    "investment_since_start": "investment_since_start_yuan", "funds_in_place": "funds_in_place_yuan",
    "funds_paid": "funds_paid_yuan",
}  # fmt: skip


class Standing:
    """The objects of a list in the year of a period, as of a day, with what is known at a moment."""

    def __init__(
        self, ledger: Ledger, code: str, regime: Regime, period: Period, *, at: datetime, day: date,
        calendar: WorkingCalendar, meets: Callable[[str, Condition], bool | None],
        row_meets: Callable[[Row, Condition], bool | None],
    ) -> None:  # fmt: skip
        self.ledger, self.code, self.regime, self.period = ledger, code, regime, period
        self.at, self.day, self.calendar, self.meets, self.row_meets = at, day, calendar, meets, row_meets
        self.year, self.last_day = period.year, period.last_day
        self.by_cadence: Mapping[object, Reporting] = {one.cadence: one for one in regime.reporting}
        self._treatments = {**DEFAULT_TREATMENT, **(regime.status or {})}
        self._treated: dict[tuple[tuple[Stage, ...], bool | None], Treatment] = {}
        self._dues: dict[tuple[str, object], datetime | None] = {}
        self._closes: dict[tuple[str, object], datetime] = {}

    def objects(self) -> list[ProjectFacts]:
        """The list's objects in the order of listing, without those that have left it."""
        keys = [f"{self.code}/{self.year}/{one}" for one in members(self.ledger, self.code, self.year)]
        listings = self.ledger.all(ProjectListed)
        return [self._facts(key, listings[key]) for key in keys if self._is_on(key)]

    @cached_property
    def first_listed_on(self) -> date | None:
        """The day on which the first object was listed: with that the tasks of the year are given out."""
        listed = members(self.ledger, self.code, self.year)
        plans = [self.ledger.get(Plan, f"{self.code}/{self.year}/{one}") for one in listed]
        first = min((plan.listed_at for plan in plans if plan), default=None)
        return first.astimezone(zone_of(self.ledger)).date() if first else None

    def object(self, project: str) -> ProjectFacts | None:
        """One of the objects, without working out the others."""
        key = f"{self.code}/{self.year}/{project}"
        listing = self.ledger.get(ProjectListed, key)
        return self._facts(key, listing) if listing and self._is_on(key) else None

    def people(self) -> Sequence[str]:
        """In an order that the record does not decide: a ledger read back from its store has another."""
        return sorted(self.ledger.all(Posts))

    @cached_property
    def asked(self) -> tables.Asked:
        return tables.Asked(
            list=self.code, year=self.year, day=self.day, at=self.at, regime=self.regime, calendar=self.calendar,
            due_at=self._due_at, meets=self.meets, row_meets=self.row_meets,
        )  # fmt: skip

    @cached_property
    def completed(self) -> Completed:
        return Completed(self.ledger, self.asked, last_day=self.last_day)

    def _is_on(self, key: str) -> bool:
        """Whether it was listed by then, which matters where an earlier moment is judged again, and has not left."""
        plan, left = self.ledger.get(Plan, key), self.ledger.get(KeptExit, key)
        if plan is not None and plan.listed_at > self.at:
            return False
        return left is None or left.exited_on is None or left.exited_on > self.day

    # --- returns ------------------------------------------------------------------------------------------------------

    @cached_property
    def _judged_now(self) -> tuple[str, Reporting] | None:
        """The period of which the return is judged now, if any is asked for."""
        reporting = self.regime.reporting[0] if self.regime.reporting else None
        return (str(Period.holding(self.last_day, reporting.cadence)), reporting) if reporting else None

    def _came(self, returns: Returns) -> Came:
        """How the return that is judged now came."""
        if self._judged_now is None:
            return IN_TIME
        period, reporting = self._judged_now
        one = returns.of(period)
        if one is None:
            return _MISSING
        verdicts = {verdict for _, verdict in one.reviews}
        came = (
            self.completed.is_late(one, reporting), one.recorded_at >= self._closed_at(period, reporting),
            bool(one.corrected_by), "adjusted" in verdicts,
            bool(reporting.review or reporting.review_chain) and (not verdicts or one.reviews[-1][1] == "returned"),
        )  # fmt: skip
        return Came(False, *came) if any(came) else IN_TIME

    def _closed_at(self, period: str, reporting: Reporting) -> datetime:
        key = (period, reporting.cadence)
        if key not in self._closes:
            self._closes[key] = close_at(self.ledger, Period.parse(period), reporting)
        return self._closes[key]

    def _returns(self, project: str) -> Returns:
        return self.ledger.get(Returns, f"{project}/{self.year}") or _NO_RETURNS

    def _due_at(self, period: str, reporting: Reporting) -> datetime | None:
        key = (period, reporting.cadence)
        if key not in self._dues:
            self._dues[key] = due_at(self.ledger, Period.parse(period), reporting)
        return self._dues[key]

    # --- facts --------------------------------------------------------------------------------------------------------

    def _facts(self, key: str, listing: ProjectListed) -> ProjectFacts:
        kept, returns = self.ledger.get(Plan, key), self._returns(listing.project)
        plan = kept.at(self.at) if kept else None
        stages = self._stages(listing.project)
        names = tuple([one.stage for one in stages])
        treatment = self._treatment(names, plan.annual_planned_investment_yuan if plan else None)
        planned: dict[AmountName, Decimal | None] = {
            "annual_planned_investment": plan.annual_planned_investment_yuan if plan else None,
            "total_investment": listing.total_investment_yuan,
        }
        unit = self.ledger.get(UnitRegistered, listing.lead_unit)
        days, came = self._days(listing, plan, stages) if self._asks_days else {}, self._came(returns)

        def facts(amounts: Mapping[AmountName, Decimal | None]) -> ProjectFacts:
            kind = unit.kind if unit else None
            return self._classed(ProjectFacts(listing, kind, amounts, names, treatment, {}, days, came))

        done, said_by = self.completed.of(listing.project, returns, lambda: facts(planned))
        completed: Mapping[AmountName, Decimal | None] = {
            "investment_completed": Decimal(0) if treatment == "zero" else done
        }
        return facts({**completed, **planned, **self._more(listing.project, plan, returns, said_by)})

    def _classed(self, facts: ProjectFacts) -> ProjectFacts:
        schemes = self.regime.classes
        if not schemes:
            return facts
        classes = {name: class_of(scheme, facts, self.regime, self.day) for name, scheme in schemes.items()}
        return replace(facts, classes=classes)

    def _more(
        self, project: str, plan: Plan | None, returns: Returns, said_by: Return | None
    ) -> dict[AmountName, Decimal | None]:
        amounts: dict[AmountName, Decimal | None] = {}
        for name in self._more_amounts:
            if name in _OF_A_RETURN:
                amounts[name] = getattr(said_by, _OF_A_RETURN[name]) if said_by else None
            elif name == "investment_in_period":
                amounts[name] = self._in_period(returns)
            elif name == "original_annual_planned_investment":
                amounts[name] = plan.original_annual_planned_investment_yuan if plan else None
            elif name == "planned_to_date":
                amounts[name] = plan.to_date_yuan(self.period.last_month) if plan else None
            elif name == "funds_allocated":
                amounts[name] = self._allocated(project)
        return amounts

    def _in_period(self, returns: Returns) -> Decimal | None:
        """What was completed in the period alone: what returns say of their own periods, if they cover it wholly."""
        telling = [one for one in self.regime.reporting if "investment_in_period" in one.fields]
        cadence = next((one.cadence for one in (*telling, *self.regime.reporting)), self.period.cadence)
        day, found = self.period.first_day, list[Decimal]()
        while day <= self.last_day:
            part = Period.holding(day, cadence)
            one = returns.of(str(part)) if (part.first_day, part.year) == (day, self.year) else None
            amount = None if one is None else Decimal(0) if one.is_nil else one.investment_in_period_yuan
            if amount is None or part.last_day > self.last_day:
                return None
            found.append(amount)
            day = part.last_day + timedelta(days=1)
        return total(found)

    def _allocated(self, project: str) -> Decimal | None:
        """What was allocated to a project in the year so far; unknown where nothing was."""
        rows = tables.rows(self.ledger, "funds", owner=project, asked=self.asked)
        found = [
            amount
            for row in rows
            if row.cells["kind"] == "allocated" and row.on.year == self.year and row.on <= self.day
            and isinstance(amount := row.cells["amount_yuan"], Decimal)
        ]  # fmt: skip
        return total(found) if found else None

    @cached_property
    def _more_amounts(self) -> Sequence[AmountName]:
        """The amounts that the regime asks for beyond those that every line shows."""
        asked: set[AmountName] = set()
        if any(one.window == "period" for one in self.regime.bulletins):
            asked.add("investment_in_period")
        for one in self.regime.measures.values():
            match one:
                case Ratio():
                    asked |= {one.ratio, one.over}
                case Amount():
                    asked.add(one.amount)
                case Share(weigh_by=name) if name is not None:
                    asked.add(name)
        return sorted(asked - set(SHOWN))

    def _stages(self, project: str) -> list[Reached]:
        """The stages that count by the day, in order of time: those whose gate lets them through."""
        kept = self.ledger.get(Stages, project)
        found = sorted((one for one in kept.reached if one.on <= self.day), key=lambda one: one.on) if kept else []
        if not self.regime.stages:
            return found
        counted: list[Reached] = []
        for one in found:
            gates = [gate for gate in self.regime.stages if gate.stage == one.stage]
            before = {other.stage for other in counted}
            if all((not gate.basis or one.basis in gate.basis) and before.issuperset(gate.after) for gate in gates):
                counted.append(one)
        return counted

    def _treatment(self, stages: tuple[Stage, ...], planned: Decimal | None) -> Treatment:
        """The strongest that its statuses call for: the same of all objects that are alike in this."""
        alike = (stages, None if planned is None else planned == 0)
        if alike not in self._treated:
            found = {self._treatments[status] for status in _statuses(*alike)}
            self._treated[alike] = next((one for one in _STRONGEST if one in found), "judged")
        return self._treated[alike]

    @cached_property
    def _asks_days(self) -> bool:
        return any(isinstance(one, DayCount) for one in self.regime.measures.values())

    def _days(self, listing: ProjectListed, plan: Plan | None, stages: Sequence[Reached]) -> dict[DayOf, date]:
        started = [one.on for one in stages if one.stage == "started"]
        kept = self.ledger.get(Milestones, listing.project)
        milestones = kept.milestones if kept else ()
        ahead = [one.due_on for one in milestones if one.reached_on is None and one.due_on]
        told = [one.on for one in stages]
        told += [one.reached_on for one in milestones if one.reached_on and one.reached_on <= self.day]
        told += self._advances(listing.project)
        days: dict[DayOf, date | None] = {
            "planned_start_on": listing.planned_start_on,
            "planned_completion_on": listing.planned_completion_on,
            "started_on": min(started, default=None),
            "next_milestone": min(ahead, default=None),
            "last_progress": max(told, default=self._listed_since(plan)),
        }
        return {name: day for name, day in days.items() if day is not None}

    def _listed_since(self, plan: Plan | None) -> date:
        """The first day on which it stood on the list of the year: what has never moved has stood still since."""
        first = date(self.year, 1, 1)
        return max(first, plan.listed_at.astimezone(zone_of(self.ledger)).date()) if plan else first

    def _advances(self, project: str) -> Iterator[date]:
        """The ends of the periods in which more was completed than before."""
        before = Decimal(0)
        for one in self._returns(project).returns:
            if one.ends_on <= self.day and one.investment_ytd_yuan is not None and one.investment_ytd_yuan > before:
                before = one.investment_ytd_yuan
                yield one.ends_on

    # --- who is free of a rule ----------------------------------------------------------------------------------------

    def is_exempt(self, project: str, rule: str, exemptions: Sequence[str]) -> bool:
        return any(_EXEMPT[name](self, project, rule) for name in exemptions)

    def is_suspended(self, project: str, *, reason: str = "") -> bool:
        """Whether a stop that nobody is to blame for covers the day."""
        kept = self.ledger.get(Suspensions, project)
        return any(
            first <= self.day and (last is None or self.day <= last) and reason in {"", why}
            for first, last, why in (kept.credited if kept else ())
        )

    def is_exempted(self, project: str, rule: str) -> bool:
        kept = self.ledger.get(Exemptions, project)
        return any(
            name == rule and (until is None or self.day <= until) for name, until in (kept.granted if kept else ())
        )


_NO_RETURNS = Returns(())
_MISSING = Came(is_missing=True)
_EXEMPT: Mapping[str, Callable[[Standing, str, str], bool]] = {
    "force_majeure": lambda standing, project, _: standing.is_suspended(project, reason="force_majeure"),
    "suspension_credited": lambda standing, project, _: standing.is_suspended(project),
    "exemption_granted": Standing.is_exempted,
}


def _statuses(stages: Sequence[Stage], is_plan_zero: bool | None) -> Iterator[Status]:
    now = stages[-1] if stages else None
    if "started" not in stages:
        yield "not_started"
    if now == "suspended":
        yield "suspended"
    if now == "terminated":
        yield "terminated"
    if is_plan_zero is None:
        yield "no_plan"
    elif is_plan_zero:
        yield "plan_zero"
