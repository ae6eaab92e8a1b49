"""Whatever is submitted, intake answers; and what it accepts, every fold can apply."""

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.intake.domain.decide import CLOCK, Accepted
from services.intake.domain.known import Correctable
from shared.core.calendar import Period
from shared.core.events import (
    BulletinApproved,
    BulletinDrafted,
    NoticeApproved,
    NoticeDrafted,
    NoticeSignedFor,
    PlanSet,
    PostAssigned,
    PostEnded,
    ProgressCorrected,
    ProgressReported,
    ProjectListed,
    RecordEvent,
    RegimeAdopted,
    StageChanged,
    StandingsDrawn,
    TimeReached,
    entity_of,
)
from shared.core.regime.model import Due, WorkingDays
from tests.support.builders import (
    LIST,
    ZONE,
    a_bulletin,
    a_calendar,
    a_correction,
    a_jurisdiction,
    a_list,
    a_plan,
    a_project,
    a_regime,
    a_reporting,
    a_return,
    a_stage,
    a_unit,
    an_adoption,
)
from tests.support.intake import LEAD, NOBODY, OFFICE, OPERATOR, OTHER, SIGNER, Everywhere, fill_head

FEW = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])

amounts = st.none() | st.sampled_from(
    [Decimal(one) for one in ("0", "1", "-1", "3E+8", "9.9E+15", "1E+16", "1E+99", "1E-10", "1E-11", "NaN", "Infinity")]
)
days = st.dates(date(2026, 1, 1), date(2027, 2, 1)) | st.sampled_from([date.min, date.max, date(1949, 1, 1)])
years = st.sampled_from([2026, 2026, 2026, 2027, 2025, 1949, 2199, 0, 1, 9999, -1])
codes = st.sampled_from(["p1", "p1", "p2", "bureau-a", "bureau-b", "office", "new", "", "a b", CLOCK, "x" * 65, "新"])
periods = st.sampled_from(
    ["2026-01", "2026-02", "2026-03", "2026-Q1", "2026-H1", "2026", "0001-01", "9999-12", "0", ""]
)
texts = st.sampled_from(["", "fine", "\x00", "{0}"])
instants = st.sampled_from([datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)])

reportings = st.builds(
    a_reporting,
    cadence=st.sampled_from(["monthly", "monthly", "quarterly"]),
    due=st.sampled_from([Due(day=5), Due(day=1), Due(working_day=3), Due(day=25, of="same_month"), Due()]),
    review_within=st.sampled_from([None, None, WorkingDays(working_days=4), WorkingDays(working_days=10**9)]),
    missing=st.sampled_from(["not_judged", "no_progress", "no_progress"]),
)
regimes = st.builds(
    a_regime,
    version=st.integers(1, 9),
    reporting=st.lists(reportings, min_size=0, max_size=2).map(tuple),
    bulletins=st.sampled_from([(), (a_bulletin(),), (a_bulletin(sign_off=("signer",)),), (a_bulletin(id="q" * 60),)]),
)

events: st.SearchStrategy[RecordEvent] = st.one_of(
    st.builds(a_jurisdiction, mode=st.sampled_from(["live", "simulated"]), first_person=codes),
    st.builds(an_adoption, regimes, days.map(date.isoformat)),
    st.builds(a_calendar, days.map(date.isoformat), days.map(date.isoformat), year=years),
    st.builds(a_unit, codes, name=texts),
    st.builds(PostAssigned, person=codes, post=st.just("reporter"), unit=codes, project=codes),
    st.builds(PostEnded, person=st.sampled_from([OFFICE, OTHER]), post=st.just("reporter"), unit=codes),
    st.builds(a_list, years),
    st.builds(
        ProjectListed, list=st.sampled_from([LIST, "other"]), year=years, project=codes, name=texts, lead_unit=codes,
        supporting_units=st.lists(codes, max_size=1).map(tuple), annual_planned_investment_yuan=amounts,
        total_investment_yuan=amounts, planned_start_on=st.none() | days, planned_completion_on=st.none() | days,
    ),
    st.builds(PlanSet, list=st.just(LIST), year=years, project=codes, annual_planned_investment_yuan=amounts),
    st.builds(StageChanged, project=codes, stage=st.just("started"), on=days),
    st.builds(
        ProgressReported, project=codes, cadence=st.sampled_from(["monthly", "monthly", "quarterly"]), period=periods,
        investment_ytd_yuan=amounts, is_nil=st.booleans(), narrative=texts,
    ),
    st.builds(
        ProgressCorrected, project=codes, corrected_event=st.integers(10, 30).map("e{}".format),
        investment_ytd_yuan=amounts, reason=texts,
    ),
    instants.map(lambda at: TimeReached(at=at)),
)  # fmt: skip

Move = Callable[[Everywhere], Any]
DUES = (Due(day=5), Due(day=1), Due(working_day=3), Due(day=25, of="same_month"))


def sensible(kind: str, number: int) -> Move:
    """What someone would submit who sees where the record stands."""

    def move(intake: Everywhere) -> Any:
        today = intake.ledger.clock.astimezone(ZONE).date()
        ended = Period.holding(today.replace(day=1) - timedelta(days=1), "monthly")
        match kind:
            case "tick":
                return TimeReached(at=intake.ledger.clock + timedelta(days=number))
            case "return":
                return a_return(f"p{number % 2 + 1}", str(ended), yi=str(number % 5))
            case "correct":
                known = sorted(intake.ledger.all(Correctable)) or ["none"]
                return a_correction(known[number % len(known)], yi="2")
            case "stage":
                return a_stage(on=today.isoformat())
            case "plan":
                return a_plan(yi=str(number))
            case "project":
                return a_project(f"p{number % 3 + 1}", year=today.year)
            case "list":
                return a_list(today.year + 1)
            case "calendar":
                return a_calendar((today + timedelta(days=number)).isoformat(), year=today.year)
            case _:
                return _rules(number, today, intake.count)

    return move


def _rules(number: int, today: date, version: int) -> RegimeAdopted:
    review = WorkingDays(working_days=5) if number % 3 else None
    reporting = a_reporting(due=DUES[number % 4], review_within=review, missing="no_progress")
    regime = a_regime(version=version, reporting=(reporting,), bulletins=(a_bulletin(sign_off=("signer",)),))
    return an_adoption(regime, (today + timedelta(days=number - 20)).isoformat())


def signed(choice: int, kind: Any, is_turn: bool) -> Move:
    """A signature on something that notify drafted, or by the wrong name of its kind, or out of turn."""

    def move(intake: Everywhere) -> Any:
        drafts: list[Any] = [one for one in intake.stated if isinstance(one, NoticeDrafted | BulletinDrafted)]
        drafted = drafts[choice % len(drafts)] if drafts else None
        name, digest = entity_of(drafted, "") if drafted else "none", drafted.digest if drafted else ""
        if kind is NoticeSignedFor:
            return NoticeSignedFor(notice=name)
        if (kind is BulletinApproved) == (is_turn and isinstance(drafted, BulletinDrafted)):
            return BulletinApproved(bulletin=name, draft_digest=digest, step="signer")
        return NoticeApproved(notice=name, draft_digest=digest, step="signer")

    return move


sense = st.builds(
    sensible,
    st.sampled_from(
        ["tick", "tick", "tick", "return", "return", "correct", "stage", "plan", "project", "list", "calendar", "rules"]
    ),
    st.integers(0, 40),
)
signatures = st.builds(
    signed, st.integers(0, 9), st.sampled_from([NoticeApproved, BulletinApproved, NoticeSignedFor]), st.booleans()
)
nonsense: st.SearchStrategy[Move] = events.map(lambda event: lambda _: event)
moves = st.lists(
    st.tuples(
        # Not one_of: it would weigh the many kinds of nonsense one by one.
        st.integers(0, 9).flatmap(lambda of: sense if of < 7 else signatures if of < 9 else nonsense),
        st.sampled_from([None] * 30 + [OFFICE, LEAD, OTHER, SIGNER, OPERATOR, CLOCK, NOBODY]),
    ),
    min_size=10,
    max_size=50,
)


@FEW
@given(moves)
def test_what_intake_accepts_every_fold_can_apply_and_every_period_is_closed_once(
    steps: Sequence[tuple[Move, str | None]],
) -> None:
    intake = fill_head(Everywhere())
    for move, by in steps:
        data = move(intake)
        decided = intake.decide(data, by or _whose(data))
        if isinstance(decided, Accepted):
            for one in decided.events:
                intake.enter(one)
    drawn = [one for said in intake.draws.values() for one in said if isinstance(one, StandingsDrawn)]
    closed = [(one.list, one.period) for one in drawn if one.kind == "close"]
    assert len(closed) == len(set(closed))
    for record_first in (False, True):
        assert intake.read_anew(record_first=record_first).digest() == intake.ledger.digest()


def _whose(data: Any) -> str:
    match data:
        case NoticeApproved() | BulletinApproved():
            return SIGNER
        case StageChanged() | ProgressReported() | ProgressCorrected() | NoticeSignedFor():
            return LEAD
        case _:
            return OFFICE
