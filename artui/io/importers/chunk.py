"""A piece of a file on its way into the books."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Protocol

from artui.io.importers.columns import Columns
from artui.io.importers.outcome import Finding
from artui.session import Session


@dataclass
class Chunk:
    """The staged rows of some records, as COPY text without the load's key; what was refused; the records themselves."""

    rows: dict[str, list[str]]
    records: dict[int, list[str]] = field(default_factory=dict)
    errors: list[Finding] = field(default_factory=list)
    warnings: list[Finding] = field(default_factory=list)
    pending: list[Any] = field(default_factory=list)
    bytes_read: int = 0

    def warn(self, line: int, column: str, value: str, message: str) -> None:
        """Remember something a person should know about a row that is kept."""
        self.warnings.append(Finding(line, column, value, message))


class Kind(Protocol):
    """How the rows of one kind of file become staged rows."""

    columns: Columns
    tables: dict[str, tuple[str, ...]]
    """Staging table to its columns after `load`; the first is always `row`."""
    call: str
    """The loading function, with its arguments (key, today)."""
    fields: dict[str, str]
    """Names the vault uses to the fields of the file."""

    def read(self, line: int, cells: list[str], chunk: Chunk) -> None:
        """Stage one record; its cells have an empty one at the end. Raises RowFault."""

    def complete(self, session: Session, chunk: Chunk) -> None:
        """Add what only the books know, before the rows are copied."""

    def after(self, session: Session, chunk: Chunk, answer: dict[str, Any]) -> None:
        """Take note of what the books answered."""

    def last(self) -> Chunk | None:
        """Give rows to load at the end that count for nothing."""

    def rest(self) -> list[Finding]:
        """Give what can only be said at the end."""

    def rounding(self) -> dict[str, Decimal]:
        """Give what rounding added, by currency."""


class Plain:
    """What most kinds do beside reading: nothing."""

    def complete(self, session: Session, chunk: Chunk) -> None:
        """Nothing is missing."""

    def after(self, session: Session, chunk: Chunk, answer: dict[str, Any]) -> None:
        """Nothing is to be remembered."""

    def last(self) -> Chunk | None:
        """Nothing is left for the end."""
        return None

    def rest(self) -> list[Finding]:
        """Nothing is left to say."""
        return []

    def rounding(self) -> dict[str, Decimal]:
        """Nothing was rounded."""
        return {}
