"""Closed items are filed by how long they were open: no age may fall outside its class, or a past day would miss it."""

from __future__ import annotations

from tests.books import Books


def test_every_age_an_item_can_reach_lies_within_its_class(module_books: Books) -> None:
    ages = "(SELECT generate_series(0, 3000) UNION ALL SELECT generate_series(3000, date '2200-12-31' - date '1900-01-01', 13)) ages(n)"
    assert module_books.query(f"SELECT count(*) FROM {ages} WHERE n > ar.span_days(ar.span_class(n)) OR ar.span_class(n) < ar.span_class(greatest(n - 1, 0))") == [(0,)]


def test_an_item_that_was_open_for_three_centuries_is_still_found_on_a_day_between(books: Books) -> None:
    books.post("invoice", number="OLD", customer="1", customer_name="One", create_customer=True, date="1900-01-01", amount="10")
    books.post("receipt", number="LATE", customer="1", date="2200-12-01", amount="10", allocate=[{"document": "OLD", "amount": "10"}])
    assert books.query("SELECT total FROM api.ageing('2000-01-01')") == [(1000,)]
    assert books.query("SELECT total FROM api.ageing('2200-12-31')") == []
    books.tie()
