"""The canonical text is what it was when the first digest was stored, however it is produced."""

import json
from dataclasses import dataclass, fields, is_dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal

from hypothesis import example, given, settings
from hypothesis import strategies as st

from shared.core.digest import canonical


@dataclass(frozen=True, slots=True)
class Several:
    second: object
    first: object


@dataclass(frozen=True, slots=True)
class Single:
    only: object


def as_first_defined(value: object) -> str:
    """The text as it was defined first: plain and slow."""
    return json.dumps(_plain(value), sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def _plain(value: object) -> object:
    if value is None or isinstance(value, str | bool | int):
        return value
    if isinstance(value, Decimal):
        text = f"{value:f}"
        text = text.rstrip("0").rstrip(".") if "." in text else text
        return text if value else "0"
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, date | time):
        return value.isoformat()
    if is_dataclass(value):
        return {field.name: _plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, dict):
        return {str(key): _plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    if isinstance(value, frozenset | set):
        return sorted((_plain(one) for one in value), key=repr)
    raise TypeError(f"a {type(value).__name__} has no canonical text")


zones = st.integers(-12, 14).map(lambda hours: timezone(timedelta(hours=hours)))
instants = st.datetimes(timezones=zones).filter(lambda one: 1 < one.year < 9999)
decimals = st.decimals() | st.decimals(-1000, 1000, places=4) | st.sampled_from([Decimal("-0.00"), Decimal("1E+3")])
leaves = st.none() | st.booleans() | st.integers() | st.text() | decimals | instants | st.dates() | st.times()
keyed = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text() | decimals.filter(lambda one: not one.is_snan()) | st.dates(),
    lambda part: st.tuples(part, part) | st.builds(Several, part, part) | st.builds(Single, part),
    max_leaves=6,
)
values = st.recursive(
    leaves | st.frozensets(keyed, max_size=4),
    lambda part: (
        st.lists(part, max_size=4)
        | st.tuples(part, part)
        | st.dictionaries(st.text() | st.integers() | st.booleans() | st.none(), part, max_size=4)
        | st.builds(Several, part, part)
        | st.builds(Single, part)
    ),
    max_leaves=20,
)


@settings(max_examples=500, deadline=None)
@given(values)
@example(frozenset({Several("b", "c"), Several("c", "b"), Single("it's")}))
@example({1: "a", "1": "b", None: "c"})
def test_the_canonical_text_is_what_it_was_defined_to_be(value: object) -> None:
    assert canonical(value) == as_first_defined(value)
