"""Who may record what, as `duban access` says it."""

from typing import get_args

from typer.testing import CliRunner

from deploy.local.command import app
from shared.core.events import RecordEvent


def told(lang: str) -> list[str]:
    found = CliRunner().invoke(app, ["access", "--lang", lang])
    assert found.exit_code == 0, found.output
    return found.stdout.splitlines()


def test_every_event_is_told_once_with_whoever_may_record_it() -> None:
    for lang in ("zh", "en"):
        heads = [line for line in told(lang) if not line.startswith(" ")]
        assert sorted(heads) == sorted(of.__name__ for of in get_args(RecordEvent))


def test_it_is_told_in_the_readers_language() -> None:
    for lang, line in (("en", "  unit head: for its own unit"), ("zh", "  单位主要负责人：本单位")):
        lines = told(lang)
        assert line in lines[lines.index("ObjectionFiled") :]
    assert not [line for line in told("zh") if line.startswith(" ") and line.isascii()]
