"""What holds for any two points of every history: the parts of a move are the whole move, and name what was between."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from decimal import Context, Decimal

from hypothesis import given
from hypothesis import strategies as st

from services.scoring.domain.attribution import CAUSES, Key, Moved, Point, attribute
from services.scoring.domain.judge import lines_of
from services.scoring.domain.views import current_view, view_at
from services.scoring.project import follow, follow_to
from shared.core.calendar import Moment
from shared.core.errors import CannotApply
from shared.core.events import (
    AnyRecorded,
    BaselineReset,
    LineDrawn,
    ProgressReported,
    ProjectExited,
    RegimeAdopted,
    ReportWithdrawn,
    ReturnReviewed,
)
from shared.core.ledger import Ledger
from shared.core.regime.model import LightMemory, Regime
from shared.core.regime.scoring import Repeated
from tests.property.test_histories import FEW, PROJECTS, History, amounts
from tests.support.builders import JURISDICTION, LIST, YI, a_project

WIDE = Context(prec=300)
moves = st.lists(
    st.tuples(
        st.sampled_from(
            ["return", "return", "return", "nil", "tick", "stage", "plan", "correct", "calendar", "rules", "unit",
             "nonsense", "exit", "reset", "withdraw", "adjust", "relist"]
        ),
        st.sampled_from([0, 1, 9, 20, 28, 31]),
        st.sampled_from(PROJECTS),
        amounts,
    ),
    min_size=5,
    max_size=20,
)  # fmt: skip
cuts = st.tuples(st.integers(8, 28), st.integers(8, 28)).map(lambda both: (min(both), max(both)))


def _harder(regime: Regime) -> Regime:
    """Lights harden, and what comes late is no progress."""
    reporting = tuple(replace(one, late=replace(one.late, counts_as="no_progress")) for one in regime.reporting)
    memory = LightMemory(repeated=Repeated(light="yellow", times=2, becomes="red"))
    return replace(regime, light_memory=memory, reporting=reporting)


class Wider(History):
    """With exits, resets, withdrawals, adjusting reviews and relistings besides, under rules that remember."""

    def _add(self, data: object) -> None:
        if isinstance(data, RegimeAdopted):
            data = replace(data, regime=_harder(data.regime))
        super()._add(data)

    def _move(self, kind: str, code: str, yi: str) -> object:
        year, today, amount = 2026, self.clock.date(), Decimal(yi) * YI
        returns = [one for one in self.events if isinstance(one.data, ProgressReported) and one.data.project == code]
        match kind:
            case "exit":
                return ProjectExited(list=LIST, year=year, project=code, on=today)
            case "relist":
                return a_project(code, plan_yi=yi)
            case "reset":
                return BaselineReset(
                    list=LIST, year=year, project=code, annual_planned_investment_yuan=amount, approver="a",
                    document_number="1", reason="r",
                )  # fmt: skip
            case "withdraw":
                event = returns[-1].id if returns else "none"
                return ReportWithdrawn(project=code, withdrawn_event=event, reason="r")
            case "correct" if returns:
                return super()._move(kind, code, yi)
            case "adjust":
                period = returns[-1].data.period if returns else "2026-01"
                return ReturnReviewed(
                    project=code, period=period, verdict="adjusted", step="office", investment_ytd_yuan=amount
                )
            case _:
                return super()._move(kind, code, yi)


def point(events: Sequence[AnyRecorded], *, later: timedelta = timedelta(0)) -> Point:
    ledger = Ledger(JURISDICTION)
    for one in events:
        try:
            follow(ledger, one)
        except CannotApply:
            follow_to(ledger, one.recorded_at)
    follow_to(ledger, ledger.clock + later)
    ledger.position = events[-1].position
    view = current_view(ledger, LIST, ledger.clock)
    assert view is not None
    return Point(ledger, Moment(LIST, "close", str(view.period), ledger.clock), view.regime)


def lines(point: Point) -> dict[Key, LineDrawn]:
    found = lines_of(view_at(point.ledger, point.moment, point.regime), point.moment.id)
    return {(one.subject_kind, one.subject): one for one in found}


def chained(moved: Moved) -> None:
    ends = [moved.before, *(one.after for one in moved.steps)]
    assert [one.before for one in moved.steps] == ends[:-1]
    assert ends[-1] == moved.after
    assert [one.cause for one in moved.steps] == sorted((one.cause for one in moved.steps), key=CAUSES.index)
    known = [one.difference for one in moved.steps]
    if None not in known and moved.difference is not None:
        total = Decimal(0)
        for one in known:
            total = WIDE.add(total, one or Decimal(0))
        assert total == moved.difference


@FEW
@given(moves, cuts)
def test_the_steps_are_the_whole_move_from_what_was_to_what_is(
    steps: list[tuple[str, int, str, str]], cut: tuple[int, int]
) -> None:
    events = Wider(steps).events
    a, b = point(events[: cut[0]]), point(events[: cut[1]])
    moves_found = attribute(a, b, events)
    was, now = lines(a), lines(b)
    named = {(one.subject_kind, one.subject, one.about): one for one in moves_found}
    for key in was | now:
        before, after = was.get(key), now.get(key)
        for name in {**(before.measures if before else {}), **(after.measures if after else {})}:
            old, new = (line.measures.get(name) if line else None for line in (before, after))
            one = named.get((*key, f"measure:{name}"))
            assert (one.before, one.after) == (old, new) if one else old == new
        ranks = tuple(line.rank if line else None for line in (before, after))
        rank = named.get((*key, "rank"))
        assert (rank.before, rank.after) == ranks if rank else ranks[0] == ranks[1]
    for one in moves_found:
        chained(one)


@FEW
@given(moves, cuts)
def test_only_events_between_the_points_are_named(steps: list[tuple[str, int, str, str]], cut: tuple[int, int]) -> None:
    events = Wider(steps).events
    between = {one.id for one in events[cut[0] : cut[1]]}
    for moved in attribute(point(events[: cut[0]]), point(events[: cut[1]]), events):
        for one in moved.steps:
            assert set(one.events) <= between
            assert one.count >= len(one.events)


@FEW
@given(moves, st.integers(8, 28), st.integers(0, 70))
def test_where_nothing_is_recorded_only_time_moves(steps: list[tuple[str, int, str, str]], cut: int, days: int) -> None:
    events = Wider([one for one in steps if one[0] != "rules"]).events[:cut]
    found = attribute(point(events), point(events, later=timedelta(days=days)), events)
    own = [one for one in found if one.about not in {"rank", "band"}]
    assert {step.cause for one in own for step in one.steps} <= {"time"}
    assert {step.cause for one in found for step in one.steps} <= {"time", "others_moved"}


@FEW
@given(moves, cuts)
def test_rules_are_blamed_only_where_there_are_others(
    steps: list[tuple[str, int, str, str]], cut: tuple[int, int]
) -> None:
    events = Wider([one for one in steps if one[0] != "rules"]).events
    assert sum(isinstance(one.data, RegimeAdopted) for one in events) == 1
    found = attribute(point(events[: cut[0]]), point(events[: cut[1]]), events)
    assert [one for one in found if any(step.cause == "rule_change" for step in one.steps)] == []
