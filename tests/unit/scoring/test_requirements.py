"""What must be true and is not: of subjects, and of rows."""

from decimal import Decimal
from typing import Any

from services.scoring.domain.requirements import requirement_rows
from shared.core.regime.language import Bound, Cells, Has
from shared.core.regime.management import ClassScheme, Requirement
from shared.core.regime.measures import Holders, Objects, Overlap, Slots
from tests.support.builders import a_project, with_measures
from tests.support.decided import a_view, decided, only, rules, told
from tests.support.facts import a_problem, a_responsibility

MEASURES: dict[str, Any] = {
    "sponsors": Holders(holders="sponsor_leader"), "portfolio": Objects(objects="all"),
    "filled": Slots(slots=("sponsor_leader", "service_team")), "both": Overlap(overlap=("manager", "assessor")),
}  # fmt: skip
ALL = with_measures(**MEASURES).measures
ONE = Requirement(id="sponsor", about="project", must={"sponsors": Decimal(1)}, source="002")


def under(rule: Requirement, *events: object, **view: Any) -> Any:
    return decided(rules(measures=ALL, requirements=(rule,)), *events, **view)


def test_a_project_without_a_leader_is_told_with_what_is_there() -> None:
    found = only(under(ONE))
    assert (found.kind, found.rule, found.subject, found.act) == (
        "requirement_unmet", "requirements/sponsor", "p1", "fulfil",
    )  # fmt: skip
    assert found.facts == {"sponsors": "0"}
    assert [(to.role, to.code) for to in found.to] == [("lead_unit", "bureau-a")]
    assert under(ONE, a_responsibility()) == []


def test_a_leader_with_too_many_projects_is_told_as_a_leader() -> None:
    """002: 「每人分包1—2个重点项目」."""
    rule = Requirement(id="bounds", about="leader", must={"portfolio": Bound(at_least=Decimal(1), at_most=Decimal(2))})
    projects = [a_project(f"p{number}") for number in range(3)]
    sponsored = [a_responsibility(one.project) for one in projects]
    assert told(under(rule, *sponsored, projects=projects)) == [("requirement_unmet", "leader-1", "fulfil")]
    assert under(rule, *sponsored[:2], projects=projects) == []


def test_a_team_that_is_half_filled_is_unmet() -> None:
    rule = Requirement(id="team", about="project", must={"filled": Decimal(1)})
    assert only(under(rule, a_responsibility())).facts == {"filled": "50.00%"}


def test_a_conflict_of_roles_is_shown() -> None:
    """004: who manages also assesses."""
    rule = Requirement(id="conflict", about="list", must={"both": Decimal(0)})
    same = (a_responsibility(role="manager", unit="drc"), a_responsibility(role="assessor", unit="drc"))
    assert told(under(rule, *same)) == [("requirement_unmet", "city", "fulfil")]
    assert under(rule, same[0]) == []


def test_a_row_may_be_what_must_be_so() -> None:
    """001: 「一个问题一套解决方案」."""
    rule = Requirement(id="solution", about="problem", must=Cells({"has_solution": True}))
    found = only(under(rule, a_problem("q1"), a_problem("q2", solution="Other land.")))
    assert (found.about, found.subject, found.facts) == ("problem", "q1", {"has_solution": "no"})


def test_what_nobody_can_say_is_unknown_and_not_unmet() -> None:
    rule = Requirement(id="nature", about="project", must=Has(investment_nature="government"))
    assert told(under(rule)) == [("unknown", "p1", "find_out")]


def test_only_those_who_are_surely_covered_are_asked() -> None:
    rule = Requirement(id="sponsor", about="project", must={"sponsors": Decimal(1)}, among=Has(category="industry"))
    projects = (a_project("p1", category="industry"), a_project("p2", category="market"), a_project("p3"))
    assert told(under(rule, projects=projects)) == [("requirement_unmet", "p1", "fulfil")]


def test_a_class_has_as_many_objects_as_the_document_counts() -> None:
    """000-1b: 「6个方面55个重点项目」."""
    scheme = ClassScheme(
        of="category", names=("industry", "market"), counts={"industry": 1, "market": 1}, source="000-1b"
    )
    projects = (a_project("p1", category="industry"), a_project("p2", category="market"))
    regime = rules(classes={"plates": scheme})
    assert decided(regime, projects=projects) == []
    found = only(decided(regime, projects=projects[:1]))
    assert (found.rule, found.facts) == ("classes/plates/counts", {"class": "market", "count": "0", "must_be": "1"})


def test_what_is_unmet_is_a_row_and_what_is_unknown_is_none() -> None:
    nature = Requirement(id="nature", about="project", must=Has(investment_nature="government"))
    view = a_view(rules(measures=ALL, requirements=(ONE, nature)))
    (row,) = requirement_rows(view)
    assert (row.project, row.cells, row.on) == ("p1", {"requirement": "sponsor"}, view.day)


def test_a_unit_and_a_person_have_their_rows() -> None:
    unit = Requirement(id="many", about="unit", must={"portfolio": Decimal(9)})
    leader = Requirement(id="few", about="leader", must={"portfolio": Decimal(9)})
    rows = requirement_rows(a_view(rules(measures=ALL, requirements=(unit, leader)), a_responsibility()))
    assert [(row.unit, row.person) for row in rows] == [("bureau-a", ""), ("", "leader-1")]
