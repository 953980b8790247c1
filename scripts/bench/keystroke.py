"""What the last key of a text takes on the lookup screen of two companies, from the key to the last byte of the answer."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from contextlib import ExitStack

from artui.config import Config
from artui.db.company import server
from artui.session import own_login
from bench.measure import Measure, median, percentile
from bench.pty_program import PtyProgram

CLEAR = b"\x15"
QUIET = 0.4
"""Seconds without a byte after which an answer is complete: longer than any answer may take."""
SAMPLES = 16
"""Of each kind in each company, at least; of each text at least two."""


def keystrokes(config: Config, companies: tuple[str, str], texts: Mapping[str, Sequence[str]], note: str) -> list[Measure]:
    """Return the last keystroke of each kind of text, the first company over the second; the two take turns.

    The pause of the box, in which it waits for another key, is in both.
    """
    every: tuple[list[float], list[float]] = ([], [])
    lines = []
    with ExitStack() as stack:
        programs = [stack.enter_context(_program(config, company)) for company in companies]
        for kind, some in texts.items():
            for program in programs:
                _last_key(program, some[0])
            times: tuple[list[float], list[float]] = ([], [])
            for turn in range(max(2, -(-SAMPLES // len(some)))):
                for text in some:
                    for which in (0, 1) if turn % 2 else (1, 0):
                        times[which].append(_last_key(programs[which], text))
            for which in (0, 1):
                every[which].extend(times[which])
            lines.append(Measure(f"keystroke, {kind}", median(times[0]), median(times[1]), "ms", 1.2, note=f"{len(some)} texts"))
    whole = [
        Measure("keystroke to the last byte, all kinds, p50", median(every[0]), median(every[1]), "ms", 1.2, note=note),
        Measure("keystroke to the last byte, all kinds, p95", percentile(every[0], 0.95), percentile(every[1], 0.95), "ms", 1.2),
    ]
    return [*whole, *lines]


def _program(config: Config, company: str) -> PtyProgram:
    dsn = server(config).dsn(own_login(), company)
    return PtyProgram([sys.executable, "-P", "-m", "artui"], ARTUI_DATABASE_URL=dsn)


def _last_key(program: PtyProgram, text: str) -> float:
    """Type a text into the empty box without a pause, and time its last key: the answer always changes the picture."""
    program.send(CLEAR)
    program.settle(QUIET)
    if len(text) > 1:
        program.send(text[:-1].encode())
    return program.press(text[-1].encode(), QUIET).last
