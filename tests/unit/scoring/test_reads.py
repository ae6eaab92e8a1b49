"""What a reader may see of standings before, and after, the bulletin has reached them."""

from typing import Any

import pytest

from services.scoring.reads import as_seen, sees_places
from shared.core.events import LineDrawn
from tests.catalogue.case import Outcome, outcome, regime
from tests.support.builders import LIST, Timed, a_project, a_return, a_year, approval_of, on
from tests.support.facts import a_post, a_responsibility

RANKED = """scoring:
  subjects: %s
  components: [ { id: base, all_or_nothing: { when: { investment_ratio: { at_least: 0 } }, points: 9 } } ]
  ranking: { by: investment_ratio, legal_basis: law, plan_item: item, at_most: monthly }"""
ISSUED = """bulletins:
  - { id: one, kind: 通报, cadence: monthly, issue: { working_days_after_close: 1 }, sections: [ranking]%s }"""
TELLING = """measures:
  from_below: { place: bottom }
  points_so_far: { points: total }
  is_last: { met: { from_below: { at_most: 1 } } }
  twice: { weighted: [ { of: is_last, weight: 2 } ] }
lights: [ { red: { is_last: 1 } }, { green: otherwise } ]"""
CLOSED = "2026-02-20 12:00"


def a_found(
    *rules: str, subjects: str = "[unit]", issued: str = ISSUED % "", events: tuple[Timed, ...] = (), at: str = CLOSED
) -> Outcome:
    listed = [a_project(f"p{unit}", lead=f"bureau-{unit}") for unit in "ab"]
    returns = [on("2026-02-03 10:00", a_return(one.project, yi=yi)) for one, yi in zip(listed, "91", strict=True)]
    head = a_year(*listed, regime=regime(RANKED % subjects, issued, *rules))
    first = [one for one in events if one.at < returns[0].at]
    return outcome(*head, a_post(), *first, *returns, *(one for one in events if one not in first), at=at)


def seen(found: Outcome, **how: Any) -> dict[str, LineDrawn]:
    ledger = found.scored.ledger
    return {one.subject: one for one in as_seen(ledger, found.scored.lines("2026-01"), **how)}


def test_no_measure_that_rests_on_places_or_points_is_seen_before_they_are_out() -> None:
    found = a_found(TELLING)
    open_to_all = {"investment_ratio", "time_progress", "deviation_pp"}
    for line in seen(found, with_places=False).values():
        assert line.measures.keys() == line.displayed.keys() == open_to_all
        assert (line.rank, line.points, line.light) == (None, {}, None)
    assert seen(found, with_places=True)["bureau-a"].measures.keys() > open_to_all


def test_a_light_that_rests_on_no_place_is_seen_by_all() -> None:
    found = a_found("lights: [ { red: { investment_ratio: { below: 0.2 } } }, { green: otherwise } ]")
    assert seen(found, with_places=False)["bureau-b"].light == "red"


def test_whom_the_bulletin_will_name_is_not_seen_before_it() -> None:
    """000-4b: 「拟通报的问题要严守秘密」."""
    late = "reporting: [ { cadence: monthly, due: { day: 1 }, late: { circulate: true } } ]"
    found = a_found(late, issued=ISSUED.replace("ranking", "late_returns") % "")
    assert seen(found, with_places=True)[LIST].noted == {"late_returns": ("bureau-a", "bureau-b")}
    assert seen(found, with_places=False)[LIST].noted == {}


def test_lines_of_persons_are_not_for_everybody_even_when_all_is_out() -> None:
    leads = on("2026-01-05 10:00", a_responsibility("pa"))
    found = a_found(subjects="[unit, leader]", events=(leads,))
    assert seen(found, with_places=True, with_persons=True)["leader-1"].rank == 1
    assert {one.subject_kind for one in seen(found, with_places=True).values()} == {"project", "unit", "list"}


@pytest.mark.parametrize(
    ("more", "at", "is_seen"),
    [
        ("", "2026-02-20 13:00", True),
        (", audience: [leaders]", "2026-03-20 13:00", False),
        (", audience: [leaders, units], then_after: { days: 2 }", "2026-02-22 23:59", False),
        (", audience: [leaders, units], then_after: { days: 2 }", "2026-02-23 00:00", True),
    ],
)
def test_a_unit_sees_places_once_the_bulletin_has_reached_units(more: str, at: str, is_seen: bool) -> None:
    draft = a_found(issued=ISSUED % more).bulletins[0]
    signed = on(CLOSED, approval_of(draft), actor="signer-1")
    ledger = a_found(issued=ISSUED % more, events=(signed,), at=at).scored.ledger
    assert sees_places(ledger, "head-a", list_code=LIST, period="2026-01") is is_seen


def test_a_notice_to_a_unit_tells_no_place_and_no_points() -> None:
    behind = """supervision_rules:
  - { id: slow, about: unit, when: { investment_ratio: { below: 0.5 } }, held: { of: monthly }, ladder: reminding }
ladders: { reminding: [ { step: due_reminder, serve: [lead_unit], unsigned: true } ] }"""
    found = a_found(TELLING, behind)
    (hit,) = found.hits
    (notice,) = found.notices
    assert hit.measures.keys() == hit.displayed.keys() == {"investment_ratio", "time_progress", "deviation_pp"}
    assert notice.items[0].displayed == hit.displayed
