"""Do all files obey the house rules, and does each rule catch what it is for?"""

import subprocess
from pathlib import Path

import pytest

from tests.architecture import rules
from tests.architecture.flow import flow_files, flow_problems, measure
from tests.architecture.rules import RULES, Rule, Source

ROOT = Path(__file__).resolve().parents[2]
_MADE_BY_TOOLS = {".git", ".venv", "build", "dist", "var", "__pycache__"}


def _project_files() -> list[Path]:
    """List the files that are tracked or about to be; outside a git work tree, all that no tool made."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    try:
        listing = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=30, check=True).stdout
    except (OSError, subprocess.CalledProcessError):
        every = [path for path in ROOT.rglob("*") if not _MADE_BY_TOOLS & set(path.relative_to(ROOT).parts)]
    else:
        every = [ROOT / name for name in listing.split("\0") if name]
    return sorted(path for path in every if path.is_file())


def _sources() -> list[Source]:
    contents = ((path.relative_to(ROOT).as_posix(), path.read_bytes()) for path in _project_files())
    return [Source(path, content.decode()) for path, content in contents if b"\0" not in content]


@pytest.fixture(scope="module")
def sources() -> list[Source]:
    return _sources()


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_every_file_obeys(rule: Rule, sources: list[Source]) -> None:
    problems = [problem for source in sources for problem in rule(source)]
    assert not problems, "\n".join([f"{rule.__doc__}", *problems])


def test_there_are_files_to_check(sources: list[Source]) -> None:
    assert {"pyproject.toml", "shared/core/__init__.py"} <= {source.path for source in sources}


_LONG_FUNCTION = "def fold():\n" + "    pass\n" * rules.FUNCTION_LINES_MAX
_BAD: list[tuple[Rule, str, str]] = [
    (rules.file_is_short, "services/intake/api.py", "\n" * (rules.FILE_LINES_MAX + 1)),
    (rules.functions_are_short, "shared/core/fold.py", _LONG_FUNCTION),
    (rules.functions_are_short, "tests/unit/test_fold.py", f"async {_LONG_FUNCTION}"),
    (rules.names_say_something, "shared/infra/sql_utils.py", ""),
    (rules.names_say_something, "shared/common/money.py", ""),
    (rules.names_say_something, "services/notify/data.py", ""),
    (rules.names_say_something, "services/notify/api.py", "class DeliveryManager: ..."),
    (rules.time_ids_and_chance_are_arguments, "services/intake/api.py", "datetime.now(UTC)"),
    (rules.time_ids_and_chance_are_arguments, "services/intake/api.py", "datetime.datetime.utcnow()"),
    (rules.time_ids_and_chance_are_arguments, "shared/infra/bus.py", "import time\ntime.time()"),
    (rules.time_ids_and_chance_are_arguments, "shared/infra/wire.py", "uuid.uuid4()"),
    (rules.time_ids_and_chance_are_arguments, "shared/infra/bus.py", "from uuid_utils import uuid7"),
    (rules.time_ids_and_chance_are_arguments, "shared/core/rank.py", "import random"),
    (rules.domain_has_no_float, "shared/core/numbers.py", "float('0.1')"),
    (rules.domain_has_no_float, "services/scoring/domain/measure.py", "HALF = 0.5"),
    (rules.tests_do_not_sleep, "tests/unit/test_bus.py", "await_ = asyncio.sleep(1)"),
    (rules.tests_do_not_sleep, "tests/conftest.py", "from time import sleep"),
    (rules.nothing_names_a_machine, "README.md", "see /" + "home/someone/duban"),
    (rules.nothing_names_a_machine, "requirements.txt", "--" + "index-url https://mirror.example/"),
    (rules.nothing_names_a_machine, "uv.lock", "https://mirror.example/" + "packages/ab/duban.whl"),
    (rules.nothing_is_left_over, "Makefile", "# TO" + "DO: later"),
    (rules.modules_say_what_they_answer, "services/intake/api.py", "import json"),
    (rules.modules_say_what_they_answer, "shared/core/__init__.py", ""),
]
_GOOD: list[tuple[Rule, str, str]] = [
    (rules.file_is_short, "tests/unit/test_fold.py", "\n" * (rules.FILE_LINES_MAX + 1)),
    (rules.functions_are_short, "shared/core/fold.py", _LONG_FUNCTION.removesuffix("    pass\n")),
    (rules.names_say_something, "shared/infra/database.py", "class Ledgers: ..."),
    (rules.time_ids_and_chance_are_arguments, "services/intake/app.py", "datetime.now(UTC)"),
    (rules.time_ids_and_chance_are_arguments, "shared/infra/bus.py", "from uuid import uuid4"),
    (rules.time_ids_and_chance_are_arguments, "services/intake/api.py", "clock.now()\ntime.monotonic()"),
    (rules.domain_has_no_float, "shared/infra/metrics.py", "float(value)"),
    (rules.tests_do_not_sleep, "tests/support/waits.py", "asyncio.sleep(step_s)"),
    (rules.nothing_names_a_machine, "README.md", "under deploy/local/, or https://nats.io/"),
    (rules.nothing_is_left_over, "README.md", "what is to be done"),
    (rules.modules_say_what_they_answer, "tests/__init__.py", ""),
]


@pytest.mark.parametrize(("rule", "path", "text"), _BAD)
def test_a_bad_sample_is_caught(rule: Rule, path: str, text: str) -> None:
    assert list(rule(Source(path, text)))


@pytest.mark.parametrize(("rule", "path", "text"), _GOOD)
def test_a_good_sample_is_not(rule: Rule, path: str, text: str) -> None:
    assert list(rule(Source(path, text))) == []


def test_every_rule_has_a_reason_and_is_tried_both_ways() -> None:
    assert all(rule.__doc__ for rule in RULES)
    assert {rule for rule, *_ in _BAD} == {rule for rule, *_ in _GOOD} == set(RULES)


def test_the_flow_list_of_the_readme_fits_one_sitting() -> None:
    assert flow_problems(measure(ROOT)) == []


def test_the_flow_list_is_read_from_its_own_heading_only() -> None:
    readme = (
        "# Duban\n1. `not/this.py`\n## Read the flow in this order\nFirst:\n\n"
        "1. `services/intake/api.py` takes `submit`\n2. [submit](services/intake/submit.py), decides\n"
        "## Next\n1. `nor/this.py`\n"
    )
    assert flow_files(readme) == ["services/intake/api.py", "services/intake/submit.py"]


@pytest.mark.parametrize(
    ("line_counts", "complaint"),
    [
        ({}, "no numbered list"),
        ({"a.py": None}, "does not exist"),
        ({f"{number}.py": 1 for number in range(21)}, "21 files"),
        ({"a.py": 1_501}, "1501 lines"),
    ],
)
def test_a_flow_list_that_is_too_long_is_refused(line_counts: dict[str, int | None], complaint: str) -> None:
    assert complaint in "".join(flow_problems(line_counts))
