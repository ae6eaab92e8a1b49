"""Every reason that intake may tell has a case here, by the part of the vocabulary that it is about."""

from tests.support.refused import Case
from tests.unit.intake.refused import authority, matters, permits, returns

CASES: list[Case] = [*authority.CASES, *returns.CASES, *permits.CASES, *matters.CASES]
