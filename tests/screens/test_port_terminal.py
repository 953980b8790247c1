"""The port on a real terminal: the same picture as the library draws, repaired on demand, left as it was found."""

from __future__ import annotations

import os
import re
import signal
import sys
import termios
import time
from pathlib import Path

import pytest

from tests.books import Books
from tests.screens.terminal import START, Terminal, strangers, terminal, themed
from tests.screens.test_goldens import SCREENS

STORY = ("r", "eyes", "down", "enter", "down", "2", "1", "enter", "f3", "f1", "pagedown", "f3", "f3", "ctrl+u", "株式", "ctrl+u", "zzz", "f5")
READY = "Type what the caller gives:"
NEVER_ASKED = re.compile(rb"\x1b\[\?(?:9|1000|1001|1002|1003|1004|1005|1006|1015|1016|2031|2048)h|\x1b\[>[0-9]*u|\x1b\]")
LEFT = (b"\x1b[?1049l", b"\x1b[?25h", b"\x1b[?2004l", b"\x1b[?7h")


def same_picture(one: Terminal, other: Terminal, seconds: float = 30) -> None:
    """Read both until they show the same; fail with the first cell that differs."""
    deadline = time.monotonic() + seconds
    while one.picture() != other.picture():
        one._read(0.02)
        other._read(0.02)
        if time.monotonic() > deadline:
            pairs = [(x, y, a, b) for y, rows in enumerate(zip(one.picture(), other.picture(), strict=True)) for x, (a, b) in enumerate(zip(*rows, strict=True)) if a != b]
            pytest.fail(f"{len(pairs)} cells differ, first {pairs[0]}\n{one.text()}\n{other.text()}")


@pytest.mark.parametrize("theme", ["terminal", "dark"])
def test_a_story_looks_cell_for_cell_as_the_library_draws_it(office: Books, tmp_path: Path, theme: str) -> None:
    look = themed(tmp_path, theme)
    with terminal(office, **look) as ours, terminal(office, ARTUI_STOCK_OUTPUT="1", **look) as stock:
        for screen in (ours, stock):
            screen.shows(READY)
        same_picture(ours, stock)
        for keys in STORY:
            for screen in (ours, stock):
                screen.press(keys)
            # let both answer, so that a picture both still have is not taken for the answer
            for screen in (ours, stock):
                screen.settle(0.06)
            same_picture(ours, stock)
        assert len(ours.output) * 4 < len(stock.output)


def test_every_golden_screen_looks_cell_for_cell_as_the_library_draws_it(office: Books, tmp_path: Path) -> None:
    with terminal(office, **themed(tmp_path / "ours", "terminal")) as ours, terminal(office, ARTUI_STOCK_OUTPUT="1", **themed(tmp_path / "stock", "terminal")) as stock:
        for screen in (ours, stock):
            screen.shows(READY)
        for words, keys in SCREENS.values():
            for screen in (ours, stock):
                screen.press("f2", "ctrl+u", words, *keys)
            for screen in (ours, stock):
                screen.settle(0.12)
            same_picture(ours, stock)
        assert len(ours.output) * 4 < len(stock.output)


def test_what_something_else_wrote_is_repaired_by_f5(office: Books) -> None:
    with terminal(office) as screen:
        screen.shows(READY)
        screen.press("10442", "enter")
        screen.shows("PAST DUE")
        screen.settle()
        before = screen.picture()
        screen._stream.feed(b"\x1b[5;10HBroadcast message from root: going down\x1b[31m\x1b[2;4r")
        assert screen.picture() != before
        screen.press("f5")
        screen.until(lambda: screen.picture() == before)


def test_a_stop_gives_the_terminal_back_and_going_on_draws_it_again(office: Books) -> None:
    with terminal(office) as screen:
        found = termios.tcgetattr(screen.master)
        screen.shows(READY)
        screen.press("10442")
        screen.shows("▸ 10442")
        screen.settle()
        before, sent = screen.picture(), len(screen.output)
        screen.process.send_signal(signal.SIGTSTP)
        screen.until(lambda: stopped(screen.process.pid))
        screen.settle()
        assert all(sequence in screen.output[sent:] for sequence in LEFT)
        assert termios.tcgetattr(screen.master)[3] & termios.ECHO == found[3] & termios.ECHO
        screen._stream.feed(b"\x1b[2J$ ls\r\nfiles\r\n")
        screen.process.send_signal(signal.SIGCONT)
        screen.until(lambda: screen.picture() == before)
        screen.press("enter")
        screen.shows("Customer 10442")


def stopped(process: int) -> bool:
    """Tell whether a process stands still."""
    return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] == "T"


def test_another_size_is_drawn_whole(office: Books) -> None:
    with terminal(office, COLUMNS="80", LINES="24") as screen:
        screen.shows(READY)
        screen.press("10442", "enter")
        screen.shows("PAST DUE")
        screen.resize(132, 40)
        screen.shows("Original")
        screen.settle()
        with terminal(office, size=(132, 40)) as other:
            other.shows(READY)
            other.press("10442", "enter")
            other.shows("Original")
            same_picture(screen, other)


BROKEN = "import screens.sheet as s; s.Sheet.seen = lambda self, y: 1 / 0; from artui.config import load_config; from screens.app import run; import sys; sys.exit(run(load_config()))"
EXITS = {
    "leaving": (START, lambda screen: screen.press("f3", "f3"), 0),
    "told to stop": (START, lambda screen: screen.process.send_signal(signal.SIGTERM), 0),
    "hung up": (START, lambda screen: screen.process.send_signal(signal.SIGHUP), 0),
    "a fault": ([sys.executable, "-P", "-c", BROKEN], lambda screen: None, 1),
}


@pytest.mark.parametrize("why", EXITS)
def test_nothing_is_left_behind(office: Books, why: str) -> None:
    command, act, status = EXITS[why]
    with terminal(office, command=command) as screen:
        found = termios.tcgetattr(screen.master)
        screen.until(lambda: b"\x1b[?1049h" in screen.output)
        if status == 0:
            screen.shows(READY)
        act(screen)
        screen.ends(status)
        assert termios.tcgetattr(screen.master) == found
        assert not NEVER_ASKED.search(screen.output)
        for sequence in LEFT:
            assert screen.output.rindex(sequence) > screen.output.rindex(b"\x1b[?1049h")
        assert b"Traceback" not in screen.output


def test_a_stop_before_the_first_screen_leaves_nothing_either(office: Books) -> None:
    with terminal(office) as screen:
        screen.until(lambda: b"\x1b[?1049h" in screen.output)
        screen.process.send_signal(signal.SIGTERM)
        screen.ends(0)
        assert screen.output.rindex(b"\x1b[?1049l") > screen.output.rindex(b"\x1b[?1049h")


def test_a_terminal_that_takes_nothing_gets_the_last_state_only(office: Books) -> None:
    with terminal(office) as screen:
        screen.shows(READY)
        screen.press("10442")
        screen.shows("▸ 10442")
        each = len(screen.answer("f1")) + len(screen.answer("f3"))
        before, rounds = len(screen.output), 80
        for _ in range(rounds):
            os.write(screen.master, b"\x1bOP")
            time.sleep(0.008)
            os.write(screen.master, b"\x1bOR")
            time.sleep(0.008)
        screen.until(lambda: READY in screen.text() or "▸ 10442" in screen.text())
        screen.settle()
        assert len(screen.output) - before < each * rounds * 0.8
        assert not strangers(screen.output)


def test_frames_are_used_only_where_the_terminal_says_it_has_them(office: Books) -> None:
    with terminal(office) as screen:
        screen.shows(READY)
        screen.press("10442", "enter")
        screen.shows("PAST DUE")
        assert b"\x1b[?2026h" not in screen.output
        screen.press("\x1b[?2026;2$y")
        for key in ("f3", "enter", "f1", "f3"):
            screen.answer(key)
        assert screen.output.count(b"\x1b[?2026h") == screen.output.count(b"\x1b[?2026l") > 0
        assert "$y" not in screen.text()


@pytest.mark.parametrize(("term", "asked"), [("xterm-256color", True), ("putty-256color", False), ("linux", False)])
def test_terminals_that_would_print_the_question_are_not_asked(office: Books, term: str, asked: bool) -> None:
    with terminal(office, TERM=term) as screen:
        screen.shows(READY)
        assert (b"\x1b[?2026$p" in screen.output) == asked


def test_plain_ascii_is_all_a_terminal_in_another_encoding_gets(office: Books) -> None:
    with terminal(office, LC_ALL="cs_CZ.ISO-8859-2") as screen:
        screen.shows(READY)
        screen.press("20917")
        screen.shows("> 20917 Capek a synove s.r.o.")
        screen.press("enter")
        screen.shows("Customer 20917")
        screen.press("f3", "f3", "f3")
        screen.ends(0)
        assert screen.output.isascii()


def test_a_library_that_was_not_tested_draws_by_itself(office: Books) -> None:
    other = "from screens.port import fitting; fitting.TESTED = ('8.9.0',); from artui.config import load_config; from screens.app import run; import sys; sys.exit(run(load_config()))"
    with terminal(office, command=[sys.executable, "-P", "-c", other]) as screen:
        screen.shows(READY)
        assert b"\x1b[?1004h" in screen.output, "the library's own driver"
        screen.press("10442", "enter")
        screen.shows("PAST DUE")
        screen.press("f3", "f3", "f3")
        screen.ends(0)
