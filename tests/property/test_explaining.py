"""What holds for the explanation of every number under every regime: its inputs come to it, its events are recorded."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from deploy.local.regime_file import read_regime
from services.scoring.domain.explaining.again import recompute
from services.scoring.domain.explaining.explain import asking_of
from services.scoring.domain.explaining.tree import Explained, events_of, walk
from services.scoring.domain.judge import lines_of
from services.scoring.domain.view import View
from services.scoring.domain.views import current_view, view_on
from shared.core.events import LineDrawn
from shared.core.ledger import Ledger
from shared.core.regime.model import Regime
from tests.catalogue.case import regime
from tests.property.test_every_regime import fold, history, moves
from tests.support.builders import LIST

_ROOT = Path(__file__).parents[2]
REGIMES = sorted([*(_ROOT / "shared/regimes").glob("*.yaml"), *(_ROOT / "tests/regimes").glob("*.yaml")])
FEW = settings(max_examples=3, deadline=None, suppress_health_check=[HealthCheck.too_slow])
Steps = list[tuple[str, str, int, int]]


def explained(view: View, line: LineDrawn) -> Iterator[tuple[str, object, Explained]]:
    """Each number of a line with its explanation: what it is about, what the line says."""
    asking = asking_of(view)
    subject = view.subject(line.subject_kind, line.subject)
    for name, value in line.measures.items():
        yield name, value, asking.about(subject, f"measure:{name}")
    for name, value in line.points.items():
        yield name, value, asking.about(subject, f"points:{name}")
    yield "light", line.light, asking.about(subject, "light")
    yield "rank", line.band or line.rank, asking.about(subject, "rank")


def views(ledger: Ledger) -> Iterator[View]:
    """The list as it stands after the year, and as it stood in the middle of it."""
    found = [current_view(ledger, LIST, ledger.clock), view_on(ledger, LIST, date(2026, 8, 10))]
    assert None not in found
    yield from (one for one in found if one is not None)


def all_is_explained(regime: Regime, steps: Steps) -> set[str]:
    """Hold each number of each line against its explanation; gives the kinds of rule that gave a value."""
    events = history(regime, steps)
    ledger = fold(events).scoring.ledger
    known, met = {one.id for one in events}, set[str]()
    for view in views(ledger):
        for line in lines_of(view, ""):
            for name, value, why in explained(view, line):
                at = (line.subject_kind, line.subject, name)
                assert why.value == value, at
                assert {*events_of(why)} <= known, at
                for one in walk(why):
                    assert recompute(one) == one.value, (*at, one.about)
                    met |= {one.given.get("form", one.how)} if one.value is not None else set()
    return met


@pytest.mark.parametrize("file", REGIMES, ids=lambda file: file.stem)
@FEW
@given(moves)
def test_the_inputs_of_every_explanation_come_to_the_value(file: Path, steps: Steps) -> None:
    all_is_explained(read_regime(file), steps)


MEASURES = """measures:
  behind: { shortfall: investment_ratio, against: time_progress }
  target: { value: 0.5 }
  both: { weighted: [ { of: investment_ratio, weight: 0.4 }, { of: time_progress, weight: 0.6 } ] }
  so_far: { points: total }
  at_half: { points: share, at: half_year }
  grown: { growth_of: investment_ratio, since: last_period }
  grown_pp: { growth_of: time_progress, since: last_period, unit: pp }
  weighed: { share_of: { stage: started }, weigh_by: annual_planned_investment, out_of: list }
  from_top: { place: top }
  is_last: { met: { any: [ { from_below: { at_most: 1 } }, { none: [ { from_below: { above: 0 } } ] } ] } }
  from_below: { place: bottom }
  in_period: { amount: investment_in_period, unit: 万元 }
  allocated: { ratio: funds_allocated, over: total_investment }
  by_original: { ratio: investment_completed, over: original_annual_planned_investment }
  found: { take: latest, column: found_ratio, of: inspection }
  found_at_all: { portion_of: inspection, where: { found_ratio: { above: 0.2 } } }
  filled: { slots: [sponsor_leader, liaison] }
  twice: { overlap: [sponsor_leader, liaison] }
  named: { holders: liaison }
  days_left: { days: until, anchor: year_end, working: true }
  still: { days: since, anchor: last_progress }
  marks: { panel: visit_score, drop_lowest: 0 }
  incidents: { count: incident }
  all_of_them: { objects: all }
  slow: { objects: { deviation_pp: { below: 0 } } }"""
SCORING = """scoring:
  subjects: [unit, project]
  components:
    - { id: share, proportional: { of: investment_ratio, points: 30 } }
    - { id: steps, tiers: { of: investment_ratio, table: [[0.1, 2], [0.5, 4]] }, among: { incidents: { at_most: 5 } } }
    - { id: more, when: { investment_ratio: { at_least: 0.1 } },
        per: { of: investment_ratio, above: 0.1, pp: 1, points: 0.1, at_most: 3 } }
    - { id: seen, add: { per: inspection, points: 1, at_most: 2 } }
    - { id: praised, add: { per: award, points: 1 } }
    - { id: unsafe, deduct: { per: incident, by: severity, points: { serious: 3, ordinary: 1 } } }
    - { id: times, multiply: { components: [share, steps], by: { of: time_progress, table: [[0.3, 1.2]] } } }
    - { id: all, all_or_nothing: { when: { light: yellow }, points: 1, otherwise: 2 } }
  vetoes:
    - { id: disaster, when: { incidents: { at_least: 4 } }, result: zero, legal_basis: law, plan_item: item }
    - { id: barred, when: { incidents: { at_least: 3 } }, result: not_ranked, legal_basis: law, plan_item: item }
  ranking: { by: %s }
lights: [ { red: { deviation_pp: { below: -60 } } }, { yellow: { deviation_pp: { below: 0 } } }, { green: otherwise } ]
light_memory: { repeated: { light: yellow, times: 2, becomes: red } }"""
RANKS = "total, ties: standard, legal_basis: law, plan_item: item, at_most: monthly"
BANDS = "investment_ratio, publish: bands, bands: [ { id: good, at_least: 0.1 }, { id: rest } ]"


@settings(FEW, max_examples=6)
@given(moves, st.sampled_from([RANKS, BANDS]))
def test_every_kind_of_rule_is_explained(steps: Steps, by: str) -> None:
    measures = MEASURES if by == RANKS else "\n".join(one for one in MEASURES.splitlines() if "from_" not in one)
    all_is_explained(regime(measures, SCORING % by), steps)
