"""Fast typing on a real terminal: every letter calls off the look-up before it on the server, and one answer is shown."""

from __future__ import annotations

from contextlib import ExitStack

from tests.books import Books
from tests.screens.terminal import terminal
from tests.screens.test_states import held

TEXT = "reyes farm i"
PROGRAM = "FROM pg_stat_activity WHERE datname = current_database() AND usename = 'jana'"


def look_ups(books: Books) -> list[str]:
    """The look-ups the server is busy with."""
    return [query for (query,) in books.query(f"SELECT query {PROGRAM} AND state = 'active' AND query LIKE '%%lookup_find%%'")]


def connections(books: Books) -> list[int]:
    """The program's connections but the one that listens to what others do."""
    return [pid for (pid,) in books.query(f"SELECT pid {PROGRAM} AND application_name <> 'artui listening'")]


def test_twelve_letters_leave_one_answer_and_one_connection(own_office: Books) -> None:
    books = own_office
    with terminal(books) as screen:
        screen.shows("Type what the caller gives:")
        screen.press("x")
        screen.shows("Nothing matches x.")
        connection = books.query(f"SELECT pid {PROGRAM} AND query LIKE '%%lookup_find%%'")[0][0]
        screen.answer("ctrl+u")
        with held(books, "party"):
            for place, letter in enumerate(TEXT, start=1):
                screen.press(letter)
                wanted = f", '{TEXT[:place].strip()}', "
                # this one alone: the one before was called off
                screen.until(lambda wanted=wanted: [wanted in query for query in look_ups(books)] == [True])
            screen.settle()
            before = len(screen.output)
            assert "▸" not in screen.text()
        screen.shows("▸ 10442")
        screen.settle()
        assert screen.output[before:].count(b"Reyes Farms Inc.") == 1
        assert look_ups(books) == []
        # what looks around once after signing in has a connection of its own, for as long as it takes
        screen.until(lambda: connections(books) == [connection])


def test_who_types_before_the_books_have_answered_is_told_all_about_the_hit(office: Books) -> None:
    with ExitStack() as holding:
        holding.enter_context(held(office, "account"))
        with terminal(office) as screen:
            screen.shows("Type what the caller gives:")
            screen.press("reyes")
            holding.close()
            screen.shows("oldest INV-20881")
