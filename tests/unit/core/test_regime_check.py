"""Each fault of a regime that is well-formed has its code and its place."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from shared.core.regime.check import faults
from shared.core.regime.model import (
    Award,
    Bound,
    Deviation,
    Due,
    Every,
    Held,
    Issue,
    Met,
    Numbers,
    Rate,
    Regime,
    Some,
    Step,
    Table,
    Tiers,
    WorkingDays,
)
from tests.support.builders import (
    a_bulletin,
    a_ladder,
    a_lane,
    a_ranking,
    a_regime,
    a_reporting,
    a_rule,
    a_scoring,
    with_measures,
)

UNKNOWN: Any = {"nothing": Decimal(1)}
_COMPONENTS: Any = a_scoring().components
_BASE, _WEIGHT, _BONUS = _COMPONENTS
_RATE = Rate(of="investment_ratio", above=Decimal(1), pp=Decimal(1), points=Decimal(1), at_most=Decimal(9))


def _scored(**changes: Any) -> Regime:
    return a_regime(scoring=a_scoring(**changes))


def _tiers(*thresholds: int, of: str = "planned_yi", points: str = "1") -> Regime:
    table = tuple((Decimal(one), Decimal(points)) for one in thresholds)
    return _scored(components=(Tiers(id="weight", tiers=Table(of=of, table=table)),))


def _bonus(**changes: Any) -> Regime:
    return _scored(components=(replace(_BONUS, **changes),))


def _step(**changes: Any) -> Regime:
    reminder, notice = a_ladder()
    return a_regime(ladders={"project": (reminder, replace(notice, **changes))})


_REMINDER = Step(step="due_reminder", serve=("lead_unit",), unsigned=True)

CASES: list[tuple[str, str, Regime]] = [
    ("unknown_measure", "/measures/m/deviation_pp",
     with_measures(m=Deviation(deviation_pp="x", against="time_progress"))),
    ("unknown_measure", "/measures/m/against", with_measures(m=Deviation(deviation_pp="start_rate", against="x"))),
    ("unknown_measure", "/measures/m/met/nothing", with_measures(m=Met(met=UNKNOWN))),
    ("unknown_measure", "/measures/m/met/any/0/nothing", with_measures(m=Met(met=Some((UNKNOWN,))))),
    ("circular_measure", "/measures/m", with_measures(m=Met(met={"m": Decimal(1)}))),
    ("unknown_measure", "/numbers/decimals/x", a_regime(numbers=Numbers(decimals={"x": 1}))),
    ("out_of_range", "/numbers/decimals/start_rate", a_regime(numbers=Numbers(decimals={"start_rate": 11}))),
    ("out_of_range", "/numbers/money_decimals", a_regime(numbers=Numbers(decimals={}, money_decimals=-1))),
    ("no_return", "/reporting", a_regime(reporting=(), supervision_rules=(), bulletins=())),
    ("due_day_unclear", "/reporting/0/due", a_regime(reporting=(a_reporting(due=Due()),))),
    ("due_day_unclear", "/reporting/0/due", a_regime(reporting=(a_reporting(due=Due(day=1, working_day=1)),))),
    ("out_of_range", "/reporting/0/due/day", a_regime(reporting=(a_reporting(due=Due(day=0)),))),
    ("out_of_range", "/reporting/0/due/working_day", a_regime(reporting=(a_reporting(due=Due(working_day=0)),))),
    ("out_of_range", "/reporting/0/review_within/working_days",
     a_regime(reporting=(a_reporting(review_within=WorkingDays(working_days=-1)),))),
    ("duplicate_name", "/reporting", a_regime(reporting=(a_reporting(), a_reporting()))),
    ("unknown_measure", "/lights/0/green/nothing", a_regime(lights=({"green": UNKNOWN},))),
    ("unreachable_light", "/lights/1", a_regime(lights=({"green": "otherwise"}, {"red": "otherwise"}))),
    ("unknown_measure", "/scoring/ranking/by", _scored(ranking=a_ranking(by="x"))),
    ("ranking_without_basis", "/scoring/ranking", _scored(ranking=a_ranking(legal_basis=" "))),
    ("ranking_without_basis", "/scoring/ranking", _scored(ranking=a_ranking(plan_item=""))),
    ("out_of_range", "/scoring/ranking/minimum_group", _scored(ranking=a_ranking(minimum_group=0))),
    ("duplicate_name", "/scoring/components", _scored(components=(_BASE, _BASE))),
    ("duplicate_name", "/scoring/components", _scored(components=(replace(_WEIGHT, id="total"),))),
    ("duplicate_name", "/scoring/lanes", _scored(lanes=(a_lane("towns", "town"), a_lane("towns", "county")))),
    ("unknown_measure", "/scoring/components/0/all_or_nothing/when/nothing",
     _scored(components=(replace(_BASE, all_or_nothing=Award(when=UNKNOWN, points=Decimal(1))),))),
    ("unknown_measure", "/scoring/components/0/when/nothing", _bonus(when=UNKNOWN)),
    ("unknown_measure", "/scoring/components/0/per/of", _bonus(per=replace(_RATE, of="x"))),
    ("no_step", "/scoring/components/0/per/pp", _bonus(per=replace(_RATE, pp=Decimal(0)))),
    ("out_of_range", "/scoring/components/0/per/points", _bonus(per=replace(_RATE, points=Decimal("1E+99")))),
    ("unknown_measure", "/scoring/components/0/tiers/of", _tiers(0, 1, of="x")),
    ("tiers_overlap", "/scoring/components/0/tiers/table", _tiers(0, 5, 1)),
    ("tiers_overlap", "/scoring/components/0/tiers/table", _tiers(0, 1, 1)),
    ("out_of_range", "/scoring/components/0/tiers/table/0/1", _tiers(0, points="1E+9")),
    ("empty_condition", "/supervision_rules/0/when", a_regime(supervision_rules=(a_rule(when={}),))),
    ("empty_condition", "/supervision_rules/0/when", a_regime(supervision_rules=(a_rule(when=Every(())),))),
    ("empty_condition", "/supervision_rules/0/when/deviation",
     a_regime(supervision_rules=(a_rule(when={"deviation": Bound()}),))),
    ("unknown_ladder", "/supervision_rules/0/ladder", a_regime(supervision_rules=(a_rule(ladder="x"),))),
    ("no_such_close", "/supervision_rules/0/held/of",
     a_regime(supervision_rules=(a_rule(held=Held(consecutive=1, of="yearly")),))),
    ("out_of_range", "/supervision_rules/0/held/consecutive",
     a_regime(supervision_rules=(a_rule(held=Held(consecutive=0, of="monthly")),))),
    ("duplicate_name", "/supervision_rules", a_regime(supervision_rules=(a_rule(), a_rule()))),
    ("empty_ladder", "/ladders/project", a_regime(ladders={"project": ()})),
    ("duplicate_name", "/ladders/project", a_regime(ladders={"project": (_REMINDER, _REMINDER)})),
    ("unsigned_consequence", "/ladders/project/1/unsigned", _step(unsigned=True)),
    ("nobody_signs", "/ladders/project/1/sign_off", _step(sign_off=("checker",))),
    ("signer_not_last", "/ladders/project/1/sign_off", _step(sign_off=("signer", "checker"))),
    ("signer_not_last", "/ladders/project/1/sign_off", _step(sign_off=("signer", "signer"))),
    ("out_of_range", "/ladders/project/1/rectify_within", _step(rectify_within=WorkingDays(working_days=0))),
    ("nobody_signs", "/bulletins/0/sign_off", a_regime(bulletins=(a_bulletin(sign_off=()),))),
    ("nothing_ranked", "/bulletins/0/sections", a_regime(scoring=None)),
    ("duplicate_name", "/bulletins", a_regime(bulletins=(a_bulletin(), a_bulletin()))),
    ("out_of_range", "/bulletins/0/issue/working_days_after_close",
     a_regime(bulletins=(a_bulletin(issue=Issue(working_days_after_close=0)),))),
    *(("bad_number", "/bulletins/0/number", a_regime(bulletins=(a_bulletin(number=number),)))
      for number in ("{year}", "{n}", "{year}-{n", "{year}{n}{x}", "{year!r}{n}", "{year.real}{n}", "{year}{n:9999}")),
]  # fmt: skip


def test_a_sound_regime_has_no_fault() -> None:
    assert faults(a_regime()) == []


@pytest.mark.parametrize(("code", "pointer", "regime"), CASES, ids=[f"{code} {at}" for code, at, _ in CASES])
def test_a_fault_is_named_with_its_place(code: str, pointer: str, regime: Regime) -> None:
    assert (code, pointer) in [(one.code, one.pointer) for one in faults(regime)]


@pytest.mark.parametrize(("code", "pointer", "regime"), CASES, ids=[f"{code} {at}" for code, at, _ in CASES])
def test_the_sentence_of_a_fault_has_all_its_blanks_filled(code: str, pointer: str, regime: Regime) -> None:
    assert all(one.message.format(**one.values) for one in faults(regime))


def test_a_long_chain_of_measures_is_checked_at_once() -> None:
    """Each measure uses the one before twice: walking every path would take 2 to the 60th steps."""
    chain = {f"m{n}": Deviation(deviation_pp=f"m{n - 1}", against=f"m{n - 1}") for n in range(1, 60)}
    regime = with_measures(m0=Deviation(deviation_pp="start_rate", against="time_progress"), **chain)
    assert faults(regime) == []


@pytest.mark.parametrize("number", ["〔{year}〕{n}号", "{year}-{n:03d}", "{year}年第{n}期"])
def test_a_document_number_has_its_year_and_its_count(number: str) -> None:
    assert faults(a_regime(bulletins=(a_bulletin(number=number),))) == []
