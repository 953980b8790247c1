"""The program's end of the terminal: its modes, its keys, its size, and the one way out to it."""

from __future__ import annotations

import asyncio
import atexit
import codecs
import contextlib
import os
import re
import signal
import sys
import termios
from collections.abc import Callable
from typing import Any, TextIO

from rich.color import ColorSystem
from textual import constants, events
from textual._compositor import ChopsUpdate, LayoutUpdate
from textual.driver import Driver
from textual.geometry import Size
from textual.message import Message
from textual.strip import Strip

from screens.port.cells import cells
from screens.port.keys import Keyboard
from screens.port.line import Line
from screens.port.sgr import Look, look_of
from screens.port.writer import Writer

ENTER = "\x1b[?1049h\x1b[?25l\x1b[?7l\x1b[?2004h"
"""The alternate screen without cursor and wrapping; what is pasted arrives marked. No mouse, no focus reports."""
LEAVE = "\x1b[?2026l\x1b[m\x1b[r\x1b[?2004l\x1b[?7h\x1b[?25h\x1b[?1049l\x1b[?25h"
LEAVE_PLAINLY = LEAVE.removeprefix("\x1b[?2026l")
ASK_FOR_FRAMES = "\x1b[?2026$p"
"""Does it show an update all at once? A terminal that does not know the question may print a letter: it is asked before the first clearing."""
FRAME, FRAME_ENDS = "\x1b[?2026h", "\x1b[?2026l"
FRAMED_FROM = 1024
"""Bytes from which an update is worth the frame's sixteen."""
BELL = "\x07"
CLIPBOARD = re.compile(r"\x1b\]52;c;[A-Za-z0-9+/=]{0,65536}\x07")
ERASES_IN_COLOUR = ("xterm", "putty", "tmux", "linux", "alacritty", "foot", "kitty", "wezterm", "konsole", "vte", "st-", "rxvt", "iterm", "ghostty")


class PortDriver(Driver):
    """Show screens on a terminal through a Writer, and pass on what is typed."""

    def __init__(self, app: Any, *, debug: bool = False, mouse: bool = False, size: tuple[int, int] | None = None, ascii_only: bool = False) -> None:
        super().__init__(app, debug=debug, mouse=False, size=size)
        self._keyboard, self._screen = _terminal(sys.__stdin__), _terminal(sys.__stdout__, sys.__stderr__, sys.__stdin__)
        self._ascii = ascii_only
        self._size = self._terminal_size()
        term = os.environ.get("TERM", "")
        self.writer = Writer(*self._size, coloured_erasing=term.startswith(ERASES_IN_COLOUR))
        self._looks: dict[Any, Look] = {}
        self._line: Line | None = None
        self._before: list[Any] | None = None
        self._typed = Keyboard()
        self._decode = codecs.getincrementaldecoder("utf-8")("replace").decode
        self._esc: asyncio.TimerHandle | None = None
        self._owed = False
        self._cursor: tuple[int, int] | None = None

    # what goes out

    def paint(self, update: LayoutUpdate | ChopsUpdate, cursor: tuple[int, int] | None) -> None:
        """Take over what changed on the screen, and send it as soon as the line is free."""
        if isinstance(update, LayoutUpdate):
            for y, line in enumerate(update.strips, update.region.y):
                x = update.region.x
                for strip in line:
                    self._put(x, y, strip, self.writer.wanted.width)
                    x += strip.cell_length
        else:
            for y, first, last in update.spans:
                for end, (x, piece) in zip(update.chop_ends[y], update.chops[y].items(), strict=False):
                    if piece is not None and x <= last and end > first:
                        self._put(x, y, piece, min(end, last))
        self._cursor = cursor
        self._send_changes()

    def repaint(self) -> None:
        """Draw everything again: something else wrote on the terminal."""
        self.writer.forget()
        self._send_changes()

    def write(self, data: str) -> None:
        """Send a bell or a copy for the clipboard; nothing else goes past the writer."""
        if self._line is not None and (data == BELL or CLIPBOARD.fullmatch(data)):
            self._line.send(data.encode())

    def _put(self, x: int, y: int, strip: Strip, limit: int) -> None:
        looks, put = self._looks, self.writer.wanted.put
        for text, style, control in strip:
            if control:
                continue
            look = looks.get(style)
            if look is None:
                look = looks[style] = look_of(style, self._colours())
            laid = cells(text, ascii_only=self._ascii)
            put(x, y, laid, look, limit)
            x += len(laid)

    def _colours(self) -> ColorSystem | None:
        if self._app.no_color:
            return None
        named = self._app.console.color_system
        return {"standard": ColorSystem.STANDARD, "256": ColorSystem.EIGHT_BIT, "truecolor": ColorSystem.TRUECOLOR}.get(named or "")

    def _send_changes(self) -> None:
        if self._line is None or not self._line.free:
            # a slow terminal gets the latest state, not every one on the way to it
            self._owed = True
            return
        self._owed = False
        sent = self.writer.changes(self._cursor)
        if len(sent) >= FRAMED_FROM and self._app._sync_available:
            sent = f"{FRAME}{sent}{FRAME_ENDS}"
        if sent:
            self._line.send(sent.encode("ascii" if self._ascii else "utf-8", "replace"))

    def _when_free(self) -> None:
        if self._owed:
            self._send_changes()

    # the terminal's modes

    def start_application_mode(self) -> None:
        """Take the terminal over."""
        self._line = Line(self._screen, self._when_free)
        self._before = _attributes(self._keyboard)
        for name, act in self._acts().items():
            self._loop.add_signal_handler(name, act)
        atexit.register(self._restore)
        self._enter()

    def stop_application_mode(self) -> None:
        """Give the terminal back as it was."""
        self.disable_input()
        self._restore()
        for name in self._acts():
            self._loop.remove_signal_handler(name)

    def disable_input(self) -> None:
        """Listen no more."""
        self._loop.remove_reader(self._keyboard)
        if self._esc is not None:
            self._esc.cancel()
        with contextlib.suppress(termios.error):
            termios.tcflush(self._keyboard, termios.TCIFLUSH)

    def _enter(self) -> None:
        _raw(self._keyboard, self._before)
        self._typed = Keyboard()
        self._loop.add_reader(self._keyboard, self._read)
        self._line_send(ENTER + (ASK_FOR_FRAMES if _may_ask() else ""))
        self._resized()

    def _restore(self) -> None:
        """Put modes and settings back; also at the very end, whatever happened before."""
        atexit.unregister(self._restore)
        if self._line is None:
            return
        line, self._line = self._line, None
        line.send((LEAVE if self._app._sync_available else LEAVE_PLAINLY).encode())
        line.close()
        if self._before is not None:
            with contextlib.suppress(termios.error):
                termios.tcsetattr(self._keyboard, termios.TCSANOW, self._before)

    def _line_send(self, sequence: str) -> None:
        if self._line is not None:
            self._line.send(sequence.encode())

    def _acts(self) -> dict[signal.Signals, Callable[[], object]]:
        return {
            signal.SIGWINCH: self._resized,
            signal.SIGHUP: self._leave,
            signal.SIGTERM: self._leave,
            signal.SIGTSTP: self._pause,
            signal.SIGCONT: self._continue,
        }

    def _leave(self) -> None:
        self._app.exit()

    def _pause(self) -> None:
        """Give the terminal to whoever stops us, until they let us go on."""
        self._loop.remove_reader(self._keyboard)
        self._line_send(LEAVE_PLAINLY)
        if self._before is not None:
            termios.tcsetattr(self._keyboard, termios.TCSANOW, self._before)
        os.kill(os.getpid(), signal.SIGSTOP)

    def _continue(self) -> None:
        """Take the terminal again and draw everything: who knows what stands there now."""
        self._enter()
        self.repaint()

    # what comes in

    def _terminal_size(self) -> tuple[int, int]:
        try:
            width, height = os.get_terminal_size(self._screen)
        except OSError:
            width, height = 0, 0
        return width or 80, height or 24

    def _resized(self) -> None:
        size = self._terminal_size()
        if size != self._size:
            self._size = size
            self.writer.resize(*size)
            shape = Size(*size)
            self.process_message(events.Resize(shape, shape))

    def send_message(self, message: Message) -> None:
        """Give the program a message: we are on its own thread."""
        self._app.post_message(message)

    def _read(self) -> None:
        """Pass on what was typed; a terminal that is gone ends the program."""
        try:
            typed = os.read(self._keyboard, 4096)
        except BlockingIOError:
            return
        except OSError:
            typed = b""
        if not typed:
            self._loop.remove_reader(self._keyboard)
            self._leave()
            return
        for event in self._typed.feed(self._decode(typed)):
            self.process_message(event)
        if self._esc is not None:
            self._esc.cancel()
        self._esc = self._loop.call_later(constants.ESCAPE_DELAY, self._tick)

    def _tick(self) -> None:
        """Let an Esc that nothing followed be an Esc."""
        self._esc = None
        for event in self._typed.rest():
            self.process_message(event)


def _terminal(*streams: TextIO | None) -> int:
    """Return the descriptor of the first stream that is a terminal."""
    for stream in streams:
        with contextlib.suppress(AttributeError, ValueError, OSError):
            if stream is not None and stream.isatty():
                return stream.fileno()
    return 0


def _may_ask() -> bool:
    """Tell whether the terminal may be asked a question; Apple's prints part of it, the console of a bare machine all of it."""
    return os.environ.get("TERM_PROGRAM") != "Apple_Terminal" and not os.environ.get("TERM", "").startswith(("linux", "vt", "dumb", "putty"))


def _attributes(descriptor: int) -> list[Any] | None:
    try:
        return termios.tcgetattr(descriptor)
    except termios.error:
        return None


def _raw(descriptor: int, before: list[Any] | None) -> None:
    """Let every key come through as it is, and every byte go out as it is."""
    if before is None:
        return
    after = [*before[:6], [*before[6]]]
    after[0] &= ~(termios.IXON | termios.IXOFF | termios.ICRNL | termios.INLCR | termios.IGNCR | termios.ISTRIP)
    after[1] &= ~termios.OPOST
    after[3] &= ~(termios.ECHO | termios.ICANON | termios.IEXTEN | termios.ISIG)
    after[6][termios.VMIN], after[6][termios.VTIME] = 1, 0
    with contextlib.suppress(termios.error):
        termios.tcsetattr(descriptor, termios.TCSANOW, after)
