"""People over HTTP: what is known of a person code is entered, seen and erased here, and nowhere in the record.

The supervision office enters everybody, a unit's head whoever has a post there; oneself and colleagues are seen in
full, others by name and post alone.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from heapq import merge
from itertools import groupby, islice
from typing import Annotated, Any, Final, Literal

import structlog
from fastapi import APIRouter, Depends, Header, Path, Query
from pydantic import BaseModel, ConfigDict, Field

from services.intake import readers
from services.intake.desk import Desk
from services.intake.directory import NAME_MAX, NOTE_MAX, PHONE_MAX, Directory, Erased, Person
from services.intake.domain.capacity import capacities
from shared.core.ledger import Ledger
from shared.core.register import Posts, posts_of
from shared.infra.auth import Bearer, Tokens, who_asks
from shared.infra.texts import Texts, locale_from
from shared.infra.web import Problem

PERSON_ERASED: Final = "person_erased"
PAGE_MAX: Final = 500
_LINE: Final = r"^[^\x00-\x1f\x7f\u2028\u2029]*$"
_TEXT: Final = r"^[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f]*$"
_log = structlog.stdlib.get_logger("duban.people")

Jurisdiction = Annotated[str, Path(max_length=64)]
Code = Annotated[str, Path(pattern=r"^[A-Za-z0-9_-]{1,64}$", description="the person's code, as in events and tokens")]
Language = Annotated[str | None, Header(alias="accept-language")]


class PersonForm(BaseModel):
    """What is known of a person; it takes the place of what was known."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"example": {"name": "王一", "phone": "0750-1234567", "note": ""}}
    )

    name: str = Field(min_length=1, max_length=NAME_MAX, pattern=_LINE)
    phone: str = Field("", max_length=PHONE_MAX, pattern=r"^[0-9+()# -]*$")
    note: str = Field("", max_length=NOTE_MAX, pattern=_TEXT)


_PERSON: Any = {
    "person": "reporter-a", "status": "known", "name": "王一", "phone": "0750-1234567", "note": "",
    "posts": [{"post": "reporter", "unit": "town-a", "project": ""}], "updated_at": "2026-04-03T02:00:01Z",
}  # fmt: skip


class PostOut(BaseModel):
    post: str
    unit: str
    project: str = ""


class PersonOut(BaseModel):
    """A person as who asks may see it: without `phone` and `note` where that is for others. `posts` are of now."""

    model_config = ConfigDict(json_schema_extra={"examples": [_PERSON]})

    person: str
    status: Literal["known", "unnamed", "erased"]
    name: str | None = None
    phone: str | None = None
    note: str | None = None
    posts: list[PostOut]
    updated_at: datetime | None = None


class PeopleOut(BaseModel):
    """A page of people by code; `next` is what to ask for `after` this page, absent on the last."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"people": [_PERSON]}]})

    people: list[PersonOut]
    next: str | None = None


class ErasureOut(BaseModel):
    """The receipt of an erasure. Nothing personal is in it: it may be kept."""

    model_config = ConfigDict(json_schema_extra={"examples": [{
        "jurisdiction": "d003", "person": "reporter-a", "erased_at": "2026-04-03T02:00:01Z",
    }]})  # fmt: skip

    jurisdiction: str
    person: str
    erased_at: datetime


def people_routes(
    desk: Callable[[], Desk], directory: Directory, tokens: Tokens, *, now: Callable[[], datetime]
) -> APIRouter:
    router = APIRouter(tags=["people"])
    who = Annotated[Bearer, Depends(who_asks(tokens, now))]
    one: dict[str, Any] = {"path": "/v1/jurisdictions/{jurisdiction}/people/{code}"}
    seen: dict[str, Any] = {"response_model_exclude_none": True}

    @router.put(**one, **seen, responses=readers.answers({403: ("not_your_person",), 409: ("person_erased",)}))
    async def enter(
        jurisdiction: Jurisdiction, code: Code, form: PersonForm, by: who, accept_language: Language = None
    ) -> PersonOut:
        """Enter a person, or replace what is known of one."""
        ledger, texts = await desk().ledger(jurisdiction, by), _texts(accept_language)
        if not _may_enter(ledger, by, code):
            raise Problem(403, "not_your_person", texts("Only the supervision office and the head of the unit may."))
        person = Person(code=code, name=form.name, phone=form.phone, note=form.note, updated_at=now())
        try:
            await directory.put(jurisdiction, person)
        except Erased as error:
            title = texts("This person was erased: give a new code to whoever comes now.")
            raise Problem(409, "person_erased", title) from error
        return _seen(ledger, by, code, person)

    @router.get(**one, **seen, responses=readers.answers({403: ("no_post",), 404: ("no_such_person",)}))
    async def see(jurisdiction: Jurisdiction, code: Code, by: who, accept_language: Language = None) -> PersonOut:
        """A person, with the posts that the record says it holds now."""
        ledger, texts = await desk().ledger(jurisdiction, by), _texts(accept_language)
        _insist_on_post(ledger, by, texts, but_for=code)
        person = await directory.find(jurisdiction, code)
        if person is None and not posts_of(ledger, code):
            raise Problem(404, "no_such_person", texts("Nobody has this code here."))
        return _seen(ledger, by, code, person)

    @router.delete(**one, responses=readers.answers({403: ("not_the_office",), 404: ("no_such_person",)}))
    async def erase(jurisdiction: Jurisdiction, code: Code, by: who, accept_language: Language = None) -> ErasureOut:
        """Erase what is known of a person, for good. The record names codes only, so no number and no digest moves."""
        ledger, texts = await desk().ledger(jurisdiction, by), _texts(accept_language)
        if not by.operator and not _is_of_the_office(ledger, by):
            raise Problem(403, "not_the_office", texts("Only the operator and the supervision office may erase."))
        if await directory.find(jurisdiction, code) is None and not posts_of(ledger, code):
            raise Problem(404, "no_such_person", texts("Nobody has this code here."))
        erased_at = await directory.erase(jurisdiction, code, at=now())
        _log.info(PERSON_ERASED, jurisdiction=jurisdiction, person=code, by=by.person or "@operator")
        return ErasureOut(jurisdiction=jurisdiction, person=code, erased_at=erased_at.astimezone(UTC))

    router.include_router(_everybody(desk, directory, who))
    return router


def _everybody(desk: Callable[[], Desk], directory: Directory, who: Any) -> APIRouter:
    router = APIRouter()

    @router.get(
        "/v1/jurisdictions/{jurisdiction}/people", response_model_exclude_none=True,
        responses=readers.answers({403: ("no_post",)}),
    )  # fmt: skip
    async def see_all(
        jurisdiction: Jurisdiction, by: who, after: Annotated[str, Query(max_length=64, examples=["reporter-a"])] = "",
        limit: Annotated[int, Query(ge=1, le=PAGE_MAX)] = 100, accept_language: Language = None,
    ) -> PeopleOut:  # fmt: skip
        """Everybody who holds a post or is in the directory, in the order of codes."""
        ledger = await desk().ledger(jurisdiction, by)
        _insist_on_post(ledger, by, _texts(accept_language))
        known = {person.code: person for person in await directory.after(jurisdiction, after, count=limit + 1)}
        posted = sorted(code for code, posts in ledger.all(Posts).items() if posts.held and code > after)
        codes = [code for code, _ in islice(groupby(merge(known, posted)), limit + 1)]
        people = [_seen(ledger, by, code, known.get(code)) for code in codes[:limit]]
        return PeopleOut(people=people, next=codes[limit - 1] if len(codes) > limit else None)

    return router


def _texts(accept_language: str | None) -> Texts:
    return Texts.load(locale_from(accept_language))


def _units(ledger: Ledger, person: str | None) -> set[str]:
    return {unit for _, unit, _ in posts_of(ledger, person or "")}


def _is_of_the_office(ledger: Ledger, by: Bearer) -> bool:
    person = by.person or ""
    return any("supervision_office" in capacities(ledger, person, unit) for unit in _units(ledger, person))


def _may_enter(ledger: Ledger, by: Bearer, code: str) -> bool:
    shared = _units(ledger, by.person) & _units(ledger, code)
    is_head = any("unit_head" in capacities(ledger, by.person or "", unit) for unit in shared)
    return by.operator or is_head or _is_of_the_office(ledger, by)


def _sees_in_full(ledger: Ledger, by: Bearer, code: str) -> bool:
    is_near = by.person == code or bool(_units(ledger, by.person) & _units(ledger, code))
    return by.operator or is_near or _is_of_the_office(ledger, by)


def _insist_on_post(ledger: Ledger, by: Bearer, texts: Texts, *, but_for: str = "") -> None:
    if not (by.operator or by.person == but_for or _units(ledger, by.person)):
        raise Problem(403, "no_post", texts("Only who holds a post here may see who is who."))


def _seen(ledger: Ledger, by: Bearer, code: str, person: Person | None) -> PersonOut:
    posts = [PostOut(post=post, unit=unit, project=project) for post, unit, project in sorted(posts_of(ledger, code))]
    if person is None:
        return PersonOut(person=code, status="unnamed", posts=posts)
    if person.erased_at:
        return PersonOut(person=code, status="erased", posts=posts, updated_at=person.erased_at)
    full = {"phone": person.phone, "note": person.note} if _sees_in_full(ledger, by, code) else {}
    return PersonOut(person=code, status="known", name=person.name, posts=posts, updated_at=person.updated_at, **full)
