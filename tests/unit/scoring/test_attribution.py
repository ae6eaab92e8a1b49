"""A move between two points is split into causes, in a fixed order, with the events behind each."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from services.scoring.domain.attribution import NAMED_MAX, Moved, Point, Step, attribute
from services.scoring.project import project
from shared.core.calendar import Moment
from shared.core.events import BaselineReset, ProjectExited, ReportWithdrawn, ReturnReviewed
from shared.core.ledger import Ledger
from shared.core.period import Period
from shared.core.regime.model import LightMemory
from shared.core.regime.scoring import Repeated
from shared.core.register import regime_for
from tests.support.builders import (
    JURISDICTION,
    LIST,
    YI,
    a_correction,
    a_plan,
    a_project,
    a_ranking,
    a_regime,
    a_reporting,
    a_return,
    a_scoring,
    a_year,
    an_adoption,
    on,
    record,
    until,
)

RATIO = "measure:investment_ratio"
JANUARY = ("2026-01", "2026-01")
FEBRUARY = until("2026-02-10 00:00")
RETURN = on("2026-02-03 10:00", a_return("p1", "2026-01", yi="3"), id="r1")


def _moved(
    before: Sequence[object], after: Sequence[object], *, periods: tuple[str, str] = ("2026-01", "2026-01")
) -> list[Moved]:
    """What moved from the end of one part of a record, judged for a period, to the end of the whole."""
    events = record(*before, *after)
    points: list[Point] = []
    for part, period in zip((events[: len(before)], events), periods, strict=True):
        ledger = Ledger(JURISDICTION)
        for one in part:
            project(ledger, one)
        regime = regime_for(ledger, LIST, Period.parse(period))
        assert regime is not None
        points.append(Point(ledger, Moment(LIST, "close", period, ledger.clock), regime))
    a, b = points
    return attribute(a, b, events)


def _steps(moved: Sequence[Moved], subject: str = "p1", about: str = RATIO) -> tuple[Step, ...]:
    return next((one.steps for one in moved if (one.subject, one.about) == (subject, about)), ())


def _parts(moved: Sequence[Moved], subject: str = "p1", about: str = RATIO) -> list[tuple[str, str, str]]:
    return [(one.cause, _text(one.before), _text(one.after)) for one in _steps(moved, subject, about)]


def _text(value: object) -> str:
    return f"{value:f}" if isinstance(value, Decimal) else str(value)


def test_nothing_between_two_equal_points_moves_nothing() -> None:
    assert _moved([*a_year(), RETURN], []) == []


def test_a_return_is_progress_and_named() -> None:
    first = on("2026-02-02 10:00", a_return("p1", "2026-01", yi="1"))
    moved = _moved([*a_year(), first], [RETURN])
    (step,) = _steps(moved)
    assert (step.cause, step.events, step.count) == ("progress", ("r1",), 1)
    assert step.difference is not None
    assert step.difference.quantize(Decimal("0.0001")) == Decimal("0.1667")


def test_each_cause_has_its_part_and_one_ends_where_the_next_begins() -> None:
    other = on("2026-02-01 10:00", a_return("p1", "2025-12", yi="1"))
    between = [
        on("2026-02-03 11:00", BaselineReset(
            list=LIST, year=2026, project="p1", annual_planned_investment_yuan=6 * YI, approver="a",
            document_number="1", reason="r",
        ), id="b1"),
        on("2026-02-04 10:00", a_return("p1", "2026-01", yi="4.5"), id="r2"),
        on("2026-02-04 11:00", a_correction("r2", yi="6"), id="c1"),
    ]  # fmt: skip
    moved = _moved([*a_year(), other, RETURN], between)
    assert _parts(moved) == [
        ("baseline", "0.25", "0.5"), ("progress", "0.5", "0.75"), ("correction", "0.75", "1"),
    ]  # fmt: skip
    assert [one.events for one in _steps(moved)] == [("b1",), ("r2",), ("c1",)]


def test_a_late_return_is_progress_as_if_in_time_and_then_what_lateness_took() -> None:
    regime = a_regime(reporting=(a_reporting(late=replace(a_reporting().late, counts_as="no_progress")),))
    late = on("2026-02-07 10:00", a_return("p1", "2026-01", yi="3"), id="late")
    steps = _steps(_moved([*a_year(regime=regime)], [late]))
    assert [(one.cause, one.events) for one in steps] == [("progress", ("late",)), ("lateness", ("late",))]
    assert _text(steps[0].after) == "0.25"
    assert steps[-1].after != steps[-1].before


def test_withdrawn_and_adjusted_in_review_are_corrections() -> None:
    adjusted = ReturnReviewed(
        project="p1", period="2026-01", verdict="adjusted", step="office", investment_ytd_yuan=6 * YI
    )
    assert _parts(_moved([*a_year(), RETURN], [on("2026-02-04 10:00", adjusted)])) == [("correction", "0.25", "0.5")]
    withdrawn = ReportWithdrawn(project="p1", withdrawn_event="r1", reason="r")
    assert _parts(_moved([*a_year(), RETURN], [on("2026-02-04 10:00", withdrawn)])) == [("correction", "0.25", "None")]


def test_who_leaves_or_comes_moves_the_list_by_membership() -> None:
    listed = (a_project("p1"), a_project("p2", lead="bureau-b"))
    both = [RETURN, on("2026-02-03 11:00", a_return("p2", "2026-01", yi="12"))]
    left = ProjectExited(list=LIST, year=2026, project="p2", on=FEBRUARY.at.date().replace(day=1, month=1))
    moved = _moved([*a_year(*listed), *both], [on("2026-02-04 10:00", left, id="x1")])
    assert _parts(moved, LIST) == [("membership", "0.625", "0.25")]
    assert _steps(moved, LIST)[0].events == ("x1",)


def test_a_relisting_is_membership_and_its_amount_is_baseline() -> None:
    again = on("2026-02-04 10:00", a_project("p1", plan_yi="6"), id="l1")
    assert _parts(_moved([*a_year(), RETURN], [again])) == [("baseline", "0.25", "0.5")]


def test_other_rules_are_the_last_cause_of_ones_own() -> None:
    measures = a_regime().measures
    measures = {**measures, "share": measures["investment_ratio"]}
    plan = on("2026-02-04 09:00", a_plan(yi="6"))
    rules = on("2026-02-04 10:00", an_adoption(a_regime(version=2, measures=measures)), id="a1")
    moved = _moved([*a_year(), RETURN], [plan, rules])
    assert _parts(moved) == [("baseline", "0.25", "0.5")]
    assert [(one.cause, one.after, one.events) for one in _steps(moved, about="measure:share")] == [
        ("rule_change", Decimal("0.5"), ("a1",))
    ]


def test_who_is_passed_by_others_is_moved_by_others() -> None:
    regime = a_regime(scoring=a_scoring(ranking=a_ranking(by="investment_ratio")))
    listed = (a_project("p1"), a_project("p2", lead="bureau-b"))
    second = on("2026-02-03 11:00", a_return("p2", "2026-01", yi="1"))
    more = on("2026-02-04 10:00", a_return("p2", "2026-01", yi="6"), id="r3")
    moved = _moved([*a_year(*listed, regime=regime), RETURN, second], [more])
    assert _parts(moved, "bureau-a", "rank") == [("others_moved", "1", "2")]
    assert _steps(moved, "bureau-a", "rank")[0].events == ("r3",)
    assert _parts(moved, "bureau-b", "rank") == [("progress", "2", "1")]


def test_a_light_that_hardens_by_the_closes_between_is_moved_by_time_and_not_by_rules() -> None:
    """A yellow that was yellow at both closes before is red: what those found is remembered, not blamed on anybody."""
    regime = a_regime(light_memory=LightMemory(repeated=Repeated(light="yellow", times=3, becomes="red")))
    returned = [on(f"2026-0{month + 1}-02 10:00", a_return("p1", f"2026-0{month}", yi="0.1")) for month in (1, 2, 3)]
    before, (_, *after) = [*a_year(regime=regime), returned[0]], returned
    moved = _moved(before, [*after, until("2026-04-04 00:00")], periods=("2026-01", "2026-03"))
    assert _parts(moved, about="light") == [("time", "yellow", "red")]


def test_of_many_events_the_first_are_named_and_all_are_counted() -> None:
    many = [on(f"2026-02-03 {10 + place // 60}:{place % 60:02}", a_return("p1", "2026-01", yi=str(place / 10)))
            for place in range(NAMED_MAX + 5)]  # fmt: skip
    first = on("2026-02-02 10:00", a_return("p1", "2026-01", yi="1"))
    (step,) = _steps(_moved([*a_year(), first], many))
    assert (len(step.events), step.count) == (NAMED_MAX, NAMED_MAX + 5)


def test_the_ledgers_that_are_compared_stay_as_they_were() -> None:
    events = record(*a_year(), RETURN)
    a, b = Ledger(JURISDICTION), Ledger(JURISDICTION)
    for one in events:
        project(b, one)
    for one in events[:-1]:
        project(a, one)
    digests = a.digest(), b.digest()
    moment = Moment(LIST, "close", "2026-01", b.clock)
    assert attribute(Point(a, moment, a_regime()), Point(b, moment, a_regime()), events)
    assert (a.digest(), b.digest(), a.position) == (*digests, len(events) - 1)
