"""What waits for a writer's decision: taken in small batches, at the writer's own pace."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from services.intake.domain.decide import Refused
from services.intake.domain.known import Receipt
from services.intake.domain.submission import Submission

GATHER_S = 0.005
GATHER_MAX = 1000
QUEUE_MAX = 10_000

Answer = Receipt | Refused


class Overloaded(Exception):
    """More is waiting than the writer will hold; try again later."""


@dataclass(slots=True)
class Waiting:
    """Submissions that stand or fall together, and where their answers go."""

    submissions: Sequence[Submission]
    answers: asyncio.Future[list[Answer]]


class Gathering:
    def __init__(self) -> None:
        self._queue: asyncio.Queue[Waiting] = asyncio.Queue(QUEUE_MAX)
        self._left_over: Waiting | None = None

    async def put(self, submissions: Sequence[Submission]) -> list[Answer]:
        """Wait in the queue and for the answers. Overloaded when the queue is full."""
        waiting = Waiting(submissions, asyncio.get_running_loop().create_future())
        try:
            self._queue.put_nowait(waiting)
        except asyncio.QueueFull as full:
            raise Overloaded from full
        return await waiting.answers

    async def take(self) -> list[Waiting]:
        """What arrived within a moment, at most GATHER_MAX submissions; a larger group is taken alone."""
        gathered = [self._left_over or await self._queue.get()]
        self._left_over = None
        if self._queue.empty():
            await asyncio.sleep(GATHER_S)
        count = len(gathered[0].submissions)
        while not self._queue.empty():
            following = self._queue.get_nowait()
            count += len(following.submissions)
            if count > GATHER_MAX:
                self._left_over = following
                break
            gathered.append(following)
        return gathered
