"""What notify keeps: matters and their place on the ladder, drafts with their signatures, numbers given."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from shared.core.events import BulletinDrafted, MatterProposed, NoticeDrafted, ReminderSent
from shared.core.regime.model import SignStep


@dataclass(frozen=True, slots=True)
class Pursuit:
    """The one live matter of a rule and a subject, and the steps taken of its ladder.

    Kept under `list/rule/subject`. No matter is live once the subject no longer meets the rule; meeting it
    again is another matter.
    """

    matter: str
    steps_taken: int


@dataclass(frozen=True, slots=True)
class Matter:
    """A supervised matter (督查事项).

    The first signature opens it; the regime in force then is its own for good.
    """

    proposed: MatterProposed
    state: Literal["proposed", "open"]
    step: str = ""
    opened_at: datetime | None = None
    regime_version: int | None = None


@dataclass(frozen=True, slots=True)
class Signed:
    """One signature: which step of the chain, by whom, when."""

    step: SignStep
    actor: str
    at: datetime


@dataclass(frozen=True, slots=True)
class NoticeFile:
    """A drafted notice and what became of it."""

    draft: NoticeDrafted
    signed: tuple[Signed, ...] = ()
    served: bool = False
    signed_for_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class ReminderFile:
    """A reminder that went out, and when its addressee signed for it."""

    sent: ReminderSent
    signed_for_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class BulletinFile:
    """A drafted bulletin and what became of it."""

    draft: BulletinDrafted
    signed: tuple[Signed, ...] = ()
    sealed: bool = False


@dataclass(frozen=True, slots=True)
class Numbering:
    """The last number given under an issuer's sign in a year. Kept under `sign/year`."""

    last: int
