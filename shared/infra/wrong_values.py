"""What is wrong with a value that pydantic refuses, in a sentence of our own that says how to mend it."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from pydantic import ValidationError

from shared.core.errors import Fault

_SENTENCES: Mapping[str, Fault] = {
    fault.code: fault
    for fault in (
        Fault("missing", "", "This must be given."),
        Fault("extra_forbidden", "", "Nothing of this name is known here: leave it out."),
        Fault("json_invalid", "", "This is not JSON."),
        Fault("int_parsing", "", "This must be a whole number."),
        Fault("int_type", "", "This must be a whole number."),
        Fault("int_from_float", "", "This must be a whole number."),
        Fault("int_parsing_size", "", "This number is too large."),
        Fault("bool_parsing", "", "This is true or false."),
        Fault("bool_type", "", "This is true or false."),
        Fault("string_type", "", "This must be a text."),
        Fault("dict_type", "", "This must be an object, with names and values."),
        Fault("list_type", "", "This must be a list."),
        Fault("model_type", "", "This must be an object, with names and values."),
        Fault("model_attributes_type", "", "This must be an object, with names and values."),
        Fault("dataclass_type", "", "This must be an object, with names and values."),
        Fault("string_too_long", "", "This text is too long: at most {max_length} characters."),
        Fault("string_too_short", "", "This text is too short: at least {min_length} characters."),
        Fault("too_long", "", "There are too many of these: at most {max_length}."),
        Fault("too_short", "", "There are too few of these: at least {min_length}."),
        Fault("greater_than_equal", "", "This must be {ge} or more."),
        Fault("less_than_equal", "", "This must be {le} or less."),
        Fault("string_pattern_mismatch", "", "This does not have the form {pattern}."),
        Fault("literal_error", "", "This must be one of: {expected}."),
        Fault("enum", "", "This must be one of: {expected}."),
        Fault("datetime_from_date_parsing", "", "A time reads 2026-03-02T10:00:00+08:00."),
        Fault("datetime_parsing", "", "A time reads 2026-03-02T10:00:00+08:00."),
        Fault("datetime_type", "", "A time reads 2026-03-02T10:00:00+08:00."),
        Fault("date_from_datetime_parsing", "", "A day reads 2026-03-02."),
        Fault("date_parsing", "", "A day reads 2026-03-02."),
        Fault("date_type", "", "A day reads 2026-03-02."),
    )
}


def faults_of(error: ValidationError) -> list[Fault]:
    """Every fault of a form, with its JSON pointer."""
    return list(_faults(error.errors(include_url=False, include_input=False)))


def sentence(fault: Mapping[str, Any]) -> tuple[str, Mapping[str, str]]:
    """The sentence for one fault that pydantic tells, and what fills its blanks; its own words where we have none."""
    known = _SENTENCES.get(fault["type"])
    if known is None:
        return "This cannot stand here: {problem}.", {"problem": str(fault["msg"]).removeprefix("Value error, ")}
    return known.message, {name: str(value) for name, value in fault.get("ctx", {}).items()}


def _faults(errors: Sequence[Any]) -> Iterator[Fault]:
    for one in errors:
        pointer = "".join(f"/{str(step).replace('~', '~0').replace('/', '~1')}" for step in one["loc"])
        yield Fault(one["type"], pointer, *sentence(one))
