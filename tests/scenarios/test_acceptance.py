"""A clerk's money desk, as stories: the acceptance scenarios on open items, cash, bounced cheques, batches and interest.

Scenario 12 (dunning) has no tables yet; the promise of scenario 7 neither. Combinations, ten thousand items and the order
of costs are also in tests/cash.
"""

from __future__ import annotations

import random
import uuid
from datetime import date, timedelta
from decimal import Decimal

import pytest

from artui.cash import batch, charge_rules, charges, entry
from artui.cash.proposal import Payment, Rules, propose
from artui.cash.worksheet import Typed
from artui.errors import ArtuiError
from artui.ledger import items as ledger
from artui.ledger import posting
from artui.people.card import card
from artui.reports import aging
from tests.books import Books
from tests.cash.till import invoices, left, pay, receipt


@pytest.fixture(scope="module")
def office(module_books: Books) -> Books:
    return module_books


def aged(books: Books, account: str, as_of: date, basis: str = "due") -> dict[str, Decimal]:
    report = aging.run(books.session(), aging.Params(as_of, basis))
    assert report.ties_to_ledger
    for row in report.rows:
        if row[0] == account:
            return dict(zip((column.name for column in report.columns), row, strict=True))
    return {}


def open_on(books: Books, account: str, as_of: date) -> dict[str, Decimal]:
    return {item.document: item.open for item in ledger.items(books.session(), "customer", account, as_of)}


def test_1_an_invoice_paid_in_june_is_open_at_the_end_of_may(office: Books) -> None:
    invoices(office, "A1", ("A1-1", "100"), date="2026-04-30", due="2026-04-30")
    office.post("receipt", customer="A1", date="2026-06-30", amount="100", allocate=[{"document": "A1-1", "amount": "100"}])
    assert open_on(office, "A1", date(2026, 5, 31)) == {"A1-1": 100} and open_on(office, "A1", date(2026, 6, 30)) == {}
    assert aged(office, "A1", date(2026, 5, 31))["31-60"] == 100


def test_3_what_is_due_later_has_its_column_and_the_total_stays_on_either_basis(office: Books) -> None:
    invoices(office, "A3", ("A3-1", "100"), date="2026-05-01", due="2026-07-01")
    due, dated = (aged(office, "A3", date(2026, 6, 15), basis) for basis in ("due", "document"))
    assert (due["not_due"], dated["31-60"], due["total"], dated["total"]) == (100, 100, 100, 100)


def test_4_unapplied_money_is_in_the_ageing_on_the_card_and_on_the_sheet(office: Books) -> None:
    invoices(office, "A4", ("A4-1", "100"))
    office.post("receipt", number="A4-R", customer="A4", date="2026-06-01", amount="30")
    assert (aged(office, "A4", date(2026, 6, 15))["unapplied"], aged(office, "A4", date(2026, 6, 15))["total"]) == (-30, 70)
    shown = card(office.session("jana"), "customer", "A4")
    assert [abs(balance.unapplied) for balance in shown.balances] == [30]
    assert [(one.document, one.open) for one in entry.paying_account(office.session("jana"), "A4").credits] == [("A4-R", 30)]


def test_5_of_two_accounts_of_one_party_each_lists_its_own_and_the_group_both(office: Books) -> None:
    invoices(office, "A5", ("A5-1", "10"))
    invoices(office, "A5B", ("A5-2", "20"))
    office.query("UPDATE account SET party_id = (SELECT party_id FROM account WHERE number = 'A5') WHERE number = 'A5B'")
    jana = office.session("jana")
    assert [item.document for item in entry.paying_account(jana, "A5").items] == ["A5-1"]
    assert [item.document for item in entry.paying_account(jana, "A5", group=True).items] == ["A5-1", "A5-2"]


def test_6_taking_back_in_june_what_was_applied_in_april_leaves_may_as_it_was(office: Books) -> None:
    invoices(office, "A6", ("A6-1", "100"), date="2026-04-01", due="2026-04-01")
    office.post("receipt", number="A6-R", customer="A6", date="2026-04-10", amount="60", allocate=[{"document": "A6-1", "amount": "60"}])
    may = aged(office, "A6", date(2026, 5, 31))
    office.post("unallocation", date="2026-06-10", moves=[{"from": "A6-R", "to": "A6-1", "amount": "60"}])
    assert aged(office, "A6", date(2026, 5, 31)) == may and may["31-60"] == 40
    assert (aged(office, "A6", date(2026, 6, 15))["61-90"], aged(office, "A6", date(2026, 6, 15))["unapplied"]) == (100, -60)


def test_7_a_bounced_cheque_is_one_act(office: Books) -> None:
    invoices(office, "A7", ("A7-1", "500"), ("A7-2", "310"))
    number = pay(office, "A7", "800", lambda sheet, key: sheet.full(key["A7-1"]).part(key["A7-2"]), instrument="88")
    back = posting.post(office.session("jana"), {"id": str(uuid.uuid4()), "kind": "reversal", "document": number, "reason": "nsf", "date": "2026-06-16", "fee": "25"})
    assert left(office, "A7-1", "A7-2", number) == [500, 310, 0]
    lines = office.query("SELECT l.gl, l.amount FROM journal_line l JOIN document d ON d.id = l.document_id WHERE d.number = %s ORDER BY l.line", back.document)
    assert lines == [("1000", -80000), ("1100", 80000)]
    assert office.query("SELECT event, amount FROM document d JOIN account a ON a.id = d.account_id WHERE a.number = 'A7' AND d.kind = 'charge'") == [("nsf_fee", 2500)]
    assert office.query("SELECT count(*) FROM document d JOIN account a ON a.id = d.account_id WHERE a.number = 'A7' AND d.event = 'reversal' AND d.method = 'nsf'") == [(1,)]


def test_8_a_thousand_on_fifty_invoices_is_one_option(office: Books) -> None:
    invoices(office, "A8", *((f"A8-{n}", "20") for n in range(50)))
    read = entry.paying_account(office.session("jana"), "A8")
    sheet = read.sheet(Decimal(1000)).run([Typed("O")]).sheet
    posted = entry.post_receipt(office.session("jana"), entry.receipt_of(sheet, key=str(uuid.uuid4()), account="A8", received_on=office.today))
    assert posted.status == "posted" and entry.paying_account(office.session("jana"), "A8").items == ()


def test_10_a_batch_that_does_not_agree_is_refused_with_the_difference(office: Books) -> None:
    invoices(office, "A10", ("A10-1", "100"))
    jana = office.session("jana")
    opened = batch.open_batch(jana, bank="Main", deposit_on=office.today, currency="USD", control_total=Decimal("110.50"), control_count=1)
    batch.add_to_batch(jana, opened.number, receipt(office, "A10", "100", lambda sheet, key: sheet.full(key["A10-1"])))
    with pytest.raises(ArtuiError, match=r"The difference is USD 10.50"):
        batch.post_batch(jana, opened.number)


def test_11_five_oldest_are_filled_in_and_six_are_not(office: Books) -> None:
    invoices(office, "A11", *((f"A11-{n}", f"{100 + n * n}.{n}7") for n in range(8)))
    read = entry.paying_account(office.session("jana"), "A11")
    for count, fills in ((5, True), (6, False)):
        amount = sum((item.open for item in read.items[:count]), Decimal(0))
        said = propose(Payment(amount, "USD", office.today), read.items, read.credits)
        assert said.fills is fills and len(said.lines) == count


def test_13_interest_stays_when_the_principal_is_paid_until_somebody_may_waive_it(office: Books) -> None:
    charge_rules.set_reference_rate(office.session("viktor"), "ECB", date(2026, 1, 1), Decimal(2), "example")
    invoices(office, "A13", ("A13-1", "10000"), due="2026-05-01", currency="EUR")
    charge_rules.assign_profile(office.session("marta"), "A13", "EU-B2B")
    office.post("receipt", customer="A13", date="2026-06-15", amount="10000", currency="EUR", allocate=[{"document": "A13-1", "amount": "10000"}])
    [interest, fixed] = charges.proposals(office.session("jana"), account="A13").proposed
    assert (interest.amount, fixed.amount) == (Decimal("123.29"), 40)
    posted = charges.post_charge(office.session("jana"), str(uuid.uuid4()), interest)
    assert open_on(office, "A13", office.today) == {str(posted.document): Decimal("123.29")}
    with pytest.raises(ArtuiError):
        charges.waive_posted(office.session("jana"), str(uuid.uuid4()), str(posted.document), "asked")
    charges.waive_posted(office.session("viktor"), str(uuid.uuid4()), str(posted.document), "settled in court")
    assert open_on(office, "A13", office.today) == {}


def test_14_costs_then_interest_then_principal(office: Books) -> None:
    """German BGB section 367: of 1 000 against 40, 123.29 and 10 000 there stay 9 163.29 of the principal."""
    invoices(office, "A14", ("A14-1", "10000"), date="2026-03-01")
    for number, reason, amount in (("A14-I", "interest", "123.29"), ("A14-F", "fixed_sum", "40")):
        office.post("charge", number=number, customer="A14", date="2026-06-01", amount=amount, reason=reason)
    read = entry.paying_account(office.session("jana"), "A14")
    assert {item.document: item.nature for item in read.items} == {"A14-1": "principal", "A14-I": "interest", "A14-F": "cost"}
    said = propose(Payment(Decimal(1000), "USD", office.today), read.items, rules=Rules(order="costs_first"))
    sheet = read.sheet(Decimal(1000)).accept(said)
    entry.post_receipt(office.session("jana"), entry.receipt_of(sheet, key=str(uuid.uuid4()), account="A14", received_on=office.today))
    assert left(office, "A14-F", "A14-I", "A14-1") == [0, 0, Decimal("9163.29")]


def test_2_the_ageing_ties_on_every_day_whatever_was_done_above(office: Books) -> None:
    chance = random.Random(7)
    office.tie()
    for _ in range(200):
        as_of = date(2026, 3, 1) + timedelta(chance.randrange(150))
        report = aging.run(office.session(), aging.Params(as_of, chance.choice(("due", "document"))))
        assert report.ties_to_ledger, as_of
