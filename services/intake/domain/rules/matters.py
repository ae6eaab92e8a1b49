"""What must be true in the life of a supervised matter, and of what holds it up."""

from collections.abc import Iterable, Iterator
from datetime import date

from services.intake.domain.known import FindingKnown, Formalities, MatterLife, Nodes, Opened, ProblemLife
from services.intake.domain.known.matters import TURNS
from services.intake.domain.rules.references import Faults, Rules
from services.intake.domain.rules.sense import no_notice_s, not_before, not_empty, regime_of, says, to_an_open_unit
from services.intake.domain.submission import Case
from shared.core.errors import Fault, Term
from shared.core.events import (
    ExemptionGranted,
    ExtensionGranted,
    MatterAssigned,
    MatterOpened,
    MatterReceived,
    MatterReminded,
    MatterReopened,
    MatterReported,
    MatterReturned,
    MatterStruckOff,
    MatterVerified,
    Paused,
    StepOrdered,
    UnitRegistered,
)
from shared.core.matters import is_proposed
from shared.core.regime.pursuit import MatterRules
from shared.core.register import Adopted, Posts, Project, published_list


def matter_known(case: Case) -> Faults:
    if case.matter is None:
        yield unknown(case)


def unknown(case: Case) -> Fault:
    """Of one that a rule proposes, the proposal may be on its way."""
    if is_proposed(case.data.matter):
        return Fault("unknown_proposal", "/data/matter", "No such matter has been proposed yet.")
    return Fault("unknown_matter", "/data/matter", "No matter has the code {code}.", {"code": case.data.matter})


# --- how it is opened ---------------------------------------------------------------------------------------------


def _opened_once(case: Case) -> Faults:
    """It is told again with what its minutes did not say, and with whoever else has approved it; nothing else."""
    data: MatterOpened = case.data
    life = case.matter
    if life is None or life.state == "proposed":
        return
    is_minuted = life.source == "minutes" and data.source == "minutes" and not life.list
    if not is_minuted and data.approver in {"", life.approver}:
        yield Fault("matter_already_open", "/data/matter", "The matter is open already.")
    elif not is_minuted and (data.list, data.source, data.project) != (life.list, life.source, life.project):
        message = "The matter was opened on another list, source or project: say the same, with who has approved it."
        yield Fault("told_otherwise", "/data/matter", message)
    elif is_minuted and data.project != life.project and life.project:
        yield Fault("told_otherwise", "/data/project", "The minutes name another project.")


def _proposed_by_its_rule(case: Case) -> Faults:
    data: MatterOpened = case.data
    if is_proposed(data.matter) and case.matter is None:
        yield unknown(case)
    elif is_proposed(data.matter) != (data.source == "rule"):
        message = "What a rule proposes is opened with source rule, under the code by which it was proposed."
        yield Fault("source_not_rule", "/data/source", message)
    yield from no_notice_s("/data/matter", data.matter)


def _list_governed(case: Case) -> Faults:
    """The list has rules, or is published for the year: without either nobody follows the matter."""
    data: MatterOpened = case.data
    if not case.ledger.get(Adopted, data.list) and not published_list(case.ledger, data.list, data.on.year):
        named = {"list": data.list, "year": str(data.on.year)}
        yield Fault("unknown_list", "/data/list", "List {list} is not published for {year}.", named)


def _basis_known(case: Case) -> Faults:
    """A finding, or a problem, opens one matter."""
    data: MatterOpened = case.data
    kinds = {"finding": FindingKnown, "problem": ProblemLife}
    if (kind := kinds.get(data.source)) is None:
        return
    opened = case.ledger.get(Opened, f"{data.source}/{data.basis}")
    named = {"basis": data.basis, "source": Term(data.source)}
    if case.ledger.get(kind, data.basis) is None:
        yield Fault("unknown_basis", "/data/basis", "Nothing recorded has the code {basis} ({source}).", named)
    elif opened is not None and opened.matter != data.matter:
        message = "The matter {matter} is about this already."
        yield Fault("basis_taken", "/data/basis", message, {"matter": opened.matter})


def _due_after(case: Case) -> Faults:
    yield from not_before("/data/due_on", case.data.due_on, case.data.on)


# --- who let it be opened -----------------------------------------------------------------------------------------


def _approver_named_by_the_office(case: Case) -> Faults:
    if case.data.approver and case.capacities.isdisjoint({"supervision_office", "approver", "principal_leader"}):
        message = "Who has approved it is entered by the supervision office: leave this empty to ask for it."
        yield Fault("approval_not_yours", "/data/approver", message)


def _approver_competent(case: Case) -> Faults:
    data: MatterOpened = case.data
    rules, life = _matter_rules(case, data.list), case.matter
    if rules is None or not data.approver or data.source in _APPROVED_BY_ITSELF:
        return
    chain, (regime_rules, direct) = _chain(case, data.list), (rules, rules.opened_directly_by)
    bodies = [*direct, *(body for body, _ in chain)]
    if (regime_rules.open_chain or direct) and data.approver not in bodies:
        named = Term(" / ".join(dict.fromkeys(bodies)))
        yield Fault("not_an_approver", "/data/approver", "The opening is approved by: {bodies}.", {"bodies": named})
    elif life and data.approver not in direct and _place(chain, data.approver) < _place(chain, life.approver):
        yield Fault("approved_further", "/data/approver", "Somebody further up has approved it already.")


def _opening_approved(case: Case) -> Faults:
    """Nobody handles a matter before those have approved its opening whom the regime asks in every case."""
    life = case.matter
    rules = _matter_rules(case, life.list) if life else None
    if life is None or rules is None or life.source in _APPROVED_BY_ITSELF or life.approver in rules.opened_directly_by:
        return
    chain = _chain(case, life.list)
    asked = [body for body, is_asked in chain if is_asked]
    if asked and _place(chain, life.approver) < _place(chain, asked[-1]):
        message = "Its opening is not approved yet: tell the opening again with the approver {body}."
        yield Fault("opening_not_approved", "/data/matter", message, {"body": Term(asked[-1])})


_APPROVED_BY_ITSELF = frozenset({"minutes", "rule"})
"""What a meeting has decided, and what was signed as a notice, needs nobody else's approval."""


def _matter_rules(case: Case, code: str) -> MatterRules | None:
    regime = regime_of(case, code)
    return regime.matters if regime else None


def _chain(case: Case, code: str) -> list[tuple[str, bool]]:
    """The bodies that approve an opening, in turn, and whether each is asked in every case; proposing approves none."""
    regime = regime_of(case, code)
    rules = regime.matters if regime else None
    steps = regime.chain(rules.open_chain) if regime and rules else ()
    return [(one.by, one.when is None and one.unless is None) for one in steps if one.act != "propose"]


def _place(chain: Iterable[tuple[str, bool]], body: str) -> int:
    return max((place for place, (one, _) in enumerate(chain) if one == body), default=-1)


# --- its life -----------------------------------------------------------------------------------------------------


def _in_turn(case: Case) -> Faults:
    """The matter stands where this may follow, and nothing happened before what happened last."""
    life = case.matter
    if life is None:
        yield unknown(case)
        return
    turn = TURNS[type(case.data)]
    if life.state in turn.after:
        yield from not_before("/data/on", case.data.on, life.last_on)
    elif life.state == "struck_off":
        yield _STRUCK_OFF
    else:
        yield _not_now(life, turn.after)


_STRUCK_OFF = Fault("matter_struck_off", "/data/matter", "The matter is struck off: reopen it first.")


def _not_now(life: MatterLife, after: Iterable[str]) -> Fault:
    named = {"state": Term(life.state), "states": Term(" / ".join(sorted(after)))}
    message = "The matter is {state}: this is told of one that is {states}."
    return Fault("matter_stands_elsewhere", "/data/matter", message, named)


def still_on(case: Case) -> Faults:
    """Whatever its state, it is not at its end: a matter that is struck off can only be opened again."""
    life = case.matter
    if life is not None and life.state == "struck_off":
        yield _STRUCK_OFF


def _by_the_handling_unit(case: Case) -> Faults:
    life = case.matter
    if life and life.units and case.data.unit != life.units[0]:
        yield Fault("not_the_handling_unit", "/data/unit", "The matter is handled by {unit}.", {"unit": life.units[0]})


def _cause_said(case: Case) -> Faults:
    """Whoever did not do it, or not in time, had a cause; only a cause is accepted or not."""
    data: MatterVerified = case.data
    if not data.cause and not (data.is_done and data.is_reason_accepted is None):
        yield Fault("cause_needed", "/data/cause", "Say whether the cause was objective or subjective.")


def _told_to_more(case: Case) -> Faults:
    if not case.data.answered:
        yield from still_on(case)


# --- what holds it up ---------------------------------------------------------------------------------------------


def _extends(case: Case) -> Faults:
    data: ExtensionGranted = case.data
    if data.new_due_on <= data.old_due_on:
        yield Fault("extension_shortens", "/data/new_due_on", "The new day lies after the old one.")
    if data.project or data.item:
        yield from (*not_empty("/data/project", data.project), *not_empty("/data/item", data.item))
        found = [*_due_days(case, data)]
    else:
        yield from matter_known(case)
        found = [life.due_on] if (life := case.matter) else [None]
    if not found:
        yield Fault("unknown_item", "/data/item", "The project has no milestone or permit with this code.")
    elif found[0] is not None and data.old_due_on not in found:
        named = {"day": found[0].isoformat()}
        yield Fault("due_otherwise", "/data/old_due_on", "It is due on {day}: that is the old day.", named)


def _due_days(case: Case, data: ExtensionGranted) -> Iterator[date | None]:
    nodes, permits = case.ledger.get(Nodes, data.project), case.ledger.get(Formalities, data.project)
    yield from (one.due_on for one in (nodes.nodes if nodes else ()) if one.id == data.item)
    yield from (one.due_on for one in (permits.permits if permits else ()) if one.id == data.item)


def _free_of_a_rule(case: Case) -> Faults:
    data: ExemptionGranted = case.data
    adopted = (one for kept in case.ledger.all(Adopted).values() for _, one in kept.regimes)
    rules = [rule for one in adopted for rule in one.supervision_rules if rule.id == data.rule]
    if not rules:
        yield Fault("unknown_rule", "/data/rule", "No regime that was adopted has this rule.")
    known = {"project": Project, "unit": UnitRegistered, "leader": Posts, "person": Posts, "liaison": Posts}
    kinds = {known[rule.about] for rule in rules if rule.about in known}
    if kinds and all(case.ledger.get(kind, data.subject) is None for kind in kinds):
        yield Fault("unknown_subject", "/data/subject", "The rule is about nobody and nothing with this code.")
    if data.matter != data.subject and case.matter is None:
        message = "No matter has this code; where none is meant, give the subject's."
        yield Fault("unknown_matter", "/data/matter", message)
    yield from not_before("/data/until_on", data.until_on, case.today)


def _pause_ends(case: Case) -> Faults:
    yield from not_before("/data/until_on", case.data.until_on, case.data.on)


RULES: Rules = {
    MatterOpened: (
        says("text"), _opened_once, _proposed_by_its_rule, _list_governed, _basis_known, _due_after, to_an_open_unit,
        _approver_named_by_the_office, _approver_competent,
    ),
    MatterAssigned: (_in_turn, _opening_approved, to_an_open_unit, _due_after, says("unit")),
    MatterReceived: (_in_turn, _opening_approved, _by_the_handling_unit),
    MatterReturned: (_in_turn, _by_the_handling_unit, says("reason")),
    MatterReminded: (_in_turn,),
    MatterReported: (_in_turn, _opening_approved, says("text")),
    MatterVerified: (_in_turn, _cause_said),
    MatterStruckOff: (_in_turn, _told_to_more),
    MatterReopened: (_in_turn, says("reason")),
    ExtensionGranted: (_extends, still_on, _approver_named_by_the_office, says("reason")),
    ExemptionGranted: (_free_of_a_rule, says("reason", "approver")),
    Paused: (matter_known, still_on, _pause_ends, says("reason")),
    StepOrdered: (matter_known, still_on, says("reason")),
}  # fmt: skip
