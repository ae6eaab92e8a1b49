"""What each step of a ladder is called, and what it asks of those who are served, in whole sentences."""

from collections.abc import Iterator, Mapping

from services.notify.domain.ladder import OWNERS, competent_for, form_of
from services.notify.domain.text import Say, term, terms
from shared.core.regime.model import Span, Step
from shared.core.regime.terms import StepName
from shared.core.time_names import is_at_once, span_name

TITLES: Mapping[StepName, str] = {
    "due_reminder": "Supervision reminder",
    "supervision_reminder": "Reminder of a supervised matter",
    "written_reminder": "Written reminder",
    "supervision_letter": "Supervision letter",
    "supervision_order": "Supervision order",
    "rectification_notice": "Rectification notice",
    "immediate_rectification": "Notice of immediate rectification",
    "explanation": "Call for a written explanation",
    "written_self_criticism": "Call for a written self-criticism",
    "pledge_statement": "Call for a pledge statement",
    "talk": "Notice of a talk",
    "criticism": "Circulated notice of criticism",
    "liaison_withdrawn": "Notice that a liaison officer is withdrawn",
    "points_deduction": "Notice of points deducted",
    "direct_investigation": "Notice of direct investigation",
    "joint_meeting": "Call to a joint meeting",
    "media_exposure": "Notice of media exposure",
    "referral": "Letter of referral",
    "police_report": "Report to the police",
    "reschedule": "Call for a new schedule",
    "escalation": "Notice of escalation",
    "public_answer": "Public answer",
}

REQUESTS: Mapping[StepName, str] = {
    "due_reminder": "Please speed up and report on time. This reminder is sent by the calendar, without a signature.",
    "supervision_reminder": "Please press on with the matter, and report how it stands.",
    "written_reminder": "Please take note of the above, and take measures to speed up.",
    "supervision_letter": "Please find the causes, speed up, and report in writing what was done.",
    "supervision_order": "The above is put under supervision. Please deal with it, and report the result in writing.",
    "rectification_notice": "Please find the causes, speed up, and report in writing what was done.",
    "immediate_rectification": "Please rectify at once, and report the result in writing with evidence.",
    "explanation": "Please explain the causes in writing, and propose measures of rectification.",
    "written_self_criticism": "Please make a written self-criticism.",
    "pledge_statement": "Please make a pledge statement at the meeting.",
    "talk": "A talk is held about the above. Time and place follow.",
    "criticism": "The above is criticised in a circulated notice.",
    "liaison_withdrawn": "The liaison officer is no longer accepted. Please name another.",
    "points_deduction": "Points are deducted for the above in the assessment of the year.",
    "direct_investigation": "The above is investigated directly on site. Please give every assistance.",
    "joint_meeting": "The above is taken up by a joint meeting. Please prepare for it. Time and place follow.",
    "media_exposure": "The above is exposed in the media.",
    "reschedule": "Please find the causes, plan backwards from the deadline, and make good later what is missing.",
    "escalation": "The above is raised to a higher level of supervision.",
    "public_answer": "Please answer the public about the result.",
}
"""What a step asks that the office takes itself; what lies beyond its power it only proposes, or hands over."""

_HANDING_OVER = frozenset({"referral", "police_report"})


def notice_title(step: Step, say: Say) -> str:
    """A step that is another body's to take is a proposal, or a letter of referral, by its title already."""
    match form_of(step):
        case "proposes":
            return say("Proposal: {measure}", measure=term(step.step, say))
        case "refers" if step.step not in _HANDING_OVER:
            return say("Referral: {measure}", measure=term(step.step, say))
        case _:
            return say(TITLES[step.step])


def demands(step: Step, say: Say, *, is_for_owners: bool) -> Iterator[str]:
    """What the step asks, one sentence a line; `is_for_owners`: some of what it is about is not government's.

    A proposal says what is to be asked, once the competent body decides so; a referral asks nothing of anybody else.
    """
    body, form = term(competent_for(step), say), form_of(step)
    asked = [*_deadlines(step, say), *_of_the_answer(step, say), *_of_what_follows(step, say)]
    if form == "acts":
        yield from _request(step, say)
        if is_for_owners and not OWNERS.isdisjoint(step.serve):
            yield say("Please pass this on to the owner in writing.")
        yield from asked
    elif form == "proposes":
        measure = term(step.step, say)
        yield say("It is proposed that {body} decide within its power on: {measure}.", body=body, measure=measure)
        if asked:
            yield say("Of those concerned, it is proposed to ask:")
            yield from asked
    else:
        yield say("The above is handed over to {body}, to be dealt with within its power.", body=body)
        yield say("Nothing is decided by this letter.")
    if basis := say("; ").join(filter(None, (step.legal_basis, step.plan_item))):
        yield say("Basis: {basis}.", basis=basis)


def _request(step: Step, say: Say) -> Iterator[str]:
    # A deadline for rectification says all that a rectification notice asks.
    if step.step != "rectification_notice" or step.rectify_within is None:
        yield say(REQUESTS[step.step])


def _deadlines(step: Step, say: Say) -> Iterator[str]:
    if step.rectify_within is not None:
        yield _rectify(step.rectify_within, say)
    if step.reply_within is not None:
        yield _reply(step.reply_within, say)


def _rectify(span: Span, say: Say) -> str:
    if is_at_once(span):
        return say("Please rectify at once, and report the result in writing with evidence.")
    return say(
        "Please rectify within {span} of service and report the result with evidence.", span=span_name(span, say)
    )


def _reply(span: Span, say: Say) -> str:
    if is_at_once(span):
        return say("Please reply in writing at once.")
    return say("Please reply in writing within {span} of service.", span=span_name(span, say))


def _of_the_answer(step: Step, say: Say) -> Iterator[str]:
    if step.handler == "required":
        yield say("Please name the handling unit and the handling person in the reply.")
    if step.explain_by:
        yield say("An explanation is due from: {roles}.", roles=terms(step.explain_by, say))
    if step.verify_by:
        yield say("The result is verified by {body}.", body=term(step.verify_by, say))
    if step.report_to:
        yield say("The result is reported to {body}.", body=term(step.report_to, say))
    if step.record == "signed":
        yield say("A record is made, and signed by all sides.")
    elif step.record == "written":
        yield say("A written record is made.")


def _of_what_follows(step: Step, say: Say) -> Iterator[str]:
    match step.circulate:
        case "at_once":
            yield say("This is circulated at once.")
        case "next_bulletin":
            yield say("This is named in the next bulletin.")
        case "media":
            yield say("This is made public in the media.")
    if step.lifelong:
        yield say("Whoever held the post at the time answers for it, whatever post they hold now.")
    if step.repeat is not None:
        yield say("This is sent again every {span} until the matter is struck off.", span=span_name(step.repeat, say))
