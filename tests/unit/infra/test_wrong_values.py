"""Is what pydantic refuses told in our own words, with what would be right; in its own only where we have none?"""

from datetime import date, datetime
from typing import Annotated, Any, Literal

import pytest
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from shared.infra.texts import catalogue
from shared.infra.wrong_values import _SENTENCES, faults_of


class Form(BaseModel):
    model_config = ConfigDict(extra="forbid")

    count: Annotated[int, Field(ge=1, le=9)] = 1
    name: Annotated[str, Field(min_length=2, max_length=4, pattern="^[a-z]*$")] = "ab"
    kind: Literal["one", "two"] = "one"
    on: date = date(2026, 1, 1)
    at: datetime | None = None
    is_new: bool = False
    many: Annotated[list[int], Field(min_length=1, max_length=2)] = [1]
    more: dict[str, Any] = {}

    @field_validator("more")
    @classmethod
    def _not_odd(cls, value: dict[str, Any]) -> dict[str, Any]:
        if "odd" in value:
            raise ValueError("it is odd")
        return value


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ({"count": "x"}, "This must be a whole number."),
        ({"count": 0}, "This must be 1 or more."),
        ({"count": 10}, "This must be 9 or less."),
        ({"name": "abcde"}, "This text is too long: at most 4 characters."),
        ({"name": "a"}, "This text is too short: at least 2 characters."),
        ({"name": "AB"}, "This does not have the form ^[a-z]*$."),
        ({"name": 7}, "This must be a text."),
        ({"kind": "six"}, "This must be one of: 'one' or 'two'."),
        ({"on": "x"}, "A day reads 2026-03-02."),
        ({"at": "x"}, "A time reads 2026-03-02T10:00:00+08:00."),
        ({"is_new": "x"}, "This is true or false."),
        ({"many": []}, "There are too few of these: at least 1."),
        ({"many": [1, 2, 3]}, "There are too many of these: at most 2."),
        ({"many": 1}, "This must be a list."),
        ({"more": 1}, "This must be an object, with names and values."),
        ({"other": 1}, "Nothing of this name is known here: leave it out."),
        ({"more": {"odd": 1}}, "This cannot stand here: it is odd."),
    ],
)
def test_a_value_is_refused_in_a_sentence_that_says_how_to_mend_it(form: dict[str, Any], said: str) -> None:
    with pytest.raises(ValidationError) as refused:
        Form.model_validate(form)
    (fault,) = faults_of(refused.value)
    assert fault.message.format(**fault.values) == said
    assert fault.pointer.startswith(f"/{next(iter(form))}")


def test_every_sentence_has_its_chinese() -> None:
    assert {one.message for one in _SENTENCES.values()} <= {*catalogue("zh")}
