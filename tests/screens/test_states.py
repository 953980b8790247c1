"""Pictures of what is not everyday: empty books, a slow server, no server, plain ASCII, no colour."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager

import psycopg2
import pytest

from screens.base import Page
from tests.books import Books
from tests.screens.pilot import compare, compare_text, pressed, program, run, settled, text, typed, until
from tests.screens.terminal import START, Terminal, terminal
from tests.screens.test_lost import away, close_the_door

WAY = (("lookup", ("reyes",)), ("card", ("enter",)), ("contacts", ("3",)), ("document", ("1", "enter")), ("journal", ("j",)), ("help", ("f1",)), ("go", ("f3", "f3", "f7")))
"""Screens, and the keys that lead to each from the one before."""


@contextmanager
def held(books: Books, table: str) -> Iterator[None]:
    """Keep a table to oneself: who reads it waits."""
    with closing(psycopg2.connect(books.server.dsn(books.server.superuser, books.name))) as connection:
        connection.cursor().execute(f"LOCK TABLE ar.{table} IN ACCESS EXCLUSIVE MODE")
        yield
        connection.rollback()


def test_empty_books(books: Books) -> None:
    async def story() -> None:
        async with program(books) as pilot:
            compare(pilot, "lookup_empty_books")
            await pressed(pilot, "f1")
            compare(pilot, "help_empty_books")

    run(story)


def test_a_slow_server(office: Books) -> None:
    async def story() -> None:
        async with program(office) as pilot:
            with held(office, "party"):
                await pilot.press(*"reyes")
                await until(pilot, lambda: "Reading" in text(pilot))
                compare(pilot, "lookup_loading")
            await settled(pilot)
            with held(office, "party"):
                await pilot.press("enter")
                await until(pilot, lambda: "Reading" in text(pilot) and "Customer" in text(pilot))
                compare(pilot, "card_loading")
            await settled(pilot)
            with held(office, "document"):
                await pilot.press("2")
                await until(pilot, lambda: "Reading" in text(pilot))
                compare(pilot, "card_history_loading")
            await settled(pilot)
            with held(office, "document"):
                await pilot.press("1", "enter")
                await until(pilot, lambda: "Reading" in text(pilot) and text(pilot).startswith(" Document"))
                compare(pilot, "document_loading")
            await settled(pilot)
            assert "PHP 7 000.00" in text(pilot)

    run(story)


def test_what_was_said_before_a_slow_read_is_said_again_after_it(office: Books) -> None:
    async def story() -> None:
        async with program(office) as pilot:
            await typed(pilot, "10442")
            await pressed(pilot, "enter")
            card = pilot.app.screen
            assert isinstance(card, Page)
            with held(office, "party"):
                # as after each act: its sentence, and the list read anew
                card.do_reread()
                card.say("Posted RCP-000001.")
                await until(pilot, lambda: "Reading" in text(pilot))
            await settled(pilot)
            assert "Posted RCP-000001." in text(pilot)

    run(story)


def test_no_server(own_office: Books) -> None:
    async def story() -> None:
        async with program(own_office) as pilot:
            await typed(pilot, "reyes")
            for name, keys in (("lookup", ()), ("card", ("enter",)), ("document", ("enter",))):
                await pressed(pilot, *keys)
                close_the_door(own_office, shut=True)
                await pilot.press("f5")
                await away(pilot)
                compare(pilot, f"{name}_offline")
                close_the_door(own_office, shut=False)
                await until(pilot, lambda: "Trying again" not in text(pilot))
                await settled(pilot)

    run(story)


def walk(screen: Terminal, how: str) -> None:
    """Go from screen to screen and compare each with its picture."""
    screen.shows("Type what the caller gives:")
    screen.settle()
    for name, keys in WAY:
        screen.answer(*keys)
        compare_text(screen.text(), f"{name}_{how}")


def test_plain_ascii(office: Books) -> None:
    with terminal(office, command=[*START, "--ascii"]) as screen:
        walk(screen, "ascii")
        assert screen.output.isascii()


def test_no_colour(office: Books) -> None:
    """What the text alone does not show is drawn below it: b bold, u underlined, r reversed."""
    with terminal(office, NO_COLOR="1") as screen:
        screen.shows("Type what the caller gives:")
        screen.settle()
        for name, keys in WAY[:4]:
            screen.answer(*keys)
            compare_text(f"{screen.text()}\n{weights(screen)}", f"{name}_no_colour")
            assert {(cell.fg, cell.bg) for row in screen.screen.buffer.values() for cell in row.values()} == {("default", "default")}


def weights(screen: Terminal) -> str:
    """Each cell as the letter of what makes it stand out."""
    rows = []
    for y in range(screen.screen.lines):
        cells = [screen.screen.buffer[y][x] for x in range(screen.screen.columns)]
        rows.append("".join("r" if cell.reverse else "u" if cell.underscore else "b" if cell.bold and cell.data != " " else " " for cell in cells).rstrip())
    return "\n".join(rows)


@pytest.mark.parametrize("name", ["dark", "light", "terminal", "contrast"])
def test_every_theme_shows_the_same_words(office: Books, name: str) -> None:
    with terminal(office, ARTUI_THEME=name, COLORTERM="truecolor") as screen:
        screen.shows("Type what the caller gives:")
        screen.answer("reyes")
        screen.shows("row 1 of ")
        compare_text(screen.text(), "lookup_one_theme")
