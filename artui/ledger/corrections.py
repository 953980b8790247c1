"""Corrections, one action each: the document that does it, and its effects before it is posted.

Every function here returns a document for `artui.ledger.posting.post`; `effects` shows what that document would do.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from psycopg2.extras import Json

from artui import money
from artui.errors import BadInput, Refused
from artui.ledger.items import Document, JournalLine, document
from artui.ledger.posting import to_vault
from artui.session import Session


@dataclass(frozen=True)
class Booked:
    """A document the posting makes, with its ledger lines; its number may be another one when it is posted."""

    number: str
    kind: str
    event: str
    date: dt.date
    account: str
    amount: Decimal
    currency: str
    lines: tuple[JournalLine, ...]


@dataclass(frozen=True)
class Moved:
    """An open item before and after: reopened when it grows away from nothing, closed when nothing is left."""

    document: str
    kind: str
    account: str
    due: dt.date
    currency: str
    before: Decimal
    after: Decimal
    new: bool

    @property
    def reopened(self) -> bool:
        """Tell whether something is open again that was less open."""
        return not self.new and abs(self.after) > abs(self.before)

    @property
    def closed(self) -> bool:
        """Tell whether nothing of it is left."""
        return self.after == 0


@dataclass(frozen=True)
class Effects:
    """What a document does: what it books, which items it moves, and who must decide it first (nobody when `amount` is None)."""

    documents: tuple[Booked, ...]
    items: tuple[Moved, ...]
    needs_approval: bool
    deciders: tuple[str, ...]
    """Logins that may approve it."""
    currency: str = ""
    """Of the company: what `base` of a ledger line is in."""

    @property
    def fees(self) -> tuple[Booked, ...]:
        """The charges among the documents."""
        return tuple(booked for booked in self.documents if booked.kind == "charge")


def effects(session: Session, document: Mapping[str, Any]) -> Effects:
    """Carry a document out and take it back: the same path as `post`, nothing is kept. Raises what `post` would raise."""
    body = to_vault(session, {**document, "id": document.get("id") or "00000000-0000-0000-0000-000000000000"})
    with session.transaction():
        return effects_from(session, session.query("SELECT api.effects(%s, %s)", (Json(body), session.today))[0][0])


def approval_effects(session: Session, number: int) -> Effects:
    """Show what approving a request would do, or, when it is decided, what it did. Raises Refused for those it is no business of."""
    with session.transaction():
        return effects_from(session, session.query("SELECT api.approval_effects(%s, %s)", (number, session.today))[0][0])


def effects_from(session: Session, row: Mapping[str, Any]) -> Effects:
    """Read effects as the vault tells them."""
    approval = row["approval"]
    return Effects(
        tuple(_booked(session, booked) for booked in row["documents"]),
        tuple(
            Moved(
                item["document"], item["kind"], item["account"], dt.date.fromisoformat(item["due"]), item["currency"],
                money.from_minor(int(item["before"]), item["currency"]), money.from_minor(int(item["after"]), item["currency"]), item["new"],
            )
            for item in row["items"]
        ),
        approval is not None,
        tuple(approval["deciders"]) if approval else (),
        session.currency,
    )  # fmt: skip


def _booked(session: Session, row: Mapping[str, Any]) -> Booked:
    lines = tuple(
        JournalLine(gl, name, code, money.from_minor(amount, code), None if base is None else money.from_minor(base, session.currency))
        for gl, name, code, amount, base, _ in row["lines"] or ()
    )
    return Booked(
        row["number"], row["kind"], row["event"], dt.date.fromisoformat(row["date"]), row["account"] or "", money.from_minor(row["amount"], row["currency"]), row["currency"], lines
    )


@dataclass(frozen=True)
class Link:
    """What one document has set against another and not taken back."""

    credit: str
    debit: str
    amount: Decimal
    currency: str
    kind: str
    effective_on: dt.date
    """The day the last of it took effect."""


def links(session: Session, number: str, kind: str | None = None) -> tuple[Link, ...]:
    """Return what is allocated between a document and others, in the order it was done."""
    rows = session.query(
        """SELECT c.number, d.number, sum(l.amount), i.currency, l.kind, max(l.effective_on) FROM document m
             JOIN open_item o ON o.document_id = m.id JOIN allocation l ON o.id IN (l.debit_item_id, l.credit_item_id)
             JOIN open_item i ON i.id = l.debit_item_id JOIN document d ON d.id = i.document_id JOIN open_item j ON j.id = l.credit_item_id JOIN document c ON c.id = j.document_id
           WHERE m.id = (SELECT id FROM document WHERE number = %(number)s AND kind = coalesce(%(kind)s, kind) ORDER BY id LIMIT 1)
           GROUP BY c.id, d.id, i.currency, l.kind HAVING sum(l.amount) <> 0 ORDER BY min(l.id)""",
        {"number": number, "kind": kind},
    )
    return tuple(Link(row[0], row[1], money.from_minor(int(row[2]), row[3]), *row[3:]) for row in rows)


def unallocate(session: Session, key: str, number: str, *, other: str | None = None, amount: Decimal | None = None, day: dt.date | None = None) -> dict[str, Any]:
    """Undo what a document is allocated to: all of it, or what links it to `other`, or `amount` of that. Dated `day`, today without.

    Raises Refused when there is nothing to undo; a discount, write-off, refund or reversal is undone by reversing it.
    """
    found = [link for link in links(session, number) if other in (None, link.credit, link.debit) and link.kind not in ("reversal", "write_off", "small_difference", "refund", "discount")]
    if not found:
        raise Refused(f"Nothing of {number} is allocated{f' to {other}' if other else ''}.", "What a discount, write-off, refund or reversal closed is opened by reversing that.", code="AR004")
    if amount is not None and len(found) > 1:
        raise BadInput(f"{number} is allocated to {len(found)} documents.", "Say which one.")
    moves = [{"from": link.credit, "to": link.debit, "amount": str(link.amount if amount is None else amount)} for link in found]
    return _document(key, "unallocation", session, day, moves=moves)


def returned_cheque(session: Session, key: str, number: str, *, day: dt.date | None = None, fee: Decimal | None = None) -> dict[str, Any]:
    """Reverse a receipt the bank has returned, dated with the bank's notice; the fee is the setting's unless another (or 0) is given."""
    proposed = nsf_fee(session, number, day) if fee is None else fee
    return _document(key, "reversal", session, day, document=number, document_kind="receipt", reason="nsf", **({"fee": str(proposed)} if proposed else {}))


def nsf_fee(session: Session, number: str, day: dt.date | None = None) -> Decimal:
    """Return the fee proposed for a returned payment: the setting nsf_fee of that day, in the receipt's currency at the day's rate, whole units."""
    when = day or session.today
    rows = session.query(
        "SELECT in_currency((setting_on('nsf_fee', %s) #>> '{}')::numeric, currency, %s), currency, currency = setting_on('company.currency', %s) #>> '{}' FROM document WHERE number = %s AND kind = 'receipt'",
        (when, when, when, number),
    )
    if not rows:
        raise Refused(f"There is no receipt numbered {number}.", "Only a posted receipt can be returned.", code="AR011")
    fee = money.from_minor(int(rows[0][0] or 0), rows[0][1])
    return fee if rows[0][2] else money.round_half_up(fee.quantize(Decimal(1), ROUND_HALF_UP), rows[0][1])


def void(session: Session, key: str, number: str, *, kind: str | None = None) -> dict[str, Any]:
    """Void a document nothing is allocated to, dated as it was itself (the first open day when that month is closed)."""
    found = document(session, number, kind=kind)
    return _document(key, "reversal", session, found.posted_on, document=number, reason="void", **({"document_kind": kind} if kind else {}))


def reverse(session: Session, key: str, number: str, *, reason: str = "error", day: dt.date | None = None, kind: str | None = None) -> dict[str, Any]:
    """Reverse a document for another reason: duplicate, wrong_account, error, stop."""
    return _document(key, "reversal", session, day, document=number, reason=reason, **({"document_kind": kind} if kind else {}))


def refund(session: Session, key: str, *, reason: str, customer: str = "", number: str = "", amount: Decimal | None = None, day: dt.date | None = None) -> dict[str, Any]:
    """Pay a credit back: a document's (all that is open of it), or an amount of the customer's oldest. A second person decides."""
    _give_one(customer, number)
    return _document(key, "refund", session, day, reason=reason, **_what(customer=customer, document=number, amount=amount))


def transfer(session: Session, key: str, *, to: str, number: str = "", customer: str = "", amount: Decimal | None = None, day: dt.date | None = None) -> dict[str, Any]:
    """Move what is open of a document, or an amount owed, to another account of the same group."""
    _give_one(customer, number)
    return _document(key, "transfer", session, day, to=to, **_what(customer=customer, document=number, amount=amount))


def write_off(session: Session, key: str, number: str, *, reason: str, amount: Decimal | None = None, day: dt.date | None = None) -> dict[str, Any]:
    """Propose to give up what is open of an invoice; somebody else approves it within their limit."""
    return _document(key, "write_off", session, day, document=number, reason=reason, **_what(amount=amount))


def small_difference(session: Session, key: str, number: str, *, amount: Decimal | None = None, day: dt.date | None = None) -> dict[str, Any]:
    """Let a small rest go, within the limits an item and a day."""
    return _document(key, "small_difference", session, day, document=number, **_what(amount=amount))


def recovery(session: Session, key: str, number: str, *, amount: Decimal, day: dt.date | None = None, reference: str = "", method: str = "") -> dict[str, Any]:
    """Take money in for an invoice that was written off: the debt is put back and paid."""
    return _document(key, "recovery", session, day, document=number, **_what(amount=amount, reference=reference, method=method))


def netting(session: Session, key: str, *, customer: str, vendor: str, amount: Decimal, reference: str, number: str = "", purchase: str = "", day: dt.date | None = None) -> dict[str, Any]:
    """Set what one party owes against what it is owed; `reference` names both sides' consent, `number` and `purchase` what is closed."""
    return _document(key, "netting", session, day, vendor=vendor, reference=reference, **_what(customer="" if number else customer, document=number, purchase=purchase, amount=amount))


def credit_note(
    session: Session, key: str, invoice: str, *, lines: Mapping[int, Decimal] | None = None, amount: Decimal | None = None, day: dt.date | None = None, number: str = "", reason: str = ""
) -> dict[str, Any]:
    """Credit an invoice: some quantities of its lines ({line: quantity}), an amount tax included, or all of it; tax in the invoice's own proportion.

    Above the maker's own limit it waits for a second person. Raises BadInput when more would be credited than was sold and is not credited yet.
    """
    found = document(session, invoice, kind="invoice")
    goods, net = _returned(found, lines) if lines is not None else ([], Decimal(0))
    if lines is not None:
        gross = net + _share(found.tax, net, found.amount - found.tax, found.currency)
    else:
        gross = found.amount if amount is None else amount
        net = gross - _share(found.tax, gross, found.amount, found.currency)
    credited, tax_credited = credited_before(session, found.id, found.currency)
    if gross <= 0 or gross + credited > found.amount:
        raise BadInput(
            f"{money.display(gross, found.currency)} cannot be credited: {invoice} is {money.display(found.amount, found.currency)}, {money.display(credited, found.currency)} of it is credited.",
            "Credit at most the rest.",
        )
    if gross + credited == found.amount:    # the last one takes the rest of the tax, cents of rounding included
        net = gross - (found.tax - tax_credited)
    return _document(
        key, "credit_note", session, day, customer=found.account, of=invoice, currency=found.currency, amount=str(gross), tax=str(gross - net),
        **({"lines": goods} if goods else {}), **_what(number=number, reason=reason),
    )  # fmt: skip


def credited_before(session: Session, document_id: int, currency: str) -> tuple[Decimal, Decimal]:
    """Return how much of an invoice has been credited already by notes that stand, and the tax in it."""
    rows = session.query("SELECT coalesce(sum(amount), 0), coalesce(sum(tax), 0) FROM document d WHERE of_id = %s AND kind = 'credit_note' AND NOT is_reversed(d.id)", (document_id,))
    return money.from_minor(int(rows[0][0]), currency), money.from_minor(int(rows[0][1]), currency)


def _returned(found: Document, lines: Mapping[int, Decimal]) -> tuple[list[dict[str, Any]], Decimal]:
    goods, net = [], Decimal(0)
    for place, quantity in lines.items():
        if not 1 <= place <= len(found.goods):
            raise BadInput(f"{found.number} has no line {place}.", f"It has {len(found.goods)}.")
        sold = found.goods[place - 1]
        if quantity <= 0 or quantity > sold.quantity:
            raise BadInput(f"Line {place}: {quantity} is not between nothing and the {sold.quantity.normalize():f} sold.", "Give how many come back.")
        amount = sold.amount if quantity == sold.quantity else money.round_half_up(sold.amount * quantity / sold.quantity, found.currency)
        net += amount
        goods.append({"item": sold.item or None, "description": sold.description, "quantity": str(quantity), "unit_price": str(sold.unit_price), "discount": str(sold.discount), "amount": str(amount)})
    return goods, net


def _share(tax: Decimal, part: Decimal, whole: Decimal, currency: str) -> Decimal:
    return money.round_half_up(tax * part / whole, currency) if whole else Decimal(0)


@dataclass(frozen=True)
class Returned:
    """How often the bank has returned a payment of an account, and when last."""

    times: int
    last_on: dt.date | None


def returned_payments(session: Session, account_id: int, day: dt.date | None = None) -> Returned:
    """Return the mark returned payments leave on an account; one that was put back does not count."""
    return Returned(*session.query("SELECT times, last_on FROM api.returned_payments(%s, %s)", (account_id, day or session.today))[0])


def _give_one(customer: str, number: str) -> None:
    if bool(customer) == bool(number):
        raise BadInput("Name a document or a customer, one of them.", "A document closes itself; of a customer the oldest credits are taken.")


def _what(**fields: object) -> dict[str, Any]:
    return {name: str(value) for name, value in fields.items() if value not in (None, "")}


def _document(key: str, kind: str, session: Session, day: dt.date | None, **fields: Any) -> dict[str, Any]:
    return {"id": key, "kind": kind, "date": (day or session.today).isoformat(), **fields}


def moves(pairs: Sequence[tuple[str, str, Decimal]]) -> list[dict[str, str]]:
    """Return (credit, debit, amount) triples as the moves of an allocation."""
    return [{"from": credit, "to": debit, "amount": str(amount)} for credit, debit, amount in pairs]
