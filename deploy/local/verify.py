"""Does what is live follow from the record? Each jurisdiction is replayed by the same code and compared by digest."""

from typing import Any

from deploy.local.client import Client, Refusal
from deploy.local.evaluate import Replay, replay
from deploy.local.event_file import read_lines


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


def _differences(name: str, proof: dict[str, Any], replayed: Replay) -> list[str]:
    fold = replayed.scoring if name == "scoring" else replayed.notify
    pairs = {
        "ledger": (proof["ledger_digest"], fold.ledger_digest),
        "statements": (proof["stated_digest"], fold.stated_digest),
    }
    return [what for what, (live, again) in pairs.items() if live != again]
