"""How many requests does a service answer in a second, and how long does each wait?

Lean on purpose, so that it is the service which is measured: requests are bytes made beforehand, each connection is
kept, and of an answer only its status and length are looked at.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager

HOST = "127.0.0.1"


class _Connection(asyncio.Protocol):
    """One kept connection; one request at a time."""

    def __init__(self) -> None:
        self._received = b""
        self._answered: asyncio.Future[bytes] | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        self._received += data
        head, blank, body = self._received.partition(b"\r\n\r\n")
        if blank and len(body) >= _length_in(head) and self._answered is not None:
            answer, self._received = self._received, b""
            self._answered.set_result(answer)

    def connection_lost(self, error: Exception | None) -> None:
        if self._answered is not None and not self._answered.done():
            self._answered.set_exception(error or ConnectionError("the service closed the connection"))

    async def ask(self, request: bytes) -> None:
        """Send one request and wait for the whole of its answer, which must be that it is accepted."""
        self._answered = asyncio.get_running_loop().create_future()
        self.transport.write(request)
        answer = await self._answered
        if not answer.startswith(b"HTTP/1.1 202 "):
            raise AssertionError(answer[:2000].decode())


def _length_in(head: bytes) -> int:
    for line in head.split(b"\r\n"):
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length":
            return int(value)
    raise AssertionError(f"an answer of unknown length: {head[:500]!r}")


def post(path: str, token: str, body: bytes) -> bytes:
    """The bytes of a request."""
    head = f"POST {path} HTTP/1.1\r\nhost: bench\r\nauthorization: Bearer {token}\r\ncontent-length: {len(body)}"
    return f"{head}\r\ncontent-type: application/json\r\n\r\n".encode() + body


@asynccontextmanager
async def _connections(port: int, count: int) -> AsyncIterator[list[_Connection]]:
    loop = asyncio.get_running_loop()
    made = [(await loop.create_connection(_Connection, HOST, port))[1] for _ in range(count)]
    try:
        yield made
    finally:
        for one in made:
            one.transport.close()


async def as_fast_as_possible(port: int, clients: Sequence[Sequence[bytes]]) -> float:
    """Each client sends its requests one after the other; seconds until all are answered."""

    async def send(connection: _Connection, requests: Iterable[bytes]) -> None:
        for request in requests:
            await connection.ask(request)

    async with _connections(port, len(clients)) as connections:
        started = time.perf_counter()
        await asyncio.gather(*map(send, connections, clients))
        return time.perf_counter() - started


async def paced(port: int, requests: Sequence[bytes], *, per_s: int, connections: int) -> list[float]:
    """Send at a steady pace, whatever the answers do; how long each waited, in seconds, the shortest first.

    A wait begins when the request was due: a service that falls behind does not slow down those who come to it.
    """
    waited: list[float] = []
    async with _connections(port, connections) as made:
        idle: asyncio.Queue[_Connection] = asyncio.Queue()
        for one in made:
            idle.put_nowait(one)

        async def send(connection: _Connection, request: bytes, due: float) -> None:
            await connection.ask(request)
            waited.append(time.perf_counter() - due)
            idle.put_nowait(connection)

        first = time.perf_counter()
        async with asyncio.TaskGroup() as tasks:
            for number, request in enumerate(requests):
                due = first + number / per_s
                await asyncio.sleep(max(0.0, due - time.perf_counter()))
                tasks.create_task(send(await idle.get(), request, due))
    return sorted(waited)
