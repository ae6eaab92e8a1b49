"""Tasks over HTTP: what is due for whoever asks, by when, in working days left."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Header, Query, Response
from pydantic import BaseModel, ConfigDict, Field

from services.intake import readers
from services.intake.desk import Desk
from services.intake.domain.capacity import Capacity
from services.intake.domain.post import Kind, Task
from services.intake.domain.tasks import tasks_of
from shared.infra.auth import Bearer, Tokens, who_asks
from shared.infra.texts import Texts, locale_from

PAGE_MAX = 1000
_ID = "2026-04-05T16:00:00Z~return~town-a~p01~2026-03"
SENTENCES: Mapping[Kind, str] = {
    "return": "Report on {name} for {period}.",
    "return_sent_back": "Report again on {name} for {period}: the return was sent back.",
    "return_to_confirm": "Confirm what the office entered on {name} for {period}.",
    "return_to_sign": "Sign the return on {name} for {period}.",
    "return_to_review": "Review the return on {name} for {period}.",
    "milestone": "Reach {name}, and record the day.",
    "permit_to_file": "File for {name}.",
    "permit_to_accept": "Accept the file for {name}, or return it with all that is to be added.",
    "permit_to_issue": "Issue {name}, or refuse it with the reason.",
    "problem_to_solve": "Solve the problem {subject} of {name}, or bring it further up.",
    "problem_for_agenda": "Put the problem {subject} of {name} on an agenda.",
    "visit": "Visit {name}, and record it.",
    "matter_to_assign": "Assign the matter {subject}.",
    "matter_to_receive": "Receive the matter {subject}, or return it with the reason.",
    "matter_to_report": "Report on the matter {subject}.",
    "matter_to_verify": "Verify the matter {subject}.",
    "matter_to_strike_off": "Strike off the matter {subject}.",
    "objection_to_decide": "Decide on the objection to {subject}.",
    "appeal_to_decide": "Decide on the appeal about {subject}.",
    "notice_to_sign": "Read and sign the draft of the notice {subject}, or decline it.",
    "bulletin_to_sign": "Read and sign the draft of the bulletin {subject}.",
    "notice_to_sign_for": "Sign for the notice {subject}.",
    "meeting_to_attend": "Come to the meeting {subject}.",
    "meeting_to_hold": "Hold the meeting {subject}, and record it.",
    "minutes_to_issue": "Issue the minutes of the meeting {subject}.",
    "exit_to_decide": "Decide on the request that {name} leave its list.",
    "exit_to_carry_out": "Take {name} off its list: all have approved.",
}
"""What is to be done, in the words of the catalogue."""


class TaskOut(BaseModel):
    """One thing that is due for who asks, and in which capacity.

    `event` is the type that does it, `known` what is known of its data already. `due` is the first instant that is too
    late; without one no day is named. `working_days_left`: after today, below 0 where it is late.
    """

    id: str = Field(description="its place in the order of tasks: ask `after` it for those that follow")
    kind: Kind
    text: str = Field(description="what is to be done, in the language that was asked for")
    capacity: Capacity
    unit: str
    subject: str
    name: str
    period: str
    due: datetime | None
    working_days_left: int | None
    event: str
    known: dict[str, Any]
    about: str = Field(description="what it is about, as the record says it: the matter, the problem, the notice")
    link: str | None = Field(description="where it is read or filled in: an address relative to this one")


class TasksOut(BaseModel):
    """A page of tasks, what is due first, first; `next` leads to those that follow, absent on the last page."""

    model_config = ConfigDict(json_schema_extra={"examples": [{
        "jurisdiction": "d003", "position": 42, "as_of": "2026-04-03T02:00:00Z", "tasks": [{
            "id": _ID, "kind": "return",
            "text": "报送滨江路改造 2026-03 进展。", "capacity": "reporter", "unit": "town-a", "subject": "p01",
            "name": "滨江路改造", "period": "2026-03", "due": "2026-04-05T16:00:00Z", "working_days_left": 1,
            "event": "duban.project.progress_reported.v1",
            "known": {"project": "p01", "cadence": "monthly", "period": "2026-03"}, "about": "",
            "link": "workbooks/town-a/2026-03?jurisdiction=d003",
        }],
    }]})  # fmt: skip

    jurisdiction: str
    position: int = Field(description="of the record as it was known")
    as_of: datetime
    tasks: list[TaskOut]
    next: str | None = Field(None, description="an address relative to this one")


def task_routes(desk: Callable[[], Desk], tokens: Tokens, *, now: Callable[[], datetime]) -> APIRouter:
    router = APIRouter(tags=["tasks"])
    who = Annotated[Bearer, Depends(who_asks(tokens, now))]

    @router.get("/v1/tasks", responses=readers.answers({403: ("no_post",)}))
    async def tasks(
        response: Response, by: who,
        jurisdiction: Annotated[str, Query(description="the jurisdiction in which one works", max_length=64)],
        after: Annotated[str, Query(description="the last task that is known", max_length=300, examples=[_ID])] = "",
        limit: Annotated[int, Query(description="tasks on a page, at most", ge=1, le=PAGE_MAX)] = 100,
        accept_language: Annotated[str | None, Header()] = None,
    ) -> TasksOut:  # fmt: skip
        """What is due for me, in each of my capacities, by when, and which event does it."""
        ledger = await desk().current(jurisdiction, by)
        readers.standpoint_of(ledger, by)
        at, say = readers.clock_of(ledger, now()), Texts.load(locale_from(accept_language))
        found = [one for one in tasks_of(ledger, by.person or "", at=at) if one.id > after]
        following = None
        if len(found) > limit:
            query = {"jurisdiction": jurisdiction, "after": found[limit - 1].id, "limit": limit}
            following = f"?{urlencode(query)}"
            response.headers["link"] = f'<{following}>; rel="next"'
        return TasksOut(
            jurisdiction=jurisdiction, position=ledger.position, as_of=at,
            tasks=[task_out(one, jurisdiction, say) for one in found[:limit]], next=following,
        )  # fmt: skip

    return router


def task_out(task: Task, jurisdiction: str, say: Texts) -> TaskOut:
    """A task in words, with the address at which one reads what it is about."""
    named = {"name": task.name or task.subject, "subject": task.subject, "period": task.period}
    text = say(SENTENCES[task.kind], **named)
    if task.about:
        text = say("{task} It is about: {text}", task=text, text=task.about)
    return TaskOut(
        id=task.id, kind=task.kind, text=text, capacity=task.capacity, unit=task.unit,
        subject=task.subject, name=task.name, period=task.period, due=task.due,
        working_days_left=task.working_days_left, event=task.event, known=dict(task.known),
        about=task.about,
        link=_link(task, jurisdiction),
    )  # fmt: skip


def _link(task: Task, jurisdiction: str) -> str | None:
    match task.kind:
        case "return" | "return_sent_back":
            return f"workbooks/{task.unit}/{task.period}?{urlencode({'jurisdiction': jurisdiction})}"
        case "return_to_review" | "return_to_sign" | "return_to_confirm":
            return f"jurisdictions/{jurisdiction}/returns/{task.subject}/{task.period}"
        case _ if task.told_at:
            return f"events?{urlencode({'jurisdiction': jurisdiction, 'after': task.told_at - 1, 'limit': 1})}"
        case _:
            return None
