"""Whose turn is it in a chain that a regime names? Each speaks in turn; a step under a condition may be passed over."""

from collections.abc import Sequence
from functools import cache

from shared.core.regime.language import Chain, ChainStep
from shared.core.regime.terms import Body


def turns(chain: Chain, spoken: Sequence[str]) -> tuple[Body, ...]:
    """Who may speak next: the next in turn, and whoever comes before it only under a condition. Nobody: all have.

    The conditions are judged by scoring: what is passed over here for nothing is seen there.
    """
    found: list[Body] = []
    for step in _left(chain, spoken):
        found.append(step.by)
        if step.when is None and step.unless is None:
            break
    return tuple(found)


def is_through(chain: Chain, spoken: Sequence[str]) -> bool:
    """Whether nobody is left who must speak whatever the conditions are."""
    return all(step.when or step.unless for step in _left(chain, spoken))


def _left(chain: Chain, spoken: Sequence[str]) -> Chain:
    at = 0
    for one in spoken:
        at = next((place + 1 for place in range(at, len(chain)) if chain[place].by == one), at)
    return chain[at:]


@cache
def plain(bodies: tuple[Body, ...]) -> Chain:
    """A plain list of bodies as a chain."""
    return tuple(ChainStep(by=one) for one in bodies)
