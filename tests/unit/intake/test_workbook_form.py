"""The workbook asks what is asked, shows what is known, checks what is typed, and prints as an office files it."""

from decimal import Decimal
from typing import Any, get_args

import pytest
from lxml import etree

from services.intake.domain.asked import Asked
from services.intake.workbook.form import Form
from services.intake.workbook.marking import faults, marked
from shared.core.regime.model import Title
from shared.infra.tables import Cell, read_tables
from shared.infra.texts import Locale, Texts
from tests.support.builders import local
from tests.support.workbooks import MAIN, a_form, a_told, an_asked, at, came_back, filled, given_out, parts

WITH_MADE = a_form(an_asked("p1"), an_asked("p2", made=a_told("2026-03")))


def sheet_of(content: bytes, number: int = 1) -> Any:
    return etree.fromstring(parts(content)[f"xl/worksheets/sheet{number}.xml"])


def rows(form: Form, sheet: int = 0) -> tuple[tuple[Cell, ...], ...]:
    return read_tables(given_out(form), "a.xlsx")[sheet].rows


def keys(form: Form) -> list[str]:
    return [column.key for column in form.heading.sheets[0].columns]


def test_only_what_is_asked_has_a_column() -> None:
    bare = a_form(an_asked(fields=("narrative",), takes_nil=False, annual_plan_yuan=None))

    assert keys(bare) == ["code", "name", "narrative"]


def test_what_one_project_is_not_asked_is_closed_for_it_alone() -> None:
    form = a_form(an_asked("p1"), an_asked("p2", fields=("investment",)))
    first, second = form.lines[0]

    assert keys(form).index("narrative") in first.open
    assert [keys(form)[place] for place in second.open] == ["investment_ytd_yuan", "is_nil"]


def test_known_values_stand_there_in_the_unit_of_the_heading() -> None:
    form = a_form(an_asked(last=a_told(yuan="12345678.9"), stage="early_work"))
    line = rows(form)[3]

    assert line[:5] == ("p1", "Project p1", Decimal(12000), Decimal("1234.56789"), "early work")
    assert rows(form)[2][2] == "Plan of the year (万元)"


def test_headings_stages_and_bases_are_words_in_both_languages() -> None:
    titles = {"construction_permit": Title(zh="施工许可证", en="construction permit")}
    asked = an_asked(stage="early_work", bases=("construction_permit", "physical_works"), titles=titles)
    shown = {
        locale: read_tables(given_out(a_form(asked, locale=locale)), "a.xlsx") for locale in get_args(Locale)
    }  # fmt: skip
    for locale, words in (("en", ("Present stage", "early work")), ("zh", ("当前阶段", "前期工作"))):
        heading, line = shown[locale][0].rows[2:4]
        assert (heading[4], line[4]) == words
        assert not [cell for cell in heading if isinstance(cell, str) and "_" in cell]
    assert [row[2] for row in shown["zh"][-1].rows[:2]] == ["施工许可证", "physical works"]
    assert {row[1] for row in shown["en"][-1].rows} >= {"early work", "substantially complete"}


def test_the_bases_of_the_regime_are_offered_and_others_are_taken() -> None:
    form = a_form(an_asked(bases=("construction_permit", "physical_works")))
    (check,) = (
        one for one in sheet_of(given_out(form)).iter(f"{MAIN}dataValidation")
        if one.get("sqref").startswith(at(form, "basis"))
    )  # fmt: skip
    assert (check.findtext(f"{MAIN}formula1"), check.get("errorStyle")) == ("_duban!$C$1:$C$2", "information")


def test_an_amount_that_a_workbook_cannot_hold_stands_there_as_text_and_is_not_changed() -> None:
    exact = Decimal("1234567890123456.7891")
    form = a_form(an_asked(annual_plan_yuan=exact, money_unit="元"))

    assert rows(form)[3][2] == str(exact)
    assert came_back(given_out(form)).wrong == []


def test_the_amount_of_last_year_is_not_that_of_the_year_to_date() -> None:
    form = a_form(an_asked(last=a_told("2025-12")))

    assert form.lines[0][0].cells[keys(form).index("last")] == ""


@pytest.mark.parametrize(
    ("due", "said"),
    [
        ("2026-04-06 00:00", "Due by: 2026-04-05 24:00"), ("2026-04-05 11:30", "Due by: 2026-04-05 11:30"),
        (None, "No day is named for it."),
    ],
)  # fmt: skip
def test_the_day_is_that_on_which_it_is_due(due: str | None, said: str) -> None:
    assert said in a_form(an_asked(due=local(due) if due else None)).heading.about


def test_it_is_headed_in_the_readers_language() -> None:
    assert a_form(locale="zh").heading.title == "2026年3月重点项目月报表"
    assert a_form().heading.title == "Key projects: monthly return, March 2026"
    assert a_form(period="2026-W10").heading.title == "Key projects: weekly return, week 10 of 2026"


def test_known_cells_are_locked_asked_cells_are_open_and_there_is_no_password() -> None:
    content = given_out(WITH_MADE)
    root, styles = sheet_of(content), etree.fromstring(parts(content)["xl/styles.xml"])
    protection = root.find(f"{MAIN}sheetProtection")
    open_styles = {
        place
        for place, style in enumerate(styles.find(f"{MAIN}cellXfs"))
        if (found := style.find(f"{MAIN}protection")) is not None and found.get("locked") == "0"
    }

    def is_open(key: str, row: int) -> bool:
        found = next(cell for cell in root.iter(f"{MAIN}c") if cell.get("r") == at(WITH_MADE, key, row))
        return int(found.get("s", 0)) in open_styles

    assert (protection.get("sheet"), protection.get("password")) == ("1", None)
    assert [is_open(key, 4) for key in ("code", "plan", "investment_ytd_yuan", "narrative", "reason")] == [
        False, False, True, True, False,
    ]  # fmt: skip
    assert [is_open(key, 5) for key in ("investment_ytd_yuan", "narrative", "reason")] == [True, False, True]


def test_what_is_typed_is_checked_against_its_kind() -> None:
    checks = {
        one.get("sqref").partition(":")[0]: (one.get("type"), one.findtext(f"{MAIN}formula1"))
        for one in sheet_of(given_out(WITH_MADE)).iter(f"{MAIN}dataValidation")
    }

    assert checks[at(WITH_MADE, "investment_ytd_yuan")] == ("decimal", "0")
    assert checks[at(WITH_MADE, "stage")] == ("list", "_duban!$B$1:$B$19")
    assert checks[at(WITH_MADE, "stage_on")][0] == "date"
    assert checks[at(WITH_MADE, "is_nil")] == ("list", '"yes,no"')
    assert at(WITH_MADE, "narrative") not in checks


def test_it_prints_on_a4_across_with_its_headings_on_every_page_and_places_to_sign() -> None:
    content = given_out(a_form(locale="zh"))
    root, book = sheet_of(content), parts(content)["xl/workbook.xml"].decode()
    setup = root.find(f"{MAIN}pageSetup")
    pane = next(root.iter(f"{MAIN}pane"))

    assert (setup.get("paperSize"), setup.get("orientation"), setup.get("fitToHeight")) == ("9", "landscape", "0")
    assert "_xlnm.Print_Titles" in book
    assert "$1:$3" in book
    assert (pane.get("ySplit"), pane.get("xSplit"), pane.get("state")) == ("3", "2", "frozen")
    foot = [cell for row in rows(a_form(locale="zh"))[4:] for cell in row if cell]
    assert foot == ["填报人：", "审核人：", "单位负责人（签字）：", "联系电话：", "单位盖章处：", "填报日期："]


def test_the_hidden_sheet_is_one_that_no_menu_shows() -> None:
    assert 'name="_duban" sheetId="2" state="veryHidden"' in parts(given_out(a_form()))["xl/workbook.xml"].decode()


def test_a_name_is_never_a_formula_or_a_link_of_ours() -> None:
    form = a_form(an_asked(name="=HYPERLINK(1)"), an_asked("p2", name="https://example.org"))
    content = parts(given_out(form))

    assert b"<f>" not in content["xl/worksheets/sheet1.xml"]
    assert "xl/worksheets/_rels/sheet1.xml.rels" not in content


# --- what comes back marked -----------------------------------------------------------------------------------------


def _returned() -> bytes:
    content = filled(given_out(WITH_MADE), {
        at(WITH_MADE, "investment_ytd_yuan"): "lots", at(WITH_MADE, "plan"): 1, at(WITH_MADE, "narrative"): "walls",
        "A6": "p9", "B8": "Miss Li", "B6": "Another",
    })  # fmt: skip
    came = came_back(content)
    return marked(came, came.wrong, Texts.load("zh"))


def test_the_workbook_comes_back_as_it_was_with_each_bad_cell_commented() -> None:
    content = _returned()
    comments = etree.fromstring(parts(content)["xl/comments1.xml"])
    told = {one.get("ref"): "".join(one.itertext()) for one in comments.iter(f"{MAIN}comment")}

    assert set(told) == {at(WITH_MADE, "investment_ytd_yuan"), at(WITH_MADE, "plan"), "A6"}
    assert "不是数字" in told[at(WITH_MADE, "investment_ytd_yuan")]
    found = read_tables(content, "a.xlsx")[0].rows
    assert found[3][keys(WITH_MADE).index("narrative")] == "walls"
    assert found[5][:2] == ("p9", "Another")
    assert found[8][1] == "Miss Li"


def test_what_was_marked_can_be_mended_and_sent_again() -> None:
    content = filled(_returned(), {
        at(WITH_MADE, "investment_ytd_yuan"): 5, at(WITH_MADE, "plan"): 12_000, "A6": None, "B6": None,
    })  # fmt: skip
    came = came_back(content)

    assert came.wrong == []
    assert [one.line.project for one in came.filled] == ["p1"]


def test_a_row_that_was_gone_stands_at_the_end_again() -> None:
    form: Form = a_form(*(an_asked(f"p{place}") for place in range(3)))
    came = came_back(filled(given_out(form), {f"{letter}4": None for letter in "ABCDEFGHIJKLMNOPQRS"}))
    again = came_back(marked(came, came.wrong, Texts.load("en")))

    assert [one.fault.code for one in came.wrong] == ["row_gone"]
    assert again.wrong == []


def test_a_fault_points_to_its_sheet_and_cell() -> None:
    came = came_back(filled(given_out(WITH_MADE), {"AB4": "beside"}))

    (fault,) = faults(came, came.wrong, Texts.load("en"))
    assert (fault.pointer, fault.code) == ("/Return/AB4", "outside_the_form")


def test_an_asked_that_is_made_shows_what_stands_of_it() -> None:
    made: Asked = an_asked(made=a_told("2026-03", is_nil=True))
    form = a_form(made)

    assert form.lines[0][0].cells[keys(form).index("is_nil")] == "yes"
    assert rows(form)[3][keys(form).index("is_nil")] == "yes"
