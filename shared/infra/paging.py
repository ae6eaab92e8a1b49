"""Which part of a long answer is asked for, and where does the next one begin?"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, TypeVar
from urllib.parse import urlencode

from fastapi import Query
from starlette.requests import Request
from starlette.responses import Response

PAGE_MAX = 1000

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Paging:
    """At most `limit` rows, after so many that were read before."""

    request: Request
    response: Response
    after: int = 0
    limit: int = PAGE_MAX

    def cut(self, rows: Sequence[T], **held: object) -> tuple[Sequence[T], str | None]:
        """The rows of this page, and the address of the next relative to this one; it is in the Link header as well.

        `held` is added to the query of the next page: `known_at`, so that no pages mix two states.
        """
        end = self.after + self.limit
        if len(rows) <= end:
            return rows[self.after :], None
        asked: Mapping[str, object] = {**self.request.query_params, **held, "after": end, "limit": self.limit}
        following = f"?{urlencode(asked)}"
        self.response.headers["link"] = f'<{following}>; rel="next"'
        return rows[self.after : end], following


def paging(
    request: Request,
    response: Response,
    after: Annotated[int, Query(ge=0, le=2**31, description="rows read before: `next` says how to go on")] = 0,
    limit: Annotated[int, Query(ge=1, le=PAGE_MAX, description="rows on a page, at most")] = PAGE_MAX,
) -> Paging:
    """A FastAPI dependency: the page that is asked for."""
    return Paging(request, response, after, limit)
