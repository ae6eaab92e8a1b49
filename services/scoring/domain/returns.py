"""What is kept of returns: how each was corrected, withdrawn, signed and reviewed."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from functools import lru_cache
from hashlib import sha256

from services.scoring.domain.entries import Return, Returns, Years
from shared.core.errors import CannotApply
from shared.core.events import (
    ProgressCorrected,
    ProgressReported,
    Recorded,
    ReportWithdrawn,
    ReturnReviewed,
    ReturnSigned,
)
from shared.core.ledger import Ledger
from shared.core.numbers import is_amount
from shared.core.period import Period
from shared.core.register import Project, need
from shared.core.responsibilities import local_day
from shared.core.returns import SAID_IN

_NARRATIVE_DIGITS = 16  # enough to tell texts of one project apart


def report(ledger: Ledger, recorded: Recorded[ProgressReported]) -> None:
    """A return; one of the same period before it keeps nothing."""
    data = recorded.data
    need_listed(ledger, data.project)
    need_exact(
        data.investment_ytd_yuan, data.investment_in_period_yuan, data.investment_since_start_yuan,
        data.funds_in_place_yuan, data.funds_paid_yuan, data.physical_progress_ratio,
    )  # fmt: skip
    last_day = ends_on(data.period)
    one = Return(
        data.period, last_day, data.investment_ytd_yuan, recorded.recorded_at,
        local_day(ledger, recorded.recorded_at), recorded.id, "", data.investment_ytd_yuan,
        data.investment_in_period_yuan, data.investment_since_start_yuan, data.funds_in_place_yuan,
        data.funds_paid_yuan, data.physical_progress_ratio, data.is_nil, data.is_malformed, data.channel,
        _digest(data.narrative), told=tuple([asked for asked, names in SAID_IN.items() if _says(data, names)]),
        flags=data.flags,
    )  # fmt: skip
    kept = ledger.get(Returns, key := f"{data.project}/{last_day.year}")
    if kept is None:
        years = ledger.get(Years, data.project) or Years(())
        ledger.put(data.project, Years((*years.years, last_day.year)))
    ledger.put(key, Returns(_with(kept.returns if kept else (), one)))


def correct(ledger: Ledger, recorded: Recorded[ProgressCorrected]) -> None:
    """Another amount: who signed and reviewed the former one has not signed or reviewed this one."""
    data = recorded.data
    need_exact(amount := data.investment_ytd_yuan)

    def corrected(one: Return) -> Return:
        return replace(
            one, investment_ytd_yuan=amount, self_reported_ytd_yuan=amount, corrected_by=recorded.id, signed_by="",
            reviews=(),
        )  # fmt: skip

    _change(ledger, data.project, data.corrected_event, corrected)


def withdraw(ledger: Ledger, recorded: Recorded[ReportWithdrawn]) -> None:
    _change(ledger, recorded.data.project, recorded.data.withdrawn_event, lambda _: None)


def sign(ledger: Ledger, recorded: Recorded[ReturnSigned]) -> None:
    data = recorded.data
    one = _of_period(ledger, data.project, data.period)
    _change(ledger, data.project, one.event, lambda one: replace(one, signed_by=data.signer))


def review(ledger: Ledger, recorded: Recorded[ReturnReviewed]) -> None:
    """One step of a review; the fault that was found last stays."""
    data, amount = recorded.data, recorded.data.investment_ytd_yuan
    need_exact(amount)
    if data.verdict == "adjusted" and amount is None:
        raise CannotApply(f"the return {data.period} of {data.project} is adjusted to no amount")

    def reviewed(one: Return) -> Return:
        done = amount if data.verdict == "adjusted" else one.investment_ytd_yuan
        steps = (*one.reviews, (data.step, data.verdict))
        return replace(one, investment_ytd_yuan=done, reviews=steps, fault=data.fault or one.fault)

    _change(ledger, data.project, _of_period(ledger, data.project, data.period).event, reviewed)


def need_listed(ledger: Ledger, project: str) -> Project:
    return need(ledger.get(Project, project), f"project {project} is not listed")


def need_exact(*amounts: Decimal | None) -> None:
    for amount in amounts:
        if amount is not None and not is_amount(amount):
            raise CannotApply(f"the amount {amount} is too large, or too fine, to be added exactly")


def _change(ledger: Ledger, project: str, event: str, change: Callable[[Return], Return | None]) -> None:
    """Change the return that an event made; the newest years first."""
    need_listed(ledger, project)
    years = ledger.get(Years, project)
    for year in reversed(years.years if years else ()):
        kept = ledger.get(Returns, key := f"{project}/{year}")
        if kept is None or not any(one.event == event for one in kept.returns):
            continue
        changed = (change(one) if one.event == event else one for one in kept.returns)
        ledger.put(key, Returns(tuple(one for one in changed if one is not None)))
        return
    raise CannotApply(f"no return of {project} has the event {event}, or it was replaced or withdrawn")


def return_of(ledger: Ledger, project: str, event: str) -> Return | None:
    """The return that an event made, unless it was replaced or withdrawn; the newest years first."""
    years = ledger.get(Years, project)
    every = (ledger.get(Returns, f"{project}/{year}") for year in reversed(years.years if years else ()))
    return next((one for kept in every if kept for one in kept.returns if one.event == event), None)


def _of_period(ledger: Ledger, project: str, period: str) -> Return:
    kept = ledger.get(Returns, f"{project}/{ends_on(period).year}")
    return need(kept.of(period) if kept else None, f"{project} has no return for {period}")


def _with(kept: tuple[Return, ...], one: Return) -> tuple[Return, ...]:
    place = (one.ends_on, one.period)
    last = (kept[-1].ends_on, kept[-1].period) if kept else None
    if last is None or last < place:  # nearly always, or else the last once more
        return (*kept, one)
    if last == place:
        return (*kept[:-1], one)
    others = [other for other in kept if other.period != one.period]
    return tuple(sorted([*others, one], key=lambda one: (one.ends_on, one.period)))


def _says(data: ProgressReported, names: Sequence[str]) -> bool:
    for name in names:  # no generator: every return of a record passes here
        said = getattr(data, name)
        if said is not None and said != "":
            return True
    return False


def _digest(text: str) -> str:
    return sha256(said.encode()).hexdigest()[:_NARRATIVE_DIGITS] if (said := text.strip()) else ""


@lru_cache(maxsize=8_192)
def ends_on(period: str) -> date:
    """The last day of a period as returns name it. CannotApply where it is none."""
    try:
        return Period.parse(period).last_day
    except ValueError as error:
        raise CannotApply(str(error)) from error
