"""Are the place and the person named alike in every command?"""

import json
import shutil
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from deploy.local import reached
from deploy.local.command import app

RUN = CliRunner()
COMMANDS = ["submit", "start", "import", "burden", "person set", "person show", "person erase", "workbook get"]


@pytest.mark.parametrize("command", COMMANDS)
def test_each_command_takes_the_place_as_j_and_the_person_as_as(command: str) -> None:
    found = typer.main.get_command(app)
    for name in command.split():
        found = found.commands[name]  # type: ignore[attr-defined]
    options = {option for one in found.params for option in one.opts}
    assert {"-j", "--jurisdiction", "--as", "--person"} <= options


def test_a_burden_needs_its_place_once() -> None:
    assert RUN.invoke(app, ["burden"]).exit_code == 2
    assert RUN.invoke(app, ["burden", "a", "-j", "a"]).exit_code == 2


def test_the_address_is_that_of_the_folder_or_the_one_given(tmp_path: Path) -> None:
    with pytest.raises(ConnectionError, match="nothing runs in"):
        reached.reached(tmp_path, None, "t")
    (tmp_path / "installation.json").write_text(json.dumps({"url": "http://here"}))
    assert reached.reached(tmp_path, None, "t") == ("http://here", "t")
    assert reached.reached(tmp_path, "http://there", "t") == ("http://there", "t")
    assert reached.reached(tmp_path, None, None, "li")[1].count(".") == 2
    shutil.rmtree(tmp_path / "keys")
