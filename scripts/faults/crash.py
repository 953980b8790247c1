"""Kill the server with SIGKILL under load, again and again, and count what was acknowledged and is not there.

Four clients post invoices and receipts that pay them. Each writes a document and its key to a file of its own, synced to
disk, before it sends it; what is not answered is asked for by its key and sent again. Kill -9 keeps what the operating
system has been given: this proves the program's and the database's part, not the disk's.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time
import uuid
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

import psycopg2

from artui.config import BOOKS, Config, load_config
from artui.db import company
from artui.db.embedded import EmbeddedServer

CLIENTS = 4
TODAY = "2026-06-15"
POST = "SELECT api.post(%s, %s, %s)"


class Client:
    """One clerk's program: posts until the file `stop` appears, then answers for everything it has sent."""

    def __init__(self, number: int, folder: Path, dsn: str) -> None:
        self.number, self.dsn, self.stop = number, dsn, folder / "stop"
        self.path = folder / f"client{number}.jsonl"
        self.sent, self.answered = read_journal(self.path)
        self.journal = self.path.open("a", encoding="utf-8")
        self.journal.write("\n")  # an earlier life may have ended within a line
        self.connection: Any = None

    def run(self) -> None:
        """Settle what an earlier life left open, then work."""
        self.settle()
        while not self.stop.exists():
            count = len(self.sent) // 2
            kind = "invoice" if len(self.sent) % 2 == 0 else "receipt"
            document = {"kind": kind, "number": f"{self.number}-{count}-{kind}", "customer": f"C{self.number}", "date": TODAY, "currency": "USD", "amount": 100 + count}
            if kind == "receipt":
                document["allocate"] = [{"document": f"{self.number}-{count}-invoice", "amount": 100 + count}]
            key = str(uuid.uuid4())
            self.write({"key": key, "document": document})
            self.sent[key] = document
            self.settle()

    def settle(self) -> None:
        """Bring every key that has been sent to an answer."""
        for key, document in list(self.sent.items()):
            again = False
            while key not in self.answered:
                try:
                    answer = self.ask(key, document, again=again)
                except (psycopg2.OperationalError, psycopg2.InterfaceError):
                    again = True
                    self.connection = None
                    time.sleep(0.05)
                else:
                    self.answered[key] = answer
                    self.write({"answered": key, "status": answer["status"], "number": answer["document"]})

    def ask(self, key: str, document: dict[str, Any], *, again: bool) -> dict[str, Any]:
        """Post a document; after a lost connection ask first what became of it."""
        fresh = self.connection is None
        if fresh:
            self.connection = psycopg2.connect(self.dsn, connect_timeout=5)
            self.connection.autocommit = True
        with self.connection.cursor() as cursor:
            if fresh or again:
                cursor.execute("SELECT api.posted(%s)", (key,))
                found: dict[str, Any] | None = cursor.fetchone()[0]
                if found:
                    return found
            cursor.execute(POST, (key, json.dumps(document), TODAY))
            answer: dict[str, Any] = cursor.fetchone()[0]
            return answer

    def write(self, row: dict[str, Any]) -> None:
        """Put a row on disk before anything else happens."""
        self.journal.write(json.dumps(row) + "\n")
        self.journal.flush()
        os.fsync(self.journal.fileno())


def read_journal(path: Path) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return what a client has sent and what was answered; the last line of a killed client may be torn."""
    sent: dict[str, Any] = {}
    answered: dict[str, Any] = {}
    for line in path.read_text(encoding="utf-8").splitlines() if path.exists() else ():
        with suppress(json.JSONDecodeError):
            row = json.loads(line)
            if "key" in row:
                sent[row["key"]] = row["document"]
            else:
                answered[row["answered"]] = {"status": row["status"], "document": row["number"]}
    return sent, answered


class Laboratory:
    """A server of its own in a temporary folder, its clients, and what came of it."""

    def __init__(self, home: Path, chance: random.Random) -> None:
        self.home, self.chance = home, chance
        self.config: Config = load_config({"ARTUI_HOME": str(home / "home"), "HOME": str(home)})
        self.server = EmbeddedServer(self.config)
        self.clients: dict[int, subprocess.Popen[bytes]] = {}
        self.restarts: list[float] = []
        self.killed_clients = 0

    def prepare(self) -> None:
        """Make the books, the clerks and their customers."""
        company.prepare(self.config, BOOKS, "crash_owner")
        for number in range(CLIENTS):
            self.query("SELECT api.add_staff(%s, %s, ARRAY['clerk'])", f"crash{number}", f"Clerk {number}")
            self.query("WITH p AS (INSERT INTO ar.party (name) VALUES (%s) RETURNING id) INSERT INTO ar.account (kind, number, party_id, currency) SELECT 'customer', %s, id, 'USD' FROM p RETURNING id",
                       f"Customer {number}", f"C{number}")  # fmt: skip

    def query(self, statement: str, *parameters: Any) -> list[tuple[Any, ...]]:
        """Ask as the administrator."""
        with closing(psycopg2.connect(self.server.dsn(self.server.superuser, BOOKS))) as connection, connection.cursor() as cursor:
            cursor.execute(statement, parameters or None)
            rows = list(cursor.fetchall())
            connection.commit()
            return rows

    def start(self, number: int) -> None:
        """Start a client, or start it again."""
        command = [sys.executable, __file__, "--client", str(number), "--folder", str(self.home), "--dsn", self.server.dsn(f"crash{number}", BOOKS)]
        self.clients[number] = subprocess.Popen(command)

    def round(self) -> None:
        """Let them work, kill the server and sometimes a client, start what was killed."""
        time.sleep(self.chance.uniform(0.3, 1.2))
        victim = self.chance.randrange(CLIENTS) if self.chance.random() < 0.4 else None
        if victim is not None:
            self.clients[victim].kill()
            self.clients[victim].wait()
            self.killed_clients += 1
        kill_server(self.server.status().pid)
        began = time.monotonic()
        self.server.ensure_running()
        self.restarts.append(time.monotonic() - began)
        if victim is not None:
            self.start(victim)

    def finish(self) -> bool:
        """Tell the clients to end; True when each ended by itself."""
        (self.home / "stop").touch()
        return all([client.wait(timeout=60) == 0 for client in self.clients.values()])  # noqa: C419  # every one is waited for


def kill_server(postmaster: int | None) -> None:
    """Kill the postmaster and everything it has started, at once."""
    if postmaster is None:
        raise SystemExit("there is no server to kill")
    listing = subprocess.run(["ps", "-A", "-o", "pid=,ppid="], capture_output=True, text=True, check=True).stdout
    family = [int(pid) for pid, parent in (line.split() for line in listing.splitlines()) if int(parent) == postmaster]
    for pid in (postmaster, *family):
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


def judge(laboratory: Laboratory) -> dict[str, Any]:
    """Hold what the clients were told against what the books say."""
    sent: dict[str, Any] = {}
    answered: dict[str, Any] = {}
    for number in range(CLIENTS):
        one_sent, one_answered = read_journal(laboratory.home / f"client{number}.jsonl")
        sent |= one_sent
        answered |= one_answered
    rows = laboratory.query(
        """SELECT p.key::text, count(d.id), min(d.number), min(d.amount), (SELECT coalesce(sum(a.amount), 0) FROM ar.allocation a WHERE a.posting_id = p.id)
           FROM ar.posting p LEFT JOIN ar.document d ON d.posting_id = p.id WHERE p.kind IN ('invoice', 'receipt') GROUP BY p.id, p.key""")  # fmt: skip
    there = {key: (count, number, amount, paid) for key, count, number, amount, paid in rows}
    right = {key: (1, d["number"], d["amount"], d["amount"] if d["kind"] == "receipt" else 0) for key, d in sent.items()}
    while laboratory.query("SELECT api.seal()")[0][0]:
        pass
    return {
        "acknowledged": len(answered),
        "answered_exists": sum(answer["status"] == "exists" for answer in answered.values()),
        "unanswered": len(sent.keys() - answered.keys()),
        "lost": len(answered.keys() - there.keys()),
        "unasked": len(there.keys() - answered.keys()),
        "duplicated": sum(count > 1 for count, *_ in there.values()),
        "altered": sum(there[key] != right[key] for key in there.keys() & right.keys()),
        "findings": [list(row) for row in laboratory.query("SELECT name, findings, example FROM api.prove('2199-01-01') WHERE findings > 0")],
        "open": int(laboratory.query("SELECT coalesce(sum(open), 0) FROM ar.open_item WHERE original < 0")[0][0]),
        "chain": [list(row) for row in laboratory.query("SELECT * FROM api.verify_chain()")],
    }


def crash(rounds: int, seed: int) -> dict[str, Any]:
    """Run the rounds in a folder of their own and return the figures; `passed` says whether all is well."""
    home = Path(tempfile.mkdtemp(prefix="artui-crash-", dir="/tmp"))
    laboratory = Laboratory(home, random.Random(seed))
    try:
        laboratory.prepare()
        for number in range(CLIENTS):
            laboratory.start(number)
        for _ in range(rounds):
            laboratory.round()
        ended = laboratory.finish()
        figures = judge(laboratory)
    finally:
        for client in laboratory.clients.values():
            client.kill()
        laboratory.server.stop()
        for folder in (home, laboratory.config.server_dir, laboratory.config.socket_dir):
            shutil.rmtree(folder, ignore_errors=True)
    times = laboratory.restarts or [0.0]
    figures |= {
        "rounds": rounds, "seed": seed, "clients_killed": laboratory.killed_clients, "clients_ended": ended,
        "restart_seconds": {"min": round(min(times), 2), "median": round(statistics.median(times), 2), "max": round(max(times), 2)},
    }  # fmt: skip
    wrong = ("lost", "unasked", "unanswered", "duplicated", "altered", "findings", "open", "chain")
    figures["passed"] = ended and figures["acknowledged"] > 0 and not any(figures[name] for name in wrong)
    return figures


def main() -> int:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--client", type=int, help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--dsn", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.client is not None:
        Client(arguments.client, arguments.folder, arguments.dsn).run()
        return 0
    figures = crash(arguments.rounds, arguments.seed)
    print(json.dumps(figures, indent=2))
    return 0 if figures["passed"] else 1


if __name__ == "__main__":
    sys.exit(main())
