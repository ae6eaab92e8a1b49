"""Waiting for something to become true; the only place in the tests that sleeps."""

import asyncio
import inspect
from collections.abc import Awaitable, Callable

_POLL_S = 0.01


async def until(predicate: Callable[[], object | Awaitable[object]], within_s: float) -> None:
    """Return as soon as the predicate, plain or async, holds; raises AssertionError after `within_s`."""
    try:
        async with asyncio.timeout(within_s):
            while not await _value_of(predicate):
                await asyncio.sleep(_POLL_S)
    except TimeoutError:
        raise AssertionError(f"not so within {within_s} s: {inspect.getsource(predicate).strip()}") from None


async def _value_of(predicate: Callable[[], object | Awaitable[object]]) -> object:
    value = predicate()
    return await value if inspect.isawaitable(value) else value
