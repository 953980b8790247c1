"""A real terminal: the program on a pty, its output kept byte by byte and drawn by an emulator."""

from __future__ import annotations

import contextlib
import fcntl
import os
import pty
import re
import select
import struct
import subprocess
import sys
import termios
import time
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

import psycopg2
import pyte

from tests.books import Books

START = [sys.executable, "-P", "-m", "artui"]
KEYS = {
    "enter": b"\r", "f1": b"\x1bOP", "f2": b"\x1bOQ", "f3": b"\x1bOR", "f5": b"\x1b[15~", "up": b"\x1b[A", "down": b"\x1b[B",
    "pagedown": b"\x1b[6~", "pageup": b"\x1b[5~", "escape": b"\x1b", "asterisk": b"*", "dollar_sign": b"$", "ctrl+c": b"\x03", "ctrl+q": b"\x11", "ctrl+u": b"\x15", "tab": b"\t",
    "left": b"\x1b[D", "right": b"\x1b[C", "home": b"\x1b[1~", "end": b"\x1b[4~", "f4": b"\x1bOS", "f6": b"\x1b[17~", "f7": b"\x1b[18~", "f8": b"\x1b[19~",
    "f9": b"\x1b[20~", "f10": b"\x1b[21~",
}  # fmt: skip
QUIET = 0.25
"""Seconds without a byte after which an answer is complete, of a program that nothing holds up."""


class Terminal:
    """A terminal with a program in it."""

    def __init__(self, process: subprocess.Popen[bytes], master: int, size: tuple[int, int], home: Path | None = None, served: Callable[[], bool] = lambda: False) -> None:
        self.process, self.master, self._home, self._served = process, master, home, served
        self.output = b""
        self.screen = pyte.Screen(*size)
        self._stream = pyte.ByteStream(self.screen)

    def text(self) -> str:
        """What a person sees."""
        return "\n".join(row.rstrip() for row in self.screen.display)

    def press(self, *keys: str) -> None:
        """Send keys by name, or text as it is."""
        for key in keys:
            os.write(self.master, KEYS.get(key, key.encode()))

    def burst(self, *keys: str) -> None:
        """Send keys all in one piece, as they come over a slow line."""
        os.write(self.master, b"".join(KEYS.get(key, key.encode()) for key in keys))

    def answer(self, *keys: str) -> bytes:
        """Send keys together and return all that comes back before the terminal is quiet."""
        before = len(self.output)
        self.press(*keys)
        self.settle()
        return self.output[before:]

    def settle(self, seconds: float = QUIET) -> None:
        """Read until nothing comes for a while.

        What the program works, or waits for a processor on a busy machine, is no part of that while, nor what its server works.
        """
        began, before = time.monotonic(), self._held_up()

        def left() -> float:
            return seconds - (time.monotonic() - began) + max(self._held_up() - before, 0)

        def quiet() -> bool:
            nonlocal began, before
            if self._read(max(left(), 0.01)) or self._runs() or self._served():
                began, before = time.monotonic(), self._held_up()
            return left() <= 0

        self.until(quiet)

    def _held_up(self) -> float:
        """Seconds its threads have worked and have waited for a processor so far; 0 where the system does not tell."""
        told = (each.read_text().split() for each in self._threads("schedstat"))
        with contextlib.suppress(OSError):
            return sum(int(worked) + int(waited) for worked, waited, _ in told) / 1e9
        return 0.0

    def _runs(self) -> bool:
        """Tell whether a thread of it works or waits for a processor at this moment."""
        with contextlib.suppress(OSError):
            return any(each.read_text().rpartition(")")[2].split()[0] == "R" for each in self._threads("stat"))
        return False

    def _threads(self, name: str) -> list[Path]:
        return list(Path(f"/proc/{self.process.pid}/task").glob(f"*/{name}"))

    def resize(self, columns: int, rows: int) -> None:
        """Make the terminal another size."""
        self.screen.resize(rows, columns)
        fcntl.ioctl(self.master, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def picture(self) -> list[list[tuple[object, ...]]]:
        """Every cell as it is seen: text, colours, attributes."""
        return [[seen(self.screen.buffer[y][x]) for x in range(self.screen.columns)] for y in range(self.screen.lines)]

    def until(self, seen: Callable[[], bool], seconds: float = 30) -> None:
        """Read until something is seen; fail with the screen when it is not."""
        deadline = time.monotonic() + seconds
        while not seen():
            assert time.monotonic() < deadline, self.text()
            self._read(0.05)

    def shows(self, words: str) -> None:
        """Wait until the screen holds these words."""
        self.until(lambda: words in self.text() or self.process.poll() is not None)
        assert words in self.text(), f"{self.text()}\n{self.log()}"

    def log(self) -> str:
        """What the program wrote down of faults nobody foresaw, the last of it."""
        log = self._home / "state" / "artui.log" if self._home else None
        return log.read_text(errors="replace")[-6000:] if log and log.is_file() else ""

    def ends(self, status: int, seconds: float = 30) -> None:
        """Wait for the program to end with that status."""
        self.until(lambda: self.process.poll() is not None, seconds)
        self._read(0.05)
        assert self.process.returncode == status

    def hang_up(self) -> None:
        """Close the terminal, as a dropped line does."""
        os.close(self.master)
        self.master = -1

    def _read(self, seconds: float) -> bool:
        """Read what comes within that time; tell whether anything did."""
        if self.master >= 0 and select.select([self.master], [], [], seconds)[0]:
            try:
                received = os.read(self.master, 65536)
            except OSError:
                time.sleep(0.01)
                return False
            self.output += received
            self._stream.feed(received)
            return True
        if self.master < 0:
            time.sleep(0.02)
        return False


def seen(cell: pyte.screens.Char) -> tuple[object, ...]:
    """What of a cell meets the eye: on a blank neither ink nor weight, unless it is underlined, struck or reversed."""
    lines = (cell.underscore, cell.strikethrough, cell.reverse)
    if cell.data in (" ", "\xa0") and not any(lines):
        return (" ", cell.bg, *lines)
    return (cell.data, cell.bg, *lines, cell.fg, cell.bold, cell.italics)


def themed(folder: Path, theme: str) -> dict[str, str]:
    """Variables for a program of that theme, in a terminal of any colour."""
    folder.mkdir(exist_ok=True)
    (folder / "config.toml").write_text(f'[screen]\ntheme = "{theme}"\n')
    return {"ARTUI_HOME": str(folder), "COLORTERM": "truecolor"}


OWN = re.compile(
    r"\x1b\[[0-9;]*[ABCDHJKmr]|\x1bM|\x1b\(B|[\r\n\x08\x0f]"
    r"|\x1b\[\?(?:1049|25|7|2004|2026)[hl]|\x1b\[\?2026\$p"
)
"""All the sequences the port has; nothing else is a command to the terminal."""


def strangers(output: bytes) -> list[str]:
    """What reached the terminal and is neither a picture nor one of our own sequences."""
    text = OWN.sub("", output.decode("utf-8"))
    return sorted({repr(char) for char in text if unicodedata.category(char) in ("Cc", "Cf", "Cs", "Co", "Zl", "Zp") or "\ufe00" <= char <= "\ufe0f"})


@contextmanager
def terminal(books: Books, login: str = "jana", command: Sequence[str] = START, size: tuple[int, int] = (80, 24), **environ: str) -> Iterator[Terminal]:
    """Start the program in a terminal of its own; kill it if it is still there at the end."""
    with seat({**plain(books.environ(login)), **environ}, command, size, lambda: served(books, login)) as opened:
        yield opened


def served(books: Books, login: str) -> bool:
    """Tell whether the server works for somebody at this moment; waiting for a lock is no work."""
    try:
        with closing(psycopg2.connect(books.server.dsn(books.server.superuser, "postgres"))) as connection, connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM pg_stat_activity WHERE datname = %s AND usename = %s AND state = 'active' AND wait_event_type IS DISTINCT FROM 'Lock'", (books.name, login))
            return bool(cursor.fetchone()[0])
    except psycopg2.Error:
        return False


def plain(environ: Mapping[str, str]) -> dict[str, str]:
    """Return the variables with a terminal of no wishes."""
    return {**{name: value for name, value in environ.items() if name not in ("NO_COLOR", "COLORTERM", "LINES", "COLUMNS")}, "TERM": "xterm-256color", "LC_ALL": "C.UTF-8"}


@contextmanager
def seat(environ: Mapping[str, str], command: Sequence[str] = START, size: tuple[int, int] = (80, 24), served: Callable[[], bool] = lambda: False) -> Iterator[Terminal]:
    """Start a program in a terminal of its own with these variables; kill it if it is still there at the end."""
    master, slave = pty.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", size[1], size[0], 0, 0))
    process = subprocess.Popen(
        command, stdin=slave, stdout=slave, stderr=slave, env=dict(environ), start_new_session=True,
        preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),  # noqa: PLW1509 - so that hanging up reaches it
    )  # fmt: skip
    os.close(slave)
    opened = Terminal(process, master, size, Path(environ["ARTUI_HOME"]) if "ARTUI_HOME" in environ else None, served)
    try:
        yield opened
    finally:
        if process.poll() is None:
            process.kill()
            process.wait()
        if opened.master >= 0:
            os.close(opened.master)
