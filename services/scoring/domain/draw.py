"""What scoring publishes of a moment: lines, rules hit, and the statement that the draw is complete."""

from collections.abc import Iterator, Sequence

from services.scoring.domain.judge import judge
from services.scoring.domain.ledger import Streak
from services.scoring.domain.measure import holds
from shared.core.calendar import Moment, Period
from shared.core.digest import digest_of_all
from shared.core.events import LineDrawn, RuleHit, StandingsDrawn, StandingsEvent
from shared.core.ledger import Ledger
from shared.core.regime.model import Regime, SupervisionRule
from shared.core.register import regime_for

ENGINE = "1"
"""Goes up whenever the same record would be judged otherwise by the code."""


def draw(ledger: Ledger, moment: Moment, *, parked_count: int = 0) -> list[StandingsEvent]:
    """Lines, hits and the closing statement of one moment, even if nothing changed since the last."""
    regime = regime_for(ledger, moment.list, Period.parse(moment.period))
    if regime is None:
        return []
    lines = judge(ledger, moment, regime)
    hits = list(_hits(ledger, moment, regime, lines)) if moment.kind == "close" else []
    drawn = StandingsDrawn(
        moment=moment.id, list=moment.list, kind=moment.kind, period=moment.period, at=moment.at,
        position=ledger.position, count=len(lines) + len(hits), digest=digest_of_all([*lines, *hits]),
        regime=regime.regime, regime_version=regime.version, engine=ENGINE, parked_count=parked_count,
    )  # fmt: skip
    return [*lines, *hits, drawn]


def _hits(ledger: Ledger, moment: Moment, regime: Regime, lines: Sequence[LineDrawn]) -> Iterator[RuleHit]:
    cadence = Period.parse(moment.period).cadence
    for rule in regime.supervision_rules:
        for line in lines:
            if rule.held.of == cadence and line.subject_kind == rule.about:
                yield from _hit(ledger, moment, rule, line)


def _hit(ledger: Ledger, moment: Moment, rule: SupervisionRule, line: LineDrawn) -> Iterator[RuleHit]:
    key = f"{moment.list}/{rule.id}/{line.subject}"
    kept = ledger.get(Streak, key)
    hit = holds(rule.when, value=line.measures.__getitem__, in_stage=line.stages.__contains__)
    count = _streak(kept, moment.period) + 1 if hit else 0
    if count or kept:
        ledger.put(key, Streak(count, moment.period))
    if count >= rule.held.consecutive:
        yield RuleHit(
            moment=moment.id, list=moment.list, period=moment.period, rule=rule.id, ladder=rule.ladder,
            subject_kind=line.subject_kind, subject=line.subject, name=line.name, unit=line.unit,
            consecutive=count, measures=line.measures, displayed=line.displayed,
        )  # fmt: skip


def _streak(kept: Streak | None, period: str) -> int:
    """The closes in a row up to the period before this one."""
    follows = kept is not None and str(Period.parse(kept.last_period).next()) == period
    return kept.count if kept is not None and follows else 0
