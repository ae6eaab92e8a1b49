"""Is a day that a check names held against dates as a day, however it is written?"""

from datetime import UTC, date, datetime
from types import SimpleNamespace
from typing import Any

import pytest

from deploy.local.mapping.cells import Value
from deploy.local.mapping.rows import _bound

ROW: Any = SimpleNamespace(zone=UTC)


@pytest.mark.parametrize("written", ["2026-01-31", "20260131", "2026-01-31T00:00"])
def test_a_bound_is_of_the_kind_that_it_is_held_against(written: str) -> None:
    assert _bound(written, ROW, date(2026, 2, 1)) == date(2026, 1, 31)
    moment: Value = datetime(2026, 2, 1, tzinfo=UTC)
    assert _bound(written, ROW, moment) == datetime(2026, 1, 31, tzinfo=UTC)
