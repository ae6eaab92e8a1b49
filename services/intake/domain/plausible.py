"""What can be wrong with a submission by itself: its codes, texts, amounts and dates. The rules rely on it."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from services.intake.domain.submission import CODE, Submission
from shared.core.errors import Fault
from shared.core.events import SHAPES, JurisdictionOpened
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


def values(data: object) -> Faults:
    """Every text, date and amount of an event that nobody could have submitted."""
    for pointer, value in _leaves(data, "/data"):
        yield from _value(pointer, value)


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


def _time(submission: Submission, at: datetime) -> Faults:
    data, time = submission.data, submission.time
    if isinstance(data, JurisdictionOpened) and data.mode != "live" and time is None:
        yield Fault("time_needed", "/time", "A simulated or imported jurisdiction opens at a given time.")
    if time is not None and not is_plausible(time.year):
        yield bad_year("/time")
    if time is not None and time - at > _AHEAD_MAX:
        yield Fault("in_the_future", "/time", "What is reported must have happened.")


def _value(pointer: str, value: object) -> Faults:
    match value:
        case str() if _UNPRINTABLE.search(value):
            yield Fault("bad_text", pointer, "A text has no control characters.")
        case date() if not is_plausible(value.year):
            yield bad_year(pointer)
        case Decimal() if not is_amount(value):
            yield Fault("bad_amount", pointer, "A number is below 10^16 and has at most 10 decimals.")
        case Decimal() if value < 0 and pointer.endswith(("_yuan", "_ratio")):
            yield Fault("negative_amount", pointer, "An amount is not negative.")


def _leaves(value: object, pointer: str) -> Iterator[tuple[str, object]]:
    """Every single value within a value, with its pointer."""
    for name, one in _parts(value):
        yield from _leaves(one, f"{pointer}/{name}")
    yield pointer, value


def _parts(value: object) -> Iterator[tuple[object, object]]:
    if is_dataclass(value):
        yield from ((field.name, getattr(value, field.name)) for field in fields(value))
    elif isinstance(value, Mapping):
        yield from value.items()
    elif isinstance(value, tuple):
        yield from enumerate(value)
