"""A small invented jurisdiction, brought from its opening to served notices and a sealed bulletin."""

import json
from collections import Counter
from collections.abc import Sequence
from typing import Any

from deploy.local.evaluate import replay
from deploy.local.event_file import read_lines
from shared.core.digest import digest_of_all
from shared.infra import wire
from shared.infra.bus import Message
from tests.support.builders import LIST, a_list, a_project, a_regime
from tests.support.client import OPERATOR, STREAMS, Client
from tests.support.waits import until

UNITS = tuple("abcdefgh")
OFFICE = "supervisor-1"
_WITHIN_S = 60
# What differs between two runs of one story: ids made by chance, and what follows from ids or from other stories.
_OF_THIS_RUN = {"notice", "matter", "bulletin", "digest", "draft_digest", "position"}


def submission(jurisdiction: str, key: str, kind_and_event: str, data: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"key": key, "jurisdiction": jurisdiction, "type": f"duban.{kind_and_event}.v1", "data": data, **more}


class World:
    """A simulated jurisdiction with one project (`<unit>-1`, `<unit>-2`…) or more a unit, and a reporter each.

    `to` names the intakes, which are taken in turn; each step may be repeated without a change.
    """

    def __init__(
        self, client: Client, jurisdiction: str, *, units: Sequence[str] = UNITS[:2], projects: int = 1,
        to: Sequence[str] = ("intake",), partition: int | None = None,
    ) -> None:  # fmt: skip
        self.client, self.jurisdiction, self.units, self.to = client, jurisdiction, units, to
        self.projects = [(f"{unit}-{number}", unit) for unit in units for number in range(1, projects + 1)]
        self._partition = {} if partition is None else {"partition": partition}
        self._turn = 0

    def one(self, key: str, kind_and_event: str, data: dict[str, Any], **more: Any) -> dict[str, Any]:
        return submission(self.jurisdiction, key, kind_and_event, data, **more)

    async def send(self, key: str, kind_and_event: str, data: dict[str, Any], who: str | None, **more: Any) -> int:
        """Hand in one submission at the intake whose turn it is; its position."""
        self._turn += 1
        to = self.to[self._turn % len(self.to)]
        return int((await self.client.submit(self.one(key, kind_and_event, data, **more), who, to=to))["position"])

    async def open(self) -> int:
        """Open it with all that stands at the head of a record, and let January pass."""
        opened = {
            "name": "Test City", "level": "city", "time_zone": "Asia/Shanghai", "mode": "simulated", "office": "office",
            "office_name": "Supervision Office", "first_person": OFFICE, **self._partition,
        }  # fmt: skip
        at = "2025-12-25T00:00:00Z"
        await self.send("open", "jurisdiction.jurisdiction_opened", opened, OPERATOR, time=at)
        return await self.client.submit_together(self._head(), OFFICE, to=self.to[0])

    def _head(self) -> list[dict[str, Any]]:
        units = [
            self.one(f"unit-{u}", "unit.unit_registered", {"code": u, "name": u, "kind": "town"}) for u in self.units
        ]
        posts = [("checker", "checker", "office"), ("signer", "signer", "office")]
        posts += [(f"reporter-{unit}", "reporter", unit) for unit in self.units]
        regime = {"list": LIST, "effective_on": "2026-01-01", "regime": wire.data_of(a_regime())}
        return [
            *units,
            *[
                self.one(f"post-{person}", "person.post_assigned", {"person": person, "post": post, "unit": unit})
                for person, post, unit in posts
            ],
            self.one("list", "list.list_published", wire.data_of(a_list())),
            self.one("regime", "regime.regime_adopted", regime),
            *[
                self.one(f"project-{code}", "project.project_listed", wire.data_of(a_project(code, lead=unit)))
                for code, unit in self.projects
            ],
            self.one("january", "time.time_reached", {"at": "2026-02-01T01:00:00Z"}),
        ]

    def report(self, project: str, unit: str, yuan: int = 0) -> dict[str, Any]:
        """January's return of a project."""
        data = {"project": project, "cadence": "monthly", "period": "2026-01", "investment_ytd_yuan": str(yuan)}
        return self.one(f"report-{project}", "project.progress_reported", data, unit=unit)

    async def report_all(self) -> int:
        """Every unit reports; the first projects stand still, so they will be hit by the rule."""
        last = 0
        for number, (project, unit) in enumerate(self.projects):
            self._turn += 1
            one = self.report(project, unit, number * 700_000_000)
            receipt = await self.client.submit(one, f"reporter-{unit}", to=self.to[self._turn % len(self.to)])
            last = int(receipt["position"])
        return last

    async def pass_time(self) -> int:
        """To the close of February (reminders), and on to the issue of the first quarter (drafts)."""
        for day in ("2026-03-10", "2026-04-30"):
            last = await self.send(f"time-{day}", "time.time_reached", {"at": f"{day}T01:00:00Z"}, OFFICE)
        return last

    async def drafts(self, position: int) -> Any:
        await self.client.reached(self.jurisdiction, position)
        return await self.client.get("notify", f"/v1/jurisdictions/{self.jurisdiction}/drafts", "signer")

    async def sign(self, position: int) -> int:
        """Check and sign every draft that is there at a position."""
        drafts = await self.drafts(position)
        for waiting in drafts["bulletins"]:
            draft = waiting["draft"]
            seen = {"bulletin": draft["bulletin"], "draft_digest": draft["digest"]}
            for step in draft["sign_off"]:
                key = f"bulletin-{step}"
                position = await self.send(key, "bulletin.bulletin_approved", {**seen, "step": step}, step)
        for waiting in drafts["notices"]:
            draft = waiting["draft"]
            seen = {"notice": draft["notice"], "draft_digest": draft["digest"], "step": "signer"}
            position = await self.send(f"notice-{draft['unit']}", "notice.notice_approved", seen, "signer")
        return position

    async def live(self) -> int:
        """The whole story; its last position."""
        await self.open()
        await self.report_all()
        return await self.sign(await self.pass_time())


async def relayed(client: Client, jurisdiction: str) -> None:
    """Wait until the streams hold all that services have stated: what is saved may still be on its way."""
    for name, stream in (("scoring", "STANDINGS"), ("notify", "NOTICES")):
        proof = await client.get(name, f"/v1/jurisdictions/{jurisdiction}/digest")

        async def is_there(stream: str = stream, count: int = proof["stated_count"]) -> bool:
            return len(await client.stream(stream, jurisdiction)) >= count

        await until(is_there, _WITHIN_S)


async def assert_whole(client: Client, jurisdiction: str, position: int) -> dict[str, list[Message]]:
    """All three streams hold exactly what follows from the record, and so do the ledgers; returns the streams.

    The record is replayed by the same pure code: each statement has an id that follows from its content.
    """
    await client.reached(jurisdiction, position)
    await relayed(client, jurisdiction)
    events = list(read_lines((await client.record_file(jurisdiction)).splitlines(keepends=True)))
    again = replay(events, position=position)
    for name, stream, folded in (("scoring", "STANDINGS", again.scoring), ("notify", "NOTICES", again.notify)):
        proof = await client.get(name, f"/v1/jurisdictions/{jurisdiction}/digest")
        assert (proof["ledger_digest"], proof["stated_digest"]) == (folded.ledger_digest, folded.stated_digest), name
        assert digest_of_all(one.id for one in await client.stream(stream, jurisdiction)) == folded.stated_digest, name
    streams = {stream: await client.stream(stream, jurisdiction) for stream in STREAMS}
    for stream, messages in streams.items():
        assert len({one.id for one in messages}) == len(messages), f"{stream} holds an event twice"
    return streams


def story(streams: dict[str, list[Message]]) -> Counter[str]:
    """What streams say, whichever ids it got."""
    return Counter(_told(stream, message) for stream, messages in streams.items() for message in messages)


def _told(stream: str, message: Message) -> str:
    event = json.loads(message.body)
    attributes = [event.get(name) for name in ("type", "time", "recordedat", "unit", "actor", "submission")]
    subject = message.subject.split(".")[3:] if stream != "RECORD" else []
    return json.dumps([stream, attributes, subject, _without_ids(event["data"])], sort_keys=True)


def _without_ids(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _without_ids(one) for name, one in value.items() if name not in _OF_THIS_RUN}
    return [_without_ids(one) for one in value] if isinstance(value, list) else value
