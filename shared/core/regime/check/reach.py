"""Can a condition ever hold? Only what its own bounds contradict is seen; where nothing is seen, it may."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from shared.core.regime.language import Bound, Cells, Condition, Every, Has, Not, Some


@dataclass(frozen=True, slots=True)
class Between:
    """The values that bounds leave to one number; `is_open` where an end itself is left out."""

    low: Decimal | None = None
    is_low_open: bool = False
    high: Decimal | None = None
    is_high_open: bool = False

    @property
    def is_empty(self) -> bool:
        if self.low is None or self.high is None:
            return False
        return self.low > self.high or (self.low == self.high and (self.is_low_open or self.is_high_open))

    def holds_all_of(self, other: "Between") -> bool:
        return self.reaches_down_to(other) and _mirrored(self).reaches_down_to(_mirrored(other))

    def reaches_down_to(self, other: "Between") -> bool:
        if self.low is None or other.low is None:
            return self.low is None
        return self.low < other.low or (self.low == other.low and (not self.is_low_open or other.is_low_open))

    def and_(self, bound: Bound | Decimal) -> "Between":
        if isinstance(bound, Decimal):
            return self.and_(Bound(at_least=bound, at_most=bound))
        found = self
        for value, is_open in ((bound.at_least, False), (bound.above, True)):
            found = found.from_(value, is_open=is_open)
        upper = _mirrored(found)
        for value, is_open in ((bound.at_most, False), (bound.below, True)):
            upper = upper.from_(None if value is None else -value, is_open=is_open)
        return _mirrored(upper)

    def from_(self, value: Decimal | None, *, is_open: bool) -> "Between":
        if value is None or (self.low is not None and (value < self.low or (value == self.low and not is_open))):
            return self
        return replace(self, low=value, is_low_open=is_open)


def _mirrored(one: Between) -> Between:
    low, high = (None if end is None else -end for end in (one.high, one.low))
    return Between(low, one.is_high_open, high, one.is_low_open)


def never(condition: Condition) -> bool:
    """Whether the bounds in a condition contradict each other."""
    match condition:
        case Some(any=parts):
            return all(never(part) for part in parts)
        case Not() | Has() | Cells():
            return False
        case Every(all=parts):
            return any(never(part) for part in parts) or any(one.is_empty for one in _bounds(condition).values())
        case _:
            return any(one.is_empty for one in _bounds(condition).values())


def is_covered(condition: Condition, before: list[Condition]) -> bool:
    """Whether an earlier condition holds wherever this one does: both bound one and the same number alone."""
    own = _alone(condition)
    return own is not None and any(
        other is not None and own[0] == other[0] and other[1].holds_all_of(own[1]) for other in map(_alone, before)
    )


def _alone(condition: Condition) -> tuple[str, Between] | None:
    if not isinstance(condition, Mapping) or len(condition) != 1:
        return None
    name, bound = next(iter(condition.items()))
    return name, Between().and_(bound)


def _bounds(condition: Condition) -> dict[str, Between]:
    """What is left to each number where all parts must hold together."""
    found: dict[str, Between] = {}
    ahead = [condition]
    while ahead:
        one = ahead.pop()
        if isinstance(one, Every):
            ahead.extend(one.all)
        elif isinstance(one, Mapping):
            for name, bound in one.items():
                found[name] = found.get(name, Between()).and_(bound)
    return found
