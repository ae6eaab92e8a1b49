"""Everything that a regime calls for at a moment beyond figures, points and ladders, in a fixed order, with reasons.

One idea throughout: a rule covers subjects, or rows; each gives facts; what they lack, have too much of, or have done
too late is a decision. Nothing here acts: people do, and what they did is in the record of the next view.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import chain

from services.scoring.domain.approvals import approvals
from services.scoring.domain.changes import changes
from services.scoring.domain.duties import duties, duty_rows
from services.scoring.domain.followup import followup
from services.scoring.domain.issuing import issuing, occasional
from services.scoring.domain.meetings import meetings
from services.scoring.domain.publishing import publishing
from services.scoring.domain.reports import event_reports
from services.scoring.domain.requirements import requirement_rows, requirements
from services.scoring.domain.results import results
from services.scoring.domain.view import Computed, View
from shared.core.calendar import end_of
from shared.core.decisions import Decision
from shared.core.regime.terms import Table

COMPUTED: Mapping[Table, Computed] = {"duty": duty_rows, "requirement": requirement_rows}
"""The tables whose rows follow from rules."""

Part = Callable[[View], Iterator[Decision]]
_PARTS: tuple[Part, ...] = (
    duties, meetings, event_reports, approvals, requirements, changes, followup, occasional, publishing,
)  # fmt: skip
_DUE_IN_TIME: tuple[Part, ...] = (duties, event_reports)
"""The parts that say once what is missed, in the period in which it fell due."""


def decisions(view: View, ended: Sequence[View] = ()) -> list[Decision]:
    """The decisions as of the view's day, part by part, each in the order of its rules.

    Where the view's own period still runs, results are those of the first of the periods that have `ended`, bulletins
    are those of each. Within a rule by what they are about, so that the order of events of a day changes nothing.
    """
    judged = ended or (view,)
    over = judged[0] if judged[0].period != view.period else None
    parts = (chain(_missed_at_the_end(part, over) if over else (), part(view)) for part in _PARTS)
    found = [*parts, results(judged[0]), *map(issuing, judged)]
    return [one for part in found for one in _in_order([*part])]


def _missed_at_the_end(part: Part, ended: View) -> Iterator[Decision]:
    """What fell due at the very end of a period: only once that is over it is known to be missed."""
    end = end_of(ended.period.last_day, ended.zone)
    if part in _DUE_IN_TIME:
        yield from (one for one in part(ended) if one.kind == "missed" and one.due_at == end)


def _in_order(found: list[Decision]) -> list[Decision]:
    rules = {rule: place for place, rule in enumerate(dict.fromkeys(one.rule for one in found))}
    return sorted(found, key=lambda one: (rules[one.rule], one.about, one.subject, one.kind, one.act, *_detail(one)))


def _detail(one: Decision) -> tuple[str, ...]:
    to, facts = ((who.role, who.code) for who in one.to), sorted(one.facts.items())
    return (str(one.due_at), one.by, str([*to]), str(facts))
