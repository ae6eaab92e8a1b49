"""At which period, on which day and by which rules is a list looked at: at a moment, now, or as of a day?"""

from datetime import date, datetime, timedelta

from services.scoring.domain.decide import COMPUTED, decisions
from services.scoring.domain.view import View
from shared.core.calendar import Moment, end_of
from shared.core.decisions import Decision
from shared.core.events import ListPublished
from shared.core.ledger import Ledger
from shared.core.period import Period
from shared.core.regime.model import Cadence, Regime
from shared.core.register import regime_at, regime_for, zone_of


def view_at(ledger: Ledger, moment: Moment, regime: Regime) -> View:
    """A list at a moment: its figures are those of the end of the period, as far as they are known."""
    period = Period.parse(moment.period)
    today = moment.at.astimezone(zone_of(ledger)).date()
    return View(ledger, moment.list, regime, period, moment.at, min(period.last_day, today), COMPUTED)


def current_view(ledger: Ledger, code: str, at: datetime) -> View | None:
    """A list as it stands now; None where no regime is in force."""
    regime = regime_at(ledger, code, at)
    if regime is None:
        return None
    return view_of(ledger, code, at, regime, current_period(ledger, code, at, regime))


def view_of(ledger: Ledger, code: str, at: datetime, regime: Regime, period: Period) -> View:
    moment = Moment(code, "close", str(period), at)
    return view_at(ledger, moment, regime_for(ledger, code, period) or regime)


def view_on(ledger: Ledger, code: str, day: date) -> View | None:
    """A list as of a day, by what the ledger knows; None where no regime was in force on it."""
    at = end_of(day, zone_of(ledger)) - timedelta(microseconds=1)
    regime = regime_at(ledger, code, at)
    if regime is None:
        return None
    period = current_period(ledger, code, end_of(day, zone_of(ledger)), regime)
    known = min(ledger.clock, at)  # the plan and the members of that day; what was said of it later counts
    return View(ledger, code, regime_for(ledger, code, period) or regime, period, known, day, COMPUTED)


def current_period(ledger: Ledger, code: str, at: datetime, regime: Regime) -> Period:
    """The period that a live page shows: the last that ended before today; in a list's first weeks, the one that runs.

    By the cadence of the regime's first return, in local time. A list published for neither shows its last year.
    """
    today = at.astimezone(zone_of(ledger)).date()
    return shown_period(ledger, code, today, regime.reporting[0].cadence if regime.reporting else "monthly")


def shown_period(ledger: Ledger, code: str, today: date, cadence: Cadence) -> Period:
    running = Period.holding(today, cadence)
    ended = Period.holding(running.first_day - timedelta(days=1), cadence)
    years = {one.year for one in ledger.all(ListPublished).values() if one.list == code and one.year <= today.year}
    if ended.year in years:
        return ended
    return running if running.year in years or not years else Period.holding(date(max(years), 12, 31), cadence)


def decided(ledger: Ledger, code: str, at: datetime) -> list[Decision]:
    """What the rules of a list call for at a moment: duties of the period that runs, results of the last that ended."""
    regime = regime_at(ledger, code, at)
    if regime is None:
        return []
    today = at.astimezone(zone_of(ledger)).date()
    first = regime.reporting[0].cadence if regime.reporting else "monthly"
    cadences = dict.fromkeys([first, *(one.cadence for one in regime.bulletins if one.cadence is not None)])
    running = View(ledger, code, regime, Period.holding(today, first), at, today, COMPUTED)
    ended = [view_of(ledger, code, at, regime, shown_period(ledger, code, today, one)) for one in cadences]
    return decisions(running, ended)
