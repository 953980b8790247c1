"""A chunk into the books: COPY into the staging tables and one call of the vault, in one transaction."""

from __future__ import annotations

import io
import uuid
from collections.abc import Mapping, Sequence
from contextlib import closing, suppress
from typing import Any, Final

from artui.db.connect import in_words
from artui.errors import ArtuiError, Unreachable
from artui.io.importers.chunk import Chunk, Kind
from artui.io.importers.outcome import Finding
from artui.session import Session

_BUFFER: Final = 1 << 18
_ATTEMPTS: Final = 4
_AT_THE_SAME_TIME: Final = frozenset(("AR009", "23505", "40P01", "40001", "55P03"))
_OF_ONE_ROW: Final = frozenset(
    (
        "bad_input",
        "database",
        "22001",
        "22003",
        "22007",
        "22008",
        "22P02",
        "23502",
        "23503",
        "23514",
        "22021",
        "22P05",
    )
)
"""Errors that one row can cause for its whole chunk."""


class Loader:
    """Load chunks of one kind, one after the other. In a dry run everything happens in a transaction of the caller's."""

    def __init__(self, session: Session, kind: Kind, *, dry_run: bool) -> None:
        self._session = session
        self._kind = kind
        self._dry_run = dry_run

    def load(self, chunk: Chunk) -> dict[str, Any]:
        """Book a chunk and return the vault's answer. Raises ArtuiError; then nothing of the chunk was kept.

        A connection that breaks is opened again and the chunk asked for by its key, so it is booked once. A row that
        the database cannot take at all is found by halves and rejected alone.
        """
        key = str(uuid.uuid4())
        for attempt in range(1, _ATTEMPTS + 1):
            try:
                return self._once(key, chunk)
            except ArtuiError as error:
                if isinstance(error, Unreachable) and not self._dry_run and attempt < _ATTEMPTS:
                    self._reconnect(error)
                elif error.code in _AT_THE_SAME_TIME and attempt < _ATTEMPTS:
                    continue
                elif error.code in _OF_ONE_ROW:
                    return self._by_halves(chunk, error)
                else:
                    raise
        raise AssertionError("unreachable")

    def _once(self, key: str, chunk: Chunk) -> dict[str, Any]:
        session = self._session
        with session.transaction():
            if not session.query("SELECT 1 FROM ar.posting WHERE key = %s::uuid", (key,)):
                for table, rows in chunk.rows.items():
                    self._copy(key, table, rows)
            answer: dict[str, Any] = session.query(f"SELECT {self._kind.call}", (key, session.today))[0][0]
            if self._dry_run:
                session.query("SET CONSTRAINTS ALL IMMEDIATE")
        return answer

    def _copy(self, key: str, table: str, rows: Sequence[str]) -> None:
        if not rows:
            return
        head = f"{key}\t"
        text = head + f"\n{head}".join(rows) + "\n"
        with in_words(), closing(self._session.db.cursor()) as cursor:
            cursor.copy_expert(
                f"COPY stage.{table} (load, {', '.join(self._kind.tables[table])}) FROM STDIN",
                io.BytesIO(text.encode()),
                _BUFFER,
            )

    def _reconnect(self, error: Unreachable) -> None:
        database = self._session.db
        with suppress(Exception):
            database.close()
        try:
            with in_words():
                database.connect(reuse_if_open=True)
        except ArtuiError:
            raise Unreachable(
                error.message,
                "Start the import again when the database is back; what was booked is not booked twice.",
            ) from error

    def _by_halves(self, chunk: Chunk, error: ArtuiError) -> dict[str, Any]:
        lines = sorted({_line(row) for rows in chunk.rows.values() for row in rows})
        if len(lines) <= 1:
            told = {"row": lines[0] if lines else 0, "column": "", "value": "", "message": str(error)}
            return {
                "rows": 1,
                "created": 0,
                "updated": 0,
                "unchanged": 0,
                "rejected": 1,
                "errors": [told],
                "warnings": [],
                "totals": {},
            }
        middle = lines[len(lines) // 2]
        halves = [
            Chunk(
                {
                    table: [row for row in rows if (_line(row) < middle) == first]
                    for table, rows in chunk.rows.items()
                }
            )
            for first in (True, False)
        ]
        return joined([self.load(half) for half in halves])


def _line(row: str) -> int:
    return int(row[: row.index("\t")])


def joined(answers: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Add up answers of the vault."""
    result: dict[str, Any] = {"errors": [], "warnings": [], "orphans": [], "totals": {}}
    for answer in answers:
        for name in ("rows", "created", "updated", "unchanged", "rejected"):
            result[name] = result.get(name, 0) + answer.get(name, 0)
        for name in ("errors", "warnings", "orphans"):
            result[name] += answer.get(name, [])
        for code, minor in answer.get("totals", {}).items():
            result["totals"][code] = result["totals"].get(code, 0) + minor
    return result


def findings(kind: Kind, chunk: Chunk, answers: Sequence[Mapping[str, Any]]) -> list[Finding]:
    """Put what the vault said about rows in the words of the file: its column, its cell."""
    found = []
    for answer in answers:
        field = kind.fields.get(answer["column"], answer["column"])
        place = kind.columns.place(field)
        cells = chunk.records.get(answer["row"], [])
        value = cells[place] if 0 <= place < len(cells) else str(answer["value"] or "")
        found.append(Finding(answer["row"], kind.columns.name(field), value, answer["message"]))
    return found
