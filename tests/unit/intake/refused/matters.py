"""Reasons against acts on matters, notices, bulletins, tokens."""

from tests.support.refused import Case

CASES: list[Case] = []
