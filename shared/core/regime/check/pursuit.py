"""May every light be shown and every step be taken, by whom, and on which basis?"""

from collections.abc import Iterator, Sequence
from typing import get_args

from shared.core.errors import Fault
from shared.core.regime.check.columns import texts
from shared.core.regime.check.pieces import asked, conditions_in, leaves, under
from shared.core.regime.check.pieces import fault as _fault
from shared.core.regime.language import Has
from shared.core.regime.model import Regime
from shared.core.regime.pursuit import Step, SupervisionRule
from shared.core.regime.scoring import LightMemory
from shared.core.regime.terms import LightName, SignStep, StepName

NEEDS_COMPETENT_BODY: frozenset[StepName] = frozenset({
    "admonition_talk", "warning", "accountability", "leadership_accountability", "organisational_handling",
    "organisational_adjustment", "eligibility_lost", "access_restriction", "market_exit", "closure_or_stop", "referral",
    "police_report",
})  # fmt: skip
"""What a supervision office cannot do: it proposes it, or refers it, to the body that can (问责 is theirs alone)."""

_LIGHTS = get_args(LightName)
"""The lightest first."""

NEEDS_LEGAL_BASIS: frozenset[StepName] = frozenset({"media_exposure", "access_restriction", "market_exit"})
NON_GOVERNMENT = "non_government"


def pursuit_faults(regime: Regime) -> Iterator[Fault]:
    yield from _lights(regime)
    yield from _lit(regime)
    for place, rule in enumerate(regime.supervision_rules):
        if rule.about == "list":
            message = "A list has no lead unit to be served."
            yield _fault("nobody_to_serve", f"/supervision_rules/{place}/about", message)
    outside = _ladders_for_non_government(regime)
    for name, steps in (regime.ladders or {}).items():
        if not steps:
            yield _fault("empty_ladder", under("/ladders", name), "The ladder has no step.")
        for place, step in enumerate(steps):
            pointer = under("/ladders", name, place)
            yield from _step(step, pointer)
            yield from _basis(step, pointer, is_non_government=name in outside)
    for name, chain in (regime.chains or {}).items():
        if not chain:
            yield _fault("empty_chain", under("/chains", name), "The chain has no step.")


def _lights(regime: Regime) -> Iterator[Fault]:
    shown = [when for light in regime.lights for when in light.values()]
    for place, light in enumerate(regime.lights):
        before = [when for one in regime.lights[:place] for when in one.values()]
        if "otherwise" in before:
            yield _fault("unreachable_light", f"/lights/{place}", "No light after `otherwise` can be shown.")
        elif len(light) != 1:
            message = "Write one light in each item: they are asked one after another."
            yield _fault("lights_unordered", f"/lights/{place}", message)
    if shown and "otherwise" not in shown:
        message = "Where none of these conditions holds there is no light: let the last be `otherwise`."
        yield _fault("undefined_light", f"/lights/{len(regime.lights) - 1}", message)
    if regime.light_memory is not None:
        yield from _memory(regime, regime.light_memory)


def _memory(regime: Regime, memory: LightMemory) -> Iterator[Fault]:
    known = {name for light in regime.lights for name in light}
    repeated = memory.repeated
    named = {
        "/light_memory/repeated/light": repeated.light if repeated else None,
        "/light_memory/repeated/becomes": repeated.becomes if repeated else None,
        **{under("/light_memory/made_up", light): light for light in memory.made_up or {}},
    }
    for pointer, light in named.items():
        if light is not None and light not in known:
            yield _no_light(light, pointer)
    for light, becomes in (memory.made_up or {}).items():
        if _LIGHTS.index(becomes) >= _LIGHTS.index(light):
            message = "What was made good is shown by a lighter light than {name}."
            yield _fault("not_softened", under("/light_memory/made_up", light), message, name=light)


def _lit(regime: Regime) -> Iterator[Fault]:
    """Conditions that ask for a light that is never shown."""
    memory = regime.light_memory
    known = {name for light in regime.lights for name in light}
    known |= {memory.repeated.becomes} if memory and memory.repeated else set()
    for one in asked(regime):
        for pointer, leaf in leaves(one.condition, one.pointer):
            for light in texts(leaf.light) if isinstance(leaf, Has) else ():
                if light not in known:
                    yield _no_light(light, f"{pointer}/light")


def _no_light(name: str, pointer: str) -> Fault:
    return _fault("unknown_light", pointer, "No light {name} is ever shown.", name=name)


def _step(step: Step, pointer: str) -> Iterator[Fault]:
    if step.unsigned and step.step != "due_reminder":
        yield _fault("unsigned_consequence", f"{pointer}/unsigned", "Only a due-date reminder may go out unsigned.")
    if not step.unsigned:
        yield from signer_last(step.sign_off, f"{pointer}/sign_off")
    if step.step in NEEDS_COMPETENT_BODY and step.competent == "supervision_office":
        message = (
            "A supervision office cannot take the step {step}; name in `competent` the body to which it is proposed."
        )
        yield _fault("not_competent", f"{pointer}/competent", message, step=step.step)
    if not step.serve:
        yield _fault("nobody_to_serve", f"{pointer}/serve", "A step is served on somebody.")


def _basis(step: Step, pointer: str, *, is_non_government: bool) -> Iterator[Fault]:
    if step.legal_basis.strip():
        return
    if step.step in NEEDS_LEGAL_BASIS:
        message = "The step {step} needs a legal basis."
        yield _fault("no_legal_basis", f"{pointer}/legal_basis", message, step=step.step)
    elif is_non_government and step.step not in {"written_reminder", "due_reminder"}:
        message = "Beyond a written reminder, a measure against those outside government needs a legal basis."
        yield _fault("no_legal_basis", f"{pointer}/legal_basis", message)


def _ladders_for_non_government(regime: Regime) -> set[str]:
    """Those so named, and those of rules that are about non-government objects."""
    about = {rule.ladder for rule in regime.supervision_rules if _is_non_government(rule)}
    return about | {NON_GOVERNMENT}


def _is_non_government(rule: SupervisionRule) -> bool:
    tests = [leaf for one in conditions_in(rule) for _, leaf in leaves(one)]
    silencing = [leaf for _, leaf in leaves(rule.unless)] if rule.unless is not None else []
    return any(
        isinstance(leaf, Has) and leaf.investment_nature == NON_GOVERNMENT and leaf not in silencing for leaf in tests
    )


def signer_last(sign_off: Sequence[SignStep], pointer: str) -> Iterator[Fault]:
    if "signer" not in sign_off:
        yield _fault("nobody_signs", pointer, "A step that is signed names a signer.")
    elif sign_off[-1] != "signer" or len(set(sign_off)) < len(sign_off):
        yield _fault("signer_not_last", pointer, "Each signs once, and the signer last.")
