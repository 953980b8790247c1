"""What waits for a second person."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from artui import money
from artui.session import Session


@dataclass(frozen=True)
class Approval:
    """One request: who asks for what, why, and since when."""

    number: int
    maker: str
    action: str
    amount: Decimal
    currency: str
    document: str
    reason: str
    requested_at: datetime
    age_days: int

    def as_json(self) -> dict[str, Any]:
        """Return the request in the shape promised to scripts."""
        return {
            "number": self.number, "maker": self.maker, "action": self.action, "amount": money.plain(self.amount, self.currency), "currency": self.currency,
            "document": self.document, "reason": self.reason, "requested_at": self.requested_at.isoformat(), "age_days": self.age_days,
        }  # fmt: skip


def waiting(session: Session) -> tuple[Approval, ...]:
    """Return the open requests, oldest first."""
    rows = session.query(
        """SELECT id, requested_by, action, amount, currency, coalesce(document ->> 'document', document ->> 'customer', ''), reason, requested_at,
             floor(extract(epoch FROM clock_timestamp() - requested_at) / 86400)::int FROM approval WHERE state = 'requested' ORDER BY id"""
    )
    return tuple(Approval(row[0], row[1], row[2], money.from_minor(row[3], row[4]), *row[4:]) for row in rows)
