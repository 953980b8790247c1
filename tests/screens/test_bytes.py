"""How many bytes a key costs on a real terminal: they repeat exactly, so they are budgets and not benchmarks."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from screens.reading import SLOW
from tests.books import Books
from tests.screens.terminal import Terminal, terminal, themed

THEMES = {"terminal": {"letter": 50, "row": 180}, "dark": {"letter": 100, "row": 220}}
"""The most a key may cost in sixteen colours and in all of them."""
PAGE, OPEN, BACK, WIDE_ROW = 1450, 4096, 5120, 400


@pytest.fixture(scope="module")
def long_list(module_books: Books) -> Books:
    """Sixty accounts of one family name, each with an item that is not due yet; the first has forty items."""
    for number in range(60):
        more = {"customer_name": f"Marlow & Sons {number:02} Ltd", "create_customer": True}
        module_books.post("invoice", number=f"L-{number:03}", customer=f"4{number:04}", date="2026-06-01", due="2026-07-01", amount=f"{100 + number}.00", **more)
    for number in range(40):
        due = "2026-07-01" if number > 3 else "2026-05-01"
        module_books.post("invoice", number=f"M-{number:03}", customer="40000", date="2026-04-02", due=due, amount=f"{number + 1}00.00", po=f"PO {number}")
    return module_books


@contextmanager
def opened(books: Books, home: Path, theme: str, size: tuple[int, int] = (80, 24)) -> Iterator[Terminal]:
    with terminal(books, size=size, **themed(home, theme)) as screen:
        screen.shows("Type what the caller gives:")
        screen.settle()
        yield screen


def letters(screen: Terminal, count: int) -> list[bytes]:
    """Type letters and return what each wrote, its answer included; one whose answer is late does not count: the screen says so then, too."""
    typed, written = "zz", list[bytes]()
    screen.press(typed)
    screen.shows(f"Nothing matches {typed}.")
    screen.settle()
    while len(written) < count:
        assert len(typed) < 40, "no answer comes in time"
        typed += "z"
        before, since = len(screen.output), time.monotonic()
        screen.press("z")
        screen.shows(f"Nothing matches {typed}.")
        late = time.monotonic() - since > SLOW / 2
        screen.settle()
        if not late:
            written.append(screen.output[before:])
    return written


@pytest.mark.parametrize("theme", THEMES)
def test_keys_stay_within_their_budgets(long_list: Books, tmp_path: Path, theme: str) -> None:
    most = THEMES[theme]
    with opened(long_list, tmp_path, theme) as screen:
        written = letters(screen, 4)
        assert max(map(len, written)) <= most["letter"], written
        screen.answer("ctrl+u")
        screen.press("marlow")
        screen.shows("▸ 4")
        screen.settle()
        # the first account has figures in red, and the line below the list tells of them
        rows = [len(screen.answer(key)) for key in ("down",) * 5 + ("up",) * 5]
        assert max(rows) <= most["row"], rows
        pages = [len(screen.answer("pagedown")) for _ in range(2)]
        assert max(pages) <= PAGE, pages
        screen.answer("ctrl+u")
        screen.press("40000")
        screen.shows("▸ 40000")
        screen.settle()
        assert len(screen.answer("enter")) <= OPEN
        screen.shows("Customer 40000")
        # the first four are late: their figures are in red
        rows = [len(screen.answer("down")) for _ in range(8)]
        assert max(rows) <= most["row"], rows
        assert len(screen.answer("pagedown")) <= PAGE
        assert len(screen.answer("f3")) <= BACK
        screen.shows("▸ 40000")


def test_a_list_that_scrolls_by_a_row_is_not_written_again(long_list: Books, tmp_path: Path) -> None:
    with opened(long_list, tmp_path, "terminal") as screen:
        screen.press("40000")
        screen.shows("▸ 40000")
        screen.answer("enter")
        screen.answer("pagedown")
        screen.answer(*["down"] * 3)
        rows = [len(screen.answer("down")) for _ in range(4)]
        assert max(rows) <= THEMES["terminal"]["row"], rows


def test_a_wide_screen_costs_no_more_than_its_width(long_list: Books, tmp_path: Path) -> None:
    with opened(long_list, tmp_path, "dark", (200, 60)) as screen:
        screen.press("marlow")
        screen.shows("▸ 4")
        screen.settle()
        # the card beside the list follows once the cursor rests; the first one has a dozen items that go away
        rows = [len(screen.answer("down")) for _ in range(4)]
        assert max(rows) <= WIDE_ROW, rows


def test_a_key_costs_the_same_every_time(long_list: Books, tmp_path: Path) -> None:
    with opened(long_list, tmp_path, "terminal") as screen:
        screen.press("marlow")
        screen.shows("▸ 4")
        screen.settle()
        assert len({screen.answer("down") + screen.answer("up") for _ in range(3)}) == 1


def test_nothing_is_sent_while_nobody_does_anything(long_list: Books, tmp_path: Path) -> None:
    with opened(long_list, tmp_path, "terminal") as screen:
        assert not screen._read(1.5)
