"""What must be true of a unit's returns: made, confirmed, signed, reviewed, corrected, withdrawn."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from services.intake.domain import quality
from services.intake.domain.known import Correctable, ReturnMade
from services.intake.domain.known.returns import made
from services.intake.domain.plausible import bad_year, is_plausible
from services.intake.domain.reviewing import SIGNS, Asking, of_cadence, speaks_for, turn
from services.intake.domain.rules.references import Faults, Rules
from services.intake.domain.rules.sense import no_flags, out_of_turn
from services.intake.domain.submission import Case
from shared.core.calendar import Period
from shared.core.errors import Fault, Term
from shared.core.events import (
    ProgressCorrected,
    ProgressReported,
    RecordEvent,
    ReportWithdrawn,
    ReturnConfirmed,
    ReturnReviewed,
    ReturnSigned,
)
from shared.core.regime.management import Fault as Consequence
from shared.core.register import holdings
from shared.core.returns import AMOUNTS, SAID_IN

# --- the return ---------------------------------------------------------------------------------------------------


def _return_sound(case: Case) -> Faults:
    data, period, every = case.data, _period(case.data.period), case.askings
    asked = of_cadence(every, data.cadence)
    if period is None:
        message = "A period reads 2026-03-05, 2026-W10, 2026-03-T1, 2026-03-M1, 2026-03, 2026-Q1, 2026-H1 or 2026."
        yield Fault("bad_period", "/data/period", message)
    else:
        yield from _period_asked_for(case, period, every, asked)
        yield from _filed_by_whom_it_is(case, period, asked)
    yield from _made_once(case)
    yield from _amounts_given(data, asked)
    if not _takes_malformed(asked):
        yield from _off_form(data, asked)


def _period_asked_for(case: Case, period: Period, every: Sequence[Asking], asked: Sequence[Asking]) -> Faults:
    cadence = {"cadence": str(case.data.cadence)}
    if not is_plausible(period.year):
        yield bad_year("/data/period")
    if period.cadence != case.data.cadence:
        yield Fault("bad_period", "/data/cadence", "The period is not {cadence}.", cadence)
    if every and not asked:
        yield Fault("not_asked_for", "/data/cadence", "The list asks for no {cadence} return of this project.", cadence)
    if period.first_day > case.today:
        yield Fault("period_not_begun", "/data/period", "The period has not begun.")


def _made_once(case: Case) -> Faults:
    """Once, unless a reviewer sent it back or it was withdrawn."""
    kept = made(case.ledger, case.data.project, case.data.period)
    if kept and not kept.is_sent_back:
        yield Fault("already_reported", "/data/period", "The project has a return for this period: correct it instead.")


def _amounts_given(data: ProgressReported, asked: Sequence[Asking]) -> Faults:
    for name in AMOUNTS if data.is_nil else ():
        if getattr(data, name) is not None:
            yield Fault("nil_with_amount", f"/data/{name}", "A nil return carries no amount.")
    is_wanted = not asked or any("investment" in one.rule.fields for one in asked)
    if is_wanted and not data.is_nil and data.investment_ytd_yuan is None:
        message = "Give the investment of the year to date, or a nil return."
        yield Fault("amount_needed", "/data/investment_ytd_yuan", message)


def _off_form(data: ProgressReported, asked: Sequence[Asking]) -> Faults:
    """What the lists ask for and the return does not say, where the return itself is the place to say it."""
    if data.is_nil:
        if any(one.rule.nil_return == "refused" for one in asked):
            yield Fault("nil_not_taken", "/data/is_nil", "The list takes no nil return: say what there is.")
        return
    for field in dict.fromkeys(name for one in asked for name in one.rule.fields if name in SAID_IN):
        names = SAID_IN[field]
        if field != "investment" and all(getattr(data, name) in (None, "") for name in names):
            yield Fault("field_needed", f"/data/{names[0]}", "The list asks for this: {what}.", {"what": Term(field)})


def _takes_malformed(asked: Sequence[Asking]) -> bool:
    """Whether the regime says what becomes of a return that does not keep to the form: then it is taken, and marked."""
    return any(one.rule.malformed != Consequence() for one in asked)


def _filed_by_whom_it_is(case: Case, period: Period, asked: Sequence[Asking]) -> Faults:
    """Where a group's lead unit, or whoever else holds a role, reports for a project, nobody else does."""
    if any(one.rule.filed_by == "lead_unit" for one in asked):
        return
    project, on = case.data.project, min(period.last_day, case.today)
    roles = sorted({one.rule.filed_by for one in asked})
    held = [one.unit for role in roles for one in holdings(case.ledger, project, role, on=on) if one.unit]
    if held and case.unit not in held:
        yield Fault("filed_by_another", "/unit", "For this project {unit} reports.", {"unit": " / ".join(held)})


def _channel_stated(case: Case) -> Faults:
    if case.submission.on_behalf_of and not case.data.channel.strip():
        message = "Say how the unit told it: phone, paper, email."
        yield Fault("channel_needed", "/data/channel", message)


def _period(text: str) -> Period | None:
    try:
        return Period.parse(text)
    except ValueError:
        return None


def _completed(case: Case) -> RecordEvent:
    data: ProgressReported = case.data
    asked = of_cadence(case.askings, data.cadence)
    is_malformed = data.is_malformed or (_takes_malformed(asked) and any(_off_form(data, asked)))
    flags = quality.of_return(case.ledger, data)
    return replace(data, flags=flags, is_malformed=is_malformed) if flags or is_malformed else data


# --- confirmed, signed --------------------------------------------------------------------------------------------


def _to_confirm(case: Case) -> Faults:
    kept = made(case.ledger, case.data.project, case.data.period)
    if kept is None or not kept.is_unconfirmed or kept.unit != case.unit:
        message = "Nothing that was entered on behalf of {unit} waits here for being confirmed."
        yield Fault("nothing_to_confirm", "/data/period", message, {"unit": case.unit})


def _to_sign(case: Case) -> Faults:
    data: ReturnSigned = case.data
    if data.signer != case.submission.actor:
        yield Fault("not_yourself", "/data/signer", "You may record this of yourself only.")
    kept = made(case.ledger, data.project, data.period)
    if kept is None:
        yield _no_return()
    elif kept.is_sent_back:
        yield _sent_back()
    elif kept.signed_by:
        yield Fault("already_signed", "/data/period", "It is signed already.")
    elif kept.unit not in {"", case.unit}:
        yield Fault("not_your_return", "/data/period", "The return is that of {unit}.", {"unit": kept.unit})


def _no_return() -> Fault:
    return Fault("no_return", "/data/period", "The project has no return for this period.")


def _sent_back() -> Fault:
    return Fault("sent_back", "/data/period", "The return was sent back: the unit reports first.")


# --- reviewed -----------------------------------------------------------------------------------------------------


def _to_review(case: Case) -> Faults:
    """In the order that the lists give, each body once, and by nobody who made or signed it (四眼原则)."""
    data: ReturnReviewed = case.data
    kept = made(case.ledger, data.project, data.period)
    if kept is None:
        yield _no_return()
        return
    if kept.is_sent_back:
        yield _sent_back()
        return
    if case.submission.actor in {*kept.by, kept.signed_by}:
        yield Fault("own_return", "/data/project", "Who made or signed a return does not review it.")
    yield from _whose_turn(case, kept)
    if not speaks_for(case.ledger, case.submission.unit, data.step, data.project):
        yield Fault("not_your_step", "/data/step", "You do not hold the post of this step.")


def _whose_turn(case: Case, kept: ReturnMade) -> Faults:
    asked = of_cadence(case.askings, kept.said.cadence)
    whose, step = turn(kept, asked), case.data.step
    if whose == (SIGNS,):
        yield Fault("signature_needed", "/data/period", "The head of the unit signs first.")
    elif any(one.reviewers for one in asked):
        yield from out_of_turn(whose, step)
    elif step in kept.spoken:
        yield Fault("already_decided", "/data/step", "This step is decided already.")


def _verdict_complete(case: Case) -> Faults:
    data: ReturnReviewed = case.data
    if data.verdict == "adjusted" and data.investment_ytd_yuan is None:
        yield Fault("amount_needed", "/data/investment_ytd_yuan", "Say to what amount the return is adjusted.")
    if data.verdict != "adjusted" and data.investment_ytd_yuan is not None:
        message = "Only an adjustment has an amount of its own."
        yield Fault("amount_not_taken", "/data/investment_ytd_yuan", message)
    if data.verdict != "approved" and not data.reason.strip():
        yield Fault("reason_needed", "/data/reason", "What is sent back or adjusted needs its reason.")


# --- corrected, withdrawn -----------------------------------------------------------------------------------------


def _return_of(field: str) -> Callable[[Case], Faults]:
    """The event named is that of a return which stands: not withdrawn, not replaced by another."""

    def rule(case: Case) -> Faults:
        of = case.ledger.get(Correctable, event := getattr(case.data, field))
        kept = made(case.ledger, of.project, of.period) if of and of.project == case.data.project else None
        if kept is None or kept.event != event:
            yield Fault("no_such_return", f"/data/{field}", "No return of this project has this event.")

    return rule


def _reasoned(case: Case) -> Faults:
    if not case.data.reason.strip():
        yield Fault("reason_needed", "/data/reason", "A correction needs its reason.")


RULES: Rules = {
    ProgressReported: (
        _return_sound, _channel_stated, no_flags,
    ),
    ProgressCorrected: (_return_of("corrected_event"), _reasoned),
    ReportWithdrawn: (_return_of("withdrawn_event"), _reasoned),
    ReturnConfirmed: (_to_confirm,),
    ReturnSigned: (_to_sign,),
    ReturnReviewed: (_to_review, _verdict_complete),
}  # fmt: skip

COMPLETED: Mapping[type, Callable[[Case], RecordEvent]] = {ProgressReported: _completed}
