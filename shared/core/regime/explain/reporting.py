"""How is it said which returns are owed, and what an event calls for?"""

from collections.abc import Iterator

from shared.core.regime.explain.due import cadence, due, within
from shared.core.regime.explain.words import Voice
from shared.core.regime.management import Fault, OnEvent, Reporting

_COUNTS = {"reported": "counts as reported", "no_progress": "counts as no progress", "not_judged": "is not judged"}
_NIL = {
    "required": "a nil return is required where there is nothing", "refused": "a nil return is refused",
}  # fmt: skip
_EVENTS = {
    "important_progress": "important progress", "good_practice": "good practice",
    "leaders_needed": "what leaders must settle", "emergency": "an emergency", "incident": "an incident",
}  # fmt: skip


def return_(voice: Voice, said: Reporting) -> str:
    say = voice.say
    head = say(
        "a return {cadence}, filed by {role}", cadence=cadence(voice, said.cadence), role=voice.the(said.filed_by)
    )
    moment = (
        say("due: {due}", due=due(voice, said.due, said.cadence))
        if said.due is not None
        else say("no day is named by which it is due")
    )
    fields = say("it asks for: {fields}", fields=voice.terms(said.fields))
    channel = say("sent by {channels}", channels=voice.terms(said.channel))
    return voice.clauses(head, moment, fields, channel, *_review(voice, said), *_faulty(voice, said))


def _review(voice: Voice, said: Reporting) -> Iterator[str]:
    say = voice.say
    if said.sign_off:
        yield say("signed off by {signers}", signers=voice.the(*said.sign_off))
    until = "" if said.review_within is None else within(voice, said.review_within)
    if said.review_chain:
        yield say("reviewed along the chain {chain}", chain=voice.quoted(said.review_chain))
    if said.review and until:
        yield say("reviewed by {bodies} {within}", bodies=voice.the(*said.review), within=until)
    elif said.review:
        yield say("reviewed by {bodies}", bodies=voice.the(*said.review))
    elif until:
        yield say("reviewed {within}", within=until)
    if said.unreviewed == "not_judged":
        yield say("what nobody has reviewed at the close is not judged")


def _faulty(voice: Voice, said: Reporting) -> Iterator[str]:
    say = voice.say
    yield say(_NIL[said.nil_return])
    yield say("a project without any return counts as no progress" if said.missing == "no_progress" else _NOT_JUDGED)
    for called, fault in (("late", said.late), ("malformed", said.malformed), ("worthless", said.worthless)):
        if fault != Fault():
            told = say("one that is {fault} {counts}", fault=voice.term(called), counts=say(_COUNTS[fault.counts_as]))
            yield say("{text} and is circulated", text=told) if fault.circulate else told


_NOT_JUDGED = "a project without any return is not judged"


def on_event(voice: Voice, said: OnEvent) -> str:
    say = voice.say
    sentence, until = "{event} is reported to {body} {within}", within(voice, said.within)
    return voice.clauses(say(sentence, event=say(_EVENTS[said.event]), body=voice.the(said.to), within=until))
