"""What may be read of matters, notices and bulletins, and by whom."""

from services.notify.domain.ledger import BulletinFile, Matter, NoticeFile
from shared.core.ledger import Ledger
from shared.core.register import posts_of, sees_unsealed


def units_of(ledger: Ledger, person: str | None) -> set[str]:
    return {unit for _, unit, _ in posts_of(ledger, person or "")}


def matters(ledger: Ledger, person: str | None) -> list[Matter]:
    """All for those who see what is not out yet; for a unit its own, once it was told of them."""
    found = sorted(ledger.all(Matter).values(), key=lambda matter: (matter.proposed.moment, matter.proposed.matter))
    if sees_unsealed(ledger, person):
        return found
    mine = units_of(ledger, person)
    return [matter for matter in found if matter.proposed.unit in mine and matter.step]


def may_see_notice(ledger: Ledger, person: str | None, *, unit: str, is_out: bool) -> bool:
    return sees_unsealed(ledger, person) or (is_out and unit in units_of(ledger, person))


def drafts(ledger: Ledger) -> tuple[list[NoticeFile], list[BulletinFile]]:
    """What waits for a signature."""
    notices = [kept for kept in ledger.all(NoticeFile).values() if not kept.served]
    return notices, [kept for kept in ledger.all(BulletinFile).values() if not kept.sealed]
