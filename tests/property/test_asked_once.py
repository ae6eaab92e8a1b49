"""Nothing is asked twice: whatever a regime asks for and a record holds, no form asks for what is known (减负)."""

from collections import Counter
from datetime import date
from typing import Any, get_args

from hypothesis import given
from hypothesis import strategies as st

from services.intake.bookkeeping import apply
from services.intake.domain.asked import FINAL_STAGES, Asked, asked_in, asked_of, asked_until
from shared.core.calendar import Period
from shared.core.ledger import Ledger
from shared.core.regime.management import RECORDED_FIELDS, Field, Reporting
from shared.core.regime.terms import Stage
from tests.support.builders import (
    JURISDICTION,
    a_list,
    a_plan,
    a_project,
    a_regime,
    a_reporting,
    a_return,
    a_stage,
    a_year,
    an_adoption,
    local,
    record,
)
from tests.support.facts import a_filing, a_milestone, a_milestone_reached, a_permit, an_issue

MARCH, AT = Period.parse("2026-03"), local("2026-04-02 09:00")
STAGES: tuple[Stage, ...] = get_args(Stage)

reportings = st.builds(
    lambda fields, cadence: a_reporting(fields=tuple(fields), cadence=cadence),
    st.lists(st.sampled_from(get_args(Field)), min_size=1, max_size=6, unique=True),
    st.sampled_from(["monthly", "quarterly"]),
)
rules = st.lists(reportings, min_size=1, max_size=3)
happened = st.lists(
    st.one_of(
        st.sampled_from([
            a_plan(yi="3", milestones=(a_milestone("roof"), a_milestone("walls"))), a_filing(), an_issue(),
            a_milestone_reached(milestone="roof"), a_milestone_reached(milestone="walls"),
            a_plan(yi="4", permits=(a_permit("land"),)),
        ]),
        st.sampled_from([a_return(period=one) for one in ("2026-01", "2026-02", "2026-03", "2026-Q1")]),
        st.sampled_from([a_stage(stage=one, on="2026-01-05") for one in STAGES]),
    ),
    max_size=8,
)  # fmt: skip


def told(first: list[Reporting], second: list[Reporting], events: list[Any]) -> Ledger:
    """A project on two lists with rules of their own, and what happened to it."""
    ledger = Ledger(JURISDICTION)
    lists = [a_list(list="province"), an_adoption(a_regime(reporting=tuple(second)), list="province")]
    lists.append(a_project(list="province"))
    head = a_year(regime=a_regime(reporting=tuple(first)))
    for one in record(*head, *lists, *events, start="2026-03-01 00:00"):
        apply(ledger, one)
    return ledger


def every(ledger: Ledger) -> list[Asked]:
    found = [*asked_of(ledger, "bureau-a", at=AT), *asked_in(ledger, "bureau-a", MARCH)]
    return [*found, *asked_until(ledger, date(2026, 4, 2))]


@given(first=rules, second=rules, events=happened)
def test_no_form_asks_for_what_the_record_holds(
    first: list[Reporting], second: list[Reporting], events: list[Any]
) -> None:
    for one in every(told(first, second, events)):
        assert not {*one.fields} & RECORDED_FIELDS
        assert not ("stage" in one.fields and one.stage in FINAL_STAGES)
        assert not ("milestones" in one.fields and not one.milestones)
        assert not ("permits" in one.fields and not one.permits)
        assert all(node.reached_on is None for node in one.milestones)
        assert one.annual_plan_yuan is not None  # what the list and the plan say is given with the question


@given(first=rules, second=rules, events=happened)
def test_a_return_is_asked_once_however_many_lists_and_rules_ask_for_it(
    first: list[Reporting], second: list[Reporting], events: list[Any]
) -> None:
    ledger = told(first, second, events)
    for found in (asked_of(ledger, "bureau-a", at=AT), asked_until(ledger, date(2026, 4, 2))):
        times = Counter((one.project, one.period) for one in found)
        assert not times or max(times.values()) == 1
        assert all(len({*one.fields}) == len(one.fields) for one in found)


@given(first=rules, second=rules, events=happened)
def test_what_was_told_is_not_asked_again(first: list[Reporting], second: list[Reporting], events: list[Any]) -> None:
    made = {one.period for one in events if hasattr(one, "period")}
    assert not made & {one.period for one in asked_of(told(first, second, events), "bureau-a", at=AT)}
