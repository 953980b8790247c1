"""What a payment can be set against, as plain values: open debits, credits, what was entered before."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Literal

ZERO = Decimal(0)
Nature = Literal["cost", "interest", "principal"]
Order = Literal["oldest", "costs_first"]


@dataclass(frozen=True, slots=True)
class Payable:
    """An open debit: one instalment of an invoice, or a charge.

    `open` is positive. `discount` is what paying it on the day of the payment earns, `until` the last day for that.
    """

    key: int
    document: str
    date: dt.date
    due: dt.date
    open: Decimal
    discount: Decimal = ZERO
    until: dt.date | None = None
    nature: Nature = "principal"
    disputed: Decimal = ZERO
    kind: str = "invoice"
    seq: int = 1
    po: str = ""
    original: Decimal = ZERO
    account: str = ""
    base: int | None = None
    """What the original is worth in minor units of the company's currency, where that is known."""


@dataclass(frozen=True, slots=True)
class Credit:
    """An open credit: a receipt or a credit note not used up; `open` is positive."""

    key: int
    document: str
    date: dt.date
    open: Decimal
    kind: str = "receipt"
    original: Decimal = ZERO
    base: int | None = None
    """What the original is worth in minor units of the company's currency, where that is known; positive."""


@dataclass(frozen=True, slots=True)
class Earlier:
    """A receipt of the same account that is in the books or in an open batch already; `came` in another currency, where it did."""

    document: str
    amount: Decimal
    received_on: dt.date
    instrument: str = ""
    by: str = ""
    came: Decimal | None = None
    came_in: str = ""


@dataclass(frozen=True, slots=True)
class Expected:
    """A sum the customer has announced: a promise or the line of a plan, and the items it is for (none: any)."""

    label: str
    amount: Decimal
    items: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Payment:
    """What came in: a positive amount, what the payer wrote, and the documents the customer says it is for.

    `came` is what it was in another currency before it became the amount.
    """

    amount: Decimal
    currency: str
    received_on: dt.date
    instrument: str = ""
    text: str = ""
    designated: tuple[str, ...] = ()
    came: Decimal | None = None
    came_in: str = ""


class Confidence(StrEnum):
    """How sure a proposal is. Only certain and likely ones are filled in for the clerk."""

    CERTAIN = "certain"
    LIKELY = "likely"
    ASK = "ask"
    OFFERED = "offered"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Line:
    """Set `apply` against an item, grant `discount`, let the small `difference` go."""

    item: int
    document: str
    apply: Decimal
    discount: Decimal = ZERO
    difference: Decimal = ZERO


@dataclass(frozen=True, slots=True)
class CreditUse:
    """Set an older credit against an item."""

    credit: int
    credit_document: str
    item: int
    document: str
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Duplicate:
    """The evidence that a payment may have been entered before, and the same in words."""

    earlier: Earlier
    words: str


@dataclass(frozen=True, slots=True)
class Proposal:
    """What to do with a payment, why, and how sure that is; `left` stays on account.

    `choices` are equally good answers when the confidence is ASK, or other readings of a likely one.
    """

    lines: tuple[Line, ...]
    reason: str
    confidence: Confidence
    left: Decimal
    uses: tuple[CreditUse, ...] = ()
    choices: tuple[Proposal, ...] = ()
    duplicates: tuple[Duplicate, ...] = ()
    credit_offered: Decimal = ZERO

    @property
    def fills(self) -> bool:
        """Whether the grid may show it filled in; posting it is always the clerk's own key."""
        return self.confidence in (Confidence.CERTAIN, Confidence.LIKELY)


@dataclass(frozen=True, slots=True)
class Rules:
    """How proposals are made here: settings of the company, in units of the payment's currency where they are amounts.

    `costs_first` pays costs, then interest, then principal when nobody says otherwise (German BGB section 367);
    what the customer states wins over it. `tolerance` is let go on a single item only. Banks on the way may have kept up
    to `bank_fee` of a payment; more is a short payment.
    """

    order: Order = "oldest"
    oldest_most: int = 5
    tolerance: Decimal = ZERO
    duplicate_days: int = 90
    same_amount_days: int = 20
    bank_fee: Decimal = Decimal(50)
    states: int = 2**18
    seconds: float = 0.05
