"""Whatever intake accepts of units, lists, returns and exits, every fold can apply, and its counts stay true."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, timedelta
from random import Random
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.intake.domain import known
from services.intake.domain.decide import Accepted
from services.intake.domain.known.projects import has_left, roll
from services.intake.domain.known.returns import made
from services.intake.domain.review import inbox, review_of
from services.scoring.domain.entries import Returns
from shared.core import register
from shared.core.events import (
    ExitRequested,
    ExitStepDecided,
    FundsPaid,
    MilestoneReached,
    PostAssigned,
    PostEnded,
    ProgressCorrected,
    ProgressReported,
    ReportWithdrawn,
    ReturnConfirmed,
    ReturnReviewed,
    ReturnSigned,
    StageChanged,
    TimeReached,
)
from shared.core.ledger import Ledger
from shared.core.regime.model import ListChanges
from shared.core.register import members
from shared.infra.wire import EntryCodec
from tests.support.builders import (
    JURISDICTION,
    LIST,
    YI,
    ZONE,
    a_correction,
    a_plan,
    a_project,
    a_regime,
    a_reporting,
    a_return,
    a_stage,
    a_unit,
)
from tests.support.facts import (
    a_closing,
    a_confirmed_return,
    a_credit,
    a_milestone,
    a_milestone_reached,
    a_new_name,
    a_payment,
    a_permit,
    a_replacement,
    a_reset,
    a_responsibility,
    a_revocation,
    a_sealing,
    a_signature,
    a_withdrawal,
    an_exit,
    an_exit_request,
    an_exit_step,
    an_override,
    the_end_of_a_post,
)
from tests.support.intake import LEAD, OFFICE, OTHER, Everywhere
from tests.support.staffed import APPROVER, ASSESSOR, BOSS, EXIT, HEAD, IN, LIKE, REVIEWER, SECOND_HEAD, past, under

PEOPLE = (OFFICE, BOSS, REVIEWER, ASSESSOR, APPROVER, HEAD, SECOND_HEAD, LEAD, OTHER)
PERIODS = ("2026-01", "2026-02", "2026-02", "2026-02", "2026-03", "2026-Q1", "0")
PROJECTS = ("p1", "p1", "p1", "p2", "p3")
UNITS = ("bureau-a", "bureau-b", "new", "office")
RULES = ("list_sealed", "exit_not_approved", "count_would_fall", "not_your_role")
STAGES: Any = ("signed", "started", "suspended", "resumed", "completed", "terminated")

STEPS, NONSENSE = 150, 0.06
TOLD_BY_UNITS = (
    ProgressReported, ReturnConfirmed, ProgressCorrected, ReportWithdrawn, StageChanged, MilestoneReached, FundsPaid,
)  # fmt: skip

Move = Callable[[Everywhere, int], Any]


def _day(intake: Everywhere, number: int) -> str:
    today: date = intake.ledger.clock.astimezone(ZONE).date()
    return (today - timedelta(days=number % 70 - 1)).isoformat()


def _event(intake: Everywhere, number: int) -> str:
    kept = made(intake.ledger, PROJECTS[number % 5], PERIODS[number % 7])
    return kept.event if kept else "none"


def _review(_: Everywhere, n: int) -> ReturnReviewed:
    verdict: Any = ("approved", "approved", "returned", "adjusted")[n % 4]
    return ReturnReviewed(
        project=PROJECTS[n % 5], period=PERIODS[n % 7], verdict=verdict, reason=("x", "")[n % 5 == 4],
        step=("supervision_office", "assessment_office", "drc")[n % 3],
        investment_ytd_yuan=YI if verdict == "adjusted" else None,
    )  # fmt: skip


def _return(_: Everywhere, n: int) -> Any:
    nil: Any = {"is_nil": True, "investment_ytd_yuan": None} if n % 6 == 5 else {}
    said = a_return(PROJECTS[n % 5], "2026-02", yi=str(n % 9))
    return replace(
        said, period=PERIODS[n % 7], cadence="quarterly" if n % 7 == 5 else "monthly", narrative=("", "same")[n % 2],
        channel=("", "phone")[n % 3 == 1], **nil,
    )  # fmt: skip


MOVES: Sequence[Move] = (
    *[_return] * 4, *[_review] * 3,
    lambda _, n: a_confirmed_return(PROJECTS[n % 5], PERIODS[n % 7]),
    lambda _, n: a_signature(PROJECTS[n % 5], PERIODS[n % 7], (HEAD, SECOND_HEAD)[n % 2]),
    lambda i, n: a_correction(_event(i, n), yi=str(n % 9), project=PROJECTS[n % 5]),
    lambda i, n: a_withdrawal(_event(i, n), project=PROJECTS[n % 5]),
    lambda i, n: TimeReached(at=i.ledger.clock + timedelta(days=n % 9)),
    lambda _, n: a_sealing(2026 + (n % 9 == 8)),
    lambda _, n: a_project(PROJECTS[n % 5], lead=UNITS[n % 3], plan_yi=("12", "13", "30")[n % 3]),
    lambda _, n: a_project(PROJECTS[n % 5], lead=UNITS[n % 3]),
    lambda _, n: a_plan(
        PROJECTS[n % 5], yi="12", by_month_yuan=((n % 14, YI), (12, 12 * YI)), milestones=(a_milestone(),) * (n % 3),
        permits=(a_permit(office="bureau-a"),) * (n % 2),
    ),
    lambda _, n: a_reset(PROJECTS[n % 5], yi=str(n % 20)),
    lambda i, n: a_stage(PROJECTS[n % 5], STAGES[n % 6], _day(i, n)),
    lambda i, n: a_milestone_reached(PROJECTS[n % 5], on=_day(i, n)),
    lambda i, n: a_payment(PROJECTS[n % 5], yi=str(n % 3), on=_day(i, n)),
    lambda i, n: a_credit(PROJECTS[n % 5], _day(i, n), _day(i, n + 3)),
    lambda _, n: a_responsibility(PROJECTS[n % 5], "reporting_lead", unit=UNITS[n % 3], ends=n % 2 == 0),
    *[lambda i, n: an_exit_request(PROJECTS[n % 5], _day(i, n))] * 2,
    *[lambda i, n: an_exit_step(
        PROJECTS[n % 5], _day(i, n), step=("drc", "government")[n % 2], approved=n % 7 > 0
    )] * 4,
    lambda i, n: an_exit(PROJECTS[n % 5], _day(i, n)),
    lambda i, n: a_replacement(PROJECTS[n % 5], PROJECTS[n * 3 % 5], _day(i, n)),
    lambda _, n: a_unit(UNITS[n % 4]),
    lambda _, n: a_new_name(UNITS[n % 4]),
    lambda _, n: a_closing(UNITS[n % 4], successor=UNITS[n * 3 % 4]),
    lambda _, n: PostAssigned(person="x", post=("reporter", "liaison", "reviewer")[n % 3], unit=UNITS[n % 4]),
    lambda _, n: the_end_of_a_post("x", ("reporter", "liaison", "reviewer")[n % 3], UNITS[n % 4]),
    lambda _, n: a_revocation(person="x" * (n % 2)),
    lambda _, n: an_override(by=PEOPLE[n % 3]),
)  # fmt: skip


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.integers(0, 10**9), st.booleans(), st.sampled_from([(), ("unit_head",)]))
def test_what_intake_accepts_of_returns_and_lists_every_fold_can_apply(
    seed: int, is_strict: bool, sign_off: Any
) -> None:
    """Not drawn step by step: what is drawn so is mostly nonsense, and this needs long and sensible histories."""
    chance = Random(seed)
    reporting = a_reporting(review=("supervision_office", "assessment_office"), sign_off=sign_off)
    changes = ListChanges(exit_chain="exit", count_must_not_fall=is_strict, replacement=LIKE if is_strict else None)
    regime = a_regime(
        version=2, reporting=(reporting, a_reporting(cadence="quarterly")), chains={"exit": EXIT}, list_changes=changes
    )
    intake = under(regime, Everywhere())
    for _ in range(STEPS):
        number = chance.randrange(10**6)
        data = chance.choice(MOVES)(intake, number)
        who = chance.choice(PEOPLE) if chance.random() < NONSENSE else _whose(data, number)
        told_by_units = who == OFFICE and hasattr(data, "period")
        more: Any = {"on_behalf_of": "bureau-a"} if told_by_units or chance.random() < NONSENSE else {}
        if chance.random() < NONSENSE:
            more |= past(chance.choice(RULES))
        decided = intake.decide(data, who, unit=IN.get(who), **more)
        if isinstance(decided, Accepted):
            for one in decided.events:
                intake.enter(one)
    _can_be_kept(intake)
    assert intake.read_anew().digest() == intake.ledger.digest()
    _counts_are_true(intake)
    _both_know_the_same_returns(intake)


def _whose(data: Any, number: int) -> str:
    is_first = getattr(data, "project", "p1") == "p1"
    match data:
        case ReturnReviewed():
            return (REVIEWER, ASSESSOR)[data.step == "assessment_office"]
        case ReturnSigned():
            return data.signer
        case ExitStepDecided():
            return APPROVER
        case ExitRequested():
            return BOSS
        case ProgressReported() if data.channel:
            return OFFICE
        case _ if isinstance(data, TOLD_BY_UNITS):
            return LEAD if is_first else OTHER
        case _:
            return (OFFICE, HEAD)[isinstance(data, PostAssigned | PostEnded) and number % 2]


def _can_be_kept(intake: Everywhere) -> None:
    """What intake knows can be written and read again."""
    codec = EntryCodec.of(register, known)
    again = Ledger(JURISDICTION, position=intake.ledger.position, clock=intake.ledger.clock)
    again.load((key, codec.decode(*codec.encode(entry))) for key, entry in intake.ledger.take_changes())
    assert again.digest() == intake.ledger.digest()


def _counts_are_true(intake: Everywhere) -> None:
    there = [one for one in members(intake.ledger, LIST, 2026) if not has_left(intake.ledger, LIST, 2026, one)]
    kept = roll(intake.ledger, LIST, 2026)
    assert kept.active == len(there)
    assert kept.least <= kept.active


def _both_know_the_same_returns(intake: Everywhere) -> None:
    """Intake and scoring know the same returns, with the same amounts, signatures and reviews."""
    for project in {*PROJECTS}:
        scored = intake.scoring.get(Returns, f"{project}/2026")
        for period in {*PERIODS}:
            here, there = made(intake.ledger, project, period), scored.of(period) if scored else None
            assert (here is None) == (there is None)
            if here and there:
                assert (here.event, here.investment_ytd_yuan, here.signed_by) == (
                    there.event, there.investment_ytd_yuan, there.signed_by,
                )  # fmt: skip
                assert [(one.step, one.verdict) for one in here.reviews] == [*there.reviews]
                assert here.said.flags == there.flags
                assert review_of(intake.ledger, project, period) is not None
    for who in PEOPLE:
        for one in inbox(intake.ledger, who, IN.get(who, "office"), intake.ledger.clock):
            found = review_of(intake.ledger, one.project, one.period)
            assert found is not None
            assert {*one.steps} <= {*found.turn}
