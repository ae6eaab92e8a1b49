"""The evaluation for people: a page of plain text."""

from collections.abc import Iterator

from deploy.local.evaluation import Draw, Evaluation, JurisdictionEvaluated, ListEvaluated, Reconciled
from shared.core.events import Facts, LineDrawn

_PARKED_SHOWN_MAX = 50


def as_text(evaluation: Evaluation) -> str:
    """Measures, standings, lights, rules hit, matters and notices due, and bulletins; ends with a line break."""
    lines = [line for one in evaluation.jurisdictions for line in _jurisdiction(one)]
    if evaluation.published:
        lines += ["published figures", *(f"  {reconciled_line(one)}" for one in evaluation.published)]
    return "\n".join([*lines, ""])


def _jurisdiction(one: JurisdictionEvaluated) -> Iterator[str]:
    yield f"{one.name or '-'} [{one.jurisdiction}] {one.mode or 'not opened'}, position {one.position}, {_at(one)}"
    for found in one.lists:
        yield from (f"  {line}" for line in _list(found))
    for parked in one.parked[:_PARKED_SHOWN_MAX]:
        yield f"  parked in {parked.fold}: position {parked.position}, {parked.kind} {parked.entity}: {parked.reason}"
    if len(one.parked) > _PARKED_SHOWN_MAX:
        yield f"  and {len(one.parked) - _PARKED_SHOWN_MAX} more parked"
    if one.awaiting:
        yield f"  no draw of {one.awaiting}: its jurisdiction is parked"


def _at(one: JurisdictionEvaluated) -> str:
    return f"{one.clock:%Y-%m-%d %H:%M} UTC" if one.clock else "no time yet"


def _list(found: ListEvaluated) -> Iterator[str]:
    rules = f"{found.regime.regime} version {found.regime.version}" if found.regime else "no regime in force"
    yield f"{found.name} [{found.list}], {rules}"
    if found.current_period:
        yield f"now, {found.current_period}"
        yield from (f"  {_line(line)}" for line in found.now if line.subject_kind != "project")
        yield from (f"  {_line(line)}" for line in found.now if line.subject_kind == "project")
    if found.draws:
        yield "draws"
        yield from (f"  {line}" for draw in found.draws for line in _draw(draw))
    yield from _followed_up(found)
    for facts in (one.facts for one in found.bulletins.drafted):
        yield from _bulletin(facts)


def _line(line: LineDrawn) -> str:
    place = f"{line.rank:>3}" if line.rank is not None else "  -"
    figures = " ".join(f"{name} {value}" for name, value in line.displayed.items())
    points = " ".join(f"{name} {_points(value)}" for name, value in line.points.items())
    counts = f"{line.project_count} projects" if line.subject_kind != "project" else ""
    noted = [
        f"{line.late_count} late" if line.late_count else "",
        f"{line.missing_count} missing" if line.missing_count else "",
    ]
    parts = (
        f"{place} {line.subject_kind:<7} {line.subject} {line.name}",
        line.light or "-",
        counts,
        *noted,
        figures,
        points,
    )
    return " | ".join(part for part in parts if part)


def _points(value: object) -> str:
    return "not judged" if value is None else f"{value}"


def _draw(draw: Draw) -> Iterator[str]:
    drawn = draw.drawn
    yield f"{drawn.moment}, position {drawn.position}, {drawn.count} lines and hits, digest {drawn.digest[:12]}"
    for hit in draw.hits:
        yield f"  rule {hit.rule}: {hit.subject} {hit.name} of {hit.unit}, {hit.consecutive} in a row"


def _followed_up(found: ListEvaluated) -> Iterator[str]:
    if found.matters:
        yield "matters and notices"
    for matter in found.matters:
        yield f"  matter {matter.matter}: {matter.rule}, {matter.subject} {matter.name}, {matter.state}, {matter.step}"
    for sent in found.notices.reminders:
        yield f"  reminder {sent.notice} to {sent.unit}, sent {sent.at:%Y-%m-%d %H:%M} UTC, unsigned"
    for drafted in found.notices.drafted:
        waits = "waits for a signature" if drafted.notice in found.waiting else "signed"
        yield f"  {drafted.step} {drafted.notice} to {drafted.unit}, {waits}"
    for served in found.notices.served:
        yield f"  {served.number} to {served.unit}, served {served.served_at:%Y-%m-%d %H:%M} UTC"


def _bulletin(facts: Facts) -> Iterator[str]:
    yield f"{facts.kind} {facts.title} ({facts.period}, position {facts.position})"
    yield f"  {' '.join(f'{name} {value}' for name, value in facts.amounts.items())} ({facts.money_unit})"
    yield f"  {' '.join(f'{name} {value}' for name, value in facts.totals.items())}"
    yield f"  not started {len(facts.not_started)}, behind {len(facts.behind)}, not judged {facts.not_judged_count}"


def reconciled_line(one: Reconciled) -> str:
    """A published figure with its verdict, in a line."""
    low, high = f"{one.low:.4f}", f"{one.high:.4f}"
    record = "nothing" if one.evaluated is None else f"{one.evaluated:.4f}, printed {one.displayed}"
    outside = " OUTSIDE" if one.is_evaluated_within is False else ""
    readings = f" ({', '.join(one.readings)})" if one.readings else ""
    return (
        f"{one.list} {one.period} {one.measure} {one.published}: {one.verdict}{readings}; "
        f"inputs allow {low} to {high}; the record gives {record}{outside}"
    )
