"""When a rule is hit, what follows step by step, who may take each step, and how it ends."""

from dataclasses import dataclass
from typing import Literal

from shared.core.regime.due import Cadence, Season, Span
from shared.core.regime.language import Condition, Sourced
from shared.core.regime.terms import Body, Role, SignStep, StepName, SubjectKind, Table


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """The condition must hold at this many closes of this cadence: one after another, or among the last `in_last`."""

    consecutive: int = 1
    of: Cadence
    in_last: int | None = None


Exemption = Literal["force_majeure", "suspension_credited", "exemption_granted"]


@dataclass(frozen=True, slots=True, kw_only=True)
class SupervisionRule(Sourced):
    """A rule about subjects, or about the rows of a table: it only proposes; what follows stands in its ladder.

    `among` says whom it covers, `unless` what silences it, `season` when in the year it is asked. Of a matter that is
    paused no rule takes a step, whatever is exempt.
    """

    id: str
    about: SubjectKind | Table
    when: Condition
    held: Held
    ladder: str
    among: Condition | None = None
    unless: Condition | None = None
    season: Season | None = None
    exempt: tuple[Exemption, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Step(Sourced):
    """One rung. Only a due-date reminder may go out unsigned.

    `competent` is who may take it: what is not the supervision office's is proposed, or referred, to that body.
    `count`: only from so many hits on; `when`: only if this holds (severity, cause, influence). `demand_within` is the
    time for what the step asks of those served; `lifelong`: served to whoever held the role when it was done.
    """

    step: StepName
    serve: tuple[Role, ...]
    unsigned: bool = False
    sign_off: tuple[SignStep, ...] = ()
    competent: Body = "supervision_office"
    legal_basis: str = ""
    plan_item: str = ""
    count: int | None = None
    when: Condition | None = None
    reply_within: Span | None = None
    rectify_within: Span | None = None
    explain_by: tuple[Role, ...] = ()
    handler: Literal["required", "optional"] = "optional"
    verify_by: Body | None = None
    report_to: Body | None = None
    record: Literal["signed", "written"] | None = None
    circulate: Literal["at_once", "next_bulletin", "media"] | None = None
    repeat: Span | None = None
    lifelong: bool = False


Ladder = tuple[Step, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class MatterRules(Sourced):
    """The life of a supervised matter: opening, handover, reminders, closing.

    `opens_on`: what opens one, where nothing is named everything, and what comes from elsewhere is not followed;
    `open_chain`: who approves the opening, with `opened_directly_by` free of it;
    `hand_over`: at once while supervision runs, or after the round; `until_struck_off`: chased until solved;
    `answer`: whom every closed matter answers; `archive`: the file is closed with papers.
    """

    opens_on: tuple[
        Literal["directive", "minutes", "finding", "problem", "public_report", "higher_document", "rule"], ...
    ] = ()
    open_chain: str = ""
    opened_directly_by: tuple[Body, ...] = ()
    hand_over: Literal["at_once", "after_round"] = "at_once"
    remind_every: Span | None = None
    until_struck_off: bool = True
    verify_by: Body | None = None
    answer: Literal["nobody", "source", "public"] = "source"
    archive: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class AppealRight(Sourced):
    """A unit may object: within this time, decided within that, by others than those who took part."""

    file_within: Span
    decide_within: Span
    recuse: Literal["participants", "none"] = "participants"
    pauses: Literal["steps", "nothing"] = "steps"
