"""Does what is acknowledged survive a power cut? Only the broker's own settings say so."""

import asyncio
import json
import urllib.request
from collections.abc import Sequence
from typing import Any, Literal

Durability = Literal["durable", "standard"]
"""`durable`: synced to disk before it is acknowledged, by every member. `standard`: written, and synced later.

Either survives the death of processes; only the first survives that of the power, everywhere at once.
"""
_ANSWER_TIMEOUT_S = 5.0


class NotDurable(Exception):
    """Durability is demanded of a broker that has not got it."""


async def durability(monitor_urls: Sequence[str]) -> Durability:
    """Tell what a broker is, from the monitoring pages (`/jsz?config=true`) of all its members.

    Without the pages of all of them, or in doubt, the answer is the lesser.
    """
    try:
        pages = [json.loads(await asyncio.to_thread(_page, url)) for url in monitor_urls]
        return "durable" if pages and _are_all_and_sync(pages) else "standard"
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return "standard"


def _are_all_and_sync(pages: Sequence[dict[str, Any]]) -> bool:
    members = {page["server_id"] for page in pages}
    # A broker that stands alone has no meta cluster.
    are_all = all(len(members) >= page.get("meta_cluster", {}).get("cluster_size", 1) for page in pages)
    return are_all and all(page["config"].get("sync_always") for page in pages)


async def insist_on_durability(demanded: Durability, monitor_urls: Sequence[str]) -> Durability:
    """What a broker is. NotDurable if more is demanded."""
    found = await durability(monitor_urls)
    if demanded == "durable" and found != "durable":
        seen = ", ".join(monitor_urls) or "no monitoring page is named"
        raise NotDurable(
            f"durability is demanded, but the broker does not show that it syncs before it acknowledges ({seen}): "
            "set `sync_interval: always` in the jetstream block of each of its members, and name all their monitoring "
            "pages, or ask for the durability `standard`"
        )
    return found


def _page(url: str) -> bytes:
    with urllib.request.urlopen(f"{url}/jsz?config=true", timeout=_ANSWER_TIMEOUT_S) as page:  # noqa: S310 -- an operator's own setting
        content: bytes = page.read()
    return content
