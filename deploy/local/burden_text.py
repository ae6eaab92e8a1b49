"""How does the burden of a regime read on a terminal?"""

from decimal import Decimal

from rich.console import Console
from rich.table import Table

from shared.core.regime.burden import KINDS, burden, limits, totals
from shared.core.regime.model import Regime
from shared.infra.texts import Texts

_THOUSANDTH = Decimal("0.001")


def print_burden(regime: Regime, say: Texts, *, units: int) -> None:
    """Print what each rule asks of a unit in a month, the sums, and what the regime itself allows."""
    items = burden(regime, units=units)
    table = Table(title=say("Asked of one unit in a month"))
    table.add_column(say("rule"))
    for kind in KINDS:
        table.add_column(say(kind), justify="right")
    for pointer in dict.fromkeys(one.pointer for one in items):
        sums = totals([one for one in items if one.pointer == pointer])
        table.add_row(pointer, *(printed(sums[kind]) if sums[kind] else "" for kind in KINDS))
    sums, allowed = totals(items), limits(regime.burden)
    table.add_section()
    table.add_row(say("together"), *(printed(sums[kind]) for kind in KINDS))
    if any(limit is not None for limit in allowed.values()):
        table.add_row(say("allowed"), *("" if (limit := allowed[kind]) is None else str(limit) for kind in KINDS))
    Console().print(table)
    for kind in KINDS:
        limit = allowed[kind]
        if limit is not None and sums[kind] > limit:
            print(say("{kind}: {count} a month, more than the {limit} that the regime allows.",
                      kind=say(kind), count=printed(sums[kind]), limit=limit))  # fmt: skip


def printed(value: Decimal) -> str:
    """At most three decimals, none that are nothing."""
    return format(value.quantize(_THOUSANDTH).normalize(), "f")
