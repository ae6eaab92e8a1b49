"""The reviewer's view over HTTP: a return beside last month, inspections and flags; and what waits for whom."""

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Path, Query, Response
from pydantic import BaseModel, ConfigDict, Field

from services.intake import readers
from services.intake.desk import Desk
from services.intake.domain.capacity import Capacity, capacities
from services.intake.domain.known import ReturnMade
from services.intake.domain.reading import Standpoint, is_theirs
from services.intake.domain.review import Review, Waiting, inbox, review_of
from shared.core.events import QualityFlag
from shared.core.ledger import Ledger
from shared.infra import wire
from shared.infra.auth import Bearer, Tokens, who_asks
from shared.infra.web import Problem

PAGE_MAX = 500
_REVIEWERS: frozenset[Capacity] = frozenset({"reviewer", "assessment_office"})
_ID = "2026-04-03T02:00:01Z~p01~2026-03~office"

_REVIEW: Any = {
    "project": "p01", "period": "2026-03", "made": {
        "event": "0199d6b1-8f7e-7c3a-9d55-3a5b1c2d3e4f", "unit": "town-a", "by": ["reporter-a"],
        "at": "2026-04-03T02:00:01Z",
        "said": {"project": "p01", "cadence": "monthly", "period": "2026-03", "investment_ytd_yuan": "26000000"},
        "investment_ytd_yuan": "26000000", "flags": ["jump"], "is_unconfirmed": False, "signed_by": "head-a",
        "reviews": [],
    },
    "found": [{
        "on": "2026-03-20", "team": "team-1", "event": "0199d6b1-0000-7c3a-9d55-3a5b1c2d3e4f",
        "investment_ytd_yuan": "21000000", "stage": "started", "findings": ["基坑停工"],
    }],
    "is_late": False, "due": "2026-04-05T16:00:00Z", "turn": ["supervision_office"],
}  # fmt: skip

Code = Annotated[str, Path(max_length=64)]


class StepOut(BaseModel):
    """One step of a review, as it was taken."""

    step: str
    verdict: str
    by: str
    at: datetime
    investment_ytd_yuan: Decimal | None
    reason: str


class ReturnOut(BaseModel):
    """A return as it stands: what it said, the amount that counts, and how far it has come."""

    event: str
    unit: str
    by: list[str] = Field(description="all who said something in it")
    at: datetime
    said: dict[str, Any] = Field(description="the data of the event")
    investment_ytd_yuan: Decimal | None = Field(description="as corrected or adjusted")
    flags: list[QualityFlag]
    is_unconfirmed: bool = Field(description="entered on the unit's behalf, which has not confirmed it")
    signed_by: str
    reviews: list[StepOut]


class FoundOut(BaseModel):
    """What an inspection found on the spot."""

    on: date
    team: str
    event: str
    investment_ytd_yuan: Decimal | None
    stage: str
    findings: list[str]


class ReviewOut(BaseModel):
    """A return beside all that it is held against: the one before it, what inspections found, when it was due.

    `turn` says whose turn it is: `unit_head` to sign, bodies of the regime to review; nobody's where all is done, and
    where it was sent back.
    """

    model_config = ConfigDict(json_schema_extra={"examples": [_REVIEW]})

    project: str
    period: str
    made: ReturnOut
    last: ReturnOut | None = Field(None, description="the latest before it, of the same cadence")
    found: list[FoundOut]
    due: datetime | None = Field(None, description="the first instant that was too late; none where no day is named")
    is_late: bool | None = None
    turn: list[str]


class WaitingOut(BaseModel):
    """What waits for who asks, since when, for so many working days, and which steps they may take."""

    id: str = Field(description="its place among what waits: ask `after` it for what follows")
    unit: str = Field(description="in whose name it waits for them")
    steps: list[str]
    since: datetime
    working_days: int
    review: ReviewOut


class ReviewsOut(BaseModel):
    """The reviewer's inbox, what has waited longest first; `count` and `working_days_most` are of all that waits."""

    model_config = ConfigDict(json_schema_extra={"examples": [{
        "position": 42, "count": 1, "working_days_most": 2, "waiting": [{
            "id": _ID, "unit": "office", "steps": ["supervision_office"], "since": "2026-04-03T02:00:01Z",
            "working_days": 2, "review": _REVIEW,
        }],
    }]})  # fmt: skip

    position: int = Field(description="of the record as it was known")
    count: int
    working_days_most: int
    waiting: list[WaitingOut]
    next: str | None = Field(None, description="an address relative to this one; absent on the last page")


def review_routes(desk: Callable[[], Desk], tokens: Tokens, *, now: Callable[[], datetime]) -> APIRouter:
    router = APIRouter(tags=["reviews"])
    who = Annotated[Bearer, Depends(who_asks(tokens, now))]

    @router.get("/v1/jurisdictions/{jurisdiction}/reviews", responses=readers.answers({403: ("no_post",)}))
    async def reviews(
        response: Response, jurisdiction: Code, by: who,
        after: Annotated[str, Query(description="the last one that is known", max_length=300, examples=[_ID])] = "",
        limit: Annotated[int, Query(description="returns on a page, at most", ge=1, le=PAGE_MAX)] = 50,
    ) -> ReviewsOut:  # fmt: skip
        """What waits for my signature or review, each return with all that it is held against, and since when."""
        ledger = await desk().current(jurisdiction, by)
        standing = readers.standpoint_of(ledger, by)
        at = readers.clock_of(ledger, now())
        found = sorted(
            (_id(one, unit), unit, one)
            for unit in standing.units for one in inbox(ledger, standing.person, unit, at)
        )  # fmt: skip
        shown = [each for each in found if each[0] > after]
        following = None
        if len(shown) > limit:
            following = f"?{urlencode({'after': shown[limit - 1][0], 'limit': limit})}"
            response.headers["link"] = f'<{following}>; rel="next"'
        return ReviewsOut(
            position=ledger.position, count=len(found), next=following,
            working_days_most=max((one.working_days for _, _, one in found), default=0),
            waiting=[_waiting(ledger, *each) for each in shown[:limit]],
        )  # fmt: skip

    @router.get(
        "/v1/jurisdictions/{jurisdiction}/returns/{project}/{period}",
        responses=readers.answers({403: ("no_post",), 404: ("no_such_return",)}),
    )
    async def one_return(jurisdiction: Code, project: Code, period: Code, by: who) -> ReviewOut:
        """A return beside last month, inspections and flags. For reviewers, the office, and whose project it is."""
        ledger = await desk().current(jurisdiction, by)
        standing = readers.standpoint_of(ledger, by)
        if not _may_see(ledger, standing, project):
            raise Problem(403, "no_post", "You hold no post that may read this.")
        found = review_of(ledger, project, period)
        if found is None:
            raise Problem(404, "no_such_return", "There is no return of this project for this period.")
        return _review(found)

    return router


def _may_see(ledger: Ledger, standing: Standpoint, project: str) -> bool:
    if standing.reads_all or is_theirs(ledger, standing, project):
        return True
    return any(capacities(ledger, standing.person, unit) & _REVIEWERS for unit in standing.units)


def _id(one: Waiting, unit: str) -> str:
    return f"{one.since:%Y-%m-%dT%H:%M:%SZ}~{one.project}~{one.period}~{unit}"


def _waiting(ledger: Ledger, id_: str, unit: str, one: Waiting) -> WaitingOut:
    found = review_of(ledger, one.project, one.period)
    assert found is not None
    return WaitingOut(
        id=id_, unit=unit, steps=list(one.steps), since=one.since, working_days=one.working_days,
        review=_review(found),
    )  # fmt: skip


def _review(found: Review) -> ReviewOut:
    return ReviewOut(
        project=found.project, period=found.period, made=_return(found.made),
        last=_return(found.last) if found.last else None, due=found.due, is_late=found.is_late, turn=list(found.turn),
        found=[FoundOut.model_validate(one._asdict()) for one in found.found],
    )  # fmt: skip


def _return(made: ReturnMade) -> ReturnOut:
    return ReturnOut(
        event=made.event, unit=made.unit, by=list(made.by), at=made.at, said=wire.data_of(made.said),
        investment_ytd_yuan=made.investment_ytd_yuan, flags=list(made.said.flags),
        is_unconfirmed=made.is_unconfirmed, signed_by=made.signed_by,
        reviews=[StepOut.model_validate(one._asdict()) for one in made.reviews],
    )  # fmt: skip
