"""Is a condition that not everybody can answer refused, and a word that can never stand in a column?"""

from dataclasses import replace
from decimal import Decimal
from typing import Any, get_args

import pytest

from services.scoring.domain.duties import State
from services.scoring.domain.entries import PermitState
from services.scoring.domain.matter_rows import _STATES
from shared.core.regime.check import faults
from shared.core.regime.column_words import COLUMN_WORDS
from shared.core.regime.due import Days, EveryDays
from shared.core.regime.language import Bound, Cells, ChainStep
from shared.core.regime.management import ListChanges
from shared.core.regime.measures import Count
from shared.core.regime.model import Regime
from shared.core.regime.pursuit import MatterRules, Step
from shared.core.regime.terms import COLUMNS
from tests.support.builders import a_regime, a_reporting, a_rule, with_measures

OPEN = {"days_open": Bound(above=Decimal(5))}


def a_ladder_with(when: Any, *abouts: Any) -> Regime:
    step = Step(step="due_reminder", serve=("lead_unit",), unsigned=True, when=when)
    rules = [a_rule(id=f"r{place}", about=about, ladder="l", when={"start_rate": Decimal(1)})
             for place, about in enumerate(abouts)]  # fmt: skip
    return a_regime(supervision_rules=tuple(rules), ladders={"l": (step,)})


def a_chain_with(when: Any, **changes: Any) -> Regime:
    rules = {"matters": MatterRules(open_chain="c")} | changes
    return a_regime(chains={"c": (ChainStep(by="drc", when=when),)}, **rules)


def said(regime: Regime) -> list[str]:
    return [one.message.format(**one.values) for one in faults(regime)]


@pytest.mark.parametrize("when", [OPEN, Cells({"state": "open"})], ids=["number", "text"])
def test_a_step_may_ask_what_all_who_come_to_its_ladder_can_answer(when: Any) -> None:
    assert said(a_ladder_with(when, "problem", "matter")) == []
    assert said(a_chain_with(when)) == []


@pytest.mark.parametrize(
    ("when", "name"), [(OPEN, "days_open"), (Cells({"obstacle": "land"}), "obstacle")], ids=["number", "text"]
)
def test_a_step_may_not_ask_for_a_column_that_some_who_come_to_its_ladder_lack(when: Any, name: str) -> None:
    sentence = "Not all that come here can answer {name}; {users} cannot: give those steps of their own."
    assert said(a_ladder_with(when, "problem")) == []
    assert said(a_ladder_with(when, "problem", "project")) == [sentence.format(name=name, users="objects")]
    assert said(a_ladder_with(when, "problem", "permit")) == [sentence.format(name=name, users="permit")]


def test_a_measure_may_be_asked_of_all_who_come_to_a_ladder() -> None:
    assert said(a_ladder_with({"start_rate": Decimal(1)}, "problem", "project", "permit")) == []


def test_a_chain_of_objects_too_may_not_ask_for_a_column() -> None:
    users = "Not all that come here can answer days_open; {users} cannot: give those steps of their own."
    assert said(a_chain_with(OPEN, plan_approval="c")) == [users.format(users="objects")]
    assert said(a_chain_with(OPEN, list_changes=ListChanges(exit_chain="c"))) == [users.format(users="exit")]


def test_a_word_that_was_nearly_right_is_suggested() -> None:
    def counted(**where: str) -> list[str]:
        return said(with_measures(m=Count(count="exit", where=where)))

    assert counted(state="refused") == []
    assert counted(state="refusd") == ["In the column state of exit never stands refusd; there may stand: refused."]
    [sentence] = counted(state="nowhere")
    assert sentence.endswith("there may stand: exited, refused, requested.")
    assert counted(reason="nowhere") == []


def test_a_cadence_of_the_regimes_own_may_be_asked_for() -> None:
    def counted(cadence: str) -> list[str]:
        regime = with_measures(m=Count(count="return", where={"cadence": cadence}))
        ten = a_reporting(cadence=EveryDays(every=Days(days=10)), due=None)
        return said(replace(regime, reporting=(*regime.reporting, ten)))

    assert counted("every 10 days") == counted("monthly") == []
    assert len(counted("every 11 days")) == 1


def test_the_closed_words_are_those_of_columns_that_there_are() -> None:
    assert all(COLUMNS[table][column] == "text" for table, column in COLUMN_WORDS)
    assert all(COLUMN_WORDS.values())


def test_the_states_that_the_rows_are_given_may_be_asked_for() -> None:
    assert COLUMN_WORDS["duty", "state"] == {*get_args(State)}
    assert COLUMN_WORDS["permit", "state"] == {*get_args(PermitState), "not_filed"}
    assert COLUMN_WORDS["matter", "state"] == {*_STATES.values()}
