"""Is what a list's document declares held against the record, and told in text and as JSON?"""

import json
from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from deploy.local.evaluate import evaluate, run
from deploy.local.evaluation import Evaluation, as_json, evaluation_schema
from deploy.local.evaluation_text import as_text
from deploy.local.event_file import write_events
from shared.core.declared import (
    ClassShare,
    Contribution,
    Declared,
    Difference,
    Figure,
    Form,
    Grown,
    Growth,
    Left,
    Listed,
    ListedAmount,
    ListedIn,
    Measured,
    Named,
    NotListedIn,
    PlanImplied,
    Previous,
    Product,
    SameAs,
    Share,
    Shares,
    Sum,
    WeightedGrowth,
)
from shared.core.declared_check import Checked
from shared.core.events import ListPublished
from shared.infra.wire import decode, encode
from tests.support.builders import (
    JURISDICTION,
    LIST,
    YI,
    a_list,
    a_project,
    a_return,
    a_stage,
    a_year,
    on,
    record,
    until,
)

PROJECTS = Listed(listed="projects")
GROWN = Grown(value="717", growth="56.6%")
FORMS: tuple[Form, ...] = (
    SameAs(same_as=PROJECTS),
    Sum(sum=(1, "2.50", Figure(figure="f0"))),
    Difference(difference=ListedAmount(amount="total_investment"), less=(Measured(measure="planned_yi", of="p1"),)),
    Product(product=(2, 30)),
    Share(share=Listed(listed="projects", category="tertiary", stage="started"), over=PROJECTS),
    Shares(shares=(ClassShare(name="甲", amount=7, printed="100%"),)),
    Growth(growth="156", since="116"),
    Previous(previous="84", growth="-33.9%"),
    PlanImplied(plan_implied="6.6", at="70%"),
    Contribution(contribution=GROWN, to=GROWN),
    WeightedGrowth(weighted_growth=(GROWN,)),
    Left(left_of=PROJECTS, without=Named(named=("甲",))),
    ListedIn(names=Named(named=("甲",)), listed_in=PROJECTS),
    NotListedIn(names=Named(named=("甲",)), not_listed_in=PROJECTS),
)  # fmt: skip


def said(*declared: Declared, **published: Any) -> Evaluation:
    """A list of three projects: p1 and p2 of one office, p3 of another; p1 has started and completed 3 of its 12."""
    listed = (
        a_project("p1", category="tertiary", total_investment_yuan=20 * YI),
        a_project("p2", total_investment_yuan=30 * YI),
        a_project("p3", lead="bureau-b", category="tertiary", total_investment_yuan=Decimal("40.04") * YI),
    )
    events: Iterable[object] = (
        a_list(declared=declared, **published) if isinstance(one, ListPublished) else one for one in a_year(*listed)
    )
    more = (a_stage("p1", on="2026-01-20"), on("2026-02-03 10:00", a_return(yi="3")), until("2026-02-20 00:00"))
    return evaluate(record(*events, *more))


def checked(*declared: Declared, **published: Any) -> dict[str, Checked]:
    return {one.id: one for one in said(*declared, **published).of(JURISDICTION, LIST).declared}


def implied(figure: Form, like: str = "0") -> str:
    return checked(Declared(id="it", figure=figure, prints_like=like))["it"].computed


def test_every_form_comes_back_from_the_wire_as_it_was() -> None:
    declared = tuple(Declared(id=f"f{place}", figure=form, printed="1") for place, form in enumerate(FORMS))
    [recorded] = record(a_list(declared=declared))
    assert decode(encode(recorded, source="/test")).data == recorded.data


def test_projects_are_counted_by_category_and_stage_and_so_are_their_categories_and_units() -> None:
    assert implied(SameAs(same_as=PROJECTS)) == "3"
    assert implied(SameAs(same_as=Listed(listed="projects", category="tertiary"))) == "2"
    assert implied(SameAs(same_as=Listed(listed="projects", category="tertiary", stage="started"))) == "1"
    assert implied(SameAs(same_as=Listed(listed="categories"))) == "1"
    assert implied(SameAs(same_as=Listed(listed="lead_units"))) == "2"


def test_names_are_those_of_the_record() -> None:
    left = Left(left_of=PROJECTS, without=Listed(listed="projects", stage="started"))
    found = checked(Declared(id="left", figure=left, printed="2"))["left"]
    assert (found.verdict, found.names) == ("consistent", ("Project p2", "Project p3"))


def test_a_measure_is_taken_now_or_at_the_end_of_a_period_of_the_list_or_of_a_subject() -> None:
    ratio = "investment_ratio"
    assert implied(SameAs(same_as=Measured(measure=ratio)), "0.00%") == "25.00%"
    assert implied(SameAs(same_as=Measured(measure=ratio, period="2026-01", of="p1")), "0.00%") == "25.00%"
    assert implied(SameAs(same_as=Measured(measure="planned_yi", of="bureau-a")), "0.0") == "24.0"


def test_a_deviation_counts_in_percentage_points() -> None:
    assert implied(SameAs(same_as=Measured(measure="deviation", of="p1")), "+0.0个百分点") == "+16.6个百分点"


def test_what_the_record_does_not_hold_is_unknown() -> None:
    unknown = (
        Measured(measure="investment_ratio", of="p2"),
        Measured(measure="investment_ratio", of="nobody"),
        Measured(measure="investment_ratio", period="2020-01"),
        Measured(measure="unheard_of"),
    )
    declared = [Declared(id=str(place), figure=SameAs(same_as=one)) for place, one in enumerate(unknown)]
    assert {one.verdict for one in checked(*declared).values()} == {"unknown"}


def test_the_count_and_the_totals_that_a_list_declares_are_held_against_it() -> None:
    found = checked(
        declared_count=4,
        declared_total_investment_yuan=90 * YI,
        declared_annual_planned_investment_yuan=Decimal("36.5") * YI,
        document_number="试政督〔2026〕1号",
    )
    assert [(one.id, one.printed, one.verdict) for one in found.values()] == [
        ("declared_count", "4", "inconsistent"),
        ("declared_total_investment", "90亿元", "consistent"),
        ("declared_annual_planned_investment", "36.5亿元", "inconsistent"),
    ]
    assert {one.source for one in found.values()} == {"试政督〔2026〕1号"}


def test_a_total_is_unknown_where_a_project_does_not_say_its_amount() -> None:
    events = [*a_year(a_project("p1", total_investment_yuan=20 * YI), a_project("p2"))]
    published = [
        replace(one, declared_total_investment_yuan=20 * YI) if isinstance(one, ListPublished) else one
        for one in events
    ]
    [found] = evaluate(record(*published)).of(JURISDICTION, LIST).declared
    assert found.verdict == "unknown"


def test_a_contradiction_is_told_by_id_source_and_name() -> None:
    claim = ListedIn(names=Named(named=("Project p1", "文成路")), listed_in=PROJECTS)
    evaluation = said(
        Declared(id="paving", figure=claim, source="9月底"),
        Declared(id="growth", figure=Share(share=1, over=3), printed="34%", source="上半年"),
    )
    text = as_text(evaluation)
    assert "paving: inconsistent; 文成路; [9月底]" in text
    assert "growth 34%: inconsistent; computed 33%; inputs allow 33.3333 to 33.3333; [上半年]" in text


def test_another_rounding_is_told_by_its_name() -> None:
    text = as_text(said(Declared(id="share", figure=Share(share=2, over=3), printed="67%")))
    assert "share 67%: other_rounding (half_up); computed 66%" in text


def test_the_evaluation_as_json_holds_every_figure_and_fits_its_schema() -> None:
    value = json.loads(as_json(said(*(Declared(id=f"f{place}", figure=form) for place, form in enumerate(FORMS)))))
    Draft202012Validator(evaluation_schema()).validate(value)
    found = {one["id"]: one for one in value["jurisdictions"][0]["lists"][0]["declared"]}
    assert found["f0"] | {"source": ""} == found["f0"]
    assert (found["f0"]["verdict"], found["f0"]["computed"], found["f0"]["value"][:2]) == ("implied", "3.00", "3.")
    assert found["f13"]["verdict"] == "consistent"


def test_the_command_prints_what_a_file_declares(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    stream = BytesIO()
    declared = (Declared(id="growth", figure=Share(share=1, over=3), printed="34%"),)
    events = [replace(one, declared=declared) if isinstance(one, ListPublished) else one for one in a_year()]
    write_events(record(*events), stream)
    file = tmp_path / "events.ndjson"
    file.write_bytes(stream.getvalue())
    run(file)
    assert "growth 34%: inconsistent" in capsys.readouterr().out
