"""The shape every report has, and how it comes out as text."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from artui import money
from artui.errors import WrongUsage


@dataclass(frozen=True)
class Column:
    """One column: its name and whether it holds text or money in the row's currency."""

    name: str
    type: str


@dataclass(frozen=True)
class Report:
    """What a report found: rows by column name, totals per currency, counts, and whether it agrees with the ledger."""

    name: str
    title: str
    as_of: date
    params: Mapping[str, str]
    columns: tuple[Column, ...]
    rows: tuple[tuple[Any, ...], ...]
    totals: Mapping[str, Mapping[str, Decimal]]
    counts: Mapping[str, int]
    ties_to_ledger: bool

    def as_json(self) -> dict[str, Any]:
        """Return the report in the shape promised to scripts; `run_id` is the hash of its content."""
        code_at = next(place for place, column in enumerate(self.columns) if column.name == "currency")
        body = {
            "report": self.name,
            "title": self.title,
            "as_of": self.as_of.isoformat(),
            "params": dict(self.params),
            "columns": [{"name": column.name, "type": column.type} for column in self.columns],
            "rows": [
                {
                    c.name: money.plain(value, row[code_at]) if c.type == "money" else value
                    for c, value in zip(self.columns, row, strict=True)
                }
                for row in self.rows
            ],
            "totals": {
                code: {name: money.plain(amount, code) for name, amount in columns.items()}
                for code, columns in self.totals.items()
            },
            "counts": dict(self.counts),
            "ties_to_ledger": self.ties_to_ledger,
        }
        digest = hashlib.sha256(json.dumps(body, sort_keys=True, ensure_ascii=False).encode()).hexdigest()
        return {**body, "run_id": digest[:16]}

    def as_text(self, fmt: str) -> str:
        """Return the rows and a total line per currency as a table, csv, md or html."""
        from artui.tables import Column as Shown
        from artui.tables import render

        show = money.plain if fmt == "csv" else money.display
        code_at = next(place for place, column in enumerate(self.columns) if column.name == "currency")
        shown = [
            Shown(c.name, c.name.replace("_", " "), "right" if c.type == "money" else "left")
            for c in self.columns
        ]
        rows = [
            [
                show(value, row[code_at]) if c.type == "money" else str(value)
                for c, value in zip(self.columns, row, strict=True)
            ]
            for row in self.rows
        ]
        if fmt != "csv":
            rows += [
                ["Total", "", code, *(show(columns[c.name], code) for c in self.columns[3:])]
                for code, columns in self.totals.items()
            ]
        table = render(rows, shown, fmt)
        if fmt in ("csv", "html"):
            return table
        tie = "ties to the ledger" if self.ties_to_ledger else "DOES NOT TIE to the ledger: run artui check"
        words = ", ".join(f"{name} {value}" for name, value in self.params.items())
        return f"{self.title} as of {self.as_of.isoformat()} ({words}); {tie}\n\n{table}\n"


def known() -> dict[str, str]:
    """Return the reports there are, name to title."""
    from artui.reports import aging

    return {aging.NAME: aging.TITLE}


def check_name(name: str) -> None:
    """Raise WrongUsage when there is no such report."""
    if name not in known():
        raise WrongUsage(f"There is no report {name}.", f"There are: {', '.join(known())}.")
