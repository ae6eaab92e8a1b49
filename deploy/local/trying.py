"""What would the past have been under a draft regime? The record folded twice, side by side; nothing is written."""

import gc
import multiprocessing
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from multiprocessing.connection import Connection
from typing import Any
from zoneinfo import ZoneInfo

from deploy.local.evaluate import NothingFound
from deploy.local.event_file import Unreadable
from deploy.local.folds import Folds
from deploy.local.trial import Rules, Trial
from deploy.local.trial_outcome import Outcome, compared, note, numbers_of
from services.notify.domain.text import Say
from services.scoring.domain.draw import ENGINE, draw
from services.scoring.domain.ledger import evolve
from services.scoring.domain.remember import remember
from shared.core.calendar import Moment, end_of, instant
from shared.core.errors import CannotApply
from shared.core.events import (
    AnyRecorded,
    JurisdictionOpened,
    ProgressCorrected,
    ProgressReported,
    Recorded,
    RegimeAdopted,
    StandingsDrawn,
    StandingsEvent,
)
from shared.core.fold import advance
from shared.core.ledger import Ledger
from shared.core.regime.model import Regime
from shared.core.register import regime_at

Event = AnyRecorded | Unreadable
_BEFORE = timedelta(microseconds=1)
_RETURNS = (ProgressReported, ProgressCorrected)


def trial(
    events: Iterable[Event],
    draft: Regime,
    *,
    list_: str,
    say: Say,
    from_on: date | None = None,
    to_on: date | None = None,
) -> Trial:
    """Try a draft on one jurisdiction's record. NothingFound where the list has no rules there to be compared with."""
    with _collecting_nothing():
        known = list(events)
        if (count := len({one.jurisdiction for one in known})) != 1:
            raise NothingFound(f"{count} jurisdictions in the record: name the one that is meant with --jurisdiction")
        began, ended = _window(known, from_on, to_on)
        before = [one for one in known if began is not None and one.recorded_at < began]
        within = [one for one in known[len(before) :] if ended is None or one.recorded_at < ended]
        if not any(_adopts(one, list_) for one in [*before, *within]):
            raise NothingFound(f"no rules were adopted for a list {list_}: there is nothing to compare a draft with")
        adopted_on = from_on if before else None  # before there is anything, all is under the draft
        under_draft = list(_under(draft, list_, within, began, adopted_on, known[0]))
        folds = _Lean(known[0].jurisdiction, say, lambda one: one.drawn.list == list_)
        _begin(folds, before, began)

        def went_on(with_: Sequence[Event]) -> Outcome:
            return _went_on(folds, with_, list_, ended)

        tried = _beside(lambda: went_on(under_draft))
        in_force = went_on(within) if tried else _again(before, began, within, list_, ended, folds)
        other = tried() if tried else went_on(under_draft)
        return compared(known[0].jurisdiction, list_, from_on, to_on, in_force, other, draft)


def _window(
    events: Sequence[Event], from_on: date | None, to_on: date | None
) -> tuple[datetime | None, datetime | None]:
    """The first instant of the first day, and the first after the last, as the place has its days."""
    opened = next(
        (one.data for one in events if isinstance(one, Recorded) and isinstance(one.data, JurisdictionOpened)), None
    )
    if opened is None:
        raise NothingFound("the record does not open a jurisdiction")
    zone = ZoneInfo(opened.time_zone)
    return (
        instant(from_on, time(0), zone) if from_on else None,
        end_of(to_on, zone) if to_on else None,
    )  # fmt: skip


def _adopts(one: Event, code: str) -> bool:
    return isinstance(one, Recorded) and isinstance(one.data, RegimeAdopted) and one.data.list == code


def _under(
    draft: Regime, code: str, events: Sequence[Event], began: datetime | None, from_on: date | None, like: Event
) -> Iterator[Event]:  # fmt: skip
    """The events with the draft in the place of each regime; where it begins on a day, adopted for that day first."""
    if began is not None and from_on is not None and isinstance(like, Recorded):
        adopted: Any = RegimeAdopted(list=code, effective_on=from_on, regime=draft)
        yield replace(like, position=0, id="draft", data=adopted, time=began, recorded_at=began)
    for one in events:
        is_replaced = isinstance(one, Recorded) and isinstance(one.data, RegimeAdopted) and one.data.list == code
        yield replace(one, data=replace(one.data, regime=draft)) if is_replaced else one  # type: ignore[union-attr]


# --- folding ----------------------------------------------------------------------------------------------------------


class _Lean(Folds):
    """Draws what is compared: a draw on a due day changes nothing but what a page shows.

    Returns say nothing to notify but that time passes, and that the next event says too.
    """

    def take(self, event: Event) -> None:
        if isinstance(event, Recorded) and isinstance(event.data, _RETURNS):
            self.position = event.position
            self._keep(self.scoring.take(event, lambda: self._project(event)))
        else:
            super().take(event)

    def _project(self, event: Event) -> list[StandingsEvent]:
        if isinstance(event, Unreadable):
            raise CannotApply(event.reason)
        said: list[StandingsEvent] = []

        def play(ledger: Ledger, moment: Moment) -> None:
            if moment.kind == "due":
                remember(ledger, moment)
                said.append(_unsaid(ledger, moment))
            else:
                said.extend(draw(ledger, moment, parked=self.scoring.parking.all, is_stated=False))

        advance(self.scoring.ledger, event, play=play, apply=evolve)
        return said


def _unsaid(ledger: Ledger, moment: Moment) -> StandingsDrawn:
    return StandingsDrawn(
        moment=moment.id, list=moment.list, kind=moment.kind, period=moment.period, at=moment.at,
        position=ledger.position, count=0, digest="", regime="", regime_version=0, engine=ENGINE, parked_count=0,
    )  # fmt: skip


def _went_on(folds: Folds, events: Sequence[Event], code: str, ended: datetime | None) -> Outcome:
    drawn, stated = len(folds.draws), len(folds.stated)
    for one in events:
        folds.take(one)
    ledger = folds.scoring.ledger
    folds.pass_time_to(ended - _BEFORE if ended is not None else ledger.clock)
    regime = regime_at(ledger, code, ledger.clock)
    found = Outcome(rules=Rules(regime=regime.regime, version=regime.version) if regime else None)
    for draw_ in folds.draws[drawn:]:
        period = draw_.drawn.period
        if draw_.drawn.kind == "due":
            continue
        for line in draw_.lines:
            found.subjects[period, line.subject_kind, line.subject] = (line.name, line.lane, numbers_of(line))
        for hit in draw_.hits:
            found.caused["hit", period, hit.rule, hit.subject, hit.name, hit.unit] += 1
        for said_of in draw_.drawn.undecided:
            rule, _, subject = said_of.partition("/")
            found.undecided.append((period, rule, subject))
    for said in folds.stated[stated:]:
        note(found, said, code)
    found.parked, found.position = len(folds.notify.parking.all), folds.position
    return found


def _begin(folds: Folds, events: Sequence[Event], began: datetime | None) -> None:
    """What lies before the window, its last moments included, is the same on either side."""
    for one in events:
        folds.take(one)
    if events and began is not None:
        folds.pass_time_to(began - _BEFORE)


def _again(
    before: Sequence[Event], began: datetime | None, within: Sequence[Event], code: str, ended: datetime | None,
    like: Folds,
) -> Outcome:  # fmt: skip
    """Where no process can be forked: the prefix once more, so that the other fold can go on from the first."""
    folds = _Lean(like.code, like.say, like.keeps)
    _begin(folds, before, began)
    return _went_on(folds, within, code, ended)


def _beside(work: Callable[[], Outcome]) -> Callable[[], Outcome] | None:
    """Begin work in a forked process, which has all that this one knows; call for what it came to."""
    if "fork" not in multiprocessing.get_all_start_methods():
        return None
    context = multiprocessing.get_context("fork")
    here, there = context.Pipe(duplex=False)

    def run(to: Connection) -> None:
        to.send(work())
        to.close()

    process = context.Process(target=run, args=(there,), daemon=True)
    process.start()
    there.close()

    def come_to() -> Outcome:
        with here:
            found: Outcome = here.recv()
        process.join()
        return found

    return come_to


class _collecting_nothing:  # noqa: N801 - reads as what it does
    """Values of a fold are frozen and hold no cycles; the collector only takes time, and copies pages of a fork."""

    def __enter__(self) -> None:
        self.was_on = gc.isenabled()
        gc.disable()

    def __exit__(self, *_: object) -> None:
        if self.was_on:
            gc.enable()
