"""What is wrong with a workbook that came back: as faults that name its cells, and as the same workbook, marked."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from services.intake.workbook.reading import Came, Row, Wrong
from services.intake.workbook.spoiled import address
from services.intake.workbook.writing import FIRST_ROW, Shown, write
from shared.core.errors import Fault as CoreFault
from shared.core.errors import Term
from shared.infra.texts import Texts
from shared.infra.web import Fault

_COMMENT_MAX = 1000

Marks = Mapping[tuple[int, int], Mapping[int, str]]


def faults(came: Came, wrong: Sequence[Wrong], say: Texts) -> list[Fault]:
    """Each fault with a pointer to its cell, /sheet/C7, in the order of the workbook."""
    names = [sheet.name for sheet in came.form.heading.sheets]
    placed = sorted(wrong, key=lambda one: (one.sheet, one.row, one.place))
    return [
        Fault(f"/{names[one.sheet]}/{address(one.row, one.place)}", one.fault.code, sentence(one.fault, say))
        for one in placed
    ]


def marked(came: Came, wrong: Sequence[Wrong], say: Texts) -> bytes:
    """The workbook as it came back, with each bad cell coloured and what is wrong with it said in a comment.

    What stood in the wrong place stays there; rows that were gone stand at the end again.
    """
    marks = _marks(wrong, say)
    shown = [
        [_shown(row, marks.get((number, place), {})) for place, row in enumerate(rows, start=FIRST_ROW)]
        for number, rows in enumerate(came.rows)
    ]
    return write(came.form, [rows or _as_given(came, number) for number, rows in enumerate(shown)], came.feet)


def _as_given(came: Came, number: int) -> list[Shown]:
    return [Shown(line) for line in came.form.lines[number]]


def sentence(fault: CoreFault, say: Texts) -> str:
    values = {name: say(one) if isinstance(one, Term) else one for name, one in fault.values.items()}
    return say(fault.message, **values)


def _shown(row: Row, marks: Mapping[int, str]) -> Shown:
    return Shown(row.line, row.cells, marks)


def _marks(wrong: Sequence[Wrong], say: Texts) -> Marks:
    found: dict[tuple[int, int], dict[int, str]] = defaultdict(dict)
    for one in wrong:
        said, at = sentence(one.fault, say), found[one.sheet, one.row]
        at[one.place] = f"{at[one.place]}\n{said}"[:_COMMENT_MAX] if one.place in at else said[:_COMMENT_MAX]
    return found
