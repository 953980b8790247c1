"""What every format of statement comes down to: entries, then the statement they belong to."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal


@dataclass(frozen=True)
class Part:
    """One payment inside an entry that books several at once; `amount` is signed like the entry's."""

    amount: Decimal | None
    name: str = ""
    account: str = ""
    text: str = ""
    reference: str = ""
    end_to_end: str = ""


@dataclass(frozen=True)
class Entry:
    """One booking of the bank: `amount` is positive when money came in, whatever the bank calls the reversal of what.

    `reference` is the structured creditor reference, `end_to_end` the payer's own, `bank_reference` the bank's.
    """

    booked_on: date
    value_on: date | None
    amount: Decimal
    currency: str
    reversal: bool = False
    name: str = ""
    account: str = ""
    text: str = ""
    reference: str = ""
    end_to_end: str = ""
    bank_reference: str = ""
    code: str = ""
    parts: tuple[Part, ...] = ()


@dataclass(frozen=True)
class Balance:
    """What the bank says stood on the account at the end of a day (or at its beginning, for an opening)."""

    amount: Decimal
    currency: str
    on: date | None


@dataclass(frozen=True)
class Statement:
    """The frame around the entries that were read before it; `pending` entries are announced, not booked, and left out.

    `number` is the bank's running number and page; `faults` are sentences about what does not agree inside the file.
    """

    format: str
    account: str
    currency: str
    ident: str = ""
    number: str = ""
    opening: Balance | None = None
    closing: Balance | None = None
    from_on: date | None = None
    to_on: date | None = None
    pending: int = 0
    faults: tuple[str, ...] = ()


Reading = Iterator[Entry | Statement]
"""The entries of a statement and then the statement; the next one's entries; and so on."""


def ties(statement: Statement, net: Decimal) -> bool | None:
    """Tell whether opening + entries = closing; None when the bank gave only one of the two."""
    if statement.opening is None or statement.closing is None:
        return None
    one_currency = statement.opening.currency == statement.closing.currency == statement.currency
    return one_currency and statement.opening.amount + net == statement.closing.amount
