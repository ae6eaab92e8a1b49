"""From when each audience reads a bulletin, and to which of them a person belongs."""

from dataclasses import replace
from typing import Any

import pytest

from shared.core.bulletins import may_read, readable_from
from shared.core.calendar import WorkingCalendar
from shared.core.ledger import BEFORE_ALL_TIME
from shared.core.regime.due import Days
from shared.core.regime.publishing import Bulletin
from tests.support.builders import ZONE, a_unit, a_year, local, until
from tests.support.facts import a_post
from tests.support.spec import given

SEALED = local("2026-04-08 10:00")
EMBARGOED = Bulletin(
    id="monthly", kind="通报", cadence="monthly", sections=("overview",), audience=("leaders", "units", "public"),
    then_after=Days(days=1),
)  # fmt: skip


def readable(audience: Any, bulletin: Bulletin = EMBARGOED, sealed_at: Any = SEALED) -> Any:
    return readable_from(bulletin, audience, sealed_at=sealed_at, calendar=WorkingCalendar(), zone=ZONE)


def test_nobody_reads_it_before_it_is_sealed() -> None:
    """000-4b: 「拟通报的问题要严守秘密」."""
    assert readable("leaders", sealed_at=None) is None
    assert readable("leaders", replace(EMBARGOED, embargo="none"), sealed_at=None) == BEFORE_ALL_TIME


def test_each_audience_reads_it_a_day_after_the_one_before() -> None:
    assert [readable(one) for one in ("leaders", "units", "public")] == [
        SEALED, local("2026-04-10 00:00"), local("2026-04-11 00:00"),
    ]  # fmt: skip


def test_who_is_no_audience_never_reads_it() -> None:
    assert readable("leading_group") is None


def test_all_read_it_at_once_where_nothing_is_said() -> None:
    assert readable("public", replace(EMBARGOED, then_after=None)) == SEALED


@pytest.mark.parametrize(
    ("now", "readers"),
    [
        ("2026-04-08 10:00", ["signer-1", "leader-1"]),
        ("2026-04-10 00:00", ["signer-1", "leader-1", "head-a"]),
        ("2026-04-11 00:00", ["signer-1", "leader-1", "head-a", "nobody"]),
    ],
)
def test_it_reaches_leaders_then_those_with_a_post_in_a_unit_then_everybody(now: str, readers: list[str]) -> None:
    leader, signer = a_post("leader-1", "sponsor_leader", "gov"), a_post("signer-1", "signer", "gov")
    ledger = given(*a_year(), a_unit("gov"), leader, signer, a_post("head-a"), until(now)).scored().ledger
    people = ("signer-1", "leader-1", "head-a", "nobody")
    assert [one for one in people if may_read(ledger, one, EMBARGOED, sealed_at=SEALED)] == readers


def test_who_prepares_it_reads_it_though_it_is_not_out() -> None:
    ledger = given(*a_year(), a_post("signer-1", "signer"), a_post("head-a"), until("2026-04-08 10:00")).scored().ledger
    readers = [one for one in ("signer-1", "head-a") if may_read(ledger, one, EMBARGOED, sealed_at=None)]
    assert readers == ["signer-1"]
