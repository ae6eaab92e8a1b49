"""The options that many commands share: which installation, with which token, as whom, and as of when."""

from pathlib import Path
from typing import Annotated

import typer

DEFAULT_DATA = Path("data")

DataOption = Annotated[Path, typer.Option("--data", help="the folder of the installation")]
UrlOption = Annotated[
    str | None, typer.Option("--url", help="an installation elsewhere; else the one that runs in --data")
]
TokenOption = Annotated[
    str | None, typer.Option("--token", envvar="DUBAN_TOKEN", help="a token; else one is made from --data/keys")
]
PersonOption = Annotated[
    str | None,
    typer.Option("--as", "--person", help="the person for whom a token is made from --data/keys; else the operator"),
]
KnownOption = Annotated[
    str | None, typer.Option("--known-at", help="what was known at a position of the record, or at an instant")
]
TrueOption = Annotated[str | None, typer.Option("--true-on", help="the figures of this day")]
