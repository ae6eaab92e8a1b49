"""An invented ledger as an office keeps it: an old .xls with merged titles, a header of two lines, a line of totals."""

import io
from decimal import Decimal
from typing import Any, NamedTuple

import xlwt

TITLE = "某某县2026年重点建设项目投资完成情况表（1-3月）"
UNITS = ("县住房和城乡建设局", "县交通运输局", "城关镇人民政府", "高新技术产业开发区管委会")
LEADERS = ("甲一", "乙二", "丙三")


class Project(NamedTuple):
    """One line; money in 万元."""

    name: str
    unit: str
    leader: str
    total: Decimal
    plan: Decimal
    done: Decimal
    nature: str
    start: str
    end: str


def _project(place: int, name: str, total: str, plan: str, done: str) -> Project:
    return Project(
        f"{name}项目", UNITS[place // 3], LEADERS[place % 3], Decimal(total), Decimal(plan), Decimal(done),
        "续建" if place % 2 else "新建", f"202{4 + place % 3}年{place + 1}月", "2027年12月",
    )  # fmt: skip


PROJECTS = [
    _project(place, *line.split())
    for place, line in enumerate((
        "城东污水处理厂 12000 5000 1250", "棚户区改造 30500.5 8000 2100", "城北供水管网 6800 3000 640",
        "县道改建 15000 6000 1500", "客运枢纽 22000 9000 2340", "大桥加固 4300 2000 0",
        "城关小学 5600 2600 780", "农贸市场 3100 1500 450", "文化中心 9900 4000 1016.5",
        "装备产业园 58000 20000 6200", "标准厂房 26000 10000 2900", "热电联产 41000 12000 3100",
    ))
]  # fmt: skip
TOTAL = sum((one.total for one in PROJECTS), Decimal(0))
PLAN = sum((one.plan for one in PROJECTS), Decimal(0))
DONE = sum((one.done for one in PROJECTS), Decimal(0))


def xls(*, year: int = 2026, month: int = 3, done: dict[str, Decimal] | None = None) -> bytes:
    """The workbook; in a later month some projects have done more."""
    book = xlwt.Workbook(encoding="utf-8")
    sheet = book.add_sheet("附表1")
    _head(sheet, year, month)
    row = 4
    for number, one in enumerate(PROJECTS, start=1):
        ytd = (done or {}).get(one.name, one.done)
        unit = one.unit if number % 3 == 1 else ""  # the cells of a unit are merged
        cells = [number, one.name, unit, one.leader, one.nature, one.total, one.plan, ytd]
        for place, cell in enumerate([*cells, "", one.start, one.end, "按计划推进", "138000000"]):
            if cell != "":
                sheet.write(row, place, float(cell) if isinstance(cell, Decimal) else cell)
        row += 1
    sheet.write_merge(row, row, 0, 1, "合计")
    for place, value in ((5, TOTAL), (6, PLAN), (7, DONE)):
        sheet.write(row, place, float(value))
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def _head(sheet: Any, year: int, month: int) -> None:
    sheet.write_merge(0, 0, 0, 12, TITLE.replace("1-3月", f"1-{month}月").replace("2026", str(year)))
    sheet.write_merge(1, 1, 9, 12, "单位：万元")
    upper = [
        "序号",
        "项目名称",
        "责任单位",
        "包抓领导",
        "建设性质",
        "总投资",
        "投资情况",
        "",
        "",
        "开工时间",
        "竣工时间",
    ]
    for place, text in enumerate([*upper, "形象进度", "联系电话"]):
        if text:
            sheet.write(2, place, text)
    for place, text in ((6, f"{year}年计划投资"), (7, f"1-{month}月累计完成投资"), (8, "完成率(%)")):
        sheet.write(3, place, text)
