"""Receipts from a file: whose they are, what they pay, and what happens when that cannot be."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.books import Books
from tests.imports.files import counts, table, take

_HEADER = "number,customer,date,amount,currency,method,reference,invoice"


@pytest.fixture
def owed(books: Books) -> Books:
    for number, customer, due, amount in (
        ("I1", "C1", "2026-03-31", "100.00"),
        ("I2", "C1", "2026-04-30", "50.00"),
        ("I3", "C2", "2026-04-30", "70.00"),
        ("I4", "C1", "2026-02-28", "10.00"),
    ):
        books.post(
            "invoice",
            number=number,
            customer=customer,
            create_customer=True,
            date="2026-02-01",
            due=due,
            amount=amount,
        )
    return books


def _open(books: Books) -> dict[str, int]:
    return dict(
        books.query(
            "SELECT d.number, sum(i.open)::int FROM open_item i JOIN document d ON d.id = i.document_id WHERE i.open <> 0 GROUP BY 1"
        )
    )


def test_an_amount_goes_to_the_named_invoices_oldest_first_and_the_rest_stays_on_account(
    owed: Books, tmp_path: Path
) -> None:
    path = table(
        tmp_path / "r.csv",
        _HEADER,
        [
            ("R1", "C1", "2026-05-02", "130.00", "", "wire", "W1", "I2; I1"),
            ("R2", "C2", "2026-05-02", "80.00", "", "", "", "I3"),
        ],
    )
    outcome = take(owed, "receipts", path)
    assert (counts(outcome), outcome.totals) == ((2, 0, 0, 0), {"USD": "210.00"})
    assert _open(owed) == {"I2": 2000, "I4": 1000, "R2": -1000}
    assert [(warning.row, warning.message) for warning in outcome.warnings] == [
        (3, "USD 10.00 of it stays on account.")
    ]
    assert counts(take(owed, "receipts", path)) == (0, 2, 0, 0)
    assert _open(owed) == {"I2": 2000, "I4": 1000, "R2": -1000}
    owed.tie()


def test_several_receipts_may_pay_one_invoice_and_none_pays_too_much(owed: Books, tmp_path: Path) -> None:
    rows = [
        (f"R{place}", "C1", f"2026-05-{20 - place:02}", "30.00", "", "", "", "I1" if place % 2 else "I1;I2")
        for place in range(6)
    ]
    outcome = take(owed, "receipts", table(tmp_path / "r.csv", _HEADER, rows))
    assert counts(outcome) == (6, 0, 0, 0)
    still = _open(owed)
    assert sum(still.values()) == 23000 - 18000
    assert "I1" not in still and all(number[0] == "R" or amount > 0 for number, amount in still.items())
    owed.tie()


def test_a_row_that_pays_what_is_not_there_is_rejected_alone(owed: Books, tmp_path: Path) -> None:
    rows = [("R1", "C1", "2026-05-02", "5.00", "", "", "", "I9"), ("R2", "C1", "2026-05-02", "5.00", "", "", "", "I3"), ("R3", "C1", "2026-05-02", "5.00", "EUR", "", "", "I1"),
            ("R4", "C1", "2026-05-02", "5.00", "", "", "", "I1"), ("R5", "C9", "2026-05-02", "5.00", "", "", "", "")]  # fmt: skip
    outcome = take(owed, "receipts", table(tmp_path / "r.csv", _HEADER, rows))
    assert counts(outcome) == (2, 0, 0, 3)
    assert [(error.row, error.column, error.value) for error in outcome.errors] == [
        (2, "invoice", "I9"),
        (3, "invoice", "I3"),
        (4, "invoice", "I1"),
    ]
    assert owed.query("SELECT number FROM document WHERE kind = 'receipt' ORDER BY 1") == [("R4",), ("R5",)]
    owed.tie()


def test_money_of_nobody_is_kept_as_unidentified_unless_its_invoice_says_whose_it_is(
    owed: Books, tmp_path: Path
) -> None:
    outcome = take(
        owed,
        "receipts",
        table(
            tmp_path / "r.csv",
            "date,amount,invoice",
            [("2026-05-02", "5.00", ""), ("2026-05-02", "70.00", "I3")],
        ),
    )
    assert counts(outcome) == (2, 0, 0, 0)
    found = owed.query(
        "SELECT d.event, a.number, d.amount FROM document d LEFT JOIN account a ON a.id = d.account_id WHERE d.kind = 'receipt' ORDER BY 3"
    )
    assert found == [("receipt_unidentified", None, 500), ("receipt", "C2", 7000)]
    assert "I3" not in _open(owed)
    owed.tie()


def test_rows_without_a_number_that_look_alike_are_two_payments_and_stay_two(
    owed: Books, tmp_path: Path
) -> None:
    alike = ("C1", "2026-05-02", "5.00", "cash")
    path = table(
        tmp_path / "r.csv",
        "customer,date,amount,method",
        [alike, alike, ("C1", "2026-05-02", "6.00", "cash"), alike],
    )
    assert counts(take(owed, "receipts", path)) == (4, 0, 0, 0)
    assert counts(take(owed, "receipts", path)) == (0, 4, 0, 0)
    more = table(
        tmp_path / "r.csv",
        "customer,date,amount,method",
        [alike, ("C1", "2026-05-02", "6.00", "cash"), alike, alike, alike],
    )
    assert counts(take(owed, "receipts", more)) == (1, 4, 0, 0)


def test_a_receipt_dated_before_its_invoice_counts_from_the_invoice_on(owed: Books, tmp_path: Path) -> None:
    take(
        owed,
        "receipts",
        table(tmp_path / "r.csv", _HEADER, [("R1", "C1", "2026-01-10", "100.00", "", "", "", "I1")]),
    )
    assert owed.query("SELECT effective_on::text FROM allocation") == [("2026-02-01",)]
    owed.tie()


@pytest.mark.parametrize("amount", ["0", "-5.00", "", "x"])
def test_only_more_than_nothing_is_a_receipt(owed: Books, tmp_path: Path, amount: str) -> None:
    assert counts(
        take(
            owed,
            "receipts",
            table(tmp_path / "r.csv", _HEADER, [("R1", "C1", "2026-05-02", amount, "", "", "", "")]),
        )
    ) == (0, 0, 0, 1)


def test_foreign_money_settles_with_its_gain_or_loss(books: Books, tmp_path: Path) -> None:
    books.query(
        "INSERT INTO exchange_rate (currency, valid_from, rate) VALUES ('EUR', '2026-01-01', 1.10), ('EUR', '2026-05-01', 1.20)"
    )
    rows = [
        ("E1", "C1", "2026-04-01", "2026-04-30", "100.00", "EUR", "2026-05-10"),
        ("E2", "C1", "2026-04-01", "2026-04-30", "50.00", "EUR", ""),
    ]
    assert counts(
        take(
            books,
            "invoices",
            table(tmp_path / "i.csv", "number,customer,date,due,amount,currency,settled", rows),
        )
    ) == (2, 0, 0, 0)
    take(
        books,
        "receipts",
        table(tmp_path / "r.csv", _HEADER, [("R1", "C1", "2026-05-02", "50.00", "EUR", "", "", "E2")]),
    )
    assert books.query("SELECT sum(base_amount)::int FROM journal_line WHERE gl = '5150'") == [(-1500,)]
    assert books.query("SELECT coalesce(sum(base_amount), 0)::int FROM journal_line WHERE gl = '1100'") == [
        (0,)
    ]
    books.tie()
