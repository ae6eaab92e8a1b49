"""What intake says of itself: which problems there are, who may record what, and its OpenAPI document."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, FastAPI, Header
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from services.intake import form, readers
from services.intake.answer import status_of
from services.intake.domain.authority import access_rows
from services.intake.domain.capacity import Capacity
from shared.core.events import CLASSES
from shared.infra import wire
from shared.infra.auth import Bearer, Tokens, who_asks
from shared.infra.openapi import OPEN, describe
from shared.infra.refusals import EVERY_SERVICE, Refusal, refusals_in
from shared.infra.texts import Texts, locale_from

_DECIDES = ("services.intake.domain", "services.intake.form", "shared.core.regime.check")
"""Where submissions are refused."""
_READS = ("services.intake.workbook", "shared.infra.tables")
"""Where workbooks are: what is wrong with one is wrong with what was sent."""
_ALL = (EVERY_SERVICE, "services.intake", "shared.core.regime.check")
_EXAMPLES: Mapping[str, Any] = {
    "jurisdiction": "d003", "unit": "town-a", "period": "2026-03", "project": "p01", "code": "reporter-a", "after": 0,
    "limit": 100, "idempotency-key": "town-a-p01-2026-03", "from": "2026-01", "until": "2026-03", "last-event-id": "42",
    "digest": "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", "dry_run": True,
    "channel": "email",
}  # fmt: skip


class SentenceOut(BaseModel):
    zh: str
    en: str


class ProblemOut(BaseModel):
    """A reason code, which is for ever, with the statuses of its problems and the sentences that say it.

    Blanks stand in braces. Without a status it stands in the faults of problems only.
    """

    model_config = ConfigDict(json_schema_extra={"examples": [{
        "code": "not_open", "type": "urn:duban:problem:not_open", "statuses": [404],
        "sentences": [{"zh": "没有这个辖区。", "en": "No such jurisdiction is open."}],
    }]})  # fmt: skip

    code: str
    type: str
    statuses: list[int]
    sentences: list[SentenceOut]


class AccessOut(BaseModel):
    """Who may record an event: in which capacity, and within which bounds."""

    model_config = ConfigDict(json_schema_extra={"examples": [{
        "event": "ProgressReported", "type": "duban.project.progress_reported.v1", "capacity": "reporter",
        "capacity_name": "填报员", "scope": "限本单位牵头、配合或代报的项目",
    }]})  # fmt: skip

    event: str
    type: str
    capacity: Capacity
    capacity_name: str
    scope: str = Field(description="in the language that was asked for")


def reference_routes(tokens: Tokens, *, now: Callable[[], datetime]) -> APIRouter:
    router = APIRouter(tags=["reference"])
    who = Annotated[Bearer, Depends(who_asks(tokens, now))]

    @router.get("/v1/problems", openapi_extra=OPEN)
    async def problems() -> list[ProblemOut]:
        """Every reason for which something is refused here, with its sentence in Chinese and in English."""
        return list(_problems())

    @router.get("/v1/access")
    async def access(_by: who, accept_language: Annotated[str | None, Header()] = None) -> list[AccessOut]:
        """Who may record what: the whole table by which submissions are decided."""
        say = Texts.load(locale_from(accept_language))
        return [
            AccessOut(event=one.event, type=one.type, capacity=one.capacity, capacity_name=say.sentence(one.capacity),
                      scope=say.sentence(one.scope))
            for one in access_rows()
        ]  # fmt: skip

    return router


def describe_intake(app: FastAPI, *, issuer: str | None) -> None:
    """Complete the OpenAPI document with what no route says of itself."""
    describe(app, refusals=_refusals, examples=_EXAMPLES, schemas=_forms, late=_of_submissions, issuer=issuer)


def _forms() -> Mapping[str, Any]:
    """What no route declares, since the bodies of submissions are read by hand: their forms, and every event's data."""
    types = sorted(form.RECORD_TYPES)
    adapters: list[TypeAdapter[Any]] = [TypeAdapter(form.BatchForm), *(wire.adapter(CLASSES[name]) for name in types)]
    named: list[tuple[int, Literal["validation"], TypeAdapter[Any]]] = [
        (place, "validation", one) for place, one in enumerate(adapters)
    ]
    refs, found = TypeAdapter.json_schemas(named, ref_template="#/components/schemas/{model}")
    schemas: dict[str, Any] = found["$defs"]
    fields = schemas[form.SubmissionForm.__name__]["properties"]
    fields["type"]["enum"] = types
    about = "the fields of the event, as its type has them"
    fields["data"] = {"description": about, "anyOf": [refs[one[0], "validation"] for one in named[1:]]}
    return schemas


def _of_submissions() -> Mapping[str, Mapping[int, Sequence[str]]]:
    """What submissions are refused for, in all ways in which they come; workbooks for what they are, too."""
    found: dict[int, list[str]] = {400: ["not_json"], 422: ["invalid_submission"], **_listed(readers.TROUBLES)}
    for one in refusals_in(*_DECIDES):
        found.setdefault(status_of(one.code), []).append(one.code)
    of_workbooks = {**found, 422: [*found[422], *(one.code for one in refusals_in(*_READS))]}
    del of_workbooks[400]
    together = dict.fromkeys(("/v1/submissions", "/v1/submissions:batch"), found)
    return {**together, "/v1/workbooks/{unit}/{period}": of_workbooks}


def _listed(codes: Mapping[int, Sequence[str]]) -> dict[int, list[str]]:
    return {status: list(named) for status, named in codes.items()}


@cache
def _refusals() -> tuple[Refusal, ...]:
    return refusals_in(*_ALL)


@cache
def _problems() -> tuple[ProblemOut, ...]:
    say = Texts.load("zh")
    of_submissions, of_workbooks = refusals_in(*_DECIDES), refusals_in(*_READS)
    given = {one.code: {422} for one in of_workbooks}
    for one in of_submissions:
        given[one.code] = given.get(one.code, set()) | {status_of(one.code)}
    return tuple(
        ProblemOut(
            code=one.code, type=f"urn:duban:problem:{one.code}",
            statuses=sorted({*one.statuses, *given.get(one.code, ())}),
            sentences=[SentenceOut(zh=say.sentence(text), en=text) for text in one.sentences],
        )
        for one in _refusals()
    )  # fmt: skip
