"""What a bulletin is called in the record, and who may read it from when.

An audience is reached after the one before it, and nobody reads before that (000-4b: 「拟通报的问题要严守秘密」).
"""

from datetime import datetime
from zoneinfo import ZoneInfo

from shared.core.calendar import WorkingCalendar
from shared.core.deadlines import closed_at
from shared.core.ledger import BEFORE_ALL_TIME, Ledger
from shared.core.regime.publishing import Audience, Bulletin
from shared.core.register import posts_of, sees_unsealed, working_calendar, zone_of


def bulletin_id(list_code: str, occasion: str, bulletin: Bulletin) -> str:
    """The one of a list and a period, or of what called for it."""
    return f"b-{list_code}-{occasion}-{bulletin.id}"


def reached_at(
    bulletin: Bulletin, audience: Audience, issued: datetime, calendar: WorkingCalendar, zone: ZoneInfo
) -> datetime:
    """When an audience is reached: each its span after the one before, the first at the issue."""
    at = issued
    for _ in range(bulletin.audience.index(audience)):
        at = closed_at(at, bulletin.then_after, calendar, zone)
    return at


def readable_from(
    bulletin: Bulletin, audience: Audience, *, sealed_at: datetime | None, calendar: WorkingCalendar, zone: ZoneInfo
) -> datetime | None:
    """From when an audience may read it. None: not yet, or never."""
    if audience not in bulletin.audience or (sealed_at is None and bulletin.embargo == "until_sealed"):
        return None
    return BEFORE_ALL_TIME if sealed_at is None else reached_at(bulletin, audience, sealed_at, calendar, zone)


def may_read(ledger: Ledger, person: str | None, bulletin: Bulletin, *, sealed_at: datetime | None) -> bool:
    """Whether it has reached a person by the ledger's clock; the office and the approvers read it at once."""
    if sees_unsealed(ledger, person):
        return True
    calendar, zone = working_calendar(ledger, known_at=sealed_at or ledger.clock), zone_of(ledger)
    found = (
        readable_from(bulletin, audience, sealed_at=sealed_at, calendar=calendar, zone=zone)
        for audience in _audiences_of(ledger, person)
    )
    return any(at is not None and at <= ledger.clock for at in found)


def _audiences_of(ledger: Ledger, person: str | None) -> tuple[Audience, ...]:
    """Leaders are those who sponsor projects; whoever holds a post belongs to a unit; the public is everybody."""
    posts = {post for post, _, _ in posts_of(ledger, person or "")}
    leads: tuple[Audience, ...] = ("leaders", "leading_group") if "sponsor_leader" in posts else ()
    return (*leads, "units", "public") if posts else ("public",)
