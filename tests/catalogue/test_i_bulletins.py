"""Which bulletins go out, how often, and what they print."""

import pytest

from services.scoring.reads import as_seen, sees_places
from shared.core.events import Facts
from tests.catalogue.case import Outcome, judged, outcome, regime
from tests.support.builders import a_project, a_return, a_year, approval_of, on
from tests.support.facts import a_decision, a_matter, a_meeting, a_post, a_round, a_round_report, minutes, yuan

CLOSED = "2026-02-20 12:00"
RANKED = "scoring: { ranking: { by: investment_ratio, legal_basis: a law, plan_item: an item, at_most: monthly%s } }"


def bulletin(more: str, when: str = "cadence: monthly, issue: { working_days_after_close: 1 }") -> str:
    sections = "" if "sections:" in more else "sections: [overview], "
    return f"bulletins: [ {{ id: one, kind: 通报, {sections}{when}{', ' * bool(more)}{more} }} ]"


@pytest.mark.parametrize(
    ("cadence", "periods"),
    [("weekly", [f"2026-W{week:02}" for week in range(1, 10)]), ("monthly", ["2026-01", "2026-02"]), ("quarterly", [])],
)
@judged("I01", "I02")
def test_a_bulletin_is_drafted_for_each_period_of_its_cadence_that_has_closed(cadence: str, periods: list[str]) -> None:
    rules = regime(bulletin("", f"cadence: {cadence}, issue: {{ working_days_after_close: 1 }}"))
    found = outcome(*a_year(regime=rules), at="2026-03-07 12:00")
    assert [one.facts.period for one in found.bulletins] == periods


@judged("I03")
def test_a_quarterly_bulletin_is_drafted_once_for_three_months_after_their_last_close() -> None:
    rules = regime(bulletin("", "cadence: quarterly, issue: { working_days_after_close: 3 }"))
    before = outcome(*a_year(regime=rules), at="2026-04-08 08:59")
    after = outcome(*a_year(regime=rules), at="2026-04-08 09:00")
    assert before.bulletins == []
    assert [one.facts.period for one in after.bulletins] == ["2026-Q1"]


@judged("I04")
def test_a_bulletin_may_be_called_for_by_a_round_that_was_reported_or_by_nothing_at_all() -> None:
    def called(trigger: str, *events: object) -> list[str]:
        rules = regime(bulletin("", f"trigger: {trigger}"))
        said = [on("2026-03-07 10:00", one) for one in events]
        return [one.subject for one in outcome(*a_year(regime=rules), *said).of("bulletins/one")]

    assert called("round_ended", a_round(), a_round_report()) == ["r1"]
    assert called("round_ended", a_round()) == []
    assert called("any_time", a_round(), a_round_report()) == []


# --- what it tells of ------------------------------------------------------------------------------------------


def told(window: str, cadence: str = "monthly") -> list[str]:
    """The overviews of the bulletins up to July: 1 was completed in January, 2 in February, 4 in June."""
    returns = [
        a_return(period=f"2026-{month:02}", yi=so_far, investment_in_period_yuan=yuan(alone))
        for month, so_far, alone in ((1, "1", "1"), (2, "3", "2"), (6, "7", "4"))
    ]
    rules = regime(bulletin(f"window: {window}", f"cadence: {cadence}, issue: {{ working_days_after_close: 1 }}"))
    said = [on(day, one) for day, one in zip(("2026-02-03", "2026-03-03", "2026-07-03"), returns, strict=True)]
    found = outcome(*a_year(regime=rules), *said, at="2026-07-20 12:00")
    return [one.paragraphs[0] for one in found.bulletins]


@judged("I05")
def test_a_monthly_bulletin_may_tell_cumulatively_from_month_to_month() -> None:
    january, february = told("year_to_date")[:2]
    assert "By the end of January 2026, the 1 projects had completed 1 hundred million" in january
    assert "By the end of February 2026, the 1 projects had completed 3 hundred million" in february


@judged("I06")
def test_a_half_years_bulletin_tells_of_the_year_so_far() -> None:
    assert told("period", "half_year") == ["What was completed in first half of 2026 alone is not known."]
    (june,) = told("year_to_date", "half_year")
    assert "By the end of first half of 2026, the 1 projects had completed 7 hundred million" in june


@judged("I07")
def test_a_bulletin_may_tell_of_its_month_alone() -> None:
    assert told("period")[1] == "In February 2026, the 1 projects completed 2 hundred million yuan of investment."
    assert told("period")[2] == "What was completed in March 2026 alone is not known."
    assert told("year_to_date")[1].startswith("By the end of February 2026")


def facts(*rules: str, events: tuple[object, ...] = (), at: str = CLOSED) -> Facts:
    """What the bulletin of January prints: three bureaux completed 9, 6 and 3 of 12."""
    projects = [
        a_project(code, lead=f"bureau-{code}", category=category, territory=territory)
        for code, category, territory in (("a", "industry", "east"), ("b", "farming", "east"), ("c", "farming", "west"))
    ]
    said = [a_return(code, yi=yi) for code, yi in zip("abc", "963", strict=True)]
    head = a_year(*projects, regime=regime(*rules))
    found = outcome(*head, *events, on("2026-02-03 10:00", said[0]), *said[1:], at=at)
    return found.bulletins[0].facts


@judged("I08")
def test_a_bulletin_may_be_split_by_industry_and_by_territory() -> None:
    def split(by: str) -> dict[str, list[tuple[str, str]]]:
        found = facts(bulletin(f"by: [{by}]")).split
        return {one.kind: [(line.name, line.displayed["investment_ratio"]) for line in one.lines] for one in found}

    assert split("category, territory") == {
        "category": [("farming", "37.50%"), ("industry", "75.00%")],
        "territory": [("east", "62.50%"), ("west", "25.00%")],
    }
    assert split("territory") == {"territory": [("east", "62.50%"), ("west", "25.00%")]}


@judged("I09")
def test_a_bulletin_tells_what_meetings_decided_and_how_notices_are_handled_if_those_are_its_contents() -> None:
    decided = minutes(on="2026-01-20", decisions=(a_decision(project="a"),))
    found = a_matter(on="2026-01-21", source="finding", project="b")
    events = (on("2026-01-22 10:00", decided), found)
    whole = facts(bulletin("sections: [overview, decisions, rectifications]"), events=events)
    assert whole.noted == {"decisions": ("d1",), "rectifications": ("Project b",)}
    assert facts(bulletin("sections: [overview, decisions]"), events=events).noted == {"decisions": ("d1",)}
    assert facts(bulletin("sections: [overview, decisions]")).noted == {"decisions": ()}


@judged("I10")
def test_a_bulletin_publishes_the_list_of_places_only_if_places_are_published() -> None:
    def places(more: str) -> list[tuple[str, int | None]]:
        return [(one.subject, one.rank) for one in facts(RANKED % more, bulletin("sections: [ranking]")).units]

    assert places("") == [("bureau-a", 1), ("bureau-b", 2), ("bureau-c", 3)]
    assert places(", publish: none") == [("bureau-a", None), ("bureau-b", None), ("bureau-c", None)]


@judged("I11")
def test_the_first_are_praised_and_the_last_are_criticised_as_many_as_the_rules_say() -> None:
    def named(top: int, bottom: int) -> list[list[str]]:
        more = f"commended: {{ top: {top} }}, criticised: {{ bottom: {bottom} }}, sections: [commended, criticised]"
        found = facts(RANKED % "", bulletin(more))
        return [[line.subject for line in one.lines] for one in (found.commended, found.criticised) if one]

    assert named(1, 1) == [["bureau-a"], ["bureau-c"]]
    assert named(1, 2) == [["bureau-a"], ["bureau-b", "bureau-c"]]


# --- to whom ---------------------------------------------------------------------------------------------------


def issued(more: str, *events: object, at: str = CLOSED) -> Outcome:
    return outcome(*a_year(regime=regime(bulletin(more))), *events, at=at)


@judged("I12")
def test_leaders_are_reached_first_and_the_whole_area_after_them() -> None:
    def reached(more: str) -> list[tuple[list[str], str]]:
        found = issued(more).of("bulletins/one")
        return [([to.role for to in one.to], f"{one.due_at:%m-%d %H:%M}") for one in found]

    audience = "audience: [leaders, units, public]"
    assert reached(audience) == [(["leaders", "units", "public"], "02-06 01:00")]
    assert reached("audience: [units]") == [(["units"], "02-06 01:00")]
    assert reached(f"{audience}, then_after: {{ working_days: 1 }}") == [
        (["leaders"], "02-06 01:00"), (["units"], "02-09 16:00"), (["public"], "02-10 16:00"),
    ]  # fmt: skip


@judged("I14")
def test_what_will_be_bulletined_is_secret_until_it_is_sealed() -> None:
    def seen(embargo: str, *, is_signed: bool) -> list[int | None]:
        rules = regime(RANKED % "", bulletin(f"embargo: {embargo}, sections: [ranking]"))
        head = [*a_year(regime=rules), a_post(), on("2026-02-03 10:00", a_return(yi="9"))]
        draft = outcome(*head, at=CLOSED).bulletins[0]
        signed = [on(CLOSED, approval_of(draft), actor="signer-1")] if is_signed else []
        found = outcome(*head, *signed, at="2026-02-20 13:00").scored
        with_places = sees_places(found.ledger, "head-a", list_code="city", period="2026-01")
        lines = as_seen(found.ledger, found.lines("2026-01"), with_places=with_places)
        return [one.rank for one in lines if one.subject_kind == "unit"]

    assert seen("until_sealed", is_signed=False) == [None]
    assert seen("until_sealed", is_signed=True) == [1]
    assert seen("none", is_signed=False) == [1]


@judged("I15")
def test_a_bulletin_is_addressed_to_the_bodies_that_the_rules_list() -> None:
    def addressees(more: str) -> list[str]:
        return [to.role for one in issued(more).of("bulletins/one") for to in one.to]

    assert addressees("to: [permit_offices, party_committee]") == [
        "leaders", "units", "permit_offices", "party_committee",
    ]  # fmt: skip
    assert addressees("to: [permit_offices]") == ["leaders", "units", "permit_offices"]


@judged("I16")
def test_results_are_read_out_at_the_next_meeting_of_the_forum_and_then_no_more() -> None:
    def open_acts(more: str, *events: object) -> list[str]:
        return [one.act for one in issued(more, *events).of("bulletins/one")]

    at_visit = on("2026-02-10 10:00", a_meeting(forum="visit", on="2026-02-10"))
    elsewhere = on("2026-02-10 10:00", a_meeting(forum="dispatch", on="2026-02-10"))
    assert open_acts("meeting: visit") == ["issue", "read_out"]
    assert open_acts("meeting: visit", elsewhere) == ["issue", "read_out"]
    assert open_acts("meeting: visit", at_visit) == ["issue"]
    assert open_acts("") == ["issue"]
