"""How does each kind of measure come about? Its inputs, and what of them counts."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from services.scoring.domain.counted import COUNTED
from services.scoring.domain.explaining.asking import Asking
from services.scoring.domain.explaining.conditions import condition
from services.scoring.domain.explaining.leaves import amount, row_leaf, told
from services.scoring.domain.explaining.places import contenders, terms_of_places
from services.scoring.domain.explaining.tree import Explained
from services.scoring.domain.facts import ProjectFacts
from services.scoring.domain.measure import Measuring, a_year_before
from shared.core.numbers import YUAN_PER
from shared.core.period import Period
from shared.core.regime import measures as rules
from shared.core.regime.language import Condition
from shared.core.regime.terms import Role
from shared.core.responsibilities import holdings

Made = Mapping[str, Any]
"""The fields of the explanation that a kind of measure fills: inputs, given, why."""


def made(asking: Asking, subject: Measuring, measure: object) -> Made:
    return _MADE[type(measure)](asking, subject, measure)


# --- of objects -----------------------------------------------------------------------------------------------------


def _object(one: ProjectFacts, inputs: Sequence[Explained], *, counts: bool = True, why: str = "") -> Explained:
    return Explained(
        about="object", kind="project", subject=one.code, name=one.listing.name, value=one.listing.name, how="said",
        part="object", inputs=tuple(inputs), counts=counts, why=why, status=_came(one),
    )  # fmt: skip


def _came(one: ProjectFacts) -> tuple[str, ...]:
    came = ("missing", "late", "made_up", "corrected", "adjusted", "unreviewed")
    return tuple(name for name in came if getattr(one.came, f"is_{name}"))


def _ratio(asking: Asking, subject: Measuring, measure: rules.Ratio) -> Made:
    inputs = []
    for one in subject.among(measure.among):
        part, whole = (amount(asking, one, measure.ratio, "done"), amount(asking, one, measure.over, "planned"))
        why = "By its status it is not judged." if not one.is_judged else ""
        why = why or ("One of the two amounts is not known." if None in (part.value, whole.value) else "")
        inputs.append(_object(one, (part, whole), counts=not why, why=why))
    return {"inputs": tuple(inputs), "why": _none_counts(inputs)}


def _none_counts(inputs: Sequence[Explained]) -> str:
    if not inputs:
        return "It has no objects of this kind."
    return "" if any(one.counts for one in inputs) else "None of its objects is judged."


def _amount(asking: Asking, subject: Measuring, measure: rules.Amount) -> Made:
    inputs = [_object(one, (amount(asking, one, measure.amount, "done"),)) for one in subject.among(measure.among)]
    return {"inputs": tuple(inputs), "given": {"per": YUAN_PER[measure.unit]}, "why": _none_counts(inputs)}


def _meets(asking: Asking, one: ProjectFacts, said: Condition) -> Explained:
    project = asking.view.project(one.code)
    if project is None:
        return Explained(about="condition", kind="project", subject=one.code, value=None, how="said", part="hit")
    return condition(asking, project, said, "hit")


def _share(asking: Asking, subject: Measuring, measure: rules.Share) -> Made:
    own = subject.among(measure.among)
    is_of_list = measure.out_of == "list"
    whole = asking.view.subject("list", "").among(measure.among) if is_of_list else own
    inputs = []
    for one in whole:
        parts = [_meets(asking, one, measure.share_of)] if one in own else []
        if measure.weigh_by is not None:
            parts.append(amount(asking, one, measure.weigh_by, "weight"))
        inputs.append(_object(one, parts, counts=one in own, why="" if one in own else "It belongs to others."))
    why = "" if whole else "It has no objects of this kind."
    return {"inputs": tuple(inputs), "given": {"weigh_by": measure.weigh_by}, "why": why}


def _objects(asking: Asking, subject: Measuring, measure: rules.Objects) -> Made:
    said = None if isinstance(measure.objects, str) else measure.objects
    inputs = []
    for one in subject.objects:
        hit = () if said is None else (_meets(asking, one, said),)
        inputs.append(_object(one, hit, counts=not hit or hit[0].value is True))
    return {"inputs": tuple(inputs), "given": {"all": said is None}}


# --- of rows --------------------------------------------------------------------------------------------------------


def _count(asking: Asking, subject: Measuring, measure: rules.Count) -> Made:
    rows = subject.rows(measure.count, measure.where, measure.window)
    inputs = [row_leaf(asking, row, value=True, columns=[*(measure.where or {})]) for row in rows]
    return {"inputs": tuple(inputs), "why": "" if inputs else "Nothing of this kind was recorded in the window."}


def _portion(asking: Asking, subject: Measuring, measure: rules.Portion) -> Made:
    rows = subject.rows(measure.portion_of, measure.among, measure.window)
    columns = [*measure.where, *(measure.among or {})]
    inputs = [row_leaf(asking, row, value=row.has(measure.where), columns=columns) for row in rows]
    return {"inputs": tuple(inputs), "why": "" if inputs else "Nothing of this kind was recorded in the window."}


def _taken(asking: Asking, subject: Measuring, measure: rules.Taken) -> Made:
    rows = subject.rows(measure.of, measure.where, measure.window)
    found = [(row, row.cells.get(measure.column)) for row in rows]
    columns = [measure.column, *(measure.where or {})]
    inputs = [row_leaf(asking, row, value=told(cell), columns=columns) for row, cell in found]
    why = "" if any(isinstance(cell, Decimal) for _, cell in found) else "No row of the window says such a number."
    return {"inputs": tuple(inputs), "given": {"take": measure.take}, "why": why}


def _panel(asking: Asking, subject: Measuring, measure: rules.Panel) -> Made:
    inputs = []
    for row in subject.rows("visit_score", measure.where, measure.window):
        is_own = row.cells["is_own"] is not False
        leaf = row_leaf(asking, row, value=told(row.cells["score"]), part="" if is_own else "row", columns=["score"])
        given = {**leaf.given, "group": row.cells["scorer_group"]}
        inputs.append(replace(leaf, given=given, counts=not is_own, why=_OWN_MARK if is_own else leaf.why))
    given = {"drop_highest": measure.drop_highest, "drop_lowest": measure.drop_lowest, "weights": measure.weights}
    return {"inputs": tuple(inputs), "given": given, "why": "Too few marks were given."}


_OWN_MARK = "Marks for one's own project do not count."


# --- of people and days ---------------------------------------------------------------------------------------------


def _held(asking: Asking, subject: Measuring, role: Role, part: str) -> list[Explained]:
    view = asking.view
    return [
        Explained(about=f"holder:{role}", kind="project", subject=one.code, name=one.listing.name, value=held.holder,
                  how="said", part=part, when=held.from_on.isoformat(), events=(held.event,))
        for one in subject.objects for held in holdings(view.ledger, one.code, role, on=view.day)
    ]  # fmt: skip


def _holders(asking: Asking, subject: Measuring, measure: rules.Holders) -> Made:
    return {"inputs": tuple(_held(asking, subject, measure.holders, "holder"))}


def _overlap(asking: Asking, subject: Measuring, measure: rules.Overlap) -> Made:
    one, other = measure.overlap
    return {"inputs": (*_held(asking, subject, one, "one"), *_held(asking, subject, other, "both"))}


def _slots(asking: Asking, subject: Measuring, measure: rules.Slots) -> Made:
    view, inputs = asking.view, list[Explained]()
    for one in subject.objects:
        for role in measure.slots:
            held = holdings(view.ledger, one.code, role, on=view.day)
            inputs.append(Explained(
                about=f"holder:{role}", kind="project", subject=one.code, name=one.listing.name, how="said",
                value=held[0].holder if held else None, part="slot", events=tuple(each.event for each in held),
                why="" if held else "Nobody holds this role.",
            ))  # fmt: skip
    return {"inputs": tuple(inputs), "why": "It has no objects."}


def _day_count(asking: Asking, subject: Measuring, measure: rules.DayCount) -> Made:
    view, inputs = asking.view, list[Explained]()
    for one in subject.objects:
        day = date(view.period.year, 12, 31) if measure.anchor == "year_end" else one.days.get(measure.anchor)
        alone = Measuring(view, "project", one.code, one.listing.name, "", (one,))
        first, last = (view.day, day) if measure.days == "until" else (day, view.day)
        inputs.append(Explained(
            about=f"day:{measure.anchor}", kind="project", subject=one.code, name=one.listing.name, part="object",
            value=COUNTED[rules.DayCount](alone, measure), how="said" if day is None else "days",
            given={"first": str(first), "last": str(last), "working": measure.working},
            why="The date is not known." if day is None else "",
        ))  # fmt: skip
    return {"inputs": tuple(inputs), "given": {"days": measure.days}, "why": "No date of its objects is known."}


def _time_progress(asking: Asking, _subject: Measuring, measure: rules.TimeProgress) -> Made:
    view = asking.view
    passed, of = Decimal(view.period.last_month), Decimal(12)
    if measure.step == "day":
        first = date(view.period.year, 1, 1)
        passed, of = Decimal((view.day - first).days + 1), Decimal((date(first.year + 1, 1, 1) - first).days)
    given: dict[str, Any] = {"passed": passed, "of": of, "scaled": measure.scaled}
    if measure.months is not None:
        given |= {"passed": measure.months.get(view.period.last_month), "of": None}
    return {"given": given, "why": "The table has no row for this month."}


# --- of other measures ----------------------------------------------------------------------------------------------


def _two(asking: Asking, subject: Measuring, one: str, other: str) -> Made:
    return {"inputs": (asking.measure(subject, one, "one"), asking.measure(subject, other, "other_measure")),
            "why": "One of the two is not known."}  # fmt: skip


def _growth(asking: Asking, subject: Measuring, measure: rules.Growth) -> Made:
    period = asking.view.period
    back = period.first_day - timedelta(days=1)
    if measure.since == "last_year":
        back = a_year_before(period.last_day)
    before = asking.at(asking.view.earlier(Period.holding(back, period.cadence)))
    then = before.measure(before.view.subject(subject.kind, subject.code), measure.growth_of, "other_measure")
    now = asking.measure(subject, measure.growth_of, "one")
    return {"inputs": (now, then), "given": {"unit": measure.unit}, "why": "One of the two is not known."}


def _met(asking: Asking, subject: Measuring, measure: rules.Met) -> Made:
    is_due = measure.judged != "year_end" or subject.year_ended
    why = "What is known does not decide it." if is_due else "It is judged at the year's end only."
    return {"inputs": (condition(asking, subject, measure.met),), "given": {"is_due": is_due}, "why": why}


def _weighted(asking: Asking, subject: Measuring, measure: rules.Weighted) -> Made:
    inputs = tuple(asking.measure(subject, one.of, "one") for one in measure.weighted)
    weights = tuple(one.weight for one in measure.weighted)
    return {"inputs": inputs, "given": {"weights": weights}, "why": "One of its parts is not known."}


def _scored(asking: Asking, subject: Measuring, measure: rules.Scored) -> Made:
    if measure.at == "half_year":
        if not asking.view.half_year_ended:
            return {"why": "The half year has not ended."}
        asking = asking.at(asking.view.earlier(Period.parse(f"{asking.view.period.year:04d}-H1")))
        subject = asking.view.subject(subject.kind, subject.code)
    return {"inputs": (asking.about(subject, f"points:{measure.points}").as_part("points"),),
            "why": "The points are not known."}  # fmt: skip


def _place(asking: Asking, subject: Measuring, measure: rules.Place) -> Made:
    given = {**terms_of_places(asking.view.regime), "place": measure.place}
    return {"inputs": contenders(asking, subject), "given": given, "why": "It is given no place."}


def _fixed(_asking: Asking, _subject: Measuring, measure: rules.Fixed) -> Made:
    return {"given": {"value": measure.value}}


_MADE: Mapping[type, Callable[[Asking, Measuring, Any], Made]] = {
    rules.Ratio: _ratio, rules.Amount: _amount, rules.Share: _share, rules.Objects: _objects, rules.Count: _count,
    rules.Portion: _portion, rules.Taken: _taken, rules.Panel: _panel, rules.Holders: _holders,
    rules.Overlap: _overlap, rules.Slots: _slots, rules.DayCount: _day_count, rules.TimeProgress: _time_progress,
    rules.Deviation: lambda asking, subject, one: _two(asking, subject, one.deviation_pp, one.against),
    rules.Shortfall: lambda asking, subject, one: _two(asking, subject, one.shortfall, one.against),
    rules.Growth: _growth, rules.Met: _met, rules.Weighted: _weighted, rules.Scored: _scored, rules.Place: _place,
    rules.Fixed: _fixed,
}  # fmt: skip
