"""What people do all day, key by key."""

from __future__ import annotations

import asyncio
import time

import pytest

from tests.books import Books
from tests.screens.pilot import line_with, marked, pressed, program, run, settled, text, typed


def test_a_caller_gives_half_a_name_and_hears_the_balance(office: Books) -> None:
    async def story() -> None:
        async with program(office) as pilot:
            await pressed(pilot, *"farm rey")
            assert "10442" in marked(pilot)
            assert "PHP 45 200.00 · past due 10 400.00 · oldest 44 d" in text(pilot)

            await pressed(pilot, "enter")
            assert "PAST DUE 10 400.00" in line_with(pilot, "PHP 45 200.00")
            assert "unapplied -1 000.00" in line_with(pilot, "PHP 45 200.00")
            assert "disputed 1 500.00" in line_with(pilot, "PHP 45 200.00")
            assert "last paid 3 000.00 PHP on 25 May 26 4391" in text(pilot)
            assert "INV-20881" in marked(pilot)

            await pressed(pilot, "down", "enter")
            assert "Invoice INV-21033" in text(pilot)

            await pressed(pilot, "j")
            assert "1100" in line_with(pilot, "Accounts receivable")
            assert "5 400.00     5 400.00" in line_with(pilot, "Total")

            await pressed(pilot, "f3", "f3")
            assert "INV-21033" in marked(pilot), "back on the same row"

            await pressed(pilot, "f3")
            assert "10442" in marked(pilot)
            assert "farm rey" in text(pilot), "the box still holds what was typed"

    run(story)


def test_a_document_shows_its_goods_and_what_was_paid_when_and_by_whom(office: Books) -> None:
    async def story() -> None:
        async with program(office) as pilot:
            await typed(pilot, "INV-20881")
            await pressed(pilot, "enter", "enter")
            assert "6 000.00" in line_with(pilot, "Fertilizer 16-16-16")
            paid = line_with(pilot, "R-17")
            assert paid.split() == ["25", "May", "26", "R-17", "receipt", "payment", "olga", "2", "000.00"]
            await pressed(pilot, "enter")
            assert "Journal of invoice INV-20881" in text(pilot), "Enter once more is the journal, too"

    run(story)


def test_a_vendor_shows_its_purchases_newest_first(office: Books) -> None:
    async def story() -> None:
        async with program(office) as pilot:
            await typed(pilot, "northern")
            assert marked(pilot).split()[-1] == "V", "a vendor says so"
            await pressed(pilot, "enter")
            rows = [row for row in text(pilot).splitlines() if "FA-" in row]
            assert [row.split()[1 if "▸" in row else 0] for row in rows] == ["FA-902", "FA-881"]
            assert "1 230.00" in rows[1]
            await pressed(pilot, "down", "enter")
            assert "Purchase FA-881" in text(pilot)

    run(story)


def test_currencies_are_never_added_up(office: Books) -> None:
    async def story() -> None:
        async with program(office) as pilot:
            await typed(pilot, "reyes trading")
            assert "880.50" in line_with(pilot, "EUR")
            assert "1 500.00" in line_with(pilot, "USD")
            await pressed(pilot, "enter")
            assert line_with(pilot, "EUR 880.50").startswith(" EUR 880.50   PAST DUE 880.50")
            assert line_with(pilot, "USD 1 500.00").startswith(" USD 1 500.00   PAST DUE 1 500.00")
            assert "2 380.50" not in text(pilot)

    run(story)


def test_a_hold_and_its_reason_are_on_the_card(office: Books) -> None:
    async def story() -> None:
        async with program(office) as pilot:
            await typed(pilot, "30001")
            assert marked(pilot).split()[-1] == "H"
            await pressed(pilot, "enter")
            assert "H HOLD" in line_with(pilot, "Reyes Trading")
            assert "Hold: cheque bounced, cash only" in text(pilot)

    run(story)


def test_the_people_of_an_account_and_what_they_said_last(office: Books) -> None:
    async def story() -> None:
        async with program(office) as pilot:
            await typed(pilot, "10442")
            await pressed(pilot, "enter", "2")
            assert "Ana Reyes  accounts payable, collections" in text(pilot)
            assert "+63 917 123 4567" in text(pilot)
            assert "12 Jun 26 06:00  out phone  will pay  (petr)" in text(pilot)

    run(story)


def test_another_account_of_the_group_is_one_key_away(office: Books) -> None:
    async def story() -> None:
        async with program(office) as pilot:
            await typed(pilot, "10442")
            await pressed(pilot, "enter", "3", "enter")
            assert "Customer 30001" in text(pilot)
            await pressed(pilot, "q")
            assert "30001" in marked(pilot)

    run(story)


def test_a_second_caller_interrupts_and_the_first_is_found_again(office: Books) -> None:
    async def story() -> None:
        async with program(office) as pilot:
            await typed(pilot, "10442")
            await pressed(pilot, "enter", "down", "down")
            before = marked(pilot)
            await pressed(pilot, "f2")
            await typed(pilot, "čapek")
            await pressed(pilot, "enter")
            assert "Customer 20917" in text(pilot)
            await pressed(pilot, "ctrl+f")
            assert "20917" in marked(pilot), "a third caller reuses the second one's box"
            await typed(pilot, "baker")
            assert "Baker & Daughters" in marked(pilot), "what stood in the box was typed over"
            await pressed(pilot, "f3")
            assert marked(pilot) == before
            assert len(pilot.app.screen_stack) == 2

    run(story)


def test_enter_before_the_answer_opens_what_was_typed_not_what_was_shown(office: Books) -> None:
    async def story() -> None:
        async with program(office) as pilot:
            await typed(pilot, "reyes")
            await pilot.press("ctrl+u", *"baker", "enter")
            await settled(pilot)
            assert "Customer 30004" in text(pilot)

    run(story)


def test_keys_typed_ahead_are_carried_out_each_on_the_screen_the_one_before_led_to(office: Books) -> None:
    async def story() -> None:
        async with program(office) as pilot:
            for key in (*"10442", "enter", "down", "enter", "j"):
                pilot.app.simulate_key(key)
            await settled(pilot)
            assert "Journal of invoice INV-21033" in text(pilot)
            for key in ("f3", "q", "backspace", "f2", "ctrl+u", *"20917", "enter", "2"):
                pilot.app.simulate_key(key)
            await settled(pilot)
            assert "Customer 20917" in text(pilot)
            assert "[2 Contacts 0]" in text(pilot)

    run(story)


def test_tab_looks_among_customers_or_vendors(office: Books) -> None:
    async def story() -> None:
        async with program(office) as pilot:
            await typed(pilot, "paper")
            assert "V3071" in marked(pilot)
            await pressed(pilot, "tab")
            assert "Lookup: customers" in text(pilot)
            assert "Nothing matches paper. Tab looks elsewhere." in text(pilot)
            await pressed(pilot, "tab")
            assert "Lookup: vendors" in text(pilot)
            assert "V3071" in marked(pilot)

    run(story)


def test_the_row_moves_while_the_cursor_stays_in_the_box(office: Books) -> None:
    async def story() -> None:
        async with program(office) as pilot:
            await typed(pilot, "reyes")
            await pressed(pilot, "down")
            assert "30001" in marked(pilot)
            assert "EUR 880.50 · past due 880.50 · USD 1 500.00" in text(pilot), "the answer follows the row"
            await typed(pilot, " f")
            assert "10442" in marked(pilot), "the letters still went into the box"

    run(story)


def test_reading_again_shows_what_a_colleague_posted_and_keeps_the_row(own_office: Books) -> None:
    async def story() -> None:
        async with program(own_office) as pilot:
            await typed(pilot, "10442")
            await pressed(pilot, "enter", "down")
            own_office.post("receipt", number="R-18", customer="10442", date="2026-06-15", amount="5000.00", currency="PHP", rate="0.0175",
                            allocate=[{"document": "INV-20881", "amount": "5000.00"}])  # fmt: skip
            await pressed(pilot, "f5")
            assert "PHP 40 200.00" in text(pilot)
            assert "INV-20881" not in text(pilot)
            assert "INV-21033" in marked(pilot)

    run(story)


@pytest.mark.parametrize("key", ["f3", "ctrl+y", "q", "backspace", "escape"])
def test_every_twin_of_back_goes_one_step_back(office: Books, key: str) -> None:
    async def story() -> None:
        async with program(office) as pilot:
            await typed(pilot, "10442")
            await pressed(pilot, "enter", key)
            assert "10442" in marked(pilot)
            assert len(pilot.app.screen_stack) == 1

    run(story)


def test_keys_that_are_of_no_use_say_why(office: Books) -> None:
    async def story() -> None:
        async with program(office) as pilot:
            await pressed(pilot, "enter")
            assert "There is nothing to open" in text(pilot)
            await typed(pilot, "20917")
            await pressed(pilot, "enter", "3")
            assert "This account belongs to no group." in text(pilot)

    run(story)


def test_control_c_and_control_q_do_not_leave(office: Books) -> None:
    async def story() -> None:
        async with program(office) as pilot:
            await pressed(pilot, "ctrl+c")
            assert "F3 goes one step back, on the first screen out" in text(pilot)
            await pressed(pilot, "ctrl+q", "escape")
            assert pilot.app.is_running
            assert pilot.app.return_code is None
            await pressed(pilot, "f3")
            assert pilot.app.return_code == 0

    run(story)


def test_the_help_lists_the_commands_of_the_screen_it_was_asked_from(office: Books) -> None:
    async def story() -> None:
        async with program(office) as pilot:
            await pressed(pilot, "f1")
            assert "F5, Ctrl+R" in text(pilot)
            assert "=1234.56" in text(pilot), "with live examples"
            await pressed(pilot, "q")
            await typed(pilot, "10442")
            await pressed(pilot, "enter", "question_mark")
            assert "Help: Customer 10442" in text(pilot)
            assert "F3, Ctrl+Y, q, Backspace," in text(pilot)

    run(story)


def test_a_program_nobody_touches_does_nothing(office: Books) -> None:
    async def story() -> None:
        async with program(office) as pilot:
            await typed(pilot, "reyes")
            begun = time.process_time()
            await asyncio.sleep(0.5)
            assert time.process_time() - begun < 0.1

    run(story)


def test_a_clerk_reads_what_the_auditor_reads(office: Books) -> None:
    async def story() -> None:
        seen = []
        for login in ("jana", "audrey"):
            async with program(office, login) as pilot:
                await typed(pilot, "10442")
                await pressed(pilot, "enter")
                seen.append(text(pilot).splitlines()[1:])
        assert seen[0] == seen[1]

    run(story)
