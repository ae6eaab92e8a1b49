"""What must be true of objections and appeals: whose they are, in time, decided by those who took no part."""

from collections.abc import Iterable
from datetime import date

from services.intake.domain.known import Contest, Drafted, MatterLife
from services.intake.domain.rules.matters import still_on, unknown
from services.intake.domain.rules.references import Faults, Rules
from services.intake.domain.rules.sense import not_before, regime_of, says
from services.intake.domain.submission import Case
from shared.core import deadlines
from shared.core.errors import Fault
from shared.core.events import AppealDecided, AppealRequested, ObjectionDecided, ObjectionFiled
from shared.core.regime.pursuit import AppealRight
from shared.core.register import working_calendar


def _contest(case: Case) -> Contest | None:
    return case.ledger.get(Contest, case.data.matter)


def _notice(case: Case) -> Drafted | None:
    """The notice that is meant, where the code is not that of a matter."""
    found = case.ledger.get(Drafted, f"notice/{case.data.matter}")
    return found if found and found.is_done else None


def _matters(case: Case) -> Iterable[MatterLife]:
    """The matter, or those of the notice."""
    notice, life = _notice(case), case.matter
    codes = notice.matters if notice else ()
    return [one for one in (life, *(case.ledger.get(MatterLife, code) for code in codes)) if one]


def _right(case: Case) -> AppealRight | None:
    notice = _notice(case)
    lists = [notice.list] if notice else [one.list for one in _matters(case)]
    regimes = (regime_of(case, code) for code in lists)
    return next((one.appeal_right for one in regimes if one and one.appeal_right), None)


# --- filing -------------------------------------------------------------------------------------------------------


def _about_the_unit(case: Case) -> Faults:
    life, notice = case.matter, _notice(case)
    if life is None and notice is None:
        yield unknown(case)
    elif case.data.unit not in (life.units if life else (notice.unit,) if notice else ()):
        yield Fault("contested_by_another", "/data/unit", "This is not about {unit}.", {"unit": case.data.unit})


def _once_at_a_time(case: Case) -> Faults:
    contest = _contest(case)
    if contest and contest.is_open:
        yield Fault("already_contested", "/data/matter", "An objection to this waits for its decision.")
    elif contest and contest.state != "given_anew":
        message = "An objection to this was decided: ask for another body's decision instead, if none was asked for."
        yield Fault("objection_decided", "/data/matter", message)


def _objection_in_time(case: Case) -> Faults:
    notice, life = _notice(case), case.matter
    yield from _in_time(case, life.given_on if life else notice.served_on if notice else None)


def _in_time(case: Case, since: date | None) -> Faults:
    """What was told to the office is of its own day; what a unit tells itself, of today."""
    right = _right(case)
    if right is None or since is None:
        return
    last = deadlines.day_after(since, right.file_within, working_calendar(case.ledger, known_at=case.at))
    if (case.data.on if case.submission.on_behalf_of else case.today) > last:
        message = "The time for this ended on {day}."
        yield Fault("right_expired", "/data/on", message, {"day": last.isoformat()})


def _appealable(case: Case) -> Faults:
    contest = _contest(case)
    if contest is None or contest.state != "rejected":
        yield Fault("no_decided_objection", "/data/matter", "No objection to this was decided and not upheld.")
    elif contest.unit != case.data.unit:
        yield Fault("contested_by_another", "/data/unit", "This is not about {unit}.", {"unit": case.data.unit})
    else:
        yield from _in_time(case, contest.on)


# --- deciding -----------------------------------------------------------------------------------------------------


def _objection_open(case: Case) -> Faults:
    contest = _contest(case)
    if contest is None or contest.state != "filed":
        yield Fault("no_open_objection", "/data/matter", "No objection to this waits for its decision.")


def _appeal_open(case: Case) -> Faults:
    contest = _contest(case)
    if contest is None or contest.state != "appealed":
        yield Fault("no_open_appeal", "/data/matter", "No appeal about this waits for its decision.")
    elif case.data.by == contest.by:
        yield Fault("same_body", "/data/by", "An appeal is decided by another body than the objection.")


def _after_it_was_filed(case: Case) -> Faults:
    contest = _contest(case)
    if contest and contest.is_open:
        yield from not_before("/data/on", case.data.on, contest.on)


def _others_decide(case: Case) -> Faults:
    """Nobody decides on what they took part in (参与作出结论的人员回避); whoever did is named among the recused."""
    contest, right = _contest(case), _right(case)
    if case.submission.actor in case.data.recused:
        yield Fault("recused_decides", "/data/recused", "Whoever is recused does not decide: another person enters it.")
    if contest is None or not contest.is_open or right is None or right.recuse == "none":
        return
    notice = _notice(case)
    took_part = {person for one in _matters(case) for person in one.took_part} | {*contest.decided}
    took_part |= {one.person for one in notice.signers} if notice else set()
    if missing := sorted(took_part - {*case.data.recused}):
        message = "These took part and must be recused: {persons}."
        yield Fault("recusal_missing", "/data/recused", message, {"persons": ", ".join(missing)})


_DECIDED = (_after_it_was_filed, _others_decide, says("by"))

RULES: Rules = {
    ObjectionFiled: (_about_the_unit, still_on, _once_at_a_time, _objection_in_time, says("reason")),
    AppealRequested: (_appealable, says("reason")),
    ObjectionDecided: (_objection_open, *_DECIDED),
    AppealDecided: (_appeal_open, *_DECIDED),
}
