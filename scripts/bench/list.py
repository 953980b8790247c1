"""A list of a million rows beside the library's own table of ten thousand; what the program holds after it was used."""

from __future__ import annotations

import asyncio
import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from artui.config import SAMPLE, Config, load_config
from artui.session import Session
from bench.measure import Measure
from screens.layout import Column
from screens.safe import Part, part
from screens.widgets.listing import ListPage
from screens.widgets.rows import Ask, Order

ROWS = 1_000_000
STOCK_ROWS = 10_000
TIMES = 5
PRIVATE_GOAL = 45.0
COLUMNS = (Column("No.", 9), Column("Name", 20, grows=1), Column("City", 10), Column("Open", 14, right=True))


@dataclass
class Numbers:
    """Rows the server makes from their numbers: keyset pages, one statement each."""

    columns: Sequence[Column] = COLUMNS
    sorts: Mapping[int, str] = field(default_factory=lambda: {0: "number"})

    def rows(self, session: Session | None, ask: Ask[int]) -> Sequence[int]:
        """Return the numbers asked for."""
        if session is None:
            return ()
        low, high, rising = 1, ROWS, not ask.order.falling
        known = ask.at or ask.after or ask.before
        if known is not None:
            after = (known if ask.at else known + 1, high) if ask.before is None else (low, known - 1)
            before = (low, known if ask.at else known - 1) if ask.before is None else (known + 1, high)
            low, high = after if rising else before
        backwards = ask.last or ask.before is not None
        up = rising != backwards
        if ask.find:
            first, end, step = (low, high, 1) if up else (high, low, -1)
        else:
            first, end, step = (low, min(high, low + ask.n - 1), 1) if up else (high, max(low, high - ask.n + 1), -1)
        found = session.query("SELECT n FROM generate_series(%s::int, %s::int, %s::int) n WHERE %s = '' OR n::text LIKE %s LIMIT %s", (first, end, step, ask.find, f"%{ask.find}%", ask.n))
        numbers = [number for (number,) in found]
        return numbers[::-1] if backwards else numbers

    def count(self, session: Session | None, order: Order) -> int | None:
        """Say how many there are."""
        return ROWS

    def key(self, row: int) -> Hashable:
        """A number is known by itself."""
        return row

    def cells(self, row: int) -> Sequence[Part]:
        """Draw a number as an account."""
        return [part(row), part(f"Customer {row}"), part("Olomouc"), part(f"{row}.00")]


class Rows(ListPage[int], inherit_bindings=False):
    """The list."""

    async def open_row(self, row: int) -> None:
        """Open nothing."""


def measures(config: Config) -> list[Measure]:
    """Measure both in processes of their own, one after the other."""
    ours, stock = _child("ours"), _child("stock")
    return [
        Measure("open a list of 1,000,000 rows / stock table of 10,000", ours["open"], stock["open"], "ms", 0.1),
        Measure("private memory after end, sort and search", ours["private"], PRIVATE_GOAL, "MiB", 1.0, note="limit 45 MiB"),
        Measure("rows held", ours["held"], 400, "rows", 1.0),
    ]


def _child(what: str) -> dict[str, float]:
    scripts = Path(__file__).resolve().parents[1]
    env = {**os.environ, "PYTHONPATH": f"{scripts}{os.pathsep}{scripts.parent}"}
    done = subprocess.run([sys.executable, "-P", "-m", "bench.list", what], capture_output=True, text=True, check=False, env=env)
    if done.returncode:
        raise RuntimeError(done.stderr)
    answer: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return answer


async def _at_rest(pilot: Any) -> None:
    await pilot._wait_for_screen()
    while list(pilot.app.workers) or pilot.app.ahead.waiting:
        await asyncio.sleep(0.001)
    await pilot._wait_for_screen()


async def ours() -> dict[str, float]:
    """Open the list, go to its end, sort, search, page about."""
    from screens.app import ArtuiApp

    app = ArtuiApp(load_config(), "jana", SAMPLE)
    app.gateway.start()
    opened = []
    async with app.run_test(size=(80, 24)) as pilot:
        await _at_rest(pilot)
        for _ in range(TIMES):
            start = time.perf_counter()
            page = Rows(Numbers())
            await app.push_screen(page)
            while not page.rows.known:
                await asyncio.sleep(0.0005)
            await pilot._wait_for_screen()
            opened.append((time.perf_counter() - start) * 1000)
            if len(opened) < TIMES:
                await app.pop_screen()
        for key, times in (("end", 1), ("pageup", 200), ("greater_than_sign", 2), ("pagedown", 200), ("down", 200), ("home", 1)):
            for _ in range(times):
                app.simulate_key(key)
            await _at_rest(pilot)
        await pilot.press("slash", *"999", "enter")
        await _at_rest(pilot)
        held = len(page.rows._window.rows)
    app.gateway.close()
    return {"open": statistics.median(opened), "private": _private(), "held": held}


async def stock() -> dict[str, float]:
    """Fill the library's own table."""
    from textual.app import App, ComposeResult
    from textual.widgets import DataTable

    class Stock(App[None]):
        def compose(self) -> ComposeResult:
            yield DataTable()

    async with Stock().run_test(size=(80, 24)) as pilot:
        table = pilot.app.query_one(DataTable)
        start = time.perf_counter()
        table.add_columns("No.", "Name", "City", "Open")
        table.add_rows((str(row), f"Customer {row}", "Olomouc", f"{row}.00") for row in range(STOCK_ROWS))
        await pilot.pause()
        await pilot._wait_for_screen()
        return {"open": (time.perf_counter() - start) * 1000}


def _private() -> float:
    lines = Path("/proc/self/smaps_rollup").read_text(encoding="ascii").splitlines()
    return sum(int(line.split()[1]) for line in lines if line.startswith("Private")) / 1024


if __name__ == "__main__":
    print(json.dumps(asyncio.run(ours() if sys.argv[1] == "ours" else stock())))
