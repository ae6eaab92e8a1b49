"""STANDINGS: what scoring found at a moment; written by scoring only."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Literal

from shared.core.events.vocabulary import event
from shared.core.regime.terms import LightName, Stage, SubjectKind, Table

About = Literal[SubjectKind, Table]
"""What a rule is about: subjects of a kind, or the rows of a table."""


@event("list", "list")
@dataclass(frozen=True, slots=True, kw_only=True)
class LineDrawn:
    """One subject's results at a moment: measures unrounded (null is not judged), and as they print.

    `vetoed` names the vetoes that strike it. Whoever is not surely rankable is bulletined without rank or band.
    `past_light` is what the period before is shown as now, once it is made good.
    `noted`, on the list's own line: the section of a bulletin to what it names, each as it prints or by its code. A
    section that is missing is not known; one that is empty has nothing.
    `missing_count` to `unreviewed_count`: of how many objects the return that is judged now never came, came late (of
    those `made_up`: it came after the close, or after it had been missing), was corrected, adjusted in review, or waits
    for a review that the regime asks for.
    """

    moment: str
    list: str
    period: str
    subject_kind: SubjectKind
    subject: str
    name: str
    unit: str
    lane: str
    project_count: int
    not_judged_count: int
    missing_count: int
    late_count: int
    measures: Mapping[str, Decimal | None]
    displayed: Mapping[str, str]
    amounts_yuan: Mapping[str, Decimal]
    stages: tuple[Stage, ...]
    light: LightName | None
    points: Mapping[str, Decimal | None]
    rank: int | None
    band: str = ""
    vetoed: tuple[str, ...] = ()
    is_rankable: bool | None = True
    past_light: LightName | None = None
    noted: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    made_up_count: int = 0
    corrected_count: int = 0
    adjusted_count: int = 0
    unreviewed_count: int = 0


@event("list", "list")
@dataclass(frozen=True, slots=True, kw_only=True)
class RuleHit:
    """A supervision rule holds for a subject at a moment. It proposes; it decides nothing.

    `holders`: of each role that the ladder serves or asks, the codes of those who hold it; of a role that is missing
    nothing is known. `open_steps`: the places of the steps whose `when` holds (null: every one);
    `undecided_steps`: those of which it is not known. `hits`: how often this happened to the subject, this time
    included, where something counts it (0: each close counts once). `investment_nature` is that of its one project.
    """

    moment: str
    list: str
    period: str
    rule: str
    ladder: str
    subject_kind: About
    subject: str
    name: str
    unit: str
    consecutive: int
    measures: Mapping[str, Decimal | None]
    displayed: Mapping[str, str]
    holders: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    open_steps: tuple[int, ...] | None = None
    undecided_steps: tuple[int, ...] = ()
    hits: int = 0
    investment_nature: str = ""


@event("list", "list")
@dataclass(frozen=True, slots=True, kw_only=True)
class StandingsDrawn:
    """The draw of a moment is complete: this many lines and hits, of the record up to this position."""

    moment: str
    list: str
    kind: str
    period: str
    at: datetime
    position: int
    count: int
    digest: str
    regime: str
    regime_version: int
    engine: str
    parked_count: int
    undecided: tuple[str, ...] = ()


@event("list", "list")
@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectionDrawn:
    """What was drawn of a closed period is another number now. One for each subject and number that changed.

    `moment`: at which the change was found; `drawn_moment`: the draw that said the old value last. `about` is
    `measure:<name>`, `points:<component>`, `rank`, `band` or `light`; old and new are unrounded, null where unknown.
    `causes`: the events that changed it, the latest hundred. `bulletins`: those that were sealed with the old one.
    """

    moment: str
    list: str
    period: str
    drawn_moment: str
    subject_kind: SubjectKind
    subject: str
    unit: str
    about: str
    old: str | None
    new: str | None
    old_displayed: str
    new_displayed: str
    causes: tuple[str, ...]
    bulletins: tuple[str, ...] = ()


@event("list", "list")
@dataclass(frozen=True, slots=True, kw_only=True)
class DriftFound:
    """A replay of the record came to something else than what is live, or was stated. Nothing is changed by it.

    `position` and `engine`: up to where and by which code it was replayed. `about`: `ledger` (then old and new are
    digests), or the class of a statement (then old is what was published and new what follows now, as ids, null where
    there is none). `moment` is that of the statement, empty for the ledger.
    """

    list: str
    position: int
    engine: str
    about: str
    moment: str
    subject: str
    old: str | None
    new: str | None


StandingsEvent = LineDrawn | RuleHit | StandingsDrawn | CorrectionDrawn | DriftFound
