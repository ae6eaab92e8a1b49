"""What tables tell is handed in whole and in order; refusals name the row; a file of events holds the same."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest

from deploy.local.client import Client, Refusal
from deploy.local.evaluate import evaluate
from deploy.local.event_file import read_events
from deploy.local.mapping import importing
from deploy.local.mapping.importing import Entry, NotImported, read, record, write_file
from deploy.local.mapping.mapping_file import parse_mapping
from deploy.local.mapping.translate import Translation
from shared.infra.texts import Texts

MAPPING = """\
mapping: small
constants: {year: "2026"}
tables:
  - name: works
    columns:
      code: {reads: [code], type: code}
      unit: {reads: [unit], type: code}
    key: [code]
    events:
      - {type: unit.unit_registered, once: [unit], data: {code: $unit, name: $unit, kind: town}}
      - {type: list.list_published, once: [year], data: {list: a, name: a, level: city, year: $year}}
      - type: project.project_listed
        data: {list: a, year: $year, project: $code, name: $code, lead_unit: $unit}
"""
ENTRY = Entry("http://intake.test", "token", "place", "office")
SAY = Texts.load("en")
Answer = Callable[[list[dict[str, Any]]], httpx.Response]


@pytest.fixture
def found(tmp_path: Path) -> Translation:
    file = tmp_path / "works.csv"
    file.write_text("code,unit\n" + "".join(f"p{number},u{number % 3}\n" for number in range(10)))
    return read(parse_mapping(MAPPING), [file], {}, SAY)


class Intake:
    """Takes batches and remembers them; each answer may be another."""

    def __init__(self, *answers: Answer) -> None:
        self.batches: list[list[dict[str, Any]]] = []
        self._answers = list(answers)

    def __call__(self, request: httpx.Request) -> httpx.Response:
        batch = json.loads(request.content)["submissions"]
        self.batches.append(batch)
        return self._answers.pop(0)(batch) if self._answers else _taken(batch)


def _taken(batch: list[dict[str, Any]]) -> httpx.Response:
    return httpx.Response(202, json=[{"key": one["key"], "position": n} for n, one in enumerate(batch)])


def _refused(*faults: tuple[int, str], **more: Any) -> Answer:
    told = [{"pointer": f"/submissions/{n}/data/code", "code": code, "message": "so it is"} for n, code in faults]
    problem = {"code": "refused", "title": "no", "faults": told, **more}
    return lambda _batch: httpx.Response(409, json=problem)


@pytest.fixture
def answered_by(monkeypatch: pytest.MonkeyPatch) -> Callable[[Intake], None]:
    def use(intake: Intake) -> None:
        http = httpx.AsyncClient(base_url=ENTRY.url, transport=httpx.MockTransport(intake))
        monkeypatch.setattr(Client, "of", staticmethod(lambda base: Client(base, http)))

    return use


async def test_everything_is_handed_in_once_in_order_and_in_batches(
    found: Translation, answered_by: Callable[[Intake], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importing, "BATCH_MAX", 4)
    answered_by(intake := Intake())
    assert len(await record(found, ENTRY, SAY)) == len(found.drafts) == 14
    assert [len(batch) for batch in intake.batches] == [4, 4, 4, 2]
    sent = [one for batch in intake.batches for one in batch]
    assert [one["key"] for one in sent] == [draft.key for draft in found.drafts]
    assert {(one["jurisdiction"], one["unit"], one["on_behalf_of"]) for one in sent} == {("place", "office", "")}


async def test_what_the_record_has_otherwise_is_named_and_left_out_and_the_rest_goes_in(
    found: Translation, answered_by: Callable[[Intake], None], capsys: pytest.CaptureFixture[str]
) -> None:
    answered_by(intake := Intake(_refused((0, "already_registered"), (4, "already_registered"))))
    assert len(await record(found, ENTRY, SAY)) == 12
    assert [len(batch) for batch in intake.batches] == [14, 12]
    assert "u0 stands in the record already" in capsys.readouterr().err
    assert intake.batches[1] == [one for place, one in enumerate(intake.batches[0]) if place not in {0, 4}]


async def test_a_refusal_that_says_later_is_tried_again(
    found: Translation, answered_by: Callable[[Intake], None]
) -> None:
    answered_by(intake := Intake(_refused(retry_after_s=0), _refused(retry_after_s=0)))
    assert len(await record(found, ENTRY, SAY)) == 14
    assert intake.batches[0] == intake.batches[1] == intake.batches[2]


async def test_a_batch_that_is_too_large_is_handed_in_in_halves(
    found: Translation, answered_by: Callable[[Intake], None]
) -> None:
    too_large = httpx.Response(413, json={"code": "content_too_large", "title": "The body is too large."})
    answered_by(intake := Intake(lambda _batch: too_large))
    assert len(await record(found, ENTRY, SAY)) == 14
    assert intake.batches[1] + intake.batches[2] == intake.batches[0]


async def test_a_refusal_names_the_row_of_the_table(found: Translation, answered_by: Callable[[Intake], None]) -> None:
    answered_by(intake := Intake(_refused((0, "already_registered"), (13, "bad_code"))))
    with pytest.raises(Refusal, match=r"works row 11, duban\.project.project_listed\.v1 data/code: so it is"):
        await record(found, ENTRY, SAY)
    assert len(intake.batches) == 1


async def test_nothing_is_handed_in_of_a_table_with_faults(
    found: Translation, answered_by: Callable[[Intake], None], tmp_path: Path
) -> None:
    answered_by(intake := Intake())
    file = tmp_path / "works.csv"
    file.write_text("code,unit\np1,u1\np2,\n")
    bad = read(parse_mapping(MAPPING), [file], {}, SAY)
    with pytest.raises(NotImported, match="works, row 3, column unit: lead_unit is missing here"):
        await record(bad, ENTRY, SAY)
    assert intake.batches == []


@pytest.mark.parametrize(("name", "content"), [("a.xlsx", b"PK\x03\x04"), ("a.csv", b"\xff\xff"), ("a.csv", b"")])
def test_what_is_no_table_is_not_imported(name: str, content: bytes, tmp_path: Path) -> None:
    file = tmp_path / name
    file.write_bytes(content)
    with pytest.raises(NotImported):
        read(parse_mapping(MAPPING), [file], {}, SAY)


def test_a_constant_that_does_not_fit_is_told(tmp_path: Path) -> None:
    file = tmp_path / "works.csv"
    file.write_text("code,unit\np1,u1\n")
    with pytest.raises(NotImported, match="no constant month"):
        read(parse_mapping(MAPPING), [file], {"month": "3"}, SAY)


def test_the_file_of_events_is_a_record_that_folds(found: Translation, tmp_path: Path) -> None:
    out = tmp_path / "out.ndjson"
    count = write_file(found, parse_mapping(MAPPING), "place", out, now=datetime(2026, 1, 1, tzinfo=UTC))
    assert count == 1 + len(found.drafts)
    (jurisdiction,) = evaluate(read_events(out)).jurisdictions
    assert not jurisdiction.parked
    assert [one.list for one in jurisdiction.lists] == ["a"]
    again = tmp_path / "again.ndjson"
    write_file(replace(found), parse_mapping(MAPPING), "place", again, now=datetime(2026, 1, 1, tzinfo=UTC))
    assert again.read_bytes() == out.read_bytes()
