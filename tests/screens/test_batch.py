"""Batches on the real screen: opened, entered, corrected, posted when they agree, reversed."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from artui.cash.batch import batch, batches, open_batch, set_control
from artui.cash.unfinished import KIND
from artui.drafts import Draft, drafts, save_draft
from screens.cash.batch import head_line
from tests.books import Books
from tests.cash.till import invoices, left
from tests.screens.pilot import compare, line_with, marked, pressed, program, run, settled, text, until
from tests.screens.test_lost import close_the_door
from tests.screens.test_payment import ACCOUNT


@pytest.fixture
def till(own_office: Books) -> Books:
    """The office, and an account with four open invoices."""
    invoices(own_office, *ACCOUNT)
    return own_office


def test_a_deposit_of_three_cheques(till: Books) -> None:
    async def story() -> None:
        async with program(till) as pilot:
            await pressed(pilot, "f7", "b", "enter")
            assert "No batch waits to be posted" in text(pilot)
            await pressed(pilot, "f6", *"Main", "enter", *"t", "enter", "enter", *"425", "enter", *"3", "f10")
            assert "Nothing is entered yet" in text(pilot)
            await pressed(pilot, "f10")
            assert "USD 425.00 in 3 receipts are left." in text(pilot)

            await pressed(pilot, "f6", *"40001", "enter", *"100", "enter", *"1", "f10")
            compare(pilot, "batch_payment")
            assert "left 325.00 in 2" in text(pilot)
            await pressed(pilot, *"40001", "enter", *"74.25", "enter", *"2", "f10")
            await pressed(pilot, *"40001", "enter", *"250.50", "enter", *"3", "f10")
            assert "left 0.25 in 0" in text(pilot)
            await pressed(pilot, "f3")
            compare(pilot, "batch")
            await pressed(pilot, "c", *"424.75", "f10")
            assert "agrees" in text(pilot)
            assert left(till, "K-1", "K-2", "K-3") == [100, Decimal("250.50"), Decimal("74.25")], "nothing is posted yet"
            await pressed(pilot, "x", "enter")
            assert "1 receipt taken out." in text(pilot) and "left 100.00 in 1" in text(pilot)
            await pressed(pilot, "f6", *"K-1", "enter", *"100", "enter", *"1", "f10")
            assert "F3, then F10 posts the batch." in text(pilot).replace("\n ", " ")
            await pressed(pilot, "f3", "f10")
            assert "B-00001 is posted: USD 424.75 in 3 receipts." in text(pilot)
            assert left(till, "K-1", "K-2", "K-3") == [0, 0, 0]
            await pressed(pilot, "enter")
            assert text(pilot).startswith(" Receipt RCP-0")
            await pressed(pilot, "f3", "X", *"wrong account", "f10")
            assert "B-00001 is reversed" in text(pilot)
            assert left(till, "K-1", "K-2", "K-3") == [100, Decimal("250.50"), Decimal("74.25")]
            await pressed(pilot, "f3", "f8")
            compare(pilot, "batches")
        assert drafts(till.session("jana")) == ()

    run(story)
    till.tie()


def test_figures_a_colleague_changed_meanwhile_are_said_and_set_all_the_same(till: Books) -> None:
    number = open_batch(till.session("jana"), bank="Main", deposit_on=till.today, currency="USD", control_total=Decimal(10), control_count=1).number

    async def story() -> None:
        async with program(till) as pilot:
            await pressed(pilot, "f7", *f"b {number}", "enter", "c", *"20", "enter")
            set_control(till.session("karla"), batch(till.session("karla"), number), Decimal(30), 3)
            await pressed(pilot, "f10")
            assert "B-00001 was changed meanwhile: it is to have USD 30.00 in 3, USD 0.00 in 0 entered." in text(pilot).replace("\n ", " ")
            await pressed(pilot, "f10")
            assert "B-00001 is to have USD 20.00 in 1 now." in text(pilot)
            await pressed(pilot, "c", *"40", "enter")
            set_control(till.session("karla"), batch(till.session("karla"), number), Decimal(40), 1)
            await pressed(pilot, "f10")
            assert "B-00001 is to have USD 40.00 in 1 now." in text(pilot), "what is there already is done"
        assert drafts(till.session("jana")) == ()

    run(story)


def test_a_batch_asked_for_twice_is_one(till: Books) -> None:
    jana, key = till.session("jana"), "5a0b8d57-1d1c-49a4-9a3e-6f2d0b7c9e11"
    asked = {"bank": "Main", "deposit_on": till.today, "currency": "USD", "control_total": Decimal(10), "control_count": 1, "key": key}
    assert open_batch(jana, **asked).number == open_batch(jana, **asked).number  # type: ignore[arg-type]
    assert len(batches(jana)) == 1

    async def story() -> None:
        async with program(till) as pilot:
            await pressed(pilot, "f7", *"b B-00001", "enter", "f6", *"40001", "enter", *"10", "enter", "enter", "o")
            close_the_door(till, shut=True)
            await pilot.press("f10")
            await until(pilot, lambda: "Trying again" in text(pilot))
            close_the_door(till, shut=False)
            await until(pilot, lambda: "F10 sends it again" in text(pilot) or "Entered:" in text(pilot))
            await settled(pilot)
            if "F10 sends it again" in text(pilot):
                await pressed(pilot, "f10")
            assert "left" not in line_with(pilot, "B-00001")
            assert "agrees" in line_with(pilot, "B-00001")

    run(story)
    assert till.query("SELECT (SELECT count(*) FROM batch), (SELECT count(*) FROM batch_receipt)") == [(1, 1)]


def test_figures_changed_after_the_answer_was_lost_are_those_of_the_batch_that_was_opened(till: Books) -> None:
    jana = till.session("jana")

    async def story() -> None:
        async with program(till) as pilot:
            for bank, number, told in (("Main", "B-00001", "control USD 425.00 in 3"), ("Other", "B-00002", "Batches to post")):
                await pressed(pilot, "f7", "b", "enter", "f6", *bank, "enter", "enter", "enter", *"400", "enter", *"3")
                keeping = pilot.app.screen.panel.keeping  # type: ignore[attr-defined]
                # it arrived, and the answer did not
                open_batch(jana, bank="Main", deposit_on=till.today, currency="USD", control_total=Decimal(400), control_count=3, key=keeping.key)
                await pressed(pilot, "shift+tab", *["backspace"] * 6, *"425", "f10")
                assert told in text(pilot)
                if number == "B-00002":
                    assert "B-00002 was opened as it stood here before; only the answer was lost." in " ".join(text(pilot).split())
                    await pressed(pilot, "f10")
                    assert "Batch B-00003" in text(pilot)

    run(story)
    assert [(each.number, each.control_total) for each in batches(jana)] == [("B-00003", 425), ("B-00002", 400), ("B-00001", 425)] and drafts(jana) == ()


def test_the_desk_leads_to_what_was_left_open(till: Books) -> None:
    jana = till.session("jana")
    open_batch(jana, bank="Main", deposit_on=date(2026, 6, 1), currency="USD", control_total=Decimal(10), control_count=1)
    save_draft(jana, Draft(KIND, {}, "payment 40001"))
    till.query("UPDATE draft SET updated_at = updated_at - interval '3 days'")

    async def story() -> None:
        async with program(till) as pilot:
            for check, opened in (("Deposits not posted for a day", " Batch B-00001, open"), ("Entries of yours not finished", " Unfinished entries")):
                await pressed(pilot, "f7", *"desk", "enter", "slash", *check, "enter")
                assert check in marked(pilot)
                await pressed(pilot, "enter", "f")
                assert text(pilot).startswith(opened)

    run(story)


def test_the_head_of_a_batch_cuts_the_bank_and_no_figure(till: Books) -> None:
    jana = till.session("jana")
    found = open_batch(jana, bank="First National Bank of the Far North", deposit_on=till.today, currency="USD", control_total=Decimal("1250000.50"), control_count=120, key="5a0b8d57-1d1c-49a4-9a3e-6f2d0b7c9e13")
    for width in (80, 132):
        head = "".join(piece.text for piece in head_line(found, width))
        assert "control USD 1 250 000.50 in 120" in head and "left 1 250 000.50 in 120" in head and len(head) == width
