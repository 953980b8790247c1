"""The lines of documents, from a second file: found by number, in constant memory."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from decimal import Decimal
from typing import Final, Literal

from artui.errors import BadInput
from artui.io.importers.columns import Columns
from artui.io.importers.outcome import Finding, RowFault
from artui.io.importers.reading import Table, Unreadable
from artui.io.importers.values import Amounts, optional, words
from artui.text import clean

_FIELDS: Final = ("item", "description", "quantity", "unit_price", "discount", "discount_percent", "tax_code")
_BATCH: Final = 5000
_MOST_ORPHANS: Final = 1000
_LARGEST: Final = Decimal(10) ** 15


class Lines:
    """An index of a line file in a temporary database on disk that disappears with it."""

    def __init__(
        self, table: Table, columns: Columns, amounts: Amounts, rounding: Literal["order", "line"]
    ) -> None:
        self._name = table.path.name
        self._columns = columns
        self._amounts = amounts
        self._by_line = rounding == "line"
        # the rows are written here and read by the thread that parses
        self._index = sqlite3.connect("", check_same_thread=False, isolation_level=None)
        self._index.execute("PRAGMA cache_size = -8000")
        self._index.execute(f"CREATE TABLE line (number TEXT, place INT, {', '.join(_FIELDS)})")
        self._index.execute("CREATE TABLE met (number TEXT PRIMARY KEY) WITHOUT ROWID")
        self.fault: Finding | None = None
        self._fill(table)

    def _fill(self, table: Table) -> None:
        places = [self._columns.place(field) for field in _FIELDS]
        number = self._columns.place("number")
        marks = ", ".join("?" * (len(_FIELDS) + 2))
        self._index.execute("BEGIN")
        batch: list[tuple[object, ...]] = []
        for start, cells in self._records(table):
            if len(cells) < len(table.columns):
                cells += [""] * (len(table.columns) - len(cells))
            cells.append("")
            batch.append((clean(cells[number]), start, *(cells[place] for place in places)))
            if len(batch) >= _BATCH:
                self._index.executemany(f"INSERT INTO line VALUES ({marks})", batch)
                batch.clear()
        self._index.executemany(f"INSERT INTO line VALUES ({marks})", batch)
        self._index.execute("CREATE INDEX line_number ON line (number)")
        self._index.execute("COMMIT")

    def _records(self, table: Table) -> Iterator[tuple[int, list[str]]]:
        try:
            yield from table.records()
        except Unreadable as error:
            raise BadInput(
                f"{self._name}, line {error.line}: {error.message}", "Correct the file; nothing was booked."
            ) from None

    def has(self, number: str) -> bool:
        """Tell whether a document has lines."""
        return (
            self._index.execute("SELECT 1 FROM line WHERE number = ? LIMIT 1", (number,)).fetchone()
            is not None
        )

    def stage(self, row: int, number: str, currency: str) -> tuple[int, list[str]]:
        """Give the total in minor units and the staged rows of a document's lines. Raises RowFault naming the line."""
        found = self._index.execute(
            "SELECT * FROM line WHERE number = ? ORDER BY place", (number,)
        ).fetchall()
        self._index.execute("INSERT OR IGNORE INTO met VALUES (?)", (number,))
        if not found:
            raise RowFault(
                "amount", "", f"There is neither an amount nor a line of {number} in {self._name}."
            )
        exact = Decimal(0)
        total = 0
        rows: list[str] = []
        for place, (_, start, item, description, *figures, tax_code) in enumerate(found, 1):
            try:
                quantity, price, discount = self._figures(*figures)
                goods = quantity * price * (1 - discount)
                exact += goods
                # of an order rounded as a whole each line carries the part that brings the sum of the lines so far to its rounded value
                minor = (
                    self._amounts.rounded(goods, currency)
                    if self._by_line
                    else self._upto(exact, currency) - total
                )
                rows.append(
                    f"{row}\t{place}\t{optional(item, 'item')}\t{optional(description, 'description')}\t{quantity:f}\t{price:f}\t{discount:f}\t{optional(tax_code, 'tax_code')}\t{minor}"
                )
            except (RowFault, BadInput) as fault:
                field, value = (fault.field, fault.value) if isinstance(fault, RowFault) else ("amount", "")
                raise RowFault(
                    self._columns.name(field), value, f"Line {start} of {self._name}: {fault}"
                ) from None
            total += minor
        if not self._by_line:
            self._amounts.rounded(exact, currency)
        if total < 0:
            raise RowFault("amount", "", f"The lines of {number} come to less than nothing.")
        return total, rows

    def _upto(self, exact: Decimal, currency: str) -> int:
        from artui import money

        return money.to_minor(money.round_half_up(exact, currency), currency)

    def _figures(
        self, quantity: str, price: str, discount: str, percent: str
    ) -> tuple[Decimal, Decimal, Decimal]:
        read = self._amounts.number
        off = (
            read(discount, "discount")
            if discount
            else read(percent, "discount_percent") / 100
            if percent
            else Decimal(0)
        )
        if not 0 <= off <= 1:
            shown = discount or percent
            raise RowFault(
                "discount" if discount else "discount_percent",
                shown,
                "A discount is a fraction between 0 and 1, a discount_percent between 0 and 100.",
            )
        if not price:
            raise RowFault("unit_price", "", "There is no unit_price.")
        figures = read(quantity, "quantity") if quantity else Decimal(1), read(price, "unit_price"), off
        if abs(figures[0]) >= _LARGEST or abs(figures[1]) >= _LARGEST:
            raise RowFault("quantity", quantity, "The quantity or the price is too large.")
        return figures

    def orphans(self) -> list[Finding]:
        """Give the lines whose document is not in the file."""
        found = self._index.execute(
            "SELECT number, min(place), count(*) FROM line WHERE number NOT IN (SELECT number FROM met) GROUP BY number ORDER BY 2 LIMIT ?",
            (_MOST_ORPHANS,),
        )
        return [
            Finding(
                place,
                self._columns.name("number"),
                words(number, "number"),
                f"Line {place} of {self._name} belongs to no document of the file ({count} lines).",
            )
            for number, place, count in found
        ]

    @property
    def rounding(self) -> dict[str, Decimal]:
        """What rounding added, by currency."""
        return self._amounts.rounding

    def close(self) -> None:
        """Let go of the index."""
        self._index.close()
