"""What was added, dropped and changed from one regime to another, rule by rule and in words?"""

from dataclasses import dataclass

from shared.core.regime.explain import Line, Translate, explain
from shared.core.regime.model import Regime


@dataclass(frozen=True, slots=True)
class Change:
    """What a rule said and what it says: added where there was no `old`, dropped where there is no `new`.

    `pointer` is its place in the new document, of what was dropped in the old one.
    """

    pointer: str
    old: str | None
    new: str | None


def diff(old: Regime, new: Regime, say: Translate) -> tuple[Change, ...]:
    """The rules that say something else, in the order of the new regime, then those that are gone.

    Rules are the same by their names, not by their places: one put before others changes no other.
    """
    before, after = _lines(old, say), _lines(new, say)
    changed = [
        Change(line.pointer, before[key].text if key in before else None, line.text)
        for key, line in after.items()
        if key not in before or before[key].text != line.text
    ]
    dropped = [Change(line.pointer, line.text, None) for key, line in before.items() if key not in after]
    return (*changed, *dropped)


def _lines(regime: Regime, say: Translate) -> dict[str, Line]:
    return {line.key: line for part in explain(regime, say) for line in part.lines}
