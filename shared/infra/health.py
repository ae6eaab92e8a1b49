"""Is the process alive, and may it be given work?"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass

from fastapi import APIRouter
from starlette.responses import JSONResponse, Response

from shared.infra.metrics import Metrics

ProgressCheck = Callable[[], tuple[bool, str]]
_FRESH = {"cache-control": "no-store"}


@dataclass(frozen=True, slots=True)
class Check:
    """One answer: good or not, and the reason in words."""

    ok: bool
    reason: str


class Health:
    """Named checks; the service is ready when all are good.

    An expected check that was never reported counts as bad, so a part that did not start is not overlooked.
    Progress checks are asked each time: a task can be alive and no longer move.
    """

    def __init__(self, *expected: str) -> None:
        self._reported = {name: Check(False, "not reported yet") for name in expected}
        self._progress: dict[str, ProgressCheck] = {}

    def report(self, name: str, ok: bool, reason: str = "") -> None:
        """Set the state of a check; it holds until the next report."""
        self._reported[name] = Check(ok, reason)

    def watch(self, name: str, check: ProgressCheck) -> None:
        """Ask this callable at every probe; it must answer at once, from memory."""
        self._progress[name] = check

    def checks(self) -> dict[str, Check]:
        """Every check by name, the watched ones asked now."""
        return self._reported | {name: _asked(check) for name, check in self._progress.items()}


def _asked(check: ProgressCheck) -> Check:
    try:
        return Check(*check())
    except Exception as error:
        return Check(False, f"the check itself failed: {type(error).__name__}")


def routes(health: Health, metrics: Metrics) -> APIRouter:
    """The three pages a probe or a scraper asks for: /healthz, /readyz and /metrics."""
    router = APIRouter(include_in_schema=False)

    @router.get("/healthz")
    async def alive() -> Response:
        return JSONResponse({"status": "alive"}, headers=_FRESH)

    @router.get("/readyz")
    async def ready() -> Response:
        return _readiness(health.checks())

    @router.get("/metrics")
    async def measured() -> Response:
        content, content_type = metrics.render()
        return Response(content, headers={**_FRESH, "content-type": content_type})

    return router


def _readiness(checks: dict[str, Check]) -> Response:
    is_ready = all(check.ok for check in checks.values())
    body = {
        "status": "ready" if is_ready else "not_ready",
        "checks": {name: asdict(check) for name, check in sorted(checks.items())},
    }
    return JSONResponse(body, status_code=200 if is_ready else 503, headers=_FRESH)
