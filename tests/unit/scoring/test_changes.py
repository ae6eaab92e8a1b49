"""How a list changes: leaving it, what comes instead, what must stay, and whom a change needs."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from services.scoring.domain.changes import POLICY_COMPLIANT
from shared.core.events import ListPublished
from shared.core.regime.language import Bound, ChainStep, Has
from shared.core.regime.management import Consultation, ListChanges, Replacement
from tests.support.builders import YI, a_list, a_plan, a_project, local, on
from tests.support.decided import decided, only, rules, told
from tests.support.facts import (
    a_matter,
    a_replacement,
    a_reset,
    a_responsibility,
    a_sealing,
    an_exit,
    an_exit_request,
    an_exit_step,
)
from tests.support.facts import a_reminder as reminded

CHAIN = (
    ChainStep(by="responsible_leader", act="report"),
    ChainStep(by="drc", act="file"),
    ChainStep(by="party_committee_and_government", act="consent"),
    ChainStep(by="peoples_congress_standing_committee", act="approve"),
)
EXIT = ListChanges(
    exit_chain="exit", urged_at_least=2, loses=("funds_priority", "land_supply"), source="004",
)  # fmt: skip
SPECIAL = an_exit_request(is_special=True)
CONSENTED = tuple(an_exit_step(step=step.by) for step in CHAIN)
URGED = (a_matter(), reminded(on="2026-03-03"), reminded(on="2026-03-04"))


def under(rule: ListChanges, *events: object, **view: Any) -> Any:
    return decided(rules(chains={"exit": CHAIN, "change": CHAIN[1:2]}, list_changes=rule), *events, **view)


def listed(code: str, yi: str | None = "10", **changes: Any) -> Any:
    amount = None if yi is None else Decimal(yi) * YI
    return a_project(code, **{"total_investment_yuan": amount, "tags": (POLICY_COMPLIANT,), **changes})


# --- leaving ----------------------------------------------------------------------------------------------------


def test_an_exit_goes_through_its_chain_step_by_step() -> None:
    """004: 「报请县人大常委会审议通过后」."""
    steps = [an_exit_step(step=step.by) for step in CHAIN]
    turns = [only(under(EXIT, *URGED, SPECIAL, *steps[:done])) for done in range(4)]
    assert [(one.kind, one.act, one.by) for one in turns] == [("approval", step.act, step.by) for step in CHAIN]
    assert turns[0].facts["times_urged"] == "2"
    recorded = only(under(EXIT, *URGED, SPECIAL, *steps))
    assert (recorded.kind, recorded.act, recorded.subject) == ("exit", "record", "city/2026/p1")
    assert recorded.facts["loses"] == "funds_priority, land_supply"


def test_a_refusal_ends_an_exit() -> None:
    assert under(EXIT, *URGED, SPECIAL, an_exit_step(step="responsible_leader", approved=False)) == []


@pytest.mark.parametrize("events", [(*URGED, an_exit_request()), (*URGED[:2], SPECIAL)])
def test_without_a_special_reason_or_enough_urging_an_exit_is_refused(events: tuple[object, ...]) -> None:
    assert told(under(EXIT, *events)) == [("exit", "city/2026/p1", "refuse")]


def test_an_exit_whose_condition_is_unknown_is_listed_as_such() -> None:
    rule = replace(EXIT, exit_when={"investment_ratio": Bound(below=Decimal("0.1"))})
    assert told(under(rule, *URGED, SPECIAL)) == [("unknown", "city/2026/p1", "exit")]


def test_who_has_left_loses_the_benefits() -> None:
    """004: 「不再享受重点项目各项优惠政策」."""
    found = only(under(EXIT, SPECIAL, *CONSENTED, an_exit(on="2026-03-20")))
    assert (found.act, found.facts["loses"]) == ("withdraw_benefits", "funds_priority, land_supply")
    assert under(EXIT, SPECIAL, *CONSENTED, an_exit(on="2026-03-20"), day="2026-04-30", period="2026-04") == []


@pytest.mark.parametrize("steps", [(), CONSENTED[:3], (*CONSENTED[:3], an_exit_step(step=CHAIN[3].by, approved=False))])
def test_who_has_left_before_all_consented_has_left_irregularly(steps: tuple[Any, ...]) -> None:
    rule, left = replace(EXIT, loses=()), an_exit(on="2026-03-20")
    found = only(under(rule, SPECIAL, *steps, left))
    assert (found.kind, found.rule, found.act) == ("exit", "list_changes/exit", "irregular")
    assert found.facts["exited_on"] == "2026-03-20"
    assert found.facts["decided"] == (", ".join(step.by for step in CHAIN[: min(len(steps), 3)]) or "-")
    assert under(rule, SPECIAL, *CONSENTED, left) == under(replace(rule, exit_chain=""), SPECIAL, left) == []
    assert under(rule, SPECIAL, left, day="2026-04-30", period="2026-04") == []


def test_an_exit_counts_from_its_own_day() -> None:
    on_the_first = (SPECIAL, *CONSENTED, an_exit(on="2026-03-01"))
    assert [one.act for one in under(EXIT, *on_the_first)] == ["withdraw_benefits"]


def test_an_exit_that_is_not_asked_for_yet_is_none() -> None:
    assert under(EXIT, *URGED, an_exit_request(is_special=True, on="2026-04-01")) == []


def test_a_sealed_list_grows_by_replacement_only() -> None:
    """004: 「共确定重点项目99个」."""
    rule, late = ListChanges(), on("2026-03-05 10:00", a_project("p9"))
    sealed = on("2026-03-04 10:00", a_sealing(document_number="8"))
    found = only(under(rule, sealed, late))
    assert (found.kind, found.rule, found.act) == ("list_change", "list_changes/sealed", "irregular")
    assert (found.subject, found.facts) == ("p9", {"listed_on": "2026-03-05", "sealed_by": "8"})
    assert under(rule, late) == under(rule, sealed, late, a_replacement(by="p9")) == []
    assert under(rule, late, on("2026-03-06 10:00", a_sealing())) == []
    assert under(rule, a_list(2025), on("2026-03-04 10:00", a_sealing(2025)), late) == []


def test_a_sealed_list_has_no_more_than_was_declared() -> None:
    rule, both = ListChanges(), (a_project("p1"), a_project("p2"))
    found = only(under(rule, a_list(declared_count=1), a_sealing(), projects=both))
    assert (found.kind, found.act, found.facts) == ("requirement_unmet", "fulfil", {"count": "2", "must_be": "1"})
    assert under(rule, a_list(declared_count=2), a_sealing(), projects=both) == []
    assert under(rule, a_list(declared_count=1), projects=both) == []
    left = an_exit("p2", on="2026-03-05")
    assert under(rule, a_list(declared_count=1), a_sealing(), left, projects=both) == []


# --- what comes instead -----------------------------------------------------------------------------------------

LIKE = ListChanges(replacement=Replacement(investment_within=Decimal("0.2"), same=("category",)))
LEFT = (an_exit_request(), an_exit())


def replacing(new: Any, *, old: Any = None) -> Any:
    return under(LIKE, *LEFT, a_replacement(by="p9"), projects=(old or listed("p1", category="industry"), new))


def test_something_like_it_is_looked_for() -> None:
    assert told(under(LIKE, *LEFT)) == [("replacement", "p1", "find")]


def test_what_has_not_left_yet_needs_nothing_in_its_place() -> None:
    assert told(under(LIKE, an_exit_request()), "replacement") == []
    assert told(under(LIKE, an_exit_request(), an_exit(on="2026-04-02")), "replacement") == []


def test_what_is_as_large_and_of_the_same_class_takes_its_place() -> None:
    """004: 「投资额和建设规模与调出项目相当」; a fifth more or less is like."""
    for yi in ("8", "12"):
        assert replacing(listed("p9", yi, category="industry")) == []


def test_what_is_too_small_or_of_another_class_is_refused() -> None:
    small = only(replacing(listed("p9", "7.99", category="industry")))
    assert (small.subject, small.act, small.facts["total_investment_yuan"]) == ("p9", "refuse", "no")
    other = only(replacing(listed("p9", "10", category="market")))
    assert (other.act, other.facts["category"], other.facts["replaces"]) == ("refuse", "no", "p1")


def test_what_nobody_has_said_is_confirmed_first() -> None:
    found = only(replacing(listed("p9", "10", category="industry", tags=())))
    assert (found.act, found.facts[POLICY_COMPLIANT]) == ("confirm", "-")


# --- what must stay ---------------------------------------------------------------------------------------------

STAY = ListChanges(count_must_not_fall=True, investment_must_not_fall=True)


def test_a_replacement_counts_from_its_own_day() -> None:
    events = (*LEFT, a_replacement(by="p9", on="2026-03-31"))
    projects = (listed("p1"), listed("p9"))
    assert under(LIKE, *events, projects=projects) == []
    assert told(under(LIKE, *events, projects=projects, day="2026-03-30")) == [("replacement", "p1", "find")]


def test_the_list_is_not_smaller_and_not_poorer_than_it_was() -> None:
    """004: 「总量不减少、质量不降低」."""
    two = (listed("p1"), listed("p2"))
    found = under(STAY, *LEFT, projects=two)
    assert [(one.rule, dict(one.facts)) for one in found] == [
        ("list_changes/count_must_not_fall", {"count": "1", "at_least": "2"}),
        ("list_changes/investment_must_not_fall", {"total_investment_yuan": "1000000000", "at_least": "2000000000"}),
    ]
    assert under(STAY, projects=two) == []


def test_a_replacement_makes_good_what_left() -> None:
    events = (*LEFT, a_replacement(by="p9"))
    assert under(STAY, *events, projects=(listed("p1"), listed("p9"))) == []
    poorer = under(STAY, *events, projects=(listed("p1"), listed("p9", "9")))
    assert [one.rule for one in poorer] == ["list_changes/investment_must_not_fall"]


def test_what_was_declared_counts_where_it_was_declared() -> None:
    declared: ListPublished = a_list(declared_count=3)
    assert only(under(STAY, declared, projects=(listed("p1"),))).facts == {"count": "1", "at_least": "3"}


# --- changing ---------------------------------------------------------------------------------------------------


def test_what_has_the_property_is_removed() -> None:
    """000-15a: 「涉及占用基本农田的,必须剔除」."""
    rule = ListChanges(remove_when=Has(tag="farmland"))
    projects = (listed("p1", tags=("farmland",)), listed("p2"))
    assert told(under(rule, projects=projects)) == [("list_change", "p1", "remove")]


def test_departments_step_in_early_where_the_property_is() -> None:
    """000-15a: 「国土、环保部门必须提前介入」."""
    rule = ListChanges(consult=(Consultation(when=Has(tag="land"), bodies=("land_office", "environment_office")),))
    found = under(rule, projects=(listed("p1", tags=("land",)), listed("p2")))
    assert [(one.subject, one.by, one.form) for one in found] == [
        ("p1", "environment_office", "refers"), ("p1", "land_office", "refers"),
    ]  # fmt: skip


def test_a_plan_that_was_changed_needs_its_approver() -> None:
    """000-15b: 「不能轻易改动,必须抓紧实施」."""
    rule = ListChanges(change_chain="change")
    assert under(rule) == []
    found = only(under(rule, a_reset(yi="8")))
    assert (found.kind, found.by, found.facts["original_yuan"]) == ("approval", "drc", "1200000000")
    assert under(rule, a_plan(yi="8", approvals=("drc",))) == []


def test_a_leader_who_took_over_from_another_needs_the_approver() -> None:
    """002: 「对县级领导分包项目进行调整完善」."""
    rule = ListChanges(assignment_chain="change")
    first = on("2026-01-05 09:00", a_responsibility())
    ends = on("2026-03-09 09:00", a_responsibility(ends=True))
    second = on("2026-03-09 09:00", a_responsibility(person="leader-2"))
    assert under(rule, first) == []
    found = only(under(rule, first, ends, second))
    assert (found.by, found.facts["role"], found.facts["holder"]) == ("drc", "sponsor_leader", "leader-2")
    assert under(rule, first, ends, second, day="2026-04-30", period="2026-04") == []


def test_a_list_is_revised_every_half_year() -> None:
    """000-9: 「每半年做一次补充调整」."""
    found = only(under(ListChanges(revise=("half_year",))))
    assert (found.act, found.facts["period"], found.due_at) == ("revise", "2026-H1", local("2026-07-01 00:00"))
