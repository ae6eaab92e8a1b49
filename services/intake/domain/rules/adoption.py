"""May a list take this regime from this date? Every period is closed once, by one regime, whatever is adopted when."""

from collections.abc import Iterator
from datetime import date, time

from services.intake.domain.plausible import is_plausible
from services.intake.domain.submission import CODE, CODE_MAX, Case
from shared.core.calendar import Moment, Period, instant
from shared.core.errors import Fault
from shared.core.events import JurisdictionOpened, ListPublished, RegimeAdopted
from shared.core.ledger import Ledger
from shared.core.moments import agenda
from shared.core.regime import check as regime_check
from shared.core.register import Adopted, Calendars, adopted_version, zone_of

Faults = Iterator[Fault]


def regime_sound(case: Case) -> Faults:
    """Every fault of the regime, and every period that adopting it now would leave unclosed or close again."""
    data: RegimeAdopted = case.data
    faults = [*regime_check.faults(data.regime), *_regime_codes(data)]
    yield from (Fault(one.code, f"/data/regime{one.pointer}", one.message, one.values) for one in faults)
    version = data.regime.version
    known = adopted_version(case.ledger, data.list, version)
    if known is not None and known != data.regime:
        message = "Version {version} of the list's regime says something else: this one needs another number."
        yield Fault("version_reused", "/data/regime/version", message, {"version": str(version)})
    if not faults and is_plausible(data.effective_on.year):
        yield from _every_period_closed_once(case, data)


def _regime_codes(data: RegimeAdopted) -> Faults:
    for place, bulletin in enumerate(data.regime.bulletins):
        # What is signed is named after the list, the period and this.
        longest = CODE_MAX - len(f"b-{data.list}-2026-Q1-")
        if CODE.fullmatch(bulletin.id) and len(bulletin.id) > longest:
            message = "The code of a bulletin of this list is 1 to {longest} of the characters A-Z a-z 0-9 _ -."
            yield Fault("bad_code", f"/bulletins/{place}/id", message, {"longest": str(longest)})


def _every_period_closed_once(case: Case, data: RegimeAdopted) -> Faults:
    zone, starts = zone_of(case.ledger), instant(data.effective_on, time(0), zone_of(case.ledger))
    before, after = _closes(case.ledger, data.list), _closes(_with(case.ledger, data), data.list)
    closed = [one for one in before if one.at <= case.at]
    if any(starts < one.at or starts <= instant(_last_day(one), time(0), zone) for one in closed):
        message = "A regime applies neither before the list's last close nor to a period that is closed."
        yield Fault("effective_too_early", "/data/effective_on", message)
    coming, gone = ({one.period for one in after if (one.at > case.at) is later} for later in (True, False))
    for one in before:
        is_over = one.period in gone or _last_day(one) < case.today
        if one.at > case.at and one.period not in coming and is_over:
            message = "The period {period} is still to be closed, and never would be under this regime."
            yield Fault("period_lost", "/data/effective_on", message, {"period": one.period})


def _closes(ledger: Ledger, code: str) -> list[Moment]:
    return [one for one in agenda(ledger) if one.list == code and one.kind == "close"]


def _with(ledger: Ledger, data: RegimeAdopted) -> Ledger:
    """What moments follow from, had the regime been adopted."""
    trial = Ledger(ledger.jurisdiction)
    for kind in (JurisdictionOpened, Calendars, ListPublished):
        trial.load(ledger.all(kind).items())
    adopted = ledger.get(Adopted, data.list) or Adopted(())
    trial.put(data.list, Adopted((*adopted.regimes, (data.effective_on, data.regime))))
    return trial


def _last_day(moment: Moment) -> date:
    return Period.parse(moment.period).last_day
