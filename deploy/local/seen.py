"""Has this id been in the file before, and at which position? Remembered outside memory, however many there are."""

import sqlite3
from types import TracebackType
from typing import Self


class Seen:
    """The ids of a file so far, each with the position that its first line gave, if it gave one.

    In a temporary database of its own, which keeps two megabytes in memory and the rest in a file that nobody else
    sees. An id is a blob, as it may be no sound text; a position is a text, as it may be longer than any integer.
    """

    def __init__(self) -> None:
        self._database = sqlite3.connect("", isolation_level=None)
        for statement in (
            "PRAGMA journal_mode = OFF",
            "CREATE TABLE seen (id BLOB PRIMARY KEY, position TEXT) WITHOUT ROWID",
            "BEGIN",
        ):
            self._database.execute(statement)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, failed: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._database.close()

    def has_copy(self, event_id: str, given: int | None) -> bool:
        """Whether an event is a second copy; it is remembered if its id is new.

        Two positions that a record gave are two events, whatever their ids.
        """
        key, position = event_id.encode(errors="surrogatepass"), None if given is None else str(given)
        if self._database.execute("INSERT OR IGNORE INTO seen VALUES (?, ?)", (key, position)).rowcount:
            return False
        (before,) = self._database.execute("SELECT position FROM seen WHERE id = ?", (key,)).fetchone()
        return before is None or position is None or before == position
