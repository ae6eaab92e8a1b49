"""What does a value come to, worked out anew from its explanation alone? Plain arithmetic, apart from what measures do.

Each kind of rule has its line of arithmetic; a leaf is what was said.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from services.scoring.domain.explaining.tree import Explained, Value
from shared.core.numbers import EXACT, difference, divide, settled, total
from shared.core.regime.holds import every, opposite, some, within

_HUNDRED = Decimal(100)
_ZERO = Decimal(0)
_ONE = Decimal(1)

Known = dict[int, Value]


def recompute(explained: Explained) -> Value:
    """The value by the inputs and the constants in the explanation."""
    return _again(explained, {})


def _again(one: Explained, known: Known) -> Value:
    if id(one) not in known:
        work = _WORK.get(one.how)
        known[id(one)] = one.value if work is None else work(_Parts(one, known))
    return known[id(one)]


class _Parts:
    """The inputs of a value, by the part that they play, as they come out anew."""

    def __init__(self, one: Explained, known: Known) -> None:
        self.one, self.given, self._known = one, one.given, known

    def of(self, part: str) -> list[Value]:
        return [_again(one, self._known) for one in self.one.inputs if one.part == part]

    def numbers(self, part: str) -> list[Decimal]:
        return [value for value in self.of(part) if isinstance(value, Decimal)]

    def first(self, part: str) -> Any:
        return next(iter(self.of(part)), None)

    def number(self, part: str) -> Decimal | None:
        return next(iter(self.numbers(part)), None)

    def each(self, part: str) -> "list[_Parts]":
        return [_Parts(one, self._known) for one in self.one.inputs if one.part == part]

    @property
    def value(self) -> Value:
        return _again(self.one, self._known)


# --- amounts, shares, rows ----------------------------------------------------------------------------------------


def _ratio(parts: _Parts) -> Value:
    counted = [one for one in parts.each("object") if one.one.counts]
    return divide(total(one.numbers("done")[0] for one in counted), total(one.numbers("planned")[0] for one in counted))


def _amount(parts: _Parts) -> Value:
    found = [amount for one in parts.each("object") for amount in one.numbers("done")]
    return divide(total(found), parts.given["per"]) if found else None


def _share(parts: _Parts) -> Value:
    objects = parts.each("object")
    hits = [one for one in objects if one.first("hit") is True and one.one.counts]
    if parts.given["weigh_by"]:
        return divide(total(n for one in hits for n in one.numbers("weight")),
                      total(n for one in objects for n in one.numbers("weight")))  # fmt: skip
    return divide(Decimal(len(hits)), Decimal(len(objects)))


def _objects(parts: _Parts) -> Value:
    return Decimal(sum(one.first("hit") is not False and one.one.counts for one in parts.each("object")))


def _portion(parts: _Parts) -> Value:
    rows = parts.of("row")
    return divide(Decimal(sum(one is True for one in rows)), Decimal(len(rows)))


def _taken(parts: _Parts) -> Value:
    rows = [(one.one.when, one.value) for one in parts.each("row")]
    found = [(when, value) for when, value in rows if isinstance(value, Decimal)]
    if not found:
        return None
    values = [value for _, value in found]
    newest = max(when for when, _ in found)
    takes: Mapping[str, Callable[[], Decimal | None]] = {
        "sum": lambda: total(values), "max": lambda: max(values), "min": lambda: min(values),
        "mean": lambda: divide(total(values), Decimal(len(values))),
        "latest": lambda: [value for when, value in found if when == newest][-1],
    }  # fmt: skip
    return takes[parts.given["take"]]()


def _panel(parts: _Parts) -> Value:
    given, rows = parts.given, parts.each("row")

    def mean(group: str | None) -> Decimal | None:
        scores = sorted(one.value for one in rows
                        if isinstance(one.value, Decimal) and group in {None, one.given["group"]})  # fmt: skip
        kept = scores[given["drop_lowest"] : len(scores) - given["drop_highest"]]
        return divide(total(kept), Decimal(len(kept)))

    weights: Mapping[str, Decimal] | None = given["weights"]
    if weights is None:
        return mean(None)
    means = [(mean(group), weight) for group, weight in weights.items()]
    known = [EXACT.multiply(value, weight) for value, weight in means if value is not None]
    return divide(total(known), total(weights.values())) if len(known) == len(means) else None


# --- people, days, other measures -----------------------------------------------------------------------------------


def _holders(parts: _Parts) -> Value:
    return Decimal(len(set(parts.of("holder"))))


def _slots(parts: _Parts) -> Value:
    slots = parts.of("slot")
    return divide(Decimal(sum(one is not None for one in slots)), Decimal(len(slots)))


def _overlap(parts: _Parts) -> Value:
    return Decimal(len(set(parts.of("one")) & set(parts.of("both"))))


def _days(parts: _Parts) -> Value:
    given = parts.given
    if given["working"]:
        return parts.one.value  # counted by the calendar that was published
    return Decimal((date.fromisoformat(given["last"]) - date.fromisoformat(given["first"])).days)


def _day_count(parts: _Parts) -> Value:
    found = parts.numbers("object")
    return None if not found else min(found) if parts.given["days"] == "until" else max(found)


def _time_progress(parts: _Parts) -> Value:
    given = parts.given
    passed = given["passed"] if given["of"] is None else divide(given["passed"], given["of"])
    return None if passed is None else EXACT.multiply(passed, given["scaled"])


def _deviation(parts: _Parts) -> Value:
    one, other = parts.number("one"), parts.number("other_measure")
    return None if one is None or other is None else EXACT.multiply(difference(one, other), _HUNDRED)


def _shortfall(parts: _Parts) -> Value:
    one, other = parts.number("one"), parts.number("other_measure")
    return None if one is None or other is None else divide(difference(other, one), other)


def _growth(parts: _Parts) -> Value:
    now, then = parts.number("one"), parts.number("other_measure")
    if now is None or then is None:
        return None
    grown = difference(now, then)
    return EXACT.multiply(grown, _HUNDRED) if parts.given["unit"] == "pp" else divide(grown, then)


def _met(parts: _Parts) -> Value:
    held = parts.first("condition") if parts.given["is_due"] else None
    return None if held is None else Decimal(bool(held))


def _weighted(parts: _Parts) -> Value:
    weights: Sequence[Decimal] = parts.given["weights"]
    known = parts.numbers("one")
    if len(known) < len(weights):
        return None
    return settled(total(EXACT.multiply(one, weight) for one, weight in zip(known, weights, strict=True)))


# --- points -----------------------------------------------------------------------------------------------------------


def _component(parts: _Parts) -> Value:
    points = _unsettled(parts)
    return None if points is None else settled(points)


def _unsettled(parts: _Parts) -> Decimal | None:
    """The points of a component as others add or multiply them: with the noise of quotients, which only a sum loses."""
    covered = parts.first("among") if parts.one.parts("among") else True
    if covered is False:
        return _ZERO
    if covered is None or not parts.given["is_due"]:
        return None
    earned = _EARNED[parts.given["form"]](parts)
    return None if earned is None else EXACT.plus(earned)


def _summed(parts: _Parts) -> Decimal | None:
    """The sum of all components in it; unknown as soon as one of them is."""
    points = [_unsettled(one) if one.one.how == "component" else None for one in parts.each("component")]
    known = [one for one in points if one is not None]
    return total(sorted(known)) if len(known) == len(points) else None


def _award(parts: _Parts) -> Decimal | None:
    held, given = parts.first("condition"), parts.given
    points: Decimal = given["points"] if held else given["otherwise"]
    return None if held is None else points


def _step(parts: _Parts) -> Decimal | None:
    value, given = parts.number("of"), parts.given
    if value is None:
        return None
    at = settled(value)
    below: Decimal = given["below"]
    return next(
        (points for low, points in sorted(given["table"], reverse=True)
         if at > low or (given["includes"] == "lower" and at == low)), below,
    )  # fmt: skip


def _bonus(parts: _Parts) -> Decimal | None:
    held, value, given = parts.first("condition"), parts.number("of"), parts.given
    if held is not True:
        return None if held is None else _ZERO
    if value is None:
        return None
    above = EXACT.multiply(max(settled(EXACT.subtract(value, given["above"])), _ZERO), _HUNDRED)
    return _capped(divide(EXACT.multiply(above, given["points"]), given["pp"]), given["at_most"])


def _proportional(parts: _Parts) -> Decimal | None:
    value, given = parts.number("of"), parts.given
    if value is None:
        return None
    return _capped(divide(EXACT.multiply(max(value, _ZERO), given["points"]), given["full_at"]), given["at_most"])


def _counted(parts: _Parts) -> Decimal | None:
    rows = parts.of("row")
    if not isinstance(parts.given["points"], Decimal):
        known = parts.numbers("row")
        return _capped(total(sorted(known)), parts.given["at_most"]) if len(known) == len(rows) else None
    return _capped(EXACT.multiply(parts.given["points"], Decimal(len(rows))), parts.given["at_most"])


def _deducted(parts: _Parts) -> Decimal | None:
    taken = _counted(parts)
    return None if taken is None else EXACT.minus(taken)


def _multiplied(parts: _Parts) -> Decimal | None:
    factor, points = _step(parts), _summed(parts)
    return None if factor is None or points is None else EXACT.multiply(points, EXACT.subtract(factor, _ONE))


def _capped(points: Decimal | None, at_most: Decimal | None) -> Decimal | None:
    return points if points is None or at_most is None else max(EXACT.minus(at_most), min(points, at_most))


def _total(parts: _Parts) -> Value:
    zeroed = some([one for one in parts.of("veto") if one is None or isinstance(one, bool)])
    if zeroed is not False:
        return _ZERO if zeroed else None
    points = _summed(parts)
    return None if points is None else settled(points)


_EARNED: Mapping[str, Callable[[_Parts], Decimal | None]] = {
    "all_or_nothing": _award, "tiers": _step, "bonus": _bonus, "proportional": _proportional, "counted": _counted,
    "deducted": _deducted, "multiplied": _multiplied,
}  # fmt: skip


# --- conditions, lights, places ---------------------------------------------------------------------------------------


def _bools(values: Sequence[Value]) -> list[bool | None]:
    return [one if isinstance(one, bool) else None for one in values]


def _test(parts: _Parts) -> Value:
    value = parts.number("of")
    return False if value is None and parts.given["lacks"] else within(value, parts.given["bound"])


def _light(parts: _Parts) -> Any:
    own = None
    for one in parts.each("light"):
        if one.value is None:
            return None
        if one.value:
            own = one.given["light"]
            break
    repeated, row = parts.given["repeated"], parts.of("before")
    if repeated is None or own != repeated.light:
        return own
    return repeated.becomes if len(row) + 1 >= repeated.times else own


def _places(parts: _Parts, *, from_top: bool) -> int | None:
    given = parts.given
    own = parts.number("own")
    keys = [*parts.numbers("own"), *parts.numbers("other")]
    if own is None or len(keys) < given["minimum_group"] or given["publish"] != "ranks":
        return None
    ahead = [key for key in keys if (key > own) == (given["order"] == ("high_first" if from_top else "low_first"))]
    ahead = [key for key in ahead if key != own]
    return 1 + len(set(ahead) if given["ties"] == "dense" else ahead)


def _rank(parts: _Parts) -> Value:
    place = _places(parts, from_top=parts.given.get("place", "top") == "top")
    return None if place is None else Decimal(place)


def _band(parts: _Parts) -> Value:
    keys = [*parts.numbers("own"), *parts.numbers("other")]
    own = next(iter(parts.each("own")), None)
    value = own.number("of") if own and own.value is not None and len(keys) >= parts.given["minimum_group"] else None
    reached = [(low is not None, low or _ZERO, name) for name, low in parts.given["bands"]
               if value is not None and (low is None or settled(value) >= low)]  # fmt: skip
    return max(reached, key=lambda one: one[:2])[2] if reached else None


_WORK: Mapping[str, Callable[[_Parts], Value]] = {
    "ratio": _ratio, "amount": _amount, "share": _share, "objects": _objects, "portion": _portion, "taken": _taken,
    "panel": _panel, "count": lambda parts: Decimal(len(parts.of("row"))), "holders": _holders, "slots": _slots,
    "overlap": _overlap, "days": _days, "day_count": _day_count, "time_progress": _time_progress,
    "deviation": _deviation, "shortfall": _shortfall, "growth": _growth, "met": _met, "weighted": _weighted,
    "scored": lambda parts: parts.first("points"), "component": _component, "total": _total,
    "fixed": lambda parts: parts.given["value"], "every": lambda parts: every(_bools(parts.of("condition"))),
    "some": lambda parts: some(_bools(parts.of("condition"))), "test": _test, "light": _light, "rank": _rank,
    "band": _band, "not": lambda parts: opposite(some(_bools(parts.of("condition")))), "place": _rank,
    "said_by": lambda parts: parts.first("said"), "sum": lambda parts: total(parts.numbers("row")),
}  # fmt: skip
