"""Whose turn is it in a chain of approval, and is it through?

Each acts in turn, and a refusal ends it. A step is passed over where its `unless` surely holds (000-6: one unit alone
needs no decomposition) or its `when` surely does not (000-10: only what is important goes to the main leader); what is
unknown passes over nobody.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from services.scoring.domain.calls import Covered, addressees, call, within
from services.scoring.domain.view import View
from shared.core.decisions import Decision
from shared.core.regime.holds import Subject, holds, is_passed_over
from shared.core.regime.language import Chain, ChainStep, Sourced


@dataclass(frozen=True, slots=True)
class Act:
    """What one body decided in a chain."""

    by: str
    approved: bool = True
    on: date | None = None


def next_step(chain: Chain, decided: Sequence[Act], subject: Subject) -> ChainStep | None:
    """The step whose turn it is; none where all have approved, or one has refused."""
    if is_refused(decided):
        return None
    approved = Counter(one.by for one in decided)
    for step in chain:
        if is_passed_over(step, lambda condition: holds(condition, subject)):
            continue
        if not approved[step.by]:
            return step
        approved[step.by] -= 1
    return None


def is_refused(decided: Sequence[Act]) -> bool:
    return not all(one.approved for one in decided)


def is_through(chain: Chain, decided: Sequence[Act], subject: Subject) -> bool:
    """Whether everybody whose turn there is has approved. A chain of nobody is through."""
    return not is_refused(decided) and next_step(chain, decided, subject) is None


def chain_named(view: View, name: str) -> Chain:
    return view.regime.chain(name)


def turn(
    view: View, rule: str, chain: Chain, decided: Sequence[Act], one: Covered, *, of: Sourced, since: date,
    until: datetime | None = None, facts: Mapping[str, object] | None = None,
) -> Iterator[Decision]:  # fmt: skip
    """The decision that is next in a chain, if any: due `until`, or in the step's own time since the last one's."""
    step = next_step(chain, decided, one)
    if step is not None:
        last = max((act.on for act in decided if act.on is not None), default=since)
        yield call(
            "approval", rule, one, step.act, of=step if step.source else of, by=step.by,
            to=addressees(view, step.by, one), due_at=within(view, last, step.within) or until,
            facts={**(facts or {}), "decided": tuple(act.by for act in decided)},
        )  # fmt: skip
