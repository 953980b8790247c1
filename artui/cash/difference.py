"""What a payment gains or loses by exchange rates that have moved since its items were posted: as the vault will book it.

Each move of an amount takes with it what that part of either side is worth in the company's currency; what the two sides
differ by goes to exchange gain and loss.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from artui import money
from artui.cash.worksheet import Worksheet


@dataclass
class _Side:
    """One side of moves, in minor units: what it was, what is used of it, what the whole is worth in the company's currency."""

    original: int
    used: int
    base: int

    def give(self, amount: int) -> int:
        """Use so much of it, and return what that was worth."""
        before, self.used = self.used, self.used + amount
        return rounded(Fraction(self.base * self.used, self.original)) - rounded(Fraction(self.base * before, self.original))


def exchange_gain(sheet: Worksheet, rate: Decimal | None, home: str) -> Decimal:
    """Return what posting a sheet gains, in the company's currency `home`; a loss is negative.

    `rate` is what one unit of the sheet's currency is worth that day. Nothing where that, or the worth of an item, is not known.
    """
    if rate is None or sheet.currency == home:
        return Decimal(0)
    return money.from_minor(sum(_gains(sheet, rate, home)), home)


def _gains(sheet: Worksheet, rate: Decimal, home: str) -> Iterator[int]:
    def minor(amount: Decimal) -> int:
        return money.to_minor(amount, sheet.currency)

    def worth(amount: int) -> int:
        return rounded(amount * Fraction(rate) * Fraction(10) ** (money.digits(home) - money.digits(sheet.currency)))

    paid = _Side(minor(sheet.amount) or 1, 0, worth(minor(sheet.amount)))
    debits = {item.key: _Side(minor(item.original), minor(item.original - item.open), item.base) for item in sheet.items if item.base is not None and item.original}
    owed = {credit.key: _Side(minor(credit.original), minor(credit.original - credit.open), credit.base) for credit in sheet.credits if credit.base is not None and credit.original}
    for item in sheet.items:
        mark, debit = sheet.marks.get(item.key), debits.get(item.key)
        if mark is None or debit is None:
            continue
        if mark.cash:
            yield paid.give(minor(mark.cash)) - debit.give(minor(mark.cash))
        for let_go in (mark.discount, mark.difference):     # each is a document of its own, at the rate of the payment
            if let_go:
                yield worth(minor(let_go)) - debit.give(minor(let_go))
    for use in sheet.uses:
        if use.item in debits and use.credit in owed:
            yield owed[use.credit].give(minor(use.amount)) - debits[use.item].give(minor(use.amount))


def rounded(exact: Fraction) -> int:
    """Round half away from nothing, as the database does."""
    sign = -1 if exact < 0 else 1
    return sign * int(abs(exact) + Fraction(1, 2))
