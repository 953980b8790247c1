"""How much the command line costs before it does anything: processor time, against what the interpreter and its drivers cost alone."""

from __future__ import annotations

import os
import subprocess
import sys
import time

from artui.config import Config
from bench.measure import Measure, median

RUNS = 9


def measures(config: Config) -> list[Measure]:
    """Return processor time of `artui --version` and of a lookup in the sample, each over its floor."""
    interpreter = [sys.executable, "-P"]
    floor = _cost([*interpreter, "-c", "pass"])
    drivers = _cost([*interpreter, "-c", "import peewee, psycopg2"])
    version = _cost([*interpreter, "-m", "artui", "--version"])
    lookup = _cost([*interpreter, "-m", "artui", "lookup", "--sample", "--as", "jana", "--format", "json", "10001"])
    return [
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
