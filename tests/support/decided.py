"""Given this record under these rules, what is decided? The language of the tests of decisions."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from services.scoring.domain.decide import COMPUTED, decisions
from services.scoring.domain.ledger import evolve
from services.scoring.domain.view import View
from shared.core.calendar import Moment
from shared.core.decisions import Decision
from shared.core.fold import advance
from shared.core.ledger import Ledger
from shared.core.period import Period
from shared.core.regime.model import Regime
from tests.support.builders import JURISDICTION, LIST, a_project, a_regime, a_year, local, record

P1 = a_project()


def rules(**changes: Any) -> Regime:
    """A regime that calls for nothing but what the test is about."""
    bare: dict[str, Any] = {"bulletins": (), "supervision_rules": (), "scoring": None, "lights": ()}
    return a_regime(**{**bare, **changes})


def a_view(
    regime: Regime, *events: object, projects: Sequence[Any] = (P1,), day: str = "2026-03-31", period: str = "2026-03",
    at: str = "",
) -> View:  # fmt: skip
    """The list as of a day, asked in the morning after it."""
    ledger, as_of = Ledger(JURISDICTION), date.fromisoformat(day)
    for one in record(*a_year(*projects, regime=regime), *events):
        advance(ledger, one, play=_nothing, apply=evolve)
    asked_at = local(at or f"{as_of + timedelta(days=1)} 09:00")
    return View(ledger, LIST, regime, Period.parse(period), asked_at, as_of, COMPUTED)


def _nothing(_ledger: Ledger, _moment: Moment) -> None:
    """What was drawn before is nothing that decisions ask."""


def decided(regime: Regime, *events: object, **view: Any) -> list[Decision]:
    return decisions(a_view(regime, *events, **view))


def told(found: Sequence[Decision], *kinds: str) -> list[tuple[str, ...]]:
    """Kind, subject and act of each decision, of these kinds where any are given."""
    return [(one.kind, one.subject, one.act) for one in found if not kinds or one.kind in kinds]


def only(found: Sequence[Decision], kind: str = "") -> Decision:
    (one,) = [one for one in found if not kind or one.kind == kind]
    return one
