"""What must be true for each kind of submission, and who may make it."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from zoneinfo import ZoneInfo

from services.intake.domain.adoption import regime_sound
from services.intake.domain.ledger import Correctable, ReturnMade
from services.intake.domain.plausible import bad_year, is_plausible
from services.intake.domain.submission import Case
from shared.core.calendar import Cadence, Period
from shared.core.declared import faults as faults_of_declared
from shared.core.errors import Fault
from shared.core.events import (
    SHAPES,
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
from shared.core.register import Posts, Project, holders, listing_of, opening, posts_of, published_list, regime_for

OFFICE_POSTS = frozenset({"supervisor", "unit_head", "deputy"})
"""The posts of the supervision office that may register, list, plan, adopt and appoint; others there may not."""

RETRYABLE = frozenset({"unknown_draft"})
"""Refusals that may turn into an acceptance by themselves: the draft may not have arrived yet."""


Faults = Iterator[Fault]
_Rule = Callable[[Case], Faults]


def check(case: Case) -> Faults:
    """Every reason against a submission whose sender holds a post in the unit that it names."""
    for rule in _RULES[type(case.data)]:
        yield from rule(case)


def _may_open(case: Case) -> Faults:
    data: JurisdictionOpened = case.data
    try:
        ZoneInfo(data.time_zone)
    except (KeyError, ValueError, OSError):
        yield Fault("unknown_time_zone", "/data/time_zone", "No time zone is named {name}.", {"name": data.time_zone})
    if not 0 <= data.partition < 16:
        yield Fault("no_such_partition", "/data/partition", "Partitions are 0 to 15.")


# --- who may ---------------------------------------------------------------------------------------------------------


def _by_the_office(case: Case) -> Faults:
    unit = case.ledger.get(UnitRegistered, case.submission.unit)
    held = {post for post, of, _ in posts_of(case.ledger, case.submission.actor) if of == case.submission.unit}
    if unit is None or unit.kind != "supervision_office" or not held & OFFICE_POSTS:
        yield Fault("not_the_office", "/unit", "Only the supervision office may record this.")


def _by_the_lead_unit(case: Case) -> Faults:
    project, unit = case.ledger.get(Project, case.data.project), case.submission.unit
    if project and unit not in _units_of(case.ledger, project):
        yield Fault("not_your_project", "/data/project", "The project is not one of {unit}.", {"unit": unit})


def _units_of(ledger: Ledger, project: Project) -> set[str]:
    """The lead and supporting units of a project on any list and in any year on which it stands.

    And whoever reports for a group of units (000-4b: 由协作组牵头单位上报).
    """
    code = project.listing.project
    listings = [listing_of(ledger, on_list, year, code) for on_list, year in project.listed_on]
    units = {unit for one in listings for unit in (one.lead_unit, *one.supporting_units)}
    return units | {*holders(ledger, code, "reporting_lead")}


def _by_the_step(case: Case) -> Faults:
    step, held = case.data.step, posts_of(case.ledger, case.submission.actor)
    if (step, case.submission.unit) not in {(post, unit) for post, unit, _ in held}:
        yield Fault("not_your_step", "/data/step", "You do not hold the post of {step}.", {"step": step})


def _by_the_addressee(case: Case) -> Faults:
    drafted, unit = case.drafted, case.submission.unit
    if drafted and drafted.unit != unit:
        yield Fault("not_the_addressee", "/data/notice", "The notice is not addressed to {unit}.", {"unit": unit})


# --- who is who ------------------------------------------------------------------------------------------------------


def _unit_new(case: Case) -> Faults:
    # A unit's events would change their meaning, and the office could lose its own kind.
    if case.ledger.get(UnitRegistered, case.data.code) is not None:
        message = "A unit with the code {code} is registered already."
        yield Fault("already_registered", "/data/code", message, {"code": case.data.code})


def _units_known(case: Case) -> Faults:
    named = {field: getattr(case.data, field, None) for field in ("unit", "lead_unit")}
    named |= {f"supporting_units/{place}": code for place, code in enumerate(_supporting_units(case.data))}
    for pointer, code in named.items():
        if code is not None and case.ledger.get(UnitRegistered, code) is None:
            yield Fault("unknown_unit", f"/data/{pointer}", "No unit has the code {code}.", {"code": code})


def _supporting_units(data: object) -> Sequence[str]:
    return data.supporting_units if isinstance(data, ProjectListed) else ()


def _post_held(case: Case) -> Faults:
    data: PostEnded = case.data
    post = (data.post, data.unit, data.project)
    if post not in posts_of(case.ledger, data.person):
        yield Fault("no_such_post", "/data/post", "The person does not hold this post.")
    elif _office_posts(case.ledger) == [(data.person, post)]:
        yield Fault("nobody_left", "/data/post", "Nobody would be left in the supervision office.")


def _office_posts(ledger: Ledger) -> list[tuple[str, tuple[str, str, str]]]:
    offices = {code for code, unit in ledger.all(UnitRegistered).items() if unit.kind == "supervision_office"}
    posts = ((person, post) for person, kept in ledger.all(Posts).items() for post in kept.held)
    return [(person, post) for person, post in posts if post[1] in offices]


# --- what is listed and planned --------------------------------------------------------------------------------------


def _list_published(case: Case) -> Faults:
    data: ProjectListed = case.data
    if published_list(case.ledger, data.list, data.year) is None:
        named = {"list": data.list, "year": str(data.year)}
        yield Fault("unknown_list", "/data/list", "List {list} is not published for {year}.", named)


def _project_known(case: Case) -> Faults:
    code = case.data.project
    if code and case.ledger.get(Project, code) is None:
        yield Fault("unknown_project", "/data/project", "No project has the code {code}.", {"code": code})


def _project_on_list(case: Case) -> Faults:
    data: PlanSet = case.data
    project = case.ledger.get(Project, data.project)
    if project and (data.list, data.year) not in project.listed_on:
        named = {"list": data.list, "year": str(data.year)}
        yield Fault("not_on_list", "/data/project", "The project is not on list {list} of {year}.", named)


def _planned_in_order(case: Case) -> Faults:
    start, completion = case.data.planned_start_on, case.data.planned_completion_on
    if start and completion and completion < start:
        message = "The planned completion lies before the planned start."
        yield Fault("completes_before_start", "/data/planned_completion_on", message)


def _year_plausible(case: Case) -> Faults:
    if not is_plausible(case.data.year):
        yield bad_year("/data/year")


def _declared_readable(case: Case) -> Faults:
    yield from faults_of_declared(case.data.declared, under="/data/declared")


# --- what is reported ------------------------------------------------------------------------------------------------


def _stage_reached(case: Case) -> Faults:
    if case.data.on > case.today:
        yield Fault("in_the_future", "/data/on", "What is reported must have happened.")


def _return_well_formed(case: Case) -> Faults:
    data: ProgressReported = case.data
    yield from _period_well_formed(case, data)
    if data.is_nil and data.investment_ytd_yuan is not None:
        yield Fault("nil_with_amount", "/data/investment_ytd_yuan", "A nil return carries no amount.")
    if not data.is_nil and data.investment_ytd_yuan is None:
        message = "Give the investment of the year to date, or a nil return."
        yield Fault("amount_needed", "/data/investment_ytd_yuan", message)
    if case.ledger.get(ReturnMade, f"{data.project}/{data.period}") is not None:
        yield Fault("already_reported", "/data/period", "The project has a return for this period: correct it instead.")


def _period_well_formed(case: Case, data: ProgressReported) -> Faults:
    try:
        period = Period.parse(data.period)
    except ValueError:
        message = "A period reads 2026-03-05, 2026-W10, 2026-03-T1, 2026-03-M1, 2026-03, 2026-Q1, 2026-H1 or 2026."
        yield Fault("bad_period", "/data/period", message)
        return
    if not is_plausible(period.year):
        yield bad_year("/data/period")
    if period.cadence != data.cadence:
        yield Fault("bad_period", "/data/cadence", "The period is not {cadence}.", {"cadence": str(data.cadence)})
    asked = _cadences(case, period)
    if asked and data.cadence not in asked:
        message = "The list asks for no {cadence} return of this project."
        yield Fault("not_asked_for", "/data/cadence", message, {"cadence": str(data.cadence)})
    if period.first_day > case.today:
        yield Fault("period_not_begun", "/data/period", "The period has not begun.")


def _cadences(case: Case, period: Period) -> set[Cadence]:
    """The cadences that the regimes of a project's lists of the year ask for; none where no regime is adopted."""
    project = case.ledger.get(Project, case.data.project)
    lists = {code for code, year in project.listed_on if year == period.year} if project else set()
    regimes = (regime_for(case.ledger, code, period) for code in lists)
    return {reporting.cadence for regime in regimes if regime for reporting in regime.reporting}


def _correctable(case: Case) -> Faults:
    data: ProgressCorrected = case.data
    of = case.ledger.get(Correctable, data.corrected_event)
    made = case.ledger.get(ReturnMade, f"{of.project}/{of.period}") if of and of.project == data.project else None
    if made is None or made.event != data.corrected_event:
        yield Fault("no_such_return", "/data/corrected_event", "No return of this project has this event.")
    if not data.reason.strip():
        yield Fault("reason_needed", "/data/reason", "A correction needs its reason.")


# --- days and time ---------------------------------------------------------------------------------------------------


def _days_sound(case: Case) -> Faults:
    data: CalendarPublished = case.data
    for day in sorted({*data.days_off} & {*data.make_up_days}):
        yield Fault("day_twice", "/data/make_up_days", "{day} cannot be both off and worked.", {"day": day.isoformat()})
    for field in ("days_off", "make_up_days"):
        for place, day in enumerate(getattr(data, field)):
            # The holidays of a new year may begin in the old one.
            if day.year not in {data.year, data.year - 1}:
                message = "The day is not one of the calendar's year."
                yield Fault("day_of_another_year", f"/data/{field}/{place}", message)


def _clock_moves_on(case: Case) -> Faults:
    is_clock, is_live = case.submission.is_clock, opening(case.ledger).mode == "live"
    if not is_clock:
        yield from _by_the_office(case)
    if is_clock != is_live:
        yield Fault("clock_not_movable", "/data/at", "Only a simulated or imported jurisdiction may move its clock.")
    elif case.data.at < case.ledger.clock:
        stands = {"clock": case.ledger.clock.isoformat()}
        yield Fault("clock_goes_back", "/data/at", "The clock stands at {clock} already.", stands)


# --- drafts and notices ----------------------------------------------------------------------------------------------


def _draft_as_seen(case: Case) -> Faults:
    drafted, pointer = case.drafted, f"/data/{SHAPES[type(case.data)].entity}"
    if drafted is None or not (drafted.sign_off or drafted.is_done):
        yield Fault("unknown_draft", pointer, "No such draft has arrived yet.")
    elif drafted.is_done or len(drafted.signed) >= len(drafted.sign_off):
        yield Fault("already_signed", pointer, "It is signed already.")
    elif drafted.digest != case.data.draft_digest:
        yield Fault("draft_superseded", "/data/draft_digest", "The draft has changed since you saw it.")
    elif (turn := drafted.sign_off[len(drafted.signed)]) != case.data.step:
        yield Fault("out_of_turn", "/data/step", "It is the turn of the {step}.", {"step": turn})
    elif drafted.parked_count:
        yield Fault("list_has_parked_events", pointer, "Nothing is sealed while events of its list are parked.")


def _notice_known(case: Case) -> Faults:
    if case.drafted is None or not case.drafted.is_done:
        yield Fault("unknown_draft", "/data/notice", "No such notice was served yet.")


_RULES: Mapping[type, tuple[_Rule, ...]] = {
    JurisdictionOpened: (_may_open,),
    RegimeAdopted: (_by_the_office, regime_sound),
    CalendarPublished: (_by_the_office, _year_plausible, _days_sound),
    UnitRegistered: (_by_the_office, _unit_new),
    PostAssigned: (_by_the_office, _units_known, _project_known),
    PostEnded: (_by_the_office, _post_held),
    ListPublished: (_by_the_office, _year_plausible, _declared_readable),
    ProjectListed: (_by_the_office, _list_published, _units_known, _planned_in_order),
    PlanSet: (_by_the_office, _project_known, _project_on_list),
    StageChanged: (_project_known, _by_the_lead_unit, _stage_reached),
    ProgressReported: (_project_known, _by_the_lead_unit, _return_well_formed),
    ProgressCorrected: (_project_known, _by_the_lead_unit, _correctable),
    NoticeApproved: (_by_the_step, _draft_as_seen),
    NoticeSignedFor: (_by_the_addressee, _notice_known),
    BulletinApproved: (_by_the_step, _draft_as_seen),
    TimeReached: (_clock_moves_on,),
}

TAKEN = frozenset(_RULES)
"""What may be submitted. Other events of the record come in by import, where their own rules are not asked."""
