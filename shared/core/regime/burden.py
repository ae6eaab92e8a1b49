"""How much does a regime ask of one unit in a month: returns, fields, visits, meetings, documents (基层减负)?

Of a unit with one object. What an event calls for, or no period bounds, cannot be counted and is not.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal, get_args

from shared.core.numbers import EXACT, total
from shared.core.regime.due import Cadence, EveryDays, NamedCadence
from shared.core.regime.management import Burden, Duty
from shared.core.regime.model import Regime
from shared.core.regime.terms import Table

Kind = Literal["returns", "fields", "visits", "meetings", "documents"]
KINDS: tuple[Kind, ...] = get_args(Kind)

_MONTHS_OF_YEAR = Decimal(12)
_DAYS_OF_YEAR = Decimal(365)
_PER_YEAR: dict[NamedCadence, Decimal] = {
    "daily": _DAYS_OF_YEAR, "weekly": EXACT.divide(_DAYS_OF_YEAR, Decimal(7)), "ten_days": Decimal(36),
    "half_month": Decimal(24), "monthly": Decimal(12), "quarterly": Decimal(4), "half_year": Decimal(2),
    "yearly": Decimal(1),
}  # fmt: skip
_KIND_OF: dict[Table, Kind] = {
    "return": "returns", "duty_visit": "visits", "inspection": "visits", "round": "visits", "visit_score": "visits",
    "meeting": "meetings", "report_sent": "documents",
}  # fmt: skip
_UNITS_OWN = {"lead_unit", "supporting_unit", "owner", "unit_head", "handling_unit", "responsible_person"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """What one rule asks of one unit in a month, on the average of a year."""

    pointer: str
    kind: Kind
    per_month: Decimal


def burden(regime: Regime, *, units: int = 1) -> tuple[Item, ...]:
    """Item by item; where so many units take turns each is concerned that much less often."""
    return (*_returns(regime), *_duties(regime, units), *_bulletins(regime))


def totals(items: Sequence[Item]) -> dict[Kind, Decimal]:
    return {kind: total(one.per_month for one in items if one.kind == kind) for kind in KINDS}


def limits(of: Burden | None) -> dict[Kind, int | None]:
    """What the regime itself allows of each kind."""
    return {kind: getattr(of, f"{kind}_at_most") if of else None for kind in KINDS}


def times_a_month(cadence: Cadence) -> Decimal:
    if isinstance(cadence, EveryDays):
        return EXACT.divide(EXACT.divide(_DAYS_OF_YEAR, _MONTHS_OF_YEAR), Decimal(cadence.every.days))
    return EXACT.divide(_PER_YEAR[cadence], _MONTHS_OF_YEAR)


def _returns(regime: Regime) -> Iterator[Item]:
    for place, one in enumerate(regime.reporting):
        often = times_a_month(one.cadence)
        yield Item(pointer=f"/reporting/{place}", kind="returns", per_month=often)
        asked = EXACT.multiply(often, Decimal(len(one.fields)))
        yield Item(pointer=f"/reporting/{place}", kind="fields", per_month=asked)


def _duties(regime: Regime, units: int) -> Iterator[Item]:
    for place, duty in enumerate(regime.duties):
        kind = _KIND_OF.get(duty.do)
        is_of_units = kind in {"visits", "meetings"} or duty.who in _UNITS_OWN
        if kind is not None and is_of_units and duty.per is not None and duty.at_least:
            yield Item(pointer=f"/duties/{place}", kind=kind, per_month=_often(duty, duty.per, units))


def _often(duty: Duty, per: Cadence, units: int) -> Decimal:
    times = EXACT.multiply(times_a_month(per), Decimal(duty.at_least or 0))
    if duty.select is not None and duty.select.count < units:
        times = EXACT.divide(EXACT.multiply(times, Decimal(duty.select.count)), Decimal(units))
    if duty.rotate is not None and duty.rotate.order:
        times = EXACT.divide(times, Decimal(len(duty.rotate.order)))
    if duty.season is not None and duty.season.months:
        times = EXACT.divide(EXACT.multiply(times, Decimal(len(set(duty.season.months)))), _MONTHS_OF_YEAR)
    return times


def _bulletins(regime: Regime) -> Iterator[Item]:
    for place, bulletin in enumerate(regime.bulletins):
        if bulletin.cadence is not None and "units" in bulletin.audience:
            documents = Decimal(
                2 if bulletin.preview is not None else 1
            )  # their own figures to check, then the bulletin
            often = EXACT.multiply(times_a_month(bulletin.cadence), documents)
            yield Item(pointer=f"/bulletins/{place}", kind="documents", per_month=often)
