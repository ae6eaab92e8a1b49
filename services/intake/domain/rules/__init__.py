"""What must be true for each kind of submission, what intake adds to it, and what follows from it."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from services.intake.domain.rules import (
    contests,
    leaving,
    matters,
    meetings,
    notices,
    permits,
    projects,
    registry,
    results,
    returns,
    supervision,
)
from services.intake.domain.rules.references import Rules, evidence_named, has_happened, names_known
from services.intake.domain.submission import Case
from shared.core.errors import Fault
from shared.core.events import OverrideUsed, RecordEvent

_PARTS = (registry, projects, leaving, returns, permits, supervision, meetings, matters, contests, notices, results)
RULES: Rules = {event: rules for part in _PARTS for event, rules in part.RULES.items()}

COMPLETED: Mapping[type, Callable[[Case], RecordEvent]] = {
    event: complete for part in _PARTS for event, complete in getattr(part, "COMPLETED", {}).items()
}
"""What intake adds to what was submitted: the flags of suspicious values, that a form was not kept to."""

FOLLOWS: Mapping[type, Callable[[Case], Iterable[RecordEvent]]] = {
    event: follow for part in _PARTS for event, follow in getattr(part, "FOLLOWS", {}).items()
}
"""What is recorded together with a submission, because it brings it about."""

RETRYABLE = frozenset({"unknown_draft", "unknown_proposal", "draft_being_redrawn"})
"""Refusals that may end by themselves: what notify drafts or proposes may not have arrived yet."""

OVERRIDABLE: frozenset[str] = frozenset({
    "list_sealed", "exit_not_approved", "count_would_fall", "not_eligible",
    "is_terminated", "already_reached", "permit_decided",
})  # fmt: skip
"""Refusals that the office may set aside with a reason; each time stands in the record (特批留痕).

The last ones are ends: what was told by mistake, of a project, a milestone or a permit, could else never be set right.
"""


def check(case: Case) -> Iterator[Fault]:
    """Every reason against a submission, whoever sent it."""
    for rule in (names_known, has_happened, evidence_named, *RULES[type(case.data)]):
        yield from rule(case)


def completed(case: Case) -> RecordEvent:
    """What was submitted, as it is recorded."""
    complete = COMPLETED.get(type(case.data))
    return complete(case) if complete else case.submission.data


def follows(case: Case) -> Iterator[RecordEvent]:
    """What is recorded after it, in order: what it brings about, and which rule was set aside for it."""
    follow, override = FOLLOWS.get(type(case.data)), case.submission.override
    if follow:
        yield from follow(case)
    if override:
        yield OverrideUsed(rule=override.rule, by=case.submission.actor, reason=override.reason)


def overridden(case: Case, faults: Sequence[Fault]) -> Iterator[Fault]:
    """The faults that stand although the office has set one rule aside."""
    override = case.submission.override
    assert override is not None
    yield from (fault for fault in faults if fault.code != override.rule)
    if override.rule not in OVERRIDABLE:
        named = {"rule": override.rule}
        yield Fault("not_overridable", "/override/rule", "The rule {rule} cannot be set aside.", named)
    elif all(fault.code != override.rule for fault in faults):
        yield Fault("override_not_needed", "/override", "Nothing is against this that would have to be set aside.")
    if "supervision_office" not in case.capacities:
        yield Fault("not_the_office", "/unit", "Only the supervision office may record this.")
    if not override.reason.strip():
        yield Fault("reason_needed", "/override/reason", "Setting a rule aside needs its reason.")
