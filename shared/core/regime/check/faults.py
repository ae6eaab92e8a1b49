"""What is wrong with a regime that is well-formed: every fault at once."""

from shared.core.errors import Fault
from shared.core.regime.check.columns import table_faults
from shared.core.regime.check.conditions import class_faults, condition_faults
from shared.core.regime.check.demands import demand_faults, empty_faults
from shared.core.regime.check.figures import figure_faults, growth_faults
from shared.core.regime.check.moments import calendar_faults, moment_faults
from shared.core.regime.check.names import circle_faults, code_faults, duplicate_faults, name_faults
from shared.core.regime.check.naming import naming_faults
from shared.core.regime.check.publishing import publishing_faults
from shared.core.regime.check.pursuit import pursuit_faults
from shared.core.regime.model import Regime


def faults(regime: Regime) -> list[Fault]:
    """Every fault of the regime, each with a pointer into its document."""
    figures, names, circles = list(figure_faults(regime)), list(name_faults(regime)), list(circle_faults(regime))
    return [
        *names,
        *duplicate_faults(regime),
        *code_faults(regime),
        *circles,
        *class_faults(regime),
        *condition_faults(regime),
        *table_faults(regime),
        *demand_faults(regime),
        *empty_faults(regime),
        *publishing_faults(regime),
        *pursuit_faults(regime),
        *moment_faults(regime),
        *naming_faults(regime),
        *figures,
        *([] if figures else calendar_faults(regime)),
        *([] if names or circles or figures else growth_faults(regime)),
    ]
