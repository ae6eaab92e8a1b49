"""Rule kinds about returns that decide nothing, said back."""

from shared.core.regime.explain import explain
from tests.catalogue.case import regime
from tests.support.spec import plainly


def test_c22_a_return_asks_for_experience_and_suggestions_too() -> None:
    """004: 「好经验、好做法和意见建议」 with the monthly return; whether they are good is for people to say."""

    def asked(fields: str) -> str:
        rules = regime(f"reporting: [ {{ cadence: monthly, due: {{ day: 22 }}, fields: {fields} }} ]")
        (said,) = [
            line.text for part in explain(rules, plainly) for line in part.lines if line.pointer == "/reporting/0"
        ]
        return said

    assert "it asks for: investment, experience, suggestions;" in asked("[investment, experience, suggestions]")
    assert "it asks for: investment;" in asked("[investment]")
