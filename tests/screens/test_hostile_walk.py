"""Every screen and panel with hostile text in every column: on a real terminal nothing of it is more than text."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import groupby
from pathlib import Path

import pytest

from artui.cash.batch import open_batch
from tests.bank.bank import Tape, take
from tests.books import Books
from tests.screens.office import fill
from tests.screens.poison import misread, poison, whole
from tests.screens.terminal import Terminal, strangers, terminal
from tests.screens.test_bank import MOVES
from tests.screens.test_desk import ten_percent
from tests.screens.test_hostile import MARKUP
from tests.screens.walk import CHANGED, LOOK, WALK, everything_shown

PROGRAM = Path(__file__).parent / "watched_program.py"
MOMENT = 0.1
"""Seconds without a byte after which it is looked."""
PASTED = ["\x1b]52;c;cm0gLXJm\x07", "\x00\x07\x9b31m", "[@click=app.exit]go[/]", "Smith [/nope] Ltd\u202e\u200b", "x" * 3000]


def test_every_screen_and_panel_is_walked() -> None:
    assert set(everything_shown()) == {name.split()[0] for name in WALK}, "each new screen and panel needs a line in tests/screens/walk.py"


@pytest.fixture(scope="module")
def hostile(module_books: Books, tmp_path_factory: pytest.TempPathFactory) -> tuple[Books, dict[str, str]]:
    """An office with something for every screen, and then everything in it hostile."""
    books = module_books
    fill(books)
    books.post("receipt", number="R-50", date="2026-06-01", amount="300.00", memo="ORDER 7 JUNE")
    for number in ("R-60", "R-61"):
        books.post("receipt", number=number, customer="30005", date="2026-06-03", amount="9.00", method="cheque", reference="778")
    books.post("invoice", number="INV-60", customer="30005", date="2026-06-04", amount="20.00")
    ten_percent(books)
    session = books.session("jana")
    take(session, tmp_path_factory.mktemp("bank"), Tape(MOVES).camt(0, len(MOVES), number="7"))
    open_batch(session, bank="Main", deposit_on=books.today, currency="PHP", control_total=Decimal(10), control_count=1, key="5a0b8d57-1d1c-49a4-9a3e-6f2d0b7c9e11")
    marks = poison(books)
    ((number,),) = books.query("SELECT number FROM document WHERE kind = 'invoice' AND currency = 'USD' AND amount = 150000")
    books.post("write_off", login="jana", document=number, amount="45.00", reason="Smith [/x] Ltd [@click=app.exit]go[/]")
    return books, marks


@pytest.mark.parametrize("size", [(80, 24), (160, 50)], ids=["80x24", "160x50"])
def test_hostile_text_is_text_on_every_screen(hostile: tuple[Books, dict[str, str]], size: tuple[int, int], tmp_path: Path) -> None:
    books, marks = hostile
    shown = tmp_path / "shown"
    wrong: list[str] = []
    seen: set[str] = set()
    with terminal(books, "olga", [sys.executable, "-P", str(PROGRAM)], size, PYTHONPATH=str(Path(__file__).parents[2]), SHOWN=str(shown)) as screen:
        screen.shows("Type what the caller gives:")
        for name, keys in WALK.items():
            books.query("DELETE FROM draft")
            pictures = [*visited(books, screen, shown, name.split()[0], keys)]
            wrong += [f"{name}: {fault}" for picture in pictures for fault in misread(picture, marks)]
            wrong += [f"{name}: {picture}" for picture in pictures if "Something unforeseen" in picture]
            seen.update(*(whole(picture, marks) for picture in pictures))
            assert screen.process.poll() is None, name
    assert not wrong, "\n".join(dict.fromkeys(wrong))
    assert not strangers(screen.output)
    assert seen >= set(MARKUP[:2]), "markup is read as it was written"


def visited(books: Books, screen: Terminal, shown: Path, name: str, keys: Sequence[str]) -> Iterator[str]:
    """Go somewhere from the empty lookup box, look at it and at its help, and paste into it; give all that was seen."""
    shown.write_text("Home\n" if name == "Home" else "")
    screen.burst("f2", "ctrl+u")
    screen.settle(MOMENT)
    for pausing, together in groupby(keys, lambda key: key in (LOOK, CHANGED)):
        if pausing:
            screen.settle()
            yield screen.text()
            if CHANGED in together:
                books.query("UPDATE party SET note = coalesce(note, '') || ' [/x]', row_version = row_version + 1")
        else:
            screen.burst(*together)
    screen.until(lambda: name in shown.read_text().split())
    screen.settle()
    yield screen.text()
    for more in (("pagedown", "f1"), ("pagedown",), ("f3", *(f"\x1b[200~{text}\x1b[201~" for text in PASTED)), ("ctrl+u",)):
        screen.burst(*more)
        screen.settle(MOMENT)
        yield screen.text()
