"""Everything posted to an account, newest first, page by page."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, NamedTuple

from artui import money
from artui.errors import Refused
from artui.ledger.paging import Page, keyset
from artui.session import Session

SORTS: Mapping[str, str] = {"": "d.doc_date", "date": "d.doc_date", "document": "d.number", "kind": "d.kind", "amount": "d.amount"}
NEWEST = Page(falling=True)


class Posted(NamedTuple):
    """One document as it stands in the history: amounts signed, credits negative."""

    document_id: int
    document: str
    kind: str
    date: dt.date
    due: dt.date | None
    currency: str
    amount: Decimal
    open: Decimal
    """What of it is open today."""
    reference: str
    """Its PO, cheque number or memo."""
    posted_by: str
    account: str
    reversed_by: str
    """The document that reversed it, or nothing."""
    minor: int
    """The unsigned amount in minor units: what `amount` is sorted by."""

    def edge(self, by: str) -> tuple[Any, ...]:
        """Return where it stands in an order, for the next page."""
        first: Any = {"document": self.document, "kind": self.kind, "amount": self.minor}.get(by, self.date)
        return first, self.document_id


def history(session: Session, accounts: Sequence[int], page: Page = NEWEST, kinds: Sequence[str] = ()) -> tuple[Posted, ...]:
    """Return a page of what was posted to accounts; `kinds` keeps only documents of these kinds."""
    where, order, values = keyset(page, SORTS[page.by], "d.id", _TEXT)
    values |= {"accounts": list(accounts), "kinds": list(kinds), "day": session.today}
    rows = session.query(_PAGE.format(of=_OF, where=where, order=order), values)
    found = [Posted._make((*row[:6], money.from_minor(row[6], row[5]), money.from_minor(row[7], row[5]), *row[8:])) for row in rows]
    return tuple(reversed(found) if page.backwards else found)


def standing(session: Session, accounts: Sequence[int], shown: str, *, paid: bool = False) -> Posted | None:
    """Return the newest document of that number, purchase order or reference, one that stands before one that was reversed; None without one.

    With `paid` only receipts count. Raises Refused when several receipts of that cheque stand: a guess would be somebody's money.
    """
    if paid and len(accounts) == 1:
        return payment(session, accounts[0], shown)
    found = [row for row in history(session, accounts, Page(20, falling=True, search=shown), ("receipt",) if paid else ()) if shown in (row.document, row.reference)]
    return next((row for row in found if not row.reversed_by), found[0] if found else None)


def payment(session: Session, account: int, shown: str) -> Posted:
    """Return the receipt of that number, or with that cheque number, that stands. Raises Refused when there is none, or more than one."""
    found = [row for row in history(session, (account,), Page(20, falling=True, search=shown), ("receipt",)) if shown in (row.document, row.reference)]
    standing = [row for row in found if not row.reversed_by] or found
    if len(standing) != 1:
        numbers = ", ".join(row.document for row in standing)
        raise Refused(f"{len(standing)} receipts have {shown}: {numbers}." if standing else f"No receipt here has {shown}.", "2 shows the history: put the cursor on the one you mean.", code="AR011")
    return standing[0]


def count(session: Session, accounts: Sequence[int], search: str = "", kinds: Sequence[str] = ()) -> int:
    """Return how many documents the history of accounts holds."""
    where, _, values = keyset(Page(search=search), "d.id", "d.id", _TEXT)
    return int(session.query(f"SELECT count(*) FROM {_OF} WHERE {where}", values | {"accounts": list(accounts), "kinds": list(kinds)})[0][0])


_TEXT = "concat_ws(' ', d.number, d.po, d.reference, d.memo, replace(d.kind, '_', ' '))"
# Transfers and nettings are filed under one of their two accounts; the other one has an item of theirs.
_OF = """(SELECT d.* FROM (SELECT id FROM document WHERE account_id = ANY (%(accounts)s) UNION SELECT x.id FROM open_item i JOIN document x ON x.id = i.document_id
  WHERE i.account_id = ANY (%(accounts)s) AND x.account_id <> i.account_id) m JOIN document d ON d.id = m.id WHERE %(kinds)s::text[] = '{}' OR d.kind = ANY (%(kinds)s::text[])) d"""
_PAGE = """
SELECT d.id, d.number::text, d.kind, d.doc_date, d.due_on, d.currency::text, coalesce(j.amount, d.amount), coalesce(i.open, 0), coalesce(d.po, d.reference, d.memo, '')::text,
  coalesce(o.posted_by, '')::text, coalesce(a.number, '')::text, coalesce((SELECT r.number FROM document r WHERE r.reverses_id = d.id ORDER BY r.id DESC LIMIT 1), '')::text, d.amount
FROM (SELECT d.* FROM {of} WHERE {where} ORDER BY {order}) d
LEFT JOIN account a ON a.id = d.account_id LEFT JOIN posting o ON o.id = d.posting_id
LEFT JOIN LATERAL (SELECT sum(l.amount) AS amount FROM journal_line l WHERE l.document_id = d.id AND l.account_id = ANY (%(accounts)s)) j ON true
LEFT JOIN LATERAL (SELECT sum(open_on(x, %(day)s)) AS open FROM open_item x WHERE x.document_id = d.id AND x.account_id = ANY (%(accounts)s)) i ON true
ORDER BY {order}"""
