"""A ledger that has not all in memory is none the worse for it: nobody sees which of its entries are only saved."""

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.core.ledger import Ledger


@dataclass(frozen=True, slots=True)
class Amount:
    yuan: int


@dataclass(frozen=True, slots=True)
class Name:
    text: str


@dataclass(slots=True)
class Saved:
    """What was saved, and how often it was asked for."""

    entries: dict[tuple[type, str], object] = field(default_factory=dict)
    asked: int = 0

    def one(self, of: type, key: str) -> object | None:
        self.asked += 1
        return self.entries.get((of, key))

    def all(self, of: type | None = None) -> Iterable[tuple[str, object]]:
        self.asked += 1
        return [(key, entry) for (kind, key), entry in self.entries.items() if of in {None, kind}]

    def save(self, ledger: Ledger) -> None:
        self.entries |= {(type(entry), key): entry for key, entry in ledger.take_changes()}


def a_saved_ledger() -> tuple[Ledger, Saved]:
    ledger, saved = Ledger("j"), Saved()
    for number in range(200):
        ledger.put(f"p{number}", Amount(number))
    ledger.put("", Name("of all"))
    saved.save(ledger)
    ledger.forget(saved)
    return ledger, saved


def test_what_is_forgotten_is_found_again_by_its_key_and_asked_for_once() -> None:
    ledger, saved = a_saved_ledger()
    assert ledger.size == 1
    assert [ledger.get(Amount, "p7"), ledger.get(Amount, "p7")] == [Amount(7), Amount(7)]
    assert [ledger.get(Amount, "q"), ledger.get(Amount, "q")] == [None, None]
    assert saved.asked == 2


def test_what_there_is_little_of_stays_in_memory() -> None:
    ledger, saved = a_saved_ledger()
    assert ledger.get(Name, "") == Name("of all")
    assert ledger.all(Name) == {"": Name("of all")}
    assert saved.asked == 0


def test_all_of_a_class_are_all_with_what_has_changed_since() -> None:
    ledger, _ = a_saved_ledger()
    ledger.put("p3", Amount(-3))
    ledger.put("new", Amount(1))
    found = ledger.all(Amount)
    assert (len(found), found["p3"], found["new"], found["p4"]) == (201, Amount(-3), Amount(1), Amount(4))


def test_an_undone_change_of_what_was_only_saved_leaves_what_is_saved() -> None:
    ledger, _ = a_saved_ledger()
    began = ledger.begin()
    ledger.put("p3", Amount(-3))
    ledger.put("new", Amount(1))
    ledger.end(began, is_kept=False)
    assert (ledger.get(Amount, "p3"), ledger.get(Amount, "new")) == (Amount(3), None)
    assert ledger.take_changes() == [("p3", Amount(3))]  # read again since: saved once more, as it is


def test_an_undone_change_leaves_what_is_saved_even_if_all_were_asked_for_meanwhile() -> None:
    ledger, _ = a_saved_ledger()
    with suppress(ZeroDivisionError), ledger.all_or_nothing():
        ledger.put("p7", Amount(-1))
        assert ledger.all(Amount)["p7"] == Amount(-1)
        _ = 1 / 0
    assert ledger.get(Amount, "p7") == Amount(7)
    assert ledger.all(Amount)["p7"] == Amount(7)


def test_what_is_not_saved_cannot_be_forgotten() -> None:
    ledger, saved = a_saved_ledger()
    ledger.put("p3", Amount(-3))
    with pytest.raises(ValueError, match="not saved"):
        ledger.forget(saved)


def test_a_copy_goes_on_by_itself_whatever_is_saved_later() -> None:
    ledger, saved = a_saved_ledger()
    copied = ledger.copy()
    saved.entries.clear()
    assert copied.all(Amount)["p199"] == Amount(199)


steps = st.lists(
    st.tuples(
        st.sampled_from(["put", "get", "all", "undo", "save", "forget", "copy"]),
        st.sampled_from([Amount, Name]),
        st.sampled_from([f"p{number}" for number in range(0, 240, 30)]),
        st.integers(0, 9),
    ),
    max_size=40,
)


@given(steps)
def test_whatever_is_done_it_behaves_as_the_whole_one(done: list[tuple[str, Any, str, int]]) -> None:
    lazy, saved = a_saved_ledger()
    whole, unseen = a_saved_ledger()
    whole.recall()
    for what, of, key, number in done:
        entry = Amount(number) if of is Amount else Name(str(number))
        match what:
            case "put":
                lazy.put(key, entry)
                whole.put(key, entry)
            case "get":
                assert lazy.get(of, key) == whole.get(of, key)
            case "all":
                assert lazy.all(of) == whole.all(of)
            case "copy":
                assert lazy.copy().digest() == whole.digest()
            case "undo":
                for one in (lazy, whole):
                    began = one.begin()
                    one.put(key, entry)
                    one.end(began, is_kept=False)
            case "save" | "forget":
                saved.save(lazy)
                unseen.save(whole)
                if what == "forget":
                    lazy.forget(saved)
    saved.save(lazy)
    unseen.save(whole)
    assert saved.entries == unseen.entries
    assert lazy.digest() == whole.digest()
