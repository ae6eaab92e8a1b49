"""One way to name a value by its content: the same value, the same digest, on any machine, next year too."""

import json
from collections.abc import Iterable
from dataclasses import fields, is_dataclass
from datetime import UTC, date, datetime, time
from decimal import Decimal
from hashlib import sha256


def digest(value: object) -> str:
    """SHA-256 in hex over a canonical text: names sorted, no needless zeros, instants in UTC."""
    return sha256(canonical(value).encode()).hexdigest()


def digest_of_all(values: Iterable[object]) -> str:
    """A digest that does not depend on the order of the values."""
    return digest(sorted(digest(value) for value in values))


def canonical(value: object) -> str:
    return json.dumps(_plain(value), sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def _plain(value: object) -> object:
    if value is None or isinstance(value, str | bool | int):
        return value
    if isinstance(value, Decimal):
        return _plain_decimal(value)
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, date | time):
        return value.isoformat()
    if is_dataclass(value):
        return {field.name: _plain(getattr(value, field.name)) for field in fields(value)}
    return _plain_many(value)


def _plain_decimal(value: Decimal) -> str:
    # Not normalize(): that rounds to the digits of the thread's context, and so hides what lies beyond them.
    text = f"{value:f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return text if value else "0"


def _plain_many(value: object) -> object:
    if isinstance(value, dict):
        return {str(key): _plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    if isinstance(value, frozenset | set):
        return sorted((_plain(one) for one in value), key=repr)
    raise TypeError(f"a {type(value).__name__} has no canonical text")
