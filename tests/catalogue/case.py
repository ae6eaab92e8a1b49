"""A rule as a piece of YAML, put to a record: what is drawn, hit, decided, drafted with it, and what without it."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, TypeVar

import yaml

from deploy.local.regime_file import parse_regime
from services.scoring.domain.judge import current
from services.scoring.domain.views import decided
from shared.core.decisions import Decision
from shared.core.events import BulletinDrafted, LineDrawn, NoticeDrafted, ReminderSent, RuleHit
from shared.core.regime.model import Regime
from tests.support.builders import LIST, local, until
from tests.support.spec import Noticed, Scored, given

F = TypeVar("F", bound=Callable[..., object])

BASE = """
regime: case
version: 1
title: { zh: 案例, en: Case }
issuer: { body: 督查室, writes_as: 督 }
numbers: { decimals: {} }
reporting: [ { cadence: monthly, due: { day: 5 } } ]
measures:
  investment_ratio: { ratio: investment_completed, over: annual_planned_investment }
  time_progress: { linear: year, step: month }
  deviation_pp: { deviation_pp: investment_ratio, against: time_progress }
"""


def judged(*_ids: str) -> Callable[[F], F]:
    """Mark a test as the one in which rules of the catalogue change an outcome; the walk reads the marks."""

    def mark(test: F) -> F:
        return test

    return mark


def regime(*rules: str) -> Regime:
    """The least regime there can be, with rules added: a section given again is added to, if it is a map or a list.

    A fault in the YAML, or in what it says, raises BadRegime with every fault.
    """
    return _regime(rules)


class _Words(yaml.SafeLoader):
    """Reads as regime files are read: `on` is a word, and so is 11:30."""

    yaml_implicit_resolvers: dict[str, list[tuple[str, re.Pattern[str]]]] = {}  # noqa: RUF012 - PyYAML's own way


for _name, _form in {
    "bool": r"true|false", "int": r"[-+]?[0-9]+", "float": r"[-+]?[0-9]*\.[0-9]+", "null": r"|~|null",
}.items():  # fmt: skip
    _Words.add_implicit_resolver(f"tag:yaml.org,2002:{_name}", re.compile(f"^(?:{_form})$"), None)


@cache
def _regime(rules: tuple[str, ...]) -> Regime:
    document: dict[str, Any] = yaml.load(BASE, _Words)
    for one in rules:
        for name, section in yaml.load(one, _Words).items():
            known = document.get(name)
            if isinstance(known, dict) and isinstance(section, dict):
                document[name] = {**known, **section}
            elif isinstance(known, list) and name != "reporting":
                document[name] = [*known, *section]
            else:
                document[name] = section
    return parse_regime(yaml.safe_dump(document, allow_unicode=True, sort_keys=False))


@dataclass(frozen=True)
class Outcome:
    """What follows from a record under a regime, as of its last event."""

    scored: Scored
    noticed: Noticed
    decisions: Sequence[Decision]

    def of(self, rule: str) -> list[Decision]:
        """Return what was decided by a rule, by its place in the regime: `duties/leader_visit`."""
        return [one for one in self.decisions if one.rule == rule]

    def acts(self, rule: str) -> list[tuple[str, str, str]]:
        """Return kind, subject and act of each decision of a rule."""
        return [(one.kind, one.subject, one.act) for one in self.of(rule)]

    @property
    def hits(self) -> list[RuleHit]:
        return [one for one in self.scored.drawn if isinstance(one, RuleHit)]

    def hit(self, rule: str) -> list[str]:
        return [one.subject for one in self.hits if one.rule == rule]

    @property
    def notices(self) -> list[NoticeDrafted | ReminderSent]:
        return [one for one in self.noticed.stated if isinstance(one, NoticeDrafted | ReminderSent)]

    @property
    def steps(self) -> list[str]:
        """Return the steps taken, in order."""
        return [one.step for one in self.notices]

    @property
    def bulletins(self) -> list[BulletinDrafted]:
        return self.noticed.of(BulletinDrafted)

    def now(self, subject: str) -> LineDrawn:
        """Return the line of a subject as it stands at the end."""
        lines = current(self.scored.ledger, LIST, self.scored.ledger.clock)
        (found,) = [one for one in lines if one.subject == subject]
        return found


def outcome(*events: object, at: str = "") -> Outcome:
    """Fold a record; `at` lets time pass to a local time after its last event."""
    told = given(*events, *([until(at)] if at else []))
    scored, noticed = told.scored(), told.noticed()
    return Outcome(scored, noticed, decided(scored.ledger, LIST, scored.ledger.clock))


__all__ = ["LIST", "Outcome", "judged", "local", "outcome", "regime"]
