"""Notify over HTTP: matters, drafts that wait for a signature, notices and bulletins with their documents."""

from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends
from fastapi.responses import HTMLResponse, Response

from services.notify import reads
from services.notify.documents import bulletin_docx, bulletin_html, notice_docx, notice_html
from services.notify.domain.ledger import BulletinFile, NoticeFile
from shared.core.events import SHAPES, BulletinDrafted, BulletinSealed, NoticeDrafted, NoticeServed, ReminderSent
from shared.core.ledger import Ledger
from shared.core.register import sees_unsealed
from shared.infra import wire
from shared.infra.auth import Bearer, Tokens, who_asks
from shared.infra.ledgers import Proof, SqlLedgers
from shared.infra.texts import Texts
from shared.infra.unrevoked import unrevoked
from shared.infra.web import Problem

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
Form = Literal["html", "docx"]
SAY = Texts.load("zh")
"""Official documents are written in Chinese, whoever reads them."""


def matter_routes(ledgers: SqlLedgers, tokens: Tokens, *, now: Callable[[], datetime]) -> APIRouter:
    """Where matters and drafts stand."""
    router = APIRouter(prefix="/v1/jurisdictions/{jurisdiction}", tags=["notify"])
    who = Annotated[Bearer, Depends(who_asks(tokens, now))]

    @router.get("/matters")
    async def matters(jurisdiction: str, by: who) -> dict[str, Any]:
        """Matters with where they stand: all for the supervision office, a unit's own for the unit."""
        ledger = await _ledger(ledgers, jurisdiction, by)
        return {"position": ledger.position, "matters": [wire.data_of(one) for one in reads.matters(ledger, by.person)]}

    @router.get("/drafts")
    async def drafts(jurisdiction: str, by: who) -> dict[str, Any]:
        """What waits for a signature, with the digest that the signature must carry."""
        ledger = await _ledger(ledgers, jurisdiction, by)
        _insist(sees_unsealed(ledger, by.person))
        notices, bulletins = reads.drafts(ledger)
        return {
            "position": ledger.position, "notices": [_waiting(one) for one in notices],
            "bulletins": [_waiting(one) for one in bulletins],
        }  # fmt: skip

    @router.get("/digest")
    async def digest(jurisdiction: str, by: who) -> Proof:
        """Live ledger and statements as digests, to be held against a replay. For the operator and the office."""
        if not by.operator:
            _insist(sees_unsealed(await _ledger(ledgers, jurisdiction, by), by.person))
        return await ledgers.proof(jurisdiction)

    @router.get("/position")
    async def position(jurisdiction: str, _by: who) -> dict[str, int]:
        """How far the record is taken: for those who wait for what they sent."""
        found = await ledgers.position(jurisdiction)
        if not found:
            raise Problem(404, "not_open", "No such jurisdiction is open.")
        return {"position": found}

    return router


def document_routes(ledgers: SqlLedgers, tokens: Tokens, *, now: Callable[[], datetime]) -> APIRouter:
    """Notices and bulletins, as data and as documents."""
    router = APIRouter(prefix="/v1/jurisdictions/{jurisdiction}", tags=["notify"])
    who = Annotated[Bearer, Depends(who_asks(tokens, now))]

    @router.get("/notices")
    async def notices(jurisdiction: str, by: who) -> dict[str, Any]:
        """Reminders sent and notices served: all for the supervision office, a unit's own for the unit."""
        ledger = await _ledger(ledgers, jurisdiction, by)
        found = [
            *await _stated(ledgers, jurisdiction, ReminderSent),
            *await _stated(ledgers, jurisdiction, NoticeServed),
        ]
        seen = [one for one in found if reads.may_see_notice(ledger, by.person, unit=one.unit, is_out=True)]
        return {
            "position": ledger.position,
            "notices": [{"kind": type(one).__name__, **wire.data_of(one)} for one in seen],
        }

    @router.get("/notices/{notice}.{form}")
    async def notice_document(jurisdiction: str, notice: str, form: Form, by: who) -> Response:
        """A notice as a document; a draft is stamped as such."""
        ledger = await _ledger(ledgers, jurisdiction, by)
        found = await _newest(ledgers, jurisdiction, notice)
        if not isinstance(found, ReminderSent | NoticeDrafted | NoticeServed):
            raise Problem(404, "unknown_notice", "There is no such notice.")
        _insist(reads.may_see_notice(ledger, by.person, unit=found.unit, is_out=not isinstance(found, NoticeDrafted)))
        return _document(form, lambda: notice_html(found, SAY), lambda: notice_docx(found, SAY), found.notice)

    @router.get("/bulletins")
    async def bulletins(jurisdiction: str, by: who) -> dict[str, Any]:
        """Sealed bulletins with their facts."""
        ledger = await _ledger(ledgers, jurisdiction, by)
        found = await _stated(ledgers, jurisdiction, BulletinSealed)
        seen = [one for one in found if reads.may_read_bulletin(ledger, by.person, one)]
        return {"position": ledger.position, "bulletins": [wire.data_of(one) for one in seen]}

    @router.get("/bulletins/{bulletin}.{form}")
    async def bulletin_document(jurisdiction: str, bulletin: str, form: Form, by: who) -> Response:
        """A bulletin as a document; before it is sealed, for those who prepare it only, and stamped as a draft."""
        ledger = await _ledger(ledgers, jurisdiction, by)
        found = await _newest(ledgers, jurisdiction, bulletin)
        if not isinstance(found, BulletinDrafted | BulletinSealed):
            raise Problem(404, "unknown_bulletin", "There is no such bulletin.")
        if not reads.may_read_bulletin(ledger, by.person, found):
            raise Problem(404, "unknown_bulletin", "There is no such bulletin.")
        return _document(form, lambda: bulletin_html(found, SAY), lambda: bulletin_docx(found, SAY), found.bulletin)

    return router


async def _ledger(ledgers: SqlLedgers, jurisdiction: str, by: Bearer) -> Ledger:
    if not await ledgers.position(jurisdiction):
        raise Problem(404, "not_open", "No such jurisdiction is open.")
    ledger = unrevoked(await ledgers.ledger(jurisdiction), by)
    _insist(bool(reads.units_of(ledger, by.person)))
    return ledger


def _insist(allowed: bool) -> None:
    if not allowed:
        raise Problem(403, "no_post", "You hold no post that may read this.")


async def _stated(ledgers: SqlLedgers, jurisdiction: str, of: type) -> list[Any]:
    return [one.data for one in await ledgers.statements(jurisdiction, event_type=SHAPES[of].type)]


async def _newest(ledgers: SqlLedgers, jurisdiction: str, topic: str) -> Any:
    found = await ledgers.statements(jurisdiction, topic=topic)
    return found[-1].data if found else None


def _waiting(kept: NoticeFile | BulletinFile) -> dict[str, Any]:
    turn = kept.draft.sign_off[len(kept.signed)]
    return {"turn": turn, "signed": [one.step for one in kept.signed], "draft": wire.data_of(kept.draft)}


def _document(form: Form, html: Callable[[], str], docx: Callable[[], bytes], name: str) -> Response:
    if form == "html":
        return HTMLResponse(html())
    return Response(docx(), media_type=DOCX, headers={"content-disposition": f'attachment; filename="{name}.docx"'})
