"""The vocabulary: every event that may stand in the three streams, and the envelope it comes in.

Classes here are for ever: fields are added with defaults, never renamed or removed; a new meaning is a new class.
Money is in yuan. A class's kind and the field that names its entity stand in its `@event` line, not in its fields.
"""

from typing import Any

from shared.core.events.notices import (
    BulletinDrafted,
    BulletinLine,
    BulletinSealed,
    Facts,
    Item,
    MatterProposed,
    NoticeDrafted,
    NoticeServed,
    NoticesEvent,
    ReminderSent,
)
from shared.core.events.record import (
    BulletinApproved,
    CalendarPublished,
    JurisdictionOpened,
    ListPublished,
    Mode,
    NoticeApproved,
    NoticeSignedFor,
    PlanSet,
    PostAssigned,
    PostEnded,
    PostName,
    ProgressCorrected,
    ProgressReported,
    ProjectListed,
    RecordEvent,
    RegimeAdopted,
    StageChanged,
    TimeReached,
    UnitRegistered,
)
from shared.core.events.standings import LineDrawn, RuleHit, StandingsDrawn, StandingsEvent
from shared.core.events.vocabulary import CLASSES, SHAPES, Recorded, Shape, entity_of

Event = RecordEvent | StandingsEvent | NoticesEvent
AnyRecorded = Recorded[Any]

__all__ = [
    "CLASSES",
    "SHAPES",
    "AnyRecorded",
    "BulletinApproved",
    "BulletinDrafted",
    "BulletinLine",
    "BulletinSealed",
    "CalendarPublished",
    "Event",
    "Facts",
    "Item",
    "JurisdictionOpened",
    "LineDrawn",
    "ListPublished",
    "MatterProposed",
    "Mode",
    "NoticeApproved",
    "NoticeDrafted",
    "NoticeServed",
    "NoticeSignedFor",
    "NoticesEvent",
    "PlanSet",
    "PostAssigned",
    "PostEnded",
    "PostName",
    "ProgressCorrected",
    "ProgressReported",
    "ProjectListed",
    "RecordEvent",
    "Recorded",
    "RegimeAdopted",
    "ReminderSent",
    "RuleHit",
    "Shape",
    "StageChanged",
    "StandingsDrawn",
    "StandingsEvent",
    "TimeReached",
    "UnitRegistered",
    "entity_of",
]
