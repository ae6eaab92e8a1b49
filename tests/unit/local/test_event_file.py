"""Are files of events read in order, once, and with every fault at once?"""

import json
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from deploy.local.district import events_of, submissions
from deploy.local.event_file import BadFile, Unreadable, read_events, read_lines, write_events
from deploy.local.regime_file import read_regime
from shared.core.events import AnyRecorded

ROOT = Path(__file__).resolve().parents[3]
OPENED = {
    "name": "a", "level": "county", "time_zone": "Asia/Shanghai", "partition": 0, "mode": "simulated", "office": "o",
    "office_name": "o", "first_person": "s",
}  # fmt: skip


def line(number: int, **changes: Any) -> bytes:
    value = {
        "id": f"e{number}", "source": "/test", "type": "duban.time.time_reached.v1", "subject": "j/j",
        "time": f"2026-01-{number:02d}T00:00:00Z", "data": {"at": f"2026-01-{number:02d}T00:00:00Z"},
    }  # fmt: skip
    return json.dumps({**value, **changes}).encode() + b"\n"


def faults_of(*lines: bytes) -> list[tuple[int, str, str]]:
    with pytest.raises(BadFile) as bad:
        list(read_lines(lines))
    return [(one.line, one.fault.code, one.fault.pointer) for one in bad.value.faults]


def events(*lines: bytes) -> list[AnyRecorded | Unreadable]:
    return list(read_lines(lines))


def test_what_is_written_is_read_back_unchanged() -> None:
    recorded = events_of(submissions(read_regime(ROOT / "shared/regimes/district-003.yaml")))
    stream = BytesIO()
    assert write_events(recorded, stream) == len(recorded)
    assert list(read_lines(stream.getvalue().splitlines(keepends=True))) == recorded


def test_a_missing_recording_time_is_the_time_of_the_event() -> None:
    [one] = events(line(1))
    assert one.recorded_at.isoformat() == "2026-01-01T00:00:00+00:00"


def test_positions_count_events_not_lines() -> None:
    assert [one.position for one in events(b"\xef\xbb\xbf" + line(1), b"  \n", line(2), line(1), line(3))] == [1, 2, 3]


def test_positions_of_a_record_may_have_gaps_and_must_rise() -> None:
    assert [one.position for one in events(line(1, position=5), line(2), line(3, position=90))] == [5, 6, 90]
    assert faults_of(line(1, position=5), line(2, position=5)) == [(2, "position", "/position")]


def test_a_second_copy_of_an_event_is_passed_over_even_if_it_stands_too_late() -> None:
    assert len(events(line(1), line(2), line(1))) == 2


def test_recording_time_must_not_fall_within_a_jurisdiction() -> None:
    assert faults_of(line(2), line(1)) == [(2, "recordedat_falls", "/recordedat")]
    assert len(events(line(2), line(1, subject="k/k"))) == 2


def test_every_fault_of_the_file_comes_at_once() -> None:
    assert faults_of(
        line(1),
        b"{\n",
        line(2, data={"at": "soon"}),
        line(3, colour="red"),
        line(4, subject="j/other"),
        line(5, type="duban.list.standings_drawn.v1"),
        line(6, type="not ours"),
        line(7, time="2026-01-07T00:00:00"),
        b"[" * 100_000,
        b"\xff\n",
        line(8),
    ) == [
        (2, "not_json", ""),
        (3, "datetime_from_date_parsing", "/data/at"),
        (4, "extra_forbidden", "/colour"),
        (5, "not_an_event", ""),
        (6, "not_of_the_record", "/type"),
        (7, "not_an_event", ""),
        (8, "not_an_event", ""),
        (9, "not_json", ""),
        (10, "not_json", ""),
    ]


def test_a_regime_that_names_what_it_lacks_is_a_fault_of_its_line() -> None:
    regime = {
        "regime": "r", "version": 1, "title": {"zh": "a", "en": "a"}, "issuer": {"body": "a", "writes_as": "a"},
        "numbers": {"decimals": {"nothing": 1}}, "measures": {},
        "reporting": [{"cadence": "monthly", "due": {"day": 5}}],
    }  # fmt: skip
    adopted = {"list": "key", "effective_on": "2026-01-01", "regime": regime}
    found = faults_of(line(1, type="duban.regime.regime_adopted.v1", subject="j/key", data=adopted))
    assert found == [(1, "unknown_measure", "/data/regime/numbers/decimals/nothing")]


def test_a_type_that_is_not_known_yet_is_no_fault_of_the_file() -> None:
    [one] = events(line(1, type="duban.duty.not_heard_of_yet.v1", subject="j/i1"))
    assert isinstance(one, Unreadable)
    assert (one.kind, one.entity) == ("duty", "i1")


def parked(*lines: bytes) -> list[tuple[int, str, str]]:
    """Position, kind and entity of what cannot be read."""
    return [(one.position, one.kind, one.entity) for one in events(*lines) if isinstance(one, Unreadable)]


def test_what_a_record_holds_and_nobody_can_read_parks_by_its_type_and_subject() -> None:
    report = {"type": "duban.project.progress_reported.v1", "subject": "j/p1"}
    found = events(
        line(1, position=1),
        line(2, position=4, data={"at": "soon"}),
        line(3, position=5, colour="red", **report),
        line(4, position=7, data=7, **report),
        line(5, position=8, subject="j/other"),
        line(6, position=9, type="not ours"),
        line(7, position=10, time="2026-01-07T00:00:00", **report),
        line(8, position=11, data={"at": float("nan")}),
        line(8, position=12),
    )
    assert [type(one) is Unreadable for one in found] == [False, *[True] * 7, False]
    assert [(one.position, one.kind, one.entity) for one in found if isinstance(one, Unreadable)] == [
        (4, "time", "j"),
        (5, "project", "p1"),
        (7, "project", "p1"),
        (8, "time", "other"),
        (9, "unknown", "j"),
        (10, "project", "p1"),
        (11, "time", "j"),
    ]
    assert [one.jurisdiction for one in found] == ["j"] * 9


def test_what_stands_in_for_a_body_that_is_no_event_parks_whatever_its_type_would_take() -> None:
    sound = line(2, position=4, source="/duban/unreadable")
    assert parked(line(1, position=1), sound) == [(4, "time", "j")]


def test_an_unreadable_time_is_the_last_that_was_recorded() -> None:
    [_, unreadable] = events(line(3, position=1), line(4, position=2, time="soon"))
    assert unreadable.recorded_at.isoformat() == "2026-01-03T00:00:00+00:00"


def test_two_positions_of_a_record_are_two_events_whatever_their_ids() -> None:
    assert [one.position for one in events(line(1, position=5), line(1, position=5), line(1, position=9))] == [5, 9]
    assert len(events(line(1, position=5), line(1))) == 1


def test_a_position_beyond_any_integer_and_an_id_that_is_no_text_are_remembered_too() -> None:
    far = 10**40
    assert [one.position for one in events(line(1, position=far), line(1, position=far))] == [far]
    broken = line(1, position=1, id="\ud800")
    assert [one.id for one in events(broken, broken, line(2, position=2))] == ["\ud800", "e2"]


def test_what_a_record_holds_out_of_order_is_taken_as_the_services_take_it() -> None:
    assert len(events(line(2, position=1), line(1, position=2))) == 2


def test_a_line_of_a_record_that_names_no_jurisdiction_is_a_fault() -> None:
    assert faults_of(line(1, position=1, subject="", data={})) == [(1, "no_jurisdiction", "/subject")]
    assert faults_of(line(1, position=1, subject=7)) == [(1, "no_jurisdiction", "/subject")]


def test_a_file_is_read_as_it_streams() -> None:
    taken = read_lines(
        line(number % 28 + 1, id=f"e{number}", subject=f"j{number}/j{number}") for number in range(10**9)
    )
    assert [next(taken).position for _ in range(3)] == [1, 2, 3]


def test_faults_have_a_limit() -> None:
    assert len(faults_of(*[b"{\n"] * 5_000)) == 1_000


def test_the_worked_example_is_a_sound_file() -> None:
    assert [one.position for one in read_events(ROOT / "examples" / "worked.ndjson")] == list(range(1, 15))


def test_a_name_that_stands_twice_in_one_object_is_a_fault() -> None:
    twice = line(1).replace(b'"source"', b'"id": "e9", "source"')
    escaped = line(1).replace(b'"source"', b'"\\u0069d": "e9", "source"')
    inside = line(1).replace(b'{"at"', b'{"at": "2025-01-01T00:00:00Z", "at"')
    assert faults_of(twice) == faults_of(escaped) == faults_of(inside) == [(1, "duplicate_key", "")]
    assert len(events(line(1, data={"at": "2026-01-01T00:00:00Z"}, actor="at"))) == 1


@pytest.mark.parametrize("at", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00"])
def test_a_time_that_cannot_be_told_in_utc_is_a_fault(at: str) -> None:
    assert faults_of(line(1, time=at)) == [(1, "out_of_time", "/time")]
    assert faults_of(line(1, data={"at": at})) == [(1, "out_of_time", "/time")]


def test_a_slip_in_an_event_is_told_with_what_was_meant() -> None:
    with pytest.raises(BadFile) as bad:
        list(read_lines([line(1, data={"att": "2026-01-01T00:00:00Z"})]))
    assert str(bad.value) == "line 1: /data/att: There is no att here; at was probably meant."
