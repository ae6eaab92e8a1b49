"""The words that rules and events share: closed sets, each term with one meaning (the glossary has the Chinese)."""

from collections.abc import Mapping
from typing import Literal

Stage = Literal[
    "reserve", "information", "intention", "negotiation", "signed", "approved", "early_work", "launched",
    "started", "suspended", "resumed", "substantially_complete", "completed", "accepted", "commissioned",
    "in_use",
    "benefit_reached", "in_statistics", "terminated",
]  # fmt: skip
UnitKind = Literal[
    "department", "county", "town", "village", "park", "owner", "state_firm", "permit_office",
    "supervision_office", "assessment_office", "discipline_body",
]  # fmt: skip
Level = Literal["state", "province", "city", "county", "district", "town"]
SignStep = Literal["drafter", "checker", "signer"]
LightName = Literal["green", "yellow", "red"]
Classification = Literal["public", "internal", "work_secret"]
ObjectKind = Literal[
    "project", "key_task", "public_commitment", "livelihood_item", "supervised_matter", "leader_directive",
    "meeting_decision", "rectification_issue",
]  # fmt: skip
"""What stands on a list (A03). Whatever it is, it is followed by the same rules."""

InvestmentNature = Literal["government", "non_government"]

Role = Literal[
    "lead_unit", "supporting_unit", "owner", "legal_representative", "sponsor_leader", "line_leader",
    "general_leader", "unit_head", "responsible_leader", "responsible_person", "responsible_post", "liaison",
    "help_team", "service_team", "permit_agent", "legal_service_officer", "supervision_team",
    "supervision_team_head", "manager", "assessor", "auditor", "reporting_lead", "maintenance_unit",
    "area_leader", "expropriation_leader", "handling_unit", "handling_person", "named_unit", "named_person",
]  # fmt: skip
"""What a unit or a person is to an object. One code may hold several roles, one role several codes.

Named are those whom a row itself names: who caused the incident, was absent, could not be reached.
"""

PERSON_ROLES: frozenset[Role] = frozenset({
    "legal_representative", "sponsor_leader", "line_leader", "general_leader", "unit_head", "responsible_leader",
    "responsible_person", "responsible_post", "liaison", "help_team", "service_team", "permit_agent",
    "legal_service_officer", "supervision_team", "supervision_team_head", "manager", "assessor", "auditor",
    "area_leader", "expropriation_leader", "handling_person", "named_person",
})  # fmt: skip

Liability = Literal["leadership", "main", "specific", "first", "direct"]

Body = Literal[
    "supervision_office", "key_project_office", "assessment_office", "drc", "functional_department", "owner",
    "lead_unit", "unit_head", "responsible_leader", "sponsor_leader", "line_leader", "liaison", "reviewer",
    "leading_group", "government", "principal_leaders", "city_government", "higher_government",
    "party_committee", "standing_committee", "party_committee_and_government",
    "peoples_congress_standing_committee", "political_consultative_conference", "discipline_body",
    "supervision_bureau",
    "organisation_department", "personnel_department", "judiciary", "police", "industry_regulator",
    "permit_offices", "land_office", "environment_office", "media", "convener", "supervision_team",
    "help_team", "efficiency_office",
]  # fmt: skip
"""Who may act, or decide, in the place of a single person."""

StepName = Literal[
    "due_reminder", "supervision_reminder", "written_reminder", "supervision_letter", "supervision_order",
    "rectification_notice", "immediate_rectification", "explanation", "written_self_criticism",
    "pledge_statement", "talk", "admonition_talk", "warning", "criticism", "accountability",
    "leadership_accountability", "organisational_handling", "organisational_adjustment", "liaison_withdrawn",
    "points_deduction", "eligibility_lost", "direct_investigation", "joint_meeting", "media_exposure",
    "access_restriction", "market_exit", "closure_or_stop", "referral", "police_report", "reschedule",
    "escalation", "public_answer",
]  # fmt: skip
"""The measures that ladders are made of (督办措施), lightest first where the sources order them."""

Table = Literal[
    "return", "milestone", "permit", "problem", "matter", "duty_visit", "inspection", "finding", "round",
    "meeting", "absence", "incident", "contact_failure", "funds", "visit_score", "exit", "external_result",
    "award", "eligibility_loss", "report_sent", "meeting_decision", "override", "assignment", "duty",
    "requirement",
]  # fmt: skip
ColumnKind = Literal["text", "number", "flag", "date"]

COLUMNS: Mapping[Table, Mapping[str, ColumnKind]] = {
    "return": {
        "project": "text", "unit": "text", "cadence": "text", "period": "text", "state": "text", "fault": "text",
        "review": "text", "channel": "text", "is_nil": "flag", "is_signed": "flag", "is_complete": "flag",
        "days_late": "number", "flags": "text",
        "physical_progress_ratio": "number", "on": "date",
    },
    "milestone": {
        "project": "text", "milestone": "text", "unit": "text", "person": "text", "state": "text",
        "days_overdue": "number", "days_left": "number", "is_extended": "flag", "due_on": "date", "on": "date",
    },
    "permit": {
        "project": "text", "permit": "text", "office": "text", "level": "text", "state": "text", "holder": "text",
        "days_held": "number", "times_returned": "number", "offices": "number", "is_overdue": "flag",
        "has_gaps": "flag", "due_on": "date", "on": "date",
    },
    "problem": {
        "project": "text", "problem": "text", "obstacle": "text", "needs": "text", "state": "text", "owner": "text",
        "has_solution": "flag", "days_open": "number", "on": "date",
    },
    "matter": {
        "project": "text", "matter": "text", "unit": "text", "person": "text", "source": "text", "state": "text",
        "cause": "text", "is_reason_accepted": "flag", "is_answered": "flag", "answered": "text", "is_paused": "flag",
        "times_reminded": "number", "times_reopened": "number", "days_overdue": "number", "days_open": "number",
        "due_on": "date", "on": "date",
    },
    "duty_visit": {"project": "text", "unit": "text", "person": "text", "role": "text", "on": "date"},
    "inspection": {
        "project": "text", "unit": "text", "person": "text", "team": "text", "method": "text", "round": "text",
        "is_announced": "flag", "is_registered": "flag", "found_ratio": "number", "discrepancy_pp": "number",
        "on": "date",
    },
    "finding": {
        "project": "text", "unit": "text", "finding": "text", "kind": "text", "severity": "text", "round": "text",
        "on": "date",
    },
    "round": {
        "round": "text", "kind": "text", "unit": "text", "approver": "text", "topic": "text",
        "is_reported": "flag", "is_archived": "flag", "objects": "number", "joined_by": "text", "on": "date",
    },
    "meeting": {
        "meeting": "text", "forum": "text", "unit": "text", "category": "text", "decisions": "number",
        "is_minuted": "flag", "attended": "text", "on": "date",
    },
    "absence": {
        "meeting": "text", "forum": "text", "unit": "text", "person": "text", "is_excused": "flag", "on": "date",
    },
    "incident": {
        "project": "text", "unit": "text", "person": "text", "kind": "text", "severity": "text",
        "influence": "text", "on": "date",
    },
    "contact_failure": {"unit": "text", "person": "text", "on": "date"},
    "funds": {
        "project": "text", "programme": "text", "kind": "text", "year": "number", "amount_yuan": "number", "on": "date",
    },
    "visit_score": {
        "project": "text", "unit": "text", "round": "text", "criterion": "text", "scorer_group": "text",
        "score": "number", "is_own": "flag", "on": "date",
    },
    "exit": {
        "project": "text", "reason": "text", "state": "text", "step": "text", "times_urged": "number", "on": "date",
    },
    "external_result": {
        "project": "text", "unit": "text", "person": "text", "scheme": "text", "result": "text", "value": "number",
        "on": "date",
    },
    "award": {"unit": "text", "person": "text", "award": "text", "on": "date"},
    "eligibility_loss": {"unit": "text", "person": "text", "award": "text", "on": "date"},
    "report_sent": {"unit": "text", "to": "text", "period": "text", "on": "date"},
    "meeting_decision": {
        "project": "text", "unit": "text", "meeting": "text", "decision": "text", "forum": "text", "on": "date",
    },
    "override": {"unit": "text", "person": "text", "rule": "text", "on": "date"},
    "assignment": {
        "project": "text", "unit": "text", "person": "text", "role": "text", "liability": "text", "on": "date",
    },
    "duty": {
        "project": "text", "unit": "text", "person": "text", "duty": "text", "period": "text", "state": "text",
        "done": "number", "on": "date",
    },
    "requirement": {"project": "text", "unit": "text", "person": "text", "requirement": "text", "on": "date"},
}  # fmt: skip
"""The tables that rules may ask, with their columns. A row may name a project, a unit and a person, and has a day."""

SEVERAL: frozenset[tuple[Table, str]] = frozenset({
    ("return", "flags"), ("matter", "answered"), ("round", "joined_by"), ("meeting", "attended"),
})  # fmt: skip
"""The columns of text in which several words may stand, with a blank between them: each of them is there."""

SubjectKind = Literal[
    "project", "unit", "leader", "person", "team", "liaison", "category", "batch", "territory", "lane", "level", "list",
]  # fmt: skip
"""Who or what a line is about. All but project, lane and list are objects grouped by what stands in them."""

GROUPED_BY_ROLE: Mapping[SubjectKind, Role] = {
    "unit": "lead_unit", "leader": "sponsor_leader", "person": "responsible_person", "team": "supervision_team",
    "liaison": "liaison",
}  # fmt: skip

PERSONS: frozenset[SubjectKind] = frozenset({"leader", "person", "team", "liaison"})
"""Whose lines are for the principal leaders only."""

Status = Literal["not_started", "suspended", "terminated", "exited", "no_plan", "plan_zero"]
Treatment = Literal["judged", "not_judged", "excluded", "zero"]
"""What a status does to a project in a measure of amounts: taken as it is; unknown; out of the group; done is zero."""

DEFAULT_TREATMENT: Mapping[Status, Treatment] = {
    "not_started": "judged", "suspended": "not_judged", "terminated": "excluded", "exited": "excluded",
    "no_plan": "not_judged", "plan_zero": "judged",
}  # fmt: skip
