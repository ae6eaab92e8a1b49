"""Which bulletins go out when, to whom, and who is named; which boards are due; what the public is answered."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from shared.core.regime.due import Days, Due, Issue, WorkingDays
from shared.core.regime.language import Bound, ChainStep
from shared.core.regime.management import Assessment
from shared.core.regime.model import Band, Lane
from shared.core.regime.publishing import Board, Bulletin, Pick, Publication, PublicChannel
from tests.support.builders import (
    a_list,
    a_plan,
    a_project,
    a_ranking,
    a_reporting,
    a_return,
    a_scoring,
    a_stage,
    a_unit,
    local,
    on,
)
from tests.support.decided import decided, only, rules, told
from tests.support.facts import (
    a_confirmation,
    a_matter,
    a_meeting,
    a_milestone,
    a_milestone_reached,
    a_post,
    a_proposal,
    a_review,
    a_round,
    a_round_report,
    a_striking_off,
    a_verification,
)

MONTHLY = Bulletin(
    id="monthly", kind="通报", cadence="monthly", sections=("overview",), issue=Issue(working_days_after_close=3),
    source="002",
)  # fmt: skip


def under(bulletin: Bulletin, *events: object, **changes: Any) -> Any:
    view = {name: changes.pop(name) for name in ("day", "period", "at", "projects") if name in changes}
    return decided(rules(bulletins=(bulletin,), **changes), *events, **view)


# --- when and to whom -------------------------------------------------------------------------------------------


def test_a_bulletin_is_due_at_its_issue_moment() -> None:
    """Returns close with 5 April, a Sunday; the third working day after it is Wednesday."""
    found = only(under(MONTHLY))
    assert (found.kind, found.act, found.subject, found.due_at) == (
        "bulletin", "issue", "city", local("2026-04-08 09:00"),
    )  # fmt: skip
    assert [to.role for to in found.to] == ["leaders", "units"]
    assert (found.facts["occasion"], found.facts["window"], found.facts["by"]) == ("2026-03", "year_to_date", "unit")
    assert found.source == "002"


def test_a_bulletin_of_another_cadence_is_not_due() -> None:
    assert under(replace(MONTHLY, cadence="quarterly")) == []


def test_one_bulletin_may_be_split_along_two_dimensions() -> None:
    """000-4a: 「每月分别按照项目行业、项目属地」."""
    assert only(under(replace(MONTHLY, by=("category", "territory")))).facts["by"] == "category, territory"


def test_audiences_are_reached_one_after_another() -> None:
    """000-4b: leaders first, then the whole district."""
    bulletin = replace(
        MONTHLY, audience=("leaders", "public"), then_after=WorkingDays(working_days=2), to=("government",)
    )
    found = under(bulletin)
    assert [(one.to[0].role, one.due_at) for one in found] == [
        ("leaders", local("2026-04-08 09:00")), ("public", local("2026-04-11 00:00")),
    ]  # fmt: skip
    assert [to.role for to in found[0].to] == ["leaders", "government"]


def test_units_check_their_own_figures_before_it_goes_out() -> None:
    found = only(under(replace(MONTHLY, preview=WorkingDays(working_days=2))))
    assert found.facts["preview_from"] == "2026-04-06"


def test_it_is_read_out_at_a_meeting_until_one_was_held() -> None:
    """004: 「在全县观摩总结会上进行通报」."""
    bulletin = replace(MONTHLY, meeting="tour")
    assert [one.act for one in under(bulletin)] == ["issue", "read_out"]
    held = a_meeting(on="2026-04-09", forum="tour")
    assert [one.act for one in under(bulletin, held, day="2026-04-10")] == ["issue"]
    too_early = a_meeting(on="2026-04-07", forum="tour")
    assert [one.act for one in under(bulletin, too_early, day="2026-04-10")] == ["issue", "read_out"]


def test_it_may_be_read_out_on_the_day_on_which_it_goes_out() -> None:
    held = a_meeting(on="2026-04-08", forum="tour")
    assert [one.act for one in under(replace(MONTHLY, meeting="tour"), held, day="2026-04-10")] == ["issue"]


ROUND = replace(MONTHLY, cadence=None, trigger="round_ended", issue=Issue(working_days_after_close=1))


def test_a_round_that_was_reported_calls_for_a_bulletin() -> None:
    """000-4a: each round is circulated."""
    assert under(ROUND, a_round()) == []
    found = only(under(ROUND, a_round(), a_round_report(on="2026-03-06")))
    assert (found.subject, found.due_at) == ("r1", local("2026-03-09 09:00"))
    assert under(ROUND, a_round(), a_round_report(on="2026-03-06"), day="2026-04-30", period="2026-04") == []


def test_what_was_struck_off_calls_for_a_bulletin() -> None:
    bulletin = replace(ROUND, trigger="matter_struck_off", issue=None)
    assert under(bulletin, a_matter()) == []
    found = only(under(bulletin, a_matter(), a_striking_off(on="2026-03-20")))
    assert (found.subject, found.due_at) == ("m1", None)


def test_what_is_struck_off_on_the_day_itself_calls_for_one_too() -> None:
    bulletin = replace(ROUND, trigger="matter_struck_off", issue=None)
    struck = a_striking_off(on="2026-03-31")
    assert told(under(bulletin, a_matter(), struck)) == [("bulletin", "m1", "issue")]
    assert under(bulletin, a_matter(), struck, day="2026-03-30") == []


def test_a_meeting_calls_for_a_bulletin() -> None:
    assert told(under(replace(ROUND, trigger="meeting_held"), a_meeting())) == [("bulletin", "g1", "issue")]


def test_what_may_go_out_at_any_time_is_never_due() -> None:
    assert under(replace(ROUND, trigger="any_time"), a_round(), a_round_report()) == []


def test_a_final_result_calls_for_a_bulletin() -> None:
    bulletin = replace(ROUND, trigger="assessment_confirmed")
    changes: dict[str, Any] = {
        "assessment": Assessment(approval="result"), "chains": {"result": (ChainStep(by="standing_committee"),)},
        "day": "2026-12-31", "period": "2026", "at": "2027-01-31 09:00",
    }  # fmt: skip
    confirmed = a_confirmation(step="standing_committee")
    assert told(under(bulletin, **changes), "bulletin") == []
    assert told(under(bulletin, a_proposal(), confirmed, **changes), "bulletin") == [("bulletin", "city", "issue")]


# --- who is named -----------------------------------------------------------------------------------------------

UNITS = tuple(a_project(f"p{unit}", lead=f"bureau-{unit}") for unit in "abcd")
RETURNS = tuple(
    a_return(f"p{unit}", period="2026-03", yi=yi) for unit, yi in zip("abcd", ("6", "3", "2", "1"), strict=True)
)


def named(pick: Pick, section: str = "criticised", *events: object, **changes: Any) -> Any:
    picks: dict[str, Any] = {section: pick}
    bulletin = replace(MONTHLY, **picks)
    scoring = a_scoring(components=(), ranking=a_ranking(**changes))
    found = under(bulletin, *RETURNS, *events, projects=UNITS, scoring=scoring)
    return [one for one in found if one.kind == "named"]


def test_the_last_must_make_a_statement_at_the_next_meeting() -> None:
    """004: 「主要负责人作表态发言」."""
    head = a_post("head-d", unit="bureau-d")
    found = named(Pick(bottom=2, must="pledge_statement", forum="tour", source="004"), "criticised", head)
    assert [(one.subject, one.act, one.facts["place_from_bottom"]) for one in found] == [
        ("bureau-c", "pledge_statement", "2"), ("bureau-d", "pledge_statement", "1"),
    ]  # fmt: skip
    assert [(to.role, to.code) for to in found[1].to] == [("unit_head", "head-d")]
    assert (found[1].by, found[1].form, found[1].facts["forum"]) == ("unit_head", "owes", "tour")


def test_the_first_are_praised_and_speak_as_models() -> None:
    """004: 「主要负责人作典型发言」."""
    found = named(Pick(top=1, must="best_practice_statement"), "commended")
    assert [(one.subject, one.act) for one in found] == [("bureau-a", "best_practice_statement")]
    assert [one.act for one in named(Pick(top=1), "commended")] == ["praise"]


def test_only_those_who_meet_the_condition_are_first_or_last() -> None:
    behind = Pick(bottom=3, when={"deviation": Bound(below=Decimal(-8))})
    assert [one.subject for one in named(behind)] == ["bureau-c", "bureau-d"]
    assert named(behind)[0].facts["deviation"] == "-8.33"


def test_who_ties_for_the_last_place_that_counts_is_named_too() -> None:
    tied = a_return("pb", period="2026-03", yi="2")
    assert [one.subject for one in named(Pick(bottom=2), "criticised", tied)] == ["bureau-b", "bureau-c", "bureau-d"]


def test_a_bulletin_that_ranks_by_a_measure_of_its_own_names_the_first_and_last_by_it() -> None:
    """004: the bulletin on a visit goes by its scores, not by progress."""
    started = [a_stage(f"p{unit}") for unit in "bcd"]

    def last(rank_by: str) -> list[str]:
        bulletin = replace(MONTHLY, criticised=Pick(bottom=1), rank_by=rank_by)
        scoring = a_scoring(components=(), ranking=a_ranking())
        found = under(bulletin, *RETURNS, *started, projects=UNITS, scoring=scoring)
        return [one.subject for one in found if one.kind == "named"]

    assert (last(""), last("start_rate")) == (["bureau-d"], ["bureau-a"])


def test_without_a_number_all_who_meet_it_are_named() -> None:
    behind = Pick(when={"deviation": Bound(below=Decimal(0))})
    assert [one.subject for one in named(behind)] == ["bureau-c", "bureau-d"]


@pytest.mark.parametrize("publish", ["bands", "none"])
def test_where_places_are_not_published_the_last_are_named_without_their_place(publish: str) -> None:
    """regime.md: bands, and `commended: {top: 3}` in the same regime."""
    found = named(Pick(bottom=1), publish=publish, bands=(Band(id="all"),))
    assert [(one.subject, dict(one.facts)) for one in found] == [("bureau-d", {})]


def test_in_too_small_a_group_nobody_is_first_or_last() -> None:
    assert named(Pick(bottom=1), minimum_group=5) == []
    assert len(named(Pick(bottom=1), minimum_group=4)) == 1


def test_each_lane_has_its_own_first() -> None:
    lanes = (Lane(id="towns", kinds=("town",)), Lane(id="others", kinds=("department",)))
    units = (*UNITS[:2], a_project("pt", lead="town-t"), a_project("pu", lead="town-u"))
    scoring = a_scoring(components=(), ranking=a_ranking(), lanes=lanes)
    towns = [a_unit(code, kind="town") for code in ("town-t", "town-u")]
    told_of = [*RETURNS[:2], a_return("pt", period="2026-03", yi="1"), a_return("pu", period="2026-03", yi="0")]
    bulletin = replace(MONTHLY, commended=Pick(top=1))
    found = under(bulletin, *towns, *told_of, projects=units, scoring=scoring)
    assert [(one.subject, one.facts["place"]) for one in found if one.kind == "named"] == [
        ("bureau-a", "1"), ("town-t", "1"),
    ]  # fmt: skip


# --- boards -----------------------------------------------------------------------------------------------------

WALL = Board(
    id="wall", columns=("name", "leader", "unit", "due_on", "progress"), place="wall", renewed="monthly",
    renewed_columns=("progress",), approved_only=False, source="002",
)  # fmt: skip
FILED = on("2026-03-03 10:00", a_return(period="2026-02"))


def board(one: Board, *events: object, **view: Any) -> Any:
    return decided(rules(publication=Publication(boards=(one,))), *events, **view)


def test_a_board_is_due_while_a_project_has_nothing_new_in_its_column() -> None:
    """002: 「每月都要进行更换」."""
    projects = (a_project("p1"), a_project("p2"))
    found = only(board(WALL, FILED, projects=projects))
    assert (found.kind, found.rule, found.act, found.due_at) == (
        "publication", "publication/boards/wall", "renew", local("2026-04-01 00:00"),
    )  # fmt: skip
    assert (found.facts["not_renewed"], found.facts["columns"]) == ("p2", "progress")
    assert board(WALL, FILED, a_return("p2", period="2026-02"), projects=projects) == []


def test_a_board_of_which_nothing_tells_that_it_was_changed_is_due_in_every_period() -> None:
    static = replace(WALL, columns=("name", "leader"), renewed_columns=())
    assert told(board(static, FILED)) == [("publication", "city", "renew")]
    overdue = replace(static, due=Due(day=5, of="same_month"))
    told_of = [only(board(one, day="2026-03-10")) for one in (overdue, replace(WALL, due=overdue.due))]
    assert [one.facts["is_late"] for one in told_of] == ["-", "yes"]


def test_only_what_a_whole_chain_has_approved_is_shown() -> None:
    gates = (ChainStep(by="liaison", act="review"), ChainStep(by="line_leader", act="review"))
    regime = rules(
        publication=Publication(boards=(replace(WALL, approved_only=True),)), chains={"gates": gates},
        reporting=(a_reporting(review_chain="gates"),),
    )  # fmt: skip
    passed = [a_review(period="2026-02", step=step.by) for step in gates]
    due = [
        [one.act for one in decided(regime, FILED, *passed[:done]) if one.kind == "publication"] for done in (0, 1, 2)
    ]
    assert due == [["renew"], ["renew"], []]


def test_a_new_month_makes_a_board_old() -> None:
    assert told(board(WALL, FILED, day="2026-04-02", period="2026-04")) == [("publication", "city", "renew")]


def test_in_january_the_return_of_december_is_new() -> None:
    listed = (on("2027-01-02 10:00", a_list(2027)), a_project(year=2027))
    december = on("2027-01-04 10:00", a_return(period="2026-12"))
    january = {"day": "2027-01-10", "period": "2027-01"}
    assert told(board(WALL, *listed, **january)) == [("publication", "city", "renew")]
    assert board(WALL, *listed, december, **january) == []


def test_only_what_is_approved_renews_a_board_that_shows_only_that() -> None:
    shown = replace(WALL, approved_only=True)
    reviewed = rules(publication=Publication(boards=(shown,)), reporting=(a_reporting(review=("assessment_office",)),))
    assert told(decided(reviewed, FILED), "publication") == [("publication", "city", "renew")]
    assert told(decided(reviewed, FILED, a_review(period="2026-02")), "publication") == []


def test_milestones_are_renewed_by_one_that_is_reached() -> None:
    one = replace(WALL, renewed_columns=("milestones",))
    plan = a_plan(yi="12", milestones=(a_milestone(due_on="2026-03-20"),))
    assert told(board(one, plan)) == [("publication", "city", "renew")]
    assert board(one, plan, a_milestone_reached(on="2026-03-01")) == []


def test_a_board_that_is_put_up_once_has_its_day() -> None:
    """004: leader, team and milestones in the media."""
    once = Board(id="full", columns=("leader", "team", "milestones"), place="media", due=Due(on="04-30"))
    found = only(board(once))
    assert (found.act, found.due_at) == ("put_up", local("2026-05-01 00:00"))


# --- the public -------------------------------------------------------------------------------------------------

HOTLINE = PublicChannel(id="hotline", kind="report", rewarded=True, answer_within=Days(days=15))
REPORT = a_matter(source="public_report")


def heard(channel: PublicChannel, *events: object) -> Any:
    return decided(rules(publication=Publication(channels=(channel,))), *events)


def test_a_report_from_the_public_is_answered_in_time() -> None:
    found = only(heard(HOTLINE, REPORT))
    assert (found.kind, found.subject, found.by, found.due_at) == (
        "answer", "m1", "supervision_office", local("2026-03-18 00:00"),
    )  # fmt: skip
    assert heard(HOTLINE, a_matter()) == []


def test_a_report_that_led_to_something_is_rewarded() -> None:
    """000-2: 「有奖举报制度」."""
    ended = (a_verification(on="2026-03-18"), a_striking_off(on="2026-03-20", answered=("public",)))
    assert told(heard(HOTLINE, REPORT, *ended)) == [("reward", "m1", "reward_reporter")]
    assert heard(replace(HOTLINE, rewarded=False), REPORT, *ended) == []


def test_a_report_that_proved_untrue_or_was_not_looked_into_is_not_rewarded() -> None:
    denied, ended = a_verification(is_done=False), a_striking_off(on="2026-03-20", answered=("public",))
    assert heard(HOTLINE, REPORT, ended) == heard(HOTLINE, REPORT, denied, ended) == []
    assert heard(HOTLINE, REPORT, a_verification(), denied, ended) == []


def test_a_reward_is_said_in_the_period_in_which_the_report_ends() -> None:
    ended = (a_verification(on="2026-03-18"), a_striking_off(on="2026-03-20", answered=("public",)))
    ruled = rules(publication=Publication(channels=(HOTLINE,)))
    assert decided(ruled, REPORT, *ended, day="2026-04-10", period="2026-04") == []


def test_who_told_the_source_alone_owes_the_public_an_answer_still() -> None:
    ended = a_striking_off(on="2026-03-20", answered=("source",))
    assert told(heard(HOTLINE, REPORT, ended)) == [("answer", "m1", "answer")]


def test_comments_call_for_nothing() -> None:
    assert heard(replace(HOTLINE, kind="commentary"), REPORT) == []
