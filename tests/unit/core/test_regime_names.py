"""What is that called which a regime names itself: by its own names, then by the catalogue's, then as it stands?"""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from shared.core.regime.check import faults, remarks
from shared.core.regime.diff import diff
from shared.core.regime.explain import condition_text, explain
from shared.core.regime.explain.words import Voice
from shared.core.regime.language import Bound, Cells, Has
from shared.core.regime.model import Band, Regime, Title
from shared.core.regime.names import in_column, naming, own_names
from shared.infra.texts import Locale, Texts, catalogue
from tests.support.builders import a_ranking, a_regime, a_rule, a_scoring

ZH, EN = Texts.load("zh"), Texts.load("en")
STARTS = Title(zh="开工比例", en="share of starts")


def named(**names: Title) -> Regime:
    return a_regime(names=names)


# --- what it is called ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("locale", "own", "known"), [("zh", "开工比例", "开工率"), ("en", "share of starts", "start_rate")]
)
def test_the_regimes_own_name_goes_before_the_catalogues(locale: Locale, own: str, known: str) -> None:
    say = Texts.load(locale)
    assert Voice.of(named(start_rate=STARTS), say).name("start_rate") == own
    assert Voice.of(a_regime(), say).name("start_rate") == known


def test_without_any_name_the_identifier_stands() -> None:
    assert Voice.of(named(start_rate=STARTS), ZH).name("planned_yi") == "planned_yi"


def test_a_word_of_the_vocabulary_may_have_another_name_at_a_place() -> None:
    renamed = named(sponsor_leader=Title(zh="包抓领导", en="leader in charge"))
    assert Voice.of(renamed, ZH).term("sponsor_leader") == "包抓领导"
    assert Voice.of(a_regime(), ZH).term("sponsor_leader") != "包抓领导"


def test_what_is_written_in_chinese_may_have_an_english_name() -> None:
    renamed = named(**{"一类{}": Title(zh="一类{}", en="class one {}")})
    assert Voice.of(renamed, EN).quoted("一类{}") == "“class one {}”"


def test_a_name_is_said_wherever_the_thing_is() -> None:
    when: Any = {"start_rate": Bound(below=Decimal(1))}
    regime = a_regime(names={"start_rate": STARTS, "slow": Title(zh="进展慢", en="too slow")})
    assert condition_text(regime, when, ZH) == "开工比例低于100%"
    said = {line.pointer: line.text for part in explain(regime, EN) for line in part.lines}
    assert said["/supervision_rules/0"].startswith("too slow, about each project:")
    assert said["/measures/start_rate"].startswith("share of starts: ")


def test_names_do_not_reach_into_sentences() -> None:
    say = naming(ZH, own_names(named(start_rate=STARTS), ZH))
    assert say("{name} is missing here.", name="start_rate") == "此处缺少 start_rate。"


def test_a_new_name_is_a_difference_wherever_it_is_said() -> None:
    changed = {
        one.pointer: (one.old, one.new) for one in diff(a_regime(), named(slow=Title(zh="慢", en="slow going")), EN)
    }
    old, new = changed["/supervision_rules/0"]
    assert str(old).startswith("slow, ")
    assert str(new).startswith("slow going, ")
    assert diff(named(slow=STARTS), named(slow=STARTS), EN) == ()


# --- what stands in columns -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("column", "value", "said"),
    [
        ("level", "state", "国家级"),
        ("level", "county", "县级"),
        ("method", "documents", "查阅资料"),
        ("liability", "first", "第一责任"),
        ("state", "accepted", "已受理"),
        ("state", "overdue", "逾期"),
        ("kind", "documents", "文件"),
        ("person", "liaison", "liaison"),
        ("topic", "河道 {x}", "河道 {x}"),
    ],
)
def test_a_word_reads_in_its_column_as_it_is_meant_there(column: str, value: str, said: str) -> None:
    assert in_column(column, value, ZH) == said


def test_in_english_a_word_in_a_column_stands_as_it_is() -> None:
    assert in_column("level", "state", EN) == "state"


def test_conditions_say_words_by_their_columns_unless_the_regime_has_a_name() -> None:
    first = Cells(where={"liability": "first"})
    assert condition_text(a_regime(), first, ZH, table="assignment") == "责任类别为“第一责任”"
    assert (
        condition_text(named(first=Title(zh="头责", en="prime")), first, ZH, table="assignment") == "责任类别为“头责”"
    )
    assert "“国家级”" in condition_text(a_regime(), Has(level="state"), ZH)
    assert ZH("state") == "状态"


# --- what is checked ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("names", "code", "pointer", "message"),
    [
        ({"start_rat": STARTS}, "names_nothing", "/names/start_rat",
         "Nothing in this regime is called start_rat; start_rate was probably meant."),
        ({"xylophone": STARTS}, "names_nothing", "/names/xylophone",
         "Nothing in this regime is called xylophone: leave its name out."),
        ({"start_rate": Title(zh=" ", en="starts")}, "empty_name", "/names/start_rate/zh", "The name is empty."),
    ],
)  # fmt: skip
def test_a_name_must_be_the_name_of_something(names: Any, code: str, pointer: str, message: str) -> None:
    (found,) = faults(a_regime(names=names))
    assert (found.code, found.pointer, found.message.format(**found.values)) == (code, pointer, message)
    assert found.message in catalogue("zh")


def test_texts_in_which_an_identifier_is_only_mentioned_do_not_use_it() -> None:
    regime = replace(named(law=STARTS), supervision_rules=(a_rule(source="law"),))
    assert [one.code for one in faults(regime)] == ["names_nothing"]


def test_measures_rules_bands_and_texts_of_conditions_may_all_be_named() -> None:
    bands = (Band(id="ahead", at_least=Decimal(1)), Band(id="rest"))
    regime = a_regime(
        scoring=a_scoring(ranking=a_ranking(publish="bands", bands=bands)),
        supervision_rules=(a_rule(among=Has(tag="farmland")),),
        names=dict.fromkeys(("start_rate", "slow", "project", "ahead", "farmland"), STARTS),
    )
    assert faults(regime) == []


def test_all_that_nobody_has_a_name_for_is_one_remark() -> None:
    known = {"slow", "deviation", "level: city"}
    regime = a_regime(supervision_rules=(a_rule(among=Has(tag=("farmland", "城区"), level="city")),))
    (found,) = (one for one in remarks(regime, catalogue=known) if one.code == "no_name")
    listed = found.values["names"].split(", ")
    assert {"farmland", "start_rate", "planned_yi"} <= set(listed)
    assert not {"slow", "deviation", "城区", "city", "at_least", "project", "investment_completed"} & set(listed)
    named_all = replace(regime, names=dict.fromkeys(listed, STARTS))
    assert [one for one in remarks(named_all, catalogue=known) if one.code == "no_name"] == []
    assert found.message in catalogue("zh")
