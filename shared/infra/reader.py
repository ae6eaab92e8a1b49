"""How a stream is read without a gap: every message once and in order, live and for rebuilds alike."""

import asyncio
import json
import logging
from collections import deque
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from contextlib import aclosing, suppress
from datetime import UTC, datetime, timedelta

from nats import errors as nats_errors
from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.aio.subscription import Subscription

from shared.infra.bus import (
    NANOSECONDS,
    STREAM_NOT_FOUND,
    Message,
    Refused,
    Unanswered,
    ask,
    consumer_config,
    forget_consumer,
    last_message,
    message_at,
)

_PULL_BYTES_MAX = 16 * 1024 * 1024
_PULL_EXPIRES_S = 30.0
_CONSUMER_IDLE_S = 120.0
_PAUSE_FIRST_S = 0.05
_PAUSE_MAX_S = 2.0
_IDLE_PASSES = 5
"""From the socket to us a message takes some passes of the loop."""
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_ACK_PREFIX = "$JS.ACK."
_ACK_TOKENS_WITH_DOMAIN = 11

_log = logging.getLogger(__name__)


class AnotherHistory(Exception):
    """The stream holds another event where this ledger ends: the broker is not the one it was."""


async def insist_on_history(client: Client, stream: str, position: int, event: str) -> None:
    """AnotherHistory unless the stream still holds the event at the position up to which it was taken."""
    stands = await message_at(client, stream, position)
    if position and (stands is None or stands.id != event):
        raise AnotherHistory(f"{stream} holds another event at {position}")


class _Lost(Exception):
    """What is in flight can no longer be trusted; start again after the last position that was yielded."""


class Reader:
    """Read one filter of a stream from a position on, for ever, every message once and in order.

    `after` is the last position already handled. `position` is the last one yielded. A lost or deleted
    consumer, a gap, a reconnect and `silence_s` without a sign of life all lead to a new consumer after it;
    `on_open` is called before each, and what it raises ends the reading.
    """

    def __init__(
        self,
        client: Client,
        *,
        stream: str,
        filter_subject: str,
        after: int,
        batch_max: int = 1000,
        silence_s: float = 5.0,
        on_open: Callable[[], Awaitable[None]] | None = None,
    ) -> None:
        self.position = after
        self._on_open = on_open
        self._client = client
        self._stream = stream
        self._filter_subject = filter_subject
        self._batch_max = batch_max
        self._silence_s = silence_s
        self._pause_s = _PAUSE_FIRST_S
        self._has_opened = False

    async def batches(self) -> AsyncGenerator[list[Message], None]:
        """Yield what is there, at once, up to `batch_max` messages at a time; never an empty list.

        Leave it through `contextlib.aclosing`, or the consumer stays at the broker for two minutes.
        Raises Refused when the stream is missing or the first consumer is refused, and nats-py's
        ConnectionClosedError when the client was closed; waits through everything else.
        """
        while True:
            delivery = await self._open()
            if delivery is not None:
                async with aclosing(self._delivered(delivery)) as batches:
                    async for batch in batches:
                        yield batch
            await asyncio.sleep(self._pause_s)
            self._pause_s = min(self._pause_s * 2, _PAUSE_MAX_S)

    async def _open(self) -> "_Delivery | None":
        if self._client.is_closed:
            raise nats_errors.ConnectionClosedError
        delivery = _Delivery(self._client, stream=self._stream, batch_max=self._batch_max, silence_s=self._silence_s)
        try:
            if self._on_open is not None:
                await self._on_open()
            await delivery.open(self._filter_subject, after=self.position)
        except (Unanswered, Refused, nats_errors.Error) as error:
            self._raise_if_final(error)
            return None
        self._has_opened = True
        return delivery

    def _raise_if_final(self, error: Exception) -> None:
        # What worked once is worth trying again: a cluster that elects a leader refuses for a while.
        if isinstance(error, Refused) and (not self._has_opened or error.code == STREAM_NOT_FOUND):
            raise error
        _log.warning("consumer_not_opened", extra={"stream": self._stream, "reason": str(error)})

    async def _delivered(self, delivery: "_Delivery") -> AsyncGenerator[list[Message], None]:
        try:
            while True:
                batch = await delivery.take()
                self.position = batch[-1].position
                self._pause_s = _PAUSE_FIRST_S
                yield batch
        except _Lost as lost:
            _log.warning("consumer_lost", extra={"stream": self._stream, "reason": str(lost)})
        finally:
            await delivery.close()


class _Delivery:
    """One consumer, the request in flight, and what has arrived that nobody has taken yet.

    At most two batches are held here: the next is asked for when no more than one is left.
    """

    def __init__(self, client: Client, *, stream: str, batch_max: int, silence_s: float) -> None:
        self._client = client
        self._stream = stream
        self._batch_max = batch_max
        self._silence_s = silence_s
        self._inbox = client.new_inbox()
        self._subscription: Subscription | None = None
        self._consumer = ""
        self._arrived: deque[Message] = deque()
        self._signal = asyncio.Event()
        self._request_number = 0
        self._still_to_come = 0
        self._sequence = 0
        self._position = 0
        self._lost_reason = ""
        self._reconnects = client.stats["reconnects"]

    async def open(self, filter_subject: str, *, after: int) -> None:
        self._position = after
        try:
            await self._open(filter_subject)
        except BaseException:
            await self.close()
            raise

    async def _open(self, filter_subject: str) -> None:
        self._subscription = await self._client.subscribe(f"{self._inbox}.*", cb=self._receive)
        config = consumer_config(filter_subject, after=self._position, idle_s=_CONSUMER_IDLE_S)
        question = {"stream_name": self._stream, "config": config}
        self._consumer = (await ask(self._client, f"CONSUMER.CREATE.{self._stream}", question))["name"]

    async def close(self) -> None:
        with suppress(nats_errors.Error):
            if self._subscription is not None:
                await self._subscription.unsubscribe()
        if self._consumer:
            await forget_consumer(self._client, self._stream, self._consumer)

    async def take(self) -> list[Message]:
        """Return what has arrived, waiting for a first message; raises _Lost."""
        while not self._arrived:
            self._raise_if_lost()
            self._signal.clear()
            await self._ask_for_more()
            await self._wait_for_a_sign()
        await self._gather()
        taken = [self._arrived.popleft() for _ in range(min(len(self._arrived), self._batch_max))]
        await self._ask_for_more()
        return taken

    async def _gather(self) -> None:
        """Take in what is on its way already: a batch costs a transaction, and a pass of the loop nearly nothing."""
        idle = 0
        while idle < _IDLE_PASSES and len(self._arrived) < self._batch_max and not self._lost_reason:
            before = len(self._arrived)
            await asyncio.sleep(0)
            idle = 0 if len(self._arrived) > before else idle + 1

    def _raise_if_lost(self) -> None:
        if self._client.stats["reconnects"] != self._reconnects:
            raise _Lost("reconnected")
        if self._lost_reason:
            raise _Lost(self._lost_reason)

    async def _wait_for_a_sign(self) -> None:
        try:
            async with asyncio.timeout(self._silence_s):
                await self._signal.wait()
        except TimeoutError:
            raise _Lost("silence") from None

    async def _ask_for_more(self) -> None:
        if self._still_to_come or self._lost_reason or len(self._arrived) > self._batch_max:
            return
        self._request_number += 1
        self._still_to_come = self._batch_max
        try:
            await self._client.publish(
                f"$JS.API.CONSUMER.MSG.NEXT.{self._stream}.{self._consumer}",
                self._request(),
                reply=f"{self._inbox}.{self._request_number}",
            )
        except nats_errors.Error as error:
            raise _Lost(repr(error)) from error

    def _request(self) -> bytes:
        heartbeat_s = self._silence_s / 2.5
        request = {
            "batch": self._batch_max,
            "max_bytes": _PULL_BYTES_MAX,
            "idle_heartbeat": int(heartbeat_s * NANOSECONDS),
            "expires": int(max(_PULL_EXPIRES_S, 3 * heartbeat_s) * NANOSECONDS),
        }
        return json.dumps(request).encode()

    async def _receive(self, arrived: Msg) -> None:
        if arrived.reply.startswith(_ACK_PREFIX):
            self._accept(arrived)
        elif arrived.subject == f"{self._inbox}.{self._request_number}":
            self._note(arrived.headers or {})
        self._signal.set()

    def _accept(self, arrived: Msg) -> None:
        position, sequence, stored_ns = _receipt(arrived.reply)
        if self._lost_reason:
            return
        if sequence != self._sequence + 1 or position <= self._position:
            self._lost_reason = f"gap: {sequence} after {self._sequence}"
            return
        self._sequence, self._position = sequence, position
        self._still_to_come -= 1
        self._arrived.append(_message(arrived, position, stored_ns))

    def _compare(self, delivered: str | None) -> None:
        # A heartbeat tells what was sent before it: the only sign that the last before a calm are lost.
        if delivered is not None and int(delivered) != self._sequence:
            self._lost_reason = f"gap: {self._sequence} arrived of {delivered}"

    def _note(self, headers: Mapping[str, str]) -> None:
        status, description = headers.get("Status", ""), headers.get("Description", "")
        if status == "100":
            self._compare(headers.get("Nats-Last-Consumer"))
            return
        if status in {"404", "408"} or (status == "409" and _is_end_of_request(description)):
            self._still_to_come = 0
            return
        self._lost_reason = f"{status} {description}"


def _is_end_of_request(description: str) -> bool:
    text = description.lower()
    return "batch completed" in text or "maxbytes" in text


def _message(arrived: Msg, position: int, stored_ns: int) -> Message:
    return Message(
        position=position,
        subject=arrived.subject,
        id=(arrived.headers or {}).get("Nats-Msg-Id", ""),
        body=arrived.data,
        stored_at=_EPOCH + timedelta(microseconds=stored_ns // 1000),
    )


def _receipt(reply: str) -> tuple[int, int, int]:
    # $JS.ACK.[domain.account.]stream.consumer.deliveries.position.sequence.nanoseconds.pending[.random]
    tokens = reply.split(".")
    shift = 2 if len(tokens) >= _ACK_TOKENS_WITH_DOMAIN else 0
    return int(tokens[5 + shift]), int(tokens[6 + shift]), int(tokens[7 + shift])


async def read_to_end(
    client: Client, *, stream: str, filter_subject: str, after: int, batch_max: int = 1000, silence_s: float = 5.0
) -> AsyncGenerator[list[Message], None]:
    """Yield what the filter held when it was called, and stop; survives what Reader survives."""
    last = await last_message(client, stream, filter_subject)
    if last is None or last.position <= after:
        return
    reader = Reader(
        client, stream=stream, filter_subject=filter_subject, after=after, batch_max=batch_max, silence_s=silence_s
    )
    async with aclosing(reader.batches()) as batches:
        async for batch in batches:
            yield [message for message in batch if message.position <= last.position]
            if batch[-1].position >= last.position:
                return
