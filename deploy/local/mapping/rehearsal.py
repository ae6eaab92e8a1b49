"""Would intake accept what a first ledger tells? Decided here by intake's own rules, before anything is opened."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import uuid4

from deploy.local.mapping.importing import STANDS_ALREADY, Entry, submission_of
from deploy.local.mapping.translate import Draft
from services.intake.bookkeeping import apply
from services.intake.domain.decide import Accepted, Refused, decide
from services.intake.form import FormFaults, read_one
from services.intake.submit import in_the_name_of
from shared.core.errors import CannotApply, Fault
from shared.core.ledger import Ledger
from shared.infra.auth import Bearer
from shared.infra.texts import Texts


def refusals(
    opening: Mapping[str, Any], drafts: Sequence[Draft], entry: Entry, person: str, say: Texts, *, now: datetime
) -> list[str]:
    """Every reason, with its row, why a place that is opened so would refuse this; none where all is well."""
    ledger = Ledger(entry.jurisdiction)
    operator, office = Bearer(None, operator=True, token_id=""), Bearer(person, operator=False, token_id="")
    told = [f"{one.pointer}: {say(one.message, **one.values)}" for one in _faults(ledger, opening, operator, now)]
    if told:
        return told
    refused: set[tuple[str, int]] = set()
    for draft in drafts:
        if (draft.table, draft.row) in refused:
            continue  # that its project is unknown follows from the first refusal
        for fault in _faults(ledger, submission_of(draft, entry), office, now):
            refused.add((draft.table, draft.row))
            where = f"{draft.table} {say('row {row}', row=draft.row)}, {draft.type} {fault.pointer}"
            told.append(f"{where}: {say(fault.message, **fault.values)}")
    return told


def _faults(ledger: Ledger, body: Mapping[str, Any], by: Bearer, now: datetime) -> Iterator[Fault]:
    try:
        (submission,) = read_one(dict(body), by)
    except FormFaults as error:
        yield from error.faults
        return
    decision = decide(in_the_name_of(submission, ledger), ledger, now=now, new_id=lambda: str(uuid4()))
    if isinstance(decision, Refused):
        yield from (one for one in decision.faults if one.code not in STANDS_ALREADY)
    elif isinstance(decision, Accepted):
        try:
            with ledger.all_or_nothing():
                for one in decision.events:
                    apply(ledger, one)
        except CannotApply as reason:
            yield Fault("cannot_apply", "/data", "{reason}", {"reason": str(reason)})
