"""How operators see that a service really makes progress: backlog, parked events, and what nobody can account for."""

import asyncio
from collections.abc import Callable, Coroutine, Mapping
from contextlib import suppress
from functools import partial
from typing import Any

from nats.aio.client import Client

from shared.infra.bus import Refused, Unanswered, last_message, message_count
from shared.infra.follow import Follower
from shared.infra.health import Health
from shared.infra.metrics import Metrics
from shared.infra.streams import RECORD, partition_filter

_LOOK_EVERY_S = 10.0


def watch_followers(
    client: Client, followers: Mapping[int, Follower], metrics: Metrics, health: Health
) -> Callable[[], Coroutine[Any, Any, None]]:
    """Watch the followers of RECORD: a task for the gauges, and readiness that knows standing still from being done."""
    stalled = dict.fromkeys(followers, "")
    seen = dict.fromkeys(followers, (-1, 0))
    partitions = {"partition": {str(number) for number in followers}}
    backlog = metrics.gauge("backlog", "events", "Events of the record not handled yet.", labels=partitions)
    parked = metrics.gauge("parked", "events", "Events set aside, each with its reason.", labels=partitions)
    unaccounted = metrics.gauge(
        "unaccounted", "events", "Stored up to the checkpoint less handled: always 0.", labels=partitions
    )
    for number, follower in followers.items():
        health.watch(f"partition {number}", partial(_fares, follower, stalled, number))

    async def look(number: int, follower: Follower) -> None:
        checkpoint, subject, at = follower.checkpoint, partition_filter(RECORD, number), str(number)
        handled = checkpoint.applied_count + checkpoint.parked_count
        count = await message_count(client, RECORD, subject)
        last = await last_message(client, RECORD, subject)
        backlog.at(partition=at).set(max(count - handled, 0))
        parked.at(partition=at).set(checkpoint.parked_count)
        if last is not None and last.position == checkpoint.position == follower.checkpoint.position:
            unaccounted.at(partition=at).set(count - handled)
        stands_still = count > handled and seen[number] == (checkpoint.position, handled)
        stalled[number] = (
            f"stands still at {checkpoint.position} with {count - handled} waiting" if stands_still else ""
        )
        seen[number] = (checkpoint.position, handled)

    async def watch() -> None:
        while True:
            for number, follower in followers.items():
                with suppress(Unanswered, Refused):
                    await look(number, follower)
            await asyncio.sleep(_LOOK_EVERY_S)

    return watch


def _fares(follower: Follower, stalled: Mapping[int, str], number: int) -> tuple[bool, str]:
    return follower.state == "following" and not stalled[number], stalled[number] or follower.state
