"""How late an item is, and the bucket that lateness belongs to."""

from __future__ import annotations

from bisect import bisect_left
from datetime import date
from typing import Final

BUCKETS: Final = ("not_due", "1-30", "31-60", "61-90", "91-120", "121+")
_LAST_DAYS: Final = (0, 30, 60, 90, 120)


def days_late(as_of: date, due: date) -> int:
    """Give the days past due; zero on the due date itself, negative before it."""
    return (as_of - due).days


def bucket_of(days: int) -> str:
    """Give the one bucket for so many days past due; zero and less are not due."""
    return BUCKETS[bisect_left(_LAST_DAYS, days)]


def bucket_label(name: str) -> str:
    """Give a bucket's name as screens and paper show it."""
    return name.replace("_", " ")
