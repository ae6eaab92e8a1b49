"""Whose is it? What the record says of an owner (project, unit, person, list), table by table."""

from bisect import bisect_left
from collections.abc import Iterable, Sequence

from services.scoring.domain.entries import PAGE_SIZE, Fact, Page
from shared.core.ledger import Ledger
from shared.core.regime.terms import Table


def ids_of(ledger: Ledger, table: Table, owner: str) -> Sequence[str]:
    """The ids of an owner's things in a table, in the order of the record."""
    first = ledger.get(Page, f"{table}/{owner}/0")
    if first is None:
        return ()
    if len(first.ids) < PAGE_SIZE:
        return first.ids
    found = [*first.ids]
    while page := ledger.get(Page, f"{table}/{owner}/{len(found) // PAGE_SIZE}"):
        found += page.ids
        if len(page.ids) < PAGE_SIZE:
            break
    return found


def enter(ledger: Ledger, table: Table, one: str, owners: Iterable[str]) -> None:
    """Note a thing for each of its owners, unless it was the last page's already."""
    for owner in dict.fromkeys(owners):
        number = _last_page(ledger, table, owner)
        page = ledger.get(Page, f"{table}/{owner}/{number}")
        ids = page.ids if page else ()
        if one not in ids:
            ledger.put(f"{table}/{owner}/{number}", Page((*ids, one)))


def _last_page(ledger: Ledger, table: Table, owner: str) -> int:
    """The page that is not full: all before it are, so that few need to be looked at."""

    def has_room(number: int) -> bool:
        page = ledger.get(Page, f"{table}/{owner}/{number}")
        return page is None or len(page.ids) < PAGE_SIZE

    many = 1
    while not has_room(many - 1):
        many *= 2
    return bisect_left(range(many), True, lo=many // 2, key=has_room)


def keep(ledger: Ledger, one: str, fact: Fact, *owners: str) -> None:
    """Keep a fact, and note it for all whom it names; one that names no project is everybody's, or its `owners`'."""
    ledger.put(one, fact)
    beside = owners or (() if fact.projects else ("",))
    enter(ledger, fact.table, one, (*fact.projects, *fact.units, *fact.persons, *beside))
