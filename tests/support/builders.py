"""Events and rules that are valid by default: a test overrides what it is about.

Local times are read in Asia/Shanghai, where 2026-01-05 is a Monday.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from shared.core.events import (
    AnyRecorded,
    BulletinApproved,
    BulletinDrafted,
    CalendarPublished,
    JurisdictionOpened,
    ListPublished,
    NoticeApproved,
    NoticeDrafted,
    PlanSet,
    ProgressCorrected,
    ProgressReported,
    ProjectListed,
    Recorded,
    RegimeAdopted,
    StageChanged,
    TimeReached,
    UnitRegistered,
)
from shared.core.period import Period
from shared.core.regime.model import (
    AllOrNothing,
    Amount,
    Award,
    Bonus,
    Bound,
    Bulletin,
    Deviation,
    Due,
    Every,
    Has,
    Held,
    Issue,
    Issuer,
    Lane,
    Met,
    Numbers,
    Ranking,
    Rate,
    Ratio,
    Regime,
    Reporting,
    Scoring,
    Share,
    SignStep,
    Stage,
    Step,
    Steps,
    SupervisionRule,
    Tiers,
    TimeProgress,
    Title,
    WorkingDays,
)

ZONE = ZoneInfo("Asia/Shanghai")
JURISDICTION = "testcity"
LIST = "city"
YI = Decimal(100_000_000)


def local(text: str) -> datetime:
    """Read `2026-02-05 17:30` as a local time, in UTC like every instant of the record."""
    return datetime.fromisoformat(text).replace(tzinfo=ZONE).astimezone(UTC)


# --- events ---------------------------------------------------------------------------------------------------


def a_jurisdiction(**changes: Any) -> JurisdictionOpened:
    return replace(_JURISDICTION, **changes)


def a_unit(code: str = "bureau-a", **changes: Any) -> UnitRegistered:
    return replace(UnitRegistered(code=code, name=code.title(), kind="department"), **changes)


def a_list(year: int = 2026, **changes: Any) -> ListPublished:
    return replace(ListPublished(list=LIST, name="Key projects", level="city", year=year), **changes)


def a_calendar(*days_off: str, make_up: Iterable[str] = (), **changes: Any) -> CalendarPublished:
    calendar = CalendarPublished(
        region="CN",
        year=2026,
        days_off=tuple(map(date.fromisoformat, days_off)),
        make_up_days=tuple(map(date.fromisoformat, make_up)),
        calendar_source="a test",
    )
    return replace(calendar, **changes)


def a_project(code: str = "p1", *, lead: str = "bureau-a", plan_yi: str | None = "12", **changes: Any) -> ProjectListed:
    plan = None if plan_yi is None else Decimal(plan_yi) * YI
    project = ProjectListed(
        list=LIST, year=2026, project=code, name=f"Project {code}", lead_unit=lead, annual_planned_investment_yuan=plan
    )
    return replace(project, **changes)


def a_plan(project: str = "p1", *, yi: str, **changes: Any) -> PlanSet:
    plan = PlanSet(list=LIST, year=2026, project=project, annual_planned_investment_yuan=Decimal(yi) * YI)
    return replace(plan, **changes)


def a_return(project: str = "p1", period: str = "2026-01", *, yi: str | None = "1", **changes: Any) -> ProgressReported:
    """What a project had completed in the year to date; with `yi=None` a nil return."""
    reported = ProgressReported(
        project=project,
        cadence=Period.parse(period).cadence,
        period=period,
        investment_ytd_yuan=None if yi is None else Decimal(yi) * YI,
        is_nil=yi is None,
    )
    return replace(reported, **changes)


def a_correction(event: str, *, yi: str, project: str = "p1") -> ProgressCorrected:
    amount = Decimal(yi) * YI
    return ProgressCorrected(project=project, corrected_event=event, investment_ytd_yuan=amount, reason="a slip")


def a_stage(project: str = "p1", stage: Stage = "started", on: str = "2026-01-01") -> StageChanged:
    return StageChanged(project=project, stage=stage, on=date.fromisoformat(on))


def an_adoption(regime: Regime | None = None, effective_on: str = "2026-01-01", **changes: Any) -> RegimeAdopted:
    adopted = RegimeAdopted(list=LIST, effective_on=date.fromisoformat(effective_on), regime=regime or a_regime())
    return replace(adopted, **changes)


def approval(draft: NoticeDrafted, step: SignStep = "signer", **changes: Any) -> NoticeApproved:
    return replace(NoticeApproved(notice=draft.notice, draft_digest=draft.digest, step=step), **changes)


def approval_of(draft: BulletinDrafted, step: SignStep = "signer", **changes: Any) -> BulletinApproved:
    return replace(BulletinApproved(bulletin=draft.bulletin, draft_digest=draft.digest, step=step), **changes)


# --- the record -----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Timed:
    """An event with the time at which it is recorded, and who submitted it."""

    at: datetime
    data: Any
    actor: str = ""
    id: str = ""


def on(when: str, data: object, *, actor: str = "", id: str = "") -> Timed:  # noqa: A002 -- it is the event's id
    return Timed(local(when), data, actor, id)


def until(when: str) -> Timed:
    """Nothing happens up to a time, and the clock says so."""
    return on(when, TimeReached(at=local(when)))


def record(*events: object, start: str = "2026-01-01 00:00", jurisdiction: str = JURISDICTION) -> list[AnyRecorded]:
    """Give positions from 1 and ids `e1`, `e2`…; an event without a time of its own follows the one before at once."""
    found: list[AnyRecorded] = []
    clock = local(start)
    for position, one in enumerate(events, start=1):
        timed = one if isinstance(one, Timed) else Timed(clock, one)
        clock = timed.at
        found.append(
            Recorded(
                position=position,
                id=timed.id or f"e{position}",
                jurisdiction=jurisdiction,
                data=timed.data,
                time=clock,
                recorded_at=clock,
                actor=timed.actor,
            )
        )
    return found


def a_year(*projects: ProjectListed, regime: Regime | None = None) -> list[object]:
    """What stands at the head of a record: jurisdiction, units, regime, list and projects (one by default)."""
    listed = projects or (a_project(),)
    units = sorted({project.lead_unit for project in listed})
    return [a_jurisdiction(), *map(a_unit, units), an_adoption(regime), a_list(), *listed]


# --- rules ----------------------------------------------------------------------------------------------------


def a_rule(**changes: Any) -> SupervisionRule:
    rule = SupervisionRule(
        id="slow",
        about="project",
        when={"deviation": Bound(below=Decimal(-10))},
        held=Held(consecutive=1, of="monthly"),
        ladder="project",
    )
    return replace(rule, **changes)


def a_ranking(**changes: Any) -> Ranking:
    ranking = Ranking(by="investment_ratio", legal_basis="a law", plan_item="a plan", at_most="quarterly")
    return replace(ranking, **changes)


def a_scoring(**changes: Any) -> Scoring:
    """Base 60 all or nothing and a bonus, judged at the year's end; a weight by planned investment, at any time."""
    targets_met = {"annual_targets_met": Decimal(1)}
    scoring = Scoring(
        ranking=a_ranking(),
        components=(
            AllOrNothing(id="base", all_or_nothing=Award(when=targets_met, points=Decimal(60)), judged="year_end"),
            Tiers(
                id="weight",
                tiers=Steps(
                    of="planned_yi",
                    table=tuple((Decimal(at), Decimal(of)) for at, of in ((0, 5), (1, 10), (5, 15), (10, 20))),
                ),
            ),
            Bonus(
                id="bonus",
                when=Every((targets_met, {"investment_ratio": Bound(above=Decimal(1))})),
                per=Rate(
                    of="investment_ratio", above=Decimal(1), pp=Decimal(1), points=Decimal("0.5"), at_most=Decimal(10)
                ),
                judged="year_end",
            ),
        ),
    )
    return replace(scoring, **changes)


def a_lane(code: str, *kinds: Any) -> Lane:
    return Lane(id=code, kinds=kinds)


def a_bulletin(**changes: Any) -> Bulletin:
    bulletin = Bulletin(
        id="quarterly",
        kind="通报",
        cadence="quarterly",
        issue=Issue(working_days_after_close=3),
        sections=("overview", "shares", "ranking", "not_started", "behind"),
        sign_off=("checker", "signer"),
    )
    return replace(bulletin, **changes)


def a_ladder() -> tuple[Step, ...]:
    return (
        Step(step="due_reminder", serve=("lead_unit",), unsigned=True),
        Step(
            step="rectification_notice",
            serve=("lead_unit",),
            sign_off=("signer",),
            rectify_within=WorkingDays(working_days=5),
        ),
    )


def a_reporting(**changes: Any) -> Reporting:
    return replace(Reporting(cadence="monthly", due=Due(day=5)), **changes)


def a_regime(**changes: Any) -> Regime:
    """Monthly returns due on day 5 of the next month, a quarterly bulletin, one rule with a ladder of two steps.

    Ranked by completion of investment; printed numbers are truncated.
    """
    return replace(_REGIME, **changes)


def with_measures(**measures: Any) -> Regime:
    return a_regime(measures={**_REGIME.measures, **measures})


_JURISDICTION = JurisdictionOpened(
    name="Test City",
    level="city",
    time_zone="Asia/Shanghai",
    partition=0,
    mode="live",
    office="office",
    office_name="Supervision Office",
    first_person="supervisor-1",
)
_ANY_STARTED: Any = Has(stage="started")
_REGIME = Regime(
    regime="test",
    version=1,
    title=Title(zh="督查办法", en="Rules of supervision"),
    issuer=Issuer(body="Test City Government", writes_as="试政督"),
    numbers=Numbers(rounding="truncate", decimals={"investment_ratio": 2, "tertiary_share": 1}),
    reporting=(a_reporting(),),
    measures={
        "investment_ratio": Ratio(ratio="investment_completed", over="annual_planned_investment"),
        "planned_yi": Amount(amount="annual_planned_investment", unit="亿元"),
        "start_rate": Share(share_of=Has(stage="started")),
        "tertiary_share": Share(share_of=Has(category="tertiary")),
        "time_progress": TimeProgress(linear="year", step="month"),
        "deviation": Deviation(deviation_pp="investment_ratio", against="time_progress"),
        "annual_targets_met": Met(
            met=Every(({"investment_ratio": Bound(at_least=Decimal(1))}, _ANY_STARTED)), judged="year_end"
        ),
    },
    lights=(
        {"green": {"deviation": Bound(at_least=Decimal(0))}},
        {"yellow": {"deviation": Bound(at_least=Decimal(-30))}},
        {"red": "otherwise"},
    ),
    scoring=a_scoring(),
    bulletins=(a_bulletin(),),
    supervision_rules=(a_rule(),),
    ladders={"project": a_ladder()},
)
