"""What each section of a bulletin says in prose, from its facts alone: where nothing is known, it says so."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial

from services.notify.domain.text import MONEY, Say, listed, term
from shared.core.events import BulletinLine, Facts, Named
from shared.core.regime.publishing import Section
from shared.core.time_names import period_name

NOTED: Mapping[Section, str] = {
    "problems": "Open problems: {count}.",
    "decisions": "Decisions of meetings that are followed up: {count}.",
    "rectifications": "Rectifications in hand: {count}.",
    "matters": "Supervised matters in hand: {count}.",
    "late_returns": "Returns that came late, not at all, or not to the form: {count}.",
}
"""Sections whose rows stand in a table under the sentence."""


def paragraph(section: str, facts: Facts, say: Say) -> str:
    return _WRITTEN[section](facts, say)


def _overview(facts: Facts, say: Say) -> str:
    count = facts.not_judged_count
    sentence = _of_the_period(facts, say) if facts.window == "period" else _of_the_year(facts, say)
    return sentence + (say(" {count} of them are not judged.", count=count) if count else "")


def _of_the_year(facts: Facts, say: Say) -> str:
    """Who is not judged is in the amounts, not in the ratio: then the one must not be read as that of the others."""
    judged = (
        "By the end of {period}, the {count} projects had completed {done} {unit} of investment; "
        "their annual plan is {plan} {unit}. Those that are judged had completed {ratio} of theirs."
    )
    all_judged = (
        "By the end of {period}, the {count} projects had completed {done} {unit} of investment, "
        "{ratio} of the annual plan of {plan} {unit}."
    )
    return say(
        judged if facts.not_judged_count else all_judged,
        period=period_name(facts.period, say),
        count=facts.project_count,
        done=_amount(facts, "investment_completed"),
        plan=_amount(facts, "annual_planned_investment"),
        unit=say(MONEY.get(facts.money_unit, facts.money_unit)),
        ratio=facts.totals.get("investment_ratio", "-"),
    )


def _of_the_period(facts: Facts, say: Say) -> str:
    period = period_name(facts.period, say)
    if "investment_in_period" not in facts.amounts:
        return say("What was completed in {period} alone is not known.", period=period)
    return say(
        "In {period}, the {count} projects completed {done} {unit} of investment.",
        period=period, count=facts.project_count, done=_amount(facts, "investment_in_period"),
        unit=say(MONEY.get(facts.money_unit, facts.money_unit)),
    )  # fmt: skip


def _shares(facts: Facts, say: Say) -> str:
    named = _figures(facts.totals, ("_share", "_rate"), say)
    return say("By count: {shares}.", shares=named) if named else ""


def _start_rates(facts: Facts, say: Say) -> str:
    whole = _figures(facts.totals, ("_rate",), say)
    if not whole:
        return say("Nothing is known of this.")
    lines = [line for split in facts.split for line in split.lines]
    of_each = [(line.name, _figures(line.displayed, ("_rate",), say)) for line in lines]
    parts = [say("{name}: {figures}", name=name, figures=figures) for name, figures in of_each if figures]
    sentence = say("Of the whole list: {shares}.", shares=whole)
    return sentence + (say(" Of its parts: {parts}.", parts=say("; ").join(parts)) if parts else "")


def _ranking(facts: Facts, say: Say) -> str:
    if facts.publish == "none":
        return say("Places are not published.")
    if facts.publish == "bands":
        bands = dict.fromkeys(unit.band for unit in facts.units if unit.band)
        named = [(term(band, say), _names([unit for unit in facts.units if unit.band == band], say)) for band in bands]
        return say("; ").join(say("{name}: {figures}", name=name, figures=units) for name, units in named)
    first = [unit for unit in facts.units if unit.rank == 1]
    return say("Ranked first: {units}.", units=_names(first, say)) if first else ""


def _commended(facts: Facts, say: Say) -> str:
    named = facts.commended or Named()
    if not named.lines:
        return say("Nobody is commended.")
    return say("Commended: {names}.", names=_names(named.lines, say)) + _must(named, say)


def _criticised(facts: Facts, say: Say) -> str:
    named = facts.criticised or Named()
    by_notice = listed(list(dict.fromkeys(item.name for item in named.items)), say)
    sentences = [
        say("Criticised: {names}.", names=_names(named.lines, say)) + _must(named, say) if named.lines else "",
        say("Criticised by notice: {names}.", names=by_notice) if by_notice else "",
    ]
    return "".join(sentences) or say("Nobody is criticised.")


def _must(named: Named, say: Say) -> str:
    if not named.must:
        return ""
    if not named.forum:
        return say(" Asked of those who lead them: {act}.", act=term(named.must, say))
    return say(
        " Asked of those who lead them, at {forum}: {act}.", forum=term(named.forum, say), act=term(named.must, say)
    )


def _not_started(facts: Facts, say: Say) -> str:
    lines = facts.not_started
    return say("Not started, {count}: {names}.", count=len(lines), names=_names(lines, say)) if lines else ""


def _behind(facts: Facts, say: Say) -> str:
    lines = facts.behind
    return say("Behind time progress, {count}: {names}.", count=len(lines), names=_names(lines, say)) if lines else ""


def _unranked(facts: Facts, say: Say) -> str:
    if not facts.unranked:
        return say("There is none.")
    return say("Bulletined without a place: {names}.", names=_names(facts.unranked, say))


def _next_steps(facts: Facts, say: Say) -> str:
    steps = [*facts.next_steps, *facts.noted.get("next_steps", ())]
    return "".join(steps) if steps else say("Nothing is known of this.")


def _noted(facts: Facts, say: Say, *, section: Section) -> str:
    found = facts.noted.get(section)
    if found is None:
        return say("Nothing is known of this.")
    return say(NOTED[section], count=len(found)) if found else say("There is none.")


def _figures(displayed: Mapping[str, str], endings: tuple[str, ...], say: Say) -> str:
    counted = {name: value for name, value in displayed.items() if name.endswith(endings)}
    return say("; ").join(say("{name} {value}", name=term(name, say), value=value) for name, value in counted.items())


def _names(lines: Sequence[BulletinLine], say: Say) -> str:
    return listed([line.name for line in lines], say)


def _amount(facts: Facts, name: str) -> str:
    """Prose leaves the zeros out that a table keeps: 39.8, not 39.80."""
    printed = facts.amounts.get(name, "-")
    return printed.rstrip("0").rstrip(".") if "." in printed else printed


_WRITTEN: Mapping[str, Callable[[Facts, Say], str]] = {
    "overview": _overview, "shares": _shares, "start_rates": _start_rates, "ranking": _ranking,
    "commended": _commended, "criticised": _criticised, "not_started": _not_started, "behind": _behind,
    "unranked": _unranked, "next_steps": _next_steps,
    **{section: partial(_noted, section=section) for section in NOTED},
}  # fmt: skip
