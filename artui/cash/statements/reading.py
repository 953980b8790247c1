"""What has been kept of statements: accounts, statements, their entries, and what does not fit between them."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any, Literal

from artui import money
from artui.cash.statements.shapes import Part
from artui.errors import Refused
from artui.ledger.paging import Page, keyset
from artui.session import Session

State = Literal["open", "booked", "parked", "ignored"]


@dataclass(frozen=True)
class BankAccount:
    """An account of ours: its number at the bank, the ledger account that mirrors it, how many entries wait, and until when it is known."""

    id: int
    number: str
    currency: str
    name: str
    gl: str
    waiting: int
    last_on: dt.date | None


@dataclass(frozen=True)
class StatementRow:
    """A statement as kept: `ties` None when the bank gave only one balance; `open` entries wait for a decision."""

    id: int
    account: str
    currency: str
    format: str
    number: str
    file: str
    from_on: dt.date | None
    to_on: dt.date | None
    opening: Decimal | None
    closing: Decimal | None
    entries: int
    net: Decimal
    ties: bool | None
    known: int
    pending: int
    open: int
    state: str
    faults: str
    imported_by: str
    validated_by: str | None

    @property
    def words(self) -> str:
        """Say whether the bank's own sum holds."""
        if self.state == "validated":
            return "validated"
        if self.ties is None:
            return "no opening balance" if self.opening is None else "no closing balance"
        if self.ties:
            return "ties"
        if self.opening is None or self.closing is None:
            return "does not tie"
        off = self.closing - self.opening - self.net
        return f"does not tie: off by {money.spoken(off, self.currency)}"


@dataclass(frozen=True)
class EntryRow:
    """One movement at the bank: positive is money in. `documents` are what it stands for, once it is decided; `place` its place in a list read by pages."""

    id: int
    account: str
    currency: str
    booked_on: dt.date
    value_on: dt.date | None
    amount: Decimal
    reversal: bool
    name: str
    payer_account: str
    text: str
    reference: str
    end_to_end: str
    bank_reference: str
    code: str
    parts: tuple[Part, ...]
    state: State
    reason: str
    decided_by: str | None
    documents: tuple[str, ...]
    place: int = 0


@dataclass(frozen=True)
class Finding:
    """Something between two statements that a person should look at: a `gap`, an `overlap` or a statement that does not `tie`."""

    kind: Literal["gap", "overlap", "tie"]
    statement: int
    account: str
    message: str


_ACCOUNTS = """SELECT b.id, b.number, b.currency, b.name, b.gl,
  (SELECT count(*) FROM ar.bank_entry e WHERE e.bank_account_id = b.id AND e.state IN ('open', 'parked')),
  (SELECT max(coalesce(s.to_on, s.last_on)) FROM ar.bank_statement s WHERE s.bank_account_id = b.id)
  FROM ar.bank_account b ORDER BY b.currency, b.number"""
_STATEMENTS = """SELECT s.id, b.number, b.currency, s.format, s.number, s.file, s.from_on, s.to_on, s.opening, s.closing, s.entries, s.credits - s.debits, s.ties, s.known, s.pending,
  (SELECT count(*) FROM ar.bank_statement_line l JOIN ar.bank_entry e ON e.id = l.entry_id WHERE l.statement_id = s.id AND e.state IN ('open', 'parked')),
  s.state, s.faults, s.imported_by, s.validated_by
  FROM ar.bank_statement s JOIN ar.bank_account b ON b.id = s.bank_account_id
  WHERE (%(account)s::text IS NULL OR b.number = %(account)s) AND (%(id)s::bigint IS NULL OR s.id = %(id)s) AND (%(before)s::bigint IS NULL OR s.id < %(before)s)
  ORDER BY s.id DESC LIMIT %(limit)s"""
_ENTRIES = """SELECT e.id, b.number, b.currency, e.booked_on, e.value_on, e.amount, e.reversal, e.name, e.account, e.text, e.reference, e.end_to_end, e.bank_reference, e.code,
  e.parts, e.state, e.reason, e.decided_by, ARRAY(SELECT d.number::text FROM ar.bank_match m JOIN ar.document d ON d.id = m.document_id WHERE m.entry_id = e.id AND m.undone_at IS NULL ORDER BY d.id)
  FROM ar.bank_entry e JOIN ar.bank_account b ON b.id = e.bank_account_id"""
_SAID = "concat_ws(' ', e.name, e.text, e.reference, e.end_to_end, e.account, e.state)"
_BETWEEN = """SELECT s.id, b.number, b.currency, s.opening, s.opening_on, s.known, s.entries, s.ties, s.number,
  lag(s.id) OVER w, lag(s.closing) OVER w, lag(s.closing_on) OVER w, s.state
  FROM ar.bank_statement s JOIN ar.bank_account b ON b.id = s.bank_account_id
  WINDOW w AS (PARTITION BY s.bank_account_id, s.format IN ('camt.053', 'mt940', 'csv', 'bai2') ORDER BY coalesce(s.opening_on, s.from_on), s.closing_on, s.number, s.id)
  ORDER BY s.bank_account_id, coalesce(s.opening_on, s.from_on), s.id"""


def accounts(session: Session) -> tuple[BankAccount, ...]:
    """Return our accounts at banks, with how many entries wait for a decision."""
    return tuple(BankAccount(*row) for row in session.query(_ACCOUNTS))


def statements(
    session: Session, *, account: str | None = None, before: int | None = None, limit: int = 100
) -> tuple[StatementRow, ...]:
    """Return statements, the last read first; `before` is the id after which to go on."""
    rows = session.query(_STATEMENTS, {"account": account, "id": None, "before": before, "limit": limit})
    return tuple(_statement(row) for row in rows)


def statement(session: Session, ident: int) -> StatementRow:
    """Return one statement. Raises Refused when there is none of that number."""
    rows = session.query(_STATEMENTS, {"account": None, "id": ident, "before": None, "limit": 1})
    if not rows:
        raise Refused(
            f"There is no statement {ident}.", "artui bank list shows what has been read.", code="AR011"
        )
    return _statement(rows[0])


def entries(
    session: Session,
    *,
    statement: int | None = None,
    state: State | None = None,
    after: int = 0,
    limit: int = 100,
) -> tuple[EntryRow, ...]:
    """Return entries in the order the bank booked them: of one statement (`after` is a position there) or of all (an id)."""
    wanted = {"statement": statement, "state": state, "after": after, "limit": limit}
    if statement is None:
        where = "WHERE (%(state)s::text IS NULL OR e.state = %(state)s) AND e.id > %(after)s ORDER BY e.id"
    else:
        where = (
            "JOIN ar.bank_statement_line l ON l.entry_id = e.id WHERE l.statement_id = %(statement)s AND l.position > %(after)s"
            " AND (%(state)s::text IS NULL OR e.state = %(state)s) ORDER BY l.position"
        )
    return tuple(_entry(row) for row in session.query(f"{_ENTRIES} {where} LIMIT %(limit)s", wanted))


def page_of_entries(session: Session, page: Page, *, statement: int | None = None, waiting: bool = False) -> tuple[EntryRow, ...]:
    """Return any page of a statement's entries in the bank's order, or of those of all accounts by day; the edge of a row is (place, id), or (booked_on, id).

    `waiting` leaves out what is booked or ignored.
    """
    where, order, values = keyset(page, "e.booked_on" if statement is None else "l.position", "e.id", _SAID)
    listed = _ENTRIES.replace("SELECT", f"SELECT {'0' if statement is None else 'l.position'},", 1)
    of = "" if statement is None else "JOIN ar.bank_statement_line l ON l.entry_id = e.id AND l.statement_id = %(statement)s"
    some = "AND e.state IN ('open', 'parked')" if waiting else ""
    found = session.query(f"{listed} {of} WHERE {where} {some} ORDER BY {order}", {**values, "statement": statement})
    shown = tuple(replace(_entry(row[1:]), place=row[0]) for row in found)
    return tuple(reversed(shown)) if page.backwards else shown


def entry(session: Session, ident: int) -> EntryRow:
    """Return one entry. Raises Refused when there is none of that number."""
    rows = session.query(f"{_ENTRIES} WHERE e.id = %s", (ident,))
    if not rows:
        raise Refused(f"There is no bank entry {ident}.", "Read the statement again.", code="AR011")
    return _entry(rows[0])


def shown_in(session: Session, ident: int) -> tuple[StatementRow, EntryRow]:
    """Return the newest statement that shows an entry, and the entry with its place there. Raises Refused when there is none."""
    rows = session.query("SELECT statement_id, position FROM ar.bank_statement_line WHERE entry_id = %s ORDER BY statement_id DESC LIMIT 1", (ident,))
    found = entry(session, ident)
    return statement(session, rows[0][0]), replace(found, place=rows[0][1])


def findings(session: Session) -> tuple[Finding, ...]:
    """Return what does not fit: statements that do not tie, gaps between consecutive ones, entries several of them show."""
    found: list[Finding] = []
    for row in session.query(_BETWEEN):
        (
            ident,
            account,
            currency,
            opening,
            opening_on,
            known,
            count,
            agrees,
            _,
            before,
            closing,
            closing_on,
            _,
        ) = row
        if agrees is False:
            found.append(
                Finding("tie", ident, account, "Opening and entries do not make the closing balance.")
            )
        if known:
            found.append(
                Finding("overlap", ident, account, f"{known} of {count} entries were there already.")
            )
        elif before is not None and opening is not None and closing is not None and opening != closing and (not opening_on or not closing_on or opening_on >= closing_on):  # fmt: skip
            off = money.spoken(money.from_minor(opening - closing, currency), currency)
            found.append(Finding("gap", ident, account, f"It opens {off} away from where statement {before} closed: one between them is missing."))  # fmt: skip
    return tuple(found)


def _statement(row: tuple[Any, ...]) -> StatementRow:
    cells: list[Any] = list(row)
    for place in (8, 9, 11):
        cells[place] = None if row[place] is None else money.from_minor(row[place], row[2])
    return StatementRow(*cells)


def _entry(row: tuple[Any, ...]) -> EntryRow:
    cells: list[Any] = list(row)
    cells[5] = money.from_minor(row[5], row[2])
    cells[14] = tuple(_part(part, row[2]) for part in row[14] or ())
    cells[18] = tuple(row[18])
    return EntryRow(*cells)


def _part(part: dict[str, Any], currency: str) -> Part:
    amount = None if part["amount"] is None else money.from_minor(part["amount"], currency)
    return Part(amount, part["name"], part["account"], part["text"], part["reference"], part["end_to_end"])
