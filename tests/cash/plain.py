"""Plain payables and payments for tests without a database."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from artui.cash.proposal import Credit, Payable, Payment

DAY = date(2026, 6, 15)


def item(key: int, amount: str, *, due: int = 0, discount: str = "0", number: str | None = None, **more: Any) -> Payable:
    """An open invoice INV-1000+key, due `due` days after DAY (negative: overdue), a month after its date."""
    falls = DAY + timedelta(due)
    return Payable(key, number or f"INV-{1000 + key}", falls - timedelta(30), falls, Decimal(amount), Decimal(discount), **more)


def paid(amount: str, **more: Any) -> Payment:
    """A payment in dollars on DAY."""
    return Payment(Decimal(amount), "USD", DAY, **more)


def credit(key: int, amount: str, number: str | None = None) -> Credit:
    """An open credit note."""
    return Credit(key, number or f"CRN-{1000 + key}", DAY - timedelta(5), Decimal(amount), "credit_note")
