"""A program on a pty of a benchmark: what it sends, how long it takes, and the processor time it spends."""

from __future__ import annotations

import fcntl
import os
import pty
import select
import struct
import subprocess
import termios
import time
from collections.abc import Sequence
from dataclasses import dataclass
from types import TracebackType

PROCESSOR_CLOCK = 2
"""Linux has a clock for every process, told by its number and this: the time of all its threads."""
QUIET = 0.2
"""Seconds without a byte after which an answer is complete."""


@dataclass(frozen=True)
class Answer:
    """What one key brought: milliseconds to the first and the last byte, bytes, processor milliseconds."""

    first: float
    last: float
    size: int
    cpu: float


class PtyProgram:
    """Run a command on a terminal of its own until the block ends."""

    def __init__(self, command: Sequence[str], size: tuple[int, int] = (80, 24), **environ: str) -> None:
        self._command, self._size = command, size
        self._environ = {
            **{name: value for name, value in os.environ.items() if name not in ("NO_COLOR", "COLUMNS", "LINES")},
            "TERM": "xterm-256color",
            "LC_ALL": "C.UTF-8",
            **environ,
        }
        self.output = b""

    def __enter__(self) -> PtyProgram:
        """Start it."""
        self._master, slave = pty.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", self._size[1], self._size[0], 0, 0))
        self.started = time.perf_counter()
        self._process = subprocess.Popen(
            self._command, stdin=slave, stdout=slave, stderr=slave, env=self._environ, start_new_session=True
        )
        os.close(slave)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        """Stop it."""
        self._process.kill()
        self._process.wait()
        os.close(self._master)

    def until(self, words: bytes, seconds: float = 30) -> float:
        """Read until these words come; return the milliseconds since the start."""
        deadline = time.monotonic() + seconds
        while words not in self.output:
            if not self._more(0.5) and (time.monotonic() > deadline or self._process.poll() is not None):
                raise TimeoutError(f"{self._command[0]} did not show {words!r}: {self.output[-300:]!r}")
        return (time.perf_counter() - self.started) * 1000

    def settle(self, quiet: float = QUIET) -> None:
        """Read until nothing comes."""
        while self._more(quiet):
            pass

    def send(self, keys: bytes) -> None:
        """Send keys and wait for nothing."""
        os.write(self._master, keys)

    def press(self, keys: bytes, quiet: float = QUIET) -> Answer:
        """Send keys and read the answer."""
        before, spent = len(self.output), self.cpu()
        sent = time.perf_counter()
        os.write(self._master, keys)
        first = last = sent
        while self._more(quiet):
            last = time.perf_counter()
            first = last if first == sent else first
        return Answer((first - sent) * 1000, (last - sent) * 1000, len(self.output) - before, self.cpu() - spent)

    def cpu(self) -> float:
        """Return the processor milliseconds it has spent so far, those of threads that have ended included."""
        try:
            return time.clock_gettime(~self._process.pid << 3 | PROCESSOR_CLOCK) * 1000
        except OSError:
            fields = _stat(self._process.pid)
            return (int(fields[11]) + int(fields[12])) * 1000 / os.sysconf("SC_CLK_TCK")

    def _more(self, seconds: float) -> bool:
        if not select.select([self._master], [], [], seconds)[0]:
            return False
        try:
            received = os.read(self._master, 65536)
        except OSError:
            return False
        self.output += received
        return bool(received)


def _stat(process: int) -> list[str]:
    with open(f"/proc/{process}/stat", encoding="utf-8", errors="replace") as file:
        return file.read().rpartition(")")[2].split()
