"""What the books know that may tell who sent an entry, and what that customer's group has open on a day. A few short queries."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from artui import money, text
from artui.cash.payable import Credit, Payable
from artui.cash.statements.payers import Party, Sign, numbers
from artui.errors import Refused
from artui.ledger.terms import discount_of
from artui.session import Session

_MOST: Final = 2_000
_PARTY = "a.id, a.number, p.name, coalesce(p.parent_id, p.id)"
_FROM = "ar.account a JOIN ar.party p ON p.id = a.party_id"

_DOCUMENTS = f"""SELECT {_PARTY}, d.number, EXISTS (SELECT 1 FROM ar.open_item i WHERE i.document_id = d.id AND i.original > 0 AND ar.open_on(i, %(day)s) <> 0)
  FROM ar.document d JOIN {_FROM} ON a.id = d.account_id
  WHERE d.number = ANY (%(numbers)s) AND a.kind = 'customer' AND d.kind IN ('invoice', 'charge', 'opening', 'credit_note') AND d.posted_on <= %(day)s LIMIT 50"""
_ORDERS = f"""SELECT DISTINCT {_PARTY}, d.po FROM ar.document d JOIN {_FROM} ON a.id = d.account_id
  JOIN ar.open_item i ON i.document_id = d.id WHERE d.po = ANY (%(numbers)s) AND a.kind = 'customer' AND i.open <> 0 LIMIT 20"""
_CUSTOMERS = (
    f"SELECT {_PARTY} FROM {_FROM} WHERE a.kind = 'customer' AND lower(a.number) = ANY (%(lower)s) LIMIT 20"
)
_BEFORE = f"""SELECT {_PARTY}, count(*), max(e.booked_on) FROM ar.bank_entry e JOIN ar.bank_match m ON m.entry_id = e.id AND m.undone_at IS NULL
  JOIN ar.document d ON d.id = m.document_id JOIN {_FROM} ON a.id = d.account_id
  WHERE e.account = %(account)s AND e.id <> %(entry)s AND e.booked_on <= %(day)s AND a.kind = 'customer' GROUP BY 1, 2, 3, 4 ORDER BY 5 DESC LIMIT 5"""
_NAMES = f"""SELECT {_PARTY}, ext.similarity(p.name_key, %(name)s), p.name_key = %(name)s OR ar.fold(coalesce(p.legal_name, '')) = %(name)s
  FROM {_FROM} WHERE a.kind = 'customer' AND p.name_key OPERATOR(ext.%%) %(name)s ORDER BY 6 DESC, 5 DESC LIMIT 5"""
_AMOUNTS = f"""SELECT {_PARTY}, d.number FROM ar.open_item i JOIN {_FROM} ON a.id = i.account_id JOIN ar.document d ON d.id = i.document_id
  WHERE i.original = %(minor)s AND i.open = i.original AND i.currency = %(currency)s AND NOT i.is_vendor LIMIT 6"""
_OPEN = """SELECT i.id, d.number, d.kind, i.doc_date, i.due_on, ar.open_on(i, %(day)s), i.original, i.seq, d.po,
    coalesce(t.rule, CASE WHEN jsonb_typeof(d.terms) <> 'string' THEN d.terms END)::text, a.number, d.event, i.disputed
  FROM ar.open_item i JOIN ar.document d ON d.id = i.document_id JOIN ar.account a ON a.id = i.account_id JOIN ar.party p ON p.id = a.party_id
  LEFT JOIN ar.terms t ON jsonb_typeof(d.terms) = 'string' AND t.code = d.terms #>> '{}'
  WHERE i.account_id = ANY (%(accounts)s) AND i.currency = %(currency)s AND i.posted_on <= %(day)s AND (i.open <> 0 OR i.last_on > %(day)s) ORDER BY i.due_on, i.id LIMIT %(most)s"""
_GROUP = "SELECT a.id FROM ar.account a JOIN ar.party p ON p.id = a.party_id WHERE coalesce(p.parent_id, p.id) = %s AND a.kind = 'customer'"


@dataclass(frozen=True)
class Hint:
    """What an entry (or one of its parts) says of its payer. `entry` is its id, 0 for none."""

    amount: Decimal
    currency: str
    on: dt.date
    name: str = ""
    account: str = ""
    text: str = ""
    reference: str = ""
    end_to_end: str = ""
    entry: int = 0

    @property
    def words(self) -> str:
        """Everything the payer wrote."""
        return " ".join(filter(None, (self.text, self.reference, self.end_to_end)))


def signs(session: Session, hint: Hint, day: dt.date) -> tuple[Sign, ...]:
    """Gather what points at customers, with what was open on `day`."""
    found: list[Sign] = []
    told = numbers(hint.text, hint.reference, hint.end_to_end)
    wanted: dict[str, Any] = {
        "numbers": list(told), "lower": [each.lower() for each in told], "day": day, "account": hint.account, "entry": hint.entry,
        "name": text.fold(hint.name), "minor": money.to_minor(hint.amount, hint.currency), "currency": hint.currency,
    }  # fmt: skip
    if told:
        for *who, number, is_open in session.query(_DOCUMENTS, wanted):
            if is_open:
                found.append(Sign("document", Party(*who), f"names {number}"))
        found += [
            Sign("order", Party(*who), f"names order {po}") for *who, po in session.query(_ORDERS, wanted)
        ]
        found += [
            Sign("customer", Party(*who), "names the customer number")
            for who in session.query(_CUSTOMERS, wanted)
        ]
    if hint.account:
        found += [
            Sign("account", Party(*who), f"paid from this account {count} times before")
            for *who, count, _ in session.query(_BEFORE, wanted)
        ]
    if hint.name:
        for *who, strength, same in session.query(_NAMES, wanted):
            words = "the payer has this name" if same else "the payer's name is like it"
            found.append(
                Sign("name" if same else "like", Party(*who), words, 1.0 if same else float(strength))
            )
    if not any(sign.kind in ("document", "account", "name") for sign in found):
        rows = session.query(_AMOUNTS, wanted)
        if len(rows) <= 5:
            found += [
                Sign("amount", Party(*who), f"{number} is exactly this amount") for *who, number in rows
            ]
    return tuple(found)


def customer(session: Session, number: str) -> Party:
    """Return a customer by the number of its account. Raises Refused when there is none."""
    rows = session.query(f"SELECT {_PARTY} FROM {_FROM} WHERE a.kind = 'customer' AND a.number = %s", (number,))
    if not rows:
        raise Refused(f"There is no customer {text.safe(number)}.", "F2 finds one by name.", code="AR011")
    return Party(*rows[0])


def group_of(session: Session, party: Party) -> tuple[int, ...]:
    """Return the accounts of a customer's group, the customer's own among them."""
    return tuple(row[0] for row in session.query(_GROUP, (party.group,)))


def open_on(
    session: Session, accounts: Sequence[int], currency: str, day: dt.date, paid_on: dt.date
) -> tuple[tuple[Payable, ...], tuple[Credit, ...]]:
    """Return what accounts owe and are owed on a day, with the discount that paying on `paid_on` earns."""
    items: list[Payable] = []
    credits_: list[Credit] = []
    rows = session.query(_OPEN, {"accounts": list(accounts), "currency": currency, "day": day, "most": _MOST})
    for (
        key,
        number,
        kind,
        date,
        due,
        minor,
        original,
        seq,
        po,
        rule,
        account,
        event,
        disputed,
    ) in rows:
        amount = money.from_minor(minor, currency)
        if minor < 0:
            credits_.append(Credit(key, number, date, -amount, kind))
        elif minor > 0:
            discount, until = discount_of(rule if kind == "invoice" else None, date, paid_on, amount, currency)
            nature = "interest" if event == "interest" else "cost" if kind == "charge" else "principal"
            items.append(
                Payable(key, number, date, due, amount, discount, until, nature, money.from_minor(disputed, currency), kind, seq, po or "", money.from_minor(original, currency), account)  # type: ignore[arg-type]
            )  # fmt: skip
    return tuple(items), tuple(credits_)


def as_written(session: Session, numbers: Sequence[str]) -> tuple[str, ...]:
    """Return numbers of documents as they stand in the books, in whatever case they were typed; unknown ones stay as typed."""
    there = {row[0] for row in session.query("SELECT number::text FROM ar.document WHERE number = ANY (%s)", ([*numbers, *(each.upper() for each in numbers)],))}
    return tuple(each if each in there or each.upper() not in there else each.upper() for each in numbers)


def payable_of(session: Session, number: str, currency: str, paid_on: dt.date) -> tuple[Payable, ...]:
    """Return what a customer owes in a currency today, oldest due first; nothing for a number that is nobody's."""
    rows = session.query(f"SELECT a.id FROM {_FROM} WHERE a.kind = 'customer' AND a.number = %s", (number,))
    return open_on(session, [rows[0][0]], currency, session.today, paid_on)[0] if rows else ()
