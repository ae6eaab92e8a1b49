"""What scoring remembers from close to close: how often a rule has held, and which lights were shown."""

from dataclasses import dataclass

from shared.core.regime.due import Cadence
from shared.core.regime.terms import LightName, SubjectKind


@dataclass(frozen=True, slots=True)
class Streak:
    """At how many closes in a row a rule has held for a subject, at which the last time, and at which it held lately.

    Kept under `list/rule/subject`.
    """

    count: int
    last_period: str
    recent: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Lit:
    """A light at a close: by its own condition, and as shown."""

    period: str
    own: LightName
    shown: LightName


@dataclass(frozen=True, slots=True)
class Lights:
    """The lights of a subject at the closes of one cadence, oldest first. Kept under `list/cadence/kind/subject`."""

    lit: tuple[Lit, ...]


def lights_of(code: str, cadence: Cadence, kind: SubjectKind, subject: str) -> str:
    """The key of a subject's lights: what a light was at the month's end says nothing of the light of a quarter."""
    return f"{code}/{cadence}/{kind}/{subject}"
