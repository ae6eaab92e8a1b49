"""Is a broker taken for durable only where every member shows that it syncs before it acknowledges?"""

from pathlib import Path

import pytest

from deploy.local.broker import start_broker, start_cluster
from shared.infra.durable import NotDurable, durability, insist_on_durability

pytestmark = pytest.mark.connected

NOBODY_THERE = "http://127.0.0.1:1"


@pytest.mark.parametrize(("sync_always", "expected"), [(True, "durable"), (False, "standard")])
async def test_the_broker_tells_whether_it_syncs_before_it_acknowledges(
    tmp_path: Path, sync_always: bool, expected: str
) -> None:
    broker = await start_broker(tmp_path, sync_always=sync_always)
    try:
        assert await durability([broker.monitor_url]) == expected
    finally:
        await broker.stop()


async def test_a_cluster_is_durable_only_by_the_word_of_all_its_members(tmp_path: Path) -> None:
    members = await start_cluster(tmp_path, 3, sync_always=True)
    pages = [member.monitor_url for member in members]
    try:
        assert await durability(pages) == "durable"
        assert await durability(pages[:2]) == "standard"
        assert await durability([*pages[:2], pages[0]]) == "standard"
    finally:
        for member in members:
            await member.stop()


@pytest.mark.parametrize("pages", [[], [NOBODY_THERE]])
async def test_in_doubt_the_answer_is_the_lesser(pages: list[str]) -> None:
    assert await durability(pages) == "standard"
    assert await insist_on_durability("standard", pages) == "standard"


async def test_what_is_demanded_and_not_shown_is_refused_in_a_sentence(tmp_path: Path) -> None:
    broker = await start_broker(tmp_path)
    try:
        with pytest.raises(NotDurable, match="set `sync_interval: always`") as refused:
            await insist_on_durability("durable", [broker.monitor_url])
        assert broker.monitor_url in str(refused.value)
    finally:
        await broker.stop()
