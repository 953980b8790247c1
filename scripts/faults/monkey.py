"""Press keys at random on the sample company, hours of them in minutes, and see that the program never ends in an error.

Keys come singly and in bursts, words and amounts among them, on terminals that change their size, as every role of the
sample company. Whatever happens in a clerk's fingers the program must stay, write nothing into its log of unforeseen
faults, never leave a screen that does not answer F1, and leave books that tie.

    python scripts/faults/monkey.py [--seconds 60] [--seats 2] [--seed 1]
"""

from __future__ import annotations

import argparse
import json
import os
import random
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from tests.screens.terminal import START, Terminal, plain, seat  # noqa: E402

ROLES = ("clerk", "collector", "supervisor", "manager")
PATHS = (
    "c", "b", "bank", "bank reconcile", "desk", "drafts", "approvals", "periods", "rates", "profiles", "exchange", "charges", "cheques", "withheld", "invoice", "purchase",
    "credit", "opening", "new customer", "new vendor", "merges", "10001", "100011", "items",
)  # fmt: skip
WORDS = (
    "10001", "harbor", "dvrak", "=435", "100011", "12k", "1.5*800", "1,234.56", "-5", "t", "+7", "eom", "fri", "EUR 100", "Smith [/x] Ltd", "\x1b[31m", "ż", "9" * 40, "0", "%", "_",
)  # fmt: skip
LETTERS = "abcdefghijklmnopqrstuvwxyzACDEHJLMOPQRSTUXYZ0123456789*=-+/$:.,#!?'\" "
MOVES = ("up", "down", "left", "right", "pagedown", "pageup", "home", "end", "tab", "enter")
ACTS = ("escape", "f3", "f10", "f4", "f6", "f8", "f9", "f5", "f1", "f2")
SIZES = ((80, 24), (80, 24), (132, 43), (60, 20), (200, 60))


class Seat(threading.Thread):
    """One pair of hands at one terminal, for so many seconds."""

    def __init__(self, home: Path, number: int, seed: int, seconds: float) -> None:
        super().__init__(name=f"seat {number}")
        self._draw = random.Random(f"{seed}.{number}")
        self._home, self._until = home, time.monotonic() + seconds
        self._pressed: list[str] = []
        self.keys = self.sittings = 0
        self.trouble: list[str] = []

    def run(self) -> None:
        """Sit down again whenever the program was left in good order."""
        while time.monotonic() < self._until and not self.trouble:
            self._sit()

    def _sit(self) -> None:
        role, size = self._draw.choice(ROLES), self._draw.choice(SIZES)
        environ = plain({**os.environ, "ARTUI_HOME": str(self._home), "PYTHONPATH": str(ROOT)})
        self.sittings += 1
        self._pressed = [f"({role} {size})"]
        with seat(environ, [*START, "--sample", "--as", role], size) as screen:
            screen.until(lambda: "Lookup" in screen.text() or screen.process.poll() is not None)
            last = self.keys + self._draw.randint(100, 500)
            while time.monotonic() < self._until and screen.process.poll() is None and self.keys < last:
                self._press(screen)
            self._judge(screen)
            if screen.process.poll() is None:
                screen.hang_up()  # drafts are left for the next sitting
                screen.ends(0)

    def _press(self, screen: Terminal) -> None:
        for key in self._some():
            self._pressed.append(key)
            screen.press(key)
            self.keys += 1
            if self._draw.random() < 0.6:
                screen.settle(self._draw.choice((0.01, 0.05, 0.15)))
        if self._draw.random() < 0.01:
            size = self._draw.choice(SIZES)
            self._pressed.append(str(size))
            screen.resize(*size)

    def _some(self) -> list[str]:
        how = self._draw.random()
        if how < 0.12:
            return ["f7", self._draw.choice(PATHS), "enter"]
        if how < 0.24:
            return [self._draw.choice(WORDS), self._draw.choice(("enter", "tab", "f10", "escape"))]
        if how < 0.55:
            return [self._draw.choice(MOVES)]
        if how < 0.75:
            return [self._draw.choice(ACTS)]
        return [self._draw.choice(LETTERS) for _ in range(self._draw.randint(1, 4))]

    def _judge(self, screen: Terminal) -> None:
        """Tell of a program that ended otherwise than by leaving, or that does not answer any more."""
        if screen.process.poll() is None:
            screen.settle(2)
            for _ in range(3):
                screen.press("escape")
            screen.press("f1")
            screen.settle(2)
            if screen.process.poll() is None and "F3" not in screen.text():
                self._tell("it does not answer", screen)
        if screen.process.poll() not in (None, 0):
            self._tell(f"it ended with {screen.process.returncode}", screen)

    def _tell(self, what: str, screen: Terminal) -> None:
        self.trouble.append(f"{self.name}: {what} after {' '.join(map(repr, self._pressed[-60:]))}\n{screen.text()}")


def main() -> int:
    """Make the sample company, let the hands loose, and print what was found; 1 when something was."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--seats", type=int, default=2)
    parser.add_argument("--seed", type=int, default=1)
    words = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder) / "home"
        environ = {**os.environ, "ARTUI_HOME": str(home), "PYTHONPATH": str(ROOT)}

        def artui(*arguments: str) -> subprocess.CompletedProcess[str]:
            return subprocess.run([*START, *arguments], env=environ, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL)

        assert artui("demo", "--no-ui").returncode == 0
        try:
            seats = [Seat(home, number, words.seed, words.seconds) for number in range(words.seats)]
            for each in seats:
                each.start()
            for each in seats:
                each.join()
            log = home / "state" / "artui.log"
            faults = log.read_text() if log.is_file() else ""
            books = artui("--sample", "check")
        finally:
            artui("db", "stop")
    trouble = [words for each in seats for words in each.trouble]
    for told in (*trouble, faults):
        if told:
            print(told)
    print(json.dumps({"seconds": words.seconds, "seed": words.seed, "keys": sum(each.keys for each in seats), "sittings": sum(each.sittings for each in seats),
                      "troubles": len(trouble), "faults": faults.count("Traceback"), "check": books.returncode}))  # fmt: skip
    return 1 if trouble or faults or books.returncode else 0


if __name__ == "__main__":
    sys.exit(main())
