"""Who is who, what is listed, which rules apply when."""

from datetime import date

import pytest

from shared.core.calendar import Period
from shared.core.errors import CannotApply
from shared.core.events import PostAssigned, PostEnded
from shared.core.fold import advance
from shared.core.ledger import Ledger
from shared.core.register import (
    Project,
    adopted_version,
    listing_of,
    members,
    posts_of,
    regime_at,
    regime_for,
    working_calendar,
)
from tests.support.builders import (
    JURISDICTION,
    LIST,
    a_calendar,
    a_jurisdiction,
    a_list,
    a_project,
    a_regime,
    a_unit,
    a_year,
    an_adoption,
    local,
    on,
    record,
    until,
)


def _folded(*events: object) -> Ledger:
    ledger = Ledger(JURISDICTION)
    for one in record(*events):
        advance(ledger, one, play=lambda *_: None, apply=lambda *_: None)
    return ledger


def _refused(*events: object) -> str:
    *before, last = record(*events)
    ledger = Ledger(JURISDICTION)
    for one in before:
        advance(ledger, one, play=lambda *_: None, apply=lambda *_: None)
    digest = ledger.digest()
    with pytest.raises(CannotApply) as refusal:
        advance(ledger, last, play=lambda *_: None, apply=lambda *_: None)
    assert ledger.digest() == digest
    return str(refusal.value)


def test_the_first_person_of_the_office_may_supervise() -> None:
    assert posts_of(_folded(a_jurisdiction()), "supervisor-1") == {("supervisor", "office", "")}


@pytest.mark.parametrize(
    ("events", "reason"),
    [
        ([a_unit()], "not opened"),
        ([a_jurisdiction(), a_jurisdiction()], "open already"),
        ([a_jurisdiction(time_zone="Mars/Olympus")], "no time zone"),
        ([a_jurisdiction(time_zone="../etc/passwd")], "no time zone"),
        ([a_jurisdiction(time_zone="")], "no time zone"),
        ([a_jurisdiction(), a_list(0)], "the year 0"),
        ([a_jurisdiction(), a_list(9999)], "the year 9999"),
        ([a_jurisdiction(), an_adoption(effective_on="0001-01-01")], "the year 1"),
        ([a_jurisdiction(), a_unit(), a_project()], "not published"),
        ([a_jurisdiction(), a_list(), a_project()], "not registered"),
        ([a_jurisdiction(), PostAssigned(person="p", post="signer", unit="nowhere")], "not registered"),
    ],
)
def test_what_the_record_cannot_mean_is_not_applied(events: list[object], reason: str) -> None:
    assert reason in _refused(*events)


def test_a_post_is_held_until_it_ends() -> None:
    assigned = PostAssigned(person="zhang", post="signer", unit="office")
    ended = PostEnded(person="zhang", post="signer", unit="office")
    assert posts_of(_folded(a_jurisdiction(), assigned), "zhang") == {("signer", "office", "")}
    assert posts_of(_folded(a_jurisdiction(), assigned, ended), "zhang") == frozenset()


def test_a_project_may_stand_on_several_lists_and_once_on_each() -> None:
    on_two = [*a_year(a_project("p1"), a_project("p2")), a_list(list="province"), a_project(list="province")]
    ledger = _folded(*on_two, a_project("p1", name="renamed"))
    assert members(ledger, LIST, 2026) == ("p1", "p2")
    assert members(ledger, "province", 2026) == ("p1",)
    assert ledger.all(Project)["p1"].listed_on == {(LIST, 2026), ("province", 2026)}


def test_each_list_and_year_keeps_its_own_listing() -> None:
    ledger = _folded(
        *a_year(), a_unit("bureau-b"), a_list(2027), a_project(year=2027, lead="bureau-b"), until("2026-12-31 00:00")
    )  # fmt: skip
    assert listing_of(ledger, LIST, 2026, "p1").lead_unit == "bureau-a"
    assert listing_of(ledger, LIST, 2027, "p1").lead_unit == "bureau-b"


def test_of_the_regimes_effective_by_then_the_last_adopted_is_in_force() -> None:
    ledger = _folded(
        a_jurisdiction(),
        an_adoption(a_regime(version=1)),
        an_adoption(a_regime(version=2), "2026-07-01"),
        an_adoption(a_regime(version=3), "2026-04-01"),
    )

    def in_force(when: str) -> int | None:
        regime = regime_at(ledger, LIST, local(when))
        return regime.version if regime else None

    assert in_force("2025-12-31 23:59") is None
    assert in_force("2026-01-01 00:00") == 1
    assert in_force("2026-03-31 23:59") == 1
    assert in_force("2026-04-01 00:00") == 3
    assert in_force("2026-08-01 00:00") == 3, "what was adopted later for an earlier date replaces it"


def test_a_period_has_the_regime_in_force_on_its_last_day() -> None:
    second = an_adoption(a_regime(version=2), "2026-03-31")
    ledger = _folded(a_jurisdiction(), an_adoption(), second)
    versions = [regime_for(ledger, LIST, Period.parse(text)) for text in ("2025-12", "2026-02", "2026-03", "2026-Q1")]
    assert [one and one.version for one in versions] == [None, 1, 2, 2]


def test_a_regime_is_found_by_its_version_for_ever() -> None:
    ledger = _folded(a_jurisdiction(), an_adoption(), an_adoption(a_regime(version=2)))
    assert [adopted_version(ledger, LIST, version) for version in (1, 3)] == [a_regime(), None]


def test_a_calendar_is_known_from_the_time_at_which_it_was_recorded() -> None:
    ledger = _folded(a_jurisdiction(), on("2026-03-10 12:00", a_calendar("2026-05-01")))
    may_day = date(2026, 5, 1)
    assert working_calendar(ledger, known_at=local("2026-03-10 11:59")).is_working(may_day)
    assert not working_calendar(ledger, known_at=local("2026-03-10 12:00")).is_working(may_day)


def test_a_later_calendar_of_a_region_and_year_takes_the_place_of_the_earlier() -> None:
    ledger = _folded(
        a_jurisdiction(), a_calendar("2026-05-01"), a_calendar("2026-05-04"), a_calendar("2027-01-01", year=2027)
    )
    known = working_calendar(ledger, known_at=local("2026-03-01 00:00"))
    assert known.days_off == {date(2026, 5, 4), date(2027, 1, 1)}


def test_an_event_at_or_before_the_position_changes_nothing() -> None:
    events = record(*a_year())
    ledger = _folded(*a_year())
    digest = ledger.digest()
    for one in events:
        advance(ledger, one, play=lambda *_: None, apply=lambda *_: None)
    assert (ledger.digest(), ledger.position) == (digest, events[-1].position)


def test_what_moves_no_moment_keeps_the_agenda() -> None:
    ledger = _folded(*a_year())
    agenda = ledger.agenda
    assert agenda is not None
    late = record(*a_year(), a_unit("new"), a_project("p9"))[-2:]
    for one in late:
        advance(ledger, one, play=lambda *_: None, apply=lambda *_: None)
    assert ledger.agenda is agenda
