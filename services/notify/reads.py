"""What may be read of matters, notices and bulletins, and by whom."""

from dataclasses import replace

from services.notify.domain.bulletin import rule_of
from services.notify.domain.ledger import BulletinFile, Matter, NoticeFile, ReminderFile
from shared.core.bulletins import may_read
from shared.core.calendar import Moment
from shared.core.events import BulletinDrafted, BulletinSealed, NoticeDrafted, ReminderSent
from shared.core.ledger import Ledger
from shared.core.register import posts_of, sees_unsealed


def units_of(ledger: Ledger, person: str | None) -> set[str]:
    return {unit for _, unit, _ in posts_of(ledger, person or "")}


def matters(ledger: Ledger, person: str | None) -> list[Matter]:
    """All for those who see what is not out yet; for a unit its own, as far as it was told of them."""
    found = sorted(ledger.all(Matter).values(), key=lambda matter: (matter.proposed.moment, matter.proposed.matter))
    if sees_unsealed(ledger, person):
        return found
    mine, told = units_of(ledger, person), _steps_told(ledger)
    return [
        replace(matter, step=told[matter.proposed.matter])
        for matter in found
        if matter.proposed.unit in mine and matter.proposed.matter in told
    ]


def _steps_told(ledger: Ledger) -> dict[str, str]:
    """The last step of each matter of which its unit has a reminder, or a notice that was served: no draft is one."""
    letters: list[ReminderSent | NoticeDrafted] = [one.sent for one in ledger.all(ReminderFile).values()]
    letters += [one.draft for one in ledger.all(NoticeFile).values() if one.served]
    told = sorted(letters, key=lambda one: Moment.parse(one.moment).order)
    return {item.matter: one.step for one in told if one.form == "acts" for item in one.items}


def may_read_bulletin(ledger: Ledger, person: str | None, stated: BulletinDrafted | BulletinSealed) -> bool:
    """A draft is read by those who prepare it; what is sealed by its audiences, each in its turn."""
    rule = rule_of(ledger, stated) if isinstance(stated, BulletinSealed) else None
    if rule is None or not isinstance(stated, BulletinSealed):
        return sees_unsealed(ledger, person)
    return may_read(ledger, person, rule, sealed_at=stated.sealed_at)


def may_see_notice(ledger: Ledger, person: str | None, *, unit: str, is_out: bool) -> bool:
    return sees_unsealed(ledger, person) or (is_out and unit in units_of(ledger, person))


def drafts(ledger: Ledger) -> tuple[list[NoticeFile], list[BulletinFile]]:
    """What waits for a signature; what was declined for good does not."""
    waiting = [kept for kept in ledger.all(NoticeFile).values() if not kept.served]
    notices = [kept for kept in waiting if kept.declined is None or kept.declined.until_on is not None]
    return notices, [kept for kept in ledger.all(BulletinFile).values() if not kept.sealed]
