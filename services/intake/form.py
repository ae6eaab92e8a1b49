"""What a submission looks like from outside, and how it is read: every fault at once."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, get_args

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from services.intake.domain.plausible import bad_year
from services.intake.domain.submission import Override, Submission
from shared.core.digest import digest
from shared.core.errors import Fault
from shared.core.events import CLASSES, JurisdictionOpened, RecordEvent, TimeReached
from shared.infra import wire, wrong_values
from shared.infra.auth import Bearer
from shared.infra.own_words import in_own_words
from shared.infra.streams import partition_of

DATA_BYTES_MAX = 512 * 1024
"""Half of what the stream takes as one message: the other half is ample for the envelope."""
_COUNT = {"count": str(DATA_BYTES_MAX)}

RECORD_TYPES = frozenset(name for name, cls in CLASSES.items() if cls in get_args(RecordEvent))


_EXAMPLE: Any = {
    "key": "town-a-p01-2026-03", "jurisdiction": "d003", "unit": "town-a",
    "type": "duban.project.progress_reported.v1", "time": "2026-04-03T10:00:00+08:00",
    "data": {"project": "p01", "cadence": "monthly", "period": "2026-03", "investment_ytd_yuan": "26000000"},
}  # fmt: skip


class OverrideForm(BaseModel):
    model_config = ConfigDict(extra="forbid")

    rule: str = Field(min_length=1, max_length=64, description="the code of the refusal that is set aside")
    reason: str = Field(min_length=1, max_length=1000)


class SubmissionForm(BaseModel):
    """One submission. The same key from the same unit with the same content is the same submission, for ever."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"example": _EXAMPLE})

    key: str = Field(min_length=1, max_length=64, description="the sender's own key for this submission")
    jurisdiction: str = Field(min_length=1, max_length=64)
    type: str = Field(description="the type of event that is to be recorded")
    unit: str = Field(
        "", max_length=64, description="in whose name; may be left out by a person with posts in one unit only"
    )
    time: datetime | None = Field(
        None, description="when it happened, with offset; intake's clock where it is left out"
    )
    on_behalf_of: str = Field(
        "", max_length=64, description="the unit that told it to the supervision office, which enters it for that unit"
    )
    override: OverrideForm | None = Field(
        None, description="a rule that the supervision office sets aside for this submission; recorded beside it"
    )
    data: dict[str, Any] = Field(description="the fields of the event; see /openapi.json and `duban schema`")


class BatchForm(BaseModel):
    """Submissions of one jurisdiction that are recorded together or not at all."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"example": {"submissions": [_EXAMPLE]}})

    submissions: list[SubmissionForm] = Field(min_length=1, max_length=5000)


class FormFaults(Exception):
    """What was sent cannot be read as a submission."""

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__(f"{len(faults)} faults")
        self.faults = faults


def read_one(body: Any, bearer: Bearer, *, header_key: str = "") -> list[Submission]:
    """FormFaults with every fault. `header_key` is what Idempotency-Key says: it may stand for the body's own key."""
    body, faults = _under_key(body, header_key.strip().strip('"'))
    try:
        submissions = _read([_form(body)], bearer, under=[""])
    except FormFaults as error:
        faults += error.faults
    if faults:
        raise FormFaults(faults)
    return submissions


def _form(body: Any) -> SubmissionForm:
    try:
        return SubmissionForm.model_validate(body)
    except ValidationError as error:
        raise FormFaults([*wrong_values.faults_of(error), *_content_faults(body)]) from error


def _under_key(body: Any, key: str) -> tuple[Any, list[Fault]]:
    # draft-ietf-httpapi-idempotency-key-header: there it stands in quotation marks.
    if not key or not isinstance(body, dict) or body.get("key") == key:
        return body, []
    if "key" not in body:
        return {"key": key, **body}, []
    return body, [Fault("key_differs", "/key", "The key is not the one that the header Idempotency-Key gives.")]


def read_batch(body: Any, bearer: Bearer) -> list[Submission]:
    """FormFaults with every fault of every submission."""
    try:
        forms = BatchForm.model_validate(body).submissions
    except ValidationError as error:
        raise FormFaults([*wrong_values.faults_of(error), *_batch_faults(body)]) from error
    if len({form.jurisdiction for form in forms}) > 1:
        raise FormFaults([Fault("several_jurisdictions", "/submissions", "A batch belongs to one jurisdiction.")])
    return _read(forms, bearer, under=[f"/submissions/{place}" for place in range(len(forms))])


def _read(forms: list[SubmissionForm], bearer: Bearer, *, under: list[str]) -> list[Submission]:
    submissions, faults = [], []
    for form, pointer in zip(forms, under, strict=True):
        try:
            submissions.append(_submission(form, bearer))
        except FormFaults as found:
            faults += _under(pointer, found.faults)
    if faults:
        raise FormFaults(faults)
    return submissions


def _submission(form: SubmissionForm, bearer: Bearer) -> Submission:
    faults: list[Fault] = []
    time, data = _in_utc("/time", form.time, faults), _data(form.type, form.jurisdiction, form.data, faults)
    if faults or data is None:
        raise FormFaults(faults)
    return Submission(
        key=form.key, jurisdiction=form.jurisdiction, unit=form.unit, actor=bearer.person or "@operator",
        is_operator=bearer.operator, time=time, data=data, digest=digest(_said(form)), on_behalf_of=form.on_behalf_of,
        override=Override(rule=form.override.rule, reason=form.override.reason) if form.override else None,
        token_id=bearer.token_id, token_issued_at=bearer.issued_at,
    )  # fmt: skip


def _in_utc(pointer: str, at: datetime | None, faults: list[Fault]) -> datetime | None:
    if at is None:
        return None
    if at.tzinfo is None:
        faults.append(Fault("time_without_offset", pointer, "A time needs its offset, such as +08:00."))
        return None
    try:
        return at.astimezone(UTC)
    except OverflowError:
        faults.append(bad_year(pointer))
        return None


def _data(event_type: str, jurisdiction: str, data: dict[str, Any], faults: list[Fault]) -> RecordEvent | None:
    if event_type not in RECORD_TYPES:
        named = {"type": event_type}
        faults.append(Fault("unknown_type", "/type", "No event of the record has the type {type}.", named))
        return None
    of = CLASSES[event_type]
    if of is JurisdictionOpened and jurisdiction.isascii():
        data = {"partition": partition_of(jurisdiction), **data}
    try:
        event = wire.adapter(of).validate_python(data)
        faults += _odd_numbers(data, event, "/data")
        return _settled(event, faults)
    except ValidationError as error:
        found = in_own_words(wire.faults_of(error), data, of)
        faults += [replace(one, pointer=f"/data{one.pointer}") for one in found]
        return None


def _odd_numbers(said: Any, read: Any, pointer: str) -> Iterator[Fault]:
    """Numbers in writings that are read as one all the same: full-width digits, digits with underscores between."""
    if isinstance(said, dict):
        for name, one in said.items():
            if isinstance(one, str | dict | list):
                yield from _odd_numbers(one, getattr(read, name, None), f"{pointer}/{name}")
    elif isinstance(said, list) and isinstance(read, tuple):
        for place, (one, as_read) in enumerate(zip(said, read, strict=False)):
            yield from _odd_numbers(one, as_read, f"{pointer}/{place}")
    elif isinstance(said, str) and isinstance(read, Decimal) and not (said.isascii() and "_" not in said):
        yield Fault("bad_number", pointer, "Write a number with the digits 0 to 9 and a point, such as 26000000.5.")


def _settled(event: RecordEvent, faults: list[Fault]) -> RecordEvent:
    """The event as it will be read again: its instants in UTC."""
    if len(wire.adapter(type(event)).dump_json(event)) > DATA_BYTES_MAX:  # type: ignore[arg-type]
        # Nobody else's submission may fail because it would be published together with this one.
        faults.append(Fault("too_large", "/data", "The data are too large: at most {count} bytes.", _COUNT))
    if isinstance(event, TimeReached):
        at = _in_utc("/data/at", event.at, faults)
        return TimeReached(at=at) if at else event
    return event


def _batch_faults(body: Any) -> Iterator[Fault]:
    sent = body.get("submissions") if isinstance(body, dict) else None
    for place, one in enumerate(sent if isinstance(sent, list) else ()):
        yield from _under(f"/submissions/{place}", _content_faults(one))


def _content_faults(body: Any) -> list[Fault]:
    """What is wrong with the data of a submission that is no submission otherwise either."""
    faults: list[Fault] = []
    event_type, data = (body.get("type"), body.get("data")) if isinstance(body, dict) else (None, None)
    if isinstance(event_type, str) and isinstance(data, dict):
        _data(event_type, str(body.get("jurisdiction", "")), data, faults)
    return faults


def _under(pointer: str, faults: Iterable[Fault]) -> list[Fault]:
    return [replace(one, pointer=pointer + one.pointer) for one in faults]


def _said(form: SubmissionForm) -> list[object]:
    said: list[object] = [form.type, form.time, form.data]
    more = [form.on_behalf_of, form.override.model_dump() if form.override else None]
    return said if more == ["", None] else [*said, *more]  # the digests of those that were always so stay theirs
