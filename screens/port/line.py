"""The line to the terminal: bytes go out as it takes them, and the program never waits for a slow one."""

from __future__ import annotations

import asyncio
import contextlib
import os
import select
import time
from collections.abc import Callable

LAST_WORDS_SECONDS = 1.0
"""How long a terminal may take to accept what puts it in order at the end."""


class Line:
    """Write to a terminal; `when_free` is called each time what was waiting has gone out."""

    def __init__(self, descriptor: int, when_free: Callable[[], None]) -> None:
        self._descriptor, self._own = _without_waiting(descriptor)
        self._when_free = when_free
        self._waiting = b""
        self._broken = False

    @property
    def free(self) -> bool:
        """Tell whether everything sent has gone out."""
        return not self._waiting

    def send(self, data: bytes) -> None:
        """Send after what is still waiting."""
        if self._waiting:
            self._waiting += data
        else:
            self._waiting = data[self._taken(data) :]
            if self._waiting:
                asyncio.get_running_loop().add_writer(self._descriptor, self._go_on)

    def close(self) -> None:
        """Let go of the terminal, giving what is waiting a moment to go out."""
        if self._waiting and not self._broken:
            with contextlib.suppress(RuntimeError):
                asyncio.get_running_loop().remove_writer(self._descriptor)
            deadline = time.monotonic() + LAST_WORDS_SECONDS
            while self._waiting and time.monotonic() < deadline:
                select.select([], [self._descriptor], [], 0.1)
                self._waiting = self._waiting[self._taken(self._waiting) :]
        if self._own:
            os.close(self._descriptor)
            self._own = False

    def _go_on(self) -> None:
        self._waiting = self._waiting[self._taken(self._waiting) :]
        if not self._waiting:
            asyncio.get_running_loop().remove_writer(self._descriptor)
            self._when_free()

    def _taken(self, data: bytes) -> int:
        """Write what the terminal takes now; of a terminal that is gone, everything."""
        if self._broken:
            return len(data)
        try:
            return os.write(self._descriptor, data)
        except BlockingIOError:
            return 0
        except OSError:
            self._broken = True
            return len(data)


def _without_waiting(descriptor: int) -> tuple[int, bool]:
    """Open the terminal once more for ourselves: setting the shared one not to wait would outlive the program.

    Returns the descriptor and whether it is ours; where the terminal may not be opened, the shared one, which waits.
    """
    try:
        return os.open(os.ttyname(descriptor), os.O_WRONLY | os.O_NOCTTY | os.O_NONBLOCK | os.O_CLOEXEC), True
    except OSError:
        return descriptor, False
