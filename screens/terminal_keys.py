"""What each key arrives as on a terminal, and which setting of it to change when that is wrong. No books are needed."""

from __future__ import annotations

import os
import select
import sys
import termios
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from textual import constants, events

from screens.commands import shown_key
from screens.port.keys import Keyboard
from screens.safe import shown

LEAVE_KEY = "ctrl+c"
_FUNCTION_KEYS = "Terminal > Keyboard > The Function keys and keypad"
_ADVICE = {
    **{
        b"\x1bO" + letter: f"F{number} as VT100+ sends it. PuTTY: {_FUNCTION_KEYS} > ESC[n~ (or Linux, or Xterm R6)."
        for number, letter in enumerate((b"T", b"U", b"V", b"W", b"X", b"Y"), 5)
    },
    b"\x7f": "Backspace as it should be. Should it have been Delete: PuTTY: Terminal > Keyboard > The Backspace key > Control-?.",
    b"\x08": "Ctrl+H, or Backspace on a terminal that sends it so: it deletes to the left all the same.",
    b"\n": "Ctrl+J, or Enter of the keypad inside tmux: it is taken for Enter.",
    b"\x1b": "Esc alone: the program waits a moment whether more follows. F3 does not wait.",
    b"\x1b[[A": "F1 of the Linux console, or PuTTY with Linux function keys.",
    b"\x13": "Ctrl+S: some terminals freeze their own output on it and go on with Ctrl+Q. The program does not use it.",
}
_SCO = {bytes([0x1B, 0x5B, letter]): f"F{number}" for number, letter in enumerate(b"MNOPQRSTUVWX", 1)}
_EIGHT_BIT = "A key in another encoding than UTF-8. PuTTY: Window > Translation > Remote character set > UTF-8."


@dataclass(frozen=True)
class Arrival:
    """One key: the bytes that came, the names the program knows them by, and what to change; empty when all is well."""

    came: bytes
    names: tuple[str, ...]
    advice: str = ""

    @property
    def told(self) -> str:
        """Say it in one line."""
        names = " then ".join(shown_key(name) for name in self.names) or "nothing"
        return f"{_spelled(self.came):24} {shown(names):20} {self.advice}".rstrip()


def arrival(came: bytes) -> Arrival:
    """Say what bytes that arrived together mean."""
    try:
        text = came.decode("utf-8")
    except UnicodeDecodeError:
        return Arrival(came, (), _EIGHT_BIT)
    keyboard = Keyboard()
    # nothing more follows: what is still open is over
    tokens = [*keyboard.feed(text), *keyboard.rest()]
    if any(isinstance(token, events.Paste) for token in tokens):
        return Arrival(came, (), "Pasted text.")
    names = tuple(token.key for token in tokens if isinstance(token, events.Key))
    return Arrival(came, names, _advice(came, names))


def _advice(came: bytes, names: tuple[str, ...]) -> str:
    if came in _ADVICE:
        return _ADVICE[came]
    if came in _SCO:
        return f"Perhaps {_SCO[came]} as SCO sends it. PuTTY: {_FUNCTION_KEYS} > ESC[n~."
    if names[:1] == ("escape",) and len(names) > 1:
        return "Alt, taken for Esc and the key alone: the program needs no Alt."
    if not names:
        return "Nothing reaches the program: another key for the same is on F1."
    return ""


def _spelled(came: bytes) -> str:
    """Write bytes so that they can be told to somebody on the phone."""
    return " ".join("Esc" if byte == 0x1B else chr(byte) if 0x20 < byte < 0x7F else f"x{byte:02X}" for byte in came[:12]) + (" ..." if len(came) > 12 else "")


INTRODUCTION = f"""\
Press any key: here is what arrives, what the program takes it for, and what to change when that is wrong.
Try F1 to F10, Enter of both keypads, Esc, Backspace, Del, Home, End, PgUp, PgDn, the arrows, Ctrl+letter.
{shown_key(LEAVE_KEY)} leaves.
"""


def watch(ascii_only: bool) -> int:
    """Tell of every key until Ctrl+C, on a terminal that passes them all through."""
    keyboard = sys.stdin.fileno()
    print(INTRODUCTION)
    print(f"{'bytes':24} {'taken for':20}")
    with _every_key(keyboard):
        while True:
            came = _press(keyboard)
            if not came or came == b"\x03":
                return 0
            told = arrival(came).told
            sys.stdout.write((told.encode("ascii", "replace").decode() if ascii_only else told) + "\n")
            sys.stdout.flush()


def _press(keyboard: int) -> bytes:
    """Read what one key sends: bytes that follow within the time of an escape sequence belong to it."""
    try:
        came = os.read(keyboard, 64)
        while came.startswith(b"\x1b") and len(came) < 64 and select.select([keyboard], [], [], constants.ESCAPE_DELAY)[0]:
            came += os.read(keyboard, 64)
    except OSError:
        return b""
    return came


@contextmanager
def _every_key(keyboard: int) -> Iterator[None]:
    """Let no key mean anything to the terminal itself; lines still end as lines."""
    before = termios.tcgetattr(keyboard)
    after = [*before[:6], [*before[6]]]
    after[0] &= ~(termios.IXON | termios.IXOFF | termios.ICRNL | termios.INLCR | termios.IGNCR)
    after[3] &= ~(termios.ECHO | termios.ICANON | termios.IEXTEN | termios.ISIG)
    after[6][termios.VMIN], after[6][termios.VTIME] = 1, 0
    termios.tcsetattr(keyboard, termios.TCSADRAIN, after)
    try:
        yield
    finally:
        termios.tcsetattr(keyboard, termios.TCSADRAIN, before)
