"""The text of a reminder or a notice: put together from its parts, and taken apart again by its lines."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from services.notify.domain.ladder import competent_for, form_of
from services.notify.domain.steps import demands
from services.notify.domain.text import Say, date_of, listed, measure_value, mode_note, one_line, term
from shared.core.calendar import Moment, Period
from shared.core.events import Item, NoticeDrafted, RuleHit, UnitRegistered
from shared.core.ledger import Ledger
from shared.core.regime.model import Regime, Step
from shared.core.register import opening, published_list, zone_of
from shared.core.time_names import period_name


@dataclass(frozen=True, slots=True)
class Letter:
    """The text of a notice by its parts; `note` says that figures are invented, where they are."""

    addressee: str
    body: tuple[str, ...]
    issuer: str
    date: str
    note: str


def notice_text(
    ledger: Ledger, moment: Moment, regime: Regime, step: Step, hits: Sequence[RuleHit], items: Sequence[Item], say: Say
) -> str:
    """To whom, the facts one subject a line, what is asked by when, and who else is named.

    All hits are one unit's. What is not the office's to do is addressed to the body whose it is.
    """
    unit = _unit_name(ledger, hits[0].unit)
    acts = form_of(step) == "acts"
    is_for_owners = any(hit.investment_nature == "non_government" for hit in hits)
    lines = [
        say("To {unit}:", unit=unit if acts else term(competent_for(step), say)),
        say(
            "At the end of {period}, the following of {list} met the rule for supervision:",
            period=period_name(moment.period, say), list=one_line(_list_name(ledger, moment)),
        ),
        *(_fact(place, item, say) for place, item in enumerate(items, start=1)),
        *([] if acts else [say("Responsible unit: {unit}.", unit=unit)]),
        *map(one_line, demands(step, say, is_for_owners=is_for_owners)),
        *_named(ledger, step, hits, say),
        one_line(regime.issuer.body),
        date_of(moment.at, zone_of(ledger), say),
    ]  # fmt: skip
    return "\n".join([*lines, mode_note(opening(ledger).mode, say)]).rstrip("\n")


def letter(text: str) -> Letter:
    """Take the text of a notice apart again, line by line as `notice_text` puts it together."""
    addressee, *lines = text.split("\n")
    note = lines.pop() if lines and lines[-1].startswith(("(", "（")) else ""
    date, issuer = (lines.pop() if lines else "" for _ in range(2))
    return Letter(addressee, tuple(lines), issuer, date, note)


def worded(draft: NoticeDrafted, words: str) -> str:
    """The text of a draft with other words for what it asks; whom it is to, the facts, who is named and signs stay."""
    lines = draft.text.split("\n")
    kept = 2 + len(draft.items) + (0 if draft.form == "acts" else 1)
    ends = 3 if lines[-1].startswith(("(", "（")) else 2
    ends += 1 if draft.addressees else 0
    return "\n".join([*lines[:kept], *words.strip().split("\n"), *lines[-ends:]])


def addressees(step: Step, hits: Sequence[RuleHit]) -> tuple[str, ...]:
    """Who is served, as `role:code`: nobody by name where it is the lead unit alone; `role:` where nobody holds it."""
    if step.serve == ("lead_unit",):
        return ()
    found = [f"{role}:{code}" for role in step.serve for hit in hits for code in _holders(hit, role) or ()]
    empty = [f"{role}:" for role in step.serve for hit in hits if _holders(hit, role) == ()]
    return tuple(dict.fromkeys([*found, *empty]))


def _holders(hit: RuleHit, role: str) -> tuple[str, ...] | None:
    return hit.holders.get(role, (hit.unit,) if role == "lead_unit" else None)


def _named(ledger: Ledger, step: Step, hits: Sequence[RuleHit], say: Say) -> Iterator[str]:
    if step.serve == ("lead_unit",):
        return
    served = [addressee.split(":", 1) for addressee in addressees(step, hits)]
    unknown = [role for role in step.serve if role not in {named for named, _ in served}]
    named = [_holder(ledger, role, code, say) for role, code in served]
    names = listed([*named, *(term(role, say) for role in unknown)], say)
    yield (
        say("Addressees: {names}.", names=names) if form_of(step) == "acts" else say("Concerned: {names}.", names=names)
    )


def _holder(ledger: Ledger, role: str, code: str, say: Say) -> str:
    if not code:
        return say("{role} (nobody holds this role)", role=term(role, say))
    return say("{role} {name}", role=term(role, say), name=_unit_name(ledger, code))


def _unit_name(ledger: Ledger, code: str) -> str:
    """A person has no other name here than the code."""
    unit = ledger.get(UnitRegistered, code)
    return one_line(unit.name if unit else code)


def _fact(place: int, item: Item, say: Say) -> str:
    # A row names its project and its unit: by their names they stand in the letter already.
    known = {name: value for name, value in item.displayed.items() if value != "-" and name not in {"project", "unit"}}
    figures = say("; ").join(
        say("{name} {value}", name=term(name, say), value=one_line(measure_value(name, value, say)))
        for name, value in known.items()
    )
    if not figures:
        return say("{place}. {name}.", place=place, name=one_line(item.name))
    return say("{place}. {name}: {figures}.", place=place, name=one_line(item.name), figures=figures)


def _list_name(ledger: Ledger, moment: Moment) -> str:
    published = published_list(ledger, moment.list, Period.parse(moment.period).year)
    return published.name if published else moment.list
