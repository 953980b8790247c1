"""A small book with everything the screens show: what the stories and pictures of text are told with."""

from __future__ import annotations

from typing import Any

from tests.books import Books

LONG = "Adolph Blaine Charles David Earl Frederick Gerald Hubert Irvin John Kenneth Lloyd Martin Nero Wolfeschlegelsteinhausenbergerdorff"


def fill(books: Books) -> None:
    """Post the documents of a small office and describe its accounts."""
    _customers(books)
    _reyes(books)
    _vendor(books)
    _people(books)
    books.tie()


def _invoice(books: Books, number: str, customer: str, name: str, date: str, due: str, amount: str, **more: str) -> None:
    fields: dict[str, Any] = {"number": number, "customer": customer, "customer_name": name, "create_customer": True, "date": date, "due": due, "amount": amount, **more}
    books.post("invoice", **fields)


def _customers(books: Books) -> None:
    _invoice(books, "INV-100", "20917", "Čapek a synové s.r.o.", "2026-05-20", "2026-06-19", "9171.23", currency="CZK", rate="0.043")
    _invoice(books, "INV-101", "30001", "Reyes Trading", "2026-03-02", "2026-04-01", "1500.00", currency="USD")
    _invoice(books, "INV-102", "30001", "Reyes Trading", "2026-05-02", "2026-06-01", "880.50", currency="EUR", rate="1.08")
    _invoice(books, "INV-103", "30002", LONG, "2026-06-01", "2026-07-01", "12.00")
    _invoice(books, "INV-104", "30003", "株式会社 山田商事", "2026-06-01", "2026-07-01", "125000", currency="JPY", rate="0.0065")
    books.post("invoice", number="INV-105", customer="30004", customer_name="Baker & Daughters", create_customer=True, date="2026-01-05", currency="USD", amount="300.00",
               instalments=[{"due": "2026-01-20", "amount": "100.00"}, {"due": "2026-02-20", "amount": "200.00"}])  # fmt: skip


def _reyes(books: Books) -> None:
    goods = [
        {"description": "Fertilizer 16-16-16, 50 kg", "quantity": "100", "unit_price": "60.00"},
        {"description": "Freight to Baguio", "quantity": "1", "unit_price": "1000.00"},
    ]
    reyes: dict[str, Any] = {"customer": "10442", "currency": "PHP", "rate": "0.0175"}
    books.post("invoice", number="INV-20881", customer_name="Reyes Farms Inc.", create_customer=True, date="2026-04-02", due="2026-05-02", po="4500071", lines=goods, **reyes)
    books.post("invoice", number="INV-21033", date="2026-04-14", due="2026-05-14", amount="5400.00", po="4500102", **reyes)
    books.post("invoice", number="INV-21500", date="2026-05-24", due="2026-06-23", amount="35800.00", po="4500388", **reyes)
    books.post("receipt", number="R-17", date="2026-05-25", amount="3000.00", method="cheque", reference="4391", allocate=[{"document": "INV-20881", "amount": "2000.00"}], **reyes)
    books.post("dispute", document="INV-20881", amount="1500.00", reason="short delivery")


def _vendor(books: Books) -> None:
    books.query("INSERT INTO party (name, country) VALUES ('Northern Paper a.s.', 'CZ')")
    books.query("INSERT INTO account (kind, number, party_id, currency, terms) SELECT 'vendor', 'V3071', id, 'CZK', NULL FROM party WHERE name = 'Northern Paper a.s.'")
    books.post("purchase", number="FA-881", vendor="V3071", date="2026-05-04", due="2026-06-03", amount="1230.00", currency="CZK", rate="0.043")
    books.post("purchase", number="FA-902", vendor="V3071", date="2026-06-04", due="2026-07-04", amount="410.00", currency="CZK", rate="0.043")


def _people(books: Books) -> None:
    party = "(SELECT party_id FROM account WHERE number = %s LIMIT 1)"
    for number, lines, city, code, country in (
        ("10442", "12 Session Road", "Baguio", "2600", "PH"),
        ("20917", "Veveří 7", "Brno", "602 00", "CZ"),
        ("V3071", "Průmyslová 3", "Olomouc", "779 00", "CZ"),
    ):
        books.query(f"INSERT INTO address (party_id, lines, city, postcode, country) VALUES ({party}, %s, %s, %s, %s)", number, lines, city, code, country)
    books.query(f"INSERT INTO contact (party_id, name, title, purpose) VALUES ({party}, 'Ana Reyes', 'accounts payable', 'collections')", "10442")
    for kind, value, key in (("phone", "+63 917 123 4567", "639171234567"), ("email", "ana@reyesfarms.example", "ana@reyesfarms.example")):
        books.query(
            "INSERT INTO contact_point (party_id, contact_id, type, value, value_key) SELECT party_id, id, %s, %s, %s FROM contact WHERE name = 'Ana Reyes'", kind, value, key
        )
    books.query(
        """INSERT INTO activity (account_id, direction, channel, outcome, note, happened_at, by_login)
           SELECT id, 'out', 'phone', 'will pay', 'Ana: will pay 5 000 on the 27th after the delivery note is sent again', '2026-06-12 06:00+00', 'petr' FROM account WHERE number = '10442'"""
    )
    books.query("UPDATE account SET credit_limit = 5000000, collector = 'petr', terms = (SELECT code FROM terms ORDER BY code LIMIT 1) WHERE number = '10442'")
    books.query("INSERT INTO party (name) VALUES ('Quiet Corner Ltd')")
    books.query("INSERT INTO account (kind, number, party_id, currency) SELECT 'customer', '30005', id, 'USD' FROM party WHERE name = 'Quiet Corner Ltd'")
    books.query("UPDATE account SET hold = true, hold_reason = 'cheque bounced, cash only' WHERE number = '30001'")
    books.query("UPDATE party SET parent_id = (SELECT party_id FROM account WHERE number = '10442') WHERE name = 'Reyes Trading'")
