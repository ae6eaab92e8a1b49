"""How a stream is asked, looked at and written to, without a double.

This and `reader` alone speak JetStream's protocol; they ask over plain requests because nats-py hides
statuses and has no atomic batches.
"""

import base64
import json
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from nats import errors as nats_errors
from nats.aio.client import Client

BATCH_MAX = 5000
"""Messages in one atomic batch; the broker must allow as many (`jetstream.limits.batch.max_msgs`)."""
MESSAGE_BYTES_MAX = 4 * 1024 * 1024
"""What a stream takes, headers included."""

_ANSWER_TIMEOUT_S = 5.0
_HEADER_BYTES_MAX = 4096
_COUNTING_IDLE_S = 10.0
NANOSECONDS = 1_000_000_000

MESSAGE_TOO_LARGE = 10054
STREAM_NOT_FOUND = 10059
_MESSAGE_NOT_FOUND = 10037
_WRONG_SEQUENCE_CODES = frozenset({10071, 10164, 10201})
# The batch was given up half-way (a reconnect, too many open at once), or its id is just being written.
_ASK_AGAIN_CODES = frozenset({10158, 10176, 10210})
_SERVER_ERROR = 500


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
    config = consumer_config(filter_subject, after=0, idle_s=_COUNTING_IDLE_S)
    consumer = await ask(client, f"CONSUMER.CREATE.{stream}", {"stream_name": stream, "config": config})
    await forget_consumer(client, stream, consumer["name"])
    return int(consumer["num_pending"])


def consumer_config(filter_subject: str, *, after: int, idle_s: float) -> dict[str, Any]:
    """A consumer of a filter after a position, that acknowledges nothing and goes by itself."""
    return {
        "filter_subject": filter_subject,
        "deliver_policy": "by_start_sequence",
        "opt_start_seq": after + 1,
        "ack_policy": "none",
        "replay_policy": "instant",
        "inactive_threshold": int(idle_s * NANOSECONDS),
        "mem_storage": True,
        "num_replicas": 1,
    }


async def forget_consumer(client: Client, stream: str, name: str) -> None:
    """Delete a consumer without waiting."""
    # Nobody waits for the answer: what is left behind goes by itself after its idle time.
    with suppress(nats_errors.Error):
        await client.publish(f"$JS.API.CONSUMER.DELETE.{stream}.{name}", b"", reply=client.new_inbox())


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
