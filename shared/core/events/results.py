"""How a year's results become final, and what is known of results elsewhere; talks and overrides."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from shared.core.events.vocabulary import event


@event("assessment", "scheme")
@dataclass(frozen=True, slots=True, kw_only=True)
class AssessmentProposed:
    scheme: str
    list: str
    year: int
    on: date


@event("assessment", "scheme")
@dataclass(frozen=True, slots=True, kw_only=True)
class AssessmentConfirmed:
    """One step of the approval chain; the last makes the result final. The scheme may be a reward of the regime."""

    scheme: str
    list: str
    year: int
    step: str
    approved: bool
    on: date
    document_number: str = ""


@event("assessment", "scheme")
@dataclass(frozen=True, slots=True, kw_only=True)
class ExternalResultRecorded:
    """A figure or a result from outside: another assessment, a statistic. `value` is a number where it is one."""

    scheme: str
    subject: str
    result: str
    on: date
    value: Decimal | None = None


@event("assessment", "subject")
@dataclass(frozen=True, slots=True, kw_only=True)
class EligibilityLost:
    subject: str
    award: str
    reason: str
    on: date
    until_on: date | None = None


@event("assessment", "subject")
@dataclass(frozen=True, slots=True, kw_only=True)
class AwardGranted:
    subject: str
    award: str
    on: date
    document_number: str = ""


@event("notice", "notice")
@dataclass(frozen=True, slots=True, kw_only=True)
class TalkRecorded:
    """约谈记录, signed by all sides."""

    notice: str
    on: date
    persons: tuple[str, ...]
    commitments: tuple[str, ...] = ()
    signed_by: tuple[str, ...] = ()


@event("notice", "notice")
@dataclass(frozen=True, slots=True, kw_only=True)
class ReferralAnswered:
    """What a competent body did with what was referred to it, as it told the office."""

    notice: str
    by: str
    on: date
    result: str
    document_number: str = ""


@event("token")
@dataclass(frozen=True, slots=True, kw_only=True)
class TokenRevoked:
    """One token, or all that a person had until now, proves nobody in this jurisdiction any more."""

    reason: str
    token: str = ""
    person: str = ""


@event("override", "rule")
@dataclass(frozen=True, slots=True, kw_only=True)
class OverrideUsed:
    """A rule was set aside: which, by whom, and why."""

    rule: str
    by: str
    reason: str


ResultEvent = (
    AssessmentProposed | AssessmentConfirmed | ExternalResultRecorded | EligibilityLost | AwardGranted
    | TalkRecorded | ReferralAnswered | TokenRevoked | OverrideUsed
)  # fmt: skip
