"""Corrections: each one action, its effects seen before it is posted and the same afterwards."""

from __future__ import annotations

import uuid
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from artui.errors import ArtuiError
from artui.ledger import corrections, posting
from artui.ledger.corrections import effects
from artui.security.approvals import waiting
from artui.session import Session
from tests.books import Books

D = Decimal


def key() -> str:
    return str(uuid.uuid4())


@pytest.fixture(scope="module")
def desk(module_books: Books) -> Books:
    """One customer with a subsidiary and a vendor account of its own."""
    for number, name in (("1", "Acme"), ("2", "Acme West")):
        module_books.query("INSERT INTO party (name) VALUES (%s)", name)
        module_books.query("INSERT INTO account (kind, number, party_id, currency) SELECT 'customer', %s, id, 'USD' FROM party WHERE name = %s", number, name)
    module_books.query("INSERT INTO account (kind, number, party_id, currency) SELECT 'vendor', 'V', id, 'USD' FROM party WHERE name = 'Acme'")
    module_books.query("UPDATE party SET parent_id = (SELECT id FROM party WHERE name = 'Acme') WHERE name = 'Acme West'")
    return module_books


def paid(books: Books, amount: str = "100", day: str = "2026-04-10") -> tuple[str, str]:
    """An invoice and the receipt that paid it."""
    invoice = books.post("invoice", customer="1", date="2026-03-01", due="2026-03-31", amount=amount).document
    receipt = books.post("receipt", customer="1", date=day, amount=amount, method="cheque", reference=key()[:8], allocate=[{"document": invoice, "amount": amount}]).document
    return str(invoice), str(receipt)


def seen_then_done(session: Session, document: dict[str, Any]) -> corrections.Effects:
    """The effects shown, nothing kept by looking, and then the same when it is posted."""
    count = "SELECT (SELECT count(*) FROM document), (SELECT count(*) FROM allocation), (SELECT sum(abs(open)) FROM open_item)"
    before = session.query(count)
    shown = effects(session, document)
    assert session.query(count) == before
    assert posting.post(session, document).status == ("waiting" if shown.needs_approval else "posted")
    return shown


def test_a_returned_cheque_reopens_its_invoice_charges_the_fee_and_marks_the_account(desk: Books) -> None:
    jana = desk.session("jana")
    invoice, receipt = paid(desk)
    shown = seen_then_done(jana, corrections.returned_cheque(jana, key(), receipt, day=date(2026, 4, 20)))
    (reopened,) = [item for item in shown.items if item.reopened]
    assert (reopened.document, reopened.before, reopened.after) == (invoice, D(0), D(100))
    assert [(fee.event, fee.amount, fee.date) for fee in shown.fees] == [("nsf_fee", D(25), date(2026, 4, 20))]
    assert [(line.gl, line.amount) for line in shown.documents[0].lines] == [("1000", D(-100)), ("1100", D(100))]
    account = jana.query("SELECT account_id FROM document WHERE number = %s", (receipt,))[0][0]
    assert corrections.returned_payments(jana, account) == corrections.Returned(1, date(2026, 4, 20))
    assert corrections.returned_payments(jana, account, date(2026, 4, 19)) == corrections.Returned(0, None)
    ((reversal,),) = jana.query("SELECT number FROM document WHERE reverses_id = (SELECT id FROM document WHERE number = %s AND kind = 'receipt')", (receipt,))
    posting.post(jana, corrections.reverse(jana, key(), reversal))
    assert corrections.returned_payments(jana, account).times == 0     # the bank found the money after all
    desk.tie()


def test_money_of_an_unknown_payer_that_comes_back_is_charged_to_whom_it_was_found_to_be(desk: Books) -> None:
    jana = desk.session("jana")
    receipt = str(desk.post("receipt", date="2026-04-01", amount="70").document)
    desk.post("identify", document=receipt, customer="2", amount="70")
    shown = seen_then_done(jana, corrections.returned_cheque(jana, key(), receipt, fee=D("15.50")))
    assert [(fee.account, fee.amount) for fee in shown.fees] == [("2", D("15.50"))]
    account = jana.query("SELECT id FROM account WHERE number = '2'")[0][0]
    assert corrections.returned_payments(jana, account).times == 1


def test_unallocating_in_june_leaves_the_may_ageing_as_it_was(desk: Books) -> None:
    jana = desk.session("jana")
    invoice, receipt = paid(desk, day="2026-04-15")
    rows = "SELECT * FROM api.ageing('2026-05-31') ORDER BY 1, 2"
    before = jana.query(rows)
    shown = seen_then_done(jana, corrections.unallocate(jana, key(), receipt))
    assert {(item.document, item.before, item.after) for item in shown.items} == {(invoice, D(0), D(100)), (receipt, D(0), D(-100))}
    assert jana.query(rows) == before
    assert corrections.links(jana, receipt) == ()
    with pytest.raises(ArtuiError, match="Nothing of"):
        corrections.unallocate(jana, key(), receipt)


def test_a_credit_note_takes_back_lines_and_their_share_of_tax(desk: Books) -> None:
    marta = desk.session("marta")
    lines = [{"description": "pens", "quantity": "3", "unit_price": "33.33"}, {"description": "ink", "quantity": "1", "unit_price": "50.01"}]
    invoice = str(desk.post("invoice", customer="1", date="2026-05-01", lines=lines, tax="31.50", amount="181.50").document)
    shown = seen_then_done(marta, corrections.credit_note(marta, key(), invoice, lines={1: D(2)}))
    assert shown.documents[0].amount == D("80.66")       # 66.66, and of the tax 31.50 * 66.66 / 150.00
    assert [(line.gl, line.amount) for line in shown.documents[0].lines] == [("4090", D("66.66")), ("2200", D("14.00")), ("1100", D("-80.66"))]
    with pytest.raises(ArtuiError, match="of it is credited"):
        corrections.credit_note(marta, key(), invoice)
    with pytest.raises(ArtuiError, match="not between nothing and the 1 sold"):
        corrections.credit_note(marta, key(), invoice, lines={2: D(2)})
    assert corrections.credit_note(marta, key(), invoice, amount=D("50"))["tax"] == "8.68"
    assert corrections.credit_note(marta, key(), invoice, amount=D("100.84"))["tax"] == "17.50"     # the last one takes the rest of the tax


def test_a_credit_note_above_ones_limit_waits_for_somebody_who_may(desk: Books) -> None:
    jana, marta, viktor = desk.session("jana"), desk.session("marta"), desk.session("viktor")
    invoice = str(desk.post("invoice", customer="1", date="2026-05-01", amount="900").document)
    note = corrections.credit_note(jana, key(), invoice, amount=D(600), reason="short delivery")
    shown = seen_then_done(jana, note)
    assert (shown.needs_approval, shown.deciders) == (True, ("karel", "olga", "viktor"))
    assert posting.post(jana, note).status == "waiting"             # sent again, still one request
    (request,) = [row for row in waiting(viktor) if row.reason == "short delivery"]
    assert (request.maker, request.amount, request.deciders, request.mine) == ("jana", D(600), ("karel", "olga", "viktor"), True)
    (shown_to_marta,) = [row for row in waiting(marta) if row.number == request.number]
    assert not shown_to_marta.mine
    assert corrections.approval_effects(viktor, request.number).documents[0].amount == D(600)
    with pytest.raises(ArtuiError, match="Requests are decided by"):
        corrections.approval_effects(desk.session("karla"), request.number)
    with pytest.raises(ArtuiError, match="above what marta may approve"):
        posting.decide(marta, request.number, approve=True)
    done = posting.decide(viktor, request.number, approve=True)
    assert desk.query("SELECT open FROM open_item i JOIN document d ON d.id = i.document_id WHERE d.number = %s", invoice) == [(30000,)]
    assert corrections.approval_effects(jana, request.number).documents[0].number == done.document
    assert posting.post(marta, corrections.credit_note(marta, key(), invoice, amount=D(300))).status == "posted"


def test_an_invoice_is_credited_once_over_however_many_notes_and_makers(desk: Books) -> None:
    jana, marta = desk.session("jana"), desk.session("marta")
    invoice = str(desk.post("invoice", customer="1", date="2026-05-01", amount="250").document)

    def note(session: Session, amount: int) -> posting.Answer:
        return posting.post(session, {"id": key(), "kind": "credit_note", "customer": "1", "of": invoice, "date": "2026-05-02", "amount": str(amount), "currency": "USD"})

    assert note(jana, 60).status == "posted"
    assert note(jana, 60).status == "waiting", "two notes of one invoice stretch no limit of 100"
    with pytest.raises(ArtuiError, match=r"191.00 cannot be credited: .* is USD 250.00, USD 120.00 of it is credited or waits to be"):
        note(jana, 191)
    assert note(marta, 131).status == "posted"
    with pytest.raises(ArtuiError, match="cannot be credited"):
        note(marta, 60)
    (request,) = [row.number for row in waiting(desk.session("viktor")) if row.amount == D(60)]
    with pytest.raises(ArtuiError, match="60.00 cannot be credited"):
        posting.decide(desk.session("viktor"), request, approve=True)


def test_limits_and_fees_are_sums_of_the_companys_currency(desk: Books) -> None:
    desk.query("INSERT INTO exchange_rate (currency, valid_from, rate) VALUES ('JPY', '2026-01-01', 0.0065) ON CONFLICT DO NOTHING")
    desk.post("invoice", number="YEN-1", customer="77", customer_name="Yamada", create_customer=True, date="2026-05-01", amount="20000", currency="JPY")
    jana = desk.session("jana")
    assert posting.post(jana, {"id": key(), "kind": "credit_note", "customer": "77", "of": "YEN-1", "date": "2026-05-02", "amount": "15000", "currency": "JPY"}).status == "posted", "97.50 USD"
    desk.post("receipt", number="YEN-R", customer="77", date="2026-05-03", amount="5000", currency="JPY", method="cheque")
    assert corrections.nsf_fee(jana, "YEN-R") == D(3846), "25 USD"


def test_a_write_off_is_refused_at_once_when_it_could_never_be_posted(desk: Books) -> None:
    jana = desk.session("jana")
    invoice = str(desk.post("invoice", customer="1", date="2026-05-01", amount="40").document)
    with pytest.raises(ArtuiError, match="only .* is left"):
        posting.post(jana, corrections.write_off(jana, key(), invoice, reason="insolvent", amount=D(41)))
    shown = seen_then_done(jana, corrections.write_off(jana, key(), invoice, reason="insolvent"))
    assert [(line.gl, line.amount) for line in shown.documents[0].lines] == [("1190", D(40)), ("1100", D(-40))]
    (request,) = [row for row in waiting(jana) if row.document == invoice]
    posting.decide(desk.session("marta"), request.number, approve=True)
    shown = seen_then_done(jana, corrections.recovery(jana, key(), invoice, amount=D(15)))
    assert [booked.kind for booked in shown.documents] == ["recovery", "receipt"]
    desk.tie()


def test_the_other_corrections_show_what_they_do(desk: Books) -> None:
    jana = desk.session("jana")
    invoice = str(desk.post("invoice", customer="2", date="2026-05-01", amount="60").document)
    moved = seen_then_done(jana, corrections.transfer(jana, key(), number=invoice, to="1"))
    assert {(item.account, item.after) for item in moved.items} == {("2", D(0)), ("1", D(60))}
    bill = str(desk.post("purchase", number="P-9", vendor="V", date="2026-05-01", amount="500").document)
    owed = str(desk.post("invoice", customer="1", date="2026-05-01", amount="80").document)
    netted = seen_then_done(jana, corrections.netting(jana, key(), customer="1", vendor="V", amount=D(80), reference="letter of 4 May", number=owed, purchase=bill))
    assert {(item.document, item.after) for item in netted.items if not item.new} == {(owed, D(0)), (bill, D(-420))}
    small = str(desk.post("invoice", customer="1", date="2026-05-01", amount="3.20").document)
    assert all(item.closed for item in seen_then_done(jana, corrections.small_difference(jana, key(), small)).items)
    voided = str(desk.post("invoice", customer="1", date="2026-05-03", amount="9").document)
    assert seen_then_done(jana, corrections.void(jana, key(), voided)).documents[0].date == date(2026, 5, 3)
    _, receipt = paid(desk)
    posting.post(jana, corrections.unallocate(jana, key(), receipt))
    assert seen_then_done(jana, corrections.refund(jana, key(), number=receipt, reason="paid twice")).needs_approval
    with pytest.raises(ArtuiError, match="a document or a customer"):
        corrections.refund(jana, key(), reason="x")
    desk.tie()
