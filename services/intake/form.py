"""What a submission looks like from outside, and how it is read: every fault at once."""

from datetime import UTC, datetime
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from services.intake.domain.submission import Submission
from shared.core.digest import digest
from shared.core.errors import Fault
from shared.core.events import CLASSES, JurisdictionOpened, RecordEvent
from shared.infra import wire
from shared.infra.auth import Bearer
from shared.infra.streams import partition_of

RECORD_TYPES = frozenset(name for name, cls in CLASSES.items() if cls in RecordEvent.__args__)


class SubmissionForm(BaseModel):
    """One submission. The same key from the same unit with the same content is the same submission, for ever."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"example": {
        "key": "town-a-p01-2026-03", "jurisdiction": "d003", "unit": "town-a",
        "type": "duban.project.progress_reported.v1", "time": "2026-04-03T10:00:00+08:00",
        "data": {"project": "p01", "cadence": "monthly", "period": "2026-03", "investment_ytd_yuan": "26000000"},
    }})  # fmt: skip

    key: str = Field(min_length=1, max_length=64, description="the sender's own key for this submission")
    jurisdiction: str = Field(min_length=1, max_length=64)
    type: str = Field(description="the type of event that is to be recorded")
    unit: str = Field(
        "", max_length=64, description="in whose name; may be left out by a person with posts in one unit only"
    )
    time: datetime | None = Field(
        None, description="when it happened, with offset; intake's clock where it is left out"
    )
    data: dict[str, Any] = Field(description="the fields of the event; see /openapi.json and `duban schema`")


class BatchForm(BaseModel):
    """Submissions of one jurisdiction that are recorded together or not at all."""

    model_config = ConfigDict(extra="forbid")

    submissions: list[SubmissionForm] = Field(min_length=1, max_length=5000)


class FormFaults(Exception):
    """What was sent cannot be read as a submission."""

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__(f"{len(faults)} faults")
        self.faults = faults


def read_one(body: Any, bearer: Bearer) -> list[Submission]:
    """FormFaults with every fault."""
    try:
        form = SubmissionForm.model_validate(body)
    except ValidationError as error:
        raise FormFaults(wire.faults_of(error)) from error
    return _read([form], bearer, under=[""])


def read_batch(body: Any, bearer: Bearer) -> list[Submission]:
    """FormFaults with every fault of every submission."""
    try:
        forms = BatchForm.model_validate(body).submissions
    except ValidationError as error:
        raise FormFaults(wire.faults_of(error)) from error
    if len({form.jurisdiction for form in forms}) > 1:
        raise FormFaults([Fault("several_jurisdictions", "/submissions", "A batch belongs to one jurisdiction.")])
    return _read(forms, bearer, under=[f"/submissions/{place}" for place in range(len(forms))])


def _read(forms: list[SubmissionForm], bearer: Bearer, *, under: list[str]) -> list[Submission]:
    submissions, faults = [], []
    for form, pointer in zip(forms, under, strict=True):
        try:
            submissions.append(_submission(form, bearer))
        except FormFaults as found:
            faults += [Fault(one.code, pointer + one.pointer, one.message, one.values) for one in found.faults]
    if faults:
        raise FormFaults(faults)
    return submissions


def _submission(form: SubmissionForm, bearer: Bearer) -> Submission:
    return Submission(
        key=form.key, jurisdiction=form.jurisdiction, unit=form.unit, actor=bearer.person or "@operator",
        is_operator=bearer.operator, time=_time(form), data=_data(form), digest=digest(_said(form)),
    )  # fmt: skip


def _time(form: SubmissionForm) -> datetime | None:
    if form.time is not None and form.time.tzinfo is None:
        raise FormFaults([Fault("time_without_offset", "/time", "A time needs its offset, such as +08:00.")])
    return form.time.astimezone(UTC) if form.time else None


def _data(form: SubmissionForm) -> RecordEvent:
    if form.type not in RECORD_TYPES:
        raise FormFaults(
            [Fault("unknown_type", "/type", "No event of the record has the type {type}.", {"type": form.type})]
        )
    of, data = CLASSES[form.type], form.data
    if of is JurisdictionOpened and form.jurisdiction.isascii():
        data = {"partition": partition_of(form.jurisdiction), **data}
    try:
        event: RecordEvent = wire.adapter(of).validate_python(data)
    except ValidationError as error:
        raise FormFaults(wire.faults_of(error, under="/data")) from error
    return event


def _said(form: SubmissionForm) -> list[object]:
    return [form.type, form.time, form.data]
