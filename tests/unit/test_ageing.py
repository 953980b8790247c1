"""Every item is in exactly one bucket."""

from __future__ import annotations

from collections import Counter
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from artui.ledger.ageing import BUCKETS, bucket_label, bucket_of, days_late


@pytest.mark.parametrize(
    ("days", "bucket"),
    [
        (-400, "not_due"),
        (0, "not_due"),
        (1, "1-30"),
        (30, "1-30"),
        (31, "31-60"),
        (60, "31-60"),
        (61, "61-90"),
    ]
    + [(90, "61-90"), (91, "91-120"), (120, "91-120"), (121, "121+"), (40_000, "121+")],
)
def test_the_edges_belong_to_one_bucket_each(days: int, bucket: str) -> None:
    assert bucket_of(days) == bucket


@given(st.integers(-5000, 5000))
def test_an_item_never_gets_younger(days: int) -> None:
    assert BUCKETS.index(bucket_of(days)) <= BUCKETS.index(bucket_of(days + 1))


def test_eight_invoices_at_the_edges_are_each_counted_once() -> None:
    as_of = date(2026, 3, 31)
    counts = Counter(
        bucket_of(days_late(as_of, date.fromordinal(as_of.toordinal() - days)))
        for days in (0, 1, 30, 31, 60, 61, 90, 91)
    )
    assert counts == {"not_due": 1, "1-30": 2, "31-60": 2, "61-90": 2, "91-120": 1}


def test_days_count_from_the_due_date() -> None:
    assert days_late(date(2026, 5, 31), date(2026, 4, 9)) == 52
    assert days_late(date(2026, 5, 31), date(2026, 6, 14)) == -14


def test_screens_write_not_due_in_two_words() -> None:
    assert [bucket_label(name) for name in BUCKETS] == ["not due", *BUCKETS[1:]]
