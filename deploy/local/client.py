"""The services as the command line talks to them: over HTTP, as departments do."""

import asyncio
from dataclasses import dataclass
from typing import Any

import httpx

_TIMEOUT_S = 30
_POLL_S = 0.05
_ATTEMPTS_MAX = 10


class Refusal(Exception):
    """A service answered with a problem (RFC 9457)."""

    def __init__(self, problem: dict[str, Any]) -> None:
        self.problem = problem
        faults = "; ".join(f"{one['pointer'] or '/'}: {one['message']}" for one in problem.get("faults", ()))
        super().__init__(f"{problem.get('code')}: {problem.get('title')} {faults or problem.get('detail', '')}".strip())


@dataclass(slots=True)
class Client:
    """One installation. `base` is its address; the services are under it."""

    base: str
    http: httpx.AsyncClient

    @classmethod
    def of(cls, base: str) -> "Client":
        return cls(base, httpx.AsyncClient(base_url=base, timeout=_TIMEOUT_S))

    async def post(self, path: str, body: Any, token: str) -> Any:
        return _answer(await self.http.post(path, json=body, headers=_bearer(token)))

    async def post_bytes(self, path: str, content: bytes, token: str) -> Any:
        return _answer(await self.http.post(path, content=content, headers=_bearer(token)))

    async def put(self, path: str, body: Any, token: str) -> Any:
        return _answer(await self.http.put(path, json=body, headers=_bearer(token)))

    async def delete(self, path: str, token: str) -> Any:
        return _answer(await self.http.delete(path, headers=_bearer(token)))

    async def get(self, path: str, token: str, **query: Any) -> Any:
        return _answer(await self.http.get(path, params=query, headers=_bearer(token)))

    async def get_bytes(self, path: str, token: str) -> bytes:
        answer = await self.http.get(path, headers=_bearer(token))
        if answer.is_error:
            _answer(answer)
        return answer.content

    async def submit(self, submission: dict[str, Any], token: str) -> dict[str, Any]:
        """Hand in one submission and return its receipt; a refusal that says "later" is tried again.

        The same key makes that safe: a submission that was recorded after all gets its first receipt.
        """
        for _ in range(_ATTEMPTS_MAX - 1):
            try:
                return await self._hand_in(submission, token)
            except Refusal as refusal:
                if "retry_after_s" not in refusal.problem:
                    raise
                await asyncio.sleep(refusal.problem["retry_after_s"])
        return await self._hand_in(submission, token)

    async def _hand_in(self, submission: dict[str, Any], token: str) -> dict[str, Any]:
        receipt: dict[str, Any] = await self.post("/intake/v1/submissions", submission, token)
        return receipt

    async def reach(self, jurisdiction: str, position: int, token: str, *, within_s: float = 60) -> None:
        """Wait until scoring and notify have taken the record up to a position."""
        async with asyncio.timeout(within_s):
            while await self._behind(jurisdiction, position, token):
                await asyncio.sleep(_POLL_S)

    async def _behind(self, jurisdiction: str, position: int, token: str) -> bool:
        for path in (
            f"/scoring/v1/jurisdictions/{jurisdiction}/position",
            f"/notify/v1/jurisdictions/{jurisdiction}/position",
        ):
            answer = await self.http.get(path, headers=_bearer(token))
            # Not there yet; or asked more often than the service answers one token.
            if answer.status_code in {404, 429} or _answer(answer)["position"] < position:
                return True
        return False

    async def close(self) -> None:
        await self.http.aclose()


def _bearer(token: str) -> dict[str, str]:
    return {"authorization": f"Bearer {token}"}


def refusal_of(answer: httpx.Response) -> Refusal:
    """The problem that was answered; whatever stands between may answer in a form of its own."""
    try:
        return Refusal(answer.json())
    except ValueError:
        return Refusal({"code": f"http_{answer.status_code}", "title": answer.text[:200]})


def _answer(answer: httpx.Response) -> Any:
    if answer.is_error:
        raise refusal_of(answer)
    return answer.json()
