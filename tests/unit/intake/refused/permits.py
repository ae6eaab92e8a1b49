"""Reasons against permits, problems, rounds, visits, meetings, results."""

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import Any

from tests.support.builders import a_return
from tests.support.facts import (
    a_call,
    a_confirmation,
    a_decision,
    a_deferral,
    a_failed_contact,
    a_filing,
    a_finding,
    a_giving_back,
    a_loss,
    a_mark,
    a_meeting,
    a_problem,
    a_proposal,
    a_refusal,
    a_report_up,
    a_round,
    a_round_report,
    a_solution,
    a_tour,
    a_visit,
    an_absence,
    an_acceptance,
    an_agent,
    an_award,
    an_escalation,
    an_external_result,
    an_incident,
    an_inspection,
    an_issue,
    an_item,
    day,
    minutes,
)
from tests.support.intake import LEAD, OFFICE, Intake
from tests.support.refused import Case
from tests.support.supervised import (
    FEW_INSPECTIONS,
    OPEN_PROBLEMS,
    UPWARD,
    WEIGHED,
    chained,
    sender,
    supervised,
    told,
    under,
)

EARLIER, LATER = "2026-03-01", "2026-03-03"
PROPOSED_BY_RULE = "m-0123456789abcdef0123"


def after(*events: Any) -> Callable[[], Intake]:
    def given() -> Intake:
        return told(supervised(), *events)

    return given


def ruled(*events: Any, **rules: Any) -> Callable[[], Intake]:
    def given() -> Intake:
        return told(under(**rules), *events)

    return given


def case(code: str, pointer: str, data: Any, given: Callable[[], Intake] = supervised, **more: Any) -> Case:
    """Refused to whoever tells such things."""
    sends = {**sender(data), **more}
    by, unit = sends.pop("by"), sends.pop("unit", None)
    return Case(code, pointer, data, by, given, unit, more=sends)


GAPS = an_acceptance(gaps=("a map",), gaps_due_on=day("2026-03-20"))
FILED, BACK = a_filing(), a_giving_back()
CALLED, OTHER_CALL = a_call(), a_call("g2", on="2026-03-09")
RAISED, SOLVED = a_problem(needs="county"), a_solution()
PROPOSED, STEP = a_proposal(on="2026-03-02"), a_confirmation(on="2026-03-02", step="assessment_office")
LAST_STEP = replace(STEP, step="government")
SENT_BACK = replace(STEP, approved=False)
TOUR, MARK = a_tour(), a_mark()

PERMITS = [
    case("unknown_unit", "/data/office", a_filing(office="nowhere")),
    case("text_needed", "/data/permit", a_filing(permit="")),
    case("not_filed", "/data/permit", an_acceptance()),
    case("not_filed", "/data/permit", an_issue()),
    case("office_has_file", "/data/permit", FILED, after(FILED)),
    case("office_has_file", "/data/permit", BACK, after(FILED, an_acceptance())),
    case("owner_has_file", "/data/permit", an_issue(), after(FILED, BACK)),
    case("returned_already", "/data/permit", BACK, after(FILED, BACK)),
    case("gaps_open", "/data/permit", an_issue(), after(FILED, GAPS)),
    case("permit_decided", "/data/permit", a_refusal(), after(FILED, an_issue())),
    case("permit_decided", "/data/permit", FILED, after(FILED, an_issue())),
    case("too_early", "/data/on", a_giving_back(on=EARLIER), after(FILED)),
    case("another_office", "/data/office", a_filing(office="fire-office")),
    case("another_office", "/data/office", an_issue(permit="fire", office="land-office"),
         after(a_filing(permit="fire", office="fire-office"))),
    *(case("another_office", "/data/office", replace(one, office="fire-office"), after(FILED),
           on_behalf_of="fire-office")
      for one in (BACK, GAPS, a_refusal())),
    case("gaps_and_day", "/data/gaps_due_on", replace(GAPS, gaps_due_on=None), after(FILED)),
    case("gaps_and_day", "/data/gaps_due_on", replace(GAPS, gaps=()), after(FILED)),
    case("too_early", "/data/gaps_due_on", replace(GAPS, gaps_due_on=day(EARLIER)), after(FILED)),
    case("text_needed", "/data/gaps/0", replace(GAPS, gaps=(" ",)), after(FILED)),
    case("text_needed", "/data/to_add", replace(BACK, to_add=()), after(FILED)),
    case("text_needed", "/data/to_add/1", replace(BACK, to_add=("a map", "")), after(FILED)),
    case("text_needed", "/data/reason", replace(a_refusal(), reason=""), after(FILED)),
    case("unknown_permit", "/data/permit", an_agent(permit="fire")),
    case("text_needed", "/data/agent", an_agent(agent="")),
    case("bad_code", "/data/agent", an_agent(agent="张三")),
]  # fmt: skip

PROBLEMS = [
    case("already_known", "/data/problem", a_problem(), after(a_problem())),
    case("unknown_project", "/data/project", a_problem(project="p9")),
    case("text_needed", "/data/text", a_problem(text=" ")),
    case("unknown_problem", "/data/problem", an_escalation()),
    case("problem_solved", "/data/problem", an_escalation(), after(RAISED, SOLVED)),
    case("problem_solved", "/data/problem", SOLVED, after(RAISED, SOLVED)),
    case("too_early", "/data/on", a_solution(on=EARLIER), after(RAISED)),
    case("text_needed", "/data/needs", an_escalation(needs=""), after(RAISED)),
    case("text_needed", "/data/solution", a_solution(solution=" "), after(RAISED)),
    case("not_higher", "/data/needs", an_escalation(needs="county"), after(RAISED)),
    case("not_higher", "/data/needs", an_escalation(needs="system"), ruled(RAISED, duties=UPWARD)),
    case("not_higher", "/data/needs", an_escalation(needs="county"),
         after(RAISED, an_escalation(needs="city"))),
    case("not_higher", "/data/needs", an_escalation(needs="city"), after(a_problem(), an_escalation(needs="city"))),
    case("too_early", "/data/on", a_solution(on="2026-02-28"),
         after(a_problem(on="2026-02-27"), an_escalation(on=EARLIER))),
]  # fmt: skip

SUPERVISION = [
    case("objects_needed", "/data/projects", a_round(projects=())),
    case("too_early", "/data/until_on", a_round(until_on=EARLIER)),
    case("approval_needed", "/data/approver", a_round(), ruled(duties=FEW_INSPECTIONS)),
    case("round_reported", "/data/round", a_round(), after(a_round(), a_round_report(on="2026-03-02"))),
    case("round_reported", "/data/round", a_round_report(on="2026-03-02"),
         after(a_round(), a_round_report(on="2026-03-02"))),
    case("unknown_round", "/data/round", a_round_report(on="2026-03-02")),
    case("too_early", "/data/on", a_round_report(on=EARLIER), after(a_round())),
    case("too_early", "/data/correct_by", a_round_report(on="2026-03-02", correct_by=day(EARLIER)), after(a_round())),
    case("role_not_held", "/data/person", a_visit(person="leader-9")),
    case("role_not_held", "/data/person", a_visit(project="p2")),
    case("unknown_round", "/data/round", an_inspection(round="r9")),
    case("not_in_round", "/data/project", an_inspection("p2", round="r1"), after(a_round())),
    case("too_early", "/data/on", an_inspection(on=EARLIER, round="r1"), after(a_round())),
    case("already_known", "/data/findings/1/id", an_inspection(findings=(a_finding(), a_finding()))),
    case("already_known", "/data/findings/0/id", an_inspection("p2", findings=(a_finding(),)),
         after(an_inspection(findings=(a_finding(),)))),
    case("bad_code", "/data/findings/0/id", an_inspection(findings=(a_finding("一"),))),
    case("text_needed", "/data/findings/0/text", an_inspection(findings=(a_finding(text=""),))),
    case("text_needed", "/data/team", an_inspection(team="")),
    case("bad_digest", "/data/evidence/1", an_inspection(evidence=("sha256:" + "0" * 64, "photo.jpg"))),
    case("bad_digest", "/data/evidence/0", replace(a_return(period="2026-02"), evidence=("sha256:" + "0" * 63,)),
         by=LEAD),
    case("unknown_list", "/data/list", a_report_up(list="other")),
    case("unknown_list", "/data/list", a_report_up(period="2027-01")),
    case("bad_period", "/data/period", a_report_up(period="March")),
    case("bad_year", "/data/period", a_report_up(period="0001-01")),
    case("text_needed", "/data/to", a_report_up(to="")),
    case("already_known", "/data/incident", an_incident(), after(an_incident())),
    case("objects_needed", "/data/projects", an_incident(projects=())),
    case("bad_code", "/data/persons/0", an_incident(persons=("李四",))),
    case("not_the_liaison", "/data/person", a_failed_contact("reporter-a")),
    case("not_the_liaison", "/data/person", a_failed_contact(unit="bureau-b")),
    case("already_known", "/data/visit", TOUR, after(TOUR)),
    case("objects_needed", "/data/projects", a_tour(projects=())),
    case("unknown_project", "/data/projects/0", a_tour(projects=("p9",))),
    case("unknown_visit", "/data/visit", MARK),
    case("not_visited", "/data/project", a_mark(project="p2"), after(TOUR)),
    case("negative_amount", "/data/score", a_mark(score="-1"), after(TOUR)),
    case("unknown_group", "/data/scorer_group", a_mark(scorer_group="others"),
         ruled(TOUR, measures=WEIGHED.measures)),
    case("text_needed", "/data/criterion", a_mark(criterion=""), after(TOUR)),
    case("text_needed", "/data/scorer_group", a_mark(scorer_group=""), after(TOUR)),
    case("not_your_unit", "/data/scorer_unit", a_mark(scorer_unit="bureau-b"), after(TOUR)),
    case("marked_already", "/data/criterion", replace(MARK, score=Decimal(95)), after(TOUR, MARK)),
    case("recused", "/data/project", a_mark(project="p2"), after(a_tour(projects=("p2",))), by="head-b",
         unit="bureau-b"),
    case("recused", "/data/project", a_mark(scorer_unit="bureau-a"), after(TOUR), by=OFFICE, unit=None),
]  # fmt: skip

MEETINGS = [
    case("already_known", "/data/meeting", CALLED, after(CALLED)),
    case("text_needed", "/data/forum", a_call(forum="")),
    case("unknown_meeting", "/data/meeting", an_item(problem="", text="x")),
    case("unknown_problem", "/data/problem", an_item(), after(CALLED)),
    case("unknown_matter", "/data/matter", an_item(problem="", matter="m9"), after(CALLED)),
    case("item_empty", "/data/text", an_item(problem=""), after(CALLED)),
    case("text_needed", "/data/item", an_item(item="", text="x"), after(RAISED, CALLED)),
    case("already_known", "/data/item", an_item(), after(RAISED, CALLED, an_item())),
    case("meeting_held", "/data/meeting", an_item(), after(RAISED, CALLED, a_meeting())),
    case("open_problems_only", "/data/problem", an_item(problem="", text="x"), ruled(CALLED, duties=OPEN_PROBLEMS)),
    case("open_problems_only", "/data/problem", an_item(), ruled(RAISED, SOLVED, CALLED, duties=OPEN_PROBLEMS)),
    case("not_on_agenda", "/data/item", a_deferral(), after(CALLED)),
    case("deferred_already", "/data/item", a_deferral(), after(RAISED, CALLED, an_item(), a_deferral())),
    case("text_needed", "/data/reason", a_deferral(reason=""), after(RAISED, CALLED, an_item())),
    case("unknown_meeting", "/data/to_meeting", a_deferral(to_meeting="g2"), after(RAISED, CALLED, an_item())),
    case("meeting_held", "/data/to_meeting", a_deferral(to_meeting="g2"),
         after(RAISED, CALLED, a_meeting("g2"), an_item())),
    case("already_known", "/data/item", a_deferral(to_meeting="g1"), after(RAISED, CALLED, an_item())),
    case("meeting_held", "/data/meeting", a_meeting(), after(a_meeting())),
    case("another_forum", "/data/forum", a_meeting(forum="joint"), after(CALLED)),
    case("text_needed", "/data/forum", a_meeting(forum="")),
    case("text_needed", "/data/forum", minutes(forum=" ")),
    case("unknown_problem", "/data/problems/0", a_meeting(problems=("q9",))),
    case("another_forum", "/data/forum", minutes(forum="joint"), after(a_meeting())),
    case("minutes_issued", "/data/meeting", minutes(), after(minutes())),
    case("already_known", "/data/number", minutes("g2", number="3"), after(minutes(number="3"))),
    case("too_early", "/data/on", minutes(on=EARLIER), after(a_meeting())),
    case("too_early", "/data/decisions/0/due_on", minutes(decisions=(a_decision(due_on=day(EARLIER)),))),
    case("unknown_unit", "/data/decisions/0/unit", minutes(decisions=(a_decision(unit="nowhere"),))),
    case("text_needed", "/data/decisions/0/unit", minutes(decisions=(a_decision(unit=""),))),
    case("text_needed", "/data/decisions/0/what", minutes(decisions=(a_decision(what=" "),))),
    case("already_known", "/data/decisions/1/id", minutes(decisions=(a_decision(), a_decision()))),
    case("already_known", "/data/decisions/0/id", minutes("g2", decisions=(a_decision(),)),
         after(minutes(decisions=(a_decision(),)))),
    case("bad_code", "/data/decisions/0/id", minutes(decisions=(a_decision("一"),))),
    case("reserved_code", "/data/decisions/0/id", minutes(decisions=(a_decision(PROPOSED_BY_RULE),))),
    case("unknown_meeting", "/data/meeting", an_absence()),
    case("not_asked", "/data/unit", an_absence(), after(a_call(to=("bureau-b",)))),
    case("absent_already", "/data/unit", an_absence(), after(CALLED, an_absence())),
    case("another_forum", "/data/forum", an_absence(forum="joint"), after(CALLED)),
]  # fmt: skip

RESULTS = [
    case("unknown_list", "/data/list", a_proposal(on="2026-03-02", list="other")),
    case("unknown_list", "/data/list", a_proposal(on="2026-03-02", year=9999)),
    case("unknown_list", "/data/list", replace(STEP, year=-1)),
    case("proposed_already", "/data/scheme", PROPOSED, after(PROPOSED)),
    case("not_proposed", "/data/scheme", STEP),
    case("not_proposed", "/data/scheme", STEP, after(PROPOSED, SENT_BACK)),
    case("too_early", "/data/on", replace(STEP, on=day(EARLIER)), after(PROPOSED)),
    case("text_needed", "/data/step", replace(STEP, step=""), after(PROPOSED)),
    case("out_of_turn", "/data/step", LAST_STEP, ruled(PROPOSED, **chained())),
    case("out_of_turn", "/data/step", STEP, ruled(PROPOSED, STEP, **chained())),
    case("final_already", "/data/step", LAST_STEP, ruled(PROPOSED, STEP, LAST_STEP, **chained())),
    case("proposed_already", "/data/scheme", PROPOSED, ruled(PROPOSED, STEP, LAST_STEP, **chained())),
    case("out_of_turn", "/data/step", replace(STEP, scheme="praised"),
         ruled(replace(PROPOSED, scheme="praised"), **chained())),
    case("unknown_subject", "/data/subject", an_external_result("nobody")),
    case("result_needed", "/data/result", an_external_result(result=" ")),
    case("unknown_subject", "/data/subject", a_loss("nobody")),
    case("too_early", "/data/until_on", a_loss(until_on=EARLIER)),
    case("text_needed", "/data/reason", a_loss(reason="")),
    case("unknown_subject", "/data/subject", an_award("nobody")),
    case("text_needed", "/data/award", an_award(award="")),
    case("not_eligible", "/data/subject", an_award(award="advanced_unit"), after(a_loss())),
    case("not_eligible", "/data/subject", an_award(), after(a_loss(award="all", until_on="2026-03-02"))),
    case("not_eligible", "/data/subject", an_award(), after(a_loss(award=""))),
]  # fmt: skip

CASES: list[Case] = [*PERMITS, *PROBLEMS, *SUPERVISION, *MEETINGS, *RESULTS]
