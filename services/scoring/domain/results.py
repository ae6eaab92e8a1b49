"""What follows from a year's results: rewards and what takes them away, vetoes, the result's approval and its use."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from services.scoring.domain.calls import Covered, address, addressees, call, covered, facts_of, named
from services.scoring.domain.chains import Act, chain_named, is_refused, is_through, next_step, turn
from services.scoring.domain.display import display
from services.scoring.domain.entries import Appraisal
from services.scoring.domain.measure import Measuring
from services.scoring.domain.points import vetoes_of
from services.scoring.domain.view import View
from shared.core.decisions import Addressee, Decision
from shared.core.numbers import rounded
from shared.core.regime.holds import holds
from shared.core.regime.management import Assessment, Feed, Reward
from shared.core.regime.scoring import Judged
from shared.core.regime.terms import Body, Table

POINTS_DECIMALS = 2
_JUNE = 6
_ALL = frozenset({"", "all"})
_COMPETENT: Mapping[str, Body] = {
    "cadre_use": "organisation_department", "pay": "personnel_department", "appointment": "organisation_department",
}  # fmt: skip


def results(view: View) -> Iterator[Decision]:
    yield from _vetoes(view)
    for rule in view.regime.rewards:
        if is_judged(view, rule.judged) and (rule.judged != "year_end" or _is_appraised(view)):
            for one in covered(view, rule.about, rule.among):
                yield from _reward(view, rule, one)
    if view.regime.assessment is not None:
        yield from _assessment(view, view.regime.assessment)


def is_judged(view: View, judged: Judged) -> bool:
    """Whether the part of the year has ended at whose end it is judged."""
    return judged == "any_time" or (view.year_ended if judged == "year_end" else view.half_year_ended)


def _vetoes(view: View) -> Iterator[Decision]:
    for kind in view.regime.scoring.subjects if view.regime.scoring else ():
        for one in view.governed(kind):
            striking = {name for name, strikes in vetoes_of(view.regime, one).items() if strikes}
            for veto in view.regime.scoring.vetoes if view.regime.scoring else ():
                if veto.id in striking:
                    facts = facts_of(veto.when, one) | {"legal_basis": veto.legal_basis, "plan_item": veto.plan_item}
                    yield call("veto", f"scoring/vetoes/{veto.id}", one, veto.result, of=veto, facts=facts)


# --- rewards --------------------------------------------------------------------------------------------------


def _reward(view: View, rule: Reward, one: Covered) -> Iterator[Decision]:
    """What is earned is proposed, unless it is granted already; it is suspended where the right to it is lost.

    Who has approved it is told by the steps of an assessment of its name.
    """
    earned = holds(rule.when, one)
    recipients = tuple(to for role in rule.to for to in addressees(view, role, one))
    if earned is False or (earned and _rows_for(view, "award", rule, one, recipients)):
        return
    decided = confirmations(view, rule.id)
    if is_refused(decided):
        return
    lost = _lost_by(view, rule, one, recipients) if earned else ()
    step = next_step(chain_named(view, rule.approval), decided, one)
    yield call(
        "unknown" if earned is None else "reward_suspended" if lost else "reward", f"rewards/{rule.id}", one,
        rule.award, of=rule, by=step.by if step else rule.competent, to=recipients,
        facts=facts_of(rule.when, one) | ({"lost_by": ", ".join(lost)} if lost else {}),
    )  # fmt: skip


def _lost_by(view: View, rule: Reward, one: Covered, recipients: Sequence[Addressee]) -> list[str]:
    """The rule's own condition, a loss of eligibility, a veto (001: 「取消其评优受奖资格」)."""
    found = ["eligibility_loss"] if _rows_for(view, "eligibility_loss", rule, one, recipients) else []
    if rule.suspended_when is not None and holds(rule.suspended_when, one):
        found.append("suspended_when")
    if isinstance(one, Measuring):
        found += [name for name, strikes in vetoes_of(view.regime, one, "no_award").items() if strikes]
    return found


def _rows_for(view: View, table: Table, rule: Reward, one: Covered, recipients: Sequence[Addressee]) -> bool:
    """Whether a row of this year names the award, or all of them, for the subject or for one who would receive it."""
    codes = {to.code for to in recipients if to.code} | {named(one)[1]}
    return any(
        row.on >= date(view.period.year, 1, 1) and row.cells.get("award") in {rule.award, rule.id, *_ALL}
        for code in codes
        for row in view.since.rows_of(view.since.subject("person", code), table)
    )


# --- the result of the year -----------------------------------------------------------------------------------


def _assessment(view: View, rules: Assessment) -> Iterator[Decision]:
    whole = view.subject("list", "")
    if rules.first_appraisal == "half_year" and view.half_year_ended and view.period.last_month == _JUNE:
        yield call("result", "assessment/first_appraisal", whole, "first_appraisal", of=rules, by="assessment_office")
    if not view.year_ended:
        return
    decided = confirmations(view)
    chain = chain_named(view, rules.approval)
    yield from turn(view, "assessment/approval", chain, decided, whole, of=rules, since=view.period.last_day)
    if is_through(chain, decided, whole):
        for feed in rules.feeds:
            yield from _feed(view, rules, feed)
        for consequence in rules.consequences:
            yield call(
                "result", f"assessment/consequences/{consequence}", whole, consequence, of=rules,
                by=_COMPETENT[consequence], form="refers",
            )  # fmt: skip


def _is_appraised(view: View) -> bool:
    """Whether the year's result is final, where there are rules about that (000-5: chosen after the appraisal)."""
    rules = view.regime.assessment
    return rules is None or is_through(chain_named(view, rules.approval), confirmations(view), view.subject("list", ""))


def confirmations(view: View, reward: str = "") -> list[Act]:
    """The steps that the year's result has gone through, of whatever scheme the list is assessed by; or a reward."""
    of_list, rewards = f"{view.code}/{view.period.year}/", {rule.id for rule in view.regime.rewards}
    kept = [
        one
        for key, one in sorted(view.ledger.all(Appraisal).items())
        if key.startswith(of_list) and (key == of_list + reward if reward else key.removeprefix(of_list) not in rewards)
    ]
    return [Act(step, approved, on) for one in kept for step, approved, on in one.steps if on <= view.today]


def _feed(view: View, rules: Assessment, feed: Feed) -> Iterator[Decision]:
    """The figure of each of the assessed goes to the scheme that it enters, with its weight."""
    for kind in rules.assessed:
        for one in view.governed(kind):
            yield call(
                "result", f"assessment/feeds/{feed.scheme}", one, "feed", of=feed, by=feed.to, form="refers",
                to=(address(feed.to),),
                facts={"scheme": feed.scheme, feed.of: _figure(view, one, feed.of), "weight": feed.weight},
            )  # fmt: skip


def _figure(view: View, one: Measuring, name: str) -> str:
    if name in view.regime.measures:
        return display(view.regime, name, one.value(name))
    points = view.points_of(one).get(name)
    decimals = view.regime.numbers.decimals.get(name, POINTS_DECIMALS)
    return "-" if points is None else str(rounded(points, decimals=decimals, rounding=view.regime.numbers.rounding))
