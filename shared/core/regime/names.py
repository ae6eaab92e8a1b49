"""What is it called, in words, that a regime names itself: by the names that it gives, then by the catalogue's?"""

import re
from collections.abc import Mapping
from typing import Protocol

from shared.core.regime.model import Regime

TERM = re.compile(r"[a-z][a-z0-9_]*", re.ASCII)
"""How a word of the vocabulary looks, or an identifier that may have a name in words."""

_CODES = {"project", "unit", "person"}
_READ_APART = {"level", "liability", "method", "state"}


class Translate(Protocol):
    """A sentence in the reader's language, with its blanks filled in. A term of the vocabulary is its own sentence."""

    def __call__(self, sentence: str, /, **blanks: object) -> str: ...


def own_names(regime: Regime, say: Translate) -> Mapping[str, str]:
    """The names that the regime gives, in the language in which `say` speaks."""
    # A catalogue has an entry for the code of the language of its keys: the code of its own.
    is_english = say("en") == "en"
    return {name: title.en if is_english else title.zh for name, title in (regime.names or {}).items()}


def naming(say: Translate, names: Mapping[str, str]) -> Translate:
    """`say`, except that what stands in `names` goes by the name given there."""

    def named(sentence: str, /, **blanks: object) -> str:
        return names[sentence] if sentence in names else say(sentence, **blanks)

    return named if names else say


def in_column(column: str, value: str, say: Translate) -> str:
    """A cell of a row in words; the codes of units, persons and objects are no words.

    In some columns a word means something else than elsewhere: there it has an entry `column: word` of its own.
    """
    if column in _CODES or not TERM.fullmatch(value):
        return value
    if column in _READ_APART and (said := say(own := f"{column}: {value}")) != own:
        return said
    return say(value)
