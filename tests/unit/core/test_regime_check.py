"""Each fault of a regime that is well-formed has its code and its place."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from shared.core.regime.check import faults, remarks
from shared.core.regime.due import Days, Due, EveryDays, Hours, Issue, Season, Shift, WorkingDays
from shared.core.regime.language import Bound, Cells, ChainStep, Every, Has, Last, Not, Some
from shared.core.regime.management import (
    Burden,
    ClassScheme,
    Duty,
    Gate,
    ListChanges,
    Reporting,
    Requirement,
    Reward,
    Rotation,
    Task,
)
from shared.core.regime.measures import (
    Amount,
    Count,
    Deviation,
    Fixed,
    Met,
    Part,
    Place,
    Scored,
    Share,
    Slots,
    Taken,
    TimeProgress,
    Weighted,
)
from shared.core.regime.model import Numbers, Regime
from shared.core.regime.publishing import Board, Pick, Publication, PublicChannel
from shared.core.regime.pursuit import Held, Step
from shared.core.regime.scoring import (
    AllOrNothing,
    Award,
    Band,
    ByCount,
    Counted,
    Deducted,
    InProportion,
    LightMemory,
    Multiplied,
    Proportional,
    Rate,
    Repeated,
    Steps,
    Tiers,
    Times,
    Veto,
)
from shared.infra.texts import catalogue
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
_ONE = Decimal(1)


def _scored(**changes: Any) -> Regime:
    return a_regime(scoring=a_scoring(**changes))


def _tiers(*thresholds: int, of: str = "planned_yi", points: str = "1") -> Regime:
    table = tuple((Decimal(one), Decimal(points)) for one in thresholds)
    return _scored(components=(Tiers(id="weight", tiers=Steps(of=of, table=table)),))


def _bonus(**changes: Any) -> Regime:
    return _scored(components=(replace(_BONUS, **changes),))


def _step(**changes: Any) -> Regime:
    reminder, notice = a_ladder()
    return a_regime(ladders={"project": (reminder, replace(notice, **changes))})


_REMINDER = Step(step="due_reminder", serve=("lead_unit",), unsigned=True)
_PROPOSED = Step(step="accountability", serve=("lead_unit",), sign_off=("signer",), competent="discipline_body")


def _about(about: Any, when: Any, **changes: Any) -> Regime:
    return a_regime(supervision_rules=(a_rule(about=about, when=when, **changes),))


def _due(due: Due, cadence: Any = "monthly") -> Regime:
    return a_regime(reporting=(a_reporting(due=due, cadence=cadence),), supervision_rules=())


def _duty(**changes: Any) -> Regime:
    return a_regime(duties=(replace(Duty(id="visit", who="sponsor_leader", do="duty_visit", per="weekly"), **changes),))


def _component(component: Any) -> Regime:
    return _scored(components=(component,))


def _counted(**by_count: Any) -> Regime:
    return _component(Counted(id="c", add=ByCount(**{"per": "return", "points": _ONE, **by_count})))


def _classes(**classes: Any) -> Regime:
    return a_regime(classes=classes)


def _bulletin(**changes: Any) -> Regime:
    return a_regime(bulletins=(a_bulletin(**changes),))


_PLATES = ClassScheme(of="category", names=("industry", "trade"))
_STEPS = Steps(of="start_rate", table=((_ONE, _ONE),))
_FIVE = ByCount(per="meeting", points=Decimal(5))

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
    ("out_of_range", "/ladders/project/1/rectify_within/working_days",
     _step(rectify_within=WorkingDays(working_days=-1))),
    ("nobody_signs", "/bulletins/0/sign_off", a_regime(bulletins=(a_bulletin(sign_off=()),))),
    ("nothing_ranked", "/bulletins/0/sections", a_regime(scoring=None)),
    ("duplicate_name", "/bulletins", a_regime(bulletins=(a_bulletin(), a_bulletin()))),
    ("out_of_range", "/bulletins/0/issue/working_days_after_close",
     a_regime(bulletins=(a_bulletin(issue=Issue(working_days_after_close=0)),))),
    *(("bad_number", "/bulletins/0/number", a_regime(bulletins=(a_bulletin(number=number),)))
      for number in ("{year}", "{n}", "{year}-{n", "{year}{n}{x}", "{year!r}{n}", "{year.real}{n}", "{year}{n:9999}")),
]  # fmt: skip

MORE: list[tuple[str, str, Regime]] = [
    # names that lead nowhere
    ("unknown_measure", "/measures/m/weighted/0/of", with_measures(m=Weighted(weighted=(Part(of="x", weight=_ONE),)))),
    ("unknown_measure", "/measures/m/share_of/none/0/nothing", with_measures(m=Share(share_of=Not((UNKNOWN,))))),
    ("unknown_measure", "/scoring/components/0/proportional/of",
     _component(Proportional(id="c", proportional=InProportion(of="x", points=_ONE)))),
    ("unknown_measure", "/requirements/0/must/nothing",
     a_regime(requirements=(Requirement(id="r", about="project", must=UNKNOWN),))),
    ("unknown_measure", "/list_changes/exit_when/nothing", a_regime(list_changes=ListChanges(exit_when=UNKNOWN))),
    ("unknown_ladder", "/supervision_rules/0/ladder", a_regime(supervision_rules=(a_rule(ladder=""),))),
    ("unknown_chain", "/plan_approval", a_regime(plan_approval="x")),
    ("unknown_chain", "/list_changes/exit_chain", a_regime(list_changes=ListChanges(exit_chain="x"))),
    ("unknown_chain", "/rewards/0/approval",
     a_regime(rewards=(Reward(id="r", about="unit", when={"start_rate": _ONE}, award="praise", approval="x"),))),
    ("unknown_component", "/scoring/components/0/multiply/components",
     _component(Multiplied(id="c", multiply=Times(components=("x",), by=_STEPS)))),
    ("unknown_component", "/measures/m/points", with_measures(m=Scored(points="x"))),
    ("unknown_scheme", "/supervision_rules/0/when/classes/x", _about("project", Has(classes={"x": "y"}))),
    ("unknown_class", "/lights/0/green/classes/plates",
     a_regime(classes={"plates": _PLATES}, lights=({"green": Has(classes={"plates": "x"})}, {"red": "otherwise"}))),
    ("unknown_class", "/lights/0/green/category",
     a_regime(classes={"plates": _PLATES}, lights=({"green": Has(category=("trade", "x"))}, {"red": "otherwise"}))),
    ("unknown_class", "/duties/0/rotate/order",
     replace(_duty(rotate=Rotation(over="category", order=("x",))), classes={"plates": _PLATES})),
    ("unknown_class", "/classes/plates/counts/x", _classes(plates=replace(_PLATES, counts={"x": 1}))),
    ("class_scheme_unclear", "/classes/plates", _classes(plates=ClassScheme(of="category"))),
    ("unknown_attribute", "/classes/plates/of", _classes(plates=ClassScheme(of="colour", names=("a",)))),
    ("unknown_measure", "/classes/size/of", _classes(size=ClassScheme(of="x", table=((_ONE, "big"),)))),
    ("unknown_field", "/reporting/0/chosen_by_operator",
     a_regime(reporting=(a_reporting(chosen_by_operator=("dew",)),))),
    ("unknown_light", "/light_memory/repeated/light",
     a_regime(lights=({"red": "otherwise"},),
              light_memory=LightMemory(repeated=Repeated(light="yellow", times=2, becomes="red")))),
    ("nothing_ranked", "/measures/m", replace(with_measures(m=Place(place="top")), scoring=None, bulletins=())),
    # columns
    ("unknown_column", "/measures/m/where/colour", with_measures(m=Count(count="return", where={"colour": "x"}))),
    ("wrong_column", "/measures/m/where/is_nil", with_measures(m=Count(count="return", where={"is_nil": "yes"}))),
    ("wrong_column", "/measures/m/where/state", with_measures(m=Count(count="return", where={"state": True}))),
    ("wrong_column", "/measures/m/where/days_late", with_measures(m=Count(count="return", where={"days_late": "3"}))),
    ("wrong_column", "/measures/m/where/on", with_measures(m=Count(count="return", where={"on": Bound(above=_ONE)}))),
    ("wrong_column", "/measures/m/column", with_measures(m=Taken(take="sum", column="on", of="return"))),
    ("unknown_column", "/supervision_rules/0/when/where/colour", _about("matter", Cells(where={"colour": "x"}))),
    ("no_row", "/supervision_rules/0/when/where", _about("project", Cells(where={"state": "x"}))),
    ("unknown_measure", "/supervision_rules/0/when/days_late", _about("matter", {"days_late": Bound(above=_ONE)})),
    ("unknown_column", "/scoring/components/0/add/by", _counted(by="colour", points={"red": _ONE})),
    ("points_without_column", "/scoring/components/0/add/points", _counted(by="fault")),
    ("points_without_column", "/scoring/components/0/add/points", _counted(points={"late": _ONE})),
    ("unknown_column", "/duties/0/where/colour", _duty(where={"colour": "x"})),
    # what is defined by itself
    ("circular_measure", "/measures/m",
     replace(with_measures(m=Scored(points="c")),
             scoring=a_scoring(components=(Tiers(id="c", tiers=Steps(of="m", table=((_ONE, _ONE),))),)))),
    ("circular_measure", "/measures/m",
     replace(with_measures(m=Met(met=Has(light="red"))), lights=({"red": {"m": _ONE}}, {"green": "otherwise"}))),
    ("circular_measure", "/measures/m",
     replace(with_measures(m=Place(place="top")), scoring=a_scoring(ranking=a_ranking(by="m")))),
    ("circular_measure", "/measures/m",
     replace(with_measures(m=Place(place="top")), scoring=a_scoring(vetoes=(
         Veto(id="v", when={"m": _ONE}, result="not_ranked", legal_basis="a law", plan_item="a plan"),)))),
    ("circular_component", "/scoring/components/0",
     _component(Multiplied(id="c", multiply=Times(components=("c",), by=_STEPS)))),
    # conditions, tables, numbers
    ("empty_condition", "/supervision_rules/0/when", _about("project", Has())),
    ("empty_condition", "/supervision_rules/0/when/all/0", _about("project", Every((Has(),)))),
    ("empty_condition", "/supervision_rules/0/when", _about("matter", Cells(where={}))),
    ("empty_table", "/scoring/components/0/tiers/table", _tiers()),
    ("tiers_overlap", "/classes/size/table",
     _classes(size=ClassScheme(of="planned_yi", table=((_ONE, "a"), (_ONE, "b"))))),
    ("bands_overlap", "/scoring/ranking/bands",
     _scored(ranking=a_ranking(bands=(Band(id="a"), Band(id="b", at_least=_ONE))))),
    ("no_bands", "/scoring/ranking/bands", _scored(ranking=a_ranking(publish="bands"))),
    ("no_step", "/scoring/components/0/proportional/full_at",
     _component(Proportional(id="c", proportional=InProportion(of="start_rate", points=_ONE, full_at=Decimal(0))))),
    ("out_of_range", "/scoring/components/0/add/points/late",
     _counted(by="fault", points={"late": Decimal("1E+9")})),
    ("out_of_proportion", "/measures/m/value", with_measures(m=Fixed(value=Decimal("1E+999999")))),
    ("out_of_range", "/reporting/0/cadence/every",
     a_regime(reporting=(a_reporting(cadence=EveryDays(every=Days(days=0))),))),
    ("out_of_range", "/reporting/0/due/holiday/plus",
     _due(Due(day=5, holiday=Shift(shift="next_working_day", plus=99)))),
    # lights
    ("undefined_light", "/lights/0", a_regime(lights=({"green": {"start_rate": _ONE}},))),
    ("lights_unordered", "/lights/0", a_regime(lights=({"green": {"start_rate": _ONE}, "red": "otherwise"},))),
    # moments
    ("due_day_unclear", "/reporting/0/due", _due(Due(weekday="mon", on="05-31"))),
    ("due_day_unclear", "/reporting/0/due/anchor", _due(Due(day=5, anchor="year_start"))),
    ("due_in_hours", "/reporting/0/due/after", _due(Due(after=Hours(hours=5)))),
    ("bad_date", "/reporting/0/due/on", _due(Due(on="05-32"))),
    ("bad_date", "/reporting/0/due/on", _due(Due(on="31.5."))),
    ("bad_time", "/reporting/0/due/time", _due(Due(day=5, time="9 o'clock"))),
    ("no_such_month", "/reporting/0/due/month", _due(Due(day=5, of="same_period", month=4), "quarterly")),
    ("no_such_month", "/reporting/0/due/month", _due(Due(day=5, of="next_month", month=2), "quarterly")),
    ("due_before_period", "/reporting/0/due", _due(Due(before=Days(days=45)))),
    ("unknown_anchor", "/reporting/0/due/anchor", _due(Due(after=Days(days=5), anchor="served"))),
    ("unknown_anchor", "/schedule/0/due/anchor",
     a_regime(schedule=(Task(id="t", of="permit", due=Due(after=Days(days=5), anchor="opened")),))),
    ("season_unclear", "/supervision_rules/0/season", _about("project", {"start_rate": _ONE}, season=Season())),
    ("season_unclear", "/supervision_rules/0/season",
     _about("project", {"start_rate": _ONE}, season=Season(first="03-01"))),
    ("bad_date", "/supervision_rules/0/season/last",
     _about("project", {"start_rate": _ONE}, season=Season(first="03-01", last="04-31"))),
    ("window_unclear", "/measures/m/window", with_measures(m=Count(count="return", window=Last()))),
    ("never_held", "/supervision_rules/0/held/in_last",
     a_regime(supervision_rules=(a_rule(held=Held(consecutive=3, of="monthly", in_last=2)),))),
    # steps and chains
    ("empty_chain", "/chains/c", a_regime(chains={"c": ()})),
    ("not_competent", "/ladders/project/1/competent", _step(step="organisational_handling")),
    ("nobody_to_serve", "/ladders/project/1/serve", _step(serve=())),
    ("no_legal_basis", "/ladders/project/1/legal_basis", _step(step="media_exposure")),
    ("no_legal_basis", "/ladders/non_government/0/legal_basis",
     a_regime(ladders={"project": a_ladder(), "non_government": a_ladder()[1:]})),
    ("no_legal_basis", "/ladders/project/1/legal_basis",
     _about("project", {"start_rate": _ONE}, among=Has(investment_nature="non_government"))),
    # publishing
    ("ranking_without_basis", "/scoring/ranking", _scored(ranking=a_ranking(at_most=None))),
    ("veto_without_basis", "/scoring/vetoes/0",
     _scored(vetoes=(Veto(id="v", when={"start_rate": _ONE}, result="zero", legal_basis="a law", plan_item=" "),))),
    ("never_issued", "/bulletins/0", _bulletin(cadence=None, issue=None)),
    ("unknown_measure", "/bulletins/0/rank_by", _bulletin(rank_by="applause")),
    ("nothing_ranked", "/bulletins/0/rank_by",
     replace(_bulletin(sections=("overview",), rank_by="investment_ratio"), scoring=None)),
    ("no_issue", "/bulletins/0", _bulletin(issue=None)),
    ("empty_bulletin", "/bulletins/0/sections", _bulletin(sections=())),
    ("nobody_named", "/bulletins/0/sections", _bulletin(sections=("criticised",))),
    ("nobody_named", "/bulletins/0/criticised", _bulletin(sections=("criticised",), criticised=Pick())),
    ("section_missing", "/bulletins/0/criticised", _bulletin(criticised=Pick(bottom=3))),
    ("nothing_ranked", "/bulletins/0/criticised/about",
     _bulletin(sections=("criticised",), criticised=Pick(bottom=3, about="leader"))),
    ("unknown_column", "/publication/boards/0/renewed_columns",
     a_regime(publication=Publication(
         boards=(Board(id="b", columns=("name",), place="wall", renewed_columns=("light",)),)))),
    # demands
    ("asked_twice", "/reporting/0/fields/1", a_regime(reporting=(a_reporting(fields=("investment", "name")),))),
    ("duty_asks_nothing", "/duties/0", _duty(at_least=None)),
    ("duty_impossible", "/duties/0", _duty(at_least=3, at_most=2)),
    ("conveners_missing", "/duties/0/rotate/conveners",
     _duty(rotate=Rotation(over="category", order=("a", "b"), conveners=("x",)))),
    ("points_for_form", "/scoring/components/0", _component(Counted(id="c", add=_FIVE))),
    ("points_for_form", "/scoring/components/0",
     _component(Deducted(id="c", deduct=ByCount(per="meeting", points=Decimal(-5))))),
    ("points_for_form", "/scoring/components/0",
     replace(with_measures(held=Count(count="meeting"), held_ratio=Weighted(weighted=(Part(of="held", weight=_ONE),))),
             scoring=a_scoring(components=(
                 AllOrNothing(id="c", all_or_nothing=Award(when={"held_ratio": Bound(above=_ONE)}, points=_ONE)),)))),
    # codes and names that stand twice
    ("bad_code", "/supervision_rules/0/id", a_regime(supervision_rules=(a_rule(id="slow project"),))),
    ("bad_code", "/measures/a~1b", with_measures(**{"a/b": Fixed(value=_ONE)})),
    ("bad_code", "/regime", a_regime(regime="办法")),
    ("duplicate_name", "/duties", a_regime(duties=(Duty(id="d", who="owner", do="duty_visit"),) * 2)),
    ("duplicate_name", "/scoring/lanes", _scored(lanes=(a_lane("a", "town"), a_lane("b", "town", "county")))),
    ("duplicate_name", "/reporting/0/fields/1", a_regime(reporting=(a_reporting(fields=("stage", "stage")),))),
]  # fmt: skip
CASES += MORE
CASES += [
    ("circular_measure", "/measures/m", replace(
        with_measures(m=Count(count="return")), chains={"c": (ChainStep(by="liaison", when={"m": _ONE}),)},
        reporting=(a_reporting(review_chain="c"),))),
    ("circular_measure", "/measures/m", replace(
        with_measures(m=Count(count="milestone")),
        schedule=(Task(id="roof", of="milestone", due=Due(day=5), among={"m": _ONE}),))),
    ("channel_only_heard", "/publication/channels/0/rewarded", a_regime(publication=Publication(
        channels=(PublicChannel(id="media", kind="commentary", rewarded=True),)))),
    ("channel_only_heard", "/publication/channels/0/answer_within", a_regime(publication=Publication(
        channels=(PublicChannel(id="views", kind="evaluation", answer_within=Days(days=15)),)))),
    ("circular_light", "/lights",
     a_regime(lights=({"green": Has(light="green")}, {"red": "otherwise"}))),
    ("circular_component", "/scoring/components/0", replace(
        with_measures(m=Scored(points="c", at="half_year")),
        scoring=a_scoring(components=(Tiers(id="c", tiers=Steps(of="m", table=((_ONE, _ONE),))),)))),
    ("circular_gate", "/stages/0/after",
     a_regime(stages=(Gate(stage="started", after=("completed",)), Gate(stage="completed", after=("started",))))),
    ("unknown_light", "/supervision_rules/0/when/light", replace(
        _about("project", Has(light=("red", "yellow"))),
        lights=({"green": {"start_rate": _ONE}}, {"red": "otherwise"}))),
    ("not_softened", "/light_memory/made_up/green", a_regime(light_memory=LightMemory(made_up={"green": "red"}))),
    ("out_of_proportion", "/measures/m/value", with_measures(m=Fixed(value=Decimal("1e16")))),
    ("out_of_proportion", "/measures/m/value", with_measures(m=Fixed(value=Decimal("1e-31")))),
    ("out_of_proportion", "/measures/m/value", with_measures(m=Fixed(value=Decimal("NaN")))),
    ("out_of_proportion", "/measures/m19", with_measures(
        m0=Fixed(value=_ONE),
        **{f"m{n}": Weighted(weighted=(Part(of=f"m{n - 1}", weight=Decimal("9e15")),)) for n in range(1, 20)})),
    ("out_of_proportion", "/scoring/components/50", _scored(components=(
        replace(_BASE, id="c0"),
        *(Multiplied(id=f"c{n}", multiply=Times(components=(f"c{n - 1}",), by=_STEPS)) for n in range(1, 51))))),
    ("out_of_range", "/version", replace(a_regime(), version=0)),
    ("class_of_no_amount", "/classes/size/of",
     _classes(size=ClassScheme(of="start_rate", table=((Decimal(0), "low"),)))),
    ("class_of_no_amount", "/classes/size/of", replace(
        with_measures(m=Amount(amount="annual_planned_investment", unit="亿元", among=Has(stage="completed"))),
        classes={"size": ClassScheme(of="m", table=((Decimal(0), "low"),))})),
    ("unknown_anchor", "/duties/0/rotate/from_anchor",
     _duty(rotate=Rotation(over="category", order=("a", "b"), from_anchor="served"))),
    ("not_told", "/duties/0/circulate_to", _duty(circulate_to=("drc",))),
    ("not_told", "/duties/0/joined_by", _duty(joined_by=("drc",))),
    ("not_told", "/duties/0/to", _duty(do="meeting", to="government")),
    ("empty", "/scoring/lanes/0/kinds", _scored(lanes=(a_lane("a"),))),
    ("empty", "/measures/m/slots", with_measures(m=Slots(slots=()))),
    ("empty_condition", "/measures/m/met", with_measures(m=Met(met=Has(category=())))),
    ("empty_condition", "/measures/m/where/state", with_measures(m=Count(count="return", where={"state": ()}))),
    ("unknown_word", "/measures/m/where/state", with_measures(m=Count(count="return", where={"state": "lat"}))),
    ("unknown_word", "/supervision_rules/0/when/where/state", _about("milestone", Cells({"state": ("overdu",)}))),
    ("unknown_word", "/scoring/components/0/add/points/gravest",
     _counted(per="incident", by="severity", points={"gravest": _ONE})),
    ("ranked_too_often", "/bulletins/0/cadence", replace(
        _scored(ranking=a_ranking(at_most="yearly")), bulletins=(a_bulletin(cadence="monthly"),))),
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


SOUND: dict[str, Regime] = {
    "the same step for another number of hits": a_regime(
        ladders={"project": (_PROPOSED, replace(_PROPOSED, count=2))}),
    "day 31 of months that are shorter": _due(Due(day=31, of="same_month")),
    "no day at all": a_regime(reporting=(a_reporting(due=None),)),
    "immediate rectification": _step(step="immediate_rectification", rectify_within=Days(days=0)),
    "a number column of the rows that a rule is about": _about("matter", {"days_open": Bound(above=_ONE)}),
    "a measure of the project of a row": _about("matter", {"start_rate": Bound(below=_ONE)}),
    "points off for staying away": _component(
        Deducted(id="c", deduct=ByCount(per="absence", points=_ONE, where={"is_excused": False}))),
    "points of an earlier close": replace(
        with_measures(m=Scored(points=_BASE.id, at="half_year")),
        scoring=a_scoring(components=(_BASE, Tiers(id="c", tiers=Steps(of="m", table=((_ONE, _ONE),)))))),
    "bands without a legal basis": _scored(ranking=a_ranking(
        publish="bands", legal_basis="", plan_item="", at_most=None,
        bands=(Band(id="good", at_least=_ONE), Band(id="rest")))),
    "a non-government ladder with its legal basis": a_regime(
        ladders={"project": a_ladder(), "non_government": (replace(a_ladder()[1], legal_basis="a law"),)}),
    "a due day counted from the publication of the list": _duty(due=Due(after=Days(days=5), anchor="list_published")),
}  # fmt: skip


@pytest.mark.parametrize("regime", SOUND.values(), ids=list(SOUND))
def test_what_documents_do_ask_for_is_no_fault(regime: Regime) -> None:
    assert faults(regime) == []


def test_a_step_outside_the_powers_of_the_office_is_proposed_to_a_body_that_has_them() -> None:
    assert faults(a_regime(ladders={"project": (_PROPOSED,)})) == []


def test_a_name_that_was_nearly_right_is_suggested() -> None:
    (fault,) = faults(_bonus(per=replace(_RATE, of="investment_rate")))
    assert fault.message.format(**fault.values) == "No measure is named investment_rate; investment_ratio is."


REMARKS: list[tuple[str, str, Regime]] = [
    ("chosen_by_operator", "/reporting/0/due/day",
     a_regime(reporting=(a_reporting(chosen_by_operator=("day",)),))),
    ("chosen_by_operator", "/measures/m", with_measures(m=Fixed(value=_ONE, chosen_by_operator=True))),
    ("no_source", "/reporting/0", a_regime()),
    ("burdensome_cadence", "/reporting/1/cadence",
     a_regime(reporting=(a_reporting(), Reporting(cadence="daily")))),
    ("burdensome_cadence", "/duties/0/per", _duty(per=EveryDays(every=Days(days=3)))),
    ("undefined_below", "/scoring/components/0/tiers/table/0", _tiers(1, 2)),
    ("undefined_below", "/classes/size/table/0", _classes(size=ClassScheme(of="planned_yi", table=((_ONE, "big"),)))),
    ("never_holds", "/supervision_rules/0/when",
     _about("project", {"start_rate": Bound(above=_ONE, at_most=_ONE)})),
    ("never_holds", "/supervision_rules/0/when",
     _about("project", Every(({"start_rate": Bound(at_least=_ONE)}, {"start_rate": Bound(below=_ONE)})))),
    ("never_holds", "/supervision_rules/0",
     _about("project", {"start_rate": Bound(at_least=_ONE)}, among={"start_rate": Bound(below=_ONE)})),
    ("never_shown", "/lights/1/yellow",
     a_regime(lights=({"green": {"deviation": Bound(at_least=Decimal(0))}},
                      {"yellow": {"deviation": Bound(above=Decimal(5))}}, {"red": "otherwise"}))),
    ("no_step_taken", "/supervision_rules/0/ladder",
     replace(_about("project", {"start_rate": Bound(below=_ONE)}),
             ladders={"project": (replace(_PROPOSED, when={"start_rate": _ONE}),)})),
    ("no_step_taken", "/supervision_rules/0/ladder", a_regime(ladders={"project": (replace(_PROPOSED, count=3),)})),
    ("due_before_end", "/reporting/0/due", _due(Due(day=22, of="same_month"))),
    ("no_end", "/ladders/project/1", a_regime()),
    ("unused", "/measures/m", with_measures(m=Fixed(value=_ONE))),
    ("unused", "/ladders/other", a_regime(ladders={"project": a_ladder(), "other": a_ladder()})),
    ("unused", "/chains/c", a_regime(chains={"c": (ChainStep(by="drc"),)})),
    ("undefined_months", "/measures/m/months", with_measures(m=TimeProgress(linear="year", months={1: _ONE}))),
    ("unknown_forum", "/duties/0/then_forum", _duty(do="meeting", then_forum="county")),
    ("over_limit", "/burden/fields_at_most", a_regime(burden=Burden(fields_at_most=0))),
]  # fmt: skip


@pytest.mark.parametrize(("code", "pointer", "regime"), REMARKS, ids=[f"{code} {at}" for code, at, _ in REMARKS])
def test_what_may_stand_but_should_be_known_is_remarked(code: str, pointer: str, regime: Regime) -> None:
    assert faults(regime) == []
    found = remarks(regime)
    assert (code, pointer) in [(one.code, one.pointer) for one in found]
    assert all(one.message.format(**one.values) for one in found)


def test_every_sentence_of_a_fault_or_a_remark_is_translated() -> None:
    said = {one.message for _, _, regime in CASES for one in faults(regime)}
    said |= {one.message for _, _, regime in REMARKS for one in remarks(regime)}
    assert {message for message in said if message not in catalogue("zh")} == set()


def test_places_may_be_published_as_often_as_they_may_be_drawn_up_and_bands_more_often() -> None:
    monthly = (a_bulletin(cadence="monthly"),)
    bands = a_ranking(publish="bands", at_most="yearly", bands=(Band(id="good", at_least=_ONE), Band(id="rest")))
    for ranking in (a_ranking(at_most="monthly"), bands, a_ranking(at_most="yearly", publish="none")):
        assert faults(replace(_scored(ranking=ranking), bulletins=monthly)) == []
    unranked = (a_bulletin(cadence="monthly", sections=("overview",)),)
    assert faults(replace(_scored(ranking=a_ranking(at_most="yearly")), bulletins=unranked)) == []


def test_a_forum_that_a_duty_calls_is_known_and_one_nearly_like_it_is_suggested() -> None:
    def said(forum: str) -> list[str]:
        calls = Duty(id="c", who="drc", do="meeting", per="monthly", where={"forum": ("county", "town")})
        regime = a_regime(duties=(calls, replace(calls, id="d", where=None, then_forum=forum)))
        return [one.message.format(**one.values) for one in remarks(regime) if one.code == "unknown_forum"]

    assert said("town") == []
    assert said("conty") == ["No duty calls a meeting named conty; called are: county."]


def test_a_condition_that_can_hold_is_not_called_impossible() -> None:
    possible: list[Any] = [
        {"start_rate": Bound(at_least=_ONE, at_most=_ONE)},
        Some(({"start_rate": Bound(at_least=_ONE)}, {"start_rate": Bound(below=_ONE)})),
        Every(({"start_rate": Bound(above=Decimal(0))}, {"deviation": Bound(below=Decimal(0))})),
    ]
    assert [one for when in possible for one in remarks(_about("project", when)) if one.code == "never_holds"] == []
