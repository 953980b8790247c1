"""The server goes away and comes back; what was typed stays, and nobody sees a traceback."""

from __future__ import annotations

import pytest
from psycopg2 import sql
from textual.pilot import Pilot

from artui.errors import Unreachable
from screens.app import ArtuiApp
from tests.books import Books
from tests.screens.pilot import deaf, line_with, marked, pressed, program, run, settled, text, typed, until


def close_the_door(books: Books, *, shut: bool) -> None:
    """Let nobody in any more and throw everybody out, or let them in again."""
    name = sql.Identifier(books.name)
    if shut:
        books.server.run(sql.SQL("ALTER DATABASE {} ALLOW_CONNECTIONS false").format(name))
        books.server.run(sql.SQL("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = {}").format(sql.Literal(books.name)))
    else:
        books.server.run(sql.SQL("ALTER DATABASE {} ALLOW_CONNECTIONS true").format(name))


async def away(pilot: Pilot[None]) -> None:
    """Wait until the screen says that nobody answers: that the connection was lost it says first, until it was tried once."""
    await until(pilot, lambda: "The database does not answer. Trying again; what you typed stays." in text(pilot))


def throw_out(books: Books) -> None:
    """End every other connection to the books."""
    books.query("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()")


def test_a_connection_that_was_cut_is_made_again_without_a_word(own_office: Books) -> None:
    async def story() -> None:
        async with program(own_office) as pilot:
            await typed(pilot, "10442")
            throw_out(own_office)
            await pressed(pilot, "enter")
            await until(pilot, lambda: "PHP 45 200.00" in text(pilot))
            throw_out(own_office)
            await pressed(pilot, "f5")
            await until(pilot, lambda: "INV-20881" in text(pilot))
            await pressed(pilot, "f5")
            assert "INV-20881" in marked(pilot)

    run(story)


def test_while_the_server_is_away_the_screen_says_so_and_keeps_what_was_typed(own_office: Books) -> None:
    async def story() -> None:
        async with program(own_office) as pilot:
            close_the_door(own_office, shut=True)
            await pilot.press(*"1044")
            await until(pilot, lambda: "Trying again; what you typed stays." in text(pilot))
            assert text(pilot).startswith(" Lookup"), "the title line stays"
            await pilot.press("2")
            await pilot.pause(0.3)
            assert "> 10442" in text(pilot)
            close_the_door(own_office, shut=False)
            await until(pilot, lambda: "▸ 10442" in text(pilot))
            await settled(pilot)
            assert "Trying again" not in text(pilot)
            await pressed(pilot, "enter")
            assert "PHP 45 200.00" in text(pilot)

    run(story)


def test_leaving_while_the_server_is_away_does_not_wait_for_it(own_office: Books) -> None:
    async def story() -> None:
        async with program(own_office) as pilot:
            close_the_door(own_office, shut=True)
            await pilot.press(*"1044")
            await until(pilot, lambda: "Trying again" in text(pilot))
            await pilot.press("f3", "f3")
        close_the_door(own_office, shut=False)

    run(story)


def test_a_server_that_never_answered_is_told_after_the_terminal_is_restored(own_office: Books) -> None:
    close_the_door(own_office, shut=True)

    async def story() -> None:
        app = ArtuiApp(own_office.config("jana"))
        app.gateway.start()
        async with app.run_test() as pilot:
            await until(pilot, lambda: app.not_opened is not None)
        assert isinstance(app.not_opened, Unreachable)
        assert app.return_code == 1

    run(story)
    close_the_door(own_office, shut=False)


def test_an_error_of_the_books_is_one_sentence_on_the_status_line(own_office: Books, monkeypatch: pytest.MonkeyPatch) -> None:
    async def story() -> None:
        async with program(own_office) as pilot:
            await typed(pilot, "10442")
            deaf(pilot)
            own_office.query("UPDATE account SET number = '10443' WHERE number = '10442'")
            await pressed(pilot, "enter")
            assert "There is no customer numbered 10442." in text(pilot)
            assert text(pilot).startswith(" Customer 10442")
            await pressed(pilot, "f3")
            assert "10442" in marked(pilot)

    run(story)


def test_what_nobody_foresaw_gets_a_reference_number_and_a_line_in_the_log(own_office: Books, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError("never seen before")

    monkeypatch.setattr("screens.people.card.account", broken)

    async def story() -> None:
        async with program(own_office) as pilot:
            await typed(pilot, "10442")
            await pressed(pilot, "enter")
            said = line_with(pilot, "Something unforeseen happened (reference ")
            reference = said.split("reference ")[1][:6]
            log = pilot.app.config.log_file  # type: ignore[attr-defined]
            assert reference in log.read_text()
            assert "never seen before" in log.read_text()
            assert log.stat().st_mode & 0o077 == 0
            assert log.parent.stat().st_mode & 0o077 == 0
            assert "ZeroDivisionError" not in text(pilot)
            await pressed(pilot, "f3")
            assert "10442" in marked(pilot), "the program goes on"

    run(story)


