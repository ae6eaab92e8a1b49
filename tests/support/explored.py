"""Every documented route of a service asked all that is documented, and more: its answers must be documented too."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import requests
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import Case
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
    unsupported_method,
)

_CHECKS = [
    not_a_server_error, status_code_conformance, content_type_conformance, response_headers_conformance,
    response_schema_conformance, unsupported_method,
]  # fmt: skip
_TIMEOUT_S = 30
_MORE_OFTEN = 3
"""What changes something has more to say."""
_KNOWN_OF_10 = 8
"""So many of ten cases name what there is, where it is known: else nearly all would end with 404."""


@dataclass
class Explorer:
    """Asks a service at an address. `asked` counts what it answered.

    `known`: values of parameters that name something there; `bodies`: what can be sent to operations, by their labels.
    """

    url: str
    known: Mapping[str, Any]
    bodies: Mapping[str, st.SearchStrategy[Any]] = field(default_factory=dict)
    is_random: bool = False
    asked: Counter[tuple[str, int]] = field(default_factory=Counter)

    def explore(self, token: str | None, *, cases: int) -> None:
        """So many cases for each operation. Fails with the request that shows what is wrong."""
        schema = schemathesis.openapi.from_url(f"{self.url}/openapi.json")
        schemathesis.serializer(*_files(schema.raw_schema))(_as_bytes)
        with requests.Session() as session:
            for result in schema.get_all_operations():
                operation: Any = result.ok()  # type: ignore[union-attr]
                self._explore(operation, session, token, cases)

    def _explore(self, operation: Any, session: requests.Session, token: str | None, cases: int) -> None:
        headers = {"authorization": f"Bearer {token}"} if token else {}

        @settings(
            max_examples=cases * (_MORE_OFTEN if operation.label in self.bodies else 1), deadline=None,
            database=None, derandomize=not self.is_random, suppress_health_check=list(HealthCheck),
            phases=[Phase.generate],
        )  # fmt: skip
        @given(case=operation.as_strategy(), chosen=st.data())
        def ask(case: Case[Any], chosen: st.DataObject) -> None:
            if chosen.draw(st.integers(1, 10)) <= _KNOWN_OF_10:
                self._name_known(case.path_parameters)
                self._name_known(case.query)
                if operation.label in self.bodies:
                    case.body = chosen.draw(self.bodies[operation.label])
            response = case.call(session=session, headers=headers, timeout=_TIMEOUT_S)
            self.asked[operation.label, response.status_code] += 1
            case.validate_response(response, checks=_CHECKS)

        ask()

    def _name_known(self, given_: Any) -> None:
        for name in given_ or ():
            if name in self.known:
                given_[name] = self.known[name]


def _files(document: Any) -> set[str]:
    """The media types of what is sent as bytes."""
    bodies = [one.get("requestBody", {}) for path in document["paths"].values() for one in path.values()]
    return {name for body in bodies for name in body.get("content", {}) if name != "application/json"}


def _as_bytes(_context: Any, value: Any) -> bytes:
    found = getattr(value, "data", value)
    return found if isinstance(found, bytes) else str(found).encode(errors="surrogatepass")
