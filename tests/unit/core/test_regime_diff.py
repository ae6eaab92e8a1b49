"""Is it said, rule by rule, what one regime says otherwise than another?"""

from dataclasses import replace

from shared.core.regime.diff import diff
from shared.core.regime.due import Due
from shared.core.regime.model import Regime
from tests.support.builders import a_bulletin, a_regime, a_reporting, a_rule


def say(sentence: str, /, **blanks: object) -> str:
    return sentence.format(**blanks)


def changes(old: Regime, new: Regime) -> list[tuple[str, bool, bool]]:
    """Where, whether something stood there before, and whether something does now."""
    return [(one.pointer, one.old is not None, one.new is not None) for one in diff(old, new, say)]


def test_a_regime_says_the_same_as_itself() -> None:
    assert diff(a_regime(), a_regime(), say) == ()


def test_a_changed_value_is_given_as_it_was_and_as_it_is() -> None:
    (change,) = diff(a_regime(), a_regime(reporting=(a_reporting(due=Due(day=8)),)), say)
    assert change.pointer == "/reporting/0"
    assert "due: day 5 of the next month" in str(change.old)
    assert "due: day 8 of the next month" in str(change.new)


def test_a_rule_put_before_others_is_the_only_change() -> None:
    more = (a_rule(id="new"), a_rule())
    assert changes(a_regime(), a_regime(supervision_rules=more)) == [("/supervision_rules/0", False, True)]


def test_a_rule_that_is_gone_is_named_where_it_stood() -> None:
    two = a_regime(bulletins=(a_bulletin(), a_bulletin(id="monthly", cadence="monthly")))
    assert changes(two, a_regime()) == [("/bulletins/1", True, False)]


def test_another_source_is_another_rule() -> None:
    sourced = replace(a_rule(), source="003")
    assert changes(a_regime(), a_regime(supervision_rules=(sourced,))) == [("/supervision_rules/0", True, True)]
