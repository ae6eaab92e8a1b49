"""How is a condition said? Without doubt about what belongs together: what is joined stands in brackets."""

from collections.abc import Iterator
from decimal import Decimal

from shared.core.regime.explain.words import Voice, plain
from shared.core.regime.language import Bound, Cell, Cells, Condition, Every, Has, Not, Some, Text
from shared.core.regime.terms import COLUMNS, Table

_BOUNDS = {
    "at_least": "at least {value}", "above": "above {value}", "at_most": "at most {value}", "below": "below {value}",
}  # fmt: skip


def condition(voice: Voice, said: Condition, table: Table | None = None) -> str:
    """A condition in words; `table` where it is asked of its rows."""
    return _joined(voice, said, table)[0]


def _joined(voice: Voice, said: Condition, table: Table | None) -> tuple[str, bool]:
    """The words, and whether they are several joined ones, to be put in brackets where they are a part."""
    say = voice.say
    match said:
        case Every(all=parts):
            return _several(voice, [_joined(voice, part, table) for part in parts], say(" and "), say("always"))
        case Some(any=parts):
            return _several(voice, [_joined(voice, part, table) for part in parts], say(" or "), say("never"))
        case Not(none=parts):
            inner = [_joined(voice, part, table) for part in parts]
            return say("not ({condition})", condition=_several(voice, inner, say(" or "), say("never"))[0]), False
        case _:
            return _several(voice, [(one, False) for one in _tests(voice, said, table)], say(" and "), say("always"))


def _several(voice: Voice, parts: list[tuple[str, bool]], joint: str, nothing: str) -> tuple[str, bool]:
    if not parts:
        return nothing, False
    if len(parts) == 1:
        return parts[0]
    bracketed = [voice.say("({condition})", condition=text) if is_joined else text for text, is_joined in parts]
    return joint.join(bracketed), True


def _tests(voice: Voice, said: Condition, table: Table | None) -> Iterator[str]:
    match said:
        case Has():
            yield from _has(voice, said)
        case Cells(where=where):
            yield from (cell(voice, name, wanted) for name, wanted in where.items())
        case Every() | Some() | Not():
            return
        case _:
            for name, bound in said.items():
                yield _number(voice, name, bound, table)


def where_(voice: Voice, where: dict[str, Cell] | None) -> str:
    """The columns that rows must have, joined; nothing where they may be any."""
    return voice.say(" and ").join(cell(voice, name, wanted) for name, wanted in (where or {}).items())


def cell(voice: Voice, name: str, wanted: Cell) -> str:
    say, column = voice.say, voice.term(name)
    match wanted:
        case bool():
            return say("{column}: yes", column=column) if wanted else say("{column}: no", column=column)
        case Bound():
            return say("{name} is {bound}", name=column, bound=bounded(voice, wanted, ""))
        case _:
            return say("{column} is {text}", column=column, text=_one_of(voice, wanted, column=name))


def _number(voice: Voice, name: str, bound: Bound | Decimal, table: Table | None) -> str:
    say = voice.say
    if table is not None and COLUMNS[table].get(name) == "number":
        return say("{name} is {bound}", name=voice.term(name), bound=bounded(voice, bound, ""))
    if voice.is_met(name) and isinstance(bound, Decimal) and bound in {0, 1}:
        said = "{name} holds" if bound else "{name} does not hold"
        return say(said, name=voice.name(name))
    return say("{name} is {bound}", name=voice.name(name), bound=bounded(voice, bound, name))


def bounded(voice: Voice, bound: Bound | Decimal, name: str) -> str:
    """The bounds of a number in the unit of its measure."""
    say = voice.say
    if isinstance(bound, Decimal):
        return say("exactly {value}", value=voice.measured(bound, name) if name else plain(bound))
    parts = []
    for field, sentence in _BOUNDS.items():
        limit: Decimal | None = getattr(bound, field)
        if limit is not None:
            parts.append(say(sentence, value=voice.measured(limit, name) if name else plain(limit)))
    return say(" but ").join(parts)


def _one_of(voice: Voice, wanted: Text, *, column: str = "") -> str:
    texts = (wanted,) if isinstance(wanted, str) else wanted
    quoted = [voice.cell(column, one) if column else voice.quoted(one) for one in texts]
    return quoted[0] if isinstance(wanted, str) else voice.say("one of {texts}", texts=voice.listed(quoted))


# --- what stands in objects -----------------------------------------------------------------------------------


_STANDS = (
    ("kind", "kind of object"), ("category", "category"), ("batch", "batch"), ("territory", "territory"),
    ("level", "level"), ("unit", "unit"), ("unit_kind", "kind of unit"), ("tag", "tag"),
)  # fmt: skip


def _has(voice: Voice, has: Has) -> Iterator[str]:
    say = voice.say
    if has.stage is not None:
        yield say("the stage {stage} is reached", stage=voice.quoted(has.stage))
    if has.stage_now is not None:
        yield say("the present stage is {text}", text=_one_of(voice, has.stage_now))
    if has.light is not None:
        yield say("the light is {text}", text=_one_of(voice, has.light))
    if has.investment_nature is not None:
        is_government = has.investment_nature == "government"
        yield say("the investment is the government's" if is_government else "the investment is not the government's")
    for field, called in _STANDS:
        wanted: Text | None = getattr(has, field)
        if wanted is not None:
            yield say("the {attribute} is {text}", attribute=say(called), text=_one_of(voice, wanted, column=field))
    for scheme, wanted in (has.classes or {}).items():
        yield say("the class by {scheme} is {text}", scheme=voice.quoted(scheme), text=_one_of(voice, wanted))
    if has.continuing is not None:
        yield say("it is carried over" if has.continuing else "it is not carried over")
    if has.planned_start_due is not None:
        yield say("the planned start has passed" if has.planned_start_due else "the planned start has not passed")
