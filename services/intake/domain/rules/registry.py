"""What must be true of the place itself: its opening, units, posts, rules, calendars, clock, tokens."""

from zoneinfo import ZoneInfo

from services.intake.domain.capacity import HEADS
from services.intake.domain.known.projects import handles
from services.intake.domain.rules.adoption import regime_sound
from services.intake.domain.rules.references import Faults, Rules
from services.intake.domain.rules.sense import says, still_open, to_an_open_unit, year_plausible
from services.intake.domain.submission import Case
from shared.core.errors import Fault
from shared.core.events import (
    CalendarPublished,
    JurisdictionOpened,
    OverrideUsed,
    PostAssigned,
    PostEnded,
    RegimeAdopted,
    TimeReached,
    TokenRevoked,
    UnitClosed,
    UnitRegistered,
    UnitRenamed,
)
from shared.core.ledger import Ledger
from shared.core.register import Posts, Project, opening, posts_of


def _may_open(case: Case) -> Faults:
    data: JurisdictionOpened = case.data
    try:
        ZoneInfo(data.time_zone)
    except (KeyError, ValueError, OSError):
        yield Fault("unknown_time_zone", "/data/time_zone", "No time zone is named {name}.", {"name": data.time_zone})
    if not 0 <= data.partition < 16:
        yield Fault("no_such_partition", "/data/partition", "Partitions are 0 to 15.")


# --- who is who ------------------------------------------------------------------------------------------------------


def _unit_new(case: Case) -> Faults:
    # A unit's events would change their meaning, and the office could lose its own kind.
    if case.ledger.get(UnitRegistered, case.data.code) is not None:
        message = "A unit with the code {code} is registered already."
        yield Fault("already_registered", "/data/code", message, {"code": case.data.code})


def _unit_known(case: Case) -> Faults:
    if case.ledger.get(UnitRegistered, code := case.data.code) is None:
        yield Fault("unknown_unit", "/data/code", "No unit has the code {code}.", {"code": code})


def _unit_open(case: Case) -> Faults:
    yield from still_open(case, "/data/code", case.data.code)


def _succeeded_by_another(case: Case) -> Faults:
    data: UnitClosed = case.data
    if data.successor == data.code:
        yield Fault("own_successor", "/data/successor", "A unit that is closed cannot succeed itself.")
    else:
        yield from still_open(case, "/data/successor", data.successor)


def _office_stays(case: Case) -> Faults:
    """Nobody closes the last supervision office that has somebody: nothing more could be decided."""
    if {unit for _, (_, unit, _) in _office_posts(case.ledger)} == {case.data.code}:
        yield _nobody_left("/data/code")


def _may_give(case: Case) -> Faults:
    """A unit's head names its clerks; who heads, reviews, inspects or signs the office says."""
    if "supervision_office" not in case.capacities and case.data.post not in _GIVEN_BY_HEADS:
        message = (
            "The head of a unit gives and ends the posts of reporter and liaison; this one the supervision office."
        )
        yield Fault("not_yours_to_give", "/data/post", message)


def _for_own_projects(case: Case) -> Faults:
    """Whoever is named for a project takes the place of those whom its lead unit has for all."""
    data: PostAssigned = case.data
    is_known, is_office = case.ledger.get(Project, data.project) is not None, "supervision_office" in case.capacities
    if is_known and not is_office and not handles(case.ledger, data.project, data.unit):
        yield Fault("not_your_project", "/data/project", "The project is not one of {unit}.", {"unit": data.unit})


def _post_held(case: Case) -> Faults:
    data: PostEnded = case.data
    post = (data.post, data.unit, data.project)
    if post not in posts_of(case.ledger, data.person):
        yield Fault("no_such_post", "/data/post", "The person does not hold this post.")
    elif _office_posts(case.ledger) == [(data.person, post)]:
        yield _nobody_left("/data/post")


_GIVEN_BY_HEADS = frozenset({"reporter", "liaison"})


def _nobody_left(pointer: str) -> Fault:
    return Fault("nobody_left", pointer, "Nobody would be left in the supervision office.")


def _office_posts(ledger: Ledger) -> list[tuple[str, tuple[str, str, str]]]:
    """The posts of whoever acts for a supervision office that is not closed: drafters and clerks there do not."""
    offices = {
        code
        for code, unit in ledger.all(UnitRegistered).items()
        if unit.kind == "supervision_office" and ledger.get(UnitClosed, code) is None
    }
    posts = ((person, post) for person, kept in ledger.all(Posts).items() for post in kept.held)
    return [(person, post) for person, post in posts if post[0] in HEADS and post[1] in offices]


def _names_whose_token(case: Case) -> Faults:
    if not (case.data.token or case.data.person):
        yield Fault("nobody_named", "/data/token", "Name the token, or the person whose tokens are revoked.")


def _by_whom_it_is_told(case: Case) -> Faults:
    """Only an import, which speaks for what others did in their time, tells of another's override."""
    is_live = opening(case.ledger).mode == "live"
    if is_live and case.data.by != case.submission.actor:
        yield Fault("not_yourself", "/data/by", "You may record this of yourself only.")


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
    if is_clock != is_live:
        yield Fault("clock_not_movable", "/data/at", "Only a simulated or imported jurisdiction may move its clock.")
    elif case.data.at < case.ledger.clock:
        stands = {"clock": case.ledger.clock.isoformat()}
        yield Fault("clock_goes_back", "/data/at", "The clock stands at {clock} already.", stands)


RULES: Rules = {
    JurisdictionOpened: (_may_open,),
    RegimeAdopted: (regime_sound,),
    CalendarPublished: (year_plausible, _days_sound),
    UnitRegistered: (_unit_new, says("name")),
    UnitRenamed: (_unit_known, _unit_open, says("name")),
    UnitClosed: (_unit_known, _unit_open, _succeeded_by_another, _office_stays),
    PostAssigned: (to_an_open_unit, _may_give, _for_own_projects),
    PostEnded: (_post_held, _may_give),
    TokenRevoked: (_names_whose_token, says("reason")),
    OverrideUsed: (_by_whom_it_is_told, says("reason")),
    TimeReached: (_clock_moves_on,),
}
