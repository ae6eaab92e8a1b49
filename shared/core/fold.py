"""How any service takes an event: first the moments that lie before it, then the event itself."""

from collections.abc import Callable
from datetime import datetime

from shared.core.calendar import Moment
from shared.core.errors import CannotApply, NotAtHand, NotYet
from shared.core.events import AnyRecorded
from shared.core.ledger import Ledger
from shared.core.moments import agenda, between
from shared.core.register import FAR_FUTURE, enter

Play = Callable[[Ledger, Moment], None]
Apply = Callable[[Ledger, AnyRecorded], None]


def advance(ledger: Ledger, recorded: AnyRecorded, *, play: Play, apply: Apply) -> None:
    """Take one event; one at or before the ledger's position changes nothing.

    CannotApply, or whatever `play` and `apply` raise, leaves the ledger as it was.
    """
    if 0 < recorded.position <= ledger.position:
        return
    with ledger.all_or_nothing():
        try:
            pass_time(ledger, recorded.recorded_at, play=play)
            enter(ledger, recorded)
            apply(ledger, recorded)
        except (CannotApply, NotAtHand, NotYet):
            raise
        except (
            Exception
        ) as error:  # a pure fold that fails will fail so again: a reason to park, not to stop the others
            raise CannotApply(f"{type(error).__name__}: {error}") from error
        ledger.position = max(ledger.position, recorded.position)


def pass_time(ledger: Ledger, until: datetime, *, play: Play) -> None:
    """Play the moments after the ledger's clock and not after `until`, and set the clock there."""
    if ledger.quiet_until is None or until >= ledger.quiet_until:
        for moment in between(agenda(ledger), after=ledger.clock, until=until):
            ledger.recall()  # a moment asks of all: entry by entry that would take long
            play(ledger, moment)
        ahead = between(agenda(ledger), after=max(ledger.clock, until), until=FAR_FUTURE)
        ledger.quiet_until = ahead[0].at if ahead else FAR_FUTURE
    ledger.clock = max(ledger.clock, until)
