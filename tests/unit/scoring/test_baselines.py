"""Is every change of a plan in the register, with what it spared the project, and does each ratio stand by both?"""

from decimal import Decimal

from services.scoring.domain.baselines import Baselines, baselines
from services.scoring.domain.views import current_view
from tests.catalogue.case import regime
from tests.support.builders import LIST, YI, a_plan, a_project, a_return, a_year, local, on, until
from tests.support.facts import a_reset, a_sealing
from tests.support.spec import given

SLOW = """supervision_rules:
  - { id: slow, about: project, when: { investment_ratio: { below: 0.5 } }, held: { consecutive: 1, of: monthly },
      ladder: plain }"""
LIGHTS = "lights: [ { red: { investment_ratio: { below: 0.5 } } }, { green: otherwise } ]"


def register(*events: object, rules: str = LIGHTS, listed: tuple[str, ...] = ("p1", "p2")) -> Baselines:
    head = a_year(*(a_project(one, plan_yi="12") for one in listed), regime=regime(rules))
    first = on("2026-02-03 10:00", a_return("p1", "2026-01", yi="3"))
    ledger = given(*head, first, *events, until("2026-03-20 00:00")).scored().ledger
    view = current_view(ledger, LIST, ledger.clock)
    assert view is not None
    return baselines(view)


def test_a_reset_stands_in_the_register_with_who_let_it_be_and_what_it_changed() -> None:
    (one,) = register(on("2026-02-10 09:00", a_reset("p1", yi="6"))).resets
    assert (one.project, one.unit, one.by) == ("p1", "bureau-a", "reset")
    assert (one.old_yuan, one.new_yuan, one.difference_yuan) == (12 * YI, 6 * YI, -6 * YI)
    assert (one.approver, one.document, one.reason) == ("mayor", "1", "floods")
    assert one.recorded_at == local("2026-02-10 09:00")
    assert not one.is_after_sealing


def test_a_plan_that_says_another_amount_is_in_the_register_too() -> None:
    found = register(on("2026-02-10 09:00", a_plan("p1", yi="10")))
    assert [(one.by, one.difference_yuan) for one in found.resets] == [("plan", -2 * YI)]


def test_the_first_amount_and_the_same_amount_again_reset_nothing() -> None:
    found = register(on("2026-02-10 09:00", a_plan("p1", yi="12")))
    assert not found.resets
    assert (found.projects_reset, found.difference_yuan) == (0, Decimal(0))


def test_a_reset_that_lifts_a_project_out_of_the_red_says_so() -> None:
    (one,) = register(on("2026-02-10 09:00", a_reset("p1", yi="6"))).resets
    assert (one.light_before, one.light_after) == ("red", "green")


def test_a_reset_that_changes_no_judgement_frees_of_nothing() -> None:
    (one,) = register(on("2026-02-10 09:00", a_reset("p1", yi="11"))).resets
    assert (one.freed, one.light_before, one.light_after) == ((), "red", "red")


def test_a_reset_after_the_list_was_sealed_is_counted_by_itself() -> None:
    found = register(
        on("2026-02-08 09:00", a_sealing()), on("2026-02-10 09:00", a_reset("p1", yi="6"))
    )  # fmt: skip
    assert found.after_sealing == 1
    assert found.resets[0].is_after_sealing


def test_a_project_that_is_reset_again_and_again_is_named_with_how_often() -> None:
    found = register(
        on("2026-02-10 09:00", a_reset("p1", yi="10")), on("2026-02-11 09:00", a_reset("p2", yi="9")),
        on("2026-02-12 09:00", a_reset("p1", yi="8")),
    )  # fmt: skip
    assert found.repeated == {"p1": 2}
    assert (found.projects_reset, found.difference_yuan) == (2, -7 * YI)


def test_each_subject_stands_by_the_first_plan_and_by_the_one_in_force() -> None:
    found = {
        (one.subject_kind, one.subject): one
        for one in register(on("2026-02-10 09:00", a_reset("p1", yi="6")), listed=("p1",)).compared
    }
    for one in (found["project", "p1"], found["unit", "bureau-a"], found["list", LIST]):
        assert (one.by_original, one.by_current) == (Decimal("0.25"), Decimal("0.5"))
        assert (one.original_planned_yuan, one.planned_yuan, one.completed_yuan) == (12 * YI, 6 * YI, 3 * YI)
