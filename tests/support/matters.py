"""A jurisdiction whose rules say who opens matters and who may object; a unit's head; and drafts about a proposal."""

from dataclasses import replace
from datetime import datetime
from typing import Any, TypeVar

from shared.core.events import Item, MatterProposed, NoticeDrafted, NoticeServed, PostAssigned
from shared.core.matters import proposed_id
from shared.core.regime.due import Days
from shared.core.regime.language import ChainStep
from shared.core.regime.model import Step
from shared.core.regime.pursuit import AppealRight, MatterRules
from tests.contract.golden import EXAMPLES
from tests.support.builders import JURISDICTION, LIST, a_ladder, a_regime, an_adoption, local
from tests.support.facts import a_matter, an_assignment
from tests.support.intake import Intake, opened

HEAD, BOSS, INSPECTOR = "head-a", "boss", "inspector-1"
PROPOSED = proposed_id(JURISDICTION, "x", "slow", "project", "p1")
RIGHT = AppealRight(file_within=Days(days=10), decide_within=Days(days=10))
TALK = Step(step="talk", serve=("lead_unit",), sign_off=("signer",), record="signed")

N = TypeVar("N")


def with_people(intake: Intake | None = None) -> Intake:
    """The usual people, the head of bureau-a, and in the government one who approves; an inspector of the office."""
    made = intake or opened()
    posts = ((HEAD, "unit_head", "bureau-a"), (BOSS, "approver", "government"), (INSPECTOR, "inspector", "office"))
    for person, post, unit in posts:
        made.accept(PostAssigned(person=person, post=post, unit=unit))  # type: ignore[arg-type]
    return made


def ruled() -> Intake:
    """Matters are opened by leaders, or with the government's consent; objections within ten days."""
    intake = with_people()
    chain = (
        ChainStep(by="supervision_office", act="propose"), ChainStep(by="drc", when=a_condition()),
        ChainStep(by="government"),
    )  # fmt: skip
    rules = MatterRules(open_chain="opening", opened_directly_by=("principal_leaders",))
    regime = a_regime(
        version=2, matters=rules, chains={"opening": chain}, appeal_right=RIGHT,
        ladders={"project": (*a_ladder(), TALK)},
    )  # fmt: skip
    intake.accept(an_adoption(regime, "2026-03-02"))
    return intake


def a_condition() -> Any:
    return {"investment_ratio": 1}


def opened_matter(intake: Intake | None = None, **changes: Any) -> Intake:
    """The matter m1 about p1, which bureau-a handles."""
    made = intake or with_people()
    made.accept(a_matter(**{"approver": "principal_leaders", "unit": "bureau-a", **changes}))
    return made


def assigned(intake: Intake | None = None) -> Intake:
    made = opened_matter(intake, unit="")
    made.accept(an_assignment())
    return made


def proposal(matter: str = PROPOSED) -> MatterProposed:
    return replace(_example(MatterProposed), matter=matter, list=LIST, subject_kind="project", subject="p1",
                   unit="bureau-a")  # fmt: skip


def a_notice(notice: str = "n-1", digest: str = "d1", **changes: Any) -> NoticeDrafted:
    """To bureau-a about what was proposed; it waits for checker and signer."""
    item = Item(matter=PROPOSED, rule="slow", subject="p1", name="P1", displayed={})
    drafted = replace(
        _example(NoticeDrafted), notice=notice, digest=digest, list=LIST, unit="bureau-a", items=(item,), form="acts",
        sign_off=("checker", "signer"),
    )  # fmt: skip
    return replace(drafted, **changes)


def service(of: NoticeDrafted, at: str = "2026-03-02 08:00", rectify_by: datetime | None = None) -> NoticeServed:
    return replace(
        _example(NoticeServed), notice=of.notice, list=of.list, unit=of.unit, items=of.items, form=of.form,
        step=of.step, served_at=local(at), rectify_by=rectify_by,
    )  # fmt: skip


def told(*more: Any, intake: Intake | None = None) -> Intake:
    """A rule has proposed a matter, and a notice about it is drafted (n-1); then what else notify states."""
    made = intake or ruled()
    made.hear(proposal(), a_notice(), *more)
    return made


def talked_to(**changes: Any) -> Intake:
    """bureau-a is called to a talk by n-talk."""
    talk = a_notice("n-talk", step="talk", **changes)
    return told(talk, service(talk))


def _example(of: type[N]) -> N:
    return next(one for one in EXAMPLES if isinstance(one, of))
