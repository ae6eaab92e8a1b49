"""Streams, reading and writing against a real nats-server."""

import asyncio
import signal
import socket
import subprocess
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import aclosing
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.aio.subscription import Subscription
from nats.errors import ConnectionClosedError

from deploy.local.broker import BrokerFailed, start_broker, start_cluster
from shared.infra.bus import (
    MESSAGE_BYTES_MAX,
    Message,
    Outgoing,
    Refused,
    Unanswered,
    WrongSequence,
    ask,
    last_message,
    message_at,
    message_count,
    publish_batch,
)
from shared.infra.reader import Reader, read_to_end
from shared.infra.streams import (
    PARTITIONS,
    RECORD,
    STANDINGS,
    StreamMissing,
    SubjectParts,
    check_streams,
    jurisdiction_filter,
    notices_subject,
    partition_filter,
    partition_of,
    provision,
    record_subject,
    standings_subject,
)
from tests.support.broker import client_of, fresh_broker, provisioned_client
from tests.support.waits import until

pytestmark = pytest.mark.connected

ALL = "record.>"
QUIET_S = 0.5


@pytest.fixture
async def client(tmp_path: Path) -> AsyncIterator[Client]:
    async with provisioned_client(tmp_path) as connected:
        yield connected


def outgoing(numbers: Iterable[int], *, partition: int = 3, jurisdiction: str = "330100") -> list[Outgoing]:
    subject = record_subject(partition, jurisdiction, "project", "p-1", "progress_reported")
    return [Outgoing(subject=subject, id=f"{partition}-{jurisdiction}-{n}", body=b"%d" % n) for n in numbers]


async def publish(client: Client, messages: list[Outgoing], *, expect_last: int) -> list[int]:
    return await publish_batch(client, RECORD, messages, filter_subject=ALL, expect_last=expect_last)


async def read(client: Client, *, after: int = 0, until_position: int) -> list[Message]:
    reader = Reader(client, stream=RECORD, filter_subject=ALL, after=after, silence_s=QUIET_S)
    messages: list[Message] = []
    async with aclosing(reader.batches()) as batches:
        async for batch in batches:
            messages += batch
            if reader.position >= until_position:
                break
    return messages


async def delete_consumers(client: Client) -> int:
    names = (await ask(client, f"CONSUMER.NAMES.{RECORD}"))["consumers"] or []
    for name in names:
        await ask(client, f"CONSUMER.DELETE.{RECORD}.{name}")
    return len(names)


# --- streams -----------------------------------------------------------------------------------------------


async def test_provisioning_twice_changes_nothing(client: Client) -> None:
    before = await ask(client, f"STREAM.INFO.{RECORD}")
    await provision(client)
    after = await ask(client, f"STREAM.INFO.{RECORD}")
    assert (after["config"], after["created"]) == (before["config"], before["created"])
    await check_streams(client)


async def test_provisioning_mends_a_setting_and_keeps_what_is_not_ours(client: Client) -> None:
    config = (await ask(client, f"STREAM.INFO.{RECORD}"))["config"]
    await ask(client, f"STREAM.UPDATE.{RECORD}", {**config, "allow_direct": False, "max_bytes": 10_000_000})
    with pytest.raises(StreamMissing, match="allow_direct"):
        await check_streams(client)
    await provision(client)
    await check_streams(client)
    assert (await ask(client, f"STREAM.INFO.{RECORD}"))["config"]["max_bytes"] == 10_000_000


async def test_missing_streams_are_told_with_the_remedy(tmp_path: Path) -> None:
    async with fresh_broker(tmp_path) as broker, client_of(broker) as client:
        with pytest.raises(StreamMissing, match="duban provision"):
            await check_streams(client)


def test_the_partition_is_fnv_1a_of_the_code() -> None:
    # The published test vectors of FNV-1a 32: e40c292c for "a", bf9cf968 for "foobar".
    assert (partition_of(""), partition_of("a"), partition_of("foobar")) == (0x5, 0xC, 0x8)


def test_a_subject_read_back_says_what_was_put_in() -> None:
    record = SubjectParts.parse(record_subject(3, "330100", "project", "p-1", "plan_set"))
    assert record == SubjectParts("RECORD", 3, "330100", kind="project", entity="p-1", event="plan_set")
    standings = SubjectParts.parse(standings_subject(0, "330100", "city", "line_drawn"))
    assert standings == SubjectParts(STANDINGS, 0, "330100", list_code="city", event="line_drawn")
    notices = SubjectParts.parse(notices_subject(15, "330100", "notice", "-", "all"))
    assert notices == SubjectParts("NOTICES", 15, "330100", kind="notice", level="-", unit="all")


@pytest.mark.parametrize("token", ["", "a.b", "*", ">", "a b", "杭州"])
def test_what_would_break_a_subject_is_no_part_of_one(token: str) -> None:
    with pytest.raises(ValueError, match="subject"):
        record_subject(0, token, "project", "p-1", "plan_set")


# --- writing -----------------------------------------------------------------------------------------------


async def test_a_batch_gets_consecutive_positions(client: Client) -> None:
    assert await publish(client, outgoing([1]), expect_last=0) == [1]
    assert await publish(client, outgoing(range(2, 5)), expect_last=1) == [2, 3, 4]


async def test_the_largest_batch_is_stored_whole(client: Client) -> None:
    assert await publish(client, outgoing(range(5000)), expect_last=0) == list(range(1, 5001))


@pytest.mark.parametrize("count", [1, 10])
async def test_a_stale_expectation_stores_nothing(client: Client, count: int) -> None:
    await publish(client, outgoing(range(3)), expect_last=0)
    with pytest.raises(WrongSequence):
        await publish(client, outgoing(range(100, 100 + count)), expect_last=2)
    assert await message_count(client, RECORD, ALL) == 3


async def test_an_expectation_looks_only_at_its_own_filter(client: Client) -> None:
    mine = jurisdiction_filter(RECORD, 3, "330100")
    await publish(client, outgoing(range(3), jurisdiction="330200"), expect_last=0)
    stored = await publish_batch(client, RECORD, outgoing(range(2)), filter_subject=mine, expect_last=0)
    assert stored == [4, 5]


@pytest.mark.parametrize("numbers", [[2], [1, 2], [2, 9]])
async def test_an_id_stored_before_stops_the_whole_batch(client: Client, numbers: list[int]) -> None:
    await publish(client, outgoing([2, 3]), expect_last=0)
    with pytest.raises(WrongSequence):
        await publish(client, outgoing(numbers), expect_last=2)
    assert await message_count(client, RECORD, ALL) == 2


async def test_a_message_too_large_stops_the_whole_batch(client: Client) -> None:
    large = Outgoing(subject=outgoing([1])[0].subject, id="large", body=bytes(MESSAGE_BYTES_MAX + 1))
    with pytest.raises(Refused):
        await publish(client, [*outgoing([1]), large], expect_last=0)
    assert await last_message(client, RECORD, ALL) is None


async def test_many_batches_at_once_are_each_stored_whole(client: Client) -> None:
    codes = [f"33{number:04}" for number in range(80)]
    stored = await asyncio.gather(
        *(
            publish_batch(
                client,
                RECORD,
                outgoing(range(50), jurisdiction=code),
                filter_subject=jurisdiction_filter(RECORD, 3, code),
                expect_last=0,
            )
            for code in codes
        )
    )
    assert sorted(position for positions in stored for position in positions) == list(range(1, 4001))


async def test_without_a_broker_a_batch_is_unanswered(tmp_path: Path) -> None:
    async with fresh_broker(tmp_path) as broker, client_of(broker) as client:
        await provision(client)
        await broker.stop()
        await until(lambda: not client.is_connected, within_s=5)
        with pytest.raises(Unanswered):
            await publish(client, outgoing(range(3)), expect_last=0)


# --- looking -----------------------------------------------------------------------------------------------


async def test_a_stored_message_is_found_by_position_and_as_the_last(client: Client) -> None:
    await publish(client, outgoing(range(3)), expect_last=0)
    found = await message_at(client, RECORD, 2)
    assert found is not None
    assert (found.position, found.id, found.body) == (2, "3-330100-1", b"1")
    assert found.subject == "record.3.330100.project.p-1.progress_reported"
    assert [found] == (await read(client, after=1, until_position=3))[:1]
    last = await last_message(client, RECORD, partition_filter(RECORD, 3))
    assert last is not None
    assert last.position == 3


async def test_what_is_not_there_is_not_found(client: Client) -> None:
    assert await message_at(client, RECORD, 1) is None
    assert await message_at(client, RECORD, 0) is None
    assert await last_message(client, RECORD, partition_filter(RECORD, 3)) is None
    assert await message_count(client, RECORD, partition_filter(RECORD, 3)) == 0


async def test_a_count_holds_for_its_filter_and_leaves_no_consumer(client: Client) -> None:
    await publish(client, [*outgoing(range(7), partition=1), *outgoing(range(5), partition=2)], expect_last=0)
    assert await message_count(client, RECORD, partition_filter(RECORD, 1)) == 7
    assert await message_count(client, RECORD, ALL) == 12
    await until(lambda: has_no_consumer(client), within_s=5)


# --- reading -----------------------------------------------------------------------------------------------


async def test_every_message_comes_once_and_in_order_though_its_consumer_is_deleted_twice(client: Client) -> None:
    await publish(client, outgoing(range(5000)), expect_last=0)
    reader = Reader(client, stream=RECORD, filter_subject=ALL, after=0, batch_max=300, silence_s=QUIET_S)
    positions: list[int] = []
    deletions = [1000, 3000]
    async with aclosing(reader.batches()) as batches:
        async for batch in batches:
            positions += [message.position for message in batch]
            if deletions and len(positions) > deletions[0]:
                del deletions[0]
                assert await delete_consumers(client) == 1
            if len(positions) >= 5000:
                break
    assert positions == list(range(1, 5001))


@pytest.mark.parametrize("count", [20, 3000])
async def test_messages_that_the_client_drops_are_read_again(
    client: Client, monkeypatch: pytest.MonkeyPatch, count: int
) -> None:
    """With 20 the loss is the last that happens: only a heartbeat can tell of it."""
    await publish(client, outgoing(range(count)), expect_last=0)
    subscribe, limits = client.subscribe, [5, 5]

    async def subscribe_with_little_room(subject: str, cb: Callable[[Msg], Awaitable[None]]) -> Subscription:
        limit = limits.pop() if limits else 100_000
        return await subscribe(subject, cb=cb, pending_msgs_limit=limit)

    monkeypatch.setattr(client, "subscribe", subscribe_with_little_room)
    async with asyncio.timeout(10):
        messages = await read(client, until_position=count)
    assert [message.position for message in messages] == list(range(1, count + 1))
    assert not limits


async def test_sixteen_readers_at_once_lose_nothing(client: Client) -> None:
    async def read_partition(partition: int) -> list[str]:
        reader = Reader(
            client, stream=RECORD, filter_subject=partition_filter(RECORD, partition), after=0, batch_max=50
        )
        ids: list[str] = []
        async with aclosing(reader.batches()) as batches:
            async for batch in batches:
                ids += [message.id for message in batch]
                if len(ids) >= 400:
                    return ids
        raise AssertionError

    async def write_all() -> None:
        last = 0
        for start in range(0, 400, 25):
            for partition in range(PARTITIONS):
                messages = outgoing(range(start, start + 25), partition=partition)
                last = (await publish(client, messages, expect_last=last))[-1]

    async with asyncio.timeout(30):
        *read_ids, _ = await asyncio.gather(*(read_partition(p) for p in range(PARTITIONS)), write_all())
    for partition, ids in enumerate(read_ids):
        assert ids == [f"{partition}-330100-{number}" for number in range(400)]


async def test_a_single_message_is_delivered_though_more_could_come(client: Client) -> None:
    reading = asyncio.create_task(read(client, until_position=1))
    await until(lambda: has_consumer(client), within_s=5)
    await publish(client, outgoing([1]), expect_last=0)
    async with asyncio.timeout(QUIET_S):
        assert [message.body for message in await reading] == [b"1"]


async def has_consumer(client: Client) -> bool:
    return not await has_no_consumer(client)


async def has_no_consumer(client: Client) -> bool:
    info = await ask(client, f"STREAM.INFO.{RECORD}")
    return bool(info["state"]["consumer_count"] == 0)


async def test_a_reader_goes_on_after_the_broker_restarts(tmp_path: Path) -> None:
    async with fresh_broker(tmp_path) as first, client_of(first) as client:
        await provision(client)
        await publish(client, outgoing(range(100)), expect_last=0)
        reader = Reader(client, stream=RECORD, filter_subject=ALL, after=0, silence_s=QUIET_S)
        async with aclosing(reader.batches()) as batches:
            positions = [message.position for message in await anext(batches)]
            first.process.kill()
            await first.stop()
            async with fresh_broker(tmp_path, port=urlsplit(first.url).port):
                await until(lambda: client.is_connected, within_s=10)
                await publish(client, outgoing(range(100, 200)), expect_last=100)
                while positions[-1] < 200:
                    positions += [message.position for message in await anext(batches)]
    assert positions == list(range(1, 201))


async def test_an_idle_reader_outlives_its_consumer(client: Client) -> None:
    reading = asyncio.create_task(read(client, until_position=1))
    await until(lambda: has_consumer(client), within_s=5)
    await delete_consumers(client)
    await publish(client, outgoing([1]), expect_last=0)
    async with asyncio.timeout(5):
        assert len(await reading) == 1


async def test_a_reader_that_is_left_takes_its_consumer_along(client: Client) -> None:
    await publish(client, outgoing([1]), expect_last=0)
    await read(client, until_position=1)
    await until(lambda: has_no_consumer(client), within_s=5)


async def test_a_reader_of_a_missing_stream_says_so(client: Client) -> None:
    reader = Reader(client, stream="NOWHERE", filter_subject=ALL, after=0)
    with pytest.raises(Refused, match="stream not found"):
        await anext(reader.batches())


async def test_a_reader_of_a_closed_client_ends(client: Client) -> None:
    await client.close()
    with pytest.raises(ConnectionClosedError):
        await anext(Reader(client, stream=RECORD, filter_subject=ALL, after=0).batches())


async def test_reading_to_the_end_stops_at_what_was_there(client: Client) -> None:
    await publish(client, outgoing(range(2500)), expect_last=0)
    batches = read_to_end(client, stream=RECORD, filter_subject=ALL, after=500, batch_max=700)
    positions: list[int] = []
    async with aclosing(batches):
        async for batch in batches:
            if not positions:
                await publish(client, outgoing(range(2500, 2600)), expect_last=2500)
                await delete_consumers(client)
            positions += [message.position for message in batch]
    assert positions == list(range(501, 2501))


@pytest.mark.parametrize("after", [0, 7])
async def test_reading_to_the_end_of_nothing_yields_nothing(client: Client, after: int) -> None:
    await publish(client, outgoing(range(7)), expect_last=0)
    there = partition_filter(RECORD, 3 if after else 4)
    assert [batch async for batch in read_to_end(client, stream=RECORD, filter_subject=there, after=after)] == []


# --- the broker --------------------------------------------------------------------------------------------


async def test_a_broker_that_cannot_start_shows_its_log(tmp_path: Path) -> None:
    async with fresh_broker(tmp_path / "first") as first:
        with pytest.raises(BrokerFailed, match="address already in use"):
            await start_broker(tmp_path / "second", port=urlsplit(first.url).port)


async def test_the_broker_dies_with_its_parent(tmp_path: Path) -> None:
    program = (
        "import asyncio, pathlib, sys\n"
        "from deploy.local.broker import start_broker\n"
        "async def main():\n"
        "    broker = await start_broker(pathlib.Path(sys.argv[1]))\n"
        "    print(broker.url, flush=True)\n"
        "    await asyncio.Event().wait()\n"
        "asyncio.run(main())\n"
    )
    parent = await asyncio.create_subprocess_exec(sys.executable, "-c", program, str(tmp_path), stdout=subprocess.PIPE)
    assert parent.stdout is not None
    url = (await parent.stdout.readline()).decode().strip()
    assert is_open(url)
    parent.send_signal(signal.SIGKILL)
    await parent.wait()
    await until(lambda: not is_open(url), within_s=10)


def is_open(url: str) -> bool:
    address = urlsplit(url)
    try:
        socket.create_connection((address.hostname, address.port), timeout=1).close()
    except OSError:
        return False
    return True


async def test_three_nodes_keep_three_copies_and_serve_a_reader(tmp_path: Path) -> None:
    brokers = await start_cluster(tmp_path, 3)
    try:
        async with client_of(brokers[0]) as client:
            await provision(client, replicas=3)
            await provision(client, replicas=3)
            await publish(client, outgoing(range(500)), expect_last=0)
            with pytest.raises(WrongSequence):
                await publish(client, outgoing(range(500, 510)), expect_last=0)
            assert (await publish(client, outgoing([500]), expect_last=500)) == [501]
            assert len(await read(client, until_position=501)) == 501
            assert await message_count(client, RECORD, ALL) == 501
    finally:
        await asyncio.gather(*(broker.stop() for broker in brokers))
