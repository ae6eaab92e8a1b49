"""What scoring publishes of a moment: lines, rules hit, and the statement that the draw is complete."""

from collections.abc import Sequence
from contextlib import closing

from services.scoring.domain.corrections import close, corrections, remember_lights, settle
from services.scoring.domain.hits import Found, hits_of
from services.scoring.domain.judge import lines_of
from services.scoring.domain.views import view_at
from shared.core.calendar import Moment
from shared.core.digest import digest_of_all
from shared.core.events import StandingsDrawn, StandingsEvent
from shared.core.ledger import Ledger
from shared.core.parking import Parked
from shared.core.period import Period
from shared.core.register import Project, members, regime_for

ENGINE = "3"
"""Goes up whenever the same record would be judged otherwise by the code."""

_ABOUT_DRAFTS = frozenset({"notice", "bulletin"})


def draw(
    ledger: Ledger, moment: Moment, *, parked: Sequence[Parked] = (), is_stated: bool = True
) -> list[StandingsEvent]:  # fmt: skip
    """Corrections of closed periods, lines, hits and the closing statement of one moment, even if nothing changed.

    What is not to be stated, but compared with another draw, is spared its corrections and its digest.
    """
    regime = regime_for(ledger, moment.list, Period.parse(moment.period))
    if regime is None:
        return []
    corrected = corrections(ledger, moment) if is_stated else []
    if not is_stated:
        settle(ledger, moment)
    found = Found((), ())
    with closing(view_at(ledger, moment, regime)) as view:
        lines = lines_of(view, moment.id)
        if moment.kind == "close":
            found = hits_of(view, moment.id, lines)
            remember_lights(view)
    if moment.kind != "due":
        close(ledger, moment)
    said: list[StandingsEvent] = [*corrected, *lines, *found.hits]
    drawn = StandingsDrawn(
        moment=moment.id, list=moment.list, kind=moment.kind, period=moment.period, at=moment.at,
        position=ledger.position, count=len(said), digest=digest_of_all(said) if is_stated else "",
        regime=regime.regime, regime_version=regime.version, engine=ENGINE,
        undecided=found.undecided, parked_count=sum(_concerns(ledger, moment, one) for one in parked),
    )  # fmt: skip
    return [*said, drawn]


def _concerns(ledger: Ledger, moment: Moment, parked: Parked) -> bool:
    """Whether a parked event may change a list's figures: unless it is about a draft, or a project of other lists."""
    if parked.kind in _ABOUT_DRAFTS:
        return False
    of_list = members(ledger, moment.list, Period.parse(moment.period).year)
    return parked.entity in of_list or ledger.get(Project, parked.entity) is None
