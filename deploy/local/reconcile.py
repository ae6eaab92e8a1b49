"""Does a published figure follow from what was printed beside it, and does the record reproduce it?

Interval arithmetic: a printed figure stands for every value that prints so. Leads over time progress are worked out
in two ways, from the unrounded rate or from the printed one; which of them fits is named.
"""

import csv
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Literal

from deploy.local.evaluation import Draw, Evaluation, ListEvaluated, Reading, Reconciled
from deploy.local.event_file import BadFile, LineFault
from shared.core.calendar import Period
from shared.core.errors import Fault
from shared.core.events import LineDrawn
from shared.core.numbers import EXACT, Range, Rounding, Verdict, verdict

_COLUMNS = ("list", "period", "measure", "published", "numerator", "denominator")
_OPTIONAL = ("inputs", "rate", "time_progress")
_HUNDRED = Decimal(100)
_ORDER: Sequence[Verdict] = ("consistent", "other_rounding", "inconsistent")


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One published figure as printed, in per cent; in percentage points where the measure's name ends with `_pp`.

    `inputs`: whether numerator and denominator were rounded for printing, or counted and so exact. A lead may have
    the `rate` printed beside it, and a `time_progress` (0.25 is 25 %) where a place does not go by whole months.
    """

    list: str
    period: str
    measure: str
    published: str
    numerator: str
    denominator: str
    inputs: Literal["printed", "counted"] = "printed"
    rate: str = ""
    time_progress: str = ""

    @property
    def is_lead(self) -> bool:
        return self.measure.endswith("_pp")


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """What a bulletin says of a list at the end of a period: plan, done, the rate, and perhaps the lead."""

    list: str
    period: str
    plan: str
    done: str
    rate: str
    lead: str = ""
    time_progress: str = ""

    def figures(self, *, rate: str = "investment_ratio", lead: str = "deviation_pp") -> Iterator[Figure]:
        of, over = self.done, self.plan
        yield Figure(
            list=self.list, period=self.period, measure=rate, published=self.rate, numerator=of, denominator=over
        )
        if self.lead:
            yield Figure(
                list=self.list,
                period=self.period,
                measure=lead,
                published=self.lead,
                numerator=of,
                denominator=over,
                rate=self.rate,
                time_progress=self.time_progress,
            )


def reconcile(figures: Iterable[Figure], evaluation: Evaluation, *, rounding: Rounding = "half_up") -> list[Reconciled]:
    """Hold figures against their inputs and the list's last draw of the period; `rounding` where it has no regime."""
    lists = {found.list: found for one in evaluation.jurisdictions for found in one.lists}
    return [_reconciled(figure, lists.get(figure.list), rounding) for figure in figures]


def _reconciled(figure: Figure, found: ListEvaluated | None, rounding: Rounding) -> Reconciled:
    mode = found.regime.rounding if found and found.regime else rounding
    verdicts = {
        reading: verdict(figure.published, low=low, high=high, rounding=mode)
        for reading, (low, high) in _ranges(figure).items()
    }
    best = min(verdicts.values(), key=_ORDER.index)
    low, high = _ranges(figure)["unrounded"]
    line = _line(found, figure.period) if found else None
    evaluated = _evaluated(figure, line)
    return Reconciled(
        list=figure.list,
        period=figure.period,
        measure=figure.measure,
        published=figure.published,
        low=low,
        high=high,
        verdict=best,
        readings=tuple(reading for reading, one in verdicts.items() if one == best and one != "inconsistent"),
        evaluated=evaluated,
        displayed=line.displayed.get(figure.measure, "-") if line else "-",
        is_evaluated_within=None if evaluated is None else low <= evaluated <= high,
    )


def _ranges(figure: Figure) -> dict[Reading, tuple[Decimal, Decimal]]:
    low, high = _rate_range(figure)
    if not figure.is_lead:
        return {"unrounded": (low, high)}
    passed = _time_progress_pct(figure)
    ranges: dict[Reading, tuple[Decimal, Decimal]] = {"unrounded": (low - passed, high - passed)}
    if figure.rate:
        from_printed = EXACT.subtract(Decimal(figure.rate), passed)
        ranges["printed_rate"] = (from_printed, from_printed)
    return ranges


def _rate_range(figure: Figure) -> tuple[Decimal, Decimal]:
    of, over = _range(figure.numerator, figure.inputs), _range(figure.denominator, figure.inputs)
    low, high = EXACT.divide(of.low, over.high), EXACT.divide(of.high, over.low)
    return EXACT.multiply(low, _HUNDRED), EXACT.multiply(high, _HUNDRED)


def _range(text: str, inputs: Literal["printed", "counted"]) -> Range:
    return Range.printed(text) if inputs == "printed" else Range.exact(Decimal(text))


def _time_progress_pct(figure: Figure) -> Decimal:
    if figure.time_progress:
        return EXACT.multiply(Decimal(figure.time_progress), _HUNDRED)
    return EXACT.divide(Decimal(Period.parse(figure.period).last_month * 100), Decimal(12))


def _line(found: ListEvaluated, period: str) -> LineDrawn | None:
    draws = [draw for draw in found.draws if draw.drawn.period == period]
    return _whole(draws[-1]) if draws else None


def _whole(draw: Draw) -> LineDrawn:
    return next(line for line in draw.lines if line.subject_kind == "list")


def _evaluated(figure: Figure, line: LineDrawn | None) -> Decimal | None:
    value = line.measures.get(figure.measure) if line else None
    return value if value is None or figure.is_lead else EXACT.multiply(value, _HUNDRED)


# --- the file of published figures ------------------------------------------------------------


def read_published(path: Path) -> list[Figure]:
    """Read a CSV file of published figures, in the columns of `Figure`. BadFile with every fault."""
    with path.open(encoding="utf-8-sig", newline="") as stream:
        reader = csv.DictReader(stream)
        wanting = [name for name in _COLUMNS if name not in (reader.fieldnames or ())]
        if wanting:
            raise BadFile([LineFault(1, Fault("missing", f"/{name}", "The column is missing.")) for name in wanting])
        rows = [(reader.line_num, row) for row in reader]
    faults = [LineFault(line, fault) for line, row in rows for fault in _faults(row)]
    if faults:
        raise BadFile(faults)
    return [_figure(row) for _, row in rows]


def _figure(row: Mapping[str, str]) -> Figure:
    return Figure(**{name: row[name].strip() for name in (*_COLUMNS, *_OPTIONAL) if row.get(name)})  # type: ignore[arg-type]


def _faults(row: Mapping[str, str | None]) -> Iterator[Fault]:
    for name in ("published", "numerator", "denominator", "rate", "time_progress"):
        text = (row.get(name) or "").strip()
        if (text or name in _COLUMNS) and not _is_number(text):
            yield Fault("not_a_number", f"/{name}", f"{text!r} is not a number as printed.")
    if Decimal(0) == _number(row.get("denominator")):
        yield Fault("zero", "/denominator", "Nothing is a share of nothing.")
    if (row.get("inputs") or "printed") not in {"printed", "counted"}:
        yield Fault("inputs", "/inputs", "Write printed or counted.")
    try:
        Period.parse((row.get("period") or "").strip())
    except ValueError as error:
        yield Fault("bad_period", "/period", str(error))


def _is_number(text: str) -> bool:
    return _number(text) is not None


def _number(text: str | None) -> Decimal | None:
    try:
        value = Decimal((text or "").strip())
    except InvalidOperation:
        return None
    return value if value.is_finite() else None
