"""Every moment before an event is played once and in time, however seldom the agenda is looked at."""

from datetime import datetime, timedelta

import pytest

from shared.core.calendar import Moment
from shared.core.errors import CannotApply
from shared.core.fold import advance, pass_time
from shared.core.ledger import Ledger
from tests.support.builders import a_jurisdiction, a_unit, local, on, record

START = local("2026-01-01 00:00")


def _ledger(*days: int) -> Ledger:
    ledger = Ledger("testcity", clock=START)
    ledger.agenda = _agenda(*days)
    return ledger


def _agenda(*days: int) -> list[Moment]:
    return [Moment("city", "close", f"2026-{day:02d}", _day(day)) for day in days]


def _day(day: int) -> datetime:
    return START + timedelta(days=day)


def _played(ledger: Ledger, until: datetime) -> list[str]:
    played: list[str] = []
    pass_time(ledger, until, play=lambda _, moment: played.append(moment.period))
    return played


def test_a_moment_is_played_when_time_reaches_it_and_never_again() -> None:
    ledger = _ledger(3, 5, 9)
    assert [_played(ledger, _day(day)) for day in (1, 2, 3, 4, 8, 8, 20, 21)] == [
        [], [], ["2026-03"], [], ["2026-05"], [], ["2026-09"], [],
    ]  # fmt: skip


def test_a_moment_that_comes_into_the_agenda_later_is_played_in_time() -> None:
    ledger = _ledger(9)
    assert _played(ledger, _day(2)) == []
    ledger.agenda = _agenda(1, 4, 9)
    assert _played(ledger, _day(5)) == ["2026-04"]


def test_an_earlier_instant_changes_nothing() -> None:
    ledger = _ledger(3, 9)
    assert _played(ledger, _day(5)) == ["2026-03"]
    assert _played(ledger, _day(2)) == []
    assert ledger.clock == _day(5)
    assert _played(ledger, _day(9)) == ["2026-09"]


def test_a_moment_whose_playing_failed_comes_again() -> None:
    ledger = _ledger()
    first, second, third = record(a_jurisdiction(), on("2026-01-05 00:00", a_unit()), on("2026-01-06 00:00", a_unit()))
    advance(ledger, first, play=lambda *_: None, apply=lambda *_: None)

    def fail(*_: object) -> None:
        raise ZeroDivisionError("nothing to divide by")

    ledger.agenda = _agenda(3)
    with pytest.raises(CannotApply, match="ZeroDivisionError: nothing to divide by"):
        advance(ledger, second, play=fail, apply=lambda *_: None)
    assert (ledger.clock, ledger.position, ledger.quiet_until) == (START, first.position, None)
    ledger.agenda = _agenda(3)
    played: list[str] = []
    advance(ledger, third, play=lambda _, moment: played.append(moment.period), apply=lambda *_: None)
    assert played == ["2026-03"]
