"""The bank against the ledger on any day, with what explains the difference."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from artui import money
from artui.cash.statements.reading import accounts
from artui.errors import Refused
from artui.session import Session
from artui.text import mask_cards


@dataclass(frozen=True)
class Loose:
    """One side without the other: an entry no document stands for (`document` empty), or a document no entry stands for (`entry` 0)."""

    on: dt.date
    amount: Decimal
    document: str
    words: str
    entry: int = 0


@dataclass(frozen=True)
class Reconciliation:
    """A bank account on a day: bank - ledger = before + unbooked - uncleared, always; `off` is what would be left.

    `bank` is None before the first statement. `before` stood at the bank before the first statement without a document.
    `through` is the last day the bank is known for. The lists show at most their limit, the sums everything.
    """

    account: str
    currency: str
    gl: str
    as_of: dt.date
    bank: Decimal | None
    ledger: Decimal
    before: Decimal
    unbooked: Decimal
    uncleared: Decimal
    through: dt.date | None
    on_statement_only: tuple[Loose, ...] = ()
    in_books_only: tuple[Loose, ...] = ()

    @property
    def difference(self) -> Decimal | None:
        """Bank less ledger."""
        return None if self.bank is None else self.bank - self.ledger

    @property
    def off(self) -> Decimal:
        """What nothing explains; anything but nothing is an error in the books."""
        return (
            Decimal(0)
            if self.bank is None
            else self.bank - self.ledger - self.before - self.unbooked + self.uncleared
        )

    @property
    def ties(self) -> bool:
        """Whether the difference is explained to the cent."""
        return self.off == 0


_UNBOOKED = """SELECT e.booked_on, e.amount - coalesce(m.amount, 0), e.state, e.reason, e.name, e.text, e.id FROM ar.bank_entry e
  LEFT JOIN LATERAL (SELECT sum(m.amount) AS amount FROM ar.bank_match m JOIN ar.document d ON d.id = m.document_id
                     WHERE m.entry_id = e.id AND m.undone_at IS NULL AND d.posted_on <= %(day)s) m ON true
  WHERE e.bank_account_id = %(account)s AND e.booked_on <= %(day)s AND e.amount <> coalesce(m.amount, 0) ORDER BY e.booked_on, e.id LIMIT %(limit)s"""
_UNCLEARED = """SELECT d.posted_on, sum(l.amount), d.number, d.kind, coalesce(p.name, '') FROM ar.journal_line l JOIN ar.document d ON d.id = l.document_id
  LEFT JOIN ar.account a ON a.id = d.account_id LEFT JOIN ar.party p ON p.id = a.party_id
  WHERE l.gl = %(gl)s AND l.currency = %(currency)s AND l.posted_on BETWEEN %(first)s AND %(day)s
    AND NOT EXISTS (SELECT 1 FROM ar.bank_match m JOIN ar.bank_entry e ON e.id = m.entry_id WHERE m.document_id = d.id AND m.undone_at IS NULL AND e.booked_on <= %(day)s)
    AND NOT EXISTS (SELECT 1 FROM ar.document r WHERE r.posted_on <= %(day)s AND ((r.reverses_id = d.id) OR r.id = d.reverses_id)
                    AND NOT EXISTS (SELECT 1 FROM ar.bank_match m WHERE m.document_id = r.id AND m.undone_at IS NULL))
  GROUP BY d.id, p.name ORDER BY d.posted_on, d.id LIMIT %(limit)s"""


def all_accounts(session: Session, as_of: dt.date | None = None) -> tuple[tuple[int, Reconciliation], ...]:
    """Hold every bank account against the ledger, without the lists of what explains the difference; each with its id."""
    return tuple((each.id, reconcile(session, each.id, as_of, limit=0)) for each in accounts(session))


def reconcile(
    session: Session, account: int, as_of: dt.date | None = None, *, limit: int = 100
) -> Reconciliation:
    """Hold a bank account (its id) against its ledger account on a day. Raises Refused when there is no such account."""
    day = as_of or session.today
    known = session.query("SELECT number, currency, gl FROM ar.bank_account WHERE id = %s", (account,))
    if not known:
        raise Refused(
            f"There is no bank account {account}.", "artui bank list shows the accounts.", code="AR011"
        )
    number, currency, gl = known[0]
    bank, ledger, before, unbooked, uncleared, first, through = session.query(
        "SELECT * FROM api.reconcile_bank(%s, %s)", (account, day)
    )[0]

    def units(minor: int | None) -> Decimal:
        return money.from_minor(minor or 0, currency)

    wanted = {"account": account, "day": day, "gl": gl, "currency": currency, "first": first, "limit": limit}
    loose = session.query(_UNBOOKED, wanted) if limit else []
    missing = session.query(_UNCLEARED, wanted) if limit and first is not None else []
    return Reconciliation(
        number, currency, gl, day, None if bank is None else units(bank), units(ledger), units(before), units(unbooked), units(uncleared), through,
        tuple(Loose(on, units(amount), "", f"ignored: {reason}" if state == "ignored" else mask_cards(" ".join(filter(None, (name, text)))), ident) for on, amount, state, reason, name, text, ident in loose),
        tuple(Loose(on, units(amount), document, f"{kind.replace('_', ' ')} {name}".strip()) for on, amount, document, kind, name in missing),
    )  # fmt: skip
