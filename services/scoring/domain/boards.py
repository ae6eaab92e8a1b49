"""What stands on a board: of each object the columns that the rules name, as they print."""

from collections.abc import Callable, Mapping
from decimal import Decimal

from services.scoring.domain.calls import printed
from services.scoring.domain.entries import Return, Returns
from services.scoring.domain.measure import Measuring
from services.scoring.domain.view import View
from shared.core.events import UnitRegistered
from shared.core.numbers import EXACT, YUAN_PER, divide, rounded
from shared.core.period import Period
from shared.core.regime.publishing import Board
from shared.core.regime.terms import Role

REPORTED = frozenset({"progress", "investment", "light"})
"""What returns say: where only what is approved may be shown, it waits until the newest return is."""

_APPROVED = frozenset({"approved", "adjusted"})
_HUNDRED = Decimal(100)


def board_row(view: View, board: Board, one: Measuring) -> str:
    """The cells of one object in the order of the columns; `-` for what nobody said, or what may not be shown yet."""
    known = filed(view, one)
    may_show = not board.approved_only or (bool(known) and is_approved(view, one, known[-1]))
    hidden = frozenset() if may_show else REPORTED
    return "; ".join("-" if column in hidden else _CELLS[column](view, one) for column in board.columns)


def filed(view: View, one: Measuring) -> list[Return]:
    """The returns of an object that came by the day, in this year or the one before, in the order of coming."""
    years = (view.ledger.get(Returns, f"{one.code}/{year}") for year in (view.day.year - 1, view.day.year))
    known = (each for year in years if year for each in year.returns if each.recorded_on <= view.day)
    return sorted(known, key=lambda each: each.recorded_at)


def is_approved(view: View, one: Measuring, told: Return) -> bool:
    """Whether all have approved a return, or put it right, whom the rules of its year's list ask."""
    period = Period.parse(told.period)
    of_year = view if period.year == view.period.year else view.earlier(period)
    rows = of_year.rows_of(of_year.subject("project", one.code), "return")
    return any(row.cells["period"] == told.period and row.cells["review"] in _APPROVED for row in rows)


def _holders(*roles: Role) -> Callable[[View, Measuring], str]:
    def cell(view: View, one: Measuring) -> str:
        return printed(tuple(dict.fromkeys(code for role in roles for code in view.holders(one.code, role))))

    return cell


def _unit(view: View, one: Measuring) -> str:
    unit = view.ledger.get(UnitRegistered, one.unit)
    return unit.name if unit else one.unit


def _progress(view: View, one: Measuring) -> str:
    """The last stage that counts as reached, and what is completed of the annual plan (002: 具体进度)."""
    done, plan = one.sum("investment_completed"), one.sum("annual_planned_investment")
    ratio = None if done is None or plan is None else divide(done, plan)
    stages, rounding = one.objects[0].stages, view.regime.numbers.rounding
    share = "" if ratio is None else f"{rounded(EXACT.multiply(ratio, _HUNDRED), decimals=2, rounding=rounding)}%"
    return " ".join(filter(None, (stages[-1] if stages else "", share))) or "-"


def _milestones(view: View, one: Measuring) -> str:
    cells = [row.cells for row in view.rows_of(one, "milestone")]
    return printed(tuple(f"{each['milestone']} {printed(each['due_on'])} {each['state']}" for each in cells))


def _investment(view: View, one: Measuring) -> str:
    numbers, amount = view.regime.numbers, one.sum("investment_completed")
    if amount is None:
        return "-"
    in_unit = EXACT.divide(amount, YUAN_PER[numbers.money_unit])
    return str(rounded(in_unit, decimals=numbers.money_decimals, rounding=numbers.rounding))


_CELLS: Mapping[str, Callable[[View, Measuring], str]] = {
    "name": lambda _, one: one.name,
    "leader": _holders("sponsor_leader"),
    "unit": _unit,
    "owner": lambda _, one: printed(one.objects[0].listing.owner),
    "due_on": lambda _, one: printed(one.objects[0].listing.planned_completion_on),
    "progress": _progress,
    "light": lambda view, one: printed(view.light_of(one)),
    "team": _holders("service_team", "help_team"),
    "milestones": _milestones,
    "investment": _investment,
}
