"""What was known at a position or an instant of the past? The record's prefix, folded by the code that follows it live.

Nothing here writes. Folds run beside the event loop; a few are kept, so that asking again, or for a little later, is
cheap.
"""

import asyncio
from collections import defaultdict
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import aclosing, suppress
from dataclasses import dataclass, field
from datetime import datetime

from nats.aio.client import Client

from services.scoring.project import follow, follow_to
from shared.core.errors import CannotApply
from shared.core.events import AnyRecorded, JurisdictionOpened
from shared.core.ledger import BEFORE_ALL_TIME, Ledger
from shared.core.parking import Parked, Parking
from shared.infra import wire
from shared.infra.bus import Message, Unanswered
from shared.infra.reader import read_to_end
from shared.infra.streams import RECORD, SubjectParts, jurisdiction_filter

Until = int | datetime
"""Up to which position of the record, or up to which instant of recording; both are included."""

_MARK_EVERY = 5_000
_KEPT_MAX = 32
_KEPT_ENTRIES_MAX = 1_000_000
_SILENCE_S = 10.0
"""How long the record may send nothing of what it holds. A follower waits for ever; whoever asks must hear of it."""


Apply = Callable[[Ledger, AnyRecorded, Sequence[Parked]], object]
"""How one event is applied, beside those that are parked; CannotApply leaves the ledger as it was."""


def _silently(ledger: Ledger, recorded: AnyRecorded, _parked: Sequence[Parked]) -> None:
    """What is drawn is remembered by the ledger and stated by nobody."""
    follow(ledger, recorded)


@dataclass(slots=True)
class Fold:
    """A ledger, and what could not be applied to it, as the live follower has them at the same position."""

    ledger: Ledger
    parking: Parking = field(default_factory=Parking)
    position: int = 0
    reached: datetime = BEFORE_ALL_TIME
    """When the last event was recorded that was taken or parked; one that is parked does not move the clock."""

    def copy(self) -> "Fold":
        return Fold(self.ledger.copy(), Parking(self.parking.all), self.position, self.reached)

    @property
    def is_open(self) -> bool:
        """Whether time passes in it: not before it is opened, nor while all of it waits."""
        return self.ledger.get(JurisdictionOpened, "") is not None and not self.parking.holds_jurisdiction

    def take(self, message: Message, apply: Apply = _silently) -> None:
        """Apply one message, or park it."""
        self.take_read(message, _read(message), apply)

    def take_read(self, message: Message, read: AnyRecorded | CannotApply, apply: Apply) -> None:
        parts, self.position = SubjectParts.leniently(message.subject), message.position
        if not isinstance(read, CannotApply):
            self.reached = max(self.reached, read.recorded_at)
        reason = self.parking.holds(parts.kind, parts.entity) if parts.kind else "the subject is none of ours"
        if reason is None:
            try:
                if isinstance(read, CannotApply):
                    raise read
                apply(self.ledger, read, self.parking.all)
                return
            except CannotApply as cannot:
                reason = str(cannot)
        self.parking.park(parts.kind, parts.entity, message.position, reason)


class Past:
    """Folds of prefixes. `client` is there as long as the service is connected."""

    def __init__(self) -> None:
        self.client: Client | None = None
        self._kept: dict[str, dict[int, Fold]] = {}
        self._locks: dict[str, asyncio.Lock] = defaultdict(asyncio.Lock)

    async def fold(self, jurisdiction: str, partition: int, until: Until) -> Fold:
        """The fold of a prefix, to read only. At an instant, the moments up to it have passed too.

        Unanswered, or Refused, where the record cannot be read now.
        """
        async with self._locks[jurisdiction]:
            fold = self._nearest(jurisdiction, until)
            async with aclosing(self.messages(jurisdiction, partition, after=fold.position)) as batches:
                async for messages in batches:
                    marks, is_all = await asyncio.to_thread(_take, fold, messages, until)
                    for mark in marks:
                        self._keep(jurisdiction, mark)
                    if not is_all:
                        break
            self._keep(jurisdiction, fold)
        if isinstance(until, datetime) and until > fold.ledger.clock and fold.is_open:
            fold = fold.copy()
            await asyncio.to_thread(follow_to, fold.ledger, until)
        return fold

    async def events(self, jurisdiction: str, partition: int, *, after: int, until: int) -> Sequence[AnyRecorded]:
        """The events after one position and up to another, in the order of the record; unreadable ones left out."""
        found: list[AnyRecorded] = []
        async with aclosing(self.messages(jurisdiction, partition, after=after)) as batches:
            async for messages in batches:
                for message in messages:
                    if message.position > until:
                        return found
                    with suppress(CannotApply):
                        found.append(wire.decode_of(jurisdiction, message.body, position=message.position))
        return found

    async def messages(self, jurisdiction: str, partition: int, *, after: int) -> AsyncGenerator[list[Message], None]:
        """All that the record holds of a jurisdiction now, after a position. Leave it through `aclosing`."""
        if self.client is None:
            raise Unanswered("the service is not connected")
        subject = jurisdiction_filter(RECORD, partition, jurisdiction)
        async with aclosing(read_to_end(self.client, stream=RECORD, filter_subject=subject, after=after)) as batches:
            while True:
                try:
                    async with asyncio.timeout(_SILENCE_S):
                        messages = await anext(batches, None)
                except TimeoutError:
                    raise Unanswered(f"the record sent nothing for {_SILENCE_S} s") from None
                if messages is None:
                    return
                yield messages

    # --- what is kept -------------------------------------------------------------------------------------------------

    def _nearest(self, jurisdiction: str, until: Until) -> Fold:
        """A copy of the furthest fold that is not beyond it; an empty one where none is kept."""
        kept = [one for one in self._kept.get(jurisdiction, {}).values() if _is_reached(one, until)]
        nearest = max(kept, key=lambda one: one.position, default=None)
        return nearest.copy() if nearest else Fold(Ledger(jurisdiction))

    def _keep(self, jurisdiction: str, fold: Fold) -> None:
        if not fold.position:
            return
        kept = self._kept.pop(jurisdiction, {})
        kept.pop(fold.position, None)
        kept[fold.position] = fold
        self._kept[jurisdiction] = kept  # the one asked for last stands last, and in it the fold
        while len(kept) > _KEPT_MAX:
            del kept[next(iter(kept))]
        while self._size() > _KEPT_ENTRIES_MAX and (len(self._kept) > 1 or len(kept) > 1):
            first = next(iter(self._kept))
            oldest = self._kept[first]
            del oldest[next(iter(oldest))]
            if not oldest:
                del self._kept[first]

    def _size(self) -> int:
        return sum(one.ledger.size for folds in self._kept.values() for one in folds.values())


def _take(fold: Fold, messages: Sequence[Message], until: Until) -> tuple[list[Fold], bool]:
    """Take what lies within; the marks passed on the way, and whether all of it did."""
    marks: list[Fold] = []
    for message in messages:
        read = _read(message)
        if not _is_within(message, read, until):
            return marks, False
        if fold.position // _MARK_EVERY < message.position // _MARK_EVERY and fold.position:
            marks.append(fold.copy())
        fold.take_read(message, read, _silently)
    return marks, True


def _is_within(message: Message, read: AnyRecorded | CannotApply, until: Until) -> bool:
    if isinstance(until, int):
        return message.position <= until
    # One that cannot be read counts as recorded with the one before it: where time is invented, the time of storing
    # says nothing.
    return isinstance(read, CannotApply) or read.recorded_at <= until


def _is_reached(fold: Fold, until: Until) -> bool:
    return fold.position <= until if isinstance(until, int) else fold.reached <= until


def _read(message: Message) -> AnyRecorded | CannotApply:
    try:
        code = SubjectParts.leniently(message.subject).jurisdiction
        return wire.decode_of(code, message.body, position=message.position)
    except CannotApply as cannot:
        return cannot
