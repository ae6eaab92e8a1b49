"""Who waits behind an event that cannot be applied?"""

import pytest

from shared.core.parking import Parked, Parking, scope_of


def test_only_the_entity_of_a_parked_event_waits() -> None:
    parking = Parking()
    parking.park("project", "p1", 7, "no such list")
    assert parking.holds("project", "p1") == "behind the parked event at position 7: no such list"
    assert parking.holds("project", "p2") is None
    assert parking.holds("person", "p1") is None
    assert not parking.holds_jurisdiction


@pytest.mark.parametrize("kind", ["jurisdiction", "regime", "calendar", "list", "unit", "time"])
def test_what_many_rest_on_parks_the_jurisdiction(kind: str) -> None:
    parking = Parking()
    parking.park(kind, "any", 3, "poison")
    assert scope_of(kind) == "jurisdiction"
    assert parking.holds_jurisdiction
    assert parking.holds("project", "p1") is not None


@pytest.mark.parametrize("kind", ["project", "person", "notice", "bulletin", "duty"])
def test_everything_else_is_an_entity_of_its_own(kind: str) -> None:
    assert scope_of(kind) == "entity"


def test_what_waits_is_counted_and_names_the_event_it_stands_behind() -> None:
    parking = Parking()
    parking.park("project", "p1", 7, "no such list")
    waits = parking.park("project", "p1", 9, parking.holds("project", "p1") or "")
    assert (parking.count, waits.behind) == (2, 7)
    assert parking.holds("project", "p1") == "behind the parked event at position 7: no such list"


def test_what_stands_behind_a_parked_jurisdiction_holds_nothing_of_its_own() -> None:
    parking = Parking([Parked("unit", "town-a", 2, "poison"), Parked("project", "p1", 3, "behind", behind=2)])
    assert parking.holds("project", "p1") == "behind the parked event at position 2: poison"
    assert parking.count == 2


@pytest.mark.parametrize("kind", ["permit", "listing", "duty"])
def test_what_rests_on_a_project_waits_behind_it_and_the_project_does_not_wait_behind_that(kind: str) -> None:
    parking = Parking()
    parking.park("project", "p1", 7, "no such list")
    assert parking.holds(kind, "p1") == "behind the parked event at position 7: no such list"
    assert parking.holds(kind, "p2") is None
    parking.park(kind, "p2", 8, "never filed")
    assert parking.holds("project", "p2") is None
