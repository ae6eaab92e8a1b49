"""What waits for somebody's approval: the plans of objects, and returns under review."""

from collections.abc import Iterator

from services.scoring.domain.calls import now
from services.scoring.domain.chains import Act, chain_named, turn
from services.scoring.domain.entries import Returns
from services.scoring.domain.plan_history import Plan
from services.scoring.domain.view import View
from shared.core.decisions import Decision
from shared.core.moments import close_at
from shared.core.period import Period
from shared.core.regime.language import Chain, ChainStep, Sourced
from shared.core.regime.management import Reporting


def approvals(view: View) -> Iterator[Decision]:
    yield from _plans(view)
    for place, rule in enumerate(view.regime.reporting):
        reviewed = chain_named(view, rule.review_chain) or tuple(ChainStep(by=by, act="review") for by in rule.review)
        chain = (*(ChainStep(by=by, act="sign") for by in rule.sign_off), *reviewed)
        if chain:
            yield from _reviews(view, rule, f"reporting/{place}/review", chain)


def plan_of(view: View, project: str) -> Plan | None:
    return view.ledger.get(Plan, f"{view.code}/{view.period.year}/{project}")


def _plans(view: View) -> Iterator[Decision]:
    """The plan of each object goes through its chain; who has approved it is told with the plan (000-6)."""
    chain = chain_named(view, view.regime.plan_approval)
    for one in view.governed("project") if chain else ():
        if plan := plan_of(view, one.code):
            since = plan.listed_at.astimezone(view.zone).date()
            yield from turn(view, "plan_approval", chain, [*map(Act, plan.approvals)], one, of=Sourced(), since=since)


def _reviews(view: View, rule: Reporting, pointer: str, chain: Chain) -> Iterator[Decision]:
    """Returns are signed, and reviewed until their period closes, the important ones by more; one sent back is not."""
    for one in view.row_subjects("return"):
        period, returns = one.row.cells.get("period"), view.ledger.get(Returns, f"{one.row.project}/{view.period.year}")
        found = returns.of(str(period)) if returns else None
        if found is None or one.row.cells.get("cadence") != str(rule.cadence):
            continue
        close = close_at(view.ledger, Period.parse(found.period), rule)
        if now(view) < close:
            decided = [Act(by) for by in rule.sign_off if found.signed_by]
            decided += [Act(step, verdict != "returned") for step, verdict in found.reviews]
            yield from turn(
                view, pointer, chain, decided, one, of=rule, since=one.row.on, until=close, facts={"period": period}
            )
