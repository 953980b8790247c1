"""What starting costs: a command before it does anything, and the program from login to its first screen."""

from __future__ import annotations

import os
import subprocess
import sys
import time

from artui.config import Config
from bench.measure import Measure, median
from bench.pty_program import PtyProgram

RUNS = 9
ONE_WORD = """
from textual.app import App
from textual.widgets import Static
class OneWord(App):
    def compose(self):
        yield Static("one word")
OneWord().run(mouse=False)
"""


def measures(config: Config) -> list[Measure]:
    """Return processor time of `artui --version` and of a lookup in the sample, each over its floor."""
    interpreter = [sys.executable, "-P"]
    floor = _cost([*interpreter, "-c", "pass"])
    drivers = _cost([*interpreter, "-c", "import peewee, psycopg2"])
    version = _cost([*interpreter, "-m", "artui", "--version"])
    lookup = _cost([*interpreter, "-m", "artui", "lookup", "--sample", "--as", "jana", "--format", "json", "10001"])
    one_word, program = _first_screens(
        ([*interpreter, "-c", ONE_WORD], b"one word"), ([*interpreter, "-m", "artui", "--sample", "--as", "jana"], b"Type what the caller gives")
    )
    return [
        Measure(
            "first screen / a Textual program of one word",
            program[0],
            one_word[0],
            "CPU ms",
            1.1,
            note=f"wall {program[1]:.0f} / {one_word[1]:.0f} ms",
        ),
        Measure(
            "artui --version / python -c pass",
            version[0],
            floor[0],
            "CPU ms",
            note=f"wall {version[1]:.0f} ms",
        ),
        Measure(
            "artui lookup / python importing peewee and psycopg2",
            lookup[0],
            drivers[0],
            "CPU ms",
            note=f"wall {lookup[1]:.0f} ms",
        ),
    ]


def _first_screens(*starts: tuple[list[str], bytes]) -> list[tuple[float, float]]:
    """Return the median processor and wall time of each program until its words are seen on a terminal, in ms; they take turns."""
    times: list[list[tuple[float, float]]] = [[] for _ in starts]
    for _ in range(RUNS):
        for (command, words), taken in zip(starts, times, strict=True):
            with PtyProgram(command) as program:
                passed = program.until(words)
                taken.append((program.cpu(), passed))
    return [(median(spent for spent, _ in taken), median(passed for _, passed in taken)) for taken in times]


def _cost(command: list[str]) -> tuple[float, float]:
    """Return the median processor and wall time of a command, in ms."""
    spent: list[float] = []
    passed: list[float] = []
    for _ in range(RUNS):
        start = time.perf_counter()
        process = subprocess.Popen(
            command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, stdin=subprocess.DEVNULL
        )
        _, _, usage = os.wait4(process.pid, 0)
        passed.append((time.perf_counter() - start) * 1000)
        spent.append((usage.ru_utime + usage.ru_stime) * 1000)
    return median(spent), median(passed)
