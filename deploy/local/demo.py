"""The demonstration: one district's first quarter, played on real services over HTTP, with invented figures."""

import asyncio
import tempfile
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from importlib.resources import files
from itertools import groupby
from pathlib import Path
from typing import Any

from nats.js.api import ConsumerConfig
from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn
from rich.table import Table

from deploy.local import district
from deploy.local.client import Client
from deploy.local.district import Act
from deploy.local.installation import Installation, installed
from deploy.local.regime_file import read_regime
from deploy.local.up import until_stopped
from deploy.local.verify import verify_all
from shared.core.events import NoticeServed, ReminderSent
from shared.core.time_names import period_name
from shared.infra import wire
from shared.infra.logs import configure_logs
from shared.infra.runtime import stopped
from shared.infra.streams import NOTICES
from shared.infra.texts import Locale, Texts

OUTPUT = Path("demo-files")
PERIOD = f"{district.YEAR}-Q1"
_DOWNSTREAM = ["notices.*.*.reminder.>", "notices.*.*.notice.>", "notices.*.*.bulletin.>"]


async def play(*, stay: bool, port: int, locale: Locale) -> None:
    """Tell the whole story; then stay up until Ctrl-C, or end."""
    configure_logs("demo", "ERROR")
    with tempfile.TemporaryDirectory(prefix="duban-demo-") as folder:
        async with installed(Path(folder), port=port) as (installation, server):
            client = Client.of(installation.url)
            story = asyncio.create_task(_Story(installation, client, Texts.load(locale)).tell())
            stopped = asyncio.create_task(until_stopped(server))
            try:
                await asyncio.wait({story, stopped}, return_when=asyncio.FIRST_COMPLETED)
                if story.done():
                    await story
                    if stay:
                        await stopped
            finally:
                story.cancel()
                stopped.cancel()
                with suppress(asyncio.CancelledError):
                    await story
                await client.close()


class _Story:
    def __init__(self, installation: Installation, client: Client, say: Texts) -> None:
        self.installation, self.client, self.say = installation, client, say
        self.console = Console(highlight=False)
        self.tokens: dict[str, str] = {}
        self.events: dict[str, str] = {}
        self.received: list[str] = []

    async def tell(self) -> None:
        say, tell = self.say, self.console.print
        tell(say("Duban demonstration: a simulated district after a published report; every single value is invented."))
        async with self._downstream():
            await self._hand_in(district.submissions(read_regime(_regime_file())))
            await self._show_standings()
            await self._show_matters()
            await self._sign()
            await self._show_served()
        await self._verify()
        live = f"{self.installation.url}/scoring/live/{district.JURISDICTION}/{district.LIST}"
        tell(say("Live page with ratios and lights: {url}", url=live))

    # --- what departments do ---

    async def _hand_in(self, acts: Sequence[Act]) -> None:
        columns = (SpinnerColumn(), TextColumn("{task.completed}/{task.total}"), TextColumn("{task.description}"))
        with Progress(*columns, console=self.console) as progress:
            task = progress.add_task("", total=len(acts))
            for (is_clock_move, _), together in groupby(acts, key=_turn):
                handed_in = list(together)
                position = await self._by_unit(handed_in)
                if is_clock_move:
                    # A person would look at what the new date brought about before acting on.
                    await self.client.reach(district.JURISDICTION, position, self._token(district.OFFICE_PERSON))
                date = handed_in[-1].clock.date()
                progress.update(task, advance=len(handed_in), description=self.say("recorded by {date}", date=date))

    async def _by_unit(self, acts: Sequence[Act]) -> int:
        """Departments submit at the same time; each keeps its own order. The last position that was given."""
        by_unit: dict[str, list[Act]] = {}
        for act in acts:
            by_unit.setdefault(act.submission["unit"], []).append(act)

        async def in_order(own: Sequence[Act]) -> int:
            return max([await self._submit(act) for act in own])

        return max(await asyncio.gather(*map(in_order, by_unit.values())))

    async def _submit(self, act: Act) -> int:
        named = act.naming(self.events[act.corrects]) if act.corrects else act
        receipt = await self.client.submit(dict(named.submission), self._token(act.person))
        self.events[act.key] = receipt["event"]
        return int(receipt["position"])

    def _token(self, person: str) -> str:
        if person not in self.tokens:
            self.tokens[person] = self.installation.token(person or None)
        return self.tokens[person]

    # --- what the supervision office sees ---

    async def _show_standings(self) -> None:
        path = f"/scoring/v1/jurisdictions/{district.JURISDICTION}/lists/{district.LIST}/standings"
        found = await self.client.get(path, self._token(district.OFFICE_PERSON), period=PERIOD)
        whole = next(line for line in found["lines"] if line["subject_kind"] == "list")
        say, shown = self.say, whole["displayed"]
        self.console.rule(say("Standings of {period}", period=period_name(PERIOD, say)))
        facts = {
            "investment_ratio": say("completion of the annual plan"),
            "tertiary_share": say("tertiary share of projects"),
            "start_rate": say("start rate"),
            "time_progress": say("time progress"),
        }
        for name, title in facts.items():
            self.console.print(f"  {title}: {shown[name]}")
        units = [line for line in found["lines"] if line["subject_kind"] == "unit"]
        self.console.print(say("Units by completion of investment, read as the supervision office:"))
        for lane in dict.fromkeys(line["lane"] for line in units):
            self.console.print(self._ranking(say(lane), [line for line in units if line["lane"] == lane]))
        self.console.print(say("- : base, weight and bonus points are not judged before the year's end"))

    def _ranking(self, lane: str, units: Sequence[dict[str, Any]]) -> Table:
        say = self.say
        table = Table(title=lane, title_justify="left")
        for title in ("place", "unit", "completion", "light", "base", "weight", "bonus"):
            table.add_column(say(title))
        for line in units:
            tied = sum(one["rank"] == line["rank"] for one in units) > 1
            points = [line["points"].get(part) or "-" for part in ("base", "weight", "bonus")]
            place = say("{place} (tied)", place=line["rank"]) if tied else str(line["rank"])
            table.add_row(
                place, line["name"], line["displayed"]["investment_ratio"], say(line["light"] or "-"), *points
            )
        return table

    async def _show_matters(self) -> None:
        found = await self._notify("matters")
        self.console.rule(self.say("Matters proposed: {count}", count=len(found["matters"])))
        for matter in found["matters"]:
            proposed = matter["proposed"]
            deviation = proposed["displayed"]["deviation_pp"]
            self.console.print(f"  {proposed['name']}: {deviation} ({self.say(matter['step'])})")

    # --- what the signer does ---

    async def _sign(self) -> None:
        drafts = await self._notify("drafts")
        self.console.rule(self.say("Drafts that wait for a signature"))
        for kind in ("notice", "bulletin"):
            for waiting in drafts[f"{kind}s"]:
                draft = waiting["draft"]
                title = draft["title"] if kind == "notice" else draft["facts"]["title"]
                self.console.print(self.say("  {title}: signed by {person}", title=title, person=district.SIGNER))
                await self._approve(kind, draft, waiting["turn"])

    async def _approve(self, kind: str, draft: dict[str, Any], turn: str) -> None:
        data = {kind: draft[kind], "draft_digest": draft["digest"], "step": turn}
        submission = {
            "key": f"sign-{draft[kind]}", "jurisdiction": district.JURISDICTION, "unit": district.OFFICE,
            "type": f"duban.{kind}.{kind}_approved.v1", "data": data,
        }  # fmt: skip
        receipt = await self.client.submit(submission, self._token(district.SIGNER))
        await self.client.reach(district.JURISDICTION, receipt["position"], self._token(district.SIGNER))

    async def _show_served(self) -> None:
        say = self.say
        self.console.rule(say("What went out, as a downstream subscriber received it"))
        notices = (await self._notify("notices"))["notices"]
        bulletins = (await self._notify("bulletins"))["bulletins"]
        async with asyncio.timeout(10):
            while len(self.received) < len(notices) + len(bulletins):
                await asyncio.sleep(0.02)
        for line in self.received:
            self.console.print(f"  {line}", soft_wrap=True)
        served = [one["notice"] for one in notices if one["kind"] == "NoticeServed"]
        for path in [*(f"notices/{one}" for one in served), *(f"bulletins/{one['bulletin']}" for one in bulletins)]:
            await self._save(path)
        self.console.print(say("Files: {folder}", folder=OUTPUT.resolve()), soft_wrap=True)

    async def _save(self, path: str) -> None:
        OUTPUT.mkdir(exist_ok=True)
        for form in ("docx", "html"):
            address = f"/notify/v1/jurisdictions/{district.JURISDICTION}/{path}.{form}"
            content = await self.client.get_bytes(address, self._token(district.OFFICE_PERSON))
            (OUTPUT / f"{path.rpartition('/')[2]}.{form}").write_bytes(content)

    async def _notify(self, what: str) -> Any:
        path = f"/notify/v1/jurisdictions/{district.JURISDICTION}/{what}"
        return await self.client.get(path, self._token(district.OFFICE_PERSON))

    async def _verify(self) -> None:
        self.console.rule(self.say("The live ledgers against a replay of the record"))
        if not await verify_all(self.installation.url, self._token("")):
            raise RuntimeError("the live ledgers differ from the record")

    # --- a system downstream ---

    @asynccontextmanager
    async def _downstream(self) -> AsyncIterator[None]:
        """A durable subscriber of its own, as another system would have one."""
        connection = await self.installation.connect()
        config = ConsumerConfig(filter_subjects=_DOWNSTREAM)
        stream = connection.jetstream()
        subscription = await stream.pull_subscribe("", stream=NOTICES, durable="demo-downstream", config=config)
        listening = asyncio.create_task(self._listen(subscription))
        try:
            yield
        finally:
            await stopped([listening])
            await connection.close()

    async def _listen(self, subscription: Any) -> None:
        while True:
            with suppress(TimeoutError):
                for message in await subscription.fetch(10, timeout=1):
                    self.received.append(self._told(wire.decode(message.data).data))
                    await message.ack()

    def _told(self, event: Any) -> str:
        say = self.say
        if isinstance(event, ReminderSent):
            return say("reminder, unsigned, to {unit}: {count} projects", unit=event.unit, count=len(event.items))
        if isinstance(event, NoticeServed):
            served = event.served_at.date()
            sentence = "{number} {title}, signed, to {unit}, served {date}"
            return say(sentence, number=event.number, title=event.title, unit=event.unit, date=served)
        return say(
            "{number} {title}, sealed: {digest}", number=event.number, title=event.facts.title, digest=event.digest[:16]
        )


def _turn(act: Act) -> tuple[bool, bool]:
    """What must not overlap: the operator's opening, the clock, and everybody's submissions between."""
    return act.is_clock_move, act.person == ""


def _regime_file() -> Path:
    return Path(str(files("shared") / "regimes" / "district-003.yaml"))
