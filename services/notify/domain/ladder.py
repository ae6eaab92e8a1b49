"""Which step of a ladder is next, and whether the office may take it, propose it, or must hand it over.

Rungs are climbed in their order, at most once each:

- A rung whose `when` is false is passed over; one whose `when` is not known holds up all above it.
- A rung with a `count` waits for so many hits. Of several counts that are reached only the highest is due: who is hit
  for the second time gets what the second time brings (000-4b: talk, criticism, removal).
- Rungs in a row with the same `count` are taken together: a warning for one, an explanation from another (000-14).
- The rung taken last is taken again after its `repeat`, as long as nothing above it is due.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from shared.core.decisions import Form
from shared.core.events import RuleHit
from shared.core.regime.model import Ladder, Step
from shared.core.regime.terms import Body, Role, StepName

REMINDERS: frozenset[StepName] = frozenset({"due_reminder", "supervision_reminder", "written_reminder"})
AGAINST_OWNERS: frozenset[StepName] = frozenset({
    "media_exposure", "access_restriction", "market_exit", "closure_or_stop",
})  # fmt: skip
OWNERS: frozenset[Role] = frozenset({"owner", "legal_representative"})

BEYOND: Mapping[StepName, Body] = {
    "warning": "discipline_body", "admonition_talk": "organisation_department", "accountability": "discipline_body",
    "leadership_accountability": "discipline_body", "organisational_handling": "organisation_department",
    "organisational_adjustment": "organisation_department", "eligibility_lost": "assessment_office",
    "access_restriction": "industry_regulator", "market_exit": "industry_regulator",
    "closure_or_stop": "industry_regulator", "referral": "discipline_body", "police_report": "police",
}  # fmt: skip
"""What no supervision office may do by itself, with the body whose it is where the regime names none."""

_HANDED_OVER_TO: frozenset[Body] = frozenset({
    "discipline_body", "judiciary", "police", "organisation_department", "personnel_department",
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Rungs:
    """Which rungs may be taken, and of which it is not known; the others are closed."""

    open: frozenset[int]
    undecided: frozenset[int]


def rungs(ladder: Ladder, hit: RuleHit, judged: Ladder) -> Rungs:
    """What a hit says of a ladder. `judged` is the ladder whose places it names: a matter may climb an older one."""
    found = {place: _is_open(step, hit, judged) for place, step in enumerate(ladder)}
    return Rungs(
        frozenset(place for place, is_open in found.items() if is_open),
        frozenset(place for place, is_open in found.items() if is_open is None),
    )


def next_step(
    ladder: Ladder,
    *,
    steps_taken: int,
    hits: int,
    open_steps: Collection[int] | None = None,
    undecided: Collection[int] = (),
) -> int | None:
    """The place of the rung that is due now, above those taken or passed over; None: nothing is due yet, or any more.

    `hits`: how often the rule was hit, this time included. `open_steps`: places whose `when` holds (None: all).
    """
    for place in range(steps_taken, len(ladder)):
        if place in undecided:
            return None
        if open_steps is not None and place not in open_steps:
            continue
        if (ladder[place].count or 0) > hits:
            return None
        if not _is_overtaken(ladder, place, hits, open_steps):
            return place
    return None


def next_steps(ladder: Ladder, known: Rungs, *, steps_taken: int, hits: int) -> tuple[int, ...]:
    """The rung that is due, and those in a row above it with the same count."""
    first = next_step(ladder, steps_taken=steps_taken, hits=hits, open_steps=known.open, undecided=known.undecided)
    if first is None:
        return ()
    found = [first]
    for place in range(first + 1, len(ladder)):
        if ladder[first].count is None or ladder[place].count != ladder[first].count or place in known.undecided:
            break
        if place in known.open:
            found.append(place)
    return tuple(found)


def competent_for(step: Step) -> Body:
    """Who may take a step: as the regime says, but never the office where it lies beyond its power."""
    return BEYOND.get(step.step, step.competent) if step.competent == "supervision_office" else step.competent


def form_of(step: Step) -> Form:
    body = competent_for(step)
    if body == "supervision_office":
        return "acts"
    return "refers" if body in _HANDED_OVER_TO else "proposes"


def _is_overtaken(ladder: Ladder, place: int, hits: int, open_steps: Collection[int] | None) -> bool:
    count = ladder[place].count
    higher = [other for other in range(place + 1, len(ladder)) if open_steps is None or other in open_steps]
    return count is not None and any(count < (ladder[other].count or 0) <= hits for other in higher)


def _is_open(step: Step, hit: RuleHit, judged: Ladder) -> bool | None:
    if hit.investment_nature == "non_government" and not _may_reach_owners(step):
        return False
    if step.when is None or hit.open_steps is None:
        return True
    if step not in judged or (place := judged.index(step)) in hit.undecided_steps:
        return None
    return place in hit.open_steps


def _may_reach_owners(step: Step) -> bool:
    """Owners who are no part of government are reminded in writing; anything else needs a law (000-13)."""
    reaches = step.step in AGAINST_OWNERS or not OWNERS.isdisjoint(step.serve)
    return not reaches or step.step in REMINDERS or bool(step.legal_basis)
