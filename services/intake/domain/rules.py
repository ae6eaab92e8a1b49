"""What must be true for each kind of submission, and who may make it."""

from collections.abc import Callable, Iterator, Mapping
from datetime import time
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from services.intake.domain.ledger import Correctable, Drafted, ReturnMade
from services.intake.domain.submission import Submission
from shared.core.calendar import Period, instant
from shared.core.errors import Fault
from shared.core.events import (
    BulletinApproved,
    CalendarPublished,
    JurisdictionOpened,
    ListPublished,
    NoticeApproved,
    NoticeSignedFor,
    PlanSet,
    PostAssigned,
    PostEnded,
    ProgressCorrected,
    ProgressReported,
    ProjectListed,
    RegimeAdopted,
    StageChanged,
    TimeReached,
    UnitRegistered,
)  # fmt: skip
from shared.core.ledger import Ledger
from shared.core.moments import agenda
from shared.core.regime import check as regime_check
from shared.core.register import Project, opening, posts_of, published_list, zone_of

Faults = Iterator[Fault]

RETRYABLE = frozenset({"unknown_draft"})
"""Refusals that may turn into an acceptance by themselves: the draft may not have arrived yet."""


def check(submission: Submission, ledger: Ledger) -> Faults:
    """Every reason against a submission whose sender holds a post in the unit that it names."""
    if isinstance(submission.data, JurisdictionOpened):
        yield from _may_open(submission.data)
        return
    for rule in _RULES[type(submission.data)]:
        yield from rule(submission, ledger)


def _may_open(data: JurisdictionOpened) -> Faults:
    try:
        ZoneInfo(data.time_zone)
    except (ZoneInfoNotFoundError, ValueError):
        yield Fault("unknown_time_zone", "/data/time_zone", "No time zone is named {name}.", {"name": data.time_zone})
    if not 0 <= data.partition < 16:
        yield Fault("no_such_partition", "/data/partition", "Partitions are 0 to 15.")


# --- who may ---------------------------------------------------------------------------------------------------------


def _by_the_office(submission: Submission, ledger: Ledger) -> Faults:
    unit = ledger.get(UnitRegistered, submission.unit)
    if unit is None or unit.kind != "supervision_office":
        yield Fault("not_the_office", "/unit", "Only the supervision office may record this.")


def _by_the_lead_unit(submission: Submission, ledger: Ledger) -> Faults:
    project = ledger.get(Project, submission.data.project)  # type: ignore[union-attr]
    if project and submission.unit not in {project.listing.lead_unit, *project.listing.supporting_units}:
        yield Fault("not_your_project", "/data/project", "The project is not one of {unit}.", {"unit": submission.unit})


def _by_the_step(submission: Submission, ledger: Ledger) -> Faults:
    step = submission.data.step  # type: ignore[union-attr]
    if (step, submission.unit) not in {(post, unit) for post, unit, _ in posts_of(ledger, submission.actor)}:
        yield Fault("not_your_step", "/data/step", "You do not hold the post of {step}.", {"step": step})


def _by_the_addressee(submission: Submission, ledger: Ledger) -> Faults:
    drafted = ledger.get(Drafted, submission.data.notice)  # type: ignore[union-attr]
    if drafted and drafted.unit != submission.unit:
        yield Fault(
            "not_the_addressee", "/data/notice", "The notice is not addressed to {unit}.", {"unit": submission.unit}
        )


# --- what must be true -----------------------------------------------------------------------------------------------


def _unit_known(submission: Submission, ledger: Ledger) -> Faults:
    for field in ("unit", "lead_unit"):
        code = getattr(submission.data, field, None)
        if code is not None and ledger.get(UnitRegistered, code) is None:
            yield Fault("unknown_unit", f"/data/{field}", "No unit has the code {code}.", {"code": code})


def _post_held(submission: Submission, ledger: Ledger) -> Faults:
    data: PostEnded = submission.data  # type: ignore[assignment]
    if (data.post, data.unit, data.project) not in posts_of(ledger, data.person):
        yield Fault("no_such_post", "/data/post", "The person does not hold this post.")


def _list_published(submission: Submission, ledger: Ledger) -> Faults:
    data: ProjectListed | PlanSet = submission.data  # type: ignore[assignment]
    if published_list(ledger, data.list, data.year) is None:
        yield Fault(
            "unknown_list",
            "/data/list",
            "List {list} is not published for {year}.",
            {"list": data.list, "year": str(data.year)},
        )


def _project_known(submission: Submission, ledger: Ledger) -> Faults:
    code = submission.data.project  # type: ignore[union-attr]
    if ledger.get(Project, code) is None:
        yield Fault("unknown_project", "/data/project", "No project has the code {code}.", {"code": code})


def _project_on_list(submission: Submission, ledger: Ledger) -> Faults:
    data: PlanSet = submission.data  # type: ignore[assignment]
    project = ledger.get(Project, data.project)
    if project and (data.list, data.year) not in project.listed_on:
        yield Fault(
            "not_on_list",
            "/data/project",
            "The project is not on list {list} of {year}.",
            {"list": data.list, "year": str(data.year)},
        )


def _amounts_not_negative(submission: Submission, _: Ledger) -> Faults:
    for field in submission.data.__dataclass_fields__:
        value = getattr(submission.data, field)
        if (
            field.endswith(("_yuan", "_ratio"))
            and isinstance(value, Decimal)
            and not (value.is_finite() and value >= 0)
        ):
            yield Fault("negative_amount", f"/data/{field}", "An amount is not negative.")


def _year_plausible(submission: Submission, _: Ledger) -> Faults:
    if not 1949 <= submission.data.year <= 2199:  # type: ignore[union-attr]
        yield Fault("bad_year", "/data/year", "The year must lie between 1949 and 2199.")


def _return_well_formed(submission: Submission, ledger: Ledger) -> Faults:
    data: ProgressReported = submission.data  # type: ignore[assignment]
    try:
        period = Period.parse(data.period)
    except ValueError:
        yield Fault("bad_period", "/data/period", "A period reads 2026-03, 2026-Q1, 2026-H1 or 2026.")
        return
    if period.cadence != data.cadence:
        yield Fault("bad_period", "/data/cadence", "The period is not {cadence}.", {"cadence": data.cadence})
    if period.first_day > ledger.clock.astimezone(zone_of(ledger)).date():
        yield Fault("period_not_begun", "/data/period", "The period has not begun.")
    if data.is_nil and data.investment_ytd_yuan is not None:
        yield Fault("nil_with_amount", "/data/investment_ytd_yuan", "A nil return carries no amount.")
    if not data.is_nil and data.investment_ytd_yuan is None:
        yield Fault(
            "amount_needed", "/data/investment_ytd_yuan", "Give the investment of the year to date, or a nil return."
        )
    if ledger.get(ReturnMade, f"{data.project}/{data.period}") is not None:
        yield Fault("already_reported", "/data/period", "The project has a return for this period: correct it instead.")


def _correctable(submission: Submission, ledger: Ledger) -> Faults:
    data: ProgressCorrected = submission.data  # type: ignore[assignment]
    made = ledger.get(Correctable, data.corrected_event)
    if made is None or made.project != data.project:
        yield Fault("no_such_return", "/data/corrected_event", "No return of this project has this event.")
    if not data.reason.strip():
        yield Fault("reason_needed", "/data/reason", "A correction needs its reason.")


def _regime_sound(submission: Submission, ledger: Ledger) -> Faults:
    data: RegimeAdopted = submission.data  # type: ignore[assignment]
    for fault in regime_check.faults(data.regime):
        yield Fault(fault.code, f"/data/regime{fault.pointer}", fault.message, fault.values)
    starts = instant(data.effective_on, time(0), zone_of(ledger))
    closes = [
        one.at for one in agenda(ledger) if one.list == data.list and one.kind == "close" and one.at <= ledger.clock
    ]
    if closes and starts < closes[-1]:
        yield Fault("effective_too_early", "/data/effective_on", "A regime cannot apply before the list's last close.")


def _days_distinct(submission: Submission, _: Ledger) -> Faults:
    data: CalendarPublished = submission.data  # type: ignore[assignment]
    for day in sorted({*data.days_off} & {*data.make_up_days}):
        yield Fault("day_twice", "/data/make_up_days", "{day} cannot be both off and worked.", {"day": day.isoformat()})


def _clock_moves_on(submission: Submission, ledger: Ledger) -> Faults:
    data: TimeReached = submission.data  # type: ignore[assignment]
    if not submission.is_clock:
        yield from _by_the_office(submission, ledger)
    if not submission.is_clock and opening(ledger).mode == "live":
        yield Fault("clock_not_movable", "/data/at", "Only a simulated or imported jurisdiction may move its clock.")
    elif data.at < ledger.clock:
        yield Fault(
            "clock_goes_back", "/data/at", "The clock stands at {clock} already.", {"clock": ledger.clock.isoformat()}
        )


def _draft_as_seen(submission: Submission, ledger: Ledger) -> Faults:
    data: NoticeApproved | BulletinApproved = submission.data  # type: ignore[assignment]
    pointer = "/data/notice" if isinstance(data, NoticeApproved) else "/data/bulletin"
    drafted = ledger.get(Drafted, getattr(data, pointer.rpartition("/")[2]))
    if drafted is None:
        yield Fault("unknown_draft", pointer, "No such draft has arrived yet.")
    elif drafted.is_done or len(drafted.signed) == len(drafted.sign_off):
        yield Fault("already_signed", pointer, "It is signed already.")
    elif drafted.digest != data.draft_digest:
        yield Fault("draft_superseded", "/data/draft_digest", "The draft has changed since you saw it.")
    elif drafted.sign_off[len(drafted.signed)] != data.step:
        yield Fault(
            "out_of_turn",
            "/data/step",
            "It is the turn of the {step}.",
            {"step": drafted.sign_off[len(drafted.signed)]},
        )
    elif drafted.parked_count:
        yield Fault("list_has_parked_events", pointer, "Nothing is sealed while events of its list are parked.")


def _notice_known(submission: Submission, ledger: Ledger) -> Faults:
    drafted = ledger.get(Drafted, submission.data.notice)  # type: ignore[union-attr]
    if drafted is None or not drafted.is_done:
        yield Fault("unknown_draft", "/data/notice", "No such notice was served yet.")


_Rule = Callable[[Submission, Ledger], Faults]
_RULES: Mapping[type[Any], tuple[_Rule, ...]] = {
    RegimeAdopted: (_by_the_office, _regime_sound),
    CalendarPublished: (_by_the_office, _year_plausible, _days_distinct),
    UnitRegistered: (_by_the_office,),
    PostAssigned: (_by_the_office, _unit_known),
    PostEnded: (_by_the_office, _post_held),
    ListPublished: (_by_the_office, _year_plausible, _amounts_not_negative),
    ProjectListed: (_by_the_office, _list_published, _unit_known, _amounts_not_negative),
    PlanSet: (_by_the_office, _project_known, _project_on_list, _amounts_not_negative),
    StageChanged: (_project_known, _by_the_lead_unit),
    ProgressReported: (_project_known, _by_the_lead_unit, _return_well_formed, _amounts_not_negative),
    ProgressCorrected: (_project_known, _by_the_lead_unit, _correctable, _amounts_not_negative),
    NoticeApproved: (_by_the_step, _draft_as_seen),
    NoticeSignedFor: (_by_the_addressee, _notice_known),
    BulletinApproved: (_by_the_step, _draft_as_seen),
    TimeReached: (_clock_moves_on,),
}
