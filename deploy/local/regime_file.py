"""Is this YAML file a regime? If not: everything that is wrong with it, each fault with its line."""

from importlib.resources import files
from pathlib import Path
from typing import Any

from deploy.local.yaml_document import BadDocument, Document, parsed, spoken
from shared.core.errors import Fault
from shared.core.regime.check import faults as faults_of_regime
from shared.core.regime.check import remarks
from shared.core.regime.model import Regime
from shared.infra.texts import catalogue
from shared.infra.wire import adapter

__all__ = ["BadRegime", "bundled", "checked_regime", "parse_regime", "read_regime", "regime_path", "spoken"]

BadRegime = BadDocument


def read_regime(path: Path) -> Regime:
    """Read a regime file. BadRegime if it is none; OSError if it cannot be read."""
    try:
        return parse_regime(path.read_bytes())
    except BadRegime as bad:
        raise BadRegime(bad.faults, name=str(path)) from bad


def parse_regime(text: bytes | str) -> Regime:
    """Read a regime from YAML text. BadRegime, with every fault at once, if it is none."""
    return parsed(Document.parse(text), Regime, check=faults_of_regime)


def checked_regime(path: Path) -> tuple[Regime, list[Fault]]:
    """Read a regime file, with what is to be remarked of it, each in its place. Raises as `read_regime`."""
    document = Document.parse(path.read_bytes())
    regime = parsed(document, Regime, check=faults_of_regime)
    return regime, document.located(remarks(regime, catalogue=catalogue("zh")))


def bundled() -> dict[str, Path]:
    """The regimes that come along, by name."""
    folder = Path(str(files("shared") / "regimes"))
    return {path.stem: path for path in sorted(folder.glob("*.yaml"))}


def regime_path(name: str) -> Path:
    """The file that a name or a path means. FileNotFoundError if there is none."""
    known = bundled()
    if not Path(name).is_file() and name in known:
        return known[name]
    if Path(name).is_file():
        return Path(name)
    raise FileNotFoundError(f"{name} is neither a file nor a regime that comes along; `duban regime list` names those")


def regime_schema() -> dict[str, Any]:
    """The JSON Schema of a regime, for editors and checkers."""
    draft = "https://json-schema.org/draft/2020-12/schema"
    return {"$schema": draft, "$id": "urn:duban:schema:regime", **adapter(Regime).json_schema()}
