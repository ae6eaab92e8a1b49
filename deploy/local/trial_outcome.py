"""How do two folds of one record differ? What is compared of each, as a process hands it to another."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, fields
from datetime import date
from decimal import Decimal
from functools import cache

from deploy.local.trial import FORMAT, Change, Differs, Moved, OtherBulletin, Rules, Side, Trial, Undecided
from shared.core.events import (
    BulletinDrafted,
    Facts,
    LineDrawn,
    MatterProposed,
    NoticeDrafted,
    NoticesEvent,
    ReminderSent,
)
from shared.core.regime.model import Regime

Key = tuple[str, str, str]
"""Period, kind, code of a subject."""
Number = tuple[str | None, str]
"""Unrounded, and as it prints."""
_SAID_NOTHING: Number = (None, "-")
_OF_THE_RULES = frozenset({"position", "as_of", "regime", "regime_version"})


@dataclass(slots=True)
class Outcome:
    """What one fold came to in the window, as far as it is compared."""

    rules: Rules | None = None
    subjects: dict[Key, tuple[str, str, dict[str, Number]]] = field(default_factory=dict)
    caused: Counter[tuple[str, str, str, str, str, str]] = field(default_factory=Counter)
    bulletins: dict[str, tuple[str, Facts]] = field(default_factory=dict)
    undecided: list[tuple[str, str, str]] = field(default_factory=list)
    parked: int = 0
    position: int = 0


def note(found: Outcome, said: NoticesEvent, code: str) -> None:
    if said.list != code:
        return
    match said:
        case MatterProposed():
            found.caused["matter", _period(said.moment), said.rule, said.subject, said.name, said.unit] += 1
        case NoticeDrafted() | ReminderSent():
            kind = "notice" if isinstance(said, NoticeDrafted) else "reminder"
            subjects, names = (", ".join(getattr(one, what) for one in said.items) for what in ("subject", "name"))
            found.caused[kind, _period(said.moment), said.step, subjects, names, said.unit] += 1
        case BulletinDrafted():
            found.bulletins[said.bulletin] = (said.facts.title, said.facts)


def _period(moment: str) -> str:
    parts = moment.split(":")
    return parts[2] if len(parts) > 2 else ""


def numbers_of(line: LineDrawn) -> dict[str, Number]:
    displayed = line.displayed
    found = {_about("measure", name): (_text(one), displayed.get(name, "-")) for name, one in line.measures.items()}
    for name, points in line.points.items():
        found[_about("points", name)] = ((text := _text(points)), text or "-")
    if line.rank is not None:
        found["rank"] = (str(line.rank), str(line.rank))
    if line.band:
        found["band"] = (line.band, line.band)
    if line.light is not None:
        found["light"] = (line.light, line.light)
    return found


@cache
def _about(kind: str, name: str) -> str:
    """One text for all lines: it goes from one process to the other but once."""
    return f"{kind}:{name}"


def _text(value: Decimal | None) -> str | None:
    return None if value is None else f"{value:f}"


def compared(
    jurisdiction: str, code: str, from_on: date | None, to_on: date | None, old: Outcome, new: Outcome, draft: Regime
) -> Trial:  # fmt: skip
    undecided = [(side, one) for side, found in _sides(old, new) for one in found.undecided]
    return Trial(
        format=FORMAT, jurisdiction=jurisdiction, list=code, position=old.position, from_on=from_on, to_on=to_on,
        in_force=old.rules or Rules(regime="", version=0), draft=Rules(regime=draft.regime, version=draft.version),
        periods=tuple(dict.fromkeys(period for period, _, _ in [*old.subjects, *new.subjects])),
        moved=tuple(_moved(old, new)), differs=tuple(_differs(old, new)), bulletins=tuple(_bulletins(old, new)),
        undecided=tuple(Undecided(side=side, period=one[0], rule=one[1], subject=one[2]) for side, one in undecided),
        parked_in_force=old.parked, parked_draft=new.parked,
    )  # fmt: skip


def _sides(old: Outcome, new: Outcome) -> tuple[tuple[Side, Outcome], tuple[Side, Outcome]]:
    return ("in_force", old), ("draft", new)


def _moved(old: Outcome, new: Outcome) -> Iterator[Moved]:
    for key in dict.fromkeys([*old.subjects, *new.subjects]):
        is_, would = old.subjects.get(key), new.subjects.get(key)
        one, other = is_[2] if is_ else {}, would[2] if would else {}
        if one == other:
            continue
        abouts = dict.fromkeys([*one, *other])
        changes = [_change(about, one.get(about, _SAID_NOTHING), other.get(about, _SAID_NOTHING)) for about in abouts]
        found = tuple(one for one in changes if one.in_force != one.draft)
        name, lane, _ = would or is_ or ("", "", {})
        if found:
            yield Moved(period=key[0], subject_kind=key[1], subject=key[2], name=name, lane=lane, changes=found)


def _change(about: str, old: Number, new: Number) -> Change:
    return Change(
        about=about, in_force=old[0], draft=new[0], in_force_displayed=old[1], draft_displayed=new[1]
    )  # fmt: skip


def _differs(old: Outcome, new: Outcome) -> Iterator[Differs]:
    for only, more in (("in_force", old.caused - new.caused), ("draft", new.caused - old.caused)):
        for kind, period, what, subject, name, unit in sorted(more):
            yield Differs(
                only=only, kind=kind, period=period, what=what, subject=subject, name=name, unit=unit  # type: ignore[arg-type]
            )  # fmt: skip
    for side, here, there in (("in_force", old, new), ("draft", new, old)):
        for code, (title, facts) in here.bulletins.items():
            if code not in there.bulletins:
                yield Differs(
                    only=side, kind="bulletin", period=facts.period, what=facts.kind, subject=code, name=title, unit=""  # type: ignore[arg-type]
                )  # fmt: skip


def _bulletins(old: Outcome, new: Outcome) -> Iterator[OtherBulletin]:
    for code, (title, facts) in old.bulletins.items():
        if code in new.bulletins:
            _, other = new.bulletins[code]
            names = [one.name for one in fields(Facts) if one.name not in _OF_THE_RULES]
            parts = tuple(name for name in names if getattr(facts, name) != getattr(other, name))
            if parts:
                yield OtherBulletin(bulletin=code, title=title, period=facts.period, parts=parts)
