"""All that a bulletin prints, as it prints, from the draw of its moment and what notices put into it."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from itertools import chain

from services.notify.domain.ledger import Circulation
from services.notify.domain.naming import named
from services.notify.domain.text import Say, date_of
from shared.core.calendar import Moment, Period, last_day_before
from shared.core.events import BulletinLine, Facts, LineDrawn, Named, Split, StandingsDrawn, UnitRegistered
from shared.core.ledger import Ledger
from shared.core.moments import due_at
from shared.core.numbers import EXACT, YUAN_PER, rounded
from shared.core.ranking import ranked
from shared.core.regime.check.names import Node, telling_places
from shared.core.regime.model import Bulletin, Pick, Regime, SubjectKind
from shared.core.regime.names import own_names
from shared.core.regime.terms import PERSONS
from shared.core.register import Project, opening, published_list, zone_of
from shared.core.time_names import period_name

POINTS_DECIMALS = 2
"""At most so many are printed: a bonus for each percentage point may have forty."""

_LEADERS = frozenset({"leaders", "leading_group"})


def facts_of(
    ledger: Ledger, moment: Moment, regime: Regime, bulletin: Bulletin, lines: Sequence[LineDrawn],
    drawn: StandingsDrawn, *, circulated: Sequence[Circulation], say: Say,
) -> Facts:  # fmt: skip
    """`circulated`: what notices served since the last bulletin put into this one, if it criticises."""
    whole = next(line for line in lines if line.subject_kind == "list")
    opened, period = opening(ledger), Period.parse(moment.period)
    published = published_list(ledger, moment.list, period.year)
    list_name = published.name if published else moment.list
    printing = _Printing(ledger, regime, bulletin, lines)
    units, projects = printing.of("unit"), [line for line in lines if line.subject_kind == "project"]
    criticised = printing.named("criticised", bulletin.criticised)
    items = tuple(item for one in circulated for item in one.items)
    facts = Facts(
        list=moment.list, list_name=list_name, jurisdiction_name=opened.name, time_zone=opened.time_zone,
        mode=opened.mode, kind=bulletin.kind,
        title=say("Bulletin on the progress of {list}, {period}", list=list_name, period=period_name(str(period), say)),
        issuer=regime.issuer.body, writes_as=regime.issuer.writes_as, year=period.year, period=moment.period,
        as_of=moment.at, position=drawn.position, regime=drawn.regime, regime_version=drawn.regime_version,
        sections=bulletin.sections, money_unit=regime.numbers.money_unit, project_count=whole.project_count,
        not_judged_count=whole.not_judged_count, amounts=_amounts(regime, whole), totals=whole.displayed,
        units=units, not_started=printing.all(line for line in projects if "started" not in line.stages),
        behind=printing.all(line for line in projects if line.light in {"yellow", "red"}),
        window=bulletin.window, by=bulletin.by, publish=printing.publish, split=tuple(printing.split()),
        commended=printing.named("commended", bulletin.commended),
        criticised=replace(criticised, items=items) if criticised else None,
        unranked=printing.all(line for line in lines if line.subject_kind == "unit" and line.is_rankable is not True),
        noted={
            name: tuple(_named(ledger, one) for one in noted)
            for name, noted in whole.noted.items()
            if name in bulletin.sections
        },
        next_steps=tuple(_next_returns(ledger, moment, regime, say)) if "next_steps" in bulletin.sections else (),
    )  # fmt: skip
    names, printed = own_names(regime, say), set(_printed(facts))
    return replace(facts, names={name: names[name] for name in names if name in printed})


def _printed(facts: Facts) -> Iterator[str]:
    """What of the facts is printed by its name: measures and components, lanes and bands, what is asked and where."""
    named = [one for one in (facts.commended, facts.criticised) if one]
    parts = [one.lines for one in named] + [split.lines for split in facts.split]
    yield from facts.totals
    for line in chain(facts.units, facts.unranked, facts.not_started, facts.behind, *parts):
        yield from (*line.displayed, *line.points, line.lane, line.band)
    for one in named:
        yield from (one.must, one.forum)
    for split in facts.split:
        yield split.kind


class _Printing:
    """Lines of a draw as a bulletin may print them: persons for leaders only, places where they are published.

    Points tell places as well: beside bands they are for leaders only, where nothing is published for nobody.
    """

    def __init__(self, ledger: Ledger, regime: Regime, bulletin: Bulletin, lines: Sequence[LineDrawn]) -> None:
        self.ledger, self.regime, self.bulletin = ledger, regime, bulletin
        self.lines = ranked(regime, lines, by=bulletin.rank_by) if bulletin.rank_by else lines
        self.publish = regime.scoring.ranking.publish if regime.scoring else "ranks"
        self.is_for_leaders = _LEADERS.issuperset(bulletin.audience)
        self.tells_points = self.publish == "ranks" or (self.publish == "bands" and self.is_for_leaders)
        self.untold = frozenset[Node]() if self.tells_points else telling_places(regime)

    def of(self, kind: SubjectKind) -> tuple[BulletinLine, ...]:
        if kind in PERSONS and not self.is_for_leaders:
            return ()
        return self.all(line for line in self.lines if line.subject_kind == kind)

    def all(self, lines: Iterator[LineDrawn]) -> tuple[BulletinLine, ...]:
        return tuple(map(self._line, lines))

    def split(self) -> Iterator[Split]:
        for kind in self.bulletin.by:
            if kind not in {"unit", "list"} and (lines := self.of(kind)):
                yield Split(kind=kind, lines=lines)

    def named(self, section: str, pick: Pick | None) -> Named | None:
        """Whom a section names; without a rule about it, nobody but those whom notices put there."""
        if section not in self.bulletin.sections:
            return None
        if pick is None:
            return Named()
        found = {line.subject for line in named(self.regime, self.lines, pick, by=self.bulletin.rank_by)}
        lines = tuple(line for line in self.of(pick.about) if line.subject in found)
        return Named(about=pick.about, lines=lines, must=pick.must or "", forum=pick.forum)

    def _line(self, line: LineDrawn) -> BulletinLine:
        unit = self.ledger.get(UnitRegistered, line.unit)
        return BulletinLine(
            subject=line.subject, name=line.name, unit_name=unit.name if unit else line.unit, lane=line.lane,
            rank=line.rank if self.publish == "ranks" else None, light=line.light,
            displayed={name: text for name, text in line.displayed.items() if ("measure", name) not in self.untold},
            points={name: _points(self.regime, points) for name, points in line.points.items() if self.tells_points},
            band=line.band if self.publish == "bands" else "", project_count=line.project_count,
        )  # fmt: skip


def _amounts(regime: Regime, line: LineDrawn) -> dict[str, str]:
    numbers = regime.numbers
    amounts = {name: EXACT.divide(yuan, YUAN_PER[numbers.money_unit]) for name, yuan in line.amounts_yuan.items()}
    return {
        name: str(rounded(amount, decimals=numbers.money_decimals, rounding=numbers.rounding))
        for name, amount in amounts.items()
    }


def _points(regime: Regime, points: Decimal | None) -> str | None:
    if points is None:
        return None
    printed = rounded(points, decimals=POINTS_DECIMALS, rounding=regime.numbers.rounding)
    return f"{printed.normalize(EXACT):f}"


def _named(ledger: Ledger, noted: str) -> str:
    """The name of a unit or a project, where it is the code of one; else the text itself."""
    unit, project = ledger.get(UnitRegistered, noted), ledger.get(Project, noted)
    return unit.name if unit else project.listing.name if project else noted


def _next_returns(ledger: Ledger, moment: Moment, regime: Regime, say: Say) -> Iterator[str]:
    """By when the next return of each kind is due, as far as a day is said."""
    zone = zone_of(ledger)
    today = moment.at.astimezone(zone).date()
    for rule in regime.reporting:
        running = Period.holding(today, rule.cadence)
        before = Period.holding(running.first_day - timedelta(days=1), rule.cadence)
        dated = ((period, due_at(ledger, period, rule)) for period in (before, running, running.next()))
        period, due = next(((one, at) for one, at in dated if at is not None and at > moment.at), (running, None))
        if due is not None:
            local, day_ends = due.astimezone(zone), last_day_before(due, zone) < due.astimezone(zone).date()
            yield say(
                "The return for {period} is due by {date}, {time}.", period=period_name(str(period), say),
                date=date_of(due - timedelta(days=int(day_ends)), zone, say),
                time="24:00" if day_ends else f"{local:%H:%M}",
            )  # fmt: skip
