"""A rule with its ladder, put to a project that is behind: which notices follow, whom they reach, what they ask."""

from collections.abc import Sequence

from shared.core.events import NoticeDrafted, NoticeServed
from tests.catalogue.case import Outcome, outcome, regime
from tests.support.builders import Timed, a_project, a_return, a_year, approval, on
from tests.support.facts import a_post, a_responsibility

MARCH = "2026-03-09 12:00"
SLOW = "about: project, when: { deviation_pp: { below: -10 } }"


def step(name: str, serve: str = "lead_unit", more: str = "") -> str:
    return f"{{ step: {name}, serve: [{serve}], sign_off: [signer]{', ' * bool(more)}{more} }}"


def ladder(*steps: str, rule: str = SLOW) -> str:
    """One rule that is asked at every monthly close, and its ladder."""
    return f"""
supervision_rules: [ {{ id: one, held: {{ of: monthly }}, ladder: steps, {rule} }} ]
ladders: {{ steps: [ {", ".join(steps)} ] }}
"""


def after(
    *rules: str, events: Sequence[object] = (), at: str = MARCH, nature: str = "government", yi: str = "0"
) -> Outcome:
    """p1 is led by bureau-a, whose head is head-a; by its return of February so much of 12 is completed.

    Events are recorded in February, those with a time of their own after the return.
    """
    people = [
        a_post(),
        a_responsibility(),
        a_responsibility(role="responsible_person", person="clerk-1"),
        a_responsibility(role="supervision_team", person="inspector-1"),
    ]
    early = [on("2026-02-20 10:00", one) for one in events if not isinstance(one, Timed)]
    behind = on("2026-03-03 10:00", a_return(period="2026-02", yi=yi))
    head = a_year(a_project(investment_nature=nature, owner="firm-1"), regime=regime(*rules))
    return outcome(*head, *people, *early, behind, *(one for one in events if isinstance(one, Timed)), at=at)


def drafts(found: Outcome) -> list[NoticeDrafted]:
    return [one for one in found.notices if isinstance(one, NoticeDrafted)]


def reached(found: Outcome) -> list[tuple[str, str, str]]:
    """Of each notice the step, in what form, and to whose competence it belongs."""
    return [(one.step, one.form, one.competent) for one in drafts(found)]


def draft(*rules: str, events: Sequence[object] = ()) -> NoticeDrafted:
    """The one notice that is drafted by March."""
    (found,) = drafts(after(*rules, events=events))
    return found


def served(*rules: str, events: Sequence[object] = ()) -> NoticeServed:
    """That notice, signed on the morning of Tuesday 10 March."""
    signed = on("2026-03-10 10:00", approval(draft(*rules, events=events)), actor="signer-1")
    return after(*rules, events=[*events, signed], at="2026-03-10 12:00").noticed.the(NoticeServed)
