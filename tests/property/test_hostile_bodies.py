"""Whatever bytes arrive as a submission, the answer is a receipt or a reason; never a failure of ours."""

import json
import random
import tracemalloc
from collections.abc import Callable, Iterator
from copy import deepcopy
from datetime import UTC, datetime
from functools import partial
from typing import Any

import pytest

from services.intake import answer, form
from services.intake.domain.decide import Accepted, Refused, decide
from services.intake.domain.known import Receipt
from services.intake.submit import in_the_name_of
from shared.core.events import SHAPES
from shared.infra import wire
from shared.infra.auth import Bearer
from shared.infra.texts import Locale
from shared.infra.web import Problem
from tests.contract.golden import EXAMPLES
from tests.support.builders import JURISDICTION
from tests.support.intake import LEAD, NOW, OFFICE, Intake, opened

FEW, MANY = 3_000, 50_000
MEMORY_MAX_BYTES = 64 * 1024 * 1024
LOCALES: tuple[Locale, ...] = ("zh", "en")

HOSTILE: tuple[Any, ...] = (
    None, True, False, 0, -1, 1, 10**400, -(10**30), 0.1, "", " ", "0", "-1", "1e400", "1E+999999999",
    "NaN", "Infinity",
    "-0", "١٢٣", "１２３", "1_000", "0x10", "=1+1", "=cmd|'/c calc'!A0", "../../etc/passwd", "..\\..\\x",
    "/dev/null", "\x00", "\x1f", "\ud800", "a\u202eb", "\ufeff", "💣" * 20, "x" * 100_000, "{0}",
    "{", "%s", "${jndi:ldap://x}",
    "'; DROP TABLE entries; --", "<script>alert(1)</script>", "2026-02-30", "0000-00-00", "9999-12-31",
    "2026-13", "2026-03-01T00:00:00", "2026-03-01T00:00:00+99:99", "9999-12-31T23:59:59-14:00", [], {}, [[]], [None],
    {"": ""}, {"a": {"b": {"c": []}}}, ["x"] * 1000, {"__class__": "x"}, {"$ref": "#"},
)  # fmt: skip
BYTES: tuple[bytes, ...] = (
    b"", b"\x00", b"{", b"[", b"null", b"1", b'"', b"\xff\xfe", b"\xef\xbb\xbf{}", b'{"a":1,"a":2}', b'{"key":NaN}',
    b"[" * 100_000, b'{"a":' * 50_000, b'"\\ud800"', b'{"key":"\\udfff"}', b"PK\x03\x04", b"\x1f\x8b\x08",
    b'{"n":' + b"9" * 5000 + b"}", b'{"n":1e' + b"9" * 400 + b"}",
    b'{"n":-1e-99999999999999999999}', '{"key":"督"}'.encode("gb18030"), "{}".encode("utf-16"),
)  # fmt: skip


def bodies(count: int, seed: int) -> Iterator[bytes]:
    """Submissions of every event of the record, each with something put in the place of something."""
    chance = random.Random(seed)
    valid = [_valid(data) for data in EXAMPLES if SHAPES[type(data)].type in form.RECORD_TYPES]
    for number in range(count):
        if number % 10 == 0:
            yield _torn(json.dumps(chance.choice(valid)).encode(), chance)
        elif number % 100 == 1:
            yield chance.choice(BYTES)
        else:
            yield _encoded(_mutated(chance.choice(valid), chance))


def _valid(data: object) -> dict[str, Any]:
    return {
        "key": "k", "jurisdiction": JURISDICTION, "unit": "", "type": SHAPES[type(data)].type,
        "data": wire.data_of(data),
    }  # fmt: skip


def _mutated(body: dict[str, Any], chance: random.Random) -> dict[str, Any]:
    mutated: dict[str, Any] = json.loads(json.dumps(body))
    for _ in range(chance.randint(1, 3)):
        where: Any = mutated if chance.random() < 0.2 else mutated.get("data")
        while isinstance(where, dict | list) and where and chance.random() < 0.9:
            step = chance.choice(list(where)) if isinstance(where, dict) else chance.randrange(len(where))
            if isinstance(where[step], dict | list) and where[step] and chance.random() < 0.7:
                where = where[step]
                continue
            where[step] = deepcopy(chance.choice(HOSTILE))
            break
        if isinstance(where, dict) and chance.random() < 0.1:
            where[str(chance.choice(HOSTILE))[:50]] = deepcopy(chance.choice(HOSTILE))
    return mutated


def _encoded(body: Any) -> bytes:
    return json.dumps(body, ensure_ascii=True).encode()


def _torn(body: bytes, chance: random.Random) -> bytes:
    at = chance.randrange(len(body))
    return chance.choice((body[:at], body[:at] + bytes([chance.randrange(256)]) + body[at + 1 :], body + body[at:]))


def answered(intake: Intake, body: bytes, by: str) -> str:
    """What a sender is told: `accepted`, or the code of the reason. It is worded in both languages on the way."""
    bearer = Bearer(by, operator=False, token_id="t", issued_at=datetime(2026, 1, 1, tzinfo=UTC))
    try:
        (submission,) = form.read_one(wire.load_from_outside(body), bearer)
    except (ValueError, RecursionError):  # answered with 400; anything else would be a failure of ours
        return "not_json"
    except form.FormFaults as faults:
        return _worded(partial(answer.form_problem, faults))
    submission = in_the_name_of(submission, intake.ledger)
    decided = decide(submission, intake.ledger, now=NOW, new_id=lambda: "e")
    if isinstance(decided, Accepted | Receipt):
        return "accepted"
    return _worded(lambda locale: _problem(submission, decided, locale))


def _problem(submission: Any, refused: Refused, locale: Any) -> Problem:
    with pytest.raises(Problem) as problem:
        answer.receipts_or_problem([submission], [refused], durability="standard", locale=locale, batch=False)
    return problem.value


def _worded(problem_in: Callable[[Any], Problem]) -> str:
    for locale in LOCALES:
        problem = problem_in(locale)
        assert problem.status in {400, 403, 404, 409, 422}
        assert problem.faults
        assert all(one.code and one.message for one in problem.faults)
        json.dumps(problem.body(locale), ensure_ascii=False).encode()
    return problem.code


def try_all(count: int, seed: int) -> dict[str, int]:
    found: dict[str, int] = {}
    intake = opened()
    before = intake.ledger.digest()
    tracemalloc.start()
    for number, body in enumerate(bodies(count, seed)):
        by = (OFFICE, LEAD)[number % 2]
        told = answered(intake, body, by)
        found[told] = found.get(told, 0) + 1
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert intake.ledger.digest() == before
    assert peak < MEMORY_MAX_BYTES
    return found


def test_a_hostile_body_is_refused_with_a_reason_and_changes_nothing() -> None:
    found = try_all(FEW, seed=1)
    assert len(found) > 20


@pytest.mark.faults
def test_fifty_thousand_hostile_bodies_are_refused_with_a_reason_and_change_nothing() -> None:
    found = try_all(MANY, seed=2)
    assert sum(found.values()) == MANY
