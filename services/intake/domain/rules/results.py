"""What must be true of a year's results and awards."""

from services.intake.domain.chain import turns
from services.intake.domain.known import Appraised, Ineligible, Responsible
from services.intake.domain.rules.references import Faults, Rules, list_published
from services.intake.domain.rules.sense import not_before, out_of_turn, says
from services.intake.domain.submission import Case
from shared.core.calendar import Period
from shared.core.errors import Fault
from shared.core.events import (
    AssessmentConfirmed,
    AssessmentProposed,
    AwardGranted,
    EligibilityLost,
    ExternalResultRecorded,
    UnitRegistered,
)
from shared.core.regime.model import Chain
from shared.core.register import Adopted, Posts, Project, published_list, regime_for

# --- the chain of approval ----------------------------------------------------------------------------------------


def _appraised(case: Case) -> Appraised | None:
    data = case.data
    return case.ledger.get(Appraised, f"{data.list}/{data.year}/{data.scheme}")


def _chain(case: Case) -> Chain:
    """Who approves, by the regime in force at the end of the year: of a result, or of a reward that it names.

    Empty where the regime says nothing, or there is none.
    """
    data = case.data
    is_listed = published_list(case.ledger, data.list, data.year) is not None
    regime = regime_for(case.ledger, data.list, Period.parse(str(data.year))) if is_listed else None
    if regime is None:
        return ()
    approval = next((one.approval for one in regime.rewards if one.id == data.scheme), None)
    if approval is None:
        approval = regime.assessment.approval if regime.assessment else ""
    return regime.chain(approval)


def _open_to_propose(case: Case) -> Faults:
    appraised = _appraised(case)
    if appraised and not appraised.is_refused:
        message = "It is proposed already: only what is sent back is proposed again."
        yield Fault("proposed_already", "/data/scheme", message)


def _in_its_turn(case: Case) -> Faults:
    data, appraised = case.data, _appraised(case)
    if appraised is None or appraised.is_refused:
        yield Fault("not_proposed", "/data/scheme", "Nothing is proposed that could be approved.")
        return
    yield from not_before("/data/on", data.on, appraised.on)
    if not (chain := _chain(case)):
        return
    whose = turns(chain, appraised.approved)
    if not whose:
        yield Fault("final_already", "/data/step", "The last step is taken: the result is final.")
        return
    yield from out_of_turn(whose, data.step)


# --- results elsewhere, awards ------------------------------------------------------------------------------------


def _subject_known(case: Case) -> Faults:
    """It is about a project, a unit, a person, a list, or the whole jurisdiction."""
    subject, ledger = case.data.subject, case.ledger
    kinds = (Project, UnitRegistered, Posts, Responsible, Adopted)
    if subject != ledger.jurisdiction and all(ledger.get(kind, subject) is None for kind in kinds):
        message = "No project, unit, person or list has the code {code}."
        yield Fault("unknown_subject", "/data/subject", message, {"code": subject})


def _says_a_result(case: Case) -> Faults:
    if case.data.value is None and not case.data.result.strip():
        yield Fault("result_needed", "/data/result", "Say the result, or its value.")


def _lasts_a_while(case: Case) -> Faults:
    yield from not_before("/data/until_on", case.data.until_on, case.data.on)


def _eligible(case: Case) -> Faults:
    data: AwardGranted = case.data
    for award in (data.award, "", "all"):
        lost = case.ledger.get(Ineligible, f"{data.subject}/{award}")
        if lost and (lost.until_on is None or data.on <= lost.until_on):
            message = "{subject} has lost the right to this award."
            yield Fault("not_eligible", "/data/subject", message, {"subject": data.subject})
            return


RULES: Rules = {
    AssessmentProposed: (list_published, _open_to_propose),
    AssessmentConfirmed: (list_published, _in_its_turn, says("step")),
    ExternalResultRecorded: (_subject_known, _says_a_result),
    EligibilityLost: (_subject_known, _lasts_a_while, says("reason")),
    AwardGranted: (_subject_known, _eligible, says("award")),
}
