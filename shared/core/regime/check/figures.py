"""Are the numbers of a regime such that every fold can count and print them, and do its tables rise?"""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from shared.core.errors import Fault
from shared.core.numbers import AMOUNT_DECIMALS_MAX as DECIMALS_MAX
from shared.core.regime.check.names import TOTAL, Node
from shared.core.regime.check.pieces import fault as _fault
from shared.core.regime.check.pieces import pieces, under
from shared.core.regime.due import Days, Due, EveryDays, Hours, Issue, Months, Season, Shift, WorkingDays
from shared.core.regime.language import Last
from shared.core.regime.management import Burden, ClassScheme, Duty, ListChanges, Replacement, Selection
from shared.core.regime.measures import Deviation, Growth, Panel, Scored, Shortfall, TimeProgress, Weighted
from shared.core.regime.model import Numbers, Regime
from shared.core.regime.publishing import Pick
from shared.core.regime.pursuit import Held, Step
from shared.core.regime.scoring import Award, ByCount, InProportion, Multiplied, Ranking, Rate, Repeated, Steps

DAYS_MAX = 366
POINTS_MAX = 10_000
COUNT_MAX = 10_000
FIGURE_DIGITS_MAX = 16
FIGURE_DECIMALS_MAX = 30
GROWTH_DIGITS_MAX = 200
"""A difference has room for 270 digits before its point (`shared.core.numbers`). What is counted and divided of amounts
has up to 40; so many more may measures add that are made of measures."""

Range = tuple[int, int]

_SOME: Range = (1, COUNT_MAX)
_ANY: Range = (0, COUNT_MAX)
_POINTS: Range = (-POINTS_MAX, POINTS_MAX)
RANGES: Mapping[type, Mapping[str, Range]] = {
    Regime: {"version": (1, 10**9)}, Numbers: {"money_decimals": (0, DECIMALS_MAX), "decimals": (0, DECIMALS_MAX)},
    Days: {"days": (0, 10 * DAYS_MAX)}, WorkingDays: {"working_days": (0, DAYS_MAX)},
    Hours: {"hours": (0, 24 * DAYS_MAX)}, Months: {"months": (0, 120)},
    EveryDays: {"every": (1, 10 * DAYS_MAX)}, Shift: {"plus": (0, 31)},
    Due: {"day": (1, 31), "working_day": (1, 31), "month": (1, 12)},
    # A close is at 24:00: on its own day there is nothing to issue yet.
    Issue: {"working_days_after_close": (1, DAYS_MAX)},
    Season: {"months": (1, 12)}, Last: {"days": (1, 10 * DAYS_MAX), "months": (1, 120)},
    Held: {"consecutive": (1, DAYS_MAX), "in_last": (1, DAYS_MAX)}, Repeated: {"times": (2, DAYS_MAX)},
    Step: {"count": _SOME},
    Award: {"points": _POINTS, "otherwise": _POINTS}, Rate: {"points": _POINTS, "at_most": _POINTS},
    InProportion: {"points": _POINTS, "at_most": _POINTS}, ByCount: {"points": _POINTS, "at_most": _POINTS},
    Ranking: {"minimum_group": _SOME}, Pick: {"top": _SOME, "bottom": _SOME},
    Panel: {"drop_highest": _ANY, "drop_lowest": _ANY, "weights": (0, POINTS_MAX)},
    TimeProgress: {"months": (0, 1), "scaled": (0, 10)},
    Duty: {"at_least": _ANY, "at_most": _ANY}, Selection: {"count": _SOME},
    ClassScheme: {"counts": (0, 100 * COUNT_MAX)},
    ListChanges: {"urged_at_least": _ANY}, Replacement: {"investment_within": (0, 1)},
    Burden: dict.fromkeys(
        ("returns_at_most", "fields_at_most", "visits_at_most", "meetings_at_most", "documents_at_most"), _ANY
    ),
}  # fmt: skip
"""The least and the greatest that a number of a piece may be; for tables, each number in them."""


def figure_faults(regime: Regime) -> Iterator[Fault]:
    for pointer, piece in pieces(regime):
        if isinstance(piece, Decimal) and not _is_in_proportion(piece):
            message = "The number must lie between -{most} and {most} and have at most {count} decimals."
            most = f"1{'0' * FIGURE_DIGITS_MAX}"
            yield _fault("out_of_proportion", pointer, message, most=most, count=FIGURE_DECIMALS_MAX)
        for name, (low, high) in RANGES.get(type(piece), {}).items():
            yield from _in_range(getattr(piece, name), low, high, under(pointer, name))
        match piece:
            case Steps(table=table):
                yield from _points_of_tiers(table, f"{pointer}/table")
                yield from _rising([threshold for threshold, _ in table], f"{pointer}/table")
            case ClassScheme(table=classes) if classes:
                yield from _rising([threshold for threshold, _ in classes], f"{pointer}/table")
            case Ranking(bands=bands):
                yield from _bands([band.at_least for band in bands], f"{pointer}/bands")
            case TimeProgress(months=dict() as months):
                yield from _months(months, f"{pointer}/months")
            case Rate(pp=pp) if pp <= 0:
                yield _fault("no_step", f"{pointer}/pp", "Points are given for each so many points above.")
            case InProportion(full_at=full_at) if full_at <= 0:
                yield _fault("no_step", f"{pointer}/full_at", "Full points need a measure above nothing.")


def _in_range(figure: object, low: int, high: int, pointer: str) -> Iterator[Fault]:
    match figure:
        case EveryDays() | Days():
            yield from _in_range(figure.days if isinstance(figure, Days) else figure.every, low, high, pointer)
        case Mapping():
            for name, one in figure.items():
                yield from _in_range(one, low, high, under(pointer, name))
        case tuple():
            for place, one in enumerate(figure):
                yield from _in_range(one, low, high, under(pointer, place))
        case Decimal() | int() if not (_is_in_proportion(Decimal(figure)) and low <= figure <= high):
            message = "The number must lie between {low} and {high}."
            yield _fault("out_of_range", pointer, message, low=low, high=high)


def _points_of_tiers(table: Sequence[tuple[Decimal, Decimal]], pointer: str) -> Iterator[Fault]:
    if not table:
        yield _fault("empty_table", pointer, "The table has no row.")
    for place, (_, points) in enumerate(table):
        yield from _in_range(points, *_POINTS, under(pointer, place, 1))


def _rising(thresholds: Sequence[Decimal], pointer: str) -> Iterator[Fault]:
    if list(thresholds) != sorted(set(thresholds)):
        yield _fault("tiers_overlap", pointer, "The thresholds of a table must rise.")


def _bands(bounds: Sequence[Decimal | None], pointer: str) -> Iterator[Fault]:
    """Bands fall from the best, and only the last is open below."""
    known = [bound for bound in bounds if bound is not None]
    if len(known) < len(bounds) - (bounds[-1:] == [None]) or known != sorted(set(known), reverse=True):
        message = "Bands stand from the best down, each from its bound on; only the last has none."
        yield _fault("bands_overlap", pointer, message)


def _months(months: Mapping[int, Decimal], pointer: str) -> Iterator[Fault]:
    for month in months:
        if not 1 <= month <= 12:
            yield _fault("no_such_month", under(pointer, month), "Months are numbered 1 to 12.")
    by_month = [months[month] for month in sorted(months)]
    if by_month != sorted(by_month):
        yield _fault("tiers_overlap", pointer, "What must be reached cannot fall from one month to the next.")


def _is_in_proportion(value: Decimal) -> bool:
    # By its exponent, not by arithmetic: a value beyond any context would raise instead of answering.
    if not value.is_finite() or -int(value.as_tuple().exponent) > FIGURE_DECIMALS_MAX:
        return False
    return value == 0 or value.adjusted() < FIGURE_DIGITS_MAX


# --- what measures make of each other ---------------------------------------------------------------------------------


def growth_faults(regime: Regime) -> Iterator[Fault]:
    """Measures, and points, that may grow beyond what can be printed. Only where nothing is defined by itself."""
    grown: dict[Node, int] = {}
    for name in regime.measures:
        if _digits(regime, ("measure", name), grown) > GROWTH_DIGITS_MAX:
            message = "It is weighed and divided so often that it may grow beyond all figures."
            yield _fault("out_of_proportion", under("/measures", name), message)
    for place, component in enumerate(regime.scoring.components if regime.scoring else ()):
        if _digits(regime, ("component", component.id), grown) > GROWTH_DIGITS_MAX:
            message = "Its points are multiplied so often that they may grow beyond all figures."
            yield _fault("out_of_proportion", f"/scoring/components/{place}", message)


def _digits(regime: Regime, node: Node, grown: dict[Node, int], depth: int = 0) -> int:
    """How many digits more than an amount over an amount it may have; points have none more than those."""
    if depth > GROWTH_DIGITS_MAX:  # each on the way has added one at least
        return GROWTH_DIGITS_MAX + 1
    if node not in grown:
        parts = [(of, more) for of, more in _made_of(regime, node)]
        grown[node] = max((_digits(regime, of, grown, depth + 1) + more for of, more in parts), default=0)
    return grown[node]


def _made_of(regime: Regime, node: Node) -> Iterator[tuple[Node, int]]:
    """What a measure, or the points of a component, are made of, and how many digits that adds."""
    (kind, name), components = node, regime.scoring.components if regime.scoring else ()
    if name == TOTAL:
        yield from ((("component", one.id), len(str(len(components)))) for one in components)
        return
    made = regime.measures[name] if kind == "measure" else next(one for one in components if one.id == name)
    match made:
        case Weighted(weighted=parts):
            for part in parts:
                heavy = part.weight.adjusted() + 1 if abs(part.weight) > 1 else 0
                yield ("measure", part.of), heavy + len(str(len(parts)))
        case Deviation(deviation_pp=one, against=other):
            yield from ((("measure", name), 3) for name in (one, other))
        case Shortfall(shortfall=one, against=other):
            yield from ((("measure", name), FIGURE_DECIMALS_MAX) for name in (one, other))
        case Growth(growth_of=one):
            yield ("measure", one), FIGURE_DECIMALS_MAX
        case Scored(points=name):
            yield ("component", name), 0
        case Multiplied(multiply=times):
            yield from ((("component", name), len(str(POINTS_MAX))) for name in times.components)
