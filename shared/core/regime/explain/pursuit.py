"""How is it said what follows when a rule is hit, step by step?"""

from collections.abc import Iterator

from shared.core.regime.explain.condition import condition
from shared.core.regime.explain.due import cadence, season, span, within
from shared.core.regime.explain.words import Voice
from shared.core.regime.language import Condition
from shared.core.regime.pursuit import AppealRight, Held, MatterRules, Step, SupervisionRule
from shared.core.regime.terms import COLUMNS, SubjectKind, Table

_CIRCULATED = {
    "at_once": "circulated at once", "next_bulletin": "circulated in the next bulletin",
    "media": "made public in the media",
}  # fmt: skip
_ANSWERED = {
    "nobody": "closed without an answer", "source": "whoever raised it is answered",
    "public": "the public is answered",
}  # fmt: skip


def table_of(about: SubjectKind | Table) -> Table | None:
    """The table whose rows a rule is about; None where it is about objects."""
    return next((table for table in COLUMNS if table == about), None)


def about(voice: Voice, said: SubjectKind | Table) -> str:
    """What a rule is asked of, one by one."""
    if (table := table_of(said)) is not None:
        return voice.say("each row in {table}", table=voice.term(table))
    return voice.say("the list") if said == "list" else voice.say("each {kind}", kind=voice.term(said))


def rule(voice: Voice, said: SupervisionRule) -> str:
    say, table = voice.say, table_of(said.about)
    parts = [
        say("{rule}, about {about}: if {condition}",
            rule=voice.name(said.id), about=about(voice, said.about), condition=condition(voice, said.when, table)),
        held(voice, said.held),
        among(voice, said.among, table),
    ]  # fmt: skip
    if said.unless is not None:
        parts.append(say("not where {condition}", condition=condition(voice, said.unless, table)))
    if said.season is not None:
        parts.append(season(voice, said.season))
    if said.exempt:
        parts.append(say("exempt by {grounds}", grounds=voice.terms(said.exempt)))
    parts.append(say("then the ladder {ladder} is followed", ladder=voice.quoted(said.ladder)))
    return voice.clauses(*parts)


def among(voice: Voice, said: Condition | None, table: Table | None = None) -> str:
    return (
        "" if said is None else voice.say("only for those where {condition}", condition=condition(voice, said, table))
    )


def held(voice: Voice, said: Held) -> str:
    say, often = voice.say, cadence(voice, said.of)
    if said.in_last is not None:
        sentence = "asked {cadence}, and hit when it held {times} among the last {last}"
        return say(sentence, cadence=often, times=voice.times(said.consecutive), last=said.in_last)
    if said.consecutive == 1:
        return say("asked {cadence}", cadence=often)
    sentence = "asked {cadence}, and hit when it held {times} in a row"
    return say(sentence, cadence=often, times=voice.times(said.consecutive))


def step(voice: Voice, said: Step, number: int, tables: tuple[Table, ...]) -> str:
    say = voice.say
    # A ladder may serve rules about several things; a column is said as such for the first table that has rows.
    table = tables[0] if tables else None
    head = say("step {number}: {step}, served on {roles}",
               number=number, step=voice.term(said.step), roles=voice.the(*said.serve))  # fmt: skip
    return voice.clauses(
        head, *_when(voice, said, table), *_who(voice, said), *_what(voice, said), *_shown(voice, said)
    )


def _when(voice: Voice, said: Step, table: Table | None) -> Iterator[str]:
    if said.count is not None:
        yield voice.say("from hit {count} on", count=said.count)
    if said.when is not None:
        yield voice.say("only if {condition}", condition=condition(voice, said.when, table))


def _who(voice: Voice, said: Step) -> Iterator[str]:
    say = voice.say
    if said.unsigned:
        yield say("goes out without a signature")
    if said.sign_off:
        yield say("signed off by {signers}", signers=voice.the(*said.sign_off))
    if said.competent != "supervision_office":
        yield say("only proposed here, and decided by {body}", body=voice.the(said.competent))
    if said.legal_basis:
        yield say("legal basis: {text}", text=said.legal_basis)
    if said.plan_item:
        yield say("item of the yearly plan of inspections: {text}", text=said.plan_item)
    if said.lifelong:
        yield say("served on whoever held the role when it was done, for life")


def _what(voice: Voice, said: Step) -> Iterator[str]:
    say = voice.say
    if said.reply_within is not None:
        yield say("a reply is owed {within}", within=within(voice, said.reply_within))
    if said.rectify_within is not None:
        yield say("to be rectified {within}", within=within(voice, said.rectify_within))
    if said.explain_by:
        yield say("an explanation is owed by {roles}", roles=voice.the(*said.explain_by))
    if said.handler == "required":
        yield say("the handling unit and the handling person are named")
    if said.verify_by is not None:
        yield say("verified by {body}", body=voice.the(said.verify_by))
    if said.report_to is not None:
        yield say("reported to {body}", body=voice.the(said.report_to))
    if said.repeat is not None:
        yield say("repeated every {span}", span=span(voice, said.repeat))


def _shown(voice: Voice, said: Step) -> Iterator[str]:
    if said.record is not None:
        yield voice.say("a signed record is kept" if said.record == "signed" else "a written record is kept")
    if said.circulate is not None:
        yield voice.say(_CIRCULATED[said.circulate])


def matters(voice: Voice, said: MatterRules) -> str:
    say, parts = voice.say, []
    if said.opens_on:
        parts.append(say("a matter is opened by {grounds}", grounds=voice.terms(said.opens_on)))
    if said.open_chain:
        parts.append(say("its opening is approved by the chain {chain}", chain=voice.quoted(said.open_chain)))
    if said.opened_directly_by:
        parts.append(say("opened without approval by {bodies}", bodies=voice.the(*said.opened_directly_by)))
    parts.append(
        say("handed over while supervision runs" if said.hand_over == "at_once" else "handed over after the round")
    )
    if said.remind_every is not None:
        parts.append(say("reminded every {span}", span=span(voice, said.remind_every)))
    if said.until_struck_off:
        parts.append(say("followed until it is struck off"))
    if said.verify_by is not None:
        parts.append(say("verified by {body}", body=voice.the(said.verify_by)))
    parts.append(say(_ANSWERED[said.answer]))
    if said.archive:
        parts.append(say("the file is closed with its papers"))
    return voice.clauses(*parts)


def appeal(voice: Voice, said: AppealRight) -> str:
    say = voice.say
    return voice.clauses(
        say("a unit may object {within}", within=within(voice, said.file_within)),
        say("the objection is decided {within}", within=within(voice, said.decide_within)),
        say("by others than those who took part") if said.recuse == "participants" else "",
        say("until then no further step is taken") if said.pauses == "steps" else "",
    )
