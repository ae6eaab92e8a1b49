"""What must be true of the place itself: its opening, units, posts, rules, calendars, clock, tokens."""

from zoneinfo import ZoneInfo

from services.intake.domain.plausible import bad_year, is_plausible
from services.intake.domain.rules.adoption import regime_sound
from services.intake.domain.rules.references import Faults, Rules
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
from shared.core.register import Posts, opening, posts_of


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


def _year_plausible(case: Case) -> Faults:
    if not is_plausible(case.data.year):
        yield bad_year("/data/year")


RULES: Rules = {
    JurisdictionOpened: (_may_open,),
    RegimeAdopted: (regime_sound,),
    CalendarPublished: (_year_plausible, _days_sound),
    UnitRegistered: (_unit_new,),
    UnitRenamed: (),
    UnitClosed: (),
    PostAssigned: (),
    PostEnded: (_post_held,),
    TokenRevoked: (),
    OverrideUsed: (),
    TimeReached: (_clock_moves_on,),
}
