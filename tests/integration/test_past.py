"""Is what was known at a position or an instant read from a real broker as the pure fold has it, and nobody stuck?"""

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from nats.aio.client import Client

from services.scoring import past as pasts
from services.scoring.past import Fold, Past
from services.scoring.project import follow, follow_to
from shared.core.errors import CannotApply
from shared.core.events import AnyRecorded
from shared.core.ledger import Ledger
from shared.infra.bus import Outgoing, Unanswered, publish_batch
from shared.infra.streams import RECORD, jurisdiction_filter, provision, record_subject
from shared.infra.wire import encode
from tests.support.all_histories import RECORDED, Step, history
from tests.support.broker import client_of, fresh_broker, provisioned_client
from tests.support.builders import JURISDICTION, a_regime

pytestmark = pytest.mark.connected

_PARTITION = 3
_STEPS = [Step(of, ("p1", "p2")[place % 2], place % 5, place % 9) for place, of in enumerate(RECORDED)]


@pytest.fixture
async def client(tmp_path: Path) -> AsyncIterator[Client]:
    async with provisioned_client(tmp_path) as connected:
        yield connected


@pytest.fixture
def events() -> list[AnyRecorded]:
    """A year in which every class is told once."""
    return history(a_regime(), _STEPS)


async def store(client: Client, events: Sequence[AnyRecorded], jurisdiction: str = JURISDICTION) -> None:
    bodies = [encode(replace(one, jurisdiction=jurisdiction), source="/t") for one in events]
    await store_bodies(client, events, bodies, jurisdiction)


async def store_bodies(
    client: Client, events: Sequence[AnyRecorded], bodies: Sequence[bytes], jurisdiction: str = JURISDICTION
) -> None:
    """Store what stands at the places of events."""
    found = [
        Outgoing(
            record_subject(_PARTITION, jurisdiction, one.shape.kind, one.entity or "-", "told"),
            f"{jurisdiction}-{one.id}", body,
        )
        for one, body in zip(events, bodies, strict=True)
    ]  # fmt: skip
    subject = jurisdiction_filter(RECORD, _PARTITION, jurisdiction)
    await publish_batch(client, RECORD, found, filter_subject=subject, expect_last=0)


def past_of(client: Client) -> Past:
    past = Past()
    past.client = client
    return past


async def fold(past: Past, until: pasts.Until, jurisdiction: str = JURISDICTION) -> Fold:
    return await past.fold(jurisdiction, _PARTITION, until)


def purely(events: Sequence[AnyRecorded]) -> Fold:
    """The fold of events that are at hand."""
    found = Fold(Ledger(JURISDICTION))
    for one in events:
        try:
            follow(found.ledger, one)
        except CannotApply:
            continue
    return found


async def test_a_prefix_is_what_the_pure_fold_of_it_is(client: Client, events: list[AnyRecorded]) -> None:
    await store(client, events)
    for past in (past_of(client), past_of(client)):
        for position in (len(events), 40, 7, 41):
            found = await fold(past, position)
            assert found.position == position
            assert (found.ledger.digest(), found.ledger.clock) == _of(purely(_applied(events[:position], found)))


def _applied(events: Sequence[AnyRecorded], found: Fold) -> list[AnyRecorded]:
    parked = {one.position for one in found.parking.all}
    return [one for one in events if one.position not in parked]


def _of(fold: Fold) -> tuple[str, object]:
    return fold.ledger.digest(), fold.ledger.clock


async def test_at_an_instant_the_moments_up_to_it_have_passed(client: Client, events: list[AnyRecorded]) -> None:
    await store(client, events)
    past = past_of(client)
    for at in (events[60].recorded_at + timedelta(days=1), events[30].recorded_at, events[60].recorded_at):
        found = await fold(past, at)
        within = [one for one in events if one.recorded_at <= at]
        pure = purely(_applied(within, found))
        follow_to(pure.ledger, at)
        assert (found.position, _of(found)) == (len(within), _of(pure))


async def test_before_the_first_event_nothing_was_known(client: Client, events: list[AnyRecorded]) -> None:
    await store(client, events)
    for until in (0, events[0].recorded_at - timedelta(days=1)):
        found = await fold(past_of(client), until)
        assert (found.position, found.ledger.size) == (0, 0)


async def test_what_cannot_be_read_is_parked_and_does_not_end_the_past(
    client: Client, events: list[AnyRecorded]
) -> None:
    """Its time is unknown; that it was stored just now says nothing where time is invented."""
    bodies = [encode(one, source="/t") for one in events]
    bodies[20] = b"{"
    await store_bodies(client, events, bodies)
    at = events[-2].recorded_at
    by_instant, by_position = await fold(past_of(client), at), await fold(past_of(client), len(events) - 1)
    assert 21 in {one.position for one in by_position.parking.all}
    assert list(by_instant.parking.all) == list(by_position.parking.all)
    assert by_instant.ledger.digest() == by_position.ledger.digest()


async def test_what_was_parked_later_is_not_known_earlier(client: Client, events: list[AnyRecorded]) -> None:
    """A parked event does not move the clock: a fold that is kept knows how far it was taken all the same."""
    early = events[20]
    poison = replace(events[21], recorded_at=early.recorded_at + timedelta(hours=2), jurisdiction="elsewhere")
    await store_bodies(client, events[:22], [encode(one, source="/t") for one in [*events[:21], poison]])
    past, at = past_of(client), early.recorded_at + timedelta(hours=1)
    assert (await fold(past, 22)).parking.count == (await fold(past, 21)).parking.count + 1
    assert list((await fold(past, at)).parking.all) == list((await fold(past_of(client), at)).parking.all)


async def test_beyond_a_mark_an_earlier_time_is_folded_from_the_mark(
    client: Client, events: list[AnyRecorded], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pasts, "_MARK_EVERY", 10)
    monkeypatch.setattr(pasts, "_KEPT_MAX", 4)
    await store(client, events)
    past = past_of(client)
    whole = await fold(past, len(events))
    marks = sorted(past._kept[JURISDICTION])
    assert len(marks) == 4
    assert marks[-1] == whole.position == len(events)
    asked = [await fold(past, position) for position in range(marks[0] - 3, len(events), 7)]
    for one in asked:
        assert _of(one) == _of(await fold(past_of(client), one.position))
    assert whole.ledger.digest() == (await fold(past_of(client), len(events))).ledger.digest()


async def test_what_is_kept_stays_within_bounds(
    client: Client, events: list[AnyRecorded], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Even of one jurisdiction alone; the fold that was asked for last is kept in any case."""
    monkeypatch.setattr(pasts, "_MARK_EVERY", 5)
    monkeypatch.setattr(pasts, "_KEPT_ENTRIES_MAX", 100)
    for code in ("one", "two"):
        await store(client, events, code)
    past = past_of(client)
    for code in ("one", "two"):
        found = await fold(past, 1000, code)
        assert past._size() <= 100 or past._kept == {code: {found.position: found}}


async def test_many_may_ask_at_once(client: Client, events: list[AnyRecorded]) -> None:
    await store(client, events)
    past = past_of(client)
    positions = [1 + place * 7 % len(events) for place in range(60)]
    found = await asyncio.gather(*(fold(past, position) for position in positions))
    expected = {position: _of(await fold(past_of(client), position)) for position in set(positions)}
    assert [_of(one) for one in found] == [expected[position] for position in positions]


async def test_whoever_asks_while_the_broker_is_away_hears_of_it_and_later_has_an_answer(
    tmp_path: Path, events: list[AnyRecorded], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pasts, "_SILENCE_S", 1.0)
    with pytest.raises(Unanswered):
        await fold(Past(), 5)
    async with fresh_broker(tmp_path) as broker, client_of(broker) as client:
        await provision(client)
        await store(client, events)
        past = past_of(client)
        await fold(past, 5)
        await broker.stop()
        with pytest.raises(Unanswered):
            await asyncio.wait_for(fold(past, 9), 10)
        assert not past._locks[JURISDICTION].locked()


async def test_whoever_gives_up_asking_stands_in_nobodys_way(client: Client, events: list[AnyRecorded]) -> None:
    await store(client, events)
    past = past_of(client)
    asking = [asyncio.create_task(fold(past, len(events))) for _ in range(5)]
    await asyncio.wait(asking, timeout=0.01)
    for one in asking:
        one.cancel()
    await asyncio.gather(*asking, return_exceptions=True)
    assert (await fold(past, len(events))).position == len(events)
