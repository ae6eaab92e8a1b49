"""Which matters did a rule propose? Their ids say so, and are the same for the same hit, on any machine."""

import re

from shared.core.digest import digest

_PROPOSED = re.compile("m-[0-9a-f]{20}")


def proposed_id(*hit: str) -> str:
    """The id of the matter that a hit proposes, by what tells the hit from all others."""
    return "m-" + digest([*hit])[:20]


def is_proposed(matter: str) -> bool:
    return _PROPOSED.fullmatch(matter) is not None
