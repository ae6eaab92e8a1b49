"""The relay against a real nats-server: nothing twice, nothing missing, nobody else's."""

import asyncio
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from nats.aio.client import Client

from shared.infra.bus import Outgoing, Unanswered, WrongSequence, last_message, publish_batch
from shared.infra.outbox import AnotherWriter, Pending, PendingRow, Relay
from shared.infra.reader import read_to_end
from shared.infra.streams import STANDINGS, partition_filter, standings_subject
from tests.support.broker import provisioned_client

pytestmark = pytest.mark.connected

PARTITION = 7
FILTER = partition_filter(STANDINGS, PARTITION)


@dataclass
class InMemoryOutbox:
    """Rows in a list; `strike_offs_lost` fails that many times, as a crash before the commit would."""

    rows: list[PendingRow] = field(default_factory=list)
    relayed_to: int = 0
    strike_offs_lost: int = 0
    was_asked: asyncio.Event = field(default_factory=asyncio.Event)

    def add(self, ids: Iterable[str], *, body: bytes = b"{}") -> None:
        subject = standings_subject(PARTITION, "330100", "city", "line_drawn")
        for message_id in ids:
            row = self.rows[-1].row + 1 if self.rows else 1
            self.rows.append(PendingRow(row, Outgoing(subject=subject, id=message_id, body=body)))

    async def pending(self, stream: str, partition: int, limit: int) -> Pending:
        self.was_asked.set()
        return Pending(self.relayed_to, self.rows[:limit])

    async def strike_off(self, stream: str, partition: int, up_to_row: int, *, position: int) -> None:
        if self.strike_offs_lost:
            self.strike_offs_lost -= 1
            raise Crash
        self.strike_off_now(up_to_row, position)

    def strike_off_now(self, up_to_row: int, position: int) -> None:
        self.rows = [row for row in self.rows if row.row > up_to_row]
        self.relayed_to = max(self.relayed_to, position)


class Crash(Exception):
    """The process ends here."""


@pytest.fixture
async def client(tmp_path: Path) -> AsyncIterator[Client]:
    async with provisioned_client(tmp_path) as connected:
        yield connected


@pytest.fixture
def outbox() -> InMemoryOutbox:
    return InMemoryOutbox()


def relay_of(client: Client, outbox: InMemoryOutbox) -> Relay:
    return Relay(client, outbox, stream=STANDINGS, partition=PARTITION, crash_prefix="scoring")


def ids(start: int, stop: int) -> list[str]:
    return [f"id-{number}" for number in range(start, stop)]


async def stored_ids(client: Client) -> list[str]:
    batches = read_to_end(client, stream=STANDINGS, filter_subject="standings.>", after=0)
    return [message.id async for batch in batches for message in batch]


async def write_behind_its_back(client: Client, message_id: str) -> None:
    last = await last_message(client, STANDINGS, FILTER)
    message = Outgoing(standings_subject(PARTITION, "330100", "city", "line_drawn"), message_id, b"{}")
    expect_last = last.position if last else 0
    await publish_batch(client, STANDINGS, [message], filter_subject=FILTER, expect_last=expect_last)


async def test_rows_are_stored_in_order_and_leave_the_outbox(client: Client, outbox: InMemoryOutbox) -> None:
    relay = relay_of(client, outbox)
    assert await relay.drain() == 0
    outbox.add(ids(0, 2300))
    assert await relay.drain() == 2300
    outbox.add(ids(2300, 2301))
    assert await relay.drain() == 1
    assert (await stored_ids(client), outbox.rows) == (ids(0, 2301), [])


async def test_large_rows_go_in_several_batches(client: Client, outbox: InMemoryOutbox) -> None:
    outbox.add(ids(0, 20), body=bytes(900_000))
    assert await relay_of(client, outbox).drain() == 20
    assert await stored_ids(client) == ids(0, 20)


@pytest.mark.parametrize("row_count", [1, 10, 1500])
async def test_a_crash_between_storing_and_striking_off_doubles_nothing(
    client: Client, outbox: InMemoryOutbox, row_count: int
) -> None:
    outbox.add(ids(0, row_count))
    outbox.strike_offs_lost = 1
    with pytest.raises(Crash):
        await relay_of(client, outbox).drain()
    outbox.add(ids(row_count, row_count + 3))
    await relay_of(client, outbox).drain()
    assert (await stored_ids(client), outbox.rows) == (ids(0, row_count + 3), [])


async def test_a_strike_off_that_failed_is_made_up_for_by_the_same_relay(
    client: Client, outbox: InMemoryOutbox
) -> None:
    relay = relay_of(client, outbox)
    outbox.add(ids(0, 4))
    outbox.strike_offs_lost = 1
    with pytest.raises(Crash):
        await relay.drain()
    outbox.add(ids(4, 6))
    assert await relay.drain() == 6
    assert (await stored_ids(client), outbox.rows) == (ids(0, 6), [])


async def test_a_strike_off_that_succeeded_unheard_is_no_other_writer(client: Client, outbox: InMemoryOutbox) -> None:
    relay = relay_of(client, outbox)
    outbox.add(ids(0, 4))
    outbox.strike_offs_lost = 1
    with pytest.raises(Crash):
        await relay.drain()
    outbox.strike_off_now(up_to_row=4, position=4)
    outbox.add(ids(4, 6))
    assert await relay.drain() == 2
    assert await stored_ids(client) == ids(0, 6)


async def test_somebody_elses_message_stops_the_relay_for_good(client: Client, outbox: InMemoryOutbox) -> None:
    relay = relay_of(client, outbox)
    outbox.add(ids(0, 2))
    await relay.drain()
    await write_behind_its_back(client, "foreign")
    outbox.add(ids(2, 5))
    for _ in range(2):
        with pytest.raises(AnotherWriter):
            await relay.drain()
    assert await stored_ids(client) == [*ids(0, 2), "foreign"]
    assert len(outbox.rows) == 3


async def test_an_owner_that_was_paused_while_another_took_over_doubles_nothing(
    client: Client, outbox: InMemoryOutbox
) -> None:
    paused, successor = relay_of(client, outbox), relay_of(client, outbox)
    outbox.add(ids(0, 2))
    await paused.drain()
    outbox.add(ids(2, 4))
    await successor.drain()
    outbox.add(ids(4, 6))
    await paused.drain()
    outbox.add(ids(6, 8))
    await successor.drain()
    assert (await stored_ids(client), outbox.rows) == (ids(0, 8), [])


async def test_two_outboxes_that_say_the_same_store_it_once(client: Client, outbox: InMemoryOutbox) -> None:
    other = InMemoryOutbox()
    ahead, behind = relay_of(client, outbox), relay_of(client, other)
    outbox.add(ids(0, 10))
    await ahead.drain()
    for start in range(0, 12, 3):  # it decides the same in other portions, and later overtakes
        other.add(ids(start, start + 3))
        await behind.drain()
    outbox.add(ids(10, 14))
    await ahead.drain()
    assert (await stored_ids(client), outbox.rows, other.rows) == (ids(0, 14), [], [])


async def test_an_outbox_that_says_otherwise_stores_nothing(client: Client, outbox: InMemoryOutbox) -> None:
    other = InMemoryOutbox()
    outbox.add(ids(0, 3))
    await relay_of(client, outbox).drain()
    other.add(["id-0", "otherwise"])
    with pytest.raises(AnotherWriter):
        await relay_of(client, other).drain()
    assert await stored_ids(client) == ids(0, 3)


async def test_other_partitions_are_none_of_its_business(client: Client, outbox: InMemoryOutbox) -> None:
    relay = relay_of(client, outbox)
    await relay.drain()
    other = Outgoing(standings_subject(PARTITION + 1, "330200", "city", "line_drawn"), "other", b"{}")
    their_filter = partition_filter(STANDINGS, PARTITION + 1)
    await publish_batch(client, STANDINGS, [other], filter_subject=their_filter, expect_last=0)
    outbox.add(ids(0, 2))
    assert await relay.drain() == 2


async def test_a_drain_cancelled_on_the_way_doubles_nothing(client: Client, outbox: InMemoryOutbox) -> None:
    relay = relay_of(client, outbox)
    await relay.drain()
    outbox.add(ids(0, 1000))
    outbox.was_asked.clear()
    draining = asyncio.create_task(relay.drain())
    await outbox.was_asked.wait()
    assert draining.cancel()
    with pytest.raises(asyncio.CancelledError):
        await draining
    assert len(outbox.rows) == 1000
    await relay.drain()
    assert (await stored_ids(client), outbox.rows) == (ids(0, 1000), [])


async def test_an_id_stored_long_before_is_reported_not_retried_for_ever(
    client: Client, outbox: InMemoryOutbox
) -> None:
    relay = relay_of(client, outbox)
    outbox.add([*ids(0, 2), "last"])
    await relay.drain()
    outbox.add(ids(0, 1))
    with pytest.raises(WrongSequence):
        await relay.drain()


async def test_a_lost_connection_is_reported_and_the_next_drain_goes_on(client: Client, outbox: InMemoryOutbox) -> None:
    relay = relay_of(client, outbox)
    await relay.drain()
    outbox.add(ids(0, 2))
    await client.close()
    with pytest.raises(Unanswered):
        await relay.drain()
    assert len(outbox.rows) == 2


def test_a_crash_point_kills_at_the_nth_time() -> None:
    program = (
        "from shared.infra.faults import crash_point\n"
        "for number in range(5):\n"
        "    print(number, flush=True)\n"
        "    crash_point('scoring.before_relay')\n"
        "    crash_point('scoring.after_relay')\n"
    )
    ended = subprocess.run(
        [sys.executable, "-c", program],
        env={"DUBAN_CRASH_AT": "scoring.after_relay:3", "PYTHONPATH": str(Path(__file__).parents[2])},
        capture_output=True,
        check=False,
        timeout=20,
    )
    assert (ended.returncode, ended.stdout.split()) == (-signal.SIGKILL, [b"0", b"1", b"2"])
