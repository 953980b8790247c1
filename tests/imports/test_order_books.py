"""Two order books with reference figures: rounding, customers, months, ageing of what was shipped."""

from __future__ import annotations

import csv
import json
from collections import Counter
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.books import Books
from tests.imports.files import command, counts, table, take


@pytest.fixture
def ar(shared: Path) -> Path:
    return shared / "cases" / "ar"


def _units(minor: object) -> str:
    return f"{Decimal(str(minor)) / 100:.2f}"


def test_customers_and_vendors_arrive_with_where_they_are_and_who_to_call(books: Books, ar: Path) -> None:
    for kind, name, number in (("customers", "customers", 91), ("vendors", "suppliers", 29)):
        path = ar / f"northwind_{name}.csv"
        assert counts(take(books, kind, path)) == (number, 0, 0, 0)
        assert counts(take(books, kind, path)) == (0, number, 0, 0)
    card = books.query(
        "SELECT p.name, p.country, a.city, a.postcode, c.name, c.title FROM account k JOIN party p ON p.id = k.party_id JOIN address a ON a.party_id = p.id"
        " JOIN contact c ON c.party_id = p.id WHERE k.number = 'ALFKI'"
    )
    assert card == [("Alfreds Futterkiste", "DE", "Berlin", "12209", "Maria Anders", "Sales Representative")]
    assert books.query("SELECT count(*) FROM party WHERE country IS NULL")[0][0] == 0
    assert ("49300074321",) in books.query("SELECT value_key FROM contact_point WHERE type = 'phone'")
    assert (
        books.query(
            "SELECT count(DISTINCT k.id) FROM account k JOIN contact_point c ON c.party_id = k.party_id AND c.type = 'phone'"
        )[0][0]
        == 120
    )


@pytest.mark.parametrize(("rounding", "total"), [("order", "1265793.22"), ("line", "1265793.29")])
def test_lines_make_the_amount_rounded_as_asked(books: Books, ar: Path, rounding: str, total: str) -> None:
    words = (
        "invoices",
        str(ar / "northwind_orders.csv"),
        "--lines",
        str(ar / "northwind_order_lines.csv"),
        "--round",
        rounding,
    )
    first = command(books, *words)
    assert (first["created"], first["rejected"], first["totals"]) == (830, 0, {"USD": total})
    assert Decimal(first["rounding"]["USD"]) == Decimal(total) - Decimal("1265793.0395")
    assert books.query("SELECT count(*), sum(amount) FROM document_line") == [
        (2155, int(Decimal(total) * 100))
    ]
    assert command(books, *words)["created"] == 0
    books.tie()


def test_the_order_book_agrees_with_its_reference(books: Books, ar: Path) -> None:
    reference = json.loads((ar / "northwind_reference.json").read_text(encoding="utf-8"))
    take(books, "invoices", ar / "northwind_orders.csv", lines=ar / "northwind_order_lines.csv")
    per_customer = {
        number: {"orders": orders, "total": _units(total)}
        for number, orders, total in books.query(
            "SELECT a.number, count(*), sum(d.amount) FROM document d JOIN account a ON a.id = d.account_id GROUP BY 1"
        )
    }
    wanted = {
        number: {"orders": row["orders"], "total": row["total"]}
        for number, row in reference["per_customer"].items()
    }
    assert per_customer == {number: row for number, row in wanted.items() if row["orders"]}
    for key, form in (("by_month", "YYYY-MM"), ("by_year", "YYYY")):
        found = {
            period: _units(total)
            for period, total in books.query(
                "SELECT to_char(doc_date, %s), sum(amount) FROM document GROUP BY 1", form
            )
        }
        assert found == reference[key]


def test_what_was_shipped_ages_as_the_reference_says(books: Books, ar: Path, tmp_path: Path) -> None:
    rows = []
    for order in csv.DictReader((ar / "northwind_orders.csv").open(encoding="utf-8")):
        if order["shipped_date"]:
            shipped = date.fromisoformat(order["shipped_date"])
            paid = shipped + timedelta(20) if shipped <= date(1998, 2, 15) else ""
            rows.append((order["order_id"], order["customer_id"], shipped, shipped + timedelta(30), paid))
    reference = json.loads((ar / "northwind_ar_reference.json").read_text(encoding="utf-8"))
    path = table(tmp_path / "shipped.csv", "number,customer,date,due,settled", rows)
    assert counts(take(books, "invoices", path, lines=ar / "northwind_order_lines.csv")) == (
        reference["invoices"],
        0,
        0,
        0,
    )
    books.tie()
    for wanted in reference["ageing"]:
        found = books.query(
            "SELECT a.number, x.* FROM api.ageing(%s) x JOIN ar.account a ON a.id = x.account_id",
            wanted["as_of"],
        )
        assert {row[0]: _units(row[10]) for row in found} == wanted["per_customer"]
        assert sum(row[11] for row in found) == wanted["open_invoices"]
        buckets = {"current": 3, "1-30": 4, "31-60": 5, "61-90": 6}
        for name, place in buckets.items():
            assert (
                Decimal(wanted["buckets"][name]["amount"]) == Decimal(sum(row[place] for row in found)) / 100
            )


def test_a_shop_with_thousands_of_small_invoices_agrees_with_its_reference(
    books: Books, ar: Path, tmp_path: Path
) -> None:
    shop: dict[str, list[dict[str, Any]]] = json.loads((ar / "chinook.json").read_text(encoding="utf-8"))
    reference = json.loads((ar / "chinook_reference.json").read_text(encoding="utf-8"))
    invoices = table(
        tmp_path / "i.csv",
        "InvoiceId,CustomerId,InvoiceDate",
        [(row["InvoiceId"], row["CustomerId"], row["InvoiceDate"]) for row in shop["Invoice"]],
    )
    lines = table(
        tmp_path / "l.csv",
        "InvoiceId,TrackId,UnitPrice,Quantity",
        [
            (row["InvoiceId"], row["TrackId"], row["UnitPrice"], row["Quantity"])
            for row in shop["InvoiceLine"]
        ],
    )
    outcome = take(books, "invoices", invoices, lines=lines)
    assert (counts(outcome), outcome.totals) == ((412, 0, 0, 0), {"USD": reference["total"]})
    per_customer: Counter[str] = Counter()
    for number, total in books.query(
        "SELECT a.number, sum(d.amount) FROM document d JOIN account a ON a.id = d.account_id GROUP BY 1"
    ):
        per_customer[number] = int(total)
    assert {number: _units(total) for number, total in per_customer.items()} == {
        number: row["total"] for number, row in reference["per_customer"].items()
    }
    by_year = {
        year: _units(total)
        for year, total in books.query(
            "SELECT to_char(doc_date, 'YYYY'), sum(amount) FROM document GROUP BY 1"
        )
    }
    assert by_year == reference["by_year"]
