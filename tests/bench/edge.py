"""What each request costs before anything is decided: a token that is known, and being counted."""

import asyncio
import tempfile
import time
from datetime import timedelta
from pathlib import Path

from starlette.types import Message, Receive, Scope, Send

from shared.infra.auth import Tokens
from shared.infra.keys import issue_token, make_key_pair
from shared.infra.rates import limit_rate
from shared.infra.runtime import utc_now

REQUESTS = 20_000


def edge() -> dict[str, float]:
    """Microseconds a request: verifying a token again, and the rate limit over an app that answers nothing."""
    with tempfile.TemporaryDirectory() as folder:
        keys = make_key_pair(Path(folder))
        day = timedelta(days=1)
        token = issue_token(keys.private, person="p", operator=False, now=utc_now(), lifetime=day, token_id="t")
        tokens = Tokens(keys.public)
        started = time.perf_counter()
        for _ in range(REQUESTS):
            tokens.verify(token, utc_now())
        verified_s = time.perf_counter() - started
        bare_s, counted_s = (asyncio.run(_requests(tokens, token, per_minute=limit)) for limit in (0, REQUESTS * 2))
    return {
        "token_verified_us": round(verified_s / REQUESTS * 1e6, 1),
        "rate_counted_us": round((counted_s - bare_s) / REQUESTS * 1e6, 1),
    }


async def _requests(tokens: Tokens, token: str, *, per_minute: int) -> float:
    async def silent(_scope: Scope, _receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})

    async def nothing() -> Message:
        return {"type": "http.disconnect"}

    async def unheard(_message: Message) -> None:
        """Nobody waits for the answer."""

    app = limit_rate(silent, tokens, now=utc_now, per_minute=per_minute)
    headers = [(b"content-type", b"application/json"), (b"authorization", b"Bearer " + token.encode())]
    scope = {"type": "http", "method": "POST", "path": "/v1/submissions", "headers": headers}
    started = time.perf_counter()
    for _ in range(REQUESTS):
        await app(dict(scope), nothing, unheard)
    return time.perf_counter() - started
