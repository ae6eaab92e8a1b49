"""Is every rule kind of the catalogue judged by a test, or recorded and shown, or not needed for a reason?"""

import ast
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.catalogue.recorded import NOT_NEEDED, RECORDED

CATALOGUE = Path(__file__).resolve().parents[3] / "shared/design/catalogue.md"
RECORDED_MAX, NOT_NEEDED_MAX = 60, 10

needs_catalogue = pytest.mark.skipif(not CATALOGUE.is_file(), reason="the catalogue is not beside the project")


def _judged() -> Iterator[tuple[str, str]]:
    """Every id that a test is marked with, and the test."""
    for file in sorted(Path(__file__).parent.glob("test_*.py")):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef):
                for mark in node.decorator_list:
                    if isinstance(mark, ast.Call) and isinstance(mark.func, ast.Name) and mark.func.id == "judged":
                        assert node.name.startswith("test_"), f"{file.name}: {node.name} is never run"
                        yield from ((ast.literal_eval(one), f"{file.name}::{node.name}") for one in mark.args)


def _catalogue() -> list[str]:
    return re.findall(r"^\| ([A-N]\d\d) \|", CATALOGUE.read_text(encoding="utf-8"), re.MULTILINE)


@needs_catalogue
def test_the_catalogue_has_two_hundred_and_twenty_two_rule_kinds() -> None:
    ids = _catalogue()
    assert (len(ids), len(set(ids))) == (222, 222)


@needs_catalogue
def test_every_rule_kind_is_judged_recorded_or_not_needed() -> None:
    known = {rule for rule, _ in _judged()} | {*RECORDED} | {*NOT_NEEDED}
    assert sorted(set(_catalogue()) - known) == []
    assert sorted(known - set(_catalogue())) == []


def test_no_rule_kind_is_counted_twice() -> None:
    """What is judged is not also excused."""
    judged = {rule for rule, _ in _judged()}
    assert judged & {*RECORDED} == judged & {*NOT_NEEDED} == {*RECORDED} & {*NOT_NEEDED} == set()


def test_few_rule_kinds_decide_nothing_and_each_says_why() -> None:
    assert len(RECORDED) <= RECORDED_MAX
    assert len(NOT_NEEDED) <= NOT_NEEDED_MAX
    assert all(reason.strip() for reason in (*RECORDED.values(), *NOT_NEEDED.values()))


def test_no_test_is_marked_with_more_than_a_reader_can_see_in_it() -> None:
    marks = Counter(test for _, test in _judged())
    assert not [test for test, count in marks.items() if count > 4]
