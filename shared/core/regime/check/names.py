"""Does every name lead somewhere, does it stand once, and is nothing defined by itself?"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields

from shared.core.errors import Fault
from shared.core.regime.check.columns import nearest
from shared.core.regime.check.conditions import unknown_measure
from shared.core.regime.check.pieces import CODE, asked, conditions_in, leaves, light_conditions, pieces, under
from shared.core.regime.check.pieces import fault as _fault
from shared.core.regime.language import Cells, Condition, Has, Sourced
from shared.core.regime.management import Assessment, ListChanges, Reporting, Reward
from shared.core.regime.measures import Count, Deviation, Growth, Part, Place, Portion, Scored, Shortfall, Taken
from shared.core.regime.model import Regime
from shared.core.regime.publishing import Bulletin
from shared.core.regime.pursuit import MatterRules, SupervisionRule
from shared.core.regime.scoring import ByCount, InProportion, Ranking, Rate, Scoring, Steps, Times
from shared.core.regime.terms import Table

TOTAL = "total"
"""The sum of the components, and so none of them."""


@dataclass(frozen=True, slots=True)
class Reference:
    """A field of a piece that names something: a measure, a ladder, a chain, a component."""

    piece: type
    field: str
    to: str


REFERENCES = (
    *(Reference(cls, name, "measure") for cls, name in (
        (Deviation, "deviation_pp"), (Deviation, "against"), (Shortfall, "shortfall"), (Shortfall, "against"),
        (Growth, "growth_of"), (Part, "of"), (Steps, "of"), (Rate, "of"), (InProportion, "of"))),
    Reference(Ranking, "by", "measure or total"), Reference(Bulletin, "rank_by", "measure or none"),
    Reference(SupervisionRule, "ladder", "ladder"),
    *(Reference(cls, name, "chain") for cls, name in (
        (Reporting, "review_chain"), (MatterRules, "open_chain"), (ListChanges, "exit_chain"),
        (ListChanges, "change_chain"), (ListChanges, "assignment_chain"), (Reward, "approval"),
        (Assessment, "approval"), (Regime, "plan_approval"))),
    Reference(Times, "components", "component"),
    Reference(Scored, "points", "component or total"),
)  # fmt: skip
_MAY_BE_EMPTY = {"chain", "measure or none"}


def references(value: object, pointer: str = "") -> Iterator[tuple[str, str, str]]:
    """Every name in a value, as its pointer, what kind of thing it names, and the name."""
    for at, piece in pieces(value, pointer):
        for one in REFERENCES:
            if isinstance(piece, one.piece):
                named = getattr(piece, one.field)
                for name in (named,) if isinstance(named, str) else named:
                    yield f"{at}/{one.field}", one.to, name


def name_faults(regime: Regime) -> Iterator[Fault]:
    components = [one.id for one in regime.scoring.components] if regime.scoring else []
    known: Mapping[str, Iterable[str]] = {
        "ladder": regime.ladders or {}, "chain": regime.chains or {}, "component": components,
        "component or total": [*components, *([TOTAL] if regime.scoring else [])],
        "measure": regime.measures, "measure or none": regime.measures, "measure or total": [*regime.measures, TOTAL],
    }  # fmt: skip
    for pointer, to, name in references(regime):
        if name in known[to] or (not name and to in _MAY_BE_EMPTY):
            continue
        if to.startswith("measure"):
            yield from unknown_measure(regime, name, pointer)
        else:
            yield from _unknown(to.partition(" ")[0], name, pointer, list(known[to]))
    for name in regime.numbers.decimals:
        if name not in regime.measures:
            yield from unknown_measure(regime, name, under("/numbers/decimals", name))
    yield from _lead_nowhere(regime)


def _unknown(to: str, name: str, pointer: str, known: list[str]) -> Iterator[Fault]:
    messages = {
        "ladder": "No ladder is named {name}; there are: {known}.",
        "chain": "No chain is named {name}; there are: {known}.",
        "component": "No component is named {name}; there are: {known}.",
    }
    near = nearest(name, known)
    said = ", ".join([near] if near else known) or "-"
    yield _fault(f"unknown_{to}", pointer, messages[to], name=name, known=said)


def _lead_nowhere(regime: Regime) -> Iterator[Fault]:
    for pointer, piece in pieces(regime):
        if isinstance(piece, Sourced) and isinstance(piece.chosen_by_operator, tuple):
            inside = _field_names(piece)
            for name in piece.chosen_by_operator:
                if name not in inside:
                    message = "chosen_by_operator names {name}, which this rule does not have."
                    yield _fault("unknown_field", f"{pointer}/chosen_by_operator", message, name=name)
        if isinstance(piece, Place) and not regime.scoring:
            yield _fault("nothing_ranked", pointer, "The regime ranks nothing.")


def _field_names(rule: Sourced) -> set[str]:
    return {part for at, _ in pieces(rule) for part in at.split("/")} | {one.name for one in fields(rule)}


# --- what stands twice --------------------------------------------------------------------------------------


def duplicate_faults(regime: Regime) -> Iterator[Fault]:
    scoring, publication = regime.scoring, regime.publication
    named: dict[str, list[str]] = {
        "/reporting": [str(one.cadence) for one in regime.reporting],
        "/schedule": [one.id for one in regime.schedule],
        "/duties": [one.id for one in regime.duties],
        "/requirements": [one.id for one in regime.requirements],
        "/stages": [one.stage for one in regime.stages],
        "/bulletins": [one.id for one in regime.bulletins],
        "/supervision_rules": [one.id for one in regime.supervision_rules],
        "/rewards": [one.id for one in regime.rewards],
        "/scoring/components": [TOTAL, *(one.id for one in scoring.components)] if scoring else [],
        "/scoring/vetoes": [one.id for one in scoring.vetoes] if scoring else [],
        "/scoring/ranking/bands": [one.id for one in scoring.ranking.bands] if scoring else [],
        "/publication/boards": [one.id for one in publication.boards] if publication else [],
        "/publication/channels": [one.id for one in publication.channels] if publication else [],
        **_of_lanes(scoring),
        **{under("/classes", name, "names"): list(one.names) for name, one in (regime.classes or {}).items()},
        **{
            # The same step may come again where it is another body's, for other hits, or under another condition.
            under("/ladders", name): [
                " ".join(str(part) for part in (one.step, one.competent, one.count, one.when) if part) for one in steps
            ]
            for name, steps in (regime.ladders or {}).items()
        },
    }
    for pointer, names in named.items():
        for name, count in Counter(names).items():
            if count > 1:
                yield _fault("duplicate_name", pointer, "{name} stands here twice.", name=name)


def _of_lanes(scoring: Scoring | None) -> dict[str, list[str]]:
    if scoring is None:
        return {}
    lanes = scoring.lanes
    # A unit is compared in one lane: a kind in two of them would be placed twice.
    return {"/scoring/lanes": [*(one.id for one in lanes), *(f"{kind} " for one in lanes for kind in one.kinds)]}


def code_faults(regime: Regime) -> Iterator[Fault]:
    """Ids go into events, file names and addresses."""
    for pointer, piece in pieces(regime):
        code = getattr(piece, "id", None)
        if isinstance(code, str) and not CODE.fullmatch(code):
            yield _fault("bad_code", f"{pointer}/id", "A code is 1 to 64 of the characters A-Z a-z 0-9 _ -.")
    named = {
        "/measures": regime.measures,
        "/classes": regime.classes,
        "/chains": regime.chains,
        "/ladders": regime.ladders,
    }
    for section, names in named.items():
        for name in names or {}:
            if not CODE.fullmatch(name):
                message = "A name is 1 to 64 of the characters A-Z a-z 0-9 _ -."
                yield _fault("bad_code", under(section, name), message)
    if not CODE.fullmatch(regime.regime):
        yield _fault("bad_code", "/regime", "A code is 1 to 64 of the characters A-Z a-z 0-9 _ -.")


# --- what is defined by itself ------------------------------------------------------------------------------


def circle_faults(regime: Regime) -> Iterator[Fault]:
    graph = _graph(regime)
    for name in regime.measures:
        if _reaches(graph, ("measure", name)):
            message = "The measure {name} is defined by itself."
            yield _fault("circular_measure", under("/measures", name), message, name=name)
    if _reaches(graph, ("lights", "")):
        yield _fault("circular_light", "/lights", "The lights are shown by themselves.")
    yield from _gates_in_a_circle(regime)
    for place, component in enumerate(regime.scoring.components if regime.scoring else ()):
        if _reaches(graph, ("component", component.id)):
            message = "The points of {name} are given by themselves."
            yield _fault("circular_component", f"/scoring/components/{place}", message, name=component.id)


def _gates_in_a_circle(regime: Regime) -> Iterator[Fault]:
    after: Mapping[Node, set[Node]] = {
        ("stage", gate.stage): {("stage", stage) for stage in gate.after} for gate in regime.stages
    }
    for place, gate in enumerate(regime.stages):
        if _reaches(after, ("stage", gate.stage)):
            message = "The stage {name} comes only after itself, and so never counts."
            yield _fault("circular_gate", f"/stages/{place}/after", message, name=gate.stage)


Node = tuple[str, str]


def _graph(regime: Regime) -> Mapping[Node, set[Node]]:
    graph: dict[Node, set[Node]] = {("measure", name): _uses(one) for name, one in regime.measures.items()}
    graph["lights", ""] = {node for _, when in light_conditions(regime) for node in _tested(when)}
    for table, rules in _rules_of_rows(regime):
        graph.setdefault(("table", table), set()).update(_uses(rules))
    if regime.scoring:
        graph |= {("component", one.id): _uses(one) for one in regime.scoring.components}
        components: set[Node] = {("component", one.id) for one in regime.scoring.components}
        graph["component", TOTAL] = components | _struck(regime.scoring, "zero")
        by = regime.scoring.ranking.by
        ranked_by: Node = ("component", TOTAL) if by == TOTAL else ("measure", by)
        graph["place", ""] = {ranked_by, *_uses(regime.scoring.ranking), *_struck(regime.scoring, "not_ranked")}
    return graph


def _struck(scoring: Scoring, result: str) -> set[Node]:
    return {node for veto in scoring.vetoes if veto.result == result for node in _uses(veto)}


_COUNTING: Mapping[type, str] = {Count: "count", Portion: "portion_of", Taken: "of", ByCount: "per"}
"""What is worked out from rows, and the field that names their table."""


def _rules_of_rows(regime: Regime) -> Iterator[tuple[Table, object]]:
    """The rules that must be asked before there are rows: who reviews a return, which tasks an object has."""
    yield from (("return", (regime.chains or {}).get(one.review_chain)) for one in regime.reporting)
    yield from ((one.of, one) for one in regime.schedule)


def _uses(value: object) -> set[Node]:
    """What must be known before a measure, a component, a light is."""
    found: set[Node] = set()
    for _, to, name in references(value):
        if to.startswith("measure"):
            found.add(("component", TOTAL) if name == TOTAL else ("measure", name))
        elif to.startswith("component"):
            found.add(("component", name))
    for _, piece in pieces(value):
        if isinstance(piece, Place):
            found.add(("place", ""))
        elif type(piece) in _COUNTING:
            found.add(("table", getattr(piece, _COUNTING[type(piece)])))
    return found | {node for condition in conditions_in(value) for node in _tested(condition)}


def _tested(condition: Condition) -> Iterator[Node]:
    for _, leaf in leaves(condition):
        if isinstance(leaf, Has):
            yield from [("lights", "")] if leaf.light is not None else []
        elif not isinstance(leaf, Cells):
            yield from (("measure", name) for name in leaf)


def _reaches(graph: Mapping[Node, set[Node]], start: Node) -> bool:
    seen: set[Node] = set()
    ahead = list(graph.get(start, ()))
    while ahead:
        node = ahead.pop()
        if node not in seen:
            seen.add(node)
            ahead.extend(graph.get(node, ()))
    return start in seen


def telling_places(regime: Regime) -> frozenset[Node]:
    """The measures, and the lights, that tell places or points: by themselves, or by what stands behind them.

    They are secret until the bulletin is sealed, as places and points themselves are (000-4b: 「严守秘密」).
    """
    found: set[Node] = {
        ("measure", name)
        for name, one in regime.measures.items()
        if any(isinstance(piece, Place | Scored) for _, piece in pieces(one))
    }
    graph = _graph(regime) if found else {}
    while more := {node for node, uses in graph.items() if node not in found and uses & found}:
        found |= more
    return frozenset(found)


def measures_behind(regime: Regime, value: object) -> set[str]:
    """The measures that a rule asks for, and all that stand behind them."""
    graph = _graph(regime)
    seen: set[Node] = set()
    ahead = list(_uses(value))
    while ahead:
        node = ahead.pop()
        if node not in seen:
            seen.add(node)
            ahead.extend(graph.get(node, ()))
    return {name for kind, name in seen if kind == "measure" and name in regime.measures}


def used_measures(regime: Regime) -> set[str]:
    """The measures that some rule or other measure asks for."""
    named = {name for _, to, name in references(regime) if to.startswith("measure")}
    tested = {
        name
        for one in asked(regime)
        for _, leaf in leaves(one.condition)
        if not isinstance(leaf, Has | Cells)
        for name in leaf
    }
    schemes = {one.of for one in (regime.classes or {}).values() if one.table}
    return named | tested | schemes
