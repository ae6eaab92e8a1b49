"""Is what people can mend told in one sentence, without a traceback?"""

import json
import socket
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from deploy.local import command

NOWHERE = "http://127.0.0.1:1"
NOTHING_ANSWERS = f"duban: nothing answers at {NOWHERE}; start it with `duban up`, or give --url\n"


@pytest.fixture
def duban(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> "Duban":
    return Duban(monkeypatch, capsys)


class Duban:
    """The command as it is started from a shell."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
        self._monkeypatch, self._capsys = monkeypatch, capsys

    def fails(self, *arguments: str) -> str:
        """Run it; what it says when it ends with 1."""
        self._monkeypatch.setattr(sys, "argv", ["duban", *arguments])
        with pytest.raises(SystemExit) as ended:
            command.main()
        assert ended.value.code == 1
        return self._capsys.readouterr().err


def test_an_address_where_nothing_answers_is_told(duban: Duban, tmp_path: Path) -> None:
    assert duban.fails("verify", "--data", str(tmp_path), "--url", NOWHERE) == NOTHING_ANSWERS


def test_addresses_that_a_killed_installation_left_behind_are_told(duban: Duban, tmp_path: Path) -> None:
    (tmp_path / "installation.json").write_text(json.dumps({"url": NOWHERE}))
    assert duban.fails("record", "export", "j", "--data", str(tmp_path)) == NOTHING_ANSWERS


def test_a_folder_in_which_nothing_runs_is_told(duban: Duban, tmp_path: Path) -> None:
    assert duban.fails("verify", "--data", str(tmp_path)).startswith(f"duban: nothing runs in {tmp_path}: ")


@pytest.mark.parametrize("url", ["localhost:8100", "nowhere", "http://[:1"])
def test_what_is_no_address_is_told(duban: Duban, tmp_path: Path, url: str) -> None:
    said = duban.fails("verify", "--data", str(tmp_path), "--url", url)
    assert said.startswith("duban: ")
    assert said.count("\n") == 1


def test_a_service_that_takes_too_long_is_told() -> None:
    request = httpx.Request("GET", f"{NOWHERE}/intake/v1/jurisdictions")
    said = command._unanswered(httpx.ReadTimeout("", request=request))
    assert said == f"{NOWHERE} took too long to answer GET /intake/v1/jurisdictions"


def test_a_file_that_is_not_there_is_told(duban: Duban, tmp_path: Path) -> None:
    said = duban.fails("evaluate", "--events", str(tmp_path / "no.ndjson"))
    assert said == f"duban: [Errno 2] No such file or directory: '{tmp_path / 'no.ndjson'}'\n"


@pytest.mark.connected
def test_a_port_in_use_is_told(tmp_path: Path) -> None:
    start = [sys.executable, "-c", "from deploy.local.command import main; main()", "up", "--data", str(tmp_path)]
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        ended = subprocess.run([*start, "--port", port], capture_output=True, text=True, timeout=60, check=False)
    told = "duban: the port is in use; give another with --port, where 0 takes a free one\n"
    assert (ended.returncode, ended.stderr) == (1, told)
