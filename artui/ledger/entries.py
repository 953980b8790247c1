"""Entering documents by hand: what is wrong is said field by field, and the rest is one document for the vault."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal

from artui import money, text
from artui.clock import spoken
from artui.errors import ArtuiError, BadInput
from artui.faults import Fault, no_card
from artui.ledger.items import currency_of as currency_of_account
from artui.ledger.posting import Answer, due_instalments, post, to_vault
from artui.session import Session


@dataclass(frozen=True)
class Line:
    """What is sold, bought or given back: amounts before tax; `discount_percent` of the price; without `amount` it is worked out."""

    quantity: Decimal = Decimal(1)
    unit_price: Decimal | None = None
    item: str = ""
    description: str = ""
    discount_percent: Decimal = Decimal(0)
    tax_code: str = ""
    amount: Decimal | None = None

    def net(self, currency: str) -> Decimal:
        """Return the line's amount, rounded half up."""
        if self.amount is not None:
            return self.amount
        return money.round_half_up(self.quantity * (self.unit_price or Decimal(0)) * (1 - self.discount_percent / 100), currency)


@dataclass(frozen=True)
class Entry:
    """An invoice, a purchase, a credit note or an opening balance as it is typed. With lines the amount is theirs and the tax.

    `account` is a customer's number, of a purchase a vendor's; `of` the invoice a credit note is for; an opening credit is negative.
    """

    kind: Literal["invoice", "purchase", "credit_note", "opening"]
    account: str
    date: dt.date
    number: str = ""
    currency: str = ""
    amount: Decimal | None = None
    tax: Decimal = Decimal(0)
    lines: tuple[Line, ...] = ()
    due: dt.date | None = None
    terms: str = ""
    posting_date: dt.date | None = None
    po: str = ""
    memo: str = ""
    of: str = ""
    reason: str = ""
    rate: Decimal | None = None
    """What one unit is in the company's currency; without one the books know it or ask for it."""

    def total(self, currency: str) -> Decimal | None:
        """Return the amount tax included: as typed, else the lines and the tax."""
        if self.amount is not None or not self.lines:
            return self.amount
        return sum((line.net(currency) for line in self.lines), Decimal(0)) + self.tax

    @property
    def side(self) -> str:
        """Whose account it is: customer or vendor."""
        return "vendor" if self.kind == "purchase" else "customer"


def opening_date(session: Session) -> dt.date | None:
    """Return the day opening balances are dated: the one before the books begin (setting opening.date), None when that is not set."""
    shown = session.query("SELECT setting_on('opening.date', %s) #>> '{}'", (session.today,))[0][0]
    return dt.date.fromisoformat(shown) - dt.timedelta(days=1) if shown else None


def currency_of(session: Session, entry: Entry) -> str:
    """Return the currency of an entry: its own, its account's, the company's."""
    if entry.currency:
        return entry.currency
    return currency_of_account(session, entry.side, entry.account) or session.currency


def faults(session: Session, entry: Entry) -> tuple[Fault, ...]:
    """Return everything wrong with an entry, in the order of its fields; empty when it can be posted."""
    currency = currency_of(session, entry)
    if not money.is_currency(currency):
        return (Fault("currency", f"{currency} is not a currency.", "Use an ISO 4217 code such as EUR."),)
    return (*_account(session, entry), *_number(session, entry), *_days(session, entry), *_amounts(entry, currency), *_lines(session, entry, currency), *_texts(entry))


def _account(session: Session, entry: Entry) -> list[Fault]:
    if not entry.account:
        return [Fault("account", f"Whose {entry.kind.replace('_', ' ')} is it?", "F4 looks up by anything you know of them.")]
    rows = session.query("SELECT currency, status FROM account WHERE kind = %s AND number = %s", (entry.side, entry.account))
    if not rows:
        return [Fault("account", f"There is no {entry.side} numbered {entry.account}.", "F4 looks up by anything you know of them.")]
    found = []
    if rows[0][1] == "closed":
        found.append(Fault("account", f"The account {entry.account} is closed.", "Open it again first." if entry.kind == "invoice" else "Post all the same when it must be.", doubt=entry.kind != "invoice"))
    if entry.currency and entry.currency != rows[0][0]:
        found.append(Fault("currency", f"{entry.account} is kept in {rows[0][0]}.", f"Post in {entry.currency} only when the paper says so.", doubt=True))
    if entry.of and not session.query("SELECT 1 FROM document d JOIN account a ON a.id = d.account_id WHERE d.number = %s AND d.kind = 'invoice' AND a.number = %s", (entry.of, entry.account)):
        found.append(Fault("of", f"{entry.account} has no invoice {entry.of}.", "Leave it empty: the credit then stays on account."))
    return found


def _number(session: Session, entry: Entry) -> list[Fault]:
    if not entry.number:
        return [Fault("number", "A purchase has the vendor's own number.", "It stands on their invoice.")] if entry.kind == "purchase" else []
    rows = session.query(
        """SELECT d.doc_date, d.amount, d.currency FROM document d LEFT JOIN account a ON a.id = d.account_id
           WHERE d.number = %s AND d.kind = %s AND (d.kind <> 'purchase' OR a.number = %s)""",
        (entry.number, entry.kind, entry.account),
    )
    if rows:
        day, amount, code = rows[0]
        return [Fault("number", f"{entry.number} is already in the books: {money.spoken(money.from_minor(amount, code), code)} of {spoken(day)}.", "Posted documents are not changed: use another number.")]
    if entry.kind == "purchase" and (twice := _twice(session, entry)):
        return twice
    if entry.po and session.query(
        "SELECT 1 FROM document d JOIN account a ON a.id = d.account_id WHERE d.po = %s AND d.kind = %s AND a.number = %s AND a.kind = %s LIMIT 1", (entry.po, entry.kind, entry.account, entry.side)
    ):
        return [Fault("po", f"There is already a {entry.kind.replace('_', ' ')} for the order {entry.po}.", "Look at it before you post a second one.", doubt=True)]
    return []


def _twice(session: Session, entry: Entry) -> list[Fault]:
    """Doubt what a vendor seems to have invoiced before: the same number but for its case, or the same amount on the same day."""
    currency = currency_of(session, entry)
    total = entry.total(currency) if money.is_currency(currency) else None
    minor = money.to_minor(money.round_half_up(total, currency), currency) if total else None
    rows = session.query(
        """SELECT d.number, d.doc_date, d.amount, d.currency FROM document d JOIN account a ON a.id = d.account_id
           WHERE a.kind = 'vendor' AND a.number = %(account)s AND d.kind = 'purchase'
             AND (lower(d.number) = lower(%(number)s) OR d.doc_date = %(date)s AND d.currency = %(currency)s AND d.amount = %(minor)s)
           ORDER BY lower(d.number) <> lower(%(number)s), d.id DESC LIMIT 1""",
        {"account": entry.account, "number": entry.number, "date": entry.date, "currency": currency, "minor": minor},
    )
    if not rows:
        return []
    number, day, amount, code = rows[0]
    return [Fault("number", f"It seems to be in the books already: {number}, {money.spoken(money.from_minor(amount, code), code)} of {spoken(day)}.", "Look at it before you post a second one.", doubt=True)]


def next_open(session: Session, day: dt.date) -> dt.date:
    """Return the first day from this one on that can be posted to: the day itself while its month is open."""
    found: dt.date = session.query("SELECT next_open_day(%s)", (day,))[0][0]
    return found


def _days(session: Session, entry: Entry) -> list[Fault]:
    found = []
    posted = entry.posting_date or entry.date
    for name, day in (("date", entry.date), ("posting_date", posted), ("due", entry.due)):
        if day is not None and not dt.date(1900, 1, 1) <= day <= dt.date(2200, 12, 31):
            found.append(Fault(name, f"{day} is out of range.", "Give a date between 1900 and 2200."))
    if found:
        return found
    free = next_open(session, posted)
    if free != posted:
        found.append(Fault("date" if entry.posting_date is None else "posting_date", f"{posted:%B %Y} is closed.", f"The next open day is {spoken(free)}: give it as the posting date."))
    if entry.due is not None and entry.due < entry.date:
        found.append(Fault("due", "It would be due before it was written.", "Check both dates.", doubt=True))
    if entry.date > session.today + dt.timedelta(days=31):
        found.append(Fault("date", f"{spoken(entry.date)} is more than a month ahead.", "Check the year.", doubt=True))
    if entry.terms:
        try:
            due_instalments(session, entry.terms, entry.date, Decimal(100), session.currency)
        except ArtuiError as error:
            found.append(Fault("terms", error.message, error.hint))
    return found


def _amounts(entry: Entry, currency: str) -> list[Fault]:
    total = entry.total(currency)
    if total is None:
        return [Fault("amount", "There is no amount and there are no lines.", "Give one or the other.")]
    for name, value in (("amount", total), ("tax", entry.tax)):
        try:
            money.to_minor(value, currency)
        except BadInput as error:
            return [Fault(name, error.message, error.hint)]
    if total == 0 and entry.kind != "invoice":
        return [Fault("amount", "The amount is nothing.")]
    if total < 0 and entry.kind != "opening":
        return [Fault("amount", "The amount is negative.", "What takes money back is a credit note.")]
    if not 0 <= entry.tax <= abs(total):
        return [Fault("tax", "The tax is not a part of the amount.", "The amount is with tax.")]
    net = sum((line.net(currency) for line in entry.lines), Decimal(0))
    if entry.lines and abs(total - entry.tax - net) > len(entry.lines) * money.from_minor(1, currency):
        return [Fault("amount", f"The lines make {money.display(net, currency)} and the tax {money.display(entry.tax, currency)}, not {money.display(total, currency)}.", "Correct one of them.")]
    return []


def _lines(session: Session, entry: Entry, currency: str) -> list[Fault]:
    found = []
    named = sorted({line.item for line in entry.lines if line.item})
    known = {row[0] for row in session.query("SELECT number FROM item WHERE number = ANY (%s)", (named,))} if named else set()
    for place, line in enumerate(entry.lines, 1):
        if line.item and line.item not in known:
            found.append(Fault(f"lines {place}: item", f"There is no item {line.item}.", "F4 looks up; or leave it empty and describe it."))
        if line.unit_price is None and line.amount is None:
            found.append(Fault(f"lines {place}: unit_price", "There is no price.", "Give the price of one, or the amount."))
        if not 0 <= line.discount_percent <= 100:
            found.append(Fault(f"lines {place}: discount_percent", "The discount is not between nothing and all."))
        found += _free(f"lines {place}: description", line.description)
    return found


def _texts(entry: Entry) -> list[Fault]:
    return [*_free("memo", entry.memo), *_free("reason", entry.reason)]


def _free(name: str, value: str) -> list[Fault]:
    return [*no_card(name, value), *([Fault(name, "This is longer than 500 characters.", "Shorten it.")] if len(value) > 500 else [])]


def document(session: Session, key: str, entry: Entry) -> dict[str, Any]:
    """Return the document an entry is, for `post` or for `corrections.effects`."""
    currency = currency_of(session, entry)
    made: dict[str, Any] = {"id": key, "kind": entry.kind, entry.side: entry.account, "date": entry.date.isoformat(), "currency": currency, "amount": str(entry.total(currency))}
    made |= {name: value for name in ("number", "terms", "po", "memo", "of", "reason") if (value := text.clean(getattr(entry, name)))}
    made |= {name: day.isoformat() for name in ("due", "posting_date") if (day := getattr(entry, name)) is not None}
    if entry.tax:
        made["tax"] = str(entry.tax)
    if entry.rate is not None:
        made["rate"] = f"{entry.rate:f}"
    if entry.lines:
        made["lines"] = [_goods(line, currency) for line in entry.lines]
    return made


def _goods(line: Line, currency: str) -> Mapping[str, Any]:
    price = line.unit_price
    if price is None:
        price = line.net(currency) / line.quantity if line.quantity else line.net(currency)
    goods = {"quantity": f"{line.quantity:f}", "unit_price": f"{round(price, 6):f}", "discount_percent": f"{line.discount_percent:f}", "amount": str(line.net(currency))}
    return goods | {name: value for name in ("item", "description", "tax_code") if (value := text.clean(getattr(line, name)))}


@dataclass(frozen=True)
class Outlook:
    """What an entry will be: its currency, lines, tax and total, when it falls due, and everything wrong with it so far."""

    currency: str
    net: Decimal
    tax: Decimal
    total: Decimal | None
    due: tuple[tuple[dt.date, Decimal], ...]
    faults: tuple[Fault, ...]


def outlook(session: Session, entry: Entry) -> Outlook:
    """Return what an entry as far as it is typed will be; nothing is kept. One look before it is posted."""
    found = faults(session, entry)
    currency = currency_of(session, entry)
    net = sum((line.net(currency) for line in entry.lines), Decimal(0))
    total = entry.total(currency)
    due: tuple[tuple[dt.date, Decimal], ...] = ()
    if total and not any(fault.field in ("account", "date", "due", "terms", "amount", "tax", "currency") and not fault.doubt for fault in found):
        body = to_vault(session, document(session, "00000000-0000-0000-0000-000000000000", entry))
        parts = body.get("instalments") or [{"due": body.get("due", body["date"]), "amount": body["amount"]}]
        due = tuple((dt.date.fromisoformat(part["due"]), money.from_minor(part["amount"], currency)) for part in parts)
    return Outlook(currency, net, entry.tax, total, due, found)


def enter(session: Session, key: str, entry: Entry) -> Answer:
    """Post an entry, once for the key. Raises BadInput naming the first field that is wrong, and what `post` raises."""
    made = document(session, key, entry) if money.is_currency(currency_of(session, entry)) and entry.total(currency_of(session, entry)) is not None else None
    if made is not None and session.query("SELECT api.posted(%s::uuid)", (key,))[0][0]:
        return post(session, made)      # sent again: its number is taken by itself
    for fault in faults(session, entry):
        if not fault.doubt:
            raise BadInput(f"{fault.field.replace('_', ' ').capitalize()}: {fault.message}", fault.hint)
    return post(session, document(session, key, entry))
