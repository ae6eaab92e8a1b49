"""What a unit may read of matters and bulletins: what it was told, and when it has reached it."""

from services.notify import reads
from shared.core.events import BulletinDrafted, BulletinSealed, NoticeDrafted
from shared.core.regime.due import Days
from tests.support.builders import a_bulletin, a_regime, a_return, a_year, approval, approval_of, on, until
from tests.support.facts import a_post
from tests.support.spec import Noticed, given

SLOW = [*a_year(), a_post("head-a"), on("2026-02-03 10:00", a_return(yi="0"))]
APRIL = until("2026-04-08 00:00")


def steps_seen(found: Noticed, person: str = "head-a") -> list[str]:
    return [one.step for one in reads.matters(found.ledger, person)]


def test_a_unit_does_not_see_a_step_before_its_notice_is_signed() -> None:
    drafted = given(*SLOW, APRIL).noticed()
    signature = on("2026-04-08 10:00", approval(drafted.the(NoticeDrafted)), actor="wang")
    assert steps_seen(drafted) == ["due_reminder"], "the rectification notice is still a draft"
    assert steps_seen(given(*SLOW, APRIL, signature).noticed()) == ["rectification_notice"]


def test_a_unit_does_not_see_a_matter_of_which_it_was_told_nothing() -> None:
    found = given(*SLOW, until("2026-03-08 00:00")).noticed()
    assert steps_seen(found) == ["due_reminder"]
    assert steps_seen(found, "a-stranger") == []


def test_a_bulletin_is_read_by_its_audiences_each_in_its_turn() -> None:
    leaders_first = a_bulletin(audience=("leaders", "units"), then_after=Days(days=1), sign_off=("signer",))
    posts = [a_post("head-a"), a_post("signer-1", "signer"), a_post("leader-1", "sponsor_leader")]
    head = [*a_year(regime=a_regime(bulletins=(leaders_first,))), *posts, until("2026-04-20 00:00")]
    draft = given(*head).noticed().the(BulletinDrafted)
    signed = [*head, on("2026-04-21 10:00", approval_of(draft), actor="signer-1")]

    def readers(now: str) -> list[str]:
        found = given(*signed, until(now)).noticed()
        sealed = found.the(BulletinSealed)
        people = ("signer-1", "leader-1", "head-a")
        return [one for one in people if reads.may_read_bulletin(found.ledger, one, sealed)]

    assert readers("2026-04-21 10:00") == ["signer-1", "leader-1"]
    assert readers("2026-04-23 00:00") == ["signer-1", "leader-1", "head-a"]
    ledger = given(*head).noticed().ledger
    assert [one for one in ("signer-1", "leader-1") if reads.may_read_bulletin(ledger, one, draft)] == ["signer-1"]
