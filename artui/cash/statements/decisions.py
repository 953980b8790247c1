"""What can be decided about an entry of the bank, in the vault's words: what `matching.decide` carries out once and `choices.effects` shows before."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from artui import money
from artui.cash.statements.reading import EntryRow
from artui.errors import BadInput
from artui.text import mask_cards

if TYPE_CHECKING:
    from artui.cash.statements.matching import Candidate

Decision = Mapping[str, Any]
"""One verb and what it is about; amounts in minor units."""


def booked(documents: Sequence[Mapping[str, Any]]) -> Decision:
    """Book documents and let the entry stand for them."""
    return {"documents": list(documents)}


def receipt(row: EntryRow, candidate: Candidate) -> list[dict[str, Any]]:
    """Give the documents that carry out a candidate: the receipt with its allocations, what banks kept, older credits set against the rest."""
    currency = row.currency
    allocate = [
        {"document": line.document, "amount": _minor(line.apply, currency), **({"discount": _minor(line.discount, currency)} if line.discount else {})}
        for line in candidate.proposal.lines
    ]  # fmt: skip
    documents: list[dict[str, Any]] = [
        {"kind": "receipt", "customer": candidate.party.number, "amount": _minor(candidate.amount, currency), "allocate": allocate, **_traits(row)}
    ]
    if candidate.fee:
        documents.append(charge(row, candidate.fee))
    if candidate.proposal.uses:
        moves = [{"from": use.credit_document, "to": use.document, "amount": _minor(use.amount, currency)} for use in candidate.proposal.uses]
        documents.append({"kind": "allocation", "moves": moves})
    return documents


def charge(row: EntryRow, amount: Decimal) -> dict[str, Any]:
    """Give the document of what the bank took."""
    return {"kind": "bank_charge", "amount": _minor(amount, row.currency), "memo": mask_cards(row.text or row.name), "reference": _reference(row)}


def unidentified(row: EntryRow, amount: Decimal | None = None) -> dict[str, Any]:
    """Give the document of money nobody knows the sender of: the entry's, or an amount of it."""
    return {"kind": "receipt", "amount": _minor(row.amount if amount is None else amount, row.currency), **_traits(row)}


def parked(row: EntryRow) -> Decision:
    """Book it as an unidentified receipt. Raises BadInput for money that went out."""
    if row.amount < 0:
        raise BadInput("Only money that came in can wait for its payer.", "Book a charge, a transfer or a returned payment.")
    return booked([unidentified(row)])


def charged(row: EntryRow) -> Decision:
    """Book it as charges of the bank. Raises BadInput for money that came in."""
    if row.amount > 0:
        raise BadInput("A charge is money that went out.", "Interest of the bank is money that came in.")
    return booked([charge(row, -row.amount)])


def interest(row: EntryRow) -> Decision:
    """Book it as interest of the bank. Raises BadInput for money that went out."""
    if row.amount < 0:
        raise BadInput("Interest of the bank is money that came in.", "A charge is money that went out.")
    return booked([{"kind": "bank_interest", "amount": _minor(row.amount, row.currency), "memo": mask_cards(row.text)}])


def moved(row: EntryRow) -> Decision:
    """Book it as one side of a transfer between own accounts."""
    side = "in" if row.amount > 0 else "out"
    return booked([{"kind": "bank_transfer", "reason": side, "amount": _minor(abs(row.amount), row.currency), "memo": mask_cards(row.text)}])


def returned(row: EntryRow, document: str, *, reason: str = "nsf", fee: Decimal = Decimal(0)) -> Decision:
    """Book it as the return of a receipt; the fee is charged to the customer. Raises BadInput for money that came in."""
    if row.amount > 0:
        raise BadInput("A returned payment is money that went out.", "Money that came in is a receipt.")
    fields: dict[str, Any] = {"kind": "reversal", "document": document, "reason": reason}
    if fee:
        fields["fee"] = _minor(fee, row.currency)
    return booked([fields])


def linked(documents: Sequence[str]) -> Decision:
    """Let it stand for documents that are in the books already. Raises BadInput when none is named."""
    if not documents:
        raise BadInput("No document is named.", "Name at least one.")
    return {"link": list(documents)}


def identified(row: EntryRow, candidate: Candidate) -> Decision:
    """Say whose a parked entry was."""
    [first, *_] = receipt(row, candidate)
    return {"identify": {name: first[name] for name in ("customer", "amount", "allocate")}}


def ignored(reason: str) -> Decision:
    """Leave it out of these books, under a reason."""
    return {"ignore": reason}


def reopened(reason: str) -> Decision:
    """Undo what was decided; what it has booked stays until it is reversed."""
    return {"reopen": reason}


def _traits(row: EntryRow) -> dict[str, Any]:
    fields = {"method": "transfer", "reference": _reference(row), "memo": mask_cards(" ".join(filter(None, (row.name, row.text))))[:500]}
    return {name: value for name, value in fields.items() if value}


def _reference(row: EntryRow) -> str:
    return row.end_to_end or row.bank_reference or row.reference


def _minor(amount: Decimal, currency: str) -> int:
    return money.to_minor(amount, currency)
