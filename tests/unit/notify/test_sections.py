"""What each section of a bulletin says, and whom it names, from the lines of a draw."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any, get_args

import pytest

from services.notify.domain.bulletin import draft_bulletins
from services.notify.domain.layout import bulletin_layout
from services.notify.domain.ledger import Circulation
from services.notify.domain.naming import LineSubject, named
from services.notify.domain.sections import paragraph
from shared.core.calendar import Moment
from shared.core.events import BulletinDrafted, Facts, Item, LineDrawn, StandingsDrawn
from shared.core.ledger import Ledger
from shared.core.moments import agenda
from shared.core.regime.holds import holds
from shared.core.regime.model import (
    Band,
    Bound,
    Bulletin,
    Condition,
    Has,
    Not,
    Panel,
    Pick,
    Regime,
    Scored,
    Some,
    Title,
)
from shared.core.regime.publishing import Section
from shared.core.register import enter
from shared.infra.texts import Texts
from tests.support.builders import (
    JURISDICTION,
    LIST,
    a_bulletin,
    a_project,
    a_ranking,
    a_regime,
    a_scoring,
    a_year,
    local,
    record,
    with_measures,
)

ZH = Texts.load("zh")
ALL: tuple[Section, ...] = get_args(Section)


def a_line(code: str, value: str | None = "0.5", **changes: Any) -> LineDrawn:
    """Drawn with `investment_ratio` as its value, printed in whole per cent."""
    number = None if value is None else Decimal(value)
    printed = "-" if number is None else f"{int(number * 100)}%"
    fields: dict[str, Any] = {
        "moment": "m", "list": LIST, "period": "2026-Q1", "subject_kind": "unit", "subject": code,
        "name": code.upper(), "unit": code, "lane": "", "project_count": 1, "not_judged_count": 0, "missing_count": 0,
        "late_count": 0, "measures": {"investment_ratio": number}, "displayed": {"investment_ratio": printed},
        "amounts_yuan": {}, "stages": ("started",), "light": "green", "points": {}, "rank": None,
    }  # fmt: skip
    return LineDrawn(**{**fields, **changes})


def the_whole(**changes: Any) -> LineDrawn:
    return a_line(LIST, subject_kind="list", unit="", **changes)


def drafted(
    *lines: LineDrawn, regime: Regime | None = None, circulated: Sequence[Circulation] = (), **bulletin: Any
) -> BulletinDrafted:
    changes = {"sections": ("overview",), "sign_off": ("signer",), **bulletin}
    one = a_bulletin(**changes)
    whole = () if any(line.subject_kind == "list" for line in lines) else (the_whole(),)
    (draft,) = _issue(replace(regime or a_regime(), bulletins=(one,)), [*lines, *whole], circulated)
    return draft


def _issue(
    regime: Regime, lines: Sequence[LineDrawn], circulated: Sequence[Circulation] = (), ledger: Ledger | None = None
) -> list[BulletinDrafted]:
    ledger = ledger or opened(regime)
    for place, kept in enumerate(circulated):
        ledger.put(f"n-{place}", kept)
    moment = next(one for one in agenda(ledger) if one.kind == "issue")
    found = draft_bulletins(ledger, moment, lines, _drawn(moment), say=ZH)
    return [one for one in found if isinstance(one, BulletinDrafted)]


def opened(regime: Regime) -> Ledger:
    ledger = Ledger(JURISDICTION)
    for one in record(*a_year(a_project("p1", name="环城东路"), regime=regime)):
        enter(ledger, one)
    return ledger


def _drawn(moment: Moment) -> StandingsDrawn:
    return StandingsDrawn(
        moment=moment.id, list=LIST, kind="issue", period=moment.period, at=moment.at, position=1, count=0, digest="",
        regime="test", regime_version=1, engine="1", parked_count=0,
    )  # fmt: skip


def said(section: Section, *lines: LineDrawn, **rest: Any) -> str:
    (text,) = drafted(*lines, **{"sections": (section,), **rest}).paragraphs
    return text


def banded(**changes: Any) -> Regime:
    bands = (Band(id="ahead", at_least=Decimal("0.8")), Band(id="behind"))
    return a_regime(scoring=a_scoring(ranking=a_ranking(publish="bands", bands=bands, **changes)))


def test_a_bulletin_says_measures_components_lanes_and_bands_by_the_regimes_own_names() -> None:
    names = ("started_in_time_rate", "punctuality", "hill_towns", "ahead", "show_and_tell")
    own = {name: Title(zh=f"本地{place}", en=f"own {place}") for place, name in enumerate(names)}
    lines = [
        a_line(code, lane=lane, band="ahead", points={"punctuality": Decimal(place)},
               displayed={"investment_ratio": "50%", "started_in_time_rate": "40%"})
        for place, (code, lane) in enumerate((("a", "hill_towns"), ("b", "towns")))
    ]  # fmt: skip
    whole = the_whole(displayed={"started_in_time_rate": "40%"})
    draft = drafted(
        *lines, whole, regime=replace(banded(), names={**own, "slow": Title(zh="不印", en="not printed")}),
        sections=("shares", "ranking", "criticised"), audience=("leaders",),
        criticised=Pick(about="unit", bottom=1, must="pledge_statement", forum="show_and_tell"),
    )  # fmt: skip
    assert draft.facts.names == {name: title.zh for name, title in own.items()}, "only what is printed"
    shares, ranking, criticised = draft.paragraphs
    assert "本地040%" in shares
    assert ranking.startswith("本地3")
    assert "本地4" in criticised
    tables = [table for part in bulletin_layout(draft, ZH).parts for table in part.tables]
    assert tables[0].caption.endswith("本地2")
    assert {"本地0", "本地1"} <= set(tables[0].columns)
    assert "本地3" in tables[0].rows[0]


# --- every section --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "section", ["start_rates", "problems", "decisions", "rectifications", "matters", "late_returns"]
)
def test_a_section_of_which_nothing_is_known_says_so(section: Section) -> None:
    assert said(section, the_whole()) == "未掌握相关情况。"


@pytest.mark.parametrize("section", ["problems", "decisions", "rectifications", "matters", "late_returns"])
def test_what_is_known_to_be_none_is_not_what_is_unknown(section: Section) -> None:
    assert said(section, the_whole(noted={section: ()})) == "本期没有此类事项。"


@pytest.mark.parametrize(
    ("section", "sentence"),
    [
        ("problems", "尚未解决的问题2项。"),
        ("decisions", "跟踪督查的会议议定事项2项。"),
        ("rectifications", "整改通知书办理事项2项。"),
        ("matters", "在办督查事项2项。"),
        ("late_returns", "迟报、漏报或报送不规范2项。"),
    ],
)
def test_what_scoring_noted_is_counted_and_codes_are_read_as_names(section: Section, sentence: str) -> None:
    draft = drafted(the_whole(noted={section: ("p1", "征地未完成"), "shares": ("x",)}), sections=(section,))
    assert draft.paragraphs == (sentence,)
    assert draft.facts.noted == {section: ("环城东路", "征地未完成")}


def test_a_bulletin_of_the_period_tells_of_the_period_alone() -> None:
    whole = the_whole(amounts_yuan={"investment_in_period": Decimal(150_000_000)}, project_count=3)
    assert said("overview", whole, window="period") == "2026年第一季度，3个项目当期完成投资1.5亿元。"
    assert said("overview", the_whole(), window="period") == "2026年第一季度当期完成投资情况未掌握。"


def test_start_rates_are_said_of_the_whole_and_of_each_class() -> None:
    rate = {"start_rate": "50%"}
    lines = [a_line("industry", subject_kind="category", displayed={"start_rate": "80%"}), the_whole(displayed=rate)]
    assert said("start_rates", *lines, by=("category",)) == "整体情况：开工率50%。分类情况：INDUSTRY：开工率80%。"
    assert said("start_rates", *lines) == "整体情况：开工率50%。"


def test_next_steps_say_when_the_next_return_is_due() -> None:
    assert said("next_steps") == "2026年4月进展情况请于2026年5月5日24:00前报送。"
    assert said("next_steps", the_whole(noted={"next_steps": ("开展回头看。",)})).endswith("前报送。开展回头看。")


# --- places, bands, classes -----------------------------------------------------------------------------------


def test_where_bands_are_published_no_place_is() -> None:
    lines = [a_line("a", rank=1, band="ahead"), a_line("b", rank=2, band="behind"), a_line("c", rank=3, band="behind")]
    draft = drafted(*lines, regime=banded(), sections=("ranking",))
    assert [(one.rank, one.band) for one in draft.facts.units] == [(None, "ahead"), (None, "behind"), (None, "behind")]
    assert draft.paragraphs == ("ahead：A；进度滞后：B、C",)


def test_where_nothing_is_published_neither_place_nor_band_is() -> None:
    regime = a_regime(scoring=a_scoring(ranking=a_ranking(publish="none")))
    draft = drafted(a_line("a", rank=1, band="ahead"), regime=regime, sections=("ranking",))
    assert [(one.rank, one.band) for one in draft.facts.units] == [(None, "")]
    assert draft.paragraphs == ("本通报不公布名次。",)


def test_work_that_cannot_be_ranked_is_bulletined_without_a_place() -> None:
    lines = [a_line("a", rank=1), a_line("b", is_rankable=False), a_line("c", is_rankable=None), a_line("d")]
    draft = drafted(*lines, sections=("unranked",))
    assert draft.paragraphs == ("不计分排名、只作通报：B、C。",)
    assert said("unranked", a_line("a", rank=1)) == "本期没有此类事项。"


def test_a_bulletin_is_split_along_its_dimensions_in_their_order() -> None:
    lines = [a_line("north", subject_kind="territory"), a_line("industry", subject_kind="category"), a_line("a")]
    facts = drafted(*lines, by=("category", "territory")).facts
    assert [(one.kind, [line.name for line in one.lines]) for one in facts.split] == [
        ("category", ["INDUSTRY"]), ("territory", ["NORTH"]),
    ]  # fmt: skip


def test_persons_stand_only_in_what_leaders_alone_read() -> None:
    zhao, pick = a_line("zhao", subject_kind="leader"), Pick(about="leader")
    to_all = drafted(zhao, by=("leader",), sections=("criticised",), criticised=pick)
    to_leaders = drafted(zhao, by=("leader",), sections=("criticised",), criticised=pick, audience=("leaders",))
    assert (to_all.facts.split, to_all.paragraphs) == ((), ("本期没有通报批评的对象。",))
    assert [one.kind for one in to_leaders.facts.split] == ["leader"]
    assert to_leaders.paragraphs == ("通报批评：ZHAO。",)


# --- who is named ---------------------------------------------------------------------------------------------

FIVE = [a_line(code, value) for code, value in zip("abcde", ("0.9", "0.8", "0.7", "0.7", "0.2"), strict=True)]


def _picked(pick: Pick, lines: Sequence[LineDrawn] = FIVE, **ranking: Any) -> str:
    regime = a_regime(scoring=a_scoring(ranking=a_ranking(**ranking)))
    return "".join(line.subject for line in named(regime, lines, pick))


def test_the_first_and_the_last_so_many_are_named() -> None:
    assert _picked(Pick(top=2)) == "ab"
    assert _picked(Pick(bottom=1)) == "e"
    assert _picked(Pick(top=1, bottom=1)) == "ae"
    assert _picked(Pick(top=9)) == "abcde"
    assert _picked(Pick(top=2), order="low_first") == "ecd"


def test_nobody_stands_outside_who_prints_the_same_as_the_last_one_named() -> None:
    assert _picked(Pick(bottom=2)) == "cde"
    close = [a_line("a", "0.701"), a_line("b", "0.709"), a_line("c", "0.1")]
    assert _picked(Pick(top=1), close) == "ab"
    assert _picked(Pick(top=1), close, tie_on="exact") == "b"


def test_only_those_who_meet_the_condition_are_named_and_unknown_names_nobody() -> None:
    behind: Condition = {"investment_ratio": Bound(below=Decimal("0.75"))}
    unknown = [*FIVE, a_line("f", None)]
    assert _picked(Pick(when=behind), unknown) == "cde"
    assert _picked(Pick(when=Not((behind,))), unknown) == "ab"
    assert _picked(Pick(bottom=1, when=Not((behind,))), unknown) == "b"
    assert _picked(Pick(bottom=1), unknown) == "e", "who has no value is not last"


def test_each_lane_has_its_own_first_and_last() -> None:
    lanes = [replace(line, lane="towns" if line.subject in "ab" else "departments") for line in FIVE]
    assert _picked(Pick(top=1), lanes) == "acd"


def test_others_than_units_may_be_named() -> None:
    road = a_line("road", subject_kind="project", unit="a", light="red")
    assert _picked(Pick(about="project", when=Has(light=("yellow", "red"))), [*FIVE, road]) == "road"


def test_a_bulletin_may_rank_and_pick_by_a_measure_of_its_own() -> None:
    """004: every month by progress, every quarter by the scores of the visit."""

    def scored(code: str, place: int, ratio: str, score: str | None, lane: str = "") -> LineDrawn:
        value = None if score is None else Decimal(score)
        measures, printed = {"visit_score": value}, {"visit_score": score or "-"}
        line = a_line(code, ratio, rank=place, lane=lane)
        return replace(line, measures={**line.measures, **measures}, displayed={**line.displayed, **printed})

    lines = [
        scored("a", 1, "0.9", "80"), scored("b", 2, "0.8", "95"), scored("c", 3, "0.7", "80"),
        scored("d", 4, "0.6", None), scored("t", 1, "0.5", "60", "towns"), scored("u", 2, "0.4", "70", "towns"),
    ]  # fmt: skip

    def told(**more: Any) -> tuple[object, ...]:
        sections = ("ranking", "commended", "criticised")
        regime = with_measures(visit_score=Panel(panel="visit_score"))
        more |= {"commended": Pick(top=1), "criticised": Pick(bottom=1)}
        draft = drafted(*lines, regime=regime, sections=sections, **more)
        named = [one.lines for one in (draft.facts.commended, draft.facts.criticised) if one]
        return (
            [(unit.subject, unit.rank) for unit in draft.facts.units],
            *("".join(line.subject for line in one) for one in named),
            draft.paragraphs[0],
        )

    assert told() == (
        [("a", 1), ("b", 2), ("c", 3), ("d", 4), ("t", 1), ("u", 2)], "at", "du", "排名第一的单位：A、T。"
    )  # fmt: skip
    assert told(rank_by="visit_score") == (
        [("b", 1), ("a", 2), ("c", 2), ("d", None), ("u", 1), ("t", 2)], "bu", "act", "排名第一的单位：B、U。"
    )  # fmt: skip


def test_without_a_ranking_there_is_neither_first_nor_last() -> None:
    unranked = a_regime(scoring=None)
    assert named(unranked, FIVE, Pick(top=1)) == ()
    assert len(named(unranked, FIVE, Pick())) == 5


def test_the_first_and_the_last_are_named_whatever_is_published_of_places_but_not_of_too_small_a_group() -> None:
    assert _picked(Pick(top=1, bottom=1), publish="none") == "ae"
    assert _picked(Pick(top=1, bottom=1), publish="bands", bands=(Band(id="all"),)) == "ae"
    assert _picked(Pick(top=1, bottom=1), minimum_group=6) == ""


@pytest.mark.parametrize(
    ("publish", "audience", "is_told"),
    [
        ("ranks", ("units",), True), ("bands", ("units",), False), ("bands", ("leaders",), True),
        ("none", ("units",), False), ("none", ("leaders",), False),
    ],
)  # fmt: skip
def test_points_stand_only_where_what_they_tell_is_published(publish: Any, audience: Any, is_told: bool) -> None:
    """Points tell places, and so do measures that rest on them."""
    scoring = a_scoring(ranking=a_ranking(publish=publish, bands=(Band(id="all"),)))
    regime = replace(with_measures(half_year_points=Scored(points="total")), scoring=scoring)
    line = a_line("a", points={"total": Decimal(80)})
    line = replace(line, displayed={**line.displayed, "half_year_points": "80"})
    draft = drafted(line, regime=regime, sections=("ranking",), audience=audience)
    (unit,) = draft.facts.units
    assert (unit.points, unit.displayed) == (
        ({"total": "80"}, line.displayed) if is_told else ({}, {"investment_ratio": "50%"})
    )
    (table,) = [table for part in bulletin_layout(draft, ZH).parts for table in part.tables]
    assert ("合计" in table.columns) is is_told


@pytest.mark.parametrize(
    ("condition", "known"),
    [
        (Has(stage="started"), True),
        (Has(stage="completed"), False),
        (Has(light="green"), True),
        (Has(light=("yellow", "red")), False),
        (Has(unit="a"), True),
        (Has(unit=("b", "c")), False),
        (Has(category="tertiary"), None),
        (Has(category="tertiary", stage="completed"), False),
        (Some((Has(category="tertiary"), Has(stage="started"))), True),
        ({"investment_ratio": Bound(at_least=Decimal("0.5"))}, True),
        ({"other": Bound(at_least=Decimal(0))}, None),
    ],
)
def test_a_line_answers_what_it_carries_and_no_more(condition: Condition, *, known: bool | None) -> None:
    assert holds(condition, LineSubject(a_line("a"))) is known


def test_a_line_without_a_light_does_not_say_which_it_has_not() -> None:
    assert holds(Has(light="red"), LineSubject(a_line("a", light=None))) is None


def test_those_named_are_told_what_they_must_do_and_where() -> None:
    first = Pick(top=1, must="best_practice_statement", forum="全县观摩总结会")
    last = Pick(bottom=1, must="pledge_statement")
    assert said("commended", *FIVE, commended=first) == ("通报表扬：A。其主要负责人须在全县观摩总结会上作典型发言。")
    assert said("criticised", *FIVE, criticised=last) == "通报批评：E。其主要负责人须作表态发言。"
    assert said("commended", *FIVE) == "本期没有通报表扬的对象。"


def test_a_served_criticism_stands_in_the_next_bulletin_and_in_no_other() -> None:
    item = Item(matter="m-1", rule="slow", subject="p1", name="环城东路", displayed={})
    regime = a_regime(bulletins=(a_bulletin(sections=("criticised",)), a_bulletin(id="x", sections=("criticised",))))
    first, second = _issue(regime, [the_whole()], [Circulation(LIST, (item,)), Circulation("other", (item,))])
    assert first.paragraphs == ("经签发通报批评的事项：环城东路。",)
    assert first.facts.criticised is not None
    assert first.facts.criticised.items == (item,)
    assert second.paragraphs == ("本期没有通报批评的对象。",)


def test_a_bulletin_that_criticises_nobody_leaves_a_criticism_to_the_next() -> None:
    item = Item(matter="m-1", rule="slow", subject="p1", name="环城东路", displayed={})
    ledger = opened(a_regime(bulletins=(a_bulletin(sections=("overview",)),)))
    _issue(a_regime(), [the_whole()], [Circulation(LIST, (item,))], ledger)
    assert ledger.all(Circulation) == {"n-0": Circulation(LIST, (item,))}


# --- when it is drafted ---------------------------------------------------------------------------------------


def test_a_bulletin_that_an_event_calls_for_has_no_moment() -> None:
    called: Bulletin = a_bulletin(cadence=None, issue=None, trigger="round_ended")
    assert [one for one in agenda(opened(a_regime(bulletins=(called,)))) if one.kind == "issue"] == []


def test_every_section_has_words_for_the_barest_facts() -> None:
    draft = drafted(the_whole(), sections=ALL)
    assert len(draft.paragraphs) == len(ALL)
    facts: Facts = draft.facts
    assert [paragraph(section, facts, ZH) for section in ALL] == list(draft.paragraphs)
    assert facts.as_of == local("2026-04-08 09:00")


def test_who_is_bulletined_without_a_place_is_neither_first_nor_last() -> None:
    barred = [replace(line, is_rankable=line.subject not in "ae") for line in FIVE]
    assert _picked(Pick(top=1), barred) == "b"
    assert _picked(Pick(bottom=1), barred) == "cd"
    assert _picked(Pick(top=1), [replace(FIVE[0], is_rankable=None)]) == ""


def test_a_ratio_of_those_who_are_judged_is_not_said_of_the_plan_of_all() -> None:
    """3.5 of 48 is no 9.72 %: one of four projects reported nothing, and its plan is in the 48."""
    whole = the_whole(project_count=4, not_judged_count=1)
    (said,) = drafted(whole, sections=("overview",)).paragraphs
    assert "已评定的项目完成其年计划的" in said
    assert said.endswith("其中1个项目暂不评定。")
