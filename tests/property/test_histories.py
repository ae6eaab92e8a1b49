"""What holds for every history: replay, redelivery, order, and promises to those who are supervised."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.notify.domain import ledger as notify_ledger
from services.notify.proceed import pass_time_to as notify_time_to
from services.notify.proceed import proceed
from services.scoring.domain import ledger as scoring_ledger
from services.scoring.domain.rank import ranked
from services.scoring.project import follow, follow_to, project
from services.scoring.project import pass_time_to as scoring_time_to
from shared.core import register
from shared.core.calendar import Period
from shared.core.errors import CannotApply
from shared.core.events import (
    AnyRecorded,
    BulletinSealed,
    LineDrawn,
    NoticeDrafted,
    NoticeServed,
    NoticesEvent,
    ReminderSent,
    StandingsDrawn,
    StandingsEvent,
    TimeReached,
)
from shared.core.ledger import Ledger
from shared.core.numbers import Rounding, rounded, verdict
from shared.core.regime.model import Due
from shared.infra.wire import EntryCodec, decode, encode
from tests.support.builders import (
    JURISDICTION,
    ZONE,
    a_bulletin,
    a_calendar,
    a_correction,
    a_list,
    a_plan,
    a_project,
    a_ranking,
    a_regime,
    a_reporting,
    a_return,
    a_scoring,
    a_stage,
    a_unit,
    a_year,
    an_adoption,
    approval,
    approval_of,
    local,
    record,
)
from tests.support.spec import Draws, plainly
from tests.support.standpoint import facts, measuring

CODEC = EntryCodec.of(register, scoring_ledger, notify_ledger)
PROJECTS = ("p1", "p2", "p3")
FEW = settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])

amounts = st.sampled_from([0, 0, 1, 3, 10, 30, 100, 130]).map(lambda tenths: str(Decimal(tenths) / 10))
moves = st.lists(
    st.tuples(
        st.sampled_from(
            ["return", "return", "return", "nil", "tick", "tick", "stage", "plan", "correct", "sign", "sign",
             "calendar", "rules", "list", "unit", "nonsense"]
        ),
        st.sampled_from([0, 1, 9, 20, 28, 31, 35]),
        st.sampled_from(PROJECTS),
        amounts,
    ),
    min_size=5,
    max_size=25,
)  # fmt: skip


class History:
    """A record written move by move, by someone who sees what the folds make of it."""

    def __init__(self, steps: Sequence[tuple[str, int, str, str]]) -> None:
        listed = (a_project("p1"), a_project("p2"), a_project("p3", lead="bureau-b", plan_yi="0.3"))
        self.events: list[AnyRecorded] = []
        self.scoring, self.notify = Ledger(JURISDICTION), Ledger(JURISDICTION)
        self.drawn: list[StandingsEvent] = []
        self.stated: list[NoticesEvent] = []
        self.clock = local("2026-01-01 00:00")
        for one in a_year(*listed, regime=a_regime(bulletins=(a_bulletin(sign_off=("signer",)),))):
            self._add(one)
        for kind, days, code, yi in steps:
            self.clock += timedelta(days=days, hours=7)
            self._add(self._move(kind, code, yi))

    def _add(self, data: object) -> None:
        (one,) = record(data)
        place = len(self.events) + 1
        one = replace(one, position=place, id=f"e{place}", time=self.clock, recorded_at=self.clock)
        self.events.append(one)
        drawn = score(self.scoring, [one])
        self.drawn.extend(drawn)
        self.stated.extend(notice(self.notify, [one], draws_of(drawn)))

    def _move(self, kind: str, code: str, yi: str) -> object:
        match kind:
            case "return" | "nil":
                ended = Period.holding(self.clock.astimezone(ZONE).date().replace(day=1) - timedelta(days=1), "monthly")
                return a_return(code, str(ended), yi=None if kind == "nil" else yi)
            case "plan":
                return a_plan(code, yi=yi)
            case "stage":
                return a_stage(code, on=self.clock.date().isoformat())
            case "correct":
                return a_correction(f"e{len(self.events)}", yi=yi, project=code)
            case "sign":
                return self._signature(int(Decimal(yi)))
            case _:
                return self._ordinance(kind)

    def _ordinance(self, kind: str) -> object:
        today = self.clock.date()
        match kind:
            case "calendar":
                return a_calendar((today + timedelta(days=40)).isoformat())
            case "rules":
                due = Due(day=25, of="same_month") if today.month % 2 else Due(working_day=3)
                later = a_regime(version=len(self.events), reporting=(a_reporting(due=due),))
                return an_adoption(later, (today + timedelta(days=20)).isoformat())
            case "list":
                return a_list(today.year + 1)
            case "nonsense":
                return a_return("nobody")
            case _:
                return a_unit("bureau-a", name=f"Renamed {len(self.events)}")

    def _signature(self, choice: int) -> object:
        drafts = [one for one in self.stated if isinstance(one, NoticeDrafted) or hasattr(one, "paragraphs")]
        if not drafts:
            return TimeReached(at=self.clock)
        draft: Any = drafts[choice % len(drafts)]
        return approval(draft) if isinstance(draft, NoticeDrafted) else approval_of(draft)


def draws_of(drawn: Sequence[StandingsEvent]) -> Draws:
    found: dict[str, list[StandingsEvent]] = {}
    for one in drawn:
        found.setdefault(one.moment, []).append(one)
    return found


# An event that is parked is not applied, but its time has come all the same.


def score(ledger: Ledger, events: Sequence[AnyRecorded]) -> list[StandingsEvent]:
    drawn: list[StandingsEvent] = []
    for one in events:
        try:
            drawn.extend(project(ledger, one))
        except CannotApply:
            drawn.extend(scoring_time_to(ledger, one.recorded_at))
    return drawn


def notice(ledger: Ledger, events: Sequence[AnyRecorded], draws: Draws) -> list[NoticesEvent]:
    stated: list[NoticesEvent] = []
    for one in events:
        try:
            stated.extend(proceed(ledger, one, draws, say=plainly))
        except CannotApply:
            stated.extend(notify_time_to(ledger, one.recorded_at, draws, say=plainly))
    return stated


def loaded_again(ledger: Ledger) -> Ledger:
    """What a process knows that has just started: the entries as text, the position and the clock."""
    again = Ledger(JURISDICTION, position=ledger.position, clock=ledger.clock)
    texts = [(key, *CODEC.encode(entry)) for key, entry in ledger.take_changes()]
    again.load((key, CODEC.decode(name, text)) for key, name, text in texts)
    return again


@FEW
@given(moves)
def test_incremental_is_replay(steps: list[tuple[str, int, str, str]]) -> None:
    history = History(steps)
    scoring, notify = Ledger(JURISDICTION), Ledger(JURISDICTION)
    through_the_wire = [decode(encode(one, source="/t"), position=one.position) for one in history.events]
    assert score(scoring, through_the_wire) == history.drawn
    assert notice(notify, through_the_wire, draws_of(history.drawn)) == history.stated
    assert (scoring.digest(), notify.digest()) == (history.scoring.digest(), history.notify.digest())


@FEW
@given(moves)
def test_a_fold_that_says_nothing_comes_to_the_same(steps: list[tuple[str, int, str, str]]) -> None:
    history = History(steps)
    silent = Ledger(JURISDICTION)
    for one in history.events:
        try:
            follow(silent, one)
        except CannotApply:
            follow_to(silent, one.recorded_at)
    assert (silent.digest(), silent.position) == (history.scoring.digest(), history.scoring.position)
    follow_to(silent, until := silent.clock + timedelta(days=40))
    scoring_time_to(history.scoring, until)
    assert (silent.digest(), silent.clock) == (history.scoring.digest(), until)


@FEW
@given(moves, st.integers(0, 40))
def test_any_prefix_then_the_rest_is_the_whole(steps: list[tuple[str, int, str, str]], cut: int) -> None:
    history = History(steps)
    draws = draws_of(history.drawn)
    head, rest = history.events[:cut], history.events[cut:]
    scoring, notify = Ledger(JURISDICTION), Ledger(JURISDICTION)
    drawn, stated = score(scoring, head), notice(notify, head, draws)
    scoring, notify = loaded_again(scoring), loaded_again(notify)
    assert drawn + score(scoring, rest) == history.drawn
    assert stated + notice(notify, rest, draws) == history.stated
    assert (scoring.digest(), notify.digest()) == (history.scoring.digest(), history.notify.digest())


@FEW
@given(moves, st.integers(0, 40))
def test_redelivery_changes_nothing(steps: list[tuple[str, int, str, str]], cut: int) -> None:
    history = History([*steps, ("tick", 1, "p1", "0")])
    as_it_was = (history.scoring.digest(), history.notify.digest(), history.scoring.clock)
    again = history.events[:cut] + history.events
    assert score(history.scoring, again) == []
    assert notice(history.notify, again, draws_of(history.drawn)) == []
    assert (history.scoring.digest(), history.notify.digest(), history.scoring.clock) == as_it_was


@FEW
@given(moves)
def test_every_period_is_closed_once_and_nobody_is_told_twice(steps: list[tuple[str, int, str, str]]) -> None:
    history = History([*steps, ("tick", 40, "p1", "0"), ("tick", 40, "p1", "0")])
    closed = [(one.list, one.kind, one.period) for one in history.drawn if isinstance(one, StandingsDrawn)]
    assert len(closed) == len(set(closed))
    told = [
        (item.matter, one.step, one.unit)
        for one in history.stated
        if isinstance(one, ReminderSent | NoticeDrafted)
        for item in one.items
    ]
    assert len(told) == len(set(told))


@FEW
@given(moves)
def test_numbers_have_no_gap(steps: list[tuple[str, int, str, str]]) -> None:
    """Enough signing at the end that there is something to number."""
    signing = [("sign", 1, "p1", str(choice)) for choice in range(8)]
    history = History([*steps, ("tick", 40, "p1", "0"), ("tick", 40, "p1", "0"), *signing])
    numbers = [one.number for one in history.stated if isinstance(one, NoticeServed | BulletinSealed)]
    by_year: dict[str, list[int]] = {}
    for number in numbers:
        year, _, count = number.removesuffix("号").partition("〕")
        by_year.setdefault(year, []).append(int(count))
    assert all(counts == list(range(1, len(counts) + 1)) for counts in by_year.values())


# --- ranks, ratios, deadlines, rounding -------------------------------------------------------------------------

_UNIT = next(one for one in History([("tick", 40, "p1", "0")]).drawn if isinstance(one, LineDrawn))
ratios = st.none() | st.decimals(0, 2, places=6)


def _unit(code: int, ratio: Decimal | None) -> LineDrawn:
    shown = "-" if ratio is None else f"{rounded(ratio * 100, decimals=2, rounding='truncate')}%"
    values = {"investment_ratio": ratio}
    return replace(_UNIT, subject=f"u{code}", measures=values, displayed={"investment_ratio": shown})


@given(
    st.lists(ratios, max_size=8),
    st.randoms(use_true_random=False),
    st.sampled_from(["dense", "standard"]),
    st.sampled_from(["displayed", "exact"]),
)
def test_ranks_ignore_the_order_of_input(values: list[Decimal | None], random: Any, ties: Any, tie_on: Any) -> None:
    regime = a_regime(scoring=a_scoring(ranking=a_ranking(ties=ties, tie_on=tie_on)))
    lines = [_unit(*one) for one in enumerate(values)]
    shuffled = random.sample(lines, len(lines))
    places = [{line.subject: line.rank for line in ranked(regime, one)} for one in (lines, shuffled)]
    assert places[0] == places[1]


amounts_yi = st.none() | st.decimals(0, 1000, places=4)


@given(st.lists(st.tuples(amounts_yi, amounts_yi), min_size=1, max_size=5), st.decimals(0, 100, places=4), st.data())
def test_a_ratio_never_falls_when_more_is_reported_done(
    parts: list[tuple[Decimal | None, Decimal | None]], more: Decimal, data: st.DataObject
) -> None:
    place = data.draw(st.integers(0, len(parts) - 1))
    done, plan = parts[place]
    richer = [*parts]
    richer[place] = (None if done is None else done + more, plan)
    before, after = _ratio(parts), _ratio(richer)
    assert (before is None) == (after is None)
    assert before is None or after is None or after >= before


def _ratio(parts: Sequence[tuple[Decimal | None, Decimal | None]]) -> Decimal | None:
    found = [facts(*_texts(done, plan)) for done, plan in parts]
    return measuring(*found).value("investment_ratio")


def _texts(done: Decimal | None, plan: Decimal | None) -> tuple[str | None, str | None]:
    return (None if done is None else f"{done:f}", None if plan is None else f"{plan:f}")


@given(
    st.decimals(-1000, 1000, places=7),
    st.integers(0, 4),
    st.sampled_from(["half_up", "truncate"]),
    st.decimals(0, 1, places=7),
)
def test_what_was_printed_by_the_rule_is_consistent_with_it(
    value: Decimal, decimals: int, mode: Rounding, width: Decimal
) -> None:
    published = str(rounded(value, decimals=decimals, rounding=mode))
    assert verdict(published, low=value, high=value, rounding=mode) == "consistent"
    assert verdict(published, low=value - width, high=value + width, rounding=mode) == "consistent"
