"""Ask an ASGI app in this process, without a socket."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx
from starlette.types import ASGIApp


def ask(app: ASGIApp, method: str, path: str, **request: Any) -> httpx.Response:
    return asyncio.run(_ask(app, method, path, request))


async def _ask(app: ASGIApp, method: str, path: str, request: dict[str, Any]) -> httpx.Response:
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://duban.test", timeout=5) as client:
        return await client.request(method, path, **request)
