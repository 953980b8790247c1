"""How large a sample is, and everything that follows from its size and seed alone."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date, timedelta

DEMO_DATE = date(2026, 6, 15)
"""The business date of every sample company."""
CAST = 20
"""Customers with a story of their own, numbered first; they are there at every size."""
FIRST_CUSTOMER = 10001
FIRST_VENDOR = 3001
BLOCK = 500
"""Customers of one block: a block's documents are numbered by date among themselves."""
INVOICES_A_CUSTOMER = 18
"""The most invoices one customer can have: it reserves a block's numbers, whoever builds the block."""
_NAMESPACE = uuid.UUID("6f6b0f0e-7d0c-4a52-9b0e-0a3a5d2f7c11")
_DETAILED = 5_000


@dataclass(frozen=True)
class Scale:
    """`customers` in all, at least the cast; `seed` chooses another company of the same size."""

    customers: int
    seed: int

    @property
    def detailed(self) -> bool:
        """A year with lines, instalments and second contacts; larger samples have five plain years."""
        return self.customers <= _DETAILED

    @property
    def days(self) -> int:
        """Days of history before the demo date."""
        return 365 if self.detailed else 5 * 365

    @property
    def start(self) -> date:
        """The first day of the history."""
        return DEMO_DATE - timedelta(self.days)

    @property
    def crowd(self) -> int:
        """Customers without a story."""
        return max(0, self.customers - CAST)

    @property
    def blocks(self) -> int:
        """How many blocks the crowd makes."""
        return -(-self.crowd // BLOCK)

    @property
    def vendors(self) -> int:
        """How many vendors there are."""
        return min(2_000, 12 + self.customers // 6)

    def block(self, index: int) -> range:
        """Return the customer numbers of one block."""
        first = FIRST_CUSTOMER + CAST + index * BLOCK
        return range(first, min(first + BLOCK, FIRST_CUSTOMER + CAST + self.crowd))

    def key(self, *what: object) -> str:
        """Return the idempotency key of one act: always the same for the same sample."""
        return str(uuid.uuid5(_NAMESPACE, ":".join(map(str, (self.customers, self.seed, *what)))))

    def source(self, *what: object) -> str:
        """Return the seed of the random numbers of one part; the size counts only as the length of the history."""
        return ":".join(map(str, (self.seed, self.detailed, *what)))
