"""What was known at a position or an instant of the past? The record's prefix, folded by the code that follows it live.

Nothing here writes. Folds run beside the event loop; a few are kept, so that asking again, or for a little later, is
cheap.
"""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field
from datetime import datetime

from nats.aio.client import Client

from services.scoring.project import pass_time_to, project
from shared.core.errors import CannotApply
from shared.core.events import AnyRecorded
from shared.core.ledger import Ledger
from shared.core.parking import Parking
from shared.infra import wire
from shared.infra.bus import Message
from shared.infra.reader import read_to_end
from shared.infra.streams import RECORD, SubjectParts, jurisdiction_filter

Until = int | datetime
"""Up to which position of the record, or up to which instant of recording; both are included."""

_MARK_EVERY = 5_000
_KEPT_MAX = 32
_KEPT_ENTRIES_MAX = 1_000_000


@dataclass(slots=True)
class Fold:
    """A ledger, and what could not be applied to it, as the live follower has them at the same position."""

    ledger: Ledger
    parking: Parking = field(default_factory=Parking)
    position: int = 0

    def copy(self) -> "Fold":
        return Fold(self.ledger.copy(), Parking(self.parking.all), self.position)

    def take(self, message: Message) -> None:
        """Apply one message, or park it. What it draws is remembered by the ledger and stated by nobody."""
        parts, self.position = SubjectParts.leniently(message.subject), message.position
        reason = self.parking.holds(parts.kind, parts.entity) if parts.kind else "the subject is none of ours"
        if reason is None:
            try:
                project(self.ledger, _decoded(message, parts.jurisdiction), parked=self.parking.all)
                return
            except CannotApply as cannot:
                reason = str(cannot)
        self.parking.park(parts.kind, parts.entity, message.position, reason)


class Past:
    """Folds of prefixes. `client` is there as long as the service is connected."""

    def __init__(self) -> None:
        self.client: Client | None = None
        self._kept: dict[str, dict[int, Fold]] = {}
        self._lock = asyncio.Lock()

    async def fold(self, jurisdiction: str, partition: int, until: Until) -> Fold:
        """The fold of a prefix, to read only. At an instant, the moments up to it have passed too."""
        async with self._lock:
            fold = self._nearest(jurisdiction, until)
            async for messages in self.messages(jurisdiction, partition, after=fold.position):
                if not await asyncio.to_thread(self._take, jurisdiction, fold, messages, until):
                    break
            self._keep(jurisdiction, fold)
        if isinstance(until, datetime) and until > fold.ledger.clock:
            fold = fold.copy()
            await asyncio.to_thread(pass_time_to, fold.ledger, until, parked=fold.parking.all)
        return fold

    async def events(self, jurisdiction: str, partition: int, *, after: int, until: int) -> Sequence[AnyRecorded]:
        """The events after one position and up to another, in the order of the record; unreadable ones left out."""
        found: list[AnyRecorded] = []
        async for messages in self.messages(jurisdiction, partition, after=after):
            for message in messages:
                if message.position > until:
                    return found
                try:
                    found.append(_decoded(message, jurisdiction))
                except CannotApply:
                    continue
        return found

    async def messages(self, jurisdiction: str, partition: int, *, after: int) -> AsyncIterator[list[Message]]:
        """All that the record holds of a jurisdiction now, after a position."""
        if self.client is None:
            raise RuntimeError("the service is not connected")
        subject = jurisdiction_filter(RECORD, partition, jurisdiction)
        async with aclosing(read_to_end(self.client, stream=RECORD, filter_subject=subject, after=after)) as batches:
            async for messages in batches:
                yield messages

    def _take(self, jurisdiction: str, fold: Fold, messages: Sequence[Message], until: Until) -> bool:
        """Take what lies within; whether there may be more."""
        for message in messages:
            if not _is_within(message, until):
                return False
            if fold.position // _MARK_EVERY < message.position // _MARK_EVERY and fold.position:
                self._keep(jurisdiction, fold.copy())
            fold.take(message)
        return True

    # --- what is kept -------------------------------------------------------------------------------------------------

    def _nearest(self, jurisdiction: str, until: Until) -> Fold:
        """A copy of the furthest fold that is not beyond it; an empty one where none is kept."""
        kept = [one for one in self._kept.get(jurisdiction, {}).values() if _is_reached(one, until)]
        nearest = max(kept, key=lambda one: one.position, default=None)
        return nearest.copy() if nearest else Fold(Ledger(jurisdiction))

    def _keep(self, jurisdiction: str, fold: Fold) -> None:
        kept = self._kept.pop(jurisdiction, {})
        kept[fold.position] = fold
        self._kept[jurisdiction] = kept  # the one asked for last stands last
        while len(kept) > _KEPT_MAX:
            del kept[next(iter(kept))]
        while len(self._kept) > 1 and self._size() > _KEPT_ENTRIES_MAX:
            del self._kept[next(iter(self._kept))]

    def _size(self) -> int:
        return sum(one.ledger.size for folds in self._kept.values() for one in folds.values())


def _is_within(message: Message, until: Until) -> bool:
    if isinstance(until, int):
        return message.position <= until
    try:
        return wire.decode(message.body).recorded_at <= until
    except CannotApply:
        return message.stored_at <= until


def _is_reached(fold: Fold, until: Until) -> bool:
    return fold.position <= until if isinstance(until, int) else fold.ledger.clock <= until


def _decoded(message: Message, jurisdiction: str) -> AnyRecorded:
    recorded = wire.decode(message.body, position=message.position)
    if recorded.jurisdiction != jurisdiction:
        raise CannotApply(f"the subject names {jurisdiction}, the event {recorded.jurisdiction}")
    return recorded
