"""What can be wrong with a submission by itself: its codes, texts, amounts and dates. The rules rely on it."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import fields, is_dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cache
from operator import attrgetter
from typing import Any

from services.intake.domain.submission import CODE, Submission
from shared.core.errors import Fault
from shared.core.events import SHAPES, JurisdictionOpened, TokenRevoked
from shared.core.numbers import is_amount
from shared.core.register import YEAR_MAX, YEAR_MIN

BAD_CODE = "A code is 1 to 64 of the characters A-Z a-z 0-9 _ -."
_AHEAD_MAX = timedelta(minutes=5)
# No document can hold them.
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]")

Faults = Iterator[Fault]


def check(submission: Submission, at: datetime) -> Faults:
    """Every fault that shows without the record. `at` is when it would be recorded."""
    for pointer, code in _codes(submission):
        if not CODE.fullmatch(code):
            yield Fault("bad_code", pointer, BAD_CODE)
    yield from _time(submission, at)
    yield from values(submission.data)


def values(data: object, pointer: str = "/data") -> Faults:
    """Every text, date and amount within an event that nobody could have submitted."""
    for name, one in _parts(data):
        if not one or (of := type(one)) is bool or of is int:
            continue  # what says nothing is never wrong, nor is a zero
        if of not in _CHECKS:
            yield from values(one, f"{pointer}/{name}")
        elif fault := _CHECKS[of](one, pointer, name):
            yield fault


def is_plausible(year: int) -> bool:
    return YEAR_MIN <= year <= YEAR_MAX


def bad_year(pointer: str) -> Fault:
    return Fault("bad_year", pointer, "The year must lie between 1949 and 2199.")


def _codes(submission: Submission) -> Iterator[tuple[str, str]]:
    data = submission.data
    yield "/key", submission.key
    if isinstance(data, JurisdictionOpened):
        yield "/jurisdiction", submission.jurisdiction
        yield "/unit", submission.unit or data.office
        yield "/data/office", data.office
        yield "/data/first_person", data.first_person
    elif entity := SHAPES[type(data)].entity:
        yield f"/data/{entity}", str(getattr(data, entity))
    of: Any = type(data)
    for name in _people(of):
        # People are codes in events: names stand in the directory, where they can be erased.
        named = getattr(data, name)
        many = isinstance(named, tuple)
        yield from (
            (f"/data/{name}/{place}" if many else f"/data/{name}", one)
            for place, one in enumerate(named if many else (named,))
            if one
        )


def _time(submission: Submission, at: datetime) -> Faults:
    data, time = submission.data, submission.time
    if isinstance(data, JurisdictionOpened) and data.mode != "live" and time is None:
        yield Fault("time_needed", "/time", "A simulated or imported jurisdiction opens at a given time.")
    if time is not None and not is_plausible(time.year):
        yield bad_year("/time")
    # When a token was revoked the clock on the wall says, also where the jurisdiction's own is moved.
    if time is not None and time - at > _AHEAD_MAX and not isinstance(data, TokenRevoked):
        yield Fault("in_the_future", "/time", "What is reported must have happened.")


# No generators, and no pointer before there is a fault: every value of every event passes here.


def _text(value: str, pointer: str, name: object) -> Fault | None:
    if not _UNPRINTABLE.search(value):
        return None
    return Fault("bad_text", f"{pointer}/{name}", "A text has no control characters.")


def _day(value: date, pointer: str, name: object) -> Fault | None:
    return None if is_plausible(value.year) else bad_year(f"{pointer}/{name}")


def _number(value: Decimal, pointer: str, name: object) -> Fault | None:
    if not is_amount(value):
        return Fault("bad_amount", f"{pointer}/{name}", "A number is below 10^16 and has at most 10 decimals.")
    if value < 0 and _AMOUNT.search(at := f"{pointer}/{name}"):
        return Fault("negative_amount", at, "An amount is not negative.")
    return None


# A field of an amount, or of several.
_AMOUNT = re.compile(r"_(yuan|ratio)(/\d+)*$")
_CHECKS: Mapping[type, Callable[[Any, str, object], Fault | None]] = {
    str: _text, date: _day, datetime: _day, Decimal: _number,
}  # fmt: skip


def _parts(value: object) -> Iterable[tuple[object, object]]:
    of: Any = type(value)
    if names := _names(of):
        return zip(names, _getter(of)(value), strict=True)
    if isinstance(value, Mapping):
        return value.items()
    return enumerate(value) if isinstance(value, tuple) else ()


@cache
def _people(of: type) -> Sequence[str]:
    entity = SHAPES[of].entity
    return [name for name in _names(of) if name in {"person", "persons", "agent", "signer"} and name != entity]


@cache
def _names(of: type) -> Sequence[str]:
    return [field.name for field in fields(of)] if is_dataclass(of) else ()


@cache
def _getter(of: type) -> Callable[[object], Iterable[object]]:
    """All fields of a class at once: every event that is submitted passes here."""
    names = _names(of)
    return attrgetter(*names) if len(names) > 1 else lambda value: (getattr(value, names[0]),)
