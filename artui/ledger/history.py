"""Everything posted to an account, newest first, page by page."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from typing import Any, NamedTuple

from artui import money
from artui.session import Session

PAGE = 100


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
    posted_at: dt.datetime | None
    account: str
    reversed_by: str
    """The document that reversed it, or nothing."""

    @property
    def place(self) -> tuple[dt.date, int]:
        """Where it stands in the order: what `after` and `before` take."""
        return self.date, self.document_id


def history(
    session: Session,
    accounts: Sequence[int],
    *,
    after: tuple[dt.date, int] | None = None,
    before: tuple[dt.date, int] | None = None,
    search: str = "",
    limit: int = PAGE,
) -> tuple[Posted, ...]:
    """Return what was posted to accounts, newest first: `limit` documents older than `after`, or the nearest newer than `before`.

    `search` keeps those whose number, PO, reference, memo or kind holds the words. Fewer than `limit` means there are no more.
    """
    edge = after or before or (None, None)
    rows = session.prepared("account_history_back" if before else "account_history", _BACK if before else _ON, list(accounts), *edge, _pattern(search), limit, session.today)
    found = [_posted(row) for row in rows]
    return tuple(reversed(found) if before else found)


def count(session: Session, accounts: Sequence[int], search: str = "") -> int:
    """Return how many documents the history of accounts holds."""
    rows = session.prepared("account_history_count", f"SELECT count(*) FROM ({_OF.format(text=_TEXT)}) d", list(accounts), None, None, _pattern(search))
    return int(rows[0][0])


_TEXT = "concat_ws(' ', d.number, d.po, d.reference, d.memo, replace(d.kind, '_', ' '))"
# Transfers and nettings are filed under one of their two accounts; the other one has an item of theirs.
_OF = """SELECT d.* FROM ar.document d WHERE (d.account_id = ANY ($1::bigint[]) OR d.id IN (SELECT x.id FROM ar.open_item i JOIN ar.document x ON x.id = i.document_id
  WHERE i.account_id = ANY ($1::bigint[]) AND x.account_id <> i.account_id)) AND ($4::text IS NULL OR {text} ILIKE $4::text) AND ($2::date IS NULL OR $3::bigint IS NOT NULL)"""
_PAGE = """
SELECT d.id, d.number::text, d.kind, d.doc_date, d.due_on, d.currency::text, coalesce(j.amount, d.amount), coalesce(i.open, 0), coalesce(d.po, d.reference, d.memo, '')::text,
  coalesce(o.posted_by, '')::text, o.posted_at, coalesce(a.number, '')::text, coalesce((SELECT r.number FROM ar.document r WHERE r.reverses_id = d.id ORDER BY r.id DESC LIMIT 1), '')::text
FROM ({of} AND ($2::date IS NULL OR (d.doc_date, d.id) {sign} ($2::date, $3::bigint)) ORDER BY d.doc_date {way}, d.id {way} LIMIT $5::int) d
LEFT JOIN ar.account a ON a.id = d.account_id LEFT JOIN ar.posting o ON o.id = d.posting_id
LEFT JOIN LATERAL (SELECT sum(l.amount) AS amount FROM ar.journal_line l WHERE l.document_id = d.id AND l.account_id = ANY ($1::bigint[])) j ON true
LEFT JOIN LATERAL (SELECT sum(ar.open_on(x, $6::date)) AS open FROM ar.open_item x WHERE x.document_id = d.id AND x.account_id = ANY ($1::bigint[])) i ON true
ORDER BY d.doc_date {way}, d.id {way}"""
_ON = _PAGE.format(of=_OF.format(text=_TEXT), sign="<", way="DESC")
_BACK = _PAGE.format(of=_OF.format(text=_TEXT), sign=">", way="ASC")


def _posted(row: tuple[Any, ...]) -> Posted:
    ident, number, kind, dated, due, code, minor, still, *rest = row
    return Posted(ident, number, kind, dated, due, code, money.from_minor(minor, code), money.from_minor(still, code), *rest)


def _pattern(search: str) -> str | None:
    """Give the words as a pattern in which every character means itself."""
    words = "%".join(word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") for word in search.split())
    return f"%{words}%" if words else None
