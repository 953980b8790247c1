"""Invoices, purchases, credit notes, cheques and opening balances, typed on the real screens."""

from __future__ import annotations

import uuid
from datetime import date
from decimal import Decimal

import pytest

from artui.drafts import drafts
from artui.ledger import cheques, periods
from artui.people import records
from artui.people.records import Change
from tests.books import Books
from tests.screens.pilot import compare, line_with, pressed, program, run, settled, text, typed, until
from tests.screens.terminal import terminal
from tests.screens.test_lost import away, close_the_door


def goods(books: Books) -> None:
    """Two items to sell."""
    for number, description, price in (("PEN-1", "Fountain pen, blue", "9.90"), ("INK", "Ink 50 ml", "4.255")):
        records.save(books.session("jana"), str(uuid.uuid4()), [Change("item", {"number": number, "description": description, "unit_price": price})])


def test_an_invoice_of_three_lines_is_typed_posted_once_and_seen_on_the_card(own_office: Books) -> None:
    goods(own_office)

    async def story() -> None:
        async with program(own_office) as pilot:
            await typed(pilot, "30004")
            await pressed(pilot, "enter", "n")
            compare(pilot, "invoice_empty")
            await pressed(pilot, "enter", *"INV-900", "enter", *"PO-9", "enter", *"net30", "enter", "enter", *"21%", "enter", "enter", "enter", *"by post", "enter", "enter")
            await pressed(pilot, *"fount")
            compare(pilot, "invoice_items")
            await pressed(pilot, "enter", *"10", "enter", "enter", "enter")
            await pressed(pilot, *"ink", "enter", *"3", "enter", "enter", *"10", "enter")
            await pressed(pilot, "enter", *"freight", "enter", "enter", *"1", "enter", "enter")
            compare(pilot, "invoice_filled")
            assert "USD 134.90 · lines 111.49 · tax 23.41 · due 15 Jul 26" in text(pilot), "3 at 4.255 less 10 % are 11.49"
            await pressed(pilot, "f10")
            await until(pilot, lambda: "Posted INV-900: USD 134.90, due 15 Jul 2026." in text(pilot))
            await settled(pilot)
            assert "INV-900" in text(pilot) and text(pilot).startswith(" Customer 30004")

    run(story)
    assert own_office.query("SELECT amount, tax, po, memo FROM document WHERE number = 'INV-900'") == [(13490, 2341, "PO-9", "by post")]
    assert own_office.query("SELECT count(*) FROM document_line l JOIN document d ON d.id = l.document_id WHERE d.number = 'INV-900'") == [(3,)]
    assert drafts(own_office.session("jana")) == ()
    own_office.tie()


def test_a_draft_of_an_invoice_has_its_lines_and_what_is_wrong_leads_to_its_line(own_office: Books) -> None:
    goods(own_office)

    async def story() -> None:
        async with program(own_office) as pilot:
            await pressed(pilot, "f7", *"invoice", "enter", *"baker", "enter", *"t", "enter", *["down"] * 7)
            await pressed(pilot, *"by hand", "down")
            await pressed(pilot, "down", "enter", *"pens 4111 1111 1111 1111", "enter", *"2", "enter", *"3.50", "enter", "enter")
            await pressed(pilot, "enter", *"ink", "enter", "enter", "enter", "enter")
            await until(pilot, lambda: bool(drafts(own_office.session("jana"))) and len(drafts(own_office.session("jana"))[0].body["lines"]) == 2)
        async with program(own_office) as pilot:
            await pressed(pilot, "f7", *"drafts", "enter")
            assert "Invoice 30004 Baker" in line_with(pilot, "▸")
            await pressed(pilot, "enter")
            assert "As you left it" in text(pilot)
            await settled(pilot)
            compare(pilot, "invoice_restored")
            await pressed(pilot, "f10")
            assert "There is no price" in text(pilot), text(pilot)
            await pressed(pilot, *"4", "f10")
            await until(pilot, lambda: "Posted" in text(pilot))
            await settled(pilot)
            assert "Posted" in text(pilot) and "Baker" not in text(pilot), "ready for the next one"
            await pressed(pilot, "f9")
            assert "30004" in line_with(pilot, "Customer"), "as the one before"
            await pressed(pilot, "f3", "f3")

    run(story)
    assert own_office.query("SELECT amount FROM document WHERE kind = 'invoice' ORDER BY id DESC LIMIT 1") == [(1100,)]
    assert own_office.query("SELECT count(*) FROM document_line WHERE description LIKE 'pens 411111******1111'") == [(1,)], "the draft kept no card number"
    assert drafts(own_office.session("jana")) == ()


def test_after_an_entry_that_was_taken_up_the_next_one_begins_afresh(own_office: Books) -> None:
    own_office.query("INSERT INTO setting (name, valid_from, value, note) VALUES ('opening.date', '2020-01-01', '\"2026-01-01\"', '')")

    async def story() -> None:
        async with program(own_office) as pilot:
            await pressed(pilot, "f7", *"invoice 30004", "enter", *["down"] * 6, *"10")
            await until(pilot, lambda: [draft.body["about"] for draft in drafts(own_office.session("jana"))] == ["invoice 30004"])
        async with program(own_office) as pilot:
            await pressed(pilot, "f7", *"drafts", "enter", "enter", "f10")
            await until(pilot, lambda: "Posted" in text(pilot))
            await settled(pilot)
            await pressed(pilot, *"baker", "enter")
            await until(pilot, lambda: [draft.body["about"] for draft in drafts(own_office.session("jana"))] == ["invoice"])
            await pressed(pilot, "f3", "f3", "f7", *"opening", "enter", *"baker", "enter", *["down"] * 4, *"5")
            await until(pilot, lambda: [draft.body["about"] for draft in drafts(own_office.session("jana"))] == ["opening"])
        async with program(own_office) as pilot:
            await pressed(pilot, "f7", *"drafts", "enter", "enter", "f10")
            await until(pilot, lambda: "Posted" in text(pilot))
            await settled(pilot)
            assert "31 Dec 2025" in line_with(pilot, "Date"), "the day before the books begin, not today"

    run(story)


def test_a_purchase_a_credit_note_and_an_opening_balance(own_office: Books) -> None:
    own_office.query("INSERT INTO setting (name, valid_from, value, note) VALUES ('opening.date', '2020-01-01', '\"2026-01-01\"', '')")

    async def story() -> None:
        async with program(own_office) as pilot:
            await pressed(pilot, "f7", *"purchase v3071", "enter", "enter", "f10")
            assert "Their no. is needed." in text(pilot)
            await pressed(pilot, *"FA-881", "enter", *["enter"] * 3, *"21%", "enter", *"121", "f10")
            assert "FA-881 is already in the books" in text(pilot)
            compare(pilot, "purchase_refused")
            await pressed(pilot, "ctrl+u", *"FA-990", "f10")
            await until(pilot, lambda: "Posted FA-990: CZK 121.00" in text(pilot))
            await pressed(pilot, "f7", *"credit 30004", "enter", *["enter"] * 3, *"goodwill", "enter", "enter", *"12.50", "f10")
            await until(pilot, lambda: "USD 12.50" in text(pilot))
            await pressed(pilot, "f7", *"opening", "enter", *"baker", "enter")
            assert "31 Dec 2025" in text(pilot)
            await pressed(pilot, *["enter"] * 4, *"-40", "f10")
            await until(pilot, lambda: "Posted" in text(pilot) and "-40.00" in text(pilot))

    run(story)
    assert own_office.query("SELECT kind, amount, tax FROM document WHERE number = 'FA-990' OR kind IN ('credit_note', 'opening') ORDER BY id") == [("purchase", 12100, 2100), ("credit_note", 1250, 0), ("opening", -4000, 0)]
    own_office.tie()


def test_a_cheque_dated_ahead_is_taken_and_paid_in_on_its_day(own_office: Books) -> None:
    cheques.take(own_office.session("jana"), str(uuid.uuid4()), customer="30004", cheque="55", amount=Decimal("50.00"), currency="USD", deposit_on=date(2026, 6, 15), allocate=[("INV-105", Decimal(50))])
    cheques.take(own_office.session("jana"), str(uuid.uuid4()), customer="30001", cheque="9", amount=Decimal("20.00"), currency="USD", deposit_on=date(2026, 6, 20))

    async def story() -> None:
        async with program(own_office) as pilot:
            await pressed(pilot, "f7", *"cheques", "enter")
            compare(pilot, "cheques")
            await pressed(pilot, "n", *"baker", "enter", *"100", "enter", *"4711", "enter", *"CSOB", "enter", *"t", "enter", *"INV-777", "enter", *"4111 1111 1111 1111", "f10")
            assert "payment card" in text(pilot)
            await pressed(pilot, "ctrl+u", *"two parts", "f10")
            await until(pilot, lambda: "has nothing open on INV-777" in text(pilot))
            await settled(pilot)
            compare(pilot, "cheque_refused")
            await pressed(pilot, "ctrl+u", *"INV-105", "f10")
            await until(pilot, lambda: "Cheque 4711 of USD 100.00 is kept until 15 Jun 2026." in text(pilot))
            await settled(pilot)
            await pressed(pilot, "a")
            assert "2 to pay in today · USD 150.00" in text(pilot)
            await pressed(pilot, "enter")
            await until(pilot, lambda: "2 options done. Cheque 55 is paid in as" in text(pilot) and "USD 100.00." in text(pilot))
            await pressed(pilot, "f8")
            assert "deposited" in line_with(pilot, "4711")
            compare(pilot, "cheques_all")

    run(story)
    assert own_office.query("SELECT reference, amount FROM document WHERE kind = 'receipt' AND reference IN ('55', '4711') ORDER BY id") == [("55", 5000), ("4711", 10000)]
    assert own_office.query("SELECT sum(i.open) FROM open_item i JOIN document d ON d.id = i.document_id WHERE d.number = 'INV-105'") == [(15000,)]
    own_office.tie()


def test_tax_withheld_is_posted_with_its_certificate_or_waits_for_it(own_office: Books) -> None:
    async def story() -> None:
        async with program(own_office) as pilot:
            await pressed(pilot, "f7", *"withheld 10442", "enter", *"120", "enter", *"t", "enter", *"INV-21033", "enter", *"2307-1", "f10")
            await until(pilot, lambda: "PHP 120.00." in text(pilot))
            assert "awaited" not in text(pilot)
            await pressed(pilot, "f9", "f9", "f9", "f9", "f10")
            await until(pilot, lambda: "Its certificate is awaited" in text(pilot))

    run(story)
    assert [(row.amount, row.number) for row in cheques.certificates(own_office.session("jana"), pending=False)] == [(Decimal("120.00"), "2307-1")]
    assert len(cheques.certificates(own_office.session("jana"))) == 1
    own_office.tie()


def test_killed_in_the_middle_the_entry_is_there_again_on_another_terminal(own_office: Books) -> None:
    with terminal(own_office) as screen:
        screen.shows("Type what the caller gives:")
        screen.press("\x10", "invoice 30004", "enter")         # Ctrl+P: go
        screen.shows("Invoice for 30004")
        screen.press("enter", "KILL-1", *["enter"] * 7)
        screen.press("enter", "enter", "enter", "freight", "enter", "2", "enter", "15.50", "enter", "enter", "enter", "half a line")
        screen.shows("half a line")
        screen.until(lambda: any("half a line" in str(draft.body["texts"]) for draft in drafts(own_office.session("jana"))))
        screen.process.kill()
        screen.process.wait()
    with terminal(own_office) as screen:
        screen.shows("Type what the caller gives:")
        screen.press("\x10", "invoice 30004", "enter")
        screen.shows("As you left it")
        assert "KILL-1" in screen.text() and "half a line" in screen.text() and "31.00" in screen.text(), screen.text()
        screen.press("\x0f")                                    # Ctrl+O: done
        screen.shows("There is no price")
        screen.press("9", "\x0f")
        screen.shows("Posted KILL-1: USD 40.00")
    assert drafts(own_office.session("jana")) == ()
    assert own_office.query("SELECT count(*) FROM document WHERE number = 'KILL-1'") == [(1,)]


CARD = "4111 1111 1111 1111"
FORMS = {
    "invoice 30004": {"amount": "5", "memo": CARD},
    "purchase v3071": {"number": "X-1", "amount": "5", "memo": CARD},
    "credit 30004": {"reason": f"paid by {CARD}", "amount": "5"},
    "cheque 30004": {"amount": "5", "cheque": "7", "date": "+1", "note": CARD},
    "withheld 10442": {"amount": "5", "date": "t", "note": CARD},
    "customer": {"name": f"Card {CARD}"},
    "vendor": {"name": "X", "contact": CARD},
}


@pytest.mark.parametrize("word", FORMS)
def test_no_form_takes_the_number_of_a_payment_card(office: Books, word: str) -> None:
    before = office.query("SELECT (SELECT count(*) FROM posting)")

    async def story() -> None:
        async with program(office) as pilot:
            await pressed(pilot, "f7", *word, "enter")
            for name, value in FORMS[word].items():
                pilot.app.screen.form.field(name).value = value  # type: ignore[attr-defined]
            await pressed(pilot, "f10")
            assert "payment card" in text(pilot) and "411111******1111" in text(pilot), text(pilot)
            await pressed(pilot, "f3", "f3")

    run(story)
    assert office.query("SELECT (SELECT count(*) FROM posting)") == before


def test_an_answer_that_was_lost_is_asked_for_and_nothing_is_posted_twice(own_office: Books) -> None:
    async def story() -> None:
        async with program(own_office) as pilot:
            await pressed(pilot, "f7", *"invoice 30004", "enter", "enter", *"LOST-1", *["enter"] * 5, *"77")
            close_the_door(own_office, shut=True)
            await pilot.press("f10")
            await away(pilot)
            compare(pilot, "invoice_offline")
            close_the_door(own_office, shut=False)
            await until(pilot, lambda: "Trying again" not in text(pilot))
            await settled(pilot)
            await pressed(pilot, "f10")
            await until(pilot, lambda: "Posted LOST-1" in text(pilot))

    run(story)
    assert own_office.query("SELECT amount FROM document WHERE number = 'LOST-1'") == [(7700,)]
    own_office._open.clear()
    assert drafts(own_office.session("jana")) == ()


def test_an_item_priced_in_another_currency_brings_no_price(own_office: Books) -> None:
    goods(own_office)
    own_office.query("UPDATE item SET currency = 'EUR' WHERE number = 'INK'")

    async def story() -> None:
        async with program(own_office) as pilot:
            await pressed(pilot, "f7", *"invoice 10442", "enter", "pagedown", *"ink", "enter")
            assert "INK is priced in EUR, this is in PHP: give its price." in text(pilot)
            assert "4.255" not in line_with(pilot, "Quantity")
            await pressed(pilot, "f3", "f3")

    run(story)


def test_terms_with_instalments_are_shown_before_and_posted_as_shown(own_office: Books) -> None:
    parts = '{"parts": [{"percent_of_total": "30", "rule": [{"days": 10}]}, {"rest": true, "rule": [{"days": 60}]}]}'
    own_office.query("INSERT INTO terms (code, name, rule) VALUES ('TWO', 'In two parts', %s)", parts)

    async def story() -> None:
        async with program(own_office) as pilot:
            await pressed(pilot, "f7", *"invoice 30004", "enter", "enter", *"PART-1", "enter", "enter", *"two", "enter", "enter", "enter", *"100")
            assert "2 instalments · 30.00 due 25 Jun 26" in text(pilot) and "70.00 due 14 Aug 26" in text(pilot)
            await pressed(pilot, "f10")
            await until(pilot, lambda: "Posted PART-1: USD 100.00 in 2 instalments." in text(pilot))

    run(story)
    assert own_office.query("SELECT i.original, i.due_on FROM open_item i JOIN document d ON d.id = i.document_id WHERE d.number = 'PART-1' ORDER BY i.seq") == [(3000, date(2026, 6, 25)), (7000, date(2026, 8, 14))]


def test_a_wide_terminal_has_room_for_the_words_of_lines(own_office: Books) -> None:
    goods(own_office)

    async def story() -> None:
        async with program(own_office, size=(132, 40)) as pilot:
            await pressed(pilot, "f7", *"invoice", "enter", *"baker", "enter", "pagedown", *"fountain", "enter", *"12", "enter", "enter", "enter")
            compare(pilot, "invoice_wide")
            await pressed(pilot, "f3", "f3")

    run(story)


def test_page_down_typed_ahead_leads_to_the_lines_and_a_line_being_changed_counts_once(own_office: Books) -> None:
    goods(own_office)

    async def story() -> None:
        async with program(own_office) as pilot:
            await pressed(pilot, "f7", *"invoice 30004")
            for key in ("enter", "pagedown", *"PEN-1"):
                pilot.app.simulate_key(key)
            await settled(pilot)
            assert "PEN-1" in line_with(pilot, "Item"), text(pilot)
            await pressed(pilot, "enter", *"2", "enter", "enter", "enter")
            await pressed(pilot, "enter", *"freight", "enter", "enter", *"3", "enter", "enter")
            assert "lines 22.80" in text(pilot) and "9.90           19.80" in text(pilot), text(pilot)
            await pressed(pilot, "shift+tab", *"1", "enter")
            await until(pilot, lambda: "PEN-1" in line_with(pilot, "Item"))
            await settled(pilot)
            assert "lines 22.80" in text(pilot), text(pilot)
            await pressed(pilot, "pageup", *"Xy", "pagedown")
            assert "'Xy' is not a date" in text(pilot), "as it was typed"
            await pressed(pilot, "pageup", "ctrl+u", *"t", *["enter"] * 7, *"AB-1", "enter")
            assert "'AB-1' is not a rate" in text(pilot) and "freight" in text(pilot), "the lines stay"
            await pressed(pilot, "f3", "f3")

    run(story)


def test_a_purchase_typed_twice_is_doubted_once_and_a_closed_month_is_told_on_leaving_its_date(own_office: Books) -> None:
    periods.set_state(own_office.session("viktor"), date(2026, 1, 1), "closed", "all is in")

    async def story() -> None:
        async with program(own_office) as pilot:
            await pressed(pilot, "f7", *"purchase v3071", "enter", *"2026-01-31", "enter")
            await until(pilot, lambda: "January 2026 is closed. The next open day is 1 Feb 2026." in text(pilot))
            await pressed(pilot, "shift+tab", "ctrl+u", *"t", "enter", *"fa-881", *["enter"] * 5, *"7", "f10")
            assert "It seems to be in the books already: FA-881, CZK" in text(pilot) and "F10 again keeps it" in text(pilot), text(pilot)
            await pressed(pilot, "f3", "f3")

    run(story)
