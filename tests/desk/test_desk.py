"""The discrepancy desk, months that close, cheques that wait for their day, and certificates that are still to come."""

from __future__ import annotations

import json
import uuid
from datetime import date
from decimal import Decimal

import pytest
from psycopg2.extras import Json

from artui.drafts import Draft, save_draft
from artui.errors import ArtuiError
from artui.ledger import cheques, discrepancies, periods
from artui.ledger.discrepancies import Check
from tests.books import TODAY, Books

D = Decimal


def key() -> str:
    return str(uuid.uuid4())


@pytest.fixture(scope="module")
def desk(module_books: Books) -> Books:
    """An office with one finding of every check but the last."""
    books, jana = module_books, module_books.session("jana")
    books.post("invoice", number="A", customer="1", customer_name="Acme", create_customer=True, date="2026-03-01", amount="500", po="PO-1")
    books.post("invoice", number="B", customer="1", date="2026-04-20", due="2026-04-01", amount="500", po="PO-1")
    books.post("invoice", number="C", customer="1", date="2026-06-01", amount="500", po="PO-1")
    books.post("receipt", number="U", date="2026-05-16", amount="300")
    books.post("identify", document="U", customer="1", amount="100", date="2026-06-14")
    books.post("receipt", number="OLD", customer="2", customer_name="Beta", create_customer=True, date="2026-06-01", amount="70", currency="EUR")
    for number in ("R1", "R2"):
        books.post("receipt", number=number, customer="1", date="2026-06-14", amount="9", method="cheque", reference="778")
    books.post("reversal", document=str(books.post("receipt", customer="1", date="2026-06-14", amount="9", method="cheque", reference="778").document))
    books.post("withholding", number="W", customer="1", date="2026-04-01", amount="20", allocate=[{"document": "A", "amount": "20"}])
    books.post("write_off", login="jana", document="A", amount="5", reason="too small to chase")
    jana.query("SELECT api.open_batch('Main', '2026-06-01', 'USD', 100, 1)")
    jana.query("SELECT api.add_to_batch('B-00001', %s, %s)", (key(), Json({"kind": "receipt", "customer": "1", "date": "2026-06-01", "amount": 100})))
    books.query("UPDATE account SET collector = 'petr' WHERE number = '1'")
    cheques.take(jana, key(), customer="1", cheque="C-1", amount=D(50), currency="USD", deposit_on=date(2026, 6, 15), bank="First", allocate=[("A", D(50))])
    cheques.take(jana, key(), customer="1", cheque="C-2", amount=D(60), currency="USD", deposit_on=date(2026, 7, 15))
    return books


def test_every_check_says_how_many_how_old_how_much_whose_and_what_to_do(desk: Books) -> None:
    found = {row.name: row for row in discrepancies.discrepancies(desk.session("jana"))}
    assert {name: (row.findings, row.oldest_days, dict(row.amounts), row.owner) for name, row in found.items() if not row.ok} == {
        "unidentified_receipts": (1, 30, {"USD": D(200)}, ""), "unapplied_cash_over_5_days": (1, 14, {"EUR": D(-70)}, ""), "accounts_in_credit": (1, 14, {"EUR": D(-70)}, ""),
        "duplicate_receipts": (1, 1, {"USD": D(9)}, "petr"), "duplicate_invoices": (1, 56, {"USD": D(500)}, "petr"), "batches_open_over_1_day": (1, 14, {"USD": D(1)}, "jana"),
        "due_before_document_date": (1, 56, {"USD": D(500)}, "petr"), "certificates_missing": (1, 75, {"USD": D(20)}, "petr"), "cheques_to_deposit": (1, 0, {"USD": D(50)}, "jana"),
        "approvals_waiting": (1, 0, {"USD": D(5)}, "jana"),
    }  # fmt: skip
    assert found["unidentified_receipts"].fix == "identify"
    assert {row.name for row in discrepancies.discrepancies(desk.session("jana"), quick=True)} == {check.name for check in discrepancies.checks() if not check.slow}


def test_the_command_prints_the_same_and_keeps_its_promises(desk: Books) -> None:
    answer = json.loads(desk.artui("check", "--format", "json", login="audrey").stdout)
    assert answer["ok"]
    (unidentified,) = [row for row in answer["findings"] if row["name"] == "unidentified_receipts"]
    assert unidentified == {"name": "unidentified_receipts", "findings": 1, "example": "U", "ok": False, "oldest_days": 30, "amounts": {"USD": "200.00"}, "owner": "", "fix": "identify"}
    assert "look: identify" in desk.artui("check", login="audrey").stdout


def test_a_check_is_paged_by_its_last_row_and_others_bring_their_own(desk: Books) -> None:
    jana = desk.session("jana")
    rows = """SELECT d.posted_on AS since, lpad(d.id::text, 19, '0') AS key, d.number::text AS document, ''::text AS account, ''::text AS name, d.amount AS amount, d.currency::text AS currency,
              ''::text AS owner, ''::text AS detail FROM document d WHERE d.kind = 'invoice' AND d.posted_on <= %(day)s"""
    discrepancies.register(Check("three_invoices", "Invoices", "look", rows))
    try:
        (first, more), seen = discrepancies.rows(jana, "three_invoices", limit=2), []
        (last, no_more) = discrepancies.rows(jana, "three_invoices", after=first[-1], limit=2)
        seen = [(row.document, row.days, row.amount) for row in (*first, *last)]
        assert (seen, more, no_more) == ([("A", 106, D(500)), ("B", 56, D(500)), ("C", 14, D(500))], True, False)
        assert discrepancies.rows(jana, "three_invoices", date(2026, 3, 31))[0][0].document == "A"
        assert [row.detail for row in discrepancies.rows(jana, "duplicate_receipts")[0]] == ["778 in R1, R2"]
        for check in discrepancies.checks():
            discrepancies.rows(jana, check.name)
    finally:
        discrepancies._known.pop("three_invoices")
    with pytest.raises(ArtuiError, match="no check"):
        discrepancies.rows(jana, "three_invoices")


def test_a_cheque_dated_ahead_is_a_receipt_only_on_its_day(desk: Books) -> None:
    jana, one = desk.session("jana"), key()
    (today, _) = cheques.every(jana, settled=False)
    assert (today.cheque, today.amount, today.account) == ("C-1", D(50), "1")
    (_, later) = cheques.of_account(jana, "1")
    with pytest.raises(ArtuiError, match="15 Jul 2026 and not before"):
        cheques.deposit(jana, key(), later.number)
    with pytest.raises(ArtuiError, match="already here"):
        cheques.take(jana, key(), customer="1", cheque="C-1", amount=D(50), currency="USD", deposit_on=TODAY, bank="First")
    done = cheques.deposit(jana, one, today.number)
    assert (done.status, cheques.deposit(jana, one, today.number).status, [each.cheque for each in cheques.every(jana, settled=False)]) == ("posted", "exists", ["C-2"])
    assert desk.query("SELECT method, reference, amount FROM document WHERE number = %s", done.document) == [("cheque", "C-1", 5000)]
    assert desk.query("SELECT i.open FROM open_item i JOIN document d ON d.id = i.document_id WHERE d.number = 'A'") == [(43000,)]
    with pytest.raises(ArtuiError, match="no such cheque"):
        cheques.deposit(jana, key(), today.number)
    cheques.hand_back(jana, later.number, "paid by wire")
    assert [cheque.state for cheque in cheques.of_account(jana, "1")] == ["deposited", "handed_back"]
    desk.tie()


def test_a_certificate_is_pending_until_it_is_here(desk: Books) -> None:
    jana = desk.session("jana")
    assert [row.document for row in cheques.certificates(jana)] == ["W"]
    with pytest.raises(ArtuiError, match="No certificate belongs"):
        cheques.receive_certificate(jana, "W", "2307-1", date(2026, 3, 1))
    cheques.receive_certificate(jana, "W", "2307-1")
    cheques.receive_certificate(jana, "W", "2307-11")
    assert [(row.number, row.received_on) for row in cheques.certificates(jana, pending=False)] == [("2307-11", TODAY)]
    assert cheques.certificates(jana) == ()


def test_closing_a_month_says_what_it_would_strand_and_reopening_leaves_a_trace(desk: Books) -> None:
    viktor, karel, june = desk.session("viktor"), desk.session("karel"), date(2026, 6, 1)
    save_draft(desk.session("karla"), Draft("receipt", {"date": "2026-06-02"}))
    found = {row.what: (row.strands, row.number, row.amount) for row in periods.still_open(viktor, june) if row.what != "cheques_to_deposit"}
    assert found == {"batches_not_posted": (True, 1, D(1)), "drafts": (False, 1, None), "earlier_months_open": (False, 3, None)}
    assert [row.what for row in periods.still_open(viktor, date(2026, 5, 1))] == ["earlier_months_open", "unidentified_receipts"]
    periods.set_state(viktor, june, "soft_closed")
    with pytest.raises(ArtuiError, match="strand 1 batches not posted"):
        periods.set_state(viktor, june, "closed")
    periods.set_state(viktor, june, "closed", "the bank lost it")
    with pytest.raises(ArtuiError, match="June 2026 is closed"):
        desk.post("invoice", customer="1", date="2026-06-20", amount="1")
    with pytest.raises(ArtuiError, match="needs a reason"):
        periods.set_state(karel, june, "open")
    with pytest.raises(ArtuiError, match="Months are closed by"):
        periods.set_state(desk.session("marta"), june, "open", "please")
    periods.set_state(karel, june, "open", "late invoices")
    assert [(step.state, step.who, step.reason) for step in periods.trail(desk.session("jana"), june)] == [
        ("soft_closed", "viktor", ""), ("closed", "viktor", "the bank lost it"), ("open", "karel", "late invoices")]  # fmt: skip
    assert "batches not posted" in desk.artui("period", "review", "2026-06", login="viktor").stdout
    assert json.loads(desk.artui("period", "review", "2026-06", "--format", "json", login="viktor").stdout)["trail"][-1]["who"] == "karel"


def test_a_past_day_is_looked_at_as_of_that_day(desk: Books) -> None:
    found = {row.name: row for row in discrepancies.discrepancies(desk.session("jana"), date(2026, 6, 13))}
    assert found["unidentified_receipts"].amounts == {"USD": D(300)}       # found out only on the 14th
