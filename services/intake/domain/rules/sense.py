"""Does it say something, of something new, in the order in which things happen? What rules of several parts ask."""

import re
from collections.abc import Iterator, Sequence
from datetime import date

from services.intake.domain.plausible import BAD_CODE
from services.intake.domain.rules.references import Faults, Rule
from services.intake.domain.submission import CODE, Case
from shared.core.errors import Fault
from shared.core.ledger import Ledger
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
