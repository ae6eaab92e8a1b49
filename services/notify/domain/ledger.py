"""What notify keeps: matters and their place on the ladder, drafts with their signatures, numbers given."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from shared.core.events import (
    BulletinDrafted,
    Item,
    MatterProposed,
    NoticeDeclined,
    NoticeDrafted,
    Paused,
    ReminderSent,
)
from shared.core.regime.model import SignStep


@dataclass(frozen=True, slots=True)
class Pursuit:
    """The one live matter of a rule and a subject, and how far up its ladder it is.

    Kept under `list/rule/subject`. No matter is live once the subject no longer meets the rule, unless the regime keeps
    opened ones until they are struck off; meeting it again is another matter. `steps_taken`: steps taken or passed
    over; `hits`: how often the rule was hit; `last_at`: when a step was last taken.
    """

    matter: str
    steps_taken: int
    hits: int = 0
    last_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Matter:
    """A supervised matter (督查事项).

    The first signature opens it; the regime in force then is its own for good.
    """

    proposed: MatterProposed
    state: Literal["proposed", "open", "struck_off"]
    step: str = ""
    opened_at: datetime | None = None
    regime_version: int | None = None


@dataclass(frozen=True, slots=True)
class Wait:
    """What holds up a matter, whoever opened it: a pause, an objection, another day by which it is due.

    Kept under the matter.
    """

    pause: Paused | None = None
    is_contested: bool = False
    due_on: date | None = None


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
    declined: NoticeDeclined | None = None


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


@dataclass(frozen=True, slots=True)
class Circulation:
    """What a served notice puts into the next bulletin that criticises, and the one that took it up.

    Kept under the notice's id.
    """

    list: str
    items: tuple[Item, ...]
    bulletin: str = ""
