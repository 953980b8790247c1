"""Entering receipts the way the screen does: read the account, mark the sheet, post."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from artui.cash import entry
from artui.cash.entry import Receipt
from artui.cash.worksheet import Worksheet
from tests.books import Books


def invoices(books: Books, account: str, *bills: tuple[str, str], **more: Any) -> None:
    """Post invoices (number, amount) of an account that is made with the first one."""
    for number, amount in bills:
        books.post("invoice", **{"number": number, "customer": account, "customer_name": f"Customer {account}", "create_customer": True,
                                 "date": "2026-03-01", "amount": amount, **more})  # fmt: skip


def receipt(
    books: Books, account: str, amount: str, mark: Callable[[Worksheet, dict[str, int]], Worksheet], login: str = "jana", **more: Any
) -> Receipt:
    """Read the account as `login` and mark its sheet; `mark` gets the sheet and item keys by document."""
    read = entry.paying_account(books.session(login), account)
    keys = {item.document: item.key for item in read.items} | {credit.document: credit.key for credit in read.credits}
    sheet = mark(read.sheet(Decimal(amount)), keys)
    more.setdefault("key", str(uuid.uuid4()))
    return entry.receipt_of(sheet, account=read.number, received_on=books.today, **more)


def pay(books: Books, account: str, amount: str, mark: Callable[[Worksheet, dict[str, int]], Worksheet], login: str = "jana", **more: Any) -> str:
    """Post such a receipt and return its number."""
    return str(entry.post_receipt(books.session(login), receipt(books, account, amount, mark, login, **more)).document)


def left(books: Books, *documents: str) -> list[Decimal]:
    """What is open of documents, signed."""
    rows = dict(books.query("SELECT d.number, sum(i.open)::bigint FROM open_item i JOIN document d ON d.id = i.document_id WHERE d.number = ANY (%s) GROUP BY 1", list(documents)))
    return [Decimal(rows[number]) / 100 for number in documents]


def ten_thousand(books: Books, account: str) -> None:
    """Make an account with ten thousand open invoices: ACCOUNT-0 of 1.00, ACCOUNT-X1 of 1.01 and so on."""
    invoices(books, account, (f"{account}-0", "1"))
    books.query("""
      WITH po AS (INSERT INTO posting (key, kind, body_hash, business_date, bulk) VALUES (gen_random_uuid(), 'load', '', '2026-03-01', true) RETURNING id),
      doc AS (INSERT INTO document (posting_id, kind, event, account_id, number, doc_date, posted_on, due_on, currency, amount, bulk)
        SELECT po.id, 'invoice', 'invoice', (SELECT id FROM account WHERE number = %s), %s || n, '2026-03-01', '2026-03-01', date '2026-03-01' + mod(n, 200), 'USD', 100 + n, true FROM po, generate_series(1, 9999) n RETURNING *),
      line AS (INSERT INTO journal_line (document_id, line, gl, account_id, posted_on, currency, amount)
        SELECT id, 1, '1100', account_id, posted_on, currency, amount FROM doc UNION ALL SELECT id, 2, '4000', NULL, posted_on, currency, -amount FROM doc)
      INSERT INTO open_item (document_id, account_id, currency, doc_date, posted_on, due_on, original, open, bulk) SELECT id, account_id, currency, doc_date, posted_on, due_on, amount, amount, true FROM doc""", account, f"{account}-X")  # fmt: skip
