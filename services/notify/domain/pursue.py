"""From rules hit to matters, and up their ladders: reminders, drafts of notices, proposals and referrals."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from services.notify.domain.acts import extended_to, is_held_up
from services.notify.domain.ladder import competent_for, form_of, next_steps, rungs
from services.notify.domain.ledger import Matter, NoticeFile, Pursuit, ReminderFile
from services.notify.domain.letter import addressees, notice_text
from services.notify.domain.steps import notice_title
from services.notify.domain.text import Say
from shared.core import deadlines
from shared.core.calendar import Moment, Period
from shared.core.digest import digest
from shared.core.events import Item, MatterProposed, NoticeDrafted, NoticesEvent, ReminderSent, RuleHit
from shared.core.ledger import Ledger
from shared.core.matters import proposed_id
from shared.core.regime.model import Ladder, Regime, Step, WorkingDays
from shared.core.regime.names import naming, own_names
from shared.core.register import adopted_version, need, opening, regime_for, working_calendar, zone_of


@dataclass(frozen=True, slots=True)
class Bundle:
    """What makes one notice of several items: the same ladder, the same step, the same responsible unit."""

    step: Step
    hits: list[RuleHit] = field(default_factory=list)
    items: list[Item] = field(default_factory=list)


def pursue(
    ledger: Ledger, moment: Moment, hits: Sequence[RuleHit], *, undecided: Sequence[str] = (), say: Say
) -> Iterator[NoticesEvent]:
    """Take each hit up its ladder: the step that is due, those that go with it, or the last one again.

    All that one unit is told at one step of one ladder is one notice. What waits takes no step, and no hit counts.
    """
    period = Period.parse(moment.period)
    regime = need(regime_for(ledger, moment.list, period), f"list {moment.list} has no regime")
    say = naming(say, own_names(regime, say))
    bundles: dict[str, Bundle] = {}
    for found in hits:
        # What is about no unit, the office itself must see to.
        hit = found if found.unit else replace(found, unit=opening(ledger).office)
        key = f"{moment.list}/{hit.rule}/{hit.subject}"
        pursuit = ledger.get(Pursuit, key)
        if (pursuit is not None and _is_over(ledger, pursuit)) or _waits(ledger, moment, regime, pursuit, hit):
            continue
        if pursuit is None or not pursuit.matter:
            pursuit = Pursuit(_matter_id(ledger, moment, hit), 0)
            yield _propose(ledger, moment, hit, pursuit.matter)
        ladder = _ladder(ledger, pursuit.matter, regime, hit.ladder)
        pursuit = replace(pursuit, hits=hit.hits or pursuit.hits + 1)
        due = _due(ledger, moment, regime, ladder, pursuit, hit)
        for place in due:
            bundle = bundles.setdefault(_notice_id(ledger, moment, hit, ladder[place]), Bundle(ladder[place]))
            bundle.hits.append(hit)
            bundle.items.append(_item(hit, pursuit.matter))
        climbed = replace(pursuit, steps_taken=due[-1] + 1, last_at=moment.at) if due else pursuit
        ledger.put(key, climbed)
    _let_go(ledger, moment, regime, {f"{hit.rule}/{hit.subject}" for hit in hits} | {*undecided})
    for notice, bundle in bundles.items():
        yield _take_step(ledger, moment, regime, notice, bundle, say=say)


def _is_over(ledger: Ledger, pursuit: Pursuit) -> bool:
    matter = ledger.get(Matter, pursuit.matter)
    return matter is not None and matter.state == "struck_off"


def _waits(ledger: Ledger, moment: Moment, regime: Regime, pursuit: Pursuit | None, hit: RuleHit) -> bool:
    """Whether a matter waits where it is: held up, or due only on a later day, or about a matter that is held up."""
    day = moment.at.astimezone(zone_of(ledger)).date()
    if hit.subject_kind == "matter" and is_held_up(ledger, hit.subject, day, regime.appeal_right):
        return True
    if pursuit is None:
        return False
    due_on = extended_to(ledger, pursuit.matter)
    is_extended = due_on is not None and day <= due_on
    return is_extended or is_held_up(ledger, pursuit.matter, day, regime.appeal_right)


def _due(
    ledger: Ledger, moment: Moment, regime: Regime, ladder: Ladder, pursuit: Pursuit, hit: RuleHit
) -> tuple[int, ...]:
    """The places of the steps to be taken now; where there is none, of the last one once its `repeat` is over."""
    known = rungs(ladder, hit, (regime.ladders or {}).get(hit.ladder, ()))
    due = next_steps(ladder, known, steps_taken=pursuit.steps_taken, hits=pursuit.hits)
    last = pursuit.steps_taken - 1
    if due or last not in known.open or pursuit.last_at is None or (repeat := ladder[last].repeat) is None:
        return due
    calendar = working_calendar(ledger, known_at=pursuit.last_at)
    return (last,) if deadlines.after(pursuit.last_at, repeat, calendar, zone_of(ledger)) <= moment.at else ()


def _ladder(ledger: Ledger, matter: str, regime: Regime, name: str) -> Ladder:
    """The steps for a matter: of the regime under which it was opened, else of the one now in force."""
    kept = ledger.get(Matter, matter)
    version = kept.regime_version if kept else None
    own = adopted_version(ledger, kept.proposed.list, version) if kept and version is not None else None
    return ((own.ladders if own else None) or {}).get(name) or (regime.ladders or {}).get(name, ())


def _matter_id(ledger: Ledger, moment: Moment, hit: RuleHit) -> str:
    return proposed_id(ledger.jurisdiction, moment.id, hit.rule, hit.subject_kind, hit.subject)


def _notice_id(ledger: Ledger, moment: Moment, hit: RuleHit, step: Step) -> str:
    return "n-" + digest([ledger.jurisdiction, moment.id, hit.ladder, step, hit.unit])[:20]


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
    """A subject that no longer meets a rule starts at the foot of the ladder the next time.

    Where the regime keeps matters until they are struck off, one that was opened is not let go.
    """
    still = {f"{moment.list}/{one}" for one in live}
    cadence = Period.parse(moment.period).cadence
    rules = [rule.id for rule in regime.supervision_rules if rule.held.of == cadence]
    judged = tuple(f"{moment.list}/{rule}/" for rule in rules)
    keeps_opened = regime.matters is not None and regime.matters.until_struck_off
    for key, pursuit in list(ledger.all(Pursuit).items()):
        if key.startswith(judged) and key not in still and pursuit.matter:
            matter = ledger.get(Matter, pursuit.matter)
            if not (keeps_opened and matter is not None and matter.state == "open"):
                ledger.put(key, Pursuit("", 0))


def _take_step(
    ledger: Ledger, moment: Moment, regime: Regime, notice: str, bundle: Bundle, *, say: Say
) -> ReminderSent | NoticeDrafted:
    step, items, form = bundle.step, tuple(bundle.items), form_of(bundle.step)
    # What is another body's to take stays with the office, which hands it over: the unit does not hear of it.
    unit = bundle.hits[0].unit if form == "acts" else opening(ledger).office
    for item in items if form == "acts" else ():
        matter = need(ledger.get(Matter, item.matter), f"matter {item.matter} was never proposed")
        ledger.put(item.matter, replace(matter, step=step.step))
    title, text = notice_title(step, say), notice_text(ledger, moment, regime, step, bundle.hits, items, say)
    named, competent = addressees(step, bundle.hits), competent_for(step)
    if step.unsigned:
        sent = ReminderSent(
            notice=notice, list=moment.list, step=step.step, unit=unit, moment=moment.id, at=moment.at, items=items,
            title=title, text=text, addressees=named, competent=competent, form=form,
        )  # fmt: skip
        ledger.put(notice, ReminderFile(sent))
        return sent
    # No clock runs against anybody before the competent body has decided.
    rectify_within, reply_within = (step.rectify_within, step.reply_within) if form == "acts" else (None, None)
    draft = NoticeDrafted(
        notice=notice, list=moment.list, step=step.step, unit=unit, moment=moment.id, items=items, title=title,
        text=text, sign_off=step.sign_off, digest="", addressees=named, competent=competent, form=form,
        rectify_within_working_days=rectify_within.working_days if isinstance(rectify_within, WorkingDays) else None,
        rectify_within=rectify_within, reply_within=reply_within, circulate=step.circulate or "",
    )  # fmt: skip
    draft = replace(draft, digest=digest(draft))
    ledger.put(notice, NoticeFile(draft))
    return draft
