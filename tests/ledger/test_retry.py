"""A dropped line and a deadlock are the program's trouble, not the clerk's."""

from __future__ import annotations

import threading
import uuid

from artui.ledger import posting
from tests.books import Books


def receipt(number: str, customer: str = "1001") -> dict[str, object]:
    return {"id": str(uuid.uuid4()), "kind": "receipt", "number": number, "customer": customer, "date": "2026-03-10", "amount": "5"}


def test_a_posting_survives_the_loss_of_its_connection(books: Books) -> None:
    books.post("invoice", number="INV-1", customer="1001", create_customer=True, date="2026-03-01", amount="100")
    session = books.session("jana")
    session.query("SELECT 1")
    books.query("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'jana' AND datname = %s", books.name)
    document = receipt("R1")
    assert posting.post(session, document).status == "posted"
    assert posting.post(session, document).status == "exists"
    assert books.query("SELECT count(*) FROM document WHERE number = 'R1'") == [(1,)]


def test_two_clerks_who_lock_each_other_out_both_succeed(books: Books) -> None:
    for number in ("A", "B"):
        books.post("invoice", number=f"INV-{number}", customer="1001", create_customer=True, date="2026-03-01", amount="100")
        books.post("receipt", number=f"REC-{number}", customer="1001", date="2026-03-02", amount="100")
    outcome: list[str] = []

    def move(login: str, order: str) -> None:
        session = books.session(login)
        for _ in range(15):
            moves = [{"from": f"REC-{name}", "to": f"INV-{name}", "amount": "1"} for name in order]
            outcome.append(posting.post(session, {"id": str(uuid.uuid4()), "kind": "allocation", "moves": moves}).status)

    clerks = [threading.Thread(target=move, args=pair) for pair in (("jana", "AB"), ("karla", "BA"))]
    for clerk in clerks:
        clerk.start()
    for clerk in clerks:
        clerk.join()
    assert outcome == ["posted"] * 30
    books.tie()
