"""What the first screen says when there is nothing to say."""

from __future__ import annotations

import uuid

from tests.books import Books
from tests.screens.pilot import pressed, program, run, text, typed


def test_empty_books_say_what_to_do_next_in_three_lines(books: Books) -> None:
    async def story() -> None:
        async with program(books) as pilot:
            shown = [row.strip() for row in text(pilot).splitlines() if row.strip()]
            assert shown[2:6] == [
                "These books are empty.",
                "Bring in what there is:    artui import customers FILE",
                "See a sample company:      artui demo",
                "Know what can be done:     F1",
            ]
            await typed(pilot, "reyes")
            assert "Nobody found." in text(pilot)

    run(story)


def test_books_that_fill_up_stop_saying_they_are_empty(books: Books) -> None:
    async def story() -> None:
        async with program(books) as pilot:
            books.post("invoice", id=str(uuid.uuid4()), number="1", customer="1", customer_name="First", create_customer=True, date="2026-06-01", amount="1.00")
            await pressed(pilot, "f5")
            assert "These books are empty." not in text(pilot)
            assert "Type what the caller gives:" in text(pilot)

    run(story)
