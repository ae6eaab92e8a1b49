"""Receipts and refusals as they are answered, over HTTP and over NATS alike."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from pydantic import BaseModel, ConfigDict

from services.intake.domain.decide import Refused
from services.intake.domain.known import Receipt
from services.intake.domain.submission import Submission
from services.intake.form import FormFaults
from shared.core import errors
from shared.infra.durable import Durability
from shared.infra.texts import Locale, Texts
from shared.infra.web import Fault, Problem

_RETRY_AFTER_S = 1
_STATUS = {"key_reused": 422, "no_post": 403, "not_the_office": 403, "not_your_project": 403, "not_your_step": 403,
           "not_the_addressee": 403, "operator_only": 403, "not_open": 404, "not_your_role": 403, "not_your_unit": 403,
           "not_your_permit": 403, "not_your_matter": 403, "not_yourself": 403, "not_on_behalf": 403,
           "behalf_needed": 403, "token_revoked": 403, "approval_not_yours": 403,
           "not_your_line": 403, "recused_decides": 403, "not_yours_to_give": 403,
           "not_your_return": 403, "own_return": 403, "own_request": 403, "recused": 403}  # fmt: skip
_FORM_CODES = {"bad_code", "bad_text", "in_the_future", "time_needed", "bad_period", "bad_year", "bad_amount",
               "negative_amount", "amount_needed", "nil_with_amount", "reason_needed", "unknown_time_zone",
               "no_such_partition", "day_twice", "day_of_another_year", "completes_before_start",
               "text_needed", "nobody_named", "own_successor", "no_such_month", "months_not_rising",
               "plan_above_months", "id_twice", "flags_not_yours", "amount_not_positive", "amount_not_taken",
               "replaces_itself", "nil_not_taken", "field_needed", "channel_needed", "bad_digest",
               "objects_needed", "gaps_and_day", "item_empty", "result_needed", "reserved_code"}  # fmt: skip


class ReceiptOut(BaseModel):
    """What is recorded, where, when, and how safely. The same submission gets the same receipt again."""

    model_config = ConfigDict(json_schema_extra={"examples": [{
        "key": "town-a-p01-2026-03", "jurisdiction": "d003", "event": "0199d6b1-8f7e-7c3a-9d55-3a5b1c2d3e4f",
        "position": 42, "recorded_at": "2026-04-03T02:00:01Z", "durability": "durable",
    }]})  # fmt: skip

    key: str
    jurisdiction: str
    event: str
    position: int
    recorded_at: datetime
    durability: Durability


def receipt_out(submission: Submission, receipt: Receipt, durability: Durability) -> ReceiptOut:
    return ReceiptOut(
        key=submission.key, jurisdiction=submission.jurisdiction, event=receipt.event, position=receipt.position,
        recorded_at=receipt.recorded_at.astimezone(UTC), durability=durability,
    )  # fmt: skip


def receipts_or_problem(
    submissions: Sequence[Submission],
    answers: Sequence[Receipt | Refused],
    *,
    durability: Durability,
    locale: Locale,
    batch: bool,
) -> list[ReceiptOut]:
    """The receipts of all, or the Problem with the reasons against those that were refused."""
    refused = [(place, one) for place, one in enumerate(answers) if isinstance(one, Refused)]
    if refused:
        raise _refusal(refused, locale, batch=batch)
    taken = [(of, one) for of, one in zip(submissions, answers, strict=True) if isinstance(one, Receipt)]
    return [receipt_out(of, one, durability) for of, one in taken]


def form_problem(error: FormFaults, locale: Locale) -> Problem:
    faults = [_out(one, locale) for one in error.faults]
    return Problem(422, "invalid_submission", "The submission is not recorded.", faults=faults)


def status_of(code: str) -> int:
    """The status of a problem whose first fault has this code: who may, what is not there, how it is said."""
    return _STATUS.get(code, 422 if code in _FORM_CODES else 409)


def _refusal(refused: Sequence[tuple[int, Refused]], locale: Locale, *, batch: bool) -> Problem:
    faults = [
        _out(replace(fault, pointer=f"/submissions/{place}{fault.pointer}") if batch else fault, locale)
        for place, one in refused
        for fault in one.faults
    ]
    code = refused[0][1].code
    retry = _RETRY_AFTER_S if all(one.retryable for _, one in refused) else None
    title = "The submission is not recorded."
    return Problem(status_of(code), code, title, faults[0].message, faults=faults, retry_after_s=retry)


def _out(fault: errors.Fault, locale: Locale) -> Fault:
    texts = Texts.load(locale)
    values = {name: _told(one, texts) for name, one in fault.values.items()}
    try:
        message = texts(fault.message, **values)
    except (KeyError, IndexError, ValueError):
        message = fault.message  # a library's own words, braces and all
    return Fault(fault.pointer, fault.code, message)


def _told(value: str, texts: Texts) -> str:
    return " / ".join(texts(word) for word in value.split(" / ")) if isinstance(value, errors.Term) else value


def as_json(value: Any) -> dict[str, Any]:
    found: dict[str, Any] = value.model_dump(mode="json")
    return found
