"""A record folded by scoring alone, and its tables asked as of a day."""

from collections.abc import Sequence
from typing import Any

from services.scoring.domain.ledger import evolve
from services.scoring.domain.row import Row
from services.scoring.domain.tables import Asked, rows
from shared.core.calendar import end_of
from shared.core.errors import CannotApply
from shared.core.fold import advance
from shared.core.ledger import Ledger
from shared.core.moments import due_at
from shared.core.period import Period
from shared.core.regime.model import Regime
from shared.core.regime.terms import Table
from shared.core.register import regime_at, working_calendar
from tests.support.builders import JURISDICTION, LIST, ZONE, a_year, record
from tests.support.facts import day


def folded(*events: object) -> Ledger:
    """What scoring keeps of a record."""
    ledger = Ledger(JURISDICTION)
    for one in record(*events):
        advance(ledger, one, play=lambda *_: None, apply=evolve)
    return ledger


def after(*events: object, regime: Regime | None = None) -> Ledger:
    """The year with its one project p1 of bureau-a, and then the events."""
    return folded(*a_year(regime=regime), *events)


def refusal(*events: object, regime: Regime | None = None) -> str:
    """Why the last event cannot be applied; it has changed nothing."""
    *before, last = record(*a_year(regime=regime), *events)
    ledger = Ledger(JURISDICTION)
    for one in before:
        advance(ledger, one, play=lambda *_: None, apply=evolve)
    known = ledger.digest()
    try:
        evolve(ledger, last)
    except CannotApply as error:
        assert ledger.digest() == known
        return str(error)
    raise AssertionError("it was applied")


def asked(ledger: Ledger, on: str, **changes: Any) -> Asked:
    """Of the year's list at the end of a day, by the regime in force."""
    at = end_of(day(on), ZONE)
    values: dict[str, Any] = {
        "list": LIST, "year": 2026, "day": day(on), "at": at, "regime": regime_at(ledger, LIST, at),
        "calendar": working_calendar(ledger, known_at=at),
        "due_at": lambda text, rule: due_at(ledger, Period.parse(text), rule),
    }  # fmt: skip
    return Asked(**{**values, **changes})


def rows_on(ledger: Ledger, table: Table, on: str, owner: str = "p1", **changes: Any) -> Sequence[Row]:
    return rows(ledger, table, owner=owner, asked=asked(ledger, on, **changes))


def row_on(ledger: Ledger, table: Table, on: str, owner: str = "p1", **changes: Any) -> Row:
    """The only row that there is."""
    (one,) = rows_on(ledger, table, on, owner, **changes)
    return one
