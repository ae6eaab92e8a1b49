"""Random and hostile workbooks end in a sound reading or a clear refusal, in bounded memory, and no other way.

A hundred in each run of the tests; with -m faults ten thousand, or as many as DUBAN_HOSTILE_COUNT says.
"""

import os
import resource
from contextlib import suppress

import pytest

from services.intake import form as submissions
from services.intake.workbook.claims import body, claims
from services.intake.workbook.form import Form
from services.intake.workbook.marking import faults, marked
from services.intake.workbook.reading import NotTheForm
from shared.infra.auth import Bearer
from shared.infra.tables import UnreadableTable
from shared.infra.texts import Texts
from tests.support.hostile import bomb, hostile
from tests.support.workbooks import a_form, a_told, an_asked, came_back, filled, given_out

FORM = a_form(*(an_asked(f"p{place}", made=a_told("2026-03") if place == 3 else None) for place in range(6)))
BEARER = Bearer("reporter-a", operator=False, token_id="t")
SHORT, LONG = 100, int(os.environ.get("DUBAN_HOSTILE_COUNT", "10000"))
OUTCOMES = {"refused", "faults", "nothing", "claims"}
GROWTH_MAX_KB = 300 * 1024


def outcome(content: bytes) -> str:
    """How a workbook ends. Anything that is raised here beyond a refusal fails the test."""
    try:
        came = came_back(content)
    except (NotTheForm, UnreadableTable):
        return "refused"
    found = claims(came)
    for locale in (Texts.load("zh"), Texts.load("en")):
        told = faults(came, came.wrong, locale)
        assert all(one.message and one.code and one.pointer.startswith("/") for one in told)
    if came.wrong:
        assert came_back(marked(came, came.wrong, Texts.load("zh"))).form == came.form
    if not found:
        return "faults" if came.wrong else "nothing"
    with suppress(submissions.FormFaults):
        read = submissions.read_batch({"submissions": [body(one, came.form, unit="bureau-a") for one in found]}, BEARER)
        assert len(read) == len(found)
    return "claims"


def _hammer(count: int, seed: int) -> set[str]:
    before_kb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    outcomes = {outcome(content) for content in hostile(FORM, count=count, seed=seed)}
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before_kb < GROWTH_MAX_KB
    return outcomes


def test_hostile_workbooks_are_refused_or_read_soundly() -> None:
    assert _hammer(SHORT, seed=4) == OUTCOMES


@pytest.mark.faults
def test_very_many_hostile_workbooks_are_refused_or_read_soundly() -> None:
    assert _hammer(LONG, seed=int(os.environ.get("DUBAN_HOSTILE_SEED", "1"))) == OUTCOMES


def test_what_opens_into_far_too_much_is_refused_before_it_is_opened() -> None:
    assert outcome(bomb(given_out(FORM))) == "refused"


def test_a_form_of_others_projects_is_read_and_left_to_intake_to_refuse() -> None:
    """The digest is no secret: what a bent form claims, the one decision core decides."""
    form: Form = a_form(an_asked("of-another-unit"))
    content = filled(given_out(form), {"F4": 5})

    assert outcome(content) == "claims"
