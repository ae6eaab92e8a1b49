"""What is missed, or not as it must be, goes the one way: a rule about its row, up a ladder, to whoever owes it."""

import pytest

from tests.catalogue.case import outcome, regime
from tests.support.builders import a_stage, a_year, on
from tests.support.facts import a_post, a_report_up, a_responsibility, a_visit

VISIT = "duties: [ { id: it, who: sponsor_leader, do: duty_visit, per: monthly, about: project } ]"
REPORT = "duties: [ { id: it, who: lead_unit, do: report_sent, per: monthly, about: unit } ]"
OFFICE = "duties: [ { id: it, who: supervision_office, do: inspection, per: monthly, about: project } ]"
UPWARD = "duties: [ { id: it, who: government, do: report_sent, per: monthly } ]"
STARTED = "requirements: [ { id: it, about: project, must: { stage: started } } ]"
MISSED, UNMET = ("duty", "{ duty: it, state: missed }"), ("requirement", "{ requirement: it }")


def told(
    owed: str, row: tuple[str, str], serve: str, *done: object, after: bool = True
) -> list[tuple[str, str, tuple[str, ...], str]]:
    """Return of each notice by the close of February its step, its unit, whom it names, and what it is about."""
    follows = f"""
supervision_rules:
  - {{ id: one, about: {row[0]}, when: {{ where: {row[1]} }}, held: {{ of: monthly }}, ladder: steps }}
ladders:
  steps:
    - {{ step: due_reminder, serve: [{serve}], unsigned: true }}
    - {{ step: supervision_letter, serve: [{serve}], sign_off: [signer] }}
"""
    head = a_year(regime=regime(owed, *([follows] if after else [])))
    found = outcome(*head, a_post(), a_responsibility(), *done, at="2026-03-09 12:00").notices
    return [(one.step, one.unit, one.addressees, one.items[0].subject) for one in found]


@pytest.mark.parametrize(
    ("owed", "row", "serve", "unit", "named", "subjects"),
    [
        (VISIT, MISSED, "named_person", "bureau-a", ("named_person:leader-1",), ("it/2026-01/p1", "it/2026-02/p1")),
        (REPORT, MISSED, "lead_unit", "bureau-a", (), ("it/2026-01/bureau-a", "it/2026-02/bureau-a")),
        (OFFICE, MISSED, "named_unit", "office", ("named_unit:office",), ("it/2026-01/p1", "it/2026-02/p1")),
        (UPWARD, MISSED, "lead_unit", "office", (), ("it/2026-01/city", "it/2026-02/city")),
        (STARTED, UNMET, "lead_unit", "bureau-a", (), ("it/p1", "")),
    ],
    ids=["a leader's visit", "a unit's report", "the office's own inspection", "the city's report", "a requirement"],
)
def test_what_stays_undone_climbs_a_ladder_to_whoever_owes_it(
    owed: str, row: tuple[str, str], serve: str, unit: str, named: tuple[str, ...], subjects: tuple[str, str]
) -> None:
    january, february = subjects
    reminded, letter = ("due_reminder", unit, named, january), ("supervision_letter", unit, named, january)
    later = [("due_reminder", unit, named, february)] if february else []
    assert told(owed, row, serve) == [reminded, letter, *later]
    assert told(owed, row, serve, after=False) == [], "a duty by itself is only said to be owed"


@pytest.mark.parametrize(
    ("owed", "row", "done"),
    [
        (VISIT, MISSED, [on(f"2026-0{month}-20 10:00", a_visit(on=f"2026-0{month}-20")) for month in (1, 2)]),
        (UPWARD, MISSED, [on(f"2026-0{month}-20 10:00", a_report_up(on=f"2026-0{month}-20", period=f"2026-0{month}"))
                           for month in (1, 2)]),
        (STARTED, UNMET, [on("2026-01-20 10:00", a_stage())]),
    ],
    ids=["visited", "reported", "started"],
)  # fmt: skip
def test_nothing_follows_what_was_done(owed: str, row: tuple[str, str], done: list[object]) -> None:
    assert told(owed, row, "lead_unit", *done) == []
