"""What does one batch of a fold change, and how far does it reach? As it is handed to the store, and as it is kept."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from shared.core.events import AnyRecorded
from shared.core.ledger import Ledger


class CheckpointLost(Exception):
    """Another process moved the checkpoint: the partition is no longer ours."""


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The last position handled of a stream, the event that stands there, and what became of all up to it."""

    position: int = 0
    event: str = ""
    applied_count: int = 0
    parked_count: int = 0

    def beyond(self, position: int, event: str, *, is_parked: bool) -> "Checkpoint":
        return Checkpoint(position, event, self.applied_count + (not is_parked), self.parked_count + is_parked)

    def with_released(self, count: int) -> "Checkpoint":
        """The same place, when events that were set aside are taken after all."""
        return replace(self, applied_count=self.applied_count + count, parked_count=self.parked_count - count)


@dataclass(frozen=True, slots=True)
class ParkedRow:
    """An event set aside. `held` waits for something that must come first; else it cannot be applied at all."""

    partition: int
    position: int
    jurisdiction: str
    kind: str
    entity: str
    subject: str
    reason: str
    held: bool
    body: str


@dataclass(frozen=True, slots=True)
class Statement:
    """An event that this service states: what it is about, where it goes, and at which position it was called for."""

    topic: str
    subject: str
    recorded: AnyRecorded
    position: int


@dataclass(frozen=True, slots=True)
class Proof:
    """A fold in two digests: of all that it knows at a position, and of the ids of all that it ever stated."""

    position: int
    ledger_digest: str
    stated_count: int
    stated_digest: str


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What a ledger holds that is not saved, since a position. The ledger goes on while that is saved."""

    jurisdiction: str
    position: int
    clock: datetime
    changes: list[tuple[str, object]]
    since: int = 0

    @classmethod
    def of(cls, ledger: Ledger) -> "Snapshot":
        since = ledger.since  # before changes are taken
        return cls(ledger.jurisdiction, ledger.position, ledger.clock, ledger.take_changes(), since)

    def take_changes(self) -> list[tuple[str, object]]:
        return self.changes


@dataclass(slots=True)
class Saving:
    """All that one batch changes. `released` are the held events of a jurisdiction that were taken after all."""

    stream: str
    scope: str
    before: Checkpoint
    after: Checkpoint
    ledgers: Sequence[Ledger | Snapshot] = ()
    statements: list[Statement] = field(default_factory=list)
    parked: list[ParkedRow] = field(default_factory=list)
    released: list[int] = field(default_factory=list)
    generation: int = 0  # that was read; 0 where there is one only
