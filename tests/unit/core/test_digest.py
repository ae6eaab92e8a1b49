"""The same value has the same digest, and another value another."""

from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal, localcontext

import pytest

from shared.core.digest import canonical, digest, digest_of_all
from shared.core.numbers import EXACT
from tests.support.builders import a_project, a_regime


@pytest.mark.parametrize(
    ("value", "same"),
    [
        (Decimal("1.50"), Decimal("1.5")),
        (Decimal("1E+3"), Decimal(1000)),
        (Decimal("-0.00"), Decimal(0)),
        (datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 1, 1, 8, tzinfo=timezone(timedelta(hours=8)))),
        ({"a": 1, "b": 2}, {"b": 2, "a": 1}),
        (frozenset({("a", 1), ("b", 2)}), frozenset({("b", 2), ("a", 1)})),
        ((1, 2), [1, 2]),
    ],
)
def test_the_form_of_a_value_does_not_matter(value: object, same: object) -> None:
    assert digest(value) == digest(same)


@pytest.mark.parametrize(
    ("value", "other"),
    [
        (Decimal("1.5"), Decimal("1.51")),
        (date(2026, 1, 1), date(2026, 1, 2)),
        ((1, 2), (2, 1)),
        (None, ""),
        (True, 1),
        (EXACT.divide(Decimal(1), Decimal(3)), Decimal("0.3333333333333333333333333333")),
    ],
)
def test_another_value_has_another_digest(value: object, other: object) -> None:
    assert digest(value) != digest(other)


def test_a_digest_does_not_depend_on_the_context_of_the_thread() -> None:
    value = Decimal("123456.789")
    with localcontext() as context:
        context.prec, context.capitals = 3, 0
        assert canonical(value) == '"123456.789"'
        assert canonical(Decimal("1E+3")) == '"1000"'


def test_a_digest_of_many_ignores_their_order() -> None:
    assert digest_of_all([a_project("p1"), a_project("p2")]) == digest_of_all([a_project("p2"), a_project("p1")])


def test_a_regime_has_a_digest() -> None:
    assert digest(a_regime()) == digest(a_regime()) != digest(a_regime(version=2))


def test_what_has_no_canonical_text_is_a_programmers_error() -> None:
    with pytest.raises(TypeError, match="float"):
        digest(0.5)
