"""What is wrong with a regime that is well-formed.

Names that lead nowhere, tables that overlap, steps nobody signs, numbers that no fold could print.
"""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from re import fullmatch
from string import Formatter

from shared.core.errors import Fault
from shared.core.numbers import AMOUNT_DECIMALS_MAX as DECIMALS_MAX
from shared.core.regime.model import (
    AllOrNothing,
    Bonus,
    Bound,
    Component,
    Condition,
    Deviation,
    Every,
    InStage,
    Met,
    Regime,
    SignStep,
    Some,
    Step,
    Tiers,
    WorkingDays,
)

DAYS_MAX = 366
POINTS_MAX = 10_000


def faults(regime: Regime) -> list[Fault]:
    """Every fault of the regime, each with a pointer into its document."""
    return [
        *_measures(regime),
        *_reporting(regime),
        *_scoring(regime),
        *_supervision(regime),
        *_bulletins(regime),
        *_lights(regime),
        *_duplicates(regime),
        *_figures(regime),
    ]


def _fault(code: str, pointer: str, message: str, **values: str) -> Fault:
    return Fault(code, pointer, message, values)


def _known(regime: Regime, name: str, pointer: str) -> Iterator[Fault]:
    if name not in regime.measures:
        yield _fault("unknown_measure", pointer, "No measure is named {name}.", name=name)


def _condition(regime: Regime, condition: Condition, pointer: str) -> Iterator[Fault]:
    match condition:
        case Every(all=parts) | Some(any=parts):
            if not parts:
                yield _fault("empty_condition", pointer, "The condition tests nothing.")
            for place, part in enumerate(parts):
                yield from _condition(
                    regime, part, f"{pointer}/{'all' if isinstance(condition, Every) else 'any'}/{place}"
                )
        case InStage():
            return
        case _:
            yield from _tests(regime, condition, pointer)


def _tests(regime: Regime, tests: Mapping[str, object], pointer: str) -> Iterator[Fault]:
    if not tests:
        yield _fault("empty_condition", pointer, "The condition tests nothing.")
    for name, bound in tests.items():
        yield from _known(regime, name, f"{pointer}/{name}")
        if bound == Bound():
            yield _fault("empty_condition", f"{pointer}/{name}", "The condition tests nothing.")


def _measures(regime: Regime) -> Iterator[Fault]:
    for name, measure in regime.measures.items():
        pointer = f"/measures/{name}"
        if isinstance(measure, Deviation):
            yield from _known(regime, measure.deviation_pp, f"{pointer}/deviation_pp")
            yield from _known(regime, measure.against, f"{pointer}/against")
        elif isinstance(measure, Met):
            yield from _condition(regime, measure.met, f"{pointer}/met")
        if _is_circular(regime, name):
            yield _fault("circular_measure", pointer, "The measure {name} is defined by itself.", name=name)
    for name in regime.numbers.decimals:
        yield from _known(regime, name, f"/numbers/decimals/{name}")


def _is_circular(regime: Regime, name: str) -> bool:
    seen: set[str] = set()
    ahead = list(_uses(regime, name))
    while ahead:
        used = ahead.pop()
        if used not in seen:
            seen.add(used)
            ahead.extend(_uses(regime, used))
    return name in seen


def _uses(regime: Regime, name: str) -> tuple[str, ...]:
    match regime.measures.get(name):
        case Deviation(deviation_pp=of, against=against):
            return (of, against)
        case Met(met=condition):
            return tuple(_names(condition))
        case _:
            return ()


def _names(condition: Condition) -> Iterator[str]:
    match condition:
        case Every(all=parts) | Some(any=parts):
            for part in parts:
                yield from _names(part)
        case InStage():
            return
        case _:
            yield from condition


def _lights(regime: Regime) -> Iterator[Fault]:
    for place, light in enumerate(regime.lights):
        for name, when in light.items():
            last = place == len(regime.lights) - 1
            if when == "otherwise" and not last:
                yield _fault("unreachable_light", f"/lights/{place + 1}", "No light after `otherwise` can be shown.")
            elif when != "otherwise":
                yield from _condition(regime, when, f"/lights/{place}/{name}")


def _scoring(regime: Regime) -> Iterator[Fault]:
    if not regime.scoring:
        return
    yield from _known(regime, regime.scoring.ranking.by, "/scoring/ranking/by")
    if not (regime.scoring.ranking.legal_basis.strip() and regime.scoring.ranking.plan_item.strip()):
        yield _fault("ranking_without_basis", "/scoring/ranking", "A ranking needs its legal basis and its plan item.")
    for place, component in enumerate(regime.scoring.components):
        yield from _component(regime, component, f"/scoring/components/{place}")


def _component(regime: Regime, component: AllOrNothing | Tiers | Bonus, pointer: str) -> Iterator[Fault]:
    match component:
        case AllOrNothing(all_or_nothing=award):
            yield from _condition(regime, award.when, f"{pointer}/all_or_nothing/when")
        case Bonus(when=when, per=rate):
            yield from _condition(regime, when, f"{pointer}/when")
            yield from _known(regime, rate.of, f"{pointer}/per/of")
            if rate.pp <= 0:
                yield _fault("no_step", f"{pointer}/per/pp", "Points are given for each so many points above.")
        case Tiers(tiers=table):
            yield from _known(regime, table.of, f"{pointer}/tiers/of")
            thresholds = [threshold for threshold, _ in table.table]
            if thresholds != sorted(set(thresholds)):
                yield _fault("tiers_overlap", f"{pointer}/tiers/table", "The thresholds of a table must rise.")


def _supervision(regime: Regime) -> Iterator[Fault]:
    ladders = regime.ladders or {}
    cadences = {one.cadence for one in regime.reporting}
    for place, rule in enumerate(regime.supervision_rules):
        pointer = f"/supervision_rules/{place}"
        yield from _condition(regime, rule.when, f"{pointer}/when")
        if rule.about == "list":
            yield _fault("nobody_to_serve", f"{pointer}/about", "A list has no lead unit to be served.")
        if rule.ladder not in ladders:
            yield _fault("unknown_ladder", f"{pointer}/ladder", "No ladder is named {name}.", name=rule.ladder)
        if rule.held.of not in cadences:
            yield _fault("no_such_close", f"{pointer}/held/of", "No return has the cadence {name}.", name=rule.held.of)
    for name, steps in ladders.items():
        if not steps:
            yield _fault("empty_ladder", f"/ladders/{name}", "The ladder has no step.")
        for place, step in enumerate(steps):
            yield from _step(step, f"/ladders/{name}/{place}")


def _step(step: Step, pointer: str) -> Iterator[Fault]:
    if step.unsigned and step.step != "due_reminder":
        yield _fault("unsigned_consequence", f"{pointer}/unsigned", "Only a due-date reminder may go out unsigned.")
    if not step.unsigned:
        yield from _signer_last(step.sign_off, f"{pointer}/sign_off")


def _bulletins(regime: Regime) -> Iterator[Fault]:
    for place, bulletin in enumerate(regime.bulletins):
        yield from _signer_last(bulletin.sign_off, f"/bulletins/{place}/sign_off")
        if "ranking" in bulletin.sections and not regime.scoring:
            yield _fault("nothing_ranked", f"/bulletins/{place}/sections", "The regime ranks nothing.")
        if not _is_number(bulletin.number):
            message = "A document number has the blanks year and n, in braces."
            yield _fault("bad_number", f"/bulletins/{place}/number", message)


def _is_number(template: str) -> bool:
    try:
        blanks = [(name, form, how) for _, name, form, how in Formatter().parse(template) if name is not None]
    except ValueError:
        return False
    plain = all(not how and fullmatch("(0[1-9]d?)?", form or "") for _, form, how in blanks)
    return plain and {name for name, _, _ in blanks} == {"year", "n"}


def _signer_last(sign_off: Sequence[SignStep], pointer: str) -> Iterator[Fault]:
    if "signer" not in sign_off:
        yield _fault("nobody_signs", pointer, "A step that is signed names a signer.")
    elif sign_off[-1] != "signer" or len(set(sign_off)) < len(sign_off):
        yield _fault("signer_not_last", pointer, "Each signs once, and the signer last.")


def _reporting(regime: Regime) -> Iterator[Fault]:
    if not regime.reporting:
        yield _fault("no_return", "/reporting", "A regime asks for at least one return.")
    for place, one in enumerate(regime.reporting):
        if (one.due.day is None) == (one.due.working_day is None):
            yield _fault("due_day_unclear", f"/reporting/{place}/due", "Give either a day or a working day.")


def _duplicates(regime: Regime) -> Iterator[Fault]:
    scoring, ladders = regime.scoring, regime.ladders or {}
    # `total` is the sum of the components, and so none of them.
    named: dict[str, list[str]] = {
        "/reporting": [one.cadence for one in regime.reporting],
        "/bulletins": [one.id for one in regime.bulletins],
        "/supervision_rules": [one.id for one in regime.supervision_rules],
        "/scoring/components": ["total", *(one.id for one in scoring.components)] if scoring else [],
        "/scoring/lanes": [one.id for one in scoring.lanes] if scoring else [],
        **{f"/ladders/{name}": [step.step for step in steps] for name, steps in ladders.items()},
    }
    for pointer, names in named.items():
        for name in sorted({one for one in names if names.count(one) > 1}):
            yield _fault("duplicate_name", pointer, "{name} stands here twice.", name=name)


def _figures(regime: Regime) -> Iterator[Fault]:
    for pointer, figure, low, high in _ranges(regime):
        if figure is not None and not low <= figure <= high:
            message = "The number must lie between {low} and {high}."
            yield _fault("out_of_range", pointer, message, low=str(low), high=str(high))


def _ranges(regime: Regime) -> Iterator[tuple[str, Decimal | int | None, int, int]]:
    yield "/numbers/money_decimals", regime.numbers.money_decimals, 0, DECIMALS_MAX
    for name, decimals in regime.numbers.decimals.items():
        yield f"/numbers/decimals/{name}", decimals, 0, DECIMALS_MAX
    for place, one in enumerate(regime.reporting):
        yield f"/reporting/{place}/due/day", one.due.day, 1, 31
        yield f"/reporting/{place}/due/working_day", one.due.working_day, 1, 31
        yield f"/reporting/{place}/review_within/working_days", _days(one.review_within), 0, DAYS_MAX
    for place, bulletin in enumerate(regime.bulletins):
        pointer = f"/bulletins/{place}/issue/working_days_after_close"
        # A close is at 24:00: on its own day there is nothing to issue yet.
        yield pointer, bulletin.issue.working_days_after_close, 1, DAYS_MAX
    for place, rule in enumerate(regime.supervision_rules):
        yield f"/supervision_rules/{place}/held/consecutive", rule.held.consecutive, 1, DAYS_MAX
    for name, steps in (regime.ladders or {}).items():
        for place, step in enumerate(steps):
            yield f"/ladders/{name}/{place}/rectify_within", _days(step.rectify_within), 1, DAYS_MAX
    if regime.scoring:
        yield "/scoring/ranking/minimum_group", regime.scoring.ranking.minimum_group, 1, POINTS_MAX
        for place, component in enumerate(regime.scoring.components):
            yield from _points(component, f"/scoring/components/{place}")


def _points(component: Component, pointer: str) -> Iterator[tuple[str, Decimal | int | None, int, int]]:
    match component:
        case AllOrNothing(all_or_nothing=award):
            yield f"{pointer}/all_or_nothing/points", award.points, -POINTS_MAX, POINTS_MAX
        case Tiers(tiers=table):
            for place, (_, points) in enumerate(table.table):
                yield f"{pointer}/tiers/table/{place}/1", points, -POINTS_MAX, POINTS_MAX
        case Bonus(per=rate):
            yield f"{pointer}/per/points", rate.points, -POINTS_MAX, POINTS_MAX
            yield f"{pointer}/per/at_most", rate.at_most, -POINTS_MAX, POINTS_MAX


def _days(within: WorkingDays | None) -> int | None:
    return within.working_days if within else None
