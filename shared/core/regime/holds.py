"""Does a condition hold for a subject? True, False, or None where what is known does not decide it."""

from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from typing import Protocol

from shared.core.numbers import ZERO, difference
from shared.core.regime.language import Bound, Cell, Cells, ChainStep, Condition, Every, Has, Not, Some, Where

CellValue = str | bool | Decimal | None
Words = tuple[str, ...]


class Subject(Protocol):
    """What a condition is asked of."""

    def value(self, name: str) -> Decimal | None:
        """A measure, or a numeric column of a row."""
        ...

    def lacks(self, name: str) -> bool:
        """Whether it is known to have no such number: no place, where others are given theirs."""
        ...

    def has(self, wanted: Has) -> bool | None:
        """Whether every object of the subject has what is wanted; of a row, its project."""
        ...

    def cells(self, where: Where) -> bool | None:
        """Whether a row's columns are so. A set of objects has no columns: None."""
        ...


def holds(condition: Condition, subject: Subject) -> bool | None:
    match condition:
        case Every(all=parts):
            return every([holds(part, subject) for part in parts])
        case Some(any=parts):
            return some([holds(part, subject) for part in parts])
        case Not(none=parts):
            return opposite(some([holds(part, subject) for part in parts]))
        case Has():
            return subject.has(condition)
        case Cells(where=where):
            return subject.cells(where)
        case _:
            return every([_tested(subject, name, bound) for name, bound in condition.items()])


def _tested(subject: Subject, name: str, bound: Bound | Decimal) -> bool | None:
    value = subject.value(name)
    return False if value is None and subject.lacks(name) else within(value, bound)


def is_passed_over(step: ChainStep, meets: Callable[[Condition], bool | None]) -> bool:
    """Whether a step of a chain has nothing to decide: only where its `unless` surely holds, or its `when` does not."""
    is_free = step.unless is not None and meets(step.unless) is True
    return is_free or (step.when is not None and meets(step.when) is False)


def tested(condition: Condition) -> Iterator[str]:
    """The measures, or columns, whose numbers a condition tests."""
    match condition:
        case Every(all=parts) | Some(any=parts) | Not(none=parts):
            for part in parts:
                yield from tested(part)
        case Has() | Cells():
            return
        case _:
            yield from condition


def row_has(cell: Callable[[str], CellValue | Words], where: Where) -> bool | None:
    """Whether the cell of each named column is what it must be; one that is unknown leaves it open.

    Of a cell in which several words stand one must be it; where none stands it is the empty text.
    """
    return every([_is(cell(name), wanted) for name, wanted in where.items()])


def _is(value: CellValue | Words, wanted: Cell) -> bool | None:
    if value is None:
        return None
    if isinstance(value, tuple):
        return some([_is(one, wanted) for one in value or ("",)])
    match wanted:
        case Bound():
            return within(value, wanted) if isinstance(value, Decimal) else None
        case bool():
            return value is wanted
        case str():
            return value == wanted
        case _:
            return value in wanted


def within(value: Decimal | None, bound: Bound | Decimal) -> bool | None:
    if value is None:
        return None
    value = difference(value, ZERO)  # settled, without asking first whether it need be
    if isinstance(bound, Decimal):
        return value == bound
    return (
        (bound.at_least is None or value >= bound.at_least)
        and (bound.above is None or value > bound.above)
        and (bound.at_most is None or value <= bound.at_most)
        and (bound.below is None or value < bound.below)
    )


def every(parts: Sequence[bool | None]) -> bool | None:
    """False if any part is; else unknown if any part is; else True."""
    return False if False in parts else None if None in parts else True


def some(parts: Sequence[bool | None]) -> bool | None:
    """True if any part is; else unknown if any part is; else False."""
    return True if True in parts else None if None in parts else False


def opposite(part: bool | None) -> bool | None:
    return None if part is None else not part
