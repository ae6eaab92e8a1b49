"""One way to name a value by its content: the same value, the same digest, on any machine, next year too."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import fields, is_dataclass
from datetime import UTC, date, datetime, time
from decimal import Decimal
from hashlib import sha256
from json import JSONEncoder
from types import NoneType
from typing import Any

_PLAIN = frozenset({NoneType, str, bool, int})
_JSON = JSONEncoder(sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def digest(value: object) -> str:
    """SHA-256 in hex over a canonical text: names sorted, no needless zeros, instants in UTC."""
    return sha256(canonical(value).encode()).hexdigest()


def digest_of_all(values: Iterable[object]) -> str:
    """A digest that does not depend on the order of the values."""
    return digest(sorted(digest(value) for value in values))


def canonical(value: object) -> str:
    return _JSON.encode(_plain(value))


def _plain(value: object) -> object:
    # Every figure of a draw goes through here: what is plain already costs no call in the loops below.
    return value if type(value) in _PLAIN else _form_of[type(value)](value)


class _FormOf(dict[type, Callable[[Any], object]]):
    """How values of a class are made plain, found out once for the class."""

    def __missing__(self, kind: type) -> Callable[[Any], object]:
        if is_dataclass(kind):
            self[kind] = _form_of_fields([field.name for field in fields(kind)])
        else:
            self[kind] = next((form for of, form in _FORMS if issubclass(kind, of)), _no_form)
        return self[kind]


_form_of = _FormOf()


def _form_of_fields(names: Sequence[str]) -> Callable[[Any], object]:
    def form(value: object) -> object:
        return {
            name: one if type(one := getattr(value, name)) in _PLAIN else _form_of[type(one)](one) for name in names
        }

    return form


def _plain_decimal(value: Decimal) -> str:
    # Not normalize(): that rounds to the digits of the thread's context, and so hides what lies beyond them.
    text = str(value)
    text = f"{value:f}" if "E" in text or "e" in text else text
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return text if value else "0"


def _plain_names(value: dict[Any, object]) -> object:
    return {str(key): one if type(one) in _PLAIN else _form_of[type(one)](one) for key, one in value.items()}


def _plain_many(value: Iterable[object]) -> list[object]:
    return [one if type(one) in _PLAIN else _form_of[type(one)](one) for one in value]


def _no_form(value: object) -> object:
    raise TypeError(f"a {type(value).__name__} has no canonical text")


_FORMS: tuple[tuple[Any, Callable[[Any], object]], ...] = (
    (str | int, lambda value: value),
    (Decimal, _plain_decimal),
    (datetime, lambda value: value.astimezone(UTC).isoformat()),
    (date | time, lambda value: value.isoformat()),
    (dict, _plain_names),
    (list | tuple, _plain_many),
    (frozenset | set, lambda value: sorted(_plain_many(value), key=repr)),
)
