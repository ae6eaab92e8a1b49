"""How any service takes an event: first the moments that lie before it, then the event itself."""

from collections.abc import Callable
from datetime import datetime

from shared.core.calendar import Moment
from shared.core.errors import or_cannot_apply
from shared.core.events import AnyRecorded
from shared.core.ledger import Ledger
from shared.core.moments import agenda, between
from shared.core.register import enter

Play = Callable[[Ledger, Moment], None]
Apply = Callable[[Ledger, AnyRecorded], None]


def advance(ledger: Ledger, recorded: AnyRecorded, *, play: Play, apply: Apply) -> None:
    """Take one event; one at or before the ledger's position changes nothing.

    CannotApply, or whatever `play` and `apply` raise, leaves the ledger as it was.
    """
    if 0 < recorded.position <= ledger.position:
        return
    with ledger.all_or_nothing(), or_cannot_apply():
        pass_time(ledger, recorded.recorded_at, play=play)
        enter(ledger, recorded)
        apply(ledger, recorded)
        ledger.position = max(ledger.position, recorded.position)


def pass_time(ledger: Ledger, until: datetime, *, play: Play) -> None:
    """Play the moments after the ledger's clock and not after `until`, and set the clock there."""
    for moment in between(agenda(ledger), after=ledger.clock, until=until):
        play(ledger, moment)
    ledger.clock = max(ledger.clock, until)
