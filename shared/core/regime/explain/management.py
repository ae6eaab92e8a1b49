"""How is it said who owes what, what must be there, how lists change, and what is rewarded?"""

from collections.abc import Iterator

from shared.core.regime.burden import KINDS, limits
from shared.core.regime.explain.condition import condition, where_
from shared.core.regime.explain.due import anchor, cadence, due, season, within
from shared.core.regime.explain.pursuit import about, among, table_of
from shared.core.regime.explain.words import Voice, plain
from shared.core.regime.language import ChainStep
from shared.core.regime.management import (
    Assessment,
    Burden,
    ClassScheme,
    Consultation,
    Duty,
    Gate,
    ListChanges,
    Replacement,
    Requirement,
    Reward,
    Task,
)

_ACTS = {
    "propose": "proposed by {body}", "review": "reviewed by {body}", "file": "put on file by {body}",
    "consent": "consented to by {body}", "approve": "approved by {body}", "decide": "decided by {body}",
    "sign": "signed by {body}", "report": "reported up to {body}",
}  # fmt: skip
_PLURAL = {"principal_leaders", "permit_offices"}


def duty(voice: Voice, said: Duty) -> str:
    say = voice.say
    head = say(
        "{duty}: {table}, owed by {who}", duty=voice.name(said.id), who=voice.the(said.who), table=voice.term(said.do)
    )
    return voice.clauses(head, *_often(voice, said), *_of_whom(voice, said), *_how(voice, said))


def _often(voice: Voice, said: Duty) -> Iterator[str]:
    say = voice.say
    often = "" if said.per is None else cadence(voice, said.per)
    least = "" if said.at_least is None else say("at least {times}", times=voice.times(said.at_least))
    most = "" if said.at_most is None else say("at most {times}", times=voice.times(said.at_most))
    count = voice.phrases(least, most)
    yield say("{often} {count}", often=often, count=count) if often and count else often or count
    if said.season is not None:
        yield season(voice, said.season)
    if said.due is not None:
        yield say("due: {due}", due=due(voice, said.due, said.per or "yearly"))


def _of_whom(voice: Voice, said: Duty) -> Iterator[str]:
    say = voice.say
    if said.about != "list":
        yield say("for each {kind}", kind=voice.term(said.about))
    yield among(voice, said.among)
    if said.select is not None:
        sentence = "{count} ({kind}) at a time, those first whose turn lies longest ago"
        yield say(sentence, count=said.select.count, kind=voice.term(said.select.of))
    if said.rotate is not None:
        turns = said.rotate
        sentence = "taking turns by {attribute}, counted from {anchor}: {order}"
        yield say(sentence, attribute=voice.term(turns.over), anchor=anchor(voice, turns.from_anchor),
                  order=voice.listed(turns.order))  # fmt: skip
        if turns.conveners:
            yield say("convened by {conveners} in turn", conveners=voice.listed(turns.conveners))


def _how(voice: Voice, said: Duty) -> Iterator[str]:
    say = voice.say
    if said.where:
        yield say("where {condition}", condition=where_(voice, dict(said.where)))
    if said.to is not None:
        yield say("sent to {bodies}", bodies=voice.the(said.to))
    if said.agenda == "open_problems":
        yield say("only what has open problems is taken up")
    if said.joined_by:
        yield say("joined by {bodies}", bodies=voice.the(*said.joined_by))
    if said.then_forum:
        yield say("what stays open goes on to {meeting}", meeting=voice.quoted(said.then_forum))
    if said.circulate_to:
        yield say("circulated to {bodies}", bodies=voice.the(*said.circulate_to))


def requirement(voice: Voice, said: Requirement) -> str:
    say, table = voice.say, table_of(said.about)
    must = condition(voice, said.must, table)
    return voice.clauses(
        say("{requirement}: of {about} this must hold: {condition}",
            requirement=voice.name(said.id), about=about(voice, said.about), condition=must),
        among(voice, said.among, table),
    )  # fmt: skip


def scheme(voice: Voice, name: str, said: ClassScheme) -> str:
    say = voice.say
    if said.names:
        told = say("{scheme}: by {attribute}: {names}", scheme=voice.quoted(name), attribute=voice.term(said.of),
                   names=voice.listed(map(voice.quoted, said.names)))  # fmt: skip
    else:
        sentence = "from {low} on {name}" if said.includes == "lower" else "above {low} {name}"
        rows = [say(sentence, low=voice.measured(low, said.of), name=voice.quoted(one)) for low, one in said.table]
        told = say("{scheme}: by {attribute}: {names}", scheme=voice.quoted(name), attribute=voice.name(said.of),
                   names=voice.listed(rows))  # fmt: skip
    counts = [say("{name} {count}", name=voice.quoted(one), count=count) for one, count in (said.counts or {}).items()]
    return voice.clauses(told, say("counts by class: {counts}", counts=voice.listed(counts)) if counts else "")


def gate(voice: Voice, said: Gate) -> str:
    say, stage = voice.say, voice.quoted(said.stage)
    after = say("after {stages}", stages=voice.listed(map(voice.quoted, said.after))) if said.after else ""
    basis = say("with one of: {basis}", basis=voice.listed(map(voice.name, said.basis))) if said.basis else ""
    if not (told := voice.phrases(after, basis)):
        return voice.clauses(say("the stage {stage} is reached when it is reported", stage=stage))
    return voice.clauses(say("the stage {stage} is reached only {conditions}", stage=stage, conditions=told))


def task(voice: Voice, said: Task) -> str:
    say = voice.say
    head = "{task}: a milestone by rule" if said.of == "milestone" else "{task}: a permit by rule"
    return voice.clauses(
        say(head, task=voice.name(said.id)),
        say("due: {due}", due=due(voice, said.due, "yearly")),
        say("handled by {body}", body=voice.the(said.office)) if said.office else "",
        among(voice, said.among),
    )


def chain_step(voice: Voice, said: ChainStep, number: int) -> str:
    say = voice.say
    return voice.clauses(
        say("step {number}: {act}", number=number, act=say(_ACTS[said.act], body=voice.the(said.by))),
        say("only if {condition}", condition=condition(voice, said.when)) if said.when is not None else "",
        say("not where {condition}", condition=condition(voice, said.unless)) if said.unless is not None else "",
        within(voice, said.within) if said.within is not None else "",
    )


# --- changes, rewards, results ------------------------------------------------------------------------------


def list_changes(voice: Voice, said: ListChanges) -> str:
    say = voice.say
    parts = [*_leaving(voice, said), *_keeping(voice, said)]
    if said.revise:
        parts.append(say("revised {cadences}", cadences=voice.listed(cadence(voice, one) for one in said.revise)))
    if said.change_chain:
        parts.append(say("changes are approved by the chain {chain}", chain=voice.quoted(said.change_chain)))
    if said.assignment_chain:
        sentence = "new assignments are approved by the chain {chain}"
        parts.append(say(sentence, chain=voice.quoted(said.assignment_chain)))
    if said.loses:
        parts.append(say("who leaves loses: {benefits}", benefits=voice.listed(map(voice.name, said.loses))))
    return voice.clauses(*parts)


def _leaving(voice: Voice, said: ListChanges) -> Iterator[str]:
    say = voice.say
    if said.exit_when is not None:
        yield say("an object may leave where {condition}", condition=condition(voice, said.exit_when))
    if said.exit_chain:
        yield say("its leaving is approved by the chain {chain}", chain=voice.quoted(said.exit_chain))
    if said.urged_at_least:
        yield say("after it was urged at least {times}", times=voice.times(said.urged_at_least))
    if said.special_reason == "required":
        yield say("a special reason is given")
    if said.remove_when is not None:
        yield say("an object is removed where {condition}", condition=condition(voice, said.remove_when))


def _keeping(voice: Voice, said: ListChanges) -> Iterator[str]:
    if said.replacement is not None:
        yield _replacement(voice, said.replacement)
    if said.count_must_not_fall:
        yield voice.say("the number of objects must not fall")
    if said.investment_must_not_fall:
        yield voice.say("the total investment must not fall")


def _replacement(voice: Voice, said: Replacement) -> str:
    say = voice.say
    parts = [say("its amounts within {share}%", share=plain(said.investment_within.scaleb(2)))]
    if said.same:
        parts.append(say("of the same {attributes}", attributes=voice.terms(said.same)))
    if said.policy_compliant:
        parts.append(say("in line with policy"))
    return say("another takes its place: {conditions}", conditions=voice.listed(parts))


def consultation(voice: Voice, said: Consultation) -> str:
    told = condition(voice, said.when)
    is_one = len(said.bodies) == 1 and said.bodies[0] not in _PLURAL
    sentence = "{bodies} steps in early where {condition}" if is_one else "{bodies} step in early where {condition}"
    return voice.clauses(voice.say(sentence, bodies=voice.the(*said.bodies), condition=told))


def reward(voice: Voice, said: Reward) -> str:
    say = voice.say
    given = _STATEMENT if said.award == "best_practice_statement" else _GIVEN
    parts = [
        say(given, reward=voice.name(said.id), about=about(voice, said.about), award=voice.term(said.award),
            roles=voice.the(*said.to), condition=condition(voice, said.when)),
        among(voice, said.among),
        say({"any_time": "judged at any time", "half_year": "judged at the half year only",
             "year_end": "judged at the year's end only"}[said.judged]),
    ]  # fmt: skip
    if said.approval:
        parts.append(say("approved by the chain {chain}", chain=voice.quoted(said.approval)))
    if said.suspended_when is not None:
        parts.append(say("suspended where {condition}", condition=condition(voice, said.suspended_when)))
    parts.append(say("decided on by {body}", body=voice.the(said.competent)))
    return voice.clauses(*parts)


_GIVEN = "{reward}, about {about}: {award} for {roles} where {condition}"
_STATEMENT = "{reward}, about {about}: {award} by {roles} where {condition}"


def assessment(voice: Voice, said: Assessment) -> str:
    say = voice.say
    parts = [say("assessed: {subjects}", subjects=voice.terms(said.assessed))]
    if said.approval:
        parts.append(say("the year's result is approved by the chain {chain}", chain=voice.quoted(said.approval)))
    if said.first_appraisal == "half_year":
        parts.append(say("a first appraisal is made at the half year"))
    for feed in said.feeds:
        told = say("{of} enters {scheme} of {body}", of=voice.quoted(feed.of), scheme=voice.quoted(feed.scheme),
                   body=voice.the(feed.to))  # fmt: skip
        weight = "" if feed.weight is None else say(", with the weight {weight}", weight=plain(feed.weight))
        parts.append(told + weight)
    if said.consequences:
        parts.append(say("it counts for {uses}", uses=voice.terms(said.consequences)))
    return voice.clauses(*parts)


def burden(voice: Voice, said: Burden) -> str:
    say, allowed = voice.say, limits(said)
    told = [say("{kind}: {count}", kind=say(kind), count=allowed[kind]) for kind in KINDS if allowed[kind] is not None]
    return voice.clauses(say("of one unit may be asked in a month at most: {limits}", limits=voice.listed(told)))
