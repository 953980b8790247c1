"""Receipts of one deposit: entered one by one, posted together when their sum and number are what the deposit slip says."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from psycopg2.extras import Json

from artui import money, text
from artui.cash.entry import Receipt, as_document
from artui.errors import Refused
from artui.session import Session


@dataclass(frozen=True)
class BatchLine:
    """A receipt entered in a batch and not posted yet."""

    line: int
    key: str
    account: str
    amount: Decimal
    instrument: str
    method: str
    received_on: dt.date
    by: str
    items: int
    name: str = ""
    document: str = ""
    """The receipt it became; nothing while the batch is not posted."""
    pays: tuple[tuple[str, Decimal], ...] = ()
    """The documents it pays, and what each gets."""
    pays_in: str = ""
    """The currency of these, where it is not that of the batch."""
    worth: Decimal | None = None
    """What came, in that currency."""


@dataclass(frozen=True)
class Batch:
    """A batch: its control figures, what has been entered, and the difference between them."""

    number: str
    bank: str
    deposit_on: dt.date
    currency: str
    control_total: Decimal
    control_count: int
    state: str
    opened_by: str
    posted_by: str
    version: int
    entered_total: Decimal
    entered_count: int
    lines: tuple[BatchLine, ...] = ()

    @property
    def difference(self) -> Decimal:
        """Control total less what was entered."""
        return self.control_total - self.entered_total

    @property
    def balanced(self) -> bool:
        """Whether sum and number agree, so that it can be posted."""
        return self.difference == 0 and self.control_count == self.entered_count


_BATCH = """SELECT b.number, b.bank, b.deposit_date, b.currency, b.control_total, b.control_count, b.state, b.opened_by, coalesce(b.posted_by, ''), b.row_version,
  e.total, e.n, %s FROM batch b CROSS JOIN LATERAL (SELECT coalesce(sum(r.amount), 0)::bigint AS total, count(*) AS n FROM batch_receipt r WHERE r.batch_id = b.id) e"""
_LINES = """(SELECT json_agg(json_build_array(r.line, r.key, coalesce(r.document ->> 'customer', ''), r.amount, coalesce(r.document ->> 'reference', ''), coalesce(r.document ->> 'method', ''),
  r.document ->> 'date', r.entered_by, CASE jsonb_typeof(r.document -> 'apply') WHEN 'array' THEN jsonb_array_length(r.document -> 'apply') ELSE 0 END,
  coalesce((SELECT p.name FROM account a JOIN party p ON p.id = a.party_id WHERE a.kind = 'customer' AND a.number = r.document ->> 'customer'), ''),
  coalesce((SELECT d.number FROM posting o JOIN document d ON d.posting_id = o.id WHERE o.key = r.key AND d.kind = 'receipt' LIMIT 1), ''),
  (SELECT json_agg(json_build_array(d.number, (x ->> 'amount')::bigint) ORDER BY i.due_on, i.id) FROM jsonb_array_elements(CASE jsonb_typeof(r.document -> 'apply') WHEN 'array' THEN r.document -> 'apply' ELSE '[]' END) x
     JOIN open_item i ON i.id = (x ->> 'item')::bigint JOIN document d ON d.id = i.document_id),
  CASE WHEN r.document ? 'received' THEN r.document ->> 'currency' END, (r.document ->> 'amount')::bigint) ORDER BY r.line)
  FROM batch_receipt r WHERE r.batch_id = b.id)"""


def open_batch(
    session: Session,
    *,
    bank: str,
    deposit_on: dt.date,
    currency: str,
    control_total: Decimal,
    control_count: int,
    key: str | None = None,
) -> Batch:
    """Open a batch with the sum and the number of its receipts, as the deposit slip gives them; under the same `key` it is the same batch."""
    total = money.to_minor(control_total, currency)
    asked = (text.clean(bank), deposit_on, currency, total, control_count, key, session.today)
    with session.transaction():
        number = session.query("SELECT api.open_batch(%s, %s, %s, %s, %s, %s::uuid, %s)", asked)[0][0]
    return batch(session, number)


def batches(session: Session, *, posted: bool = False, limit: int = 200) -> tuple[Batch, ...]:
    """List the batches that are not posted yet (`posted`: those that are too), newest first, without their lines."""
    rows = session.query(
        (_BATCH % "NULL") + " WHERE %s OR b.state IN ('open', 'balanced') ORDER BY b.id DESC LIMIT %s",
        (posted, limit),
    )
    return tuple(_batch(row) for row in rows)


def batch(session: Session, number: str) -> Batch:
    """Read one batch with its lines. Raises Refused when there is none of that number."""
    rows = session.query((_BATCH % _LINES) + " WHERE b.number = %s", (number,))
    if not rows:
        raise Refused(f"There is no batch {text.safe(number)}.", "Check the number.", code="AR011")
    return _batch(rows[0])


def add_to_batch(session: Session, number: str, receipt: Receipt) -> int:
    """Enter a receipt in an open batch and return its line; the same receipt again is the same line."""
    asked = (number, receipt.key, Json(as_document(receipt)))
    return int(
        session.carry_out(lambda: session.query("SELECT api.add_to_batch(%s, %s::uuid, %s)", asked)[0][0])
    )


def take_from_batch(session: Session, number: str, key: str) -> bool:
    """Take a line out of a batch that is not posted; False when it was not there (any more)."""
    asked = (number, key)
    return bool(
        session.carry_out(lambda: session.query("SELECT api.take_from_batch(%s, %s::uuid)", asked)[0][0])
    )


def set_control(session: Session, seen: Batch, control_total: Decimal, control_count: int) -> Batch:
    """Correct the control figures of a batch as it was seen; Refused (AR005) when somebody else changed it."""
    total = money.to_minor(control_total, seen.currency)
    with session.transaction():
        session.query(
            "SELECT api.set_batch_control(%s, %s, %s, %s)", (seen.number, seen.version, total, control_count)
        )
    return batch(session, seen.number)


def post_batch(session: Session, number: str) -> str:
    """Post every receipt of a batch, or none. Raises Refused AR013 with the difference while it does not agree."""
    return str(
        session.carry_out(
            lambda: session.query("SELECT api.post_batch(%s, %s)", (number, session.today))[0][0]
        )
    )


def reverse_batch(session: Session, key: str, number: str, reason: str) -> str:
    """Reverse every receipt of a posted batch that is not reversed yet."""
    asked = (key, number, text.clean(reason), session.today)
    return str(
        session.carry_out(
            lambda: session.query("SELECT api.reverse_batch(%s::uuid, %s, %s, %s)", asked)[0][0]
        )
    )


def _batch(row: tuple[Any, ...]) -> Batch:
    code = row[3]
    lines = tuple(
        BatchLine(
            line,
            key,
            account,
            money.from_minor(minor, code),
            instrument,
            method,
            dt.date.fromisoformat(dated),
            by,
            items,
            name,
            document,
            tuple((paid, money.from_minor(part, pays_in or code)) for paid, part in pays or ()),
            pays_in or "",
            money.from_minor(worth, pays_in) if pays_in else None,
        )
        for line, key, account, minor, instrument, method, dated, by, items, name, document, pays, pays_in, worth in row[12] or []
    )
    number, bank, deposit_on, _, total, count, state, opened_by, posted_by, version, entered, entries, _ = row
    return Batch(
        number, bank, deposit_on, code, money.from_minor(total, code), count, state, opened_by, posted_by, version,
        money.from_minor(entered, code), entries, lines,
    )  # fmt: skip
