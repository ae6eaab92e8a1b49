"""Does what is live follow from the record? Each jurisdiction is replayed by the same code and compared by digest."""

from collections.abc import Sequence
from typing import Any

from deploy.local.client import Client, Refusal
from deploy.local.evaluate import Replay, replay
from deploy.local.event_file import read_lines
from services.scoring.drift import rule_of
from shared.core.events import OverrideUsed, Recorded


async def verify_all(url: str, token: str) -> bool:
    """Print one line a jurisdiction and service; whether all agree."""
    client = Client.of(url)
    try:
        codes = await client.get("/intake/v1/jurisdictions", token)
        results = [await _verify(client, token, code) for code in codes]
    finally:
        await client.close()
    if not codes:
        print("no jurisdiction is open: nothing to verify")
    return all(results)


async def _verify(client: Client, token: str, code: str) -> bool:
    # The live digests first: the record that is read afterwards holds at least what they rest on.
    live = {name: await _proof(client, token, name, code) for name in ("scoring", "notify")}
    lines = (await client.get_bytes(f"/intake/v1/jurisdictions/{code}/record", token)).splitlines(keepends=True)
    agrees = True
    for name, proof in live.items():
        if proof is None:
            print(f"{code} {name}: nothing taken yet")
            continue
        replayed = replay(read_lines(lines), position=proof["position"])
        problems = _differences(name, proof, replayed)
        if (
            name == "scoring"
            and problems == ["statements"]
            and await _is_accepted(client, token, code, replayed, lines)
        ):
            problems = []
            print(f"{code} {name}: what was published differs from a replay, as the supervision office accepted")
        agrees &= not problems
        said = f"{proof['stated_count']} statements, ledger {proof['ledger_digest'][:16]}"
        found = f"DIFFERS in {', '.join(problems)}" if problems else "agrees"
        print(f"{code} {name}: {found} at position {proof['position']} ({said})")
    return agrees


async def _proof(client: Client, token: str, name: str, code: str) -> dict[str, Any] | None:
    try:
        proof: dict[str, Any] = await client.get(f"/{name}/v1/jurisdictions/{code}/digest", token)
    except Refusal as refusal:
        if refusal.problem.get("code") == "not_open":
            return None
        raise
    return proof if proof["position"] else None


async def _is_accepted(client: Client, token: str, code: str, replayed: Replay, lines: Sequence[bytes]) -> bool:
    """Whether the record holds an override of exactly these differences of statements."""
    published = set((await client.get(f"/scoring/v1/jurisdictions/{code}/statement-ids", token))["ids"])
    again = set(replayed.scoring.stated)
    rule = rule_of(code, published - again, again - published)
    events = (one for one in read_lines(lines) if isinstance(one, Recorded))
    return any(isinstance(one.data, OverrideUsed) and one.data.rule == rule for one in events)


def _differences(name: str, proof: dict[str, Any], replayed: Replay) -> list[str]:
    fold = replayed.scoring if name == "scoring" else replayed.notify
    pairs = {
        "ledger": (proof["ledger_digest"], fold.ledger_digest),
        "statements": (proof["stated_digest"], fold.stated_digest),
    }
    return [what for what, (live, again) in pairs.items() if live != again]
