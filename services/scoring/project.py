"""Scoring's use case: one event of the record in, the draws that it brings about out."""

from collections.abc import Sequence
from datetime import datetime

from services.scoring.domain.draw import draw
from services.scoring.domain.ledger import evolve
from services.scoring.domain.remember import remember
from shared.core.calendar import Moment
from shared.core.events import AnyRecorded, StandingsEvent
from shared.core.fold import Play, advance, pass_time
from shared.core.ledger import Ledger
from shared.core.parking import Parked


def project(ledger: Ledger, recorded: AnyRecorded, *, parked: Sequence[Parked] = ()) -> list[StandingsEvent]:
    """Draw every moment that lies before the event, then apply it.

    CannotApply leaves the ledger as it was.
    """
    drawn: list[StandingsEvent] = []
    advance(ledger, recorded, play=_into(drawn, parked), apply=evolve)
    return drawn


def pass_time_to(ledger: Ledger, until: datetime, *, parked: Sequence[Parked] = ()) -> list[StandingsEvent]:
    """Draw every moment up to an instant at which nothing is recorded."""
    drawn: list[StandingsEvent] = []
    with ledger.all_or_nothing():
        pass_time(ledger, until, play=_into(drawn, parked))
    return drawn


def follow(ledger: Ledger, recorded: AnyRecorded) -> None:
    """As `project`, where nobody is to hear what is drawn: the ledger comes to be the same."""
    advance(ledger, recorded, play=remember, apply=evolve)


def follow_to(ledger: Ledger, until: datetime) -> None:
    """As `pass_time_to`, where nobody is to hear what is drawn."""
    with ledger.all_or_nothing():
        pass_time(ledger, until, play=remember)


def _into(drawn: list[StandingsEvent], parked: Sequence[Parked]) -> Play:
    def play(ledger: Ledger, moment: Moment) -> None:
        drawn.extend(draw(ledger, moment, parked=parked))

    return play
