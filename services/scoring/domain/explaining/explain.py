"""Explain one value of one subject of a view, down to the events."""

from dataclasses import replace

from services.scoring.domain.display import display
from services.scoring.domain.explaining.asking import Asking
from services.scoring.domain.explaining.measures import made
from services.scoring.domain.explaining.places import light, rank
from services.scoring.domain.explaining.points import points
from services.scoring.domain.explaining.tree import Explained
from services.scoring.domain.measure import Measuring
from services.scoring.domain.view import View
from shared.core.regime.terms import SubjectKind

_KINDS_OF_MEASURE = {"TimeProgress": "time_progress", "DayCount": "day_count"}


class UnknownQuestion(LookupError):
    """The view has no such subject, or the regime nothing of this name; says which."""


def explain(view: View, kind: SubjectKind, code: str, about: str) -> Explained:
    """A value with its rule, its inputs and the events behind them.

    `about` is `measure:<name>`, `points:<component>`, `points:total`, `light` or `rank`. UnknownQuestion where there is
    no such thing.
    """
    subject = next((one for one in view.subjects(kind) if code == one.code or (kind == "list" and not code)), None)
    if subject is None:
        raise UnknownQuestion("subject")
    return asking_of(view).about(subject, about)


def asking_of(view: View) -> Asking:
    """For many questions about one view, each of which is worked out once."""
    return Asking(view, _answer)


def _answer(asking: Asking, subject: Measuring, about: str) -> Explained:
    what, _, name = about.partition(":")
    match what:
        case "measure" if name in asking.view.regime.measures:
            found = _measure(asking, subject, name)
        case "points" if _has_points(asking.view, name):
            found = points(asking, subject, name)
        case "light" if not name:
            found = light(asking, subject)
        case "rank" if not name:
            found = rank(asking, subject)
        case _:
            raise UnknownQuestion("about")
    # Why it is not known is said of what is not known, and why it is nothing of what is nothing.
    return found if found.value is None or found.value == 0 else replace(found, why="")


def _has_points(view: View, name: str) -> bool:
    components = view.regime.scoring.components if view.regime.scoring else ()
    return name == "total" or any(one.id == name for one in components)


def _measure(asking: Asking, subject: Measuring, name: str) -> Explained:
    regime = asking.view.regime
    measure, value = regime.measures[name], subject.value(name)
    kind = type(measure).__name__
    return Explained(
        about=f"measure:{name}", kind=subject.kind, subject=subject.code, name=subject.name, value=value,
        how=_KINDS_OF_MEASURE.get(kind, kind.lower()), displayed=display(regime, name, value),
        rule=f"/measures/{name}", when=str(asking.view.period), **made(asking, subject, measure),
    )  # fmt: skip
