"""2,466 real invoices with their settlement: the counts, the totals, and the ageing of any day against the file itself."""

from __future__ import annotations

import calendar
import csv
from collections import Counter
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

from tests.books import Books
from tests.imports.files import command

_MAP = (
    "customer=customerID",
    "number=invoiceNumber",
    "date=InvoiceDate",
    "due=DueDate",
    "amount=InvoiceAmount",
    "settled=SettledDate",
    "disputed=Disputed",
)


def _day(shown: str) -> date:
    return datetime.strptime(shown, "%m/%d/%Y").date()


def _plain(rows: list[dict[str, str]], day: date) -> Counter[str]:
    """Age the file by hand: an invoice is open from its date until the day before it was settled."""
    aged: Counter[str] = Counter()
    for row in rows:
        if _day(row["InvoiceDate"]) <= day < _day(row["SettledDate"]):
            late = (day - _day(row["DueDate"])).days
            bucket = (
                "not_due"
                if late <= 0
                else "d121"
                if late > 120
                else f"d{(late - 1) // 30 * 30 + 1}_{(late - 1) // 30 * 30 + 30}"
            )
            aged[bucket] += int(Decimal(row["InvoiceAmount"]) * 100)
            aged["items"] += 1
    return aged


def test_the_file_arrives_whole_once_and_ages_as_the_file_says(books: Books, shared: Path) -> None:
    path = shared / "data" / "ibm_late_payments.csv"
    words = (
        "invoices",
        str(path),
        "--date-order",
        "mdy",
        *(part for pair in _MAP for part in ("--map", pair)),
    )
    first = command(books, *words)
    assert (first["rows"], first["created"], first["rejected"], first["errors"]) == (2466, 2466, 0, [])
    assert first["totals"] == {"USD": "147703.18"}
    assert first["kind"] == "invoices" and first["file"] == str(path) and first["dry_run"] is False
    again = command(books, *words)
    assert (again["created"], again["unchanged"], again["rejected"], again["totals"]) == (0, 2466, 0, {})
    books.tie()

    rows = list(csv.DictReader(path.open(encoding="utf-8")))
    month_ends = [
        date(year, month, calendar.monthrange(year, month)[1])
        for year in (2012, 2013, 2014)
        for month in range(1, 13)
    ]
    others = [date(2012, 1, 3) + timedelta(37 * step) for step in range(30)]
    columns = ("not_due", "d1_30", "d31_60", "d61_90", "d91_120", "d121", "items")
    for day in [*month_ends, *others]:
        found = books.query(
            f"SELECT {', '.join(f'coalesce(sum({name}), 0)' for name in columns)}, coalesce(sum(unapplied), 0) FROM api.ageing(%s)",
            day,
        )[0]
        wanted = _plain(rows, day)
        assert dict(zip(columns, map(int, found), strict=False)) == {
            name: wanted[name] for name in columns
        }, day
        assert found[-1] == 0
    found = books.query(
        "SELECT sum(items), sum(total), sum(not_due), sum(d1_30) FROM api.ageing('2012-12-31')"
    )[0]
    assert [int(figure) for figure in found] == [99, 572506, 493632, 78874]


def test_one_number_under_many_names_stays_one_account_with_its_zeros(books: Books, shared: Path) -> None:
    command(books, "invoices", str(shared / "data" / "ibm_late_payments.csv"))
    assert books.query("SELECT count(*) FROM account WHERE kind = 'customer'")[0][0] == 100
    assert books.query("SELECT amount FROM document WHERE number = '0000611365' AND kind = 'invoice'") == [
        (5594,)
    ]
    assert books.query("SELECT count(*) FROM document WHERE number = '611365'")[0][0] == 0
