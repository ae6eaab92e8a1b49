"""Do the import contracts of .importlinter hold? So that pytest alone tells the truth."""

import configparser
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

_LINT = "import sys; from importlinter.cli import lint_imports_command; sys.exit(lint_imports_command())"


def _lint(folder: Path) -> subprocess.CompletedProcess[str]:
    """Run the contracts of a folder, in a process of their own because the linter changes the import path."""
    return subprocess.run(
        [sys.executable, "-c", _LINT, "--no-cache"],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(folder), "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_the_import_contracts_hold() -> None:
    outcome = _lint(ROOT)
    assert outcome.returncode == 0, outcome.stdout + outcome.stderr


def test_every_service_has_an_exhaustive_contract() -> None:
    config = configparser.ConfigParser()
    config.read(ROOT / ".importlinter", encoding="utf-8")
    layered = {
        section["containers"].strip()
        for name, section in config.items()
        if name.startswith("importlinter:contract:") and section.get("exhaustive") == "True"
    }
    services = {f"services.{folder.parent.name}" for folder in (ROOT / "services").glob("*/__init__.py")}
    assert layered == services


def _miniature(folder: Path, modules: dict[str, str]) -> Path:
    """Lay out the smallest project that the contracts accept, and then the modules of the test."""
    packages = ["services", "shared", "shared/core", "shared/infra", "deploy", "deploy/local"]
    for service in (ROOT / "services").iterdir():
        packages += [
            f"services/{found.parent.relative_to(ROOT / 'services')}" for found in service.rglob("__init__.py")
        ]
        modules = {f"services/{service.name}/{found.name}": "" for found in service.glob("*.py")} | modules
    for path, text in ({f"{package}/__init__.py": "" for package in packages} | modules).items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, encoding="utf-8")
    (folder / ".importlinter").write_bytes((ROOT / ".importlinter").read_bytes())
    return folder


def test_a_project_without_forbidden_imports_passes(tmp_path: Path) -> None:
    outcome = _lint(_miniature(tmp_path, {"services/intake/submit.py": "import services.intake.domain\n"}))
    assert outcome.returncode == 0, outcome.stdout + outcome.stderr


def _is_refused(folder: Path, path: str, text: str) -> bool:
    outcome = _lint(_miniature(folder, {path: text}))
    return outcome.returncode == 1 and "BROKEN" in outcome.stdout


def test_a_service_that_imports_another_is_refused(tmp_path: Path) -> None:
    assert _is_refused(tmp_path, "services/notify/api.py", "import services.scoring.domain\n")


def test_an_edge_that_imports_another_edge_is_refused(tmp_path: Path) -> None:
    assert _is_refused(tmp_path, "services/intake/api.py", "import services.intake.settings\n")


def test_a_file_without_a_layer_is_refused(tmp_path: Path) -> None:
    assert _is_refused(tmp_path, "services/scoring/extra.py", "")


def test_a_rule_that_reads_the_clock_is_refused(tmp_path: Path) -> None:
    assert _is_refused(tmp_path, "shared/core/lateness.py", "import time\n")


def test_a_domain_that_validates_with_a_framework_is_refused(tmp_path: Path) -> None:
    assert _is_refused(tmp_path, "services/scoring/domain/rank.py", "import pydantic\n")


def test_a_use_case_that_knows_the_database_is_refused(tmp_path: Path) -> None:
    assert _is_refused(tmp_path, "services/scoring/project.py", "import sqlalchemy\n")
