"""How often supervision is done, by whom, in which part of the year: what is missed, owed, or done too often."""

from typing import Any

import pytest

from tests.catalogue.case import judged, outcome, regime
from tests.support.builders import a_project, a_year, on
from tests.support.facts import a_mark, a_meeting, a_responsibility, a_round, a_tour, a_visit, an_inspection

TEAM = a_responsibility(role="supervision_team", unit="team-1")
EVERY = "{ id: round, who: supervision_team, do: inspection, per: %s, about: project }"


def states(duty: str, *done: object, at: str) -> list[tuple[str, str]]:
    """Return what is said of the duty: the period, and whether it is owed or missed."""
    head = a_year(regime=regime(f"duties: [ {duty} ]"))
    told = [on(f"{one.on} 18:00", one) for one in done]  # type: ignore[attr-defined]
    found = outcome(*head, TEAM, a_responsibility(), *told, at=at).decisions
    return [(one.facts["period"], one.kind) for one in found if one.kind in {"owed", "missed", "exceeded"}]


@judged("D01")
def test_a_team_that_was_on_a_site_last_week_owes_this_week_only() -> None:
    weekly = EVERY % "weekly"
    seen, by_others = an_inspection(on="2026-03-03"), an_inspection(on="2026-03-03", team="team-2")
    assert states(weekly, seen, at="2026-03-10") == [("2026-W09", "missed"), ("2026-W11", "owed")]
    assert states(weekly, by_others, at="2026-03-10")[1] == ("2026-W10", "missed")
    assert states(EVERY % "monthly", seen, an_inspection(on="2026-02-03"), at="2026-03-10") == []


@judged("D02")
def test_what_is_supervised_every_ten_days_is_owed_in_each_third_of_the_month() -> None:
    """003: 「每十天一督查」."""
    seen = [an_inspection(on=day) for day in ("2026-02-28", "2026-03-10", "2026-03-11")]
    third = EVERY % "ten_days"
    assert states(third, *seen, at="2026-03-22") == [("2026-03-T3", "owed")]
    assert states(third, *seen[:2], at="2026-03-22") == [("2026-03-T2", "missed"), ("2026-03-T3", "owed")]

    def missed(days: int) -> int:
        found = states(EVERY % f"{{ every: {{ days: {days} }} }}", at="2026-03-30")
        return [kind for _, kind in found].count("missed")

    assert (missed(10), missed(5)) == (3, 6)


@judged("D03")
def test_what_is_supervised_monthly_is_missed_when_the_month_is_over_and_not_before() -> None:
    """004: 「一月一督查、一排队、一通报」."""
    monthly = EVERY % "monthly"
    assert states(monthly, at="2026-03-31 23:00") == [("2026-02", "missed"), ("2026-03", "owed")]
    assert states(monthly, an_inspection(on="2026-03-31"), at="2026-04-01") == [("2026-04", "owed")]
    assert states(monthly, an_inspection(on="2026-02-28"), at="2026-04-01") == [
        ("2026-03", "missed"), ("2026-04", "owed"),
    ]  # fmt: skip


@judged("D04")
def test_one_round_is_owed_at_the_half_year_and_one_at_the_end_of_the_year() -> None:
    """000-7: 「每年半年和年底」."""
    half = "{ id: half, who: supervision_office, do: round, where: { kind: half_year }, season: { months: [6, 7] } }"
    end = half.replace("half_year", "year_end").replace("id: half", "id: end").replace("[6, 7]", "[12]")

    def owed(day: str, *rounds: object) -> list[tuple[str, str]]:
        rules = regime(f"duties: [ {half}, {end} ]")
        found = outcome(*a_year(regime=rules), *rounds, at=f"{day} 12:00").decisions
        return [(one.rule, one.kind) for one in found]

    def held(kind: str, day: str) -> object:
        return on(f"{day} 09:00", a_round(kind, kind=kind, from_on=day, until_on=day))

    assert owed("2026-05-31") == []
    assert owed("2026-06-20") == owed("2026-07-01") == [("duties/half", "owed")]
    assert owed("2026-06-20", held("half_year", "2026-06-15")) == []
    assert owed("2026-06-20", held("regular", "2026-06-15")) == [("duties/half", "owed")]
    assert owed("2026-06-20", held("half_year", "2026-04-20")) == [("duties/half", "owed")], "out of season"
    in_june = held("half_year", "2026-06-15")
    assert owed("2026-12-20", in_june) == [("duties/end", "owed")]
    assert owed("2026-12-20", in_june, held("year_end", "2026-12-18")) == []
    assert owed("2026-12-20", in_june, held("regular", "2026-12-18")) == [("duties/end", "owed")]


@judged("D05")
def test_each_day_those_units_are_selected_that_were_not_seen_for_longest() -> None:
    """000-4b: 「每天选择部分单位进行现场督查」."""
    daily = "{ id: sites, who: supervision_office, do: inspection, per: daily, select: { count: %s, of: unit } }"
    units = [a_project(f"p{one}", lead=f"bureau-{one}") for one in "abc"]
    seen = [on("2026-03-05 10:00", an_inspection("pa", on="2026-03-05")),
            on("2026-03-06 10:00", an_inspection("pb", on="2026-03-06"))]  # fmt: skip

    def selected(count: int) -> list[tuple[str, str]]:
        rules = regime(f"duties: [ {daily % count} ]")
        found = outcome(*a_year(*units, regime=rules), *seen, at="2026-03-09 08:00").decisions
        return [(one.facts["place"], one.subject) for one in found if one.kind == "selection"]

    assert sorted(selected(1)) == [("1", "bureau-c")]
    assert sorted(selected(2)) == [("1", "bureau-c"), ("2", "bureau-a")]


@judged("D06")
def test_a_help_team_that_goes_to_its_project_every_day_is_missed_on_the_day_it_does_not() -> None:
    """002: the help team 「每天去一次项目现场」."""
    daily = "{ id: help, who: help_team, do: duty_visit, per: daily, about: project }"
    team = a_responsibility(role="help_team", person="helper-1")
    seen = [on(f"2026-03-0{one} 18:00", a_visit(person="helper-1", role="help_team", on=f"2026-03-0{one}"))
            for one in (1, 2, 4)]  # fmt: skip
    head = a_year(regime=regime(f"duties: [ {daily} ]"))
    found = outcome(*head, team, *seen, at="2026-03-05 12:00").of("duties/help")
    assert [(one.facts["period"], one.kind, one.to[0].code) for one in found if one.facts["period"] > "2026-02-28"] == [
        ("2026-03-03", "missed", "helper-1"), ("2026-03-05", "owed", "helper-1"),
    ]  # fmt: skip
    weekly = a_year(regime=regime(f"duties: [ {daily.replace('daily', 'weekly')} ]"))
    assert outcome(*weekly, team, *seen, at="2026-03-05 12:00").of("duties/help") == []


@judged("D07")
def test_a_leader_owes_so_many_days_on_the_site_in_a_week_and_nobody_goes_for_them() -> None:
    """002: 「每周最少现场办公一次」."""
    weekly = "{ id: on_site, who: sponsor_leader, do: duty_visit, per: weekly, at_least: %s, about: project }"
    own, other = a_visit(on="2026-03-09"), a_visit(person="leader-2", on="2026-03-09")

    def now(at_least: int, *visits: object) -> list[str]:
        return [kind for period, kind in states(weekly % at_least, *visits, at="2026-03-11") if period == "2026-W11"]

    assert now(1, own) == []
    assert now(1, other) == ["owed"]
    assert now(2, own) == ["owed"]


@judged("D10")
def test_each_phase_of_the_year_asks_for_its_own_work_and_for_nothing_out_of_season() -> None:
    """000-5: a notice board in March and April, 「现场督办。5月份」, concentrated dispatch in June and July."""
    phases = regime("""
duties:
  - { id: on_site, who: key_project_office, do: inspection, where: { method: on_site }, season: { months: [5] } }
  - { id: dispatch, who: key_project_office, do: meeting, per: monthly, season: { months: [6, 7] } }
  - { id: full_check, who: key_project_office, do: round, season: { first: 11-01, last: 11-30 } }
""")

    def owed(day: str, *done: object) -> list[str]:
        found = outcome(*a_year(regime=phases), *done, at=f"{day} 12:00").decisions
        return [one.rule for one in found if one.kind == "owed"]

    def seen(method: Any) -> object:
        return on("2026-05-10 10:00", an_inspection(on="2026-05-10", method=method))

    in_june = on("2026-06-10 10:00", a_meeting(on="2026-06-10"))
    assert owed("2026-04-30") == owed("2026-08-15") == []
    assert owed("2026-05-20") == owed("2026-05-20", seen("documents")) == ["duties/on_site"]
    assert owed("2026-05-20", seen("on_site")) == owed("2026-06-20", in_june) == []
    assert owed("2026-06-20") == owed("2026-07-20") == owed("2026-07-20", in_june) == ["duties/dispatch"]
    assert owed("2026-11-30") == ["duties/full_check"]


@judged("D16")
@pytest.mark.parametrize(("group", "expected"), [("leaders", []), ("towns", ["owed"])])
def test_every_quarter_projects_are_visited_and_scored_by_those_who_must(group: str, expected: list[str]) -> None:
    """004: 「每季度组织一次全县重点项目观摩活动」, scored by county leaders, towns, departments."""
    rules = regime(
        "duties: [ { id: visit, who: key_project_office, do: visit_score, per: quarterly, about: project,"
        " where: { scorer_group: leaders } } ]",
        "measures: { visit: { panel: visit_score, drop_lowest: 1, window: period } }",
    )
    marks = [a_mark(score=score, scorer_group=group) for score in ("60", "80", "90")]
    tour = on("2026-05-10 10:00", a_tour(on="2026-05-10"))
    found = outcome(*a_year(regime=rules), tour, *marks, at="2026-05-20 12:00").of("duties/visit")
    assert [one.kind for one in found] == expected  # of the first quarter it was said in April
    next_quarter = outcome(*a_year(regime=rules), tour, *marks, at="2026-08-20 12:00").of("duties/visit")
    assert [one.kind for one in next_quarter] == ["owed"]
    told = outcome(*a_year(regime=rules), tour, *marks, at="2026-06-10 12:00").now("p1")
    assert told.displayed["visit"] == "85.00"
