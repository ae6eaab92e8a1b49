"""Does everybody read what is theirs and nothing else: no draft before it is out, no single mark?"""

from dataclasses import replace
from typing import Any

import pytest

from services.intake.bookkeeping import apply
from services.intake.domain.known import note
from services.intake.domain.reading import Standpoint, reads, standpoint
from shared.core.events import (
    CLASSES,
    Decision,
    MatterProposed,
    NoticeDrafted,
    NoticeServed,
    NoticeSignedFor,
    RegimeAdopted,
)
from shared.core.ledger import Ledger
from shared.infra.wire import adapter, statement
from tests.contract.golden import EXAMPLES
from tests.support.builders import (
    JURISDICTION,
    a_jurisdiction,
    a_list,
    a_project,
    a_return,
    a_unit,
    an_adoption,
    local,
    record,
)
from tests.support.facts import (
    a_declining,
    a_mark,
    a_matter,
    a_pause,
    a_post,
    a_problem,
    a_receipt,
    a_responsibility,
    a_solution,
    a_tour,
    a_visit,
    a_wording,
    an_assignment,
    an_exemption,
    an_incident,
    minutes,
    the_end_of_a_post,
)

AT = local("2026-03-02 09:00")
LEAD, OTHER, OFFICE, SPONSOR, BUILDER = "reporter-a", "reporter-b", "supervisor-1", "leader-1", "builder-1"


def given(*events: object, stated: tuple[object, ...] = ()) -> Ledger:
    head = [
        a_jurisdiction(), *map(a_unit, ("government", "bureau-a", "bureau-b", "firm")), a_post(LEAD, "reporter"),
        a_post(OTHER, "reporter", "bureau-b"), a_post(SPONSOR, "sponsor_leader", "government"),
        a_post(BUILDER, "reporter", "firm"), an_adoption(), a_list(), a_project(owner="firm"),
        a_responsibility(person=SPONSOR),
    ]  # fmt: skip
    ledger = Ledger(JURISDICTION)
    for one in record(*head, *events, start="2026-03-02 09:00"):
        apply(ledger, one)
    for told in stated:
        note(ledger, statement(told, jurisdiction=JURISDICTION, at=AT, causation=""))
    return ledger


def readers(ledger: Ledger, data: object, **envelope: Any) -> set[str]:
    """Who of the people reads an event."""
    (one,) = record(data)
    one = replace(one, **envelope)
    people = (LEAD, OTHER, OFFICE, SPONSOR, BUILDER)
    found = {person: standpoint(ledger, person, is_operator=False) for person in people}
    return {person for person, by in found.items() if by and reads(ledger, by, one)}


def the_operator(ledger: Ledger) -> Standpoint:
    found = standpoint(ledger, None, is_operator=True)
    assert found is not None
    return found


OF_THE_PROJECT = {LEAD, OFFICE, SPONSOR, BUILDER}


@pytest.mark.parametrize(
    ("data", "who"),
    [
        (a_return(), OF_THE_PROJECT),
        (a_visit(), OF_THE_PROJECT),
        (a_tour(projects=("p1",)), OF_THE_PROJECT),
        (an_incident(units=("bureau-b",)), {OTHER, OFFICE}),
        (a_unit("bureau-b"), {OTHER, OFFICE}),
        (a_post(OTHER, "reporter", "government"), {OTHER, SPONSOR, OFFICE}),
        (an_adoption(), {OFFICE}),
        (a_list(), {OFFICE}),
    ],
)
def test_an_event_is_read_by_those_whom_it_is_about(data: object, who: set[str]) -> None:
    assert readers(given(), data) == who


def test_an_event_is_read_by_the_unit_that_submitted_it_or_for_which_it_was_entered() -> None:
    ledger, adopted = given(), next(one for one in EXAMPLES if isinstance(one, RegimeAdopted))
    assert readers(ledger, adopted, unit="bureau-b") == {OTHER, OFFICE}
    assert readers(ledger, adopted, unit="office", on_behalf_of="bureau-b") == {OTHER, OFFICE}
    assert readers(ledger, adopted, actor=OTHER) == {OTHER, OFFICE}


def test_a_problem_is_read_by_those_of_its_project() -> None:
    assert readers(given(a_problem()), a_solution()) == OF_THE_PROJECT


def test_a_matter_is_read_by_the_unit_to_which_it_was_given() -> None:
    assert readers(given(a_matter(unit="bureau-b")), a_receipt(unit="bureau-b")) == {OTHER, OFFICE}
    assert readers(given(a_matter()), a_pause()) == {OFFICE}


def test_what_a_rule_proposed_is_read_by_nobody_before_its_notice_is_out() -> None:
    proposed = next(one for one in EXAMPLES if isinstance(one, MatterProposed))
    proposed = replace(proposed, unit="bureau-b", subject_kind="unit", subject="bureau-b")
    ledger = given(stated=(proposed,))
    for act in (a_pause(proposed.matter), an_exemption(proposed.matter, subject="bureau-b")):
        assert readers(ledger, act) == {OFFICE}


def test_a_draft_is_read_by_nobody_to_whom_it_is_addressed_before_it_is_served() -> None:
    drafted = replace(next(one for one in EXAMPLES if isinstance(one, NoticeDrafted)), notice="n-1", unit="bureau-b")
    served = replace(next(one for one in EXAMPLES if isinstance(one, NoticeServed)), notice="n-1", unit="bureau-b")
    approved = {"notice": "n-1", "draft_digest": drafted.digest, "step": "signer"}
    acts = [a_wording(), a_declining(), adapter(CLASSES["duban.notice.notice_approved.v1"]).validate_python(approved)]
    for act in acts:
        assert readers(given(stated=(drafted,)), act) == {OFFICE}
    assert readers(given(stated=(drafted, served)), NoticeSignedFor(notice="n-1")) == {OTHER, OFFICE}


def test_a_single_mark_is_read_by_whoever_gave_it_and_the_operator() -> None:
    ledger = given(a_tour())
    assert readers(ledger, a_mark(), unit="bureau-a", actor=LEAD) == {LEAD}
    assert reads(ledger, the_operator(ledger), record(a_mark())[0])


def test_a_stranger_stands_nowhere_and_neither_does_who_has_lost_the_last_post() -> None:
    assert standpoint(given(), "stranger", is_operator=False) is None
    assert standpoint(given(the_end_of_a_post(OTHER, "reporter", "bureau-b")), OTHER, is_operator=False) is None


def test_minutes_are_read_by_those_whose_decisions_they_are() -> None:
    decided = replace(minutes(), decisions=(Decision(id="d1", what="Move the pipe.", unit="bureau-b"),))
    assert readers(given(), decided) == {OTHER, OFFICE}
    assert readers(given(), minutes()) == {OFFICE}


def test_minutes_are_read_by_the_unit_to_which_a_decision_was_given_later() -> None:
    decided = replace(minutes(), decisions=(Decision(id="d1", what="Move the pipe.", unit=""),))
    assert readers(given(decided), decided) == {OFFICE}
    assert readers(given(decided, replace(an_assignment(unit="bureau-b"), matter="d1")), decided) == {OTHER, OFFICE}


def test_a_matter_is_read_by_the_unit_that_is_to_handle_it() -> None:
    opened, assigned = a_matter(unit="bureau-b", project=""), an_assignment(unit="bureau-b")
    assert readers(given(opened), opened) == readers(given(), assigned) == {OTHER, OFFICE}
