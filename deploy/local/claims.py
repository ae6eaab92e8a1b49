"""What does a list's document say of itself, and does the record bear it out?"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from deploy.local.evaluation import ListEvaluated
from services.scoring.domain.ledger import Stages
from shared.core.declared import Declared, Listed, ListedAmount, Measured, SameAs
from shared.core.declared_check import check
from shared.core.events import LineDrawn, ListPublished, ProjectListed, UnitRegistered
from shared.core.ledger import Ledger
from shared.core.numbers import EXACT, YUAN_PER, MoneyUnit, divide, total
from shared.core.register import listing_of, members

_POINT = Decimal("0.01")


def with_declared(found: ListEvaluated, ledger: Ledger, published: ListPublished) -> ListEvaluated:
    """Hold what a list declares against the record: counts and totals of the list itself, then figure by figure."""
    unit: MoneyUnit = found.regime.money_unit if found.regime else "亿元"
    declared = [*_of_the_list(published, unit), *published.declared]
    rounding = found.regime.rounding if found.regime else "half_up"
    known = _Known(ledger, published, found)
    return replace(found, declared=tuple(check(declared, known, rounding=rounding)))


def _of_the_list(published: ListPublished, unit: MoneyUnit) -> Iterator[Declared]:
    source = published.document_number
    if published.declared_count is not None:
        count = str(published.declared_count)
        yield Declared(
            id="declared_count", figure=SameAs(same_as=Listed(listed="projects")), printed=count, source=source
        )
    if published.declared_total_investment_yuan is not None:
        amount = _in_print(published.declared_total_investment_yuan, unit)
        figure = SameAs(same_as=ListedAmount(amount="total_investment"))
        yield Declared(id="declared_total_investment", figure=figure, printed=amount, source=source)
    if published.declared_annual_planned_investment_yuan is not None:
        amount = _in_print(published.declared_annual_planned_investment_yuan, unit)
        figure = SameAs(same_as=ListedAmount(amount="annual_planned_investment"))
        yield Declared(id="declared_annual_planned_investment", figure=figure, printed=amount, source=source)


def _in_print(yuan: Decimal, unit: MoneyUnit) -> str:
    """An amount as its document printed it, as far as that is known: in its unit, without the zeros at the end."""
    text = f"{divide(yuan, YUAN_PER[unit]):f}"
    return f"{text.rstrip('0').rstrip('.') if '.' in text else text}{unit}"


@dataclass(frozen=True, slots=True)
class _Known:
    """What the record gives of a list in its newest year."""

    ledger: Ledger
    published: ListPublished
    found: ListEvaluated

    def measured(self, wanted: Measured) -> Decimal | None:
        lines = self._lines(wanted.period)
        wholes = [one for one in lines if one.subject_kind == "list"]
        line = next((one for one in lines if one.subject == wanted.of) if wanted.of else iter(wholes), None)
        value = line.measures.get(wanted.measure) if line else None
        kinds = self.found.regime.measures if self.found.regime else {}
        is_in_points = kinds.get(wanted.measure) == "deviation"
        return EXACT.multiply(value, _POINT) if value is not None and is_in_points else value

    def listed(self, wanted: Listed) -> tuple[str, ...]:
        chosen = [one for one in self._listings(wanted.category) if self._has_reached(one, wanted)]
        match wanted.listed:
            case "projects":
                return tuple(one.name for one in chosen)
            case "categories":
                return tuple(dict.fromkeys(one.category for one in chosen if one.category))
            case "lead_units":
                units = self.ledger.all(UnitRegistered)
                return tuple(units[code].name for code in dict.fromkeys(one.lead_unit for one in chosen))

    def amount(self, wanted: ListedAmount) -> Decimal | None:
        amounts = [_amount(one, wanted) for one in self._listings(wanted.category)]
        known = [one for one in amounts if one is not None]
        return total(known) if len(known) == len(amounts) else None

    def _lines(self, period: str) -> Sequence[LineDrawn]:
        if not period:
            return self.found.now
        draws = [draw for draw in self.found.draws if draw.drawn.period == period]
        return draws[-1].lines if draws else ()

    def _listings(self, category: str) -> list[ProjectListed]:
        on = (self.published.list, self.published.year)
        every = [listing_of(self.ledger, *on, code) for code in members(self.ledger, *on)]
        return [one for one in every if category in {"", one.category}]

    def _has_reached(self, listing: ProjectListed, wanted: Listed) -> bool:
        kept = self.ledger.get(Stages, listing.project)
        return wanted.stage is None or wanted.stage in {stage for stage, *_ in (kept.reached if kept else ())}


def _amount(listing: ProjectListed, wanted: ListedAmount) -> Decimal | None:
    if wanted.amount == "total_investment":
        return listing.total_investment_yuan
    return listing.annual_planned_investment_yuan
