"""How often may one caller ask? So many requests a minute for each token, and for each address that shows none.

The window moves: whoever has used it up may go on as soon as the oldest request is a minute old. Each process counts
for itself. The header names are those of draft-ietf-httpapi-ratelimit-headers-07.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from ipaddress import IPv6Address, ip_address
from math import ceil
from typing import Final

from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter
from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from shared.infra.auth import Tokens, Unauthenticated, bearer_from
from shared.infra.web import Problem, problem_response

PER_MINUTE: Final = 600
"""A client that hands in one return after another gets ten a second through; a batch counts as one."""

_UNCOUNTED: Final = frozenset({"/healthz", "/readyz", "/metrics"})
_CALLERS_MAX: Final = 100_000
_NETWORK_BITS: Final = 64
_WINDOW_S: Final = 60


def limit_rate(app: ASGIApp, tokens: Tokens, *, now: Callable[[], datetime], per_minute: int = PER_MINUTE) -> ASGIApp:
    """Wrap an ASGI app so that callers who ask too often get a 429; works with `add_middleware`. 0 is no limit.

    The operator is not limited, nor is the monitoring of health and metrics.
    """
    if per_minute == 0:
        return app
    limit = RateLimitItemPerMinute(per_minute)
    storage = MemoryStorage()
    limiter = MovingWindowRateLimiter(storage)

    async def limited(scope: Scope, receive: Receive, send: Send) -> None:
        caller = _caller(scope, tokens, now) if _is_counted(scope) else None
        if caller is None:
            await app(scope, receive, send)
            return
        if len(storage.events) > _CALLERS_MAX:
            storage.reset()  # the library never forgets a caller; a flood of addresses must not fill the memory
        is_within = limiter.hit(limit, caller)
        ends_at_s, left = limiter.get_window_stats(limit, caller)
        reset_s = min(max(0, ceil(ends_at_s - now().timestamp())), _WINDOW_S)  # the library counts by the wall clock
        headers = {
            "ratelimit-limit": str(per_minute),
            "ratelimit-remaining": str(max(0, left)),
            "ratelimit-reset": str(reset_s),
        }
        if is_within:
            await app(scope, receive, _telling(send, headers))
        else:
            problem = _too_often(per_minute, max(1, reset_s))
            await problem_response(problem, scope, headers)(scope, receive, send)

    return limited


def _is_counted(scope: Scope) -> bool:
    return scope["type"] == "http" and scope["path"].removeprefix(scope.get("root_path", "")) not in _UNCOUNTED


def _caller(scope: Scope, tokens: Tokens, now: Callable[[], datetime]) -> str | None:
    """Whose requests are counted together; None is the operator. A token that proves nobody counts for its address."""
    try:
        bearer = tokens.verify(bearer_from(Request(scope)), now())
    except Unauthenticated:
        return f"address {_network(scope)}"
    return None if bearer.operator else f"token {bearer.person} {bearer.token_id}"


def _network(scope: Scope) -> str:
    host = str((scope.get("client") or ("",))[0])
    try:
        address = ip_address(host)
    except ValueError:
        return host
    # One subscriber has 2^64 addresses of IPv6.
    return f"{int(address) >> _NETWORK_BITS:x}" if isinstance(address, IPv6Address) else str(address)


def _too_often(per_minute: int, retry_after_s: int) -> Problem:
    return Problem(
        429, "rate_limited", "Too many requests.",
        "At most {count} requests a minute are answered. Several submissions may go in one batch.",
        values={"count": str(per_minute)}, retry_after_s=retry_after_s,
    )  # fmt: skip


def _telling(send: Send, headers: dict[str, str]) -> Send:
    async def telling(message: Message) -> None:
        if message["type"] == "http.response.start":
            MutableHeaders(scope=message).update(headers)
        await send(message)

    return telling
