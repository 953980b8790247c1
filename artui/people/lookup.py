"""One box for everything: who is calling, from whatever they give."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from artui import money, text
from artui.errors import BadInput
from artui.people import phones
from artui.session import Session

KINDS = ("all", "customer", "vendor")


@dataclass(frozen=True)
class Paid:
    """The last payment: its day, amount and reference."""

    on: dt.date
    amount: Decimal
    currency: str
    reference: str


@dataclass(frozen=True)
class Spokesperson:
    """Whom to ask for: the name, the last digits of the number, and what tells the time there."""

    name: str
    phone: str
    """Digits with the country's code; shown whole only where a call is made."""
    timezone: str
    """Of the number or of the party, where somebody has noted it."""
    country: str


@dataclass(frozen=True)
class Hit:
    """One account found: what it is, what it owes per currency, and what the text matched."""

    account_id: int
    kind: str
    number: str
    name: str
    city: str
    balance: Mapping[str, Decimal]
    past_due: Mapping[str, Decimal]
    disputed: Mapping[str, Decimal]
    oldest_days: int | None
    """Days the oldest open debit is past due; negative or None when nothing is."""
    oldest_document: str
    flags: tuple[str, ...]
    matched_on: str
    matched: str
    """What the text was found in: a number, a name, an address."""
    last_paid: Paid | None = None
    contact: Spokesperson | None = None

    def as_json(self) -> dict[str, Any]:
        """Return the hit in the shape promised to scripts."""
        return {
            "kind": self.kind,
            "number": self.number,
            "name": self.name,
            "city": self.city,
            "balance": {code: money.plain(amount, code) for code, amount in self.balance.items()},
            "past_due": {code: money.plain(amount, code) for code, amount in self.past_due.items()},
            "oldest_days": self.oldest_days,
            "flags": list(self.flags),
            "matched_on": self.matched_on,
        }


def find(session: Session, query: str, limit: int = 20, kind: str = "all", *, open_only: bool = False) -> tuple[Hit, ...]:
    """Return the accounts `query` means, best first: exact before prefix before word before misspelt.

    Understands account numbers, names in any order without accents, phones in any shape, invoice, PO and cheque
    numbers, `=amount` of an open item, tax ids and e-mails. `kind` is customer, vendor or all; `open_only` leaves out
    accounts with nothing open. One round trip.
    """
    wanted = text.clean(query)
    if not wanted or limit < 1:
        return ()
    amounts = _minor_amounts(wanted[1:]) if wanted.startswith("=") else None
    asked = (wanted, text.fold(wanted), [tail[::-1] for tail in phones.tails(wanted)], amounts, None if kind == "all" else kind, open_only, limit)
    return tuple(_hit(row) for row in session.prepared("lookup_find", _FIND, session.today, *asked))


def known(session: Session, accounts: Sequence[int]) -> tuple[Hit, ...]:
    """Return accounts by their ids, in that order; those that are not there any more are left out."""
    if not accounts:
        return ()
    return tuple(_hit(row) for row in session.prepared("lookup_known", _KNOWN, session.today, list(accounts)))


def _minor_amounts(shown: str) -> list[int]:
    try:
        amount = abs(
            money.parse_amount(
                shown, decimal="." if "." in shown or "," not in shown else ",", lenient_grouping=True
            ).amount
        )
    except BadInput:
        return []
    scaled = {amount.scaleb(places) for places in (0, 2, 3)}
    return [
        sign * int(value)
        for value in scaled
        for sign in (1, -1)
        if value == value.to_integral_value() and 0 < value <= money.MAX_MINOR
    ]


# What one says about each account found. Items are read from an index that holds all it takes; only those whose allocations
# lie on both sides of the day are added up from their rows.
_ANSWER = """
SELECT a.id, a.kind, a.number::text, p.name::text, coalesce(w.city, '')::text, coalesce(w.country, p.country, ''), o.owed, $1::date - o.oldest,
  CASE WHEN o.oldest < $1::date THEN (SELECT d.number::text FROM ar.open_item i JOIN ar.document d ON d.id = i.document_id
     WHERE i.account_id = a.id AND i.open > 0 AND i.due_on = o.oldest ORDER BY i.id LIMIT 1) END,
  a.hold, a.status, f.how, f.what, l.doc_date, l.amount, l.currency::text, coalesce(l.reference, l.number)::text, s.name, s.value_key, s.timezone, coalesce(p.timezone, '')::text
FROM {found} JOIN ar.account a ON a.id = f.account_id JOIN ar.party p ON p.id = a.party_id
LEFT JOIN LATERAL (SELECT city, country FROM ar.address WHERE party_id = p.id ORDER BY type, id LIMIT 1) w ON true
LEFT JOIN LATERAL (
  SELECT jsonb_agg(jsonb_build_array(currency, total, late, disputed) ORDER BY currency) AS owed, min(oldest) AS oldest FROM (
    SELECT i.currency::text, sum(v.open) AS total, coalesce(sum(v.open) FILTER (WHERE i.due_on < $1::date AND v.open > 0), 0) AS late,
      min(i.due_on) FILTER (WHERE v.open > 0) AS oldest, sum(i.disputed) AS disputed
    FROM ar.open_item i CROSS JOIN LATERAL (SELECT CASE WHEN i.posted_on > $1::date THEN 0 WHEN i.last_on > $1::date THEN
      (SELECT ar.open_on(x, $1::date) FROM ar.open_item x WHERE x.id = i.id) ELSE i.open::bigint END AS open OFFSET 0) v
    WHERE i.account_id = a.id AND i.open <> 0 GROUP BY 1) c) o ON true
LEFT JOIN LATERAL (SELECT d.doc_date, d.amount, d.currency, d.reference, d.number FROM ar.document d
  WHERE d.account_id = a.id AND d.kind IN ('receipt', 'vendor_payment') AND d.doc_date <= $1::date ORDER BY d.doc_date DESC, d.id DESC LIMIT 1) l ON true
LEFT JOIN LATERAL (SELECT coalesce(c.name, '')::text AS name, t.value_key::text, coalesce(t.timezone, '')::text AS timezone FROM ar.contact_point t LEFT JOIN ar.contact c ON c.id = t.contact_id
  WHERE t.party_id = p.id AND t.type IN ('phone', 'mobile') AND NOT t.bad ORDER BY c.purpose IS DISTINCT FROM 'collections', c.purpose IS DISTINCT FROM 'ap', c.id IS NULL, t.preferred DESC, t.id LIMIT 1) s ON true
ORDER BY f.place"""
_FIND = _ANSWER.format(
    found="api.find_accounts($2::text, $3::text, $4::text[], $5::bigint[], $6::text, $7::boolean, $8::int) WITH ORDINALITY f(account_id, how, what, place)"
)
_KNOWN = _ANSWER.format(found="(SELECT u.account_id, ''::text AS how, ''::text AS what, u.place FROM unnest($2::bigint[]) WITH ORDINALITY u(account_id, place)) f")


def _hit(row: tuple[Any, ...]) -> Hit:
    (account_id, kind, number, name, city, country, owed, oldest, oldest_document, hold, status, how, what, paid_on, paid, paid_in, reference,
     contact, phone, timezone, zone_of_party) = row  # fmt: skip
    owed = owed or ()
    disputed = {code: money.from_minor(minor, code) for code, _, _, minor in owed if minor}
    flags = [flag for flag, on in (("hold", hold), ("dispute", disputed), (status, status != "active")) if on]
    return Hit(
        account_id=account_id,
        kind=kind,
        number=number,
        name=name,
        city=city,
        balance={code: money.from_minor(minor, code) for code, minor, _, _ in owed},
        past_due={code: money.from_minor(minor, code) for code, _, minor, _ in owed},
        disputed=disputed,
        oldest_days=oldest,
        oldest_document=oldest_document or "",
        flags=tuple(flags),
        matched_on=how,
        matched=what,
        last_paid=None if paid_on is None else Paid(paid_on, money.from_minor(paid, paid_in), paid_in, reference),
        contact=Spokesperson(contact or "", phone or "", timezone or zone_of_party, country),
    )
