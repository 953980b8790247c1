"""Open items of an account, the documents behind them, their allocations and journal lines."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, NamedTuple

from artui import money
from artui.errors import Refused
from artui.ledger.ageing import days_late
from artui.ledger.paging import Page, keyset
from artui.session import Session


class Item(NamedTuple):
    """One open item as of a day: amounts signed (credits negative), days late (negative before the due date)."""

    document: str
    kind: str
    date: dt.date
    due: dt.date
    days: int
    original: Decimal
    open: Decimal
    disputed: Decimal
    promised: Decimal
    currency: str
    po: str
    document_id: int
    seq: int
    account: str = ""
    """The number of the account, where items of several stand together."""

    def as_json(self) -> dict[str, Any]:
        """Return the item in the shape promised to scripts."""
        return {
            "document": self.document, "kind": self.kind, "date": self.date.isoformat(), "due": self.due.isoformat(), "days": self.days, "currency": self.currency,
            **{name: money.plain(getattr(self, name), self.currency) for name in ("original", "open", "disputed", "promised")}, "po": self.po,
        }  # fmt: skip


@dataclass(frozen=True)
class Allocation:
    """A link to the other side of an item, on the day it took effect; negative where it undoes one."""

    effective_on: dt.date
    amount: Decimal
    kind: str
    document: str
    document_kind: str
    by: str
    document_id: int


@dataclass(frozen=True)
class JournalLine:
    """One ledger line: debit positive, credit negative; `base` in the company's currency when known."""

    gl: str
    name: str
    currency: str
    amount: Decimal
    base: Decimal | None


@dataclass(frozen=True)
class GoodsLine:
    """What was sold or bought: unit price and quantity exact, amount rounded."""

    item: str
    description: str
    quantity: Decimal
    unit_price: Decimal
    discount: Decimal
    amount: Decimal


@dataclass(frozen=True)
class Document:
    """A posted document with everything that hangs on it."""

    id: int
    number: str
    kind: str
    event: str
    state: str
    account: str
    name: str
    date: dt.date
    posted_on: dt.date
    due: dt.date | None
    currency: str
    amount: Decimal
    tax: Decimal
    po: str
    reference: str
    method: str
    memo: str
    posted_by: str
    posted_at: dt.datetime
    account_ids: tuple[int, ...]
    """The accounts whose items it made."""
    goods: tuple[GoodsLine, ...]
    items: tuple[Item, ...]
    allocations: tuple[Allocation, ...]
    journal: tuple[JournalLine, ...]

    @property
    def came(self) -> JournalLine | None:
        """The money itself, where it came in another currency than the document is in."""
        if self.event != "receipt_exchange":
            return None
        return next((line for line in self.journal if line.currency != self.currency and line.amount > 0), None)


def currency_of(session: Session, kind: str, number: str) -> str:
    """Return the currency an account is kept in; nothing when there is none of that number."""
    rows = session.query("SELECT currency FROM account WHERE kind = %s AND number = %s", (kind, number))
    return str(rows[0][0]) if rows else ""


def item_from_row(row: Sequence[Any], day: dt.date) -> Item:
    """Build an item from a row of the books, or of their JSON: dates perhaps as text, amounts in minor units."""
    number, kind, dated, due, original, open_now, disputed, currency, po, document_id, seq, *account = row
    if isinstance(due, str):
        due, dated = dt.date.fromisoformat(due), dt.date.fromisoformat(dated)
    nothing, whole = money.from_minor(0, currency), money.from_minor(original, currency)
    still = whole if open_now == original else money.from_minor(open_now, currency)
    in_dispute = money.from_minor(disputed, currency) if disputed else nothing
    return Item(number, kind, dated, due, days_late(day, due), whole, still, in_dispute, nothing, currency, po, document_id, seq, *account)


def items(
    session: Session, kind: str, number: str, as_of: dt.date | None = None, *, everything: bool = False
) -> tuple[Item, ...]:
    """Return an account's items as of a day, oldest due first; `everything` includes those that are closed."""
    day = as_of or session.today
    rows = session.query(
        """SELECT d.number, d.kind, i.doc_date, i.due_on, i.original, v.open, i.disputed, i.currency, coalesce(d.po, ''), d.id, i.seq
           FROM account a JOIN open_item i ON i.account_id = a.id JOIN document d ON d.id = i.document_id CROSS JOIN LATERAL (SELECT open_on(i, %(day)s) AS open) v
           WHERE a.kind = %(kind)s AND a.number = %(number)s AND i.posted_on <= %(day)s AND (%(everything)s OR v.open <> 0)
           ORDER BY i.due_on, i.id""",
        {"day": day, "kind": kind, "number": number, "everything": everything},
    )
    return tuple(item_from_row(row, day) for row in rows)


@dataclass(frozen=True)
class Figure:
    """A figure of a card and the items it is made of: everything in a currency, one bucket of age, what is late, credits, disputes."""

    currency: str
    which: str = "total"
    """total, past_due, unapplied, disputed, or the name of a bucket."""


PARTS: Mapping[str, str] = {
    "total": "true", "past_due": "v.open > 0 AND i.due_on < %(day)s", "unapplied": "v.open < 0", "disputed": "i.disputed > 0",
    "not_due": "v.open > 0 AND i.due_on >= %(day)s", "1-30": "v.open > 0 AND %(day)s - i.due_on BETWEEN 1 AND 30", "31-60": "v.open > 0 AND %(day)s - i.due_on BETWEEN 31 AND 60",
    "61-90": "v.open > 0 AND %(day)s - i.due_on BETWEEN 61 AND 90", "91-120": "v.open > 0 AND %(day)s - i.due_on BETWEEN 91 AND 120", "121+": "v.open > 0 AND %(day)s - i.due_on > 120",
}  # fmt: skip
"""Which items a figure is made of."""
SORTS: Mapping[str, str] = {"": "i.due_on", "due": "i.due_on", "document": "d.number", "date": "i.doc_date", "po": "coalesce(d.po, '')", "open": "v.open"}


def edge(item: Item, by: str) -> tuple[Any, ...]:
    """Return where an item stands in an order, for the next page."""
    first: Any = {"document": item.document, "date": item.date, "po": item.po, "open": money.to_minor(item.open, item.currency)}.get(by, item.due)
    return first, item.document_id, item.seq


def open_items(session: Session, accounts: Sequence[int], page: Page = Page(), figure: Figure | None = None) -> tuple[Item, ...]:  # noqa: B008
    """Return a page of what is open on accounts today, oldest due first; with a figure only what it is made of."""
    where, order, values = keyset(page, SORTS[page.by], "d.id, i.seq", _TEXT)
    rows = session.query(
        f"""SELECT d.number::text, d.kind, i.doc_date, i.due_on, i.original, v.open, i.disputed, i.currency::text, coalesce(d.po, ''), d.id, i.seq, a.number::text {_OPEN} AND {where} ORDER BY {order}""",
        values | _behind(session, accounts, figure),
    )
    found = [item_from_row(row, session.today) for row in rows]
    return tuple(reversed(found) if page.backwards else found)


def open_total(session: Session, accounts: Sequence[int], figure: Figure | None = None, search: str = "") -> tuple[int, Mapping[str, Decimal]]:
    """Return how many items are open and their sum in each currency."""
    where, _, values = keyset(Page(search=search), "d.id", "i.seq", _TEXT)
    rows = session.query(f"SELECT i.currency::text, count(*), sum(v.open)::bigint {_OPEN} AND {where} GROUP BY 1 ORDER BY 1", values | _behind(session, accounts, figure))
    return sum(row[1] for row in rows), {code: money.from_minor(minor, code) for code, _, minor in rows}


_TEXT = "concat_ws(' ', d.number, d.po, d.reference, d.memo, replace(d.kind, '_', ' '))"
_OPEN = """FROM account a JOIN open_item i ON i.account_id = a.id CROSS JOIN LATERAL (SELECT open_on(i, %(day)s) AS open OFFSET 0) v JOIN document d ON d.id = i.document_id
  WHERE a.id = ANY (%(accounts)s) AND (i.open <> 0 OR i.last_on > %(day)s) AND v.open <> 0 AND (%(currency)s::text IS NULL OR i.currency = %(currency)s) AND CASE %(which)s """
_OPEN += " ".join(f"WHEN '{name}' THEN {condition}" for name, condition in PARTS.items()) + " END"


def _behind(session: Session, accounts: Sequence[int], figure: Figure | None) -> dict[str, Any]:
    wanted = figure or Figure("")
    return {"accounts": list(accounts), "day": session.today, "currency": wanted.currency or None, "which": wanted.which}


@dataclass(frozen=True)
class Provenance:
    """Who posted a document and when, under which key, and what undid it."""

    document: str
    kind: str
    posted_by: str
    posted_at: dt.datetime | None
    business_date: dt.date | None
    key: str
    reversed_by: tuple[tuple[str, str, dt.datetime | None], ...]
    """Each reversal: its number, by whom, when."""


def provenance(session: Session, document_id: int) -> Provenance:
    """Return who and when of a posted document."""
    rows = session.query(
        """SELECT d.number::text, d.kind, coalesce(o.posted_by, '')::text, o.posted_at, o.business_date, coalesce(o.key::text, '')
           FROM document d LEFT JOIN posting o ON o.id = d.posting_id WHERE d.id = %(id)s OR d.reverses_id = %(id)s ORDER BY d.id <> %(id)s, d.id""",
        {"id": document_id},
    )
    number, kind, by, at, day, key = rows[0]
    return Provenance(number, kind, by, at, day, key, tuple((row[0], row[2], row[3]) for row in rows[1:]))


_HEAD = (
    "id", "number", "kind", "event", "state", "account", "name", "date", "posted_on", "due", "currency", "amount", "tax",
    "po", "reference", "method", "memo", "posted_by", "posted_at",
    "account_ids",
)  # fmt: skip


def document(
    session: Session, number: str, *, kind: str | None = None, document_id: int | None = None
) -> Document:
    """Return one posted document by number (or id) with its goods, items, allocations and journal lines."""
    rows = session.query(
        """SELECT d.id, d.number, d.kind, d.event, document_state(d.id, d.kind), coalesce(a.number, ''), coalesce(p.name, ''), d.doc_date, d.posted_on, d.due_on, d.currency,
             d.amount, d.tax, coalesce(d.po, ''), coalesce(d.reference, ''), coalesce(d.method, ''), coalesce(d.memo, ''), o.posted_by, o.posted_at,
             ARRAY(SELECT i.account_id FROM open_item i WHERE i.document_id = d.id UNION SELECT d.account_id WHERE d.account_id IS NOT NULL)
           FROM document d LEFT JOIN account a ON a.id = d.account_id LEFT JOIN party p ON p.id = a.party_id LEFT JOIN posting o ON o.id = d.posting_id
           WHERE (d.id = %(id)s OR (%(id)s IS NULL AND d.number = %(number)s)) AND (%(kind)s::text IS NULL OR d.kind = %(kind)s) ORDER BY d.id LIMIT 1""",
        {"id": document_id, "number": number, "kind": kind},
    )
    if not rows:
        raise Refused(
            f"There is no document numbered {number}.", "Only posted documents can be shown.", code="AR011"
        )
    head = dict(zip(_HEAD, rows[0], strict=True))
    ident, currency = head["id"], head["currency"]
    head.update(
        amount=money.from_minor(head["amount"], currency),
        tax=money.from_minor(head["tax"], currency),
        account_ids=tuple(head["account_ids"]),
        goods=_goods(session, ident, currency),
        items=_items_of(session, ident),
        allocations=_allocations(session, ident, currency),
        journal=_journal(session, ident),
    )
    return Document(**head)


def _goods(session: Session, ident: int, currency: str) -> tuple[GoodsLine, ...]:
    rows = session.query(
        """SELECT coalesce(i.number, ''), l.description, l.quantity, l.unit_price, l.discount, l.amount FROM document_line l LEFT JOIN item i ON i.id = l.item_id
           WHERE l.document_id = %s ORDER BY l.line""",
        (ident,),
    )
    return tuple(
        GoodsLine(row[0], row[1], row[2], row[3], row[4], money.from_minor(row[5], currency)) for row in rows
    )


def _items_of(session: Session, ident: int) -> tuple[Item, ...]:
    rows = session.query(
        """SELECT d.number, d.kind, i.doc_date, i.due_on, i.original, open_on(i, %(day)s), i.disputed, i.currency, coalesce(d.po, ''), d.id, i.seq
           FROM open_item i JOIN document d ON d.id = i.document_id WHERE i.document_id = %(id)s ORDER BY i.seq""",
        {"day": session.today, "id": ident},
    )
    return tuple(item_from_row(row, session.today) for row in rows)


def _allocations(session: Session, ident: int, currency: str) -> tuple[Allocation, ...]:
    rows = session.query(
        """SELECT l.effective_on, l.amount, l.kind, d.number, d.kind, o.posted_by, d.id FROM open_item i
             JOIN allocation l ON l.debit_item_id = i.id OR l.credit_item_id = i.id
             JOIN open_item x ON x.id = CASE WHEN l.debit_item_id = i.id THEN l.credit_item_id ELSE l.debit_item_id END
             JOIN document d ON d.id = x.document_id JOIN posting o ON o.id = l.posting_id
           WHERE i.document_id = %s ORDER BY l.effective_on, l.id""",
        (ident,),
    )
    return tuple(
        Allocation(row[0], money.from_minor(row[1], currency), row[2], row[3], row[4], row[5], row[6]) for row in rows
    )


def _journal(session: Session, ident: int) -> tuple[JournalLine, ...]:
    rows = session.query(
        "SELECT l.gl, g.name, l.currency, l.amount, l.base_amount FROM journal_line l JOIN gl_account g ON g.code = l.gl WHERE l.document_id = %s ORDER BY l.line",
        (ident,),
    )
    base = session.currency
    return tuple(
        JournalLine(
            gl,
            name,
            code,
            money.from_minor(amount, code),
            None if in_base is None else money.from_minor(in_base, base),
        )
        for gl, name, code, amount, in_base in rows
    )


def purchases(session: Session, number: str, limit: int = 200) -> tuple[Item, ...]:
    """Return a vendor's purchases, newest first, with what is still owed on each (credits negative)."""
    rows = session.query(
        """SELECT d.number, d.kind, i.doc_date, i.due_on, i.original, open_on(i, %(day)s), i.disputed, i.currency, coalesce(d.po, ''), d.id, i.seq
           FROM account a JOIN document d ON d.account_id = a.id AND d.kind = 'purchase' JOIN open_item i ON i.document_id = d.id
           WHERE a.kind = 'vendor' AND a.number = %(number)s ORDER BY i.doc_date DESC, i.id DESC LIMIT %(limit)s""",
        {"day": session.today, "number": number, "limit": limit},
    )
    return tuple(item_from_row(row, session.today) for row in rows)
