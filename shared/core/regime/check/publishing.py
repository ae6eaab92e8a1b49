"""May what is published be published, and is it known when, about whom, and on which basis?"""

from collections.abc import Iterator
from re import fullmatch
from string import Formatter

from shared.core.errors import Fault
from shared.core.regime.burden import times_a_month
from shared.core.regime.check.pieces import fault as _fault
from shared.core.regime.check.pursuit import signer_last
from shared.core.regime.model import Regime
from shared.core.regime.publishing import ANSWERED, Board, Bulletin, Pick, PublicChannel
from shared.core.regime.scoring import Ranking, Scoring

_BASIS = "A ranking needs its legal basis, its plan item, and `at_most`: how often it may be drawn up."


def publishing_faults(regime: Regime) -> Iterator[Fault]:
    if regime.scoring:
        yield from _ranking(regime.scoring.ranking)
        yield from _vetoes(regime.scoring)
    for place, bulletin in enumerate(regime.bulletins):
        pointer = f"/bulletins/{place}"
        yield from _bulletin(regime, bulletin, pointer)
        for name in ("commended", "criticised"):
            yield from _pick(regime, bulletin, name, f"{pointer}/{name}")
    for place, board in enumerate(regime.publication.boards if regime.publication else ()):
        yield from _board(board, f"/publication/boards/{place}")
    for place, channel in enumerate(regime.publication.channels if regime.publication else ()):
        yield from _channel(channel, f"/publication/channels/{place}")


def _channel(channel: PublicChannel, pointer: str) -> Iterator[Fault]:
    if channel.kind not in ANSWERED:
        for name in ("rewarded", "answer_within"):
            if getattr(channel, name):
                message = "What is only heard is neither answered nor rewarded."
                yield _fault("channel_only_heard", f"{pointer}/{name}", message)


def _ranking(ranking: Ranking) -> Iterator[Fault]:
    pointer = "/scoring/ranking"
    if ranking.publish == "ranks" and not (
        ranking.legal_basis.strip() and ranking.plan_item.strip() and ranking.at_most is not None
    ):
        yield _fault("ranking_without_basis", pointer, _BASIS)
    if ranking.publish == "bands" and not ranking.bands:
        yield _fault("no_bands", f"{pointer}/bands", "What is published by bands needs bands.")


def _vetoes(scoring: Scoring) -> Iterator[Fault]:
    for place, veto in enumerate(scoring.vetoes):
        if not (veto.legal_basis.strip() and veto.plan_item.strip()):
            message = "A veto item needs its legal basis and its plan item."
            yield _fault("veto_without_basis", f"/scoring/vetoes/{place}", message)


def _bulletin(regime: Regime, bulletin: Bulletin, pointer: str) -> Iterator[Fault]:
    yield from signer_last(bulletin.sign_off, f"{pointer}/sign_off")
    for name in ("sections",) * ("ranking" in bulletin.sections) + ("rank_by",) * bool(bulletin.rank_by):
        if not regime.scoring:
            yield _fault("nothing_ranked", f"{pointer}/{name}", "The regime ranks nothing.")
    if regime.scoring and "ranking" in bulletin.sections:
        yield from _how_often(regime.scoring.ranking, bulletin, f"{pointer}/cadence")
    if not bulletin.sections:
        yield _fault("empty_bulletin", f"{pointer}/sections", "The bulletin says nothing.")
    if len(set(bulletin.sections)) < len(bulletin.sections):
        yield _fault("duplicate_name", f"{pointer}/sections", "A section stands here twice.")
    if bulletin.cadence is None and bulletin.trigger is None:
        yield _fault("never_issued", pointer, "A bulletin has a cadence, or a trigger that calls for it.")
    if bulletin.cadence is not None and bulletin.issue is None:
        message = "A bulletin with a cadence says in `issue` how many working days after the close it goes out."
        yield _fault("no_issue", pointer, message)
    if not _is_number(bulletin.number):
        message = "A document number has the blanks year and n, in braces."
        yield _fault("bad_number", f"{pointer}/number", message)


def _how_often(ranking: Ranking, bulletin: Bulletin, pointer: str) -> Iterator[Fault]:
    """Places may not be published more often than the ranking may be drawn up; without places there is no table."""
    if ranking.publish != "ranks" or ranking.at_most is None or bulletin.cadence is None:
        return
    if times_a_month(bulletin.cadence) > times_a_month(ranking.at_most):
        message = "The ranking may be drawn up {at_most} at most; this bulletin would publish it {cadence}."
        yield _fault("ranked_too_often", pointer, message, at_most=ranking.at_most, cadence=bulletin.cadence)


def _pick(regime: Regime, bulletin: Bulletin, name: str, pointer: str) -> Iterator[Fault]:
    pick: Pick | None = getattr(bulletin, name)
    if pick is None:
        if name in bulletin.sections:
            message = "The section {name} does not say whom it names: give {name} with top, bottom or when."
            yield _fault("nobody_named", pointer.rpartition("/")[0] + "/sections", message, name=name)
        return
    if name not in bulletin.sections:
        yield _fault("section_missing", pointer, "The sections of the bulletin have no {name}.", name=name)
    if pick.top is None and pick.bottom is None and pick.when is None:
        yield _fault("nobody_named", pointer, "Say whom it names: top, bottom or when.")
    if pick.top is None and pick.bottom is None:
        return
    scored = regime.scoring.subjects if regime.scoring else ()
    if pick.about not in scored:
        message = "Nobody of the kind {kind} is ranked; ranked are: {known}."
        yield _fault("nothing_ranked", f"{pointer}/about", message, kind=pick.about, known=", ".join(scored) or "-")


def _board(board: Board, pointer: str) -> Iterator[Fault]:
    for column in board.renewed_columns:
        if column not in board.columns:
            message = "The board has no column {name}."
            yield _fault("unknown_column", f"{pointer}/renewed_columns", message, name=column)


def _is_number(template: str) -> bool:
    try:
        blanks = [(name, form, how) for _, name, form, how in Formatter().parse(template) if name is not None]
    except ValueError:
        return False
    plain = all(not how and fullmatch("(0[1-9]d?)?", form or "") for _, form, how in blanks)
    return plain and {name for name, _, _ in blanks} == {"year", "n"}
