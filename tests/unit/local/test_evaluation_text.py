"""Does a decision read as it is meant: who acts, in which form, for whom, by when?"""

from datetime import UTC, datetime
from typing import Any

import pytest

from deploy.local.evaluation_text import decision_line
from shared.core.decisions import Addressee, Decision

_NAMES = {"stands": "has stood", "sponsor_leader": "project patron"}


def said(**changes: Any) -> str:
    given: dict[str, Any] = {
        "kind": "owed", "rule": "r", "about": "project", "subject": "p1", "act": "duty_visit", "by": "owner",
        "facts": {},
    }  # fmt: skip
    return decision_line(Decision(**{**given, **changes}), lambda name: _NAMES.get(name, name))


@pytest.mark.parametrize(
    ("form", "by", "words"),
    [
        ("acts", "supervision_office", "the supervision office acts: duty visit"),
        ("proposes", "government", "proposed by the supervision office to the government: duty visit"),
        ("refers", "land_office", "referred by the supervision office to the land office: duty visit"),
        ("owes", "functional_department", "owed by the functional department: duty visit"),
    ],
)
def test_the_competent_body_is_proposed_to_and_never_proposes(form: str, by: str, words: str) -> None:
    assert said(form=form, by=by) == f"r: owed, project p1: {words}"


def test_who_holds_the_role_is_named_with_it_and_others_after_what_is_done() -> None:
    to = [Addressee(role=role, code=code)
          for role, code in (("owner", "o1"), ("owner", "o2"), ("drc", ""), ("liaison", "li"))]  # fmt: skip
    told = "r: owed, project p1: owed by the owner o1, o2: duty visit, for the drc, the liaison li"
    assert said(form="owes", to=tuple(to)) == told


def test_a_role_that_nobody_holds_is_told() -> None:
    to = (Addressee(role="owner", code=""), Addressee(role="liaison", code=""), Addressee(role="public", code=""))
    told = "r: owed, project p1: owed by the owner (nobody): duty visit, for the liaison (nobody), the public"
    assert said(form="owes", to=to) == told


def test_the_time_and_the_facts_come_last_in_the_names_that_the_regime_gives() -> None:
    told = said(
        form="owes", by="sponsor_leader", due_at=datetime(2026, 5, 31, 16, tzinfo=UTC),
        facts={"at_least": "1", "stands": "yes"},
    )  # fmt: skip
    words = "owed by the project patron: duty visit, before 2026-05-31 16:00 UTC (at least 1; has stood yes)"
    assert told == f"r: owed, project p1: {words}"


def test_a_place_from_the_bottom_is_said_as_one() -> None:
    assert said(facts={"place_from_bottom": "1", "forum": "f"}).endswith(" (place 1 from the bottom; forum f)")
    assert said(facts={"place": "1"}).endswith(" (place 1)")
