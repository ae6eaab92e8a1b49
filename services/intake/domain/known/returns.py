"""Which returns were made, by whom, how far each has come in its life, and what was found on the spot beside them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple

from shared.core.calendar import Period
from shared.core.errors import CannotApply
from shared.core.events import (
    AnyRecorded,
    InspectionRecorded,
    MilestoneReached,
    ProgressCorrected,
    ProgressReported,
    Recorded,
    ReportWithdrawn,
    ReturnConfirmed,
    ReturnReviewed,
    ReturnSigned,
    StageChanged,
)
from shared.core.ledger import Ledger
from shared.core.register import Project, need

INSPECTIONS_KEPT = 12
"""So many inspections of a project are kept for its reviewers, the latest ones."""


class Reviewed(NamedTuple):
    """One step of a review."""

    step: str
    verdict: str
    by: str
    at: datetime
    investment_ytd_yuan: Decimal | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnMade:
    """A project's return for a period, and how far it has come. Kept under `project/period`.

    `event` is its own, empty once it is withdrawn; `said` what it said, `investment_ytd_yuan` the amount that counts,
    as corrected or adjusted. `unit`: whose it is; `by`: all who said something in it; `at` when it came, `since` when
    something befell it last. A correction voids signature and review.
    """

    event: str
    said: ProgressReported
    unit: str
    by: tuple[str, ...]
    at: datetime
    since: datetime
    investment_ytd_yuan: Decimal | None
    is_unconfirmed: bool = False
    signed_by: str = ""
    signed_at: datetime | None = None
    reviews: tuple[Reviewed, ...] = ()

    @property
    def is_sent_back(self) -> bool:
        """Whether a reviewer has returned it: the unit reports again."""
        return bool(self.reviews) and self.reviews[-1].verdict == "returned"

    @property
    def spoken(self) -> tuple[str, ...]:
        """The bodies that have spoken, in order."""
        return tuple(one.step for one in self.reviews)


@dataclass(frozen=True, slots=True)
class Correctable:
    """The project and period whose return an event is. Kept under the event."""

    project: str
    period: str


class ForPeriod(NamedTuple):
    """For which period there is, or was, a return, and when the period ends."""

    ends_on: date
    period: str


@dataclass(frozen=True, slots=True)
class PeriodsTold:
    """The periods of a year for which a project has a return, by their ends. Kept under `project/year`."""

    told: tuple[ForPeriod, ...]


@dataclass(frozen=True, slots=True)
class Shown:
    """Where a file was shown first as evidence: `project/period`, a stage or a milestone. Kept under its digest."""

    of: str


class OnSite(NamedTuple):
    """What an inspection found on the spot."""

    on: date
    team: str
    event: str
    investment_ytd_yuan: Decimal | None
    stage: str
    findings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Inspected:
    """What the latest inspections found on a project. Kept under it."""

    found: tuple[OnSite, ...]


def made(ledger: Ledger, project: str, period: str) -> ReturnMade | None:
    """The return of a period, unless there is none, or it was withdrawn."""
    kept = ledger.get(ReturnMade, f"{project}/{period}")
    return kept if kept and kept.event else None


def before(ledger: Ledger, project: str, period: Period, *, alike: bool) -> ReturnMade | None:
    """The latest return for another period that ends by the end of this one; `alike`: of the same cadence, of any year.

    Of any cadence, only those of the same year have an amount to go on from.
    """
    year = period.last_day.year
    for told_in in (year, year - 1) if alike else (year,):
        told = ledger.get(PeriodsTold, f"{project}/{told_in}")
        for one in reversed(told.told if told else ()):
            if one.ends_on > period.last_day or one.period == str(period):
                continue
            kept = made(ledger, project, one.period)
            if kept and (kept.said.cadence == period.cadence if alike else kept.investment_ytd_yuan is not None):
                return kept
    return None


def shown_as(data: ProgressReported | StageChanged | MilestoneReached) -> str:
    """What a file is shown as evidence of; told again, it is the same."""
    match data:
        case ProgressReported(project=project, period=period):
            return f"{project}/{period}"
        case StageChanged(project=project, stage=stage):
            return f"{project}/stage/{stage}"
        case MilestoneReached(project=project, milestone=milestone):
            return f"{project}/milestone/{milestone}"


def _reported(ledger: Ledger, recorded: Recorded[ProgressReported]) -> None:
    data = recorded.data
    need(ledger.get(Project, data.project), f"project {data.project} is not listed")
    try:
        ends_on = Period.parse(data.period).last_day
    except ValueError as error:
        raise CannotApply(str(error)) from error
    one = ReturnMade(
        event=recorded.id, said=data, unit=recorded.on_behalf_of or recorded.unit, by=(recorded.actor,),
        at=recorded.recorded_at, since=recorded.recorded_at, investment_ytd_yuan=data.investment_ytd_yuan,
        is_unconfirmed=bool(recorded.on_behalf_of),
    )  # fmt: skip
    if ledger.get(ReturnMade, key := f"{data.project}/{data.period}") is None:
        kept = ledger.get(PeriodsTold, year := f"{data.project}/{ends_on.year}")
        told, new = kept.told if kept else (), ForPeriod(ends_on, data.period)
        ledger.put(year, PeriodsTold((*told, new) if not told or told[-1] < new else tuple(sorted((*told, new)))))
    ledger.put(key, one)
    ledger.put(recorded.id, Correctable(data.project, data.period))
    _show(ledger, recorded)


def _show(ledger: Ledger, recorded: AnyRecorded) -> None:
    for digest in recorded.data.evidence:
        if ledger.get(Shown, digest) is None:
            ledger.put(digest, Shown(shown_as(recorded.data)))


def _corrected(ledger: Ledger, recorded: Recorded[ProgressCorrected]) -> None:
    amount = recorded.data.investment_ytd_yuan
    _change_of_event(ledger, recorded, recorded.data.corrected_event, lambda one: replace(
        one, investment_ytd_yuan=amount, by=_with(one.by, recorded.actor), since=recorded.recorded_at, signed_by="",
        signed_at=None, reviews=(), is_unconfirmed=bool(recorded.on_behalf_of),
    ))  # fmt: skip


def _withdrawn(ledger: Ledger, recorded: Recorded[ReportWithdrawn]) -> None:
    _change_of_event(ledger, recorded, recorded.data.withdrawn_event, lambda one: replace(one, event=""))


def _confirmed(ledger: Ledger, recorded: Recorded[ReturnConfirmed]) -> None:
    _change(ledger, recorded.data, lambda one: replace(one, is_unconfirmed=False))


def _signed(ledger: Ledger, recorded: Recorded[ReturnSigned]) -> None:
    """Who signs has also confirmed."""
    at = recorded.recorded_at
    _change(ledger, recorded.data, lambda one: replace(
        one, signed_by=recorded.data.signer, signed_at=at, since=at, is_unconfirmed=False
    ))  # fmt: skip


def _reviewed(ledger: Ledger, recorded: Recorded[ReturnReviewed]) -> None:
    data, at = recorded.data, recorded.recorded_at
    step = Reviewed(data.step, data.verdict, recorded.actor, at, data.investment_ytd_yuan, data.reason)

    def reviewed(one: ReturnMade) -> ReturnMade:
        counts = data.investment_ytd_yuan if data.verdict == "adjusted" else one.investment_ytd_yuan
        return replace(one, investment_ytd_yuan=counts, reviews=(*one.reviews, step), since=at)

    _change(ledger, data, reviewed)


def _inspected(ledger: Ledger, recorded: Recorded[InspectionRecorded]) -> None:
    data, kept = recorded.data, ledger.get(Inspected, recorded.data.project)
    found = OnSite(
        data.on, data.team, recorded.id, data.found_investment_ytd_yuan, data.found_stage or "",
        tuple(one.text for one in data.findings),
    )  # fmt: skip
    every = sorted((*(kept.found if kept else ()), found), key=lambda one: one.on)
    ledger.put(data.project, Inspected(tuple(every[-INSPECTIONS_KEPT:])))


def _change_of_event(
    ledger: Ledger, recorded: AnyRecorded, event: str, change: Callable[[ReturnMade], ReturnMade]
) -> None:
    of = ledger.get(Correctable, event)
    kept = made(ledger, of.project, of.period) if of and of.project == recorded.data.project else None
    if of is None or kept is None or kept.event != event:
        raise CannotApply(f"no return of {recorded.data.project} has the event {event}")
    ledger.put(f"{of.project}/{of.period}", change(kept))


def _change(
    ledger: Ledger, data: ReturnConfirmed | ReturnSigned | ReturnReviewed, change: Callable[[ReturnMade], ReturnMade]
) -> None:
    kept = made(ledger, data.project, data.period)
    if kept is None:
        if isinstance(data, ReturnConfirmed):
            return  # it means nothing to anybody else
        raise CannotApply(f"{data.project} has no return for {data.period}")
    ledger.put(f"{data.project}/{data.period}", change(kept))


def _with(by: tuple[str, ...], actor: str) -> tuple[str, ...]:
    return by if actor in by else (*by, actor)


CHANGES: Mapping[type, Callable[[Ledger, AnyRecorded], None]] = {
    ProgressReported: _reported,
    StageChanged: _show,
    MilestoneReached: _show,
    ProgressCorrected: _corrected,
    ReportWithdrawn: _withdrawn,
    ReturnConfirmed: _confirmed,
    ReturnSigned: _signed,
    ReturnReviewed: _reviewed,
    InspectionRecorded: _inspected,
}
