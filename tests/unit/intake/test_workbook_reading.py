"""What came back is held against what was given out: every cell, every row, and whose it is."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from services.intake.domain.asked import WantedPermit
from services.intake.domain.known.asked import Node
from services.intake.domain.known.returns import Reviewed
from services.intake.workbook.claims import body, claims
from services.intake.workbook.form import Form
from services.intake.workbook.reading import Came, NotTheForm
from services.intake.workbook.spoiled import address
from services.intake.workbook.writing import key_cells
from shared.core.regime.model import Title
from tests.support.workbooks import (
    Value,
    a_form,
    a_told,
    an_asked,
    as_xls,
    at,
    came_back,
    cell_of,
    changed,
    filled,
    formula,
    given_out,
    packed,
    parts,
    put,
    rows_of,
    swapped,
    without_row,
)

TWO = a_form(an_asked("p1"), an_asked("p2"))
MADE = a_told("2026-03", yuan=30_000_000)
CORRECTING = a_form(an_asked(made=MADE))


def after(form: Form, cells: Mapping[str, Value], **more: Any) -> Came:
    """The form after somebody has filled in cells: by the key of their column in the first line, or by address."""
    named = {at(form, key) if key[0].islower() else key: value for key, value in cells.items()}
    return came_back(filled(given_out(form), named, **more))


def said(came: Came) -> list[tuple[str, dict[str, Any]]]:
    return [(one.type.split(".")[2], dict(one.data)) for one in claims(came)]


def codes(came: Came) -> list[tuple[int, str]]:
    claims(came)
    return [(one.row + 1, one.fault.code) for one in came.wrong]


# --- what is claimed ------------------------------------------------------------------------------------------------


def test_a_workbook_that_nobody_touched_says_nothing() -> None:
    came = came_back(given_out(TWO))

    assert (said(came), codes(came)) == ([], [])


def test_what_is_filled_in_is_a_return_in_yuan() -> None:
    came = after(TWO, {
        "investment_ytd_yuan": 1234.5, "funds_paid_yuan": "100", "physical_progress_ratio": 0.45, "narrative": "walls",
    })  # fmt: skip

    assert said(came) == [("progress_reported", {
        "project": "p1", "cadence": "monthly", "period": "2026-03", "investment_ytd_yuan": "12345000",
        "funds_paid_yuan": "1000000", "physical_progress_ratio": "0.45", "narrative": "walls",
    })]  # fmt: skip


def test_what_was_prefilled_is_said_along_with_the_rest_but_is_no_change_by_itself() -> None:
    form = a_form(an_asked(last=a_told(funds_in_place_yuan=Decimal(5_000_000))))

    assert said(came_back(given_out(form))) == []
    ((_, data),) = said(after(form, {"investment_ytd_yuan": 1}))
    assert (data["investment_ytd_yuan"], data["funds_in_place_yuan"]) == ("10000", "5000000")


def test_of_a_nil_return_only_what_somebody_put_there_is_said() -> None:
    form = a_form(an_asked(last=a_told(funds_in_place_yuan=Decimal(5_000_000))))

    assert said(after(form, {"is_nil": "是", "narrative": "rain"})) == [("progress_reported", {
        "project": "p1", "cadence": "monthly", "period": "2026-03", "narrative": "rain", "is_nil": True,
    })]  # fmt: skip


def test_a_new_stage_is_an_event_of_its_own_before_the_return() -> None:
    came = after(TWO, {"stage": "开工", "stage_on": "2026/3/5", "investment_ytd_yuan": 1})

    assert [kind for kind, _ in said(came)] == ["stage_changed", "progress_reported"]
    assert said(came)[0][1] == {"project": "p1", "stage": "started", "on": "2026-03-05"}


def test_another_amount_of_a_return_that_was_made_is_its_correction() -> None:
    came = after(CORRECTING, {"investment_ytd_yuan": 3500, "reason": "a slip"})

    assert said(came) == [("progress_corrected", {
        "project": "p1", "corrected_event": MADE.event, "reason": "a slip", "investment_ytd_yuan": "35000000",
    })]  # fmt: skip


def test_a_return_that_was_sent_back_is_open_again_with_what_it_said() -> None:
    step = Reviewed("drc", "returned", "reviewer-1", MADE.at)
    form = a_form(an_asked(made=replace(a_told("2026-03", narrative="walls"), reviews=(step,))))

    assert said(came_back(given_out(form))) == []
    ((kind, data),) = said(after(form, {"investment_ytd_yuan": 900}))
    assert (kind, data["investment_ytd_yuan"], data["narrative"]) == ("progress_reported", "9000000", "walls")


def test_milestones_and_permits_are_told_on_sheets_of_their_own() -> None:
    form = a_form(an_asked(
        fields=("investment", "milestones", "permits"), milestones=(Node("m1", "Roof", date(2026, 5, 1)),),
        permits=(
            WantedPermit("k1", "Building", "bureau-b", None), WantedPermit("k2", "Fire", "bureau-b", None, "filed"),
        ),
    ))  # fmt: skip
    content = filled(given_out(form), {at(form, "reached_on", sheet=1): "2026-03-05"}, sheet=2)
    content = filled(content, {at(form, "filed_on", sheet=2): "2026-03-06"}, sheet=3)

    assert said(came_back(content)) == [
        ("milestone_reached", {"project": "p1", "milestone": "m1", "on": "2026-03-05"}),
        ("permit_filed", {"project": "p1", "permit": "k1", "office": "bureau-b", "on": "2026-03-06"}),
    ]
    late = filled(content, {at(form, "filed_on", 5, sheet=2): "2026-03-06"}, sheet=3)
    assert codes(came_back(late)) == [(5, "not_asked")]


def test_the_same_words_in_the_same_line_have_the_same_key_and_others_another() -> None:
    one, again, other = (
        body(claims(came)[0], came.form, unit="bureau-a")
        for came in (after(TWO, {"narrative": "a"}), after(TWO, {"narrative": "a "}), after(TWO, {"narrative": "b"}))
    )
    later = after(a_form(an_asked("p1", last=a_told()), an_asked("p2")), {"narrative": "a"})

    assert one == again
    assert one["key"] != other["key"]
    assert one["key"] != body(claims(later)[0], later.form, unit="bureau-a")["key"]
    assert len(one["key"]) <= 64


def test_a_formula_is_what_it_shows() -> None:
    content = changed(
        given_out(TWO), 1, lambda root: formula(cell_of(root, at(TWO, "investment_ytd_yuan")), "1000+234.5", 1234.5)
    )
    assert said(came_back(content))[0][1]["investment_ytd_yuan"] == "12345000"


def test_a_workbook_that_was_saved_in_the_old_format_says_the_same() -> None:
    content = filled(given_out(TWO), {at(TWO, "investment_ytd_yuan"): 1234.5, at(TWO, "narrative"): "walls"})

    assert said(came_back(as_xls(content))) == said(came_back(content))
    assert codes(came_back(as_xls(content))) == []


def test_rows_may_stand_in_any_order() -> None:
    content = filled(given_out(TWO), {at(TWO, "investment_ytd_yuan", 5): 2})
    moved = changed(content, 1, lambda root: swapped(root, 4, 5))

    assert said(came_back(moved)) == said(came_back(content))
    assert [one.filled.row for one in claims(came_back(moved))] == [3]


# --- what is wrong --------------------------------------------------------------------------------------------------


def test_every_bad_cell_is_told_at_once() -> None:
    came = after(TWO, {"investment_ytd_yuan": "lots", "stage": "begun", at(TWO, "stage_on", 5): "soon"})

    assert codes(came) == [(4, "not_a_number"), (4, "not_a_stage"), (5, "not_a_day")]


def test_a_cell_in_error_is_named_by_its_error() -> None:
    came = after(TWO, {"investment_ytd_yuan": "#REF!"})

    assert codes(came) == [(4, "cell_in_error")]
    assert came.wrong[0].fault.values == {"error": "#REF!"}


def test_what_the_record_holds_is_not_changed_here() -> None:
    came = after(TWO, {"plan": 13_000, at(TWO, "name", 5): "Another"})

    assert codes(came) == [(4, "known_changed"), (5, "known_changed")]
    assert came.wrong[0].fault.values == {"held": "12000"}


def test_what_is_not_asked_of_a_project_stays_empty() -> None:
    form = a_form(an_asked("p1"), an_asked("p2", fields=("investment",)))

    assert codes(after(form, {at(form, "narrative", 5): "unasked"})) == [(5, "not_asked")]


def test_nothing_beside_the_form_is_silently_lost() -> None:
    assert codes(after(TWO, {"AA4": "a note"})) == [(4, "outside_the_form")]


def test_a_row_of_somebody_elses_is_refused() -> None:
    assert codes(after(TWO, {"A6": "p9", "E6": 5})) == [(6, "row_added")]


def test_a_row_that_stands_there_twice_is_refused() -> None:
    def twice(root: Any) -> None:
        for place, value in (("A6", "p1"), ("B6", "Project p1")):
            put(cell_of(root, place), value)

    assert codes(came_back(changed(given_out(TWO), 1, twice))) == [(6, "row_twice")]


def test_a_row_that_is_gone_is_missed_by_name() -> None:
    came = came_back(changed(given_out(TWO), 1, lambda root: without_row(root, 4)))

    assert [(one.fault.code, one.fault.values) for one in came.wrong] == [("row_gone", {"project": "p1"})]


def test_columns_are_neither_moved_nor_renamed() -> None:
    assert codes(after(TWO, {"B3": "Name", "C3": "Plan"})) == [(3, "heading_changed"), (3, "heading_changed")]


def test_a_sheet_that_is_gone_is_missed() -> None:
    came = came_back(_renamed(given_out(TWO), "Return", "Elsewhere"))

    assert [(one.fault.code, one.fault.values) for one in came.wrong] == [("sheet_gone", {"sheet": "Return"})]


def test_a_basis_that_was_chosen_is_its_code_and_other_words_stand() -> None:
    titles = {"construction_permit": Title(zh="施工许可证", en="construction permit")}
    form = a_form(an_asked(bases=("construction_permit",), titles=titles), locale="zh")
    for typed, basis in (("施工许可证", "construction_permit"), ("会议纪要", "会议纪要")):
        came = after(form, {"stage": "开工", "basis": typed})
        assert [data["basis"] for kind, data in said(came) if kind == "stage_changed"] == [basis]


def test_a_flag_stands_at_the_value_that_it_is_about() -> None:
    stage, report = claims(after(TWO, {"stage": "开工", "investment_ytd_yuan": 1, "narrative": "walls"}))
    places = [
        (report, "over_plan", "investment_ytd_yuan"), (report, "copy_of_last", "narrative"),
        (report, "same_evidence", "code"), (stage, "duplicate_start", "stage"), (stage, "before_start", "stage"),
    ]  # fmt: skip
    for claim, flag, key in places:
        wrong = claim.flagged(flag)  # type: ignore[arg-type]
        assert address(wrong.row, wrong.place) == at(TWO, key)


def test_a_day_without_its_stage_and_a_reason_without_a_correction_are_refused() -> None:
    assert codes(after(TWO, {"stage_on": "2026-03-05"})) == [(4, "stage_needed")]
    assert codes(after(CORRECTING, {"reason": "a slip"})) == [(4, "nothing_corrected")]


def test_of_a_return_that_was_made_only_its_amount_is_open() -> None:
    assert codes(after(CORRECTING, {"narrative": "more"})) == [(4, "not_asked")]


# --- what is no form of ours ----------------------------------------------------------------------------------------


def _renamed(content: bytes, old: str, new: str) -> bytes:
    members = parts(content)
    book = members["xl/workbook.xml"].replace(f'name="{old}"'.encode(), f'name="{new}"'.encode())
    return packed({**members, "xl/workbook.xml": book})


def _refused(content: bytes) -> str:
    with pytest.raises(NotTheForm) as refused:
        came_back(content)
    return refused.value.fault.code


def test_a_workbook_without_the_hidden_sheet_is_none_of_ours() -> None:
    assert _refused(_renamed(given_out(TWO), "_duban", "_other")) == "not_a_workbook_of_ours"


@pytest.mark.parametrize("cell", ["A1", "A2", "A3", "A4"])
def test_a_hidden_sheet_that_was_touched_is_refused(cell: str) -> None:
    assert _refused(filled(given_out(TWO), {cell: '[0, {"project": "p9"}]'}, sheet=2)) == "key_sheet_changed"


def test_a_hidden_sheet_with_a_row_less_is_refused() -> None:
    def shorter(root: Any) -> None:
        for cell in list(rows_of(root)[-1]):
            put(cell, None)

    content = changed(given_out(a_form(*(an_asked(f"p{place}") for place in range(30)))), 2, shorter)
    assert _refused(content) == "key_sheet_changed"


def test_an_older_form_is_refused_not_misread() -> None:
    old = Form(replace(TWO.heading, version=0), TWO.lines)
    assert _refused(given_out(old)) == "old_workbook"


@pytest.mark.parametrize("change", [{"cells": ("p1",)}, {"open": (99,)}, {"cells": ("p1",) * 99}])
def test_a_form_that_holds_together_by_its_digest_only_is_refused(change: Any) -> None:
    bent = Form(TWO.heading, ((replace(TWO.lines[0][0], **change), TWO.lines[0][1]),))
    told = {f"A{row}": text for row, text in enumerate(key_cells(bent), start=1)}
    assert _refused(filled(given_out(TWO), told, sheet=2)) == "key_sheet_changed"
