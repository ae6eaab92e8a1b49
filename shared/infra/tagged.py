"""How does a read say that nothing is new? By a tag of the very bytes that were answered: If-None-Match gets a 304.

The tag is taken from what this reader is shown and from nothing else, so it moves only when that moves: what is hidden
from a reader cannot be guessed from it.
"""

from collections.abc import Callable, Coroutine
from hashlib import sha256
from typing import Any

from fastapi.routing import APIRoute
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

_PRIVATE = {"cache-control": "private, no-cache", "vary": "authorization, accept-language"}
"""For this reader only, and asked again each time: rights and standings move."""
_KEPT_WITHOUT_BODY = ("cache-control", "content-language", "etag", "link", "vary")


class Tagged(APIRoute):
    """A route whose answers to GET have an ETag: `APIRouter(route_class=Tagged)`. Streams go by untouched."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        answer = super().get_route_handler()

        async def tagged(request: Request) -> Response:
            response = await answer(request)
            is_read = request.method == "GET" and response.status_code == 200
            return response if isinstance(response, StreamingResponse) or not is_read else _tagged(request, response)

        return tagged


def _tagged(request: Request, response: Response) -> Response:
    tag = etag_of(bytes(response.body))
    response.headers.update({**_PRIVATE, "etag": tag})
    if not _is_known(tag, request.headers.get("if-none-match", "")):
        return response
    kept = {name: response.headers[name] for name in _KEPT_WITHOUT_BODY if name in response.headers}
    return Response(status_code=304, headers=kept)


def etag_of(body: bytes) -> str:
    return f'"{sha256(body).hexdigest()[:32]}"'


def _is_known(tag: str, asked: str) -> bool:
    """By the weak comparison of RFC 9110, 13.1.2: a tag that was made weak on the way is the same."""
    return asked.strip() == "*" or tag in {one.strip().removeprefix("W/") for one in asked.split(",")}
