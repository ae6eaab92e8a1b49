"""Is what was asked of the units counted as it was: each return once, each visit, meeting and notice?"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from services.intake.bookkeeping import apply
from services.intake.domain.burden import Borne, borne, ruled
from services.intake.domain.known import note
from shared.core.events import NoticeServed, NoticesEvent, ReminderSent
from shared.core.ledger import Ledger
from shared.core.regime.due import Due
from shared.infra.wire import statement
from tests.contract.golden import EXAMPLES
from tests.support.builders import (
    JURISDICTION,
    LIST,
    a_list,
    a_project,
    a_regime,
    a_reporting,
    a_return,
    a_year,
    an_adoption,
    local,
    on,
    record,
)
from tests.support.facts import (
    a_call,
    a_matter,
    a_meeting,
    a_receipt,
    a_tour,
    a_visit,
    an_assignment,
    an_inspection,
    minutes,
)

FIRST, LAST, TODAY = date(2026, 1, 1), date(2026, 3, 31), date(2026, 3, 10)


def counted(
    *events: object, regime: Any = None, projects: Sequence[Any] = (), stated: Sequence[NoticesEvent] = ()
) -> dict[tuple[str, str], Borne]:
    listed = projects or (a_project(), a_project("p2"), a_project("p3", lead="bureau-b"))
    ledger = Ledger(JURISDICTION)
    for one in record(*a_year(*listed, regime=regime), *events):
        apply(ledger, one)
    for told in stated:
        note(ledger, statement(told, jurisdiction=JURISDICTION, at=local("2026-03-02 09:00"), causation=""))
    return borne(ledger, FIRST, LAST, today=TODAY)


def test_returns_are_counted_in_the_month_in_which_they_are_due_whether_made_or_not() -> None:
    found = counted(on("2026-02-03 10:00", a_return()))
    # That of January is due in February, that of February in March; that of March only in April.
    assert {key: one.returns for key, one in found.items()} == {
        ("bureau-a", "2026-02"): 2, ("bureau-a", "2026-03"): 2, ("bureau-b", "2026-02"): 1, ("bureau-b", "2026-03"): 1,
    }  # fmt: skip


def test_what_has_not_begun_is_not_counted_yet() -> None:
    regime = a_regime(reporting=(a_reporting(cadence="weekly", due=Due(of="same_period", weekday="fri")),))
    assert counted(regime=regime)["bureau-b", "2026-03"].returns == 2  # the Fridays 6 and 13 March; today is the 10th


def test_fields_and_workbooks_are_those_of_the_returns() -> None:
    regime = a_regime(reporting=(a_reporting(fields=("investment", "narrative", "annual_plan")),))
    one = counted(regime=regime)["bureau-a", "2026-02"]
    assert (one.returns, one.fields, len(one.workbooks), len(one.projects)) == (2, 4, 1, 2)  # the plan is known


def test_a_project_on_two_lists_is_asked_about_once() -> None:
    second = replace(a_list(), list="province")
    adopted = replace(an_adoption(), list="province")
    ledger = Ledger(JURISDICTION)
    for one in record(*a_year(), second, adopted, replace(a_project(), list="province")):
        apply(ledger, one)
    assert borne(ledger, FIRST, LAST, today=TODAY)["bureau-a", "2026-02"].returns == 1


def test_a_visit_that_sees_two_projects_of_a_unit_is_one_visit_to_it() -> None:
    found = counted(
        a_tour(on="2026-03-03", projects=("p1", "p2", "p3")), a_visit(on="2026-03-04"), an_inspection(on="2026-03-05")
    )
    assert (len(found["bureau-a", "2026-03"].visits), len(found["bureau-b", "2026-03"].visits)) == (3, 1)


def test_meetings_to_which_a_unit_is_asked_are_counted() -> None:
    found = counted(a_call(on="2026-03-09", to=("bureau-a", "leader-1")))
    assert (found["bureau-a", "2026-03"].meetings, found["bureau-b", "2026-03"].meetings) == (1, 0)
    assert {unit for unit, _ in found} == {"bureau-a", "bureau-b"}  # a leader is no unit


def test_a_meeting_at_which_a_unit_was_or_whose_minutes_it_has_counts_once() -> None:
    held = replace(a_meeting(on="2026-02-27"), attended=("bureau-a",))
    written = replace(minutes(), on=date(2026, 3, 4), to=("bureau-a", "bureau-b"))
    found = counted(held, written)
    assert (found["bureau-a", "2026-02"].meetings, found["bureau-b", "2026-02"].meetings) == (1, 1)
    assert (found["bureau-a", "2026-03"].meetings, found["bureau-b", "2026-03"].meetings) == (0, 0)


def test_a_matter_is_counted_when_a_unit_is_first_given_it() -> None:
    opened = a_matter(unit="bureau-a", on="2026-02-27")
    found = counted(opened, replace(an_assignment(unit="bureau-b"), on=date(2026, 3, 3)), a_receipt(unit="bureau-b"))
    assert (found["bureau-a", "2026-02"].matters, found["bureau-b", "2026-03"].matters) == (1, 1)
    assert sum(one.matters for one in found.values()) == 2


def test_notices_are_counted_once_they_are_served_and_reminders_too() -> None:
    served = next(one for one in EXAMPLES if isinstance(one, NoticeServed))
    reminder = next(one for one in EXAMPLES if isinstance(one, ReminderSent))
    at = local("2026-03-02 09:00")
    stated: list[NoticesEvent] = [
        replace(reminder, unit="bureau-a", at=at),
        replace(served, unit="bureau-b", served_at=at),
    ]
    found = counted(stated=stated)
    assert found["bureau-a", "2026-03"].notices == 1
    assert found["bureau-b", "2026-03"].notices == 0  # its draft was never seen: that it is out is not known here


def test_the_regime_in_force_says_what_it_would_ask() -> None:
    ledger = Ledger(JURISDICTION)
    for one in record(*a_year()):
        apply(ledger, one)
    (of_city,) = ruled(ledger, LAST)
    assert (of_city.list, of_city.per_month["returns"], of_city.allowed["returns"]) == (LIST, Decimal(1), None)
