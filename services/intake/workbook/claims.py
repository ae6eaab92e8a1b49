"""What was filled in, as submissions: a stage, a return or its correction, a milestone reached, a permit filed for.

The key of each follows from the line as it was given out and from what is said, so the same workbook sent again gets
the receipts that it had.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from pydantic import TypeAdapter

from services.intake.workbook.form import Form, Heading, Key, plain
from services.intake.workbook.reading import Came, Filled, Wrong
from shared.core.calendar import Cadence
from shared.core.digest import digest
from shared.core.errors import Fault
from shared.core.events import QualityFlag
from shared.core.numbers import EXACT, YUAN_PER, MoneyUnit

AMOUNTS: Sequence[Key] = (
    "investment_ytd_yuan", "investment_in_period_yuan", "funds_in_place_yuan", "funds_paid_yuan",
)  # fmt: skip
_SAID: Sequence[Key] = (
    *AMOUNTS, "physical_progress_ratio", "narrative", "next_plan", "problems", "experience", "suggestions",
)  # fmt: skip
_OF_A_RETURN = frozenset({*_SAID, "is_nil"})
_OF_A_STAGE = frozenset({"stage", "stage_on", "basis"})
_DIGEST_DIGITS = 40
_FLAGGED: Mapping[QualityFlag, Sequence[str]] = {
    "cumulative_falls": ("investment_ytd_yuan",), "jump": ("investment_ytd_yuan",),
    "over_plan": ("investment_ytd_yuan",),
    "before_start": ("investment_ytd_yuan", "physical_progress_ratio", "stage"),
    "copy_of_last": ("narrative",), "duplicate_start": ("stage",),
}  # fmt: skip
"""Which values a flag is about: the first of them that is claimed."""
_REPORT = "duban.project.progress_reported.v1"
_CADENCES: TypeAdapter[Cadence] = TypeAdapter(Cadence)


@dataclass(frozen=True, slots=True)
class Claim:
    """One event that a line claims, the fields of its data, and the column of each."""

    filled: Filled
    type: str
    data: Mapping[str, Any]
    columns: Mapping[str, Key]

    def wrong(self, pointer: str, fault: Fault) -> Wrong:
        """A fault of the submission, at the cell that its pointer means: without one, at the line's first."""
        name = pointer.removeprefix("/data/").partition("/")[0]
        place = self.filled.places.get(self.columns.get(name, "code"), 0)
        return Wrong(self.filled.sheet, self.filled.row, place, fault)

    def flagged(self, flag: QualityFlag) -> Wrong:
        """A flag at the cell of the value that it is about."""
        name = next((name for name in _FLAGGED.get(flag, ()) if name in self.data), "")
        return self.wrong(f"/data/{name}", Fault(flag, "", flag))

    def amount(self, name: str) -> Decimal | None:
        return Decimal(self.data[name]) if name in self.data else None


def claims(came: Came) -> list[Claim]:
    """All that the lines claim, in their order; what a line says that claims nothing is added to what is wrong."""
    found: list[Claim] = []
    for one in came.filled:
        what = came.form.heading.sheets[one.sheet].what
        found += _CLAIMS[what](one, came.form.heading, came.wrong)
    return found


def key(claim: Claim, form: Form) -> str:
    """The key of a claim: the same for the same words in a line that was given out the same."""
    line = claim.filled.line
    named = digest([line.project, line.item, line.cells, line.event, line.since, claim.type, dict(claim.data)])
    return f"wb-{form.heading.period}-{named[:_DIGEST_DIGITS]}"


def body(claim: Claim, form: Form, **name: str) -> dict[str, Any]:
    """A claim as a submission, in the name of a unit, or on its behalf."""
    place = {"jurisdiction": form.heading.jurisdiction, "type": claim.type}
    return {"key": key(claim, form), **place, **name, "data": dict(claim.data)}


def through(channel: str, made: Sequence[Claim]) -> list[Claim]:
    """The same claims, their returns told through a channel: where the office enters what a unit has sent it."""
    return [replace(one, data={**one.data, "channel": channel}) if one.type == _REPORT else one for one in made]


def _of_a_line(one: Filled, heading: Heading, wrong: list[Wrong]) -> Iterator[Claim]:
    if one.changed & _OF_A_STAGE:
        yield from _stage(one, heading, wrong)
    if one.line.event:
        yield from _correction(one, heading, wrong)
    elif one.changed & _OF_A_RETURN:
        yield _report(one, heading)


def _stage(one: Filled, heading: Heading, wrong: list[Wrong]) -> Iterator[Claim]:
    if not one.values.get("stage"):
        message = "Choose the new stage to which this belongs."
        wrong.append(Wrong(one.sheet, one.row, one.places["stage"], Fault("stage_needed", "", message)))
        return
    columns: dict[str, Key] = {"stage": "stage", "on": "stage_on", "basis": "basis"}
    said, codes = _said(one, columns), {name: code for code, name in heading.bases}
    if "basis" in said:
        said["basis"] = codes.get(said["basis"], said["basis"])
    yield Claim(one, "duban.project.stage_changed.v1", {"project": one.line.project, **said}, columns)


def _correction(one: Filled, heading: Heading, wrong: list[Wrong]) -> Iterator[Claim]:
    if "investment_ytd_yuan" in one.changed:
        columns: dict[str, Key] = {"investment_ytd_yuan": "investment_ytd_yuan", "reason": "reason"}
        data = {
            "project": one.line.project, "corrected_event": one.line.event, "reason": one.values.get("reason", ""),
            **_amounts(one, ["investment_ytd_yuan"], heading.money_unit),
        }  # fmt: skip
        yield Claim(one, "duban.project.progress_corrected.v1", data, columns)
    elif one.values.get("reason"):
        message = "There is a reason, but nothing is corrected: give the other amount, or leave the reason empty."
        wrong.append(Wrong(one.sheet, one.row, one.places["reason"], Fault("nothing_corrected", "", message)))


def _report(one: Filled, heading: Heading) -> Claim:
    is_nil = one.values.get("is_nil") == "yes"
    # Of a nil return only what somebody put there counts: what the form was given out with is no claim.
    keys = [key for key in _SAID if key in one.values and (key in one.changed or not is_nil)]
    said: dict[str, Key] = {key: key for key in keys if key not in AMOUNTS}
    data: dict[str, Any] = {
        "project": one.line.project, "period": heading.period,
        "cadence": _CADENCES.dump_python(heading.cadence, mode="json"),
        **_amounts(one, keys, heading.money_unit), **_said(one, said),
    }  # fmt: skip
    if is_nil:
        data["is_nil"] = True
    return Claim(one, _REPORT, data, {key: key for key in (*_SAID, "is_nil")})


def _reached(one: Filled, _heading: Heading, _wrong: list[Wrong]) -> Iterator[Claim]:
    columns: dict[str, Key] = {"milestone": "item", "on": "reached_on"}
    data = {"project": one.line.project, "milestone": one.line.item, **_said(one, {"on": "reached_on"})}
    if one.values.get("reached_on"):
        yield Claim(one, "duban.project.milestone_reached.v1", data, columns)


def _filed(one: Filled, _heading: Heading, _wrong: list[Wrong]) -> Iterator[Claim]:
    columns: dict[str, Key] = {"permit": "item", "office": "office", "on": "filed_on"}
    line = one.line
    data = {"project": line.project, "permit": line.item, "office": line.office, **_said(one, {"on": "filed_on"})}
    if one.values.get("filed_on"):
        yield Claim(one, "duban.permit.permit_filed.v1", data, columns)


def _said(one: Filled, columns: Mapping[str, Key]) -> dict[str, str]:
    """The fields that a line says something in."""
    return {name: one.values[key] for name, key in columns.items() if one.values.get(key)}


def _amounts(one: Filled, keys: Sequence[Key], unit: MoneyUnit) -> dict[str, str]:
    """The amounts that a line names, in yuan."""
    said = {key: one.values[key] for key in keys if key in AMOUNTS and one.values.get(key)}
    return {key: plain(EXACT.multiply(Decimal(text), YUAN_PER[unit])) for key, text in said.items()}


_CLAIMS = {"return": _of_a_line, "milestones": _reached, "permits": _filed}
