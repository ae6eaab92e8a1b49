"""Reading in one pass is only quicker: whatever the text, it means what the exact way makes of it."""

import json
from typing import Any

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from shared.core.events import AnyRecorded
from shared.infra.wire import Envelope, EventEnvelope, decode, encode, from_envelope, load, read
from tests.support.builders import (
    a_correction,
    a_jurisdiction,
    a_plan,
    a_project,
    a_return,
    a_stage,
    a_unit,
    record,
    until,
)

BODIES = [
    encode(one, source="/test")
    for one in record(
        a_jurisdiction(), a_unit(), a_project(), a_stage(), a_plan(yi="2"), a_return(), a_return(yi=None),
        a_correction("e1", yi="3"), until("2026-07-30 00:00"),
    )
]  # fmt: skip

# What stands in the place of a value, as it is written: forms that the two ways could take for different things.
FRAGMENTS = st.sampled_from([
    "null", "true", "false", "0", "1", "-0", "5.0", "5.00000000000000001", "0.1", "1E2", "1e400", "1e999999999", "NaN",
    "Infinity", "-Infinity", "01", "1_0", "12345678901234567.123", "9" * 40, "9" * 5_000, '""', '"1"', '"1.50"',
    '" 7 "', '"1_000"', '"NaN"', '"Infinity"', '"1e400"', '"true"', '"\\ud800"', '"\\udfff\\ud83d"', '"\\ud83c\\udfd7"',
    '"\u0661"', '"a\x01b"', '"\\u0000"', '"2026-02-03"', '"2026-02-03T10:00:00"', '"2026-02-03T10:00:00Z"',
    '"2026-02-03T18:00:00+08:00"', '"2026-02-03 10:00:00.1234567Z"', '"0001-01-01T00:00:00+08:00"',
    '"9999-12-31T23:59:59-08:00"', '"1770000000"', "1770000000", "1770000000.5", '"2026-W06"', "[]", '["a"]', "[1]",
    "{}", '{"a":1}', '"testcity/p1"', '"testcity/"', '"/p1"', '"monthly"', '"1.0"', "[" * 300 + "]" * 300,
])  # fmt: skip


def _written(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


@st.composite
def texts(draw: st.DrawFn) -> bytes:
    """A sound envelope in which one member or several are written otherwise, left out, twice there or unknown."""
    whole = json.loads(draw(st.sampled_from(BODIES)))
    members = [(name, _written(value)) for name, value in whole.items() if name != "data"]
    data = [(name, _written(value)) for name, value in whole["data"].items()]
    for _ in range(draw(st.integers(0, 2))):
        _change(draw, draw(st.sampled_from([one for one in (members, data) if one])))
    members.insert(draw(st.integers(0, len(members))), ("data", _object(draw, data)))
    return _object(draw, members).encode(errors="surrogatepass")


def _change(draw: st.DrawFn, members: list[tuple[str, str]]) -> None:
    at = draw(st.integers(0, len(members) - 1))
    name, value = members[at]
    match draw(st.sampled_from(["other", "gone", "twice", "unknown"])):
        case "other":
            members[at] = (name, draw(FRAGMENTS))
        case "gone":
            del members[at]
        case "twice":
            twice = (name, draw(FRAGMENTS | st.just(value)))
            members.insert(draw(st.integers(0, len(members))), twice)
        case "unknown":
            members.append((draw(st.sampled_from(["colour", "position", "type", "", "\\ud800"])), draw(FRAGMENTS)))


def _object(draw: st.DrawFn, members: list[tuple[str, str]]) -> str:
    colon, comma = draw(st.sampled_from([":", " : ", ":\t"])), draw(st.sampled_from([",", ", ", "\n,"]))
    return "{" + comma.join(f'"{name}"{colon}{value}' for name, value in members) + "}"


@st.composite
def torn(draw: st.DrawFn) -> bytes:
    """A text of which some bytes were lost, changed or added."""
    body = bytearray(draw(texts()))
    for _ in range(draw(st.integers(1, 3))):
        start = draw(st.integers(0, len(body)))
        body[start : start + draw(st.integers(0, 3))] = draw(
            st.binary(max_size=3) | st.sampled_from([b'"', b"\\", b"}"])
        )
    return bytes(body)


def _outcome(envelope_of: Any, body: bytes) -> AnyRecorded | str:
    try:
        return from_envelope(envelope_of(body), position=1)
    except (ValueError, ArithmeticError, RecursionError) as error:
        return f"{type(error).__name__}: {error}"


def _exactly(body: bytes) -> Envelope:
    return Envelope.model_validate(load(body))


@settings(max_examples=1_500, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(texts() | torn())
@example(BODIES[5].replace(b'"100000000"', b"12345678901234567.123"))
@example(b"\xef\xbb\xbf" + BODIES[5])
@example(BODIES[5] + b"{}")
@example(BODIES[5].replace(b'"data":', b'"data":{"type":"duban.time.time_reached.v1"},"data":'))
def test_both_ways_of_reading_agree_on_every_text(body: bytes) -> None:
    """On the event, down to the form of its numbers, or on the refusal and every word of it."""
    assert repr(_outcome(read, body)) == repr(_outcome(_exactly, body))


def test_what_is_usual_is_read_in_one_pass_and_what_is_not_the_exact_way() -> None:
    assert {type(read(body)).__name__ for body in BODIES} == {EventEnvelope.__name__}
    unusual = BODIES[5].replace(b'"100000000"', b"0.10")
    assert unusual != BODIES[5]
    assert type(read(unusual)) is Envelope
    assert str(decode(unusual).data.investment_ytd_yuan) == "0.10"
