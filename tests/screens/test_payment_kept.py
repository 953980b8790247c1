"""A payment that is being entered is never lost and never posted twice, whatever ends."""

from __future__ import annotations

import os
import signal
import time
from decimal import Decimal
from typing import Any

import pytest

from artui.cash.batch import open_batch
from artui.cash.unfinished import KIND
from artui.drafts import Shelf, drafts
from artui.errors import Unreachable
from tests.books import Books
from tests.cash.till import invoices
from tests.screens.pilot import compare, pressed, program, run, settled, text, until
from tests.screens.terminal import terminal
from tests.screens.test_lost import away, close_the_door
from tests.screens.test_payment import ACCOUNT, enter

WITHIN = 0.5
"""Seconds after a keystroke in which it is kept."""


@pytest.fixture
def till(own_office: Books) -> Books:
    """The office, and an account with four open invoices."""
    invoices(own_office, *ACCOUNT)
    return own_office


def kept(books: Books) -> list[dict[str, Any]]:
    return [dict(draft.body) for draft in drafts(books.session("jana")) if draft.kind == KIND]


def on_disk(books: Books) -> list[str]:
    return [draft.body["fields"]["cheque"] for draft in Shelf(books.config("jana"), books.dsn("jana")).kept()]


def receipts(books: Books) -> int:
    return int(books.query("SELECT count(*) FROM document WHERE kind = 'receipt' AND account_id = (SELECT id FROM account WHERE number = '40001')")[0][0])


def test_what_is_typed_and_marked_is_kept_at_once_and_found_as_it_was(till: Books) -> None:
    async def story() -> None:
        async with program(till) as pilot:
            await enter(pilot, "40001", "880", "9")
            took = []
            while not took or min(took) >= WITHIN + 0.5:     # beside the pace of the test
                assert len(took) < 4, f"{took}: what a busy machine adds it does not add each time"
                await pressed(pilot, *["backspace"] * bool(took))
                await until(pilot, lambda: [body["fields"]["cheque"] for body in kept(till)] == ["9"])
                since = time.monotonic()
                await pressed(pilot, "1")
                await until(pilot, lambda: [body["fields"]["cheque"] for body in kept(till)] == ["91"])
                took.append(time.monotonic() - since)
            await pressed(pilot, "enter", "x", "down", "down", "s", "enter", *"dam", "enter")
            await until(pilot, lambda: len(kept(till)[0]["marks"]) == 2)
        async with program(till) as pilot:
            await pressed(pilot, "f7", "c", "enter")
            compare(pilot, "payment_restored")
            await pressed(pilot, "f10")
            assert "RCP-000001" in text(pilot)
            assert kept(till) == [], "what is posted is no draft any more"
            await pressed(pilot, "f3", "f7", "c", "enter")
            assert "As you left it" not in text(pilot)

    run(story)
    till.tie()


def test_leaving_asks_once_and_gives_the_draft_up(till: Books) -> None:
    async def story() -> None:
        async with program(till) as pilot:
            await enter(pilot, "40001", "12")
            await until(pilot, lambda: bool(kept(till)))
            await pressed(pilot, "f3")
            assert "This is not saved." in text(pilot)
            await pressed(pilot, "f3")
            assert text(pilot).startswith(" Lookup") and kept(till) == []

    run(story)


def test_while_the_server_is_away_it_lies_on_disk_and_comes_back(till: Books) -> None:
    async def story() -> None:
        async with program(till) as pilot:
            await enter(pilot, "40001", "1200")
            close_the_door(till, shut=True)
            await pilot.press("enter", *"778")
            await away(pilot)
            await until(pilot, lambda: on_disk(till) == ["778"])
            compare(pilot, "payment_offline")
            close_the_door(till, shut=False)
            await until(pilot, lambda: "Trying again" not in text(pilot))
            await settled(pilot)
            assert [body["fields"]["cheque"] for body in kept(till)] == ["778"]
            close_the_door(till, shut=True)
            await pilot.press(*"99")
            await until(pilot, lambda: on_disk(till) == ["77899"])
        close_the_door(till, shut=False)
        async with program(till) as pilot:
            await pressed(pilot, "f7", "c", "enter")
            assert "No.  77899" in text(pilot), "the disk knew better than the server"
            assert on_disk(till) == []

    run(story)


def test_an_answer_that_was_lost_is_asked_for_and_nothing_is_posted_twice(till: Books, monkeypatch: pytest.MonkeyPatch) -> None:
    from screens.cash import outgoing

    posting = outgoing.post_receipt

    def lost(*asked: Any) -> Any:
        posting(*asked)
        monkeypatch.setattr(outgoing, "post_receipt", posting)
        raise Unreachable("The line broke.", "")

    monkeypatch.setattr(outgoing, "post_receipt", lost)

    async def story() -> None:
        async with program(till) as pilot:
            await enter(pilot, "40001", "100", "9")
            await pressed(pilot, "f10")
            await until(pilot, lambda: "RCP-000001: USD 100.00" in text(pilot))
            await enter(pilot, "40001", "250.50", "10")
            close_the_door(till, shut=True)
            await pilot.press("f10")
            await until(pilot, lambda: "Trying again" in text(pilot))
            close_the_door(till, shut=False)
            await until(pilot, lambda: "F10 sends it again" in text(pilot) or "RCP-000002" in text(pilot))
            await settled(pilot)
            if "F10 sends it again" in text(pilot):
                await pressed(pilot, "f10")
            assert "RCP-000002: USD 250.50" in text(pilot)

    run(story)
    assert receipts(till) == 2 and kept(till) == []
    till.tie()


def test_killed_and_taken_up_at_another_terminal(till: Books) -> None:
    """kill -9 of the program in a real terminal; another one finds the payment. Then two terminals at the same payment."""
    with terminal(till) as first:
        first.shows("Lookup")
        first.press("\x1b[18~", "c\r")
        first.shows("Received")
        first.press("40001\r1200\r")
        first.shows("open in 4 items")      # from here on the draft knows its currency
        first.press("778")
        first.until(lambda: [body["fields"]["cheque"] for body in kept(till)] == ["778"])
        os.kill(first.process.pid, signal.SIGKILL)
        first.process.wait()

    async def story() -> None:
        async with program(till) as pilot:
            await pressed(pilot, "f7", "c", "enter")
            assert "payment 40001 USD 1 200.00. F9 takes it up." in text(pilot)
            await pressed(pilot, "f9")
            assert "No.  778" in text(pilot) and "1 200.00  USD" in text(pilot)
            with terminal(till) as second:
                second.shows("Lookup")
                second.press("\x1b[18~", "c\r")
                second.shows("F9 takes it up.")
                second.press("\x1b[20~")
                second.shows("778")
                second.press("\x1b[B")
            await pressed(pilot, "9")
            await until(pilot, lambda: "this entry goes on at" in text(pilot).lower())
            await pressed(pilot, "enter", "o", "f10")
            assert "goes on at" in text(pilot) and receipts(till) == 0
            await pressed(pilot, "f3", "f3")
            assert [body["fields"]["cheque"] for body in kept(till)] == ["778"], "leaving here gives nothing up that goes on there"

    run(story)


def test_a_line_that_drops_loses_not_even_the_last_letter(till: Books) -> None:
    with terminal(till) as seat:
        seat.shows("Lookup")
        seat.press("\x1b[18~", "c\r")
        seat.shows("Received")
        seat.press("40001\r120\r7")
        seat.shows("No.  7")
        seat.press("8")
        seat.shows("No.  78")
        seat.hang_up()
        seat.ends(0)
    assert [body["fields"]["cheque"] for body in kept(till)] == ["78"]


def test_a_payment_left_in_a_batch_goes_on_in_it_from_the_list_of_what_is_unfinished(till: Books) -> None:
    jana = till.session("jana")
    open_batch(jana, bank="Main", deposit_on=till.today, currency="USD", control_total=Decimal(100), control_count=1)

    async def story() -> None:
        async with program(till) as pilot:
            await pressed(pilot, "f7", *"b B-00001", "enter", "f6", *"40001", "enter", *"100", "enter", *"5")
            await until(pilot, lambda: [body["fields"]["cheque"] for body in kept(till)] == ["5"])
        async with program(till) as pilot:
            await pressed(pilot, "f7", "c", "enter")
            assert "As you left it" not in text(pilot), "it belongs to its batch"
            await pressed(pilot, "f7", *"drafts", "enter", "enter")
            assert "B-00001" in text(pilot) and "No.  5" in text(pilot)
            await pressed(pilot, "f10")
            assert "Entered: USD 100.00" in text(pilot) and "agrees" in text(pilot)

    run(story)
    assert kept(till) == [] and receipts(till) == 0
