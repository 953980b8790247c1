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
    deciders: tuple[str, ...]
    """Logins that may decide it: the right, a limit high enough, not its maker."""
    mine: bool
    """Whether whoever asks is one of them."""

    def as_json(self) -> dict[str, Any]:
        """Return the request in the shape promised to scripts."""
        return {
            "number": self.number, "maker": self.maker, "action": self.action, "amount": money.plain(self.amount, self.currency), "currency": self.currency,
            "document": self.document, "reason": self.reason, "requested_at": self.requested_at.isoformat(), "age_days": self.age_days,
            "deciders": list(self.deciders),
        }  # fmt: skip


def waiting(session: Session) -> tuple[Approval, ...]:
    """Return the open requests, oldest first, with who may decide each."""
    rows = session.query(
        """SELECT id, requested_by, action, amount, currency, coalesce(document ->> 'document', document ->> 'customer', ''), reason, requested_at,
             floor(extract(epoch FROM clock_timestamp() - requested_at) / 86400)::int, deciders(action, amount, currency, requested_by)::text[]
           FROM approval WHERE state = 'requested' ORDER BY id"""
    )
    me = session.actor.login
    return tuple(Approval(*(*row[:3], money.from_minor(row[3], row[4]), *row[4:9], tuple(row[9]), me in row[9])) for row in rows)


def decided(session: Session, number: int) -> str:
    """Say what one has decided oneself of a request: approved, rejected, or nothing; asked after a lost answer."""
    rows = session.query("SELECT state FROM approval WHERE id = %s AND decided_by = session_user AND state <> 'requested'", (number,))
    return str(rows[0][0]) if rows else ""
