"""Decisions about entries of the bank that ask something: whose it is, split, returned, what it stands for, left out, opened again."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from pathlib import Path

from artui.cash.statements import matching, reading
from artui.cash.statements.reconciling import reconcile
from tests.bank.bank import Move, Tape, take
from tests.books import Books
from tests.screens.pilot import compare, line_with, marked, pressed, program, run, text
from tests.screens.test_bank import DAY, FORD, customers, entries
from tests.screens.test_desk import go


def shown(books: Books, folder: Path, *moves: Move) -> None:
    """Two customers, and a statement with these movements."""
    customers(books)
    take(books.session("jana"), folder, Tape(moves).camt(0, len(moves), number="7"))


def still_open(books: Books) -> dict[str, int]:
    """What is open of the invoices, in cents."""
    return dict(books.query("SELECT d.number::text, sum(i.open)::int FROM document d JOIN open_item i ON i.document_id = d.id WHERE d.kind = 'invoice' GROUP BY 1 HAVING sum(i.open) <> 0"))


def explained(books: Books) -> None:
    """Bank and ledger differ by nothing that is not explained."""
    for account in reading.accounts(books.session("marta")):
        for days in range(5):
            assert reconcile(books.session("marta"), account.id, DAY + dt.timedelta(days)).off == 0
    books.tie()


def test_another_customer_is_looked_up_and_what_it_pays_is_named(books: Books, tmp_path: Path) -> None:
    shown(books, tmp_path, Move(DAY, Decimal("300.00"), "Magrathea Holding", "planets"))

    async def story() -> None:
        async with program(books) as pilot:
            await go(pilot, "bank")
            await pressed(pilot, "enter", "w", *"dent", "enter", *"inv-1002-2 inv-1002-9", "f10")
            assert "Nothing of this pays inv-1002-9." in text(pilot)
            await pressed(pilot, "ctrl+u", "f4")
            assert "25 Apr 26  100.00" in line_with(pilot, "INV-1002-1"), "what is open can be picked, one after the other"
            await pressed(pilot, "down", "enter", "f4")
            assert "INV-1002-3" in text(pilot) and "26 Apr 26  250.00" not in text(pilot)
            await pressed(pilot, "escape")
            compare(pilot, "bank_whose")
            await pressed(pilot, "f10")
            assert "INV-1002-2 closed." in text(pilot)

    run(story)
    assert "INV-1002-2" not in still_open(books)
    assert books.query("SELECT sum(open) FROM open_item WHERE open < 0") == [(-5000,)], "the rest is on account"
    explained(books)


def test_a_question_left_open_is_found_as_it_was_at_its_entry_and_among_what_is_unfinished(books: Books, tmp_path: Path) -> None:
    shown(books, tmp_path, Move(DAY, Decimal("9.00"), "Zaphod", "?"), Move(DAY, Decimal("300.00"), "Magrathea Holding", "planets"))

    async def story() -> None:
        async with program(books) as pilot:
            await go(pilot, "bank")
            await pressed(pilot, "enter", "down", "w", *"dent", "enter", *"-")
        async with program(books) as pilot:
            await go(pilot, "drafts")
            assert "Whose it is: USD 300.00" in marked(pilot)
            await pressed(pilot, "enter")
            assert line_with(pilot, "Customer").split() == ["Customer", "1002", "Pays", "-"]
            assert "-300.00" in line_with(pilot, "new")
            await pressed(pilot, "f10")
            assert "Decided" in text(pilot)
            await go(pilot, "drafts")
            assert "Nothing is unfinished." in text(pilot)

    run(story)
    assert books.query("SELECT sum(open) FROM open_item WHERE open < 0") == [(-30000,)]
    explained(books)


def test_money_is_parked_and_identified_weeks_later_by_the_same_keys(books: Books, tmp_path: Path) -> None:
    shown(books, tmp_path, Move(DAY, Decimal("75.50"), "Magrathea Holding", "planets"))

    async def story() -> None:
        async with program(books) as pilot:
            await go(pilot, "bank")
            await pressed(pilot, "enter", "p", "enter", "f10", "f3", "w")
            assert "parked" in marked(pilot)
            await pressed(pilot, "s")
            assert "It is parked: w says whose it is" in text(pilot)
            await pressed(pilot, "2", "enter")
            assert "Unidentified" in text(pilot) and "INV-1002-3" in text(pilot)
            await pressed(pilot, "f10")
            assert "INV-1002-3 closed." in text(pilot) and "Nothing waits here" not in line_with(pilot, "closed")

    run(story)
    assert [row.state for row in entries(books)] == ["booked"]
    assert books.query("SELECT sum(amount) FROM journal_line WHERE gl = '2050'") == [(0,)]
    explained(books)


def test_an_entry_is_split_over_customers_and_what_nobody_has_is_parked(books: Books, tmp_path: Path) -> None:
    shown(books, tmp_path, Move(DAY, Decimal("350.00"), "Collecting agency", "INV-1001-1 and INV-1002-2"), Move(DAY, Decimal("90.00"), "Collecting agency", ""))

    async def story() -> None:
        async with program(books) as pilot:
            await go(pilot, "bank")
            await pressed(pilot, "enter", "s")
            compare(pilot, "bank_split")
            await pressed(pilot, "f10")
            assert "INV-1001-1 closed, INV-1002-2 closed." in text(pilot), "both were named, so two keys are enough"
            await pressed(pilot, "s", *"1001", "enter", *"200", "enter")
            assert "1001 cannot have USD 200.00: USD 90.00 is left." in text(pilot)
            await pressed(pilot, "up", "ctrl+u", *"50", "enter", *"-", "f10")
            assert "Decided" in text(pilot)
            await pressed(pilot, "down")

    run(story)
    assert books.query("SELECT d.event, d.amount FROM document d WHERE d.kind = 'receipt' ORDER BY d.id") == [("receipt", 10000), ("receipt", 25000), ("receipt", 5000), ("receipt_unidentified", 4000)]
    explained(books)


def test_a_payment_is_given_to_one_customer_after_the_other_as_they_are_found(books: Books, tmp_path: Path) -> None:
    shown(books, tmp_path, Move(DAY, Decimal("90.00"), "Collecting agency", ""))

    async def story() -> None:
        async with program(books) as pilot:
            await go(pilot, "bank")
            await pressed(pilot, "enter", "w", *"1001", "enter", *"-", "enter", *"91", "f10")
            assert "1001 cannot have USD 91.00: USD 90.00 is left." in text(pilot)
            await pressed(pilot, "ctrl+u", *"50", "f10")
            assert "Decided" in text(pilot)
            for share in ("15", ""):
                assert "parked" in marked(pilot)
                await pressed(pilot, "w", *"1002", "enter", *"-", "enter", *share, "f10")
                assert "Decided" in text(pilot)

    run(story)
    assert books.query("SELECT state FROM bank_entry") == [("booked",)]
    assert books.query("SELECT a.number::text, sum(i.open)::int FROM open_item i JOIN account a ON a.id = i.account_id WHERE i.open < 0 GROUP BY 1 ORDER BY 1") == [("1001", -5000), ("1002", -4000)]
    explained(books)


def test_a_returned_payment_opens_what_it_had_paid_and_charges_the_fee(books: Books, tmp_path: Path) -> None:
    back = DAY + dt.timedelta(3)
    shown(books, tmp_path, Move(DAY, Decimal("100.00"), "Ford Prefect Ltd", "INV-1001-1", FORD, "E2E-77"), Move(back, Decimal("-100.00"), "Ford Prefect Ltd", "RETURN AC04 E2E-77", FORD))

    async def story() -> None:
        async with program(books) as pilot:
            await go(pilot, "bank")
            await pressed(pilot, "enter", "a", "enter", "f10")
            assert "is returned, fee USD 25.00" in text(pilot)
            await pressed(pilot, "r")
            compare(pilot, "bank_returned")
            await pressed(pilot, "f3", "a", "enter", "f10")
            assert "INV-1001-1 open 100.00" in text(pilot) and "fee 25.00 charged" in " ".join(text(pilot).split())

    run(story)
    assert still_open(books)["INV-1001-1"] == 10000
    explained(books)


def test_a_receipt_typed_before_is_linked_and_a_wrong_decision_opened_again(books: Books, tmp_path: Path) -> None:
    shown(books, tmp_path, Move(DAY, Decimal("100.00"), "Ford Prefect Ltd", "cheque"), Move(DAY, Decimal("5.00"), "Nobody", "?"))
    books.post("receipt", number="R-9", customer="1001", date=DAY.isoformat(), amount="100.00", method="cheque", reference="4711")

    async def story() -> None:
        async with program(books) as pilot:
            await go(pilot, "bank")
            await pressed(pilot, "enter")
            assert "R-9" in line_with(pilot, "in the books")
            await pressed(pilot, "l")
            assert "R-9" in line_with(pilot, "Documents")
            await pressed(pilot, "f10")
            assert "Decided" in text(pilot)
            await pressed(pilot, "x", "enter", "f10")
            assert "Reason is needed." in text(pilot)
            await pressed(pilot, *"not ours", "f10")
            assert "1 decided" in text(pilot)
            await pressed(pilot, "f8", "o", "enter", *"was wrong", "f10")
            assert "1 decided" in text(pilot)

    run(story)
    assert [(row.state, row.documents) for row in entries(books)] == [("open", ()), ("ignored", ())]
    assert books.query("SELECT count(*) FROM bank_match WHERE undone_at IS NULL") == [(0,)]


def test_a_collective_entry_is_booked_payment_by_payment(books: Books, tmp_path: Path) -> None:
    customers(books)
    tape = Tape((Move(DAY, Decimal("350.00"), "", "SEPA collection"),))
    payments = "".join(
        f"<TxDtls><Amt Ccy='USD'>{share}</Amt><CdtDbtInd>CRDT</CdtDbtInd><RltdPties><Dbtr><Nm>{name}</Nm></Dbtr></RltdPties><RmtInf><Ustrd>{told}</Ustrd></RmtInf></TxDtls>"
        for share, name, told in (("100.00", "Ford Prefect Ltd", "INV-1001-1"), ("200.00", "Dent &amp; Sons", "INV-1002-1 and part of INV-1002-2"), ("50.00", "Who", "is that"))
    )
    one = tape.camt(0, 1, number="7")
    begin, end = one.index("<NtryDtls>"), one.index("</NtryDtls>")
    take(books.session("jana"), tmp_path, f"{one[:begin]}<NtryDtls>{payments}{one[end:]}")

    async def story() -> None:
        async with program(books) as pilot:
            await go(pilot, "bank")
            await pressed(pilot, "enter")
            assert "3 payments of 2 customers" in text(pilot)
            await pressed(pilot, "a", "enter", "f10")
            assert "INV-1001-1 closed" in text(pilot)
            assert "parked" in marked(pilot), "what nobody was found for waits"

    run(story)
    assert {"INV-1001-1", "INV-1002-1"}.isdisjoint(still_open(books))
    [row] = entries(books)
    assert (row.state, len(row.documents), matching.hints_of(row)[0].amount) == ("parked", 3, Decimal("100.00"))
    explained(books)
