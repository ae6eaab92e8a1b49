"""Why is a number, a light, a point or a place what it is? Its rule, its inputs, the events behind them."""

from services.scoring.domain.explaining.again import recompute
from services.scoring.domain.explaining.explain import UnknownQuestion, explain
from services.scoring.domain.explaining.tree import Explained, events_of, without_others

__all__ = ["Explained", "UnknownQuestion", "events_of", "explain", "recompute", "without_others"]
