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
    assert said == f"duban: {tmp_path / 'no.ndjson'}: No such file or directory\n"


@pytest.mark.connected
def test_a_port_in_use_is_told(tmp_path: Path) -> None:
    start = [sys.executable, "-c", "from deploy.local.command import main; main()", "up", "--data", str(tmp_path)]
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        ended = subprocess.run([*start, "--port", port], capture_output=True, text=True, timeout=60, check=False)
    told = "duban: the port is in use; give another with --port, where 0 takes a free one\n"
    assert (ended.returncode, ended.stderr) == (1, told)


def a_record(tmp_path: Path, *, data: str = '{"at": "2026-01-01T00:00:00Z"}') -> Path:
    path = tmp_path / "record.ndjson"
    path.write_text(
        '{"id": "e1", "source": "/test", "type": "duban.time.time_reached.v1", "subject": "j/j",'
        f' "time": "2026-01-01T00:00:00Z", "data": {data}}}\n'
    )
    return path


def test_a_file_without_events_is_told(duban: Duban, tmp_path: Path) -> None:
    (empty := tmp_path / "empty.ndjson").write_text("\n")
    assert duban.fails("evaluate", "--events", str(empty)) == f"duban: {empty}: there is no event\n"


@pytest.mark.parametrize(
    ("asked", "reason"),
    [
        (("--list", "nope"), "no list is called nope"),
        (("--period", "x"), "nothing was drawn of a period x; a month is written 2026-02, a quarter 2026-Q1"),
    ],
)
def test_what_is_asked_for_and_not_there_is_told(
    duban: Duban, tmp_path: Path, asked: tuple[str, str], reason: str
) -> None:
    record = a_record(tmp_path)
    assert duban.fails("evaluate", "--events", str(record), *asked) == f"duban: {record}: {reason}\n"


def test_a_folder_in_the_place_of_a_file_is_told(duban: Duban, tmp_path: Path) -> None:
    assert duban.fails("evaluate", "--events", str(tmp_path)) == f"duban: {tmp_path}: Is a directory\n"
    said = duban.fails("evaluate", "--events", str(a_record(tmp_path)), "--regime", str(tmp_path))
    assert said.startswith(f"duban: {tmp_path} is neither a file nor a regime that comes along")


def test_a_regime_that_comes_along_may_be_tried_by_its_name(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    named = ["evaluate", "--events", str(a_record(tmp_path)), "--regime", "default"]
    monkeypatch.setattr(sys, "argv", ["duban", *named])
    with pytest.raises(SystemExit) as ended:
        command.main()
    assert (ended.value.code, capsys.readouterr().err) == (0, "")
