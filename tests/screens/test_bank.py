"""The statements of the bank on the real screens: read in, matched key by key, decided once however many clerks look at them."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from pathlib import Path

import pytest

from artui.cash.statements import decisions, matching, reading
from artui.cash.statements.reading import EntryRow
from artui.drafts import drafts
from artui.ledger.discrepancies import discrepancies
from tests.bank.bank import Move, Tape, take
from tests.books import Books
from tests.screens.pilot import compare, line_with, marked, pressed, program, run, settled, text, until
from tests.screens.test_desk import go
from tests.screens.test_lost import close_the_door

DAY = dt.date(2026, 5, 4)
FORD, DENT = "DE75512108001245126199", "GB33BUKB20201555555555"
MOVES = (
    Move(DAY, Decimal("350.00"), "FORD PREFECT LTD", "inv 1001 1, INV-1001-2", FORD),
    Move(DAY, Decimal("100.00"), "Dent & Sons", "INV-1002-1", DENT),
    Move(DAY, Decimal("75.50"), "Slartibartfast", "thank you"),
    Move(DAY, Decimal("42.00"), "Nobody we know", "fjords"),
    Move(DAY + dt.timedelta(1), Decimal("-12.00"), "", "account fees"),
    Move(DAY + dt.timedelta(1), Decimal("3.00"), "", "interest"),
)


def customers(books: Books) -> None:
    """Two customers who owe the same three amounts."""
    for number, name in (("1001", "Ford Prefect Ltd"), ("1002", "Dent & Sons")):
        for place, amount in enumerate(("100.00", "250.00", "75.50"), 1):
            books.post(
                "invoice", number=f"INV-{number}-{place}", customer=number, customer_name=name, create_customer=True,
                date=(DAY - dt.timedelta(40 - place)).isoformat(), due=(DAY - dt.timedelta(10 - place)).isoformat(), amount=amount,
            )  # fmt: skip


def entries(books: Books, login: str = "olga") -> list[EntryRow]:
    """What the bank has shown, as it stands now."""
    return list(reading.entries(books.session(login)))


@pytest.fixture
def bank(books: Books, tmp_path: Path) -> Books:
    """Books with a statement that waits."""
    customers(books)
    take(books.session("jana"), tmp_path, Tape(MOVES).camt(0, len(MOVES), number="7"))
    return books


@pytest.fixture(scope="module")
def shown(module_books: Books, tmp_path_factory: pytest.TempPathFactory) -> Books:
    """The same, and a statement of another account that does not tie, for the pictures."""
    customers(module_books)
    folder, session = tmp_path_factory.mktemp("bank"), module_books.session("jana")
    take(session, folder, Tape(MOVES).camt(0, len(MOVES), number="7"))
    take(session, folder, Tape(MOVES[:2], account="DE02120300000000202099").camt(0, 2, number="8", closing=Decimal(460)))
    return module_books


PICTURES: dict[str, tuple[str, tuple[str, ...]]] = {
    "bank": ("bank", ()),
    "bank_not_tied": ("bank", ("v",)),
    "bank_match": ("bank", ("down", "enter")),
    "bank_several": ("bank", ("down", "enter", "down", "down")),
    "bank_plans": ("bank", ("down", "enter", "a", "a", "2", "p", "c", "i", "enter")),
    "bank_refused": ("bank", ("down", "enter", "down", "down", "a")),
    "bank_whole": ("bank", ("down", "enter", "enter")),
    "bank_read_in": ("bank", ("r",)),
}


@pytest.mark.parametrize("name", PICTURES)
def test_the_screen_looks_like_its_picture(shown: Books, name: str) -> None:
    word, keys = PICTURES[name]

    async def story() -> None:
        async with program(shown) as pilot:
            await go(pilot, word)
            await pressed(pilot, *keys)
            compare(pilot, name)

    run(story)
    shown.query("DELETE FROM draft")


@pytest.mark.parametrize("name", ["bank", "bank_several", "bank_plans"])
def test_a_wide_terminal_shows_more(shown: Books, name: str) -> None:
    word, keys = PICTURES[name]

    async def story() -> None:
        async with program(shown, size=(132, 40)) as pilot:
            await go(pilot, word)
            await pressed(pilot, *keys)
            compare(pilot, f"{name}_wide")

    run(story)
    shown.query("DELETE FROM draft")


def test_empty_books_say_how_to_begin(books: Books) -> None:
    async def story() -> None:
        async with program(books) as pilot:
            await go(pilot, "bank")
            compare(pilot, "bank_empty")
            await pressed(pilot, "w")
            assert "Nothing waits here" in text(pilot)

    run(story)


def test_entries_are_accepted_chosen_parked_and_charged_in_one_pass(bank: Books) -> None:
    async def story() -> None:
        async with program(bank) as pilot:
            await go(pilot, "bank")
            await pressed(pilot, "enter")
            assert "certain" in line_with(pilot, "1001 Ford Prefect Ltd")
            keys = ["a", "a", "2", "p", "c", "i", "enter", "f10"]
            await pressed(pilot, *keys)
            assert len(keys) == len(MOVES) + 2, "a key an entry, one to look, one to book"
            assert "6 decided" in text(pilot)
            assert "parked" in marked(pilot), "what waits for its payer stays"
            await pressed(pilot, "f8")
            assert "RCP-000001" in line_with(pilot, "FORD")

    run(story)
    assert [row.state for row in entries(bank)] == ["booked", "booked", "booked", "parked", "booked", "booked"]
    assert bank.query("SELECT d.number::text, sum(i.open) FROM document d JOIN open_item i ON i.document_id = d.id WHERE d.kind = 'invoice' GROUP BY 1 HAVING sum(i.open) <> 0 ORDER BY 1") == [
        ("INV-1001-3", 7550), ("INV-1002-2", 25000)]  # fmt: skip
    bank.tie()


def test_keys_typed_at_once_meet_each_its_own_entry(bank: Books) -> None:
    async def story() -> None:
        async with program(bank) as pilot:
            await go(pilot, "bank")
            for key in ("enter", "a", "a", "2", "p", "c", "i", "enter", "f10"):
                pilot.app.simulate_key(key)
            await settled(pilot)
            assert "6 decided" in text(pilot), text(pilot)
            await go(pilot, "bank waiting")
            assert "DE02…2051" in marked(pilot)

    run(story)
    assert [row.state for row in entries(bank)] == ["booked", "booked", "booked", "parked", "booked", "booked"]


def test_what_was_typed_before_entries_is_found_again_and_given_up_by_esc(bank: Books) -> None:
    async def left(*keys: str) -> None:
        async with program(bank) as pilot:
            await go(pilot, "bank")
            await pressed(pilot, "enter", *keys)

    async def story() -> None:
        await left("a", "a", "2")
        matching.decide(bank.session("karla"), "0e8c0b1e-6a53-4c0e-8f3e-3d9a5a6f2b12", entries(bank)[1].id, decisions.parked(entries(bank)[1]))
        async with program(bank) as pilot:
            await go(pilot, "bank")
            await pressed(pilot, "enter")
            assert "As you left it" in text(pilot)
            await pressed(pilot, "down")
            assert "Typed: 2 entries, USD 425.50." in text(pilot), "one was decided meanwhile"
            await pressed(pilot, "enter", "f10")
            assert "2 decided" in text(pilot)
        assert drafts(bank.session("jana")) == ()
        await left("down", "p")
        async with program(bank) as pilot:
            await go(pilot, "drafts")
            await pressed(pilot, "enter")
            assert line_with(pilot, "fjords").startswith("p")
            await pressed(pilot, "escape")
            assert not line_with(pilot, "fjords").startswith("p")
        assert drafts(bank.session("jana")) == ()

    run(story)
    assert [row.state for row in entries(bank)] == ["booked", "parked", "booked", "open", "open", "open"]


def test_what_is_certain_is_booked_by_two_keys_after_its_sum_was_shown(bank: Books) -> None:
    async def story() -> None:
        async with program(bank) as pilot:
            await go(pilot, "bank")
            await pressed(pilot, "enter", "A")
            assert "Decide 2 entries, USD 450.00" in text(pilot)
            assert "INV-1001-1, INV-1001-2" in text(pilot) and "INV-1002-1" in text(pilot)
            await pressed(pilot, "f10")
            assert "2 decided" in text(pilot)
            await pressed(pilot, "A")
            assert "No entry is certain enough" in text(pilot)

    run(story)
    assert [row.state for row in entries(bank)] == ["booked", "booked", "open", "open", "open", "open"]


def test_what_a_number_stood_for_when_it_was_typed_is_what_is_booked(bank: Books) -> None:
    async def story() -> None:
        async with program(bank) as pilot:
            await go(pilot, "bank")
            await pressed(pilot, "enter", "down", "down")
            assert "INV-1002-3" in line_with(pilot, "2 ask")
            for key in ("9", "a", "p"):
                await pressed(pilot, key)
                assert "no choice 9" in text(pilot) or "Nothing is sure enough" in text(pilot) or key == "p"
            await pressed(pilot, "up", "space", "up", "2", "enter")
            assert "INV-1002-3" in line_with(pilot, "closed")
            await pressed(pilot, "f10")
            assert "INV-1002-3 closed." in text(pilot)

    run(story)


def test_the_second_clerk_sees_that_an_entry_is_decided(bank: Books) -> None:
    first, *_ = entries(bank)

    async def story() -> None:
        async with program(bank) as pilot:
            await go(pilot, "bank")
            await pressed(pilot, "enter", "a", "enter")
            matching.decide(bank.session("karla"), "0e8c0b1e-6a53-4c0e-8f3e-3d9a5a6f2b10", first.id, decisions.parked(first))
            await until(pilot, lambda: "parked" in text(pilot))
            await pressed(pilot, "f10")
            assert "A colleague was faster: The entry is already parked, by karla." in " ".join(text(pilot).split())
            assert "parked" in line_with(pilot, "FORD")

    run(story)
    assert [row.decided_by for row in entries(bank)][:2] == ["karla", None]


def test_a_lost_answer_is_asked_for_and_nothing_is_booked_twice(bank: Books) -> None:
    async def story() -> None:
        async with program(bank) as pilot:
            await go(pilot, "bank")
            await pressed(pilot, "enter", "a", "a", "enter")
            close_the_door(bank, shut=True)
            await pilot.press("f10")
            await until(pilot, lambda: "Trying again" in text(pilot))
            assert "INV-1001-1, INV-1001-2" in text(pilot), "what was to be booked stays in sight"
            close_the_door(bank, shut=False)
            await until(pilot, lambda: "F10 sends it again" in text(pilot) or "decided" in text(pilot))
            await settled(pilot)
            if "F10 sends it again" in text(pilot):
                await pressed(pilot, "f10")
            assert "2 decided" in text(pilot)

    run(story)
    assert [row.state for row in entries(bank, "marta")][:3] == ["booked", "booked", "open"]


def test_a_file_is_read_in_by_its_path_once_and_one_that_does_not_tie_is_shown_and_not_validated(books: Books, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    customers(books)
    tape = Tape(MOVES)
    (tmp_path / "may.xml").write_text(tape.camt(0, 3, number="1"))
    (tmp_path / "more.xml").write_text(tape.camt(1, 6, number="2", closing=Decimal(1)))
    (tmp_path / "junk.txt").write_text("no statement at all\n")

    async def story() -> None:
        async with program(books) as pilot:
            await go(pilot, "bank")
            await pressed(pilot, "r", *"junk.txt", "f10")
            assert "junk.txt" in text(pilot) and "F10" in text(pilot), "a refusal leaves what was typed"
            await pressed(pilot, "ctrl+u", *"ma", "enter")
            assert "CAMT" in line_with(pilot, "may.xml")
            await pressed(pilot, "f10")
            assert "1 statement of CAMT.053: 3 new entries, 0 known." in text(pilot)
            await pressed(pilot, "v")
            assert "is validated." in text(pilot)
            await pressed(pilot, "r", *"may.xml", "f10")
            assert "Nothing new" in text(pilot)
            await pressed(pilot, "r", *"more.xml", "f10")
            assert "3 new entries, 2 known. It does not tie." in text(pilot)
            assert "DOES NOT TIE" in marked(pilot)
            await pressed(pilot, "v")
            assert "The statement does not tie: opening USD 350.00" in text(pilot)

    run(story)
    assert len(entries(books)) == len(MOVES)


def test_who_may_not_is_told_so(shown: Books) -> None:
    async def story() -> None:
        async with program(shown, "petr") as pilot:
            await go(pilot, "bank")
            for key, right in (("r", "read in"), ("v", "validated")):
                await pressed(pilot, key)
                assert f"Bank statements are {right} by a clerk, supervisor, manager or controller." in text(pilot)
            await pressed(pilot, "enter", "A")
            assert "Entries of the bank are decided by a clerk, supervisor, manager or controller." in text(pilot)

    run(story)


def test_card_numbers_and_commands_to_the_terminal_in_a_bank_text_never_reach_the_screen(books: Books, tmp_path: Path) -> None:
    customers(books)
    hostile = Move(DAY, Decimal("9.99"), "Evil [/nope] Ltd \u202eevil", "card 4111 1111 1111 1111 [@click=app.bell]Ring[/]")
    take(books.session("jana"), tmp_path, Tape((hostile,)).mt940(0, 1))
    assert books.query("SELECT count(*) FROM bank_entry WHERE text LIKE '%%1111 1111%%'") == [(0,)]

    async def story() -> None:
        async with program(books) as pilot:
            await go(pilot, "bank")
            await pressed(pilot, "enter")
            assert "411111******1111" in text(pilot) and "[@click=app.bell]Ring[/]" in text(pilot)
            assert "\u202e" not in text(pilot)
            await pressed(pilot, "p", "enter", "f10")
            assert "1 decided" in text(pilot)

    run(story)


def test_bank_and_ledger_are_held_against_each_other_on_any_day_and_each_difference_leads_to_what_it_is(bank: Books) -> None:
    bank.post("receipt", number="R-1", customer="1001", date="2026-05-05", amount="60.00", method="cheque", reference="4711")
    matching.decide(bank.session("jana"), "0e8c0b1e-6a53-4c0e-8f3e-3d9a5a6f2b11", entries(bank)[0].id, decisions.parked(entries(bank)[0]))

    async def story() -> None:
        async with program(bank) as pilot:
            await go(pilot, "bank rec")
            assert line_with(pilot, "▸").split()[-1] == "explained"
            compare(pilot, "bank_accounts")
            await pressed(pilot, "enter")
            compare(pilot, "bank_differences")
            assert "-208.50" in line_with(pilot, "less entries not booked (5)")
            assert "60.00" in line_with(pilot, "plus documents the bank has not shown (1)")
            await pressed(pilot, "a", *"2026-05-04", "f10")
            assert "Mon 4 May 2026" in text(pilot) and "-217.50" in line_with(pilot, "less entries not booked (3)")
            await pressed(pilot, "minus")
            assert "The bank is known only after" in text(pilot)
            await pressed(pilot, "plus", "plus", "end", "enter")
            assert "Receipt R-1" in text(pilot)
            await pressed(pilot, "f3", "home", "down", "enter")
            assert "75.50" in marked(pilot) and "Match" in text(pilot)
            await pressed(pilot, "p", "enter", "f10", "f3")
            assert "-133.00" in line_with(pilot, "less entries not booked (4)"), "and back it is read again"

    run(story)


def test_the_desk_lists_what_deserves_a_look_at_the_bank_and_leads_to_it(shown: Books) -> None:
    async def story() -> None:
        async with program(shown) as pilot:
            await go(pilot, "desk")
            for title, key in (("Bank statements that do not tie", "DOES NOT TIE"), ("nobody has decided", "1-9=that choice")):
                await pressed(pilot, "home")
                while title not in marked(pilot):
                    await pressed(pilot, "down")
                await pressed(pilot, "enter", "f")
                assert key in text(pilot)
                await pressed(pilot, "f3", "f3")

    run(story)
    found = {each.name: (each.findings, each.amounts) for each in discrepancies(shown.session("jana")) if each.name.startswith("bank_")}
    assert found == {"bank_statements_not_tied": (1, {"USD": Decimal("10.00")}), "bank_entries_undecided": (8, {"USD": Decimal("1008.50")}), "bank_differs_from_ledger": (0, {})}


def test_a_csv_file_is_refused_until_its_columns_are_told_and_the_way_is_kept(books: Books, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.csv").write_text("When;How much;Note\n04.05.2026;1.100,00;first\n")
    (tmp_path / "b.csv").write_text("When;How much;Note\n05.05.2026;7,50;second\n")

    async def story() -> None:
        async with program(books) as pilot:
            await go(pilot, "bank")
            await pressed(pilot, "r", *"a.csv", "enter", *"DE02", "enter", *"EUR", "f10")
            assert "How much" in text(pilot) and "a.csv" in text(pilot), "it says which columns there are"
            await pressed(pilot, "enter", "enter", *"ourbank", "enter", *"date=When, amount=How much", "enter", *"dmy", "enter", *",", "f10")
            assert "1 statement of CSV: 1 new entry, 0 known." in text(pilot), text(pilot)
            await pressed(pilot, "r", *"b.csv", "enter", *"DE02", "enter", *"EUR", "enter", *"our", "enter", "f10")
            assert "1 statement of CSV: 1 new entry, 0 known." in text(pilot), text(pilot)

    run(story)
    assert [row.amount for row in entries(books)] == [Decimal("1100.00"), Decimal("7.50")]


def test_reading_a_large_file_shows_how_far_it_is_and_is_stopped_with_nothing_kept(books: Books, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "large.xml").write_text(Tape([Move(DAY, Decimal(place + 1), "Payer", f"No. {place}") for place in range(30_000)]).camt(0, 30_000))

    async def story() -> None:
        async with program(books) as pilot:
            await go(pilot, "bank")
            await pressed(pilot, "r", *"large.xml")
            pilot.app.simulate_key("f10")
            await until(pilot, lambda: "Reading in, kB: " in text(pilot))
            pilot.app.simulate_key("escape")
            await settled(pilot)
            assert "Stopped." in text(pilot) and "large.xml" in text(pilot)

    run(story)
    assert not entries(books)
    assert books.query("SELECT count(*) FROM stage.bank_entry") == [(0,)]
