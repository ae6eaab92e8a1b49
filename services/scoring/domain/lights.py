"""Which light does a subject show, and what do earlier closes do to it?"""

from collections.abc import Sequence
from datetime import date, timedelta

from services.scoring.domain.measure import Measuring
from services.scoring.domain.memory import Lit
from shared.core.period import Period
from shared.core.regime.model import LightMemory, Regime
from shared.core.regime.terms import LightName


def own_light(regime: Regime, subject: Measuring) -> LightName | None:
    """The first light whose condition holds; none where it cannot be said."""
    for light in regime.lights:
        for name, when in light.items():
            holding = True if when == "otherwise" else subject.holds(when)
            if holding is None:
                return None
            if holding:
                return name
    return None


def shown_light(
    own: LightName | None, memory: LightMemory | None, before: Sequence[Lit], period: Period
) -> LightName | None:
    """A light that stood at so many closes in a row, this one included, hardens into another."""
    repeated = memory.repeated if memory else None
    if own is None or repeated is None or own != repeated.light:
        return own
    in_a_row, expected = 1, period
    for lit in reversed(before):
        expected = Period.holding(_day_before(expected), expected.cadence)
        if lit.period != str(expected) or lit.own != own:
            break
        in_a_row += 1
    return repeated.becomes if in_a_row >= repeated.times else own


def past_light(own: LightName | None, memory: LightMemory | None, before: Sequence[Lit]) -> LightName | None:
    """What the light of the close before is shown as now: softened where it was made good, and only there."""
    if not before:
        return None
    shown = before[-1].shown
    made_up = memory.made_up if memory else None
    return made_up.get(shown, shown) if made_up and own == "green" else shown


def _day_before(period: Period) -> date:
    return period.first_day - timedelta(days=1)
