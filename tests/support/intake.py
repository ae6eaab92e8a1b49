"""Intake without a stream: a ledger, a clock, and who submits what; what is accepted may be folded by the others."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, TypeVar

from services.intake.bookkeeping import apply
from services.intake.domain.decide import CLOCK, Accepted, Decision, Refused, decide
from services.intake.domain.known import note
from services.intake.domain.submission import Submission
from services.notify.proceed import proceed
from services.scoring.project import project
from shared.core.digest import digest
from shared.core.events import (
    AnyRecorded,
    BulletinDrafted,
    NoticeDrafted,
    NoticeServed,
    NoticesEvent,
    PostAssigned,
    Recorded,
    ReminderSent,
    StandingsEvent,
)
from shared.core.ledger import Ledger
from shared.infra.wire import statement
from tests.contract.golden import EXAMPLES
from tests.support.builders import JURISDICTION, a_jurisdiction, a_list, a_project, a_return, a_unit, an_adoption, local
from tests.support.spec import plainly

NOW = local("2026-03-02 09:00")
OFFICE, SIGNER, CHECKER, LEAD, OTHER = ("supervisor-1", "signer-1", "checker-1", "reporter-a", "reporter-b")
POSTS = {OFFICE: "office", SIGNER: "government", CHECKER: "government", LEAD: "bureau-a", OTHER: "bureau-b"}
OPERATOR, NOBODY = "@operator", "stranger"

D = TypeVar("D", bound="Intake")
N = TypeVar("N")


@dataclass
class Intake:
    """Decides on submissions one after another; `now` is its clock."""

    now: datetime = NOW
    ledger: Ledger = field(default_factory=lambda: Ledger(JURISDICTION))
    count: int = 0
    followed: Sequence[Recorded[Any]] = ()
    read: list[AnyRecorded] = field(default_factory=list)

    def decide(
        self,
        data: Any,
        by: str = OFFICE,
        *,
        unit: str | None = None,
        key: str = "",
        time: datetime | None = None,
        **more: Any,
    ) -> Decision:
        """Decide in the name of the sender's own unit, under a key of its own, unless told otherwise."""
        self.count += 1
        own = {OPERATOR: "", CLOCK: CLOCK, **POSTS}.get(by, "bureau-a")
        submission = Submission(
            key=key or f"k{self.count}", jurisdiction=JURISDICTION, unit=own if unit is None else unit, actor=by,
            is_operator=by == OPERATOR, time=time, data=data, digest=digest(data), is_clock=by == CLOCK, **more,
        )  # fmt: skip
        ids = iter((f"e{self.count}", *(f"e{self.count}-{place}" for place in range(1, 1000))))
        return decide(submission, self.ledger, now=self.now, new_id=lambda: next(ids))

    def accept(self, data: Any, by: str = OFFICE, **more: Any) -> Recorded[Any]:
        """Decide, and enter it into the ledger at the next position."""
        decided = self.decide(data, by, **more)
        assert isinstance(decided, Accepted), decided
        first, *following = [self.enter(one) for one in decided.events]
        self.followed = following
        return first

    def enter(self, decided: Recorded[Any]) -> Recorded[Any]:
        apply(self.ledger, decided)
        self.ledger.position += 1
        self.read.append(decided)
        return decided

    def refuse(self, data: Any, by: str = OFFICE, **more: Any) -> Refused:
        """Decide, and make sure that the refusal changed nothing."""
        before = self.ledger.digest(), self.ledger.clock, self.ledger.position
        decided = self.decide(data, by, **more)
        assert isinstance(decided, Refused), decided
        assert (self.ledger.digest(), self.ledger.clock, self.ledger.position) == before
        return decided

    def hear(self, *stated: NoticesEvent) -> None:
        """Enter statements of NOTICES into the docket."""
        for one in stated:
            self.read.append(statement(one, jurisdiction=JURISDICTION, at=self.now, causation=""))
            note(self.ledger, self.read[-1])

    def read_anew(self, *, record_first: bool = False) -> Ledger:
        """What an intake knows that reads both streams from their beginning, as they came or the record first."""
        ledger = Ledger(JURISDICTION)
        order = sorted(self.read, key=_is_stated) if record_first else self.read
        for one in order:
            (note if _is_stated(one) else apply)(ledger, one)
        return ledger


def _is_stated(one: AnyRecorded) -> bool:
    return isinstance(one.data, NoticesEvent)


def opened(mode: str = "simulated") -> Intake:
    """A jurisdiction with its head, one project (p1, of bureau-a), its return for January (e12), and what was stated.

    A notice waits for two signatures (n-draft), a bulletin for one (b-draft), another cannot be sealed (b-parked);
    bureau-a was reminded (n-reminder) and served (n-served).
    """
    intake = fill_head(Intake(), mode)
    intake.accept(a_return(), LEAD, key="january")
    intake.hear(*_stated())
    return intake


def fill_head(intake: D, mode: str = "simulated") -> D:
    """Open the jurisdiction, and enter its units, posts, list, regime and project."""
    intake.accept(a_jurisdiction(mode=mode), OPERATOR, time=intake.now)
    for code in ("government", "bureau-a", "bureau-b"):
        intake.accept(a_unit(code))
    for person, post in ((SIGNER, "signer"), (CHECKER, "checker"), (LEAD, "reporter"), (OTHER, "reporter")):
        intake.accept(PostAssigned(person=person, post=post, unit=POSTS[person]))  # type: ignore[arg-type]
    for one in (a_list(), an_adoption(), a_project()):
        intake.accept(one)
    return intake


def a_draft(**changes: Any) -> NoticeDrafted:
    """A notice to bureau-a that waits for checker and signer."""
    return replace(_example(NoticeDrafted), digest="d1", **changes)


def _stated() -> Sequence[NoticesEvent]:
    bulletin = replace(_example(BulletinDrafted), digest="d1", sign_off=("signer",))
    return (
        a_draft(notice="n-draft"),
        a_draft(notice="n-served"),
        replace(_example(NoticeServed), notice="n-served"),
        replace(_example(ReminderSent), notice="n-reminder"),
        replace(bulletin, bulletin="b-draft"),
        replace(bulletin, bulletin="b-parked", parked_count=2),
    )


def _example(of: type[N]) -> N:
    return next(one for one in EXAMPLES if isinstance(one, of))


@dataclass
class Everywhere(Intake):
    """What intake accepts, scoring and notify fold at once; what notify states, intake hears. CannotApply is raised."""

    scoring: Ledger = field(default_factory=lambda: Ledger(JURISDICTION))
    notify: Ledger = field(default_factory=lambda: Ledger(JURISDICTION))
    draws: dict[str, list[StandingsEvent]] = field(default_factory=dict)
    stated: list[NoticesEvent] = field(default_factory=list)

    def enter(self, decided: Recorded[Any]) -> Recorded[Any]:
        super().enter(decided)
        placed = replace(decided, position=self.ledger.position)
        for drawn in project(self.scoring, placed):
            self.draws.setdefault(drawn.moment, []).append(drawn)
        stated = proceed(self.notify, placed, self.draws, say=plainly)
        self.stated += stated
        self.hear(*stated)
        return decided
