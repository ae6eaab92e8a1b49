"""Which class of a scheme is an object in?"""

from datetime import date

from services.scoring.domain.facts import ProjectFacts
from shared.core.numbers import EXACT, YUAN_PER
from shared.core.regime.management import ClassScheme
from shared.core.regime.measures import Amount
from shared.core.regime.model import Regime


def class_of(scheme: ClassScheme, facts: ProjectFacts, regime: Regime, day: date) -> str | None:
    """The class by an attribute of the object, or by the thresholds of an amount; None where it has none."""
    if not scheme.table:
        return next((name for name in scheme.names if facts.stands(scheme.of, name, day)), None)
    measure = regime.measures.get(scheme.of)
    amount = facts.amounts.get(measure.amount) if isinstance(measure, Amount) else None
    if amount is None or not isinstance(measure, Amount):
        return None
    value = EXACT.divide(amount, YUAN_PER[measure.unit])
    reached = [
        name
        for threshold, name in scheme.table
        if value > threshold or (value == threshold and scheme.includes == "lower")
    ]
    return reached[-1] if reached else None
