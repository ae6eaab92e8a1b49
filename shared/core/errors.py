"""How the domain says no.

CannotApply     an event of the record that no retry can apply: it is parked with its reason
NotYet          something that must come first has not come: the event is taken again at its own place
NotAtHand       what a ledger has saved cannot be read now: nothing is said of the event, which is taken again
Fault           one thing wrong in something that a person submitted, and where it is
Term            a word of ours among the values of a fault
"""

from collections.abc import Mapping
from dataclasses import dataclass, field


class CannotApply(Exception):
    """An event of the record that cannot be applied, for a reason that will be the same at every retry."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong: a stable code, a JSON pointer to it, and a sentence for people.

    The sentence is a key of the catalogue; `values` fill its blanks.
    """

    code: str
    pointer: str
    message: str
    values: Mapping[str, str] = field(default_factory=dict)


class Term(str):
    """A value of a fault that is itself a word of the catalogue, or several between slashes, and is translated."""

    __slots__ = ()


class NotYet(Exception):
    """Something that must come first has not come; the same event is taken again later, at its own place."""


class NotAtHand(Exception):
    """What a ledger has saved cannot be read now: no fault of the event, which must not be parked for it."""
