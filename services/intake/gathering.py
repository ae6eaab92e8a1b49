"""What waits for a writer's decision: taken in small batches, at the writer's own pace."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from services.intake.domain.decide import Refused
from services.intake.domain.known import Receipt
from services.intake.domain.submission import Submission
from services.intake.submit import in_the_name_of
from shared.core.ledger import Ledger

GATHER_S = 0.001
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


def in_names(gathered: Sequence[Waiting], ledger: Ledger) -> list[Waiting]:
    """The same, with the unit of those who need not name it."""
    return [
        Waiting([in_the_name_of(one, ledger) for one in waiting.submissions], waiting.answers) for waiting in gathered
    ]


def answer(ledger: Ledger, gathered: Sequence[Waiting], answers: Sequence[list[Answer]]) -> None:
    """Give each of those who wait the answers to its submissions, once the ledger has the receipts' positions."""
    for waiting, given in zip(gathered, answers, strict=True):
        if not waiting.answers.done():
            together = zip(waiting.submissions, given, strict=True)
            waiting.answers.set_result([_filed(ledger, submission, one) for submission, one in together])


def _filed(ledger: Ledger, submission: Submission, one: Answer) -> Answer:
    """The receipt with its position; one decided in this batch had none yet."""
    if isinstance(one, Refused) or one.position:
        return one
    return ledger.get(Receipt, f"{submission.unit}/{submission.key}") or one


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

    async def take(self, *, within_s: float | None) -> list[Waiting]:
        """What arrived within a moment, at most GATHER_MAX submissions; a larger group is taken alone.

        Nothing if nothing arrives in time.
        """
        try:
            async with asyncio.timeout(within_s):
                gathered = [self._left_over or await self._queue.get()]
        except TimeoutError:
            return []
        self._left_over = None
        # If there is something already, let those go whose answers have come: they may ask again meanwhile.
        await asyncio.sleep(GATHER_S if self._queue.empty() else 0)
        count = len(gathered[0].submissions)
        while not self._queue.empty():
            following = self._queue.get_nowait()
            count += len(following.submissions)
            if count > GATHER_MAX:
                self._left_over = following
                break
            gathered.append(following)
        return gathered
