"""What a workbook says is printed in the reader's language and in the money unit of its rules."""

from typing import Any

import pytest

from deploy.local.workbook_command import show
from shared.infra.texts import Locale, Texts

SUMMARY: dict[str, Any] = {
    "rows": 12, "changed": 10, "submissions": 11, "nil": 1, "corrected": 0, "money_unit": "万元",
    "totals": {"investment_ytd_yuan": "26000000", "funds_paid_yuan": "1250000.5"},
    "flagged": [{"pointer": "/月报表/F4", "flag": "over_plan", "text": "超年度计划"}],
}  # fmt: skip


@pytest.mark.parametrize(
    ("locale", "said"),
    [
        ("zh", [
            "共 12 行，已填 10 行；事件 11 项，其中零报送 1 项、更正 0 项。", "年初以来累计完成投资 （万元）：2600",
            "拨付资金 （万元）：125.00005", "/月报表/F4：超年度计划",
        ]),
        ("en", [
            "Rows: 12, filled in: 10; events: 11, nil returns: 1, corrections: 0.",
            "Completed in the year to date (万元): 2600", "Funds paid (万元): 125.00005", "/月报表/F4: 超年度计划",
        ]),
    ],
)  # fmt: skip
def test_a_summary_is_told_in_words(locale: Locale, said: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    show(SUMMARY, Texts.load(locale))
    assert capsys.readouterr().out.splitlines() == said
