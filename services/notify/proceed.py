"""Notify's use case: one event of the record and scoring's draws in, statements for NOTICES out."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from services.notify.domain.acts import befall
from services.notify.domain.bulletin import approve_bulletin, draft_bulletins, word_bulletin
from services.notify.domain.pursue import pursue
from services.notify.domain.sign import approve_notice, decline, sign_for, word_notice
from services.notify.domain.text import Say
from shared.core.calendar import Moment
from shared.core.errors import NotYet
from shared.core.events import (
    AnyRecorded,
    BulletinApproved,
    BulletinTextSet,
    LineDrawn,
    NoticeApproved,
    NoticeDeclined,
    NoticesEvent,
    NoticeSignedFor,
    NoticeTextSet,
    RuleHit,
    StandingsDrawn,
    StandingsEvent,
)  # fmt: skip
from shared.core.fold import Play, advance, pass_time
from shared.core.ledger import Ledger

Draws = Mapping[str, Sequence[StandingsEvent]]
"""Complete draws by the id of their moment."""


class AwaitingDraw(NotYet):
    """A moment was met whose draw is not complete yet; the event is taken again when it is."""

    def __init__(self, jurisdiction: str, moment: Moment) -> None:
        super().__init__(f"the draw of {moment.id}")
        self.jurisdiction, self.moment = jurisdiction, moment


def proceed(ledger: Ledger, recorded: AnyRecorded, draws: Draws, *, say: Say) -> list[NoticesEvent]:
    """Act on every moment before the event, then on the event.

    CannotApply and AwaitingDraw leave the ledger as it was.
    """
    stated: list[NoticesEvent] = []

    def apply(at: Ledger, one: AnyRecorded) -> None:
        stated.extend(_on_event(at, one))

    advance(ledger, recorded, play=_into(stated, draws, say), apply=apply)
    return stated


def pass_time_to(ledger: Ledger, until: datetime, draws: Draws, *, say: Say) -> list[NoticesEvent]:
    """Act on every moment up to an instant at which nothing is recorded; AwaitingDraw as above."""
    stated: list[NoticesEvent] = []
    with ledger.all_or_nothing():
        pass_time(ledger, until, play=_into(stated, draws, say))
    return stated


def _into(stated: list[NoticesEvent], draws: Draws, say: Say) -> Play:
    def play(ledger: Ledger, moment: Moment) -> None:
        if moment.id not in draws:
            raise AwaitingDraw(ledger.jurisdiction, moment)
        stated.extend(_at_moment(ledger, moment, draws[moment.id], say))

    return play


def _at_moment(ledger: Ledger, moment: Moment, draw: Sequence[StandingsEvent], say: Say) -> Iterator[NoticesEvent]:
    drawn = next(one for one in draw if isinstance(one, StandingsDrawn))
    if moment.kind == "close":
        hits = [one for one in draw if isinstance(one, RuleHit)]
        yield from pursue(ledger, moment, hits, undecided=drawn.undecided, say=say)
    elif moment.kind == "issue":
        lines = [one for one in draw if isinstance(one, LineDrawn)]
        yield from draft_bulletins(ledger, moment, lines, drawn, say=say)


def _on_event(ledger: Ledger, recorded: AnyRecorded) -> Iterator[NoticesEvent]:
    match recorded.data:
        case NoticeApproved():
            yield from approve_notice(ledger, recorded)
        case BulletinApproved():
            yield from approve_bulletin(ledger, recorded)
        case NoticeTextSet():
            yield from word_notice(ledger, recorded)
        case BulletinTextSet():
            yield from word_bulletin(ledger, recorded)
        case NoticeDeclined():
            decline(ledger, recorded)
        case NoticeSignedFor():
            sign_for(ledger, recorded)
        case _:
            befall(ledger, recorded)
