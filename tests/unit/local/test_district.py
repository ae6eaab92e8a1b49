"""Does the demonstration's district add up to every published figure, and bring about what it is meant to show?"""

from collections import Counter
from decimal import Decimal
from functools import cache
from pathlib import Path

import pytest

from deploy.local.district import JURISDICTION, LIST, PROJECTS, UNITS, Act, events_of, published_calendar, submissions
from deploy.local.evaluate import evaluate
from deploy.local.evaluation import Evaluation, ListEvaluated
from deploy.local.reconcile import Figure, reconcile
from deploy.local.regime_file import read_regime
from shared.core.events import LineDrawn

ROOT = Path(__file__).resolve().parents[3]


@cache
def acts() -> list[Act]:
    return submissions(read_regime(ROOT / "shared" / "regimes" / "district-003.yaml"))


@cache
def evaluation() -> Evaluation:
    return evaluate(events_of(acts()))


def district() -> ListEvaluated:
    return evaluation().of(JURISDICTION, LIST)


def now(kind: str) -> dict[str, LineDrawn]:
    return {one.subject: one for one in district().now if one.subject_kind == kind}


def yi(wan: int) -> Decimal:
    return Decimal(wan) / 10_000


def test_the_single_values_add_up_to_every_published_total() -> None:
    assert len(PROJECTS) == 28
    assert yi(sum(one.total for one in PROJECTS)) == Decimal("170.62")
    assert yi(sum(one.planned for one in PROJECTS)) == Decimal("39.8")
    assert yi(sum(one.done[2] for one in PROJECTS)) == Decimal("7.34")
    assert sum(one.started_on is not None for one in PROJECTS) == 19
    assert sum(not one.is_continuing for one in PROJECTS) == 18
    assert sum(one.category == "第三产业" for one in PROJECTS) == 19


def test_the_tiers_of_size_are_those_published_and_three_are_below_them() -> None:
    def tier(total: Decimal) -> str:
        return "over 10" if total > 10 else "5 to 10" if total >= 5 else "1 to 5" if total >= 1 else "below 1"

    assert Counter(tier(yi(one.total)) for one in PROJECTS) == {"1 to 5": 10, "5 to 10": 9, "over 10": 6, "below 1": 3}


def test_single_values_are_plausible() -> None:
    for one in PROJECTS:
        assert 0 < one.planned <= one.total
        assert list(one.done) == sorted(one.done)
    assert {one.unit for one in PROJECTS} == {code for code, _, _ in UNITS}


def test_the_district_completes_18_44_per_cent_and_two_shares_of_67_8() -> None:
    whole = now("list")[LIST].displayed
    assert (whole["investment_ratio"], whole["tertiary_share"], whole["start_rate"]) == ("18.44%", "67.8%", "67.8%")


def test_the_published_figures_follow_from_their_inputs_and_the_record() -> None:
    def figure(measure: str, published: str, of: str, over: str, *, counted: bool) -> Figure:
        return Figure(
            list=LIST,
            period="2026-Q1",
            measure=measure,
            published=published,
            numerator=of,
            denominator=over,
            inputs="counted" if counted else "printed",
        )

    figures = [
        figure("investment_ratio", "18.44", "7.34", "39.8", counted=False),
        figure("tertiary_share", "67.8", "19", "28", counted=True),
        figure("start_rate", "67.8", "19", "28", counted=True),
    ]
    found = reconcile(figures, evaluation())
    assert [one.verdict for one in found] == ["consistent"] * 3
    assert all(one.is_evaluated_within and one.displayed == f"{one.published}%" for one in found)


def test_units_are_ranked_by_lane_with_a_tie_on_what_is_displayed() -> None:
    places = {one.subject: (one.lane, one.rank, one.displayed["investment_ratio"]) for one in now("unit").values()}
    assert places["town-a"] == ("towns", 1, "30.00%")
    assert places["town-b"] == ("towns", 2, "20.00%")
    assert places["town-c"] == ("towns", 2, "20.00%")
    assert places["town-d"] == ("towns", 3, "9.00%")
    assert places["dept-b"] == ("departments", 1, "28.00%")
    measures = {code: line.measures["investment_ratio"] for code, line in now("unit").items()}
    assert measures["town-b"] != measures["town-c"]


def test_points_are_not_judged_before_the_year_ends() -> None:
    assert {value for line in now("unit").values() for value in line.points.values()} == {None}


def test_a_late_a_nil_and_a_corrected_return_are_what_they_are() -> None:
    projects = now("project")
    assert [code for code, line in projects.items() if line.late_count] == ["p24"]
    assert not any(line.missing_count or line.not_judged_count for line in projects.values())
    assert projects["p16"].amounts_yuan["investment_completed"] == Decimal(44_000_000)
    assert projects["p11"].displayed["investment_ratio"] == "0.00%"


def test_due_and_close_differ_and_the_bulletin_is_issued_before_the_story_ends() -> None:
    assert [(one.drawn.kind, one.drawn.period) for one in district().draws] == [
        ("due", "2026-01"), ("close", "2026-01"), ("due", "2026-02"), ("close", "2026-02"), ("due", "2026-03"),
        ("close", "2026-03"), ("issue", "2026-Q1"),
    ]  # fmt: skip


def test_who_is_slow_twice_gets_a_reminder_and_then_a_notice_that_waits_for_its_signature() -> None:
    notices = district().notices
    assert {(one.unit, one.items[0].subject) for one in notices.drafted} == {
        ("town-b", "p06"), ("town-d", "p12"), ("dept-a", "p15"), ("dept-d", "p26"),
    }  # fmt: skip
    first = [one for one in notices.reminders if ":2026-02:" in one.moment]
    assert {one.items[0].subject for one in first} == {"p06", "p12", "p15", "p26"}
    assert {*district().waiting} == {one.notice for one in notices.drafted} | {"b-key-2026-Q1-quarterly"}


def test_the_bulletin_states_the_published_figures() -> None:
    [bulletin] = district().bulletins.drafted
    assert bulletin.facts.totals["investment_ratio"] == "18.44%"
    assert len(bulletin.facts.not_started) == 9
    assert "18.44%" in bulletin.paragraphs[0]


def test_every_name_says_that_it_is_invented_and_the_jurisdiction_that_it_is_simulated() -> None:
    [one] = evaluation().jurisdictions
    assert (one.mode, one.name) == ("simulated", "某区(模拟)")
    assert all("(虚构)" in line.name for line in district().now if line.subject_kind != "list")


def test_nothing_is_parked_and_time_stands_at_the_end_of_the_story() -> None:
    [one] = evaluation().jurisdictions
    assert (one.parked, one.awaiting) == ((), "")
    assert f"{one.clock:%Y-%m-%d}" == "2026-04-20"


def test_submissions_have_keys_of_their_own_and_times_that_rise() -> None:
    keys, clocks = [one.key for one in acts()], [one.clock for one in acts()]
    assert len({*keys}) == len(keys)
    assert clocks == sorted(clocks)


def test_a_correction_names_the_event_of_the_submission_it_corrects() -> None:
    [correction] = [one for one in acts() if one.corrects]
    assert correction.corrects in {one.key for one in acts()}
    assert correction.naming("e7").submission["data"]["corrected_event"] == "e7"


def test_the_calendar_has_the_spring_festival_and_its_make_up_days() -> None:
    calendar = published_calendar(2026)
    days_off, make_up = [*map(str, calendar.days_off)], [*map(str, calendar.make_up_days)]
    assert "2026-02-17" in days_off
    assert "2026-02-15" not in days_off  # a Sunday is no day off from work
    assert make_up[:3] == ["2026-01-04", "2026-02-14", "2026-02-28"]


def test_a_year_that_is_not_announced_is_not_guessed() -> None:
    with pytest.raises(NotImplementedError):
        published_calendar(2099)
