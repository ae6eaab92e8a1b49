"""How messages are read from a stream without a gap and written to it without a double.

The only module that speaks JetStream's protocol; it asks over plain requests because nats-py hides
statuses and has no atomic batches.
"""

import asyncio
import base64
import json
import logging
import urllib.request
from collections import deque
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping, Sequence
from contextlib import aclosing, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Literal
from uuid import uuid4

from nats import errors as nats_errors
from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.aio.subscription import Subscription

BATCH_MAX = 5000
"""Messages in one atomic batch; the broker must allow as many (`jetstream.limits.batch.max_msgs`)."""
MESSAGE_BYTES_MAX = 1024 * 1024
"""What a stream takes, headers included."""

_ANSWER_TIMEOUT_S = 5.0
_HEADER_BYTES_MAX = 4096
_PULL_BYTES_MAX = 16 * 1024 * 1024
_PULL_EXPIRES_S = 30.0
_CONSUMER_IDLE_S = 120.0
_COUNTING_IDLE_S = 10.0
_PAUSE_FIRST_S = 0.05
_PAUSE_MAX_S = 2.0
_NANOSECONDS = 1_000_000_000
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_ACK_PREFIX = "$JS.ACK."
_ACK_TOKENS_WITH_DOMAIN = 11

MESSAGE_TOO_LARGE = 10054
STREAM_NOT_FOUND = 10059
_MESSAGE_NOT_FOUND = 10037
_WRONG_SEQUENCE_CODES = frozenset({10071, 10164, 10201})
# The batch was given up half-way (a reconnect, too many open at once), or its id is just being written.
_ASK_AGAIN_CODES = frozenset({10158, 10176, 10210})
_SERVER_ERROR = 500

_log = logging.getLogger(__name__)


class WrongSequence(Exception):
    """The stream moved on: nothing was stored. Read the last message under the filter and decide again."""


class Unanswered(Exception):
    """No clear answer came: what was asked for may or may not have happened."""


class Refused(Exception):
    """The broker said no, and will say so again."""

    def __init__(self, code: int, text: str) -> None:
        super().__init__(f"{text} ({code})")
        self.code = code
        self.text = text


@dataclass(frozen=True, slots=True)
class Message:
    """What a stream holds at a position; `id` is empty when its writer gave none."""

    position: int
    subject: str
    id: str
    body: bytes
    stored_at: datetime


@dataclass(frozen=True, slots=True)
class Outgoing:
    """What is to be stored; the id must be unique for ever."""

    subject: str
    id: str
    body: bytes


# --- asking ------------------------------------------------------------------------------------------------


async def ask(client: Client, subject: str, question: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """Put one question to the JetStream API (`subject` without `$JS.API.`) and return its answer.

    Raises Refused or Unanswered.
    """
    body = b"" if question is None else json.dumps(question).encode()
    return await _answer(client, f"$JS.API.{subject}", body, {})


async def _answer(client: Client, subject: str, body: bytes, headers: Mapping[str, str]) -> dict[str, Any]:
    _insist_on_connection(client)
    try:
        reply = await client.request(
            subject, body, timeout=_ANSWER_TIMEOUT_S, headers=dict(headers) if headers else None
        )
    except nats_errors.MaxPayloadError as error:
        raise Refused(MESSAGE_TOO_LARGE, "message larger than the broker takes") from error
    except nats_errors.Error as error:
        raise Unanswered(f"{subject}: {error!r}") from error
    answer: dict[str, Any] = json.loads(reply.data)
    if "error" in answer:
        raise _refusal(answer["error"])
    return answer


def _insist_on_connection(client: Client) -> None:
    # The client would keep what it cannot send and send it after a reconnect, when nobody waits any more.
    if not client.is_connected:
        raise Unanswered("not connected")


def _refusal(error: Mapping[str, Any]) -> WrongSequence | Unanswered | Refused:
    code, text = int(error.get("err_code", 0)), str(error.get("description", ""))
    if code in _WRONG_SEQUENCE_CODES:
        return WrongSequence(f"{text} ({code})")
    if code in _ASK_AGAIN_CODES or int(error.get("code", 0)) >= _SERVER_ERROR:
        return Unanswered(f"{text} ({code})")
    return Refused(code, text)


# --- looking -----------------------------------------------------------------------------------------------


async def last_message(client: Client, stream: str, filter_subject: str) -> Message | None:
    """Return the newest message under the filter, as the stream's leader sees it.

    Never a direct get: replicas answer those, and may lag behind what was just written.
    """
    return await _stored(client, stream, {"last_by_subj": filter_subject})


async def message_at(client: Client, stream: str, position: int) -> Message | None:
    """Return the message at a position, or nothing if the stream does not reach that far."""
    return await _stored(client, stream, {"seq": position}) if position > 0 else None


async def _stored(client: Client, stream: str, question: Mapping[str, Any]) -> Message | None:
    try:
        found = (await ask(client, f"STREAM.MSG.GET.{stream}", question))["message"]
    except Refused as refused:
        if refused.code == _MESSAGE_NOT_FOUND:
            return None
        raise
    return Message(
        position=found["seq"],
        subject=found["subject"],
        id=_id_in(base64.b64decode(found.get("hdrs", ""))),
        body=base64.b64decode(found.get("data", "")),
        stored_at=_parsed_time(found["time"]),
    )


def _id_in(raw_headers: bytes) -> str:
    for line in raw_headers.decode().split("\r\n"):
        name, _, value = line.partition(":")
        if name == "Nats-Msg-Id":
            return value.strip()
    return ""


def _parsed_time(text: str) -> datetime:
    # The broker writes up to nine decimals; Python reads any number of them only as far as microseconds.
    return datetime.fromisoformat(text).astimezone(UTC)


async def message_count(client: Client, stream: str, filter_subject: str) -> int:
    """Return how many messages the filter holds.

    Asked of a consumer that is thrown away (10 ms at 100,000 subjects): the stream's own list of subjects
    is paged and ten times as slow.
    """
    config = _consumer_config(filter_subject, after=0, idle_s=_COUNTING_IDLE_S)
    consumer = await ask(client, f"CONSUMER.CREATE.{stream}", {"stream_name": stream, "config": config})
    await _forget_consumer(client, stream, consumer["name"])
    return int(consumer["num_pending"])


def _consumer_config(filter_subject: str, *, after: int, idle_s: float) -> dict[str, Any]:
    return {
        "filter_subject": filter_subject,
        "deliver_policy": "by_start_sequence",
        "opt_start_seq": after + 1,
        "ack_policy": "none",
        "replay_policy": "instant",
        "inactive_threshold": int(idle_s * _NANOSECONDS),
        "mem_storage": True,
        "num_replicas": 1,
    }


async def _forget_consumer(client: Client, stream: str, name: str) -> None:
    # Nobody waits for the answer: what is left behind goes by itself after its idle time.
    with suppress(nats_errors.Error):
        await client.publish(f"$JS.API.CONSUMER.DELETE.{stream}.{name}", b"", reply=client.new_inbox())


async def durability(client: Client, *, monitor_url: str | None = None) -> Literal["durable", "standard"]:
    """Tell whether the broker syncs to disk before it acknowledges.

    Only the monitoring page knows (`/jsz?config=true`); without it, or in doubt, the answer is the lesser.
    """
    if monitor_url is None or client.is_closed:
        return "standard"
    with suppress(OSError, ValueError):
        page = await asyncio.to_thread(_fetch, f"{monitor_url}/jsz?config=true")
        if json.loads(page).get("config", {}).get("sync_always"):
            return "durable"
    return "standard"


def _fetch(url: str) -> bytes:
    with urllib.request.urlopen(url, timeout=_ANSWER_TIMEOUT_S) as page:  # noqa: S310 -- an operator's own setting
        content: bytes = page.read()
    return content


# --- writing -----------------------------------------------------------------------------------------------


async def publish_batch(
    client: Client, stream: str, messages: Sequence[Outgoing], *, filter_subject: str, expect_last: int
) -> list[int]:
    """Store all messages or none, if the filter's last position is `expect_last`; return their positions.

    Raises WrongSequence also when an id was stored within the last two minutes, Unanswered after 5 s or
    when the connection broke, Refused for anything else. After the first two the caller reads what is there.
    """
    _check_sizes(messages)
    _insist_on_connection(client)
    expectation = {
        "Nats-Expected-Stream": stream,
        "Nats-Expected-Last-Subject-Sequence": str(expect_last),
        "Nats-Expected-Last-Subject-Sequence-Subject": filter_subject,
    }
    if len(messages) == 1:
        return await _publish_alone(client, messages[0], expectation)
    return await _publish_together(client, messages, expectation)


def _check_sizes(messages: Sequence[Outgoing]) -> None:
    if not 1 <= len(messages) <= BATCH_MAX:
        raise ValueError(f"a batch holds 1 to {BATCH_MAX} messages, not {len(messages)}")
    # Inside a batch the broker would only say "incomplete", which sounds as if trying again might help.
    if any(len(message.body) > MESSAGE_BYTES_MAX - _HEADER_BYTES_MAX for message in messages):
        raise Refused(MESSAGE_TOO_LARGE, "message larger than the stream takes")


async def _publish_alone(client: Client, message: Outgoing, expectation: Mapping[str, str]) -> list[int]:
    headers = {"Nats-Msg-Id": message.id, **expectation}
    answer = await _answer(client, message.subject, message.body, headers)
    if answer.get("duplicate"):
        # A cluster looks for the id before it looks at the expectation; a single node the other way round.
        raise WrongSequence(f"{message.id} is already stored")
    return [int(answer["seq"])]


async def _publish_together(client: Client, messages: Sequence[Outgoing], expectation: dict[str, str]) -> list[int]:
    batch_id = uuid4().hex
    for number, message in enumerate(messages[:-1], start=1):
        headers = _batch_headers(batch_id, number, message.id)
        # Only the first may carry the expectation: it is checked once, when the whole batch is committed.
        await _send(client, message, headers | expectation if number == 1 else headers)
    last = messages[-1]
    headers = _batch_headers(batch_id, len(messages), last.id) | {"Nats-Batch-Commit": "1"}
    answer = await _answer(client, last.subject, last.body, headers)
    first = int(answer["seq"]) - len(messages) + 1
    return list(range(first, first + len(messages)))


def _batch_headers(batch_id: str, number: int, message_id: str) -> dict[str, str]:
    return {"Nats-Batch-Id": batch_id, "Nats-Batch-Sequence": str(number), "Nats-Msg-Id": message_id}


async def _send(client: Client, message: Outgoing, headers: dict[str, str]) -> None:
    try:
        await client.publish(message.subject, message.body, headers=headers)
    except nats_errors.Error as error:
        raise Unanswered(repr(error)) from error


# --- reading -----------------------------------------------------------------------------------------------


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
        config = _consumer_config(filter_subject, after=self._position, idle_s=_CONSUMER_IDLE_S)
        question = {"stream_name": self._stream, "config": config}
        self._consumer = (await ask(self._client, f"CONSUMER.CREATE.{self._stream}", question))["name"]

    async def close(self) -> None:
        with suppress(nats_errors.Error):
            if self._subscription is not None:
                await self._subscription.unsubscribe()
        if self._consumer:
            await _forget_consumer(self._client, self._stream, self._consumer)

    async def take(self) -> list[Message]:
        """Return what has arrived, waiting for a first message; raises _Lost."""
        while not self._arrived:
            self._raise_if_lost()
            self._signal.clear()
            await self._ask_for_more()
            await self._wait_for_a_sign()
        taken = [self._arrived.popleft() for _ in range(min(len(self._arrived), self._batch_max))]
        await self._ask_for_more()
        return taken

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
            "idle_heartbeat": int(heartbeat_s * _NANOSECONDS),
            "expires": int(max(_PULL_EXPIRES_S, 3 * heartbeat_s) * _NANOSECONDS),
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
