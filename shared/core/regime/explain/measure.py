"""How is a measure said: what it is the number of?"""

from shared.core.regime.explain.condition import condition, where_
from shared.core.regime.explain.due import window
from shared.core.regime.explain.words import Voice, plain
from shared.core.regime.language import Condition
from shared.core.regime.measures import (
    Amount,
    Count,
    DayCount,
    Deviation,
    Fixed,
    Growth,
    Holders,
    Measure,
    Met,
    Objects,
    Overlap,
    Panel,
    Place,
    Portion,
    Ratio,
    Scored,
    Share,
    Shortfall,
    Slots,
    Taken,
    TimeProgress,
    Weighted,
)

_TAKES = {
    "sum": "the sum of {column} in {table}", "max": "the greatest {column} in {table}",
    "min": "the least {column} in {table}", "mean": "the mean {column} in {table}",
    "latest": "the latest {column} in {table}",
}  # fmt: skip


def measure(voice: Voice, said: Measure) -> str:
    """What a measure is, as part of a sentence that begins with its name."""
    return (
        _of_objects(voice, said)
        or _of_time(voice, said)
        or _of_rows(voice, said)
        or _of_people(voice, said)
        or _of_others(voice, said)
    )


def _among(voice: Voice, among: Condition | None) -> str:
    return "" if among is None else voice.say("counting only where {condition}", condition=condition(voice, among))


def _of_objects(voice: Voice, said: Measure) -> str:
    say = voice.say
    match said:
        case Ratio(ratio=done, over=planned, among=among):
            text = say("{done} divided by {planned}", done=voice.term(done), planned=voice.term(planned))
        case Amount(amount=amount, unit=unit, among=among):
            text = say("{amount} in {unit}", amount=voice.term(amount), unit=unit)
        case Share(share_of=part, among=among, weigh_by=weight, out_of=whole):
            of = say("of all objects on the list" if whole == "list" else "of its objects")
            text = say("the share {of} for which {condition}", of=of, condition=condition(voice, part))
            text += say(", weighed by {amount}", amount=voice.term(weight)) if weight else ""
        case Objects(objects="all"):
            return say("the number of its objects")
        case Objects(objects=part):
            of = condition(voice, part) if not isinstance(part, str) else ""
            return say("the number of its objects for which {condition}", condition=of)
        case Met(met=met, judged=judged):
            text = say("whether this holds: {condition}", condition=condition(voice, met))
            return text + (say(", judged at the year's end only") if judged == "year_end" else "")
        case _:
            return ""
    return voice.phrases(text, _among(voice, among))


def _of_time(voice: Voice, said: Measure) -> str:
    say = voice.say
    match said:
        case TimeProgress(months=months, step=step, scaled=scaled):
            if months is not None:
                told = [say("month {month}: {share}%", month=one, share=plain(months[one].scaleb(2))) for one in months]
                text = say("the part of the task due by now ({table})", table=voice.listed(told))
            elif step == "day":
                text = say("the part of the year that has passed, by days")
            else:
                text = say("the part of the year that has passed, by whole months")
            return text if scaled == 1 else say("{text}, times {factor}", text=text, factor=plain(scaled))
        case DayCount(days=way, anchor=anchor, working=working):
            unit = say("working days" if working else "days")
            sentence = "the {unit} until {date}" if way == "until" else "the {unit} since {date}"
            return say(sentence, unit=unit, date=voice.term(anchor))
        case _:
            return ""


def _of_rows(voice: Voice, said: Measure) -> str:
    say = voice.say
    match said:
        case Count(count=table, where=where, window=days):
            text = say("the number of rows in {table}", table=voice.term(table))
        case Portion(portion_of=table, where=where, among=among, window=days):
            rows = say("the rows in {table}", table=voice.term(table))
            if among:
                rows += say(" where {condition}", condition=where_(voice, dict(among)))
            part = say("the part of {rows} for which {condition}", rows=rows, condition=where_(voice, dict(where)))
            return voice.phrases(part, window(voice, days))
        case Taken(take=take, column=column, of=table, where=where, window=days):
            text = say(_TAKES[take], column=voice.term(column), table=voice.term(table))
        case Panel(panel=table, where=where, window=days):
            text = say("the mean in {table}", table=voice.term(table)) + _panel(voice, said)
        case _:
            return ""
    if where:
        text = say("{text} where {condition}", text=text, condition=where_(voice, dict(where)))
    return voice.phrases(text, window(voice, days))


def _panel(voice: Voice, said: Panel) -> str:
    say, text = voice.say, ""
    if said.drop_highest or said.drop_lowest:
        text += say(" without the {high} highest and the {low} lowest", high=said.drop_highest, low=said.drop_lowest)
    weights = [say("{group} weighs {weight}", group=voice.quoted(group), weight=plain(weight))
               for group, weight in (said.weights or {}).items()]  # fmt: skip
    return text + (say(" ({weights})", weights=voice.listed(weights)) if weights else "")


def _of_people(voice: Voice, said: Measure) -> str:
    say = voice.say
    match said:
        case Holders(holders=role):
            return say("how many hold the role {role}", role=voice.term(role))
        case Slots(slots=roles):
            return say("the part of these roles that is filled: {roles}", roles=voice.terms(roles))
        case Overlap(overlap=(one, other)):
            return say("how many are both {one} and {other}", one=voice.term(one), other=voice.term(other))
        case _:
            return ""


def _of_others(voice: Voice, said: Measure) -> str:
    say = voice.say
    match said:
        case Deviation(deviation_pp=one, against=other):
            return say("{one} less {other}, in percentage points", one=voice.name(one), other=voice.name(other))
        case Shortfall(shortfall=one, against=other):
            sentence = "how far {one} lags {other}, relative to the latter"
            return say(sentence, one=voice.name(one), other=voice.name(other))
        case Growth(growth_of=of, since=since, unit=unit):
            against = say("a year before" if since == "last_year" else "a period before")
            sentence = "the growth of {name} since {then}" if unit == "ratio" else _POINTS_GROWN
            return say(sentence, name=voice.name(of), then=against)
        case Weighted(weighted=parts):
            told = [say("{name} times {weight}", name=voice.name(one.of), weight=plain(one.weight)) for one in parts]
            return say("the sum of {parts}", parts=voice.listed(told))
        case Scored(points=component, at=at):
            text = say("the points of {component}", component=voice.name(component))
            return text + (say(" at the half year") if at == "half_year" else "")
        case Place(place=place):
            return say("the place from the top" if place == "top" else "the place from the bottom")
        case Fixed(value=value):
            return say("the fixed number {value}", value=plain(value))
        case _:
            return ""


_POINTS_GROWN = "the growth of {name} since {then}, in percentage points"
