"""How is it said what is issued, to whom, when, and what stands in it?"""

from collections.abc import Iterator

from shared.core.regime.explain.condition import condition
from shared.core.regime.explain.due import cadence, due, issue, span, within
from shared.core.regime.explain.pursuit import among
from shared.core.regime.explain.words import Voice
from shared.core.regime.publishing import ANSWERED, Board, Bulletin, Pick, Publication, PublicChannel

_TRIGGERS = {
    "round_ended": "when a round has ended", "matter_struck_off": "when a matter is struck off",
    "meeting_held": "when a meeting was held", "any_time": "at any time",
    "assessment_confirmed": "when the year's result is confirmed",
}  # fmt: skip
_CHANNELS = {
    "report": "reports from the public", "complaint": "complaints", "evaluation": "evaluation by the public",
    "commentary": "commentary in the media",
}  # fmt: skip


def bulletin(voice: Voice, said: Bulletin) -> str:
    say = voice.say
    head = say("{bulletin}: {kind}", bulletin=voice.name(said.id), kind=said.kind)
    return voice.clauses(head, *_when(voice, said), *_what(voice, said), *_whom(voice, said))


def _when(voice: Voice, said: Bulletin) -> Iterator[str]:
    say = voice.say
    if said.cadence is not None:
        yield cadence(voice, said.cadence)
    if said.trigger is not None:
        yield say(_TRIGGERS[said.trigger])
    if said.issue is not None:
        yield issue(voice, said.issue)
    if said.preview is not None:
        yield say("units check their own figures first, {within}", within=within(voice, said.preview))


def _what(voice: Voice, said: Bulletin) -> Iterator[str]:
    say = voice.say
    yield say("it tells of the year so far" if said.window == "year_to_date" else "it tells of its period alone")
    yield say("split by {kinds}", kinds=voice.terms(said.by))
    yield say("sections: {sections}", sections=voice.terms(said.sections))
    if said.rank_by:
        yield say("it ranks by {measure}", measure=voice.name(said.rank_by))
    if said.commended is not None:
        yield say("commended: {pick}", pick=pick(voice, said.commended))
    if said.criticised is not None:
        yield say("criticised: {pick}", pick=pick(voice, said.criticised))


def _whom(voice: Voice, said: Bulletin) -> Iterator[str]:
    say = voice.say
    yield say("signed off by {signers}", signers=voice.the(*said.sign_off))
    yield say("numbered {number}", number=said.number.replace("{year}", "××××").replace("{n}", "×"))
    yield say("for {audience}, one after another", audience=voice.terms(said.audience))
    if said.then_after is not None:
        yield say("each later than the one before: {span}", span=span(voice, said.then_after))
    if said.to:
        yield say("sent to {bodies}", bodies=voice.the(*said.to))
    yield say("by {channels}", channels=voice.terms(said.channels))
    if said.meeting:
        yield say("read out at {meeting}", meeting=voice.quoted(said.meeting))
    if said.embargo == "until_sealed":
        yield say("kept secret until it is sealed")


def pick(voice: Voice, said: Pick) -> str:
    """Who is named, and what is asked of them; with its own source, as it is no line of its own."""
    say, kind, parts = voice.say, voice.term(said.about), []
    if said.top is not None:
        parts.append(say("the first {count} by place ({kind})", count=said.top, kind=kind))
    if said.bottom is not None:
        parts.append(say("the last {count} by place ({kind})", count=said.bottom, kind=kind))
    if said.when is not None:
        sentence = "those ({kind}) where {condition}"
        parts.append(say(sentence, kind=kind, condition=condition(voice, said.when)))
    if said.must is not None and said.forum:
        must, forum = voice.term(said.must), voice.quoted(said.forum)
        parts.append(say("who owe at {meeting}: {step}", meeting=forum, step=must))
    elif said.must is not None:
        parts.append(say("who owe: {step}", step=voice.term(said.must)))
    elif said.forum:
        parts.append(say("at {meeting}", meeting=voice.quoted(said.forum)))
    return voice.phrases(*parts)


def board(voice: Voice, said: Board) -> str:
    say = voice.say
    parts = [
        say("board {board}, at {place}: {columns}",
            board=voice.name(said.id), place=voice.term(said.place), columns=voice.terms(said.columns)),
    ]  # fmt: skip
    if said.renewed is not None:
        parts.append(say("renewed {cadence}", cadence=cadence(voice, said.renewed)))
    if said.renewed_columns:
        parts.append(say("what is renewed: {columns}", columns=voice.terms(said.renewed_columns)))
    if said.due is not None:
        parts.append(say("due: {due}", due=due(voice, said.due, said.renewed or "yearly")))
    parts.append(say("only what has been approved" if said.approved_only else "without approval"))
    parts.append(among(voice, said.among))
    return voice.clauses(*parts)


def channel(voice: Voice, said: PublicChannel) -> str:
    say = voice.say
    return voice.clauses(
        say("channel {channel}: {kind}", channel=voice.name(said.id), kind=say(_CHANNELS[said.kind])),
        say("received by {body}", body=voice.the(said.received_by)),
        say("each opens a matter") if said.opens_matter and said.kind in ANSWERED else "",
        say("rewarded where it is confirmed") if said.rewarded else "",
        say("answered {within}", within=within(voice, said.answer_within)) if said.answer_within is not None else "",
    )


def publication(voice: Voice, said: Publication) -> str:
    say = voice.say
    reviewed = "reviewed for secrecy before it is shown" if said.secrecy_review == "required" else _NOT_REVIEWED
    return voice.clauses(say(reviewed))


_NOT_REVIEWED = "not reviewed for secrecy"
