"""What does a draw leave behind, where nobody is to hear what it says?"""

from contextlib import closing

from services.scoring.domain.corrections import close, remember_lights, settle
from services.scoring.domain.hits import hits_of
from services.scoring.domain.views import view_at
from shared.core.calendar import Moment
from shared.core.ledger import Ledger
from shared.core.period import Period
from shared.core.register import regime_for


def remember(ledger: Ledger, moment: Moment) -> None:
    """What a draw leaves in the ledger, where nobody is to hear what it says: in a fraction of its time."""
    regime = regime_for(ledger, moment.list, Period.parse(moment.period))
    if regime is None:
        return
    settle(ledger, moment)
    if moment.kind == "close":
        with closing(view_at(ledger, moment, regime)) as view:
            hits_of(view, moment.id, None)
            remember_lights(view)
    if moment.kind != "due":
        close(ledger, moment)
