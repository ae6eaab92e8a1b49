"""An installation that stays up."""

import asyncio
from pathlib import Path

import uvicorn

from deploy.local.installation import Installation, installed
from shared.infra.logs import configure_logs
from shared.infra.runtime import keep_what_lasts


async def stay_up(folder: Path, *, host: str, port: int, durable: bool) -> None:
    """Run until Ctrl-C or SIGTERM."""
    configure_logs("local", "INFO")
    keep_what_lasts()
    async with installed(folder, host=host, port=port, durable=durable) as (installation, server):
        _tell(installation)
        await until_stopped(server)


async def until_stopped(server: uvicorn.Server) -> None:
    while not server.should_exit:
        await asyncio.sleep(0.1)


def _tell(installation: Installation) -> None:
    print(
        f"Duban is up at {installation.url} (services under /intake, /scoring, /notify); data in {installation.folder}."
    )
    if installation.durability == "durable":
        print("What is acknowledged is on the disk: each receipt says `durable`.")
    else:
        print("What is acknowledged survives a crash, but not a power cut; --durable changes that.")
    print(f"Open a jurisdiction with the operator's token: duban token issue --operator --data {installation.folder}")
    print("Stop with Ctrl-C.", flush=True)
