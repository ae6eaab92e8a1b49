"""Is scoring the same however it is folded: at once, one by one, saved in between, up to any position or instant?"""

import asyncio
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from deploy.local.regime_file import read_regime
from services.scoring.app import CODEC, take
from services.scoring.domain.judge import current, standing_on
from services.scoring.domain.views import decided
from services.scoring.past import Fold
from services.scoring.project import follow_to
from shared.core.digest import digest_of_all
from shared.core.errors import CannotApply
from shared.core.events import AnyRecorded, JurisdictionOpened, RecordEvent
from shared.core.ledger import Ledger
from shared.core.parking import Parked, Parking
from shared.infra.bus import Message
from shared.infra.database import Database
from shared.infra.ledgers import Checkpoint, Saving, SqlLedgers, Statement
from shared.infra.streams import record_subject
from shared.infra.wire import encode
from tests.support.all_histories import RECORDED, TELLING, Step, history, steps
from tests.support.builders import JURISDICTION, LIST, ZONE, a_return, record

_FOLDERS = (Path(__file__).parents[2] / "shared/regimes", Path(__file__).parents[1] / "regimes")
REGIMES = [read_regime(file) for folder in _FOLDERS for file in sorted(folder.glob("*.yaml"))]
_SLOW = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much]
FEW = settings(max_examples=15, deadline=None, suppress_health_check=_SLOW)

regimes = st.integers(0, len(REGIMES) - 1)
shares = st.integers(0, 99)
"""Where to cut a history, in hundredths of it."""


@dataclass
class Live:
    """Scoring as the follower calls it: what it draws is said, and what cannot be applied is parked."""

    ledger: Ledger = field(default_factory=lambda: Ledger(JURISDICTION))
    parking: Parking = field(default_factory=Parking)
    said: list[Statement] = field(default_factory=list)

    def take(self, recorded: AnyRecorded) -> None:
        kind, entity = recorded.shape.kind, recorded.entity
        reason = self.parking.holds(kind, entity)
        if reason is None:
            try:
                self.said += take(self.ledger, recorded, parked=self.parking.all)
                return
            except CannotApply as cannot:
                reason = str(cannot)
        self.parking.park(kind, entity, recorded.position, reason)

    @property
    def stated_digest(self) -> str:
        return digest_of_all(one.recorded.id for one in self.said)


def live(events: Sequence[AnyRecorded]) -> Live:
    found = Live()
    for one in events:
        found.take(one)
    return found


def message(one: AnyRecorded) -> Message:
    """The event as the record holds it."""
    subject = record_subject(0, JURISDICTION, one.shape.kind, one.entity or "-", "told")
    return Message(one.position, subject, one.id, encode(one, source="/t"), one.recorded_at)


def prefix(events: Sequence[AnyRecorded]) -> Fold:
    """What was known, folded anew."""
    found = Fold(Ledger(JURISDICTION))
    for one in events:
        found.take(message(one))
    return found


def state(fold: Fold | Live) -> tuple[str, int, datetime, tuple[Parked, ...]]:
    return fold.ledger.digest(), fold.ledger.position, fold.ledger.clock, tuple(fold.parking.all)


def cut_at(events: Sequence[AnyRecorded], share: int) -> int:
    return 1 + (len(events) - 1) * share // 100


@FEW
@given(regimes, steps())
def test_the_past_at_each_position_is_what_was_live_there(regime: int, told: list[Step]) -> None:
    """Drawn and said, or only followed: one ledger at every position, one parking, and nothing but refusals parks."""
    events = history(REGIMES[regime], told)
    now, past = Live(), Fold(Ledger(JURISDICTION))
    for one in events:
        now.take(one)
        past.take(message(one))
        assert state(past) == state(now)
    assert not [one.reason for one in now.parking.all if "Error" in one.reason]


@FEW
@given(regimes, steps(), st.lists(shares, max_size=3), shares)
def test_what_is_kept_of_the_past_changes_nothing_and_is_changed_by_nothing(
    regime: int, told: list[Step], shares: list[int], first: int
) -> None:
    events = history(REGIMES[regime], told)
    marks = sorted({cut_at(events, one) for one in [first, *shares]})
    going, kept = Fold(Ledger(JURISDICTION)), dict[int, tuple[Fold, object]]()
    for place, one in enumerate(events, start=1):
        going.take(message(one))
        if place in marks:
            mark = going.copy()
            kept[place] = (mark, state(mark))
            read(mark.ledger)
    for place, (mark, as_it_was) in kept.items():
        assert state(mark) == as_it_was == state(prefix(events[:place]))
        on = mark.copy()
        for one in events[place:]:
            on.take(message(one))
        assert state(on) == state(going)


def read(ledger: Ledger) -> None:
    """Ask a ledger what is asked over HTTP."""
    if ledger.get(JurisdictionOpened, "") is not None:
        current(ledger, LIST, ledger.clock)
        decided(ledger, LIST, ledger.clock)
        standing_on(ledger, LIST, ledger.clock.astimezone(ZONE).date())


@FEW
@given(regimes, steps(), shares, st.integers(0, 60))
def test_what_was_known_at_an_instant_is_the_events_and_the_moments_up_to_it(
    regime: int, told: list[Step], share: int, days: int
) -> None:
    """An instant between two events: going on from there comes to the same as never having stopped."""
    events = history(REGIMES[regime], told)
    cut = cut_at(events, share)
    at = events[cut - 1].recorded_at + timedelta(days=days)
    events = [*events[:cut], *(one for one in events[cut:] if one.recorded_at > at)]
    known = prefix(events[:cut])
    if known.ledger.get(JurisdictionOpened, "") is None or known.parking.holds_jurisdiction:
        return
    follow_to(known.ledger, max(at, known.ledger.clock))
    assert known.ledger.clock >= at
    for one in events[cut:]:
        known.take(message(one))
    whole = live(events).ledger
    assert (known.ledger.digest(), known.ledger.clock) == (whole.digest(), whole.clock)


@settings(FEW, max_examples=12)
@given(regimes, steps(), st.lists(shares, max_size=6))
def test_it_does_not_matter_after_which_events_it_was_saved_and_loaded_again(
    regime: int, told: list[Step], shares: list[int]
) -> None:
    events = history(REGIMES[regime], told)
    whole = live(events)
    with TemporaryDirectory() as folder:
        asyncio.run(_saved_in_between(folder, events, {cut_at(events, one) for one in shares}, whole))


async def _saved_in_between(folder: str, events: Sequence[AnyRecorded], marks: set[int], whole: Live) -> None:
    database = Database(f"sqlite+aiosqlite:///{folder}/a.sqlite")
    ledgers = SqlLedgers(database, CODEC, service="scoring", source="/t", outgoing_stream="STANDINGS")
    await ledgers.create()
    going, before = Live(), Checkpoint()
    try:
        for place, one in enumerate(events, start=1):
            going.take(one)
            if place in marks or place == len(events):
                after = Checkpoint(place, one.id, place)
                await ledgers.save(Saving("RECORD", "0", before, after, [going.ledger], going.said))
                going = Live(await ledgers.ledger(JURISDICTION), going.parking)
                before = after
        proof = await ledgers.proof(JURISDICTION)
    finally:
        await database.dispose()
    assert (proof.ledger_digest, proof.position) == (whole.ledger.digest(), whole.ledger.position)
    assert (proof.stated_digest, proof.stated_count) == (whole.stated_digest, len(whole.said))


@settings(FEW, max_examples=8)
@given(regimes, steps())
def test_what_raises_is_parked_and_leaves_no_trace(regime: int, told: list[Step]) -> None:
    """Not even of the moments that were drawn before it raised."""
    now = Live()
    before = now.ledger.digest()
    for one in history(REGIMES[regime], told):
        clock, parked = now.ledger.clock, now.parking.count
        now.take(one)
        after = now.ledger.digest()
        if now.parking.count > parked:
            assert (after, now.ledger.clock) == (before, clock)
        before = after


@settings(FEW, max_examples=8)
@given(regimes, steps(), shares)
def test_a_poisoned_event_in_the_middle_takes_nothing_else_away(regime: int, told: list[Step], share: int) -> None:
    events = history(REGIMES[regime], told)
    cut = cut_at(events, share)
    (poison,) = record(replace(a_return("poisoned"), period="no period"))
    events = [_moved(one, 0 if place < cut else 1) for place, one in enumerate(events)]
    poisoned = live([*events[:cut], _moved(poison, cut, at=events[cut - 1].recorded_at), *events[cut:]])
    assert poisoned.ledger.digest() == live(events).ledger.digest()
    assert cut + 1 in {one.position for one in poisoned.parking.all}


def _moved(one: AnyRecorded, by: int, *, at: datetime | None = None) -> AnyRecorded:
    moved = replace(one, position=one.position + by)
    return replace(moved, id="poison", time=at, recorded_at=at) if at else moved


def test_every_class_of_the_record_is_told_and_applied() -> None:
    """So the histories cannot go stale: a new class, or one that is always refused, is found here."""
    assert set(TELLING) == set(RECORDED), RecordEvent
    applied: Counter[type] = Counter()

    @settings(
        max_examples=120, deadline=None, database=None, derandomize=True, phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(steps(40, 60))
    def count(told: list[Step]) -> None:
        fold = Fold(Ledger(JURISDICTION))
        for one in history(REGIMES[0], told):
            parked = fold.parking.count
            fold.take(message(one))
            applied[type(one.data)] += fold.parking.count == parked

    count()
    assert not [of.__name__ for of in RECORDED if not applied[of]]
