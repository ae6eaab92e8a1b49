"""What holds for every bundled regime and every history of all events: nothing stumbles, replay is the whole, order."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from deploy.local.folds import Folds
from deploy.local.regime_file import read_regime
from services.notify.domain import ledger as notify_ledger
from services.scoring.domain import ledger as scoring_ledger
from services.scoring.domain.views import decided
from shared.core import register
from shared.core.events import AnyRecorded
from shared.core.ledger import Ledger
from shared.core.regime.model import Regime
from shared.infra.wire import EntryCodec, decode, encode
from tests.support import facts
from tests.support.builders import (
    JURISDICTION,
    LIST,
    a_plan,
    a_project,
    a_return,
    a_stage,
    a_year,
    local,
    record,
    until,
)
from tests.support.spec import plainly

REGIMES = sorted((Path(__file__).parents[2] / "shared/regimes").glob("*.yaml"))
CODEC = EntryCodec.of(register, scoring_ledger, notify_ledger)
FEW = settings(max_examples=4, deadline=None, suppress_health_check=[HealthCheck.too_slow])

PROJECTS = ("p1", "p2", "p3")
# Each takes a project, a number that makes it its own, and a day.
TOLD: dict[str, Callable[[str, int, str], Any]] = {
    "return": lambda p, n, on: a_return(p, on[:7], yi=str(n % 15)),
    "nil": lambda p, _, on: a_return(p, on[:7], yi=None),
    "daily": lambda p, n, on: a_return(p, on, yi=str(n % 15)),
    "stage": lambda p, n, on: a_stage(p, ("launched", "started", "suspended", "completed")[n % 4], on),
    "plan": lambda p, n, _: a_plan(p, yi=str(n % 20), milestones=(facts.a_milestone(f"m{n}"),)),
    "role": lambda p, n, _: facts.a_responsibility(p, ("sponsor_leader", "liaison")[n % 2], person=f"l{n % 3}"),
    "milestone": lambda p, n, on: facts.a_milestone_reached(p, f"m{n}", on),
    "filing": lambda p, n, on: facts.a_filing(p, f"permit{n}", on),
    "issue": lambda p, n, on: facts.an_issue(p, f"permit{n}", on),
    "problem": lambda p, n, on: facts.a_problem(f"q{n}", p, on),
    "visit": lambda p, n, on: facts.a_visit(p, f"l{n % 3}", on),
    "inspection": lambda p, n, on: facts.an_inspection(p, on, yi=str(n % 9), findings=(facts.a_finding(f"f{n}"),)),
    "incident": lambda p, n, on: facts.an_incident(f"i{n}", on, projects=(p,)),
    "contact": lambda _, n, on: facts.a_failed_contact(f"l{n % 3}", "bureau-a", on),
    "meeting": lambda _, n, on: facts.a_meeting(f"g{n}", on),
    "absence": lambda _, n, on: facts.an_absence(f"g{n}", "bureau-a", on),
    "matter": lambda p, n, on: facts.a_matter(f"x{n}", on, project=p),
    "reminder": lambda _, n, on: facts.a_reminder(f"x{n}", on),
    "done": lambda _, n, on: facts.a_verification(f"x{n}", on),
    "struck off": lambda _, n, on: facts.a_striking_off(f"x{n}", on),
    "exit": lambda p, _, on: facts.an_exit_request(p, on),
    "left": lambda p, _, on: facts.an_exit(p, on),
    "funds": lambda p, n, on: facts.an_allocation(p, str(n % 5), on),
    "credit": lambda p, _, on: facts.a_credit(p, on),
    "round": lambda p, n, on: facts.a_round(f"r{n}", on, on, projects=(p,)),
    "award": lambda _, __, on: facts.an_award("bureau-a", on=on),
    "loss": lambda _, __, on: facts.a_loss("bureau-b", on=on),
    "elsewhere": lambda _, n, on: facts.an_external_result("bureau-a", str(n), on),
}  # fmt: skip

moves = st.lists(
    st.tuples(st.sampled_from(sorted(TOLD)), st.sampled_from(PROJECTS), st.integers(0, 5), st.integers(0, 25)),
    min_size=12,
    max_size=40,
)


def history(regime: Regime, steps: Sequence[tuple[str, str, int, int]]) -> list[AnyRecorded]:
    """Write a year of what happened; much of it cannot be applied, and parks."""
    listed = (a_project("p1", category="工业"), a_project("p2", category="农业"), a_project("p3", lead="bureau-b"))
    day, told = date(2026, 1, 5), [*a_year(*listed, regime=regime)]
    at = local("2026-01-05 09:00")
    recorded = [*record(*told)]
    for kind, project, number, days in steps:
        day += timedelta(days=days)
        at += timedelta(days=days)
        (one,) = record(TOLD[kind](project, number, day.isoformat()))
        recorded.append(replace(one, time=at, recorded_at=at))
    (end,) = record(until("2027-02-20 00:00"))
    recorded.append(end)
    return [replace(one, position=place, id=f"e{place}") for place, one in enumerate(recorded, start=1)]


def fold(events: Sequence[AnyRecorded]) -> Folds:
    folds = Folds(JURISDICTION, plainly, lambda _: True)
    for one in events:
        folds.take(one)
    return folds


def loaded_again(ledger: Ledger) -> str:
    """Give the digest of what a process knows that has just started: the entries as text."""
    again = Ledger(JURISDICTION, position=ledger.position, clock=ledger.clock)
    again.load((key, CODEC.decode(name, text)) for key, name, text in [
        (key, *CODEC.encode(entry)) for key, entry in ledger.take_changes()
    ])  # fmt: skip
    return again.digest()


@pytest.mark.parametrize("file", REGIMES, ids=lambda file: file.stem)
@FEW
@given(moves, st.integers(0, 50))
def test_a_year_under_any_regime_is_judged_and_replay_is_the_whole(
    file: Path, steps: list[tuple[str, str, int, int]], cut: int
) -> None:
    """What parks is an event of its own; no rule ever stumbles over what the record may hold."""
    events = history(read_regime(file), steps)
    whole = fold(events)
    reasons = [one.reason for one in (*whole.scoring.parking.all, *whole.notify.parking.all)]
    assert not [reason for reason in reasons if "Error" in reason], "a fold raised what is no refusal"
    assert whole.draws
    decisions = decided(whole.scoring.ledger, LIST, whole.scoring.ledger.clock)

    again = fold([decode(encode(one, source="/t"), position=one.position) for one in [*events[:cut], *events]])
    assert [draw.drawn.digest for draw in again.draws] == [draw.drawn.digest for draw in whole.draws]
    assert again.stated == whole.stated
    assert decided(again.scoring.ledger, LIST, again.scoring.ledger.clock) == decisions
    assert loaded_again(again.scoring.ledger) == whole.scoring.ledger.digest()
    assert loaded_again(again.notify.ledger) == whole.notify.ledger.digest()
