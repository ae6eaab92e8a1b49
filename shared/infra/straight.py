"""How does a request that comes by the thousand reach its endpoint, past what the framework works out for each?

To route a request and solve its dependencies takes longer than to decide on what it says and record it.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from fastapi import APIRouter, FastAPI
from fastapi.routing import APIRoute
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send


def go_straight(app: FastAPI, router: APIRouter, paths: Collection[str]) -> None:
    """Hand requests for these paths of a router straight to their endpoints, inside of the app's middlewares.

    Such an endpoint takes the request alone and returns a response. Its route stays, for the documents and for other
    methods; what it raises is answered by the app's own handlers.
    """
    ends = {
        (method, route.path): route
        for route in router.routes
        if isinstance(route, APIRoute) and route.path in paths
        for method in route.methods or ()
    }
    app.user_middleware.append(Middleware(_straight, ends=ends, handlers=app.exception_handlers))


def _straight(app: ASGIApp, ends: dict[tuple[str, str], APIRoute], handlers: dict[type[Exception], Any]) -> ASGIApp:
    async def straight(scope: Scope, receive: Receive, send: Send) -> None:
        route = ends.get(_asked(scope)) if scope["type"] == "http" else None
        if route is None:
            await app(scope, receive, send)
            return
        scope["route"], request = route, Request(scope, receive)
        try:
            response = await route.endpoint(request)
        except Exception as error:
            handler = handlers.get(type(error))
            if handler is None:
                raise
            response = await handler(request, error)
        await response(scope, receive, send)

    return straight


def _asked(scope: Scope) -> tuple[str, str]:
    return scope["method"], scope["path"].removeprefix(scope.get("root_path", ""))
