"""The writer against a terminal emulator: whatever is put on the screen, the emulator shows it, and nothing else gets out."""

from __future__ import annotations

import re
import unicodedata
from functools import cache

import pyte
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import get_character_cell_size
from wcwidth import wcwidth

from screens.port import scroll
from screens.port.cells import MOST_MARKS, cells
from screens.port.motion import motion
from screens.port.sgr import PLAIN, Look, change, look
from screens.port.writer import Writer

WIDTH, HEIGHT = 16, 8
ALLOWED = re.compile(r"\x1b\[[0-9;]*[ABCDHJKmr]|\x1bM|\x1b\(B|[\r\n\x08\x0f]")
LOOKS = [
    PLAIN,
    look(("31",), (), frozenset("1")),
    look(("38", "2", "1", "2", "3"), ("44",), frozenset()),
    look((), (), frozenset("7")),
    look((), ("100",), frozenset("24")),
    look(("92",), (), frozenset("2")),
    look((), (), frozenset("39")),
]
HOSTILE = ["\x1b]2;PWNED\x07", "\x1b[2J", "\x9b31m", "\x9d0;x\x9c", "a\x7fb", "\r\n\t\b", "\u202eevil\u2066", "AC\ufeffME\u200b", "\u2028", "\U000e0041", "\x00", "\x1bM", "\x1bc"]
WORDS = ["Reyes Farms", " " * 9, "  1 234.50", "▸ Čapek", "株式会社 山田", "ＡＣＭＥ", "e\u0301a\u0300o", "z" + "\u0301" * 30, "│─┤", "👩\u200d🌾 farm", "❤\ufe0f", "שלום", "a" * 40]
TEXTS = st.one_of(st.sampled_from(WORDS + HOSTILE), st.text(max_size=12), st.text(alphabet=st.characters(categories=["Cc", "Cf", "Mn", "So", "Lo"]), max_size=6))


class Emulator:
    """A terminal that shows what it is sent, and knows that it was sent nothing but text and our own sequences."""

    def __init__(self) -> None:
        self.screen = pyte.Screen(WIDTH, HEIGHT)
        self.screen.reset_mode(pyte.modes.DECAWM)
        self._stream = pyte.Stream(self.screen)

    def feed(self, sent: str) -> None:
        left = ALLOWED.sub("", sent)
        assert all(unicodedata.category(char)[0] not in "CZ" or char == " " for char in left if unicodedata.category(char) != "Cn"), repr(sent)
        self._stream.feed(sent)

    def cell(self, x: int, y: int) -> tuple[object, ...]:
        at = self.screen.buffer[y][x]
        return (at.data, at.fg, at.bg, at.bold, at.italics, at.underscore, at.strikethrough, at.reverse, at.blink)


def agreed(text: str) -> str:
    """Leave out what this emulator measures otherwise than the screens do."""
    return "".join(char for char in text if _agreed(char))


def _agreed(char: str) -> bool:
    width = get_character_cell_size(char)
    if unicodedata.category(char) == "Cc":
        return True
    return wcwidth(char) == width and unicodedata.normalize("NFC", char) == char and not "\U0001f1e6" <= char <= "\U0001f1ff" and (width > 0 or unicodedata.combining(char) > 0)


def visible(text: str, drawn: tuple[object, ...]) -> tuple[object, ...]:
    """What of the attributes is seen: on a blank neither ink nor weight, unless it is underlined, struck or reversed."""
    ground, seen = drawn[1], drawn[4:]
    return (ground, *seen) if text == " " and not any(seen) else drawn


@cache
def attributes(look: Look) -> tuple[object, ...]:
    emulator = Emulator()
    emulator.feed(change(None, look) + "x")
    return emulator.cell(0, 0)[1:]


step = st.tuples(st.integers(0, WIDTH - 1), st.integers(0, HEIGHT - 1), TEXTS, st.integers(0, len(LOOKS) - 1), st.integers(1, WIDTH + 4))
ROUND = st.one_of(st.lists(step, max_size=8), st.sampled_from([1, -1, 2, -3]), st.just("forget"))


@settings(max_examples=100, deadline=None)
@given(st.lists(ROUND, min_size=1, max_size=8), st.booleans())
def test_the_emulator_shows_what_was_put(rounds: list, coloured: bool) -> None:
    # on so small a screen scrolling would hardly ever pay
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(scroll, "WORTH", 5)
        play(rounds, Writer(WIDTH, HEIGHT, coloured_erasing=coloured), Emulator())


def play(rounds: list, writer: Writer, emulator: Emulator) -> None:
    wanted = writer.wanted
    for y in range(HEIGHT):
        wanted.put(0, y, f"line {y} of the list, {y * 7919 % 1000}", LOOKS[y % 2], WIDTH)
    for act in [[], *rounds]:
        if act == "forget":
            writer.forget()
            emulator.feed("\x1b[5;3H\x1b[31m")
        elif isinstance(act, int):
            inner = HEIGHT - 2
            wanted.texts[1:-1] = [line[:] for line in (wanted.texts[1:-1] * 3)[inner + act : 2 * inner + act]]
            wanted.looks[1:-1] = [line[:] for line in (wanted.looks[1:-1] * 3)[inner + act : 2 * inner + act]]
        else:
            for x, y, text, which, limit in act:
                wanted.put(x, y, cells(agreed(text)), LOOKS[which], x + limit)
        emulator.feed(writer.changes((3, 2)))
        for y in range(HEIGHT):
            for x in range(WIDTH):
                text, (seen, *drawn) = wanted.texts[y][x], emulator.cell(x, y)
                assert visible(text, tuple(drawn)) == visible(text, attributes(wanted.looks[y][x])), (x, y, wanted.texts[y])
                # this emulator puts the accents of a wide character into its second cell
                wide = x + 1 < WIDTH and not wanted.texts[y][x + 1]
                whole = f"{seen}{emulator.cell(x + 1, y)[0]}" if wide else seen
                assert not text or whole == unicodedata.normalize("NFC", text), (x, y, wanted.texts[y])
        assert (emulator.screen.cursor.x, emulator.screen.cursor.y) == (3, 2)
        assert writer.changes((3, 2)) == "", "what is shown is not sent again"


@given(st.text(max_size=30))
def test_cells_hold_pictures_only(text: str) -> None:
    for ascii_only in (False, True):
        for cell in cells(text, ascii_only=ascii_only):
            assert len(cell) <= MOST_MARKS + 1
            assert cell.isascii() or not ascii_only
            assert all(unicodedata.category(char)[0] not in "CZ" or char in " \ufffd" for char in cell if unicodedata.category(char) != "Cn"), repr(cell)


@pytest.mark.parametrize(
    ("text", "shown"),
    [("▸ Čapek & syn", "> Capek & syn"), ("│ 5 … ─", "| 5 ~ -"), ("株式", "????"), ("ＡＢ", "A B "), ("Łódź ßø", "Lodz so"), ("¾ é ×", "3 e x"), ("e\u0301", "e")],
)
def test_plain_ascii_keeps_the_columns(text: str, shown: str) -> None:
    assert "".join(cells(text, ascii_only=True)) == shown
    assert len(cells(text, ascii_only=True)) == len(cells(text))


@given(st.tuples(st.integers(0, WIDTH - 1), st.integers(0, HEIGHT - 1)), st.tuples(st.integers(0, WIDTH - 1), st.integers(0, HEIGHT - 1)))
def test_every_move_arrives_and_none_is_longer_than_an_absolute_one(before: tuple[int, int], after: tuple[int, int]) -> None:
    emulator = Emulator()
    emulator.feed(motion(None, before) + motion(before, after))
    assert (emulator.screen.cursor.x, emulator.screen.cursor.y) == after
    assert len(motion(before, after)) <= len(motion(None, after))


@given(st.sampled_from(LOOKS), st.sampled_from(LOOKS))
def test_every_change_of_look_arrives(before: Look, after: Look) -> None:
    changed, plain = Emulator(), Emulator()
    changed.feed(change(None, before) + change(before, after) + "x")
    plain.feed(change(None, after) + "x")
    assert changed.cell(0, 0) == plain.cell(0, 0)
    assert len(change(before, after)) <= len(change(None, after))


def test_a_list_that_moves_by_a_line_is_scrolled() -> None:
    writer = Writer(80, 24)
    for y in range(24):
        writer.wanted.put(0, y, f"row {y} {'name of an account ' * 3}{y * 7919}", PLAIN, 80)
    writer.changes()
    writer.wanted.texts[3:20] = [*writer.wanted.texts[4:20], list("a new row at the bottom".ljust(80))]
    assert len(writer.changes()) < 80


def test_a_character_of_doubtful_width_does_not_damage_what_stands_beside_it() -> None:
    writer, emulator = Writer(WIDTH, HEIGHT), Emulator()
    writer.wanted.put(0, 0, "abcdef", PLAIN, WIDTH)
    emulator.feed(writer.changes())
    writer.wanted.put(1, 0, cells("\U0001f1e6"), PLAIN, WIDTH)
    emulator.feed(writer.changes())
    assert "".join(emulator.screen.buffer[0][x].data for x in range(6)) == "a\U0001f1e6cdef"
