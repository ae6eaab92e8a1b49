"""What people read, in their language: the English sentence in the code is the key to the Chinese one."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Final, Literal

from babel.messages.pofile import read_po

Locale = Literal["zh", "en"]
LOCALE_FOLDER: Final = Path(__file__).parents[1] / "locale"
_PREFERENCES_MAX: Final = 20


class Texts:
    """Sentences of one language. A sentence without a translation is given in English."""

    def __init__(self, locale: Locale, sentences: Mapping[str, str]) -> None:
        self.locale: Locale = locale
        self._sentences = sentences

    @classmethod
    def load(cls, locale: Locale) -> Texts:
        """Read the catalogue, once per process; English needs none."""
        return cls(locale, {} if locale == "en" else catalogue(locale))

    def sentence(self, msgid: str) -> str:
        """Give the sentence with its {placeholders} as they are."""
        return self._sentences.get(msgid, msgid)

    def __call__(self, msgid: str, /, **values: object) -> str:
        """Give the sentence with its {placeholders} filled in; raises KeyError when a value is missing."""
        return self._sentences.get(msgid, msgid).format(**values)


@cache
def catalogue(locale: Locale) -> Mapping[str, str]:
    """English sentence to translation, without empty, fuzzy and plural entries."""
    file = LOCALE_FOLDER / locale / "LC_MESSAGES" / "duban.po"
    with file.open("rb") as source:
        messages = list(read_po(source, locale=locale, abort_invalid=True))
    return {
        message.id: message.string
        for message in messages
        if isinstance(message.id, str) and isinstance(message.string, str) and _is_final(message.id, message)
    }


def _is_final(msgid: str, message: object) -> bool:
    return bool(msgid and getattr(message, "string", "") and not getattr(message, "fuzzy", False))


def locale_from(accept_language: str | None, default: Locale = "zh") -> Locale:
    """Choose by the Accept-Language header; the first of equal weights wins, others are skipped."""
    best: tuple[float, Locale] = (0.0, default)
    for preference in (accept_language or "").split(",")[:_PREFERENCES_MAX]:
        tag, _, parameter = preference.strip().partition(";")
        locale = _known(tag, default)
        weight = _weight(parameter)
        if locale is not None and weight > best[0]:
            best = (weight, locale)
    return best[1]


def _known(tag: str, default: Locale) -> Locale | None:
    language = tag.strip().partition("-")[0].lower()
    known: Mapping[str, Locale] = {"zh": "zh", "en": "en", "*": default}
    return known.get(language)


def _weight(parameter: str) -> float:
    name, _, value = parameter.strip().partition("=")
    if name.strip() != "q":
        return 1.0
    try:
        return min(float(value), 1.0)
    except ValueError:
        return 0.0
