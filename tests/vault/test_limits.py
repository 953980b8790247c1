"""What one may give away alone is measured by its worth, whatever it is called and in whatever currency."""

from __future__ import annotations

import json
from typing import Any

import pytest

from artui.errors import ArtuiError
from artui.ledger import posting
from tests.books import Books

INVOICES = {"US": ("USD", "5000"), "YEN": ("JPY", "60000"), "DINAR": ("KWD", "400"), "SMALL": ("USD", "90"), "TERMS": ("USD", "5000")}


@pytest.fixture(scope="module")
def office(module_books: Books) -> Books:
    """A dollar is 150 yen and a dinar 3.25 dollars."""
    module_books.query("INSERT INTO exchange_rate VALUES ('JPY', '2026-01-01', 0.0066667), ('KWD', '2026-01-01', 3.25)")
    for number, (currency, amount) in INVOICES.items():
        terms = {"terms": {"parts": [{"rest": True, "rule": [{"days": 30}]}], "discount": {"percent": "2", "days": 10}}} if number == "TERMS" else {}
        module_books.post("invoice", number=number, customer=number, create_customer=True, date="2026-03-01", currency=currency, amount=amount, **terms)
    return module_books


def asked(books: Books, kind: str, login: str = "jana", **fields: Any) -> int:
    answer = books.post(kind, login=login, **fields)
    assert answer.status == "waiting", answer
    return int(answer.approval or 0)


def refused(books: Books, login: str, statement: str, *parameters: Any) -> str:
    with pytest.raises(ArtuiError) as refusal:
        books.session(login).query(statement, parameters)
    return str(refusal.value.code)


def test_who_decides_is_measured_in_the_companys_currency(office: Books) -> None:
    yen, dinar = (asked(office, "write_off", document=number, reason="gone") for number in ("YEN", "DINAR"))
    assert refused(office, "marta", "SELECT api.decide(%s, true, '', '2026-06-15')", dinar) == "42501"  # 400 dinars are 1,300 dollars
    assert posting.decide(office.session("marta"), yen, approve=True).status == "posted"  # 60,000 yen are 400 dollars
    assert refused(office, "karel", "SELECT api.decide(%s, NULL, '', '2026-06-15')", dinar) == "AR008"
    posting.decide(office.session("karel"), dinar, approve=False)


def test_taking_an_invoice_back_gives_it_away_like_a_credit_note(office: Books) -> None:
    taken_back = asked(office, "reversal", document="US", reason="error")
    assert refused(office, "jana", "SELECT api.decide(%s, true, 'mine', '2026-06-15')", taken_back) == "42501"
    assert refused(office, "marta", "SELECT api.decide(%s, true, '', '2026-06-15')", taken_back) == "42501"
    assert posting.decide(office.session("viktor"), taken_back, approve=True).status == "posted"
    assert office.post("reversal", login="jana", document="SMALL", reason="void").status == "posted"
    asked(office, "opening", customer="US", date="2026-06-01", amount="-5000")
    office.tie()


def test_what_two_have_decided_is_not_undone_and_redone_by_one(office: Books) -> None:
    office.post("receipt", number="PAID", customer="US", date="2026-03-05", amount="80")
    refund = posting.decide(office.session("marta"), asked(office, "refund", document="PAID", reason="paid twice"), approve=True).document
    back = office.post("reversal", login="jana", document=refund, reason="error").document
    asked(office, "reversal", document=back, reason="error")


def test_an_opening_credit_put_back_is_given_away_again(office: Books) -> None:
    office.post("opening", number="OWED", login="karel", customer="US", date="2026-06-01", amount="-5000")
    back = office.post("reversal", login="jana", document="OWED", reason="error").document
    asked(office, "reversal", document=back, reason="error")


def test_a_credit_that_is_loaded_is_given_by_who_loads_it(office: Books) -> None:
    def load(login: str, number: int) -> tuple[int, str]:
        jobs = office.session(login)
        row = "INSERT INTO stage.document (load, row, kind, account, number, doc_date, currency, amount, open_amount) VALUES (%s, 1, %s, 'US', %s, '2026-06-01', 'USD', %s, %s)"
        run = f"00000000-0000-4000-8000-{number:012}"
        jobs.query(row, (run, *(("opening", f"L-{number}", -500_000, None) if number % 2 else ("credit_note", f"L-{number}", 500_000, 400_000))))
        answer = jobs.query("SELECT api.load_documents(%s, 'opening', '2026-06-15')", (run,))[0][0]
        return answer["created"], json.dumps(answer["errors"])

    for number in (1, 2):
        created, why = load("jana", number)
        assert (created, "above what jana may give alone" in why) == (0, True), why
    assert [load("karel", number)[0] for number in (3, 4)] == [1, 1]
    office.tie()


def test_no_discount_beyond_the_terms_and_ones_own_limit(office: Books) -> None:
    def pay(discount: str) -> posting.Answer:
        return office.post("receipt", login="jana", customer="TERMS", date="2026-03-05", amount="1", allocate=[{"document": "TERMS", "amount": "1", "discount": discount}])

    with pytest.raises(ArtuiError, match="more discount on TERMS than its terms give") as refusal:
        pay("101")
    assert refusal.value.code == "AR012"
    assert pay("100").status == "posted"
    with pytest.raises(ArtuiError, match="more discount"):
        pay("1")
    item = office.query("SELECT i.id, i.open FROM open_item i JOIN document d ON d.id = i.document_id WHERE d.number = 'TERMS'")[0]
    entered = {"kind": "receipt", "customer": "TERMS", "date": "2026-03-05", "amount": 1, "currency": "USD", "apply": [{"item": item[0], "open": item[1], "amount": 1, "discount": 1}]}
    assert refused(office, "jana", "SELECT api.post(gen_random_uuid(), %s::jsonb, '2026-06-15')", json.dumps(entered)) == "AR012"


def test_terms_given_by_their_code_promise_their_discount(office: Books) -> None:
    office.post("invoice", number="CODED", customer="TERMS", date="2026-03-01", amount="10000", terms="2-10-30")
    paid = office.post("receipt", login="jana", customer="TERMS", date="2026-03-05", amount="9800", allocate=[{"document": "CODED", "amount": "9800", "discount": "200"}])
    assert paid.status == "posted"


def test_a_discount_is_no_credit_to_be_used_elsewhere(office: Books) -> None:
    terms = {"parts": [{"rest": True, "rule": [{"days": 30}]}], "discount": {"percent": "2", "days": 10}}
    office.post("invoice", number="AGAIN", customer="TERMS", date="2026-03-01", amount="5000", terms=terms)
    office.post("receipt", number="PART", login="jana", customer="TERMS", date="2026-03-05", amount="1", allocate=[{"document": "AGAIN", "amount": "1", "discount": "100"}])
    given = office.query("SELECT number FROM document WHERE kind = 'discount' AND of_id = (SELECT id FROM document WHERE number = 'PART')")[0][0]
    with pytest.raises(ArtuiError) as refusal:
        office.post("unallocation", login="jana", moves=[{"from": given, "to": "AGAIN", "amount": "100"}])
    assert refusal.value.code == "AR004"
    office.post("reversal", login="jana", document="PART", reason="error")
    assert office.query("SELECT sum(i.open) FROM open_item i JOIN document d ON d.id = i.document_id WHERE d.number IN (%s, 'PART', 'AGAIN')", given) == [(500_000,)]


def test_a_discount_given_again_is_not_put_back_as_well(office: Books) -> None:
    terms = {"parts": [{"rest": True, "rule": [{"days": 30}]}], "discount": {"percent": "10", "days": 10}}
    office.post("invoice", number="TWICE", customer="TERMS", date="2026-03-01", amount="5000", terms=terms)

    def pay(number: str) -> None:
        office.post("receipt", number=number, login="jana", customer="TERMS", date="2026-03-05", amount="1", allocate=[{"document": "TWICE", "amount": "1", "discount": "500"}])

    pay("FIRST")
    back = office.post("reversal", login="jana", document="FIRST", reason="error").document
    pay("SECOND")
    with pytest.raises(ArtuiError, match="USD 1000.00 is more discount on TWICE") as refusal:
        office.post("reversal", login="jana", document=back, reason="error")
    assert refusal.value.code == "AR012"
    office.post("reversal", login="jana", document="SECOND", reason="error")
    office.post("reversal", login="jana", document=back, reason="error")
    assert office.query("SELECT i.open FROM open_item i JOIN document d ON d.id = i.document_id WHERE d.number = 'TWICE'") == [(449_900,)]


def test_a_discount_is_not_put_back_as_a_credit_when_its_invoice_is_paid_since(office: Books) -> None:
    terms = {"parts": [{"rest": True, "rule": [{"days": 30}]}], "discount": {"percent": "10", "days": 10}}
    office.post("invoice", number="PAID-SINCE", customer="TERMS", date="2026-03-01", amount="1000", terms=terms)
    office.post("receipt", number="BOUNCED", login="jana", customer="TERMS", date="2026-03-05", amount="900", allocate=[{"document": "PAID-SINCE", "amount": "900", "discount": "100"}])
    back = office.post("reversal", login="jana", document="BOUNCED", reason="error").document
    office.post("receipt", number="IN-FULL", login="jana", customer="TERMS", date="2026-06-15", amount="1000", allocate=[{"document": "PAID-SINCE", "amount": "1000"}])
    with pytest.raises(ArtuiError, match="BOUNCED cannot be put back with its discount of USD 100.00") as refusal:
        office.post("reversal", login="jana", document=back, reason="error")
    assert refusal.value.code == "AR010"
    office.post("unallocation", login="jana", moves=[{"from": "IN-FULL", "to": "PAID-SINCE", "amount": "1000"}])
    office.post("reversal", login="jana", document=back, reason="error")
    assert office.query("SELECT i.open FROM open_item i JOIN document d ON d.id = i.document_id WHERE d.number = 'PAID-SINCE'") == [(0,)]
    office.tie()


def test_the_right_to_a_discount_is_asked_for_whichever_way_it_is_given(office: Books) -> None:
    office.query("DELETE FROM permission WHERE action = 'discount' AND role = 'clerk'")
    with pytest.raises(ArtuiError, match="Discounts are booked by") as refusal:
        office.post("receipt", login="jana", customer="TERMS", date="2026-03-05", amount="1", allocate=[{"document": "TERMS", "amount": "1", "discount": "1"}])
    assert refusal.value.code == "42501"


def test_money_of_another_currency_is_worth_about_what_the_days_rates_say(office: Books) -> None:
    def pay(amount: int) -> str:
        document = {"kind": "receipt", "customer": "TERMS", "date": "2026-03-05", "amount": amount, "received": {"currency": "JPY", "amount": 150_000, "rate": "5"}}
        return f"SELECT api.post(gen_random_uuid(), '{json.dumps(document)}', '2026-06-15')"

    assert refused(office, "jana", pay(500_000)) == "AR012"  # 5,000 dollars for 1,000
    office.session("jana").query(pay(105_000))
    assert refused(office, "jana", pay(105_000).replace('"currency": "JPY", ', "")) == "AR008"


def test_small_differences_of_a_day_are_one_sum_over_all_currencies(office: Books) -> None:
    for day in range(9):
        for currency, amount in (("USD", "5"), ("JPY", "740")):
            number = f"{currency}-{day}"
            office.post("invoice", number=number, customer=currency, create_customer=True, date="2026-03-01", currency=currency, amount=amount)
    for day in range(5):
        assert {office.post("small_difference", login="karla", document=f"{currency}-{day}").status for currency in ("USD", "JPY")} == {"posted"}
    with pytest.raises(ArtuiError, match="used up"):
        office.post("small_difference", login="karla", document="JPY-6")


def test_an_office_that_lets_no_small_difference_go_lets_none_go(office: Books) -> None:
    office.post("invoice", number="CENTS", customer="USD", create_customer=True, date="2026-03-01", currency="USD", amount="0.05")
    office.query("INSERT INTO setting (name, valid_from, value) VALUES ('small_difference.day', '2026-06-15', '0')")
    with pytest.raises(ArtuiError, match="are used up") as refusal:
        office.post("small_difference", login="jana", document="CENTS")
    office.query("DELETE FROM setting WHERE name = 'small_difference.day' AND valid_from = '2026-06-15'")
    assert refusal.value.code == "AR012"


def test_an_office_that_was_of_one_person_is_not_so_again_because_somebody_says_it_is_that_day(office: Books) -> None:
    office.query("INSERT INTO setting (name, valid_from, value) VALUES ('one_person_office', '2026-01-01', 'true'), ('one_person_office', '2026-02-01', 'false')")
    office.post("receipt", number="OLGAS", customer="US", date="2026-03-05", amount="80")
    mine = asked(office, "refund", login="olga", document="OLGAS", reason="paid twice", date="2026-06-15")
    assert refused(office, "olga", "SELECT api.decide(%s, true, 'alone', '2026-01-15')", mine) == "42501"


def test_small_credits_of_no_invoice_are_one_sum_of_an_account_and_a_day(office: Books) -> None:
    for number in ("FREE", "FREE-WEST", "OTHER"):
        office.post("invoice", number=number, customer=number, create_customer=True, date="2026-03-01", currency="USD", amount="500")
    office.query("UPDATE party SET parent_id = (SELECT id FROM party WHERE name = 'FREE') WHERE name = 'FREE-WEST'")

    def credit(amount: str, customer: str = "FREE", kind: str = "credit_note", **more: Any) -> posting.Answer:
        return office.post(kind, login="jana", customer=customer, date="2026-06-10", amount=amount, **more)

    first = credit("60")
    assert (first.status, credit("40").status) == ("posted", "posted")
    assert {credit("1").status, credit("1", "FREE-WEST").status, credit("150", currency="JPY").status, credit("1", of=first.document).status} == {"waiting"}
    assert {credit("100", "OTHER").status, credit("100", of="FREE", allocate=[]).status} == {"posted"}, "another account's, and an invoice's own"
    dated = json.dumps({"kind": "credit_note", "customer": "FREE", "date": "2026-06-10", "amount": 100})
    assert office.session("jana").query("SELECT api.post(gen_random_uuid(), %s::jsonb, '2026-06-14')", (dated,))[0][0]["status"] == "waiting", "the business date is her word"
    office.post("reversal", login="jana", document=first.document, reason="error")
    assert credit("60").status == "posted"
    assert [credit(amount, kind="opening").status for amount in ("-60", "-41")] == ["posted", "waiting"]
    office.tie()


def test_a_credit_taken_back_and_given_again_is_not_put_back_as_well(office: Books) -> None:
    for number in ("AGAIN-1", "AGAIN-2", "AGAIN-3"):
        office.post("invoice", number=number, customer=number, create_customer=True, date="2026-03-01", currency="USD", amount="500")

    def give(kind: str, number: str, amount: str, **more: Any) -> posting.Answer:
        return office.post(kind, login="jana", number=number, date="2026-06-10", amount=amount, **more)

    for kind, customer, amount, more in (("credit_note", "AGAIN-1", "60", {}), ("credit_note", "AGAIN-2", "60", {"of": "AGAIN-2"}), ("opening", "AGAIN-3", "-60", {})):
        first = f"GIVEN-{customer}"
        give(kind, first, amount, customer=customer, **more)
        back = office.post("reversal", login="jana", document=first, reason="error").document
        assert give(kind, f"TWICE-{customer}", amount, customer=customer, **more).status == "posted"
        asked(office, "reversal", document=back, reason="error")
        assert office.post("reversal", login="jana", document=f"TWICE-{customer}", reason="error").status == "posted"
    # an earlier day's, put back today, is of today
    office.post("credit_note", login="jana", number="EARLY", customer="AGAIN-1", date="2026-06-10", amount="60")
    back = office.post("reversal", login="jana", document="EARLY", reason="error").document
    office.query("SET session_replication_role = replica; UPDATE posting SET business_date = '2026-06-01', posted_at = posted_at - interval '9 days' WHERE id = (SELECT posting_id FROM document WHERE number = 'EARLY')")
    assert office.post("reversal", login="jana", document=back, reason="error").status == "posted"
    assert give("credit_note", "ONE-MORE", "60", customer="AGAIN-1").status == "waiting"
    office.tie()


def test_an_opening_credit_is_of_no_invoice_whatever_it_names(office: Books) -> None:
    office.post("invoice", number="NAMED", customer="NAMED", create_customer=True, date="2026-03-01", currency="USD", amount="500")
    told = [office.post("opening", login="jana", customer="NAMED", date="2026-06-10", amount="-60", of="NAMED").status for _ in range(2)]
    assert told == ["posted", "waiting"]


def test_a_limit_that_was_higher_once_is_not_so_again_because_somebody_says_it_is_that_day(office: Books) -> None:
    office.post("invoice", number="LATE", customer="US", date="2026-03-01", currency="USD", amount="500")
    office.query("INSERT INTO setting (name, valid_from, value) SELECT 'small_difference.' || n, d::date, v::jsonb FROM unnest(ARRAY['item', 'day']) n, (VALUES ('2026-01-01', '400'), ('2026-02-01', '5')) x(d, v)")
    asked = json.dumps({"kind": "small_difference", "document": "LATE", "amount": 20000, "date": "2026-06-10"})
    for day in ("2026-01-15", "1900-01-01"):
        assert refused(office, "marta", "SELECT api.post(gen_random_uuid(), %s::jsonb, %s)", asked, day) == "AR012", day
    office.query("DELETE FROM setting WHERE name LIKE 'small_difference.%' AND valid_from >= '2026-01-01'")


def test_a_reversal_is_asked_for_once(office: Books) -> None:
    office.post("invoice", number="ONCE", customer="US", date="2026-03-01", currency="USD", amount="500")
    first = asked(office, "reversal", document="ONCE", reason="error")
    with pytest.raises(ArtuiError, match="The reversal of ONCE waits already, asked for by jana on") as refusal:
        office.post("reversal", login="karla", document="ONCE", document_kind="invoice", reason="error")
    assert refusal.value.code == "AR009"
    with pytest.raises(ArtuiError, match="waits already"):
        office.session("karla").query("SELECT api.effects(%s::jsonb, '2026-06-15')", (json.dumps({"kind": "reversal", "document": "ONCE"}),))
    posting.decide(office.session("karel"), first, approve=False)
    again = asked(office, "reversal", login="karla", document="ONCE", reason="error")
    assert posting.decide(office.session("karel"), again, approve=True).status == "posted"
