"""What would the past have been under a draft: the same where it says the same, and every difference where not?"""

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator
from typer.testing import CliRunner

from deploy.local import trying
from deploy.local.command import app
from deploy.local.district import LIST, events_of, submissions
from deploy.local.evaluate import NothingFound, evaluate
from deploy.local.event_file import write_events
from deploy.local.regime_file import BadRegime, bundled, read_regime
from deploy.local.schemas import all_schemas
from deploy.local.trial import Trial, as_json
from deploy.local.trial_text import print_trial
from shared.core.events import AnyRecorded
from shared.core.regime.model import Regime
from shared.infra.texts import Texts


@cache
def in_force() -> Regime:
    return read_regime(bundled()["district-003"])


@cache
def record() -> tuple[AnyRecorded, ...]:
    return tuple(events_of(submissions(in_force())))


def draft(**changes: object) -> Regime:
    """Units are ranked the other way round, and a rule holds one close later."""
    scoring = in_force().scoring
    assert scoring is not None
    ranking = replace(scoring.ranking, order="low_first")
    (rule,) = in_force().supervision_rules
    slow = replace(rule, held=replace(rule.held, consecutive=2))
    return replace(
        in_force(), version=2, scoring=replace(scoring, ranking=ranking), supervision_rules=(slow,), **changes  # type: ignore[arg-type]
    )  # fmt: skip


def tried(regime: Regime, *, events: Sequence[AnyRecorded] = (), **window: date) -> Trial:
    return trying.trial(events or record(), regime, list_=LIST, say=Texts.load("en"), **window)


@cache
def whole() -> Trial:
    return tried(draft())


def test_trying_the_rules_in_force_changes_nothing() -> None:
    found = tried(in_force())
    assert found.periods
    assert (found.moved, found.differs, found.bulletins) == ((), (), ())
    assert found.parked_in_force == found.parked_draft


def test_the_standings_under_the_draft_are_those_that_evaluate_finds() -> None:
    drawn = evaluate(record(), regime=draft()).jurisdictions[0].lists[0].draws
    last = {
        (line.period, str(line.subject_kind), line.subject): line
        for one in drawn if one.drawn.kind != "due"
        for line in one.lines
    }  # fmt: skip
    changed = [(one, change) for one in whole().moved for change in one.changes if change.about == "rank"]
    assert changed
    for one, change in changed:
        assert change.draft == str(last[one.period, one.subject_kind, one.subject].rank)


def test_who_moves_is_told_with_the_place_on_either_side() -> None:
    moved = {one.subject: one for one in whole().moved if one.period == "2026-01"}
    change = moved["town-a"].of("rank")
    assert change is not None
    assert (change.in_force, change.draft) == ("1", "4")
    assert moved["town-a"].lane == "towns"


def test_a_matter_that_the_draft_would_not_have_opened_is_told() -> None:
    sides = {(one.only, one.kind) for one in whole().differs}
    assert {("in_force", "hit"), ("in_force", "matter")} <= sides
    assert ("draft", "hit") not in sides


def test_a_bulletin_that_would_read_otherwise_is_told_with_its_parts() -> None:
    assert ["units" in one.parts for one in whole().bulletins] == [True]


def test_a_draft_that_begins_on_a_day_leaves_what_came_before() -> None:
    found = tried(draft(), from_on=date(2026, 3, 1))
    assert found.periods
    assert min(found.periods) >= "2026-02"
    assert not any(one.period < "2026-03" for one in found.moved)
    assert any(one.period == "2026-03" for one in found.moved)


def test_the_rules_in_force_from_a_day_on_change_nothing_either() -> None:
    found = tried(in_force(), from_on=date(2026, 3, 1))
    assert (found.moved, found.differs, found.bulletins) == ((), (), ())


def test_nothing_after_the_last_day_is_compared() -> None:
    assert set(tried(draft(), to_on=date(2026, 2, 28)).periods) == {"2026-01"}


def test_where_no_process_can_be_forked_the_answer_is_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    forked = tried(draft(), from_on=date(2026, 3, 1))
    monkeypatch.setattr(trying, "_beside", lambda _: None)
    assert tried(draft(), from_on=date(2026, 3, 1)) == forked


def test_a_list_without_rules_cannot_be_compared() -> None:
    with pytest.raises(NothingFound, match="no rules were adopted"):
        trying.trial(record(), draft(), list_="another", say=Texts.load("en"))


def test_what_is_printed_as_json_fits_its_published_schema() -> None:
    Draft202012Validator(all_schemas()["trial"]).validate(json.loads(as_json(whole())))


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "record.ndjson"
    with path.open("wb") as stream:
        write_events(record(), stream)
    return path


def test_the_command_prints_who_moves_in_either_language(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    given = ["try", "district-003", "--list", LIST, "--events", str(file)]
    assert "The draft changes nothing" in CliRunner().invoke(app, [*given, "--lang", "en"]).output
    assert "草案在" in CliRunner().invoke(app, [*given, "--lang", "zh"]).output


def test_a_mover_is_printed_with_place_and_light_on_either_side(capsys: pytest.CaptureFixture[str]) -> None:
    print_trial(whole(), Texts.load("zh"))
    out = capsys.readouterr().out
    assert next(line for line in out.splitlines() if "town-a" in line).count("1 → 4") == 1
    assert "仅现行规则" in out


def test_a_draft_with_faults_is_refused_with_all_of_them(file: Path, tmp_path: Path) -> None:
    bad = tmp_path / "bad.yaml"
    text = bundled()["district-003"].read_text(encoding="utf-8")
    bad.write_text(text.replace("over: annual", "over: annular").replace("cadence: monthly", "cadence: hourly"))
    found = CliRunner().invoke(app, ["try", str(bad), "--list", LIST, "--events", str(file)])
    assert isinstance(found.exception, BadRegime)
    assert len(found.exception.faults) >= 2
