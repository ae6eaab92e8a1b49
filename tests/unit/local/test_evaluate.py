"""Does a file of events say the same, whatever way it is read?"""

import json
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from deploy.local.district import JURISDICTION, LIST, events_of, submissions
from deploy.local.evaluate import evaluate, run
from deploy.local.evaluation import Evaluation, ListEvaluated, as_json
from deploy.local.evaluation_text import as_text
from deploy.local.event_file import Unreadable
from deploy.local.regime_file import read_regime
from shared.core.events import (
    AnyRecorded,
    BulletinApproved,
    NoticeApproved,
    PlanSet,
    ProgressReported,
    Recorded,
    RecordEvent,
    TimeReached,
    UnitRegistered,
)
from shared.core.regime.model import Bound, LightMemory, Regime
from tests.support.builders import a_regime, a_return, a_year, on, until
from tests.support.builders import record as record_of

ROOT = Path(__file__).resolve().parents[3]


@cache
def regime() -> Regime:
    return read_regime(ROOT / "shared" / "regimes" / "district-003.yaml")


@cache
def record() -> tuple[AnyRecorded, ...]:
    return tuple(events_of(submissions(regime())))


@cache
def whole() -> Evaluation:
    return evaluate(record())


def district(evaluation: Evaluation) -> ListEvaluated:
    return evaluation.of(JURISDICTION, LIST)


def after(events: tuple[AnyRecorded, ...], *said: RecordEvent, actor: str = "office-1") -> tuple[AnyRecorded, ...]:
    """More events at the clock of the last."""
    last = events[-1]
    more = [
        replace(last, position=last.position + place, id=f"x{place}", data=one, actor=actor, submission="")
        for place, one in enumerate(said, start=1)
    ]  # fmt: skip
    return (*events, *more)


def at_position(position: int, data: RecordEvent) -> tuple[AnyRecorded, ...]:
    """The record with one event put in, recorded together with the one that it then precedes."""
    before, rest = record()[: position - 1], record()[position - 1 :]
    put_in: AnyRecorded = Recorded(
        position=position,
        id="put-in",
        jurisdiction=JURISDICTION,
        data=data,
        time=rest[0].time,
        recorded_at=before[-1].recorded_at,
    )
    return (*before, put_in, *(replace(one, position=one.position + 1) for one in rest))


def digests(evaluation: Evaluation) -> list[str]:
    return [draw.drawn.digest for draw in district(evaluation).draws]


def test_the_same_events_say_the_same_to_the_letter() -> None:
    assert as_json(evaluate(record())) == as_json(whole())


def test_a_second_copy_of_an_event_changes_nothing() -> None:
    twice = [one for event in record() for one in (event, event)]
    assert as_json(evaluate(twice)) == as_json(whole())


def test_a_position_is_a_prefix_of_the_record() -> None:
    assert as_json(evaluate(record(), position=120)) == as_json(evaluate(record()[:120]))


def test_a_time_plays_the_moments_after_the_last_event_known_by_then() -> None:
    at = datetime(2026, 3, 20, tzinfo=UTC)
    found = evaluate(record(), at=at)
    assert found.jurisdictions[0].clock == at
    assert digests(found) == digests(whole())[:4]
    assert district(evaluate(record()[:-1], at=datetime(2026, 4, 20, tzinfo=UTC))).bulletins.drafted


def test_without_a_time_the_clock_stands_at_the_last_event() -> None:
    assert whole().jurisdictions[0].clock == record()[-1].recorded_at


def test_a_regime_may_be_tried_on_the_past() -> None:
    half_up = replace(regime(), version=2, numbers=replace(regime().numbers, rounding="half_up"))
    found = district(evaluate(record(), regime=half_up))
    assert found.regime is not None
    assert (found.regime.version, found.now[-1].displayed["tertiary_share"]) == (2, "67.9%")
    assert evaluate(record(), regime=half_up, list_="another").jurisdictions[0].lists == ()


def test_lists_and_periods_may_be_chosen() -> None:
    assert [one.drawn.period for one in district(evaluate(record(), period="2026-02")).draws] == ["2026-02"] * 2
    assert district(evaluate(record(), list_=LIST)).draws == district(whole()).draws


def test_an_event_that_cannot_be_applied_parks_with_its_reason_and_only_its_project_waits() -> None:
    stray = PlanSet(list="other", year=2026, project="p01", annual_planned_investment_yuan=Decimal(1))
    found = evaluate(at_position(100, stray))
    scoring = [one for one in found.jurisdictions[0].parked if one.fold == "scoring"]
    assert (scoring[0].position, scoring[0].reason, scoring[0].behind) == (
        100,
        "project p01 is not on list other of 2026",
        0,
    )
    assert {one.entity for one in scoring} == {"p01"}
    assert {one.behind for one in scoring[1:]} == {100}
    projects = {one.subject: one for one in district(found).now}
    assert projects["p01"].missing_count == 1
    assert projects["p02"].displayed == {one.subject: one for one in district(whole()).now}["p02"].displayed
    assert district(found).draws[-1].drawn.parked_count == len(scoring)


def test_a_parked_list_parks_its_jurisdiction_and_never_another() -> None:
    broken = tuple(one for one in record() if one.position != 1)
    sound = tuple(replace(one, jurisdiction="sound", position=one.position + 1_000) for one in record())
    found = {one.jurisdiction: one for one in evaluate([*broken, *sound]).jurisdictions}
    assert found[JURISDICTION].parked[0].reason == f"jurisdiction {JURISDICTION} is not opened"
    assert len([one for one in found[JURISDICTION].parked if one.fold == "scoring"]) == len(broken)
    assert found["sound"].parked == ()
    assert len(found["sound"].lists[0].draws) == 7


def test_a_type_that_is_not_known_yet_parks() -> None:
    unknown = Unreadable(
        189, "u1", JURISDICTION, "duty", "i1", record()[-1].recorded_at, "unknown type duban.duty.round_planned.v1"
    )
    parked = evaluate([*record(), unknown]).jurisdictions[0].parked
    assert [(one.fold, one.kind, one.reason) for one in parked] == [
        ("scoring", "duty", "unknown type duban.duty.round_planned.v1"),
        ("notify", "duty", "unknown type duban.duty.round_planned.v1"),
    ]


def test_what_only_notify_parks_leaves_no_moment_behind() -> None:
    """An event that notify parks undoes the moments before it in notify alone; they come again with the next."""
    close = next(one.position for one in record() if one.recorded_at > datetime(2026, 3, 13, tzinfo=UTC))
    stray = NoticeApproved(notice="n-none", draft_digest="0", step="signer")
    events = at_position(close, stray)
    late = tuple(
        replace(one, recorded_at=record()[close - 1].recorded_at) if one.id == "put-in" else one for one in events
    )
    found = evaluate(late)
    assert [(one.fold, one.entity) for one in found.jurisdictions[0].parked] == [("notify", "n-none")]
    assert found.jurisdictions[0].awaiting == ""
    assert district(found).notices == district(whole()).notices


def test_signatures_serve_the_notice_and_seal_the_bulletin() -> None:
    [notice, *_], [bulletin] = district(whole()).notices.drafted, district(whole()).bulletins.drafted
    signed = after(
        record(),
        NoticeApproved(notice=notice.notice, draft_digest=notice.digest, step="signer"),
        BulletinApproved(bulletin=bulletin.bulletin, draft_digest=bulletin.digest, step="signer"),
        actor="signer-1",
    )
    found = district(evaluate(signed))
    assert [(one.notice, one.signed_by) for one in found.notices.served] == [(notice.notice, "signer-1")]
    assert [one.bulletin for one in found.bulletins.sealed] == [bulletin.bulletin]
    assert {notice.notice, bulletin.bulletin}.isdisjoint(found.waiting)
    assert {one.state for one in found.matters if one.matter == notice.items[0].matter} == {"open"}


def test_live_lines_are_of_the_last_period_that_ended_and_belong_to_no_moment() -> None:
    assert district(whole()).current_period == "2026-03"
    assert {one.moment for one in district(whole()).now} == {""}
    january = district(evaluate(record(), at=datetime(2026, 1, 15, tzinfo=UTC)))
    assert january.current_period == "2026-01"


def test_the_light_of_the_period_before_is_told_as_it_is_shown_now() -> None:
    """A red that was made good is yellow: in its own period only, and only once the present is green."""
    lights: Any = ({"green": {"deviation": Bound(at_least=Decimal(0))}}, {"red": "otherwise"})
    returns = [on("2026-03-03 10:00", a_return(period="2026-02", yi="0"))]
    returns += [on("2026-04-03 10:00", a_return(period="2026-03", yi="3"))]

    def told(memory: LightMemory | None) -> str:
        head = a_year(regime=a_regime(lights=lights, light_memory=memory))
        return as_text(evaluate(record_of(*head, *returns, until("2026-04-10 12:00"))))

    (line,) = [one for one in told(LightMemory(made_up={"red": "yellow"})).splitlines() if " project p1 " in one]
    assert "| green | light of the period before: yellow |" in line
    assert "light of the period before" not in told(None)


def test_decimals_are_strings_and_the_format_is_named() -> None:
    value = json.loads(as_json(whole()))
    assert value["format"] == "duban.evaluation.v1"
    ratio = value["jurisdictions"][0]["lists"][0]["now"][-1]["measures"]["investment_ratio"]
    assert ratio.startswith("0.18442211055276381909")


def test_the_worked_example_prints_what_the_readme_says(capsys: pytest.CaptureFixture[str]) -> None:
    run(ROOT / "examples" / "worked.ndjson")
    adopted = capsys.readouterr().out
    run(ROOT / "examples" / "worked.ndjson", ROOT / "examples" / "worked.yaml")
    assert capsys.readouterr().out == adopted
    assert "list    key 县重点项目 | yellow | 3 projects | 1 corrected | investment_ratio 7.50%" in adopted
    assert "rule slow: p3 敬老院 of town-b, 1 in a row" in adopted


def test_published_figures_are_held_against_the_record(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    published = tmp_path / "published.csv"
    published.write_text(
        "list,period,measure,published,numerator,denominator\n"
        "key,2026-01,investment_ratio,7.50,0.30,4.00\nkey,2026-01,investment_ratio,7.9,0.30,4.00\n"
    )
    run(ROOT / "examples" / "worked.ndjson", published=published, as_json=True)
    found = json.loads(capsys.readouterr().out)["published"]
    assert [(one["verdict"], one["is_evaluated_within"]) for one in found] == [
        ("consistent", True),
        ("inconsistent", True),
    ]


def test_events_of_what_scoring_ignores_still_move_its_clock() -> None:
    unit = UnitRegistered(code="late", name="late", kind="town")
    assert evaluate(after(record(), unit, TimeReached(at=record()[-1].recorded_at))).jurisdictions[0].parked == ()


def test_a_return_after_the_close_redraws_only_later_moments() -> None:
    report = ProgressReported(project="p01", cadence="monthly", period="2026-03", investment_ytd_yuan=None, is_nil=True)
    found = evaluate(after(record(), report))
    assert digests(found) == digests(whole())
