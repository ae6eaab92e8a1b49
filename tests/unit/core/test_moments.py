"""When what falls due, closes and is issued."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from shared.core.calendar import Moment, Period
from shared.core.fold import advance
from shared.core.ledger import Ledger
from shared.core.moments import agenda, close_at, due_at, issued_at, valid_until
from shared.core.regime.due import Days, Due, EveryDays, Issue, Months, WorkingDays
from shared.core.regime.model import Held, Regime, Validity
from shared.core.register import working_calendar
from tests.support.builders import (
    JURISDICTION,
    LIST,
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


def test_no_bulletin_is_issued_of_a_period_that_ends_after_the_scheme() -> None:
    """000-4a: 「督查时间。暂定为一年」. Its moments stay: the figures are drawn on."""

    def issued(validity: Validity | None) -> list[str]:
        regime = a_regime(validity=validity)
        played = Played(*_year(regime), until("2026-11-30 00:00"))
        issues = [one for one in played.moments if one.kind == "issue"]
        assert [one.period for one in issues] == ["2026-Q1", "2026-Q2", "2026-Q3"]
        return [one.period for one in issues if issued_at(played.ledger, one, regime)]

    assert issued(None) == ["2026-Q1", "2026-Q2", "2026-Q3"]
    assert issued(Validity(within=Months(months=6))) == ["2026-Q1", "2026-Q2"]
    assert issued(Validity(within=Months(months=5))) == ["2026-Q1"]


def test_a_scheme_stands_from_the_first_day_of_its_force_and_one_without_end_for_ever() -> None:
    regime = a_regime(validity=Validity(within=Months(months=3)))
    ledger = Played(*_year(regime)).ledger
    assert valid_until(ledger, LIST, regime) == date(2026, 3, 31)
    assert valid_until(ledger, LIST, replace(regime, validity=None)) is None
    assert valid_until(ledger, LIST, replace(regime, version=9)) is None  # a draft


def test_a_return_is_late_from_the_instant_after_the_last_day() -> None:
    ledger = Played(*_year()).ledger
    assert due_at(ledger, Period.parse("2026-01"), a_reporting()) == datetime(2026, 2, 5, 16, tzinfo=UTC)


def test_two_lists_at_one_instant_are_played_by_their_code() -> None:
    other = a_list(list="another")
    events = [*_year(), an_adoption(list="another"), other, until("2026-02-10 00:00")]
    assert [one.list for one in Played(*events).moments] == ["another", "city"]


# --- short cadences, and what has no day ----------------------------------------------------------------------


def _daily_and_weekly(**changes: object) -> Regime:
    """000-4b: daily by 11:30 of the day, weekly by Saturday 11:30, monthly by the 28th, 11:30."""
    reporting = (
        a_reporting(cadence="daily", due=Due(time="11:30")),
        a_reporting(cadence="weekly", due=Due(weekday="sat", time="11:30")),
        a_reporting(due=Due(day=28, of="same_month", time="11:30")),
    )
    return a_regime(**{"reporting": reporting, "bulletins": (), "supervision_rules": (), **changes})


def test_a_year_of_days_is_not_drawn_where_nothing_hangs_on_it() -> None:
    played = Played(*_year(_daily_and_weekly()), until("2026-03-15 00:00"))
    assert played.texts == ["01-28 11:30 close 2026-01", "02-28 11:30 close 2026-02"]


def test_days_and_weeks_are_drawn_for_the_rule_or_the_bulletin_that_asks_for_them() -> None:
    (rule,) = a_regime().supervision_rules
    daily = replace(rule, held=Held(consecutive=3, of="daily"))
    ruled = Played(*_year(_daily_and_weekly(supervision_rules=(daily,))), until("2026-01-04 00:00"))
    assert ruled.texts == [
        "01-01 11:30 close 2026-01-01", "01-02 11:30 close 2026-01-02", "01-03 11:30 close 2026-01-03",
    ]  # fmt: skip
    weekly = a_bulletin(cadence="weekly", issue=Issue(working_days_after_close=1))
    told = Played(*_year(_daily_and_weekly(bulletins=(weekly,))), until("2026-01-13 00:00"))
    assert told.texts == [
        "01-03 11:30 close 2026-W01", "01-05 09:00 issue 2026-W01", "01-10 11:30 close 2026-W02",
        "01-12 09:00 issue 2026-W02",
    ]  # fmt: skip


def test_every_week_that_ends_in_the_year_of_the_list_is_drawn_once() -> None:
    weekly = a_bulletin(cadence="weekly")
    played = Played(*_year(_daily_and_weekly(bulletins=(weekly,))), until("2027-02-01 00:00"))
    closed = [one.period for one in played.moments if one.kind == "close" and "W" in one.period]
    assert closed == [f"2026-W{week:02d}" for week in range(1, 53)]


def test_three_days_are_counted_from_the_day_that_the_rule_gives() -> None:
    cadence = EveryDays(every=Days(days=3), anchor=date(2026, 1, 5))
    (rule,) = a_regime().supervision_rules
    regime = a_regime(
        reporting=(a_reporting(cadence=cadence, due=Due()),), bulletins=(),
        supervision_rules=(replace(rule, held=Held(consecutive=1, of=EveryDays(every=Days(days=3)))),),
    )  # fmt: skip
    assert Played(*_year(regime), until("2026-01-09 00:00")).texts == [
        "01-02 00:00 close 2025-12-30-P3D", "01-05 00:00 close 2026-01-02-P3D", "01-08 00:00 close 2026-01-05-P3D",
    ]  # fmt: skip


def test_without_a_day_nothing_is_late_and_the_period_closes_at_its_end() -> None:
    """C05: 003 and 000-15a ask for a return each month and name no day."""
    reporting = a_reporting(due=None)
    played = Played(*_year(a_regime(reporting=(reporting,))), until("2026-02-10 00:00"))
    assert played.texts == ["02-01 00:00 close 2026-01"]
    assert due_at(played.ledger, Period.parse("2026-01"), reporting) is None


def test_what_hangs_on_an_unknown_day_is_never_late() -> None:
    reporting = a_reporting(due=Due(after=Days(days=10), anchor="served"))
    ledger = Played(*_year(a_regime(reporting=(reporting,)))).ledger
    assert due_at(ledger, Period.parse("2026-01"), reporting) is None
    assert close_at(ledger, Period.parse("2026-01"), reporting) == local("2026-02-01 00:00")


def test_a_due_moment_of_the_day_is_followed_by_the_days_of_the_reviewers() -> None:
    reporting = a_reporting(due=Due(day=28, of="same_month", time="11:30"), review_within=WorkingDays(working_days=2))
    played = Played(*_year(a_regime(reporting=(reporting,), bulletins=())), until("2026-02-01 00:00"))
    assert played.texts == ["01-28 11:30 due 2026-01", "01-31 00:00 close 2026-01"]


@pytest.mark.parametrize(
    ("cadences", "issue"),
    [
        (("monthly",), "2026-04-08 09:00"),  # after the close of March, on 5 April
        (("quarterly",), "2026-04-08 09:00"),
        (("monthly", "quarterly"), "2026-04-08 09:00"),  # of its own cadence
        (("yearly",), "2026-04-03 09:00"),  # no return ends in the quarter: after its end
        ((), "2026-04-03 09:00"),
    ],
)
def test_a_bulletin_follows_the_close_of_the_last_returns_it_can_be_about(
    cadences: tuple[str, ...], issue: str
) -> None:
    reporting = tuple(a_reporting(cadence=cadence) for cadence in cadences)
    assert Played(*_year(a_regime(reporting=reporting))).of("issue", "2026-Q1") == issue


def test_a_bulletin_is_issued_by_the_calendar_known_when_its_last_return_opened() -> None:
    in_time = on("2026-02-10 00:00", a_calendar("2026-04-06"))
    assert Played(*_year(), in_time).of("issue", "2026-Q1") == "2026-04-09 09:00"
    too_late = on("2026-03-10 00:00", a_calendar("2026-04-06"))
    assert Played(*_year(), too_late).of("issue", "2026-Q1") == "2026-04-08 09:00"


def test_a_weekly_bulletin_of_monthly_returns_follows_the_month_that_ends_in_the_week() -> None:
    weekly = a_bulletin(cadence="weekly", issue=Issue(working_days_after_close=1))
    played = Played(*_year(a_regime(bulletins=(weekly,))))
    assert played.of("issue", "2026-W04") == "2026-01-26 09:00"
    assert played.of("issue", "2026-W05") == "2026-02-06 09:00"  # January ends in it, and is closed on 5 February


def test_a_bulletin_that_an_event_calls_for_has_no_moment() -> None:
    called_for = a_bulletin(cadence=None, issue=None)
    played = Played(*_year(a_regime(bulletins=(called_for,))), until("2026-04-30 00:00"))
    assert {one.kind for one in played.moments} == {"close"}


def test_the_agenda_of_a_regime_of_days_is_derived_in_no_time() -> None:
    """A new calendar is read once, however many periods ask for it."""
    (rule,) = a_regime().supervision_rules
    daily = replace(rule, held=Held(consecutive=3, of="daily"))
    ledger = Played(on("2025-11-05 00:00", a_jurisdiction()), a_calendar("2026-01-01"),
                    an_adoption(_daily_and_weekly(supervision_rules=(daily,))), a_list()).ledger  # fmt: skip
    first = working_calendar(ledger, known_at=local("2026-05-01 00:00"))
    assert working_calendar(ledger, known_at=local("2026-12-31 00:00")) is first
    assert len(agenda(ledger)) == 365 + 12
