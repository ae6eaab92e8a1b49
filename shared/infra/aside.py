"""What a partition's follower has set aside: parked for good, or held back until what must come first has come."""

from collections import defaultdict
from collections.abc import Iterable, Sequence

import structlog

from shared.core.parking import Parked, Parking
from shared.infra.bus import Message
from shared.infra.ledgers import ParkedRow
from shared.infra.streams import SubjectParts

PARKED = "event_parked"
_log = structlog.stdlib.get_logger("duban.aside")


class Aside:
    """In memory what the table of parked events holds; loaded anew whenever the follower starts."""

    def __init__(self, rows: Iterable[ParkedRow] = ()) -> None:
        self._parking: defaultdict[str, Parking] = defaultdict(Parking)
        self.held: set[str] = set()
        for row in rows:
            self.put(row)

    def parked(self, jurisdiction: str) -> Sequence[Parked]:
        """The events of a jurisdiction that are parked for good."""
        return self._parking[jurisdiction].all

    def reason_for(self, jurisdiction: str, kind: str, entity: str) -> str | None:
        """Why an event cannot be taken whatever it says, or None."""
        return self._parking[jurisdiction].holds(kind, entity)

    def is_closed(self, jurisdiction: str) -> bool:
        """Whether all of a jurisdiction waits behind an event that is parked for good."""
        return self._parking[jurisdiction].holds_jurisdiction

    def put(self, row: ParkedRow) -> ParkedRow:
        if row.held:
            self.held.add(row.jurisdiction)
        else:
            self._parking[row.jurisdiction].park(row.kind, row.entity, row.position, row.reason)
        return row

    def park(self, message: Message, reason: str, *, held: bool) -> ParkedRow:
        """Set a message aside, with its reason."""
        parts = SubjectParts.leniently(message.subject)
        if not held:
            _log.error(PARKED, position=message.position, subject=message.subject, reason=reason)
        # PostgreSQL keeps no NUL in a text; the stream keeps the message as it came.
        body = message.body.decode(errors="replace").replace("\x00", "\ufffd")
        return self.put(ParkedRow(
            parts.partition, message.position, parts.jurisdiction, parts.kind, parts.entity, message.subject, reason,
            held, body,
        ))  # fmt: skip
