"""Invoices, credit notes and purchases: one record, one document, with the lines of a second file."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final

from artui import money
from artui.io.importers.chunk import Chunk, Plain
from artui.io.importers.columns import Columns
from artui.io.importers.due import Bill, DueDates
from artui.io.importers.lines import Lines
from artui.io.importers.outcome import Finding, RowFault
from artui.io.importers.seen import Seen
from artui.io.importers.values import NULL, Amounts, currency, escape, optional, words, yes
from artui.io.importers.values import days as day_reader
from artui.session import Session
from artui.text import clean, fold

_COLUMNS: Final = (
    "row", "kind", "account", "account_name", "number", "doc_date", "posted_on", "due_on", "currency", "amount", "tax", "open_amount", "po", "terms",
    "settled_on", "disputed",
)  # fmt: skip
_LINE_COLUMNS: Final = ("row", "line", "item", "description", "quantity", "unit_price", "discount", "tax_code", "amount")  # fmt: skip
_KINDS: Final[Mapping[str, str]] = dict.fromkeys(
    ("", "invoice", "inv", "bill", "debit", "faktura", "rechnung", "factura"), "invoice"
) | dict.fromkeys(
    ("creditnote", "creditmemo", "credit", "cn", "cm", "gutschrift", "dobropis", "abono", "notadecredito"),
    "credit_note",
)


class Documents(Plain):
    """Stage documents of one side. `side` is customer or vendor."""

    def __init__(
        self,
        columns: Columns,
        side: str,
        currency_code: str,
        order: Any,
        amounts: Amounts,
        terms: Mapping[str, Any],
        lines: Lines | None,
    ) -> None:
        self.columns = columns
        self._side = side
        self._default = currency_code
        self._amounts = amounts
        self._day = day_reader(order)
        self._dates = DueDates(side, terms)
        self._lines = lines
        self._seen = Seen()
        self.kind = "invoice" if side == "customer" else "purchase"
        self.tables: dict[str, tuple[str, ...]] = {
            "document": _COLUMNS,
            "instalment": ("row", "seq", "due_on", "amount"),
            "line": _LINE_COLUMNS,
        }
        self.call = f"api.load_documents(%s::uuid, '{self.kind}', %s)"
        self.fields = {"account": side}
        place = columns.place
        self._number, self._account, self._name = place("number"), place(side), place(f"{side}_name")
        self._date, self._posted, self._due, self._terms = (
            place("date"),
            place("posting_date"),
            place("due"),
            place("terms"),
        )
        self._amount, self._tax, self._open, self._currency = (
            place("amount"),
            place("tax"),
            place("open_amount"),
            place("currency"),
        )
        self._po, self._kind, self._settled, self._disputed = (
            place("po"),
            place("kind"),
            place("settled"),
            place("disputed"),
        )

    def read(self, line: int, cells: list[str], chunk: Chunk) -> None:
        """Stage one document. Raises RowFault."""
        number, account = (
            words(cells[self._number], "number", 100),
            words(cells[self._account], self._side, 60),
        )
        if not number or not account:
            raise RowFault(
                self._side if number else "number", "", f"There is no {self._side if number else 'number'}."
            )
        kind = self._kind_of(cells[self._kind])
        code = currency(cells[self._currency]) if cells[self._currency] else self._default
        day = self._day(cells[self._date], "date") if cells[self._date] else ""
        if not day:
            raise RowFault("date", "", "There is no date.")
        amounts = self._amounts
        tax = amounts.minor(cells[self._tax], "tax", code) if cells[self._tax] else 0
        staged: list[str] = []
        shown = cells[self._amount]
        if shown and not shown.isspace():
            minor = amounts.minor(shown, "amount", code)
            if kind == "credit_note":
                minor, tax = abs(minor), abs(tax)
            elif minor < 0:
                raise RowFault(
                    "amount", shown, "It is negative; credit notes are told apart by a column kind."
                )
            if self._lines is not None:
                staged = self._with_lines(line, number, code, minor - tax, chunk, shown)
        elif self._lines is not None:
            total, staged = self._lines.stage(line, number, code)
            minor = total + tax
        else:
            raise RowFault("amount", "", "There is no amount.")
        if tax and not 0 <= tax <= minor:
            raise RowFault("tax", cells[self._tax], "The tax is not between nothing and the amount.")
        if self._seen.add((kind, number) if self.kind == "invoice" else (account, number)):
            raise RowFault(
                "number", number, f"{number} appears more than once in the file; the first row counts."
            )
        name, po = optional(cells[self._name], f"{self._side}_name"), optional(cells[self._po], "po")
        posted = self._day(cells[self._posted], "posting_date") if cells[self._posted] else NULL
        still_open = str(amounts.minor(cells[self._open], "open_amount", code)) if cells[self._open] else NULL
        settled = self._settled_on(line, cells[self._settled], day, chunk)
        disputed = "t" if cells[self._disputed] and yes(cells[self._disputed], "disputed") else "f"
        # last, because what waits for its due date counts on its row being staged
        due, terms = self._due_of(cells, kind, account, Bill(line, day, minor, code), chunk)
        chunk.rows["document"].append(
            f"{line}\t{kind}\t{escape(account)}\t{name}\t{escape(number)}\t{day}\t{posted}\t{due}\t{code}\t{minor}\t{tax}\t{still_open}\t{po}\t{terms}\t{settled}\t{disputed}"
        )
        if staged:
            chunk.rows["line"] += staged

    def _kind_of(self, cell: str) -> str:
        if self.kind == "purchase":
            return "purchase"
        if not cell:
            return "invoice"
        kind = _KINDS.get("".join(filter(str.isalnum, fold(clean(cell)))))
        if kind is None:
            raise RowFault("kind", cell, "It is neither an invoice nor a credit note.")
        return kind

    def _with_lines(self, line: int, number: str, code: str, net: int, chunk: Chunk, shown: str) -> list[str]:
        assert self._lines is not None
        if not self._lines.has(number):
            return []
        total, staged = self._lines.stage(line, number, code)
        if total != net:
            chunk.warn(
                line,
                "amount",
                shown,
                f"The lines of {number} come to {money.plain(money.from_minor(total, code), code)} without tax; the amount counts.",
            )
        return staged

    def _settled_on(self, line: int, cell: str, day: str, chunk: Chunk) -> str:
        if not cell or cell.isspace():
            return NULL
        settled = self._day(cell, "settled")
        if settled < day:
            chunk.warn(
                line,
                "settled",
                cell,
                f"It was settled before its date {day}; the payment counts from {day} on.",
            )
        return settled

    def _due_of(self, cells: list[str], kind: str, account: str, bill: Bill, chunk: Chunk) -> tuple[str, str]:
        """Give the due date and the terms for COPY."""
        cell = cells[self._due]
        if cell and not cell.isspace():
            due = self._day(cell, "due")
            if due < bill.day:
                chunk.warn(bill.line, "due", cell, f"It is due before its date {bill.day}; kept as it is.")
            return due, NULL
        if kind == "credit_note":
            return NULL, NULL
        if cells[self._open]:
            return bill.day, NULL
        told = clean(cells[self._terms])
        dates = self._dates
        return dates.by_terms(told, bill, chunk) if told else dates.by_account(account, bill, chunk)

    def complete(self, session: Session, chunk: Chunk) -> None:
        """Give documents without a due date the one their account's terms make."""
        self._dates.complete(session, chunk)

    def rest(self) -> list[Finding]:
        """Give the lines that belong to no document of the file."""
        return self._lines.orphans() if self._lines is not None else []

    def rounding(self) -> dict[str, Decimal]:
        """Give what rounding added, by currency."""
        added = dict(self._amounts.rounding)
        for code, amount in (self._lines.rounding if self._lines is not None else {}).items():
            added[code] = added.get(code, Decimal(0)) + amount
        return added
