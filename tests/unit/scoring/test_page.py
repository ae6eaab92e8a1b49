"""Does the live page show progress and lights, keep places to itself, and follow the record?"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from lxml import html
from starlette.requests import Request

from services.scoring import page as live
from services.scoring.page import LiveView, event_of, live_routes, percent, render_page
from shared.core.events import LineDrawn
from shared.core.regime.model import LightName, SubjectKind, Title
from shared.infra.web import install_problems


def a_line(
    kind: SubjectKind,
    code: str,
    name: str,
    *,
    unit: str = "u1",
    ratio: str = "31.20",
    light: LightName | None = "green",
) -> LineDrawn:
    return LineDrawn(
        moment="m",
        list="kp",
        period="2026-03",
        subject_kind=kind,
        subject=code,
        name=name,
        unit=unit,
        lane="",
        project_count=28,
        not_judged_count=0,
        missing_count=0,
        late_count=0,
        measures={"investment_ratio": Decimal(ratio) / 100},
        displayed={
            "investment_ratio": f"{ratio}%",
            "start_rate": "64.29%",
            "tertiary_share": "42.9%",
            "time_progress": "25.00%",
            "deviation_pp": "+6.20",
        },
        amounts_yuan={},
        stages=(),
        light=light,
        points={"total": Decimal("77.77")},
        rank=9999,
    )


def a_view(**changes: Any) -> LiveView:
    view = LiveView(
        jurisdiction="demo",
        jurisdiction_name="示例市",
        mode="simulated",
        list="kp",
        list_name="2026年市重点项目",
        period="2026-03",
        as_of=datetime.fromisoformat("2026-04-09T09:30:00+08:00"),
        position=7,
        lines=(
            a_line("project", "p1", "环城东路改扩建", unit="u2", ratio="120.50", light="red"),
            a_line("project", "p2", "职教园区二期", unit="u1", light=None),
            a_line("unit", "u1", "教育局"),
            a_line("unit", "u2", "交通局", unit="u2"),
            a_line("list", "kp", "重点项目", unit="", ratio="18.44"),
        ),
    )
    return replace(view, **changes)


class Scoring:
    """What the page is given: one list, which moves when told to."""

    def __init__(self) -> None:
        self.view: LiveView | None = a_view()
        self._moved = asyncio.Event()

    async def read(self, jurisdiction: str, code: str) -> LiveView | None:
        return self.view if (jurisdiction, code) == ("demo", "kp") else None

    async def changed(self, jurisdiction: str, after: int) -> int:
        if self.view is not None and self.view.position > after:
            return self.view.position
        await self._moved.wait()
        return self.view.position if self.view else after

    def move(self, view: LiveView) -> None:
        self.view = view
        self._moved.set()


async def asked(scoring: Scoring, path: str, **headers: str) -> httpx.Response:
    app = FastAPI()
    install_problems(app)
    app.include_router(live_routes(scoring.read, scoring.changed))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://test") as client:
        return await client.get(path, headers=headers, timeout=5)


async def never_gone() -> dict[str, str]:
    await asyncio.Event().wait()
    raise AssertionError


async def gone() -> dict[str, str]:
    return {"type": "http.disconnect"}


def a_stream(scoring: Scoring, *, seen: int, receive: Any = never_gone) -> AsyncIterator[str]:
    request = Request({"type": "http", "headers": []}, receive)
    assert scoring.view is not None
    return live._stream(request, scoring.view, seen, "zh", scoring.read, scoring.changed)


async def test_the_page_shows_progress_and_lights_in_words() -> None:
    answer = await asked(Scoring(), "/live/demo/kp")
    words = html.fromstring(answer.text).text_content()
    assert answer.status_code == 200
    for said in ("18.44%", "64.29%", "42.9%", "25.00%", "教育局", "环城东路改扩建", "120.50%", "红灯", "绿灯", "待评"):
        assert said in words
    assert "（模拟地区：数据均为虚构。）" in words


@pytest.mark.parametrize(
    ("lang", "said", "unsaid"), [("zh", "动工比例", "开工率"), ("en", "share begun", "start rate")]
)
async def test_the_page_calls_measures_by_the_regimes_own_names(lang: str, said: str, unsaid: str) -> None:
    scoring = Scoring()
    before = (await asked(scoring, f"/live/demo/kp?lang={lang}")).text
    scoring.view = a_view(names={"start_rate": Title(zh="动工比例", en="share begun")})
    after = (await asked(scoring, f"/live/demo/kp?lang={lang}")).text
    assert (unsaid in before, said in before) == (True, False)
    assert (unsaid in after, said in after) == (False, True)


async def test_the_page_never_gives_places_or_points_away() -> None:
    for locale in ("zh", "en"):
        contents = (await asked(Scoring(), f"/live/demo/kp?lang={locale}")).text + event_of(a_view(), "zh")
        for secret in ("9999", "77.77", "rank", "points", "名次", "排名", "得分", "合计", "Place"):
            assert secret not in contents


async def test_the_page_loads_nothing_from_outside_and_runs_its_own_script_only() -> None:
    answer = await asked(Scoring(), "/live/demo/kp")
    page = html.fromstring(answer.text)
    assert not page.xpath("//link | //img | //script[@src] | //iframe")
    assert "http:" not in answer.text
    assert "https:" not in answer.text
    assert answer.headers["content-security-policy"].startswith("default-src 'none'; script-src 'sha256-")
    assert len(page.xpath("//script")) == 1


async def test_units_and_projects_stand_in_the_order_given() -> None:
    names = html.fromstring(render_page(a_view(), "zh")).xpath("//tbody//th/text()")
    assert names == ["教育局", "交通局", "教育局", "职教园区二期", "交通局", "环城东路改扩建"]


@pytest.mark.parametrize(
    ("period", "name"),
    [
        ("2026-03", "2026年3月"),
        ("2026-W10", "2026年第10周"),
        ("2026-03-T2", "2026年3月中旬"),
        ("2026-Q1", "2026年第一季度"),
    ],
)
async def test_the_period_goes_by_its_name(period: str, name: str) -> None:
    assert f"· {name}</p>" in render_page(a_view(period=period), "zh")


async def test_names_are_text_and_never_markup() -> None:
    view = a_view(list_name="<script>x</script>", lines=(a_line("unit", "u1", "<script>\ndata: y"),))
    assert "<script>x" not in render_page(view, "zh")
    assert "&lt;script&gt;" in event_of(view, "zh")
    assert all(line.startswith(("event:", "id:", "data:")) for line in event_of(view, "zh").strip().split("\n"))


@pytest.mark.parametrize(
    ("path", "accepted", "said"),
    [
        ("/live/demo/kp", "", "开工率"),
        ("/live/demo/kp", "en", "start rate"),
        ("/live/demo/kp?lang=en", "zh", "start rate"),
        ("/live/demo/kp?lang=xx", "zh", "开工率"),
    ],
)
async def test_the_language_is_asked_for_or_that_of_the_reader(path: str, accepted: str, said: str) -> None:
    assert said in (await asked(Scoring(), path, **{"accept-language": accepted})).text


@pytest.mark.parametrize("path", ["/live/demo/other", "/live/demo/other/events"])
async def test_an_unknown_list_is_a_problem(path: str) -> None:
    answer = await asked(Scoring(), path)
    assert (answer.status_code, answer.json()["code"]) == (404, "list_unknown")


async def test_a_change_is_sent_with_its_position() -> None:
    scoring = Scoring()
    stream = a_stream(scoring, seen=7)
    assert (await anext(stream)).startswith("retry:")
    scoring.move(a_view(position=8, lines=(a_line("unit", "u1", "新名称"),)))
    event = await anext(stream)
    assert event.startswith("event: changed\nid: 8\ndata: ")
    assert event.endswith("\n\n")
    assert "新名称" in event


@pytest.mark.parametrize("seen", [0, 6, 99])
async def test_a_reader_who_saw_another_position_gets_the_present_one_at_once(seen: int) -> None:
    assert (await anext(a_stream(Scoring(), seen=seen))).startswith("event: changed\nid: 7\n")


async def test_silence_is_filled_with_heartbeats(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "_HEARTBEAT_S", 0.01)
    stream = a_stream(Scoring(), seen=7)
    assert [await anext(stream), await anext(stream)][1] == ": still here\n\n"


async def test_the_stream_ends_when_the_reader_is_gone() -> None:
    scoring = Scoring()
    stream = a_stream(scoring, seen=7, receive=gone)
    scoring.move(a_view(position=8))
    assert len([event async for event in stream]) == 1


async def test_the_stream_ends_when_the_list_is_gone() -> None:
    class Closed(Scoring):
        async def changed(self, jurisdiction: str, after: int) -> int:
            self.view = None
            return after + 1

    assert len([event async for event in a_stream(Closed(), seen=7)]) == 1


@pytest.mark.parametrize(("headers", "sent"), [({}, "retry"), ({"last-event-id": "6"}, "event: changed")])
async def test_the_last_event_id_goes_before_the_position_of_the_page(
    headers: dict[str, str], sent: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live, "_TURNS_MAX", 0)
    answer = await asked(Scoring(), "/live/demo/kp/events?after=7", **headers)
    assert answer.headers["content-type"].startswith("text/event-stream")
    assert answer.text.startswith(sent)


@pytest.mark.parametrize(
    ("ratio", "length"), [(None, "0.00"), ("-0.1", "0.00"), ("0.1844", "18.44"), ("1.205", "100.00")]
)
def test_a_bar_is_never_longer_than_its_frame(ratio: str | None, length: str) -> None:
    assert percent(None if ratio is None else Decimal(ratio)) == length
