"""Real tables of other places, where they lie beside the project."""

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
NEW_YORK = ROOT / "examples" / "new-york-panel.yaml"
BRASILIA = ROOT / "examples" / "brasilia-works.yaml"
NEW_YORK_FILES = ("nyc_capital_projects_20190901.csv",)
BRASILIA_FILES = tuple(f"br_df_obrasgov_{name}.csv" for name in ("monthly_panel", "changes", "snapshot_log"))


def real(*names: str) -> list[Path]:
    """The files by name; where they are not beside the project the test is skipped."""
    folder = Path(os.environ.get("DUBAN_SHARED", ROOT.parent / "shared")) / "data"
    found = [folder / name for name in names]
    if not all(file.is_file() for file in found):
        pytest.skip("the given tables are not beside the project")
    return found
