"""From a draft to the notice that is served: worded otherwise, declined or signed; the last signature lets it go."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime

from services.notify.domain.acts import extended_to
from services.notify.domain.ledger import Circulation, Matter, NoticeFile, Numbering, ReminderFile, Signed
from services.notify.domain.letter import worded
from shared.core import deadlines
from shared.core.calendar import end_of
from shared.core.digest import digest
from shared.core.errors import CannotApply
from shared.core.events import (
    BulletinApproved,
    NoticeApproved,
    NoticeDeclined,
    NoticeDrafted,
    NoticeServed,
    NoticesEvent,
    NoticeSignedFor,
    NoticeTextSet,
    Recorded,
)  # fmt: skip
from shared.core.ledger import Ledger
from shared.core.regime.model import Regime, SignStep, Span, WorkingDays
from shared.core.register import need, regime_at, working_calendar, zone_of
from shared.core.responsibilities import local_day


def approve_notice(ledger: Ledger, recorded: Recorded[NoticeApproved]) -> Iterator[NoticesEvent]:
    """Add the signature whose turn it is. The first opens the matters; the last serves the notice."""
    data, kept = recorded.data, _waiting(ledger, recorded.data)
    if kept.declined and kept.declined.until_on and local_day(ledger, recorded.recorded_at) < kept.declined.until_on:
        raise CannotApply(f"notice {data.notice} is held back until {kept.declined.until_on}")
    signed = sign(kept.draft.sign_off, kept.signed, recorded)
    served = len(signed) == len(kept.draft.sign_off)
    ledger.put(data.notice, replace(kept, signed=signed, served=served))
    list_code = kept.draft.list
    regime = need(regime_at(ledger, list_code, recorded.recorded_at), f"list {list_code} has no regime")
    _open_matters(ledger, recorded, kept.draft, regime)
    if served:
        yield _serve(ledger, recorded, kept.draft, regime)


def word_notice(ledger: Ledger, recorded: Recorded[NoticeTextSet]) -> Iterator[NoticesEvent]:
    """Draw the draft again with other words; its facts stay, and the signatures on the older one are void."""
    kept = _waiting(ledger, recorded.data)
    draft = replace(kept.draft, text=worded(kept.draft, recorded.data.text), digest="", worded_by="")
    # No signer sees by which event; but the same words again, or those of an older draft, are another statement.
    draft = replace(draft, digest=digest(draft), worded_by=recorded.id)
    ledger.put(draft.notice, replace(kept, draft=draft, signed=()))
    yield draft


def decline(ledger: Ledger, recorded: Recorded[NoticeDeclined]) -> None:
    """The draft is held back until a day (缓发), or for good (不发): nothing is served meanwhile."""
    kept = _waiting(ledger, recorded.data)
    ledger.put(recorded.data.notice, replace(kept, declined=recorded.data))


def _waiting(ledger: Ledger, data: NoticeApproved | NoticeTextSet | NoticeDeclined) -> NoticeFile:
    """The file of a draft that was seen as it is, and neither served nor declined for good."""
    kept = need(ledger.get(NoticeFile, data.notice), f"notice {data.notice} was never drafted")
    if kept.draft.digest != data.draft_digest or kept.served:
        raise CannotApply(f"notice {data.notice} has another draft, or is served")
    if kept.declined and kept.declined.until_on is None:
        raise CannotApply(f"notice {data.notice} is declined for good")
    return kept


def sign(
    sign_off: Sequence[SignStep],
    signed: tuple[Signed, ...],
    recorded: Recorded[NoticeApproved] | Recorded[BulletinApproved],
) -> tuple[Signed, ...]:
    """The signatures with one more. CannotApply out of turn: no signer stands in for a checker."""
    turn, step = sign_off[len(signed)], recorded.data.step
    if step != turn:
        raise CannotApply(f"it is the turn of the {turn}, not of the {step}")
    return (*signed, Signed(step, recorded.actor, recorded.recorded_at))


def sign_for(ledger: Ledger, recorded: Recorded[NoticeSignedFor]) -> None:
    """Note when the addressee first confirmed a served notice, or a reminder.

    CannotApply for anything else.
    """
    notice = recorded.data.notice
    reminder = ledger.get(ReminderFile, notice)
    if reminder is not None:
        at = reminder.signed_for_at or recorded.recorded_at
        ledger.put(notice, replace(reminder, signed_for_at=at))
        return
    kept = need(ledger.get(NoticeFile, notice), f"notice {notice} was never drafted")
    if not kept.served:
        raise CannotApply(f"notice {notice} is not served")
    ledger.put(notice, replace(kept, signed_for_at=kept.signed_for_at or recorded.recorded_at))


def next_number(ledger: Ledger, *, sign: str, year: int, template: str) -> str:
    """The next document number under an issuer's sign: numbers run through a year without gaps."""
    key = f"{sign}/{year}"
    kept = ledger.get(Numbering, key) or Numbering(0)
    ledger.put(key, Numbering(kept.last + 1))
    return sign + template.format(year=year, n=kept.last + 1)


def _open_matters(ledger: Ledger, recorded: Recorded[NoticeApproved], draft: NoticeDrafted, regime: Regime) -> None:
    for item in draft.items:
        matter = need(ledger.get(Matter, item.matter), f"matter {item.matter} was never proposed")
        if matter.state == "proposed":
            opened = replace(matter, state="open", opened_at=recorded.recorded_at, regime_version=regime.version)
            ledger.put(item.matter, opened)


def _serve(ledger: Ledger, recorded: Recorded[NoticeApproved], draft: NoticeDrafted, regime: Regime) -> NoticeServed:
    zone, signed_at = zone_of(ledger), recorded.recorded_at
    calendar = working_calendar(ledger, known_at=signed_at)
    served_at = calendar.next_office_moment(signed_at, zone)
    year, issuer = served_at.astimezone(zone).year, regime.issuer

    def by(within: Span | None) -> datetime | None:
        return None if within is None else deadlines.after(served_at, within, calendar, zone)

    def rectified_by() -> datetime | None:
        """All items are one notice's: it is due when the first of them is, each where it was extended to."""
        at, granted = by(_to_rectify(draft)), [extended_to(ledger, item.matter) for item in draft.items]
        return at and min([at if day is None else max(at, end_of(day, zone)) for day in granted], default=at)

    if draft.circulate == "next_bulletin" and draft.form == "acts":
        ledger.put(draft.notice, Circulation(draft.list, draft.items))
    return NoticeServed(
        notice=draft.notice, list=draft.list, step=draft.step, unit=draft.unit, issuer=issuer.body,
        number=next_number(ledger, sign=issuer.writes_as, year=year, template="〔{year}〕{n}号"),
        signed_by=recorded.actor, signed_at=signed_at, served_at=served_at, rectify_by=rectified_by(),
        reply_by=by(draft.reply_within), items=draft.items, title=draft.title, text=draft.text, digest=draft.digest,
        addressees=draft.addressees, competent=draft.competent, form=draft.form,
    )  # fmt: skip


def _to_rectify(draft: NoticeDrafted) -> Span | None:
    """Drafts of earlier days count in working days only."""
    within = draft.rectify_within_working_days
    return draft.rectify_within or (None if within is None else WorkingDays(working_days=within))
