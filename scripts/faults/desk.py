"""Kill the program, the server, or both while clerks enter payments on the real screen, and count what is wrong afterwards.

Each clerk sits at a terminal of their own and types payments: account, amount, cheque number, F10. At random moments, in
the middle of typing or while a payment is on its way, a program is killed with SIGKILL, or the server with everything it
has started, or both. The clerk starts the program again and goes on with what it finds there. Every payment has an amount
and a cheque number of its own, so that afterwards each can be told: what the screen said was posted is in the books once,
what was never sent is not, and what had been typed for more than half a second was there again.

    python scripts/faults/desk.py [--rounds 100] [--clerks 3] [--seed 1]
"""

from __future__ import annotations

import argparse
import json
import random
import re
import shutil
import signal
import sys
import tempfile
import threading
import time
from collections import Counter
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "scripts" / "faults")]

from crash import TODAY, Laboratory, kill_server  # noqa: E402

from tests.screens.terminal import START, Terminal, plain, seat  # noqa: E402

INVOICES = 12
"""Open invoices a clerk may need in a round, each of an amount no other has."""
PATIENCE = 45.0
"""Seconds a clerk waits for an answer before it counts as none."""


BACK = re.compile("As you left it|F9 takes it up|answer was lost")
"""What the screen says of an entry that was left."""
AWAY = "does not answer"
"""What it says while there is no server."""


@dataclass
class Payment:
    """One payment as its clerk knows it."""

    amount: str
    cheque: str
    typed_at: float = 0.0
    """When the last of it was seen on the screen; 0 while it is not whole."""
    sent: bool = False
    acknowledged: str = ""
    taken: bool = False
    """The screen was ready for the next one, though its answer was not read."""


class Clerk(threading.Thread):
    """Somebody at a terminal who enters payments until told to stop."""

    def __init__(self, number: int, environ: dict[str, str], chance: random.Random, kept: float) -> None:
        super().__init__(name=f"clerk{number}", daemon=True)
        self.number, self.chance, self.kept = number, chance, kept
        self.account = f"C{number}"
        self.environ = environ
        self.payments: list[Payment] = []
        self.stop = threading.Event()
        self.killed_at = 0.0
        self.troubles: list[str] = []
        self.gone: list[Payment] = []
        self.seen: Counter[str] = Counter()
        self.terminal: Terminal | None = None

    def kill(self) -> None:
        """Kill the program, at whatever it is."""
        terminal = self.terminal
        if terminal is not None:
            self.killed_at = time.monotonic()
            with suppress(ProcessLookupError):
                terminal.process.send_signal(signal.SIGKILL)

    def run(self) -> None:
        """Work, and start again after each kill."""
        try:
            while not self.stop.is_set():
                with ExitStack() as stack:
                    self.terminal = stack.enter_context(seat(self.environ, START))
                    self._work()
                    self.terminal = None
        except Exception as error:
            self.troubles.append(f"{self.name}: {error!r}\n{self.terminal.text() if self.terminal else ''}")

    def _work(self) -> None:
        if not self._shows("Type what the caller gives"):
            return
        self._press("f7", "c", "enter")
        if not (self._shows("From") and self._take_up()):
            return
        while not self.stop.is_set():
            payment = Payment(f"{1000 + (len(self.payments) * 137 + 1) / 100:.2f}", f"{self.number}{len(self.payments):05}")
            self.payments.append(payment)
            if not (self._type(payment) and self._send(payment)):
                return

    def _take_up(self) -> bool:
        """Go on with what a killed program has left; True when the fields are ready for another payment."""
        last = self.payments[-1] if self.payments else None
        if last is None or last.acknowledged or last.taken:
            return True
        kept = 0 < last.typed_at < self.killed_at - self.kept
        if not self._looked_for(10.0 if kept or last.sent else 3.0):
            return False
        if "answer was lost" in self._text():
            self.seen["answer asked for"] += 1
            last.taken = True
            return True
        if "F9 takes it up" in self._text():
            self._press("f9")
            if self._wait(lambda text: "As you left it" in text, 10.0) is None:
                return False
        if "As you left it" not in self._text():
            self.seen["nothing left"] += 1
            if kept:
                self.gone.append(last)      # posted just before the kill, or lost: the books tell
            return True
        self.seen["draft back"] += 1
        if kept:
            if self._wait(lambda text: all(word in text for word in (f" {self.account} ", _spoken(last.amount), last.cheque)), PATIENCE) is False:
                self.troubles.append(f"{self.name}: the draft of {last} is not as it was:\n{self._text()}")
            return self._send(last)
        # what was typed last may be missing: the clerk gives it up and enters another
        self.seen["given up"] += 1
        for _ in range(2):
            self._press("f3")
            if self._wait(lambda text: "Type what the caller gives" in text, 2.0):
                break
        self._press("f7", "c", "enter")
        return self._shows("From")

    def _looked_for(self, seconds: float) -> bool:
        """Wait until the screen says what was left, or so long while the server is there; False when the program is gone."""
        start = quiet = time.monotonic()
        while not BACK.search(self._text()) and time.monotonic() < min(quiet + seconds, start + 2 * PATIENCE):
            if self._wait(lambda text: bool(BACK.search(text)), 0.2) is None:
                return False
            if AWAY in self._text():
                quiet = time.monotonic()
        return True

    def _type(self, payment: Payment) -> bool:
        for part in (self.account, "enter", payment.amount, "enter", payment.cheque):
            for key in [part] if part == "enter" else part:
                if not self._press(key):
                    return False
                time.sleep(self.chance.uniform(0.0, 0.04))
        if not self._shows(payment.cheque):
            return False
        payment.typed_at = time.monotonic()
        return self._wait(lambda text: False, self.chance.choice((0.0, 0.0, 0.1, 0.5, 0.9))) is not None

    def _send(self, payment: Payment) -> bool:
        """Press F10 until the screen says what became of it; False when the program is gone."""
        payment.sent = True
        until = time.monotonic() + PATIENCE
        answer = re.compile(rf"(\S+): USD {_spoken(payment.amount)} of {self.account} ")
        while time.monotonic() < until:
            if not self._press("f10"):
                return False
            step = self._wait(lambda text: bool(answer.search(text)) or "F10 sends it again" in text or _empty(text), 6.0)
            if step is None:
                return False
            told = answer.search(self._text())
            if told:
                payment.acknowledged = told[1]
                return True
            if _empty(self._text()):
                payment.taken = True
                self.seen["answer not read"] += 1
                return True
            self.seen["sent again"] += 1
        self.troubles.append(f"{self.name}: no answer for {payment.cheque}:\n{self._text()}")
        self.stop.set()
        return False

    # the terminal

    def _alive(self) -> bool:
        return self.terminal is not None and self.terminal.process.poll() is None

    def _text(self) -> str:
        return self.terminal.text() if self.terminal is not None else ""

    def _press(self, *keys: str) -> bool:
        assert self.terminal is not None
        try:
            for key in keys:
                self.terminal.press(key)
            self.terminal._read(0.0)
        except OSError:
            return False
        return self._alive()

    def _wait(self, seen: Any, seconds: float) -> bool | None:
        """Read until something is seen; None when the program is gone, False when the time is over."""
        assert self.terminal is not None
        until = time.monotonic() + seconds
        while not seen(self.terminal.text()):
            if not self._alive():
                return None
            if time.monotonic() > until:
                return False
            self.terminal._read(0.05)
        return True

    def _shows(self, words: str) -> bool:
        found = self._wait(lambda text: words in text, PATIENCE)
        if found is False:
            self.troubles.append(f"{self.name}: {words!r} is not shown:\n{self._text()}")
            self.stop.set()
        return bool(found)


def _spoken(amount: str) -> str:
    return f"{Decimal(amount):,.2f}".replace(",", " ")


def _empty(text: str) -> bool:
    """Tell whether the fields are ready for another payment."""
    return bool(re.search(r"From\s+Amount\s+No\.\s*$", text, re.MULTILINE))


@dataclass
class Campaign:
    """The rounds and what came of them."""

    laboratory: Laboratory
    chance: random.Random
    kept: float
    """Seconds after which what was typed has to be there again."""
    clerks: list[Clerk] = field(default_factory=list)
    kills: Counter[str] = field(default_factory=Counter)

    def begin(self, number: int, rounds: int) -> None:
        """Make the books and seat the clerks."""
        self.laboratory.prepare()
        for each in range(number):
            for row in range(50 + rounds * INVOICES):
                invoice = {"kind": "invoice", "number": f"I{each}-{row}", "customer": f"C{each}", "date": "2026-05-01", "currency": "USD", "amount": 100001 + row * 137}
                self.laboratory.query("SELECT api.post(gen_random_uuid(), %s, %s)", json.dumps(invoice), TODAY)
            environ = plain({
                "PATH": "/usr/bin:/bin", "HOME": str(self.laboratory.home), "ARTUI_HOME": str(self.laboratory.home / "home"), "ARTUI_TODAY": TODAY,
                "ARTUI_DATABASE_URL": self.laboratory.server.dsn(f"crash{each}", "artui"), "PYTHONDONTWRITEBYTECODE": "1",
            })  # fmt: skip
            clerk = Clerk(each, environ, random.Random(self.chance.random()), self.kept)
            self.clerks.append(clerk)
            clerk.start()

    def round(self) -> None:
        """Let them work, then kill."""
        time.sleep(self.chance.uniform(0.8, 3.0))
        what = self.chance.choice(("program", "server", "both"))
        self.kills[what] += 1
        if what in ("program", "both"):
            for clerk in self.chance.sample(self.clerks, self.chance.randint(1, len(self.clerks))):
                clerk.kill()
        if what in ("server", "both"):
            kill_server(self.laboratory.server.status().pid)
            time.sleep(self.chance.uniform(0.0, 0.8))
            self.laboratory.server.ensure_running()

    def end(self) -> None:
        """Let everybody finish the payment in hand."""
        time.sleep(3.0)
        for clerk in self.clerks:
            clerk.stop.set()
        for clerk in self.clerks:
            clerk.join(PATIENCE * 2)

    def judge(self) -> dict[str, Any]:
        """Hold the books against what the clerks saw."""
        rows = self.laboratory.query("SELECT reference, number, amount FROM ar.document WHERE kind = 'receipt'")
        there = Counter(reference for reference, _, _ in rows)
        known = {reference: (number, amount) for reference, number, amount in rows}
        payments = {payment.cheque: payment for clerk in self.clerks for payment in clerk.payments}
        told = [payment for payment in payments.values() if payment.acknowledged]
        while self.laboratory.query("SELECT api.seal()")[0][0]:
            pass
        return {
            "typed": len(payments), "acknowledged": len(told), "in the books": len(rows),
            "lost": [payment.cheque for payment in payments.values() if (payment.acknowledged or payment.taken) and payment.cheque not in there],
            "other number": [payment.cheque for payment in told if payment.cheque in known and known[payment.cheque][0] != payment.acknowledged],
            "draft gone": [payment.cheque for clerk in self.clerks for payment in clerk.gone if payment.cheque not in there],
            "twice": [cheque for cheque, times in there.items() if times > 1],
            "never sent": [cheque for cheque in there if cheque not in payments or not payments[cheque].sent],
            "altered": [cheque for cheque, (_, amount) in known.items() if cheque in payments and amount != int(Decimal(payments[cheque].amount) * 100)],
            "not applied": self.laboratory.query("SELECT count(*) FROM ar.open_item WHERE original < 0 AND open <> 0")[0][0],
            "findings": [list(row) for row in self.laboratory.query("SELECT name, findings, example FROM api.prove('2199-01-01') WHERE findings > 0")],
            "chain": [list(row) for row in self.laboratory.query("SELECT * FROM api.verify_chain()")],
            "troubles": [trouble for clerk in self.clerks for trouble in clerk.troubles],
            "seen": dict(sum((clerk.seen for clerk in self.clerks), Counter())),
            "kills": dict(self.kills),
        }  # fmt: skip


def main() -> int:
    """Run it and print the figures."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--rounds", type=int, default=100)
    parser.add_argument("--clerks", type=int, default=3)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--kept", type=float, default=0.6, help="seconds after which what was typed has to be there again: half a second, and the turn of a key")
    words = parser.parse_args()
    chance = random.Random(words.seed)
    home = Path(tempfile.mkdtemp(prefix="artui-desk-", dir="/tmp"))
    campaign = Campaign(Laboratory(home, chance), chance, words.kept)
    try:
        campaign.begin(words.clerks, words.rounds)
        for _ in range(words.rounds):
            campaign.round()
        campaign.end()
        figures = campaign.judge()
    finally:
        for clerk in campaign.clerks:
            clerk.stop.set()
            clerk.kill()
        campaign.laboratory.server.stop()
        for folder in (home, campaign.laboratory.config.server_dir, campaign.laboratory.config.socket_dir):
            shutil.rmtree(folder, ignore_errors=True)
    wrong = ("lost", "draft gone", "other number", "twice", "never sent", "altered", "not applied", "findings", "chain", "troubles")
    figures["passed"] = figures["acknowledged"] > words.rounds // 4 and not any(figures[name] for name in wrong)
    print(json.dumps(figures, indent=2))
    return 0 if figures["passed"] else 1


if __name__ == "__main__":
    sys.exit(main())
