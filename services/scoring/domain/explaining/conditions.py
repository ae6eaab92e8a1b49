"""Does a condition hold, and by what? Each of its tests with the value that stood against it."""

from collections.abc import Iterator
from dataclasses import fields
from decimal import Decimal
from typing import Any

from services.scoring.domain.explaining.asking import Asking
from services.scoring.domain.explaining.leaves import attribute
from services.scoring.domain.explaining.tree import Explained
from services.scoring.domain.measure import Measuring
from shared.core.regime.holds import holds
from shared.core.regime.language import Bound, Cells, Condition, Every, Has, Not, Some


def condition(asking: Asking, subject: Measuring, said: Condition, part: str = "condition") -> Explained:
    """A condition put to a subject, down to the numbers that it tests; None where what is known does not decide it."""
    match said:
        case Every(all=parts):
            how, inputs = "every", [condition(asking, subject, one) for one in parts]
        case Some(any=parts):
            how, inputs = "some", [condition(asking, subject, one) for one in parts]
        case Not(none=parts):
            how, inputs = "not", [condition(asking, subject, one) for one in parts]
        case Has():
            how, inputs = "every", [*_has(asking, subject, said)]
        case Cells():
            how, inputs = "said", []
        case _:
            how, inputs = "every", [_test(asking, subject, name, bound) for name, bound in said.items()]
    return Explained(
        about="condition", kind=subject.kind, subject=subject.code, value=holds(said, subject), how=how, part=part,
        inputs=tuple(inputs), condition=said,
    )  # fmt: skip


def _test(asking: Asking, subject: Measuring, name: str, bound: Bound | Decimal) -> Explained:
    lacks = subject.lacks(name)
    return Explained(
        about=f"test:{name}", kind=subject.kind, subject=subject.code, value=holds({name: bound}, subject), how="test",
        part="condition", inputs=(asking.measure(subject, name, "of"),), given={"bound": bound, "lacks": lacks},
        condition={name: bound}, why="It has no place." if lacks else "",
    )  # fmt: skip


def _has(asking: Asking, subject: Measuring, wanted: Has) -> Iterator[Explained]:
    if not subject.objects:
        yield Explained(
            about="objects", kind=subject.kind, subject=subject.code, value=False, how="said", part="condition",
            why="It has no objects.",
        )  # fmt: skip
    for one in fields(wanted):
        value: Any = getattr(wanted, one.name)
        if value is None:
            continue
        if one.name == "light":
            yield _lit(asking, subject, value)
        else:
            yield from (attribute(asking, each, one.name, value) for each in subject.objects)


def _lit(asking: Asking, subject: Measuring, wanted: Any) -> Explained:
    shown = asking.about(subject, "light")
    value = None if shown.value is None else shown.value == wanted or shown.value in wanted
    return Explained(
        about="attribute:light", kind=subject.kind, subject=subject.code, value=value, how="said", part="condition",
        inputs=(shown.as_part("of"),), given={"is": shown.value},
    )  # fmt: skip
