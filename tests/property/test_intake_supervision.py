"""Whatever intake accepts of permits, problems, supervision, meetings and results, scoring and notify can apply."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from services.intake.domain.decide import Accepted
from shared.core.events import RecordEvent
from tests.support import facts
from tests.support.builders import LIST, a_regime, an_adoption, local
from tests.support.facts import a_decision, a_finding
from tests.support.intake import CHECKER, LEAD, OFFICE, Everywhere
from tests.support.supervised import FEW_INSPECTIONS, OPEN_PROBLEMS, UPWARD, WEIGHED, chained, fill, sender

FEW = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
AUTUMN = local("2026-09-01 09:00")

SAME_DAY, DIGEST = "2026-08-28", "sha256:" + "0" * 64


def mostly(good: Any, *others: Any) -> st.SearchStrategy[Any]:
    """Nearly always what makes sense: an event of which nothing does is refused, and tells nothing."""
    return st.sampled_from([good] * 3 * (1 + len(others)) + [*others])


def days(*others: str) -> st.SearchStrategy[str]:
    return mostly(SAME_DAY, "2026-08-25", "2026-08-31", "2026-09-02", *others)


some_day = mostly(None, *map(date.fromisoformat, (SAME_DAY, "2026-08-01", "2026-12-31")))
projects = mostly("p1", "p2", "p9")
units = mostly("bureau-a", "bureau-b", "nowhere", "")
persons = mostly("leader-1", "head-b", "nobody", "张三", "")
liaisons = mostly("liaison-a", "leader-1", "")
ids = st.sampled_from(["one"] * 8 + ["two"] * 4 + ["x/y", "m-0123456789abcdef0123", "新", ""])
texts = mostly("dispatch", "county", "city", "", " ", "\x00")
forums = mostly("dispatch", "county", "")
offices = mostly("land-office", "fire-office", "nowhere")
permits = mostly("land", "bulk", "")
amounts = mostly(None, *map(Decimal, ("0", "90", "-1", "1E+16", "1E-11", "NaN", "Infinity")))
scores = mostly("90", "0", "-1", "1E+16", "1E-11", "NaN", "Infinity")
several = mostly(("p1",), (), ("p1", "p2"), ("p9",))
evidence = mostly((), (DIGEST,), ("x",))
schemes = mostly("annual", "praised", "")
steps = st.sampled_from(["assessment_office", "drc", "government", "government", ""])
subjects = mostly("bureau-a", "p1", "leader-1", LIST, "testcity", "nobody", "")
awards = mostly("praise", "all", "other", "")
years = mostly(2026, 2025, 0, -1, 9999)
gaps = mostly((), ("a map",), ("",))
decisions = mostly(
    (), (a_decision(),), (a_decision("d2", due_on=date(2026, 12, 31)), a_decision("d3", project="p2")),
    (a_decision(""),), (a_decision("d4", project="p9"),), (a_decision("d5"), a_decision("d5")),
    (a_decision("m-0123456789abcdef0123"),),
)  # fmt: skip
findings = mostly((), (a_finding(),), (a_finding("f2"), a_finding("f3")), (a_finding("f4"), a_finding("f4")))

KINDS: Sequence[st.SearchStrategy[Any]] = [
    st.builds(facts.an_agent, projects, persons, days(), permit=permits),
    st.builds(facts.a_filing, projects, permits, days(), offices),
    st.builds(facts.an_acceptance, projects, permits, days(), office=offices, gaps=gaps, gaps_due_on=some_day),
    st.builds(facts.a_giving_back, projects, permits, days(), office=offices),
    st.builds(facts.an_issue, projects, permits, days(), offices),
    st.builds(facts.a_refusal, projects, permits, days(), offices),
    st.builds(facts.a_problem, ids, projects, days(), needs=texts, text=texts),
    st.builds(facts.an_escalation, ids, days(), texts),
    st.builds(facts.a_solution, ids, days(), texts),
    st.builds(
        facts.a_round, ids, days(), days(), projects=several, units=mostly((), ("bureau-a",), ("nowhere",)),
        approver=texts, kind=mostly("regular", "random"),
    ),
    st.builds(facts.a_round_report, ids, days(), correct_by=some_day),
    st.builds(facts.a_visit, projects, persons, days()),
    st.builds(
        facts.an_inspection, projects, days(), round=mostly("", "one"), found_investment_ytd_yuan=amounts,
        findings=findings, evidence=evidence,
    ),
    st.builds(facts.a_report_up, texts, mostly("2026-07", "", "2026-Q3", "0001", "x"), days()),
    st.builds(facts.an_incident, ids, days(), projects=several, persons=mostly((), ("leader-1",), ("张三",))),
    st.builds(facts.a_failed_contact, liaisons, units, days()),
    st.builds(facts.a_tour, ids, days(), several),
    st.builds(
        facts.a_mark, ids, projects, scores, scorer_unit=mostly("", "government", "bureau-a"), criterion=texts,
        scorer_group=mostly("leaders", "others"),
    ),
    st.builds(facts.a_call, ids, days("2026-10-01"), forums, to=mostly((), ("bureau-a",))),
    st.builds(facts.an_item, ids, ids, problem=mostly("", "one", "new"), matter=mostly("", "d1"), text=texts),
    st.builds(facts.a_deferral, ids, ids, to_meeting=mostly("", "two")),
    st.builds(facts.a_meeting, ids, days(), forums, problems=mostly((), ("one",))),
    st.builds(facts.minutes, ids, days(), forums, number=mostly("", "3"), decisions=decisions),
    st.builds(facts.an_absence, ids, units, days(), forum=forums, person=mostly("", "head-b", "张三")),
    st.builds(facts.a_proposal, schemes, days(), year=years),
    st.builds(facts.a_confirmation, schemes, steps, days(), year=years, approved=mostly(True, False)),
    st.builds(facts.an_external_result, subjects, mostly(None, "1", "NaN"), days(), result=texts),
    st.builds(facts.a_loss, subjects, days(), award=awards),
    st.builds(facts.an_award, subjects, awards, days()),
]  # fmt: skip
regimes = st.sampled_from(
    [{}, {"duties": (*FEW_INSPECTIONS, *OPEN_PROBLEMS, *UPWARD)}, {"measures": WEIGHED.measures}, chained()]
)
# What belongs together is told together, or nothing would come of it; then all kinds at once.
PARTS = [range(6), range(6, 9), range(9, 18), range(18, 24), range(24, len(KINDS)), range(len(KINDS))]
senders = st.sampled_from([None] * 20 + [OFFICE, LEAD, CHECKER])


def told_of(part: range) -> st.SearchStrategy[list[tuple[RecordEvent, str | None]]]:
    # Not one_of: it would weigh kinds by the choices within them.
    events = st.sampled_from(part).flatmap(lambda kind: KINDS[kind])
    return st.lists(st.tuples(events, senders), min_size=30, max_size=80)


moves = st.sampled_from(PARTS).flatmap(told_of)


@FEW
@given(regimes, moves)
def test_what_intake_accepts_of_supervision_every_fold_can_apply(
    rules: dict[str, Any], told: Sequence[tuple[RecordEvent, str | None]]
) -> None:
    intake = fill(Everywhere(now=AUTUMN))
    intake.accept(an_adoption(a_regime(version=2, **rules), "2026-09-01"))
    for data, by in told:
        decided = intake.decide(data, **({"by": by} if by else sender(data)))
        if isinstance(decided, Accepted):
            for one in decided.events:
                intake.enter(one)
    assert intake.read_anew(record_first=True).digest() == intake.ledger.digest()


@pytest.mark.parametrize("part", PARTS[:-1])
def test_the_strategies_get_something_of_every_kind_accepted(part: range) -> None:
    """Or else the property would say nothing of it."""
    accepted: set[type] = set()
    told: set[type] = set()

    @settings(max_examples=80, deadline=None, database=None, derandomize=True, phases=[Phase.generate])
    @given(told_of(part))
    def tell(moves: Sequence[tuple[RecordEvent, str | None]]) -> None:
        intake = fill(Everywhere(now=AUTUMN))
        for data, _ in moves:
            told.add(type(data))
            decided = intake.decide(data, **sender(data))
            if isinstance(decided, Accepted):
                accepted.add(type(data))
                for one in decided.events:
                    intake.enter(one)

    tell()
    assert len(told) == len(part)
    assert accepted == told
