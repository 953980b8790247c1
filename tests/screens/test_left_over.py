"""What was typed into a panel and left: found among the drafts, opened where it belongs, as it was; and what the list says when somebody else settled a case."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

from artui.cash.batch import batches
from artui.drafts import drafts
from artui.ledger import periods
from tests.bank.bank import Move, Tape, take
from tests.books import Books
from tests.screens.pilot import line_with, marked, pressed, program, run, text, typed, until


def left(books: Books, kind: str) -> bool:
    """Whether a draft of a kind is on the server."""
    return any(draft.kind == kind for draft in drafts(books.session("jana")))


def test_the_control_figures_of_a_new_batch_are_found_again_and_open_it_once(own_office: Books) -> None:
    async def type_half() -> None:
        async with program(own_office) as pilot:
            await pressed(pilot, "f7", *"b", "enter", "f6", *"Main Street", "enter", *"1.6.", "enter", "enter", *"425")
            await until(pilot, lambda: left(own_office, "batch"))

    async def go_on() -> None:
        async with program(own_office) as pilot:
            await pressed(pilot, "f7", *"drafts", "enter")
            assert "batch" in marked(pilot) and "Open a batch" in marked(pilot)
            await pressed(pilot, "enter")
            assert "As you left it" in text(pilot)
            assert "Main Street" in text(pilot) and "425" in line_with(pilot, "Control total")
            await pressed(pilot, "enter", "enter", "enter", "enter", *"3", "f10")
            assert "Nothing is entered yet" in text(pilot)
            await pressed(pilot, "c", *"420")
            await until(pilot, lambda: left(own_office, "batch"))

    async def correct() -> None:
        async with program(own_office) as pilot:
            await pressed(pilot, "f7", *"drafts", "enter", "enter")
            assert text(pilot).startswith(" Batch B-00001") and "420" in line_with(pilot, "Control total")
            await pressed(pilot, "f10")
            assert "420.00 in 3" in text(pilot)

    for story in (type_half, go_on, correct):
        run(story)
    (found,) = batches(own_office.session("jana"))
    assert (found.bank, found.deposit_on, str(found.control_total), found.control_count) == ("Main Street", date(2026, 6, 1), "420.00", 3)
    assert not left(own_office, "batch")


def test_a_correction_is_opened_from_the_drafts_on_its_document(own_office: Books) -> None:
    async def leave() -> None:
        async with program(own_office) as pilot:
            await typed(pilot, "INV-20881")
            await pressed(pilot, "enter", "w", *"in", "enter", *"12")
            await until(pilot, lambda: left(own_office, "correction"))

    async def go_on() -> None:
        async with program(own_office) as pilot:
            await pressed(pilot, "f7", *"drafts", "enter")
            assert "correction" in marked(pilot) and "Propose to write off" in marked(pilot)
            await pressed(pilot, "enter")
            assert text(pilot).startswith(" Invoice INV-20881") and "Propose to write off invoice INV-20881" in text(pilot)
            assert "As you left it" in text(pilot) and "12.00" in text(pilot)
            await pressed(pilot, "f10")
            assert "Approval 1 waits" in text(pilot)

    run(leave)
    run(go_on)
    assert not left(own_office, "correction")


def test_a_refund_of_an_account_in_credit_goes_on_from_the_drafts(own_office: Books) -> None:
    own_office.post("receipt", number="R-99", customer="30005", date="2026-06-01", amount="50.00")

    async def leave() -> None:
        async with program(own_office) as pilot:
            await pressed(pilot, "f7", *"desk", "enter", "slash", *"Accounts we owe", "enter", "enter", "slash", *"30005", "enter", "f", *"pa")
            await until(pilot, lambda: left(own_office, "correction"))

    async def go_on() -> None:
        async with program(own_office) as pilot:
            await pressed(pilot, "f7", *"drafts", "enter", "enter")
            assert "Refund account 30005" in text(pilot) and "Quiet Corner" in text(pilot) and "As you left it" in text(pilot)

    run(leave)
    run(go_on)


def test_a_payment_of_a_closed_month_is_told_when_its_day_is_typed(own_office: Books) -> None:
    periods.set_state(own_office.session("viktor"), date(2026, 1, 1), "closed", "all is in")

    async def story() -> None:
        async with program(own_office) as pilot:
            await pressed(pilot, "f7", *"c", "enter", "shift+tab", "shift+tab", "shift+tab", *"15.1.", "enter")
            await until(pilot, lambda: "January 2026 is closed. The next open day is 1 Feb 2026." in text(pilot))

    run(story)


def test_a_case_somebody_else_settled_is_not_taken_for_the_next_one(own_office: Books) -> None:
    for number in ("U-1", "U-2", "U-3"):
        own_office.post("receipt", number=number, date="2026-06-01", amount="50.00")

    async def story() -> None:
        async with program(own_office) as pilot:
            await pressed(pilot, "f7", *"desk", "enter", "slash", *"Unidentified", "enter", "enter")
            assert "U-1" in marked(pilot)
            own_office.post("identify", document="U-1", customer="30005", date="2026-06-01", amount="50.00")
            assert "row 1 of 3" in text(pilot)
            await pressed(pilot, "f5")
            assert "row 1 of 2" in text(pilot)
            await pressed(pilot, "f")
            assert "The cursor slid to U-2: the same key again acts on it." in text(pilot)
            await pressed(pilot, "f", *"quiet corner")
            assert "Whose is receipt U-2" in text(pilot)
            await pressed(pilot, "enter", "f10", "f")
            assert "Whose is receipt U-3" in text(pilot), "one's own case is followed by the next"

    run(story)


def test_what_came_meanwhile_is_counted_when_a_list_is_read_again(own_office: Books, tmp_path: Path) -> None:
    take(own_office.session("jana"), tmp_path, Tape((Move(date(2026, 6, 1), Decimal(5), "Ford"),)).camt(0, 1, number="1"))

    async def story() -> None:
        async with program(own_office) as pilot:
            await pressed(pilot, "f7", *"bank waiting", "enter")
            assert "row 1 of 1" in text(pilot)
            take(own_office.session("jana"), tmp_path, Tape((Move(date(2026, 6, 2), Decimal(6), "Ford"),)).camt(0, 1, number="2"))
            await pressed(pilot, "f5", "down")
            assert "row 2 of 2" in text(pilot)

    run(story)
