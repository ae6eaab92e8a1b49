"""A ledger knows what changed, and can take it all back."""

import pytest

from shared.core.events import UnitRegistered
from shared.core.ledger import Ledger
from tests.support.builders import a_unit, local


def _ledger() -> Ledger:
    ledger = Ledger("testcity", position=3, clock=local("2026-01-01 00:00"))
    ledger.load([("a", a_unit("a"))])
    return ledger


def _fail(ledger: Ledger) -> None:
    ledger.put("a", a_unit("a", name="other"))
    ledger.put("a", a_unit("a", name="yet another"))
    ledger.put("b", a_unit("b"))
    ledger.position, ledger.clock = 9, local("2027-01-01 00:00")
    raise ZeroDivisionError


def test_what_was_loaded_is_known_and_has_not_changed() -> None:
    ledger = _ledger()
    assert ledger.get(UnitRegistered, "a") == a_unit("a")
    assert ledger.take_changes() == []


def test_changes_are_given_once_in_a_fixed_order_with_their_newest_value() -> None:
    ledger = _ledger()
    for code in ("c", "b", "c"):
        ledger.put(code, a_unit(code))
    ledger.put("c", a_unit("c", name="newest"))
    assert ledger.take_changes() == [("b", a_unit("b")), ("c", a_unit("c", name="newest"))]
    assert ledger.take_changes() == []


def test_a_failure_takes_back_entries_position_and_clock() -> None:
    ledger, before = _ledger(), _ledger()
    with pytest.raises(ZeroDivisionError), ledger.all_or_nothing():
        _fail(ledger)
    assert ledger.digest() == before.digest()
    assert (ledger.position, ledger.clock, ledger.agenda) == (before.position, before.clock, None)
    assert ledger.get(UnitRegistered, "b") is None


def test_a_failure_leaves_what_changed_before_it_to_be_saved() -> None:
    ledger = _ledger()
    with ledger.all_or_nothing():
        ledger.put("c", a_unit("c"))
    with pytest.raises(ZeroDivisionError), ledger.all_or_nothing():
        _fail(ledger)
    assert ("c", a_unit("c")) in ledger.take_changes()
    assert ledger.get(UnitRegistered, "c") == a_unit("c")


def test_a_block_that_fails_takes_back_the_blocks_within_it() -> None:
    ledger, before = _ledger(), _ledger()

    def fail_late() -> None:
        with ledger.all_or_nothing():
            with ledger.all_or_nothing():
                ledger.put("c", a_unit("c"))
            _fail(ledger)

    with pytest.raises(ZeroDivisionError):
        fail_late()
    assert ledger.digest() == before.digest()


def test_a_block_within_takes_back_only_itself() -> None:
    ledger = _ledger()
    with ledger.all_or_nothing():
        ledger.put("c", a_unit("c"))
        with pytest.raises(ZeroDivisionError), ledger.all_or_nothing():
            _fail(ledger)
    assert sorted(ledger.all(UnitRegistered)) == ["a", "c"]


def test_two_ledgers_have_the_same_digest_whatever_the_order_of_their_entries() -> None:
    one, two = _ledger(), _ledger()
    for code in ("b", "c"):
        one.put(code, a_unit(code))
    for code in ("c", "b"):
        two.put(code, a_unit(code))
    assert one.digest() == two.digest() != _ledger().digest()
