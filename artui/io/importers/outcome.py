"""What an import is asked to do, what it says on the way, and what came of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, Literal

from artui.clock import Order
from artui.errors import ArtuiError

MOST_FINDINGS: Final = 10_000
"""How many errors, and how many warnings, an outcome lists; all are counted."""


@dataclass(frozen=True)
class Options:
    """How to read a file. `columns` and `line_columns` are field to column; what is None is found out from the file."""

    columns: Mapping[str, str] = field(default_factory=dict)
    line_columns: Mapping[str, str] = field(default_factory=dict)
    lines: Path | None = None
    rounding: Literal["order", "line"] = "order"
    currency: str | None = None
    date_order: Order | None = None
    decimal: str | None = None
    encoding: str | None = None
    dry_run: bool = False


@dataclass(frozen=True, slots=True)
class Finding:
    """Something about one row: `row` is the line of the file where it starts, the header being line 1."""

    row: int
    column: str
    value: str
    message: str

    def as_json(self) -> dict[str, Any]:
        """Return the finding in the shape promised to scripts."""
        return {"row": self.row, "column": self.column, "value": self.value, "message": self.message}


class RowFault(Exception):
    """Why a row cannot be taken: the field, what stood there, and a sentence."""

    def __init__(self, field_name: str, value: str, message: str) -> None:
        super().__init__(message)
        self.field = field_name
        self.value = value
        self.message = message


@dataclass(frozen=True)
class Progress:
    """How far an import is: rows that are in the books or rejected, bytes read of how many, seconds since the start."""

    rows: int
    rejected: int
    bytes_read: int
    bytes_all: int
    seconds: float


@dataclass
class Outcome:
    """What came of an import. `totals` are the created documents by currency, exact to its digits."""

    kind: str
    file: str
    dry_run: bool
    rows: int = 0
    created: int = 0
    unchanged: int = 0
    updated: int = 0
    rejected: int = 0
    errors: list[Finding] = field(default_factory=list)
    warnings: list[Finding] = field(default_factory=list)
    warning_count: int = 0
    totals: dict[str, str] = field(default_factory=dict)
    rounding: dict[str, str] = field(default_factory=dict)
    """By currency, what rounding to its decimals added to the rows read."""
    rejected_file: str | None = None
    notes: list[str] = field(default_factory=list)
    """Sentences about the file as a whole."""
    columns: dict[str, str] = field(default_factory=dict)
    ignored: list[str] = field(default_factory=list)
    stopped: ArtuiError | None = None
    """Why it ended early; what was counted up to there is kept."""

    def as_json(self) -> dict[str, Any]:
        """Return the outcome in the shape promised to scripts."""
        return {
            "kind": self.kind,
            "file": self.file,
            "rows": self.rows,
            "created": self.created,
            "unchanged": self.unchanged,
            "updated": self.updated,
            "rejected": self.rejected,
            "errors": [finding.as_json() for finding in self.errors],
            "totals": self.totals,
            "dry_run": self.dry_run,
            "warnings": [finding.as_json() for finding in self.warnings],
            "warning_count": self.warning_count,
            "rounding": self.rounding,
            "rejected_file": self.rejected_file,
            "columns": self.columns,
            "ignored": self.ignored,
            "notes": self.notes,
            "stopped": str(self.stopped) if self.stopped else None,
        }
