"""A row of a table as what a rule is about: its own columns, and what stands in its project."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Protocol

from services.scoring.domain.measure import Measuring
from services.scoring.domain.row import Row
from shared.core.regime.language import Has, Where
from shared.core.regime.model import Regime
from shared.core.regime.terms import COLUMNS


class Listed(Protocol):
    """The list in which a row stands."""

    @property
    def regime(self) -> Regime: ...
    def project(self, code: str) -> Measuring | None:
        """An object of the list by its code, whatever its status."""
        ...


@dataclass(slots=True, eq=False)
class RowSubject:
    view: Listed
    row: Row

    @property
    def unit(self) -> str:
        """Whom a notice about it goes to."""
        project = self._project
        return self.row.unit or (project.unit if project else "")

    def value(self, name: str) -> Decimal | None:
        if COLUMNS[self.row.table].get(name) == "number":
            cell = self.row.cell(name)
            return cell if isinstance(cell, Decimal) else None
        project = self._project
        return project.value(name) if project else None

    def lacks(self, name: str) -> bool:
        project = self._project
        return name not in COLUMNS[self.row.table] and project is not None and project.lacks(name)

    def has(self, wanted: Has) -> bool | None:
        project = self._project
        return project.has(wanted) if project else None

    def cells(self, where: Where) -> bool | None:
        return self.row.has(where)

    @property
    def _project(self) -> Measuring | None:
        return self.view.project(self.row.project)
