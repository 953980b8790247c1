"""Payment entry on the real screen: keys counted, refusals said, what it pays marked in one pass."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import cast

import pytest

from artui.ledger.cheques import take
from screens.cash.payment import PaymentPage
from tests.books import Books
from tests.cash.till import invoices, left, pay, ten_thousand
from tests.screens.pilot import (
    compare,
    line_with,
    marked,
    pressed,
    program,
    run,
    seconds,
    settled,
    text,
    typed,
    until,
)

ACCOUNT = ("40001", ("K-1", "100.00"), ("K-2", "250.50"), ("K-3", "74.25"), ("K-4", "900.00"))


async def enter(pilot: object, *fields: str) -> tuple[str, ...]:
    """Go to payment entry and type fields, Enter after each but the last; return the keys."""
    await pressed(pilot, "f7", "c", "enter")  # type: ignore[arg-type]
    keys = tuple(key for place, each in enumerate(fields) for key in (*(("enter",) if place else ()), *each))
    await pressed(pilot, *keys)  # type: ignore[arg-type]
    return keys


def test_an_account_that_is_read_late_leaves_the_amount_being_typed_alone(own_office: Books) -> None:
    invoices(own_office, *ACCOUNT)

    async def story() -> None:
        async with program(own_office) as pilot:
            await enter(pilot, "40001", "")
            page = cast("PaymentPage", pilot.app.screen)
            page.entry.amount.in_currency("")   # as before the account is known
            await pressed(pilot, *"424")
            page.entry.amount.in_currency("USD")
            await pressed(pilot, *".75")
            assert page.entry.amount.value == "424.75"
            await pressed(pilot, "enter", "f10")
            assert "USD 424.75 of 40001" in text(pilot)

    run(story)


@pytest.mark.parametrize("who", ["40001", "K-2"])
def test_an_exact_cheque_over_three_invoices_is_account_or_invoice_amount_number_and_f10(own_office: Books, who: str) -> None:
    invoices(own_office, *ACCOUNT)

    async def story() -> None:
        async with program(own_office) as pilot:
            await enter(pilot, who, "424.75", "004417")
            if who == "40001":
                compare(pilot, "payment_proposal")
            await pressed(pilot, "f10")
            assert "RCP-000001: USD 424.75 of 40001 Customer 40001 for K-1, K-2, K-3." in text(pilot)
            # and the next one at once: the cursor is where it begins
            await pressed(pilot, *"40001", "enter", *"900", "enter", *"004418", "f10")
            assert "RCP-000002: USD 900.00" in text(pilot)

    run(story)
    assert left(own_office, "K-1", "K-2", "K-3", "K-4") == [0, 0, 0, 0]
    own_office.tie()


def test_every_field_is_in_sight_on_a_narrow_terminal(own_office: Books) -> None:
    invoices(own_office, *ACCOUNT)

    async def story() -> None:
        async with program(own_office, size=(60, 20)) as pilot:
            await enter(pilot, "40001", "424.75", "004417")
            compare(pilot, "payment_narrow")

    run(story)


def test_fifty_invoices_oldest_first_are_two_keys_more(own_office: Books) -> None:
    for month in (1, 2, 3, 4, 5):
        invoices(own_office, "40002", *((f"F-{month}{n:02}", f"{10 * n + month}.13") for n in range(12)), due=f"2026-0{month}-20", date=f"2026-0{month}-05")
    amount = "2900"

    async def story() -> None:
        async with program(own_office) as pilot:
            exact = await enter(pilot, "40002", amount, "77")
            assert "oldest first" in text(pilot), "it is offered, and not filled in"
            more = ("enter", "o")
            await pressed(pilot, *more, "f10")
            assert len(exact) == len("40002") + 1 + len(amount) + 1 + len("77") and len(more) == 2
            assert "RCP-000001" in text(pilot)

    run(story)


def test_several_rows_in_one_pass_a_short_payment_becomes_a_dispute(own_office: Books) -> None:
    invoices(own_office, *ACCOUNT)

    async def story() -> None:
        async with program(own_office) as pilot:
            await enter(pilot, "40001", "1200", "9")
            await pressed(pilot, "f10")
            assert "remains" in text(pilot), "it does not post what is not named"
            compare(pilot, "payment_refused")
            await pressed(pilot, "x", "X", "p", "s")
            compare(pilot, "payment_options")
            await pressed(pilot, "enter")
            assert "849.50 remains" in text(pilot)
            await pressed(pilot, *"50", "enter")
            assert "799.50 remains" in text(pilot)
            await pressed(pilot, *"dam", "enter")
            compare(pilot, "payment_partial")
            await pressed(pilot, "f10")
            assert "RCP-000001" in text(pilot)

    run(story)
    assert left(own_office, "K-1", "K-2", "K-3", "K-4") == [0, 0, Decimal("24.25"), Decimal("100.50")]
    assert own_office.query("SELECT disputed FROM open_item WHERE document_id = (SELECT id FROM document WHERE number = 'K-4')") == [(10050,)]


def test_a_cheque_entered_before_is_a_question_with_its_evidence(own_office: Books) -> None:
    invoices(own_office, *ACCOUNT)
    pay(own_office, "40001", "100", lambda sheet, key: sheet.full(key["K-1"]), login="karla", instrument="004417")

    async def story() -> None:
        async with program(own_office) as pilot:
            await enter(pilot, "40001", "100", "4417")
            await pressed(pilot, "enter", "u")
            await pressed(pilot, "f10")
            assert "is already RCP-000001, received 15 Jun 2026 (karla)" in text(pilot)
            compare(pilot, "payment_duplicate")
            await pressed(pilot, "f10")
            assert "RCP-000002" in text(pilot) and ", 100.00 on account." in text(pilot)

    run(story)


def test_from_a_card_the_account_is_known(own_office: Books) -> None:
    async def story() -> None:
        async with program(own_office) as pilot:
            await typed(pilot, "10442")
            await pressed(pilot, "enter", "dollar_sign", *"5400", "enter", *"12", "f10")
            assert "RCP-000001: PHP 5 400.00 of 10442 Reyes Farms Inc. for INV-21033." in text(pilot)
            await pressed(pilot, "f3")
            assert "PHP 39 800.00" in text(pilot), "the card is read again"
            await pressed(pilot, "f7", *"c INV-21500", "enter", *"1k", "enter", "enter")
            assert "INV-21500" in marked(pilot), "the cursor is on the invoice that was named"
            await pressed(pilot, "p", "enter", "enter", "f10")
            assert "INV-21500" in line_with(pilot, "RCP-000002")
        async with program(own_office, "audrey") as pilot:
            await typed(pilot, "10442")
            await pressed(pilot, "enter", "dollar_sign")
            assert "Payments are entered by a clerk, supervisor, manager or controller." in text(pilot)

    run(story)



def test_an_account_with_ten_thousand_open_items_opens_at_once_and_is_searched(own_office: Books) -> None:
    ten_thousand(own_office, "40009")

    async def story() -> None:
        async with program(own_office, size=(132, 40)) as pilot:
            await pressed(pilot, "f7", *"c 40009")
            took = [await seconds(pilot, "enter")]
            while min(took) >= 3:
                assert len(took) < 4, f"{took}: what a busy machine adds it does not add each time"
                await pressed(pilot, "f3", "f7", *"c 40009")
                took.append(await seconds(pilot, "enter"))
            assert "open in 10 000 items" in text(pilot)
            await pressed(pilot, *"77.54", "enter", *"5", "enter", "slash", *"X7654", "enter")
            assert "40009-X7654" in marked(pilot)
            await pressed(pilot, "x", "f10")
            assert "for 40009-X7654" in text(pilot).replace("\n ", " ")

    run(story)
    assert left(own_office, "40009-X7654") == [0]


def test_help_and_documents_lead_back_into_the_grid(own_office: Books) -> None:
    invoices(own_office, *ACCOUNT)

    async def story() -> None:
        async with program(own_office) as pilot:
            await enter(pilot, "40001", "150", "9")
            await pressed(pilot, "enter", "f1")
            assert "S      pay what is there, dispute the rest; it asks why" in text(pilot)
            await pressed(pilot, "f3", "down", "enter")
            assert text(pilot).startswith(" Invoice K-2")
            await pressed(pilot, "f3")
            assert "K-2" in marked(pilot)
            await pressed(pilot, "f7", *"10442", "enter", "f3", "o")
            assert "applied 150.00" in text(pilot)
            await pressed(pilot, "tab", "f7", *"10442", "enter", "f3", *"7")
            assert "No.  7" in text(pilot), "in the fields the cursor is where it was"

    run(story)


def test_every_hostile_amount_is_read_or_refused_in_the_field(own_office: Books, shared: Path) -> None:
    cases = json.loads((shared / "cases/hostile/amounts_some.json").read_text(encoding="utf-8"))["cases"]
    accounts = {"USD": "30005", "CZK": "20917", "PHP": "10442"}

    async def story() -> None:
        async with program(own_office) as pilot:
            for currency, account in accounts.items():
                await pressed(pilot, "f7", *f"c {account}", "enter")
                field = pilot.app.screen.entry.amount  # type: ignore[attr-defined]
                for case in cases:
                    told, value = case["text"], case.get("value")
                    if currency != ("CZK" if "Kč" in told else "PHP" if "PHP" in told else "USD"):
                        continue
                    field.value = ""
                    field.insert_text_at_cursor(told)
                    await pressed(pilot, "enter", "up")
                    if value is None or told == "12,34.56":  # a file may say how it groups; at the keyboard this is a slip
                        assert field.trouble and field.value.strip() == told.strip(), told
                    else:
                        assert field.answer == Decimal(value), told
                await pressed(pilot, "f3", "f3")

    run(story)


def test_an_amount_in_no_currency_is_refused_in_a_sentence(own_office: Books) -> None:
    async def story() -> None:
        async with program(own_office, size=(132, 40)) as pilot:
            await enter(pilot, "30001", "XQX 880.50")
            await pressed(pilot, "enter")
            assert "'XQX 880.50' is not an amount: XQX is no currency." in text(pilot)
            assert "1 in other currencies" in text(pilot)
            await pressed(pilot, "up", *"1500", "enter")
            compare(pilot, "payment_wide")

    run(story)


def test_a_colleague_was_faster_and_what_is_left_is_shown(own_office: Books) -> None:
    invoices(own_office, *ACCOUNT)

    async def story() -> None:
        async with program(own_office, size=(132, 40)) as pilot:
            await enter(pilot, "40001", "350.50", "7")
            pay(own_office, "40001", "100", lambda sheet, key: sheet.full(key["K-1"]), login="karla", instrument="1")
            await pressed(pilot, "f10")
            assert "karla" in line_with(pilot, "K-1 has USD 0.00 open now"), "who, with what, when"
            assert "open in 3 items" in text(pilot), "the account is read again"
            await pressed(pilot, "f10")
            assert "remains" in text(pilot) and "RCP-000002" not in text(pilot)
            await pressed(pilot, "o", "f10")
            assert "RCP-000002: USD 350.50" in text(pilot)

    run(story)
    own_office.tie()


def test_many_rows_at_once(own_office: Books) -> None:
    """All but these, a range, the next set that adds up, a credit, and taking rows back."""
    invoices(own_office, *ACCOUNT, ("K-5", "174.25"), ("K-6", "800.00"))
    own_office.post("credit_note", number="CN-1", customer="40001", date="2026-06-01", amount="50.00")

    async def story() -> None:
        async with program(own_office) as pilot:
            await enter(pilot, "40001", "1500", "7")
            await pressed(pilot, "enter", "down", "down", "down", "minus", "down", "minus", "enter")
            assert "applied 599.00" in text(pilot), "all but K-4 and K-6"
            await pressed(pilot, "home", "space", "space", "space", "end", "up", "space")
            assert "applied 0.00" in text(pilot)
            await pressed(pilot, "home", "r", "down", "r", "enter")
            assert "applied 424.75" in text(pilot), "the first three"
            await pressed(pilot, "down", "c", "enter")
            assert "credit used 50.00" in text(pilot)
            await pressed(pilot, "f3", "f3")
            await enter(pilot, "40001", "974.25", "8")
            compare(pilot, "payment_question")
            await pressed(pilot, "enter", "equals_sign")
            assert "3 sets add up to it: = shows the next." in text(pilot)
            await pressed(pilot, "equals_sign", "f10")
            assert "USD 974.25 of 40001 Customer 40001 for K-5, K-6." in text(pilot)

    run(story)


def test_only_a_credit_is_set_against_items_and_money_of_nobody_waits(own_office: Books) -> None:
    invoices(own_office, *ACCOUNT)
    own_office.post("receipt", number="R-90", customer="40001", date="2026-06-01", amount="120.00", method="wire")

    async def story() -> None:
        async with program(own_office) as pilot:
            await enter(pilot, "40001", "", "")
            await pressed(pilot, "enter", "down", "c", "enter")
            assert "F10 sets the credit against it." in text(pilot)
            await pressed(pilot, "f10")
            assert "Applied: USD 120.00 of R-90 to K-2." in text(pilot)
            await enter(pilot, "?", "75", "ACME 9")
            assert "Money of an unknown payer" in text(pilot)
            await pressed(pilot, "f10")
            assert "RCP-000001: USD 75.00 of an unknown payer" in text(pilot)

    run(story)
    assert left(own_office, "K-2", "R-90") == [Decimal("130.50"), 0]
    assert own_office.query("SELECT event FROM document WHERE number = 'RCP-000001'") == [("receipt_unidentified",)]
    own_office.tie()


def test_three_payments_typed_ahead_without_looking(own_office: Books) -> None:
    invoices(own_office, *ACCOUNT)

    async def story() -> None:
        async with program(own_office) as pilot:
            for key in ("f7", "c", "enter", *(key for place, paid in enumerate(("100", "250.50", "74.25")) for key in (*"40001", "enter", *paid, "enter", str(place), "f10"))):
                pilot.app.simulate_key(key)
            await until(pilot, lambda: "RCP-000003: USD 74.25" in text(pilot))

    run(story)
    assert left(own_office, "K-1", "K-2", "K-3") == [0, 0, 0]


def test_what_was_typed_ahead_of_a_refusal_goes_nowhere(own_office: Books) -> None:
    """A cheque that may be a duplicate: the next payment, typed without looking, must not change it and post it."""
    invoices(own_office, *ACCOUNT)
    pay(own_office, "40001", "100", lambda sheet, key: sheet.full(key["K-1"]), instrument="4417")

    async def story() -> None:
        async with program(own_office) as pilot:
            await pressed(pilot, "f7", "c", "enter")
            for key in (key for paid, number in (("100", "4417"), ("250.50", "4418")) for key in (*"40001", "enter", *paid, "enter", *number, "f10")):
                pilot.app.simulate_key(key)
            await until(pilot, lambda: "remains" in text(pilot))
            await settled(pilot)
            assert "No.  4417" in text(pilot) and "RCP-000002" not in text(pilot)
            await pressed(pilot, "u", "f10", "f10")
            assert "RCP-000002: USD 100.00" in text(pilot)

    run(story)
    assert left(own_office, "K-2") == [Decimal("250.50")]


def test_what_the_payer_wrote_says_what_is_paid(own_office: Books) -> None:
    invoices(own_office, *ACCOUNT, ("KL-500", "250.50"))

    async def story() -> None:
        async with program(own_office) as pilot:
            await enter(pilot, "40001", "250.50")
            await pressed(pilot, "up", "up", *"for KL-500", "enter", "enter")
            assert "certain: named in the payment: KL-500, exactly" in text(pilot)
            await pressed(pilot, "f10")
            assert "for KL-500." in text(pilot)

    run(story)
    assert own_office.query("SELECT memo FROM document WHERE number = 'RCP-000001'") == [("for KL-500",)]


def test_a_caller_in_between_and_the_whole_group(own_office: Books) -> None:
    own_office.post("invoice", number="INV-77", customer="30001", date="2026-06-02", due="2026-06-12", amount="640.00", currency="PHP", rate="0.0175")

    async def story() -> None:
        async with program(own_office) as pilot:
            await enter(pilot, "10442", "640")
            await pressed(pilot, "f2")
            await typed(pilot, "20917")
            await pressed(pilot, "enter", "dollar_sign")
            assert "Unfinished" not in text(pilot), "it is only a few screens below"
            await pressed(pilot, "f3", "f3", "f3")
            assert "Amount  640" in text(pilot)
            await pressed(pilot, "enter", "enter", "g")
            assert "INV-77 is exactly PHP 640.00" in text(pilot)
            assert "30001" in line_with(pilot, "INV-77")
            await pressed(pilot, "f10")
            assert "PHP 640.00 of 10442 Reyes Farms Inc. for INV-77." in text(pilot)

    run(story)
    assert left(own_office, "INV-77") == [0]
    own_office.tie()


def test_the_amount_may_come_first_and_nobody_is_said(own_office: Books) -> None:
    async def story() -> None:
        async with program(own_office) as pilot:
            await enter(pilot, "", "5.4k", "3")
            await pressed(pilot, "enter")
            assert "From is needed." in text(pilot), "without an account there is no grid"
            assert "Amount  5 400.00" in text(pilot), "read before anybody knows in which currency"
            await pressed(pilot, *"99999", "enter")
            assert "No customer or document 99999; type a part of the name." in text(pilot)
            await pressed(pilot, "ctrl+u", *"10442", "enter", "f10")
            assert "PHP 5 400.00 of 10442 Reyes Farms Inc. for INV-21033." in text(pilot)

    run(story)


def test_what_is_typed_ahead_of_an_unknown_payer_is_no_amount(own_office: Books) -> None:
    async def story() -> None:
        async with program(own_office) as pilot:
            await pressed(pilot, "f7", "c", "enter")
            for key in (*"99999", "enter", *"500", "enter", "7", "enter", "o", "f10"):
                pilot.app.simulate_key(key)
            await until(pilot, lambda: "No customer or document 99999" in text(pilot))
            await settled(pilot)
            page = cast("PaymentPage", pilot.app.screen)
            assert page.entry.form.here is page.entry.payer and page.entry.payer.value == "99999"
            assert page.entry.amount.value == "" and page.entry.cheque.value == ""

    run(story)


def test_another_account_whose_grid_has_other_columns(own_office: Books) -> None:
    invoices(own_office, *ACCOUNT)
    own_office.post("invoice", number="W-1", customer="30001", date="2026-06-02", due="2026-06-12", amount="640.00", po="PO-77")

    async def story() -> None:
        async with program(own_office) as pilot:
            await enter(pilot, "40001", "")
            assert "PO-77" not in text(pilot)
            await pressed(pilot, "shift+tab", "ctrl+u", *"30001", "enter")
            assert "PO-77" in line_with(pilot, "W-1"), "the grid is laid out anew"

    run(story)


def test_a_proposal_taken_leaves_the_rest_on_account(own_office: Books) -> None:
    invoices(own_office, *ACCOUNT)

    async def story() -> None:
        async with program(own_office) as pilot:
            await enter(pilot, "40001", "12000", "7")
            assert "* takes it" in text(pilot)
            await pressed(pilot, "enter", "asterisk", "f10")
            assert "10 675.25 on account." in text(pilot).replace("\n ", " ")

    run(story)
    assert left(own_office, "K-1", "K-4") == [0, 0]


def test_the_message_says_what_else_was_posted(own_office: Books) -> None:
    invoices(own_office, *ACCOUNT)
    own_office.post("credit_note", number="CN-1", customer="40001", date="2026-06-01", amount="50.00")

    async def story() -> None:
        async with program(own_office) as pilot:
            await enter(pilot, "40001", "200", "7")
            await pressed(pilot, "enter", "c", "enter", "s", "enter")
            assert "stays on account" not in text(pilot) and "proposed" not in text(pilot), "a panel asks, and only it"
            await pressed(pilot, *"dam", "enter", "f10")
            assert "for K-1, K-2, disputed 50.50, credit used 50.00." in text(pilot).replace("\n ", " ")

    run(story)


def test_several_credits_are_a_choice_and_one_is_not(own_office: Books) -> None:
    invoices(own_office, *ACCOUNT)
    for number, day, amount in (("CN-1", "2026-06-01", "50.00"), ("CN-2", "2026-06-02", "60.00"), ("CN-3", "2026-06-03", "5.00")):
        own_office.post("credit_note", number=number, customer="40001", date=day, amount=amount)

    async def story() -> None:
        async with program(own_office) as pilot:
            await enter(pilot, "40001", "")
            await pressed(pilot, "enter", "enter", "c", "enter")
            compare(pilot, "payment_credits")
            await pressed(pilot, "down", "down", "enter")
            assert "credit used 60.00" in text(pilot) and "cred 60.00" in line_with(pilot, "K-1")
            # the oldest first, once for all rows of a pass
            await pressed(pilot, "up", "c", "c", "enter", "enter")
            assert "credit used 115.00" in text(pilot)
            await pressed(pilot, "f10")
            assert "Applied: USD 115.00 of CN-2, CN-1, CN-3 to K-1, K-2." in text(pilot)

    run(story)
    assert left(own_office, "K-1", "K-2", "CN-1", "CN-2", "CN-3") == [0, Decimal("235.50"), 0, 0, 0]


def test_a_cheque_that_is_held_for_its_day_is_what_a_payment_may_be(own_office: Books) -> None:
    invoices(own_office, *ACCOUNT)
    take(own_office.session("jana"), "0c4f8a8e-7a5b-4e63-9d7c-52f5b6d0a111", customer="40001", cheque="555", amount=Decimal("300"), currency="USD", deposit_on=date(2026, 7, 1), allocate=[("K-4", Decimal(300))])

    async def story() -> None:
        async with program(own_office) as pilot:
            await enter(pilot, "40001", "300", "wire 1")
            assert "proposed and filled in, likely: the post-dated cheque 555 of 1 Jul 2026 over USD 300.00" in text(pilot).replace("\n   ", " ")
            assert "300.00" in line_with(pilot, "K-4")
            await pressed(pilot, "ctrl+u", *"555", "f10")
            assert "555 over USD 300.00 is already the post-dated cheque 555" in text(pilot)

    run(story)


def test_money_that_fits_the_group_and_not_the_parent_says_so(own_office: Books) -> None:
    for account, bill in (("G-0", "10.00"), ("G-1", "120.00"), ("G-2", "30.50")):
        invoices(own_office, account, (f"{account}-A", bill))
    own_office.query("UPDATE party SET parent_id = (SELECT id FROM party WHERE name = 'Customer G-0') WHERE name IN ('Customer G-1', 'Customer G-2')")

    async def story() -> None:
        async with program(own_office) as pilot:
            await enter(pilot, "G-0", "160.50", "1")
            compare(pilot, "payment_group")
            assert "its group (g) 150.50 in 2 more" in text(pilot) and "with its group (g) everything due: USD 160.50 in 3 items" in text(pilot)
            await pressed(pilot, "enter", "g")
            assert "G-0 Customer G-0 and 2 other accounts of its group" in text(pilot) and "remaining 0.00" in text(pilot)
            await pressed(pilot, "f10")
            assert "RCP-000001: USD 160.50 of G-0" in text(pilot)

    run(story)
    assert left(own_office, "G-0-A", "G-1-A", "G-2-A") == [0, 0, 0]
    own_office.tie()
