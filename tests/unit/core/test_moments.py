"""When what falls due, closes and is issued."""

from datetime import UTC, datetime

import pytest

from shared.core.calendar import Moment, Period
from shared.core.fold import advance
from shared.core.ledger import Ledger
from shared.core.moments import agenda, due_at, issued_at
from shared.core.regime.model import Due, Issue, Regime, WorkingDays
from tests.support.builders import (
    JURISDICTION,
    ZONE,
    a_bulletin,
    a_calendar,
    a_jurisdiction,
    a_list,
    a_regime,
    a_reporting,
    a_unit,
    an_adoption,
    local,
    on,
    record,
    until,
)


class Played:
    """The fold of a record, and the moments it played, as `02-06 00:00 close 2026-01`."""

    def __init__(self, *events: object) -> None:
        self.ledger = Ledger(JURISDICTION)
        self.moments: list[Moment] = []
        for one in record(*events):
            advance(self.ledger, one, play=lambda _, moment: self.moments.append(moment), apply=lambda *_: None)

    @property
    def texts(self) -> list[str]:
        return [f"{one.at.astimezone(ZONE):%m-%d %H:%M} {one.kind} {one.period}" for one in self.moments]

    def of(self, kind: str, period: str) -> str:
        (found,) = [one.at for one in agenda(self.ledger) if (one.kind, one.period) == (kind, period)]
        return f"{found.astimezone(ZONE):%Y-%m-%d %H:%M}"


def _year(regime: Regime | None = None) -> list[object]:
    return [a_jurisdiction(), an_adoption(regime), a_list()]


def _due(**changes: object) -> Regime:
    return a_regime(reporting=(a_reporting(due=Due(**changes)),))  # type: ignore[arg-type]


def test_a_quarter_is_played_in_order() -> None:
    assert Played(*_year(), until("2026-04-30 00:00")).texts == [
        "02-06 00:00 close 2026-01",
        "03-06 00:00 close 2026-02",
        "04-06 00:00 close 2026-03",
        "04-08 09:00 issue 2026-Q1",
    ]


def test_reviewers_have_working_days_between_due_and_close() -> None:
    regime = a_regime(reporting=(a_reporting(review_within=WorkingDays(working_days=3)),))
    assert Played(*_year(regime), until("2026-02-20 00:00")).texts == [
        "02-06 00:00 due 2026-01",
        "02-11 00:00 close 2026-01",
    ]


@pytest.mark.parametrize(
    ("rule", "period", "due"),
    [
        ({"day": 31, "of": "same_month"}, "2026-02", "2026-03-01 00:00"),
        ({"day": 31, "of": "next_month"}, "2026-03", "2026-05-01 00:00"),
        ({"day": 22, "of": "same_month"}, "2026-02", "2026-02-23 00:00"),
        ({"day": 5, "inclusive": False}, "2026-01", "2026-02-05 00:00"),
        ({"day": 5}, "2026-12", "2027-01-06 00:00"),
        ({"working_day": 5}, "2026-01", "2026-02-07 00:00"),
        ({"working_day": 1}, "2026-01", "2026-02-03 00:00"),
    ],
)
def test_what_is_due_when(rule: dict[str, object], period: str, due: str) -> None:
    assert Played(*_year(_due(**rule))).of("close", period) == due


def test_a_due_day_of_working_days_knows_holidays_and_make_up_days() -> None:
    calendar = a_calendar("2026-02-02", "2026-02-03", make_up=["2026-02-01"])
    played = Played(a_jurisdiction(), on("2025-12-01 00:00", calendar), an_adoption(_due(working_day=2)), a_list())
    assert played.of("close", "2026-01") == "2026-02-05 00:00"


def test_a_calendar_published_after_a_period_opened_moves_nothing_of_it() -> None:
    calendar = a_calendar("2026-02-02", "2026-02-03", "2026-03-02")
    played = Played(*_year(_due(working_day=1)), on("2026-01-20 00:00", calendar), until("2026-03-31 00:00"))
    assert played.texts[:2] == ["02-03 00:00 close 2026-01", "03-04 00:00 close 2026-02"]


def test_a_moment_at_the_very_time_of_an_event_is_played_before_it() -> None:
    assert Played(*_year(), until("2026-02-05 23:59")).texts == []
    assert Played(*_year(), until("2026-02-06 00:00")).texts == ["02-06 00:00 close 2026-01"]


def test_an_outage_changes_nothing() -> None:
    ticks = [until(f"2026-0{month}-{day:02d} 12:00") for month in range(1, 5) for day in range(1, 29)]
    assert Played(*_year(), *ticks).moments == Played(*_year(), ticks[-1]).moments


def test_a_late_or_second_tick_changes_nothing() -> None:
    ticks = [until("2026-02-10 00:00"), until("2026-02-10 00:00"), on("2026-02-03 00:00", a_unit())]
    played = Played(*_year(), *ticks)
    assert played.texts == ["02-06 00:00 close 2026-01"]
    assert played.ledger.clock == local("2026-02-10 00:00")


def test_what_lies_before_the_list_was_published_is_never_played() -> None:
    events = [a_jurisdiction(), an_adoption(), on("2026-03-20 00:00", a_list()), until("2026-04-07 00:00")]
    assert Played(*events).texts == ["04-06 00:00 close 2026-03"]


def test_a_list_that_is_not_published_again_has_no_moments_in_the_new_year() -> None:
    played = Played(*_year(), until("2028-01-01 00:00"))
    assert [text for text in played.texts if "2027" in text] == []
    assert played.texts[-2:] == ["01-06 00:00 close 2026-12", "01-08 09:00 issue 2026-Q4"]


def test_a_list_published_again_goes_on_without_a_gap() -> None:
    played = Played(*_year(), on("2026-12-20 00:00", a_list(2027)), until("2027-02-20 00:00"))
    assert [text for text in played.texts if "close" in text][-2:] == [
        "01-06 00:00 close 2026-12", "02-06 00:00 close 2027-01",
    ]  # fmt: skip


def test_two_regimes_in_sequence_close_every_period_once() -> None:
    """The old one closes a month in the next, the new one within it: June is neither lost nor closed twice."""
    for first, second in [(5, 25), (25, 5)]:
        of = {5: "next_month", 25: "same_month"}
        events = [
            a_jurisdiction(),
            an_adoption(_due(day=first, of=of[first])),
            a_list(),
            on("2026-06-10 00:00", an_adoption(_due(day=second, of=of[second]), "2026-07-01")),
            until("2027-02-01 00:00"),
        ]
        closed = [one.period for one in Played(*events).moments if one.kind == "close"]
        assert closed == [f"2026-{month:02d}" for month in range(1, 13)]


def test_a_period_is_closed_by_the_rules_of_its_last_day() -> None:
    regime = on("2026-02-02 00:00", an_adoption(_due(day=20), "2026-02-01"))
    played = Played(*_year(), regime, until("2026-03-31 00:00"))
    assert played.texts == ["02-06 00:00 close 2026-01", "03-21 00:00 close 2026-02"]


def test_bulletins_of_one_cadence_are_each_issued_at_their_own_moment() -> None:
    late = a_bulletin(id="late", issue=Issue(working_days_after_close=5))
    twin = a_bulletin(id="twin")
    regime = a_regime(bulletins=(a_bulletin(), late, twin))
    played = Played(*_year(regime), until("2026-04-30 00:00"))
    issues = [one for one in played.moments if one.kind == "issue"]
    issued = [[one.id for one in issued_at(played.ledger, moment, regime)] for moment in issues]
    assert issued == [["quarterly", "twin"], ["late"]]
    closes = [one for one in played.moments if one.kind == "close"]
    assert issued_at(played.ledger, closes[0], regime) == []


def test_a_return_is_late_from_the_instant_after_the_last_day() -> None:
    ledger = Played(*_year()).ledger
    assert due_at(ledger, Period.parse("2026-01"), a_reporting()) == datetime(2026, 2, 5, 16, tzinfo=UTC)


def test_two_lists_at_one_instant_are_played_by_their_code() -> None:
    other = a_list(list="another")
    events = [*_year(), an_adoption(list="another"), other, until("2026-02-10 00:00")]
    assert [one.list for one in Played(*events).moments] == ["another", "city"]
