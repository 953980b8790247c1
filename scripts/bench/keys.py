"""What a key costs: bytes, milliseconds and processor time, beside vim and visidata in the same run."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from pathlib import Path

from artui.config import Config
from bench.measure import Measure, median
from bench.pty_program import Answer, PtyProgram

DOWN, PAGE, ENTER, BACK = b"\x1b[B", b"\x1b[6~", b"\r", b"\x1bOR"
ROUNDS = 12
VISIDATA = "ARTUI_BENCH_VISIDATA"
"""Names a visidata outside PATH."""
Keys = dict[str, list[Answer]]


def measures(config: Config) -> list[Measure]:
    """Return what typing, moving by rows and pages, opening and going back cost in the sample."""
    with tempfile.TemporaryDirectory() as folder:
        rows = Path(folder) / "rows.csv"
        rows.write_text("number,name,city,balance\n" + "".join(f"{n:06},Customer {n:06} of the benchmark and Company Ltd,{n * 17:011}.00,Brno\n" for n in range(10_000)))
        vim, visidata = _vim(rows), _visidata(rows)
        ours = _ours(80, 24)
        wide = _ours(200, 60)
        dark = _ours(80, 24, COLORTERM="truecolor", ARTUI_THEME="dark")
    lines = [
        _bytes("letter, bytes", ours, "letter", vim, 1.0),
        _bytes("letter, bytes, truecolor", dark, "letter", vim),
        _bytes("row, bytes", ours, "row", vim, 1.0),
        _bytes("row, bytes, truecolor", dark, "row", vim, 1.2),
        _bytes("page, bytes", ours, "page", vim, 1.0),
        _bytes("row at 200x60, bytes", wide, "row", None),
        _bytes("opening a card, bytes", ours, "open", None),
        _bytes("going back, bytes", ours, "back", None),
        _time("row, ms to the last byte / visidata", ours, "row", visidata, 0.3),
        _time("row, ms to the last byte / vim", ours, "row", vim, None),
        _time("letter, ms to the last byte / vim", ours, "letter", vim, None),
        _time("opening a card, ms to the last byte", ours, "open", None, None),
        _time("going back, ms to the last byte", ours, "back", None, None),
    ]
    return [*lines, *(_cpu(f"{name}, processor", ours, name, visidata if name == "row" else None) for name in ("letter", "row", "page", "open", "back"))]


def _ours(width: int, height: int, **environ: str) -> Keys:
    command = [sys.executable, "-P", "-m", "artui", "--sample", "--as", "jana"]
    with PtyProgram(command, (width, height), **environ) as program:
        program.until(b"Type what the caller gives")
        program.settle()
        program.press(b"zzz")
        letters = [program.press(b"z") for _ in range(ROUNDS)]
        program.press(b"\x15")
        program.press(b"a")
        rows = [program.press(DOWN) for _ in range(ROUNDS)]
        pages = [program.press(PAGE) for _ in range(3)]
        opened, back = [], []
        for _ in range(ROUNDS // 2):
            opened.append(program.press(ENTER))
            back.append(program.press(BACK))
    return {"letter": letters, "row": rows, "page": pages, "open": opened, "back": back}


def _vim(rows: Path) -> Keys | None:
    if shutil.which("vim") is None:
        return None
    # as it comes, with the place in the file at the bottom
    command = ["vim", "--clean", "-n", "-i", "NONE", "-c", "set cursorline ruler", str(rows)]
    with PtyProgram(command) as program:
        program.until(b"Customer 0000")
        program.settle()
        moved = [program.press(b"j") for _ in range(ROUNDS)]
        pages = [program.press(b"\x06") for _ in range(3)]
        program.press(b"o")
        letters = [program.press(b"z") for _ in range(ROUNDS)]
    return {"letter": letters, "row": moved, "page": pages}


def _visidata(rows: Path) -> Keys | None:
    program_file = os.environ.get(VISIDATA) or shutil.which("vd")
    if program_file is None or not Path(program_file).exists():
        return None
    with PtyProgram([program_file, str(rows)], HOME=str(rows.parent)) as program:
        program.until(b"Customer 0000")
        program.settle()
        return {"row": [program.press(b"j") for _ in range(ROUNDS)]}


def _values(keys: Keys, name: str, what: str) -> float:
    # the first of a row of keys also moves what stands around it
    return median(getattr(answer, what) for answer in keys[name][1:] or keys[name])


def _bytes(title: str, ours: Keys, name: str, peer: Keys | None, goal: float | None = None) -> Measure:
    return _against(title, ours, name, peer, "size", "B", goal)


def _time(title: str, ours: Keys, name: str, peer: Keys | None, goal: float | None) -> Measure:
    return _against(title, ours, name, peer, "last", "ms", goal)


def _cpu(title: str, ours: Keys, name: str, peer: Keys | None) -> Measure:
    return _against(title, ours, name, peer, "cpu", "CPU ms", None)


def _against(title: str, ours: Keys, name: str, peer: Keys | None, what: str, unit: str, goal: float | None) -> Measure:
    value = _values(ours, name, what)
    if peer is None or name not in peer:
        missing = "" if goal is None else "the other one is not installed"
        return Measure(title, value, 0, unit, note=missing)
    return Measure(title, value, _values(peer, name, what), unit, goal)

