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
