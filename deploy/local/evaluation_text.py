"""The evaluation for people: a page of plain text. What a regime has named itself goes by the name it gives."""

from collections.abc import Callable, Iterator, Mapping
from typing import get_args

from deploy.local.evaluation import Draw, Evaluation, JurisdictionEvaluated, ListEvaluated, Reconciled
from shared.core.decisions import Decision, Form
from shared.core.declared_check import Checked
from shared.core.events import CorrectionDrawn, Facts, LineDrawn
from shared.core.regime.terms import Role

Naming = Callable[[str], str]
_PARKED_SHOWN_MAX = 50
_ROLES = frozenset(get_args(Role))
_FORMS: Mapping[Form, str] = {
    "acts": "{by} acts",
    "proposes": "proposed by the supervision office to {by}",
    "refers": "referred by the supervision office to {by}",
    "owes": "owed by {by}",
}


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
    named = _naming(found)
    yield f"{found.name} [{found.list}], {rules}"
    if found.current_period:
        yield f"now, {found.current_period}"
        yield from (f"  {_line(line, named)}" for line in found.now if line.subject_kind != "project")
        yield from (f"  {_line(line, named)}" for line in found.now if line.subject_kind == "project")
    if found.draws:
        yield "draws"
        yield from (f"  {line}" for draw in found.draws for line in _draw(draw, named))
    yield from _followed_up(found, named)
    yield from _decisions(found, named)
    for facts in (one.facts for one in found.bulletins.drafted):
        yield from _bulletin(facts, named)
    if found.declared:
        yield "declared figures"
        yield from (f"  {declared_line(one)}" for one in found.declared)


def _naming(found: ListEvaluated) -> Naming:
    names = {name: title.en for name, title in found.regime.names.items()} if found.regime else {}
    return lambda name: names.get(name, name)


def _line(line: LineDrawn, named: Naming) -> str:
    place = f"{line.rank:>3}" if line.rank is not None else "  -"
    figures = " ".join(f"{named(name)} {value}" for name, value in line.displayed.items())
    points = " ".join(f"{named(name)} {_points(value)}" for name, value in line.points.items())
    counts = f"{line.project_count} projects" if line.subject_kind != "project" else ""
    noted = [
        f"{line.late_count} late" if line.late_count else "",
        f"{line.missing_count} missing" if line.missing_count else "",
        f"{line.made_up_count} made up" if line.made_up_count else "",
        f"{line.corrected_count} corrected" if line.corrected_count else "",
        f"{line.adjusted_count} adjusted" if line.adjusted_count else "",
        f"{line.unreviewed_count} unreviewed" if line.unreviewed_count else "",
    ]
    parts = (
        f"{place} {line.subject_kind:<7} {line.subject} {line.name}",
        line.light or "-",
        f"light of the period before: {line.past_light}" if line.past_light else "",
        counts,
        *noted,
        figures,
        points,
    )
    return " | ".join(part for part in parts if part)


def _points(value: object) -> str:
    return "not judged" if value is None else f"{value}"


def _draw(draw: Draw, named: Naming) -> Iterator[str]:
    drawn = draw.drawn
    yield f"{drawn.moment}, position {drawn.position}, {drawn.count} lines and hits, digest {drawn.digest[:12]}"
    yield from (f"  correction {_correction(one, named)}" for one in draw.corrections)
    for hit in draw.hits:
        yield f"  rule {named(hit.rule)}: {hit.subject} {hit.name} of {hit.unit}, {hit.consecutive} in a row"


def _correction(one: CorrectionDrawn, named: Naming) -> str:
    kind, _, name = one.about.partition(":")
    moved = f"{named(name or kind)} {one.old_displayed} is {one.new_displayed} now"
    out = f", printed in {' '.join(one.bulletins)}" if one.bulletins else ""
    return f"{one.period} {one.subject_kind} {one.subject}: {moved}{out}, by {' '.join(one.causes)}"


def _followed_up(found: ListEvaluated, named: Naming) -> Iterator[str]:
    if found.matters:
        yield "matters and notices"
    for matter in found.matters:
        stands = f"{matter.subject} {matter.name}, {matter.state}, {matter.step}"
        yield f"  matter {matter.matter}: {named(matter.rule)}, {stands}"
    for sent in found.notices.reminders:
        yield f"  reminder {sent.notice} to {sent.unit}, sent {sent.at:%Y-%m-%d %H:%M} UTC, unsigned"
    for drafted in found.notices.drafted:
        waits = "waits for a signature" if drafted.notice in found.waiting else "signed"
        yield f"  {drafted.step} {drafted.notice} to {drafted.unit}, {waits}"
    for served in found.notices.served:
        yield f"  {served.number} to {served.unit}, served {served.served_at:%Y-%m-%d %H:%M} UTC"


def _decisions(found: ListEvaluated, named: Naming) -> Iterator[str]:
    if found.decisions:
        yield "decisions"
    yield from (f"  {decision_line(one, named)}" for one in found.decisions)


def decision_line(one: Decision, named: Naming) -> str:
    """Who acts, in which form, for whom and by when, on which facts. The first instant too late is given."""

    def words(name: str) -> str:
        return name.replace("_", " ") if (said := named(name)) == name else said

    def party(role: str) -> str:
        codes = ", ".join(whom.code for whom in one.to if whom.role == role and whom.code)
        is_vacant = not codes and role in _ROLES and any(whom.role == role for whom in one.to)
        return f"the {words(role)}{' ' if codes else ''}{codes}{' (nobody)' if is_vacant else ''}"

    others = ", ".join(map(party, dict.fromkeys(whom.role for whom in one.to if whom.role != one.by)))
    facts = "; ".join(
        f"place {value} from the bottom" if name == "place_from_bottom" else f"{words(name)} {value}"
        for name, value in one.facts.items()
    )
    parts = (
        words(one.act),
        f"for {others}" if others else "",
        f"before {one.due_at:%Y-%m-%d %H:%M} UTC" if one.due_at else "",
    )
    what = f"{one.rule}: {words(one.kind)}, {words(one.about)} {one.subject}"
    told = f"{what}: {_FORMS[one.form].format(by=party(one.by))}: {', '.join(part for part in parts if part)}"
    return f"{told} ({facts})" if facts else told


def _bulletin(facts: Facts, named: Naming) -> Iterator[str]:
    yield f"{facts.kind} {facts.title} ({facts.period}, position {facts.position})"
    yield f"  {' '.join(f'{name} {value}' for name, value in facts.amounts.items())} ({facts.money_unit})"
    yield f"  {' '.join(f'{named(name)} {value}' for name, value in facts.totals.items())}"
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


def declared_line(one: Checked) -> str:
    """A declared figure, or a claim about lists, with its verdict, in a line."""
    printed = f" {one.printed}" if one.printed else ""
    roundings = f" ({', '.join(one.roundings)})" if one.verdict == "other_rounding" else ""
    parts = (
        f"{one.id}{printed}: {one.verdict}{roundings}",
        f"computed {one.computed}" if one.computed else "",
        f"inputs allow {one.low:.4f} to {one.high:.4f}" if one.low is not None and one.high is not None else "",
        "、".join(one.names),
        one.reason,
        f"[{one.source}]" if one.source else "",
    )
    return "; ".join(part for part in parts if part)
