"""What scoring publishes of a moment: lines, rules hit, and the statement that the draw is complete."""

from collections.abc import Iterator, Sequence

from services.scoring.domain.judge import judge
from services.scoring.domain.ledger import Streak
from services.scoring.domain.measure import holds
from shared.core.calendar import Moment, Period
from shared.core.digest import digest_of_all
from shared.core.events import LineDrawn, RuleHit, StandingsDrawn, StandingsEvent
from shared.core.ledger import Ledger
from shared.core.parking import Parked, scope_of
from shared.core.regime.model import Regime, SupervisionRule
from shared.core.register import Project, members, regime_for

ENGINE = "1"
"""Goes up whenever the same record would be judged otherwise by the code."""


def draw(ledger: Ledger, moment: Moment, *, parked: Sequence[Parked] = ()) -> list[StandingsEvent]:
    """Lines, hits and the closing statement of one moment, even if nothing changed since the last."""
    regime = regime_for(ledger, moment.list, Period.parse(moment.period))
    if regime is None:
        return []
    lines = judge(ledger, moment, regime)
    hits, undecided = _hits(ledger, moment, regime, lines) if moment.kind == "close" else ([], [])
    drawn = StandingsDrawn(
        moment=moment.id, list=moment.list, kind=moment.kind, period=moment.period, at=moment.at,
        position=ledger.position, count=len(lines) + len(hits), digest=digest_of_all([*lines, *hits]),
        regime=regime.regime, regime_version=regime.version, engine=ENGINE,
        undecided=tuple(undecided), parked_count=sum(_concerns(ledger, moment, one) for one in parked),
    )  # fmt: skip
    return [*lines, *hits, drawn]


def _concerns(ledger: Ledger, moment: Moment, parked: Parked) -> bool:
    """Whether a parked event may change a list's figures: one of its projects, or one that nobody could list yet."""
    if parked.kind != "project":
        return scope_of(parked.kind) == "jurisdiction"
    of_list = members(ledger, moment.list, Period.parse(moment.period).year)
    return parked.entity in of_list or ledger.get(Project, parked.entity) is None


def _hits(
    ledger: Ledger, moment: Moment, regime: Regime, lines: Sequence[LineDrawn]
) -> tuple[list[RuleHit], list[str]]:
    """The rules hit, and what is undecided, as `rule/subject`: unknown is neither a hit nor the end of one."""
    hits: list[RuleHit] = []
    undecided: list[str] = []
    cadence = Period.parse(moment.period).cadence
    for rule in regime.supervision_rules:
        for line in lines:
            if rule.held.of == cadence and line.subject_kind == rule.about:
                holding = holds(rule.when, value=line.measures.__getitem__, in_stage=line.stages.__contains__)
                if holding is None:
                    undecided.append(f"{rule.id}/{line.subject}")
                hits += _hit(ledger, moment, rule, line, holding=holding)
    return hits, undecided


def _hit(
    ledger: Ledger, moment: Moment, rule: SupervisionRule, line: LineDrawn, *, holding: bool | None
) -> Iterator[RuleHit]:
    key = f"{moment.list}/{rule.id}/{line.subject}"
    kept = ledger.get(Streak, key)
    count = 0 if holding is False else _streak(kept, moment.period) + int(holding is True)
    if count or kept:
        ledger.put(key, Streak(count, moment.period))
    if holding and count >= rule.held.consecutive:
        yield RuleHit(
            moment=moment.id, list=moment.list, period=moment.period, rule=rule.id, ladder=rule.ladder,
            subject_kind=line.subject_kind, subject=line.subject, name=line.name, unit=line.unit, consecutive=count,
            measures=line.measures, displayed=line.displayed,
        )  # fmt: skip


def _streak(kept: Streak | None, period: str) -> int:
    """The closes in a row up to the period before this one."""
    follows = kept is not None and str(Period.parse(kept.last_period).next()) == period
    return kept.count if kept is not None and follows else 0
