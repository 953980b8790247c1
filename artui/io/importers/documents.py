"""Invoices, credit notes and purchases: one record, one document, with the lines of a second file."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final

from artui import money
from artui.errors import BadInput
from artui.io.importers.chunk import Chunk, Plain
from artui.io.importers.columns import Columns
from artui.io.importers.lines import Lines
from artui.io.importers.outcome import Finding, RowFault
from artui.io.importers.values import NULL, Amounts, Seen, currency, escape, optional, words, yes
from artui.io.importers.values import days as day_reader
from artui.ledger.terms import Terms, parse_terms, schedule
from artui.session import Session
from artui.text import clean, fold

_COLUMNS: Final = (
    "row", "kind", "account", "account_name", "number", "doc_date", "posted_on", "due_on", "currency", "amount", "tax", "open_amount", "po", "terms",
    "settled_on", "disputed",
)  # fmt: skip
_LINE_COLUMNS: Final = ("row", "line", "item", "description", "quantity", "unit_price", "discount", "tax_code", "amount")
_KINDS: Final[Mapping[str, str]] = dict.fromkeys(
    ("", "invoice", "inv", "bill", "debit", "faktura", "rechnung", "factura"), "invoice"
) | dict.fromkeys(
    ("creditnote", "creditmemo", "credit", "cn", "cm", "gutschrift", "dobropis", "abono", "notadecredito"), "credit_note"
)
_DUE, _TERMS = "\x01", "\x02"
"""Stand in a staged row for what is worked out later; no cleaned text holds them."""


@dataclass(frozen=True, slots=True)
class Pending:
    """A document whose due date follows from its account's terms: where its row is, and what it is about."""

    place: int
    line: int
    account: str
    day: str
    minor: int
    currency: str


class Documents(Plain):
    """Stage documents of one side. `side` is customer or vendor."""

    def __init__(
        self, columns: Columns, side: str, currency_code: str, order: Any, amounts: Amounts, terms: Mapping[str, Any], lines: Lines | None
    ) -> None:
        self.columns = columns
        self._side = side
        self._default = currency_code
        self._amounts = amounts
        self._day = day_reader(order)
        self._rules = {code.casefold(): rule for code, rule in terms.items()}
        self._parsed: dict[str, Terms] = {}
        self._lines = lines
        self._seen = Seen()
        self.kind = "invoice" if side == "customer" else "purchase"
        self.tables: dict[str, tuple[str, ...]] = {"document": _COLUMNS, "instalment": ("row", "seq", "due_on", "amount"), "line": _LINE_COLUMNS}
        self.call = f"api.load_documents(%s::uuid, '{self.kind}', %s)"
        self.fields = {"account": side}
        place = columns.place
        self._number, self._account, self._name = place("number"), place(side), place(f"{side}_name")
        self._date, self._posted, self._due, self._terms_place = place("date"), place("posting_date"), place("due"), place("terms")
        self._amount, self._tax, self._open, self._currency = place("amount"), place("tax"), place("open_amount"), place("currency")
        self._po, self._kind, self._settled, self._disputed = place("po"), place("kind"), place("settled"), place("disputed")

    def read(self, line: int, cells: list[str], chunk: Chunk) -> None:
        """Stage one document. Raises RowFault."""
        number, account = words(cells[self._number], "number", 100), words(cells[self._account], self._side, 60)
        if not number or not account:
            raise RowFault(self._side if number else "number", "", f"There is no {self._side if number else 'number'}.")
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
                raise RowFault("amount", shown, "It is negative; credit notes are told apart by a column kind.")
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
            raise RowFault("number", number, f"{number} appears more than once in the file; the first row counts.")
        name, po = optional(cells[self._name], f"{self._side}_name"), optional(cells[self._po], "po")
        posted = self._day(cells[self._posted], "posting_date") if cells[self._posted] else NULL
        still_open = str(amounts.minor(cells[self._open], "open_amount", code)) if cells[self._open] else NULL
        settled = self._settled_on(line, cells[self._settled], day, chunk)
        disputed = "t" if cells[self._disputed] and yes(cells[self._disputed], "disputed") else "f"
        # last, because what waits for its due date counts on its row being staged
        due, terms = self._due_of(line, cells, day, minor, code, kind, account, chunk)
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
            chunk.warn(line, "amount", shown, f"The lines of {number} come to {money.plain(money.from_minor(total, code), code)} without tax; the amount counts.")
        return staged

    def _settled_on(self, line: int, cell: str, day: str, chunk: Chunk) -> str:
        if not cell or cell.isspace():
            return NULL
        settled = self._day(cell, "settled")
        if settled < day:
            chunk.warn(line, "settled", cell, f"It was settled before its date {day}; the payment counts from {day} on.")
        return settled

    def _due_of(self, line: int, cells: list[str], day: str, minor: int, code: str, kind: str, account: str, chunk: Chunk) -> tuple[str, str]:
        """Give the due date and the terms for COPY; what only the account's terms tell is left for `complete`."""
        cell = cells[self._due]
        if cell and not cell.isspace():
            due = self._day(cell, "due")
            if due < day:
                chunk.warn(line, "due", cell, f"It is due before its date {day}; kept as it is.")
            return due, NULL
        if kind == "credit_note" or cells[self._open]:
            return (day if kind != "credit_note" else NULL), NULL
        told = clean(cells[self._terms_place])
        if told:
            return self._apply(line, told, self._rule(told), day, minor, code, chunk)
        chunk.pending.append(Pending(len(chunk.rows["document"]), line, account, day, minor, code))
        return _DUE, _TERMS

    def _rule(self, told: str) -> Any:
        """Give the rule of terms told by their code, in words such as "net 30", or as a rule itself."""
        if told.startswith(("[", "{")):
            return told
        found = terms_code(told, self._rules)
        if found is None:
            raise RowFault("terms", told, "There are no such terms; artui terms list shows them.")
        return self._rules[found.casefold()]

    def _apply(self, line: int, shown: str, rule: Any, day: str, minor: int, code: str, chunk: Chunk) -> tuple[str, str]:
        text = rule if isinstance(rule, str) else json.dumps(rule)
        try:
            if text not in self._parsed:
                self._parsed[text] = parse_terms(text)
            parts = schedule(self._parsed[text], date.fromisoformat(day), money.from_minor(minor, code), code)
        except (BadInput, OverflowError) as error:
            raise RowFault("terms", shown, str(error)) from None
        if len(parts) > 1 and minor > 0:
            chunk.rows["instalment"] += [f"{line}\t{seq}\t{part.due}\t{money.to_minor(part.amount, code)}" for seq, part in enumerate(parts, 1)]
        return parts[-1].due.isoformat(), escape(text)

    def complete(self, session: Session, chunk: Chunk) -> None:
        """Give documents without a due date the terms of their account; without any they are due on their date."""
        if not chunk.pending:
            return
        numbers = sorted({pending.account for pending in chunk.pending})
        found: dict[str, Any] = dict(
            session.query(
                "SELECT a.number, t.rule FROM ar.account a JOIN ar.terms t ON t.code = a.terms WHERE a.kind = %s AND a.number = ANY (%s)",
                (self._side, numbers),
            )
        )
        rows = chunk.rows["document"]
        for pending in chunk.pending:
            due, terms = pending.day, NULL
            rule = found.get(pending.account)
            if rule is not None:
                try:
                    due, terms = self._apply(pending.line, "", rule, pending.day, pending.minor, pending.currency, chunk)
                except RowFault as fault:
                    chunk.warn(pending.line, "terms", "", f"The account's terms cannot be applied ({fault.message}); due on its date.")
            rows[pending.place] = rows[pending.place].replace(_DUE, due, 1).replace(_TERMS, terms, 1)
        chunk.pending.clear()

    def rest(self) -> list[Finding]:
        """Give the lines that belong to no document of the file."""
        return self._lines.orphans() if self._lines is not None else []

    def rounding(self) -> dict[str, Decimal]:
        """Give what rounding added, by currency."""
        added = dict(self._amounts.rounding)
        for code, amount in (self._lines.rounding if self._lines is not None else {}).items():
            added[code] = added.get(code, Decimal(0)) + amount
        return added


def terms_code(told: str, rules: Mapping[str, Any]) -> str | None:
    """Give the code of terms told by code or as days ("net 30", "30 days"); None when there are none. Codes are in lower case."""
    word = told.casefold()
    if word in rules:
        return word
    bare = "".join(filter(str.isalnum, fold(told)))
    if bare in rules:
        return bare
    digits = "".join(filter(str.isdigit, bare))
    if digits and len(digits) <= 3 and bare.replace(digits, "") in ("", "net", "days", "netdays", "daysnet", "n", "d", "tage", "dni", "dias"):
        wanted = [{"days": int(digits)}] if int(digits) else []
        return next((code for code, rule in rules.items() if rule == wanted), None)
    return None
