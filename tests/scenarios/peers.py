"""What happened in another system's test, done with our own functions: the documents of a case on an account of its own."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from artui.cash import entry
from artui.cash.entry import UsedCredit
from artui.ledger import items as ledger
from artui.ledger import posting
from tests.books import Books


@dataclass
class Peer:
    """One case: its name is the account, its documents are numbered after it; `clerk` is who acts."""

    books: Books
    case: dict[str, Any]
    clerk: str = "jana"

    @property
    def account(self) -> str:
        return str(self.case["id"])

    @property
    def session(self) -> Any:
        return self.books.session(self.clerk)

    def number(self, name: str) -> str:
        return f"{self.account}-{name}"

    def given(self) -> Peer:
        """Post the documents the case begins with."""
        given = self.case["given"]
        for invoice in given.get("invoices", ()):
            self.invoice(invoice)
        for payment in given.get("payments", ()):
            self.pay(payment)
        for note in given.get("credit_notes", ()):
            self.credit_note(note)
        return self

    def invoice(self, invoice: dict[str, Any], **more: Any) -> None:
        if invoice.get("schedule"):
            more["instalments"] = invoice["schedule"]
        if offer := invoice.get("discount"):
            more["terms"] = {"rule": [{"days": 30}], "discount": {"percent": offer["percent"], "days": offer["within_days"]}}
        elif "schedule" not in invoice:
            more["due"] = invoice["due"]
        fields = {name: invoice[name] for name in ("date", "amount", "tax", "currency", "rate") if name in invoice}
        posting.post(self.session, {"id": str(uuid.uuid4()), "kind": "invoice", "number": self.number(invoice["id"]), "customer": self.account,
                                    "customer_name": self.account, "create_customer": True, **fields, **more})  # fmt: skip

    def pay(self, payment: dict[str, Any]) -> str:
        """Enter a payment the way the screen does: read, mark, post; what is not allocated stays on account."""
        if not self.books.query("SELECT 1 FROM account WHERE number = %s", self.account):
            self.books.query("WITH p AS (INSERT INTO party (name) VALUES (%s) RETURNING id) INSERT INTO account (kind, number, party_id, currency) SELECT 'customer', %s, id, 'USD' FROM p", self.account, self.account)
        on = date.fromisoformat(payment["date"])
        read = entry.paying_account(self.session, self.account, received_on=on)
        sheet = read.sheet(Decimal(payment["amount"]))
        for document, amount in payment["allocate"]:
            key = next(item.key for item in read.items if item.document == self.number(document))
            sheet = sheet.part(key, Decimal(amount))
        receipt = entry.receipt_of(sheet.leave_on_account(), key=str(uuid.uuid4()), account=self.account, received_on=on)
        number = str(entry.post_receipt(self.session, receipt).document)
        self.case.setdefault("numbers", {})[payment["id"]] = number
        return number

    def credit_note(self, note: dict[str, Any]) -> None:
        allocate = [{"document": self.number(document), "amount": amount} for document, amount in note["allocate"]]
        self.books.post("credit_note", number=self.number(note["id"]), customer=self.account, date=note["date"], amount=note["amount"], allocate=allocate)

    def document_of(self, name: str) -> str:
        """The number of an invoice, a credit note or a payment of the case."""
        return str(self.case.get("numbers", {}).get(name) or self.number(name))

    def apply_all(self) -> None:
        """Set every open credit against what is due first, as the worksheet's O does."""
        for credit in entry.paying_account(self.session, self.account).credits:
            read = entry.paying_account(self.session, self.account)
            sheet = read.sheet(credit.open).oldest()
            uses = tuple(UsedCredit(credit.key, credit.open, item.key, item.open, sheet.mark(item.key).cash) for item in read.items if item.key in sheet.marks)
            if uses:
                entry.apply_credits(self.session, str(uuid.uuid4()), uses, read.currency)

    def apply(self, credit: str, to: str, amount: str) -> None:
        """Set part of one credit against one invoice."""
        read = entry.paying_account(self.session, self.account)
        old = next(one for one in read.credits if one.document == self.document_of(credit))
        item = next(one for one in read.items if one.document == self.document_of(to))
        entry.apply_credits(self.session, str(uuid.uuid4()), (UsedCredit(old.key, old.open, item.key, item.open, Decimal(amount)),), read.currency)

    def cancel(self, payment: str) -> None:
        posting.post(self.session, {"id": str(uuid.uuid4()), "kind": "reversal", "document": self.document_of(payment), "reason": "error"})

    def open_of(self, name: str) -> Decimal:
        return sum((item.open for item in ledger.document(self.session, self.document_of(name)).items), Decimal(0))

    def state(self, name: str) -> str:
        return ledger.document(self.session, self.document_of(name)).state

    def rows(self, as_of: date | None = None) -> list[dict[str, Any]]:
        """The open documents of a day with what was invoiced, paid and credited by then."""
        day, found = as_of or self.books.today, []
        for item in ledger.items(self.session, "customer", self.account, day):
            document = ledger.document(self.session, item.document)
            moved = [link for link in document.allocations if link.effective_on <= day]
            paid = sum((link.amount for link in moved if link.kind == "payment"), Decimal(0))
            name = next((name for name, number in self.case.get("numbers", {}).items() if number == item.document), item.document.removeprefix(f"{self.account}-"))
            found.append({
                "doc": name, "invoiced": max(item.original, Decimal(0)), "paid": paid if item.original > 0 else -item.original,
                "credited": sum((link.amount for link in moved if link.kind == "credit_note"), Decimal(0)), "open": item.open,
            })  # fmt: skip
        return found

    def balance(self, as_of: date | None = None) -> Decimal:
        return sum((item.open for item in ledger.items(self.session, "customer", self.account, as_of)), Decimal(0))


def same(ours: list[dict[str, Any]], theirs: list[dict[str, Any]]) -> bool:
    """Whether our rows say what theirs say, in the columns theirs have."""
    return [{name: row[name] for name in their} for row, their in zip(ours, theirs, strict=True)] == [
        {name: value if name == "doc" else Decimal(value) for name, value in their.items()} for their in theirs
    ]
