"""What is issued, to whom, when, and what may stand in it: bulletins, boards, and the media."""

from dataclasses import dataclass
from typing import Literal

from shared.core.regime.due import Cadence, Due, Issue, Span
from shared.core.regime.language import Condition, Sourced
from shared.core.regime.terms import Body, SignStep, StepName, SubjectKind

Section = Literal[
    "overview", "shares", "start_rates", "ranking", "commended", "criticised", "problems", "not_started",
    "behind", "decisions", "rectifications", "matters", "late_returns", "unranked", "next_steps",
]  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Pick(Sourced):
    """Who is named in a section, and what is asked of them: the first or last so many, of those who meet `when`.

    So many of each lane, by what is ranked by, with all who tie with the last of them. They are named whatever the
    ranking publishes of places: bands, or nothing, do not take back what the regime says here. Who is not judged, not
    rankable, or in too small a group is neither first nor last.
    `must`: what those named must do at the next meeting of the `forum`.
    """

    top: int | None = None
    bottom: int | None = None
    about: SubjectKind = "unit"
    when: Condition | None = None
    must: StepName | Literal["best_practice_statement"] | None = None
    forum: str = ""


Audience = Literal["leaders", "units", "public", "leading_group"]
Channel = Literal["document", "internal_site", "television", "newspaper", "web", "meeting", "system", "email", "paper"]
Trigger = Literal["round_ended", "matter_struck_off", "meeting_held", "any_time", "assessment_confirmed"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Bulletin(Sourced):
    """A publication of standings. It has a cadence, or a `trigger` that calls for it.

    `window`: whether it tells of its period alone or of the year so far; `by`: the dimensions it is split along;
    `audience` is reached one after another, `then_after` apart; `to` are the addressees; `meeting` the forum where
    it is read out; `preview` the time for units to check their own figures. `rank_by`: a measure by which it ranks and
    picks in the place of the regime's own, by the same rules (004: monthly by progress, the visit by its scores).
    """

    id: str
    kind: str
    cadence: Cadence | None = None
    issue: Issue | None = None
    sections: tuple[Section, ...]
    sign_off: tuple[SignStep, ...] = ("signer",)
    number: str = "〔{year}〕{n}号"
    audience: tuple[Audience, ...] = ("leaders", "units")
    trigger: Trigger | None = None
    window: Literal["period", "year_to_date"] = "year_to_date"
    by: tuple[SubjectKind, ...] = ("unit",)
    then_after: Span | None = None
    to: tuple[Body, ...] = ()
    channels: tuple[Channel, ...] = ("document",)
    embargo: Literal["until_sealed", "none"] = "until_sealed"
    preview: Span | None = None
    commended: Pick | None = None
    criticised: Pick | None = None
    meeting: str = ""
    rank_by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Board(Sourced):
    """What hangs, or stands on a page, for all to see: its columns, where, and how often it is renewed."""

    id: str
    columns: tuple[
        Literal["name", "leader", "unit", "owner", "due_on", "progress", "light", "team", "milestones", "investment"],
        ...,
    ]
    place: Literal["wall", "town", "site", "web", "media"]
    renewed: Cadence | None = None
    renewed_columns: tuple[str, ...] = ()
    due: Due | None = None
    approved_only: bool = True
    among: Condition | None = None


ANSWERED: frozenset[str] = frozenset({"report", "complaint"})
"""The kinds of channels by which something comes that must be dealt with."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicChannel(Sourced):
    """How the public reports, complains, evaluates or comments.

    A report or a complaint opens a matter, is answered, and may be rewarded; evaluation and commentary are only heard.
    """

    id: str
    kind: Literal["report", "complaint", "evaluation", "commentary"]
    opens_matter: bool = True
    rewarded: bool = False
    answer_within: Span | None = None
    received_by: Body = "supervision_office"


@dataclass(frozen=True, slots=True, kw_only=True)
class Publication(Sourced):
    boards: tuple[Board, ...] = ()
    channels: tuple[PublicChannel, ...] = ()
    secrecy_review: Literal["required", "none"] = "required"
