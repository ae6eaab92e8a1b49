"""What happens to a list itself: who leaves it and how, what takes their place, what must stay as it was.

004: an object leaves for a special reason, where urging has not helped, by a chain of approval, and loses the benefits
of being listed; one like it takes its place, so that 「总量不减少、质量不降低」.
"""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import cast

from services.scoring.domain.approvals import plan_of
from services.scoring.domain.calls import Covered, address, call, covered, facts_of, printed
from services.scoring.domain.chains import Act, chain_named, is_refused, is_through, turn
from services.scoring.domain.entries import KeptExit
from services.scoring.domain.row_subject import RowSubject
from services.scoring.domain.view import View
from shared.core.calendar import end_of
from shared.core.decisions import Decision
from shared.core.events import ListSealed, ProjectListed, ProjectReplaced
from shared.core.numbers import EXACT, total
from shared.core.period import Period
from shared.core.regime.holds import every, holds
from shared.core.regime.management import ListChanges, Replacement
from shared.core.regime.terms import Role
from shared.core.register import Staff, holdings, members, published_list

POLICY_COMPLIANT = "policy_compliant"
"""The mark of an object of which somebody has said, when it was listed, that it agrees with the policies in force."""


def changes(view: View) -> Iterator[Decision]:
    rules = view.regime.list_changes
    if rules is not None:
        for part in (_exits, _replacements, _invariants, _sealed, _removals, _consultations, _changed, _revisions):
            yield from part(view, rules)


# --- leaving, and what comes instead --------------------------------------------------------------------------


def _exits(view: View, rules: ListChanges) -> Iterator[Decision]:
    rows = {one.row.project: one for one in view.row_subjects("exit")}
    for project, kept in _kept_exits(view):
        one = rows.get(project) or view.subject("project", project)
        if kept.exited_on is None or kept.exited_on > view.day:
            yield from _exit(view, rules, project, kept, one)
        elif kept.exited_on >= view.period.first_day:
            yield from _gone(view, rules, project, kept, one)


def _gone(view: View, rules: ListChanges, project: str, kept: KeptExit, one: Covered) -> Iterator[Decision]:
    """Who has left loses the benefits; who has left before all have consented has left irregularly."""
    facts: dict[str, object] = {"reason": kept.reason, "exited_on": kept.exited_on}
    decided, subject = _decided(view, kept), view.subject("project", project)
    if not is_through(chain_named(view, rules.exit_chain), decided, one):
        told = facts | {"decided": tuple(act.by for act in decided if act.approved)}
        yield call("exit", "list_changes/exit", subject, "irregular", of=rules, facts=told)
    if rules.loses:
        told = facts | {"loses": rules.loses}
        yield call("exit", "list_changes/loses", subject, "withdraw_benefits", of=rules, facts=told)


def _decided(view: View, kept: KeptExit) -> list[Act]:
    return [Act(by, approved, on) for by, approved, on in kept.steps if on <= view.day]


def _exit(view: View, rules: ListChanges, project: str, kept: KeptExit, one: Covered) -> Iterator[Decision]:
    """Where the conditions are met the chain decides, and after its last approval the exit is recorded."""
    urged = one.row.cells.get("times_urged") if isinstance(one, RowSubject) else None
    subject = view.subject("project", project)
    tests = (
        True if rules.exit_when is None else holds(rules.exit_when, subject),
        None if urged is None else isinstance(urged, Decimal) and urged >= rules.urged_at_least,
        rules.special_reason == "no" or kept.is_special,
    )
    facts = facts_of(rules.exit_when, subject) | {
        "reason": kept.reason, "is_special": printed(kept.is_special), "times_urged": printed(urged),
        "urged_at_least": printed(rules.urged_at_least),
    }  # fmt: skip
    may_leave = every(tests)
    decided = _decided(view, kept)
    if is_refused(decided):
        return
    if may_leave is None:
        yield call("unknown", "list_changes/exit", one, "exit", of=rules, facts=facts)
    elif not may_leave:
        yield call("exit", "list_changes/exit", one, "refuse", of=rules, facts=facts)
    elif is_through(chain_named(view, rules.exit_chain), decided, one):
        loses: dict[str, object] = {**facts, "loses": rules.loses}
        yield call("exit", "list_changes/exit", one, "record", of=rules, facts=loses)
    else:
        since = kept.requested_on
        yield from turn(
            view,
            "list_changes/exit",
            chain_named(view, rules.exit_chain),
            decided,
            one,
            of=rules,
            since=since,
            facts=facts,
        )


def _kept_exits(view: View) -> Iterator[tuple[str, KeptExit]]:
    of_list = f"{view.code}/{view.period.year}/"
    for key, kept in sorted(view.ledger.all(KeptExit).items()):
        if key.startswith(of_list) and kept.requested_on <= view.day:
            yield key.removeprefix(of_list), kept


def _replacements(view: View, rules: ListChanges) -> Iterator[Decision]:
    if rules.replacement is None:
        return
    for project, kept in _kept_exits(view):
        if kept.exited_on is None or kept.exited_on > view.day:
            continue
        replaced = view.ledger.get(ProjectReplaced, f"{view.code}/{view.period.year}/{project}")
        if replaced is None or replaced.on > view.day:
            one = view.subject("project", project)
            yield call("replacement", "list_changes/replacement", one, "find", of=rules, form="owes", by="lead_unit")
            continue
        one = view.subject("project", replaced.replacement)
        tests = _likeness(rules.replacement, _listing(view, project), _listing(view, replaced.replacement))
        if (is_like := every([*tests.values()])) is not True:
            facts = {"replaces": project} | {name: printed(value) for name, value in tests.items()}
            act = "confirm" if is_like is None else "refuse"
            yield call("replacement", "list_changes/replacement", one, act, of=rules, facts=facts)


def _likeness(rule: Replacement, old: ProjectListed | None, new: ProjectListed | None) -> Mapping[str, bool | None]:
    """Whether it is like what left, thing by thing; None where nobody said (004: 「投资额…与调出项目相当」)."""
    if old is None or new is None:
        return {"listed": None}
    tests: dict[str, bool | None] = {name: getattr(new, name) == getattr(old, name) for name in rule.same}
    for name in ("total_investment_yuan", "annual_planned_investment_yuan"):
        tests[name] = _is_near(getattr(old, name), getattr(new, name), rule.investment_within)
    if rule.policy_compliant:
        tests[POLICY_COMPLIANT] = POLICY_COMPLIANT in new.tags or None
    return tests


def _is_near(old: Decimal | None, new: Decimal | None, share: Decimal) -> bool | None:
    if old is None:
        return True  # there is nothing to be like
    return None if new is None else abs(EXACT.subtract(new, old)) <= EXACT.multiply(old, share)


def _listing(view: View, project: str) -> ProjectListed | None:
    return view.ledger.get(ProjectListed, f"{view.code}/{view.period.year}/{project}")


def _invariants(view: View, rules: ListChanges) -> Iterator[Decision]:
    """What the list has now against what was declared, or else what it had before anything was replaced."""
    whole, year = view.subject("list", ""), view.period.year
    published, new = published_list(view.ledger, view.code, year), _replacing(view)
    first = [_listing(view, code) for code in members(view.ledger, view.code, year) if code not in new]
    declared = (published.declared_count, published.declared_total_investment_yuan) if published else (None, None)
    count, count_min = len(view.objects), len(first) if declared[0] is None else declared[0]
    amount = total(one.listing.total_investment_yuan or Decimal(0) for one in view.objects)
    at_first = total((one.total_investment_yuan if one else None) or Decimal(0) for one in first)
    amount_min = at_first if declared[1] is None else declared[1]
    if rules.count_must_not_fall and count < count_min:
        facts: dict[str, object] = {"count": count, "at_least": count_min}
        yield call("list_change", "list_changes/count_must_not_fall", whole, "add", of=rules, facts=facts)
    if rules.investment_must_not_fall and amount < amount_min:
        facts = {"total_investment_yuan": amount, "at_least": amount_min}
        yield call("list_change", "list_changes/investment_must_not_fall", whole, "add", of=rules, facts=facts)


def _replacing(view: View) -> set[str]:
    """What has come in the place of something else."""
    of_list = f"{view.code}/{view.period.year}/"
    return {one.replacement for key, one in view.ledger.all(ProjectReplaced).items() if key.startswith(of_list)}


def _sealed(view: View, rules: ListChanges) -> Iterator[Decision]:
    """What a sealed list has beyond what its document fixed: it changes by replacement only (004 A01)."""
    year, whole = view.period.year, view.subject("list", "")
    sealed = view.ledger.get(ListSealed, f"{view.code}/{year}")
    if sealed is None:
        return
    replacing = _replacing(view)
    for one in view.subjects("project"):
        plan = plan_of(view, one.code)
        if plan is not None and plan.is_after_sealing and one.code not in replacing:
            facts: dict[str, object] = {
                "listed_on": plan.listed_at.astimezone(view.zone).date(), "sealed_by": sealed.document_number,
            }  # fmt: skip
            yield call("list_change", "list_changes/sealed", one, "irregular", of=rules, facts=facts)
    published = published_list(view.ledger, view.code, year)
    must_be = published.declared_count if published else None
    if must_be is not None and len(view.objects) > must_be:
        facts = {"count": len(view.objects), "must_be": must_be}
        yield call("requirement_unmet", "list_changes/sealed", whole, "fulfil", of=rules, facts=facts)


# --- changing -------------------------------------------------------------------------------------------------


def _removals(view: View, rules: ListChanges) -> Iterator[Decision]:
    for one in view.subjects("project") if rules.remove_when is not None else ():
        if rules.remove_when is not None and holds(rules.remove_when, one):
            facts = facts_of(rules.remove_when, one)
            yield call("list_change", "list_changes/remove_when", one, "remove", of=rules, facts=facts)


def _consultations(view: View, rules: ListChanges) -> Iterator[Decision]:
    for rule in rules.consult:
        for one in covered(view, "project", rule.when):
            for body in rule.bodies:
                yield call(
                    "consultation", "list_changes/consult", one, "step_in", of=rule, by=body, form="refers",
                    to=(address(body),), facts=facts_of(rule.when, one),
                )  # fmt: skip


def _changed(view: View, rules: ListChanges) -> Iterator[Decision]:
    """A plan that is no longer the original, and a role that passed to another in the period, need their chains.

    Nothing in the record says who agreed to a new holder: its chain is named with the change.
    """
    chain = chain_named(view, rules.change_chain)
    for one in view.governed("project") if chain else ():
        plan = plan_of(view, one.code)
        if plan is not None and plan.original_annual_planned_investment_yuan != plan.annual_planned_investment_yuan:
            yield from turn(
                view, "list_changes/change_chain", chain, [*map(Act, plan.approvals)], one, of=rules,
                since=view.period.first_day,
                facts={
                    "original_yuan": plan.original_annual_planned_investment_yuan,
                    "planned_yuan": plan.annual_planned_investment_yuan,
                },
            )  # fmt: skip
    chain = chain_named(view, rules.assignment_chain)
    for row in _passed_on(view) if chain else ():
        facts = {"role": row.row.cells.get("role"), "holder": row.row.person or row.row.unit}
        yield from turn(view, "list_changes/assignment_chain", chain, (), row, of=rules, since=row.row.on, facts=facts)


def _passed_on(view: View) -> Iterator[RowSubject]:
    """The roles that somebody took in the period and that another has held for the same object before."""
    for one in view.row_subjects("assignment"):
        role = cast("Role", one.row.cells.get("role"))
        staff = view.ledger.get(Staff, one.row.unit)
        before = holdings(view.ledger, one.row.project, role, ever=True) if one.row.project else ()
        before = before or [held for held in (staff.holdings if staff else ()) if held.role == role]
        if view.period.first_day <= one.row.on <= view.day and any(held.from_on < one.row.on for held in before):
            yield one


def _revisions(view: View, rules: ListChanges) -> Iterator[Decision]:
    for cadence in rules.revise:
        period = Period.holding(view.day, cadence)
        yield call(
            "list_change", "list_changes/revise", view.subject("list", ""), "revise", of=rules,
            due_at=end_of(period.last_day, view.zone), facts={"cadence": cadence, "period": period},
        )  # fmt: skip
