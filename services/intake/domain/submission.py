"""What comes to be decided."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any

from services.intake.domain.capacity import Capacity, capacities
from services.intake.domain.known import Drafted, MatterLife, ProblemLife
from services.intake.domain.reviewing import Asking, askings, lists_of
from shared.core.calendar import Period
from shared.core.events import SHAPES, RecordEvent
from shared.core.ledger import Ledger
from shared.core.register import sees_unsealed, zone_of

CODE_MAX = 64
CODE = re.compile(rf"[A-Za-z0-9_-]{{1,{CODE_MAX}}}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Override:
    """A rule that the office sets aside for one submission (特批留痕), and why. It is recorded beside it."""

    rule: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Submission:
    """What someone claims happened. `digest` is that of the body as it was sent.

    `on_behalf_of`: the unit that told it to the office. `token_id` and `token_issued_at` are those of the sender's
    token, which an event may have revoked.
    """

    key: str
    jurisdiction: str
    unit: str
    actor: str
    is_operator: bool
    time: datetime | None
    data: RecordEvent
    digest: str
    is_clock: bool = False
    on_behalf_of: str = ""
    override: Override | None = None
    token_id: str = ""
    token_issued_at: datetime | None = None


_INSIDE: frozenset[Capacity] = frozenset({"supervision_office", "inspector", "approver", "principal_leader"})


@dataclass(frozen=True)
class Case:
    """A submission, what is known when it is decided on, and when it would be recorded."""

    submission: Submission
    ledger: Ledger
    at: datetime

    @property
    def data(self) -> Any:
        return self.submission.data

    @property
    def unit(self) -> str:
        """The unit whose statement it is."""
        return self.submission.on_behalf_of or self.submission.unit

    @cached_property
    def capacities(self) -> frozenset[Capacity]:
        """In which capacities the sender acts in the name of its own unit."""
        if self.submission.is_clock:
            return frozenset({"clock"})
        if self.submission.is_operator:
            return frozenset({"operator"})
        return capacities(self.ledger, self.submission.actor, self.submission.unit)

    @cached_property
    def today(self) -> date:
        return self.at.astimezone(zone_of(self.ledger)).date()

    @cached_property
    def askings(self) -> Sequence[Asking]:
        """Which returns of the project that is named are asked for of the period that is named."""
        try:
            period = Period.parse(self.data.period)
        except ValueError:
            return ()
        return askings(self.ledger, lists_of(self.ledger, self.data.project, period.year), period)

    @property
    def drafted(self) -> Drafted | None:
        """The draft, or the notice that was served, which the submission names."""
        shape = SHAPES[type(self.data)]
        return self.ledger.get(Drafted, f"{shape.kind}/{getattr(self.data, shape.entity)}")

    @property
    def matter(self) -> MatterLife | None:
        """The matter that the submission names. Of what a rule proposed nobody else hears before its unit is told."""
        life = self.ledger.get(MatterLife, self.data.matter)
        is_told = life is not None and life.given_on is not None
        return life if is_told or self._hears_of_drafts else None

    @property
    def _hears_of_drafts(self) -> bool:
        return bool(_INSIDE & self.capacities) or sees_unsealed(self.ledger, self.submission.actor)

    @property
    def known_problem(self) -> ProblemLife | None:
        """The problem that the submission names, if it is known."""
        return self.ledger.get(ProblemLife, getattr(self.data, "problem", ""))
