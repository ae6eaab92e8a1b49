"""How do points come about: of one component, and in total after the vetoes?"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from services.scoring.domain.explaining.asking import Asking
from services.scoring.domain.explaining.conditions import condition
from services.scoring.domain.explaining.leaves import row_leaf
from services.scoring.domain.explaining.tree import Explained, Value
from services.scoring.domain.measure import Measuring
from services.scoring.domain.points import component_points
from services.scoring.domain.row import Row
from shared.core.numbers import total
from shared.core.regime import scoring as rules

_ZERO = Decimal(0)
_ONE = Decimal(1)


def points(asking: Asking, subject: Measuring, name: str) -> Explained:
    """The points of a component, zero where it is not for the subject; or their total."""
    scoring = asking.view.regime.scoring
    found = Explained(
        about=f"points:{name}", kind=subject.kind, subject=subject.code, name=subject.name, how="said",
        value=component_points(asking.view.regime, subject, name), why="No component has this name.",
    )  # fmt: skip
    if scoring is None or not scoring.components:
        return found
    if name == "total":
        return _total(asking, subject, found, scoring)
    component = next((one for one in scoring.components if one.id == name), None)
    return found if component is None else _component(asking, subject, found, component)


def _total(asking: Asking, subject: Measuring, found: Explained, scoring: rules.Scoring) -> Explained:
    vetoes = [
        replace(condition(asking, subject, veto.when, "veto"), about=f"veto:{veto.id}", rule=f"/scoring/vetoes/{place}")
        for place, veto in enumerate(scoring.vetoes) if veto.result == "zero"
    ]  # fmt: skip
    parts = [asking.about(subject, f"points:{one.id}").as_part("component") for one in scoring.components]
    why = "A veto takes all points away." if any(one.value for one in vetoes) else ""
    why = why or "It is not known whether a veto strikes." if any(one.value is None for one in vetoes) else why
    if found.value is None and not why:
        why = "Not all of its components are known."
    return replace(found, how="total", rule="/scoring", inputs=(*parts, *vetoes), why=why)


def _component(asking: Asking, subject: Measuring, found: Explained, component: rules.Component) -> Explained:
    scoring = asking.view.regime.scoring
    place = [one.id for one in scoring.components].index(component.id) if scoring else 0
    judged = component.judged
    is_due = {"any_time": True, "half_year": subject.half_year_ended, "year_end": subject.year_ended}[judged]
    form, given, inputs = _form(asking, subject, component)
    among = () if component.among is None else (condition(asking, subject, component.among, "among"),)
    why = _unearned(among, judged if not is_due else "")
    return replace(
        found, how="component", rule=f"/scoring/components/{place}", inputs=(*among, *inputs), why=why,
        given={**given, "form": form, "is_due": is_due}, status=(judged,) if judged != "any_time" else (),
    )  # fmt: skip


def _unearned(among: Sequence[Explained], judged: str) -> str:
    if among and among[0].value is False:
        return "It is not for this subject."
    if judged:
        return "It is judged at the year's end only." if judged == "year_end" else "The half year has not ended."
    return "What it depends on is not known."


Form = tuple[str, Mapping[str, Any], Sequence[Explained]]


def _form(asking: Asking, subject: Measuring, component: rules.Component) -> Form:
    """What is added, by which constants, from which inputs."""
    match component:
        case rules.AllOrNothing(all_or_nothing=award):
            given = {"points": award.points, "otherwise": award.otherwise}
            return "all_or_nothing", given, [condition(asking, subject, award.when)]
        case rules.Tiers(tiers=steps):
            return "tiers", _steps(steps, _ZERO), [asking.measure(subject, steps.of, "of")]
        case rules.Bonus(when=when, per=rate):
            given = {name: getattr(rate, name) for name in ("above", "pp", "points", "at_most")}
            return "bonus", given, [condition(asking, subject, when), asking.measure(subject, rate.of, "of")]
        case rules.Proportional(proportional=share):
            at_most = abs(share.points) if share.at_most is None else share.at_most
            given = {"points": share.points, "full_at": share.full_at, "at_most": at_most}
            return "proportional", given, [asking.measure(subject, share.of, "of")]
        case rules.Counted(add=by_count):
            return "counted", *_by_count(asking, subject, by_count)
        case rules.Deducted(deduct=by_count):
            return "deducted", *_by_count(asking, subject, by_count)
        case rules.Multiplied(multiply=times):
            parts = [asking.about(subject, f"points:{name}").as_part("component") for name in times.components]
            return "multiplied", _steps(times.by, _ONE), [asking.measure(subject, times.by.of, "of"), *parts]


def _steps(steps: rules.Steps, below: Decimal) -> Mapping[str, Any]:
    return {"table": steps.table, "includes": steps.includes, "below": below}


def _by_count(
    asking: Asking, subject: Measuring, said: rules.ByCount
) -> tuple[Mapping[str, Any], Sequence[Explained]]:  # fmt: skip
    rows = subject.rows(said.per, said.where, said.window)
    columns = [*([said.by] if said.by else []), *(said.where or {})]
    inputs = [row_leaf(asking, row, value=_worth(said, row), columns=columns) for row in rows]
    return {"points": said.points, "at_most": said.at_most}, inputs


def _worth(said: rules.ByCount, row: Row) -> Value:
    """The points of one row, unknown where nobody rated it."""
    if isinstance(said.points, Decimal):
        return said.points
    rated, each = row.told(said.by), said.points
    if rated is None:
        return None
    return total(each.get(str(one), _ZERO) for one in (rated if isinstance(rated, tuple) else (rated,)))
