"""Reasons against permits, problems, rounds, visits, meetings, results."""

from tests.support.refused import Case

CASES: list[Case] = []
