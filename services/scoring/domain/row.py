"""One row of a table that rules may ask: what the record says of one visit, permit, matter, return."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from shared.core.regime.holds import CellValue, Words, row_has
from shared.core.regime.language import Where
from shared.core.regime.terms import SEVERAL, Table


@dataclass(frozen=True, slots=True)
class Row:
    """`id` names it for good (its event, or its own code); `cells` has every column of its table but the four here.

    A cell is None where nobody said. `on` is the day that decides in which window it counts.
    """

    table: Table
    id: str
    on: date
    project: str
    unit: str
    person: str
    cells: Mapping[str, CellValue]

    def cell(self, column: str) -> CellValue:
        """What stands in any column of its table."""
        match column:
            case "project":
                return self.project
            case "unit":
                return self.unit
            case "person":
                return self.person
            case "on":
                return self.on.isoformat()
            case _:
                return self.cells.get(column)

    def has(self, where: Where) -> bool | None:
        """Whether its columns are so; one of which nobody said anything leaves it open."""
        return row_has(self.told, where)

    def told(self, column: str) -> CellValue | Words:
        """What stands in a column, or the words where several may."""
        cell = self.cell(column)
        return tuple(cell.split()) if isinstance(cell, str) and (self.table, column) in SEVERAL else cell


class Rows:
    """All rows of a table, found by whose they are."""

    def __init__(self, every: Sequence[Row] = ()) -> None:
        self.every = every
        self._at: dict[tuple[str, str], list[int]] = {}
        for at, row in enumerate(every):
            for key in {("project", row.project), ("named", row.unit), ("named", row.person)}:
                self._at.setdefault(key, []).append(at)

    def of(self, code: str, projects: Iterable[str]) -> Sequence[Row]:
        """Those that name the unit or the person, or are about one of the projects, in their order."""
        keys = [("named", code), *(("project", one) for one in (code, *projects))]
        return [self.every[at] for at in sorted({at for key in keys for at in self._at.get(key, ())})]
