"""The company's rules for what a payment is for: its `cash.*` settings as they stand on a day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation

from artui.cash.payable import Order, Rules
from artui.session import Session

SETTINGS = ("cash.order", "cash.oldest_most", "cash.tolerance", "cash.duplicate_days", "cash.bank_fee")


def rules_on(session: Session, day: dt.date) -> Rules:
    """Read the rules that are in force on a day."""
    found = session.query("SELECT jsonb_object_agg(n, setting_on(n, %s) #>> '{}') FROM unnest(%s) n", (day, list(SETTINGS)))
    return rules_of(found[0][0])


def rules_of(settings: Mapping[str, str]) -> Rules:
    """Read the rules from settings by name; one that cannot be understood leaves the rule as it is by default."""
    plain = Rules()
    order: Order = "costs_first" if settings.get("cash.order") == "costs_first" else "oldest"
    return Rules(
        order=order,
        oldest_most=int(_number(settings.get("cash.oldest_most"), plain.oldest_most)),
        tolerance=_number(settings.get("cash.tolerance"), plain.tolerance),
        duplicate_days=int(_number(settings.get("cash.duplicate_days"), plain.duplicate_days)),
        bank_fee=_number(settings.get("cash.bank_fee"), plain.bank_fee),
    )


def _number(written: str | None, otherwise: Decimal | int) -> Decimal:
    try:
        number = Decimal(written or "")
        sensible = 0 <= number <= 100_000
    except InvalidOperation:  # no number, or NaN
        return Decimal(otherwise)
    return number if sensible else Decimal(otherwise)
