"""Are the eighteen published statements of 开平市 reproduced, as far as their printed precision allows?"""

from functools import cache
from pathlib import Path

import pytest

from deploy.local.evaluate import evaluate
from deploy.local.evaluation import Evaluation, Reconciled
from deploy.local.evaluation_text import reconciled_line
from deploy.local.reconcile import reconcile
from shared.core.events import LineDrawn
from tests.support import kaiping

FILE = kaiping.bulletins_file()

pytestmark = pytest.mark.skipif(
    FILE is None, reason="the published statements are not here: set DUBAN_SHARED to the folder that holds cases/"
)


@cache
def statements() -> list[kaiping.Row]:
    return kaiping.rows(FILE or Path(), "开平市")


@cache
def evaluation() -> Evaluation:
    return evaluate(kaiping.events(statements()))


@cache
def verdicts() -> list[Reconciled]:
    return reconcile([one for row in statements() for one in row.statement.figures()], evaluation())


def last_line(code: str, period: str) -> LineDrawn:
    draws = [one for one in evaluation().of(kaiping.JURISDICTION, code).draws if one.drawn.period == period]
    return draws[-1].lines[-1]


def test_the_invented_values_add_up_to_each_statement() -> None:
    for row in statements():
        line = last_line(row.statement.list, row.statement.period)
        assert line.project_count == row.projects
        assert line.amounts_yuan["investment_completed"] == kaiping.yuan(row.statement.done)
        assert line.amounts_yuan["annual_planned_investment"] == kaiping.yuan(row.statement.plan)


def test_the_names_say_that_single_values_are_invented() -> None:
    [one] = evaluation().jurisdictions
    assert (one.mode, one.parked) == ("imported", ())
    assert "虚构" in one.name
    assert all("虚构" in line.name for found in one.lists for line in found.now)


def test_none_of_the_thirty_figures_is_inconsistent_and_the_record_gives_each() -> None:
    table = "\n".join(map(reconciled_line, verdicts()))
    print(table)
    assert len(verdicts()) == 18 + 12
    wrong = [reconciled_line(one) for one in verdicts() if one.verdict != "consistent" or not one.is_evaluated_within]
    assert wrong == []


def test_eighteen_figures_are_reproduced_to_the_digit() -> None:
    alike = [one for one in verdicts() if one.displayed.strip("+%") == one.published]
    assert len(alike) == 18, "\n".join(map(reconciled_line, alike))


def test_two_leads_were_worked_out_from_unrounded_rates() -> None:
    leads = [one for one in verdicts() if one.measure == "deviation_pp"]
    assert [(one.list, one.period) for one in leads if one.readings == ("unrounded",)] == [
        ("own", "2023-08"),
        ("own", "2024-02"),
    ]
    assert all("unrounded" in one.readings for one in leads)


def test_a_plan_revised_in_mid_year_holds_from_then_on() -> None:
    august, december = last_line("own", "2023-08"), last_line("own", "2023-12")
    assert (august.project_count, december.project_count) == (195, 227)
    assert august.amounts_yuan["annual_planned_investment"] == kaiping.yuan("193.4")
    assert december.amounts_yuan["annual_planned_investment"] == kaiping.yuan("200.2")


def test_a_figure_that_does_not_fit_is_named() -> None:
    [first, _] = kaiping.rows(FILE or Path(), "连南县")
    [found] = reconcile(first.statement.figures(), evaluation())
    assert (found.published, found.verdict) == ("24.25", "inconsistent")
    assert "24.25: inconsistent" in reconciled_line(found)
