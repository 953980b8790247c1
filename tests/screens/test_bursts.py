"""Keys that arrive together, as fast typing over a slow line does, act one after the other as they were typed."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from textual.events import Key, Paste

from screens.port.keys import Keyboard
from tests.books import Books
from tests.screens.terminal import START, Terminal, terminal

ESC, BACKSPACE, DELETE, CTRL_K, CTRL_W, CTRL_A = "\x1b", "\x7f", "\x1b[3~", "\x0b", "\x17", "\x01"
SLOW = Path(__file__).parent / "slow_program.py"
EDITED = {
    "a line taken back": (("abc", "ctrl+u", "xyz"), "xyz"),
    "two letters taken back": (("abcd", BACKSPACE, BACKSPACE, "xy"), "abxy"),
    "letters put in further left": (("abcd", "left", "left", "x"), "abxcd"),
    "begun again from the left": (("bcd", "home", "a", "end", "e"), "abcde"),
    "the rest cut off": (("abcd", "left", "left", CTRL_K, "x"), "abx"),
    "a word taken back": (("one two", CTRL_W, "three"), "one three"),
    "a letter deleted under the cursor": (("abcd", CTRL_A, DELETE, "x"), "xbcd"),
    "each letter taken back at once": (("a", BACKSPACE, "b", BACKSPACE, "c", BACKSPACE, "d"), "d"),
    "pasted between letters": (("a", "\x1b[200~pasted\x1b[201~", BACKSPACE, "b"), "apasteb"),
    "emptied with Esc": (("abc", ESC, "xyz"), "xyz"),
    "emptied with Esc, an arrow in it": (("abc", ESC, "xz", "left", "y"), "xyz"),
    "many letters after Esc": (("abc", ESC, "x" * 50), "x" * 50),
}


@pytest.fixture(scope="module")
def lookup(office: Books) -> Iterator[Terminal]:
    """The program with the cursor in the lookup box."""
    with terminal(office) as screen:
        screen.shows("Type what the caller gives:")
        yield screen


@pytest.mark.parametrize("what", EDITED)
def test_what_is_typed_and_taken_back_in_one_go_leaves_what_was_meant(lookup: Terminal, what: str) -> None:
    keys, left = EDITED[what]
    lookup.burst("home", CTRL_K, *keys)
    lookup.until(lambda: line(lookup, " >") == left)
    lookup.settle()
    assert line(lookup, " >") == left


LED = {
    "the lookup box from a card": (("10442", "enter", "f2", "2091", BACKSPACE, "17", "enter"), "Customer 20917"),
    "one step back and on": (("10442", "enter", "f3", "ctrl+u", "20917", "enter"), "Customer 20917"),
    "Esc and on": (("10442", "enter", ESC, "ctrl+u", "20918", BACKSPACE, "7", "enter"), "Customer 20917"),
    "the go line": (("10442", "enter", "f7", "cox", BACKSPACE, "nt", "enter"), "Ana Reyes"),
    "the go line, written anew": (("10442", "enter", "f7", "zzz", "ctrl+u", "20917", "enter", "enter"), "Invoice INV-100"),
    "the go line, given up": (("10", "f7", "x", ESC, "442", "enter"), "Customer 10442"),
    "the line that searches": (("10442", "enter", "/215", "left", BACKSPACE, "1", "end", "00", "home", "2", DELETE, "enter"), "the next with 21500"),
    "a panel": (("30004", "enter", "w", "in", "abcd", BACKSPACE, BACKSPACE, "x", "left", "y", "enter"), "abyx"),
    "a panel, its amount": (("30004", "enter", "w", "in", "note", "enter", "ctrl+u", "199", BACKSPACE, "2.50", "enter"), "192.50"),
    "a panel given up": (("30004", "enter", "w", "in", "note", ESC, ESC, "9"), "[9 Changes"),
    "a card beside a pause": (("10442", "enter", "9", "1", "down", "enter", "j"), "Journal of invoice INV-21033"),
}


WHERE_BOOKS_ARE_SLOW = ("the lookup box from a card", "one step back and on", "the go line", "a panel")


@pytest.mark.parametrize(("command", "cases"), [(START, tuple(LED)), ([sys.executable, "-P", str(SLOW)], WHERE_BOOKS_ARE_SLOW)], ids=["quick", "slow"])
def test_keys_that_arrive_together_act_each_on_the_screen_the_one_before_led_to(office: Books, command: Sequence[str], cases: Sequence[str]) -> None:
    with terminal(office, command=command, PYTHONPATH=str(Path(__file__).parents[2])) as screen:
        for what in cases:
            keys, led_to = LED[what]
            screen.burst("f2", "ctrl+u")
            screen.until(lambda: screen.text().startswith(" Lookup") and not line(screen, " >"))
            screen.burst(*keys)
            screen.until(lambda led_to=led_to: led_to in screen.text())
            assert screen.process.poll() is None, what
            screen.settle()
            assert led_to in screen.text(), what


STREAM = "ab\x1bc\x1b[D\x1bOPé\x1b[1;5C\x1b[9z\x1b[200~one\x1b[31m\ntwo\x1b[201~\x1b\x1b[A\x1b]4;1;rgb:00\x07\x1b[?2026;2$yz"
NAMES = ["a", "b", "escape", "c", "left", "f1", "é", "ctrl+right", "paste", "escape", "up", "TerminalSupportsSynchronizedOutput", "z"]


@pytest.mark.parametrize("piece", range(1, 12))
def test_keys_are_the_same_however_they_are_cut_on_the_way(piece: int) -> None:
    keyboard = Keyboard()
    found = [each for at in range(0, len(STREAM), piece) for each in keyboard.feed(STREAM[at : at + piece])]
    assert [each.key if isinstance(each, Key) else "paste" if isinstance(each, Paste) else type(each).__name__ for each in found] == NAMES
    assert [each.text for each in found if isinstance(each, Paste)] == ["one\x1b[31m\ntwo"]


def test_what_nothing_follows_is_what_it_is() -> None:
    keyboard = Keyboard()
    assert not [*keyboard.feed("\x1b")]
    assert [key.key for key in keyboard.rest() if isinstance(key, Key)] == ["escape"]
    assert not [*keyboard.feed("\x1b[12")]
    assert [key.key for key in keyboard.rest() if isinstance(key, Key)] == ["escape", "left_square_bracket", "1", "2"]


def test_of_a_paste_of_any_length_only_so_much_is_kept() -> None:
    keyboard = Keyboard()
    for piece in ("\x1b[200~", *["x" * 4096] * 300):
        assert not [*keyboard.feed(piece), *keyboard.rest()]
    (paste,) = keyboard.feed("\x1b[201~")
    assert isinstance(paste, Paste)
    assert len(paste.text) < 100_000


def line(screen: Terminal, prompt: str) -> str:
    """What stands in the first line that begins with a prompt."""
    return next((row.removeprefix(prompt).strip() for row in screen.screen.display if row.startswith(prompt)), "")
