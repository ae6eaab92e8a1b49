"""Reasons against returns, plans, lists, posts."""

from tests.support.refused import Case

CASES: list[Case] = []
