"""Does the explanation of a regime say all that the regime says, and in the reader's language?"""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from shared.core.regime.due import Days, Due, EveryDays, Hours, Season, Shift, WorkingDays
from shared.core.regime.explain import condition_text, explain
from shared.core.regime.language import Bound, Cells, Every, Has, Last, Not, Some
from shared.core.regime.management import (
    Assessment,
    ClassScheme,
    Consultation,
    Duty,
    Feed,
    Gate,
    ListChanges,
    OnEvent,
    Rotation,
    Task,
)
from shared.core.regime.measures import Count, DayCount, Growth, Portion, Share
from shared.core.regime.model import Regime
from shared.core.regime.publishing import Pick
from shared.core.regime.pursuit import AppealRight, Held
from shared.core.regime.scoring import ByCount, Deducted, Multiplied, Steps, Tiers, Times
from shared.core.regime.terms import Body, Table
from shared.infra.texts import Texts
from tests.support.builders import a_bulletin, a_regime, a_reporting, a_rule, a_scoring, with_measures
from tests.support.every_regime import value_of


def say(sentence: str, /, **blanks: object) -> str:
    return sentence.format(**blanks)


def lines(regime: Regime, translate: Any = say) -> dict[str, str]:
    return {line.pointer: line.text for part in explain(regime, translate) for line in part.lines}


def line(regime: Regime, pointer: str) -> str:
    return lines(regime)[pointer]


def text(when: Any, table: Table | None = None, regime: Regime | None = None) -> str:
    return condition_text(regime or a_regime(), when, say, table=table)


# --- conditions ---------------------------------------------------------------------------------------------


HALF, TEN = Decimal("0.5"), Decimal(10)
_START: Any = {"start_rate": Bound(at_least=HALF)}
_BEHIND: Any = {"deviation": Bound(below=-TEN)}
_STARTED = Has(stage="started")


@pytest.mark.parametrize(
    ("when", "words"),
    [
        ({"start_rate": Decimal(1)}, "start_rate is exactly 100%"),
        ({"start_rate": Bound(at_least=HALF, below=Decimal(1))}, "start_rate is at least 50% but below 100%"),
        ({"deviation": Bound(below=-TEN)}, "deviation is below -10 percentage points"),
        ({"planned_yi": Bound(above=TEN)}, "planned_yi is above 10 亿元"),
        ({"annual_targets_met": Decimal(1)}, "annual_targets_met holds"),
        ({"annual_targets_met": Decimal(0)}, "annual_targets_met does not hold"),
        (Every((_START, _BEHIND)), "start_rate is at least 50% and deviation is below -10 percentage points"),
        (Some((_START, Every((_BEHIND, _STARTED)))),
         "start_rate is at least 50% or (deviation is below -10 percentage points and the stage “started” is reached)"),
        (Every((Some((_START, _BEHIND)), _STARTED)),
         "(start_rate is at least 50% or deviation is below -10 percentage points) and the stage “started” is reached"),
        (Not((_STARTED,)), "not (the stage “started” is reached)"),
        (Not((_STARTED, _START)), "not (the stage “started” is reached or start_rate is at least 50%)"),
        (Has(category=("a", "b"), continuing=True), "the category is one of “a”, “b” and it is carried over"),
        (Has(investment_nature="non_government"), "the investment is not the government's"),
    ],
)  # fmt: skip
def test_a_condition_reads_as_it_is_meant(when: Any, words: str) -> None:
    assert text(when) == words


def test_columns_of_rows_are_said_as_columns() -> None:
    assert text({"days_open": Bound(above=TEN)}, "matter") == "days open is above 10"
    where = Cells(where={"state": "overdue", "is_paused": False, "times_reminded": Bound(at_least=Decimal(3))})
    assert text(where, "matter") == "state is “overdue” and is paused: no and times reminded is at least 3"


def test_a_condition_in_chinese_keeps_what_belongs_together() -> None:
    when = Every((Some((_START, _STARTED)), Not((_BEHIND,))))
    said = condition_text(a_regime(), when, Texts.load("zh"))
    assert said == "（开工率不低于50%或已达到“开工”阶段）且不符合（deviation低于-10个百分点）"


# --- moments ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("due", "words"),
    [
        (Due(day=22, of="same_month", time="11:30"), "day 22 of the same month, before 11:30"),
        (Due(working_day=5), "working day 5 of the next month"),
        (Due(weekday="sat", time="11:30"), "the Saturday of the same month, before 11:30"),
        (Due(on="05-31"), "31 May of the year of the same month"),
        (Due(after=WorkingDays(working_days=3)), "3 working days after the last day of the period"),
        (Due(before=Days(days=0)), "at once before the last day of the period"),
        (Due(anchor="year_end"), "the last day of the year"),
        (Due(), "the last day of the same month"),
        (Due(day=5, inclusive=False, holiday=Shift(shift="next_working_day", plus=1)),
         ("day 5 of the next month, that day itself no longer counts, "
          "moved to the next working day if it is not worked, and 1 working day more")),
    ],
)  # fmt: skip
def test_a_due_moment_reads_as_it_is_meant(due: Due, words: str) -> None:
    assert f"due: {words};" in line(a_regime(reporting=(a_reporting(due=due),)), "/reporting/0")


def test_a_return_without_a_day_says_so() -> None:
    said = line(a_regime(reporting=(a_reporting(due=None, cadence=EveryDays(every=Days(days=3))),)), "/reporting/0")
    assert "a return every 3 days, counted from 2001-01-01" in said
    assert "no day is named by which it is due" in said


def test_what_is_due_every_day_or_week_names_that_day_or_week() -> None:
    def said(cadence: Any, **due: Any) -> str:
        return line(a_regime(reporting=(a_reporting(cadence=cadence, due=Due(**due)),)), "/reporting/0")

    assert "due: the same day, before 11:30;" in said("daily", time="11:30")
    assert "due: the Saturday of the same week;" in said("weekly", weekday="sat")
    assert "due: working day 2 of the next quarter;" in said("quarterly", working_day=2, of="next_period")


def test_a_milestone_by_rule_is_due_by_its_day_of_every_year() -> None:
    regime = a_regime(schedule=(Task(id="m1", of="milestone", due=Due(on="05-31")),))
    assert line(regime, "/schedule/0") == "m1: a milestone by rule; due: by 31 May."
    assert lines(regime, Texts.load("zh"))["/schedule/0"] == "m1：规定的时间节点；时限：每年5月31日前。"


def test_of_one_and_of_several_is_said_otherwise() -> None:
    def asked(count: int) -> str:
        duty = Duty(id="d", who="principal_leaders", do="meeting", per="weekly", at_least=count)
        return line(a_regime(duties=(duty,)), "/duties/0")

    owed = "d: meeting, owed by the principal leaders; every week"
    assert [asked(count) for count in (1, 2, 3)] == [
        f"{owed} at least once.", f"{owed} at least twice.", f"{owed} at least 3 times.",
    ]  # fmt: skip
    one, two = (replace(a_rule(), held=Held(consecutive=count, of="monthly")) for count in (2, 3))
    regime = a_regime(supervision_rules=(one, two))
    assert "held twice in a row" in line(regime, "/supervision_rules/0")
    assert "held 3 times in a row" in line(regime, "/supervision_rules/1")


def test_what_is_done_within_a_time_reads_as_one_sentence() -> None:
    regime = a_regime(
        on_event=(OnEvent(event="incident", within=Hours(hours=2), to="government"),
                  OnEvent(event="emergency", within=Hours(hours=0))),
        appeal_right=AppealRight(file_within=Days(days=15), decide_within=Days(days=1)),
    )  # fmt: skip
    said, chinese = lines(regime), lines(regime, Texts.load("zh"))
    assert said["/on_event/0"] == "an incident is reported to the government within 2 hours."
    assert said["/on_event/1"] == "an emergency is reported to the supervision office at once."
    assert said["/appeal_right"].startswith("a unit may object within 15 days; the objection is decided within 1 day;")
    assert chinese["/on_event/0"] == "责任事故须在2小时内报政府。"
    assert chinese["/on_event/1"] == "突发事件须立即报督查室。"
    assert chinese["/appeal_right"].startswith("单位可在15日内提出申辩；在1日内作出处理；")


def test_whoever_takes_turns_is_not_said_to_act_once_for_all() -> None:
    turns = Rotation(over="category", order=("a", "b"))
    said = line(a_regime(duties=(Duty(id="d", who="convener", do="meeting", per="weekly", rotate=turns),)), "/duties/0")
    assert said == (
        "d: meeting, owed by the convener; every week at least once; "
        "taking turns by category, counted from the publication of the list: a, b."
    )


@pytest.mark.parametrize(
    ("gate", "words"),
    [
        (Gate(stage="started", basis=("permit",)), "is reached only with one of: permit."),
        (Gate(stage="started", after=("signed",)), "is reached only after “signed”."),
        (Gate(stage="started", after=("signed",), basis=("permit",)),
         "is reached only after “signed”, with one of: permit."),
        (Gate(stage="started"), "is reached when it is reported."),
    ],
)  # fmt: skip
def test_a_stage_is_reached_under_what_its_gate_asks(gate: Gate, words: str) -> None:
    assert line(a_regime(stages=(gate,)), "/stages/0") == f"the stage “started” {words}"


def test_one_body_steps_in_and_several_step_in() -> None:
    consult = [Consultation(when=_STARTED, bodies=bodies) for bodies in (_LAND, (*_LAND, "media"), ("permit_offices",))]
    said = lines(a_regime(list_changes=ListChanges(consult=tuple(consult))))
    where = "in early where the stage “started” is reached."
    assert [said[f"/list_changes/consult/{place}"] for place in range(3)] == [
        f"the land office steps {where}",
        f"the land office, the media step {where}",
        f"the permit offices step {where}",
    ]


_LAND: tuple[Body, ...] = ("land_office",)


def test_a_rule_of_a_season_says_when_it_is_asked() -> None:
    said = line(a_regime(supervision_rules=(a_rule(season=Season(months=(11, 12))),)), "/supervision_rules/0")
    assert said == (
        "slow, about each project: if deviation is below -10 percentage points; asked every month; "
        "in these months only: 11, 12; then the ladder “project” is followed."
    )


# --- measures, points, marks --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("measure", "words"),
    [
        (Count(count="return", where={"state": "late"}, window=Last(days=30)),
         "the number of rows in return where state is “late”, in the last 30 days"),
        (Portion(portion_of="permit", where={"state": "issued"}, among={"level": "county"}),
         ("the part of the rows in permit where level is “county” for which state is “issued”, "
          "since the record begins")),
        (Share(share_of=_STARTED, weigh_by="total_investment", out_of="list"),
         "the share of all objects on the list for which the stage “started” is reached, weighed by total investment"),
        (Growth(growth_of="start_rate", unit="pp"),
         "the growth of start_rate since a year before, in percentage points"),
        (DayCount(days="until", anchor="planned_completion_on", working=True),
         "the working days until planned completion on"),
    ],
)  # fmt: skip
def test_a_measure_reads_as_it_is_meant(measure: Any, words: str) -> None:
    assert line(with_measures(m=measure), "/measures/m") == f"m: {words}."


def test_points_read_as_they_are_given() -> None:
    tiers = Tiers(id="t", tiers=Steps(of="planned_yi", table=((Decimal(0), TEN), (TEN, HALF)), includes="upper"))
    deducted = Deducted(id="d", deduct=ByCount(per="return", points={"late": HALF}, by="fault", at_most=TEN))
    regime = a_regime(scoring=a_scoring(components=(tiers, deducted)))
    assert (
        line(regime, "/scoring/components/0") == "t: by planned_yi: above 0 亿元 10 points, above 10 亿元 0.5 points."
    )
    assert line(regime, "/scoring/components/1") == (
        "d: taken away for each row in return by fault: “late” 0.5 points, in the year so far, at most 10."
    )


def test_a_factor_reads_as_a_factor_and_points_as_points() -> None:
    table = Steps(of="planned_yi", table=((Decimal(2), Decimal("1.2")),))
    components = (Multiplied(id="f", multiply=Times(components=("a",), by=table)), Tiers(id="t", tiers=table),
                  Tiers(id="o", tiers=replace(table, table=((Decimal(2), Decimal(1)),))))  # fmt: skip
    regime = a_regime(scoring=a_scoring(components=components))
    assert [line(regime, f"/scoring/components/{place}") for place in range(3)] == [
        "f: a multiplied: by planned_yi: from 2 亿元 on ×1.2.",
        "t: by planned_yi: from 2 亿元 on 1.2 points.",
        "o: by planned_yi: from 2 亿元 on 1 point.",
    ]
    chinese = lines(regime, Texts.load("zh"))
    assert chinese["/scoring/components/0"].endswith("2亿元及以上×1.2。")
    assert chinese["/scoring/components/1"].endswith("2亿元及以上1.2分。")


def test_classes_are_counted_by_class() -> None:
    size = ClassScheme(of="planned_yi", table=((Decimal(1), "large"),), counts={"large": 3})
    assert "; counts by class: “large” 3." in line(a_regime(classes={"size": size}), "/classes/size")


def test_a_line_says_each_source_once_and_names_the_parts_that_were_chosen_here() -> None:
    bulletin = a_bulletin(
        source="004", chosen_by_operator=("window",), commended=Pick(top=3, source="004", chosen_by_operator=("top",)),
        criticised=Pick(bottom=3, source="005", chosen_by_operator=True),
    )  # fmt: skip
    assert line(a_regime(bulletins=(bulletin,)), "/bulletins/0").endswith(
        " [source: 004; 005] (values chosen locally: window, top, criticised)"
    )
    feeds = tuple(Feed(scheme=scheme, of="total", source="004") for scheme in ("a", "b"))
    regime = a_regime(assessment=Assessment(approval="", feeds=feeds, source="004"))
    assert lines(regime, Texts.load("zh"))["/assessment"].endswith("。〔依据：004〕")


def test_a_rule_ends_with_its_source_and_says_what_was_chosen_here() -> None:
    rule = a_rule(source="003 「每十天一督查」", chosen_by_operator=("when", "held"))
    assert line(a_regime(supervision_rules=(rule,)), "/supervision_rules/0").endswith(
        "[source: 003 「每十天一督查」] (values chosen locally: when, held)"
    )
    chosen = lines(a_regime(supervision_rules=(replace(rule, chosen_by_operator=True),)), Texts.load("zh"))
    assert chosen["/supervision_rules/0"].endswith("〔依据：003 「每十天一督查」〕（办法未定，由本地选定）")


def test_every_part_has_a_heading_and_empty_parts_are_left_out() -> None:
    headings = [part.heading for part in explain(a_regime(), say)]
    assert headings == ["The regime", "Returns", "Measures", "Lights", "Points and places", "Bulletins", "Supervision"]


def test_texts_of_a_document_may_hold_braces() -> None:
    rule = a_rule(source="{0} {x}", when=Has(category="{y}"))
    assert "“{y}”" in line(a_regime(supervision_rules=(rule,)), "/supervision_rules/0")


def test_regimes_made_from_the_types_differ() -> None:
    assert value_of(Regime, 1) != value_of(Regime, 2)
