"""The given file of published figures: its blocks of numbers as text, its tables, its sentences, by section."""

import os
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml


def figures_file() -> Path | None:
    """In DUBAN_SHARED, or in the folder `shared` beside the project."""
    beside = Path(__file__).resolve().parents[3] / "shared"
    file = Path(os.environ.get("DUBAN_SHARED", beside)) / "cases" / "published_figures.md"
    return file if file.is_file() else None


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a table: what was recomputed, what came out, what the document prints, and the verdict."""

    item: str
    computed: str
    document: str
    verdict: str


@cache
def section(number: str) -> str:
    """The text of a section, 3.4 say, without its heading."""
    file = figures_file()
    text = file.read_text(encoding="utf-8") if file else ""
    found = re.search(rf"^### {re.escape(number)} .*?\n(.*?)(?=^### |\Z)", text, re.MULTILINE | re.DOTALL)
    assert found, f"section {number} is missing"
    return found[1]


@cache
def block(number: str) -> dict[str, Any]:
    """The numbers of a section, every one as the text that stands there."""
    found = re.search(r"```yaml\n(.*?)```", section(number), re.DOTALL)
    assert found, f"section {number} has no block of numbers"
    loaded: dict[str, Any] = yaml.load(found[1], Loader=yaml.BaseLoader)
    return loaded


@cache
def table(number: str) -> tuple[Row, ...]:
    rows = (line.strip().strip("|").split("|") for line in section(number).splitlines() if line.startswith("|"))
    cells = [tuple(cell.strip() for cell in row) for row in rows]
    return tuple(Row(*row) for row in cells[2:] if len(row) == len(Row.__slots__))


@cache
def milestones() -> dict[str, list[str]]:
    """What is due when in 3.11: the first column, and the parts of the second."""
    rows = (line.strip().strip("|").split("|") for line in section("3.11").splitlines() if line.startswith("|"))
    return {due.strip(): [one.strip() for one in what.split(";")] for due, what in rows}
