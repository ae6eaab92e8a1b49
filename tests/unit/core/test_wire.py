"""What is no event of ours cannot be applied, and what is one loses nothing on its way."""

import json
from decimal import Decimal
from typing import Any

import pytest

from services.notify.domain import ledger as notify_ledger
from services.scoring.domain import ledger as scoring_ledger
from shared.core import register
from shared.core.errors import CannotApply
from shared.infra.wire import EntryCodec, decode, encode, load, load_from_outside, plain, statement
from tests.support.builders import (
    a_list,
    a_plan,
    a_regime,
    a_return,
    a_stage,
    a_year,
    an_adoption,
    local,
    on,
    record,
    until,
)
from tests.support.spec import given

SOURCE = "/duban/test/intake"


def _plain(**changes: Any) -> dict[str, Any]:
    (recorded,) = record(a_return())
    return {**plain(recorded, source=SOURCE), **changes}


def _with_data(**changes: Any) -> dict[str, Any]:
    envelope = _plain()
    return {**envelope, "data": {**envelope["data"], **changes}}


def _text(envelope: dict[str, Any]) -> str:
    return json.dumps(envelope)


TIME = "duban.time.time_reached.v1"


@pytest.mark.parametrize(
    "text",
    [
        "", "null", "[]", "{}", "{", "1", '"x"', "\ud800", "[" * 100_000, '{"a":1e99999999999999999999}',
        _text(_plain(colour="red")),
        _text(_plain(type="duban.project.moved.v1")),
        _text(_plain(specversion="0.3")),
        _text(_plain(id="")),
        _text(_plain(subject="testcity/p2")),
        _text(_plain(subject="testcity")),
        _text(_plain(subject="/p1")),
        _text(_plain(time="2026-02-03T10:00:00")),
        _text(_plain(recordedat="2026-02-03T10:00:00")),
        _text(_plain(time="0001-01-01T00:00:00+08:00")),
        _text(_plain(time="yesterday")),
        _text(_plain(data=None)),
        _text(_plain(actor="\ud800")),
        _text(_with_data(colour="red")),
        _text(_with_data(period=None)),
        _text(_with_data(cadence="hourly")),
        _text(_with_data(narrative="\ud800")),
        _text(_with_data(narrative="\udfff\ud83d")),
        _text(_with_data(investment_ytd_yuan="NaN")),
        _text(_with_data(investment_ytd_yuan=float("nan"))),
        _text(_with_data(investment_ytd_yuan=float("inf"))),
        _text(_with_data(investment_ytd_yuan="12 million")),
        _text(_plain(type=TIME, subject="testcity/testcity", data={"at": "2026-02-03T10:00:00"})),
        _text(_plain(type=TIME, subject="testcity/testcity", data={"at": "9999-12-31T23:59:59-08:00"})),
    ],
)  # fmt: skip
def test_what_is_no_event_of_ours_cannot_be_applied(text: str) -> None:
    with pytest.raises(CannotApply):
        decode(text)


def test_bytes_that_are_no_text_cannot_be_applied() -> None:
    with pytest.raises(CannotApply):
        decode(b'{"id": "\xff"}')


def test_a_missing_recordedat_is_the_time() -> None:
    envelope = _plain()
    del envelope["recordedat"]
    assert decode(_text(envelope)).recorded_at == local("2026-01-01 00:00")


def test_an_emoji_written_as_two_escapes_is_no_lone_surrogate() -> None:
    recorded = decode(_text(_with_data(narrative="\U0001f3d7")))
    assert recorded.data.narrative == "\U0001f3d7"


def test_instants_come_back_in_utc_whatever_the_offset_they_came_with() -> None:
    text = _text(_plain(type=TIME, subject="testcity/testcity", data={"at": "2026-02-03T18:00:00+08:00"}))
    assert encode(decode(text), source=SOURCE).decode().endswith('"data":{"at":"2026-02-03T10:00:00Z"}}')


@pytest.mark.parametrize(
    "amount", ["1234567890123456.7890", "0.12345678901234567890", "12345678901234567890", "1E+3", "-0.10", "100.00"]
)
def test_money_is_exact_to_the_last_digit(amount: str) -> None:
    (recorded,) = record(a_plan(yi="1", annual_planned_investment_yuan=Decimal(amount)))
    body = encode(recorded, source=SOURCE)
    assert str(decode(body, position=1).data.annual_planned_investment_yuan) == amount
    assert encode(decode(body), source=SOURCE) == body


def test_a_number_in_json_is_read_exactly_too() -> None:
    text = _text(_with_data()).replace('"100000000"', "12345678901234567.123")
    assert decode(text).data.investment_ytd_yuan == Decimal("12345678901234567.123")


@pytest.mark.parametrize("data", [a_return(), a_return(yi=None), a_stage(), a_list(), an_adoption(a_regime())])
def test_an_event_comes_back_as_it_was(data: object) -> None:
    (recorded,) = record(on("2026-02-03 10:00", data, actor="zhang"))
    assert decode(encode(recorded, source=SOURCE), position=1) == recorded


@pytest.mark.parametrize(
    "text", ['"', "\\", "/", "\x00\x1f\x7f", "\b\f\n\r\t", "\u2028\ufeff\ufffe", "督办", "\N{BUILDING CONSTRUCTION}"]
)
def test_an_event_is_written_as_json_writes_its_values(text: str) -> None:
    (recorded,) = record(a_return(narrative=text, evidence=(text,)))
    values = plain(recorded, source=SOURCE)
    assert encode(recorded, source=SOURCE) == json.dumps(values, ensure_ascii=False, separators=(",", ":")).encode()


def test_a_name_that_stands_twice_is_refused_from_outside_however_many_others_there_are() -> None:
    names = {str(number): number for number in range(100_000)}
    assert load_from_outside(json.dumps(names).encode()) == names
    with pytest.raises(ValueError, match=r"^7, 8 stands twice in one object$"):
        load_from_outside(json.dumps(names).replace("}", ', "8": 0, "7": 0}').encode())


def test_saying_the_same_again_is_the_same_event() -> None:
    def say(position: int) -> str:
        data = a_return(yi=str(position))
        return statement(data, jurisdiction="testcity", at=local("2026-01-01 00:00"), causation="e1").id

    assert say(1) == say(1) != say(2)


def test_json_has_exact_numbers_and_no_others() -> None:
    assert load('{"a": 0.1}') == {"a": Decimal("0.1")}
    with pytest.raises(ValueError, match="not a number"):
        load("[NaN]")


def test_entries_of_every_ledger_come_back_as_they_were() -> None:
    story = given(*a_year(), a_stage(), on("2026-02-03 10:00", a_return()), until("2026-07-30 00:00"))
    codec = EntryCodec.of(register, scoring_ledger, notify_ledger)
    changes = [*story.scored().ledger.take_changes(), *story.noticed().ledger.take_changes()]
    assert len({type(entry) for _, entry in changes}) > 10
    for _, entry in changes:
        assert codec.decode(*codec.encode(entry)) == entry
