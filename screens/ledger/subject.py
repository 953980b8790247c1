"""The document a correction is about, from wherever the cursor stands, and why a correction is of no use for it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from artui.ledger.history import Posted
from artui.ledger.items import Document, Item
from screens.commands import (
    Apply,
    Bounced,
    Command,
    CreditNote,
    Identify,
    Net,
    Recover,
    Refund,
    SmallRest,
    Transfer,
    Unallocate,
    Undo,
    Void,
    WriteOff,
)


@dataclass(frozen=True)
class Subject:
    """A posted document with its amounts, signed (credits negative); or, without a number, an account with a credit."""

    number: str
    kind: str
    account: str
    currency: str
    amount: Decimal
    open: Decimal
    reversed: bool = False
    other: str = ""
    """The document at the other end of the allocation under the cursor."""
    part: bool = False
    """It is a later instalment: of the others nothing is known here."""

    @property
    def words(self) -> str:
        """Name it."""
        return f"{self.kind.replace('_', ' ')} {self.number}" if self.number else f"account {self.account}"


def of_item(item: Item, account: str) -> Subject:
    """Return the document of an item; an instalment stands for the whole."""
    return Subject(item.document, item.kind, item.account or account, item.currency, item.original, item.open, part=item.seq > 1)


def of_posted(row: Posted) -> Subject:
    """Return a document of the history."""
    return Subject(row.document, row.kind, row.account, row.currency, row.amount, row.open, bool(row.reversed_by))


def of_document(shown: Document, other: str = "") -> Subject:
    """Return a document that is open on the screen."""
    whole = sum((item.original for item in shown.items), Decimal(0)) if shown.items else shown.amount
    left = sum((item.open for item in shown.items), Decimal(0))
    return Subject(shown.number, shown.kind, shown.account, shown.currency, whole, left, shown.state == "reversed", other)


RIGHTS: Mapping[type[Command], str] = {
    Bounced: "reversal", Unallocate: "unallocation", WriteOff: "write_off", Apply: "allocation", Refund: "refund", CreditNote: "credit_note", SmallRest: "small_difference",
    Transfer: "transfer", Net: "netting", Recover: "recovery", Void: "reversal", Undo: "reversal", Identify: "identify",
}  # fmt: skip
"""The right each correction needs."""
_BOOKED = ("invoice", "opening", "charge", "credit_note", "receipt", "purchase", "vendor_payment", "identify", "write_off", "refund", "transfer", "netting", "small_difference", "recovery", "withholding", "discount")


def why_not(command: type[Command], subject: Subject) -> str:
    """Say why a correction is of no use for a document; the books have the last word."""
    if subject.reversed and command is not Undo:
        return f"{subject.number} is reversed."
    return _RULES[command](subject)


def _bounced(subject: Subject) -> str:
    return "" if subject.kind == "receipt" else f"The bank returns receipts; this is {subject.words}."


def _unallocate(subject: Subject) -> str:
    return f"Nothing is set against {subject.words}." if subject.amount == subject.open and not subject.other and not subject.part else ""


def _owed(subject: Subject) -> str:
    return "" if subject.open > 0 and subject.kind not in ("purchase",) else f"Nothing is owed on {subject.words}."


def _credit(subject: Subject) -> str:
    return "" if subject.open < 0 and subject.kind not in ("purchase",) else f"Nothing is left to use of {subject.words}."


def _open(subject: Subject) -> str:
    return "" if subject.open != 0 else f"Nothing is open on {subject.words}."


def _invoice(subject: Subject) -> str:
    return "" if subject.kind == "invoice" else f"A credit note is of an invoice; this is {subject.words}."


def _recover(subject: Subject) -> str:
    return "" if subject.kind in ("invoice", "opening", "charge") else f"Nothing of {subject.words} was written off."


def _void(subject: Subject) -> str:
    if subject.kind not in _BOOKED:
        return f"A {subject.kind.replace('_', ' ')} is not voided."
    return "" if subject.amount == subject.open else f"{subject.number} is set against others: u un-allocates, C credits."


def _undo(subject: Subject) -> str:
    if subject.reversed:
        return f"{subject.number} is reversed: reverse the reversal to put it back."
    return "" if subject.number else "Put the cursor on a document."


def _identify(subject: Subject) -> str:
    return "" if subject.kind == "receipt" and not subject.account else "Its payer is known."


_RULES: Mapping[type[Command], Callable[[Subject], str]] = {
    Bounced: _bounced, Unallocate: _unallocate, WriteOff: _owed, Apply: _credit, Refund: _credit, CreditNote: _invoice, SmallRest: _open, Transfer: _open, Net: _owed,
    Recover: _recover, Void: _void, Undo: _undo, Identify: _identify,
}  # fmt: skip
