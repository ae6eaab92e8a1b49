"""A trial for people: who moves, what would have been opened and what not, in their language."""

from collections.abc import Iterator, Sequence
from itertools import groupby

from rich.console import Console, RenderableType
from rich.table import Table

from deploy.local.trial import Differs, Moved, Trial
from shared.infra.texts import Texts

_NAMED_MAX = 5
_ROWS_MAX = 60
_PLACES = ("rank", "band", "light")


def print_trial(trial: Trial, say: Texts) -> None:
    """Print everything but the numbers of single projects, which are counted; `--json` has them all."""
    console = Console()
    for one in _parts(trial, say):
        console.print(one, soft_wrap=isinstance(one, str), highlight=False)


def _parts(trial: Trial, say: Texts) -> Iterator[RenderableType]:
    yield say(
        "{list}: the record up to position {position} under {rules} as in force, and under the draft {draft}.",
        list=trial.list, position=trial.position, rules=f"{trial.in_force.regime} v{trial.in_force.version}",
        draft=f"{trial.draft.regime} v{trial.draft.version}",
    )  # fmt: skip
    if not trial.periods:
        yield say("Nothing was drawn in this window.")
    elif not (trial.moved or trial.differs or trial.bulletins):
        yield say("The draft changes nothing in {periods}.", periods=_listed(trial.periods, say))
    if trial.moved:
        yield from _movers(trial.moved, say)
    if trial.differs:
        yield _followed(trial.differs, say)
    for bulletin in trial.bulletins:
        yield say("{title} would read otherwise: {parts}.", title=bulletin.title, parts=", ".join(bulletin.parts))
    yield from _undecided(trial, say)
    if trial.parked_draft > trial.parked_in_force:
        yield say(
            "{count} acts of the record are about notices or bulletins that the draft never makes.",
            count=trial.parked_draft - trial.parked_in_force,
        )  # fmt: skip


def _movers(moved: Sequence[Moved], say: Texts) -> Iterator[RenderableType]:
    """A row for each subject whose place, light or points are others; who is no project comes first."""
    shown = [one for one in moved if any(one.of(about) for about in (*_PLACES, "points:total"))]
    rows = sorted(shown, key=lambda one: (one.period, one.subject_kind == "project"))
    if rows:
        table = Table(title=say("Who moves: by the rules in force → by the draft"))
        for head in (say("period"), say("who"), say("lane"), say("place"), say("light"), say("points")):
            table.add_column(head)
        for one in rows[:_ROWS_MAX]:
            place, points = _arrow(one, "rank", "band"), _arrow(one, "points:total")
            light = " → ".join(say.sentence(name) for name in _arrow(one, "light").split(" → "))
            table.add_row(one.period, f"{one.subject} {one.name}".strip(), one.lane, place, light, points)
        yield table
    if len(rows) > _ROWS_MAX:
        yield say("And {count} more that move; --json has them all.", count=len(rows) - _ROWS_MAX)
    if others := len(moved) - len(rows):
        yield say("{count} more lines have other figures, and the same place and light.", count=others)


def _arrow(one: Moved, *abouts: str) -> str:
    found = next((change for about in abouts if (change := one.of(about))), None)
    return f"{found.in_force_displayed} → {found.draft_displayed}" if found else ""


def _followed(differs: Sequence[Differs], say: Texts) -> Table:
    kinds = {
        "hit": say("rule hit"), "matter": say("matter opened"), "reminder": say("reminder sent"),
        "notice": say("notice drafted"), "bulletin": say("bulletin drafted"),
    }  # fmt: skip
    table = Table(title=say("What one side alone brings about"))
    for head in (say("what"), say("rule or step"), say("period")):
        table.add_column(head)
    table.add_column(say("by the draft only"))
    table.add_column(say("by the rules in force only"))
    by_kind = sorted(differs, key=lambda one: (list(kinds).index(one.kind), one.what, one.period))
    for (kind, what, period), group in groupby(by_kind, key=lambda one: (one.kind, one.what, one.period)):
        of = list(group)
        cells = [_named([one for one in of if one.only == side], say) for side in ("draft", "in_force")]
        table.add_row(kinds[kind], what, period, *cells)
    return table


def _named(of: Sequence[Differs], say: Texts) -> str:
    return f"{len(of)}: {_listed([_whom(one) for one in of], say)}" if of else ""


def _whom(one: Differs) -> str:
    """A notice goes to a unit, and may be about much; all else is about one subject."""
    return one.unit if one.kind in {"notice", "reminder"} and "," in one.subject else one.name or one.subject


def _listed(names: Sequence[str], say: Texts) -> str:
    told = say(", ").join(names[:_NAMED_MAX])
    return say("{names} and {count} more", names=told, count=len(names) - _NAMED_MAX) if names[_NAMED_MAX:] else told


def _undecided(trial: Trial, say: Texts) -> Iterator[str]:
    of_draft = sorted(one.rule for one in trial.undecided if one.side == "draft")
    for rule, group in groupby(of_draft):
        yield say(
            "Under the draft it is {count} times not known whether {rule} holds: facts are missing.",
            count=len(list(group)), rule=rule,
        )  # fmt: skip
