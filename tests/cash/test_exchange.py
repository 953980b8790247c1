"""Money in another currency than the account's: how a rate is read and said, what it makes of the money, how it is booked."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from artui import entry as keyed
from artui import money
from artui.cash import batch
from artui.cash.difference import exchange_gain
from artui.cash.entry import post_receipt, receipt_of
from artui.cash.exchange import Exchange, Quote, Rate, exchange, plain, quote, quoted, read_rate, write_rate
from artui.cash.payable import Payment
from artui.cash.reading import Worked, worked
from artui.cash.worksheet import Worksheet
from artui.errors import ArtuiError, BadInput, Refused
from artui.ledger import posting
from tests.books import Books
from tests.cash.plain import item
from tests.cash.till import invoices, left

DAY = date(2026, 6, 15)
SINCE = date(2026, 4, 1)
EURO = Quote("EUR", "USD", "EUR", "USD", Decimal("1.0852"), SINCE, Decimal(1))


@pytest.mark.parametrize(("typed", "code", "figure"), [
    ("EUR 100", "EUR", "100"), ("100 EUR", "EUR", "100"), ("eur 100", "EUR", "100"), ("100eur", "EUR", "100"), ("EUR100", "EUR", "100"), ("€100", "EUR", "100"), ("100 €", "EUR", "100"),
    ("eur 1.5*800", "EUR", "1.5*800"), ("12k eur", "EUR", "12k"), ("100", "", "100"), ("12k", "", "12k"), ("12.50 CR", "", "12.50 CR"), ("$100", "", "$100"),
])  # fmt: skip
def test_an_amount_may_name_its_currency(typed: str, code: str, figure: str) -> None:
    assert keyed.foreign(typed) == (code, figure)


def test_three_letters_that_are_no_currency_are_refused_in_words() -> None:
    with pytest.raises(BadInput, match="XQX is no currency"):
        keyed.foreign("XQX 100")


@pytest.mark.parametrize("typed", ["nan", "NaN", "inf", "-1", "0", "0.000", "1e5", "1.0852.1", "1 000", "", "1234567890123", "٣"])
def test_what_is_no_rate_is_refused_in_words(typed: str) -> None:
    with pytest.raises(BadInput, match="is no rate"):
        read_rate(typed)


@pytest.mark.parametrize(("typed", "rate"), [("1.0852", "1.0852"), ("1,0852", "1.0852"), ("25", "25"), (".0065", "0.0065"), ("1.085", "1.085")])
def test_a_point_in_a_rate_is_its_decimal_mark_always(typed: str, rate: str) -> None:
    assert read_rate(typed) == Rate(Decimal(rate)) and read_rate(write_rate(read_rate(typed))) == read_rate(typed)


def test_a_rate_is_said_as_the_books_keep_it() -> None:
    known = {"EUR": (Decimal("1.0852"), SINCE), "CZK": (Decimal("0.043"), date(2026, 1, 1)), "USD": (None, None), "PHP": (None, None)}
    assert quoted("EUR", "USD", "USD", known).words(Decimal("1.0852")) == "1 EUR = 1.0852 USD"
    other_way = quoted("USD", "EUR", "USD", known)
    assert (other_way.of, other_way.into) == ("EUR", "USD") and exchange(Decimal("108.52"), other_way, None).amount == 100  # type: ignore[union-attr]
    cross = quoted("EUR", "CZK", "USD", known)
    assert (cross.of, cross.into, cross.rate, cross.since) == ("EUR", "CZK", Decimal("25.2372"), date(2026, 1, 1))
    other = quoted("CZK", "EUR", "USD", known)
    assert (other.of, other.into, other.rate) == ("EUR", "CZK", Decimal("25.2372")), "the same rate, whichever came"
    assert quoted("EUR", "PHP", "USD", known).rate is None and "how many PHP one EUR is" in quoted("EUR", "PHP", "USD", known).missing()


def test_what_the_bank_says_it_is_worth_gives_the_rate() -> None:
    found = exchange(Decimal(100), EURO, read_rate("= 108"))
    assert found is not None and (found.amount, found.rate, found.typed) == (108, Decimal("1.08"), True)
    with pytest.raises(BadInput, match="no amount in USD"):
        exchange(Decimal(100), EURO, read_rate("= 0"))


@pytest.mark.parametrize(("typed", "why"), [
    ("108.52", "is far from the 1.0852 USD of 1 Apr 2026"), ("0.01", "is far from"), ("999999999999", "is far from"), ("= 9", "is far from"), ("0.000000000001", "is far from"),
])  # fmt: skip
def test_a_rate_far_from_that_of_the_day_is_refused(typed: str, why: str) -> None:
    with pytest.raises(BadInput, match=why):
        exchange(Decimal(100), EURO, read_rate(typed))


def test_a_rate_the_other_way_round_is_refused_and_one_near_it_is_not() -> None:
    with pytest.raises(BadInput, match="the other way round.*how many USD one EUR is"):
        exchange(Decimal(100), EURO, Rate(Decimal("0.9215")))
    near = replace(EURO, rate=Decimal("1.01"))
    assert exchange(Decimal(100), near, Rate(Decimal("0.995"))) is not None, "close to one both are the same slip or none"
    unknown = replace(EURO, rate=None, since=None)
    assert exchange(Decimal(100), unknown, None) is None
    with pytest.raises(BadInput, match="worth nothing in USD"):
        exchange(Decimal("0.01"), unknown, Rate(Decimal("0.1")))
    with pytest.raises(BadInput, match="too large"):
        exchange(Decimal("9999999999999"), unknown, Rate(Decimal(999999999999)))


AMOUNTS = st.integers(1, 10**11).map(lambda minor: Decimal(minor) / 100)
RATES = st.integers(1, 10**9).map(lambda many: Decimal(many) / 10**5)


@given(came=AMOUNTS, rate=RATES, opens=st.lists(st.integers(1, 10**9), min_size=1, max_size=6), own=st.sampled_from(["USD", "JPY", "KWD"]), turned=st.booleans())
def test_what_is_applied_and_what_is_kept_is_what_it_is_worth_to_the_cent(came: Decimal, rate: Decimal, opens: list[int], own: str, turned: bool) -> None:
    asked = Quote("EUR", own, own if turned else "EUR", "EUR" if turned else own, rate, DAY, Decimal(1), came_is_home=turned)
    try:
        found = exchange(came, asked, None)
    except BadInput:
        return      # worth nothing, or too large
    assert found is not None
    exact = came / rate if turned else came * rate
    assert abs(found.amount - exact) <= Decimal(1).scaleb(-money.digits(own)) / 2 and found.amount == money.round_half_up(found.amount, own)
    items = tuple(item(place, str(money.from_minor(minor, own))) for place, minor in enumerate(opens))
    sheet = Worksheet(found.amount, own, items).oldest()
    receipt = receipt_of(sheet if sheet.ready else sheet.leave_on_account(), key="k", account="A", received_on=DAY, received=found.received)
    assert sum(one.cash for one in receipt.applied) + receipt.on_account == found.amount == receipt.amount


@pytest.fixture(scope="module")
def desk(module_books: Books) -> Books:
    module_books.query("INSERT INTO exchange_rate VALUES ('EUR', '2026-04-01', 1.0852), ('CZK', '2026-01-01', 0.043), ('GBP', '2026-01-01', 1.25)")
    return module_books


def work(books: Books, who: str, amount: str, came_in: str = "", rate: str = "", **more: str) -> Worked:
    payment = Payment(Decimal(amount), came_in, DAY, **more)
    return worked(books.session("jana"), None, who, payment, DAY, False, "", read_rate(rate) if rate else None)


def post(books: Books, done: Worked, key: str = "") -> str:
    assert done.proposal is not None
    sheet = done.account.sheet(done.amount).accept(done.proposal)
    found = done.exchange.received if done.exchange else None
    receipt = receipt_of(sheet, key=key or str(uuid.uuid4()), account=done.account.number, received_on=DAY, instrument=done.payment.instrument if done.payment else "", received=found)
    return str(post_receipt(books.session("jana"), receipt).document)


def lines(books: Books, number: str) -> list[tuple[object, ...]]:
    return books.query("SELECT l.gl, l.currency::text, l.amount, l.base_amount FROM journal_line l JOIN document d ON d.id = l.document_id WHERE d.number = %s ORDER BY l.line", number)


def test_euros_for_a_dollar_account_are_booked_in_both(desk: Books) -> None:
    invoices(desk, "X100", ("X100-1", "108.52"), ("X100-2", "50"))
    done = work(desk, "X100", "100", "EUR", instrument="77")
    assert done.quote == EURO and done.amount == Decimal("108.52") and done.proposal is not None and done.proposal.fills
    number = post(desk, done)
    assert lines(desk, number) == [("1990", "USD", 10852, 10852), ("1100", "USD", -10852, -10852), ("1000", "EUR", 10000, 10852), ("1990", "EUR", -10000, -10852)]
    assert left(desk, "X100-1", "X100-2") == [0, 50]
    again = work(desk, "X100", "100", "EUR", "1.1", instrument="77")
    assert again.proposal is not None and [one.words for one in again.proposal.duplicates] == [f"77 over EUR 100.00 is already {number}, received 15 Jun 2026 (jana)"], "whatever the rate"
    bounced = posting.post(desk.session("jana"), {"id": str(uuid.uuid4()), "kind": "reversal", "document": number, "reason": "nsf"})
    assert left(desk, "X100-1") == [Decimal("108.52")] and bounced.document
    assert desk.query("SELECT sum(amount) FROM journal_line WHERE currency = 'EUR' AND gl = '1000'") == [(0,)]
    desk.tie()


def test_dollars_for_a_euro_account_of_a_dollar_company_are_worth_what_the_receipt_says(desk: Books) -> None:
    invoices(desk, "X110", ("X110-1", "100"), currency="EUR", rate="1.05")
    done = work(desk, "X110", "110", "USD", "1.1")
    assert (done.account.currency, done.amount) == ("EUR", 100)
    assert exchange_gain(done.account.sheet(done.amount).fill(done.proposal), done.exchange.account_rate, "USD") == 5  # type: ignore[union-attr, arg-type]
    number = post(desk, done)
    assert lines(desk, number) == [("1990", "EUR", 10000, 11000), ("1100", "EUR", -10000, -11000), ("1000", "USD", 11000, 11000), ("1990", "USD", -11000, -11000)]
    assert left(desk, "X110-1") == [0]
    assert desk.query("SELECT sum(base_amount) FROM journal_line l JOIN document d ON d.id = l.document_id WHERE d.kind = 'exchange_difference' AND l.gl = '5150'") == [(-500,)], "a gain"
    desk.tie()


def test_the_gain_that_is_shown_is_the_one_that_is_booked(desk: Books) -> None:
    invoices(desk, "X115", ("X115-1", "33.33"), currency="EUR", rate="1.0333")
    invoices(desk, "X115", ("X115-2", "66.67"), currency="EUR", rate="1.1777", date="2026-06-10", terms="2-10-30")
    invoices(desk, "X115", ("X115-3", "500"), currency="EUR", rate="0.9")
    desk.post("credit_note", number="X115-C", customer="X115", date="2026-03-02", amount="7.77", currency="EUR", rate="1.2")
    paying = work(desk, "X115", "200").account
    key = {item.document: item.key for item in paying.items}
    sheet = paying.sheet(Decimal("150.01")).part(key["X115-1"], Decimal("30.01")).adjust(key["X115-1"]).discount(key["X115-2"]).use_credit(key["X115-3"], amount=Decimal("5.55"))
    sheet = sheet.part(key["X115-3"], Decimal("11.11")).leave_on_account()
    shown = exchange_gain(sheet, paying.base_rate, "USD")
    post_receipt(desk.session("jana"), receipt_of(sheet, key=str(uuid.uuid4()), account="X115", received_on=DAY))
    booked = desk.query("SELECT -sum(base_amount) FROM journal_line l JOIN document d ON d.id = l.document_id JOIN account a ON a.id = d.account_id WHERE a.number = 'X115' AND l.gl = '5150'")
    assert shown and [(int(shown * 100),)] == booked
    desk.tie()


def test_two_foreign_currencies_leave_no_more_than_rounding_between_them(desk: Books) -> None:
    invoices(desk, "X120", ("X120-1", "3000"), currency="CZK")
    invoices(desk, "X121", ("X121-1", "3000"), currency="GBP")
    for done, worth in ((work(desk, "X120", "100", "GBP"), "2906.98"), (work(desk, "X121", "2906.98", "CZK"), "100.00")):
        number = post(desk, done)
        between = sum(int(str(row[3])) for row in lines(desk, number) if row[0] == "1990")
        assert done.amount == Decimal(worth) and abs(between) <= 1
    desk.tie()


def test_money_pays_what_is_open_in_its_own_currency_unless_a_rate_is_typed(desk: Books) -> None:
    invoices(desk, "X130", ("X130-1", "500"))
    invoices(desk, "X130", ("X130-2", "100"), currency="EUR")
    kept = work(desk, "X130", "100", "EUR")
    assert (kept.account.currency, kept.account.own, kept.exchange, kept.amount) == ("EUR", "USD", None, 100) and kept.quote is not None
    assert work(desk, "X130", "100", "EUR", "1.09").amount == 109
    invoices(desk, "X131", ("X131-1", "500"))
    assert work(desk, "X131", "100", "EUR", "-").account.currency == "EUR", "kept as it is, on account"


def test_without_a_rate_it_says_which_one_is_needed(desk: Books) -> None:
    invoices(desk, "X140", ("X140-1", "500"))
    asked = work(desk, "X140", "100", "CHF")
    assert (asked.exchange, asked.proposal) == (None, None) and asked.trouble.startswith("No rate of CHF is known for that day: type how many USD one CHF is")
    assert work(desk, "X140", "100", "CHF", "1.12").amount == 112
    with pytest.raises(BadInput, match="do not know the currency XXX"):
        quote(desk.session("jana"), "XXX", "USD", DAY)


def test_a_deposit_counts_what_came_and_not_what_it_is_worth(desk: Books) -> None:
    invoices(desk, "X150", ("X150-1", "108.52"))
    jana = desk.session("jana")
    slip = batch.open_batch(jana, bank="Euro bank", deposit_on=DAY, currency="EUR", control_total=Decimal(100), control_count=1)
    done = worked(jana, None, "X150", Payment(Decimal(100), "", DAY), DAY, False, "EUR")
    assert done.exchange is not None and done.proposal is not None
    receipt = receipt_of(done.account.sheet(done.amount).fill(done.proposal), key=str(uuid.uuid4()), account="X150", received_on=DAY, received=done.exchange.received)
    assert batch.add_to_batch(jana, slip.number, receipt) == batch.add_to_batch(jana, slip.number, receipt)
    read = batch.batch(jana, slip.number)
    assert read.balanced and (read.lines[0].amount, read.lines[0].pays, read.lines[0].pays_in) == (100, (("X150-1", Decimal("108.52")),), "USD")
    with pytest.raises(Refused, match="takes no such receipt"):
        batch.add_to_batch(jana, slip.number, replace(receipt, key=str(uuid.uuid4()), received=None))
    batch.post_batch(jana, slip.number)
    assert left(desk, "X150-1") == [0]
    desk.tie()


def test_scripts_say_the_same_and_are_refused_the_same(desk: Books) -> None:
    invoices(desk, "X160", ("X160-1", "108.52"))
    came = {"currency": "EUR", "amount": "100.00", "rate": "1.0852"}
    number = desk.post("receipt", customer="X160", date="2026-06-15", amount="108.52", received=came, allocate=[{"document": "X160-1"}]).document
    assert lines(desk, str(number))[2] == ("1000", "EUR", 10000, 10852)
    for rate in ("0", "NaN", "1e3", "-1", "9999999999999"):
        with pytest.raises(ArtuiError, match="rate"):
            desk.post("receipt", customer="X160", date="2026-06-15", amount="1.00", received=came | {"rate": rate})
    desk.tie()


def test_what_is_said_of_an_exchange() -> None:
    assert Exchange(Decimal(100), EURO, Decimal("1.0852"), Decimal("108.52")).quote.words(Decimal("1.08520")) == "1 EUR = 1.0852 USD" and plain(Decimal("25.00")) == "25"
