"""From a draw to the facts of a bulletin, and from the last signature to its seal."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal

from services.notify.domain import text
from services.notify.domain.ledger import BulletinFile
from services.notify.domain.pursue import next_number, sign
from services.notify.domain.text import Say
from shared.core.calendar import Moment, Period
from shared.core.digest import digest
from shared.core.errors import CannotApply
from shared.core.events import (
    BulletinApproved,
    BulletinDrafted,
    BulletinLine,
    BulletinSealed,
    Facts,
    LineDrawn,
    NoticesEvent,
    Recorded,
    StandingsDrawn,
    UnitRegistered,
)  # fmt: skip
from shared.core.ledger import Ledger
from shared.core.moments import issued_at
from shared.core.numbers import EXACT, YUAN_PER, rounded
from shared.core.regime.model import Bulletin, Regime, Section
from shared.core.register import need, opening, published_list, regime_for, zone_of

POINTS_DECIMALS = 2
"""At most so many are printed: a bonus for each percentage point may have forty."""


def draft_bulletins(
    ledger: Ledger, moment: Moment, lines: Sequence[LineDrawn], drawn: StandingsDrawn, *, say: Say
) -> Iterator[NoticesEvent]:
    """Draft each bulletin whose issue this moment is, from the draw of the moment and nothing else."""
    regime = _regime(ledger, moment.list, moment.period)
    for bulletin in issued_at(ledger, moment, regime):
        facts = _facts(ledger, moment, regime, bulletin, lines, drawn, say=say)
        yield _draft(ledger, moment, bulletin, facts, drawn, say)


def approve_bulletin(ledger: Ledger, recorded: Recorded[BulletinApproved]) -> Iterator[NoticesEvent]:
    """Add the signature whose turn it is; the last seals the bulletin for good, with its number."""
    data = recorded.data
    kept = need(ledger.get(BulletinFile, data.bulletin), f"bulletin {data.bulletin} was never drafted")
    if kept.draft.digest != data.draft_digest or kept.sealed:
        raise CannotApply(f"bulletin {data.bulletin} has another draft, or is sealed")
    signed = sign(kept.draft.sign_off, kept.signed, recorded)
    sealed = len(signed) == len(kept.draft.sign_off)
    ledger.put(data.bulletin, replace(kept, signed=signed, sealed=sealed))
    if sealed:
        yield _seal(ledger, recorded, kept.draft)


def _seal(ledger: Ledger, recorded: Recorded[BulletinApproved], draft: BulletinDrafted) -> BulletinSealed:
    year = recorded.recorded_at.astimezone(zone_of(ledger)).year
    number = next_number(ledger, sign=draft.facts.writes_as, year=year, template=_template(ledger, draft))
    return BulletinSealed(
        bulletin=draft.bulletin, list=draft.list, number=number, sealed_at=recorded.recorded_at,
        signed_by=recorded.actor, facts=draft.facts, paragraphs=draft.paragraphs, digest=draft.digest,
    )  # fmt: skip


def _template(ledger: Ledger, draft: BulletinDrafted) -> str:
    period = draft.facts.period
    regime = _regime(ledger, draft.list, period)
    ids = {_bulletin_id(draft.list, period, one): one.number for one in regime.bulletins}
    return need(ids.get(draft.bulletin), f"no rule calls for the bulletin {draft.bulletin}")


def _bulletin_id(code: str, period: str, bulletin: Bulletin) -> str:
    return f"b-{code}-{period}-{bulletin.id}"


def _regime(ledger: Ledger, code: str, period: str) -> Regime:
    return need(regime_for(ledger, code, Period.parse(period)), f"list {code} has no regime")


def _draft(
    ledger: Ledger, moment: Moment, bulletin: Bulletin, facts: Facts, drawn: StandingsDrawn, say: Say
) -> BulletinDrafted:
    draft = BulletinDrafted(
        bulletin=_bulletin_id(moment.list, moment.period, bulletin), list=moment.list, moment=moment.id,
        facts=facts, paragraphs=tuple(_paragraph(section, facts, say) for section in bulletin.sections),
        sign_off=bulletin.sign_off, parked_count=drawn.parked_count, digest="",
    )  # fmt: skip
    draft = replace(draft, digest=digest([facts, draft.paragraphs]))
    ledger.put(draft.bulletin, BulletinFile(draft))
    return draft


def _paragraph(section: Section, facts: Facts, say: Say) -> str:
    write = {
        "overview": text.overview, "shares": text.shares, "ranking": text.ranking,
        "not_started": text.not_started, "behind": text.behind,
    }[section]  # fmt: skip
    return write(facts, say)


def _facts(
    ledger: Ledger, moment: Moment, regime: Regime, bulletin: Bulletin, lines: Sequence[LineDrawn],
    drawn: StandingsDrawn, *, say: Say,
) -> Facts:  # fmt: skip
    whole = next(line for line in lines if line.subject_kind == "list")
    projects = [line for line in lines if line.subject_kind == "project"]
    opened, period = opening(ledger), Period.parse(moment.period)
    published = published_list(ledger, moment.list, period.year)
    list_name = published.name if published else moment.list
    return Facts(
        list=moment.list, list_name=list_name, jurisdiction_name=opened.name, time_zone=opened.time_zone,
        mode=opened.mode, kind=bulletin.kind,
        title=say(
            "Bulletin on the progress of {list}, {period}",
            list=list_name, period=text.period_name(moment.period, say),
        ),
        issuer=regime.issuer.body, writes_as=regime.issuer.writes_as, year=period.year, period=moment.period,
        as_of=moment.at, position=drawn.position, regime=drawn.regime, regime_version=drawn.regime_version,
        sections=bulletin.sections, money_unit=regime.numbers.money_unit, project_count=whole.project_count,
        not_judged_count=whole.not_judged_count, amounts=_amounts(regime, whole), totals=whole.displayed,
        units=tuple(_line(ledger, regime, line) for line in lines if line.subject_kind == "unit"),
        not_started=tuple(_line(ledger, regime, line) for line in projects if "started" not in line.stages),
        behind=tuple(_line(ledger, regime, line) for line in projects if line.light in {"yellow", "red"}),
    )  # fmt: skip


def _amounts(regime: Regime, line: LineDrawn) -> dict[str, str]:
    numbers = regime.numbers
    amounts = {name: EXACT.divide(yuan, YUAN_PER[numbers.money_unit]) for name, yuan in line.amounts_yuan.items()}
    return {
        name: str(rounded(amount, decimals=numbers.money_decimals, rounding=numbers.rounding))
        for name, amount in amounts.items()
    }


def _line(ledger: Ledger, regime: Regime, line: LineDrawn) -> BulletinLine:
    unit = ledger.get(UnitRegistered, line.unit)
    return BulletinLine(
        subject=line.subject, name=line.name, unit_name=unit.name if unit else line.unit, lane=line.lane,
        rank=line.rank, light=line.light, displayed=line.displayed,
        points={name: _points(regime, points) for name, points in line.points.items()},
    )  # fmt: skip


def _points(regime: Regime, points: Decimal | None) -> str | None:
    if points is None:
        return None
    printed = rounded(points, decimals=POINTS_DECIMALS, rounding=regime.numbers.rounding)
    return f"{printed.normalize(EXACT):f}"
