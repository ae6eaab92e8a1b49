"""Where does a replay of the record differ from what is live or was published, and did the office accept that?"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from nats.aio.client import Client

from services.scoring.domain.draw import ENGINE
from shared.core.digest import digest
from shared.core.events import AnyRecorded, DriftFound
from shared.core.ledger import Ledger
from shared.infra import wire
from shared.infra.bus import last_message
from shared.infra.ledgers import DRIFT, SqlLedgers, Statement
from shared.infra.streams import RECORD, jurisdiction_filter, standings_subject

_WHOLE = "-"
"""Stands for the list where a difference is of no list."""


@dataclass(frozen=True, slots=True)
class Said:
    """A statement without what it says: enough to find it by."""

    list: str
    about: str
    moment: str
    subject: str

    @classmethod
    def of(cls, recorded: AnyRecorded) -> "Said":
        data = recorded.data
        return cls(data.list, type(data).__name__, data.moment, getattr(data, "subject", ""))


@dataclass(frozen=True, slots=True)
class Differences:
    """Of one jurisdiction at a position. `rule` is what an OverrideUsed names to accept exactly these."""

    jurisdiction: str
    position: int
    rule: str = ""
    found: tuple[DriftFound, ...] = ()

    @property
    def of_statements(self) -> bool:
        return any(one.about != "ledger" for one in self.found)


async def compared(
    live: SqlLedgers, kept: Ledger | None, again: Ledger, replayed: Mapping[str, Said]
) -> Differences:  # fmt: skip
    """A replay against the live ledger, if its entries can be compared, and against all that was published."""
    code = again.jurisdiction
    published = set(await live.stated_ids(code))
    gone, new = published - replayed.keys(), replayed.keys() - published
    old = {one.id: Said.of(one) for one in await live.statements(code) if one.id in gone} if gone else {}
    found = list(_paired(old, {one: replayed[one] for one in new}, again.position))
    entries = _differing(kept, again) if kept is not None else []
    if kept is not None and entries:
        told = {"old": kept.digest(), "new": again.digest()}
        found.append(_drift(Said(_WHOLE, "ledger", "", code), again.position, **told))
    named = rule_of(code, gone, new) if gone or new else f"drift-{digest([code, entries])[:24]}"
    return Differences(code, again.position, named if found else "", tuple(found))


def rule_of(jurisdiction: str, gone: Iterable[str], new: Iterable[str]) -> str:
    """What names differences of statements, however far the record has gone on since."""
    return f"drift-{digest([jurisdiction, sorted(gone), sorted(new)])[:24]}"


async def is_accepted(client: Client, partition: int, differences: Differences) -> bool:
    """Whether the record holds an OverrideUsed of exactly these differences; intake lets only the office record one."""
    of = jurisdiction_filter(RECORD, partition, differences.jurisdiction).removesuffix(">")
    return await last_message(client, RECORD, f"{of}override.{differences.rule}.*") is not None


async def statements_of(
    live: SqlLedgers, differences: Differences, partition: int, at: datetime
) -> list[Statement]:  # fmt: skip
    """What is to be published of them, as far as it was not yet."""
    said = {one.id for one in await live.statements(differences.jurisdiction, topic=DRIFT)}
    stated = []
    for one in differences.found:
        recorded = wire.statement(one, jurisdiction=differences.jurisdiction, at=at, causation="")
        subject = standings_subject(partition, differences.jurisdiction, one.list, "drift_found")
        if recorded.id not in said:
            stated.append(Statement(DRIFT, subject, recorded, differences.position))
    return stated


def _paired(old: Mapping[str, Said], new: Mapping[str, Said], position: int) -> Iterable[DriftFound]:
    pairs: dict[Said, tuple[list[str], list[str]]] = defaultdict(lambda: ([], []))
    for side, ids in enumerate((old, new)):
        for one, said in sorted(ids.items()):
            pairs[said][side].append(one)
    for said, (before, after) in pairs.items():
        for place in range(max(len(before), len(after))):
            yield _drift(said, position, old=_at(before, place), new=_at(after, place))


def _at(ids: list[str], place: int) -> str | None:
    return ids[place] if place < len(ids) else None


def _drift(said: Said, position: int, *, old: str | None, new: str | None) -> DriftFound:
    return DriftFound(
        list=said.list, position=position, engine=ENGINE, about=said.about, moment=said.moment, subject=said.subject,
        old=old, new=new,
    )  # fmt: skip


def _differing(one: Ledger, other: Ledger) -> list[tuple[str, str]]:
    """Class and key of the entries that are not the same."""
    if one.digest() == other.digest():
        return []
    sides = [{(type(entry).__name__, key): entry for key, entry in ledger.everything()} for ledger in (one, other)]
    return sorted(at for at in sides[0].keys() | sides[1].keys() if sides[0].get(at) != sides[1].get(at))
