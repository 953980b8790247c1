"""Receipts: money that came in, whose it is and what it pays."""

from __future__ import annotations

import hashlib
from decimal import Decimal
from typing import Any, Final

from artui.io.importers.chunk import Chunk, Plain
from artui.io.importers.columns import Columns
from artui.io.importers.outcome import RowFault
from artui.io.importers.seen import Seen
from artui.io.importers.values import NULL, Amounts, currency, days, escape, optional, words
from artui.text import clean

_COLUMNS: Final = (
    "row",
    "kind",
    "account",
    "number",
    "doc_date",
    "currency",
    "amount",
    "method",
    "reference",
)
_MOST_INVOICES: Final = 1000


class Receipts(Plain):
    """Stage receipts and what they are meant to pay."""

    def __init__(self, columns: Columns, currency_code: str, order: Any, amounts: Amounts) -> None:
        self.columns = columns
        self._default = currency_code
        self._amounts = amounts
        self._day = days(order)
        self._seen = Seen()
        self._unnumbered = Seen()
        self._again: dict[str, int] = {}
        self.tables: dict[str, tuple[str, ...]] = {
            "document": _COLUMNS,
            "allocation": ("credit_row", "debit_number", "effective_on"),
        }
        self.call = "api.load_documents(%s::uuid, 'receipt', %s)"
        self.fields = {"account": "customer"}
        place = columns.place
        self._number, self._customer, self._date, self._amount = (
            place("number"),
            place("customer"),
            place("date"),
            place("amount"),
        )
        self._currency, self._method, self._reference, self._invoice = (
            place("currency"),
            place("method"),
            place("reference"),
            place("invoice"),
        )

    def read(self, line: int, cells: list[str], chunk: Chunk) -> None:
        """Stage one receipt. Raises RowFault."""
        customer = words(cells[self._customer], "customer", 60)
        code = currency(cells[self._currency]) if cells[self._currency] else self._default
        if not cells[self._date]:
            raise RowFault("date", "", "There is no date.")
        day = self._day(cells[self._date], "date")
        shown = cells[self._amount]
        if not shown or shown.isspace():
            raise RowFault("amount", "", "There is no amount.")
        minor = self._amounts.minor(shown, "amount", code)
        if minor <= 0:
            raise RowFault(
                "amount",
                shown,
                "A receipt is more than nothing; money that went back is a reversal or a refund.",
            )
        method, reference = (
            optional(cells[self._method], "method"),
            optional(cells[self._reference], "reference"),
        )
        invoices = self._invoices(cells[self._invoice])
        number = words(cells[self._number], "number", 100)
        if not number:
            number = self._made_up(customer, day, minor, code, method, reference, invoices)
        elif self._seen.add(number):
            raise RowFault(
                "number", number, f"{number} appears more than once in the file; the first row counts."
            )
        chunk.rows["document"].append(
            f"{line}\treceipt\t{escape(customer) or NULL}\t{escape(number)}\t{day}\t{code}\t{minor}\t{method}\t{reference}"
        )
        chunk.rows["allocation"] += [f"{line}\t{escape(invoice)}\t{day}" for invoice in invoices]

    def _invoices(self, cell: str) -> list[str]:
        found = [invoice for part in cell.split(";") if (invoice := clean(part))]
        if len(found) > _MOST_INVOICES or any(len(invoice) > 100 for invoice in found):
            raise RowFault(
                "invoice", cell[:60], "It is not a list of invoice numbers separated by semicolons."
            )
        return list(dict.fromkeys(found))

    def _made_up(self, *content: object) -> str:
        """Number a receipt by what it says, so that importing it again finds it; of rows that look alike each has its own."""
        text = "\x1f".join(map(str, content))
        met = self._unnumbered.add(text)
        again = 0
        if met:
            again = self._again[text] = self._again.get(text, 0) + 1
        digest = hashlib.sha256(f"{text}\x1f{again}".encode()).hexdigest()
        return f"R-{digest[:16].upper()}"

    def rounding(self) -> dict[str, Decimal]:
        """Give what rounding added, by currency."""
        return self._amounts.rounding
