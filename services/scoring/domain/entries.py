"""What scoring keeps of the record, each class under its key: no more of it than some rule can ask.

What is said once and never changes is a `Fact`; what has a course is kept with its moves, so that it can be asked as
of any day. Whose each of them is stands in `Page`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Literal, NamedTuple

from shared.core.events.matters import MatterSource
from shared.core.events.permits import Obstacle
from shared.core.events.projects import QualityFlag
from shared.core.regime.management import Field
from shared.core.regime.terms import Level, Stage, Table

# --- plans and stages ---------------------------------------------------------------------------------------------


class Reached(NamedTuple):
    """A stage that a project has reached, on which day, by which event, on what basis."""

    stage: Stage
    on: date
    event: str
    basis: str = ""


@dataclass(frozen=True, slots=True)
class Stages:
    """The stages that a project has reached, in the order in which they were told. Kept under the project."""

    reached: tuple[Reached, ...]


@dataclass(frozen=True, slots=True)
class KeptMilestone:
    id: str
    due_on: date | None = None
    unit: str = ""
    person: str = ""
    reached_on: date | None = None


@dataclass(frozen=True, slots=True)
class Milestones:
    """The milestones of a project that were planned or reached, in that order. Kept under the project."""

    milestones: tuple[KeptMilestone, ...]


PermitState = Literal["filed", "accepted", "accepted_with_gaps", "returned", "issued", "refused"]


class PermitMove(NamedTuple):
    state: PermitState
    office: str
    on: date
    gaps_due_on: date | None = None


@dataclass(frozen=True, slots=True)
class KeptPermit:
    """`known_on` is the day on which it was planned, or first filed."""

    id: str
    office: str
    known_on: date
    due_on: date | None = None
    level: Level | None = None
    moves: tuple[PermitMove, ...] = ()


@dataclass(frozen=True, slots=True)
class Permits:
    """The permits of a project that were planned or filed, in that order. Kept under the project."""

    permits: tuple[KeptPermit, ...]


@dataclass(frozen=True, slots=True)
class Extensions:
    """The days to which milestones and permits were moved: item, old day, new day. Kept under the project.

    A plan set later that names the item takes the place of what was granted.
    """

    granted: tuple[tuple[str, date, date], ...]

    def of(self, item: str) -> date | None:
        """The day that was granted last."""
        return next((new for name, _, new in reversed(self.granted) if name == item), None)


@dataclass(frozen=True, slots=True)
class Suspensions:
    """The stops of a project that nobody is to blame for: from, until, reason. Kept under the project."""

    credited: tuple[tuple[date, date | None, str], ...]


@dataclass(frozen=True, slots=True)
class Exemptions:
    """The rules of which a subject is free: rule, until. Kept under the subject."""

    granted: tuple[tuple[str, date | None], ...]


# --- returns ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Return:
    """What one return said of one project, as corrected and reviewed; amounts in yuan, unknown in a nil return.

    The year-to-date amount is the one that counts; `self_reported_ytd_yuan` is the unit's own where a review adjusted
    it. `recorded_on` is the local day, `narrative` a digest of the text, empty where there is none. `reviews`: step and
    verdict, as they came. `told`: what it says, by the names under which a regime asks for it; `flags`: what
    intake found suspicious.
    """

    period: str
    ends_on: date
    investment_ytd_yuan: Decimal | None
    recorded_at: datetime
    recorded_on: date
    event: str
    corrected_by: str = ""
    self_reported_ytd_yuan: Decimal | None = None
    investment_in_period_yuan: Decimal | None = None
    investment_since_start_yuan: Decimal | None = None
    funds_in_place_yuan: Decimal | None = None
    funds_paid_yuan: Decimal | None = None
    physical_progress_ratio: Decimal | None = None
    is_nil: bool = False
    is_malformed: bool = False
    channel: str = ""
    narrative: str = ""
    signed_by: str = ""
    reviews: tuple[tuple[str, str], ...] = ()
    fault: str = ""
    told: tuple[Field, ...] = ()
    flags: tuple[QualityFlag, ...] = ()


@dataclass(frozen=True, slots=True)
class Returns:
    """A project's returns of one year, by the end of their periods. Kept under `project/year`."""

    returns: tuple[Return, ...]

    def by(self, day: date) -> Return | None:
        """The latest return with an amount for a period that ends by the day."""
        for one in reversed(self.returns):
            if one.ends_on <= day and one.investment_ytd_yuan is not None:
                return one
        return None

    def of(self, period: str) -> Return | None:
        for one in reversed(self.returns):  # mostly the last is asked for
            if one.period == period:
                return one
        return None


@dataclass(frozen=True, slots=True)
class Years:
    """The years for which a project has returns, or had them. Kept under the project."""

    years: tuple[int, ...]


# --- what has a course --------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class KeptProblem:
    """Kept under the problem. `escalated`: on which days to whom; a proposal is a solution of its own."""

    project: str
    obstacle: Obstacle
    needs: str
    owner: str
    has_solution: bool
    raised_on: date
    escalated: tuple[tuple[date, str, bool], ...] = ()
    solved_on: date | None = None


MatterStep = Literal[
    "opened", "assigned", "reminded", "reported", "done", "not_done", "struck_off", "reopened", "extended", "paused",
    "contested", "decided",
]  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class MatterMove:
    """One thing that befell a matter; what it does not say stays as it was."""

    step: MatterStep
    on: date
    unit: str = ""
    person: str = ""
    due_on: date | None = None
    until_on: date | None = None
    cause: str = ""
    is_reason_accepted: bool | None = None
    answered: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class KeptMatter:
    """A supervised matter and all that befell it, as it was told. Kept under the matter.

    One that a decision of a meeting opened belongs to no list in particular. `basis` is what it stands on, and
    `approver` who let it be opened, empty where nobody has yet.
    """

    list: str
    source: MatterSource
    project: str
    moves: tuple[MatterMove, ...]
    basis: str = ""
    approver: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptRound:
    """Kept under the round."""

    kind: str
    from_on: date
    projects: tuple[str, ...]
    units: tuple[str, ...]
    approver: str
    topic: str
    joined_by: tuple[str, ...]
    reported_on: date | None = None
    is_archived: bool = False
    correct_by: date | None = None


@dataclass(frozen=True, slots=True)
class KeptVisit:
    """A visit whose projects are scored. Kept under the visit."""

    on: date
    projects: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class KeptMeeting:
    """Kept under the meeting; `unit` is the one that told of it."""

    forum: str
    on: date
    unit: str
    category: str = ""
    minuted_on: date | None = None
    decisions: int = 0
    attended: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class KeptExit:
    """A project on its way off a list. `steps`: step, whether approved, day. Kept under `list/year/project`."""

    reason: str
    requested_on: date
    is_special: bool = False
    steps: tuple[tuple[str, bool, date], ...] = ()
    exited_on: date | None = None


@dataclass(frozen=True, slots=True)
class Appraisal:
    """How far a year's results have come on their way to being final. Kept under `list/year/scheme`."""

    proposed_on: date
    steps: tuple[tuple[str, bool, date], ...] = ()


@dataclass(frozen=True, slots=True)
class Sealed:
    """The bulletin of a draw was signed: from then on its audiences may read its places, one after another.

    Kept under the bulletin.
    """

    event: str
    at: datetime


# --- what is said once, and whose it is -----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """A row of a table that never changes, with its cells by kind, and all whom it names. Kept under its id."""

    table: Table
    on: date
    projects: tuple[str, ...] = ()
    units: tuple[str, ...] = ()
    persons: tuple[str, ...] = ()
    texts: Mapping[str, str]
    numbers: Mapping[str, Decimal]
    flags: Mapping[str, bool]
    until_on: date | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """Ids of what an owner has in a table, as they came; all pages but the last are full.

    Kept under `table/owner/number`: what grows without end grows by pages, and none of them is copied but the last.
    """

    ids: tuple[str, ...]


PAGE_SIZE = 128
