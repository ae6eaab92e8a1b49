"""In which language does the command speak?"""

import os
from typing import Annotated, Literal

import typer

LangOption = Annotated[Literal["zh", "en"] | None, typer.Option("--lang", help="zh or en; else by the environment")]


def locale_of(lang: Literal["zh", "en"] | None) -> Literal["zh", "en"]:
    """The language asked for, or that of the environment; English where neither says."""
    if lang is not None:
        return lang
    named = os.environ.get("LC_ALL") or os.environ.get("LC_MESSAGES") or os.environ.get("LANG") or ""
    return "zh" if named.lower().startswith("zh") else "en"
