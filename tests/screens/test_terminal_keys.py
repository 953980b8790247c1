"""What a key arrives as, from the bytes terminals are known to send."""

from __future__ import annotations

import subprocess
import sys

import pytest

from screens.terminal_keys import arrival
from tests.books import Books
from tests.screens.terminal import terminal


@pytest.mark.parametrize(
    ("came", "names", "advice"),
    [
        (b"\x1bOP", ("f1",), ""),
        (b"\x1b[11~", ("f1",), ""),
        (b"\x1b[15~", ("f5",), ""),
        (b"\x1b[21~", ("f10",), ""),
        (b"\r", ("enter",), ""),
        (b"\n", ("ctrl+j",), "taken for Enter"),
        (b"\x7f", ("backspace",), "Control-?"),
        (b"\x1b[3~", ("delete",), ""),
        (b"\x1b[4~", ("end",), ""),
        (b"\x06", ("ctrl+f",), ""),
        ("č".encode(), None, ""),
        (b"\x1bOT", None, "VT100+"),
        (b"\x1b[M", None, "F1 as SCO"),
        (b"\xe8", (), "UTF-8"),
        (b"\x1b", ("escape",), "F3 does not wait"),
        (b"\x1b[200~abc\x1b[201~", (), "Pasted"),
    ],
)
def test_a_key_is_named_and_a_wrong_one_explained(came: bytes, names: tuple[str, ...] | None, advice: str) -> None:
    arrived = arrival(came)
    assert names is None or arrived.names == names
    assert advice in arrived.advice
    assert bool(advice) == bool(arrived.advice)
    assert arrived.told.isprintable()


def test_keys_can_be_watched_without_any_books(books: Books) -> None:
    nowhere = {"ARTUI_DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none"}
    with terminal(books, command=[sys.executable, "-P", "-m", "artui", "keys"], size=(100, 24), **nowhere) as screen:
        screen.shows("Ctrl+C leaves.")
        screen.press("f5")
        screen.shows("F5")
        screen.press("\x1bOT")
        screen.shows("F5 as VT100+ sends it. PuTTY")
        screen.press("ctrl+c")
        screen.ends(0)


def test_without_a_terminal_keys_ends_with_one_sentence() -> None:
    done = subprocess.run([sys.executable, "-P", "-m", "artui", "keys"], stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60)
    assert done.returncode == 2
    assert "only on a terminal" in done.stderr
