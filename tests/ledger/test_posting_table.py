"""Every row of the posting table: what each event does to the ledger and to the open items."""

from __future__ import annotations

from decimal import Decimal

import pytest

from artui.errors import ArtuiError, BadInput
from tests.books import Books


def lines(books: Books, number: str) -> list[tuple[str, int]]:
    """The ledger lines of a document as (account, minor units), debit positive."""
    return [
        (row[0], row[1])
        for row in books.query(
            "SELECT l.gl, l.amount FROM journal_line l JOIN document d ON d.id = l.document_id WHERE d.number = %s ORDER BY l.line",
            number,
        )
    ]


def open_amount(books: Books, number: str) -> int:
    """What is open of a document, minor units, signed."""
    return int(
        books.query(
            "SELECT coalesce(sum(i.open), 0) FROM open_item i JOIN document d ON d.id = i.document_id WHERE d.number = %s",
            number,
        )[0][0]
    )


@pytest.fixture
def acme(books: Books) -> Books:
    """Books with one customer and one invoice of 1 210.00, tax 210.00 included."""
    books.post(
        "invoice",
        number="INV-1",
        customer="1001",
        customer_name="Acme",
        create_customer=True,
        date="2026-03-01",
        due="2026-03-31",
        amount="1210.00",
        tax="210.00",
    )
    return books


def test_an_invoice_debits_the_customer_and_credits_sales_and_tax(acme: Books) -> None:
    assert lines(acme, "INV-1") == [("1100", 121000), ("4000", -100000), ("2200", -21000)]
    assert open_amount(acme, "INV-1") == 121000


def test_an_invoice_in_instalments_has_one_item_each(acme: Books) -> None:
    acme.post(
        "invoice",
        number="INV-2",
        customer="1001",
        date="2026-03-01",
        amount="100.00",
        terms={
            "parts": [
                {"percent_of_total": "33.33", "rule": [{"days": 30}]},
                {"rest": True, "rule": [{"days": 60}]},
            ]
        },
    )
    assert acme.query(
        "SELECT i.due_on::text, original FROM open_item i JOIN document d ON d.id = i.document_id WHERE d.number = 'INV-2' ORDER BY seq"
    ) == [("2026-03-31", 3333), ("2026-04-30", 6667)]
    acme.tie()


def test_a_credit_note_may_stay_on_account_or_lower_its_invoice(acme: Books) -> None:
    free = acme.post("credit_note", customer="1001", date="2026-03-05", amount="121", tax="21")
    assert lines(acme, str(free.document)) == [("4090", 10000), ("2200", 2100), ("1100", -12100)]
    assert open_amount(acme, str(free.document)) == -12100
    tied = acme.post("credit_note", customer="1001", date="2026-03-05", amount="121", tax="21", of="INV-1")
    assert (open_amount(acme, str(tied.document)), open_amount(acme, "INV-1")) == (0, 108900)


def test_a_receipt_is_unapplied_until_allocated_and_allocation_posts_nothing(acme: Books) -> None:
    acme.post("receipt", number="R1", customer="1001", date="2026-03-10", amount="800")
    assert lines(acme, "R1") == [("1000", 80000), ("1100", -80000)]
    before = acme.query("SELECT count(*) FROM journal_line")
    acme.post("allocation", moves=[{"from": "R1", "to": "INV-1", "amount": "800"}])
    assert acme.query("SELECT count(*) FROM journal_line") == before
    assert (open_amount(acme, "R1"), open_amount(acme, "INV-1")) == (0, 41000)


def test_money_of_an_unknown_payer_waits_outside_the_receivables(acme: Books) -> None:
    acme.post("receipt", number="R1", date="2026-03-10", amount="300")
    assert lines(acme, "R1") == [("1000", 30000), ("2050", -30000)]
    found = acme.post(
        "identify",
        document="R1",
        customer="1001",
        amount="300",
        allocate=[{"document": "INV-1", "amount": "300"}],
    )
    assert lines(acme, str(found.document)) == [("2050", 30000), ("1100", -30000)]
    assert open_amount(acme, "INV-1") == 91000
    with pytest.raises(ArtuiError, match="no such unidentified amount"):
        acme.post("identify", document="R1", customer="1001", amount="0.01")


def test_a_deposit_stays_out_of_the_receivables_until_it_is_applied(acme: Books) -> None:
    acme.post("receipt", number="D1", customer="1001", date="2026-02-10", amount="200", deposit=True)
    assert lines(acme, "D1") == [("1000", 20000), ("2100", -20000)]
    used = acme.post(
        "deposit_applied", document="D1", amount="200", allocate=[{"document": "INV-1", "amount": "200"}]
    )
    assert lines(acme, str(used.document)) == [("2100", 20000), ("1100", -20000)]
    assert open_amount(acme, "INV-1") == 101000


def test_an_earned_discount_closes_the_rest(acme: Books) -> None:
    acme.post(
        "receipt",
        number="R1",
        customer="1001",
        date="2026-03-08",
        amount="1190",
        allocate=[{"document": "INV-1", "amount": "1190", "discount": "20"}],
    )
    assert open_amount(acme, "INV-1") == 0
    discount = acme.query("SELECT number FROM document WHERE kind = 'discount'")[0][0]
    assert lines(acme, discount) == [("5110", 2000), ("1100", -2000)]


def test_where_the_tax_rule_says_so_a_discount_lowers_the_tax(acme: Books) -> None:
    acme.query(
        "INSERT INTO setting (name, valid_from, value) VALUES ('discount.adjusts_tax', '2026-01-01', 'true')"
    )
    acme.post(
        "receipt",
        number="R1",
        customer="1001",
        date="2026-03-08",
        amount="1190",
        allocate=[{"document": "INV-1", "amount": "1190", "discount": "20"}],
    )
    discount = acme.query("SELECT number FROM document WHERE kind = 'discount'")[0][0]
    assert lines(acme, discount) == [("5110", 1653), ("2200", 347), ("1100", -2000)]


def test_a_small_difference_goes_at_once_and_a_larger_one_does_not(acme: Books) -> None:
    acme.post(
        "receipt",
        number="R1",
        customer="1001",
        date="2026-03-08",
        amount="1209.60",
        allocate=[{"document": "INV-1", "amount": "1209.60"}],
    )
    gone = acme.post("small_difference", login="jana", document="INV-1")
    assert lines(acme, str(gone.document)) == [("5120", 40), ("1100", -40)]
    assert open_amount(acme, "INV-1") == 0
    acme.post("invoice", number="INV-2", customer="1001", date="2026-03-01", amount="6")
    with pytest.raises(ArtuiError, match="more than the small difference"):
        acme.post("small_difference", login="jana", document="INV-2")


@pytest.mark.parametrize(("method", "gl"), [("allowance", "1190"), ("direct", "5100")])
def test_a_write_off_needs_a_second_person_with_a_high_enough_limit(
    acme: Books, method: str, gl: str
) -> None:
    acme.query("UPDATE setting SET value = to_jsonb(%s::text) WHERE name = 'write_off.method'", method)
    from artui.ledger import posting

    asked = acme.post("write_off", login="jana", document="INV-1", amount="510", reason="insolvent")
    assert asked.status == "waiting" and open_amount(acme, "INV-1") == 121000
    assert asked.approval is not None
    with pytest.raises(ArtuiError, match=" by a"):
        posting.decide(acme.session("jana"), asked.approval, approve=True)
    with pytest.raises(ArtuiError, match="above what marta may approve"):
        posting.decide(acme.session("marta"), asked.approval, approve=True)
    done = posting.decide(acme.session("viktor"), asked.approval, approve=True)
    assert done.status == "posted" and open_amount(acme, "INV-1") == 70000
    assert lines(acme, str(done.document)) == [(gl, 51000), ("1100", -51000)]


def test_a_recovery_reinstates_the_debt_and_takes_the_money(acme: Books) -> None:
    from artui.ledger import posting

    asked = acme.post("write_off", login="jana", document="INV-1", reason="gone")
    posting.decide(acme.session("karel"), int(asked.approval or 0), approve=True)
    acme.post("recovery", document="INV-1", amount="200", date="2026-05-01")
    assert acme.query(
        "SELECT gl, sum(amount)::bigint FROM journal_line WHERE posted_on = '2026-05-01' GROUP BY 1 HAVING sum(amount) <> 0 ORDER BY 1"
    ) == [("1000", 20000), ("1190", -20000)]
    assert acme.query("SELECT ar.document_state(id, kind) FROM document WHERE number = 'INV-1'") == [
        ("recovered",)
    ]
    acme.tie()


def test_a_bounced_cheque_reopens_what_it_paid_and_charges_a_fee(acme: Books) -> None:
    acme.post(
        "receipt",
        number="R1",
        customer="1001",
        date="2026-03-10",
        amount="800",
        allocate=[{"document": "INV-1", "amount": "800"}],
    )
    bounced = acme.post("reversal", document="R1", date="2026-03-14", reason="nsf", fee="25")
    assert lines(acme, str(bounced.document)) == [("1000", -80000), ("1100", 80000)]
    assert (open_amount(acme, "INV-1"), open_amount(acme, "R1")) == (121000, 0)
    fee = acme.query("SELECT number FROM document WHERE kind = 'charge'")[0][0]
    assert lines(acme, fee) == [("1100", 2500), ("4110", -2500)]
    assert acme.query("SELECT ar.document_state(id, kind) FROM document WHERE number = 'R1'") == [
        ("reversed",)
    ]


def test_reversing_a_reversal_restores_allocations_and_discounts(acme: Books) -> None:
    acme.post(
        "receipt",
        number="R1",
        customer="1001",
        date="2026-03-08",
        amount="1190",
        allocate=[{"document": "INV-1", "amount": "1190", "discount": "20"}],
    )
    for _ in range(2):
        back = acme.post("reversal", document="R1", reason="nsf")
        assert open_amount(acme, "INV-1") == 121000
        acme.post("reversal", document=back.document, reason="error")
        assert (open_amount(acme, "INV-1"), open_amount(acme, "R1")) == (0, 0)
        acme.tie()


def test_a_refund_takes_two_persons_and_never_exceeds_the_credit(acme: Books) -> None:
    from artui.ledger import posting

    acme.post("receipt", number="R1", customer="1001", date="2026-03-10", amount="150")
    first = acme.post("refund", login="jana", document="R1", amount="150", reason="paid twice")
    second = acme.post("refund", login="karla", document="R1", amount="150", reason="paid twice")
    done = posting.decide(acme.session("marta"), int(first.approval or 0), approve=True)
    assert lines(acme, str(done.document)) == [("1100", 15000), ("1000", -15000)]
    with pytest.raises(ArtuiError, match="only USD 0.00 is left"):
        posting.decide(acme.session("marta"), int(second.approval or 0), approve=True)
    assert acme.query("SELECT ar.document_state(id, kind) FROM document WHERE number = 'R1'") == [
        ("refunded",)
    ]
    acme.tie()


def test_charges_are_open_items_of_their_own(acme: Books) -> None:
    interest = acme.post(
        "charge", customer="1001", date="2026-05-15", amount="123.29", reason="interest", of="INV-1"
    )
    fixed = acme.post(
        "charge", customer="1001", date="2026-05-15", amount="40", reason="fixed_sum", of="INV-1"
    )
    assert lines(acme, str(interest.document)) == [("1100", 12329), ("4100", -12329)]
    assert lines(acme, str(fixed.document)) == [("1100", 4000), ("4110", -4000)]


def test_debt_and_credit_move_only_within_a_group(acme: Books) -> None:
    acme.post(
        "invoice",
        number="INV-2",
        customer="1002",
        customer_name="Acme West",
        create_customer=True,
        date="2026-03-01",
        amount="10",
    )
    with pytest.raises(ArtuiError, match="not two accounts of one group"):
        acme.post("transfer", document="INV-1", to="1002", amount="100", date="2026-03-05")
    acme.query(
        "UPDATE party SET parent_id = (SELECT party_id FROM account WHERE number = '1001') WHERE id = (SELECT party_id FROM account WHERE number = '1002')"
    )
    acme.post("transfer", document="INV-1", to="1002", amount="100", date="2026-03-05")
    acme.post("receipt", number="R1", customer="1001", date="2026-03-06", amount="50")
    acme.post("transfer", document="R1", to="1002", amount="50", date="2026-03-07")
    balances = acme.query(
        "SELECT a.number, sum(i.open)::bigint FROM open_item i JOIN account a ON a.id = i.account_id GROUP BY 1 ORDER BY 1"
    )
    assert balances == [("1001", 111000), ("1002", 1000 + 10000 - 5000)]
    acme.tie()


def test_a_purchase_and_its_payment_live_on_the_vendors_side(acme: Books) -> None:
    acme.query("INSERT INTO party (name) VALUES ('Paper Mill')")
    acme.query(
        "INSERT INTO account (kind, number, party_id, currency) SELECT 'vendor', 'V1', max(id), 'USD' FROM party"
    )
    acme.post(
        "purchase",
        number="P-9",
        vendor="V1",
        date="2026-03-01",
        amount="1210",
        tax="210",
        lines=[{"description": "paper", "quantity": "10", "unit_price": "100"}],
    )
    assert lines(acme, "P-9") == [("5000", 100000), ("2200", 21000), ("2000", -121000)]
    paid = acme.post(
        "vendor_payment",
        vendor="V1",
        date="2026-03-20",
        amount="1210",
        allocate=[{"document": "P-9", "amount": "1210"}],
    )
    assert lines(acme, str(paid.document)) == [("2000", 121000), ("1000", -121000)]
    assert open_amount(acme, "P-9") == 0
    acme.tie()


def test_what_is_owed_both_ways_can_be_netted_with_a_consent_on_record(acme: Books) -> None:
    acme.query(
        "INSERT INTO account (kind, number, party_id, currency) SELECT 'vendor', '1001', party_id, 'USD' FROM account WHERE number = '1001'"
    )
    acme.post("purchase", number="P-1", vendor="1001", date="2026-03-01", amount="300")
    with pytest.raises(ArtuiError, match="consent"):
        acme.post(
            "netting",
            customer="1001",
            vendor="1001",
            document="INV-1",
            purchase="P-1",
            amount="300",
            date="2026-03-10",
        )
    net = acme.post(
        "netting",
        vendor="1001",
        document="INV-1",
        purchase="P-1",
        amount="300",
        date="2026-03-10",
        reference="letter 12",
    )
    assert lines(acme, str(net.document)) == [("2000", 30000), ("1100", -30000)]
    assert (open_amount(acme, "INV-1"), open_amount(acme, "P-1")) == (91000, 0)
    acme.tie()


def test_opening_items_stand_against_opening_balances_either_way(acme: Books) -> None:
    owed = acme.post("opening", customer="1001", date="2026-01-01", amount="70")
    credit = acme.post("opening", customer="1001", date="2026-01-01", amount="-30")
    assert lines(acme, str(owed.document)) == [("1100", 7000), ("3900", -7000)]
    assert lines(acme, str(credit.document)) == [("1100", -3000), ("3900", 3000)]
    acme.tie()


def test_bank_charges_allowances_and_withheld_tax(acme: Books) -> None:
    assert lines(acme, str(acme.post("bank_charge", amount="15", date="2026-03-02").document)) == [
        ("5130", 1500),
        ("1000", -1500),
    ]
    assert lines(acme, str(acme.post("allowance", amount="900", date="2026-03-31").document)) == [
        ("5100", 90000),
        ("1190", -90000),
    ]
    held = acme.post(
        "withholding",
        customer="1001",
        amount="20",
        date="2026-03-10",
        allocate=[{"document": "INV-1", "amount": "20"}],
    )
    assert lines(acme, str(held.document)) == [("1350", 2000), ("1100", -2000)]


def test_a_receipt_in_another_currency_passes_through_exchange(acme: Books) -> None:
    acme.post(
        "receipt",
        number="R1",
        customer="1001",
        date="2026-03-10",
        amount="110",
        currency="USD",
        received={"currency": "EUR", "amount": "100", "rate": "1.12"},
        allocate=[{"document": "INV-1", "amount": "110"}],
    )
    rows = acme.query(
        "SELECT gl, l.currency, l.amount, base_amount FROM journal_line l JOIN document d ON d.id = l.document_id WHERE d.number = 'R1' ORDER BY line"
    )
    assert rows == [
        ("1990", "USD", 11000, 11000),
        ("1100", "USD", -11000, -11000),
        ("1000", "EUR", 10000, 11200),
        ("1990", "EUR", -10000, -11200),
    ]
    closed = acme.post("exchange_close", amount="-2", currency="USD", date="2026-03-31")
    assert lines(acme, str(closed.document)) == [("5150", -200), ("1990", 200)]
    acme.tie()


def test_settling_at_another_rate_posts_the_difference_in_the_companys_currency_only(acme: Books) -> None:
    acme.post(
        "invoice", number="E1", customer="1001", date="2026-03-01", amount="100", currency="EUR", rate="1.10"
    )
    acme.post(
        "receipt",
        number="ER1",
        customer="1001",
        date="2026-03-20",
        amount="100",
        currency="EUR",
        rate="1.20",
        allocate=[{"document": "E1", "amount": "40"}],
    )
    acme.post("allocation", moves=[{"from": "ER1", "to": "E1", "amount": "60"}])
    rows = acme.query(
        "SELECT l.gl, sum(l.amount)::bigint, sum(l.base_amount)::bigint FROM journal_line l WHERE currency = 'EUR' AND gl IN ('1100', '5150') GROUP BY 1 ORDER BY 1"
    )
    assert rows == [("1100", 0, 0), ("5150", 0, -1000)]
    acme.post("unallocation", moves=[{"from": "ER1", "to": "E1", "amount": "100"}])
    rows = acme.query(
        "SELECT l.gl, sum(l.base_amount)::bigint FROM journal_line l WHERE currency = 'EUR' AND gl IN ('1100', '5150') GROUP BY 1 ORDER BY 1"
    )
    assert rows == [("1100", -1000), ("5150", 0)]
    acme.tie()


def test_a_void_takes_back_an_untouched_invoice_on_its_own_day(acme: Books) -> None:
    gone = acme.post("reversal", document="INV-1", date="2026-03-01", reason="void")
    assert acme.query("SELECT posted_on::text FROM document WHERE number = %s", gone.document) == [
        ("2026-03-01",)
    ]
    assert open_amount(acme, "INV-1") == 0
    assert acme.query("SELECT ar.document_state(id, kind) FROM document WHERE number = 'INV-1'") == [
        ("void",)
    ]


def test_an_allocated_invoice_is_not_voided(acme: Books) -> None:
    acme.post(
        "receipt",
        number="R1",
        customer="1001",
        date="2026-03-10",
        amount="800",
        allocate=[{"document": "INV-1", "amount": "1"}],
    )
    with pytest.raises(ArtuiError, match="cannot be voided"):
        acme.post("reversal", document="INV-1", reason="void")


def test_nothing_is_dated_into_a_closed_month_and_the_next_open_day_is_offered(acme: Books) -> None:
    acme.session("karel").query("SELECT api.set_period('2026-03-01', 'closed', '')")
    with pytest.raises(ArtuiError, match="March 2026 is closed.* 1 Apr 2026"):
        acme.post("invoice", number="INV-9", customer="1001", date="2026-03-15", amount="10")
    with pytest.raises(ArtuiError, match="is closed"):
        acme.post("receipt", customer="1001", date="2026-03-15", amount="10", posting_date="2026-03-31")
    reversal = acme.post("reversal", document="INV-1", date="2026-03-20", reason="error")
    assert acme.query("SELECT posted_on::text FROM document WHERE number = %s", reversal.document) == [
        ("2026-04-01",)
    ]


def test_a_soft_closed_month_takes_postings_only_from_those_with_the_right(acme: Books) -> None:
    acme.session("viktor").query("SELECT api.set_period('2026-03-01', 'soft_closed', '')")
    with pytest.raises(ArtuiError, match="is closed"):
        acme.post("charge", login="jana", customer="1001", date="2026-03-15", amount="10")
    assert (
        acme.post("charge", login="karel", customer="1001", date="2026-03-15", amount="10").status == "posted"
    )


def test_reopening_a_closed_month_needs_a_reason_and_leaves_its_trace(acme: Books) -> None:
    acme.session("karel").query("SELECT api.set_period('2026-03-01', 'closed', '')")
    with pytest.raises(ArtuiError, match="needs a reason"):
        acme.session("karel").query("SELECT api.set_period('2026-03-01', 'open', ' ')")
    acme.session("karel").query("SELECT api.set_period('2026-03-01', 'open', 'late invoice')")
    assert acme.query(
        "SELECT who, before->>'state', after->>'reason' FROM audit WHERE table_name = 'period' AND op = 'U'"
    ) == [("karel", "closed", "late invoice")]


def test_the_same_key_is_answered_and_never_posted_twice(acme: Books) -> None:
    from artui.ledger import posting

    session = acme.session("jana")
    document = {
        "id": "7b0c6d4e-6f2f-4f43-9d2c-1f6f3f1d9a10",
        "kind": "receipt",
        "customer": "1001",
        "date": "2026-03-10",
        "amount": "5",
    }
    first, again = posting.post(session, document), posting.post(session, document)
    assert (first.status, again.status, again.document) == ("posted", "exists", first.document)
    with pytest.raises(ArtuiError, match="already used"):
        posting.post(session, {**document, "amount": "6"})
    found = posting.posted(session, document["id"])
    assert found is not None and found.document == first.document
    assert posting.posted(acme.session("karla"), document["id"]) is None


@pytest.mark.parametrize("fields", [
    {"amount": 12.5}, {"amount": "1e5"}, {"amount": "12.345"}, {"amount": "NaN"}, {"amount": "9999999999999999"}, {"date": "2026-02-30"},
    {"colour": "red"}, {"id": "1"}, {"currency": "XYZ"},
])  # fmt: skip
def test_what_cannot_be_understood_is_refused_by_name_and_posts_nothing(
    acme: Books, fields: dict[str, object]
) -> None:
    from artui.ledger import posting

    with pytest.raises(BadInput):
        posting.post(
            acme.session(),
            {
                "id": "7b0c6d4e-6f2f-4f43-9d2c-1f6f3f1d9a11",
                "kind": "receipt",
                "customer": "1001",
                "date": "2026-03-10",
                "amount": "5",
                **fields,
            },
        )
    assert acme.query("SELECT count(*) FROM posting")[0][0] == 1


def test_a_batch_posts_only_when_it_agrees_and_is_reversed_as_one(acme: Books) -> None:
    from psycopg2.extras import Json

    session = acme.session("jana")
    number = session.query("SELECT api.open_batch('Main', '2026-03-12', 'USD', 30000, 2)")[0][0]
    add = "SELECT api.add_to_batch(%s, gen_random_uuid(), %s)"
    receipt = {
        "kind": "receipt",
        "customer": "1001",
        "date": "2026-03-12",
        "allocate": [{"document": "INV-1"}],
    }
    session.query(add, (number, Json({**receipt, "amount": 10000})))
    with pytest.raises(ArtuiError, match="does not agree"):
        session.query("SELECT api.post_batch(%s, %s)", (number, session.today))
    session.query(add, (number, Json({**receipt, "amount": 20000})))
    assert session.query("SELECT state FROM batch WHERE number = %s", (number,)) == [("balanced",)]
    session.query("SELECT api.post_batch(%s, %s)", (number, session.today))
    assert open_amount(acme, "INV-1") == 91000
    session.query("SELECT api.reverse_batch(gen_random_uuid(), %s, 'error', %s)", (number, session.today))
    assert open_amount(acme, "INV-1") == 121000
    acme.tie()


def test_amounts_keep_the_digits_of_their_currency(acme: Books) -> None:
    acme.post("invoice", number="J1", customer="1001", date="2026-03-01", amount="5000", currency="JPY")
    acme.post("invoice", number="K1", customer="1001", date="2026-03-01", amount="1.234", currency="KWD")
    with pytest.raises(BadInput):
        acme.post("invoice", number="J2", customer="1001", date="2026-03-01", amount="0.5", currency="JPY")
    assert (open_amount(acme, "J1"), open_amount(acme, "K1")) == (5000, 1234)
    assert Decimal(open_amount(acme, "K1")).scaleb(-3) == Decimal("1.234")
