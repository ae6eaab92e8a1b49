"""Who holds which role for a project, and on which days."""

from collections.abc import Sequence
from typing import Any

import pytest

from shared.core.errors import CannotApply
from shared.core.fold import advance
from shared.core.ledger import Ledger
from shared.core.register import holders, holdings
from tests.support.builders import JURISDICTION, a_list, a_project, a_unit, a_year, on, record
from tests.support.facts import a_post, a_responsibility, day, the_end_of_a_post


def _folded(*events: object, listed: Sequence[Any] = (a_project(),)) -> Ledger:
    ledger = Ledger(JURISDICTION)
    for one in record(*a_year(*listed), a_unit("bureau-b"), *events):
        advance(ledger, one, play=lambda *_: None, apply=lambda *_: None)
    return ledger


def test_a_listing_says_who_leads_supports_and_owns_all_the_year() -> None:
    ledger = _folded(listed=[a_project(supporting_units=("bureau-b", "bureau-c"), owner="works")])
    for on_day in (None, day("2026-01-01"), day("2026-12-31")):
        assert holders(ledger, "p1", "lead_unit", on=on_day) == ("bureau-a",)
        assert holders(ledger, "p1", "supporting_unit", on=on_day) == ("bureau-b", "bureau-c")
        assert holders(ledger, "p1", "owner", on=on_day) == ("works",)
    assert holders(ledger, "p1", "lead_unit", on=day("2025-12-31")) == ()


def test_another_lead_unit_leads_from_the_day_on_which_it_is_told() -> None:
    ledger = _folded(on("2026-05-04 10:00", a_project(lead="bureau-b")))
    assert holders(ledger, "p1", "lead_unit", on=day("2026-05-03")) == ("bureau-a",)
    assert holders(ledger, "p1", "lead_unit", on=day("2026-05-04")) == ("bureau-b",)
    assert holders(ledger, "p1", "lead_unit") == ("bureau-b",)
    assert holders(ledger, "p1", "lead_unit", ever=True) == ("bureau-a", "bureau-b")


def test_next_years_list_published_early_says_nothing_of_this_year() -> None:
    ledger = _folded(on("2026-12-10 10:00", a_list(2027)), a_project(lead="bureau-b", year=2027))
    assert holders(ledger, "p1", "lead_unit", on=day("2026-12-31")) == ("bureau-a",)
    assert holders(ledger, "p1", "lead_unit", on=day("2027-01-01")) == ("bureau-b",)


def test_a_listing_that_says_the_same_again_changes_nothing() -> None:
    assert len(holdings(_folded(a_project()), "p1", "lead_unit", ever=True)) == 1


def test_a_role_is_held_from_its_assignment_to_its_end() -> None:
    ledger = _folded(
        on("2026-03-02 10:00", a_responsibility(liability="leadership")),
        on("2026-06-01 10:00", a_responsibility(ends=True)),
        on("2026-06-01 10:00", a_responsibility(person="leader-2")),
    )
    by_day = [
        holders(ledger, "p1", "sponsor_leader", on=day(text)) for text in ("2026-03-01", "2026-03-02", "2026-06-01")
    ]
    assert by_day == [(), ("leader-1",), ("leader-2",)]
    assert holders(ledger, "p1", "sponsor_leader", ever=True) == ("leader-1", "leader-2")
    assert holdings(ledger, "p1", "sponsor_leader", ever=True)[0].liability == "leadership"


def test_a_post_for_a_project_is_a_role_for_it_in_protocol_order() -> None:
    second, first = (
        a_post(person, "sponsor_leader", project="p1", protocol_order=place) for person, place in (("b", 2), ("a", 1))
    )
    ledger = _folded(second, first)
    assert holders(ledger, "p1", "sponsor_leader") == ("a", "b")
    ended = _folded(second, first, the_end_of_a_post("a", "sponsor_leader", project="p1"))
    assert holders(ended, "p1", "sponsor_leader") == ("b",)


@pytest.mark.parametrize("role", ["unit_head", "liaison"])
def test_the_head_and_the_liaison_of_a_project_are_those_of_its_lead_unit(role: Any) -> None:
    ledger = _folded(
        a_post("a", role), a_post("b", role, "bureau-b"), on("2026-05-04 10:00", a_project(lead="bureau-b"))
    )
    assert holders(ledger, "p1", role, on=day("2026-05-03")) == ("a",)
    assert holders(ledger, "p1", role) == ("b",)
    assert holders(_folded(a_post("a", role), a_responsibility(role=role, person="own")), "p1", role) == ("own",)
    assert holders(_folded(a_post("a", role), the_end_of_a_post("a", role)), "p1", role) == ()


def test_other_posts_of_a_unit_are_no_roles_of_its_projects() -> None:
    ledger = _folded(a_post("a", "sponsor_leader"), a_post("b", "reporter"))
    assert holders(ledger, "p1", "sponsor_leader") == ()


def test_a_role_of_units_is_held_by_the_unit_and_one_of_people_by_the_person() -> None:
    both = {"unit": "bureau-b", "person": "clerk"}
    ledger = _folded(a_responsibility(role="handling_unit", **both), a_responsibility(role="handling_person", **both))
    assert holders(ledger, "p1", "handling_unit") == ("bureau-b",)
    assert holders(ledger, "p1", "handling_person") == ("clerk",)


@pytest.mark.parametrize(
    ("event", "reason"),
    [
        (a_responsibility("p9"), "project p9 is not listed"),
        (a_responsibility(ends=True), "leader-1 is not sponsor_leader"),
        (a_responsibility(unit="", person=""), "nobody is named"),
    ],
)
def test_what_cannot_be_meant_of_a_role_is_refused(event: object, reason: str) -> None:
    with pytest.raises(CannotApply, match=reason):
        _folded(event)
