"""From a draw to the facts of a bulletin, and from the last signature to its seal."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from services.notify.domain.facts import facts_of
from services.notify.domain.ledger import BulletinFile, Circulation
from services.notify.domain.sections import paragraph
from services.notify.domain.sign import next_number, sign
from services.notify.domain.text import Say
from shared.core.bulletins import bulletin_id
from shared.core.calendar import Moment, Period
from shared.core.digest import digest
from shared.core.errors import CannotApply
from shared.core.events import (
    BulletinApproved,
    BulletinDrafted,
    BulletinSealed,
    BulletinTextSet,
    Facts,
    LineDrawn,
    NoticesEvent,
    Recorded,
    StandingsDrawn,
)  # fmt: skip
from shared.core.ledger import Ledger
from shared.core.moments import issued_at
from shared.core.regime.model import Bulletin, Regime
from shared.core.regime.names import naming
from shared.core.register import need, regime_for, zone_of


def draft_bulletins(
    ledger: Ledger, moment: Moment, lines: Sequence[LineDrawn], drawn: StandingsDrawn, *, say: Say
) -> Iterator[NoticesEvent]:
    """Draft each bulletin whose issue this moment is, from its draw and from what served notices put into it."""
    regime = _regime(ledger, moment.list, moment.period)
    for bulletin in issued_at(ledger, moment, regime):
        circulated = _take_up(ledger, moment, bulletin)
        facts = facts_of(ledger, moment, regime, bulletin, lines, drawn, circulated=circulated, say=say)
        yield _draft(ledger, moment, bulletin, facts, drawn, say)


def approve_bulletin(ledger: Ledger, recorded: Recorded[BulletinApproved]) -> Iterator[NoticesEvent]:
    """Add the signature whose turn it is; the last seals the bulletin for good, with its number."""
    data, kept = recorded.data, _waiting(ledger, recorded.data)
    signed = sign(kept.draft.sign_off, kept.signed, recorded)
    sealed = len(signed) == len(kept.draft.sign_off)
    ledger.put(data.bulletin, replace(kept, signed=signed, sealed=sealed))
    if sealed:
        yield _seal(ledger, recorded, kept.draft)


def word_bulletin(ledger: Ledger, recorded: Recorded[BulletinTextSet]) -> Iterator[NoticesEvent]:
    """Draw the bulletin again with other words in one section; the signatures on the older draft are void."""
    data, kept = recorded.data, _waiting(ledger, recorded.data)
    draft = kept.draft
    if data.section not in draft.facts.sections:
        raise CannotApply(f"bulletin {data.bulletin} has no section {data.section}")
    place = draft.facts.sections.index(data.section)
    paragraphs = (*draft.paragraphs[:place], data.text, *draft.paragraphs[place + 1 :])
    draft = replace(draft, paragraphs=paragraphs, worded_by=recorded.id)
    draft = replace(draft, digest=_digest(draft))
    ledger.put(data.bulletin, replace(kept, draft=draft, signed=()))
    yield draft


def _waiting(ledger: Ledger, data: BulletinApproved | BulletinTextSet) -> BulletinFile:
    kept = need(ledger.get(BulletinFile, data.bulletin), f"bulletin {data.bulletin} was never drafted")
    if kept.draft.digest != data.draft_digest or kept.sealed:
        raise CannotApply(f"bulletin {data.bulletin} has another draft, or is sealed")
    return kept


def _digest(draft: BulletinDrafted) -> str:
    return digest([draft.facts, draft.paragraphs])


def _take_up(ledger: Ledger, moment: Moment, bulletin: Bulletin) -> list[Circulation]:
    """What served notices put into the next bulletin that criticises: it stands in one only."""
    if "criticised" not in bulletin.sections:
        return []
    every = sorted(ledger.all(Circulation).items())
    waiting = [(notice, one) for notice, one in every if one.list == moment.list and not one.bulletin]
    for notice, one in waiting:
        ledger.put(notice, replace(one, bulletin=bulletin_id(moment.list, moment.period, bulletin)))
    return [one for _, one in waiting]


def _seal(ledger: Ledger, recorded: Recorded[BulletinApproved], draft: BulletinDrafted) -> BulletinSealed:
    year = recorded.recorded_at.astimezone(zone_of(ledger)).year
    rule = need(rule_of(ledger, draft), f"no rule calls for the bulletin {draft.bulletin}")
    number = next_number(ledger, sign=draft.facts.writes_as, year=year, template=rule.number)
    return BulletinSealed(
        bulletin=draft.bulletin, list=draft.list, number=number, sealed_at=recorded.recorded_at,
        signed_by=recorded.actor, facts=draft.facts, paragraphs=draft.paragraphs, digest=draft.digest,
    )  # fmt: skip


def rule_of(ledger: Ledger, stated: BulletinDrafted | BulletinSealed) -> Bulletin | None:
    """The rule that called for a bulletin."""
    period = stated.facts.period
    regime = regime_for(ledger, stated.list, Period.parse(period))
    rules = regime.bulletins if regime else ()
    return next((one for one in rules if bulletin_id(stated.list, period, one) == stated.bulletin), None)


def _regime(ledger: Ledger, code: str, period: str) -> Regime:
    return need(regime_for(ledger, code, Period.parse(period)), f"list {code} has no regime")


def _draft(
    ledger: Ledger, moment: Moment, bulletin: Bulletin, facts: Facts, drawn: StandingsDrawn, say: Say
) -> BulletinDrafted:
    say = naming(say, facts.names)
    draft = BulletinDrafted(
        bulletin=bulletin_id(moment.list, moment.period, bulletin), list=moment.list, moment=moment.id,
        facts=facts, paragraphs=tuple(paragraph(section, facts, say) for section in bulletin.sections),
        sign_off=bulletin.sign_off, parked_count=drawn.parked_count, digest="",
    )  # fmt: skip
    draft = replace(draft, digest=_digest(draft))
    ledger.put(draft.bulletin, BulletinFile(draft))
    return draft
