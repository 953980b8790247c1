"""What an account bought from us, or we from a vendor: by item, with quantity, amount and the last day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from typing import NamedTuple

from artui import money
from artui.session import Session

MOST = 1_000
"""Items listed: those with the largest amounts."""


class Sold(NamedTuple):
    """One item in one currency: what it came to over all documents that still stand, credits taken off."""

    item: str
    """Its number; nothing for lines that name no item."""
    description: str
    unit: str
    currency: str
    quantity: Decimal
    amount: Decimal
    documents: int
    last_on: dt.date
    last_document: str
    last_document_id: int


def by_item(session: Session, accounts: Sequence[int]) -> tuple[Sold, ...]:
    """Return what was sold to customers, or bought from vendors, item by item, the largest amount of each currency first."""
    rows = session.prepared("account_sales", _BY_ITEM, list(accounts), MOST)
    return tuple(Sold._make((*row[:5], money.from_minor(row[5], row[3]), *row[6:])) for row in rows)


_BY_ITEM = """
SELECT coalesce(i.number, '')::text, coalesce(i.description, s.description, '')::text, coalesce(i.unit, '')::text, s.currency, s.quantity, s.amount, s.documents, s.last_on, d.number::text, d.id
FROM (SELECT l.item_id, CASE WHEN l.item_id IS NULL THEN l.description::text END AS description, d.currency::text AS currency,
        sum(l.quantity * CASE d.kind WHEN 'credit_note' THEN -1 ELSE 1 END) AS quantity, sum(l.amount * CASE d.kind WHEN 'credit_note' THEN -1 ELSE 1 END)::bigint AS amount,
        count(DISTINCT d.id) AS documents, max(d.doc_date) AS last_on, max(ARRAY[d.doc_date - DATE '1900-01-01', d.id]) AS last
      FROM ar.document d JOIN ar.document_line l ON l.document_id = d.id
      WHERE d.account_id = ANY ($1::bigint[]) AND d.kind IN ('invoice', 'purchase', 'credit_note') AND NOT ar.is_reversed(d.id)
      GROUP BY 1, 2, 3 ORDER BY abs(sum(l.amount)) DESC LIMIT $2::int) s
JOIN ar.document d ON d.id = s.last[2] LEFT JOIN ar.item i ON i.id = s.item_id
ORDER BY s.currency, s.amount DESC, 1, 2"""


class SoldLine(NamedTuple):
    """One line of one document, credits negative."""

    document_id: int
    line: int
    document: str
    kind: str
    date: dt.date
    description: str
    quantity: Decimal
    unit_price: Decimal
    amount: Decimal


def lines_of(session: Session, accounts: Sequence[int], sold: Sold, limit: int = MOST) -> tuple[SoldLine, ...]:
    """Return the lines an item's sales are made of, newest first."""
    rows = session.query(
        """SELECT d.id, l.line, d.number::text, d.kind, d.doc_date, l.description::text, l.quantity * s.sign, l.unit_price, (l.amount * s.sign)::bigint
           FROM document d JOIN document_line l ON l.document_id = d.id LEFT JOIN item i ON i.id = l.item_id CROSS JOIN LATERAL (SELECT CASE d.kind WHEN 'credit_note' THEN -1 ELSE 1 END AS sign) s
           WHERE d.account_id = ANY (%(accounts)s) AND d.kind IN ('invoice', 'purchase', 'credit_note') AND NOT is_reversed(d.id) AND d.currency = %(currency)s
             AND CASE WHEN %(item)s = '' THEN l.item_id IS NULL AND l.description = %(description)s ELSE i.number = %(item)s END
           ORDER BY d.doc_date DESC, d.id DESC, l.line LIMIT %(limit)s""",
        {"accounts": list(accounts), "currency": sold.currency, "item": sold.item, "description": sold.description, "limit": limit},
    )
    return tuple(SoldLine._make((*row[:8], money.from_minor(row[8], sold.currency))) for row in rows)
