"""Departments' systems and people at the edge of the services: they send again until they are answered."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import aclosing, asynccontextmanager
from functools import cache
from typing import Any

import httpx
import nats
from nats.aio.client import Client as Nats

from shared.infra.bus import Message
from shared.infra.reader import read_to_end
from tests.support.processes import Processes
from tests.support.waits import until

OPERATOR = None
NOBODY = ""
"""Who sends no token."""
STREAMS = ("RECORD", "STANDINGS", "NOTICES")
_TIMEOUT_S = 20
_PATIENCE_S = 90
_CONNECTIONS_MAX = 16

Answer = httpx.Response


class Client:
    """Talks to the services of an installation, and reads its streams."""

    def __init__(self, installation: Processes, http: httpx.AsyncClient, bus: Nats) -> None:
        self.installation, self._http, self.bus = installation, http, bus
        self._turn = asyncio.Semaphore(_CONNECTIONS_MAX)
        self.token = cache(installation.token)

    async def ask(self, method: str, name: str, path: str, who: str | None, body: Any = None, **headers: str) -> Answer:
        """One request, sent once."""
        # Beyond its connections the pool searches its whole queue for each request.
        async with self._turn:
            return await self._ask(method, name, path, who, body, headers)

    async def _ask(
        self, method: str, name: str, path: str, who: str | None, body: Any, headers: Mapping[str, str]
    ) -> Answer:
        url = f"{self.installation.service(name).url}{path}"
        content = None if body is None else body if isinstance(body, bytes) else json.dumps(body).encode()
        return await self._http.request(method, url, content=content, headers={**self._headers(who), **headers})

    async def post(self, body: Any, who: str | None, *, to: str = "intake", path: str = "/v1/submissions") -> Answer:
        """Post until there is an answer that is not "try again"."""
        return await _persistently(lambda: self.ask("POST", to, path, who, body))

    async def submit(self, one: dict[str, Any], who: str | None, *, to: str = "intake") -> dict[str, Any]:
        """Hand in one submission; its receipt."""
        answer = await self.post(one, who, to=to)
        assert answer.status_code == 202, answer.text
        receipt: dict[str, Any] = answer.json()
        return receipt

    async def submit_together(self, several: Sequence[dict[str, Any]], who: str, *, to: str = "intake") -> int:
        """Hand in a batch; the position of its last."""
        answer = await self.post({"submissions": several}, who, to=to, path="/v1/submissions:batch")
        assert answer.status_code == 202, answer.text
        return int(answer.json()[-1]["position"])

    async def get(self, name: str, path: str, who: str | None = OPERATOR) -> Any:
        answer = await _persistently(lambda: self.ask("GET", name, path, who))
        assert answer.is_success, answer.text
        return answer.json()

    async def record_file(self, jurisdiction: str) -> bytes:
        """The record as it is exported."""
        path = f"/v1/jurisdictions/{jurisdiction}/record"
        return (await _persistently(lambda: self.ask("GET", "intake", path, OPERATOR))).content

    async def reached(self, jurisdiction: str, position: int, *, by: Sequence[str] = ("scoring", "notify")) -> None:
        """Wait until services have taken the record up to a position."""
        for name in by:
            path = f"/v1/jurisdictions/{jurisdiction}/position"

            async def is_there(name: str = name, path: str = path) -> bool:
                answer = await _persistently(lambda: self.ask("GET", name, path, OPERATOR))
                return answer.is_success and answer.json()["position"] >= position

            await until(is_there, _PATIENCE_S)

    async def stream(self, stream: str, jurisdiction: str) -> list[Message]:
        """All that a stream holds of a jurisdiction."""
        found: list[Message] = []
        subject = f"{stream.lower()}.*.{jurisdiction}.>"
        batches = read_to_end(self.bus, stream=stream, filter_subject=subject, after=0)
        async with aclosing(batches):
            async for batch in batches:
                found += batch
        return found

    def _headers(self, who: str | None) -> dict[str, str]:
        return {"accept-language": "en"} | ({} if who == NOBODY else {"authorization": f"Bearer {self.token(who)}"})


@asynccontextmanager
async def client_of(installation: Processes) -> AsyncIterator[Client]:
    limits = httpx.Limits(max_connections=_CONNECTIONS_MAX)
    bus = await nats.connect(
        installation.nats_url.split(","), connect_timeout=2, reconnect_time_wait=0.05,
        max_reconnect_attempts=-1, error_cb=_say_nothing,
    )  # fmt: skip
    try:
        async with httpx.AsyncClient(timeout=_TIMEOUT_S, limits=limits) as http:
            yield Client(installation, http, bus)
    finally:
        await bus.close()


async def _persistently(send: Callable[[], Awaitable[Answer]]) -> Answer:
    answers: list[Answer] = []

    async def is_final() -> bool:
        try:
            answers.append(await send())
        except httpx.TransportError:
            return False
        return "retry-after" not in answers[-1].headers

    await until(is_final, _PATIENCE_S)
    return answers[-1]


async def _say_nothing(_error: Exception) -> None:
    """Lost connections are what some tests are about."""
