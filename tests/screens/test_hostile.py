"""Names that are commands to a terminal, or markup to a widget, are only ever text."""

from __future__ import annotations

import pytest

from tests.books import Books
from tests.screens.pilot import line_with, marked, pressed, program, run, text, typed

MARKUP = ["Smith [/nope] Ltd", "[@click=app.bell]Ring[/]", "[b]Bold & Co[/b", "Acme [Prague, CZ]", "50% [TODO] {0} %s"]
CONTROL = {
    "title": "\x1b]2;PWNED\x07",
    "clipboard": "\x1b]52;c;cm0gLXJm\x07",
    "clear": "\x1b[2J\x1b[H",
    "device query": "\x1b[c",
    "8-bit": "\x9b31m\x9d0;x\x9c",
    "rest": "a\x7fb\tc\nd\re",
    "bidi": "\u202eevil\u2066x\u2069",
    "invisible": "AC\ufeffME\u200b",
}
FORBIDDEN = {chr(code) for code in (*range(0x20), *range(0x7F, 0xA0), *range(0x202A, 0x202F), *range(0x2066, 0x206A), 0xFEFF, 0x200B)} - {"\n"}


def open_the_gates(books: Books) -> None:
    """Let anything into names, as books that other hands restored may hold."""
    for constraint, domain in books.query("SELECT conname, typname FROM pg_constraint c JOIN pg_type t ON t.oid = c.contypid WHERE typname IN ('line_text', 'note_text') AND contype = 'c'"):
        books.query(f"ALTER DOMAIN ar.{domain} DROP CONSTRAINT {constraint}")


def add(books: Books, number: str, name: str) -> None:
    """One customer of that name, with a contact and a document that carry it too."""
    books.post("invoice", number=f"INV-{number}", customer=number, customer_name="Placeholder", create_customer=True, date="2026-06-01", due="2026-06-10", amount="10.00", po="PO")
    party = f"(SELECT party_id FROM account WHERE number = '{number}')"
    books.query(f"UPDATE party SET name = %s, note = %s WHERE id = {party}", name, name)
    books.query(f"UPDATE account SET hold = true, hold_reason = %s WHERE number = '{number}'", name)
    books.query(f"INSERT INTO address (party_id, lines, city) VALUES ({party}, %s, %s)", name, name)
    books.query(f"INSERT INTO contact (party_id, name, title) VALUES ({party}, %s, %s)", name, name)
    books.query(f"INSERT INTO activity (account_id, direction, channel, outcome, note) SELECT id, 'in', 'phone', %s, %s FROM account WHERE number = '{number}'", name, name)


@pytest.mark.parametrize("name", MARKUP)
def test_markup_in_a_name_is_shown_as_it_is_written(module_books: Books, name: str) -> None:
    number = f"M{MARKUP.index(name)}"
    add(module_books, number, name)

    async def story() -> None:
        async with program(module_books) as pilot:
            await typed(pilot, number)
            assert name[:20] in marked(pilot)
            await pressed(pilot, "enter")
            assert name in line_with(pilot, f" {number} {name[:3]}")
            await pressed(pilot, "3")
            assert name in line_with(pilot, f"{name}  {name}")
            await pressed(pilot, "1", "enter")
            assert name in line_with(pilot, f"Invoice INV-{number}   {number} ")
            await pressed(pilot, "j", "f1")
            assert pilot.app.is_running

    run(story)


def test_no_control_character_of_a_name_reaches_the_screen(books: Books) -> None:
    open_the_gates(books)
    for place, payload in enumerate(CONTROL.values()):
        add(books, f"C{place}", f"Evil{payload}{place}")
    add(books, "ALL", f"Evil{''.join(CONTROL.values())}")

    async def story() -> None:
        async with program(books) as pilot:
            await typed(pilot, "evil")
            assert not FORBIDDEN & set(text(pilot))
            assert "␛" in text(pilot), "what cannot be shown is seen to be there"
            await pressed(pilot, "ctrl+u")
            await typed(pilot, "ALL")
            for key in ("enter", "2", "3", "8", "9", "1", "enter", "i", "j"):
                await pressed(pilot, key)
                assert not FORBIDDEN & set(text(pilot)), key

    run(story)


def test_what_is_typed_or_pasted_is_made_harmless_too(module_books: Books) -> None:
    async def story() -> None:
        async with program(module_books) as pilot:
            for payload in CONTROL.values():
                await typed(pilot, payload)
                assert not FORBIDDEN & set(text(pilot))

    run(story)


def test_wide_and_endless_names_keep_the_columns_straight(office: Books) -> None:
    async def story() -> None:
        async with program(office) as pilot:
            await typed(pilot, "30003")
            assert "JPY     125 000" in marked(pilot)
            await pressed(pilot, "ctrl+u")
            await typed(pilot, "adolph")
            assert "…" in marked(pilot)
            assert "USD       12.00" in marked(pilot)
            await pressed(pilot, "enter")
            assert all(len(row) <= 80 for row in text(pilot).splitlines())

    run(story)
