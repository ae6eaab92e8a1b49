"""The `duban regime` commands: what a regime file says, whether it is sound, what it asks of the units."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from deploy.local.language import LangOption, locale_of

if TYPE_CHECKING:
    from shared.core.errors import Fault
    from shared.core.regime.model import Regime
    from shared.infra.texts import Texts

regime_app = typer.Typer(help="The rules of a place as a file.", no_args_is_help=True)
calendar_app = typer.Typer(help="Holidays and the working days moved for them.", no_args_is_help=True)

FileArgument = Annotated[str, typer.Argument(metavar="FILE", help="a regime file, or the name of one that comes along")]


@regime_app.command("check")
def regime_check(file: FileArgument, lang: LangOption = None) -> None:
    """Name every fault with its line; then what is no fault, but should be known. Ends with 1 for faults only."""
    from deploy.local.regime_file import regime_path, spoken

    say, path = _texts(lang), regime_path(file)
    regime, remarks = _checked(path, say)
    for remark in remarks:
        print(f"{path}:{spoken(remark, say)}")
    told = "{name} is sound; 1 remark." if len(remarks) == 1 else "{name} is sound; {count} remarks."
    print(say(told, name=regime.regime, count=len(remarks)))


@regime_app.command("explain")
def regime_explain(file: FileArgument, lang: LangOption = None) -> None:
    """Say the whole regime in sentences: every rule, where it stands, and which values were chosen here."""
    from shared.core.regime.explain import explain

    say = _texts(lang)
    for part in explain(_sound(file, say), say):
        print(f"\n{part.heading}")
        for line in part.lines:
            print(f"  {line.text}")


@regime_app.command("diff")
def regime_diff(old: FileArgument, new: FileArgument, lang: LangOption = None) -> None:
    """Say what was added, dropped and changed from one regime to another, by place and in words."""
    from shared.core.regime.diff import diff

    say = _texts(lang)
    changes = diff(_sound(old, say), _sound(new, say), say)
    for change in changes:
        print(change.pointer)
        if change.old is not None:
            print(f"  - {change.old}")
        if change.new is not None:
            print(f"  + {change.new}")
    if not changes:
        print(say("The two regimes say the same."))


@regime_app.command("burden")
def regime_burden(
    file: FileArgument,
    units: Annotated[int, typer.Option(min=1, help="how many units take turns where some are selected")] = 1,
    lang: LangOption = None,
) -> None:
    """Count what the regime asks of a unit in a month: returns, fields, visits, meetings, documents."""
    from deploy.local.burden_text import print_burden

    say = _texts(lang)
    print_burden(_sound(file, say), say, units=units)


def _sound(file: str, say: "Texts") -> "Regime":
    from deploy.local.regime_file import regime_path

    return _checked(regime_path(file), say)[0]


def _checked(path: Path, say: "Texts") -> tuple["Regime", list["Fault"]]:
    """The regime of a file with its remarks; where it is none, its faults are printed and the command ends with 1."""
    from deploy.local.regime_file import BadRegime, checked_regime, spoken

    try:
        return checked_regime(path)
    except BadRegime as bad:
        for fault in bad.faults:
            print(f"{path}:{spoken(fault, say)}")
        is_one = len(bad.faults) == 1
        told = "1 fault: {name} is no regime yet." if is_one else "{count} faults: {name} is no regime yet."
        print(say(told, count=len(bad.faults), name=path.name))
        raise typer.Exit(1) from bad


def _texts(lang: "LangOption") -> "Texts":
    from shared.infra.texts import Texts

    return Texts.load(locale_of(lang))


@regime_app.command("schema")
def regime_schema() -> None:
    """Print the JSON Schema of a regime, for editors and checkers."""
    from deploy.local.regime_file import regime_schema as schema

    print(json.dumps(schema(), ensure_ascii=False, indent=2))


@regime_app.command("list")
def regime_list(lang: LangOption = None) -> None:
    """List the regimes that come along, with their titles and what they are made after."""
    from deploy.local.regime_file import bundled, read_regime

    for name, path in bundled().items():
        regime = read_regime(path)
        print(f"{name}\t{getattr(regime.title, locale_of(lang))}\t{regime.issuer.body}")


@calendar_app.command("show")
def calendar_show(
    year: int,
    region: Annotated[str, typer.Option(help="the region; CN, or what lies in it, as CN-41")] = "CN",
    overrides: Annotated[Path | None, typer.Option(help="a file of local days, which has the last word")] = None,
    lang: LangOption = None,
) -> None:
    """Say which days of a year are worked otherwise than Monday to Friday, and on whose word."""
    from shared.infra.holidays import spoken, statutory

    print("\n".join(spoken(statutory(region, year, overrides=overrides), _texts(lang))))
