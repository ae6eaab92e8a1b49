"""Evidence over HTTP: a file is sent once, and its digest is what events carry; whoever has a post may see it."""

from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Any, Final

import structlog
from fastapi import APIRouter, Depends, Header, Path, Request
from fastapi.responses import Response, StreamingResponse
from pydantic import BaseModel, ConfigDict

from services.intake import readers
from services.intake.desk import Desk
from services.intake.evidence import ENDINGS, Evidence, EvidenceStore, NotKept, Unavailable, too_large
from shared.core.register import posts_of
from shared.infra.auth import Bearer, Tokens, who_asks
from shared.infra.texts import Locale, Texts, locale_from
from shared.infra.web import Fault, Problem

EVIDENCE_UNAVAILABLE: Final = "evidence_unavailable"
_RETRY_AFTER_S: Final = 5
_STATUS: Final = {
    "evidence_too_large": 413, "evidence_type": 415, "evidence_type_differs": 415, "evidence_empty": 422,
    "evidence_too_slow": 408,
}  # fmt: skip
_PLACE: Final = ("evidence_not_configured", "evidence_unavailable")
_BODY: Final[dict[str, Any]] = {
    "requestBody": {
        "required": True,
        "content": {name: {"schema": {"type": "string", "format": "binary"}} for name in ENDINGS},
    }
}
_FILE: Final[dict[int | str, dict[str, Any]]] = {
    200: {"content": {name: {"schema": {"type": "string", "format": "binary"}} for name in ENDINGS}},
    **readers.answers({403: ("no_post",), 404: ("no_such_evidence",), 503: _PLACE}),
}
_HEAD: Final = {**_FILE, 200: {"description": "It is kept"}}
# What others have sent is never shown in our name: it is saved, and no browser takes it for something else.
_SAFE: Final = {
    "x-content-type-options": "nosniff",
    "content-security-policy": "default-src 'none'; sandbox",
    "cross-origin-resource-policy": "same-origin",
    "cache-control": "private, max-age=31536000, immutable",
}
_log = structlog.stdlib.get_logger("duban.evidence")

Jurisdiction = Annotated[str, Path(max_length=64)]
Digest = Annotated[str, Path(pattern=r"^sha256:[0-9a-f]{64}$", examples=["sha256:" + "0" * 64])]
Language = Annotated[str | None, Header(alias="accept-language")]


class EvidenceOut(BaseModel):
    """What is kept: the digest is named in the `evidence` of events."""

    model_config = ConfigDict(json_schema_extra={"examples": [{
        "digest": "sha256:" + "0" * 64, "bytes": 182044, "media_type": "image/jpeg",
    }]})  # fmt: skip

    digest: str
    bytes: int
    media_type: str


def evidence_routes(
    desk: Callable[[], Desk], store: EvidenceStore | None, tokens: Tokens, *, now: Callable[[], datetime]
) -> APIRouter:
    router = APIRouter(tags=["evidence"])
    who = Annotated[Bearer, Depends(who_asks(tokens, now))]
    taken = readers.answers({
        403: ("no_post",), 408: ("evidence_too_slow",), 413: ("evidence_too_large",),
        415: ("evidence_type", "evidence_type_differs"), 422: ("evidence_empty",), 503: _PLACE,
    })  # fmt: skip

    async def send(
        request: Request, jurisdiction: Jurisdiction, by: who, accept_language: Language = None
    ) -> EvidenceOut:
        """Keep a file: the body is the file itself. The same file again is the same, and changes nothing."""
        locale = locale_from(accept_language)
        kept = _configured(store, locale)
        await _may(desk(), jurisdiction, by, locale)
        return await _kept(kept, jurisdiction, request, locale)

    for method in ("POST", "PUT"):
        router.add_api_route(
            "/v1/jurisdictions/{jurisdiction}/evidence", send, methods=[method], status_code=201,
            name=f"{method.lower()}_evidence", openapi_extra=_BODY, responses=taken,
        )  # fmt: skip

    @router.get("/v1/jurisdictions/{jurisdiction}/evidence/{digest}", response_class=StreamingResponse, responses=_FILE)
    async def fetch(jurisdiction: Jurisdiction, digest: Digest, by: who, accept_language: Language = None) -> Response:
        """The file with this digest, as it was sent."""
        locale = locale_from(accept_language)
        kept = _configured(store, locale)
        found = await _found(desk(), kept, jurisdiction, digest, by, locale)
        try:
            content = await kept.read(jurisdiction, found)
        except Unavailable as error:
            raise _unavailable(error, locale) from error
        return StreamingResponse(content, media_type=found.media_type, headers=_headers(found))

    @router.head("/v1/jurisdictions/{jurisdiction}/evidence/{digest}", response_class=Response, responses=_HEAD)
    async def look(jurisdiction: Jurisdiction, digest: Digest, by: who, accept_language: Language = None) -> Response:
        """Whether the file with this digest is kept, and what it is."""
        locale = locale_from(accept_language)
        found = await _found(desk(), _configured(store, locale), jurisdiction, digest, by, locale)
        return Response(media_type=found.media_type, headers=_headers(found))

    return router


async def _kept(store: EvidenceStore, jurisdiction: str, request: Request, locale: Locale) -> EvidenceOut:
    announced = request.headers.get("content-length", "")
    try:
        if announced.isdigit() and int(announced) > store.bytes_max:
            raise too_large(store.bytes_max)
        declared = request.headers.get("content-type", "")
        found = await store.keep(jurisdiction, request.stream(), declared=declared)
    except NotKept as refused:
        fault, texts = refused.fault, Texts.load(locale)
        message = texts(fault.message, **fault.values)
        told = Fault(fault.pointer, fault.code, message)
        title = texts("The file is not taken.")
        raise Problem(_STATUS[fault.code], fault.code, title, message, faults=[told]) from refused
    except Unavailable as error:
        raise _unavailable(error, locale) from error
    return EvidenceOut(digest=found.digest, bytes=found.size_bytes, media_type=found.media_type)


async def _found(
    desk: Desk, store: EvidenceStore, jurisdiction: str, digest: str, by: Bearer, locale: Locale
) -> Evidence:
    await _may(desk, jurisdiction, by, locale)
    try:
        found = await store.find(jurisdiction, digest)
    except Unavailable as error:
        raise _unavailable(error, locale) from error
    if found is None:
        raise Problem(404, "no_such_evidence", Texts.load(locale)("No file with this digest is kept."))
    return found


async def _may(desk: Desk, jurisdiction: str, by: Bearer, locale: Locale) -> None:
    ledger = await desk.ledger(jurisdiction, by)
    if not by.operator and not posts_of(ledger, by.person or ""):
        raise Problem(403, "no_post", Texts.load(locale)("Only who holds a post here may send and see evidence."))


def _configured(store: EvidenceStore | None, locale: Locale) -> EvidenceStore:
    if store is None:
        title = Texts.load(locale)("This installation keeps no evidence: it has no place for it.")
        raise Problem(503, "evidence_not_configured", title)
    return store


def _unavailable(error: Unavailable, locale: Locale) -> Problem:
    _log.error(EVIDENCE_UNAVAILABLE, reason=str(error))
    title = Texts.load(locale)("The place for evidence does not answer; send the same again.")
    return Problem(503, "evidence_unavailable", title, retry_after_s=_RETRY_AFTER_S)


def _headers(found: Evidence) -> dict[str, str]:
    name = f"{found.digest[7:19]}.{ENDINGS[found.media_type]}"
    return {
        **_SAFE,
        "content-length": str(found.size_bytes),
        "content-disposition": f'attachment; filename="{name}"',
        "etag": f'"{found.digest}"',
    }
