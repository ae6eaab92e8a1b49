"""What `try` says: who would have moved under a draft regime, what would have been hit, opened, drafted. Published.

Fields are added, never renamed or removed. Numbers are unrounded, as text, null where unknown; beside them as they
print. `in_force` is what the record came to under its own rules, `draft` what it comes to under the draft.
"""

import json
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from deploy.local.evaluation import open_ended
from shared.infra.wire import adapter

FORMAT: Literal["duban.trial.v1"] = "duban.trial.v1"
Side = Literal["in_force", "draft"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """`about` is `rank`, `band`, `light`, `measure:<name>` or `points:<component>`."""

    about: str
    in_force: str | None
    draft: str | None
    in_force_displayed: str
    draft_displayed: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """A subject at the last draw of a period, with every number that is another under the draft."""

    period: str
    subject_kind: str
    subject: str
    name: str
    lane: str
    changes: tuple[Change, ...]

    def of(self, about: str) -> Change | None:
        return next((one for one in self.changes if one.about == about), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Differs:
    """What one side alone would have brought about.

    `kind`: a rule `hit`, a `matter` proposed, a `notice` or a `bulletin` drafted, a `reminder` sent. `what`: the rule,
    the step or the kind of bulletin.
    """

    only: Side
    kind: Literal["hit", "matter", "notice", "reminder", "bulletin"]
    period: str
    what: str
    subject: str
    name: str
    unit: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OtherBulletin:
    """A bulletin that both sides draft, and the parts of it that would read otherwise."""

    bulletin: str
    title: str
    period: str
    parts: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Undecided:
    """A rule of which it cannot be said whether it holds, for want of facts."""

    side: Side
    period: str
    rule: str
    subject: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    regime: str
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """Both folds of one record compared in a window.

    Without `from_on` the draft stands in the place of every regime of the list; with it, of those from that day on.
    `parked`: how many events of the record only one side could not apply: acts on drafts that it never made.
    """

    format: Literal["duban.trial.v1"]
    jurisdiction: str
    list: str
    position: int
    from_on: date | None
    to_on: date | None
    in_force: Rules
    draft: Rules
    periods: tuple[str, ...]
    moved: tuple[Moved, ...]
    differs: tuple[Differs, ...]
    bulletins: tuple[OtherBulletin, ...]
    undecided: tuple[Undecided, ...]
    parked_in_force: int
    parked_draft: int


def as_json(trial: Trial, *, indent: int | None = 1) -> str:
    return json.dumps(adapter(Trial).dump_python(trial), default=str, ensure_ascii=False, indent=indent)


def trial_schema() -> dict[str, Any]:
    """The JSON Schema of what `try --json` prints."""
    schema = adapter(Trial).json_schema(mode="serialization")
    draft = "https://json-schema.org/draft/2020-12/schema"
    return {"$schema": draft, "$id": "urn:duban:schema:trial", **open_ended(schema)}
