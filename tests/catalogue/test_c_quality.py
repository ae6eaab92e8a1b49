"""Section C: what a return is worth that is late, malformed, unsigned, unreviewed, false, or copied."""

from decimal import Decimal
from typing import Any

import pytest

from tests.catalogue.case import judged, outcome, regime
from tests.support.builders import a_project, a_return, a_year, on
from tests.support.facts import a_review, a_signature, an_incident, an_inspection

JANUARY = on("2026-02-03 10:00", a_return(yi="1", narrative="as before"))
IN_TIME, TOO_LATE = "2026-03-03 10:00", "2026-03-09 10:00"
BULLETIN = """
bulletins:
  - { id: monthly, kind: 通报, cadence: monthly, issue: { working_days_after_close: 5 }, sections: [late_returns] }
"""


def reporting(rule: str) -> str:
    return f"reporting: [ {{ cadence: monthly, due: {{ day: 5 }}, {rule} }} ]"


def completed(rule: str, *told: object) -> str:
    """What counts as completed by the end of February, over a plan of 12."""
    found = outcome(*a_year(regime=regime(reporting(rule))), JANUARY, *told, at="2026-03-20").now("p1")
    return found.displayed["investment_ratio"]


@judged("C08")
def test_a_late_return_counts_as_no_progress_and_its_unit_is_circulated() -> None:
    """000-4b: 「视为工作无进展,并予以通报」. What came in time before stays as it was."""
    as_no_progress, kept_out = "late: { counts_as: no_progress, circulate: true }", "late: { counts_as: not_judged }"
    february = a_return(period="2026-02", yi="3")
    assert completed(as_no_progress, on(IN_TIME, february)) == "25.00%"
    assert completed(as_no_progress, on(TOO_LATE, february)) == "8.33%"
    assert completed(kept_out, on(TOO_LATE, february)) == "-"
    assert completed("late: {}", on(TOO_LATE, february)) == "25.00%"


@judged("C09")
def test_a_malformed_return_counts_as_no_progress_and_its_unit_is_circulated() -> None:
    """000-4b: 「报送材料不规范」; as told by the form, or as a reviewer finds."""
    rule = "malformed: { counts_as: no_progress, circulate: true }"
    february, malformed = a_return(period="2026-02", yi="3"), a_return(period="2026-02", yi="3", is_malformed=True)
    found = on("2026-03-04 10:00", a_review(period="2026-02", fault="malformed"))
    assert completed(rule, on(IN_TIME, february)) == "25.00%"
    assert completed(rule, on(IN_TIME, malformed)) == "8.33%"
    assert completed(rule, on(IN_TIME, february), found) == "8.33%"
    assert completed("malformed: {}", on(IN_TIME, malformed)) == "25.00%"


@judged("C08", "C09")
@pytest.mark.parametrize(
    ("fault", "at", "changes"),
    [
        ("late", TOO_LATE, {}),
        ("malformed", IN_TIME, {"is_malformed": True}),
        ("worthless", IN_TIME, {"narrative": "as before"}),
    ],
)
def test_the_bulletin_names_the_units_whose_returns_are_faulty_where_the_regime_circulates_them(
    fault: str, at: str, changes: dict[str, Any]
) -> None:
    def named(circulate: str, **changes: Any) -> tuple[str, ...]:
        rules = regime(reporting(f"{fault}: {{ circulate: {circulate} }}"), BULLETIN)
        told = on(at, a_return(period="2026-02", yi="3", **changes))
        found = outcome(*a_year(regime=rules), JANUARY, told, at="2026-03-20")
        (draft,) = [one for one in found.bulletins if one.facts.period == "2026-02"]
        return draft.facts.noted["late_returns"]

    assert named("true", **changes) == ("Bureau-A",)
    assert named("false", **changes) == ()


def test_a_quarterly_bulletin_names_the_units_whose_monthly_returns_were_late_in_the_quarter() -> None:
    rules = regime(reporting("late: { circulate: true }"), BULLETIN.replace("monthly", "quarterly"))
    told = [
        JANUARY,
        on(TOO_LATE, a_return(period="2026-02", yi="3")),
        on("2026-04-02 10:00", a_return(period="2026-03")),
    ]
    (draft,) = outcome(*a_year(regime=rules), *told, at="2026-04-30").bulletins
    assert draft.facts.noted["late_returns"] == ("Bureau-A",)


@judged("C10")
def test_each_kind_of_fault_takes_its_own_points_off_the_year() -> None:
    """000-6: 「错报、漏报、瞒报和不及时上报」, 「给予适当减分」."""
    rules = regime("""
scoring:
  ranking: { by: total, publish: bands, bands: [ { id: all } ] }
  components:
    - { id: base, all_or_nothing: { when: { time_progress: { at_least: 0 } }, points: 100 } }
    - { id: faults, deduct: { per: return, by: fault, points: { misreport: 2, omission: 1, concealment: 5 } } }
    - { id: late, deduct: { per: return, where: { state: late }, points: 0.5 } }
""")

    def total(*told: object) -> Decimal | None:
        return outcome(*a_year(regime=rules), *told, at="2026-03-20").now("bureau-a").points["total"]

    def faulty(fault: str) -> object:
        return on("2026-02-04 10:00", a_review(fault=fault))

    assert total(JANUARY) == 100
    assert total(JANUARY, faulty("misreport")) == 98
    assert total(JANUARY, faulty("omission")) == 99
    assert total(JANUARY, faulty("concealment")) == 95
    assert total(on("2026-02-06 10:00", a_return(yi="1"))) == Decimal("99.5")


@judged("C11")
def test_what_follows_a_falsified_return_depends_on_how_grave_it_is() -> None:
    """000-4b: 「弄虚作假、胡编乱造的」: an admonition, a criticism, or handling by the organisation, by severity."""
    rules = regime("""
supervision_rules:
  - { id: forged, about: incident, when: { where: { kind: falsification } }, held: { of: monthly }, ladder: falsified }
ladders:
  falsified:
    - step: admonition_talk
      serve: [liaison]
      sign_off: [signer]
      competent: organisation_department
      when: { where: { severity: [minor, ordinary] } }
    - { step: criticism, serve: [lead_unit], sign_off: [signer], when: { where: { severity: serious } } }
    - step: organisational_handling
      serve: [liaison]
      sign_off: [signer]
      competent: organisation_department
      when: { where: { severity: grave } }
""")

    def steps(severity: str, kind: str = "falsification") -> list[str]:
        told = on("2026-01-12 09:00", an_incident(on="2026-01-12", kind=kind, severity=severity))
        return outcome(*a_year(regime=rules), told, at="2026-02-06 09:00").steps

    assert [steps(one) for one in ("minor", "ordinary", "serious", "grave")] == [
        ["admonition_talk"], ["admonition_talk"], ["criticism"], ["organisational_handling"],
    ]  # fmt: skip
    assert steps("grave", "safety") == []


@judged("C12", "C13")
def test_a_return_is_signed_by_the_head_then_reviewed_by_the_department_and_the_assessment_office() -> None:
    """000-6: 「经单位负责人签字后」, 「报相关职能部门审核」, then the assessment office compiles."""
    reviewed = "review: [functional_department, assessment_office], review_within: { working_days: 60 }"
    signed = f"sign_off: [unit_head], {reviewed}"
    signature = on("2026-02-03 11:00", a_signature())
    department = on("2026-02-04 10:00", a_review(step="functional_department"))
    office = on("2026-02-05 10:00", a_review(step="assessment_office"))

    def turn(rule: str, *told: object) -> list[tuple[str, str]]:
        found = outcome(*a_year(regime=regime(reporting(rule))), JANUARY, *told, at="2026-02-10")
        return [(one.by, one.act) for one in found.decisions]

    assert turn(signed) == [("unit_head", "sign")]
    assert turn(signed, signature) == [("functional_department", "review")]
    assert turn(reviewed) == [("functional_department", "review")]
    assert turn(reviewed, department) == [("assessment_office", "review")]
    assert turn(signed, signature, department, office) == []
    assert turn("review_within: { working_days: 60 }") == []


@judged("C13")
def test_what_nobody_has_reviewed_is_not_judged_where_the_regime_says_so() -> None:
    strict = "review: [assessment_office], unreviewed: not_judged"
    approved = on("2026-02-04 10:00", a_review())
    returned = on("2026-02-04 10:00", a_review(verdict="returned"))
    adjusted = on("2026-02-04 10:00", a_review(verdict="adjusted", yi="0.5"))
    assert completed(strict) == "-"
    assert completed(strict, approved) == "8.33%"
    assert completed(strict, returned) == "-"
    assert completed(strict, adjusted) == "4.17%"
    assert completed("review: [assessment_office]") == "8.33%"


@judged("C14")
def test_only_what_is_important_goes_up_to_the_main_leader() -> None:
    """000-10: 「信息员…第一道程序关」, 「分管领导要把好第二道审核关」, important items 「由主要领导审签」."""
    rules = regime("""
chains:
  three: [ { by: liaison, act: review }, { by: line_leader, act: review },
           { by: principal_leaders, act: sign, when: { tag: important } } ]
reporting: [ { cadence: monthly, due: { day: 5 }, review_chain: three, review_within: { working_days: 60 } } ]
""")
    passed = [on("2026-02-04 10:00", a_review(step=step)) for step in ("liaison", "line_leader")]

    def turn(*told: object, tags: tuple[str, ...] = ()) -> list[tuple[str, str]]:
        found = outcome(*a_year(a_project(tags=tags), regime=rules), JANUARY, *told, at="2026-02-10")
        return [(one.by, one.act) for one in found.decisions]

    assert turn() == [("liaison", "review")]
    assert turn(passed[0]) == [("line_leader", "review")]
    assert turn(*passed) == []
    assert turn(*passed, tags=("important",)) == [("principal_leaders", "sign")]


@judged("C15")
def test_what_the_site_shows_stands_beside_the_report_and_a_gap_is_taken_up() -> None:
    """000-16: 「到项目现场核实进度」 after the unit was heard: two sources, both on record."""
    rules = regime("""
measures: { found: { take: latest, column: found_ratio, of: inspection } }
supervision_rules:
  - { id: gap, about: inspection, when: { discrepancy_pp: { above: 5 } }, held: { of: monthly }, ladder: verify }
ladders: { verify: [ { step: explanation, serve: [lead_unit], sign_off: [signer] } ] }
""")

    def seen(found_yi: str) -> tuple[str, str, list[str]]:
        told = on("2026-02-04 10:00", an_inspection(on="2026-02-04", yi=found_yi))
        found = outcome(*a_year(regime=rules), JANUARY, told, at="2026-03-09")
        line = found.now("p1")
        return line.displayed["investment_ratio"], line.displayed["found"], found.steps

    assert seen("1") == ("8.33%", "0.08", [])
    assert seen("0.3") == ("8.33%", "0.03", ["explanation"])


@judged("C18")
def test_a_nil_return_is_owed_even_where_there_is_nothing_and_is_no_return_where_it_is_refused() -> None:
    """000-8: 「信息日报告零报告」."""
    measures = """
measures:
  missing: { count: return, where: { state: missing } }
  malformed: { count: return, where: { fault: malformed } }
"""

    def counted(rule: str, *told: object) -> tuple[str, str]:
        found = outcome(*a_year(regime=regime(reporting(rule), measures)), JANUARY, *told, at="2026-03-20").now("p1")
        return found.displayed["missing"], found.displayed["malformed"]

    nil = on(IN_TIME, a_return(period="2026-02", yi=None))
    assert counted("nil_return: required") == ("1", "0")
    assert counted("nil_return: required", nil) == ("0", "0")
    assert counted("nil_return: refused", nil) == ("0", "1")


@judged("C20")
def test_refusing_hiding_or_forging_papers_is_taken_up_wherever_a_reviewer_finds_it() -> None:
    """000-13: 「不得拒绝、隐匿、伪造项目文件」; 000-4a: truthfully (如实)."""
    rules = regime("""
supervision_rules:
  - id: untrue
    about: return
    when: { where: { fault: [refusal, concealment, falsification] } }
    held: { of: monthly }
    ladder: untrue
ladders: { untrue: [ { step: supervision_order, serve: [lead_unit], sign_off: [signer] } ] }
""")

    def steps(fault: str) -> list[str]:
        told = on("2026-02-04 10:00", a_review(fault=fault))
        return outcome(*a_year(regime=rules), JANUARY, told, at="2026-02-06 09:00").steps

    assert [steps(one) for one in ("refusal", "concealment", "falsification")] == [["supervision_order"]] * 3
    assert [steps(one) for one in ("", "malformed")] == [[], []]


def test_a_return_that_was_flagged_at_the_door_is_taken_up_by_a_rule_that_asks_for_its_flag() -> None:
    """Several flags may stand on one return: each of them is asked for by its own name."""
    rules = regime("""
measures:
  flagged: { count: return, where: { flags: [jump, over_plan] } }
  clean: { count: return, where: { flags: "" } }
scoring:
  ranking: { by: total, publish: bands, bands: [ { id: all } ] }
  components:
    - { id: doubts, deduct: { per: return, by: flags, points: { jump: 2, copy_of_last: 1 } } }
supervision_rules:
  - id: doubtful
    about: return
    when: { where: { flags: [jump, cumulative_falls] } }
    held: { of: monthly }
    ladder: asked
ladders: { asked: [ { step: explanation, serve: [lead_unit], sign_off: [signer] } ] }
""")

    def found(*flags: Any) -> tuple[list[str], str, str, Decimal | None]:
        told = on("2026-02-03 10:00", a_return(yi="1", flags=flags))
        seen = outcome(*a_year(regime=rules), told, at="2026-02-06 09:00")
        line, unit = seen.now("p1"), seen.now("bureau-a")
        return seen.steps, line.displayed["flagged"], line.displayed["clean"], unit.points["total"]

    assert found("over_plan", "jump") == (["explanation"], "1", "0", Decimal(-2))
    assert found("over_plan") == ([], "1", "0", Decimal(0))
    assert found("jump", "copy_of_last")[3] == Decimal(-3)
    assert found() == ([], "0", "1", Decimal(0))


@judged("C21")
def test_a_return_by_another_channel_than_the_one_that_is_asked_for_does_not_keep_to_the_form() -> None:
    """000-10: 「政务信息采集系统」 first; 000-4b: e-mail or diskette."""
    february = on(IN_TIME, a_return(period="2026-02", yi="3", channel="email"))
    strict = "malformed: { counts_as: no_progress }"
    assert completed(f"channel: [system], {strict}", february) == "8.33%"
    assert completed(f"channel: [email, disk], {strict}", february) == "25.00%"
    on_a_disk = on(IN_TIME, a_return(period="2026-02", yi="3", channel="disk"))
    assert completed(f"channel: [email, disk], {strict}", on_a_disk) == "25.00%"


@judged("C23")
def test_returns_that_are_copied_or_saved_up_and_sent_together_are_worth_nothing() -> None:
    """000-10: 「很长时间的信息攒到一起报送」; copied from the last one unchanged; or as a reviewer finds (stale)."""
    words = {"narrative": "Works go on."}
    january = on("2026-02-03 10:00", a_return(yi="1", **words))
    rules = "worthless: { counts_as: %s }"

    def counted(rule: str, *told: object) -> str:
        found = outcome(*a_year(regime=regime(reporting(rule))), *told, at="2026-03-20").now("p1")
        return found.displayed["investment_ratio"]

    new = on(IN_TIME, a_return(period="2026-02", yi="3", narrative="The roof is on."))
    copied = on(IN_TIME, a_return(period="2026-02", yi="3", **words))
    bundled = [on(IN_TIME, a_return(yi="1")), on(IN_TIME, a_return(period="2026-02", yi="3"))]
    found = on("2026-03-04 10:00", a_review(period="2026-02", fault="copied"))
    assert counted(rules % "no_progress", january, new) == "25.00%"
    assert counted(rules % "no_progress", january, copied) == "8.33%"
    assert counted(rules % "not_judged", january, copied) == "-"
    assert counted(rules % "no_progress", *bundled) == "0.00%"
    assert counted(rules % "no_progress", january, new, found) == "8.33%"
    assert counted(rules % "reported", january, copied) == "25.00%"
