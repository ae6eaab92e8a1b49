"""Are the refusals of a program read from its code as they are given: code, status, sentence?"""

from pathlib import Path
from uuid import uuid4

import pytest

from shared.infra.refusals import EVERY_SERVICE, Refusal, refusals_in


def read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: str) -> tuple[Refusal, ...]:
    name = f"refusing_{uuid4().hex}"
    (tmp_path / f"{name}.py").write_text(code, encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    return refusals_in(name)


@pytest.mark.parametrize(
    ("code", "found"),
    [
        ('Fault("no_plan", "/plan", "There is no plan.")', Refusal("no_plan", (), ("There is no plan.",))),
        ('errors.Fault("no_plan", "", "None {x}.", {"x": "y"})', Refusal("no_plan", (), ("None {x}.",))),
        ('Fault("/plan", "no_plan", "There is no plan.")', Refusal("no_plan", (), ("There is no plan.",))),
        ('Problem(404, "no_plan", "There is no plan.")', Refusal("no_plan", (404,), ("There is no plan.",))),
        ('Problem(404, "no_plan", say("There is no plan."))', Refusal("no_plan", (404,), ("There is no plan.",))),
        ('_refused(404, Fault("no_plan", "", "None left."), x)', Refusal("no_plan", (404,), ("None left.",))),
        ('_STATUS = {"no_plan": 413}\nFault("no_plan", "", "No {x}.")', Refusal("no_plan", (413,), ("No {x}.",))),
        ('why = "None left."\nFault("no_plan", "", why)', Refusal("no_plan", (), ("None left.",))),
    ],
)  # fmt: skip
def test_a_refusal_is_read_in_each_way_in_which_it_is_given(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: str, found: Refusal
) -> None:
    assert read(tmp_path, monkeypatch, code) == (found,)


def test_of_two_sentences_with_one_name_the_nearer_one_above_is_meant(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    code = (
        'def one():\n    why = "It is early."\n    yield Fault("early", "", why)\n\n'
        'def two():\n    why = "It is late."\n    yield Fault("late", "", why)\n'
    )
    found = {one.code: one.sentences for one in read(tmp_path, monkeypatch, code)}
    assert found == {"early": ("It is early.",), "late": ("It is late.",)}


def test_one_code_may_have_several_statuses_and_sentences(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    code = 'Problem(403, "no_post", "You hold none.")\nProblem(409, "no_post", "Nobody holds one.")'
    assert read(tmp_path, monkeypatch, code) == (
        Refusal("no_post", (403, 409), ("You hold none.", "Nobody holds one.")),
    )


def test_what_is_computed_is_not_guessed_at(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert read(tmp_path, monkeypatch, 'Fault(one.code, "", one.message)\nfault("Not a code", "", "x y")') == ()


def test_every_service_refuses_tokens_limits_and_unknown_addresses() -> None:
    found = {one.code: one.statuses for one in refusals_in(EVERY_SERVICE)}
    assert (found["token_expired"], found["rate_limited"], found["not_found"]) == ((401,), (429,), (404,))
