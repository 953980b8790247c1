"""What the fields of a form offer while one types: terms, people here, countries, accounts, heads of groups, items."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from functools import cache

from artui.people.lookup import find
from artui.session import Session
from artui.text import fold, literally

MOST = 8


@dataclass(frozen=True)
class Offer:
    """One choice: the code that is kept, and what it is in words."""

    code: str
    words: str


@dataclass(frozen=True)
class Head:
    """An account that can be the head of a group, and the party its members belong to."""

    number: str
    name: str
    party_id: int


@dataclass(frozen=True)
class Good:
    """An item as it is sold; the price in units of `currency`, both None or empty where none is set."""

    number: str
    description: str
    unit: str
    price: Decimal | None
    currency: str
    tax_code: str


def terms(session: Session) -> tuple[Offer, ...]:
    """Return the payment terms."""
    return tuple(Offer(*row) for row in session.query("SELECT code, name FROM terms ORDER BY code"))


def staff(session: Session) -> tuple[Offer, ...]:
    """Return who works here now."""
    return tuple(Offer(*row) for row in session.query("SELECT login::text, full_name FROM staff WHERE disabled_at IS NULL ORDER BY login"))


@cache
def countries() -> tuple[Offer, ...]:
    """Return the countries by their two letters, named in English."""
    from babel import Locale

    named = Locale("en").territories
    return tuple(Offer(code, str(named[code])) for code in sorted(named) if len(code) == 2 and code.isalpha() and code not in ("EU", "EZ", "UN", "XA", "XB", "ZZ", "QO"))


def accounts(session: Session, typed: str, kind: str) -> tuple[Offer, ...]:
    """Return the accounts of a kind that fit what is typed, the best first."""
    return tuple(Offer(hit.number, f"{hit.name}{f', {hit.city}' if hit.city else ''}") for hit in find(session, typed, MOST, kind)) if typed.strip() else ()


def heads(session: Session, typed: str, kind: str) -> tuple[Head, ...]:
    """Return accounts that fit what is typed as heads of a group: a subsidiary stands for the head it has."""
    numbers = [hit.number for hit in find(session, typed, MOST, kind)] if typed.strip() else []
    rows = session.query(
        "SELECT a.number, p.name, coalesce(p.parent_id, p.id) FROM account a JOIN party p ON p.id = a.party_id WHERE a.kind = %s AND a.number = ANY (%s)", (kind, numbers)
    )
    return tuple(sorted((Head(*row) for row in rows), key=lambda head: numbers.index(head.number)))


def head_of(session: Session, party: int, kind: str) -> Head | None:
    """Return the account of the party a group belongs to; None when it has none of that kind."""
    rows = session.query("SELECT a.number, p.name, p.id FROM account a JOIN party p ON p.id = a.party_id WHERE p.id = %s ORDER BY a.kind <> %s, a.id LIMIT 1", (party, kind))
    return Head(*rows[0]) if rows else None


def items(session: Session, typed: str) -> tuple[Good, ...]:
    """Return the items that fit: by number, or by every word of the description."""
    words = [f"%{literally(word)}%" for word in fold(typed).split()]
    rows = session.query(
        """SELECT number, description, coalesce(unit, ''), unit_price, coalesce(currency, ''), coalesce(tax_code, '') FROM item
           WHERE lower(number) LIKE %s OR (cardinality(%s::text[]) > 0 AND fold(description) LIKE ALL (%s::text[]))
           ORDER BY lower(number) <> lower(%s), lower(number) NOT LIKE %s, number LIMIT %s""",
        (f"{literally(typed.strip().lower())}%", words, words, typed.strip(), f"{literally(typed.strip().lower())}%", MOST),
    )
    return tuple(Good(*row) for row in rows)
