"""The desk on the real screens: what waits for a second person, what deserves a look, months, charges."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from artui.cash.charge_rules import (
    dated_profiles,
    profile_of_everybody,
    reference_rates,
    set_profile,
    set_reference_rate,
)
from artui.cash.charges import proposals
from artui.cash.exchange_rates import set_exchange_rate
from artui.ledger.periods import periods
from artui.security.approvals import waiting
from screens.app import ArtuiApp, in_words
from tests.books import Books
from tests.screens.office import fill
from tests.screens.pilot import compare, line_with, pressed, program, run, settled, text, typed, until
from tests.screens.test_lost import away, close_the_door


def ten_percent(books: Books) -> None:
    """Let every account bear ten percent and a fixed sum."""
    books.query("INSERT INTO interest_profile (code, valid_from, name, margin, floats, fixed_sum, fixed_currency) VALUES ('TEN', '2020-01-01', 'Ten percent', 10, false, 40, 'EUR')")
    books.query("INSERT INTO setting (name, valid_from, value, note) VALUES ('charges.profile', '2020-01-01', '\"TEN\"', '') ON CONFLICT (name, valid_from) DO UPDATE SET value = excluded.value")


@pytest.fixture(scope="module")
def desk(module_books: Books) -> Books:
    """An office with a request, something of most checks, and late invoices that bear interest."""
    books = module_books
    fill(books)
    books.post("write_off", login="jana", document="INV-101", amount="45.00", reason="costs more to collect")
    books.post("receipt", number="R-50", date="2026-06-01", amount="300.00", memo="ORDER 7 JUNE")
    for number in ("R-60", "R-61"):
        books.post("receipt", number=number, customer="30005", date="2026-06-03", amount="9.00", method="cheque", reference="778")
    ten_percent(books)
    return books


async def go(pilot: object, word: str) -> None:
    """Go somewhere by its word."""
    await pressed(pilot, "f7", *word, "enter")  # type: ignore[arg-type]


PICTURES: dict[str, tuple[str, str, tuple[str, ...]]] = {
    "approvals": ("marta", "approvals", ()),
    "approvals_effects": ("marta", "approvals", ("enter",)),
    "approvals_own": ("jana", "approvals", ("a",)),
    "desk": ("jana", "desk", ()),
    "desk_cases": ("jana", "desk", ("enter",)),
    "desk_fix": ("jana", "desk", ("enter", "f")),
    "periods": ("viktor", "periods", ()),
    "periods_month": ("viktor", "periods", ("enter",)),
    "periods_close": ("viktor", "periods", ("c",)),
    "periods_refused": ("jana", "periods", ("c",)),
    "charges": ("jana", "charges", ()),
    "charges_marked": ("jana", "charges", ("a", "down", "w")),
    "rates_empty": ("jana", "rates", ()),
    "rates_new": ("viktor", "rates", ("f6", *"ECB")),
    "profiles": ("viktor", "profiles", ()),
    "profiles_change": ("viktor", "profiles", ("enter",)),
}


@pytest.mark.parametrize("name", PICTURES)
def test_the_screen_looks_like_its_picture(desk: Books, name: str) -> None:
    login, word, keys = PICTURES[name]

    async def story() -> None:
        async with program(desk, login) as pilot:
            await go(pilot, word)
            await pressed(pilot, *keys)
            compare(pilot, name)

    run(story)


@pytest.mark.parametrize("word", ["approvals", "desk", "charges"])
def test_a_wide_terminal_shows_more(desk: Books, word: str) -> None:
    async def story() -> None:
        async with program(desk, "marta", size=(132, 40)) as pilot:
            await go(pilot, word)
            await pressed(pilot, *(("enter",) if word == "approvals" else ()))
            compare(pilot, f"{word}_wide")

    run(story)


def test_empty_books_have_nothing_to_do(books: Books) -> None:
    async def story() -> None:
        async with program(books, "marta") as pilot:
            for word, told in (("approvals", "Nothing waits"), ("desk", "No discrepancies."), ("charges", "Nothing can be charged")):
                await go(pilot, word)
                assert told in text(pilot)
            compare(pilot, "charges_empty")

    run(story)


def test_a_clerk_asks_a_supervisor_decides_and_nobody_decides_their_own(own_office: Books) -> None:
    books = own_office
    for document, reason in (("INV-101", "insolvent"), ("INV-105", "too small")):
        books.post("write_off", login="jana", document=document, amount="45.00", reason=reason)
    books.post("write_off", login="marta", document="INV-102", amount="5.00", reason="mine")

    async def story() -> None:
        async with program(books, "jana") as pilot:
            await go(pilot, "approvals")
            await pressed(pilot, "a")
            assert "jana may not decide; karel, marta, olga or viktor may." in text(pilot)
        async with program(books, "marta") as pilot:
            await go(pilot, "app")
            assert "Approvals, 2 for you" in text(pilot)
            await pressed(pilot, "enter", "a", *"seen", "f10")
            assert "INV-101 open 1 455.00." in line_with(pilot, "Approved: ")
            await pressed(pilot, "x", "f10")
            assert "Reason is needed." in text(pilot)
            await pressed(pilot, *"ask them first", "f10")
            assert "Request 2 of jana is rejected; nothing was posted." in text(pilot)
            await pressed(pilot, "a")
            assert "You asked for this yourself: karel, olga or viktor may decide." in text(pilot)
        books.query("INSERT INTO setting (name, valid_from, value, note) VALUES ('one_person_office', '2026-01-01', 'true', '')")
        async with program(books, "marta") as pilot:
            await go(pilot, "approvals")
            await pressed(pilot, "a", "f10")
            assert "Reason is needed." in text(pilot), "an office of one says why"
            close_the_door(books, shut=True)
            await pilot.press(*"alone")
            await pilot.press("f10")
            await away(pilot)
            compare(pilot, "approvals_offline")
            close_the_door(books, shut=False)
            await until(pilot, lambda: "Trying again" not in text(pilot))
            await until(pilot, lambda: "F10 sends it again" in text(pilot) or "Approved" in text(pilot))
            await settled(pilot)
            if "F10 sends it again" in text(pilot):
                await pressed(pilot, "f10")
            assert "Approved" in text(pilot)
        assert waiting(books.session("viktor")) == ()
        assert books.query("SELECT state, decided_by::text, comment FROM approval ORDER BY id") == [("approved", "marta", "seen"), ("rejected", "marta", "ask them first"), ("approved", "marta", "alone")]
        books.tie()

    run(story)


def test_the_desk_leads_from_a_sentence_at_sign_in_to_what_settles_a_case(own_office: Books) -> None:
    books = own_office
    books.post("receipt", number="R-50", date="2026-06-01", amount="300.00", memo="ORDER 7 JUNE")
    for number in ("R-60", "R-61"):
        books.post("receipt", number=number, customer="30005", date="2026-06-14", amount="9.00", method="cheque", reference="778")
    books.post("write_off", login="jana", document="INV-101", amount="45.00", reason="insolvent")

    async def story() -> None:
        async with program(books, "marta") as pilot:
            assert isinstance(pilot.app, ArtuiApp)
            pilot.app._look_around()
            await until(pilot, lambda: "F7 desk" in text(pilot))
            assert "1 request waits for you: F7 approvals." in text(pilot)
            await go(pilot, "desk")
            assert "The same payment entered twice" in text(pilot), "the long checks join the others"
            while "unknown payers" not in line_with(pilot, "▸"):
                await pressed(pilot, "down")
            await pressed(pilot, "enter", "f", *"quiet corner")
            await pressed(pilot, "enter", "f10")
            assert "Posted" in text(pilot) and "Nothing is left" not in line_with(pilot, "Posted")
            await pressed(pilot, "f3")
            assert "unknown payers" not in text(pilot)
            while "entered twice" not in line_with(pilot, "▸"):
                await pressed(pilot, "down")
            await pressed(pilot, "enter", "f", *"duplicate", "f10")
            assert "R-61 closed." in text(pilot)
        books.tie()

    run(story)
    assert books.query("SELECT d.number::text, r.method FROM document r JOIN document d ON d.id = r.reverses_id") == [("R-61", "duplicate")]
    assert in_words(3, 2) == "3 discrepancies: F7 desk. 2 requests wait for you: F7 approvals."
    assert in_words(0, 0) == ""


def test_a_month_is_closed_over_what_it_strands_and_opened_again_with_a_trail(own_office: Books) -> None:
    books = own_office
    books.post("write_off", login="jana", document="INV-101", amount="45.00", reason="insolvent", date="2026-05-20")

    async def story() -> None:
        async with program(books, "viktor") as pilot:
            await go(pilot, "periods")
            await pressed(pilot, "down", "s", "f10")
            assert "May 2026 is closed softly." in text(pilot)
            await pressed(pilot, "c", "f10")
            assert "Reason is needed." in text(pilot)
            assert "would strand it" in line_with(pilot, "approvals waiting")
            await pressed(pilot, *"year end", "f10")
            assert "May 2026 is closed." in text(pilot)
            await pressed(pilot, "o", *"late invoice", "f10")
            assert "May 2026 is open." in text(pilot)
            await pressed(pilot, "enter")
            rows = [row.split()[4:] for row in text(pilot).splitlines() if " viktor " in row and "2026" not in row]
            assert [row[1:] for row in rows] == [["open", "late", "invoice"], ["closed", "year", "end"], ["closed", "softly"]]

    run(story)
    assert [(row.month, row.state) for row in periods(books.session("viktor"))] == [(date(2026, 5, 1), "open")]


def test_charges_are_chosen_row_by_row_posted_waived_and_never_asked_again(books: Books) -> None:
    ten_percent(books)
    books.post("invoice", number="L-1", customer="1", customer_name="Late Ltd", create_customer=True, date="2026-04-01", due="2026-05-01", amount="10000.00", currency="EUR", rate="1.1")
    books.post("invoice", number="L-2", customer="1", date="2026-04-01", due="2026-05-11", amount="5000.00", currency="EUR", rate="1.1")

    async def story() -> None:
        async with program(books, "marta") as pilot:
            await go(pilot, "charges")
            assert "123.29" in line_with(pilot, "L-1"), "10 000 at 10 % for 45 days"
            assert "45 d at 10 % on 10 000.00 = 123.2877" in text(pilot)
            await pressed(pilot, "p", "w")
            assert "to post · EUR 123.29" in text(pilot)
            await pressed(pilot, "enter", "f10")
            assert "Reason is needed." in text(pilot)
            await pressed(pilot, *"goodwill", "f10")
            assert "1 posted: EUR 123.29, 1 waived: EUR 40.00." in text(pilot)
            await pressed(pilot, "a", "enter")
            compare(pilot, "charges_sums")
            assert "Post 2 charges to 1 account" in text(pilot)
            await pressed(pilot, "escape")
            assert "2 options, Enter runs them" in text(pilot), "nothing is posted yet, the marks stand"
            await pressed(pilot, "enter", "f10")
            assert "2 posted: EUR" in text(pilot)
            await pressed(pilot, "f2")
            await typed(pilot, "late ltd")
            await pressed(pilot, "enter", "2", "enter", "W", *"agreed", "f10")
            assert "its days are not charged again." in text(pilot)
            await pressed(pilot, "W")
            assert "is reversed." in text(pilot)

    run(story)
    assert proposals(books.session("marta")).proposed == ()
    assert books.query("SELECT what, amount, document_id IS NULL FROM charge_span ORDER BY id") == [("interest", 12329, False), ("fixed_sum", 4000, True), ("interest", 4795, False), ("fixed_sum", 4000, False), ("fixed_sum", 4000, True)]
    books.tie()


def test_who_may_not_charge_or_close_is_told_so(desk: Books) -> None:
    async def story() -> None:
        async with program(desk, "petr") as pilot:
            await go(pilot, "charges")
            await pressed(pilot, "a")
            assert "Charges are posted by a clerk, supervisor, manager or controller." in text(pilot)
            await pressed(pilot, "p", "enter")
            assert "Charges are posted by a clerk, supervisor, manager or controller." in text(pilot)

    run(story)




def test_a_manager_enters_the_rates_of_the_law_and_what_is_late_bears_interest(books: Books) -> None:
    books.post("invoice", number="L-1", customer="1", customer_name="Late Ltd", create_customer=True, date="2026-04-01", due="2026-05-01", amount="10000.00", currency="EUR", rate="1.1")

    async def story() -> None:
        async with program(books, "viktor") as pilot:
            await go(pilot, "rates")
            await pressed(pilot, "f6", *"ECB", "enter", *"2026-01-01", "enter", *"2")
            assert "Still needed: Published; then F10 keeps it." in text(pilot)
            await pressed(pilot, "enter", "x")
            assert " F10 keeps it; what was charged before stays." in text(pilot)
            await pressed(pilot, "backspace", "f10")
            assert "Published is needed." in text(pilot)
            await pressed(pilot, *"the gazette", "f10")
            assert "ECB is 2 % from 1 Jan 2026." in text(pilot)
            await pressed(pilot, "q")
            await go(pilot, "profiles")
            await pressed(pilot, "a", *"1", "f10")
            assert "1 has EU-B2B." in text(pilot)
            await pressed(pilot, "q")
            await go(pilot, "charges")
            assert "123.29" in line_with(pilot, "interest") and "40.00" in line_with(pilot, "fixed sum")

    run(story)


def test_a_controller_enters_what_a_currency_is_worth(books: Books) -> None:
    async def story() -> None:
        async with program(books, "karel") as pilot:
            await go(pilot, "exchange")
            assert "No exchange rate is kept." in text(pilot)
            await pressed(pilot, "f6", *"usd", "enter", "enter", *"1", "f10")
            assert "The books are kept in USD: one is one." in text(pilot)
            await pressed(pilot, "shift+tab", "shift+tab", *"eur", "enter", *"2026-04-01", "enter", *"1,08", "f10")
            assert "1 EUR is 1.08 USD from 1 Apr 2026." in text(pilot)
            await pressed(pilot, "f6", "enter", "enter", *"nan", "f10")
            assert "'nan' is no rate." in text(pilot)
            await pressed(pilot, *["backspace"] * 3, *"1.0852", "f10")
            assert "1 EUR is 1.0852 USD from 15 Jun 2026, 1.08 before." in text(pilot)
            compare(pilot, "exchange_rates")

    run(story)

    async def clerk() -> None:
        async with program(books, "jana") as pilot:
            await go(pilot, "exchange")
            await pressed(pilot, "f6")
            assert "Exchange rates are set by a controller." in text(pilot)

    run(clerk)


def test_a_rate_set_by_somebody_else_meanwhile_is_said_before_it_is_corrected(books: Books) -> None:
    def kept() -> list[tuple[str]]:
        return books.query("SELECT rate::text FROM exchange_rate WHERE currency = 'EUR'")

    async def story() -> None:
        async with program(books, "karel") as pilot:
            await go(pilot, "exchange")
            await pressed(pilot, "f6", *"eur", "enter", "enter", *"1.08", "f10", "enter")
            set_exchange_rate(books.session("olga"), "EUR", books.today, Decimal("1.1"), Decimal("1.08"))
            await pressed(pilot, "enter", "enter", *"1.09", "f10")
            assert "1 EUR is 1.1 USD from 15 Jun 2026 already. F10 once more corrects it." in text(pilot) and kept() == [("1.1",)]
            await pressed(pilot, "f10")
            assert "1 EUR is 1.09 USD from 15 Jun 2026, 1.1 before." in text(pilot)
            await pressed(pilot, "f6", "enter", "enter", *"1.3", "f10")
            assert "1 EUR is 1.09 USD from 15 Jun 2026 already." in text(pilot) and kept() == [("1.09",)]

    run(story)


def test_a_rule_of_interest_set_by_somebody_else_meanwhile_is_said_before_it_is_corrected(books: Books) -> None:
    karel, day = books.session("karel"), date(2026, 1, 1)

    async def rates() -> None:
        async with program(books, "viktor") as pilot:
            set_reference_rate(karel, "ECB", day, Decimal("2.15"), "the gazette")
            await go(pilot, "rates")
            await pressed(pilot, "enter")
            set_reference_rate(karel, "ECB", day, Decimal("2.4"), "the bank's page", reference_rates(karel)[0])
            await pressed(pilot, "enter", "enter", *"2", "f10")
            assert "ECB is 2.4 % from 1 Jan 2026 already (the bank's page). F10 once more corrects it." in " ".join(text(pilot).split()) and reference_rates(karel)[0].percent == Decimal("2.4")
            await pressed(pilot, "f10")
            assert "ECB is 2 % from 1 Jan 2026." in text(pilot)
            await pressed(pilot, "f6", "enter", *"2026-01-01", "enter", *"3", "enter", *"heard", "f10")
            assert "ECB is 2 % from 1 Jan 2026 already (the gazette)." in text(pilot)

    run(rates)
    assert reference_rates(karel)[0].percent == 2

    async def profiles() -> None:
        async with program(books, "viktor") as pilot:
            await go(pilot, "profiles")
            await pressed(pilot, "enter")
            (known,) = dated_profiles(karel)
            set_profile(karel, replace(known, profile=replace(known.profile, grace_days=3, margin=Decimal(9))), known)
            await pressed(pilot, "enter", "enter", *"Of the law", "f10")
            assert f"EU-B2B is kept from 1 Jan 1900 already, with name {known.profile.name}, percent 9, grace days 3." in " ".join(text(pilot).split())
            assert "Of the law" in text(pilot) and dated_profiles(karel)[0].profile.name == known.profile.name
            await pressed(pilot, "f10")
            assert [(one.profile.name, one.profile.margin, one.profile.grace_days) for one in dated_profiles(karel)] == [("Of the law", 8, 0)]

    run(profiles)


def test_a_rate_whose_connection_was_cut_is_kept_with_f10_once_more(books: Books) -> None:
    async def story() -> None:
        async with program(books, "karel") as pilot:
            await go(pilot, "exchange")
            await pressed(pilot, "f6", *"eur", "enter", "enter", *"1.08")
            # what listens for changes stays connected: nothing but F10 notices
            books.query("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND usename = 'karel' AND application_name NOT LIKE '%listening'")
            await pressed(pilot, "f10")
            await until(pilot, lambda: "The connection to the database was lost." in text(pilot))
            await settled(pilot)
            await pressed(pilot, "f10")
            assert "1 EUR is 1.08 USD from 15 Jun 2026." in text(pilot)

    run(story)


def test_a_profile_changes_from_a_day_on_and_holds_for_everybody(books: Books) -> None:
    async def story() -> None:
        async with program(books, "viktor") as pilot:
            await go(pilot, "profiles")
            await pressed(pilot, "f6", *"TERMS", "enter", *"2026-01-01", "enter", *"Our terms", "enter", *"12", "f10")
            assert "TERMS is 12 % from 1 Jan 2026." in text(pilot)
            await pressed(pilot, "down", "e")
            assert "Settings are changed by a controller or admin." in text(pilot)
            await pressed(pilot, "f6", *"TERMS", "enter", *"2026-06-01", "enter", *"Our terms", "enter", *"10", "enter", "enter", "enter", "enter", *"40", "f10")
            assert "A fixed sum needs its currency." in text(pilot)
            await pressed(pilot, "enter", *"eur", "f10")
            assert "TERMS is 10 % from 1 Jun 2026." in text(pilot)

    run(story)
    assert [(one.profile.code, one.valid_from, one.profile.margin) for one in dated_profiles(books.session("jana"))][1:] == [("TERMS", date(2026, 1, 1), 12), ("TERMS", date(2026, 6, 1), 10)]

    async def controller() -> None:
        async with program(books, "karel") as pilot:
            await go(pilot, "profiles")
            await pressed(pilot, "down", "e", "f10")
            assert "TERMS holds for every customer without a profile of their own." in text(pilot)
            assert "all" in line_with(pilot, "TERMS")

    run(controller)
    assert profile_of_everybody(books.session("jana")) == "TERMS"


def test_who_may_not_set_rates_is_told_so(desk: Books) -> None:
    async def story() -> None:
        async with program(desk, "jana") as pilot:
            await go(pilot, "rates")
            await pressed(pilot, "f6")
            assert "Charge rules are set by a manager or controller." in text(pilot)
            await pressed(pilot, "q")
            await go(pilot, "profiles")
            await pressed(pilot, "e")
            assert "Settings are changed by a controller or admin." in text(pilot)

    run(story)


def test_a_charge_that_was_reversed_is_posted_again_from_the_same_screen(books: Books) -> None:
    ten_percent(books)
    books.post("invoice", number="L-1", customer="1", customer_name="Late Ltd", create_customer=True, date="2026-04-01", due="2026-05-01", amount="10000.00", currency="EUR", rate="1.1")

    async def story() -> None:
        async with program(books, "marta") as pilot:
            await go(pilot, "charges")
            for _ in range(2):
                await pressed(pilot, "home", "p", "enter", "f10")
                assert "1 posted" in text(pilot)
                (number,) = books.query("SELECT number FROM document d WHERE kind = 'charge' AND NOT is_reversed(d.id)")[0]
                books.post("reversal", login="marta", document=number, reason="error")
                await pressed(pilot, "f5")

    run(story)
    assert books.query("SELECT count(*), count(DISTINCT event) FROM document WHERE kind = 'charge'") == [(2, 1)], "the same charge, twice"
