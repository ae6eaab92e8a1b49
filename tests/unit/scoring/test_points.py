"""Points of components, their total, and what vetoes take away."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from services.scoring.domain.points import component_points, points_of, vetoes_of
from services.scoring.domain.row import Row
from shared.core.numbers import EXACT
from shared.core.regime.language import Bound, Every, Has, Where, Window
from shared.core.regime.model import (
    AllOrNothing,
    Award,
    Bonus,
    ByCount,
    Component,
    Counted,
    Deducted,
    InProportion,
    Multiplied,
    Proportional,
    Rate,
    Regime,
    Steps,
    Tiers,
    Times,
    Veto,
)
from shared.core.regime.terms import Table
from tests.support.builders import a_regime, a_scoring


@dataclass
class ASubject:
    """A subject with these measures, rows and category, at the end of a year."""

    values: Mapping[str, Decimal | None] = field(default_factory=dict)
    kept: Mapping[Window, Sequence[Row]] = field(default_factory=dict)
    category: str | None = None
    year_ended: bool = True
    half_year_ended: bool = True

    def value(self, name: str) -> Decimal | None:
        return self.values[name]

    def lacks(self, name: str) -> bool:
        return False

    def has(self, wanted: Has) -> bool | None:
        return None if self.category is None else self.category == wanted.category

    def cells(self, where: Where) -> bool | None:
        return None

    def rows(self, table: Table, where: Where | None, window: Window) -> Sequence[Row]:
        kept = [row for row in self.kept.get(window, ()) if row.table == table]
        return [row for row in kept if where is None or row.has(where)]


def measured(**values: str | None) -> ASubject:
    return ASubject({name: None if value is None else Decimal(value) for name, value in values.items()})


def with_rows(*rows: Row, window: Window = "year_to_date") -> ASubject:
    return ASubject(kept={window: rows})


def an_incident(**cells: Any) -> Row:
    return Row("incident", "e1", date(2026, 3, 1), "p1", "bureau-a", "", cells)


def scored_by(*components: Component, vetoes: tuple[Veto, ...] = ()) -> Regime:
    return a_regime(scoring=a_scoring(components=components, vetoes=vetoes))


def points(component: Component, subject: ASubject) -> Decimal | None:
    return points_of(scored_by(component), subject)[component.id]


_MET = {"met": Decimal(1)}


def _plain(name: str, worth: str, **changes: Any) -> AllOrNothing:
    return AllOrNothing(id=name, all_or_nothing=Award(when=_MET, points=Decimal(worth)), **changes)


# --- each kind of component -----------------------------------------------------------------------------------


@pytest.mark.parametrize(("met", "given"), [("1", 60), ("0", 0), (None, None)])
def test_all_or_nothing_gives_all_nothing_or_is_not_known(met: str | None, given: int | None) -> None:
    assert points(_plain("base", "60"), measured(met=met)) == given


@pytest.mark.parametrize(("met", "given"), [("1", 2), ("0", -3), (None, None)])
def test_plus_for_what_is_done_and_minus_for_what_is_not(met: str | None, given: int | None) -> None:
    """H06: 实行加减分制度 (000-6)."""
    component = AllOrNothing(id="x", all_or_nothing=Award(when=_MET, points=Decimal(2), otherwise=Decimal(-3)))
    assert points(component, measured(met=met)) == given


@pytest.mark.parametrize(
    ("includes", "at", "given"),
    [
        ("lower", "0.99", 0), ("lower", "1", 10), ("lower", "4.99", 10), ("lower", "5", 15), ("lower", "500", 15),
        ("upper", "1", 0), ("upper", "1.01", 10), ("upper", "5", 10), ("upper", "5.01", 15), ("lower", None, None),
    ],
)  # fmt: skip
def test_a_threshold_belongs_to_the_row_above_or_below_it(includes: Any, at: str | None, given: int | None) -> None:
    table = ((Decimal(1), Decimal(10)), (Decimal(5), Decimal(15)))
    component = Tiers(id="weight", tiers=Steps(of="planned_yi", table=table, includes=includes))
    assert points(component, measured(planned_yi=at)) == given


def _bonus(done: str | None, met: str | None = "1") -> Decimal | None:
    exceeded = {"ratio": Bound(above=Decimal(1))}
    rate = Rate(of="ratio", above=Decimal(1), pp=Decimal(3), points=Decimal(1), at_most=Decimal(10))
    return points(Bonus(id="bonus", when=Every((_MET, exceeded)), per=rate), measured(ratio=done, met=met))


@pytest.mark.parametrize(("done", "given"), [("1", "0"), ("1.03", "1"), ("1.015", "0.5"), ("1.3", "10"), ("9", "10")])
def test_a_bonus_grows_by_the_point_exactly_and_is_capped(done: str, given: str) -> None:
    assert _bonus(done) == Decimal(given)


def test_the_noise_of_a_quotient_is_no_step_and_no_bonus() -> None:
    noisy = Decimal("1." + "0" * 38 + "1")
    assert _bonus(str(noisy)) == 0
    steps = Tiers(id="steps", tiers=Steps(of="ratio", table=((Decimal(1), Decimal(5)),), includes="upper"))
    assert points(steps, measured(ratio=str(noisy))) == 0


def test_a_bonus_needs_both_of_its_conditions() -> None:
    """H04: 超额完成年度投资计划, and every target met (003)."""
    assert _bonus("1.3", met="0") == 0
    assert _bonus("0.9", met="1") == 0
    assert _bonus("1.3", met=None) is None
    assert _bonus(None, met="0") == 0, "one that fails decides"


@pytest.mark.parametrize(
    ("done", "given"), [("0", "0"), ("0.25", "5"), ("1", "20"), ("1.4", "20"), ("-0.5", "0"), (None, None)]
)
def test_points_follow_the_share_that_is_done_up_to_all_of_them(done: str | None, given: str | None) -> None:
    """H05: 按照完成比例统一加分 (000-6)."""
    component = Proportional(id="x", proportional=InProportion(of="ratio", points=Decimal(20)))
    assert points(component, measured(ratio=done)) == (None if given is None else Decimal(given))


@pytest.mark.parametrize(
    ("at_most", "done", "given"), [(None, "60", "10"), (None, "120", "10"), ("12", "66", "11"), ("12", "90", "12")]
)
def test_a_share_may_have_another_whole_and_another_cap(at_most: str | None, done: str, given: str) -> None:
    cap = None if at_most is None else Decimal(at_most)
    share = InProportion(of="score", points=Decimal(10), full_at=Decimal(60), at_most=cap)
    assert points(Proportional(id="x", proportional=share), measured(score=done)) == Decimal(given)


def test_a_deduction_in_proportion_is_capped_on_its_own_side() -> None:
    component = Proportional(id="x", proportional=InProportion(of="shortfall", points=Decimal(-10)))
    assert points(component, measured(shortfall="0.3")) == -3
    assert points(component, measured(shortfall="2")) == -10


_EACH = ByCount(per="incident", points=Decimal(2), where={"kind": "accident"}, at_most=Decimal(5))
_ACCIDENT = an_incident(kind="accident")


@pytest.mark.parametrize(("count", "given"), [(0, 0), (1, 2), (2, 4), (3, 5)])
def test_rows_are_counted_up_to_the_cap(count: int, given: int) -> None:
    subject = with_rows(*[_ACCIDENT] * count, an_incident(kind="interference"))
    assert points(Counted(id="x", add=_EACH), subject) == given
    assert points(Deducted(id="x", deduct=_EACH), subject) == -given


def test_rows_outside_the_window_do_not_count() -> None:
    subject = with_rows(_ACCIDENT, window="since_start")
    assert points(Deducted(id="x", deduct=_EACH), subject) == 0


def test_nothing_deducted_is_a_plain_zero() -> None:
    found = points(Deducted(id="x", deduct=_EACH), with_rows())
    assert str(found) == "0"


_BY_SEVERITY = ByCount(per="incident", points={"major": Decimal(5), "minor": Decimal(1)}, by="severity")


def test_each_severity_has_its_own_points() -> None:
    rows = [an_incident(severity=one) for one in ("major", "minor", "minor", "trifling")]
    assert points(Deducted(id="x", deduct=_BY_SEVERITY), with_rows(*rows)) == -7


def test_points_may_go_by_whatever_a_row_names() -> None:
    by_unit = ByCount(per="incident", points={"u": Decimal(3)}, by="unit", where={"project": "p"})
    rows = [
        replace(an_incident(), unit=unit, project=project) for unit, project in (("u", "p"), ("v", "p"), ("u", "q"))
    ]
    assert points(Counted(id="x", add=by_unit), with_rows(*rows)) == 3


def test_quotients_leave_no_noise_in_points() -> None:
    third = measured(share=str(EXACT.divide(Decimal(1), Decimal(3))))
    parts = [Proportional(id=name, proportional=InProportion(of="share", points=Decimal(10))) for name in "abc"]
    whole = Proportional(id="whole", proportional=InProportion(of="share", points=Decimal(30)))
    assert points(whole, third) == 10
    assert points_of(scored_by(*parts), third)["total"] == 10
    reached = Tiers(id="reached", tiers=Steps(of="whole", table=((Decimal(10), Decimal(5)),)))
    assert points(reached, measured(whole="9." + "9" * 38)) == 5


def test_a_severity_that_nobody_gave_leaves_the_points_unknown() -> None:
    rows = [an_incident(severity="major"), an_incident(severity=None)]
    assert points(Deducted(id="x", deduct=_BY_SEVERITY), with_rows(*rows)) is None


def _times(*names: str, name: str = "factor") -> Multiplied:
    table = ((Decimal(1), Decimal("1.2")), (Decimal(5), Decimal("1.5")))
    return Multiplied(id=name, multiply=Times(components=names, by=Steps(of="planned_yi", table=table)))


@pytest.mark.parametrize(("planned", "total"), [("0.5", "30"), ("1", "36"), ("5", "45"), (None, None)])
def test_a_factor_multiplies_the_points_of_other_components(planned: str | None, total: str | None) -> None:
    regime = scored_by(_times("a", "b"), _plain("a", "10"), _plain("b", "20"))
    found = points_of(regime, measured(met="1", planned_yi=planned))["total"]
    assert found == (None if total is None else Decimal(total))


def test_a_factor_may_stand_on_another() -> None:
    regime = scored_by(_times("a", "first", name="second"), _times("a", name="first"), _plain("a", "10"))
    assert points_of(regime, measured(met="1", planned_yi="1"))["total"] == Decimal("14.4")


def test_factors_that_stand_on_each_other_are_unknown() -> None:
    regime = scored_by(_times("two", name="one"), _times("one", name="two"))
    assert points_of(regime, measured(planned_yi="1")) == {"one": None, "two": None, "total": None}


# --- whom they are for, and when ------------------------------------------------------------------------------


def test_a_component_for_another_class_adds_nothing_and_is_left_out() -> None:
    """H10: 分类考核的原则 (000-5)."""
    among = Has(category="industry")
    regime = scored_by(_plain("all", "10"), _plain("industry", "5", among=among))
    subject = measured(met="1")
    subject.category = "industry"
    assert points_of(regime, subject) == {"all": 10, "industry": 5, "total": 15}
    subject.category = "roads"
    assert points_of(regime, subject) == {"all": 10, "total": 10}
    subject.category = None
    assert points_of(regime, subject) == {"all": 10, "industry": None, "total": None}


def test_a_factor_has_nothing_to_multiply_where_a_component_is_for_others() -> None:
    regime = scored_by(_times("industry"), _plain("industry", "10", among=Has(category="industry")))
    subject = measured(met="1", planned_yi="1")
    subject.category = "roads"
    assert points_of(regime, subject) == {"factor": 0, "total": 0}


@pytest.mark.parametrize(
    ("half_year_ended", "year_ended", "judged"),
    [
        (False, False, {"any_time"}),
        (True, False, {"any_time", "half_year"}),
        (True, True, {"any_time", "half_year", "year_end"}),
    ],
)
def test_each_component_waits_for_its_time(*, half_year_ended: bool, year_ended: bool, judged: set[str]) -> None:
    times: tuple[Any, ...] = ("any_time", "half_year", "year_end")
    subject = measured(met="1")
    subject.half_year_ended, subject.year_ended = half_year_ended, year_ended
    found = points_of(scored_by(*(_plain(one, "1", judged=one) for one in times)), subject)
    assert {name for name in times if found[name] is not None} == judged
    assert found["total"] == (3 if year_ended else None)


def test_a_regime_without_components_gives_no_points() -> None:
    assert points_of(scored_by(), measured()) == {}
    assert points_of(a_regime(scoring=None), measured()) == {}


def test_one_component_is_worked_out_without_the_others() -> None:
    regime = scored_by(_plain("base", "60"), Tiers(id="weight", tiers=Steps(of="planned_yi", table=())))
    subject = measured(met="1")  # of which no plan can be asked
    assert component_points(regime, subject, "base") == 60
    assert component_points(regime, subject, "no such one") is None
    assert component_points(scored_by(_plain("base", "60")), subject, "total") == 60


# --- vetoes ---------------------------------------------------------------------------------------------------


def a_veto(result: Any = "zero", measure: str = "breaches", name: str = "integrity") -> Veto:
    above = {measure: Bound(above=Decimal(0))}
    return Veto(id=name, when=above, result=result, legal_basis="a law", plan_item="a plan")


@pytest.mark.parametrize(("breaches", "total"), [("0", 60), ("1", 0), (None, None)])
def test_a_veto_makes_the_total_zero_and_leaves_the_components(breaches: str | None, total: int | None) -> None:
    """H16: 党风廉政“一票否决制” (000-14)."""
    regime = scored_by(_plain("base", "60"), vetoes=(a_veto(),))
    assert points_of(regime, measured(met="1", breaches=breaches)) == {"base": 60, "total": total}


def test_a_veto_makes_zero_even_of_a_total_that_is_not_known_yet() -> None:
    regime = scored_by(_plain("base", "60"), vetoes=(a_veto(),))
    assert points_of(regime, measured(met=None, breaches="1")) == {"base": None, "total": 0}


@pytest.mark.parametrize("result", ["not_ranked", "no_award"])
def test_other_vetoes_leave_the_points_alone(result: str) -> None:
    regime = scored_by(_plain("base", "60"), vetoes=(a_veto(result),))
    assert points_of(regime, measured(met="1", breaches="1"))["total"] == 60


def test_each_veto_says_whether_it_strikes() -> None:
    vetoes = (a_veto("zero", "a", "a"), a_veto("no_award", "b", "b"), a_veto("no_award", "c", "c"))
    regime, subject = scored_by(vetoes=vetoes), measured(a="1", b="0", c=None)
    assert vetoes_of(regime, subject) == {"a": True, "b": False, "c": None}
    assert vetoes_of(regime, subject, "no_award") == {"b": False, "c": None}
    assert vetoes_of(a_regime(scoring=None), subject) == {}
