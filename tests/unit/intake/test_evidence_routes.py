"""Evidence over HTTP: who may, what is refused and how, and with which headers it comes back."""

import asyncio
import hashlib
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any, cast

import httpx
import pytest
from fastapi import FastAPI

from services.intake.desk import Desk
from services.intake.evidence import EvidenceStore
from services.intake.evidence_routes import evidence_routes
from shared.core.ledger import Ledger
from shared.infra.auth import Bearer, Tokens
from shared.infra.keys import issue_token, make_key_pair
from shared.infra.runtime import utc_now
from shared.infra.web import install_problems
from tests.support.files import JPEG, PDF, PNG
from tests.support.intake import LEAD, OTHER, opened

BYTES_MAX = 100_000
PATH = "/v1/jurisdictions/jx/evidence"
STRANGER = "stranger"


class OneDesk:
    """Knows one jurisdiction."""

    def __init__(self) -> None:
        self.known = opened().ledger

    async def ledger(self, _jurisdiction: str, _by: Bearer) -> Ledger:
        return self.known


class Caller:
    """Asks the routes over a store, or over none."""

    def __init__(self, keys: Path, store: EvidenceStore | None) -> None:
        self._keys, desk = make_key_pair(keys), cast(Desk, OneDesk())
        self._app = FastAPI()
        install_problems(self._app)
        self._app.include_router(evidence_routes(lambda: desk, store, Tokens(self._keys.public), now=utc_now))

    def ask(self, method: str, path: str, who: str = LEAD, **more: Any) -> httpx.Response:
        return asyncio.run(self._ask(method, path, who, **more))

    def send(self, content: Any, media_type: str = "", who: str = LEAD, *, method: str = "POST", **headers: str) -> Any:
        answer = self.ask(method, PATH, who, content=content, headers={"content-type": media_type, **headers})
        told = answer.json()
        return told["digest"] if answer.status_code == 201 else (answer.status_code, told["code"])

    async def _ask(self, method: str, path: str, who: str, **more: Any) -> httpx.Response:
        day = timedelta(days=1)
        token = issue_token(
            self._keys.private, person=who, operator=False, now=utc_now(), lifetime=day, token_id="t"
        )  # fmt: skip
        headers = {"authorization": f"Bearer {token}", "accept-language": "en", **more.pop("headers", {})}
        transport = httpx.ASGITransport(self._app)
        async with httpx.AsyncClient(transport=transport, base_url="http://duban.test", timeout=5) as client:
            return await client.request(method, path, headers=headers, **more)


@pytest.fixture
def caller(tmp_path: Path) -> Caller:
    return Caller(tmp_path / "keys", EvidenceStore((tmp_path / "kept").as_uri(), bytes_max=BYTES_MAX))


def test_a_file_is_sent_once_and_seen_by_whoever_has_a_post(caller: Caller) -> None:
    digest = caller.send(JPEG, "image/jpeg")
    assert digest == f"sha256:{hashlib.sha256(JPEG).hexdigest()}"
    assert caller.send(JPEG, "image/jpeg", OTHER, method="PUT") == digest
    answer = caller.ask("GET", f"{PATH}/{digest}", OTHER)
    assert (answer.status_code, answer.content) == (200, JPEG)


def test_a_file_comes_back_so_that_no_browser_runs_it(caller: Caller) -> None:
    digest = caller.send(PDF, "application/pdf")
    whole, head = (caller.ask(method, f"{PATH}/{digest}") for method in ("GET", "HEAD"))
    assert head.content == b""
    expected = {
        "content-type": "application/pdf", "content-length": str(len(PDF)), "x-content-type-options": "nosniff",
        "content-security-policy": "default-src 'none'; sandbox", "cross-origin-resource-policy": "same-origin",
        "content-disposition": f'attachment; filename="{digest[7:19]}.pdf"', "etag": f'"{digest}"',
        "cache-control": "private, max-age=31536000, immutable",
    }  # fmt: skip
    for answer in (whole, head):
        assert answer.status_code == 200
        assert {name: answer.headers[name] for name in expected} == expected


@pytest.mark.parametrize(
    ("content", "media_type", "refusal"),
    [
        (b"", "image/jpeg", (422, "evidence_empty")),
        (b"<svg/>", "image/svg+xml", (415, "evidence_type")),
        (PNG, "image/jpeg", (415, "evidence_type_differs")),
        (JPEG + b"\0" * BYTES_MAX, "image/jpeg", (413, "evidence_too_large")),
    ],
)
def test_what_is_not_taken_is_told_why(caller: Caller, content: bytes, media_type: str, refusal: Any) -> None:
    assert caller.send(content, media_type) == refusal


def test_a_file_that_is_announced_too_large_is_not_read(caller: Caller) -> None:
    reads = list[bytes]()

    async def pieces() -> AsyncIterator[bytes]:
        reads.append(JPEG)
        yield JPEG

    sent = caller.send(pieces(), "image/jpeg", **{"content-length": str(BYTES_MAX + 1)})
    assert (sent, reads) == ((413, "evidence_too_large"), [])


def test_the_reason_is_told_in_the_readers_language(caller: Caller) -> None:
    answer = caller.ask("POST", PATH, content=b"", headers={"accept-language": "zh"})
    assert answer.json()["faults"] == [{"pointer": "", "code": "evidence_empty", "message": "文件是空的。"}]


def test_a_stranger_sends_and_sees_nothing(caller: Caller) -> None:
    digest = caller.send(PNG)
    assert caller.send(PNG, who=STRANGER) == (403, "no_post")
    for method in ("GET", "HEAD"):
        assert caller.ask(method, f"{PATH}/{digest}", STRANGER).status_code == 403


@pytest.mark.parametrize(
    ("digest", "status"), [(f"sha256:{'0' * 64}", 404), ("sha256:..", 422), (f"sha256:{'A' * 64}", 422), ("x", 422)]
)
def test_what_is_not_kept_is_not_found(caller: Caller, digest: str, status: int) -> None:
    assert caller.ask("GET", f"{PATH}/{digest}").status_code == status


def test_without_a_place_for_it_no_evidence_is_taken(tmp_path: Path) -> None:
    caller = Caller(tmp_path, None)
    assert caller.send(PNG) == (503, "evidence_not_configured")
    assert caller.ask("GET", f"{PATH}/sha256:{'0' * 64}").status_code == 503


def test_a_place_that_does_not_answer_is_worth_another_try(caller: Caller, tmp_path: Path) -> None:
    (tmp_path / "kept" / "jx").write_text("a file where a folder should be")
    answer = caller.ask("POST", PATH, content=PNG)
    assert (answer.status_code, answer.json()["code"]) == (503, "evidence_unavailable")
    assert answer.headers["retry-after"] == "5"


def test_both_ways_to_send_and_to_see_are_documented(caller: Caller) -> None:
    paths = caller._app.openapi()["paths"]
    assert set(paths["/v1/jurisdictions/{jurisdiction}/evidence"]) == {"post", "put"}
    assert set(paths["/v1/jurisdictions/{jurisdiction}/evidence/{digest}"]) == {"get", "head"}
