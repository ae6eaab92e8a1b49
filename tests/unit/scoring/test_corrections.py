"""What is said new of a closed period is drawn again: the difference is said with its cause; what was said stays."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from services.scoring.app import CODEC
from services.scoring.domain.ledger import Before, Closed
from services.scoring.project import project
from shared.core.events import (
    AnyRecorded,
    BulletinDrafted,
    BulletinSealed,
    CorrectionDrawn,
    ReportWithdrawn,
    ReturnReviewed,
    StandingsDrawn,
)
from shared.core.ledger import Ledger
from shared.core.regime.model import LightMemory
from shared.core.regime.scoring import Repeated
from tests.support.builders import (
    JURISDICTION,
    LIST,
    a_bulletin,
    a_correction,
    a_list,
    a_plan,
    a_project,
    a_ranking,
    a_regime,
    a_reporting,
    a_return,
    a_scoring,
    a_stage,
    a_year,
    an_adoption,
    approval_of,
    on,
    record,
    until,
)
from tests.support.spec import given

RATIO = "measure:investment_ratio"
RETURN = on("2026-02-03 10:00", a_return("p1", "2026-01", yi="3"), id="r1")
MARCH = until("2026-03-10 00:00")


def _said(*events: object) -> list[CorrectionDrawn]:
    return [one for one in given(*events).scored().drawn if isinstance(one, CorrectionDrawn)]


def _numbers(said: Sequence[CorrectionDrawn], subject: str = "p1") -> dict[str, tuple[str | None, str | None]]:
    return {one.about: (one.old, one.new) for one in said if one.subject == subject}


def test_a_correction_before_the_close_is_simply_counted() -> None:
    events = [*a_year(), RETURN]
    corrected = on("2026-02-04 10:00", a_correction("r1", yi="6"), id="c1")
    assert _said(*events, corrected, MARCH) == []


def test_a_correction_after_the_close_is_said_at_the_next_moment_with_the_old_the_new_and_its_cause() -> None:
    events = [*a_year(), RETURN]
    corrected = on("2026-02-20 10:00", a_correction("r1", yi="6"), id="c1")
    said = _said(*events, corrected, MARCH)
    assert _numbers(said)[RATIO] == ("0.25", "0.5")
    (one,) = [one for one in said if one.about == RATIO and one.subject == "p1"]
    assert (one.old_displayed, one.new_displayed) == ("25.00%", "50.00%")
    assert one.causes == ("c1",)
    assert one.drawn_moment.startswith(f"{LIST}:close:2026-01:")
    assert one.period == "2026-01"
    assert one.moment > one.drawn_moment
    assert one.bulletins == ()


def test_the_unit_and_the_list_whose_project_is_corrected_are_said_too_and_nobody_else() -> None:
    listed = (a_project("p1"), a_project("p2", lead="bureau-b"))
    both = [on("2026-02-03 10:00", a_return(code, "2026-01", yi="3"), id=f"r-{code}") for code in ("p1", "p2")]
    events = [*a_year(*listed), *both]
    corrected = on("2026-02-20 10:00", a_correction("r-p1", yi="6", project="p1"))
    said = {(one.subject_kind, one.subject) for one in _said(*events, corrected, MARCH) if one.about == RATIO}
    assert said == {("project", "p1"), ("unit", "bureau-a"), ("list", LIST)}


def test_the_lines_that_were_drawn_stay_as_they_were() -> None:
    events = [*a_year(), RETURN]
    corrected = on("2026-02-20 10:00", a_correction("r1", yi="6"), id="c1")
    assert given(*events, corrected, MARCH).scored().line("p1").measures["investment_ratio"] == Decimal("0.25")


def test_two_corrections_between_two_moments_are_one_difference_with_two_causes() -> None:
    events = [*a_year(), RETURN]
    first, second = (on(f"2026-02-{day} 10:00", a_correction("r1", yi=yi)) for day, yi in ((20, "6"), (21, "9")))
    (one,) = [one for one in _said(*events, first, second, MARCH) if one.about == RATIO and one.subject == "p1"]
    assert (one.old, one.new, len(one.causes)) == ("0.25", "0.75", 2)


def test_corrections_after_each_other_are_said_each_from_what_was_said_last() -> None:
    events = [*a_year(), RETURN]
    first = on("2026-02-20 10:00", a_correction("r1", yi="6"))
    second = on("2026-03-20 10:00", a_correction("r1", yi="9"))
    said = _said(*events, first, MARCH, second, until("2026-04-10 00:00"))
    moved = [(one.old, one.new) for one in said if one.about == RATIO and one.subject == "p1"]
    assert [one for one in moved if one[0] != one[1]][:2] == [("0.25", "0.5"), ("0.5", "0.75")]


def test_a_correction_that_is_taken_back_before_the_next_moment_says_nothing() -> None:
    events = [*a_year(), RETURN]
    there = on("2026-02-20 10:00", a_correction("r1", yi="6"))
    back = on("2026-02-21 10:00", a_correction("r1", yi="3"))
    assert _said(*events, there, back, MARCH) == []


def test_a_return_that_comes_after_the_close_is_made_up_and_what_it_changes_is_said() -> None:
    made_up = on("2026-02-20 10:00", a_return("p1", "2026-01", yi="3"))
    scored = given(*a_year(), made_up, until("2026-05-10 00:00")).scored()
    said = [one for one in scored.drawn if isinstance(one, CorrectionDrawn)]
    assert _numbers(said)[RATIO] == (None, "0.25")
    line = scored.line("p1")
    assert (line.missing_count, line.made_up_count) == (1, 0)


def test_a_return_that_is_withdrawn_after_the_close_leaves_the_number_unknown() -> None:
    events = [*a_year(), RETURN]
    gone = ReportWithdrawn(project="p1", withdrawn_event="r1", reason="twice", approver="mayor")
    assert _numbers(_said(*events, on("2026-02-20 10:00", gone), MARCH))[RATIO] == ("0.25", None)


def test_an_adjusting_review_after_the_close_is_a_correction() -> None:
    adjusted = ReturnReviewed(
        project="p1", period="2026-01", step="drc", verdict="adjusted", investment_ytd_yuan=Decimal(600_000_000),
        reason="counted twice",
    )  # fmt: skip
    assert _numbers(_said(*a_year(), RETURN, on("2026-02-20 10:00", adjusted), MARCH))[RATIO] == ("0.25", "0.5")


def test_a_start_told_too_late_changes_the_share_of_what_was_started_then() -> None:
    started = on("2026-02-20 10:00", a_stage("p1", on="2026-01-15"))
    said = _numbers(_said(*a_year(), RETURN, started, MARCH), LIST)
    assert any(about.startswith("measure:start") for about in said)


def test_a_later_plan_and_a_later_listing_correct_no_closed_period() -> None:
    events = [*a_year(), RETURN]
    later = [on("2026-02-20 10:00", a_plan("p1", yi="24")), on("2026-02-21 10:00", a_project("p9"))]
    assert _said(*events, *later, MARCH) == []
    corrected = on("2026-02-22 10:00", a_correction("r1", yi="6"), id="c1")
    said = _said(*events, *later, corrected, MARCH)
    assert _numbers(said)[RATIO] == ("0.25", "0.5")  # by the plan of then
    assert all(one.new != "2" for one in said if one.about == "measure:projects")


def test_a_place_that_moves_because_another_is_corrected_is_said_with_what_moved_it() -> None:
    listed = (a_project("p1"), a_project("p2", lead="bureau-b"))
    regime = a_regime(scoring=a_scoring(ranking=a_ranking(publish="full")))
    returns = [
        on("2026-02-03 10:00", a_return(code, "2026-01", yi=yi), id=f"r-{code}")
        for code, yi in (("p1", "3"), ("p2", "2"))
    ]
    events = [*a_year(*listed, regime=regime), *returns]
    corrected = on("2026-02-20 10:00", a_correction("r-p2", yi="6", project="p2"), id="c1")
    said = _said(*events, corrected, MARCH)
    assert _numbers(said, "bureau-b")["rank"] == ("2", "1")
    assert _numbers(said, "bureau-a")["rank"] == ("1", "2")
    (other,) = [one for one in said if one.subject == "bureau-a" and one.about == "rank"]
    assert other.causes == ("c1",)


def test_a_sealed_bulletin_stays_and_the_correction_names_it() -> None:
    regime = a_regime(bulletins=(a_bulletin(cadence="monthly", sign_off=("signer",)),))
    events = [*a_year(regime=regime), RETURN, until("2026-02-25 00:00")]
    draft = given(*events).noticed().the(BulletinDrafted)
    sealed = [*events, on("2026-02-26 09:00", approval_of(draft, "signer"))]
    corrected = on("2026-02-27 10:00", a_correction("r1", yi="6"), id="c1")
    before = given(*sealed, until("2026-02-28 00:00")).noticed().the(BulletinSealed)
    told = given(*sealed, corrected, MARCH)
    assert told.noticed().of(BulletinSealed) == [before]
    said = [one for one in told.scored().drawn if isinstance(one, CorrectionDrawn) and one.about == RATIO]
    assert {one.bulletins for one in said if one.subject == "p1"} == {(draft.bulletin,)}


def test_one_event_corrects_each_list_that_the_project_is_on_by_the_plan_and_the_rules_of_that_list() -> None:
    city = "city"
    listed = replace(a_project("p1"), list=city, annual_planned_investment_yuan=Decimal(2_400_000_000))
    rules = a_regime(reporting=(a_reporting(due=a_reporting().due),))
    events = [
        *a_year(), a_list(list=city), replace(an_adoption(rules), list=city), listed, RETURN,
    ]  # fmt: skip
    corrected = on("2026-02-20 10:00", a_correction("r1", yi="6"), id="c1")
    said = _said(*events, corrected, MARCH)
    moved = {one.list: (one.old, one.new) for one in said if one.subject == "p1" and one.about == RATIO}
    assert moved == {LIST: ("0.25", "0.5"), city: ("0.125", "0.25")}


def test_the_draw_counts_its_corrections_so_that_whoever_waits_for_it_knows_it_whole() -> None:
    events = [*a_year(), RETURN]
    corrected = on("2026-02-20 10:00", a_correction("r1", yi="6"), id="c1")
    draws = given(*events, corrected, MARCH).scored().draws
    for said in draws.values():
        (drawn,) = [one for one in said if isinstance(one, StandingsDrawn)]
        assert drawn.count == len(said) - 1
    assert any(isinstance(one, CorrectionDrawn) for said in draws.values() for one in said)


def test_what_corrections_need_is_saved_with_the_ledger_between_any_two_events() -> None:
    events = [*a_year(a_project("p1")), RETURN]
    corrected = on("2026-02-20 10:00", a_correction("r1", yi="6"), id="c1")
    whole = record(*events, corrected, a_stage("p1", on="2026-01-15"), MARCH)
    kept, kinds = _folded_and_saved(whole)
    straight = Ledger(JURISDICTION)
    for one in whole:
        project(straight, one)
    assert kept.digest() == straight.digest()
    assert {Closed, Before} <= kinds


def _folded_and_saved(events: Sequence[AnyRecorded]) -> tuple[Ledger, set[type]]:
    """A fold that is written and read back after every event, and the classes of entries that it had."""
    ledger, kinds = Ledger(JURISDICTION), set[type]()
    saved: dict[tuple[str, str], str] = {}
    for one in events:
        project(ledger, one)
        for key, entry in ledger.take_changes():
            kind, body = CODEC.encode(entry)
            saved[kind, key] = body
            kinds.add(type(entry))
        again = Ledger(JURISDICTION, position=ledger.position, clock=ledger.clock)
        again.load((key, CODEC.decode(kind, body)) for (kind, key), body in saved.items())
        ledger = again
    return ledger, kinds


def test_a_light_that_is_corrected_is_what_later_lights_harden_by() -> None:
    memory = LightMemory(repeated=Repeated(light="yellow", times=2, becomes="red"))
    regime = a_regime(light_memory=memory)
    february = on("2026-03-03 10:00", a_return("p1", "2026-02", yi="1.2"))
    events = [*a_year(regime=regime), on("2026-02-03 10:00", a_return("p1", "2026-01", yi="0"), id="r1")]
    hardened = given(*events, february, MARCH).scored().line("p1", "2026-02")
    mended = on("2026-02-20 10:00", a_correction("r1", yi="3"), id="c1")
    corrected = given(*events, mended, february, MARCH).scored().line("p1", "2026-02")
    assert (hardened.light, corrected.light) == ("red", "yellow")
