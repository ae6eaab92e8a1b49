"""What should the keeper of a sound regime know? Nothing here is refused."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import cast

from shared.core.errors import Fault
from shared.core.regime.burden import burden, limits, totals
from shared.core.regime.check.columns import nearest, texts
from shared.core.regime.check.moments import due_days, dues
from shared.core.regime.check.names import references, used_measures
from shared.core.regime.check.naming import unnamed
from shared.core.regime.check.pieces import asked, pieces, under
from shared.core.regime.check.pieces import fault as _fault
from shared.core.regime.check.reach import is_covered, never
from shared.core.regime.due import Cadence, EveryDays
from shared.core.regime.language import ChainStep, Condition, Every, Sourced, Text
from shared.core.regime.management import Duty
from shared.core.regime.measures import TimeProgress
from shared.core.regime.model import Regime
from shared.core.regime.publishing import Bulletin, Pick
from shared.core.regime.pursuit import Step, SupervisionRule
from shared.core.regime.scoring import Steps
from shared.core.regime.terms import StepName

_REMINDERS: frozenset[StepName] = frozenset({
    "due_reminder", "supervision_reminder", "written_reminder", "reschedule", "immediate_rectification",
    "rectification_notice", "supervision_letter", "supervision_order",
})  # fmt: skip
"""Steps after which somebody still owes an answer: where a ladder ends with one, nothing follows silence."""

_WEEK_DAYS = 7
_MONTHS = frozenset(range(1, 13))
_THOUSANDTH = Decimal("0.001")


def remarks(regime: Regime, *, catalogue: Collection[str] | None = None) -> list[Fault]:
    """What is said of a regime that may stand: each with a pointer into its document.

    `catalogue`: the words that need no name of the regime's own; without it names are not looked at.
    """
    return [
        *_chosen(regime),
        *_unsourced(regime),
        *_frequent(regime),
        *_tables(regime),
        *_unreachable(regime),
        *_early(regime),
        *_endless(regime),
        *_unused(regime),
        *_forums(regime),
        *_burden(regime),
        *(() if catalogue is None else unnamed(regime, catalogue)),
    ]


def _chosen(regime: Regime) -> Iterator[Fault]:
    for pointer, piece in pieces(regime):
        if not isinstance(piece, Sourced) or piece.chosen_by_operator is False:
            continue
        names: Sequence[str] = () if piece.chosen_by_operator is True else piece.chosen_by_operator
        for name in names:
            message = "No document gives {name}: it was chosen here."
            yield _fault("chosen_by_operator", _inside(piece, name, pointer), message, name=name)
        if not names:
            yield _fault("chosen_by_operator", pointer, "No document gives this rule: it was chosen here.")


def _inside(piece: Sourced, name: str, pointer: str) -> str:
    """Where the value stands: right in the rule, or deeper."""
    found = [at for at, _ in pieces(piece) if at.rpartition("/")[2] == name]
    return pointer + min(found, key=lambda at: at.count("/"), default="")


def _unsourced(regime: Regime) -> Iterator[Fault]:
    for pointer, piece in pieces(regime):
        # A step stands in a ladder, whose document is that of the rules that lead to it.
        is_rule = isinstance(piece, Sourced) and not isinstance(piece, Step | ChainStep)
        if is_rule and not piece.source.strip() and piece.chosen_by_operator is False:
            yield _fault("no_source", pointer, "The rule does not say in which document it stands.")


def _frequent(regime: Regime) -> Iterator[Fault]:
    cadences: dict[str, Cadence | None] = {
        **{f"/reporting/{place}/cadence": one.cadence for place, one in enumerate(regime.reporting)},
        **{f"/duties/{place}/per": one.per for place, one in enumerate(regime.duties)},
        **{f"/bulletins/{place}/cadence": one.cadence for place, one in enumerate(regime.bulletins)},
    }
    for pointer, cadence in cadences.items():
        if cadence in {"daily", "weekly"} or (isinstance(cadence, EveryDays) and cadence.every.days <= _WEEK_DAYS):
            message = "The cadence {cadence} burdens those who report and are visited (减负): is it needed?"
            yield _fault("burdensome_cadence", pointer, message, cadence=str(cadence))


def _tables(regime: Regime) -> Iterator[Fault]:
    for pointer, piece in pieces(regime):
        if isinstance(piece, Steps) and piece.table and piece.table[0][0] > 0:
            message = "Below {low} the table gives no points."
            yield _fault("undefined_below", f"{pointer}/table/0", message, low=piece.table[0][0])
        if isinstance(piece, TimeProgress) and piece.months is not None and piece.months.keys() < _MONTHS:
            message = "For the months {months} it says nothing: there what must be reached is unknown."
            missing = ", ".join(map(str, sorted(_MONTHS - piece.months.keys())))
            yield _fault("undefined_months", f"{pointer}/months", message, months=missing)
    for name, scheme in (regime.classes or {}).items():
        if scheme.table and scheme.table[0][0] > 0:
            message = "What is below {low} is of no class."
            yield _fault("undefined_below", under("/classes", name, "table", 0), message, low=scheme.table[0][0])


def _unreachable(regime: Regime) -> Iterator[Fault]:
    for one in asked(regime):
        if never(one.condition):
            yield _fault("never_holds", one.pointer, "This can never hold: its bounds contradict each other.")
    before: list[Condition] = []
    for place, light in enumerate(regime.lights):
        for name, when in light.items():
            if when != "otherwise":
                if is_covered(when, before):
                    message = "An earlier light is always shown where this one could be."
                    yield _fault("never_shown", f"/lights/{place}/{name}", message)
                before.append(when)
    for place, rule in enumerate(regime.supervision_rules):
        parts = tuple(part for part in (rule.among, rule.when) if part is not None)
        if len(parts) > 1 and never(Every(parts)) and not any(map(never, parts)):
            message = "Those whom the rule is about can never meet its condition."
            yield _fault("never_holds", f"/supervision_rules/{place}", message)
        yield from _no_step(regime, rule, f"/supervision_rules/{place}/ladder")


def _no_step(regime: Regime, rule: SupervisionRule, pointer: str) -> Iterator[Fault]:
    steps = (regime.ladders or {}).get(rule.ladder, ())
    if steps and all(step.when is not None and never(Every((rule.when, step.when))) for step in steps):
        yield _fault("no_step_taken", pointer, "The ladder has no step that this rule could lead to.")
    elif steps and min(step.count or 1 for step in steps) > 1:
        message = "The first {count} times nothing follows: every step of the ladder needs more."
        count = min(step.count or 1 for step in steps) - 1
        yield _fault("no_step_taken", pointer, message, count=count)


def _early(regime: Regime) -> Iterator[Fault]:
    for pointer, due, cadence, _ in dues(regime):
        if cadence is None or not pointer.startswith("/reporting/"):
            continue  # what must be done within a period may well be due within it
        early = next(((period, day) for period, day in due_days(due, cadence) if day < period.last_day), None)
        if early is not None:
            message = (
                "It falls due before its period has ended (of {period} on {day}): it reports what is not complete."
            )
            yield _fault("due_before_end", pointer, message, day=early[1], period=early[0])


def _endless(regime: Regime) -> Iterator[Fault]:
    for name, steps in (regime.ladders or {}).items():
        if steps and steps[-1].step in _REMINDERS and steps[-1].repeat is None:
            message = "The ladder ends with {step}: nothing follows where it goes unheeded."
            yield _fault("no_end", under("/ladders", name, len(steps) - 1), message, step=steps[-1].step)


def _unused(regime: Regime) -> Iterator[Fault]:
    measures, named = used_measures(regime), {(to.partition(" ")[0], name) for _, to, name in references(regime)}
    shown = set(regime.numbers.decimals)
    for name in regime.measures:
        if name not in measures | shown:
            yield _fault("unused", under("/measures", name), "No rule asks for the measure {name}.", name=name)
    led_to = {rule.ladder for rule in regime.supervision_rules}
    for name in regime.ladders or {}:
        if name not in led_to:
            yield _fault("unused", under("/ladders", name), "No rule leads to the ladder {name}.", name=name)
    for name in regime.chains or {}:
        if ("chain", name) not in named:
            yield _fault("unused", under("/chains", name), "Nothing is approved by the chain {name}.", name=name)


def _forums(regime: Regime) -> Iterator[Fault]:
    """Meetings that are counted on and that no duty calls."""
    known = {
        name
        for duty in regime.duties
        if duty.do == "meeting"
        for name in texts(cast("Text | None", (duty.where or {}).get("forum")))
    }
    for pointer, piece in pieces(regime):
        for field in _FORUM_FIELDS.get(type(piece), ()):
            name = getattr(piece, field)
            if name and name not in known:
                message = "No duty calls a meeting named {name}; called are: {known}."
                near = nearest(name, known)
                said = near or ", ".join(sorted(known)) or "-"
                yield _fault("unknown_forum", f"{pointer}/{field}", message, name=name, known=said)


_FORUM_FIELDS: Mapping[type, tuple[str, ...]] = {Duty: ("then_forum",), Pick: ("forum",), Bulletin: ("meeting",)}


def _burden(regime: Regime) -> Iterator[Fault]:
    asked_of_unit = totals(burden(regime))
    for kind, limit in limits(regime.burden).items():
        if limit is not None and asked_of_unit[kind] > limit:
            message = "A unit is asked for {count} a month; the regime itself allows {limit}."
            count = format(asked_of_unit[kind].quantize(_THOUSANDTH).normalize(), "f")
            yield _fault("over_limit", f"/burden/{kind}_at_most", message, count=count, limit=limit)
