"""Who asks, and of what: a view, the subject of a question, and the answers that were given already."""

from collections.abc import Callable
from dataclasses import dataclass, field

from services.scoring.domain.explaining.tree import Explained
from services.scoring.domain.measure import Measuring
from services.scoring.domain.view import View

Answer = Callable[["Asking", Measuring, str], Explained]


@dataclass(eq=False)
class Asking:
    """Questions about one view; each is answered once. What would explain itself is not explained again."""

    view: View
    answer: Answer
    _known: dict[tuple[str, str, str], Explained | None] = field(default_factory=dict)

    def about(self, subject: Measuring, about: str) -> Explained:
        key = (subject.kind, subject.code, about)
        if key not in self._known:
            self._known[key] = None
            self._known[key] = self.answer(self, subject, about)
        found = self._known[key]
        if found is None:
            return Explained(
                about=about, kind=subject.kind, subject=subject.code, value=None, how="itself",
                why="It follows from itself here, and is not known while it is worked out.",
            )  # fmt: skip
        return found

    def measure(self, subject: Measuring, name: str, part: str) -> Explained:
        return self.about(subject, f"measure:{name}").as_part(part)

    def at(self, view: View) -> "Asking":
        """The same questions of another view."""
        return self if view is self.view else Asking(view, self.answer)
