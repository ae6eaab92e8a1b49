"""What is sent is read exactly, and everything that is wrong with it is told at once."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from services.intake.domain.decide import CLOCK, Refused, decide
from services.intake.domain.submission import Submission
from services.intake.form import DATA_BYTES_MAX, FormFaults, read_batch, read_one
from shared.core.events import CLASSES, JurisdictionOpened, RecordEvent, TimeReached
from shared.infra import wire
from shared.infra.auth import Bearer
from shared.infra.streams import partition_of
from tests.support.builders import a_jurisdiction, a_regime
from tests.support.intake import NOW, Intake, opened

REPORTER = Bearer("reporter-a", operator=False, token_id="t")
OPERATOR = Bearer(None, operator=True, token_id="t")
RETURN = {"project": "p1", "cadence": "monthly", "period": "2026-02", "investment_ytd_yuan": "1"}


def body(data: Any = None, event: str = "project.progress_reported", **changes: Any) -> dict[str, Any]:
    return {
        "key": "k", "jurisdiction": "testcity", "unit": "bureau-a", "type": f"duban.{event}.v1",
        "data": RETURN if data is None else data, **changes,
    }  # fmt: skip


def read(sent: Any, bearer: Bearer = REPORTER) -> Submission:
    (found,) = read_one(sent, bearer)
    return found


def faults(sent: Any, *, batch: bool = False) -> list[tuple[str, str]]:
    with pytest.raises(FormFaults) as found:
        (read_batch if batch else read_one)(sent, REPORTER)
    return [(one.pointer, one.code) for one in found.value.faults]


def test_every_fault_is_told_at_once() -> None:
    wrong = body(
        {**RETURN, "cadence": "hourly", "investment_ytd_yuan": "many", "colour": "red"}, time="2026-03-01T08:00:00"
    )
    assert faults(wrong) == [
        ("/time", "time_without_offset"), ("/data/investment_ytd_yuan", "decimal_parsing"),
        ("/data/colour", "unexpected_keyword_argument"), ("/data/cadence", "wrong_value"),
    ]  # fmt: skip


def test_the_data_are_looked_at_even_where_the_rest_is_no_submission() -> None:
    wrong = body({"project": "p1"}, extra=1)
    del wrong["key"]
    assert faults(wrong) == [
        ("/key", "missing"), ("/extra", "extra_forbidden"), ("/data/cadence", "missing"), ("/data/period", "missing"),
    ]  # fmt: skip


@pytest.mark.parametrize("header", ["k-17", '"k-17"', ' "k-17" '])
def test_the_header_may_say_the_key_in_place_of_the_body(header: str) -> None:
    keyless = {name: value for name, value in body().items() if name != "key"}
    (found,) = read_one(keyless, REPORTER, header_key=header)
    (again,) = read_one(body(key="k-17"), REPORTER, header_key=header)
    assert found == again
    assert found.key == "k-17"
    assert "key" not in keyless


def test_a_header_and_a_body_that_name_two_keys_are_a_fault_beside_all_others() -> None:
    with pytest.raises(FormFaults) as found:
        read_one(body({**RETURN, "colour": "red"}), REPORTER, header_key='"another"')
    assert [(one.pointer, one.code) for one in found.value.faults] == [
        ("/key", "key_differs"), ("/data/colour", "unexpected_keyword_argument"),
    ]  # fmt: skip
    with pytest.raises(FormFaults, match="1 faults"):
        read_one(body(), REPORTER, header_key="another")


@pytest.mark.parametrize("header", ["", '""', " "])
def test_a_header_that_says_nothing_stands_for_no_key(header: str) -> None:
    assert read_one(body(), REPORTER, header_key=header)[0].key == "k"


@pytest.mark.parametrize("sent", [None, 7, "text", [], {}, {"data": []}, {"type": 1, "data": {}}])
def test_what_is_no_submission_at_all_is_refused(sent: Any) -> None:
    assert faults(sent)
    assert faults({"submissions": [sent]}, batch=True)
    assert faults(sent, batch=True)


def test_faults_of_a_batch_point_to_the_submission() -> None:
    no_type = body(event="project.no_such")
    assert faults({"submissions": [body(), no_type, body({**RETURN, "period": 7})]}, batch=True) == [
        ("/submissions/1/type", "unknown_type"), ("/submissions/2/data/period", "string_type"),
    ]  # fmt: skip
    assert faults({"submissions": [body(key=""), no_type]}, batch=True) == [
        ("/submissions/0/key", "string_too_short"), ("/submissions/1/type", "unknown_type"),
    ]  # fmt: skip
    assert faults({"submissions": [body(), body(jurisdiction="other")]}, batch=True) == [
        ("/submissions", "several_jurisdictions")
    ]
    assert faults({"submissions": []}, batch=True) == [("/submissions", "too_short")]


@pytest.mark.parametrize("cls", [one for one in CLASSES.values() if one not in RecordEvent.__args__])
def test_what_the_services_state_cannot_be_submitted(cls: type) -> None:
    name = next(name for name, one in CLASSES.items() if one is cls)
    assert faults(body({}, type=name)) == [("/type", "unknown_type")]


@pytest.mark.parametrize("text", ["0.1", "26000000.10", "9999999999999999.9999999999", "1E+3", "0"])
def test_decimals_stay_exact_as_text_and_as_number(text: str) -> None:
    for sent in (f'"{text}"', text):
        amount = wire.load(f'{{"is": {sent}}}')["is"]
        found: Any = read(body({**RETURN, "investment_ytd_yuan": amount})).data
        assert str(found.investment_ytd_yuan) == text


@pytest.mark.parametrize("text", ["1E+999999999", "-1e-999999999", "0E+500", "1e99999999999999999999"])
def test_a_number_that_fills_the_memory_when_written_out_is_no_json(text: str) -> None:
    with pytest.raises(ValueError, match="out of all proportion"):
        wire.load(text)


@pytest.mark.parametrize("text", ["NaN", "Infinity", "-Infinity", "one"])
def test_what_is_no_number_is_no_amount(text: str) -> None:
    pointers = [pointer for pointer, _ in faults(body({**RETURN, "investment_ytd_yuan": text}))]
    assert pointers == ["/data/investment_ytd_yuan"]


def test_times_are_settled_to_utc() -> None:
    found = read(body({"at": "2026-03-02T09:00:00+08:00"}, "time.time_reached", time="2026-03-02T09:00:00+08:00"))
    at = datetime(2026, 3, 2, 1, tzinfo=UTC)
    assert (found.time, found.data) == (at, TimeReached(at=at))
    assert found.time is not None
    assert found.time.tzinfo is UTC


def test_a_time_needs_its_offset_and_a_day_that_exists_everywhere() -> None:
    assert faults(body(time="2026-03-02")) == [("/time", "time_without_offset")]
    assert faults(body({"at": "2026-03-02T09:00:00"}, "time.time_reached")) == [("/data/at", "time_without_offset")]
    assert faults(body(time="0001-01-01T00:00:00+14:00")) == [("/time", "bad_year")]
    assert faults(body({"at": "9999-12-31T23:59:59-12:00"}, "time.time_reached")) == [("/data/at", "bad_year")]


def test_what_no_message_can_hold_is_refused_before_it_keeps_others_from_being_recorded() -> None:
    assert faults(body({**RETURN, "narrative": "长" * (DATA_BYTES_MAX // 3)})) == [("/data", "too_large")]
    read(body({**RETURN, "narrative": "长" * (DATA_BYTES_MAX // 3 - 1000)}))


def test_the_same_content_has_the_same_digest_however_it_is_laid_out() -> None:
    first = read(body(time="2026-03-02T09:00:00+08:00"))
    assert read({**body(dict(reversed(RETURN.items())), time="2026-03-02T01:00:00Z")}).digest == first.digest
    for other in (body(), body({**RETURN, "period": "2026-01"}, time="2026-03-02T01:00:00Z")):
        assert read(other).digest != first.digest


def test_an_opening_gets_its_partition_from_its_code_unless_it_names_one() -> None:
    data = wire.data_of(a_jurisdiction())
    del data["partition"]
    for changes, partition in (({}, partition_of("testcity")), ({"partition": 3}, 3)):
        found = read(body({**data, **changes}, "jurisdiction.jurisdiction_opened"), OPERATOR).data
        assert isinstance(found, JurisdictionOpened)
        assert found.partition == partition


def test_a_whole_regime_is_read_as_it_was_written() -> None:
    data = {"list": "city", "effective_on": "2026-01-01", "regime": wire.data_of(a_regime())}
    found: Any = read(body(data, "regime.regime_adopted")).data
    assert found.regime == a_regime()


@pytest.mark.parametrize("person", [CLOCK, "@operator", "@"])
def test_a_token_for_a_code_with_an_at_sign_is_neither_the_clock_nor_the_operator(person: str) -> None:
    bearer = Bearer(person, operator=False, token_id="t")
    for unit in (CLOCK, "", "office"):
        found = read(body({"at": "2026-03-05T00:00:00Z"}, "time.time_reached", unit=unit), bearer)
        assert (found.is_clock, found.is_operator) == (False, False)
        for mode in ("live", "simulated"):
            assert _code(opened(mode), found) == "no_post"
    opening = read(body(wire.data_of(a_jurisdiction()), "jurisdiction.jurisdiction_opened", unit=""), bearer)
    assert _code(Intake(), opening) == "operator_only"


def _code(intake: Intake, submission: Submission) -> str:
    decided = decide(submission, intake.ledger, now=NOW + timedelta(days=9), new_id=lambda: "e")
    assert isinstance(decided, Refused)
    return decided.code


def test_the_operator_is_nobody_of_the_record() -> None:
    found = read(body(), OPERATOR)
    assert (found.actor, found.is_operator, found.is_clock) == ("@operator", True, False)
    assert _code(opened(), found) == "no_post"


def test_the_amounts_of_a_form_are_decimals_not_floats() -> None:
    found: Any = read(body({**RETURN, "investment_ytd_yuan": 26000000})).data
    assert found.investment_ytd_yuan == Decimal(26000000)


@pytest.mark.parametrize("said", ["１２３", "1_000", "١٢٣"])
def test_a_number_in_an_odd_writing_is_refused_where_it_stands(said: str) -> None:
    assert faults(body({**RETURN, "investment_ytd_yuan": said})) == [("/data/investment_ytd_yuan", "bad_number")]
