"""Rule kinds about bulletins that decide nothing, said back."""

from shared.core.regime.explain import explain
from tests.catalogue.case import outcome, regime
from tests.support.builders import a_year
from tests.support.spec import plainly


def test_i13_the_channels_of_a_bulletin_are_said_in_the_rules_and_where_it_is_to_be_issued() -> None:
    rules = regime(
        "bulletins: [ { id: one, kind: 通报, cadence: monthly, issue: { working_days_after_close: 1 },"
        " sections: [overview], channels: [television, newspaper, web] } ]"
    )
    said = [line.text for part in explain(rules, plainly) for line in part.lines if line.pointer == "/bulletins/0"]
    assert "television, newspaper, web" in said[0]
    (found,) = outcome(*a_year(regime=rules), at="2026-02-10 12:00").of("bulletins/one")
    assert found.facts["channels"] == "television, newspaper, web"
