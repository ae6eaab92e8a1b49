"""What must be true of a unit's returns: made, confirmed, signed, reviewed, corrected, withdrawn."""

from services.intake.domain.known import Correctable, ReturnMade
from services.intake.domain.plausible import bad_year, is_plausible
from services.intake.domain.rules.references import Faults, Rules
from services.intake.domain.submission import Case
from shared.core.calendar import Cadence, Period
from shared.core.errors import Fault
from shared.core.events import (
    ProgressCorrected,
    ProgressReported,
    ReportWithdrawn,
    ReturnConfirmed,
    ReturnReviewed,
    ReturnSigned,
)
from shared.core.register import Project, regime_for


def _return_well_formed(case: Case) -> Faults:
    data: ProgressReported = case.data
    yield from _period_well_formed(case, data)
    if data.is_nil and data.investment_ytd_yuan is not None:
        yield Fault("nil_with_amount", "/data/investment_ytd_yuan", "A nil return carries no amount.")
    if not data.is_nil and data.investment_ytd_yuan is None:
        message = "Give the investment of the year to date, or a nil return."
        yield Fault("amount_needed", "/data/investment_ytd_yuan", message)
    if case.ledger.get(ReturnMade, f"{data.project}/{data.period}") is not None:
        yield Fault("already_reported", "/data/period", "The project has a return for this period: correct it instead.")


def _period_well_formed(case: Case, data: ProgressReported) -> Faults:
    try:
        period = Period.parse(data.period)
    except ValueError:
        message = "A period reads 2026-03-05, 2026-W10, 2026-03-T1, 2026-03-M1, 2026-03, 2026-Q1, 2026-H1 or 2026."
        yield Fault("bad_period", "/data/period", message)
        return
    if not is_plausible(period.year):
        yield bad_year("/data/period")
    if period.cadence != data.cadence:
        yield Fault("bad_period", "/data/cadence", "The period is not {cadence}.", {"cadence": str(data.cadence)})
    asked = _cadences(case, period)
    if asked and data.cadence not in asked:
        message = "The list asks for no {cadence} return of this project."
        yield Fault("not_asked_for", "/data/cadence", message, {"cadence": str(data.cadence)})
    if period.first_day > case.today:
        yield Fault("period_not_begun", "/data/period", "The period has not begun.")


def _cadences(case: Case, period: Period) -> set[Cadence]:
    """The cadences that the regimes of a project's lists of the year ask for; none where no regime is adopted."""
    project = case.ledger.get(Project, case.data.project)
    lists = {code for code, year in project.listed_on if year == period.year} if project else set()
    regimes = (regime_for(case.ledger, code, period) for code in lists)
    return {reporting.cadence for regime in regimes if regime for reporting in regime.reporting}


def _correctable(case: Case) -> Faults:
    data: ProgressCorrected = case.data
    of = case.ledger.get(Correctable, data.corrected_event)
    made = case.ledger.get(ReturnMade, f"{of.project}/{of.period}") if of and of.project == data.project else None
    if made is None or made.event != data.corrected_event:
        yield Fault("no_such_return", "/data/corrected_event", "No return of this project has this event.")
    if not data.reason.strip():
        yield Fault("reason_needed", "/data/reason", "A correction needs its reason.")


RULES: Rules = {
    ProgressReported: (_return_well_formed,),
    ProgressCorrected: (_correctable,),
    ReportWithdrawn: (),
    ReturnConfirmed: (),
    ReturnSigned: (),
    ReturnReviewed: (),
}
