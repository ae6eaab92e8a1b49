"""Units change their names and close, lists are sealed, projects leave them: all services know."""

import pytest

from shared.core.errors import CannotApply
from shared.core.events import ListSealed, ProjectExited, ProjectReplaced, UnitClosed, UnitRegistered
from shared.core.fold import advance
from shared.core.ledger import Ledger
from tests.support.builders import JURISDICTION, LIST, a_year, record
from tests.support.facts import a_closing, a_new_name, a_replacement, a_sealing, an_exit


def _folded(*events: object) -> Ledger:
    ledger = Ledger(JURISDICTION)
    for one in record(*a_year(), *events):
        advance(ledger, one, play=lambda *_: None, apply=lambda *_: None)
    return ledger


def test_a_unit_keeps_all_but_its_name() -> None:
    before, then = (_folded(*events).get(UnitRegistered, "bureau-a") for events in ((), (a_new_name(),)))
    assert before is not None
    assert then is not None
    assert (then.name, then.kind, then.code) == ("Bureau of A", before.kind, "bureau-a")


def test_what_has_left_or_is_closed_or_sealed_is_kept_as_it_was_told() -> None:
    ledger = _folded(a_closing(successor="bureau-b"), a_sealing(), an_exit(), a_replacement())
    assert ledger.get(UnitClosed, "bureau-a") == a_closing(successor="bureau-b")
    assert ledger.get(ListSealed, f"{LIST}/2026") == a_sealing()
    assert ledger.get(ProjectExited, f"{LIST}/2026/p1") == an_exit()
    assert ledger.get(ProjectReplaced, f"{LIST}/2026/p1") == a_replacement()


@pytest.mark.parametrize(
    ("event", "reason"),
    [
        (a_new_name("bureau-z"), "unit bureau-z is not registered"),
        (a_closing("bureau-z"), "unit bureau-z is not registered"),
        (a_sealing(2027), "list city is not published for 2027"),
        (an_exit("p9"), "project p9 is not on list city of 2026"),
        (a_replacement("p9"), "project p9 is not on list city of 2026"),
        (a_replacement("p1", by="p1"), "project p1 cannot take its own place"),
    ],
)
def test_nothing_can_be_told_of_what_is_not_there(event: object, reason: str) -> None:
    with pytest.raises(CannotApply, match=reason):
        _folded(event)
