"""What must be true of every subject, or row, and is not: slots unfilled, portfolios out of bounds, papers missing."""

from collections.abc import Iterator, Sequence

from services.scoring.domain.calls import Covered, addressees, call, covered, facts_of, named, projects_of
from services.scoring.domain.row import Row
from services.scoring.domain.row_subject import RowSubject
from services.scoring.domain.view import View
from shared.core.decisions import Decision
from shared.core.regime.holds import holds
from shared.core.regime.management import Requirement
from shared.core.regime.terms import PERSONS


def requirements(view: View) -> Iterator[Decision]:
    """What is surely not so is unmet; what nobody can say is listed as unknown, never as unmet."""
    for rule, one, is_met in _asked(view):
        yield call(
            "unknown" if is_met is None else "requirement_unmet", f"requirements/{rule.id}", one,
            "find_out" if is_met is None else "fulfil", of=rule, by="lead_unit", form="owes",
            to=addressees(view, "lead_unit", one), facts=facts_of(rule.must, one),
        )  # fmt: skip
    yield from _miscounted(view)


def requirement_rows(view: View) -> Sequence[Row]:
    """What is unmet on the day, as rows."""
    return [_row(view, rule, one) for rule, one, is_met in _asked(view) if is_met is False]


def _asked(view: View) -> Iterator[tuple[Requirement, Covered, bool | None]]:
    """Every requirement of every subject that does not surely meet it."""
    for rule in view.regime.requirements:
        for one in covered(view, rule.about, rule.among):
            is_met = holds(rule.must, one)
            if not is_met:
                yield rule, one, is_met


def _miscounted(view: View) -> Iterator[Decision]:
    """The classes that have more objects, or fewer, than the document counts (000-1b: 「6个方面55个重点项目」)."""
    for name, scheme in (view.regime.classes or {}).items():
        for of, count in (scheme.counts or {}).items():
            found = sum(one.classes[name] == of for one in view.objects)
            if found != count:
                facts = {"class": of, "count": found, "must_be": count}
                whole = view.subject("list", "")
                yield call("requirement_unmet", f"classes/{name}/counts", whole, "fulfil", of=scheme, facts=facts)


def _row(view: View, rule: Requirement, one: Covered) -> Row:
    projects, (about, code) = projects_of(one), named(one)
    row = one.row if isinstance(one, RowSubject) else None
    return Row(
        table="requirement", id=f"{rule.id}/{code}", on=view.day,
        project=projects[0] if row or about == "project" else "",
        unit=row.unit if row else code if about == "unit" else "",
        person=row.person if row else code if about in PERSONS else "", cells={"requirement": rule.id},
    )  # fmt: skip
