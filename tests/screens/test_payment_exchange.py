"""A payment in another currency than the account's, on the real screen: its rate, what it is worth, kept, in a deposit, returned."""

from __future__ import annotations

from decimal import Decimal

import pytest

from artui.drafts import drafts
from tests.books import Books
from tests.cash.till import invoices, left
from tests.screens.pilot import compare, pressed, program, run, text, typed, until
from tests.screens.test_payment import ACCOUNT, enter
from tests.screens.test_payment_kept import kept


@pytest.fixture
def till(own_office: Books) -> Books:
    """The office, an account in dollars with open invoices, and the rate of the euro."""
    invoices(own_office, *ACCOUNT)
    invoices(own_office, "40009", ("E-1", "108.52"), ("E-2", "500.00"))
    own_office.query("INSERT INTO exchange_rate VALUES ('EUR', '2026-04-01', 1.0852)")
    return own_office


def test_euros_for_an_account_in_dollars_at_the_rate_of_the_day(till: Books) -> None:
    async def story() -> None:
        async with program(till) as pilot:
            await enter(pilot, "40009", "eur 100", "77")
            compare(pilot, "payment_exchange")
            assert "1 EUR" in text(pilot) and "received EUR 100.00 at 1 EUR = 1.0852 USD, 1 Apr 26: USD 108.52" in text(pilot)
            await pressed(pilot, "f10")
            assert "RCP-000001: EUR 100.00 = USD 108.52 of 40009 Customer 40009 for E-1." in text(pilot)
            assert "1 EUR" not in text(pilot), "the field is there only when it is needed"

            await pressed(pilot, "f3")
            await typed(pilot, "77")
            await pressed(pilot, "enter", "2", "enter")
            compare(pilot, "payment_exchange_receipt")
            assert "received EUR 100.00" in text(pilot) and "1 EUR = 1.0852 USD" in text(pilot)
            await pressed(pilot, "b")
            compare(pilot, "payment_exchange_returned")
            await pressed(pilot, "f10")

    run(story)
    assert left(till, "E-1") == [Decimal("108.52")]
    till.tie()


def test_another_rate_or_what_the_bank_says_it_is_worth(till: Books) -> None:
    async def story() -> None:
        async with program(till) as pilot:
            await enter(pilot, "40009", "100 EUR", "78")
            await pressed(pilot, "enter", *"0.9215", "enter")
            assert "0.9215 is the rate the other way round" in text(pilot)
            await pressed(pilot, *"nan", "enter")
            assert "'nan' is no rate" in text(pilot)
            await pressed(pilot, "f10")
            assert "'nan' is no rate" in text(pilot), "it does not post"
            await pressed(pilot, *"1,09", "enter")
            assert "at 1 EUR = 1.09 USD: USD 109.00" in text(pilot)
            await pressed(pilot, "up", "enter", *"= 108.52", "enter")
            assert "USD 108.52" in text(pilot) and "exact" in text(pilot)
            await pressed(pilot, "f10")
            assert "EUR 100.00 = USD 108.52 of 40009" in text(pilot)
            # and the next one in dollars goes as it always did
            await pressed(pilot, *"40001", "enter", *"100", "enter", *"9", "f10")
            assert "RCP-000002: USD 100.00 of 40001" in text(pilot)

    run(story)
    assert left(till, "E-1", "K-1") == [0, 0]
    till.tie()


def test_without_a_rate_it_is_asked_for_in_its_field(till: Books) -> None:
    async def story() -> None:
        async with program(till) as pilot:
            await enter(pilot, "40009", "CHF 100", "79")
            await pressed(pilot, "f10")
            compare(pilot, "payment_exchange_no_rate")
            assert "No rate of CHF is known for that day" in text(pilot)
            await pressed(pilot, *"1.0852", "f10")
            assert "CHF 100.00 = USD 108.52 of 40009" in text(pilot)

    run(story)
    assert left(till, "E-1") == [0]
    till.tie()


def test_what_was_typed_of_it_is_found_again(till: Books) -> None:
    async def story() -> None:
        async with program(till) as pilot:
            await enter(pilot, "40009", "EUR 100", "80")
            await pressed(pilot, "enter", *"1.1", "enter", "down", "x", "up", "x", "enter")
            await until(pilot, lambda: [body["fields"]["rate"] for body in kept(till)] == ["1.1"])
            before = text(pilot)
            assert "USD 110.00" in before
            assert [draft.subject for draft in drafts(till.session("jana"))] == ["payment 40009 EUR 100.00"]
        async with program(till) as pilot:
            await pressed(pilot, "f7", "c", "enter")
            assert "received EUR 100.00 at 1 EUR = 1.1 USD: USD 110.00" in text(pilot) and "remaining 1.48" in text(pilot)
            await pressed(pilot, "enter", "enter", "u", "f10")
            assert "EUR 100.00 = USD 110.00 of 40009 Customer 40009 for E-1, 1.48 on account." in text(pilot).replace("\n ", " ")

    run(story)
    assert kept(till) == [] and left(till, "E-1") == [0]
    till.tie()


def test_keys_typed_ahead_of_the_rate_land_where_they_belong(till: Books) -> None:
    async def story() -> None:
        async with program(till) as pilot:
            await pressed(pilot, "f7", "c", "enter")
            for key in (*"40009", "enter", *"EUR 100", "enter", *"81", "enter", "enter", "x", "f10"):
                await pilot.press("space" if key == " " else key)
            await until(pilot, lambda: "RCP-000001: EUR 100.00 = USD 108.52" in text(pilot))

    run(story)
    till.tie()


def test_money_pays_what_is_open_in_its_own_currency_first(till: Books) -> None:
    invoices(till, "40009", ("E-3", "100.00"), currency="EUR")

    async def story() -> None:
        async with program(till) as pilot:
            await enter(pilot, "40009", "EUR 100", "82")
            assert "EUR stays EUR" in text(pilot) and "E-3" in text(pilot) and "E-1" not in text(pilot)
            await pressed(pilot, "f10")
            assert "RCP-000001: EUR 100.00 of 40009 Customer 40009 for E-3." in text(pilot)

    run(story)
    till.tie()


def test_a_deposit_of_euros_counts_euros(till: Books) -> None:
    async def story() -> None:
        async with program(till) as pilot:
            await pressed(pilot, "f7", "b", "enter", "f6", *"Euro", "enter", *"t", "enter", *"EUR", "enter", *"100", "enter", *"1", "f10")
            await pressed(pilot, "f6", *"40009", "enter", *"100", "enter", *"1")
            assert "EUR 100.00 at 1 EUR = 1.0852 USD" in text(pilot)
            await pressed(pilot, "f10")
            assert "F3, then F10 posts the batch." in text(pilot).replace("\n ", " ")
            await pressed(pilot, *"40009", "enter", *"usd 5", "enter", *"2", "f10")
            assert "The deposit takes EUR only" in text(pilot)
            await pressed(pilot, "f3", "f3")
            assert "pays USD 108.52" in text(pilot) and "E-1 108.52" in text(pilot)
            await pressed(pilot, "f10")
            assert "is posted: EUR 100.00 in 1 receipt." in text(pilot)

    run(story)
    assert left(till, "E-1") == [0]
    till.tie()


def test_dollars_for_an_account_in_euros_say_what_the_rate_gains(till: Books) -> None:
    till.post("invoice", number="E-9", customer="40010", customer_name="Euro Client", create_customer=True, date="2026-03-01", amount="100.00", currency="EUR", rate="1.05")

    async def story() -> None:
        async with program(till, size=(132, 43)) as pilot:
            await enter(pilot, "40010", "USD 108.52", "83")
            await until(pilot, lambda: "exchange gain USD 3.52" in text(pilot))
            compare(pilot, "payment_exchange_gain")
            await pressed(pilot, "f10")
            assert "USD 108.52 = EUR 100.00 of 40010" in text(pilot)

    run(story)
    assert till.query("SELECT sum(base_amount) FROM journal_line WHERE gl = '5150'") == [(-352,)]
    till.tie()


def test_a_currency_that_was_typed_stays_whatever_account_came_before(till: Books) -> None:
    till.post("invoice", number="E-9", customer="40010", customer_name="Euro Client", create_customer=True, date="2026-03-01", amount="100.00", currency="EUR")

    async def story() -> None:
        async with program(till) as pilot:
            await enter(pilot, "40010", "EUR 60", "84")
            assert "Amount  EUR 60.00" in text(pilot) and "1 EUR" not in text(pilot), "it is the account's own"
            await pressed(pilot, "enter", "o", "f10")
            assert "EUR 60.00 of 40010" in text(pilot)
            # F9 brings it back for an account in dollars: euros still
            await pressed(pilot, *"40009", "enter", "f9", *"85")
            assert "received EUR 60.00 at 1 EUR = 1.0852 USD, 1 Apr 26: USD 65.11" in text(pilot)

    run(story)
