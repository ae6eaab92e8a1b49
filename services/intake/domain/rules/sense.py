"""Does it say something, of something new, in the order in which things happen? What rules of several parts ask."""

import re
from collections.abc import Iterator, Sequence
from datetime import date

from services.intake.domain.plausible import BAD_CODE, bad_year, is_plausible
from services.intake.domain.rules.references import Faults, Rule
from services.intake.domain.submission import CODE, Case
from shared.core.errors import Fault, Term
from shared.core.events import UnitClosed
from shared.core.ledger import Ledger
from shared.core.regime.management import Duty
from shared.core.regime.model import Regime
from shared.core.register import Adopted, Project, regime_at


def is_new(of: type, field: str) -> Rule:
    """Nothing has the code yet that this gives to something."""

    def new(case: Case) -> Faults:
        if case.ledger.get(of, code := getattr(case.data, field)) is not None:
            yield known_already(f"/data/{field}", code)

    return new


def known_already(pointer: str, code: str) -> Fault:
    return Fault("already_known", pointer, "{code} is recorded already: give another code.", {"code": code})


def new_ids(case: Case, ids: Sequence[str], pointer: str, *of: type) -> Faults:
    """The parts of an event have ids that are codes, that differ, and under which nothing else is known."""
    for place, one in enumerate(ids):
        if not CODE.fullmatch(one):
            yield Fault("bad_code", f"{pointer}/{place}/id", BAD_CODE)
        elif one in ids[:place] or any(case.ledger.get(kind, one) for kind in of):
            yield known_already(f"{pointer}/{place}/id", one)


_NOTICE = re.compile("n-[0-9a-f]{20}")


def no_notice_s(pointer: str, matter: str) -> Faults:
    """An objection names a matter or a notice: one code is not both."""
    if _NOTICE.fullmatch(matter):
        yield Fault("reserved_code", pointer, "Codes of this form are those of notices.")


def says(*fields: str) -> Rule:
    """None of these texts, or of several texts in one field, is empty."""

    def said(case: Case) -> Faults:
        for field in fields:
            found = getattr(case.data, field)
            if isinstance(found, str):
                yield from not_empty(f"/data/{field}", found)
            elif not found:
                yield from not_empty(f"/data/{field}", "")
            for place, one in enumerate(found if isinstance(found, tuple) else ()):
                yield from not_empty(f"/data/{field}/{place}", one)

    return said


def not_empty(pointer: str, text: str) -> Faults:
    if not text.strip():
        yield Fault("text_needed", pointer, "This must not be empty.")


def not_before(pointer: str, day: date | None, earliest: date | None) -> Faults:
    """A day does not lie before another on which it depends. What nobody has said lies nowhere."""
    if day is not None and earliest is not None and day < earliest:
        depends = {"day": earliest.isoformat()}
        yield Fault("too_early", pointer, "This day must not lie before {day}.", depends)


def regimes_of(case: Case, *projects: str) -> Iterator[Regime]:
    """The regimes in force for the lists of some projects; where none is named, those of all lists."""
    for code in sorted(_lists(case.ledger, projects)):
        if regime := regime_at(case.ledger, code, case.at):
            yield regime


def _lists(ledger: Ledger, projects: tuple[str, ...]) -> set[str]:
    if not projects:
        return {*ledger.all(Adopted)}
    known = (ledger.get(Project, one) for one in projects)
    return {code for one in known if one for code, _ in one.listed_on}


def regime_of(case: Case, code: str) -> Regime | None:
    """The rules of a list now, as far as any are adopted."""
    return regime_at(case.ledger, code, case.at) if code else None


def out_of_turn(whose: Sequence[str], step: str) -> Faults:
    """Whether a step of a chain is not one of those whose turn it is."""
    if not whose:
        yield Fault("already_decided", "/data/step", "All steps are decided already.")
    elif step not in whose:
        turn = Term(" / ".join(whose))
        yield Fault("out_of_turn", "/data/step", "It is the turn of the {step}.", {"step": turn})


def forums_of(duty: Duty) -> tuple[str, ...]:
    """The forums that a duty to meet names."""
    named = (duty.where or {}).get("forum", ())
    return (named,) if isinstance(named, str) else named if isinstance(named, tuple) else ()


def year_plausible(case: Case) -> Faults:
    if not is_plausible(case.data.year):
        yield bad_year("/data/year")


def no_flags(case: Case) -> Faults:
    if case.data.flags:
        yield Fault("flags_not_yours", "/data/flags", "Flags are found by the system: leave them out.")


def still_open(case: Case, pointer: str, unit: str) -> Faults:
    """A unit that is closed is given nothing more."""
    if case.ledger.get(UnitClosed, unit) is not None:
        yield Fault("unit_closed", pointer, "The unit {unit} is closed.", {"unit": unit})


def to_an_open_unit(case: Case) -> Faults:
    yield from still_open(case, "/data/unit", case.data.unit)
