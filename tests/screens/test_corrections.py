"""Putting things right on the real screens: seen before it is posted, counted in keys."""

from __future__ import annotations

from datetime import date

from artui.drafts import drafts
from artui.ledger import posting
from artui.ledger.corrections import links
from artui.security.approvals import waiting
from tests.books import Books
from tests.screens.pilot import compare, line_with, pressed, program, run, settled, text, typed, until
from tests.screens.test_lost import away, close_the_door


def test_a_returned_cheque_is_found_and_two_keys(own_office: Books) -> None:
    async def story() -> None:
        async with program(own_office) as pilot:
            await typed(pilot, "4391")
            await pressed(pilot, "enter")
            keys = ("b", "f10")
            await pressed(pilot, keys[0])
            compare(pilot, "correction_returned")
            await pressed(pilot, keys[1])
            assert len(keys) == 2
            assert "INV-20881 open 7 000.00, R-17 closed, fee 25.00 charged." in text(pilot)
            assert "PHP 48 225.00" in text(pilot), "the card is read again"
            await pressed(pilot, "b")
            assert "R-17 is reversed." in text(pilot)
            assert drafts(own_office.session("jana")) == ()
        own_office.tie()

    run(story)


def test_unallocating_in_june_leaves_the_ageing_of_may(own_office: Books) -> None:
    jana = own_office.session("jana")
    may = "SELECT * FROM api.ageing('2026-05-31') ORDER BY 1, 2"
    before = jana.query(may)

    async def story() -> None:
        async with program(own_office) as pilot:
            await typed(pilot, "INV-20881")
            await pressed(pilot, "enter", "enter", "down", "down", "down")
            assert "R-17" in line_with(pilot, "▸")
            await pressed(pilot, "u")
            compare(pilot, "correction_unallocate")
            await pressed(pilot, "f10")
            assert "INV-20881 open 7 000.00, R-17 open -3 000.00." in text(pilot)
            await pressed(pilot, "u")
            assert "Nothing of INV-20881 is allocated to R-17." in text(pilot)

    run(story)
    assert links(jana, "R-17") == ()
    assert jana.query(may) == before
    assert [str(row[0]) for row in jana.query("SELECT DISTINCT effective_on FROM allocation WHERE amount < 0")] == ["2026-06-15"]


def test_a_clerk_proposes_and_the_effects_say_who_decides(own_office: Books) -> None:
    async def story() -> None:
        async with program(own_office) as pilot:
            await typed(pilot, "30004")
            await pressed(pilot, "enter", "w")
            await pressed(pilot, "f10")
            assert "Reason is needed." in text(pilot)
            await pressed(pilot, *"in", *"trustee wrote", "enter")
            compare(pilot, "correction_write_off")
            assert "karel, marta, olga or viktor may decide" in text(pilot)
            await pressed(pilot, "f10")
            assert "Approval 1 waits: karel, marta, olga or viktor may decide." in text(pilot)

    run(story)
    (request,) = waiting(own_office.session("marta"))
    assert (request.reason, request.maker, request.mine) == ("insolvent: trustee wrote", "jana", True)


def test_what_cannot_be_done_says_why(office: Books) -> None:
    async def story() -> None:
        async with program(office) as pilot:
            await typed(pilot, "10442")
            await pressed(pilot, "enter", "b")
            assert "The bank returns receipts; this is invoice INV-20881." in text(pilot)
            await pressed(pilot, "R")
            assert "Nothing is left to use of invoice INV-20881." in text(pilot)
            await pressed(pilot, "f1", "pagedown")
            assert "Not now: The" in text(pilot)
            await pressed(pilot, "f3", "V", "f10")
            compare(pilot, "correction_refused")
            assert "INV-20881 is set against others" in text(pilot)
        async with program(office, "audrey") as pilot:
            await typed(pilot, "10442")
            await pressed(pilot, "enter", "w")
            assert "Write-offs are proposed by a clerk, collector, supervisor, manager or" in text(pilot)

    run(story)


def test_what_was_typed_is_found_again_and_giving_it_up_asks_once(own_office: Books) -> None:
    async def story() -> None:
        async with program(own_office) as pilot:
            await typed(pilot, "30001")
            await pressed(pilot, "enter", "C", *"go", *"loyal for years")
            await until(pilot, lambda: [draft.body["texts"]["note"] for draft in drafts(own_office.session("jana"))] == ["loyal for years"])
        async with program(own_office) as pilot:
            await typed(pilot, "30001")
            await pressed(pilot, "enter", "C")
            compare(pilot, "correction_restored")
            assert "loyal for years" in text(pilot)
            await pressed(pilot, "f3")
            assert "This is not saved." in text(pilot)
            await pressed(pilot, "f3")
            assert drafts(own_office.session("jana")) == ()

    run(story)


def test_an_answer_that_was_lost_is_asked_for_and_nothing_is_posted_twice(own_office: Books) -> None:
    async def story() -> None:
        async with program(own_office) as pilot:
            await typed(pilot, "INV-103")
            await pressed(pilot, "enter", "V")
            close_the_door(own_office, shut=True)
            await pilot.press("f10")
            await away(pilot)
            compare(pilot, "correction_offline")
            close_the_door(own_office, shut=False)
            await until(pilot, lambda: "F10 sends it again" in text(pilot) or "Posted" in text(pilot))
            await settled(pilot)
            if "F10 sends it again" in text(pilot):
                await pressed(pilot, "f10")
            assert "Posted" in text(pilot) and "INV-103 closed" in text(pilot)

    run(story)
    assert own_office.query("SELECT count(*) FROM document r JOIN document d ON d.id = r.reverses_id WHERE d.number = 'INV-103'") == [(1,)]


def test_every_other_correction_is_one_panel(own_office: Books) -> None:
    """Small difference, apply, refund, reversal, netting, transfer and recovery, each from its row."""
    books = own_office
    books.post("invoice", number="S-1", customer="30005", date="2026-06-01", due="2026-06-02", amount="3.20")
    books.post("invoice", number="L-1", customer="30005", date="2026-06-01", due="2026-06-03", amount="90.00")
    books.post("receipt", number="P-1", customer="30005", date="2026-06-02", amount="100.00", method="wire")
    posting.decide(books.session("marta"), int(books.post("write_off", login="jana", document="INV-105", amount="100.00", reason="small").approval or 0), approve=True)
    books.query("UPDATE party SET parent_id = (SELECT party_id FROM account WHERE number = '10442') WHERE name = 'Northern Paper a.s.'")

    async def story() -> None:
        async with program(books) as pilot:
            await typed(pilot, "30005")
            await pressed(pilot, "enter", "D", "f10")
            assert "S-1 closed" in text(pilot)
            await pressed(pilot, "2")
            while "P-1" not in line_with(pilot, "▸"):
                await pressed(pilot, "down")
            await pressed(pilot, "A", "f10")
            assert "P-1 open -10.00, L-1 closed." in text(pilot)
            await pressed(pilot, "R", *"ov", "f10")
            assert "Approval 2 waits" in text(pilot)
            await pressed(pilot, "X", *"duplicate", "enter", "f10")
            assert "L-1 open 90.00" in text(pilot)

            await pressed(pilot, "f2")
            await typed(pilot, "30001")
            await pressed(pilot, "enter", "O", "f4", "enter", "enter", *"100", "enter", *"letter of 4 May", "f10")
            assert "INV-101 open 1 400.00" in text(pilot)
            await pressed(pilot, "T", "f4", "enter", "f10")
            assert "INV-101 closed" in text(pilot)
            await pressed(pilot, "f2")
            await typed(pilot, "INV-105")
            await pressed(pilot, "enter", "M", *"25", "f10")
            assert "Posted DOC-" in text(pilot)
        books.tie()

    run(story)
    assert books.query("SELECT kind FROM posting ORDER BY id DESC LIMIT 7") == [("recovery",), ("transfer",), ("netting",), ("reversal",), ("refund",), ("allocation",), ("small_difference",)]


def test_a_credit_note_takes_lines(own_office: Books) -> None:
    async def story() -> None:
        async with program(own_office, "marta", size=(132, 40)) as pilot:
            await typed(pilot, "INV-20881")
            await pressed(pilot, "enter", "enter", "C", *"sh", "tab", *"1x5", "tab")
            compare(pilot, "correction_credit_wide")
            await pressed(pilot, "f10")
            assert "INV-20881 open 4 700.00" in text(pilot)

    run(story)
    assert own_office.query("SELECT amount FROM document WHERE kind = 'credit_note' ORDER BY id DESC LIMIT 1") == [(30000,)]
    assert date(2026, 6, 15) == own_office.today


def test_the_card_stands_on_the_document_it_was_found_by(own_office: Books) -> None:
    own_office.post("receipt", number="R-40", customer="30004", currency="USD", date="2026-06-10", amount="300.00", method="wire", allocate=[{"document": "INV-105", "amount": "300.00"}])

    async def story() -> None:
        async with program(own_office) as pilot:
            for typed_text, tab in (("INV-21500", "[1 Items"), ("4500102", "[1 Items"), ("INV-105", "[2 History"), ("FA-881", "[2 History")):
                await typed(pilot, typed_text)
                await pressed(pilot, "enter")
                assert {"4500102": "INV-21033"}.get(typed_text, typed_text) in line_with(pilot, "▸"), typed_text
                assert tab in text(pilot), "what is closed stands in the history"
                await pressed(pilot, "f2", "ctrl+u")

    run(story)


def test_a_letter_says_once_which_document_the_cursor_came_to_by_itself(own_office: Books) -> None:
    async def story() -> None:
        async with program(own_office, "marta") as pilot:
            await typed(pilot, "4391")
            await pressed(pilot, "enter", "b", "f10")
            assert "R-17 closed" in text(pilot)
            await pressed(pilot, "w")
            assert "The cursor slid to invoice INV-20881: the same key again acts on it." in text(pilot)
            await pressed(pilot, "w")
            assert "Propose to write off invoice INV-20881" in text(pilot)
            await pressed(pilot, "escape", "down", "w")
            assert "Propose to write off invoice INV-21033" in text(pilot), "who moved has chosen"

    run(story)


def test_choices_leave_status_and_keys_on_the_screen(own_office: Books) -> None:
    for place in range(4):
        own_office.post("invoice", number=f"INV-20{place}", customer="30004", date="2026-06-01", due="2026-07-01", amount="10.00", currency="USD")

    async def story() -> None:
        async with program(own_office) as pilot:
            await typed(pilot, "30004")
            await pressed(pilot, "enter", "w", "f4")
            compare(pilot, "correction_choices")
            assert "F3 Close" in text(pilot) and "settled for less" in text(pilot)
            await pressed(pilot, "escape")
            assert "Open now" in text(pilot), "the effects are back"

    run(story)
