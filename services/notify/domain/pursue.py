"""From rules hit to matters, reminders and drafted notices; from signatures to notices served."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

from services.notify.domain.ledger import Matter, NoticeFile, Numbering, Pursuit, ReminderFile, Signed
from services.notify.domain.text import Say, notice_text, notice_title
from shared.core.calendar import Moment, Period, end_of
from shared.core.digest import digest
from shared.core.errors import CannotApply
from shared.core.events import (
    BulletinApproved,
    Item,
    MatterProposed,
    NoticeApproved,
    NoticeDrafted,
    NoticeServed,
    NoticesEvent,
    NoticeSignedFor,
    Recorded,
    ReminderSent,
    RuleHit,
)  # fmt: skip
from shared.core.ledger import Ledger
from shared.core.regime.model import Regime, SignStep, Step
from shared.core.register import adopted_version, need, regime_at, regime_for, working_calendar, zone_of


class Letter(NamedTuple):
    """What makes one notice of several items: the same ladder, the same step, the same addressee."""

    ladder: str
    step: Step
    unit: str


def pursue(
    ledger: Ledger, moment: Moment, hits: Sequence[RuleHit], *, undecided: Sequence[str] = (), say: Say
) -> Iterator[NoticesEvent]:
    """Take each hit one step up its ladder.

    All that one unit is told at one step of one ladder is one notice.
    """
    period = Period.parse(moment.period)
    regime = need(regime_for(ledger, moment.list, period), f"list {moment.list} has no regime")
    letters: dict[Letter, list[Item]] = defaultdict(list)
    for hit in hits:
        key = f"{moment.list}/{hit.rule}/{hit.subject}"
        pursuit = ledger.get(Pursuit, key)
        if pursuit is None or not pursuit.matter:
            pursuit = Pursuit(_matter_id(ledger, moment, hit), 0)
            ledger.put(key, pursuit)
            yield _propose(ledger, moment, hit, pursuit.matter)
        steps = _ladder(ledger, pursuit.matter, regime, hit.ladder)
        if pursuit.steps_taken < len(steps):
            letters[Letter(hit.ladder, steps[pursuit.steps_taken], hit.unit)].append(_item(hit, pursuit.matter))
            ledger.put(key, replace(pursuit, steps_taken=pursuit.steps_taken + 1))
    _let_go(ledger, moment, regime, {f"{hit.rule}/{hit.subject}" for hit in hits} | {*undecided})
    for letter, items in letters.items():
        yield _take_step(ledger, moment, regime, letter, items, say=say)


def approve_notice(ledger: Ledger, recorded: Recorded[NoticeApproved]) -> Iterator[NoticesEvent]:
    """Add the signature whose turn it is. The first opens the matters; the last serves the notice."""
    data = recorded.data
    kept = need(ledger.get(NoticeFile, data.notice), f"notice {data.notice} was never drafted")
    if kept.draft.digest != data.draft_digest or kept.served:
        raise CannotApply(f"notice {data.notice} has another draft, or is served")
    signed = sign(kept.draft.sign_off, kept.signed, recorded)
    served = len(signed) == len(kept.draft.sign_off)
    ledger.put(data.notice, replace(kept, signed=signed, served=served))
    list_code = kept.draft.list
    regime = need(regime_at(ledger, list_code, recorded.recorded_at), f"list {list_code} has no regime")
    _open_matters(ledger, recorded, kept.draft, regime)
    if served:
        yield _serve(ledger, recorded, kept.draft, regime)


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


def _ladder(ledger: Ledger, matter: str, regime: Regime, name: str) -> tuple[Step, ...]:
    """The steps for a matter: of the regime under which it was opened, else of the one now in force."""
    kept = ledger.get(Matter, matter)
    version = kept.regime_version if kept else None
    own = adopted_version(ledger, kept.proposed.list, version) if kept and version is not None else None
    return ((own.ladders if own else None) or {}).get(name) or (regime.ladders or {}).get(name, ())


def _matter_id(ledger: Ledger, moment: Moment, hit: RuleHit) -> str:
    return "m-" + digest([ledger.jurisdiction, moment.id, hit.rule, hit.subject_kind, hit.subject])[:20]


def _propose(ledger: Ledger, moment: Moment, hit: RuleHit, matter: str) -> MatterProposed:
    proposed = MatterProposed(
        matter=matter, list=moment.list, rule=hit.rule, subject_kind=hit.subject_kind, subject=hit.subject,
        name=hit.name, unit=hit.unit, moment=moment.id, displayed=hit.displayed,
    )  # fmt: skip
    ledger.put(matter, Matter(proposed, "proposed"))
    return proposed


def _item(hit: RuleHit, matter: str) -> Item:
    return Item(matter=matter, rule=hit.rule, subject=hit.subject, name=hit.name, displayed=hit.displayed)


def _let_go(ledger: Ledger, moment: Moment, regime: Regime, live: set[str]) -> None:
    """A subject that no longer meets a rule starts at the foot of the ladder the next time."""
    still = {f"{moment.list}/{one}" for one in live}
    cadence = Period.parse(moment.period).cadence
    rules = [rule.id for rule in regime.supervision_rules if rule.held.of == cadence]
    judged = tuple(f"{moment.list}/{rule}/" for rule in rules)
    for key, pursuit in list(ledger.all(Pursuit).items()):
        if key.startswith(judged) and key not in still and pursuit.matter:
            ledger.put(key, Pursuit("", 0))


def _take_step(
    ledger: Ledger, moment: Moment, regime: Regime, letter: Letter, items: Sequence[Item], *, say: Say
) -> ReminderSent | NoticeDrafted:
    step, unit = letter.step, letter.unit
    notice = "n-" + digest([ledger.jurisdiction, moment.id, *letter])[:20]
    for item in items:
        matter = need(ledger.get(Matter, item.matter), f"matter {item.matter} was never proposed")
        ledger.put(item.matter, replace(matter, step=step.step))
    title, text = notice_title(step, say), notice_text(ledger, moment, regime, step, unit, items, say)
    if step.unsigned:
        sent = ReminderSent(
            notice=notice, list=moment.list, step=step.step, unit=unit, moment=moment.id, at=moment.at,
            items=tuple(items), title=title, text=text,
        )  # fmt: skip
        ledger.put(notice, ReminderFile(sent))
        return sent
    draft = NoticeDrafted(
        notice=notice, list=moment.list, step=step.step, unit=unit, moment=moment.id, items=tuple(items),
        title=title, text=text, sign_off=step.sign_off, digest="",
        rectify_within_working_days=step.rectify_within.working_days if step.rectify_within else None,
    )  # fmt: skip
    draft = replace(draft, digest=digest(draft))
    ledger.put(notice, NoticeFile(draft))
    return draft


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
    within = draft.rectify_within_working_days
    last_day = None if within is None else calendar.after(served_at.astimezone(zone).date(), within)
    year, issuer = served_at.astimezone(zone).year, regime.issuer
    return NoticeServed(
        notice=draft.notice, list=draft.list, step=draft.step, unit=draft.unit, issuer=issuer.body,
        number=next_number(ledger, sign=issuer.writes_as, year=year, template="〔{year}〕{n}号"),
        signed_by=recorded.actor, signed_at=signed_at, served_at=served_at,
        rectify_by=end_of(last_day, zone) if last_day else None, items=draft.items, title=draft.title,
        text=draft.text, digest=draft.digest,
    )  # fmt: skip
