"""Which events of the record are not for everybody who may read about what they concern?"""

from shared.core.events import VisitScored

_SECRET: frozenset[type] = frozenset({VisitScored})


def is_secret(event: type) -> bool:
    """Whether events of a class are for whoever sent them and for the operator only: in a feed, an export, a page.

    A single mark tells how one scorer judged (004: 评价打分): only what a panel makes of all of them is told.
    """
    return event in _SECRET
