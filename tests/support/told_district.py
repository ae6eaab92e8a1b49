"""The demonstration's district told to an installation, act by act, as the demonstration tells it."""

from importlib.resources import files
from pathlib import Path
from typing import Any

from deploy.local import district
from deploy.local.client import Client
from deploy.local.installation import Installation
from deploy.local.regime_file import read_regime


async def tell_district(client: Client, running: Installation) -> None:
    """Hand in every act of its story, and wait until all services have taken it."""
    recorded: dict[str, dict[str, Any]] = {}
    acts = district.submissions(read_regime(Path(str(files("shared") / "regimes" / "district-003.yaml"))))
    for act in acts:
        named = act.naming(recorded[act.corrects]["event"]) if act.corrects else act
        recorded[act.key] = await client.submit(dict(named.submission), running.token(act.person or None))
    office = running.token(district.OFFICE_PERSON)
    await client.reach(district.JURISDICTION, recorded[acts[-1].key]["position"], office)
